//! Which format a file is of, told from its first record.

use super::hf_tokens;
use super::table::Format;
use crate::formats::BUFFER;
use serde_json::{Map, Value};
use std::io::{BufReader, Chain, Cursor, Read};

/// How much of a file is looked at. A longer first record is not recognised.
const WINDOW: u64 = 1 << 20;

/// What a file was taken for, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The format.
    pub format: Format,
    /// What told it: `its first record has full_text and spans`.
    pub why: String,
}

/// Why no format was recognised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Undetected(pub String);

/// A file whose head was looked at, whole again.
pub type Whole<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// Looks at the head of a file. The reader that comes back holds the whole of it.
///
/// # Errors
/// What the reader says, or that no format was recognised, with what was seen.
pub fn detect<R: Read>(mut input: R) -> std::io::Result<(Result<Detected, Undetected>, Whole<R>)> {
    let mut head = Vec::new();
    input.by_ref().take(WINDOW).read_to_end(&mut head)?;
    let cut = head.len() as u64 == WINDOW;
    let found = of_head(&head, cut);
    let whole = Cursor::new(head).chain(input);
    Ok((found, BufReader::with_capacity(BUFFER, whole)))
}

fn of_head(head: &[u8], cut: bool) -> Result<Detected, Undetected> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    // The window may end inside a character.
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(error) => {
            let at = error.valid_up_to();
            let said = format!("byte {at} is not UTF-8: convert the file first");
            return Err(Undetected(said));
        }
    };
    let start = text.trim_start_matches(|c: char| c.is_ascii_whitespace());
    match start.chars().next() {
        None => Err(Undetected("the file is empty".to_owned())),
        Some('{' | '[') => of_json(start, cut),
        Some(_) => of_lines(start),
    }
}

fn of_json(text: &str, cut: bool) -> Result<Detected, Undetected> {
    let behind = text[1..].trim_start();
    let array = text.starts_with('[') && behind.starts_with(['{', '[']);
    let body = if array { behind } else { text };
    let mut values = serde_json::Deserializer::from_str(body).into_iter::<Value>();
    let first = match values.next() {
        Some(Ok(value)) => value,
        Some(Err(_)) if cut => {
            let said = format!("the first record is longer than {WINDOW} bytes: pass the format");
            return Err(Undetected(said));
        }
        Some(Err(error)) => {
            let said = super::source::json_error(&error);
            return Err(Undetected(format!("the first record is no JSON: {said}")));
        }
        None => return Err(Undetected("the file is empty".to_owned())),
    };
    match &first {
        Value::Object(record) => of_record(record).ok_or_else(|| {
            let keys: Vec<&str> = record.keys().map(String::as_str).take(12).collect();
            Undetected(format!(
                "a first record with the keys {} is of no format that is known by its content: \
                 pass the format, or describe it with --mapping FILE",
                keys.join(", ")
            ))
        }),
        Value::Array(pair) if pair.len() == 2 && pair[0].is_string() && pair[1].is_object() => {
            let why = "its first record is a text and its annotations";
            Ok(detected(Format::Spacy, why))
        }
        _ => Err(Undetected(
            "the first record is neither an object nor [\"text\", {\"entities\": …}]".to_owned(),
        )),
    }
}

fn detected(format: Format, why: &str) -> Detected {
    Detected {
        format,
        why: why.to_owned(),
    }
}

fn of_record(record: &Map<String, Value>) -> Option<Detected> {
    let has = |keys: &[&str]| keys.iter().all(|key| record.contains_key(*key));
    let list = |key: &str| record.get(key).and_then(Value::as_array);
    let first_key = |key: &str, inner: &str| {
        let first = list(key).and_then(|list| list.first());
        first.is_some_and(|first| first.get(inner).is_some())
    };
    let by = |format: Format, keys: &str| {
        Some(detected(format, &format!("its first record has {keys}")))
    };
    if record.get("kind").and_then(Value::as_str) == Some("predictions") {
        return by(Format::Predictions, "the kind `predictions`");
    }
    // What else is missing is told best by its own reader.
    if has(&["schema", "messages"]) {
        return by(Format::Tellerbench, "schema and messages");
    }
    if has(&["full_text", "spans"]) {
        return by(Format::Presidio, "full_text and spans");
    }
    if has(&["Entities"]) {
        return by(Format::Comprehend, "Entities");
    }
    if record.get("result").is_some_and(|result| {
        result.get("findings").is_some() || result.as_object().is_some_and(Map::is_empty)
    }) {
        return by(Format::Dlp, "result.findings");
    }
    let azure = record.get("results").unwrap_or(&Value::Null);
    if azure.get("documents").is_some() || (has(&["documents"]) && list("documents").is_some()) {
        return by(Format::Azure, "documents with entities");
    }
    if hf_tokens::looks_like(record) && !has(&["text", "spans"]) {
        return by(Format::HfTokens, "tokens and tags");
    }
    if has(&["text", "entities"]) && (first_key("entities", "start_offset") || has(&["relations"]))
    {
        return by(Format::Doccano, "text, entities and relations");
    }
    if has(&["text"]) && (list("label").is_some() || list("labels").is_some()) {
        return by(Format::Doccano, "text and label");
    }
    if has(&["text", "spans"]) {
        return by(Format::Spacy, "text and spans");
    }
    if has(&["text", "entities"]) {
        return by(Format::Spacy, "text and entities");
    }
    if has(&["entities", "redactedText"]) || first_key("entities", "confidenceScore") {
        return by(Format::Azure, "entities of a document");
    }
    None
}

/// Lines that are no JSON: CoNLL if every line of the first message has columns, the last a tag.
fn of_lines(text: &str) -> Result<Detected, Undetected> {
    let lines = text.lines().map(|line| line.trim_end_matches([' ', '\t']));
    let mut seen = 0;
    for line in lines.take(200) {
        if line.is_empty() || line.starts_with('#') {
            if seen > 0 && line.is_empty() {
                break;
            }
            continue;
        }
        let columns: Vec<&str> = line.split([' ', '\t']).filter(|c| !c.is_empty()).collect();
        let tag = columns.last().copied().unwrap_or_default();
        let letter = tag.chars().next().unwrap_or(' ');
        let looks = tag == "O" || ("BIESLU".contains(letter) && tag[1..].starts_with('-'));
        if columns.len() < 2 || !(looks || columns[0] == "-DOCSTART-") {
            return Err(Undetected(
                "neither JSON nor lines of tokens and tags: pass the format (a CSV file needs \
                 --mapping FILE)"
                    .to_owned(),
            ));
        }
        seen += 1;
    }
    if seen == 0 {
        return Err(Undetected("no record was found".to_owned()));
    }
    let why = "its lines are tokens with tags";
    Ok(detected(Format::Conll, why))
}
