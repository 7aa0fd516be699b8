//! CSV files, by a mapping: a message a row, or a span a row.

use super::document::{Answer, SpanAt};
use super::mapping::{Mapping, Place, Rows, list, spans_of, whole};
use super::offsets::Counting;
use super::source::{LONGEST_RECORD, ReadError};
use serde_json::Value;
use std::cell::Cell;
use std::io::{BufRead, Read};
use std::rc::Rc;

/// The rows of a file as answers.
pub(super) struct Table<'a> {
    rows: csv::Reader<Capped<'a>>,
    budget: Rc<Cell<usize>>,
    file: String,
    mapping: Mapping,
    counting: Counting,
    columns: Columns,
    line: u64,
    /// The message whose rows are being read, where a row is a span.
    waiting: Option<Answer>,
    ended: bool,
}

impl std::fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({}:{})", self.file, self.line)
    }
}

/// Where the columns stand.
#[derive(Clone, Debug, Default)]
struct Columns {
    text: Option<usize>,
    id: Option<usize>,
    conversation: Option<usize>,
    customer: Option<usize>,
    speaker: Option<usize>,
    language: Option<usize>,
    template: Option<usize>,
    spans: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    length: Option<usize>,
    label: Option<usize>,
    value: Option<usize>,
    score: Option<usize>,
}

/// Stops where one row takes more than may be kept in memory.
struct Capped<'a> {
    input: Box<dyn BufRead + 'a>,
    left: Rc<Cell<usize>>,
}

impl Read for Capped<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        let left = self.left.get().checked_sub(read);
        self.left.set(left.ok_or_else(|| {
            std::io::Error::other(format!(
                "a row is longer than {LONGEST_RECORD} bytes: is a quotation mark not closed?"
            ))
        })?);
        Ok(read)
    }
}

impl<'a> Table<'a> {
    /// Reads the header row.
    pub fn open(
        input: impl BufRead + 'a,
        file: &str,
        mapping: &Mapping,
        counting: Counting,
    ) -> Result<Self, ReadError> {
        let budget = Rc::new(Cell::new(LONGEST_RECORD));
        let capped = Capped {
            input: Box::new(input),
            left: Rc::clone(&budget),
        };
        let mut table = Table {
            rows: csv::ReaderBuilder::new()
                .delimiter(mapping.delimiter as u8)
                .from_reader(capped),
            budget,
            file: file.to_owned(),
            mapping: mapping.clone(),
            counting,
            columns: Columns::default(),
            line: 1,
            waiting: None,
            ended: false,
        };
        let header = table.rows.headers().cloned();
        let header = header.map_err(|error| table.fault(&error))?;
        table.columns = columns(mapping, &header).map_err(|message| table.error(message))?;
        Ok(table)
    }

    pub fn error(&self, message: impl Into<String>) -> ReadError {
        ReadError {
            file: self.file.clone(),
            line: self.line,
            message: message.into(),
        }
    }

    fn fault(&self, error: &csv::Error) -> ReadError {
        let line = error.position().map_or(self.line, csv::Position::line);
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => {
                format!("{len} columns, and the header has {expected_len}")
            }
            csv::ErrorKind::Utf8 { err, .. } => {
                let column = err.field();
                format!("column {column} is not UTF-8: convert the file first")
            }
            _ => error.to_string(),
        };
        ReadError {
            line,
            ..self.error(message)
        }
    }

    pub fn next(&mut self) -> Result<Option<Answer>, ReadError> {
        while !self.ended {
            self.budget.set(LONGEST_RECORD);
            let mut row = csv::StringRecord::new();
            let read = self.rows.read_record(&mut row);
            if !read.map_err(|error| self.fault(&error))? {
                self.ended = true;
                break;
            }
            self.line = row.position().map_or(self.line, csv::Position::line);
            let read = match self.mapping.rows {
                Rows::Message => self.message(&row).map(Some),
                Rows::Span => self.span(&row),
            };
            if let Some(answer) = read.map_err(|message| self.error(message))? {
                return Ok(Some(answer));
            }
        }
        Ok(self.waiting.take())
    }

    fn bare(&self, row: &csv::StringRecord) -> Answer {
        let cell = |column: Option<usize>| column.and_then(|c| row.get(c)).map(str::to_owned);
        let word = |column: Option<usize>| cell(column).filter(|cell| !cell.is_empty());
        Answer {
            id: word(self.columns.id),
            conversation: word(self.columns.conversation),
            customer: word(self.columns.customer),
            speaker: word(self.columns.speaker),
            language: word(self.columns.language),
            template: word(self.columns.template),
            text: cell(self.columns.text),
            line: self.line,
            ..Answer::default()
        }
    }

    fn message(&self, row: &csv::StringRecord) -> Result<Answer, String> {
        let cell = self.columns.spans.and_then(|column| row.get(column));
        let cell = Value::String(cell.unwrap_or_default().to_owned());
        let spans = list(&cell).and_then(|list| spans_of(&list, &self.mapping, self.counting));
        Ok(Answer {
            spans: spans.map_err(|error| format!("spans: {error}"))?,
            ..self.bare(row)
        })
    }

    /// Takes a row of a span; the message before it, where the row begins another.
    fn span(&mut self, row: &csv::StringRecord) -> Result<Option<Answer>, String> {
        let bare = self.bare(row);
        if bare.id.is_none() {
            return Err("no id: which message is this span of?".to_owned());
        }
        let cell = |column: Option<usize>| column.and_then(|c| row.get(c)).unwrap_or_default();
        let places = &self.mapping.span;
        let columns = &self.columns;
        let mut span = None;
        if !cell(columns.start).trim().is_empty() || !cell(columns.label).trim().is_empty() {
            let start = whole(cell(columns.start), &places.start, "start")?;
            let end = match (&places.end, &places.length) {
                (Some(place), _) => Some(whole(cell(columns.end), place, "end")?),
                (None, Some(place)) => {
                    start.checked_add(whole(cell(columns.length), place, "length")?)
                }
                (None, None) => None,
            };
            let value = columns.value.and_then(|column| row.get(column));
            span = Some(SpanAt {
                start,
                end: end.ok_or("offset and length overflow")?,
                counting: self.counting,
                label: cell(columns.label).to_owned(),
                text: value.filter(|v| !v.is_empty()).map(str::to_owned),
                score: cell(columns.score).trim().parse().ok(),
            });
        }
        let same = self
            .waiting
            .as_ref()
            .is_some_and(|waiting| waiting.id == bare.id);
        if same && self.waiting.as_ref().is_some_and(|w| w.text != bare.text) {
            let id = bare.id.unwrap_or_default();
            return Err(format!(
                "the text of message `{id}` is another one than in the row before"
            ));
        }
        let ended = if same { None } else { self.waiting.take() };
        self.waiting.get_or_insert(bare).spans.extend(span);
        Ok(ended)
    }
}

fn columns(mapping: &Mapping, header: &csv::StringRecord) -> Result<Columns, String> {
    let find = |place: &Place| match place {
        Place::Index(index) if *index < header.len() => Ok(*index),
        Place::Index(index) => Err(format!("no column {index}: there are {}", header.len())),
        Place::Name(name) => {
            let absent = || {
                let known: Vec<&str> = header.iter().collect();
                format!("no column `{name}`: the header has {}", known.join(", "))
            };
            header
                .iter()
                .position(|column| column == name)
                .ok_or_else(absent)
        }
    };
    let maybe = |place: &Option<Place>| place.as_ref().map(find).transpose();
    let by_row = mapping.rows == Rows::Span;
    let of_row = |place: Option<&Place>| place.filter(|_| by_row).map(find).transpose();
    Ok(Columns {
        text: maybe(&mapping.text)?,
        id: maybe(&mapping.id)?,
        conversation: maybe(&mapping.conversation)?,
        customer: maybe(&mapping.customer)?,
        speaker: maybe(&mapping.speaker)?,
        language: maybe(&mapping.language)?,
        template: maybe(&mapping.template)?,
        spans: maybe(&mapping.spans)?,
        start: of_row(Some(&mapping.span.start))?,
        end: of_row(mapping.span.end.as_ref())?,
        length: of_row(mapping.span.length.as_ref())?,
        label: of_row(Some(&mapping.span.label))?,
        value: of_row(mapping.span.value.as_ref())?,
        score: of_row(mapping.span.score.as_ref())?,
    })
}
