//! What still gets out: the value view.
//!
//! * A **value** is a fact under its label, with all its **mentions** in the conversation; a gold span
//!   without a fact is a value of its own.
//! * A character of a mention is **essential** iff it is alphanumeric and not in the residue that the
//!   tolerance policy leaves readable.
//! * A value is **protected** iff in every mention every essential character is covered by the union
//!   of the predictions of that unit, whatever their labels. Otherwise it **leaks**.
//!
//! Invariant: a value without an essential character (a truncated card number) is in no denominator;
//! it is counted apart.

use super::spans::Cover;
use super::tolerance::{Tolerance, is_digit_form};
use crate::conversation::{Body, FactId, Form, Part};
use crate::taxonomy::{Label, Residue};
use crate::text::ByteRange;

/// What is left of one mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Which unit of the conversation, counted over its messages in order.
    pub unit: u32,
    /// Which gold span of the unit, in the order of [`Body::spans`].
    pub gold: u32,
    /// How many essential characters it has.
    pub essential: u32,
    /// How many of them stay readable.
    pub readable: u32,
    /// Which of its characters may stay readable.
    kept: Kept,
}

impl Mention {
    /// Where its essential characters stand, in bytes of the unit's text.
    pub fn essential_bytes<'a>(
        &self,
        body: &'a Body,
        range: ByteRange,
    ) -> impl Iterator<Item = u32> + use<'a> {
        let (kept, any) = (self.kept, self.essential > 0);
        let characters = body.covered(range).char_indices();
        characters
            .filter(|(_, character)| character.is_alphanumeric())
            .zip(0u32..)
            .filter(move |(_, place)| any && !kept.tolerates(*place))
            .map(move |((at, _), _)| range.start + at as u32)
    }

    /// Does an essential character stay readable?
    pub fn leaks(&self) -> bool {
        self.readable > 0
    }
}

/// What is left of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// Its label.
    pub label: Label,
    /// The fact, where the span names one.
    pub fact: Option<FactId>,
    /// Its mentions, in order; never empty.
    pub mentions: &'a [Mention],
}

impl Value<'_> {
    /// Essential characters of all mentions.
    pub fn essential(&self) -> u32 {
        self.mentions.iter().map(|mention| mention.essential).sum()
    }

    /// How many of them stay readable.
    pub fn readable(&self) -> u32 {
        self.mentions.iter().map(|mention| mention.readable).sum()
    }

    /// Has it anything that could leak?
    pub fn is_essential(&self) -> bool {
        self.essential() > 0
    }

    /// Does an essential character stay readable in any mention?
    pub fn leaks(&self) -> bool {
        self.mentions.iter().any(Mention::leaks)
    }
}

/// One unit as a redactor leaves it.
#[derive(Clone, Copy, Debug)]
pub struct Redacted<'a> {
    /// The text with its gold spans.
    pub body: &'a Body,
    /// What is covered.
    pub cover: &'a Cover,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    key: u64,
    range: ByteRange,
    unit: u32,
    gold: u32,
    label: Label,
    fact: Option<FactId>,
    form: Option<Form>,
    part: Option<Part>,
}

/// Lists values, and keeps its memory between conversations.
#[derive(Debug, Default)]
pub struct Values {
    rows: Vec<Row>,
    mentions: Vec<Mention>,
}

/// The values of one conversation, and what is left of each.
///
/// `units` are those of the conversation's messages, in order.
pub fn values(units: &[Redacted<'_>], tolerance: &Tolerance, each: impl FnMut(Value<'_>)) {
    Values::default().each(units, tolerance, each);
}

impl Values {
    /// As [`values`].
    pub fn each(
        &mut self,
        units: &[Redacted<'_>],
        tolerance: &Tolerance,
        mut each: impl FnMut(Value<'_>),
    ) {
        let Values { rows, mentions } = self;
        rows.clear();
        for (unit, redacted) in units.iter().enumerate() {
            for (gold, (range, span)) in redacted.body.spans().enumerate() {
                let key = match span.fact {
                    Some(fact) => (u64::from(fact.0) << 32) | span.label.index() as u64,
                    None => (1 << 63) | rows.len() as u64,
                };
                rows.push(Row {
                    key,
                    range,
                    unit: unit as u32,
                    gold: gold as u32,
                    label: span.label,
                    fact: span.fact,
                    form: span.form,
                    part: span.part,
                });
            }
        }
        // Within a unit mentions stand in text order, so that parts count from the first. Between mentions
        // of one range everything else that is known of them decides, and never their order in the file.
        let known = |row: &Row| units[row.unit as usize].body.spans().nth(row.gold as usize);
        rows.sort_unstable_by(|a, b| {
            let places = (a.key, a.unit, a.range).cmp(&(b.key, b.unit, b.range));
            places.then_with(|| (known(a), a.gold).cmp(&(known(b), b.gold)))
        });
        for group in rows.chunk_by(|a, b| a.key == b.key) {
            let label = group[0].label;
            let residue = tolerance.residue(label);
            let inessential = label.info().inessential;
            mentions.clear();
            for (at, row) in group.iter().enumerate() {
                let redacted = units[row.unit as usize];
                let (kept, (essential, readable)) = if inessential {
                    (Kept::NOTHING, (0, 0))
                } else {
                    let kept = Kept::of(group, at, units, residue);
                    let counts = readable(redacted.body, row.range, redacted.cover, kept);
                    (kept, counts)
                };
                mentions.push(Mention {
                    unit: row.unit,
                    gold: row.gold,
                    essential,
                    readable,
                    kept,
                });
            }
            each(Value {
                label,
                fact: group[0].fact,
                mentions,
            });
        }
    }
}

/// Which alphanumeric characters of a mention may stay readable: the first `first` and those from
/// `last_from` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kept {
    first: u32,
    last_from: u32,
}

impl Kept {
    const NOTHING: Kept = Kept {
        first: 0,
        last_from: u32::MAX,
    };

    /// May the alphanumeric character at `place` stay readable?
    fn tolerates(self, place: u32) -> bool {
        place < self.first || place >= self.last_from
    }

    /// The residue of the mention at `at` of a value. The residue of a value given in parts is that
    /// of the whole; a fragment that says no more than a residue would is tolerated like one.
    fn of(group: &[Row], at: usize, units: &[Redacted<'_>], residue: Residue) -> Kept {
        let row = &group[at];
        let surface = |row: &Row| units[row.unit as usize].body.covered(row.range);
        if residue == Residue::default() || !is_digit_form(surface(row), row.form) {
            return Kept::NOTHING;
        }
        let length = |row: &Row| alphanumerics(surface(row));
        let own = length(row);
        if row.form == Some(Form::Fragment) {
            let tolerated = own <= residue.first.max(residue.last);
            return if tolerated {
                Kept {
                    first: own,
                    last_from: 0,
                }
            } else {
                Kept::NOTHING
            };
        }
        let (before, after) = match row.part {
            None => (0, 0),
            Some(part) => {
                let place = |row: &Row| row.part.map_or(0, |part| part.k);
                let head = group[..at].iter().rev().scan(part.k, |expected, other| {
                    *expected = expected.checked_sub(1).filter(|&k| k > 0)?;
                    (place(other) == *expected).then(|| length(other))
                });
                let tail = group[at + 1..].iter().scan(part.k, |expected, other| {
                    *expected = expected.checked_add(1).filter(|&k| k <= part.n)?;
                    (place(other) == *expected).then(|| length(other))
                });
                (head.sum::<u32>(), tail.sum::<u32>())
            }
        };
        let total = before + own + after;
        let last_from = total.saturating_sub(residue.last).saturating_sub(before);
        Kept {
            first: residue.first.saturating_sub(before),
            last_from,
        }
    }
}

fn alphanumerics(text: &str) -> u32 {
    if text.is_ascii() {
        let bytes = text.bytes();
        return bytes.map(|b| u32::from(b.is_ascii_alphanumeric())).sum();
    }
    text.chars().filter(|c| c.is_alphanumeric()).count() as u32
}

/// The essential characters of a range, and how many of them are outside the cover.
fn readable(body: &Body, range: ByteRange, cover: &Cover, kept: Kept) -> (u32, u32) {
    let text = body.covered(range);
    let all = alphanumerics(text);
    let essential = all.min(kept.last_from).saturating_sub(kept.first);
    if essential == 0 || cover.covers(range) {
        return (essential, 0);
    }
    if !cover.touches(range) {
        return (essential, essential);
    }
    let mut windows = cover.within(range).peekable();
    let (mut place, mut readable) = (0, 0);
    for (at, character) in text.char_indices() {
        if !character.is_alphanumeric() {
            continue;
        }
        let tolerated = kept.tolerates(place);
        place += 1;
        if !tolerated {
            let at = range.start + at as u32;
            while windows.next_if(|window| window.end <= at).is_some() {}
            readable += u32::from(windows.peek().is_none_or(|window| at < window.start));
        }
    }
    (essential, readable)
}
