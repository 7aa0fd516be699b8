//! Answers of Amazon Comprehend's `DetectPiiEntities`, one a line.
//!
//! ```text
//! {"Entities": [{"Score": 0.99, "Type": "CREDIT_DEBIT_NUMBER", "BeginOffset": 5, "EndOffset": 9}]}
//! ```
//!
//! Offsets are code points, the end exclusive. Whoever keeps the answers may add an `id`; batch jobs
//! write `File` and `Line` instead, whose lines are in the order of the input.

use super::document::{Answer, SpanAt};
use super::offsets::Counting;
use super::table::{Id, Record};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    #[serde(default, rename = "id", alias = "Id")]
    id: Option<Id>,
    #[serde(default)]
    entities: Option<Vec<Entity>>,
    #[serde(default)]
    error_code: Option<String>,
    #[serde(default)]
    error_message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entity {
    #[serde(default)]
    score: Option<f32>,
    r#type: String,
    begin_offset: u64,
    end_offset: u64,
}

pub(super) fn parse(json: &str, counting: Counting) -> Result<Record, String> {
    let response: Response =
        serde_json::from_str(json).map_err(|e| super::source::json_error(&e))?;
    if let Some(code) = response.error_code {
        let message = response.error_message.unwrap_or_default();
        return Err(format!(
            "the service refused this message ({code} {message}): ask again"
        ));
    }
    let entities = response
        .entities
        .ok_or("no `Entities`: an empty list says that there are none")?;
    Ok(Record::of(Answer {
        id: response.id.map(Into::into),
        spans: entities
            .into_iter()
            .map(|entity| SpanAt {
                start: entity.begin_offset,
                end: entity.end_offset,
                counting,
                label: entity.r#type,
                text: None,
                score: entity.score,
            })
            .collect(),
        ..Answer::default()
    }))
}
