//! What was counted for the customer whose conversations are being scored.
//!
//! Counts that stand in one customer and one phrase share their bootstrap weight, so they are summed
//! before they are weighted. Invariant: a customer may come again later; sums of the parts are then
//! added, with the same weights.

use super::counts::Holds;
use super::replicates::{Accumulator, Cell, Companions, Phrase, Tally, cluster};
use crate::conversation::{Conversation, Message};
use crate::taxonomy::Label;

/// The counts of one customer, until another one comes.
#[derive(Debug, Default)]
pub struct Customer {
    /// Is anything to be weighted? Without replicates nothing but `holds` is kept.
    weighted: bool,
    id: String,
    holds: Option<Holds>,
    tallies: Vec<(Phrase, Option<Label>, Tally)>,
    companions: Vec<(Phrase, Companions)>,
}

impl Customer {
    /// No customer yet.
    pub fn new(weighted: bool) -> Self {
        Customer {
            weighted,
            ..Customer::default()
        }
    }

    /// The customer's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Starts anew.
    pub fn start(&mut self, id: &str) {
        self.id.clear();
        self.id.push_str(id);
        self.holds = None;
        self.tallies.clear();
        self.companions.clear();
    }

    /// Notes counts of a label (`None`: unmapped predictions) in a phrase.
    pub fn tally(&mut self, phrase: Phrase, label: Option<Label>, tally: Tally) {
        if self.weighted {
            self.tallies.push((phrase, label, tally));
        }
    }

    /// Notes the companions of the headline in a phrase.
    pub fn companions(&mut self, phrase: Phrase, companions: Companions) {
        if self.weighted {
            self.companions.push((phrase, companions));
        }
    }

    /// Notes what a conversation holds and leaks.
    pub fn hold(&mut self, holds: Holds) {
        self.holds.get_or_insert_default().add(holds);
    }

    /// Sums up: the hash of the customer and what all its conversations hold. `None` before any.
    pub fn sum(&mut self) -> Option<(u64, Holds)> {
        let holds = self.holds?;
        self.tallies
            .sort_unstable_by_key(|(phrase, label, _)| (*phrase, *label));
        self.tallies.dedup_by(|next, sum| {
            let same = (next.0, next.1) == (sum.0, sum.1);
            if same {
                sum.2.add(next.2);
            }
            same
        });
        self.companions.sort_unstable();
        Some((cluster(&self.id), holds))
    }

    /// After [`Customer::sum`]: each label that has values in a phrase.
    pub fn values(&self) -> impl Iterator<Item = (Label, Phrase)> {
        let with_values = self.tallies.iter().filter(|row| row.2.values > 0);
        with_values.filter_map(|row| Some((row.1?, row.0)))
    }

    /// After [`Customer::sum`]: adds everything to the replicates. Every message has companions, so
    /// every phrase of a tally has them too, and both lists stand in the order of phrases.
    pub fn accumulate(&self, accumulator: &mut Accumulator) {
        let mut tallies = &self.tallies[..];
        let mut cells = Vec::with_capacity(self.companions.len());
        for group in self.companions.chunk_by(|a, b| a.0 == b.0) {
            let phrase = group[0].0;
            let own = tallies.iter().take_while(|row| row.0 == phrase).count();
            let (own, rest) = tallies.split_at(own);
            let companions = group
                .iter()
                .fold(Companions::default(), |sum, (_, counts)| {
                    std::array::from_fn(|at| sum[at] + counts[at])
                });
            cells.push(Cell {
                phrase,
                tallies: own,
                companions,
            });
            tallies = rest;
        }
        accumulator.add(cluster(&self.id), &cells);
    }
}

/// The phrase cluster of a message: its first phrase, or its conversation where it has none.
pub fn phrase(conversation: &Conversation, message: &Message) -> Phrase {
    match message.phrases.first() {
        Some(phrase) => Phrase {
            hash: cluster(phrase),
            recurs: true,
        },
        None => Phrase {
            hash: cluster(&conversation.id),
            recurs: false,
        },
    }
}
