//! What a redactor does to the text: the coverage view.
//!
//! The **cover** of a unit is the union of its predictions, whatever their labels. A message is
//! **harmless** iff no unit of it holds gold or a range that counts neither way. A **false alert** is
//! a predicted range in a harmless message. Characters are code points. Invariant: covered + readable gold = gold, masked + left
//! alone = harmless text.

use super::spans::{Cover, Offsets};
use crate::conversation::Body;
use crate::text::ByteRange;
use serde::{Deserialize, Serialize};

/// Counts of the coverage view. All of them add up over shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageCounts {
    /// Code points inside the union of gold spans.
    pub gold_chars: u64,
    /// How many of them are covered.
    pub covered_chars: u64,
    /// Code points outside every gold span and every range that counts neither way.
    pub harmless_chars: u64,
    /// How many of them are covered.
    pub masked_chars: u64,
    /// Messages without gold.
    pub harmless_messages: u64,
    /// How many of them have a prediction.
    pub alerted_harmless_messages: u64,
    /// Distinct predicted ranges in them.
    pub false_alerts: u64,
    /// Messages with gold.
    pub gold_messages: u64,
    /// How many of them have a prediction.
    pub alerted_gold_messages: u64,
    /// Distinct predicted ranges in messages with gold that touch no gold character.
    pub stray_alerts: u64,
}

impl CoverageCounts {
    /// Adds the counts of another shard.
    pub fn add(&mut self, other: &CoverageCounts) {
        self.gold_chars += other.gold_chars;
        self.covered_chars += other.covered_chars;
        self.harmless_chars += other.harmless_chars;
        self.masked_chars += other.masked_chars;
        self.harmless_messages += other.harmless_messages;
        self.alerted_harmless_messages += other.alerted_harmless_messages;
        self.false_alerts += other.false_alerts;
        self.gold_messages += other.gold_messages;
        self.alerted_gold_messages += other.alerted_gold_messages;
        self.stray_alerts += other.stray_alerts;
    }
}

/// Counts over decoys of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecoyCounts {
    /// Decoys.
    pub decoys: u64,
    /// Decoys that a prediction touches.
    pub alerted: u64,
    /// Their code points.
    pub chars: u64,
    /// How many of them are covered.
    pub masked_chars: u64,
}

impl DecoyCounts {
    /// Adds the counts of another shard.
    pub fn add(&mut self, other: &DecoyCounts) {
        self.decoys += other.decoys;
        self.alerted += other.alerted;
        self.chars += other.chars;
        self.masked_chars += other.masked_chars;
    }
}

/// Counts the characters of one unit; messages and alerts are the caller's to count. `marked` is gold
/// and what counts neither way.
pub fn characters(body: &Body, gold: &Cover, marked: &Cover, cover: &Cover) -> CoverageCounts {
    let text = body.text();
    let offsets = Offsets::of(text);
    let whole = ByteRange {
        start: 0,
        end: text.len() as u32,
    };
    let all = u64::from(offsets.length(whole));
    let gold_chars = u64::from(gold.length_within(whole, &offsets));
    let predicted = u64::from(cover.length_within(whole, &offsets));
    let covered = |part: &Cover| -> u64 {
        let ranges = part.ranges().iter();
        ranges
            .map(|&range| u64::from(cover.length_within(range, &offsets)))
            .sum()
    };
    CoverageCounts {
        gold_chars,
        covered_chars: covered(gold),
        harmless_chars: all - u64::from(marked.length_within(whole, &offsets)),
        masked_chars: predicted - covered(marked),
        ..CoverageCounts::default()
    }
}

/// Counts one decoy.
pub fn decoy(text: &str, range: ByteRange, cover: &Cover) -> DecoyCounts {
    let offsets = Offsets::of(text);
    DecoyCounts {
        decoys: 1,
        alerted: u64::from(cover.touches(range)),
        chars: u64::from(offsets.length(range)),
        masked_chars: u64::from(cover.length_within(range, &offsets)),
    }
}
