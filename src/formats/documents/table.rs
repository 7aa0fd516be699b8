//! The table of formats, and what their readers share.

use super::conll::Columns;
use super::document::Answer;
use super::mapping::Mapping;
use super::offsets::Counting;
use super::tags::TagScheme;
use crate::conversation::names;
use crate::text::OffsetUnit;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

names! {
    /// A format of corpora or of answers.
    pub enum Format {
        /// Our own corpus lines.
        Tellerbench = "tellerbench",
        /// Our own predictions file.
        Predictions = "predictions",
        /// A token a line with its tag.
        Conll = "conll",
        /// presidio-research's samples.
        Presidio = "presidio",
        /// spaCy's training data and Prodigy's JSON Lines.
        Spacy = "spacy",
        /// doccano's exports.
        Doccano = "doccano",
        /// Tokens and tags in a record, as on the Hugging Face hub.
        HfTokens = "hf-tokens",
        /// Anything else in JSON or CSV, by a mapping file.
        Mapped = "mapped",
        /// Amazon Comprehend's answers.
        Comprehend = "aws-comprehend",
        /// Google DLP's answers.
        Dlp = "google-dlp",
        /// Azure's answers.
        Azure = "azure-pii",
    }
}

names! {
    /// What a format can hold.
    pub enum Kind {
        /// Texts with spans: gold, and answers that repeat the text.
        Corpus = "corpus",
        /// Spans without texts: answers alone.
        Answers = "predictions",
    }
}

impl Format {
    /// What it is, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Format::Tellerbench => "our corpus lines (docs/formats.md)",
            Format::Predictions => "our predictions file (docs/formats.md)",
            Format::Conll => {
                "CoNLL: a token a line with its tag, in any of the IO, IOB, IOE, BIOES, BILOU schemes"
            }
            Format::Presidio => "presidio-research InputSample, a JSON array or JSON Lines",
            Format::Spacy => "spaCy training data and Prodigy JSON Lines",
            Format::Doccano => "doccano JSON Lines, sequence labelling or with relations",
            Format::HfTokens => "JSON Lines with tokens and ner_tags, as on the Hugging Face hub",
            Format::Mapped => "any JSON Lines, JSON array or CSV, described by --mapping FILE",
            Format::Comprehend => "answers of Amazon Comprehend DetectPiiEntities, one a line",
            Format::Dlp => "answers of Google DLP content:inspect, one a line",
            Format::Azure => "answers of Azure AI Language PII detection, one a line",
        }
    }

    /// What it can hold.
    pub fn kind(self) -> Kind {
        match self {
            Format::Predictions | Format::Comprehend | Format::Dlp | Format::Azure => Kind::Answers,
            _ => Kind::Corpus,
        }
    }

    /// How it counts where nothing is declared; `None` where the file says it itself, or has no
    /// offsets.
    pub fn counting(self) -> Option<Counting> {
        match self {
            Format::Tellerbench
            | Format::Presidio
            | Format::Spacy
            | Format::Mapped
            | Format::Comprehend => Some(Counting::Unit(OffsetUnit::Codepoint)),
            Format::Doccano => Some(Counting::Unit(OffsetUnit::Utf16)),
            Format::Azure => Some(Counting::Grapheme),
            Format::Predictions | Format::Conll | Format::HfTokens | Format::Dlp => None,
        }
    }
}

/// What a file does not say of itself.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// How it counts offsets, where not as its format usually does.
    pub offsets: Option<Counting>,
    /// How tags spell spans.
    pub tag_scheme: TagScheme,
    /// The columns of a CoNLL file.
    pub columns: Columns,
    /// The key of the tags of a Hugging Face record, where it is not a usual one.
    pub tag_key: Option<String>,
    /// The names of tags that are numbers, number 0 first.
    pub tag_names: Vec<String>,
    /// The mapping file.
    pub mapping: Option<Arc<Mapping>>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions {
            offsets: None,
            tag_scheme: TagScheme::Conlleval,
            columns: Columns::default(),
            tag_key: None,
            tag_names: Vec::new(),
            mapping: None,
        }
    }
}

impl ReadOptions {
    /// What a corpus needs and these options leave out.
    pub fn corpus_fault(&self, format: Format) -> Option<&'static str> {
        let mapped = self.mapping.as_ref().filter(|_| format == Format::Mapped);
        let textless = mapped.is_some_and(|mapping| mapping.text.is_none());
        textless.then_some(
            "the mapping file does not say where texts stand, and a corpus has texts: \
             add text = \"KEY\"",
        )
    }

    /// How a file of this format counts: as declared, or as its mapping says, or as is usual.
    pub fn counting(&self, format: Format) -> Counting {
        let mapped = self.mapping.as_ref().filter(|_| format == Format::Mapped);
        self.offsets
            .or(mapped.map(|mapping| mapping.counting()))
            .or(format.counting())
            .unwrap_or(Counting::Unit(OffsetUnit::Codepoint))
    }
}

/// An id that may be written as a number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    Number(i64),
    Text(String),
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        match id {
            Id::Number(number) => number.to_string(),
            Id::Text(text) => text,
        }
    }
}

/// What a record holds.
#[derive(Debug)]
pub(super) enum Record {
    /// Documents, usually one.
    Answers(Vec<Answer>),
    /// Nothing that counts, and why.
    Skipped(String),
}

impl Record {
    pub(super) fn of(answer: Answer) -> Record {
        Record::Answers(vec![answer])
    }
}
