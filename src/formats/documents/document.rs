//! What comes out of a reader.

use super::offsets::{self, Counting, Misfit};
use crate::text::ByteRange;

/// One message of a foreign corpus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its id in the file, where it has one.
    pub id: Option<String>,
    /// The conversation that it belongs to, where the file says so.
    pub conversation: Option<String>,
    /// The customer, where the file says so.
    pub customer: Option<String>,
    /// Who wrote it, in the words of the file.
    pub speaker: Option<String>,
    /// Its language, where the file says so.
    pub language: Option<String>,
    /// The template that it was made from, where the file says so: messages of one template are no
    /// independent ones.
    pub template: Option<String>,
    /// Its text, as it stands in the file.
    pub text: String,
    /// Its spans, in the order of the file.
    pub spans: Vec<RawSpan>,
    /// Tokens and tags, where the format has them.
    pub tagging: Option<Tagging>,
    /// The line on which it begins, from 1.
    pub line: u64,
}

/// A range of a document's text under a label of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct RawSpan {
    /// Its first byte.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The label, as it stands in the file.
    pub label: String,
    /// What it covers, where the file repeats it (checked when it was read).
    pub text: Option<String>,
    /// How sure the tool was, in the answers of tools that say so.
    pub score: Option<f32>,
}

impl RawSpan {
    /// Its range.
    pub fn range(&self) -> ByteRange {
        ByteRange {
            start: self.start,
            end: self.end,
        }
    }
}

/// The tokens of a document and their tags, as the file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tagging {
    /// Where each token stands in the text, in bytes. A token may be empty.
    pub tokens: Vec<ByteRange>,
    /// One tag per token, as it stands in the file (`B-PER`).
    pub tags: Vec<String>,
}

impl Document {
    /// What a span of this document covers.
    ///
    /// # Panics
    /// When the span is of another document.
    pub fn covered(&self, span: &RawSpan) -> &str {
        &self.text[span.range().as_range()]
    }
}

/// A document whose offsets are still those of the file: what a reader takes from one record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Id of the document, where the file says so.
    pub id: Option<String>,
    /// The conversation, where the file says so.
    pub conversation: Option<String>,
    /// The customer, where the file says so.
    pub customer: Option<String>,
    /// Who wrote it, in the words of the file.
    pub speaker: Option<String>,
    /// The language, where the file says so.
    pub language: Option<String>,
    /// The template that it was made from, where the file says so.
    pub template: Option<String>,
    /// The text, where the file repeats it.
    pub text: Option<String>,
    /// The spans, in the order of the file.
    pub spans: Vec<SpanAt>,
    /// Tokens and tags, where the format has them.
    pub tagging: Option<Tagging>,
    /// The line on which it begins, from 1.
    pub line: u64,
}

/// A span with the offsets of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanAt {
    /// Where it starts.
    pub start: u64,
    /// One past where it ends.
    pub end: u64,
    /// How these two are counted.
    pub counting: Counting,
    /// The label, as it stands in the file.
    pub label: String,
    /// What it covers, where the file repeats it.
    pub text: Option<String>,
    /// How sure the tool was, where it says so.
    pub score: Option<f32>,
}

impl Answer {
    /// Where its spans stand in bytes of the `text` that it is an answer for.
    ///
    /// # Errors
    /// As [`resolve`](Answer::resolve).
    pub fn ranges(&self, text: &str) -> Result<Vec<ByteRange>, Misfit> {
        offsets::ranges(text, &self.spans)
    }

    /// The document that this is an answer for, with offsets in bytes of `text`.
    ///
    /// # Errors
    /// The first span that is no range of the text, or does not cover what the file says it does.
    pub fn resolve(self, text: String) -> Result<Document, Misfit> {
        let ranges = self.ranges(&text)?;
        let spans = self.spans.into_iter().zip(ranges);
        Ok(Document {
            spans: spans
                .map(|(span, range)| RawSpan {
                    start: range.start,
                    end: range.end,
                    label: span.label,
                    text: span.text,
                    score: span.score,
                })
                .collect(),
            id: self.id,
            conversation: self.conversation,
            customer: self.customer,
            speaker: self.speaker,
            language: self.language,
            template: self.template,
            text,
            tagging: self.tagging,
            line: self.line,
        })
    }
}
