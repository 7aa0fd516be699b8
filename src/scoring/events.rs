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
use super::spans::{Cover, Offsets, covers_sound_range};
use crate::conversation::{Body, Form, names};
use crate::prediction::Prediction;
use crate::taxonomy::Label;
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
}

/// A gold span, in the order in which spans are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Gold {
    extent: Extent,
    label: Label,
    index: u32,
    /// Outside the strict scores?
    outside: bool,
}

/// A prediction, in the order in which spans are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    extent: Extent,
    meaning: u16,
    index: u32,
}

/// Works out events, unit by unit, and keeps its memory between units.
#[derive(Debug, Default)]
pub struct EventTable {
    golds: Vec<Gold>,
    found: Vec<Found>,
    gold_extents: Vec<Extent>,
    found_extents: Vec<Extent>,
    matched: Vec<Option<u32>>,
    answered: Vec<Option<u32>>,
}

impl EventTable {
    /// Appends the events of one unit.
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
        let text = body.text();
        if let Some(bad) = predictions
            .iter()
            .position(|p| !covers_sound_range(text, p.range))
        {
            return Err(bad);
        }
        let offsets = Offsets::of(text);
        self.golds.clear();
        self.golds
            .extend(body.spans().zip(0..).map(|((range, span), index)| Gold {
                extent: offsets.extent(range),
                label: span.label,
                index,
                outside: span.form == Some(Form::Fragment),
            }));
        self.golds.sort_unstable();
        self.found.clear();
        self.found.extend(
            predictions
                .iter()
                .zip(0..)
                .map(|(prediction, index)| Found {
                    extent: offsets.extent(prediction.range),
                    meaning: map.meaning(prediction.label),
                    index,
                }),
        );
        self.found.sort_unstable();

        let event = |gold, prediction, relation| Event {
            unit,
            gold,
            prediction,
            relation,
        };
        self.found.dedup_by(|again, first| {
            let same = (again.extent, again.meaning) == (first.extent, first.meaning);
            if same {
                out.push(event(None, Some(again.index), Relation::Duplicate));
            }
            same
        });
        self.gold_extents.clear();
        self.gold_extents
            .extend(self.golds.iter().map(|gold| gold.extent));
        self.found_extents.clear();
        self.found_extents
            .extend(self.found.iter().map(|found| found.extent));
        let (golds, found) = (&self.golds, &self.found);
        let means = |p: usize, label: Label| {
            let tool_label = predictions[found[p].index as usize].label;
            map.list(tool_label).contains(&label)
        };
        match_spans(
            &self.gold_extents,
            &self.found_extents,
            |g, p| means(p, golds[g].label),
            &mut self.matched,
        );

        self.answered.clear();
        self.answered.resize(found.len(), None);
        for (g, gold) in golds.iter().enumerate() {
            let prediction = self.matched[g].map(|p| p as usize);
            let relation = match prediction {
                _ if gold.outside => Relation::Ignored,
                Some(p) => relation(gold.extent, found[p].extent, means(p, gold.label)),
                None if touches(gold.extent, &self.found_extents) => Relation::Merge,
                None => Relation::Missed,
            };
            if let Some(p) = prediction {
                self.answered[p] = Some(g as u32);
            }
            out.push(event(
                Some(gold.index),
                prediction.map(|p| found[p].index),
                relation,
            ));
        }
        let set_aside = Cover::of(body.ignored().map(|(range, _)| range));
        for (p, prediction) in found.iter().enumerate() {
            if self.answered[p].is_some() {
                continue;
            }
            let concerned = match self.answered_twin(p) {
                Some(g) => Some((&golds[g as usize], Relation::LabelExtra)),
                None => {
                    most_overlapped(prediction.extent, golds).map(|gold| (gold, Relation::Fragment))
                }
            };
            out.push(match concerned {
                // An ignored gold span is settled by its own event.
                Some((gold, _)) if gold.outside => {
                    event(None, Some(prediction.index), Relation::Ignored)
                }
                Some((gold, relation)) => event(Some(gold.index), Some(prediction.index), relation),
                None if set_aside.touches(predictions[prediction.index as usize].range) => {
                    event(None, Some(prediction.index), Relation::Ignored)
                }
                None => event(None, Some(prediction.index), Relation::Spurious),
            });
        }
        Ok(())
    }

    /// The gold span that another prediction of the same range answers. Predictions of one range
    /// stand together in the order of matching.
    fn answered_twin(&self, p: usize) -> Option<u32> {
        let extent = self.found[p].extent;
        let same = |&at: &usize| self.found[at].extent == extent;
        let before = (0..p).rev().take_while(same);
        let after = (p + 1..self.found.len()).take_while(same);
        before.chain(after).find_map(|at| self.answered[at])
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

fn touches(extent: Extent, sorted: &[Extent]) -> bool {
    let behind = sorted.partition_point(|other| other.start < extent.end);
    sorted[..behind]
        .iter()
        .any(|other| other.end > extent.start)
}

/// The gold span that shares most with `extent`, the first in order on ties.
fn most_overlapped(extent: Extent, golds: &[Gold]) -> Option<&Gold> {
    let behind = golds.partition_point(|gold| gold.extent.start < extent.end);
    golds[..behind]
        .iter()
        .filter(|gold| extent.overlap(gold.extent) > 0)
        .reduce(|best, next| {
            if extent.overlap(next.extent) > extent.overlap(best.extent) {
                next
            } else {
                best
            }
        })
}
