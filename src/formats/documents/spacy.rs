//! spaCy's training data and Prodigy's JSON Lines.
//!
//! ```text
//! {"text": "Card 4242", "spans": [{"start": 5, "end": 9, "label": "CARD"}]}
//! ["Card 4242", {"entities": [[5, 9, "CARD"]]}]
//! ```
//!
//! Offsets are code points, as Python counts. Prodigy's `answer` is heeded: what the annotator
//! rejected or ignored is no gold and is skipped.

use super::document::{Answer, SpanAt};
use super::offsets::Counting;
use super::table::Record;
use serde::Deserialize;

#[derive(Deserialize)]
struct Pair(String, Entities);

#[derive(Deserialize)]
struct Task {
    text: String,
    #[serde(default)]
    spans: Option<Vec<Span>>,
    #[serde(default)]
    entities: Option<Vec<Entity>>,
    #[serde(default)]
    answer: Option<String>,
    #[serde(default)]
    id: Option<super::table::Id>,
}

#[derive(Deserialize)]
struct Span {
    start: u64,
    end: u64,
    label: String,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Deserialize)]
struct Entities {
    entities: Vec<Entity>,
}

/// Start, end, label; a fourth value is an id in a knowledge base.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entity {
    Plain(u64, u64, String),
    Linked(u64, u64, String, serde::de::IgnoredAny),
}

impl Entity {
    fn at(self, counting: Counting) -> SpanAt {
        let (Entity::Plain(start, end, label) | Entity::Linked(start, end, label, _)) = self;
        SpanAt {
            start,
            end,
            counting,
            label,
            text: None,
            score: None,
        }
    }
}

/// Reads one record.
///
/// # Errors
/// What is wrong with it.
pub fn parse(json: &str, counting: Counting) -> Result<Record, String> {
    let task = match json.trim_start().starts_with('[') {
        true => serde_json::from_str(json).map(|Pair(text, Entities { entities })| Task {
            text,
            spans: None,
            entities: Some(entities),
            answer: None,
            id: None,
        }),
        false => serde_json::from_str(json),
    };
    let task: Task = task.map_err(|_| {
        "neither {\"text\": …, \"spans\": [{\"start\", \"end\", \"label\"}]} nor \
         [\"text\", {\"entities\": [[start, end, label]]}]"
            .to_owned()
    })?;
    if let Some(answer) = task.answer.filter(|answer| answer != "accept") {
        return Ok(Record::Skipped(format!("answer `{answer}`")));
    }
    if task.spans.is_none() && task.entities.is_none() {
        return Err(
            "neither `spans` nor `entities`: an empty list says that there are none".into(),
        );
    }
    let spans = task.spans.into_iter().flatten().map(|span| SpanAt {
        start: span.start,
        end: span.end,
        counting,
        label: span.label,
        text: span.text,
        score: None,
    });
    let entities = task.entities.into_iter().flatten();
    Ok(Record::of(Answer {
        id: task.id.map(Into::into),
        text: Some(task.text),
        spans: spans.chain(entities.map(|e| e.at(counting))).collect(),
        ..Answer::default()
    }))
}
