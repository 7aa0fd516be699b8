//! Reading: the records of all files, in pieces for threads.
//!
//! A file of ours, or one of elsewhere with `messages`, is handed on line by line. A file in the format of
//! another tool becomes records here: one a message, or one for messages in a row that the file puts into one
//! conversation.

use super::record::{self, MessageRecord, Record, SpanRecord};
use crate::conversation::Speaker;
use crate::formats::documents::{
    Answer, Answers, Detected, Edges, Format, GoldLabels, Kind, Meaning, Misfit, ReadError,
    ReadOptions, SpanAt, detect, ranges,
};
use crate::formats::{self, jsonl::LONGEST_LINE};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, Read};
use std::path::PathBuf;

/// Why a corpus could not be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A file that cannot be opened.
    #[error("{path}: {source}")]
    Open {
        /// Which.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Options that are missing, or that say nothing about the corpus.
    #[error("{0}")]
    Usage(String),
    /// Something that is no corpus.
    #[error("{0}")]
    Corrupt(String),
}

impl From<ReadError> for AuditError {
    fn from(error: ReadError) -> AuditError {
        AuditError::Corrupt(error.to_string())
    }
}

/// How files of other tools are read. What their content does not tell is declared here.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The format, where it is declared.
    pub format: Option<Format>,
    /// Offset unit, tags, columns, mapping.
    pub options: ReadOptions,
    /// What labels mean in ours.
    pub labels: GoldLabels,
    /// Which speaker of ours a word means.
    pub speakers: BTreeMap<String, Speaker>,
    /// The language of messages whose file does not say it.
    pub language: Option<String>,
}

/// How a corpus of another tool was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Its format.
    pub format: String,
    /// How its offsets were read; `tokens` where it has none and its text was made from tokens.
    pub offsets: String,
    /// What there is to know of the reading: a unit under which more offsets fit, records that were skipped.
    pub remarks: Vec<String>,
}

/// One record.
#[derive(Debug)]
pub enum Line {
    /// As it stands in a file.
    Text(String),
    /// Of another tool's file. Offsets that could be found in the text are in bytes.
    Foreign(Box<Record>),
}

/// Records of one file.
#[derive(Debug)]
pub struct Piece {
    /// Index of the piece in the corpus.
    pub number: u64,
    /// Index of the file.
    pub file: u32,
    /// How many records of the file come before it.
    pub before: u64,
    /// The records with the lines on which they begin, from 1; blank ones left out.
    pub lines: Vec<(u64, Line)>,
    /// Why the format of the file was not told from its content, if it was not.
    pub untold: Option<String>,
    /// Is it the last of its file?
    pub last: bool,
}

impl Piece {
    /// A record, read where it is one of ours.
    ///
    /// # Errors
    /// What makes it no record, and for the first of a file why its format was not told.
    pub fn read(&self, at: usize, file: &str) -> Result<Option<Record>, AuditError> {
        let (line, Line::Text(text)) = &self.lines[at] else {
            return Ok(None);
        };
        record::read(text).map(Some).map_err(|error| {
            // What has messages was meant as a record of ours.
            let other = self.before == 0 && at == 0 && !text.contains("\"messages\"");
            let untold = self.untold.as_ref().filter(|_| other);
            let untold =
                untold.map_or(String::new(), |why| format!("; and no other format: {why}"));
            AuditError::Corrupt(format!("{file}:{line}: {error}{untold}"))
        })
    }
}

/// Records of a piece.
const LINES: usize = 64;

/// How many further messages are looked at to decide between offset units.
const FURTHER: usize = 1000;

/// Hands every record to `give` in order, until it returns false. Says how the files were read, if they are
/// another tool's.
///
/// # Errors
/// A file that cannot be opened or read, a line that is not UTF-8 or too long; files of several formats.
pub fn read(
    files: &[PathBuf],
    reading: &Reading,
    mut give: impl FnMut(Piece) -> bool,
) -> Result<Option<Given>, AuditError> {
    let mut pieces = Pieces {
        number: 0,
        file: 0,
        before: 0,
        untold: None,
        lines: Vec::with_capacity(LINES),
        give: &mut give,
    };
    let mut before: Option<(Format, Foreign<'_>)> = None;
    for (index, path) in files.iter().enumerate() {
        let name = path.display().to_string();
        let opened = File::open(path).map_err(|source| AuditError::Open {
            path: name.clone(),
            source,
        })?;
        let corrupt = |error: std::io::Error| AuditError::Corrupt(error.to_string());
        let opened = formats::open(opened, &name).map_err(corrupt)?;
        let (told, input) =
            detect(opened).map_err(|error| AuditError::Corrupt(format!("{name}: {error}")))?;
        pieces.start(index);
        let format = match (reading.format, told) {
            (Some(format), _) | (None, Ok(Detected { format, .. })) => format,
            (None, Err(undetected)) => {
                pieces.untold = Some(undetected.to_string());
                Format::Tellerbench
            }
        };
        match &before {
            Some((first, _)) if *first != format => {
                return Err(AuditError::Corrupt(format!(
                    "{name}: format {format}, and the files before it are {first}: audit them apart"
                )));
            }
            Some(_) => {}
            None => before = Some((format, Foreign::new(format, reading))),
        }
        let Some((_, foreign)) = &mut before else {
            continue;
        };
        let going_on = match format {
            Format::Tellerbench => lines(input, &name, &mut pieces)?,
            _ => foreign.records(input, &name, &mut pieces)?,
        };
        if !going_on {
            return Ok(None);
        }
    }
    Ok(before
        .filter(|(format, _)| *format != Format::Tellerbench)
        .map(|(_, foreign)| foreign.finish()))
}

/// Puts records together to pieces.
struct Pieces<'g> {
    number: u64,
    file: u32,
    before: u64,
    untold: Option<String>,
    lines: Vec<(u64, Line)>,
    give: &'g mut dyn FnMut(Piece) -> bool,
}

impl Pieces<'_> {
    fn start(&mut self, file: usize) {
        (self.file, self.before, self.untold) = (file as u32, 0, None);
    }

    /// Takes a record; false where no more are wanted.
    fn take(&mut self, line: u64, record: Line) -> bool {
        self.lines.push((line, record));
        self.lines.len() < LINES || self.hand_on(false)
    }

    fn hand_on(&mut self, last: bool) -> bool {
        let lines = std::mem::replace(&mut self.lines, Vec::with_capacity(LINES));
        let count = lines.len() as u64;
        let piece = Piece {
            number: self.number,
            file: self.file,
            before: self.before,
            lines,
            untold: self.untold.clone().filter(|_| self.before == 0),
            last,
        };
        self.before += count;
        self.number += 1;
        (self.give)(piece)
    }
}

/// The lines of a file.
fn lines(mut input: impl BufRead, name: &str, pieces: &mut Pieces<'_>) -> Result<bool, AuditError> {
    let mut line = 0;
    loop {
        let mut text = String::new();
        line += 1;
        let mut limited = Read::take(&mut input, LONGEST_LINE + 1);
        let length = limited
            .read_line(&mut text)
            .map_err(|error| AuditError::Corrupt(format!("{name}:{line}: {error}")))?;
        if length == 0 {
            return Ok(pieces.hand_on(true));
        }
        if length as u64 > LONGEST_LINE {
            let message = format!("{name}:{line}: the line is longer than {LONGEST_LINE} bytes");
            return Err(AuditError::Corrupt(message));
        }
        while text.ends_with(['\n', '\r']) {
            text.pop();
        }
        if !text.trim().is_empty() && !pieces.take(line, Line::Text(text)) {
            return Ok(false);
        }
    }
}

/// Another tool's files.
struct Foreign<'r> {
    format: Format,
    reading: &'r Reading,
    edges: Edges,
    misfit: Option<Misfit>,
    further: usize,
    skipped: BTreeMap<String, u64>,
}

impl<'r> Foreign<'r> {
    fn new(format: Format, reading: &'r Reading) -> Self {
        Foreign {
            format,
            reading,
            edges: Edges::none(),
            misfit: None,
            further: 0,
            skipped: BTreeMap::new(),
        }
    }

    fn records(
        &mut self,
        input: impl BufRead,
        name: &str,
        pieces: &mut Pieces<'_>,
    ) -> Result<bool, AuditError> {
        let format = self.format;
        if format.kind() == Kind::Answers {
            return Err(AuditError::Corrupt(format!(
                "{name}: format {format}: answers without texts are no corpus"
            )));
        }
        if let Some(fault) = self.reading.options.corpus_fault(format) {
            return Err(AuditError::Usage(format!("{name}: {fault}")));
        }
        let answers = Answers::new(format, input, name, &self.reading.options);
        let mut answers = answers.map_err(AuditError::Usage)?;
        // Messages of one conversation that stand together are one record.
        let mut open: Option<(u64, Record)> = None;
        while let Some(answer) = answers.next() {
            let mut answer = answer?;
            let text = answer.text.take();
            let text = text.ok_or_else(|| answers.error("the record has no text"))?;
            let (line, conversation) = (answer.line, answer.conversation.clone());
            let name = conversation.clone().or_else(|| answer.id.clone());
            let language = answer.language.clone().or(self.reading.language.clone());
            let message = self.message(answer, text);
            match &mut open {
                Some((_, record)) if conversation.is_some() && record.id == conversation => {
                    record.messages.push(message);
                }
                _ => {
                    let next = Record {
                        id: name,
                        lang: language,
                        messages: vec![message],
                        ..Record::default()
                    };
                    if let Some((line, whole)) = open.replace((line, next))
                        && !pieces.take(line, Line::Foreign(Box::new(whole)))
                    {
                        return Ok(false);
                    }
                }
            }
        }
        for (why, count) in answers.skipped() {
            *self.skipped.entry(why.clone()).or_default() += count;
        }
        let whole = match open {
            Some((line, whole)) => pieces.take(line, Line::Foreign(Box::new(whole))),
            None => true,
        };
        Ok(whole && pieces.hand_on(true))
    }

    fn message(&mut self, answer: Answer, text: String) -> MessageRecord {
        self.edges.look(&text, &answer.spans);
        match &mut self.misfit {
            Some(misfit) if self.further < FURTHER => {
                self.further += 1;
                misfit.narrow(&text, &answer.spans);
            }
            Some(_) => {}
            None => self.misfit = ranges(&text, &answer.spans).err(),
        }
        let speaker = match &answer.speaker {
            None => Speaker::Customer.name().to_owned(),
            Some(word) => match self.reading.speakers.get(word) {
                Some(speaker) => speaker.name().to_owned(),
                None => word.clone(),
            },
        };
        let spans = answer.spans.into_iter();
        let spans = spans.map(|span| self.span(span, &text)).collect();
        MessageRecord {
            speaker: Some(speaker),
            text,
            spans,
            ..MessageRecord::default()
        }
    }

    fn span(&self, span: SpanAt, text: &str) -> SpanRecord {
        let recorded = span.text.clone();
        // What it covers is compared by the check itself, which knows whether values may be shown.
        let place = SpanAt { text: None, ..span };
        let found = ranges(text, std::slice::from_ref(&place));
        let label = match self.reading.labels.of(&place.label) {
            Some(Meaning::Ours(label)) => label.id().to_owned(),
            _ => place.label,
        };
        let (start, end, misfit) = match found {
            Ok(found) => (found[0].start.into(), found[0].end.into(), None),
            Err(error) => {
                let (start, end, why) = (error.start, error.end, error.why);
                let why = format!("[{start}, {end}) in {}: {why}", error.counting);
                (0, 0, Some(why))
            }
        };
        SpanRecord {
            start,
            end,
            label,
            text: recorded,
            misfit,
            ..SpanRecord::default()
        }
    }

    fn finish(self) -> Given {
        let counting = self.reading.options.counting(self.format);
        let mut remarks = Vec::new();
        remarks.extend(self.misfit.and_then(|mut misfit| {
            misfit.weigh(&self.edges);
            misfit.remedy()
        }));
        if remarks.is_empty() {
            remarks.extend(self.edges.doubt(counting));
        }
        let skipped = self.skipped.iter();
        remarks.extend(skipped.map(|(why, count)| format!("records skipped: {count} ({why})")));
        Given {
            format: self.format.name().to_owned(),
            offsets: match self.format.counting() {
                Some(_) => counting.name().to_owned(),
                None => "tokens".to_owned(),
            },
            remarks,
        }
    }
}
