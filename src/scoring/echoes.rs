//! Echoes: values that can be read in a redacted conversation at a place that is no mention of theirs.
//!
//! The normal form of every value, and each way in which it is written, is searched for in what stays
//! readable: letters and digits without case, accents and separators, at least [`LEAST`] of them, and
//! no letter or digit right before or after. A find that lies inside a mention of the value is no echo:
//! that is the leak. Invariant: echoes are counted apart and change no leak; covered text is never read.

use super::folding::{MASK, fold, fold_alphanumerics, is_word};
use super::leak::{Redacted, Value};
use crate::conversation::Fact;
use crate::text::ByteRange;
use memchr::memmem;
use serde::{Deserialize, Serialize};

/// The least number of letters and digits of a value that is searched for.
pub const LEAST: usize = 6;

/// Counts of echoes. They add up over shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EchoCounts {
    /// Values that were searched for.
    pub searched: u64,
    /// Values with an echo.
    pub echoed: u64,
    /// Values with an echo that are protected in every mention.
    pub though_protected: u64,
}

impl EchoCounts {
    /// Adds the counts of another shard.
    pub fn add(&mut self, other: &EchoCounts) {
        self.searched += other.searched;
        self.echoed += other.echoed;
        self.though_protected += other.though_protected;
    }
}

/// What stays readable of a conversation, to be searched.
#[derive(Debug, Default)]
pub struct Readable {
    /// Folded letters and digits; a mark for covered text and between units.
    bytes: Vec<u8>,
    /// Where each comes from: unit and byte.
    sources: Vec<(u32, u32)>,
    /// Does it stand right behind the one before it in the text?
    glued: Vec<bool>,
}

impl Readable {
    /// Reads a conversation, and forgets the one before.
    pub fn load(&mut self, units: &[Redacted<'_>]) {
        self.bytes.clear();
        self.sources.clear();
        self.glued.clear();
        for (unit, redacted) in (0u32..).zip(units) {
            self.push(MASK, (unit, 0), false);
            let mut covered = redacted.cover.ranges().iter().peekable();
            let mut glued = false;
            for (at, character) in redacted.body.text().char_indices() {
                let at = at as u32;
                while covered.next_if(|range| range.end <= at).is_some() {}
                if covered.peek().is_some_and(|range| range.start <= at) {
                    if self.bytes.last() != Some(&MASK) {
                        self.push(MASK, (unit, at), false);
                    }
                    // Whoever sees a letter beside a bar sees that the word goes on.
                    glued = false;
                    continue;
                }
                for byte in fold(character).bytes() {
                    if is_word(byte) {
                        self.push(byte, (unit, at), glued);
                        glued = true;
                    } else {
                        glued = false;
                    }
                }
            }
        }
    }

    fn push(&mut self, byte: u8, source: (u32, u32), glued: bool) {
        self.bytes.push(byte);
        self.sources.push(source);
        self.glued.push(glued);
    }

    /// Does it hold `needle` at a place that `inside` does not claim?
    fn holds(&self, needle: &[u8], inside: impl Fn(u32, ByteRange) -> bool) -> bool {
        memmem::find_iter(&self.bytes, needle).any(|start| {
            let end = start + needle.len();
            let whole = !self.glued[start] && self.glued.get(end) != Some(&true);
            let (unit, from) = self.sources[start];
            let range = ByteRange {
                start: from,
                end: self.sources[end - 1].1 + 1,
            };
            whole && !inside(unit, range)
        })
    }

    /// Can a value be read elsewhere than in its mentions? `None` where it is too short to search for.
    pub fn echoes(
        &self,
        value: &Value<'_>,
        fact: Option<&Fact>,
        units: &[Redacted<'_>],
    ) -> Option<bool> {
        let mentions: Vec<(u32, ByteRange)> = value
            .mentions
            .iter()
            .filter_map(|mention| {
                let body = units[mention.unit as usize].body;
                let (range, _) = body.spans().nth(mention.gold as usize)?;
                Some((mention.unit, range))
            })
            .collect();
        let surfaces = mentions
            .iter()
            .map(|&(unit, range)| units[unit as usize].body.covered(range));
        // What a label of free text keeps as its normal form may be a name of the world's (`life.move`).
        let normal = fact.filter(|_| !value.label.info().free_text);
        let mut needles: Vec<Vec<u8>> = normal
            .map(|fact| &*fact.value)
            .into_iter()
            .chain(surfaces)
            .map(fold_alphanumerics)
            .filter(|needle| needle.len() >= LEAST)
            .collect();
        needles.sort_unstable();
        needles.dedup();
        if needles.is_empty() {
            return None;
        }
        let inside = |unit: u32, found: ByteRange| {
            mentions.iter().any(|&(at, range)| {
                at == unit && range.start <= found.start && found.end <= range.end
            })
        };
        Some(needles.iter().any(|needle| self.holds(needle, inside)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::predictions::sample::{conversation, found};
    use crate::prediction::ToolLabels;
    use crate::scoring::leak;
    use crate::scoring::spans::Cover;
    use crate::scoring::tolerance::Tolerance;

    /// Whether the first value is echoed, in two messages of which some text is covered.
    fn echoed(messages: [&str; 2], covered: &[(usize, &str)]) -> Option<bool> {
        let conversation = conversation(0, "c", &messages.map(|text| ("", text)));
        let spans: Vec<_> = covered
            .iter()
            .map(|&(unit, text)| (unit, text, "X"))
            .collect();
        let predictions = found(&conversation, &spans, &mut ToolLabels::default());
        let covers: Vec<Cover> = predictions
            .units()
            .map(|unit| Cover::of(unit.iter().map(|p| p.range)))
            .collect();
        let bodies = conversation.messages.iter().map(|message| &message.body);
        let units: Vec<Redacted<'_>> = bodies
            .zip(&covers)
            .map(|(body, cover)| Redacted { body, cover })
            .collect();
        let mut readable = Readable::default();
        readable.load(&units);
        let mut echoes = Vec::new();
        leak::values(&units, &Tolerance::default(), |value| {
            let fact = conversation.facts.iter().find(|f| Some(f.id) == value.fact);
            echoes.push(readable.echoes(&value, fact, &units));
        });
        echoes[0]
    }

    #[test]
    fn a_value_said_again_without_a_mark_is_an_echo_whatever_its_separators() {
        let messages = [
            "code <OTP_CODE f1:482913>",
            "vous avez écrit 482-913, merci",
        ];
        assert_eq!(echoed(messages, &[(0, "482913")]), Some(true));
        assert_eq!(
            echoed(messages, &[(0, "482913"), (1, "482-9")]),
            Some(false)
        );
    }

    #[test]
    fn a_readable_mention_is_a_leak_and_no_echo() {
        let messages = ["code <OTP_CODE f1:482913>", "bien reçu"];
        assert_eq!(echoed(messages, &[]), Some(false));
        let twice = ["code <OTP_CODE f1:482913>", "<OTP_CODE f1:482 913> ?"];
        assert_eq!(echoed(twice, &[]), Some(false));
    }

    #[test]
    fn a_longer_number_and_a_short_value_are_no_echo() {
        let messages = ["code <OTP_CODE f1:482913>", "commande 99482913"];
        assert_eq!(echoed(messages, &[]), Some(false));
        assert_eq!(echoed(["<CARD_PIN f1:4821>", "4821"], &[]), None);
    }
}
