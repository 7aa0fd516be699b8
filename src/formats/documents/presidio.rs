//! presidio-research's samples: a JSON array (or JSON Lines) of `InputSample`.
//!
//! ```text
//! [{"full_text": "Card 4242", "masked": "Card {{card}}", "template_id": 7, "metadata": {},
//!   "spans": [{"entity_type": "CREDIT_CARD", "entity_value": "4242", "start_position": 5, "end_position": 9}]}]
//! ```
//!
//! Offsets are code points, the end exclusive. `masked` and `metadata` are not read.

use super::document::{Answer, SpanAt};
use super::offsets::Counting;
use super::table::{Id, Record};
use serde::Deserialize;

#[derive(Deserialize)]
struct Sample {
    full_text: String,
    #[serde(default)]
    template_id: Option<Id>,
    spans: Option<Vec<Span>>,
}

#[derive(Deserialize)]
struct Span {
    entity_type: String,
    #[serde(default)]
    entity_value: Option<String>,
    start_position: u64,
    end_position: u64,
}

pub(super) fn parse(json: &str, counting: Counting) -> Result<Record, String> {
    let sample: Sample = serde_json::from_str(json).map_err(|e| super::source::json_error(&e))?;
    let spans = sample.spans.into_iter().flatten().map(|span| SpanAt {
        start: span.start_position,
        end: span.end_position,
        counting,
        label: span.entity_type,
        text: span.entity_value,
        score: None,
    });
    Ok(Record::of(Answer {
        spans: spans.collect(),
        template: sample.template_id.map(Into::into),
        text: Some(sample.full_text),
        ..Answer::default()
    }))
}
