//! What a redactor does to the text: the coverage view.
//!
//! The **cover** of a unit is the union of its predictions, whatever their labels. A message is
//! **harmless** iff no unit of it holds gold or a range that counts neither way. A **false alert** is
//! a predicted range in a harmless message. Characters are code points. Invariant: covered + readable
//! gold = gold, masked + left alone = harmless text.

use super::spans::{Cover, Offsets, code_points};
use crate::conversation::{Body, names};
use crate::text::ByteRange;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

names! {
    /// What the coverage view calls a character.
    pub enum Characters {
        /// A Unicode code point.
        CodePoints = "codepoint",
        /// An extended grapheme cluster (UAX #29), what a reader takes for one: an emoji with its skin
        /// tone, a letter with its accent. One that is partly gold is gold; gold is covered only as a
        /// whole, and harmless text is masked by anything.
        Graphemes = "grapheme",
    }
}

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
    /// Messages without gold and without a range that counts neither way.
    pub harmless_messages: u64,
    /// How many of them have a prediction.
    pub alerted_harmless_messages: u64,
    /// Distinct predicted ranges in them.
    pub false_alerts: u64,
    /// Messages with gold.
    pub gold_messages: u64,
    /// How many of them have a prediction.
    pub alerted_gold_messages: u64,
    /// Distinct predicted ranges in messages with gold that touch no gold and nothing that counts
    /// neither way.
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

/// Counts the characters of one unit as `unit` has them; messages and alerts are the caller's to count.
/// `marked` is gold and what counts neither way.
pub fn characters(
    unit: Characters,
    body: &Body,
    gold: &Cover,
    marked: &Cover,
    cover: &Cover,
) -> CoverageCounts {
    let text = body.text();
    if unit == Characters::Graphemes {
        return graphemes(text, gold, marked, cover);
    }
    if marked.ranges().is_empty() && cover.ranges().is_empty() {
        return CoverageCounts {
            harmless_chars: code_points(text) as u64,
            ..CoverageCounts::default()
        };
    }
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

fn graphemes(text: &str, gold: &Cover, marked: &Cover, cover: &Cover) -> CoverageCounts {
    let mut counts = CoverageCounts::default();
    for range in clusters(text) {
        if gold.touches(range) {
            counts.gold_chars += 1;
            counts.covered_chars += u64::from(cover.covers(range));
        } else if !marked.touches(range) {
            counts.harmless_chars += 1;
            counts.masked_chars += u64::from(cover.touches(range));
        }
    }
    counts
}

fn clusters(text: &str) -> impl Iterator<Item = ByteRange> + '_ {
    text.grapheme_indices(true).map(|(at, cluster)| ByteRange {
        start: at as u32,
        end: (at + cluster.len()) as u32,
    })
}

/// The characters of a text.
pub fn pieces(unit: Characters, text: &str) -> Box<dyn Iterator<Item = ByteRange> + '_> {
    match unit {
        Characters::Graphemes => Box::new(clusters(text)),
        Characters::CodePoints => Box::new(text.char_indices().map(|(at, character)| ByteRange {
            start: at as u32,
            end: (at + character.len_utf8()) as u32,
        })),
    }
}

/// How many characters a range has, and how many of them are covered.
#[inline]
pub fn covered(
    unit: Characters,
    offsets: &Offsets<'_>,
    range: ByteRange,
    cover: &Cover,
) -> (u64, u64) {
    match unit {
        Characters::CodePoints => {
            let covered = cover.length_within(range, offsets);
            (u64::from(offsets.length(range)), u64::from(covered))
        }
        Characters::Graphemes => {
            let touched = |c: &ByteRange| c.start < range.end && range.start < c.end;
            let inside = clusters(offsets.text()).filter(touched);
            inside.fold((0, 0), |(all, covered), cluster| {
                (all + 1, covered + u64::from(cover.covers(cluster)))
            })
        }
    }
}

/// Counts one decoy.
pub fn decoy(
    unit: Characters,
    offsets: &Offsets<'_>,
    range: ByteRange,
    cover: &Cover,
) -> DecoyCounts {
    let (chars, masked_chars) = covered(unit, offsets, range, cover);
    DecoyCounts {
        decoys: 1,
        alerted: u64::from(cover.touches(range)),
        chars,
        masked_chars,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::predictions::sample::body;

    #[test]
    fn a_grapheme_is_covered_as_a_whole_or_not_at_all() {
        // A letter with a combining accent, and an emoji with a skin tone: two code points each.
        let body = body("<PERSON_NAME:e\u{301}va> 👍🏽");
        let gold = Cover::of([ByteRange { start: 0, end: 5 }]);
        let cover = Cover::of([
            ByteRange { start: 0, end: 1 },
            ByteRange { start: 6, end: 10 },
        ]);
        let points = characters(Characters::CodePoints, &body, &gold, &gold, &cover);
        assert_eq!((points.covered_chars, points.gold_chars), (1, 4));
        assert_eq!((points.masked_chars, points.harmless_chars), (1, 3));
        let graphemes = characters(Characters::Graphemes, &body, &gold, &gold, &cover);
        assert_eq!((graphemes.covered_chars, graphemes.gold_chars), (0, 3));
        assert_eq!((graphemes.masked_chars, graphemes.harmless_chars), (1, 2));
        let range = ByteRange { start: 0, end: 5 };
        let offsets = Offsets::of(body.text());
        assert_eq!(
            covered(Characters::Graphemes, &offsets, range, &cover),
            (3, 0)
        );
    }
}
