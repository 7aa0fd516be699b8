//! What can be wrong with a predictions file, and what to do about it.

use crate::text::{OffsetError, OffsetUnit};

/// A fault of a predictions file, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {fault}")]
pub struct PredictionsError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: Box<Fault>,
}

/// What is wrong with a predictions file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file could not be read, or is not UTF-8.
    #[error("cannot be read: {0}")]
    Read(String),
    /// The first line is no header of this version.
    #[error(
        "no header of a predictions file: {0}. The first line must be \
         {{\"schema\":1,\"kind\":\"predictions\",\"detector\":…,\"version\":…,\"offsets\":…,\
         \"corpus\":…,\"feed\":…,\"labels\":[…]}}"
    )]
    Header(String),
    /// It answers another corpus.
    #[error("made for corpus `{found}`, not for `{expected}`: run the detector on this corpus")]
    Corpus {
        /// The corpus of the header.
        found: String,
        /// The corpus that is scored.
        expected: String,
    },
    /// A line is not JSON of the right shape.
    #[error(
        "{reason}{}",
        if *not_a_number { " (NaN and Infinity are no JSON: leave the score out)" } else { "" }
    )]
    Json {
        /// What the JSON reader says.
        reason: String,
        /// Does the line hold NaN or Infinity?
        not_a_number: bool,
    },
    /// A unit has no line.
    #[error(
        "found `{found}` where `{expected}` is due: the latter is missing, or the lines are not in \
         corpus order (write one line per unit, empty ones included, or pass --missing=all-missed)"
    )]
    Order {
        /// The id of the line.
        found: String,
        /// The unit that is due.
        expected: String,
    },
    /// A unit has two lines.
    #[error("`{found}` is answered twice (`{expected}` is due): put all its spans on one line")]
    Repeated {
        /// The id of the line.
        found: String,
        /// The unit that is due.
        expected: String,
    },
    /// The conversation has no such unit.
    #[error(
        "`{found}` is no unit of this corpus (`{expected}` is due): use the ids of the corpus, \
         `<message>` and `<message>#<JSON Pointer>`"
    )]
    Unknown {
        /// The id of the line.
        found: String,
        /// The unit that is due.
        expected: String,
    },
    /// The file ends before the corpus.
    #[error("the file ends before `{expected}`: is it cut off? (or pass --missing=all-missed)")]
    Ended {
        /// The unit that is due.
        expected: String,
    },
    /// A line is left after the corpus.
    #[error(
        "`{found}` is no further unit of this corpus: it is unknown, repeated, or out of order"
    )]
    LeftOver {
        /// The id of the line.
        found: String,
    },
    /// A span is no range of its unit's text.
    #[error("unit `{unit}`, span {index} ({start}..{end} in {}): {reason}{}",
        unit_of_offsets.name(), advice(*hint))]
    Span {
        /// Which unit.
        unit: String,
        /// Which span of the line, from 0.
        index: usize,
        /// Its start, as written.
        start: u32,
        /// Its end, as written.
        end: u32,
        /// The declared offset unit.
        unit_of_offsets: OffsetUnit,
        /// The offset unit under which all spans of the line say their text.
        hint: Option<OffsetUnit>,
        /// Why it is none.
        reason: Reason,
    },
}

fn advice(hint: Option<OffsetUnit>) -> String {
    hint.map_or(String::new(), |unit| {
        format!("; spans match under {0}: declare offsets={0}", unit.name())
    })
}

/// Why a span is no range of its unit's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The end is not behind the start.
    #[error("covers nothing: leave empty spans out")]
    Empty,
    /// An offset names no position of the text.
    #[error("an offset {0}")]
    Offset(OffsetError),
    /// The text that the detector says it found is not what the offsets cover.
    #[error("says `{said}` and covers `{slice}`: check the offsets")]
    Text {
        /// The `text` of the span.
        said: String,
        /// What the offsets cover.
        slice: String,
    },
}
