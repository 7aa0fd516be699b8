//! The corpus format: JSON Lines, one conversation a line (`docs/formats.md`).
//!
//! The writer's output is the canonical record line, of which the content hash is made; the reader
//! accepts any order of keys, checks every offset against the recorded text, and names file and line
//! of what is wrong.

use crate::borrowed::Borrowed;
use crate::calendar::{Date, Moment};
use crate::conversation::{
    Body, Conversation, Decoy, Fact, FactId, Field, Form, Mark, Message, MessageKind, Name, Owner,
    Part, SCHEMA, Safety, Span, Speaker, Split, is_unit_id, unit_id,
};
use crate::taxonomy::Label;
use crate::text::{ByteRange, OffsetUnit};
use serde::Deserialize;
use std::borrow::Cow;
use std::io::BufRead;

/// Appends the record of a conversation, without a line feed.
pub fn write(conversation: &Conversation, unit: OffsetUnit, out: &mut Vec<u8>) {
    let c = conversation;
    out.extend_from_slice(b"{\"schema\":1,\"id\":");
    string(&c.id, out);
    for (key, value) in [
        ("lang", &*c.lang),
        ("customer", &c.customer),
        ("bank", &c.bank),
        ("channel", &c.channel),
        ("policy", &c.policy),
    ] {
        keyed(key, value, out);
    }
    out.extend_from_slice(b",\"intents\":");
    strings(&c.intents, out);
    keyed("writer", &c.writer, out);
    if let Some(variety) = &c.variety {
        keyed("variety", variety, out);
    }
    named("split", c.split.name(), out);
    out.extend_from_slice(b",\"as_of\":\"");
    let (year, month, day) = c.as_of.ymd();
    number(year as u32, 4, out);
    out.push(b'-');
    number(month, 2, out);
    out.push(b'-');
    number(day, 2, out);
    out.extend_from_slice(b"\",\"facts\":[");
    for (index, fact) in c.facts.iter().enumerate() {
        comma(index, out);
        write_fact(fact, out);
    }
    out.extend_from_slice(b"],\"messages\":[");
    for (index, message) in c.messages.iter().enumerate() {
        comma(index, out);
        write_message(&c.id, message, unit, out);
    }
    out.extend_from_slice(b"]}");
}

fn write_fact(fact: &Fact, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":\"f");
    number(u32::from(fact.id.0), 1, out);
    out.push(b'"');
    named("label", fact.label.id(), out);
    keyed("kind", &fact.kind, out);
    keyed("value", &fact.value, out);
    named("owner", fact.owner.name(), out);
    out.extend_from_slice(b",\"links\":[");
    for (index, link) in fact.links.iter().enumerate() {
        comma(index, out);
        out.extend_from_slice(b"\"f");
        number(u32::from(link.0), 1, out);
        out.push(b'"');
    }
    out.extend_from_slice(b"]}");
}

fn write_message(conversation: &str, message: &Message, unit: OffsetUnit, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":\"");
    escaped(conversation, out);
    out.push(b'/');
    number(message.turn, 1, out);
    out.extend_from_slice(b"\",\"turn\":");
    number(message.turn, 1, out);
    named("speaker", message.speaker.name(), out);
    named("kind", message.kind.name(), out);
    out.extend_from_slice(b",\"ts\":\"");
    message.ts.write(out);
    out.extend_from_slice(b"\",\"text\":");
    string(message.body.text(), out);
    out.extend_from_slice(b",\"phrases\":");
    strings(&message.phrases, out);
    out.extend_from_slice(b",\"fields\":[");
    for (index, field) in message.fields.iter().enumerate() {
        comma(index, out);
        out.extend_from_slice(b"{\"pointer\":");
        string(&field.pointer, out);
        keyed("text", field.body.text(), out);
        write_marks(&field.body, unit, out);
        out.push(b'}');
    }
    out.push(b']');
    write_marks(&message.body, unit, out);
    out.push(b'}');
}

/// Spans and decoys, each in the order of their offsets, the outermost first; ignored ranges where
/// there are any, which corpora of ours have not.
fn write_marks(body: &Body, unit: OffsetUnit, out: &mut Vec<u8>) {
    let mut order: Vec<&(ByteRange, Mark)> = body.marks().iter().collect();
    order.sort_by_key(|(range, mark)| {
        let label = match mark {
            Mark::Span(span) => Some(span.label),
            Mark::Decoy(decoy) => Some(decoy.looks_like),
            Mark::Ignored(_) => None,
        };
        (range.start, std::cmp::Reverse(range.end), label)
    });
    out.extend_from_slice(b",\"spans\":[");
    let mut written = 0;
    for (range, mark) in &order {
        if let Mark::Span(span) = mark {
            comma(written, out);
            written += 1;
            write_range(body, *range, unit, out);
            write_span(body.covered(*range), span, out);
        }
    }
    out.extend_from_slice(b"],\"decoys\":[");
    written = 0;
    for (range, mark) in &order {
        if let Mark::Decoy(decoy) = mark {
            comma(written, out);
            written += 1;
            write_range(body, *range, unit, out);
            keyed("text", body.covered(*range), out);
            named("looks_like", decoy.looks_like.id(), out);
            keyed("is", &decoy.is, out);
            out.push(b'}');
        }
    }
    out.push(b']');
    written = 0;
    for (range, mark) in &order {
        if let Mark::Ignored(label) = mark {
            out.extend_from_slice(match written {
                0 => b",\"ignored\":[",
                _ => b",",
            });
            written += 1;
            write_range(body, *range, unit, out);
            keyed("text", body.covered(*range), out);
            keyed("label", label, out);
            out.push(b'}');
        }
    }
    if written > 0 {
        out.push(b']');
    }
}

fn write_range(body: &Body, range: ByteRange, unit: OffsetUnit, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"start\":");
    number(unit.of_byte(body.text(), range.start), 1, out);
    out.extend_from_slice(b",\"end\":");
    number(unit.of_byte(body.text(), range.end), 1, out);
}

fn write_span(text: &str, span: &Span, out: &mut Vec<u8>) {
    named("label", span.label.id(), out);
    keyed("text", text, out);
    if let Some(fact) = span.fact {
        out.extend_from_slice(b",\"fact\":\"f");
        number(u32::from(fact.0), 1, out);
        out.push(b'"');
    }
    if let Some(form) = span.form {
        named("form", form.name(), out);
    }
    truth("valid", span.valid, out);
    truth("strict_valid", span.strict_valid, out);
    if let Some(safety) = span.safety {
        named("safety", safety.name(), out);
    }
    if let Some(asked) = span.asked {
        out.extend_from_slice(b",\"asked\":");
        number(asked, 1, out);
    }
    if let Some(part) = span.part {
        out.extend_from_slice(b",\"part\":{\"k\":");
        number(u32::from(part.k), 1, out);
        out.extend_from_slice(b",\"n\":");
        number(u32::from(part.n), 1, out);
        out.push(b'}');
    }
    if let Some(lookalike) = span.lookalike {
        named("lookalike", lookalike.id(), out);
    }
    out.push(b'}');
}

/// A comma, and a key with its colon.
fn key(name: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn truth(name: &str, value: Option<bool>, out: &mut Vec<u8>) {
    key(name, out);
    out.extend_from_slice(match value {
        None => b"null",
        Some(true) => b"true",
        Some(false) => b"false",
    });
}

fn comma(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

/// A key and a name of ours, which has nothing to escape.
fn named(name: &str, value: &str, out: &mut Vec<u8>) {
    key(name, out);
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

fn keyed(name: &str, value: &str, out: &mut Vec<u8>) {
    key(name, out);
    string(value, out);
}

fn strings(values: &[Name], out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, value) in values.iter().enumerate() {
        comma(index, out);
        string(value, out);
    }
    out.push(b']');
}

fn string(value: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escaped(value, out);
    out.push(b'"');
}

/// Which bytes a JSON string cannot hold as they are.
const ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        escaped[byte] = true;
        byte += 1;
    }
    escaped[b'"' as usize] = true;
    escaped[b'\\' as usize] = true;
    escaped
};

/// The first byte that JSON escapes. Most texts have none: they are passed over in blocks, which the compiler
/// turns into vector instructions.
fn first_escaped(bytes: &[u8]) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<16>();
    let plain = |block: &&[u8; 16]| {
        let any = block.iter().fold(false, |any, &b| {
            any | (b < 0x20) | (b == b'"') | (b == b'\\')
        });
        !any
    };
    let passed = 16 * blocks.iter().take_while(plain).count();
    let next = bytes[passed..]
        .iter()
        .position(|&b| ESCAPED[usize::from(b)])?;
    Some(passed + next)
}

/// The escapes of RFC 8259, section 7, and no others.
fn escaped(value: &str, out: &mut Vec<u8>) {
    let bytes = value.as_bytes();
    let mut copied = 0;
    while let Some(next) = first_escaped(&bytes[copied..]) {
        let (at, byte) = (copied + next, bytes[copied + next]);
        out.extend_from_slice(&bytes[copied..at]);
        copied = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[copied..]);
}

fn number(value: u32, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 10];
    let mut at = digits.len();
    let mut left = value;
    while left > 0 || at == digits.len() {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
    }
    at = at.min(digits.len() - width);
    out.extend_from_slice(&digits[at..]);
}

/// What is wrong with a corpus file.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub message: String,
}

/// The longest line that is read: far above any conversation, far below any memory.
pub const LONGEST_LINE: u64 = 64 << 20;

/// Reads a corpus, a conversation at a time.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    file: String,
    line: u64,
    unit: OffsetUnit,
    buffer: String,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`, which messages call `file`, with offsets in `unit`.
    pub fn new(input: R, file: &str, unit: OffsetUnit) -> Self {
        Reader {
            input,
            file: file.to_owned(),
            line: 0,
            unit,
            buffer: String::new(),
        }
    }

    /// The record line that was read last, as it stands in the file, without its end.
    pub fn line(&self) -> &str {
        self.buffer.trim_end_matches(['\n', '\r'])
    }

    fn next_conversation(&mut self) -> Result<Option<Conversation>, ReadError> {
        loop {
            self.buffer.clear();
            self.line += 1;
            let mut limited = std::io::Read::take(&mut self.input, LONGEST_LINE + 1);
            let read = limited.read_line(&mut self.buffer);
            let length = read.map_err(|error| self.error(error.to_string()))?;
            if length == 0 {
                return Ok(None);
            }
            if length as u64 > LONGEST_LINE {
                let message = format!("the line is longer than {LONGEST_LINE} bytes");
                return Err(self.error(message));
            }
            if !self.buffer.trim().is_empty() {
                break;
            }
        }
        parse(&self.buffer, self.unit)
            .map(Some)
            .map_err(|message| self.error(message))
    }

    fn error(&self, message: String) -> ReadError {
        ReadError {
            file: self.file.clone(),
            line: self.line,
            message,
        }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Conversation, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_conversation().transpose()
    }
}

/// Reads one record line.
///
/// # Errors
/// What is wrong with it, without file and line.
pub fn parse(line: &str, unit: OffsetUnit) -> Result<Conversation, String> {
    let raw: Raw<'_> = serde_json::from_str(line).map_err(|error| super::json_fault(&error))?;
    if raw.schema != SCHEMA {
        return Err(format!(
            "record schema {} is not one this version reads ({SCHEMA})",
            raw.schema
        ));
    }
    let id = raw.id.into_owned();
    let messages = raw
        .messages
        .into_iter()
        .map(|message| message.finish(&id, unit))
        .collect::<Result<_, String>>()?;
    Ok(Conversation {
        id,
        lang: owned(raw.lang),
        customer: raw.customer.into_owned(),
        bank: owned(raw.bank),
        channel: owned(raw.channel),
        policy: owned(raw.policy),
        intents: raw.intents.into_iter().map(Name::Owned).collect(),
        writer: owned(raw.writer),
        variety: raw.variety.map(Name::Owned),
        split: raw.split,
        as_of: raw.as_of,
        facts: raw
            .facts
            .into_iter()
            .map(RawFact::finish)
            .collect::<Result<_, String>>()?,
        messages,
    })
}

fn owned(name: Cow<'_, str>) -> Name {
    Name::Owned(name.into_owned())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw<'a> {
    schema: u32,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    lang: Cow<'a, str>,
    #[serde(borrow)]
    customer: Cow<'a, str>,
    #[serde(borrow)]
    bank: Cow<'a, str>,
    #[serde(borrow)]
    channel: Cow<'a, str>,
    #[serde(borrow)]
    policy: Cow<'a, str>,
    intents: Vec<String>,
    #[serde(borrow)]
    writer: Cow<'a, str>,
    #[serde(default)]
    variety: Option<String>,
    split: Split,
    as_of: Date,
    #[serde(borrow)]
    facts: Vec<RawFact<'a>>,
    #[serde(borrow)]
    messages: Vec<RawMessage<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFact<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    label: Label,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    value: String,
    owner: Owner,
    #[serde(borrow, default)]
    links: Vec<Borrowed<'a>>,
}

impl RawFact<'_> {
    fn finish(self) -> Result<Fact, String> {
        Ok(Fact {
            id: self.id.parse()?,
            label: self.label,
            kind: owned(self.kind),
            value: self.value,
            owner: self.owner,
            links: self
                .links
                .iter()
                .map(|link| link.parse())
                .collect::<Result<_, String>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMessage<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    turn: u32,
    speaker: Speaker,
    kind: MessageKind,
    ts: Moment,
    text: String,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(borrow, default)]
    fields: Vec<RawField<'a>>,
    #[serde(borrow)]
    spans: Vec<RawSpan<'a>>,
    #[serde(borrow, default)]
    decoys: Vec<RawDecoy<'a>>,
    #[serde(borrow, default)]
    ignored: Vec<RawIgnored<'a>>,
}

impl RawMessage<'_> {
    fn finish(self, conversation: &str, unit: OffsetUnit) -> Result<Message, String> {
        if !is_unit_id(&self.id, conversation, self.turn, "") {
            let expected = unit_id(conversation, self.turn, "");
            return Err(format!("message id `{}` should be `{expected}`", self.id));
        }
        let at = |message: String| format!("message {}: {message}", self.turn);
        Ok(Message {
            turn: self.turn,
            speaker: self.speaker,
            kind: self.kind,
            ts: self.ts,
            body: body(self.text, self.spans, self.decoys, self.ignored, unit).map_err(at)?,
            phrases: self.phrases.into_iter().map(Name::Owned).collect(),
            fields: self
                .fields
                .into_iter()
                .map(|field| {
                    let body = body(field.text, field.spans, field.decoys, field.ignored, unit)
                        .map_err(at)?;
                    Ok(Field {
                        pointer: owned(field.pointer),
                        body,
                    })
                })
                .collect::<Result<_, String>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField<'a> {
    #[serde(borrow)]
    pointer: Cow<'a, str>,
    text: String,
    #[serde(borrow)]
    spans: Vec<RawSpan<'a>>,
    #[serde(borrow, default)]
    decoys: Vec<RawDecoy<'a>>,
    #[serde(borrow, default)]
    ignored: Vec<RawIgnored<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpan<'a> {
    start: u32,
    end: u32,
    label: Label,
    #[serde(borrow, default)]
    text: Option<Borrowed<'a>>,
    #[serde(borrow, default)]
    fact: Option<Borrowed<'a>>,
    #[serde(default)]
    form: Option<Form>,
    #[serde(default)]
    valid: Option<bool>,
    #[serde(default)]
    strict_valid: Option<bool>,
    #[serde(default)]
    safety: Option<Safety>,
    #[serde(default)]
    asked: Option<u32>,
    #[serde(default)]
    part: Option<Part>,
    #[serde(default)]
    lookalike: Option<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDecoy<'a> {
    start: u32,
    end: u32,
    #[serde(borrow, default)]
    text: Option<Borrowed<'a>>,
    looks_like: Label,
    #[serde(borrow)]
    is: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIgnored<'a> {
    start: u32,
    end: u32,
    #[serde(borrow, default)]
    text: Option<Borrowed<'a>>,
    #[serde(borrow)]
    label: Cow<'a, str>,
}

fn body(
    text: String,
    spans: Vec<RawSpan<'_>>,
    decoys: Vec<RawDecoy<'_>>,
    ignored: Vec<RawIgnored<'_>>,
    unit: OffsetUnit,
) -> Result<Body, String> {
    let mut marks = Vec::with_capacity(spans.len() + decoys.len());
    for span in spans {
        let range = range(&text, span.start, span.end, span.text.as_deref(), unit)
            .map_err(|message| format!("span {}: {message}", span.label))?;
        let fact: Option<FactId> = span.fact.map(|fact| fact.parse()).transpose()?;
        marks.push((
            range,
            Mark::Span(Span {
                label: span.label,
                fact,
                form: span.form,
                valid: span.valid,
                strict_valid: span.strict_valid,
                safety: span.safety,
                asked: span.asked,
                part: span.part,
                lookalike: span.lookalike,
            }),
        ));
    }
    for decoy in decoys {
        let range = range(&text, decoy.start, decoy.end, decoy.text.as_deref(), unit)
            .map_err(|message| format!("decoy {}: {message}", decoy.is))?;
        let decoy = Decoy {
            looks_like: decoy.looks_like,
            is: owned(decoy.is),
        };
        marks.push((range, Mark::Decoy(decoy)));
    }
    for raw in ignored {
        let range = range(&text, raw.start, raw.end, raw.text.as_deref(), unit)
            .map_err(|message| format!("ignored {}: {message}", raw.label))?;
        marks.push((range, Mark::Ignored(owned(raw.label))));
    }
    Body::from_parts(text, marks).map_err(|index| format!("mark {index} is empty"))
}

/// The byte range of offsets in `unit`, checked against the text that was recorded for it.
fn range(
    text: &str,
    start: u32,
    end: u32,
    recorded: Option<&str>,
    unit: OffsetUnit,
) -> Result<ByteRange, String> {
    let convert = |unit: OffsetUnit| -> Result<ByteRange, String> {
        if start >= end {
            return Err(format!("[{start}, {end}) is empty"));
        }
        let place = |offset: u32| {
            unit.to_byte(text, offset)
                .map_err(|error| format!("offset {offset} {error}"))
        };
        Ok(ByteRange {
            start: place(start)?,
            end: place(end)?,
        })
    };
    let found = convert(unit);
    let Some(recorded) = recorded else {
        return found;
    };
    let covers = |range: &ByteRange| &text[range.as_range()] == recorded;
    if found.as_ref().is_ok_and(covers) {
        return found;
    }
    let other = OffsetUnit::ALL
        .into_iter()
        .find(|&other| other != unit && convert(other).as_ref().is_ok_and(covers));
    let why = match &found {
        Ok(range) => format!("[{start}, {end}) covers `{}`", &text[range.as_range()]),
        Err(message) => message.clone(),
    };
    Err(match other {
        Some(other) => format!(
            "{why}, not the recorded `{recorded}`: it matches under {name}, use --offsets {name}",
            name = other.name()
        ),
        None => format!("{why}, not the recorded `{recorded}`"),
    })
}
