//! Answers of Azure AI Language's PII detection, one a line; an answer may hold several documents.
//!
//! ```text
//! {"kind": "PiiEntityRecognitionResults", "results": {"documents": [{"id": "1", "redactedText": "Card ****",
//!   "entities": [{"text": "4242", "category": "CreditCardNumber", "offset": 5, "length": 4, "confidenceScore": 0.8}]}]}}
//! ```
//!
//! How offsets count was said in the request (`stringIndexType`) and is not repeated: text elements
//! (`TextElements_v8`) where it said nothing, so that is the default here too; the Python library asks
//! for code points. Entities repeat their text, so a wrong declaration is found out.

use super::document::{Answer, SpanAt};
use super::offsets::Counting;
use super::table::{Id, Record};
use serde::Deserialize;

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    results: Option<Results>,
    #[serde(default)]
    documents: Option<Vec<Document>>,
    #[serde(default)]
    errors: Vec<serde_json::Value>,
    #[serde(default)]
    id: Option<Id>,
    #[serde(default)]
    entities: Option<Vec<Entity>>,
}

#[derive(Deserialize)]
struct Results {
    documents: Vec<Document>,
    #[serde(default)]
    errors: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Document {
    id: Option<Id>,
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entity {
    #[serde(default)]
    text: Option<String>,
    category: String,
    offset: u64,
    length: u64,
    #[serde(default)]
    confidence_score: Option<f32>,
}

pub(super) fn parse(json: &str, counting: Counting) -> Result<Record, String> {
    let response: Response =
        serde_json::from_str(json).map_err(|e| super::source::json_error(&e))?;
    let mut errors = response.errors;
    let documents = match (response.results, response.documents, response.entities) {
        (Some(results), _, _) => {
            errors.extend(results.errors);
            results.documents
        }
        (None, Some(documents), _) => documents,
        (None, None, Some(entities)) => vec![Document {
            id: response.id,
            entities,
        }],
        (None, None, None) => {
            return Err("neither `results`, `documents` nor `entities`".to_owned());
        }
    };
    if let Some(error) = errors.first() {
        return Err(format!(
            "the service refused a document ({error}): ask again"
        ));
    }
    let span = |entity: Entity| {
        let end = entity.offset.checked_add(entity.length);
        Ok(SpanAt {
            start: entity.offset,
            end: end.ok_or("offset and length overflow")?,
            counting,
            label: entity.category,
            text: entity.text,
            score: entity.confidence_score,
        })
    };
    let answers = documents.into_iter().map(|document| {
        Ok(Answer {
            id: document.id.map(Into::into),
            spans: document
                .entities
                .into_iter()
                .map(span)
                .collect::<Result<_, String>>()?,
            ..Answer::default()
        })
    });
    Ok(Record::Answers(answers.collect::<Result<_, String>>()?))
}
