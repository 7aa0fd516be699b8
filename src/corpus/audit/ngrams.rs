//! What two splits, or two corpora, have in common: n-grams and whole messages of customers.
//!
//! Phrase ids prove that a grammar kept its splits apart; n-grams would show it if it had written the same
//! words under two ids. Values are masked first, so that only wording counts.

use super::figures::tokens;
use super::record::Conversation;
use super::sample::{Smallest, quick};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words of an n-gram.
pub const WORDS: usize = 8;

/// How many n-grams of a split are kept.
const KEPT: usize = 400_000;

/// The wording of some conversations.
#[derive(Clone, Debug)]
pub struct Wording {
    grams: Smallest<()>,
    messages: Smallest<()>,
}

impl Default for Wording {
    fn default() -> Self {
        Wording {
            grams: Smallest::new(KEPT),
            messages: Smallest::new(KEPT),
        }
    }
}

/// How much of the wording of one occurs in another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// Of which.
    pub of: String,
    /// In which.
    pub within: String,
    /// Share of the different 8-grams of masked customer messages.
    pub grams: Option<f64>,
    /// How many different ones were compared.
    pub grams_compared: u64,
    /// Share of the different whole messages of at least eight words.
    pub messages: Option<f64>,
    /// How many different ones were compared.
    pub messages_compared: u64,
}

impl Wording {
    /// Adds the customer's messages of a conversation.
    pub fn add(&mut self, c: &Conversation<'_>) {
        for unit in c.units.iter().filter(|unit| unit.pointer.is_empty()) {
            if c.record.messages[unit.message].speaker.as_deref() != Some("customer") {
                continue;
            }
            let words: Vec<String> = tokens::normalised(&tokens::masked(unit))
                .split(' ')
                .map(str::to_owned)
                .collect();
            for gram in words.windows(WORDS) {
                self.grams.offer(quick(&gram.join(" ")), || ());
            }
            if words.len() >= WORDS {
                self.messages.offer(quick(&words.join(" ")), || ());
            }
        }
    }

    /// Adds another part.
    pub fn merge(&mut self, other: Wording) {
        self.grams.merge(other.grams);
        self.messages.merge(other.messages);
    }

    fn within(&self, other: &Wording, names: (&str, &str)) -> Overlap {
        let (grams, grams_compared) = share(&self.grams, &other.grams);
        let (messages, messages_compared) = share(&self.messages, &other.messages);
        Overlap {
            of: names.0.to_owned(),
            within: names.1.to_owned(),
            grams,
            grams_compared,
            messages,
            messages_compared,
        }
    }
}

/// The share of `a` that is in `b`, over the hashes for which both samples are complete.
fn share(a: &Smallest<()>, b: &Smallest<()>) -> (Option<f64>, u64) {
    let until = a.complete_until().min(b.complete_until());
    let (mut all, mut both) = (0u64, 0u64);
    for hash in a.hashes().take_while(|hash| *hash <= until) {
        all += 1;
        both += u64::from(b.get(hash).is_some());
    }
    ((all > 0).then(|| both as f64 / all as f64), all)
}

/// Wordings by split.
#[derive(Clone, Debug, Default)]
pub struct Wordings {
    by_split: BTreeMap<String, Wording>,
}

impl Wordings {
    /// Adds a conversation under its language and split.
    pub fn add(&mut self, c: &Conversation<'_>) {
        let language = c.record.lang.as_deref().unwrap_or("unknown");
        let split = c.record.split.as_deref().unwrap_or("none");
        let key = format!("{language} {split}");
        self.by_split.entry(key).or_default().add(c);
    }

    /// Adds another part.
    pub fn merge(&mut self, other: Wordings) {
        for (key, wording) in other.by_split {
            self.by_split.entry(key).or_default().merge(wording);
        }
    }

    /// Each split of a language in each other one.
    pub fn overlaps(&self) -> Vec<Overlap> {
        let mut list = Vec::new();
        for (of, wording) in &self.by_split {
            for (within, other) in &self.by_split {
                let language = |key: &str| key.split(' ').next().map(str::to_owned);
                if of != within && language(of) == language(within) {
                    list.push(wording.within(other, (of, within)));
                }
            }
        }
        list
    }

    /// Each split in each of another corpus.
    pub fn overlaps_with(&self, other: &Wordings) -> Vec<Overlap> {
        let mut list = Vec::new();
        for (of, wording) in &self.by_split {
            for (within, theirs) in &other.by_split {
                list.push(wording.within(theirs, (of, &format!("other: {within}"))));
            }
        }
        list
    }
}
