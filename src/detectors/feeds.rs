//! Feeds: conversations turned into inputs, and a detector driven over them.
//!
//! * A **unit** is one stretch of text that is answered for ([`Message::units`]): a message's text, or
//!   one of its structured fields, which comes right after its message.
//! * A **batch** is what a detector gets in one call. In the `conversation` feed it never cuts a
//!   conversation in two; elsewhere it may.
//!
//! Invariant: an input tells nothing of the corpus. Its ids are numbers in the order of this run, and
//! in the `message` feed every unit is a conversation of its own, so that units cannot be joined.
//!
//! [`Message::units`]: crate::conversation::Message::units

use super::{DetectError, Detector, Feed, HISTORY, Input, Turn};
use crate::conversation::{Conversation, Speaker};
use crate::prediction::Predictions;
use crate::timing::clock::Clock;
use std::ops::Range;
use std::time::Duration;

#[derive(Debug)]
struct Unit<'c> {
    id: String,
    conversation: usize,
    turn: u32,
    last: bool,
    speaker: Speaker,
    text: &'c str,
    context: Range<usize>,
}

/// Conversations made ready for detectors.
#[derive(Debug)]
pub struct Fed<'c> {
    feed: Feed,
    names: Vec<String>,
    langs: Vec<&'c str>,
    turns: Vec<Turn<'c>>,
    units: Vec<Unit<'c>>,
    ranges: Vec<Range<usize>>,
}

impl<'c> Fed<'c> {
    /// Makes conversations ready. `first` is the number of the first conversation in the run, so that
    /// ids stay unique where a corpus is fed block by block.
    pub fn new(feed: Feed, conversations: &'c [Conversation], first: u64) -> Fed<'c> {
        let mut fed = Fed {
            feed,
            names: Vec::with_capacity(conversations.len()),
            langs: Vec::with_capacity(conversations.len()),
            turns: Vec::new(),
            units: Vec::new(),
            ranges: Vec::with_capacity(conversations.len()),
        };
        for (index, conversation) in conversations.iter().enumerate() {
            let number = first + index as u64;
            let start = fed.units.len();
            let opening = fed.turns.len();
            let closing = opening + conversation.messages.len();
            for (place, message) in conversation.messages.iter().enumerate() {
                fed.turns.push(Turn {
                    speaker: message.speaker,
                    text: message.body.text(),
                });
                for (field, (_, body)) in message.units().enumerate() {
                    // A field follows its message, which is then the newest of its context.
                    let before = opening + place + usize::from(field > 0);
                    let context = match feed {
                        Feed::Message => before..before,
                        Feed::Stream => before.saturating_sub(HISTORY).max(opening)..before,
                        Feed::Conversation => opening..closing,
                    };
                    fed.units.push(Unit {
                        id: format!("m{number}.{}", fed.units.len() - start),
                        conversation: index,
                        turn: if feed == Feed::Message {
                            0
                        } else {
                            message.turn
                        },
                        last: feed == Feed::Message,
                        speaker: message.speaker,
                        text: body.text(),
                        context,
                    });
                }
            }
            if let Some(last) = fed.units[start..].last_mut() {
                last.last = true;
            }
            fed.names.push(format!("k{number}"));
            fed.langs.push(&conversation.lang);
            fed.ranges.push(start..fed.units.len());
        }
        fed
    }

    /// The feed they were made ready for.
    pub fn feed(&self) -> Feed {
        self.feed
    }

    /// How many conversations there are.
    pub fn conversations(&self) -> usize {
        self.ranges.len()
    }

    /// How many units there are.
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// UTF-8 bytes of all units.
    pub fn bytes(&self) -> u64 {
        self.units.iter().map(|unit| unit.text.len() as u64).sum()
    }

    /// The inputs of all units, conversations in the given order, turns in theirs.
    pub fn inputs(&self, order: impl IntoIterator<Item = usize>) -> Vec<Input<'_>> {
        let mut inputs = Vec::with_capacity(self.units.len());
        for conversation in order {
            inputs.extend(
                self.units[self.ranges[conversation].clone()]
                    .iter()
                    .map(|unit| Input {
                        id: &unit.id,
                        conversation: match self.feed {
                            Feed::Message => &unit.id,
                            _ => &self.names[unit.conversation],
                        },
                        turn: unit.turn,
                        last: unit.last,
                        speaker: unit.speaker,
                        lang: self.langs[unit.conversation],
                        text: unit.text,
                        context: &self.turns[unit.context.clone()],
                    }),
            );
        }
        inputs
    }

    /// The units of a conversation, as places in the order of the corpus.
    pub fn units_of(&self, conversation: usize) -> Range<usize> {
        self.ranges[conversation].clone()
    }
}

/// Cuts inputs into batches of `size` (at least 1). Where the feed gives whole conversations, a batch
/// runs on to the end of the conversation that fills it.
pub fn batches<'i, 'a>(
    feed: Feed,
    inputs: &'i [Input<'a>],
    size: usize,
) -> impl Iterator<Item = &'i [Input<'a>]> {
    let size = size.max(1);
    let mut rest = inputs;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut cut = size.min(rest.len());
        while feed == Feed::Conversation && !rest[cut - 1].last {
            cut += 1;
        }
        let (batch, tail) = rest.split_at(cut);
        rest = tail;
        Some(batch)
    })
}

/// What one batch took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchTime {
    /// From the request to the answer, without encoding, decoding and offset conversion.
    pub answering: Duration,
    /// What the detector says it spent, where it says so.
    pub reported: Option<Duration>,
}

/// Has one batch answered into `found`, which is emptied first, and checks that the answer is one.
///
/// # Errors
/// The detector's own; an answer that misses units or leaves their text. `found` is then empty.
pub fn answer_batch(
    detector: &mut dyn Detector,
    batch: &[Input<'_>],
    found: &mut Predictions,
    clock: &dyn Clock,
) -> Result<BatchTime, DetectError> {
    found.clear();
    let start = clock.now();
    let spent = detector.detect(batch, found);
    let elapsed = clock.now().saturating_sub(start);
    let checked = spent.and_then(|spent| sound(batch, found).map(|()| spent));
    match checked {
        Ok(spent) => Ok(BatchTime {
            answering: spent.answering.unwrap_or(elapsed),
            reported: spent.reported,
        }),
        Err(error) => {
            found.clear();
            Err(error)
        }
    }
}

fn sound(batch: &[Input<'_>], found: &Predictions) -> Result<(), DetectError> {
    if found.len() != batch.len() {
        return Err(DetectError::Protocol(format!(
            "{} inputs answered of {}",
            found.len(),
            batch.len()
        )));
    }
    for (input, predictions) in batch.iter().zip(found.units()) {
        for prediction in predictions {
            let range = prediction.range;
            if range.start >= range.end || input.text.get(range.as_range()).is_none() {
                return Err(DetectError::Protocol(format!(
                    "bytes {}..{} are no stretch of `{}`, which has {}",
                    range.start,
                    range.end,
                    input.id,
                    input.text.len()
                )));
            }
        }
    }
    Ok(())
}

/// Units that got no answer.
#[derive(Debug)]
pub struct Failure {
    /// Which, as places in the order of the corpus.
    pub units: Range<usize>,
    /// Why.
    pub error: DetectError,
}

/// What a detector answered for everything it was fed.
#[derive(Debug, Default)]
pub struct Answers {
    /// One entry per unit in the order of the corpus; empty for units that failed.
    pub predictions: Predictions,
    /// Units without an answer. Their entries count as nothing found, and this list says so.
    pub failures: Vec<Failure>,
    /// Time of the answers together.
    pub answering: Duration,
    /// What the detector says it spent, where it said so for every batch.
    pub reported: Option<Duration>,
}

/// Runs a detector over everything once, in the order of the corpus. Up to `max_failures` batches may
/// fail; `progress` hears how many units are done.
///
/// # Errors
/// The error of the batch that was one too many.
pub fn answer(
    detector: &mut dyn Detector,
    fed: &Fed<'_>,
    batch_size: usize,
    max_failures: usize,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(usize),
) -> Result<Answers, DetectError> {
    let inputs = fed.inputs(0..fed.conversations());
    let mut answers = Answers {
        reported: Some(Duration::ZERO),
        ..Answers::default()
    };
    let mut found = Predictions::new();
    let mut done = 0;
    for batch in batches(fed.feed(), &inputs, batch_size) {
        let units = done..done + batch.len();
        match answer_batch(detector, batch, &mut found, clock) {
            Ok(time) => {
                answers.answering += time.answering;
                answers.reported = answers
                    .reported
                    .zip(time.reported)
                    .map(|(sum, more)| sum + more);
            }
            Err(error) if answers.failures.len() >= max_failures => return Err(error),
            Err(error) => {
                answers.reported = None;
                answers.failures.push(Failure {
                    units: units.clone(),
                    error,
                });
                batch.iter().for_each(|_| found.end_unit());
            }
        }
        for predictions in found.units() {
            predictions
                .iter()
                .for_each(|&prediction| answers.predictions.push(prediction));
            answers.predictions.end_unit();
        }
        done = units.end;
        progress(done);
    }
    if inputs.is_empty() {
        answers.reported = None;
    }
    Ok(answers)
}
