//! Our own files as documents and answers, so that whatever reads foreign ones reads them too.

use super::document::{Answer, Document, RawSpan, SpanAt};
use super::offsets::Counting;
use super::table::Record;
use crate::conversation::{Conversation, unit_id};
use crate::formats::predictions::{Header, SCHEMA};
use crate::text::OffsetUnit;
use serde::Deserialize;

/// The documents of a conversation: one per unit, under the unit's id. Decoys are no spans.
pub fn documents(conversation: &Conversation) -> impl Iterator<Item = Document> {
    conversation.messages.iter().flat_map(move |message| {
        message.units().map(move |(pointer, body)| Document {
            id: Some(unit_id(&conversation.id, message.turn, pointer)),
            conversation: Some(conversation.id.clone()),
            customer: Some(conversation.customer.clone()),
            speaker: Some(message.speaker.name().to_owned()),
            language: Some(conversation.lang.to_string()),
            template: message.phrases.first().map(|phrase| phrase.to_string()),
            text: body.text().to_owned(),
            spans: body
                .spans()
                .map(|(range, span)| RawSpan {
                    start: range.start,
                    end: range.end,
                    label: span.label.id().to_owned(),
                    text: Some(body.covered(range).to_owned()),
                    score: None,
                })
                .collect(),
            tagging: None,
            line: 0,
        })
    })
}

/// A corpus line.
pub(super) fn conversation(json: &str, counting: Counting) -> Result<Record, String> {
    let Counting::Unit(unit) = counting else {
        return Err("a corpus of ours does not count in graphemes".to_owned());
    };
    let conversation = crate::formats::jsonl::parse(json, unit)?;
    let answers = documents(&conversation).map(|document| Answer {
        id: document.id,
        conversation: document.conversation,
        customer: document.customer,
        speaker: document.speaker,
        language: document.language,
        template: document.template,
        text: Some(document.text),
        spans: document
            .spans
            .into_iter()
            .map(|span| SpanAt {
                start: span.start.into(),
                end: span.end.into(),
                counting: Counting::Unit(OffsetUnit::Byte),
                label: span.label,
                text: span.text,
                score: None,
            })
            .collect(),
        ..Answer::default()
    });
    Ok(Record::Answers(answers.collect()))
}

#[derive(Deserialize)]
struct Line {
    id: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    start: u64,
    end: u64,
    label: String,
    #[serde(default)]
    score: Option<f32>,
    #[serde(default)]
    text: Option<String>,
}

/// A line of a predictions file; its header, where none was read yet.
pub(super) fn predictions(json: &str, header: &mut Option<Header>) -> Result<Record, String> {
    let Some(header) = header else {
        let read: Header = serde_json::from_str(json).map_err(|e| {
            format!(
                "no header of a predictions file: {}",
                super::source::json_error(&e)
            )
        })?;
        if read.kind != "predictions" || read.schema != SCHEMA {
            let (kind, schema) = (read.kind, read.schema);
            return Err(format!(
                "kind `{kind}`, schema {schema}: not one this version reads"
            ));
        }
        *header = Some(read);
        return Ok(Record::Answers(Vec::new()));
    };
    let line: Line = serde_json::from_str(json).map_err(|e| super::source::json_error(&e))?;
    Ok(Record::of(Answer {
        id: Some(line.id),
        spans: line
            .spans
            .into_iter()
            .map(|span| SpanAt {
                start: span.start,
                end: span.end,
                counting: Counting::Unit(header.offsets),
                label: span.label,
                text: span.text,
                score: span.score,
            })
            .collect(),
        ..Answer::default()
    }))
}
