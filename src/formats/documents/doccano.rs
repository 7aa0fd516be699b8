//! doccano's exports of sequence labelling, a record a line.
//!
//! ```text
//! {"id": 7, "text": "Card 4242", "label": [[5, 9, "CARD"]]}
//! {"id": 7, "text": "Card 4242", "entities": [{"id": 1, "label": "CARD", "start_offset": 5, "end_offset": 9}], "relations": []}
//! ```
//!
//! Offsets are UTF-16 code units, as the browser that they were marked in counts, unless declared
//! otherwise. Relations are not read.

use super::document::{Answer, SpanAt};
use super::offsets::Counting;
use super::table::{Id, Record};
use serde::Deserialize;

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    id: Option<Id>,
    text: String,
    #[serde(default, alias = "labels")]
    label: Option<Vec<(u64, u64, String)>>,
    #[serde(default)]
    entities: Option<Vec<Entity>>,
}

#[derive(Deserialize)]
struct Entity {
    label: String,
    start_offset: u64,
    end_offset: u64,
}

pub(super) fn parse(json: &str, counting: Counting) -> Result<Record, String> {
    let raw: Raw = serde_json::from_str(json).map_err(|e| super::source::json_error(&e))?;
    if raw.label.is_none() && raw.entities.is_none() {
        return Err(
            "neither `label` nor `entities`: an empty list says that there are none".into(),
        );
    }
    let span = |start, end, label| SpanAt {
        start,
        end,
        counting,
        label,
        text: None,
        score: None,
    };
    let flat = raw.label.into_iter().flatten();
    let entities = raw.entities.into_iter().flatten();
    Ok(Record::of(Answer {
        id: raw.id.map(Into::into),
        spans: flat
            .map(|(start, end, label)| span(start, end, label))
            .chain(entities.map(|e| span(e.start_offset, e.end_offset, e.label)))
            .collect(),
        text: Some(raw.text),
        ..Answer::default()
    }))
}
