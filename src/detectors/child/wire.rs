//! The line protocol's messages, and what makes an answer one.

use super::process::excerpt;
use crate::detectors::{DetectError, Feed, Input};
use crate::prediction::{Prediction, Predictions, ToolLabels};
use crate::text::{ByteRange, OffsetUnit};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    conversation: &'a str,
    turn: u32,
    last: bool,
    speaker: &'static str,
    lang: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Request<'a> {
    Hello {
        protocol: u32,
        feed: &'static str,
        history: usize,
        threads: u32,
        languages: &'a [String],
    },
    Batch {
        id: u64,
        items: Vec<Item<'a>>,
    },
    Bye,
}

fn line(request: &Request<'_>) -> Vec<u8> {
    let mut line = serde_json::to_vec(request).expect("strings and numbers always serialise");
    line.push(b'\n');
    line
}

pub fn hello(feed: Feed, history: usize, threads: u32, languages: &[String]) -> Vec<u8> {
    line(&Request::Hello {
        protocol: PROTOCOL,
        feed: feed.name(),
        history,
        threads,
        languages,
    })
}

pub fn batch(id: u64, inputs: &[Input<'_>]) -> Vec<u8> {
    let items = inputs
        .iter()
        .map(|input| Item {
            id: input.id,
            conversation: input.conversation,
            turn: input.turn,
            last: input.last,
            speaker: input.speaker.name(),
            lang: input.lang,
            text: input.text,
        })
        .collect();
    line(&Request::Batch { id, items })
}

pub fn bye() -> Vec<u8> {
    line(&Request::Bye)
}

/// Every message of a detector in one shape; which fields matter depends on `type`. Unknown fields
/// are ignored, so that the protocol can grow.
#[derive(Deserialize)]
struct Response<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    ns: Option<u64>,
    #[serde(default, borrow)]
    items: Option<Vec<Answered<'a>>>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    offsets: Option<String>,
    #[serde(default)]
    labels: Option<Vec<String>>,
    #[serde(default)]
    threads: Option<u32>,
}

#[derive(Deserialize)]
struct Answered<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    spans: Vec<Found<'a>>,
}

#[derive(Deserialize)]
struct Found<'a> {
    start: i64,
    end: i64,
    #[serde(borrow)]
    label: Cow<'a, str>,
    #[serde(default)]
    score: Option<f64>,
    #[serde(default)]
    text: Option<String>,
}

fn parse(line: &[u8]) -> Result<Response<'_>, DetectError> {
    let text = std::str::from_utf8(line)
        .map_err(|error| DetectError::Protocol(format!("a line that is not UTF-8 ({error})")))?;
    serde_json::from_str(text).map_err(|error| {
        let shown = excerpt(text);
        let what = if text.starts_with('{') {
            format!("not a message of the protocol ({error})")
        } else {
            "prose on stdout, which belongs to the protocol (write it to stderr)".to_owned()
        };
        DetectError::Protocol(format!("{what}: `{shown}`"))
    })
}

fn unexpected(kind: &str, wanted: &str) -> DetectError {
    DetectError::Protocol(format!("a `{}` where `{wanted}` was due", excerpt(kind)))
}

/// What `ready` says.
#[derive(Debug, PartialEq, Eq)]
pub struct Ready {
    pub name: Option<String>,
    pub version: Option<String>,
    pub offsets: OffsetUnit,
    pub labels: ToolLabels,
    pub threads: u32,
}

/// Reads the answer to `hello`.
pub fn read_ready(line: &[u8]) -> Result<Ready, DetectError> {
    let response = parse(line)?;
    match &*response.kind {
        "ready" => {}
        "error" => return Err(reported(response.message)),
        other => return Err(unexpected(other, "ready")),
    }
    let missing = |key| DetectError::Protocol(format!("`ready` has no `{key}`"));
    let unit = response.offsets.ok_or_else(|| missing("offsets"))?;
    let offsets = OffsetUnit::ALL
        .into_iter()
        .find(|known| known.name() == unit)
        .ok_or_else(|| {
            DetectError::Protocol(format!(
                "`ready` counts offsets in `{}`: byte, codepoint or utf16 is known",
                excerpt(&unit)
            ))
        })?;
    Ok(Ready {
        name: response.name,
        version: response
            .version
            .filter(|version| !version.trim().is_empty()),
        offsets,
        labels: response
            .labels
            .ok_or_else(|| missing("labels"))?
            .into_iter()
            .collect(),
        threads: response.threads.unwrap_or(1),
    })
}

fn reported(message: Option<String>) -> DetectError {
    DetectError::Reported(message.map_or_else(|| "no message".to_owned(), |text| excerpt(&text)))
}

/// Reads the answer to a batch into `found`; the time is what the detector says it spent.
pub fn read_result(
    line: &[u8],
    id: u64,
    inputs: &[Input<'_>],
    unit: OffsetUnit,
    labels: &ToolLabels,
    found: &mut Predictions,
) -> Result<Option<Duration>, DetectError> {
    let response = parse(line)?;
    match &*response.kind {
        "result" => {}
        "error" => return Err(reported(response.message)),
        other => return Err(unexpected(other, "result")),
    }
    if response.id != Some(id) {
        return Err(DetectError::Protocol(match response.id {
            Some(other) => format!("batch {other} answered where batch {id} was asked"),
            None => format!("the answer to batch {id} has no `id`"),
        }));
    }
    let items = response
        .items
        .ok_or_else(|| DetectError::Protocol(format!("batch {id} answered without `items`")))?;
    let places = places(&items, inputs)?;
    let mut offsets = Offsets {
        unit,
        table: Vec::new(),
        length: 0,
    };
    for (input, &place) in inputs.iter().zip(&places) {
        let spans = &items[place].spans;
        if !spans.is_empty() {
            offsets.load(input.text);
        }
        for span in spans {
            found.push(prediction(span, input, &offsets, labels)?);
        }
        found.end_unit();
    }
    Ok(response.ns.map(Duration::from_nanos))
}

/// For every input, where its answer stands.
fn places(items: &[Answered<'_>], inputs: &[Input<'_>]) -> Result<Vec<usize>, DetectError> {
    let in_order = items.len() == inputs.len()
        && items
            .iter()
            .zip(inputs)
            .all(|(item, input)| item.id == input.id);
    if in_order {
        return Ok((0..items.len()).collect());
    }
    let mut answered = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        if answered.insert(&*item.id, place).is_some() {
            return Err(DetectError::Protocol(format!(
                "`{}` is answered twice",
                excerpt(&item.id)
            )));
        }
    }
    let places = inputs
        .iter()
        .map(|input| {
            answered.remove(input.id).ok_or_else(|| {
                DetectError::Protocol(format!("`{}` is not answered", excerpt(input.id)))
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    match answered.into_keys().next() {
        Some(stranger) => Err(DetectError::Protocol(format!(
            "`{}` is answered and was not asked",
            excerpt(stranger)
        ))),
        None => Ok(places),
    }
}

/// From a tool's offsets to bytes, one text at a time. Asking the unit offset by offset would walk the
/// text from its start each time.
struct Offsets {
    unit: OffsetUnit,
    /// For every offset into the text, its byte; `INSIDE` where it cuts a character. Empty for ASCII,
    /// where every unit is a byte.
    table: Vec<u32>,
    length: u32,
}

const INSIDE: u32 = u32::MAX;

impl Offsets {
    fn load(&mut self, text: &str) {
        self.table.clear();
        self.length = text.len() as u32;
        if text.is_ascii() {
            return;
        }
        for (byte, character) in text.char_indices() {
            self.table.push(byte as u32);
            let width = match self.unit {
                OffsetUnit::Codepoint => 1,
                OffsetUnit::Byte => character.len_utf8(),
                OffsetUnit::Utf16 => character.len_utf16(),
            };
            self.table.resize(self.table.len() + width - 1, INSIDE);
        }
        self.table.push(self.length);
    }

    fn to_byte(&self, text: &str, offset: i64) -> Result<u32, String> {
        let known = u32::try_from(offset).map_err(|_| "lies before the text".to_owned())?;
        let byte = if self.table.is_empty() {
            (known <= self.length).then_some(known)
        } else {
            self.table
                .get(known as usize)
                .copied()
                .filter(|&byte| byte != INSIDE)
        };
        // What is wrong with an offset, the unit itself says best.
        byte.map_or_else(
            || {
                self.unit
                    .to_byte(text, known)
                    .map_err(|error| error.to_string())
            },
            Ok,
        )
    }
}

fn prediction(
    span: &Found<'_>,
    input: &Input<'_>,
    offsets: &Offsets,
    labels: &ToolLabels,
) -> Result<Prediction, DetectError> {
    let bad = |what: String| {
        let (id, start, end) = (excerpt(input.id), span.start, span.end);
        DetectError::Protocol(format!("span {start}..{end} of `{id}`: {what}"))
    };
    if span.start >= span.end {
        return Err(bad("the end is not behind the start".to_owned()));
    }
    let unit = offsets.unit.name();
    let byte = |offset: i64| {
        offsets
            .to_byte(input.text, offset)
            .map_err(|error| bad(format!("{unit} offset {offset} {error}")))
    };
    let range = ByteRange {
        start: byte(span.start)?,
        end: byte(span.end)?,
    };
    let slice = &input.text[range.as_range()];
    if let Some(text) = span.text.as_ref().filter(|text| *text != slice) {
        return Err(bad(format!(
            "it says `{}` and the text says `{}` (is the declared offset unit right?)",
            excerpt(text),
            excerpt(slice)
        )));
    }
    let label = labels.find(&span.label).ok_or_else(|| {
        bad(format!(
            "label `{}` is not in the list that `ready` gave",
            excerpt(&span.label)
        ))
    })?;
    let score = match span.score {
        Some(score) if !score.is_finite() || !(score as f32).is_finite() => {
            return Err(bad(format!("score {score} is not a number")));
        }
        score => score.map(|score| score as f32),
    };
    Ok(Prediction {
        range,
        label,
        score,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Speaker;

    const TEXT: &str = "é😡 4242";

    fn read(unit: OffsetUnit, result: &str) -> Result<Predictions, String> {
        let input = Input {
            id: "m0",
            conversation: "k0",
            turn: 0,
            last: true,
            speaker: Speaker::Customer,
            lang: "fr-FR",
            text: TEXT,
            context: &[],
        };
        let labels = ["N"].into_iter().collect();
        let mut found = Predictions::new();
        read_result(result.as_bytes(), 7, &[input], unit, &labels, &mut found)
            .map(|_| found)
            .map_err(|error| error.to_string())
    }

    fn one(span: &str) -> String {
        format!(r#"{{"type":"result","id":7,"items":[{{"id":"m0","spans":[{span}]}}]}}"#)
    }

    #[test]
    fn the_same_span_is_read_in_every_unit() {
        for (unit, start, end) in [
            (OffsetUnit::Codepoint, 3, 7),
            (OffsetUnit::Utf16, 4, 8),
            (OffsetUnit::Byte, 7, 11),
        ] {
            let span = format!(r#"{{"start":{start},"end":{end},"label":"N","text":"4242"}}"#);
            let found = read(unit, &one(&span)).unwrap();
            assert_eq!(&TEXT[found.unit(0)[0].range.as_range()], "4242");
        }
    }

    #[test]
    fn a_shifted_offset_is_a_named_error() {
        let error = read(
            OffsetUnit::Codepoint,
            &one(r#"{"start":4,"end":8,"label":"N"}"#),
        );
        assert!(
            error
                .unwrap_err()
                .contains("codepoint offset 8 lies beyond the text (length 7)")
        );
        let said = r#"{"start":2,"end":6,"label":"N","text":"4242"}"#;
        let error = read(OffsetUnit::Codepoint, &one(said)).unwrap_err();
        assert!(
            error.contains("it says `4242` and the text says ` 424`"),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_span_is_a_named_error() {
        for (span, expected) in [
            (
                r#"{"start":3,"end":3,"label":"N"}"#,
                "the end is not behind the start",
            ),
            (
                r#"{"start":-1,"end":3,"label":"N"}"#,
                "lies before the text",
            ),
            (
                r#"{"start":1,"end":3,"label":"X"}"#,
                "label `X` is not in the list",
            ),
            (
                r#"{"start":1,"end":3,"label":"N","score":1e39}"#,
                "is not a number",
            ),
            (
                r#"{"start":1,"end":3,"label":"N","score":NaN}"#,
                "not a message of the protocol",
            ),
            (
                r#"{"start":1.5,"end":3,"label":"N"}"#,
                "not a message of the protocol",
            ),
        ] {
            let error = read(OffsetUnit::Codepoint, &one(span)).unwrap_err();
            assert!(error.contains(expected), "{span}: {error}");
        }
        let inside = one(r#"{"start":2,"end":4,"label":"N"}"#);
        assert!(
            read(OffsetUnit::Utf16, &inside)
                .unwrap_err()
                .contains("inside a character")
        );
    }

    #[test]
    fn a_ready_without_a_known_unit_is_refused() {
        let ready = br#"{"type":"ready","offsets":"chars","labels":[]}"#;
        assert!(
            read_ready(ready)
                .unwrap_err()
                .to_string()
                .contains("`chars`")
        );
    }
}
