//! The table of formats, and the one iterator over all of them.

use super::document::{Answer, Document};
use super::offsets::Counting;
use super::source::{ReadError, Source, json_error};
use super::spacy;
use crate::conversation::names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::BufRead;

names! {
    /// A format of corpora or of answers.
    pub enum Format {
        /// spaCy's training data and Prodigy's JSON Lines.
        Spacy = "spacy",
    }
}

names! {
    /// What a format can hold.
    pub enum Kind {
        /// Texts with spans: gold, and answers that repeat the text.
        Corpus = "corpus",
        /// Spans without texts: answers alone.
        Answers = "answers",
    }
}

impl Format {
    /// What it is, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Format::Spacy => "spaCy training data, Prodigy JSON Lines",
        }
    }

    /// What it can hold.
    pub fn kind(self) -> Kind {
        match self {
            Format::Spacy => Kind::Corpus,
        }
    }

    /// How it counts where nothing is declared.
    pub fn counting(self) -> Counting {
        match self {
            Format::Spacy => spacy::COUNTING,
        }
    }
}

/// What a file does not say of itself.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// How it counts offsets, where not as its format usually does.
    pub offsets: Option<Counting>,
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

/// The answers of a file, with offsets as they are written.
#[derive(Debug)]
pub struct Answers<'a> {
    format: Format,
    source: Source<'a>,
    options: ReadOptions,
    waiting: std::collections::VecDeque<Answer>,
    skipped: BTreeMap<String, u64>,
    failed: bool,
}

impl<'a> Answers<'a> {
    /// Reads `input`, which messages call `file`.
    ///
    /// # Errors
    /// Options that the format needs and that are not given.
    pub fn new(
        format: Format,
        input: impl BufRead + 'a,
        file: &str,
        options: &ReadOptions,
    ) -> Result<Self, String> {
        Ok(Answers {
            format,
            source: Source::new(input, file),
            options: options.clone(),
            waiting: Default::default(),
            skipped: BTreeMap::new(),
            failed: false,
        })
    }

    /// Records that were skipped so far, by reason.
    pub fn skipped(&self) -> &BTreeMap<String, u64> {
        &self.skipped
    }

    /// An error about the record that was read last.
    pub fn error(&self, message: impl Into<String>) -> ReadError {
        self.source.error(message)
    }

    fn advance(&mut self) -> Result<Option<Answer>, ReadError> {
        loop {
            if let Some(answer) = self.waiting.pop_front() {
                return Ok(Some(answer));
            }
            let counting = self.options.offsets.unwrap_or(self.format.counting());
            let Some(json) = self.source.next_json()? else {
                return Ok(None);
            };
            let parsed = match self.format {
                Format::Spacy => spacy::parse(json, counting),
            };
            // Where it is no JSON at all, the JSON reader says it better than a format can.
            let parsed = match parsed {
                Err(message) => match serde_json::from_str::<serde::de::IgnoredAny>(json) {
                    Err(error) => Err(json_error(&error)),
                    Ok(_) => Err(message),
                },
                parsed => parsed,
            };
            let line = self.source.line();
            match parsed.map_err(|message| self.source.error(message))? {
                Record::Skipped(why) => *self.skipped.entry(why).or_default() += 1,
                Record::Answers(answers) => {
                    self.waiting
                        .extend(answers.into_iter().map(|answer| Answer { line, ..answer }));
                }
            }
        }
    }
}

impl Iterator for Answers<'_> {
    type Item = Result<Answer, ReadError>;

    /// The next answer. Nothing comes behind an error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.advance().transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

/// The documents of a corpus, with spans in bytes and the labels of the file.
#[derive(Debug)]
pub struct Documents<'a> {
    answers: Answers<'a>,
    failed: bool,
}

impl<'a> Documents<'a> {
    /// Reads `input`, which messages call `file`.
    ///
    /// # Errors
    /// A format that repeats no text; options that the format needs and that are not given.
    pub fn new(
        format: Format,
        input: impl BufRead + 'a,
        file: &str,
        options: &ReadOptions,
    ) -> Result<Self, String> {
        if format.kind() == Kind::Answers {
            return Err(format!(
                "{file}: `{format}` holds answers without texts: it can be scored against a corpus, \
                 and is none"
            ));
        }
        Ok(Documents {
            answers: Answers::new(format, input, file, options)?,
            failed: false,
        })
    }

    /// Records that were skipped so far, by reason.
    pub fn skipped(&self) -> &BTreeMap<String, u64> {
        self.answers.skipped()
    }
}

impl Iterator for Documents<'_> {
    type Item = Result<Document, ReadError>;

    /// The next document. Nothing comes behind an error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.answers.next()?.and_then(|mut answer| {
            let line = answer.line;
            let text = answer.text.take();
            let text = text.ok_or_else(|| self.answers.error("the record has no text"))?;
            let resolved = answer.resolve(text);
            resolved.map_err(|misfit| ReadError {
                line,
                ..self.answers.error(misfit.to_string())
            })
        });
        self.failed = next.is_err();
        Some(next)
    }
}
