//! Detectors: what finds sensitive spans, behind one trait.
//!
//! The harness knows no detector by name. One is built in (Rust), a child process that speaks the
//! line protocol (`docs/protocol.md`), or a file of predictions made elsewhere.
//!
//! * A **feed** is how much of a conversation a detector sees when it answers for a message.
//! * An **input** is one unit of text with the context that the feed allows. It never carries a label,
//!   and its ids tell nothing.

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

/// The time that a detector says it spent, where it says so.
pub type SelfTime = Option<Duration>;

/// Something that finds sensitive spans.
pub trait Detector: Send {
    /// What it is.
    fn describe(&self) -> &Description;

    /// Answers for every input, in order: one [`Predictions::end_unit`] per input. Inputs of one
    /// conversation come in order and are never interleaved with another's.
    ///
    /// # Errors
    /// Why it could not; what was found for the batch is then void.
    fn detect(
        &mut self,
        batch: &[Input<'_>],
        found: &mut Predictions,
    ) -> Result<SelfTime, DetectError>;
}

/// Why a detector gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// It could not be started.
    #[error("could not start: {0}")]
    Start(String),
    /// It did not answer in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
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
