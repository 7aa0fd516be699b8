//! Text and alerts by kind of message, to be weighted to a bank's own traffic.
//!
//! A **stratum** is a first intent, a policy, a kind of message, and a class: without gold, with gold
//! that is not critical, with a critical value. Invariant: strata add up to the whole.

use crate::conversation::{Conversation, MessageKind, names};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// What a message holds.
    pub enum MessageClass {
        /// No gold, and no range that counts neither way.
        Harmless = "harmless",
        /// Gold that is not critical, or only ranges that count neither way.
        Uncritical = "uncritical",
        /// A critical value.
        Critical = "critical",
    }
}

/// Counts of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumCounts {
    /// Messages.
    pub messages: u64,
    /// Messages with a prediction.
    pub alerted: u64,
    /// Distinct predicted ranges that touch no gold.
    pub strays: u64,
    /// Code points outside gold.
    pub harmless_chars: u64,
    /// Covered ones of them.
    pub masked_chars: u64,
}

impl StratumCounts {
    /// Adds the counts of another.
    pub fn add(&mut self, other: &StratumCounts) {
        self.messages += other.messages;
        self.alerted += other.alerted;
        self.strays += other.strays;
        self.harmless_chars += other.harmless_chars;
        self.masked_chars += other.masked_chars;
    }
}

/// Counts by kind of message and by class.
pub type ByKind = BTreeMap<MessageKind, BTreeMap<MessageClass, StratumCounts>>;

/// Counts by first intent and by policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Strata {
    strata: BTreeMap<String, BTreeMap<String, ByKind>>,
}

/// One stratum with its counts.
#[derive(Clone, Copy, Debug)]
pub struct Stratum<'a> {
    /// First intent.
    pub intent: &'a str,
    /// Policy.
    pub policy: &'a str,
    /// Kind of message.
    pub kind: MessageKind,
    /// What the messages hold.
    pub class: MessageClass,
    /// Its counts.
    pub counts: StratumCounts,
}

impl Strata {
    /// Adds the messages of a conversation.
    pub fn add(
        &mut self,
        conversation: &Conversation,
        messages: &mut Vec<(MessageKind, MessageClass, StratumCounts)>,
    ) {
        let intent = conversation.intents.first().map_or("(none)", |i| i);
        if !self.strata.contains_key(intent) {
            self.strata.insert(intent.to_owned(), BTreeMap::new());
        }
        let policies = self.strata.get_mut(intent).expect("it was just put in");
        let policy = &*conversation.policy;
        if !policies.contains_key(policy) {
            policies.insert(policy.to_owned(), ByKind::new());
        }
        let kinds = policies.get_mut(policy).expect("it was just put in");
        for (kind, class, counts) in messages.drain(..) {
            let stratum = kinds.entry(kind).or_default().entry(class).or_default();
            stratum.add(&counts);
        }
    }

    /// Adds the counts of another shard.
    pub fn merge(&mut self, other: Strata) {
        for (intent, policies) in other.strata {
            let mine = self.strata.entry(intent).or_default();
            for (policy, kinds) in policies {
                let mine = mine.entry(policy).or_default();
                for (kind, classes) in kinds {
                    let mine = mine.entry(kind).or_default();
                    for (class, counts) in classes {
                        mine.entry(class).or_default().add(&counts);
                    }
                }
            }
        }
    }

    /// Every stratum.
    pub fn iter(&self) -> impl Iterator<Item = Stratum<'_>> {
        self.strata.iter().flat_map(|(intent, policies)| {
            policies.iter().flat_map(move |(policy, kinds)| {
                kinds.iter().flat_map(move |(&kind, classes)| {
                    classes.iter().map(move |(&class, &counts)| Stratum {
                        intent,
                        policy,
                        kind,
                        class,
                        counts,
                    })
                })
            })
        })
    }
}
