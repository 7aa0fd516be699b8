//! Span scores by scope.
//!
//! A **scope** is the set of labels that a span score speaks of. Invariant: it acts after matching:
//! matched pairs whose gold span is outside are ignored, and so are unmatched predictions whose
//! primary is outside or that concern a gold span outside.

use super::counts::{Counts, Meant};
use super::events::Relation;
use super::label_map::LabelSet;
use super::ratios::{IouScores, Scores, SpanScores};
use crate::conversation::names;
use crate::taxonomy::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sums from which the span scores of a label, or of a scope, are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpanSums {
    /// Gold spans.
    pub gold: u64,
    /// Predictions.
    pub predicted: u64,
    correct: u64,
    typed: u64,
    exact_gold: u64,
    exact_predicted: u64,
    matched_gold: u64,
    matched_predicted: u64,
    /// Right type and at least this intersection over union: .50, .75, .90.
    at_least: [u64; 3],
}

/// Thresholds of intersection over union, in twentieths.
const AT_LEAST: [u8; 3] = [10, 15, 18];

impl SpanSums {
    /// The four scores.
    pub fn scores(&self) -> SpanScores {
        let both = |right: u64| Scores::new((right, self.predicted), (right, self.gold));
        let halves = |exact: u64, matched: u64, all: u64| (exact + matched, 2 * all);
        let [at_50, at_75, at_90] = self.at_least.map(both);
        SpanScores {
            strict: both(self.correct),
            iou: IouScores {
                at_50,
                at_75,
                at_90,
            },
            exact: Scores::new(
                (self.exact_predicted, self.predicted),
                (self.exact_gold, self.gold),
            ),
            typed: both(self.typed),
            partial: Scores::new(
                halves(self.exact_predicted, self.matched_predicted, self.predicted),
                halves(self.exact_gold, self.matched_gold, self.gold),
            ),
        }
    }
}

names! {
    /// Which labels a span score speaks of.
    pub enum Scope {
        /// All that occur.
        All = "all",
        /// Those that the detector claims.
        Supported = "supported",
        /// Those that all compared detectors claim.
        Common = "common",
        /// Those whose boundaries are no convention (not `free_text`).
        Structured = "structured",
    }
}

/// Mean of a strict score over labels; each mean leaves out the labels where it is undefined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mean {
    /// Precision.
    pub precision: Option<f64>,
    /// Recall.
    pub recall: Option<f64>,
    /// F1.
    pub f1: Option<f64>,
}

/// Span scores of one scope.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeMetrics {
    /// Labels of the scope that occur.
    pub labels: u64,
    /// Over all spans.
    pub micro: SpanScores,
    /// Mean of the strict scores over labels.
    pub macro_mean: Mean,
    /// The same, weighted by gold spans.
    pub weighted_mean: Mean,
}

/// The span sums of every label of a scope, and of the scope as a whole.
pub fn span_sums(
    counts: &Counts,
    scope: Option<&LabelSet>,
) -> (BTreeMap<Label, SpanSums>, SpanSums) {
    let inside = |label: Label| scope.is_none_or(|scope| scope.contains(label));
    let meant_inside = |meant: Meant| meant.0.map_or(scope.is_none(), inside);
    let mut labels: BTreeMap<Label, SpanSums> = BTreeMap::new();
    let mut whole = SpanSums::default();
    for (&gold, row) in counts.labels.iter().filter(|(label, _)| inside(**label)) {
        let correct = row.relation(Relation::Correct);
        let sum = |relations: &[Relation]| relations.iter().map(|&r| row.relation(r)).sum::<u64>();
        let typed = sum(&[
            Relation::Correct,
            Relation::BoundaryShort,
            Relation::BoundaryLong,
            Relation::BoundaryShifted,
        ]);
        let wrong = row.relation(Relation::WrongType);
        let matched = typed + wrong + row.relation(Relation::TypeAndBoundary);
        let spurious = row.relation(Relation::Spurious);
        let own = SpanSums {
            gold: row.gold(),
            predicted: typed + spurious,
            correct,
            typed,
            exact_gold: correct + wrong,
            exact_predicted: correct,
            matched_gold: matched,
            matched_predicted: typed,
            at_least: AT_LEAST.map(|least| {
                let near = row.iou.range(least..).map(|(_, pairs)| pairs);
                correct + near.sum::<u64>()
            }),
        };
        let sums = labels.entry(gold).or_default();
        sums.gold += own.gold;
        sums.predicted += own.predicted;
        sums.correct += own.correct;
        sums.typed += own.typed;
        sums.exact_gold += own.exact_gold;
        sums.exact_predicted += own.exact_predicted;
        sums.matched_gold += own.matched_gold;
        sums.matched_predicted += own.matched_predicted;
        for (at, count) in own.at_least.into_iter().enumerate() {
            sums.at_least[at] += count;
            whole.at_least[at] += count;
        }
        whole.gold += own.gold;
        whole.predicted += matched + spurious;
        whole.correct += correct;
        whole.typed += typed;
        whole.exact_gold += own.exact_gold;
        whole.exact_predicted += own.exact_gold;
        whole.matched_gold += matched;
        whole.matched_predicted += matched;
        for (&meant, confusion) in &row.confused {
            let further = confusion.fragment + confusion.label_extra;
            if meant_inside(meant) {
                whole.predicted += further;
            }
            if let Some(label) = meant.0.filter(|&label| inside(label)) {
                let sums = labels.entry(label).or_default();
                sums.predicted += confusion.total();
                sums.exact_predicted += confusion.wrong_type;
                sums.matched_predicted += confusion.wrong_type + confusion.type_and_boundary;
            }
        }
    }
    if scope.is_none() {
        whole.predicted += counts.unmapped_spurious;
    }
    (labels, whole)
}

/// The scores of a scope; `None` is all labels.
pub fn in_scope(counts: &Counts, scope: Option<&LabelSet>) -> ScopeMetrics {
    let (labels, whole) = span_sums(counts, scope);
    let rows: Vec<(u64, Scores)> = labels
        .values()
        .map(|sums| (sums.gold, sums.scores().strict))
        .collect();
    let mean = |weight: &dyn Fn(u64) -> u64| {
        let of = |score: &dyn Fn(&Scores) -> Option<f64>| {
            let (mut sum, mut weights) = (0.0, 0);
            for (gold, scores) in &rows {
                if let Some(value) = score(scores) {
                    sum += value * weight(*gold) as f64;
                    weights += weight(*gold);
                }
            }
            (weights > 0).then(|| sum / weights as f64)
        };
        Mean {
            precision: of(&|scores| scores.precision.value()),
            recall: of(&|scores| scores.recall.value()),
            f1: of(&|scores| scores.f1),
        }
    };
    ScopeMetrics {
        labels: labels.values().filter(|sums| sums.gold > 0).count() as u64,
        micro: whole.scores(),
        macro_mean: mean(&|_| 1),
        weighted_mean: mean(&|gold| gold),
    }
}
