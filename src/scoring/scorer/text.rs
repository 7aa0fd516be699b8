//! The coverage view: what a redactor would mask.

use super::Scorer;
use crate::conversation::Conversation;
use crate::prediction::{Prediction, Predictions};
use crate::scoring::coverage::{self, Characters, CoverageCounts};
use crate::scoring::leak::Redacted;
use crate::scoring::spans::{Cover, Offsets};
use crate::text::ByteRange;

impl Scorer {
    pub(super) fn count_text(
        &mut self,
        conversation: &Conversation,
        predictions: &Predictions,
        redacted: &[Redacted<'_>],
    ) {
        let characters = self.options.characters;
        self.lengths.clear();
        let mut next = 0;
        for (place, message) in conversation.messages.iter().enumerate() {
            let mut text = CoverageCounts::default();
            let (mut has_gold, mut is_marked, mut alerted, mut strays) = (false, false, false, 0);
            for redacted in &redacted[next..next + 1 + message.fields.len()] {
                let found = predictions.unit(next);
                let Redacted { body, cover } = *redacted;
                let gold = body.spans().map(|(range, _)| range);
                let ignored = body.ignored().map(|(range, _)| range);
                self.gold_cover.set(gold);
                let gold = self.gold_cover.ranges().iter().copied();
                self.marked_cover.set(gold.chain(ignored));
                let (gold, marked) = (&self.gold_cover, &self.marked_cover);
                let counts = coverage::characters(characters, body, gold, marked, cover);
                text.add(&counts);
                if self.lengths.len() == place {
                    // The text of the message comes first.
                    let counted = characters == Characters::CodePoints;
                    self.lengths.push(match body.ignored().next() {
                        None if counted => counts.gold_chars + counts.harmless_chars,
                        _ => body.text().chars().count() as u64,
                    });
                }
                has_gold |= !gold.ranges().is_empty();
                is_marked |= !marked.ranges().is_empty();
                if !found.is_empty() {
                    alerted = true;
                    strays += stray_ranges(found, marked, &mut self.ranges);
                }
                if !body.marks().is_empty() {
                    let offsets = Offsets::of(body.text());
                    for (range, decoy) in body.decoys() {
                        let counts = coverage::decoy(characters, &offsets, range, cover);
                        self.decoys.row(&decoy.is).add(&counts);
                    }
                    for (range, span) in body.spans() {
                        let counts = &mut self.labels[span.label.index()].counts;
                        let covered = coverage::covered(characters, &offsets, range, cover);
                        counts.chars += covered.0;
                        counts.covered_chars += covered.1;
                    }
                }
                if let Some(extras) = &mut self.extras {
                    extras.unit(next, redacted, &self.marked_cover);
                }
                next += 1;
            }
            if has_gold {
                text.gold_messages = 1;
                text.alerted_gold_messages = u64::from(alerted);
                text.stray_alerts = strays;
            } else if !is_marked {
                text.harmless_messages = 1;
                text.alerted_harmless_messages = u64::from(alerted);
                text.false_alerts = strays;
            }
            self.counts.coverage.add(&text);
            let slice = &mut self.texts[place];
            slice.messages = 1;
            slice.harmless_chars = text.harmless_chars;
            slice.masked_chars = text.masked_chars;
            slice.harmless_messages = text.harmless_messages;
            slice.false_alerts = text.false_alerts;
            if let Some(extras) = &mut self.extras {
                let found = next - 1 - message.fields.len()..next;
                extras.message(message, &text, found.map(|unit| predictions.unit(unit)));
            }
            let companions = [
                text.harmless_chars,
                text.masked_chars,
                text.harmless_messages,
                text.false_alerts,
            ];
            self.customer.companions(self.phrases[place], companions);
        }
    }
}

/// How many distinct predicted ranges touch nothing that is marked.
fn stray_ranges(found: &[Prediction], marked: &Cover, ranges: &mut Vec<ByteRange>) -> u64 {
    ranges.clear();
    ranges.extend(
        found
            .iter()
            .map(|p| p.range)
            .filter(|&range| !marked.touches(range)),
    );
    ranges.sort_unstable();
    ranges.dedup();
    ranges.len() as u64
}
