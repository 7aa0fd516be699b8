//! What a message is an answer to.
//!
//! * **Asked** are the labels that the last question of the bank names, the most recent sentence first.
//! * A message is **bare** when nothing but small words stands around its value.
//!
//! Invariant: a sentence that tells people what never to share asks for nothing.

use super::fold::{Folded, is_word};
use super::lexicon::{Hit, Lexicon, Meaning};
use crate::conversation::Speaker;
use crate::detectors::{Input, Turn};
use crate::taxonomy::Label;
use std::ops::Range;

/// What is known of a message before it is read.
#[derive(Debug)]
pub struct Scene {
    /// Who wrote it.
    pub speaker: Speaker,
    /// What was asked for, most recent first.
    pub asked: Vec<Label>,
}

impl Scene {
    /// Does the customer speak?
    pub fn by_customer(&self) -> bool {
        self.speaker == Speaker::Customer
    }

    /// Was this label asked for?
    pub fn asks(&self, label: Label) -> bool {
        self.asked.contains(&label)
    }
}

/// Reads what the context asks for. `folded` and `hits` are scratch.
pub fn read(
    input: &Input<'_>,
    lexicon: &Lexicon,
    folded: &mut Folded,
    hits: &mut Vec<Hit>,
) -> Scene {
    let mut asked = Vec::new();
    if input.speaker == Speaker::Customer {
        let before = before(input);
        // "Je vous donne mon IBAN" and then, in the next message, the IBAN.
        if let Some(own) = before
            .last()
            .filter(|turn| turn.speaker == Speaker::Customer)
        {
            folded.load(own.text);
            if !folded.bytes().iter().any(u8::is_ascii_digit) {
                lexicon.find(folded.bytes(), hits);
                add_topics(hits, &(0..folded.bytes().len()), &mut asked);
            }
        }
        let question = before
            .iter()
            .rev()
            .find(|turn| matches!(turn.speaker, Speaker::Bot | Speaker::Agent));
        if let Some(question) = question {
            folded.load(question.text);
            lexicon.find(folded.bytes(), hits);
            questions(folded.bytes(), hits, &mut asked);
        }
    }
    Scene {
        speaker: input.speaker,
        asked,
    }
}

/// The context before the message: in the `conversation` feed the context runs on beyond it.
fn before<'a>(input: &Input<'a>) -> &'a [Turn<'a>] {
    let is_this = |turn: &Turn<'_>| std::ptr::eq(turn.text.as_ptr(), input.text.as_ptr());
    match input.context.iter().position(is_this) {
        Some(place) if !input.text.is_empty() => &input.context[..place],
        _ => input.context,
    }
}

fn questions(text: &[u8], hits: &[Hit], asked: &mut Vec<Label>) {
    let sentences = sentences(text);
    let within = |sentence: &Range<usize>, meaning: Meaning| {
        hits.iter()
            .any(|hit| hit.meaning == meaning && sentence.contains(&hit.range.start))
    };
    let open = |sentence: &&Range<usize>| !within(sentence, Meaning::Warning);
    let is_question = |sentence: &&Range<usize>| {
        text[sentence.start..sentence.end].contains(&b'?') || within(sentence, Meaning::Request)
    };
    let mut found = false;
    for sentence in sentences.iter().rev().filter(open).filter(is_question) {
        let before = asked.len();
        add_topics(hits, sentence, asked);
        found |= asked.len() > before;
    }
    if !found {
        let owned = |sentence: &&Range<usize>| within(sentence, Meaning::Possessive);
        for sentence in sentences.iter().rev().filter(open).filter(owned) {
            add_topics(hits, sentence, asked);
        }
    }
}

fn add_topics(hits: &[Hit], within: &Range<usize>, asked: &mut Vec<Label>) {
    for hit in hits.iter().filter(|hit| within.contains(&hit.range.start)) {
        if let Meaning::Topic(label) = hit.meaning
            && !asked.contains(&label)
        {
            asked.push(label);
        }
    }
}

/// The sentences of a folded text: up to `.`, `?`, `!` before white space, or the end of a line.
pub fn sentences(text: &[u8]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for at in 0..text.len() {
        let ends = match text[at] {
            b'\n' => true,
            b'.' | b'?' | b'!' => text.get(at + 1).is_none_or(u8::is_ascii_whitespace),
            _ => false,
        };
        if ends {
            sentences.push(start..at + 1);
            start = at + 1;
        }
    }
    if start < text.len() {
        sentences.push(start..text.len());
    }
    sentences
}

/// The message without the small words and punctuation around its value; `None` if nothing is left.
pub fn bare(folded: &Folded, lexicon: &Lexicon) -> Option<Range<usize>> {
    let words = words(folded.bytes());
    let counts = |word: &&Range<usize>| !lexicon.filler.contains(folded.str((*word).clone()));
    let first = words.iter().find(counts)?;
    let last = words.iter().rev().find(counts)?;
    Some(first.start..last.end)
}

/// The words of a folded text: runs of word characters, with apostrophes and dashes inside.
pub fn words(text: &[u8]) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !is_word(text[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < text.len()
            && (is_word(text[at])
                || (matches!(text[at], b'\'' | b'-')
                    && text.get(at + 1).is_some_and(|&b| is_word(b))))
        {
            at += 1;
        }
        words.push(start..at);
    }
    words
}
