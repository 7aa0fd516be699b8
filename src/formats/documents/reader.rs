//! The one iterator over all formats.

use super::conll;
use super::document::{Answer, Document};
use super::mapping::Syntax;
use super::offsets::Edges;
use super::rows::Table;
use super::source::{ReadError, Source, json_error};
use super::table::{Format, Kind, ReadOptions, Record};
use super::{azure, comprehend, dlp, doccano, hf_tokens, mapping, own, presidio, spacy};
use crate::formats::predictions::Header;
use std::collections::{BTreeMap, VecDeque};
use std::io::BufRead;

/// The answers of a file, with offsets as they are written.
#[derive(Debug)]
pub struct Answers<'a> {
    format: Format,
    records: Records<'a>,
    options: ReadOptions,
    waiting: VecDeque<Answer>,
    skipped: BTreeMap<String, u64>,
    header: Option<Header>,
    failed: bool,
}

/// Where records come from.
#[derive(Debug)]
enum Records<'a> {
    Json(Source<'a>),
    Tokens(Source<'a>, conll::State),
    Rows(Box<Table<'a>>),
}

impl<'a> Answers<'a> {
    /// Reads `input`, which messages call `file`.
    ///
    /// # Errors
    /// Options that the format needs and that are not given; a header row that lacks a column.
    pub fn new(
        format: Format,
        input: impl BufRead + 'a,
        file: &str,
        options: &ReadOptions,
    ) -> Result<Self, String> {
        let mapped = options
            .mapping
            .as_ref()
            .filter(|_| format == Format::Mapped);
        if format == Format::Mapped && mapped.is_none() {
            return Err(format!("{file}: format `mapped` needs --mapping FILE"));
        }
        if options.offsets.is_some() && format.counting().is_none() {
            return Err(format!(
                "{file}: an offset unit was declared, and `{format}` has none to declare"
            ));
        }
        let records = match (format, mapped) {
            (Format::Conll, _) => {
                Records::Tokens(Source::new(input, file), conll::State::default())
            }
            (_, Some(mapping)) if mapping.format == Syntax::Csv => {
                let counting = options.counting(format);
                let table = Table::open(input, file, mapping, counting);
                Records::Rows(Box::new(table.map_err(|error| error.to_string())?))
            }
            _ => Records::Json(Source::new(input, file)),
        };
        Ok(Answers {
            format,
            records,
            options: options.clone(),
            waiting: VecDeque::new(),
            skipped: BTreeMap::new(),
            header: None,
            failed: false,
        })
    }

    /// Records that were skipped so far, by reason.
    pub fn skipped(&self) -> &BTreeMap<String, u64> {
        &self.skipped
    }

    /// The header of a predictions file, once its first answer was read.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// An error about the record that was read last.
    pub fn error(&self, message: impl Into<String>) -> ReadError {
        match &self.records {
            Records::Json(source) | Records::Tokens(source, _) => source.error(message),
            Records::Rows(table) => table.error(message),
        }
    }

    fn advance(&mut self) -> Result<Option<Answer>, ReadError> {
        loop {
            if let Some(answer) = self.waiting.pop_front() {
                return Ok(Some(answer));
            }
            let options = &self.options;
            let source = match &mut self.records {
                Records::Tokens(source, state) => {
                    return state.next(source, &options.columns, options.tag_scheme);
                }
                Records::Rows(table) => return table.next(),
                Records::Json(source) => source,
            };
            let Some(json) = source.next_json()? else {
                return Ok(None);
            };
            let counting = options.counting(self.format);
            let parsed = match self.format {
                Format::Tellerbench => own::conversation(json, counting),
                Format::Predictions => own::predictions(json, &mut self.header),
                Format::Presidio => presidio::parse(json, counting),
                Format::Spacy => spacy::parse(json, counting),
                Format::Doccano => doccano::parse(json, counting),
                Format::HfTokens => hf_tokens::parse(json, options),
                Format::Comprehend => comprehend::parse(json, counting),
                Format::Dlp => dlp::parse(json),
                Format::Azure => azure::parse(json, counting),
                Format::Mapped => match &options.mapping {
                    Some(mapping) => mapping::parse(json, mapping, counting),
                    None => Err("no mapping".to_owned()),
                },
                Format::Conll => Err("no JSON".to_owned()),
            };
            // Where it is no JSON at all, the JSON reader says it better than a format can.
            let parsed =
                parsed.map_err(
                    |message| match serde_json::from_str::<serde_json::Value>(json) {
                        Err(error) => json_error(&error),
                        Ok(_) => message,
                    },
                );
            let line = source.line();
            match parsed.map_err(|message| source.error(message))? {
                Record::Skipped(why) => *self.skipped.entry(why).or_default() += 1,
                Record::Answers(answers) => {
                    let answers = answers.into_iter().map(|answer| Answer { line, ..answer });
                    self.waiting.extend(answers);
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
    edges: Edges,
    failed: bool,
}

/// How many further documents are read to decide between remedies.
const FURTHER: usize = 1000;

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
                "{file}: `{format}` holds answers without texts: they can be scored against a \
                 corpus, and are none"
            ));
        }
        if let Some(fault) = options.corpus_fault(format) {
            return Err(format!("{file}: {fault}"));
        }
        Ok(Documents {
            answers: Answers::new(format, input, file, options)?,
            edges: Edges::none(),
            failed: false,
        })
    }

    /// Why the offsets read so far are probably counted otherwise than was declared, although each
    /// span is a range: only a file that does not repeat what spans cover can leave such a doubt.
    pub fn doubt(&self) -> Option<String> {
        let answers = &self.answers;
        self.edges.doubt(answers.options.counting(answers.format))
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
            self.edges.look(&text, &answer.spans);
            answer.resolve(text).map_err(|mut misfit| {
                let error = self.answers.error("");
                if misfit.fits.len() > 1 {
                    let further = self.answers.by_ref().take(FURTHER);
                    for answer in further.map_while(Result::ok) {
                        if let Some(text) = &answer.text {
                            misfit.narrow(text, &answer.spans);
                        }
                    }
                }
                if misfit.fits.len() > 1 {
                    misfit.weigh(&self.edges);
                }
                ReadError {
                    line,
                    message: error.message + &misfit.to_string(),
                    ..error
                }
            })
        });
        self.failed = next.is_err();
        Some(next)
    }
}
