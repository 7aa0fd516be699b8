//! A mapping file: where text, spans and the rest stand in records of any other shape.
//!
//! ```toml
//! schema = 1
//! format = "jsonl"               # or csv
//! offsets = "utf16"
//! text = "/message/body"         # a JSON Pointer (RFC 6901), or the name of a key
//! id = "id"
//! spans = "annotations"
//! [span]
//! start = "from"
//! length = "length"              # or end = …
//! label = "class"
//! value = "value"                # what the span covers, to be checked
//! ```

use super::document::{Answer, SpanAt};
use super::offsets::Counting;
use super::table::Record;
use crate::conversation::{Speaker, names};
use crate::toml_fault::toml_fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

names! {
    /// How the records of a mapped file are written.
    pub enum Syntax {
        /// A JSON value a line, or one array.
        Jsonl = "jsonl",
        /// Comma-separated values with a header row (RFC 4180).
        Csv = "csv",
    }
}

names! {
    /// What a row of a CSV file is.
    pub enum Rows {
        /// A message; its spans are a JSON list in one column.
        Message = "message",
        /// A span; the rows of a message stand together and repeat its id and its text.
        Span = "span",
    }
}

/// Where something stands in a record: a key, a JSON Pointer, or a place in a list or a row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// A place in a list or a row, from 0.
    Index(usize),
    /// A key or a column; a JSON Pointer where it begins with a slash.
    Name(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Index(index) => write!(f, "{index}"),
            Place::Name(name) => f.write_str(name),
        }
    }
}

impl Place {
    pub(super) fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Place::Index(index) => value.get(index),
            Place::Name(name) if name.starts_with('/') => value.pointer(name),
            Place::Name(name) => value.get(name.as_str()),
        }
    }
}

/// Where the parts of a span stand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanPlaces {
    /// Its start.
    pub start: Place,
    /// Its end, or else its length.
    #[serde(default)]
    pub end: Option<Place>,
    /// Its length.
    #[serde(default)]
    pub length: Option<Place>,
    /// Its label.
    pub label: Place,
    /// What it covers.
    #[serde(default)]
    pub value: Option<Place>,
    /// How sure the tool was.
    #[serde(default)]
    pub score: Option<Place>,
}

impl Default for SpanPlaces {
    fn default() -> Self {
        let name = |name: &str| Place::Name(name.to_owned());
        SpanPlaces {
            start: name("start"),
            end: Some(name("end")),
            length: None,
            label: name("label"),
            value: None,
            score: None,
        }
    }
}

/// A mapping file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Version of the mapping file: 1.
    pub schema: u32,
    /// How the records are written.
    #[serde(default = "jsonl")]
    pub format: Syntax,
    /// How offsets count.
    #[serde(default)]
    offsets: Option<String>,
    /// The list of a record whose elements are the messages; text, spans and speaker are then looked
    /// for in an element, the rest there and else in the record.
    #[serde(default)]
    messages: Option<Place>,
    /// The text. Answers may have none.
    #[serde(default)]
    pub text: Option<Place>,
    /// The id of the message.
    #[serde(default)]
    pub id: Option<Place>,
    /// The conversation.
    #[serde(default)]
    pub conversation: Option<Place>,
    /// The customer.
    #[serde(default)]
    pub customer: Option<Place>,
    /// Who wrote it.
    #[serde(default)]
    pub speaker: Option<Place>,
    /// Its language.
    #[serde(default)]
    pub language: Option<Place>,
    /// The template that the message was made from.
    #[serde(default)]
    pub template: Option<Place>,
    /// The list of spans.
    #[serde(default)]
    pub spans: Option<Place>,
    /// Where the parts of a span stand.
    #[serde(default)]
    pub span: SpanPlaces,
    /// Which speaker of ours a word of the file means.
    #[serde(default)]
    pub speakers: BTreeMap<String, Speaker>,
    /// What stands between the columns of a CSV file.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// What a row of a CSV file is.
    #[serde(default = "message")]
    pub rows: Rows,
}

fn jsonl() -> Syntax {
    Syntax::Jsonl
}

fn comma() -> char {
    ','
}

fn message() -> Rows {
    Rows::Message
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// What is wrong, as the TOML reader tells it, or what does not go together.
    pub fn parse(source: &str) -> Result<Mapping, String> {
        let mapping: Mapping = toml::from_str(source).map_err(|e| toml_fault(&e, source))?;
        if mapping.schema != 1 {
            let schema = mapping.schema;
            return Err(format!("schema {schema} is not one this version reads (1)"));
        }
        let unit = mapping.offsets.as_deref().unwrap_or("codepoint");
        if Counting::named(unit).is_none() {
            let known = Counting::ALL.map(Counting::name).join(", ");
            return Err(format!("offsets = \"{unit}\": there are {known}"));
        }
        if mapping.span.end.is_some() == mapping.span.length.is_some() {
            return Err("[span] needs `end` or `length`, and not both".to_owned());
        }
        let by_row = mapping.format == Syntax::Csv && mapping.rows == Rows::Span;
        match &mapping.spans {
            None if !by_row => {
                Err("`spans` is missing: where does the list of spans stand?".into())
            }
            Some(_) if by_row => Err("`spans` and rows = \"span\" do not go together".into()),
            _ if by_row && mapping.id.is_none() => {
                Err("rows = \"span\" needs `id`, which tells the rows of one message".into())
            }
            _ if mapping.format == Syntax::Csv && mapping.messages.is_some() => {
                Err("`messages` is for format = \"jsonl\"".into())
            }
            _ if !mapping.delimiter.is_ascii() => Err("`delimiter` is one ASCII character".into()),
            _ => Ok(mapping),
        }
    }

    /// How offsets count.
    pub fn counting(&self) -> Counting {
        let named = self.offsets.as_deref().and_then(Counting::named);
        named.unwrap_or(Counting::Unit(crate::text::OffsetUnit::Codepoint))
    }
}

/// Reads one JSON record.
pub(super) fn parse(json: &str, mapping: &Mapping, counting: Counting) -> Result<Record, String> {
    let record: Value = serde_json::from_str(json).map_err(|e| super::source::json_error(&e))?;
    let Some(place) = &mapping.messages else {
        return Ok(Record::of(message_of(&record, None, mapping, counting)?));
    };
    let list = place.of(&record).and_then(Value::as_array);
    let list = list.ok_or_else(|| format!("no list at `{place}` (messages): {}", seen(&record)))?;
    let messages = list.iter().enumerate().map(|(index, message)| {
        message_of(message, Some(&record), mapping, counting)
            .map_err(|error| format!("message {index}: {error}"))
    });
    Ok(Record::Answers(messages.collect::<Result<_, String>>()?))
}

fn message_of(
    message: &Value,
    record: Option<&Value>,
    mapping: &Mapping,
    counting: Counting,
) -> Result<Answer, String> {
    let word = |what: &str, place: &Option<Place>, shared: bool| {
        let Some(place) = place else { return Ok(None) };
        let own = place.of(message);
        let found = own.or_else(|| record.filter(|_| shared).and_then(|r| place.of(r)));
        match found {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(format!("`{place}` ({what}) is neither text nor a number")),
        }
    };
    let text = match &mapping.text {
        None => None,
        Some(place) => match place.of(message) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => {
                let other = seen(other);
                return Err(format!("`{place}` (text) is no text: {other}"));
            }
            None => return Err(format!("no `{place}` (text): {}", seen(message))),
        },
    };
    let place = mapping
        .spans
        .as_ref()
        .ok_or("`spans` is missing in the mapping")?;
    let spans = place.of(message);
    let spans = spans.ok_or_else(|| {
        let there = seen(message);
        format!("no `{place}` (spans), and null would say that there are none: {there}")
    })?;
    let what = |error: String| format!("`{place}` (spans): {error}");
    let spans = list(spans)
        .and_then(|spans| spans_of(&spans, mapping, counting))
        .map_err(what)?;
    Ok(Answer {
        id: word("id", &mapping.id, false)?,
        conversation: word("conversation", &mapping.conversation, true)?,
        customer: word("customer", &mapping.customer, true)?,
        speaker: word("speaker", &mapping.speaker, false)?,
        language: word("language", &mapping.language, true)?,
        template: word("template", &mapping.template, false)?,
        text,
        spans,
        ..Answer::default()
    })
}

/// What stands where something else was looked for, without values.
fn seen(value: &Value) -> String {
    const MOST: usize = 12;
    match value {
        Value::Object(table) => {
            let keys: Vec<&str> = table.keys().map(String::as_str).take(MOST).collect();
            let more = if table.len() > MOST { ", …" } else { "" };
            format!("there are the keys {}{more}", keys.join(", "))
        }
        Value::Array(list) => format!("there is a list of {}", list.len()),
        Value::String(_) => "there is text".to_owned(),
        Value::Number(_) => "there is a number".to_owned(),
        Value::Bool(_) => "there is true or false".to_owned(),
        Value::Null => "there is null".to_owned(),
    }
}

/// A list, which may also be written as text that holds a list.
pub(super) fn list(value: &Value) -> Result<Cow<'_, [Value]>, String> {
    match value {
        Value::Null => Ok(Cow::Borrowed(&[])),
        Value::Array(list) => Ok(Cow::Borrowed(list)),
        Value::String(text) if text.trim().is_empty() => Ok(Cow::Borrowed(&[])),
        Value::String(text) => match serde_json::from_str::<Vec<Value>>(text) {
            Ok(list) => Ok(Cow::Owned(list)),
            Err(error) => Err(format!(
                "no JSON list: {}",
                super::source::json_error(&error)
            )),
        },
        _ => Err("neither a list nor text with a JSON list".to_owned()),
    }
}

pub(super) fn spans_of(
    list: &[Value],
    mapping: &Mapping,
    counting: Counting,
) -> Result<Vec<SpanAt>, String> {
    let spans = list.iter().enumerate().map(|(index, span)| {
        let places = &mapping.span;
        let read = || {
            let text = |place: &Place, what: &str| match place.of(span) {
                Some(Value::String(text)) => Ok(text.clone()),
                Some(Value::Number(number)) => Ok(number.to_string()),
                _ => Err(format!("no text at `{place}` ({what}): {}", seen(span))),
            };
            let number = |place: &Place, what: &str| whole(&text(place, what)?, place, what);
            let start = number(&places.start, "start")?;
            let end = match (&places.end, &places.length) {
                (Some(end), _) => Some(number(end, "end")?),
                (None, Some(length)) => start.checked_add(number(length, "length")?),
                (None, None) => None,
            };
            let value = places.value.as_ref().and_then(|place| place.of(span));
            let score = places.score.as_ref().and_then(|place| place.of(span));
            Ok::<_, String>(SpanAt {
                start,
                end: end.ok_or("offset and length overflow")?,
                counting,
                label: text(&places.label, "label")?,
                text: value.and_then(Value::as_str).map(str::to_owned),
                score: score.and_then(Value::as_f64).map(|score| score as f32),
            })
        };
        read().map_err(|error| format!("span {index}: {error}"))
    });
    spans.collect()
}

/// A whole number that is written as text.
pub(super) fn whole(text: &str, place: &Place, what: &str) -> Result<u64, String> {
    let number = text.trim().parse();
    number.map_err(|_| format!("`{text}` at `{place}` ({what}) is no whole number"))
}
