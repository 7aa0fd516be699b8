//! Detectors: what finds sensitive spans, behind one trait.
//!
//! The harness knows no detector by name. One is built in (Rust), a child process that speaks the
//! line protocol (`docs/protocol.md`), or a file of predictions made elsewhere.
//!
//! * A **feed** is how much of a conversation a detector sees when it answers for a message.
//! * An **input** is one unit of text with the context that the feed allows. It never carries a label,
//!   and its ids tell nothing.
//! * An **anchor** is a detector whose answer needs no skill: it says what the other figures mean.
//!
//! Invariant: a detector answers every input of a batch or gives an error for the whole batch; there
//! is no half answer, so a detector that fails can lose spans but can never be credited with any.

pub mod anchors;
pub mod child;
pub mod conformance;

pub mod declared;
pub mod feeds;
pub mod rules;

mod checks;

use crate::conversation::{Speaker, names};
use crate::prediction::{Predictions, ToolLabels};
use serde::{Deserialize, Serialize};
use std::time::Duration;

names! {
    /// How much of a conversation a detector sees when it answers for a message.
    pub enum Feed {
        /// The message alone.
        Message = "message",
        /// The message and up to six before it: what a filter in the stream can know.
        Stream = "stream",
        /// The whole conversation.
        Conversation = "conversation",
    }
}

/// How many previous messages the `stream` feed gives.
pub const HISTORY: usize = 6;

/// A message of the context.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// Who wrote it.
    pub speaker: Speaker,
    /// What was written.
    pub text: &'a str,
}

/// One unit of text to be searched.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Opaque id, unique in a run.
    pub id: &'a str,
    /// Opaque id of the conversation.
    pub conversation: &'a str,
    /// Place of the message in its conversation.
    pub turn: u32,
    /// Is it the last unit of its conversation? State can be dropped after it.
    pub last: bool,
    /// Who wrote it.
    pub speaker: Speaker,
    /// Language tag of the conversation.
    pub lang: &'a str,
    /// The text to be searched.
    pub text: &'a str,
    /// What the feed lets it know: messages before this one (`stream`), of the whole conversation
    /// (`conversation`), none (`message`). Oldest first.
    pub context: &'a [Turn<'a>],
}

/// What a detector says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its name, as in `datasets/detectors.toml`.
    pub name: String,
    /// Its version. No version, no measurement.
    pub version: String,
    /// Every label that it can emit.
    pub labels: ToolLabels,
    /// Threads that it uses.
    pub threads: u32,
    /// Is it an anchor: shown in every ranking, never ranked?
    pub anchor: bool,
    /// Is it ours: a reference, not ranked?
    pub reference: bool,
}

/// Where the time of a batch went, as far as the detector knows better than its caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// From the moment at which the request was ready to the moment at which the answer was there,
    /// without encoding, decoding and offset conversion. `None`: the caller's own clock is right.
    pub answering: Option<Duration>,
    /// What the detector says it spent, where it says so.
    pub reported: Option<Duration>,
}

/// Something that finds sensitive spans.
pub trait Detector: Send {
    /// What it is.
    fn describe(&self) -> &Description;

    /// Answers for every input, in order: one [`Predictions::end_unit`] per input. Inputs of one
    /// conversation come in order and are never interleaved with another's.
    ///
    /// # Errors
    /// Why it could not; what was pushed for the batch is then void, and the caller drops it. The
    /// next call starts afresh: a detector behind a process starts it again.
    fn detect(
        &mut self,
        batch: &[Input<'_>],
        found: &mut Predictions,
    ) -> Result<Spent, DetectError>;

    /// The process in which it runs, where that is not ours: its memory and CPU time are read there.
    fn process(&self) -> Option<u32> {
        None
    }
}

/// Why a detector gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// It could not be started.
    #[error("could not start: {0}")]
    Start(String),
    /// It was not ready in time.
    #[error("not ready within {0:?}")]
    SlowStart(Duration),
    /// It did not answer in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// It did not answer in time, and had said why, or something, on stderr.
    #[error("no answer within {limit:?}; stderr ends with `{words}`")]
    Hung {
        /// The limit.
        limit: Duration,
        /// The last line of its stderr.
        words: String,
    },
    /// It ended before it had answered.
    #[error("ended early: {0}")]
    Died(String),
    /// It answered something that is not an answer.
    #[error("bad answer: {0}")]
    Protocol(String),
    /// It reported an error of its own.
    #[error("reported an error: {0}")]
    Reported(String),
}
