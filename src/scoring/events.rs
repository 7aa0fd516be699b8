//! The event table: what became of every gold span and every prediction.
//!
//! An **event** ties a gold span, a prediction, or both, to the **relation** between them. Every
//! number, slice, example and report is derived from events, so no two of them can disagree.
//! Invariant: a prediction is in exactly one event; a gold span is in exactly one event that
//! [settles](Relation::settles_gold) it. Hence the error classes sum exactly: their total is the
//! number of predictions plus the number of gold spans that got no prediction.
//!
//! The classes follow FairEval (Ortmann, *Fine-grained error analysis and fair evaluation of labeled
//! spans*, LREC 2022), with boundary errors split by direction.

use super::label_map::Resolved;
use super::matching::{Extent, match_spans};
use super::spans::{Offsets, covers_sound_range};
use super::views::{Seen, View};
use crate::conversation::{Body, Form, Span, names};
use crate::prediction::Prediction;
use crate::taxonomy::Label;
use crate::text::ByteRange;
use serde::{Deserialize, Serialize};

names! {
    /// What became of a gold span or a prediction.
    pub enum Relation {
        /// Equal range, right type.
        Correct = "correct",
        /// Equal range, wrong or unmapped type.
        WrongType = "wrong_type",
        /// Right type, and the prediction lies inside the gold span.
        BoundaryShort = "boundary_short",
        /// Right type, and the gold span lies inside the prediction.
        BoundaryLong = "boundary_long",
        /// Right type, and each sticks out on one side.
        BoundaryShifted = "boundary_shifted",
        /// Overlapping range, wrong or unmapped type.
        TypeAndBoundary = "type_and_boundary",
        /// A further prediction on a gold span that another prediction already answers.
        Fragment = "fragment",
        /// A further label on a range that already answers a gold span.
        LabelExtra = "label_extra",
        /// A gold span covered only by a prediction that answers another gold span.
        Merge = "merge",
        /// A gold span that no prediction touches.
        Missed = "missed",
        /// A prediction that touches no gold span.
        Spurious = "spurious",
        /// The same range and meaning again.
        Duplicate = "duplicate",
        /// A gold span outside the strict scores (`form = fragment`), or a prediction on one, or one
        /// that touches no gold and a range that counts neither way.
        Ignored = "ignored",
    }
}

impl Relation {
    /// Does the event say what became of its gold span? `fragment` and `label_extra` only point at
    /// the gold span that they concern.
    pub fn settles_gold(self) -> bool {
        !matches!(
            self,
            Relation::Fragment | Relation::LabelExtra | Relation::Spurious | Relation::Duplicate
        )
    }

    /// A pair of a gold span and the prediction that answers it?
    pub fn is_match(self) -> bool {
        matches!(
            self,
            Relation::Correct
                | Relation::WrongType
                | Relation::BoundaryShort
                | Relation::BoundaryLong
                | Relation::BoundaryShifted
                | Relation::TypeAndBoundary
        )
    }

    /// Right type with any overlap?
    pub fn is_type_right(self) -> bool {
        matches!(
            self,
            Relation::Correct
                | Relation::BoundaryShort
                | Relation::BoundaryLong
                | Relation::BoundaryShifted
        )
    }

    /// Equal ranges?
    pub fn is_exact(self) -> bool {
        matches!(self, Relation::Correct | Relation::WrongType)
    }
}

/// One row of the event table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Which unit of the conversation, counted over its messages in order.
    pub unit: u32,
    /// Which gold span of the unit, in the order of [`Body::spans`].
    pub gold: Option<u32>,
    /// Which prediction of the unit, in the order in which they were given.
    pub prediction: Option<u32>,
    /// What became of them.
    pub relation: Relation,
    /// Intersection over union of a matched pair, in twentieths, rounded down: 20 for equal ranges
    /// alone. 0 where nothing is matched.
    pub twentieths: u8,
}

/// A gold span, in the order in which spans are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Gold {
    range: ByteRange,
    label: Label,
    index: u32,
    /// Outside the strict scores?
    outside: bool,
}

/// A prediction, in the order in which spans are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    range: ByteRange,
    meaning: u16,
    index: u32,
}

/// Works out events, unit by unit, and keeps its memory between units.
#[derive(Debug, Default)]
pub struct EventTable {
    view: View,
    seen: Vec<Seen>,
    golds: Vec<Gold>,
    found: Vec<Found>,
    gold_extents: Vec<Extent>,
    found_extents: Vec<Extent>,
    matched: Vec<Option<u32>>,
    answered: Vec<Option<u32>>,
}

impl EventTable {
    /// A table of what a view shows.
    pub fn new(view: View) -> Self {
        EventTable {
            view,
            ..EventTable::default()
        }
    }

    /// Appends the events of one unit. What the view leaves out is in no event.
    ///
    /// # Errors
    /// The index of the first prediction whose range is empty, beyond the text, or off a character
    /// boundary.
    pub fn of_unit(
        &mut self,
        unit: u32,
        body: &Body,
        predictions: &[Prediction],
        map: &Resolved,
        out: &mut Vec<Event>,
    ) -> Result<(), usize> {
        if predictions.is_empty() && body.spans().next().is_none() {
            return Ok(());
        }
        let text = body.text();
        if let Some(bad) = predictions
            .iter()
            .position(|p| !covers_sound_range(text, p.range))
        {
            return Err(bad);
        }
        self.load_golds(body);
        self.load_found(unit, text, predictions, map, out);
        let event = |gold, prediction, relation, twentieths| Event {
            unit,
            gold,
            prediction,
            relation,
            twentieths,
        };
        let apart = self.match_apart();
        self.measure(text, apart);
        let (golds, found) = (&self.golds, &self.found);
        let means = |p: usize, label: Label| {
            let tool_label = predictions[found[p].index as usize].label;
            map.list(tool_label).contains(&label)
        };
        if !apart {
            match_spans(
                &self.gold_extents,
                &self.found_extents,
                |g, p| means(p, golds[g].label),
                &mut self.matched,
            );
        }

        self.answered.clear();
        self.answered.resize(found.len(), None);
        for (g, gold) in golds.iter().enumerate() {
            let prediction = self.matched[g].map(|p| p as usize);
            let extent = self.gold_extents[g];
            let answer = prediction.map(|p| (self.found_extents[p], means(p, gold.label)));
            let relation = match gold.outside {
                true => Relation::Ignored,
                false => of_gold(extent, answer, &self.found_extents),
            };
            if let Some(p) = prediction {
                self.answered[p] = Some(g as u32);
            }
            out.push(event(
                Some(gold.index),
                prediction.map(|p| found[p].index),
                relation,
                prediction.map_or(0, |p| twentieths(extent, self.found_extents[p])),
            ));
        }
        for (p, prediction) in found.iter().enumerate() {
            if self.answered[p].is_some() {
                continue;
            }
            let concerned = of_further(p, &self.found_extents, &self.answered, &self.gold_extents);
            out.push(match concerned.map(|(g, relation)| (&golds[g], relation)) {
                // An ignored gold span is settled by its own event.
                Some((gold, _)) if gold.outside => {
                    event(None, Some(prediction.index), Relation::Ignored, 0)
                }
                Some((gold, relation)) => {
                    event(Some(gold.index), Some(prediction.index), relation, 0)
                }
                None if is_set_aside(body, prediction.range) => {
                    event(None, Some(prediction.index), Relation::Ignored, 0)
                }
                None => event(None, Some(prediction.index), Relation::Spurious, 0),
            });
        }
        Ok(())
    }

    /// Matches where there is nothing to weigh: only gold or only predictions, or no two gold spans
    /// overlap, no two predictions do, and where a gold span and a prediction do they are of one range.
    /// Most texts are like that. False where they are not; then nothing is matched yet.
    fn match_apart(&mut self) -> bool {
        self.matched.clear();
        if self.golds.is_empty() || self.found.is_empty() {
            self.matched.resize(self.golds.len(), None);
            return true;
        }
        let (mut g, mut p, mut behind) = (0, 0, 0);
        loop {
            let range = match (self.golds.get(g), self.found.get(p)) {
                (None, None) => return true,
                (Some(gold), Some(found)) if gold.range == found.range => {
                    self.matched.push(Some(p as u32));
                    (g, p) = (g + 1, p + 1);
                    gold.range
                }
                (Some(gold), found) if found.is_none_or(|f| gold.range.end <= f.range.start) => {
                    self.matched.push(None);
                    g += 1;
                    gold.range
                }
                (gold, Some(found)) if gold.is_none_or(|g| found.range.end <= g.range.start) => {
                    p += 1;
                    found.range
                }
                _ => return false,
            };
            if range.start < behind {
                return false;
            }
            behind = range.end;
        }
    }

    /// Measures gold spans and predictions in code points; those that are matched `apart` stay in
    /// bytes, since nothing of them is measured but whether they are equal.
    fn measure(&mut self, text: &str, apart: bool) {
        let offsets = (!apart).then(|| Offsets::of(text));
        let extent = |range: ByteRange| match &offsets {
            Some(offsets) => offsets.extent(range),
            None => Extent {
                start: range.start,
                end: range.end,
            },
        };
        self.gold_extents.clear();
        self.gold_extents
            .extend(self.golds.iter().map(|gold| extent(gold.range)));
        self.found_extents.clear();
        self.found_extents
            .extend(self.found.iter().map(|found| extent(found.range)));
    }

    /// Lists the gold spans as the view shows them, in the order of matching: by range and label, and
    /// of one range and label by what else is known of them. Their order in the file decides nothing
    /// but between spans that are equal in all of it.
    fn load_golds(&mut self, body: &Body) {
        self.golds.clear();
        let outside = |span: &Span| span.form == Some(Form::Fragment);
        if self.view == View::All {
            let golds = body.spans().zip(0..).map(|((range, span), index)| Gold {
                range,
                label: span.label,
                index,
                outside: outside(span),
            });
            self.golds.extend(golds);
            let known = |gold: &Gold| body.spans().nth(gold.index as usize);
            self.golds.sort_unstable_by(|a, b| {
                let places = (a.range, a.label).cmp(&(b.range, b.label));
                places.then_with(|| (known(a), a.index).cmp(&(known(b), b.index)))
            });
            return;
        }
        let spans = body.spans().zip(0..);
        let mut spans: Vec<_> = spans.map(|((range, span), at)| (range, span, at)).collect();
        spans.sort_unstable();
        // What is outside the strict scores is of another meaning than what is inside.
        let seen = spans
            .iter()
            .zip(0..)
            .map(|(&(range, span, _), place)| Seen {
                meaning: (span.label.index() as u32) << 1 | u32::from(outside(span)),
                range,
                index: place,
            });
        self.seen.clear();
        self.seen.extend(seen);
        self.view.apply(body.text(), &mut self.seen);
        self.golds.extend(self.seen.iter().filter_map(|seen| {
            Some(Gold {
                range: seen.range,
                label: Label::at((seen.meaning >> 1) as usize)?,
                index: seen.index,
                outside: seen.meaning & 1 == 1,
            })
        }));
        self.golds.sort_unstable();
        for gold in &mut self.golds {
            gold.index = spans[gold.index as usize].2;
        }
    }

    /// Lists the predictions as the view shows them, in the order of matching; what is given again
    /// becomes an event.
    fn load_found(
        &mut self,
        unit: u32,
        text: &str,
        predictions: &[Prediction],
        map: &Resolved,
        out: &mut Vec<Event>,
    ) {
        self.found.clear();
        let found = predictions.iter().zip(0..).map(|(p, index)| Found {
            range: p.range,
            meaning: map.meaning(p.label),
            index,
        });
        self.found.extend(found);
        self.drop_repeated(unit, out);
        if self.view == View::All {
            return;
        }
        self.seen.clear();
        self.seen.extend(self.found.iter().map(|found| Seen {
            meaning: u32::from(found.meaning),
            range: predictions[found.index as usize].range,
            index: found.index,
        }));
        self.view.apply(text, &mut self.seen);
        self.found.clear();
        self.found.extend(self.seen.iter().map(|seen| Found {
            range: seen.range,
            meaning: seen.meaning as u16,
            index: seen.index,
        }));
        // Ranges that differ at their edges alone are now the same.
        self.drop_repeated(unit, out);
    }

    fn drop_repeated(&mut self, unit: u32, out: &mut Vec<Event>) {
        self.found.sort_unstable();
        self.found.dedup_by(|again, first| {
            let same = (again.range, again.meaning) == (first.range, first.meaning);
            if same {
                out.push(Event {
                    unit,
                    gold: None,
                    prediction: Some(again.index),
                    relation: Relation::Duplicate,
                    twentieths: 0,
                });
            }
            same
        });
    }
}

/// What became of a gold span of the strict scores: `answer` is the prediction that it is matched with,
/// and whether that means its label; `found` are all predictions, sorted.
pub(in crate::scoring) fn of_gold(
    gold: Extent,
    answer: Option<(Extent, bool)>,
    found: &[Extent],
) -> Relation {
    match answer {
        Some((answer, type_right)) => relation(gold, answer, type_right),
        None if touches(gold, found) => Relation::Merge,
        None => Relation::Missed,
    }
}

/// What became of a prediction that is matched with no gold span, and the gold span that it concerns.
/// `None` where it touches none. `answered` has the gold span of each prediction that is matched.
pub(in crate::scoring) fn of_further(
    p: usize,
    found: &[Extent],
    answered: &[Option<u32>],
    golds: &[Extent],
) -> Option<(usize, Relation)> {
    // Predictions of one range stand together in the order of matching.
    let same = |&at: &usize| found[at] == found[p];
    let before = (0..p).rev().take_while(same);
    let after = (p + 1..found.len()).take_while(same);
    match before.chain(after).find_map(|at| answered[at]) {
        Some(g) => Some((g as usize, Relation::LabelExtra)),
        None => most_overlapped(found[p], golds).map(|g| (g, Relation::Fragment)),
    }
}

fn relation(gold: Extent, found: Extent, type_right: bool) -> Relation {
    match (gold == found, type_right) {
        (true, true) => Relation::Correct,
        (true, false) => Relation::WrongType,
        (false, false) => Relation::TypeAndBoundary,
        (false, true) if gold.contains(found) => Relation::BoundaryShort,
        (false, true) if found.contains(gold) => Relation::BoundaryLong,
        (false, true) => Relation::BoundaryShifted,
    }
}

/// Intersection over union, in twentieths, rounded down.
fn twentieths(gold: Extent, found: Extent) -> u8 {
    let union = gold.end.max(found.end) - gold.start.min(found.start);
    (u64::from(gold.overlap(found)) * 20 / u64::from(union)) as u8
}

/// Does it share anything with a range that counts neither way?
fn is_set_aside(body: &Body, range: ByteRange) -> bool {
    let mut ignored = body.ignored();
    ignored.any(|(ignored, _)| ignored.start < range.end && range.start < ignored.end)
}

fn touches(extent: Extent, sorted: &[Extent]) -> bool {
    let behind = sorted.partition_point(|other| other.start < extent.end);
    sorted[..behind]
        .iter()
        .any(|other| other.end > extent.start)
}

/// Which gold span shares most with `extent`, the first in order on ties.
fn most_overlapped(extent: Extent, golds: &[Extent]) -> Option<usize> {
    let behind = golds.partition_point(|gold| gold.start < extent.end);
    let mut best = (0, None);
    for (g, gold) in golds[..behind].iter().enumerate() {
        let overlap = extent.overlap(*gold);
        if overlap > best.0 {
            best = (overlap, Some(g));
        }
    }
    best.1
}
