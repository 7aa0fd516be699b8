//! Conversations and predictions by hand, for tests.
//!
//! A message is written with its marks: `ma carte <PAN f1:4000 0012>` is a gold span of fact f1,
//! `<PAN:4000 0012>` one without a fact, `<!loyalty_card PAN:4000>` a decoy,
//! `<~TITLE:Mme>` a range that counts neither way; marks nest.

use crate::calendar::{Date, Moment, Zone};
use crate::conversation::{
    Body, Conversation, Decoy, Fact, Form, Mark, Message, MessageKind, Name, Owner, Part, Span,
    Speaker, Split,
};
use crate::prediction::{Prediction, Predictions, ToolLabels};
use crate::taxonomy::Label;
use crate::text::ByteRange;
use std::borrow::Cow;

pub fn label(id: &str) -> Label {
    Label::named(id).unwrap_or_else(|| panic!("{}", crate::taxonomy::unknown_label(id)))
}

/// A body from marked text. A head is `LABEL [f<k>] [form=…] [part=k/n] [asked]`.
pub fn body(marked: &str) -> Body {
    let mut body = Body::new();
    let mut open = Vec::new();
    let mut rest = marked;
    while let Some(at) = rest.find(['<', '>']) {
        body.push_str(&rest[..at]);
        if rest[at..].starts_with('<') {
            let colon = at + rest[at..].find(':').expect("a mark has a head");
            open.push((body.open(), mark(&rest[at + 1..colon])));
            rest = &rest[colon + 1..];
        } else {
            let (opened, mark) = open.pop().expect("marks are closed once");
            body.close(opened, mark);
            rest = &rest[at + 1..];
        }
    }
    body.push_str(rest);
    body
}

fn mark(head: &str) -> Mark {
    let mut words = head.split(' ');
    let first = words.next().unwrap();
    if let Some(foreign) = first.strip_prefix('~') {
        return Mark::Ignored(Cow::Owned(foreign.to_owned()));
    }
    if let Some(kind) = first.strip_prefix('!') {
        let looks_like = label(words.next().unwrap());
        return Mark::Decoy(Decoy {
            looks_like,
            is: Cow::Owned(kind.to_owned()),
        });
    }
    let mut span = Span {
        label: label(first),
        fact: None,
        form: None,
        valid: None,
        strict_valid: None,
        safety: None,
        asked: None,
        part: None,
        lookalike: None,
    };
    for word in words {
        if let Some(form) = word.strip_prefix("form=") {
            span.form = Some(Form::named(form).unwrap());
        } else if let Some((k, n)) = word.strip_prefix("part=").and_then(|p| p.split_once('/')) {
            span.part = Some(Part {
                k: k.parse().unwrap(),
                n: n.parse().unwrap(),
            });
        } else if word == "asked" {
            span.asked = Some(0);
        } else {
            span.fact = Some(word.parse().unwrap());
        }
    }
    Mark::Span(span)
}

/// A conversation of customer messages, each with the phrase it was made from (empty for none).
pub fn conversation(number: u32, customer: &str, messages: &[(&str, &str)]) -> Conversation {
    let name = |text: &str| -> Name { Cow::Owned(text.to_owned()) };
    let day: Date = "2026-03-14".parse().unwrap();
    let messages: Vec<Message> = (0..)
        .zip(messages)
        .map(|(turn, &(phrase, marked))| Message {
            turn,
            speaker: Speaker::Customer,
            kind: MessageKind::Text,
            ts: Moment::new(day, 36_000 + turn * 60, Zone::CentralEurope),
            body: body(marked),
            phrases: Some(phrase)
                .filter(|p| !p.is_empty())
                .map(name)
                .into_iter()
                .collect(),
            fields: Vec::new(),
        })
        .collect();
    let mut facts: Vec<Fact> = Vec::new();
    for (range, span, body) in messages
        .iter()
        .flat_map(|m| m.body.spans().map(|(range, span)| (range, span, &m.body)))
    {
        if let Some(id) = span
            .fact
            .filter(|id| facts.iter().all(|fact| fact.id != *id))
        {
            facts.push(Fact {
                id,
                label: span.label,
                kind: name("sample"),
                value: body.covered(range).to_owned(),
                owner: Owner::Customer,
                links: Vec::new(),
            });
        }
    }
    Conversation {
        id: format!("fr-{number:09}"),
        lang: name("fr-FR"),
        customer: customer.to_owned(),
        bank: name("Banque Orlane"),
        channel: name("messenger"),
        policy: name("faq_only"),
        intents: vec![name("lost_stolen_card")],
        writer: name("plain"),
        variety: None,
        split: Split::Test,
        as_of: day,
        facts,
        messages,
    }
}

/// One conversation of one message.
pub fn message(marked: &str) -> Conversation {
    conversation(0, "c-000000", &[("", marked)])
}

/// Predictions by unit: `(unit, covered text, tool label)`, the first place where the text stands.
pub fn found(
    conversation: &Conversation,
    found: &[(usize, &str, &str)],
    labels: &mut ToolLabels,
) -> Predictions {
    let mut predictions = Predictions::new();
    let units = conversation.messages.iter().flat_map(Message::units);
    for (unit, (_, body)) in units.enumerate() {
        for &(_, covered, tool_label) in found.iter().filter(|(at, ..)| *at == unit) {
            let start = body.text().find(covered).expect("the text holds it") as u32;
            predictions.push(Prediction {
                range: ByteRange {
                    start,
                    end: start + covered.len() as u32,
                },
                label: labels.intern(tool_label),
                score: None,
            });
        }
        predictions.end_unit();
    }
    predictions
}
