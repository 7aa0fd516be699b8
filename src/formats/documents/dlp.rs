//! Answers of Google's Sensitive Data Protection (`content:inspect` of the DLP API), one a line.
//!
//! ```text
//! {"result": {"findings": [{"quote": "4242", "infoType": {"name": "CREDIT_CARD_NUMBER"}, "likelihood": "LIKELY",
//!   "location": {"byteRange": {"start": "5", "end": "9"}, "codepointRange": {"start": "5", "end": "9"}}}]}}
//! ```
//!
//! A finding says itself how it counts: in code points where it has a `codepointRange`, in bytes
//! otherwise. 64-bit numbers stand as text, and a start of 0 is left out. Whoever keeps the answers
//! may add an `id`. Likelihoods are classes and no scores, so there is no score.

use super::document::{Answer, SpanAt};
use super::offsets::Counting;
use super::table::{Id, Record};
use crate::text::OffsetUnit;
use serde::Deserialize;

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    id: Option<Id>,
    #[serde(default)]
    result: Option<Inspected>,
    #[serde(default)]
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inspected {
    #[serde(default)]
    findings: Vec<Finding>,
    #[serde(default)]
    findings_truncated: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    #[serde(default)]
    quote: Option<String>,
    info_type: InfoType,
    location: Location,
}

#[derive(Deserialize)]
struct InfoType {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(default)]
    byte_range: Option<Range>,
    #[serde(default)]
    codepoint_range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    #[serde(default)]
    start: Option<Whole>,
    end: Whole,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Whole {
    Number(u64),
    Text(String),
}

impl Whole {
    fn number(self) -> Result<u64, String> {
        match self {
            Whole::Number(number) => Ok(number),
            Whole::Text(text) => text.parse().map_err(|_| format!("`{text}` is no offset")),
        }
    }
}

pub(super) fn parse(json: &str) -> Result<Record, String> {
    let response: Response =
        serde_json::from_str(json).map_err(|e| super::source::json_error(&e))?;
    if let Some(error) = response.error {
        return Err(format!(
            "the service refused this message ({error}): ask again"
        ));
    }
    let result = response.result.ok_or("no `result`")?;
    if result.findings_truncated {
        return Err(
            "the service left findings out (`findingsTruncated`): raise \
                    `maxFindingsPerRequest` and ask again"
                .to_owned(),
        );
    }
    let spans = result.findings.into_iter().map(|finding| {
        let location = finding.location;
        let (range, unit) = match (location.codepoint_range, location.byte_range) {
            (Some(range), _) => (range, OffsetUnit::Codepoint),
            (None, Some(range)) => (range, OffsetUnit::Byte),
            (None, None) => return Err("a finding without `codepointRange` and `byteRange`".into()),
        };
        Ok(SpanAt {
            start: range.start.map_or(Ok(0), Whole::number)?,
            end: range.end.number()?,
            counting: Counting::Unit(unit),
            label: finding.info_type.name,
            text: finding.quote.filter(|quote| !quote.is_empty()),
            score: None,
        })
    });
    Ok(Record::of(Answer {
        id: response.id.map(Into::into),
        spans: spans.collect::<Result<_, String>>()?,
        ..Answer::default()
    }))
}
