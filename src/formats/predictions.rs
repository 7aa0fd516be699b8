//! The predictions file: what a detector found, kept apart from the corpus.
//!
//! A header line (detector, version, offset unit, corpus, feed, labels), then one line per **unit** of
//! the corpus, in corpus order, empty ones included:
//!
//! ```text
//! {"schema":1,"kind":"predictions","detector":"regex","version":"2.1","offsets":"codepoint","corpus":"fr-gate@1","feed":"stream","labels":["CARD"]}
//! {"id":"fr-000000042/3","spans":[{"start":11,"end":27,"label":"CARD","score":0.99}]}
//! {"id":"fr-000000042/3#/quick_reply/payload","spans":[]}
//! ```
//!
//! Reading is a merge-join against the corpus in bounded memory. Invariant: a range that comes out of
//! the reader is a range of its unit's text; every fault is an error with file, line, reason, value
//! and what to do, never a wrong number.

mod fault;

pub use fault::{Fault, PredictionsError};

use crate::borrowed::Borrowed;
use crate::conversation::{Conversation, Message, is_unit_id, unit_id};
use crate::detectors::Feed;
use crate::prediction::{Prediction, Predictions, ToolLabels};
use crate::text::{ByteRange, OffsetError, OffsetUnit};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{BufRead, Write};

/// The version of the file.
pub const SCHEMA: u32 = 1;

/// What the header calls the file.
const KIND: &str = "predictions";

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the file.
    pub schema: u32,
    /// `predictions`.
    pub kind: String,
    /// The detector's name.
    pub detector: String,
    /// Its version. No version, no measurement.
    pub version: String,
    /// How it counts offsets.
    #[serde(default)]
    pub offsets: OffsetUnit,
    /// Id of the corpus that was searched.
    pub corpus: String,
    /// How much of a conversation the detector saw.
    pub feed: Feed,
    /// The labels that it can emit; others may follow.
    #[serde(default)]
    pub labels: Vec<String>,
}

impl Header {
    /// A header of this version.
    pub fn new(
        detector: &str,
        version: &str,
        offsets: OffsetUnit,
        corpus: &str,
        feed: Feed,
        labels: &ToolLabels,
    ) -> Self {
        Header {
            schema: SCHEMA,
            kind: KIND.to_owned(),
            detector: detector.to_owned(),
            version: version.to_owned(),
            offsets,
            corpus: corpus.to_owned(),
            feed,
            labels: labels.names().to_vec(),
        }
    }
}

/// One unit's line.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    spans: Vec<LineSpan<'a>>,
}

#[derive(Serialize, Deserialize)]
struct LineSpan<'a> {
    start: u32,
    end: u32,
    #[serde(borrow)]
    label: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    text: Option<Borrowed<'a>>,
}

/// What to do with units that the file does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Missing {
    /// It is an error.
    #[default]
    Error,
    /// Everything in them counts as missed (`--missing=all-missed`).
    AllMissed,
}

impl Missing {
    /// The ruling of this name; [`Missing::Error`] for any but `all-missed`.
    pub fn named(name: &str) -> Missing {
        match name {
            "all-missed" => Missing::AllMissed,
            _ => Missing::Error,
        }
    }
}

/// Writes a predictions file, unit by unit.
#[derive(Debug)]
pub struct PredictionsWriter<W> {
    out: W,
    offsets: OffsetUnit,
    line: Vec<u8>,
}

impl<W: Write> PredictionsWriter<W> {
    /// Starts a file: writes the header.
    ///
    /// # Errors
    /// What the writer says.
    pub fn new(mut out: W, header: &Header) -> std::io::Result<Self> {
        serde_json::to_writer(&mut out, header)?;
        out.write_all(b"\n")?;
        Ok(PredictionsWriter {
            out,
            offsets: header.offsets,
            line: Vec::new(),
        })
    }

    /// Writes the answers for the next conversation, one per unit.
    ///
    /// # Errors
    /// What the writer says.
    ///
    /// # Panics
    /// When `predictions` answers another number of units.
    pub fn write(
        &mut self,
        conversation: &Conversation,
        predictions: &Predictions,
        labels: &ToolLabels,
    ) -> std::io::Result<()> {
        let units = conversation
            .messages
            .iter()
            .map(|m| 1 + m.fields.len())
            .sum::<usize>();
        assert_eq!(
            predictions.len(),
            units,
            "one answer per unit of {}",
            conversation.id
        );
        let mut answers = predictions.units();
        for message in &conversation.messages {
            for (pointer, body) in message.units() {
                let table = OffsetTable::to_unit(body.text(), self.offsets);
                let spans = answers.next().into_iter().flatten().map(|found| LineSpan {
                    start: table.offset(found.range.start),
                    end: table.offset(found.range.end),
                    label: Cow::Borrowed(labels.name(found.label)),
                    score: found.score,
                    text: None,
                });
                let id = Cow::Owned(unit_id(&conversation.id, message.turn, pointer));
                self.line.clear();
                serde_json::to_writer(
                    &mut self.line,
                    &Line {
                        id,
                        spans: spans.collect(),
                    },
                )?;
                self.line.push(b'\n');
                self.out.write_all(&self.line)?;
            }
        }
        Ok(())
    }

    /// Ends the file and gives the writer back, flushed.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(mut self) -> std::io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Reads a predictions file along a corpus.
#[derive(Debug)]
pub struct PredictionsReader<R> {
    input: R,
    file: String,
    header: Header,
    labels: ToolLabels,
    missing: Missing,
    line: String,
    number: u64,
    /// Is `line` a unit's line that no unit of the corpus has taken yet?
    waiting: bool,
    missed: u64,
}

impl<R: BufRead> PredictionsReader<R> {
    /// Opens a file: reads and checks the header. `file` is its name, for errors.
    ///
    /// # Errors
    /// [`Fault::Header`] when the first line is no header of this version; [`Fault::Read`].
    pub fn open(input: R, file: &str, missing: Missing) -> Result<Self, PredictionsError> {
        let mut reader = PredictionsReader {
            input,
            file: file.to_owned(),
            header: Header {
                schema: SCHEMA,
                kind: String::new(),
                detector: String::new(),
                version: String::new(),
                offsets: OffsetUnit::default(),
                corpus: String::new(),
                feed: Feed::Stream,
                labels: Vec::new(),
            },
            labels: ToolLabels::default(),
            missing,
            line: String::new(),
            number: 0,
            waiting: false,
            missed: 0,
        };
        if !reader.advance()? {
            return Err(reader.fault(Fault::Header("the file is empty".to_owned())));
        }
        let header: Header = serde_json::from_str(&reader.line)
            .map_err(|e| reader.fault(Fault::Header(e.to_string())))?;
        if header.kind != KIND {
            let reason = format!("`kind` is `{}`, not `{KIND}`", header.kind);
            return Err(reader.fault(Fault::Header(reason)));
        }
        if header.schema != SCHEMA {
            let reason = format!("schema {} is not one this version reads (1)", header.schema);
            return Err(reader.fault(Fault::Header(reason)));
        }
        if header.version.is_empty() {
            let reason = "`version` is empty: no version, no measurement".to_owned();
            return Err(reader.fault(Fault::Header(reason)));
        }
        reader.labels = header.labels.iter().collect();
        reader.header = header;
        reader.waiting = false;
        Ok(reader)
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The labels of the header and those seen since.
    pub fn labels(&self) -> &ToolLabels {
        &self.labels
    }

    /// How many units of the corpus so far had no line, under [`Missing::AllMissed`].
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// Checks that the file was made for this corpus.
    ///
    /// # Errors
    /// [`Fault::Corpus`] when it names another.
    pub fn expect_corpus(&self, id: &str) -> Result<(), PredictionsError> {
        if self.header.corpus == id {
            return Ok(());
        }
        let fault = Fault::Corpus {
            found: self.header.corpus.clone(),
            expected: id.to_owned(),
        };
        Err(PredictionsError {
            file: self.file.clone(),
            line: 1,
            fault: Box::new(fault),
        })
    }

    /// Reads the answers for the next conversation of the corpus into `predictions`.
    ///
    /// # Errors
    /// The first [`Fault`], with file and line.
    pub fn read(
        &mut self,
        conversation: &Conversation,
        predictions: &mut Predictions,
    ) -> Result<(), PredictionsError> {
        predictions.clear();
        for message in &conversation.messages {
            for (pointer, body) in message.units() {
                let unit = Place {
                    conversation: &conversation.id,
                    turn: message.turn,
                    pointer,
                };
                if !self.waiting && !self.advance()? && self.missing == Missing::Error {
                    let expected = unit.id();
                    return Err(self.fault(Fault::Ended { expected }));
                }
                let taken = self.waiting && self.take(unit, body.text(), predictions)?;
                if !taken {
                    if self.missing == Missing::Error {
                        return Err(self.misplaced(conversation, unit)?);
                    }
                    self.missed += 1;
                }
                predictions.end_unit();
            }
        }
        Ok(())
    }

    /// The fault of the waiting line, which does not answer the unit that is next.
    fn misplaced(
        &self,
        conversation: &Conversation,
        next: Place<'_>,
    ) -> Result<PredictionsError, PredictionsError> {
        let (found, expected) = (self.id_waiting()?, next.id());
        let messages = conversation.messages.iter();
        let ids = messages.flat_map(|m: &Message| {
            let ids = m.units().map(|(pointer, _)| (m.turn, pointer));
            ids.map(|(turn, pointer)| unit_id(&conversation.id, turn, pointer))
        });
        let ids: Vec<String> = ids.collect();
        let known = ids.contains(&found);
        let earlier = ids.iter().take_while(|id| **id != expected);
        let earlier = earlier.into_iter().any(|id| *id == found);
        let own = found.starts_with(&format!("{}/", conversation.id));
        Ok(self.fault(if earlier {
            Fault::Repeated { found, expected }
        } else if own && !known {
            Fault::Unknown { found, expected }
        } else {
            Fault::Order { found, expected }
        }))
    }

    /// Ends the corpus.
    ///
    /// # Errors
    /// [`Fault::LeftOver`] when a line is left that no unit of the corpus took.
    pub fn finish(mut self) -> Result<(), PredictionsError> {
        if self.waiting || self.advance()? {
            let found = self.id_waiting()?;
            return Err(self.fault(Fault::LeftOver { found }));
        }
        Ok(())
    }

    fn fault(&self, fault: Fault) -> PredictionsError {
        PredictionsError {
            file: self.file.clone(),
            line: self.number,
            fault: Box::new(fault),
        }
    }

    /// Reads the next line that is not blank; false at the end.
    fn advance(&mut self) -> Result<bool, PredictionsError> {
        loop {
            self.line.clear();
            self.number += 1;
            let read = self.input.read_line(&mut self.line);
            match read.map_err(|e| self.fault(Fault::Read(e.to_string())))? {
                0 => return Ok(false),
                _ if self.line.trim().is_empty() => {}
                _ => {
                    self.waiting = true;
                    return Ok(true);
                }
            }
        }
    }

    fn id_waiting(&self) -> Result<String, PredictionsError> {
        let line: Line<'_> = self.parse()?;
        Ok(line.id.into_owned())
    }

    fn parse(&self) -> Result<Line<'_>, PredictionsError> {
        serde_json::from_str(self.line.trim_end()).map_err(|e| {
            let not_a_number = ["NaN", "Infinity"]
                .into_iter()
                .any(|n| self.line.contains(n));
            self.fault(Fault::Json {
                reason: super::json_fault(&e),
                not_a_number,
            })
        })
    }

    /// Takes the waiting line if it answers this unit.
    fn take(
        &mut self,
        unit: Place<'_>,
        text: &str,
        predictions: &mut Predictions,
    ) -> Result<bool, PredictionsError> {
        // The labels are learnt while the line is borrowed.
        let mut labels = std::mem::take(&mut self.labels);
        let taken = self.taken(unit, text, &mut labels, predictions);
        self.labels = labels;
        self.waiting = !taken.as_ref().is_ok_and(|taken| *taken);
        taken
    }

    fn taken(
        &self,
        unit: Place<'_>,
        text: &str,
        labels: &mut ToolLabels,
        predictions: &mut Predictions,
    ) -> Result<bool, PredictionsError> {
        let line = self.parse()?;
        if !is_unit_id(&line.id, unit.conversation, unit.turn, unit.pointer) {
            return Ok(false);
        }
        if line.spans.is_empty() {
            return Ok(true);
        }
        let table = OffsetTable::to_byte(text, self.header.offsets);
        for (index, span) in line.spans.iter().enumerate() {
            let fault = |reason: Reason| {
                self.fault(Fault::Span {
                    unit: unit.id(),
                    index,
                    start: span.start,
                    end: span.end,
                    unit_of_offsets: self.header.offsets,
                    hint: other_unit(text, &line.spans, self.header.offsets),
                    reason,
                })
            };
            let byte = |offset: u32| table.byte(offset).map_err(|e| fault(Reason::Offset(e)));
            if span.start >= span.end {
                return Err(fault(Reason::Empty));
            }
            let range = ByteRange {
                start: byte(span.start)?,
                end: byte(span.end)?,
            };
            let slice = &text[range.as_range()];
            if let Some(said) = span.text.as_deref().filter(|said| *said != slice) {
                let (said, slice) = (said.to_owned(), slice.to_owned());
                return Err(fault(Reason::Text { said, slice }));
            }
            predictions.push(Prediction {
                range,
                label: labels.intern(&span.label),
                score: span.score,
            });
        }
        Ok(true)
    }
}

/// A unit of the corpus.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    conversation: &'a str,
    turn: u32,
    pointer: &'a str,
}

impl Place<'_> {
    fn id(self) -> String {
        unit_id(self.conversation, self.turn, self.pointer)
    }
}

pub use fault::Reason;

/// The offset unit under which every span of a line says the text that it covers.
fn other_unit(text: &str, spans: &[LineSpan<'_>], declared: OffsetUnit) -> Option<OffsetUnit> {
    let fits = |unit: OffsetUnit| {
        let table = OffsetTable::to_byte(text, unit);
        spans.iter().all(|span| {
            let range = (table.byte(span.start), table.byte(span.end));
            match (&span.text, range) {
                (Some(said), (Ok(start), Ok(end))) if start < end => {
                    text[start as usize..end as usize] == **said
                }
                _ => false,
            }
        })
    };
    OffsetUnit::ALL
        .into_iter()
        .filter(|&unit| unit != declared)
        .find(|&unit| fits(unit))
}

/// Converts the offsets of one text, in time linear in the text however many there are.
struct OffsetTable<'a> {
    text: &'a str,
    /// Empty where both sides count alike.
    places: Vec<u32>,
}

impl<'a> OffsetTable<'a> {
    const INSIDE: u32 = u32::MAX;

    /// From offsets in `unit` to bytes.
    fn to_byte(text: &'a str, unit: OffsetUnit) -> Self {
        let mut places = Vec::new();
        if unit != OffsetUnit::Byte && !text.is_ascii() {
            for (byte, character) in text.char_indices() {
                places.push(byte as u32);
                let wide = unit == OffsetUnit::Utf16 && character.len_utf16() == 2;
                places.extend(wide.then_some(Self::INSIDE));
            }
            places.push(text.len() as u32);
        }
        OffsetTable { text, places }
    }

    /// From bytes to offsets in `unit`.
    fn to_unit(text: &'a str, unit: OffsetUnit) -> Self {
        let mut places = Vec::new();
        if unit != OffsetUnit::Byte && !text.is_ascii() {
            places.resize(text.len() + 1, Self::INSIDE);
            let mut offset = 0;
            for (byte, character) in text.char_indices() {
                places[byte] = offset;
                let utf16 = unit == OffsetUnit::Utf16;
                offset += if utf16 {
                    character.len_utf16() as u32
                } else {
                    1
                };
            }
            places[text.len()] = offset;
        }
        OffsetTable { text, places }
    }

    fn byte(&self, offset: u32) -> Result<u32, OffsetError> {
        if !self.places.is_empty() {
            let length = self.places.len() as u32 - 1;
            return match self.places.get(offset as usize) {
                None => Err(OffsetError::Beyond { length }),
                Some(&Self::INSIDE) => Err(OffsetError::InsideCharacter),
                Some(&byte) => Ok(byte),
            };
        }
        if offset as usize > self.text.len() {
            let length = self.text.len() as u32;
            return Err(OffsetError::Beyond { length });
        }
        let inside = !self.text.is_char_boundary(offset as usize);
        if inside {
            Err(OffsetError::InsideCharacter)
        } else {
            Ok(offset)
        }
    }

    /// # Panics
    /// When `byte` is off a character boundary: ranges of predictions never are.
    fn offset(&self, byte: u32) -> u32 {
        let offset = self.places.get(byte as usize).copied().unwrap_or(byte);
        assert_ne!(offset, Self::INSIDE, "byte {byte} lies inside a character");
        offset
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
