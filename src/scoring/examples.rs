//! Examples of errors, kept while scoring.
//!
//! For each error class the events with the least hashes are kept, up to a bound (a bottom-k sample).
//! The hash is a function of what the event is and where it stands, so a sample depends neither on the
//! order of conversations nor on how they were cut into shards. Invariant: the sample of the whole is
//! the bounded union of the samples of its parts, so samples add up as counts do.
//!
//! An example shows no value unless that was asked for: [`ExampleText`].

use super::counts::Meant;
use super::events::Relation;
use super::replicates::cluster;
use super::spans::Offsets;
use crate::conversation::{Body, names};
use crate::seed::mix;
use crate::taxonomy::Label;
use crate::text::ByteRange;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

names! {
    /// How much of a message an example keeps.
    pub enum ExampleText {
        /// Nothing of it: labels and lengths alone.
        Nothing = "nothing",
        /// The words around, with every gold value withheld.
        Withheld = "withheld",
        /// Everything, values included.
        Values = "values",
    }
}

/// Which examples are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleOptions {
    /// At most so many per error class; 0 keeps none.
    pub most: u32,
    /// How much of the message.
    pub text: ExampleText,
}

impl Default for ExampleOptions {
    /// None.
    fn default() -> Self {
        ExampleOptions {
            most: 0,
            text: ExampleText::Nothing,
        }
    }
}

/// A stretch of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// What it says; `null` for a value that is withheld.
    pub text: Option<String>,
    /// The gold value that it belongs to.
    pub value: Option<ValueName>,
    /// Its code points.
    pub chars: u32,
    /// How many of them the prediction covers.
    pub found: u32,
    /// Does it belong to the gold span that the event concerns?
    pub own: bool,
}

/// Which value of a conversation is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueName {
    /// Its label.
    pub label: Label,
    /// Its fact, or the unit and place of a span without one. Unique within the conversation.
    pub of: String,
}

/// One event, as a reader is shown it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The conversation.
    pub conversation: String,
    /// The message in it.
    pub turn: u32,
    /// The structured field of the message; empty for its text.
    pub pointer: String,
    /// The label of the gold span, where one is concerned.
    pub gold: Option<Label>,
    /// Its code points.
    pub gold_chars: u32,
    /// How many of them the prediction covers.
    pub found_chars: u32,
    /// What the prediction means, where there is one.
    pub predicted: Option<Meant>,
    /// The tool's own label.
    pub tool_label: Option<String>,
    /// The message around, in order; empty where no text is kept.
    pub text: Vec<Piece>,
}

/// The examples of one detector, by error class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// At most so many per class.
    pub most: u32,
    /// By class, then by hash.
    pub classes: BTreeMap<Relation, BTreeMap<u64, Example>>,
}

/// The hashes of events that have one in common: its own, and others that follow from it.
pub fn apart(hash: u64) -> impl Iterator<Item = u64> {
    std::iter::once(hash).chain((1..).map(move |place| mix(hash ^ mix(place))))
}

/// The error classes: every relation that says that something went wrong.
pub fn is_error(relation: Relation) -> bool {
    !matches!(
        relation,
        Relation::Correct | Relation::Duplicate | Relation::Ignored
    )
}

impl Examples {
    /// None yet, at most `most` per class.
    pub fn keeping(most: u32) -> Self {
        Examples {
            most,
            classes: BTreeMap::new(),
        }
    }

    /// Would an event with this hash be kept? Asked before the example is built.
    pub fn wants(&self, relation: Relation, hash: u64) -> bool {
        if self.most == 0 || !is_error(relation) {
            return false;
        }
        self.classes.get(&relation).is_none_or(|kept| {
            (kept.len() as u32) < self.most
                || kept
                    .last_key_value()
                    .is_some_and(|(&greatest, _)| hash <= greatest)
        })
    }

    /// Keeps an example if its hash is among the least.
    pub fn put(&mut self, relation: Relation, hash: u64, example: Example) {
        if !self.wants(relation, hash) {
            return;
        }
        let kept = self.classes.entry(relation).or_default();
        // Where two events have one hash, the lesser stays, so that order decides nothing.
        let lesser = kept.get(&hash).is_none_or(|known| example < *known);
        if lesser {
            kept.insert(hash, example);
        }
        if kept.len() as u32 > self.most {
            kept.pop_last();
        }
    }

    /// Adds the examples of another shard that keeps as many.
    pub fn merge(&mut self, other: Examples) {
        for (relation, kept) in other.classes {
            for (hash, example) in kept {
                self.put(relation, hash, example);
            }
        }
    }
}

/// Where an event stands, and what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    /// The conversation.
    pub conversation: &'a str,
    /// The message.
    pub turn: u32,
    /// The field; empty for the text.
    pub pointer: &'a str,
    /// The unit's text and marks.
    pub body: &'a Body,
    /// The gold span that is concerned.
    pub gold: Option<ByteRange>,
    /// Its label.
    pub gold_label: Option<Label>,
    /// The prediction.
    pub found: Option<ByteRange>,
    /// What it means.
    pub predicted: Option<Meant>,
    /// The tool's label.
    pub tool_label: Option<&'a str>,
}

/// Code points of context on either side.
const CONTEXT: usize = 48;
/// Code points of a whole excerpt.
const LONGEST: usize = 240;

impl Spot<'_> {
    /// The hash by which events of a class are sampled.
    pub fn hash(&self, relation: Relation, seed: u64) -> u64 {
        let range = |range: Option<ByteRange>| {
            range.map_or(u64::MAX, |r| u64::from(r.start) << 32 | u64::from(r.end))
        };
        let label = |label: Option<Label>| label.map_or(u64::MAX, |label| label.index() as u64);
        let parts = [
            cluster(self.conversation),
            u64::from(self.turn),
            cluster(self.pointer),
            relation as u64,
            range(self.gold),
            label(self.gold_label),
            range(self.found),
            label(self.predicted.and_then(|meant| meant.0)),
        ];
        parts
            .into_iter()
            .fold(mix(seed ^ 0x6578_616d_706c_6573), |hash, part| {
                mix(hash ^ mix(part))
            })
    }

    /// The event as an example.
    pub fn example(&self, text: ExampleText) -> Example {
        let offsets = Offsets::of(self.body.text());
        let shared = match (self.gold, self.found) {
            (Some(gold), Some(found)) => overlap(gold, found),
            _ => None,
        };
        let chars = |range: Option<ByteRange>| range.map_or(0, |range| offsets.length(range));
        Example {
            conversation: self.conversation.to_owned(),
            turn: self.turn,
            pointer: self.pointer.to_owned(),
            gold: self.gold_label,
            gold_chars: chars(self.gold),
            found_chars: chars(shared),
            predicted: self.predicted,
            tool_label: self.tool_label.map(str::to_owned),
            text: match text {
                ExampleText::Nothing => Vec::new(),
                ExampleText::Withheld => self.pieces(false),
                ExampleText::Values => self.pieces(true),
            },
        }
    }

    /// The excerpt around the event, cut where values and the prediction begin and end.
    fn pieces(&self, show: bool) -> Vec<Piece> {
        let text = self.body.text();
        let window = self.window();
        let values = self.values();
        let found = self.found.unwrap_or(ByteRange { start: 0, end: 0 });
        let mut cuts = vec![
            window.start,
            window.end,
            found.start as usize,
            found.end as usize,
        ];
        cuts.extend(
            self.gold
                .iter()
                .flat_map(|r| [r.start as usize, r.end as usize]),
        );
        cuts.extend(
            values
                .iter()
                .flat_map(|(range, _)| [range.start, range.end]),
        );
        if !show {
            // A value that is withheld stands whole: where it is cut would tell of it.
            cuts.retain(|cut| !values.iter().any(|(r, _)| r.start < *cut && *cut < r.end));
        }
        cuts.retain(|cut| window.contains(cut) || *cut == window.end);
        cuts.sort_unstable();
        cuts.dedup();
        let mut pieces = Vec::new();
        let ellipsis = || Piece {
            text: Some("…".to_owned()),
            value: None,
            chars: 0,
            found: 0,
            own: false,
        };
        let (Some(&first), Some(&last)) = (cuts.first(), cuts.last()) else {
            return pieces;
        };
        if first > 0 {
            pieces.push(ellipsis());
        }
        let count = |range: Range<usize>| text[range].chars().count() as u32;
        for pair in cuts.windows(2) {
            let range = pair[0]..pair[1];
            let value = values
                .iter()
                .find(|(r, _)| r.start <= range.start && range.end <= r.end);
            let here = ByteRange {
                start: range.start as u32,
                end: range.end as u32,
            };
            let inside = overlap(here, found);
            let own = self.gold.and_then(|gold| overlap(here, gold));
            pieces.push(Piece {
                text: (show || value.is_none()).then(|| text[range.clone()].to_owned()),
                value: value.map(|(_, name)| name.clone()),
                chars: count(range),
                found: inside.map_or(0, |inside| count(inside.as_range())),
                own: own.is_some(),
            });
        }
        if last < text.len() {
            pieces.push(ellipsis());
        }
        pieces
    }

    /// The range of the text that is shown, in bytes.
    fn window(&self) -> Range<usize> {
        let text = self.body.text();
        let hits = || self.gold.into_iter().chain(self.found);
        let start = hits().map(|r| r.start as usize).min().unwrap_or(0);
        let end = hits().map(|r| r.end as usize).max().unwrap_or(0);
        let from = text[..start]
            .char_indices()
            .rev()
            .nth(CONTEXT - 1)
            .map_or(0, |(at, _)| at);
        let to = text[end..]
            .char_indices()
            .nth(CONTEXT)
            .map_or(text.len(), |(at, _)| end + at);
        let to = text[from..]
            .char_indices()
            .nth(LONGEST)
            .map_or(to, |(at, _)| to.min(from + at));
        // A value at an edge is shown whole, or where it is withheld named whole.
        let values = self.values();
        let widened = |at: usize, end: bool| {
            values
                .iter()
                .find(|(range, _)| range.start < at && at < range.end)
                .map_or(at, |(range, _)| if end { range.end } else { range.start })
        };
        widened(from, false)..widened(to, true)
    }

    /// The gold values of the unit, one after the other: what overlaps stands as one, under the name
    /// of the first, and of the event's own where it begins there.
    fn values(&self) -> Vec<(Range<usize>, ValueName)> {
        let mut spans: Vec<_> = self.body.spans().collect();
        spans.sort_by_key(|(range, span)| {
            let own = Some(*range) == self.gold && Some(span.label) == self.gold_label;
            (range.start, !own, std::cmp::Reverse(range.end), span.label)
        });
        let mut values: Vec<(Range<usize>, ValueName)> = Vec::new();
        for (range, span) in spans {
            let range = range.as_range();
            match values.last_mut() {
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                _ => values.push((
                    range.clone(),
                    ValueName {
                        label: span.label,
                        of: match span.fact {
                            Some(fact) => fact.to_string(),
                            None => format!("{}{}@{}", self.turn, self.pointer, range.start),
                        },
                    },
                )),
            }
        }
        values
    }
}

fn overlap(a: ByteRange, b: ByteRange) -> Option<ByteRange> {
    let (start, end) = (a.start.max(b.start), a.end.min(b.end));
    (start < end).then_some(ByteRange { start, end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::predictions::sample::{body, label};

    fn range(body: &Body, text: &str) -> ByteRange {
        let start = body.text().find(text).unwrap() as u32;
        ByteRange {
            start,
            end: start + text.len() as u32,
        }
    }

    fn spot<'a>(body: &'a Body, gold: &str, found: &str) -> Spot<'a> {
        Spot {
            conversation: "fr-000000001",
            turn: 3,
            pointer: "",
            body,
            gold: Some(range(body, gold)),
            gold_label: Some(label("PAN")),
            found: Some(range(body, found)),
            predicted: Some(Meant(Some(label("PAN")))),
            tool_label: Some("CARD"),
        }
    }

    #[test]
    fn a_withheld_value_leaves_no_character_of_itself() {
        let body = body("ma carte <PAN f1:4000 0012 3456 7899>, code <CARD_PIN f2:4821>");
        let example =
            spot(&body, "4000 0012 3456 7899", "4000 0012").example(ExampleText::Withheld);
        let json = serde_json::to_string(&example).unwrap();
        for part in ["4000", "0012", "3456", "7899", "4821"] {
            assert!(!json.contains(part), "{json}");
        }
        assert_eq!((example.gold_chars, example.found_chars), (19, 9));
        let value = &example.text[1];
        assert_eq!((value.chars, value.found), (19, 9));
    }

    #[test]
    fn pieces_with_values_spell_the_message() {
        let text = "ma carte <PAN f1:4000 0012 3456 7899>, code <CARD_PIN f2:4821>";
        let body = body(text);
        let example =
            spot(&body, "4000 0012 3456 7899", "3456 7899, code").example(ExampleText::Values);
        let spelt: String = example.text.iter().filter_map(|p| p.text.clone()).collect();
        assert_eq!(spelt, body.text());
        let found: String = example
            .text
            .iter()
            .filter(|piece| piece.found > 0)
            .filter_map(|piece| piece.text.clone())
            .collect();
        assert_eq!(found, "3456 7899, code");
    }

    #[test]
    fn a_long_message_is_cut_around_the_event_and_never_inside_a_value() {
        let long = format!(
            "{}<IBAN f1:FR76 3000 6000 0112 3456 7890 189> {} <PAN f2:4000 0012> {}",
            "a ".repeat(100),
            "é ".repeat(20),
            "z ".repeat(200)
        );
        let body = body(&long);
        let example = Spot {
            found: None,
            ..spot(&body, "4000 0012", "4000 0012")
        }
        .example(ExampleText::Withheld);
        let first = example.text.first().unwrap();
        assert_eq!(first.text.as_deref(), Some("…"));
        assert_eq!(example.text.last().unwrap().text.as_deref(), Some("…"));
        let withheld: Vec<&str> = example
            .text
            .iter()
            .filter(|piece| piece.text.is_none())
            .map(|piece| piece.value.as_ref().unwrap().label.id())
            .collect();
        assert_eq!(withheld, ["IBAN", "PAN"]);
    }
}
