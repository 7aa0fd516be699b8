//! A record as it stands in a file, whatever is wrong with it.
//!
//! The reader of `formats::jsonl` refuses a record with a wrong offset or an unknown label; an audit has
//! to say how many there are and where. So everything that can be wrong without ending the reading is
//! kept as text or number here, and looked at by the checks.

use crate::calendar::{Date, Moment};
use crate::conversation::{Safety, Split};
use crate::formats::json_fault;
use crate::taxonomy::Label;
use crate::text::OffsetUnit;
use serde::Deserialize;
use std::ops::Range;

/// One line of a corpus.
#[derive(Debug, Default, Deserialize)]
pub struct Record {
    /// The version that it claims to follow; absent in records of elsewhere.
    pub schema: Option<u32>,
    pub id: Option<String>,
    pub lang: Option<String>,
    pub customer: Option<String>,
    pub bank: Option<String>,
    pub policy: Option<String>,
    pub writer: Option<String>,
    pub variety: Option<String>,
    pub split: Option<String>,
    pub as_of: Option<String>,
    #[serde(default)]
    pub intents: Vec<String>,
    pub facts: Option<Vec<FactRecord>>,
    pub messages: Vec<MessageRecord>,
}

/// A fact.
#[derive(Debug, Deserialize)]
pub struct FactRecord {
    pub id: String,
    pub label: String,
    #[serde(default)]
    pub kind: String,
    pub value: String,
    pub owner: Option<String>,
    #[serde(default)]
    pub links: Vec<String>,
}

/// A message.
#[derive(Debug, Default, Deserialize)]
pub struct MessageRecord {
    pub id: Option<String>,
    pub turn: Option<i64>,
    pub speaker: Option<String>,
    pub kind: Option<String>,
    pub ts: Option<String>,
    pub text: String,
    #[serde(default)]
    pub phrases: Vec<String>,
    #[serde(default)]
    pub fields: Vec<FieldRecord>,
    #[serde(default)]
    pub spans: Vec<SpanRecord>,
    #[serde(default)]
    pub decoys: Vec<DecoyRecord>,
}

/// A structured field.
#[derive(Debug, Deserialize)]
pub struct FieldRecord {
    pub pointer: String,
    pub text: String,
    #[serde(default)]
    pub spans: Vec<SpanRecord>,
    #[serde(default)]
    pub decoys: Vec<DecoyRecord>,
}

/// A gold range.
#[derive(Debug, Default, Deserialize)]
pub struct SpanRecord {
    pub start: i64,
    pub end: i64,
    pub label: String,
    pub text: Option<String>,
    pub fact: Option<String>,
    pub form: Option<String>,
    pub valid: Option<bool>,
    pub strict_valid: Option<bool>,
    pub safety: Option<String>,
    pub asked: Option<i64>,
    pub part: Option<PartRecord>,
    /// Why it is no range of its text, where a reader of another tool's format has found that.
    #[serde(skip)]
    pub misfit: Option<String>,
}

/// Place of a span in a value that is given piecewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct PartRecord {
    pub k: i64,
    pub n: i64,
}

/// A range that looks like gold.
#[derive(Debug, Deserialize)]
pub struct DecoyRecord {
    pub start: i64,
    pub end: i64,
    pub text: Option<String>,
    #[serde(default)]
    pub looks_like: String,
    #[serde(default)]
    pub is: String,
}

/// Reads a line.
///
/// # Errors
/// What makes it no record at all: then the corpus is corrupt.
pub fn read(line: &str) -> Result<Record, String> {
    serde_json::from_str(line).map_err(|error| json_fault(&error))
}

/// A record with its references followed.
#[derive(Debug)]
pub struct Conversation<'a> {
    pub record: &'a Record,
    pub date: Option<Date>,
    pub split: Option<Split>,
    /// Labels of `record.facts`, in their order.
    pub fact_labels: Vec<Option<Label>>,
    /// Times of `record.messages`, in their order.
    pub times: Vec<Option<Moment>>,
    pub units: Vec<Unit<'a>>,
}

/// A stretch of text with its marks.
#[derive(Debug)]
pub struct Unit<'a> {
    /// Index of its message.
    pub message: usize,
    /// Its JSON Pointer; empty for the message's own text.
    pub pointer: &'a str,
    pub text: &'a str,
    pub spans: Vec<Span<'a>>,
    pub decoys: Vec<Decoy<'a>>,
}

/// A gold range with what it refers to.
#[derive(Debug)]
pub struct Span<'a> {
    pub record: &'a SpanRecord,
    pub label: Option<Label>,
    /// Its bytes, where its offsets lie in the text.
    pub range: Result<Range<usize>, String>,
    /// What it covers; where its offsets are wrong, what is recorded.
    pub surface: &'a str,
    /// Index of its fact.
    pub fact: Option<usize>,
}

/// A decoy with its range.
#[derive(Debug)]
pub struct Decoy<'a> {
    pub record: &'a DecoyRecord,
    pub range: Result<Range<usize>, String>,
}

impl<'a> Conversation<'a> {
    /// Follows the references of a record.
    pub fn of(record: &'a Record, offsets: OffsetUnit) -> Conversation<'a> {
        let facts = record.facts.as_deref().unwrap_or_default();
        let mut units = Vec::with_capacity(record.messages.len() + 2);
        for (message, m) in record.messages.iter().enumerate() {
            let own = (("", &*m.text), (&m.spans, &m.decoys));
            let fields = m.fields.iter();
            let fields = fields.map(|f| ((&*f.pointer, &*f.text), (&f.spans, &f.decoys)));
            for ((pointer, text), (spans, decoys)) in std::iter::once(own).chain(fields) {
                units.push(Unit {
                    message,
                    pointer,
                    text,
                    spans: spans
                        .iter()
                        .map(|span| Span::of(span, text, facts, offsets))
                        .collect(),
                    decoys: decoys
                        .iter()
                        .map(|decoy| Decoy {
                            record: decoy,
                            range: range(text, decoy.start, decoy.end, offsets),
                        })
                        .collect(),
                });
            }
        }
        let time = |m: &MessageRecord| {
            let text = m.ts.as_deref()?;
            serde_json::from_value(serde_json::Value::from(text)).ok()
        };
        Conversation {
            record,
            date: record.as_of.as_deref().and_then(|date| date.parse().ok()),
            split: record.split.as_deref().and_then(Split::named),
            fact_labels: facts.iter().map(|f| Label::named(&f.label)).collect(),
            times: record.messages.iter().map(time).collect(),
            units,
        }
    }

    /// The facts.
    pub fn facts(&self) -> &'a [FactRecord] {
        self.record.facts.as_deref().unwrap_or_default()
    }

    /// The facts whose label is in the taxonomy.
    pub fn known_facts(&self) -> impl Iterator<Item = (Label, &'a FactRecord)> {
        let labels = self.fact_labels.iter();
        labels
            .zip(self.facts())
            .filter_map(|(label, fact)| Some(((*label)?, fact)))
    }

    /// The spans, with their units.
    pub fn spans(&self) -> impl Iterator<Item = (&Unit<'a>, &Span<'a>)> {
        let units = self.units.iter();
        units.flat_map(|unit| unit.spans.iter().map(move |span| (unit, span)))
    }

    /// Does it claim values of live-looking ranges, which are neither the world's nor unique?
    pub fn is_lifelike(&self) -> bool {
        let mut spans = self.spans();
        spans.any(|(_, span)| span.record.safety.as_deref() == Some(Safety::Lifelike.name()))
    }

    /// The fact of a span.
    pub fn fact_of(&self, span: &Span<'a>) -> Option<&'a FactRecord> {
        span.fact.map(|index| &self.facts()[index])
    }

    /// The id of a unit, for people: as recorded, with its pointer.
    pub fn unit_id(&self, unit: &Unit<'a>) -> String {
        let message = self.message_id(unit.message);
        match unit.pointer {
            "" => message,
            pointer => format!("{message}#{pointer}"),
        }
    }

    /// The id of a message, or what it should be where there is none.
    pub fn message_id(&self, index: usize) -> String {
        match &self.record.messages[index].id {
            Some(id) => id.clone(),
            None => format!("{}/{index}", self.id()),
        }
    }

    /// The id of the conversation, `?` where there is none.
    pub fn id(&self) -> &'a str {
        self.record.id.as_deref().unwrap_or("?")
    }
}

impl<'a> Span<'a> {
    fn of(
        record: &'a SpanRecord,
        text: &'a str,
        facts: &[FactRecord],
        offsets: OffsetUnit,
    ) -> Span<'a> {
        let range = match &record.misfit {
            Some(why) => Err(why.clone()),
            None => range(text, record.start, record.end, offsets),
        };
        let surface = match &range {
            Ok(range) => &text[range.clone()],
            Err(_) => record.text.as_deref().unwrap_or(""),
        };
        let named = |id: &String| facts.iter().position(|fact| fact.id == *id);
        Span {
            record,
            label: Label::named(&record.label),
            range,
            surface,
            fact: record.fact.as_ref().and_then(named),
        }
    }
}

/// The bytes of a range given in `unit`.
fn range(text: &str, start: i64, end: i64, unit: OffsetUnit) -> Result<Range<usize>, String> {
    if start >= end {
        return Err(format!("[{start}, {end}) is empty"));
    }
    let place = |offset: i64| {
        let small = u32::try_from(offset).map_err(|_| format!("offset {offset} is no offset"))?;
        let byte = unit.to_byte(text, small);
        byte.map(|byte| byte as usize)
            .map_err(|error| format!("offset {offset} {error}"))
    };
    Ok(place(start)?..place(end)?)
}
