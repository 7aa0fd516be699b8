//! From counts to ratios.
//!
//! A **scope** is the set of labels that a span score speaks of; it acts after matching: matched
//! pairs whose gold span is outside are ignored, and so are unmatched predictions whose primary is
//! outside or that concern a gold span outside. Invariant: a ratio always stands with its counts, and
//! 0/0 is `null`, never 0 or 1.

use super::counts::{Counts, Exposed, LabelCounts, Meant};
use super::events::Relation;
use super::intervals::{self, Interval, LEAST_CLUSTERS};
use super::label_map::LabelSet;
use super::replicates::{LabelReplicates, LeakReplicates};
use super::slices::Dimension;
use crate::conversation::names;
use crate::taxonomy::{Exposure, Headline, Label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A ratio with its counts and, where it is known, its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Numerator.
    pub count: u64,
    /// Denominator.
    pub of: u64,
    /// The quotient; `null` for 0/0.
    value: Option<f64>,
    /// The interval.
    pub interval: Option<Interval>,
}

impl Ratio {
    /// `count / of`, without an interval.
    pub fn new(count: u64, of: u64) -> Self {
        Ratio {
            count,
            of,
            value: (of > 0).then(|| count as f64 / of as f64),
            interval: None,
        }
    }

    /// With an interval.
    #[must_use]
    pub fn with(self, interval: Option<Interval>) -> Self {
        Ratio { interval, ..self }
    }

    /// The quotient; `None` for 0/0.
    pub fn value(&self) -> Option<f64> {
        self.value
    }
}

/// Precision, recall and their harmonic means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// Right ones of the predictions.
    pub precision: Ratio,
    /// Right ones of the gold spans.
    pub recall: Ratio,
    /// F1: precision and recall weigh alike.
    pub f1: Option<f64>,
    /// F2: recall weighs four times as much (van Rijsbergen, 1979, β = 2).
    pub f2: Option<f64>,
}

impl Scores {
    /// From what is right of `predicted` and of `gold`.
    fn new((right_predicted, predicted): (u64, u64), (right_gold, gold): (u64, u64)) -> Self {
        let precision = Ratio::new(right_predicted, predicted);
        let recall = Ratio::new(right_gold, gold);
        let f = |beta_squared: f64| {
            // With one undefined, nothing is right, and the mean is 0 unless both are undefined.
            let (p, r) = match (precision.value, recall.value) {
                (None, None) => return None,
                (p, r) => (p.unwrap_or(0.0), r.unwrap_or(0.0)),
            };
            let weighted = beta_squared * p + r;
            Some(if weighted > 0.0 {
                (1.0 + beta_squared) * p * r / weighted
            } else {
                0.0
            })
        };
        Scores {
            precision,
            recall,
            f1: f(1.0),
            f2: f(4.0),
        }
    }
}

/// The four span scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanScores {
    /// Right range and right type.
    pub strict: Scores,
    /// Right range, any type.
    pub exact: Scores,
    /// Right type, any overlap.
    #[serde(rename = "type")]
    pub typed: Scores,
    /// Any type; an overlap that is not exact counts one half. Counts here are in halves.
    pub partial: Scores,
}

/// Sums from which the span scores of a label, or of a scope, are made.
#[derive(Clone, Copy, Debug, Default)]
struct SpanSums {
    gold: u64,
    predicted: u64,
    correct: u64,
    typed: u64,
    exact_gold: u64,
    exact_predicted: u64,
    matched_gold: u64,
    matched_predicted: u64,
}

impl SpanSums {
    fn scores(&self) -> SpanScores {
        let both = |right: u64| Scores::new((right, self.predicted), (right, self.gold));
        let halves = |exact: u64, matched: u64, all: u64| (exact + matched, 2 * all);
        SpanScores {
            strict: both(self.correct),
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

/// What gets out of some values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeakMetrics {
    /// Values that leak, of the values with something essential.
    pub leak: Ratio,
    /// The same over mentions.
    pub mentions: Ratio,
    /// Mean over values of the share of essential characters that stay readable.
    pub mean_readable: Option<f64>,
    /// Values without anything essential: in no denominator.
    pub inessential: u64,
    /// Independent clusters that hold such values: the fewer of customers and phrases.
    pub clusters: u64,
}

/// One label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelMetrics {
    /// Span scores.
    pub spans: SpanScores,
    /// Code points of its gold spans that are covered, by whatever label.
    pub char_recall: Ratio,
    /// What gets out.
    pub leak: LeakMetrics,
}

/// One exposure class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassMetrics {
    /// The class.
    pub class: Exposure,
    /// Strict recall.
    pub recall: Ratio,
    /// Code points covered.
    pub char_recall: Ratio,
    /// What gets out.
    pub leak: LeakMetrics,
}

/// What a redactor does to the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageMetrics {
    /// Code points outside gold that are covered.
    pub harmless_masked: Ratio,
    /// Distinct predicted ranges in harmless messages, per such message (times 1,000 in tables).
    pub false_alerts: Ratio,
    /// Distinct predicted ranges that touch no gold, in messages that hold some.
    pub stray_alerts: u64,
    /// Gold code points of the covered ones.
    pub char_precision: Ratio,
    /// Covered code points of the gold ones.
    pub char_recall: Ratio,
    /// Messages with gold, of those with a prediction.
    pub message_precision: Ratio,
    /// Messages with a prediction, of those with gold.
    pub message_recall: Ratio,
}

/// Decoys of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecoyMetrics {
    /// Decoys that a prediction touches.
    pub alerted: Ratio,
    /// Code points of them that are covered.
    pub masked: Ratio,
}

/// Conversations, or customers, of which a value leaks, of those that hold one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposedMetrics {
    /// Any value.
    pub any: Ratio,
    /// A critical value.
    pub critical: Ratio,
    /// A value of the profile headline.
    pub profile: Ratio,
}

/// One slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceMetrics {
    /// Strict recall.
    pub recall: Ratio,
    /// Mentions that leak.
    pub mentions: Ratio,
    /// Values that leak, by their first mention.
    pub leak: Ratio,
    /// Critical values that leak.
    pub critical: Ratio,
}

/// What predictions of one meaning did to gold spans of another label.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfusionRow {
    /// The gold label.
    pub gold: Label,
    /// What the prediction meant.
    pub predicted: Meant,
    /// How often, on an equal range.
    pub exact: u64,
    /// How often, on an overlapping range.
    pub overlapping: u64,
}

/// Everything that is reported of one detector on one corpus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Conversations scored.
    pub conversations: u64,
    /// Messages scored.
    pub messages: u64,
    /// Gold spans in the strict scores.
    pub gold: u64,
    /// Predictions in the strict scores.
    pub predictions: u64,
    /// Predictions that repeated another.
    pub duplicates: u64,
    /// Predictions on gold spans outside the strict scores.
    pub ignored_predictions: u64,
    /// Predictions with labels outside the label map, by the tool's label.
    pub unmapped: BTreeMap<String, u64>,
    /// The leak headline: values of the secret and account classes.
    pub critical: LeakMetrics,
    /// The profile-leak headline.
    pub profile: LeakMetrics,
    /// The coverage view.
    pub coverage: CoverageMetrics,
    /// The span view, by scope.
    pub scopes: BTreeMap<Scope, ScopeMetrics>,
    /// Events by relation. All but `duplicate` and `ignored` sum to predictions + unanswered golds.
    pub errors: BTreeMap<Relation, u64>,
    /// Exposure classes, worst first.
    pub classes: Vec<ClassMetrics>,
    /// Labels that occur, in gold or in what predictions mean.
    pub labels: BTreeMap<Label, LabelMetrics>,
    /// Wrong types.
    pub confusion: Vec<ConfusionRow>,
    /// Decoys, by what they are.
    pub decoys: BTreeMap<String, DecoyMetrics>,
    /// By conversation.
    pub exposed_conversations: ExposedMetrics,
    /// By customer.
    pub exposed_customers: ExposedMetrics,
    /// Parts of the corpus.
    pub slices: BTreeMap<Dimension, BTreeMap<String, SliceMetrics>>,
}

impl Metrics {
    /// The metrics of a run, in the scopes `all` and `structured`.
    pub fn of(counts: &Counts) -> Metrics {
        Metrics::in_scopes(counts, None, None)
    }

    /// The metrics of a run, also in the scopes of what the detector claims and of what all compared
    /// detectors claim.
    pub fn in_scopes(
        counts: &Counts,
        supported: Option<&LabelSet>,
        common: Option<&LabelSet>,
    ) -> Metrics {
        let structured: LabelSet = Label::all()
            .filter(|label| !label.info().free_text)
            .collect();
        let mut scopes: BTreeMap<Scope, ScopeMetrics> = [
            (Scope::Supported, supported),
            (Scope::Common, common),
            (Scope::Structured, Some(&structured)),
        ]
        .into_iter()
        .filter_map(|(scope, labels)| Some((scope, in_scope(counts, Some(labels?)))))
        .collect();
        let all = span_sums(counts, None);
        let mut whole = in_scope(counts, None);
        let overall = &counts.replicates.overall;
        let customers = counts.customers.len() as u64;
        let strict = &mut whole.micro.strict;
        strict.precision = bootstrapped(
            strict.precision,
            (&overall.correct, &overall.predicted),
            customers,
        );
        strict.recall = bootstrapped(strict.recall, (&overall.correct, &overall.gold), customers);
        scopes.insert(Scope::All, whole);
        let unseen = LabelCounts::default();
        let labels = all.0.iter().map(|(&label, &sums)| {
            // A label that predictions mean and no gold span has has no counts of its own.
            let row = counts.labels.get(&label).unwrap_or(&unseen);
            (label, label_metrics(label, row, sums, counts))
        });
        let slices = counts.slices.iter().map(|(&dimension, rows)| {
            let rows = rows.iter().map(|(name, c)| {
                let metrics = SliceMetrics {
                    recall: Ratio::new(c.correct, c.gold),
                    mentions: Ratio::new(c.leaked_mentions, c.mentions),
                    leak: Ratio::new(c.leaked, c.values),
                    critical: Ratio::new(c.critical_leaked, c.critical),
                };
                (name.clone(), metrics)
            });
            (dimension, rows.collect())
        });
        let decoys = counts.decoys.iter().map(|(kind, c)| {
            let metrics = DecoyMetrics {
                alerted: Ratio::new(c.alerted, c.decoys),
                masked: Ratio::new(c.masked_chars, c.chars),
            };
            (kind.clone(), metrics)
        });
        let headline = |headline: Headline, replicates: &LeakReplicates, clusters: u64| {
            let wanted = |label: &Label| label.info().headline == headline;
            leak_metrics(counts, wanted, replicates, clusters)
        };
        Metrics {
            conversations: counts.conversations,
            messages: counts.messages,
            gold: all.1.gold,
            predictions: all.1.predicted,
            duplicates: counts.duplicates,
            ignored_predictions: counts.ignored_predictions,
            unmapped: counts.unmapped.clone(),
            critical: headline(
                Headline::Critical,
                &counts.replicates.critical,
                counts.critical_clusters.independent(),
            ),
            profile: headline(
                Headline::Profile,
                &counts.replicates.profile,
                counts.profile_clusters.independent(),
            ),
            coverage: coverage_metrics(counts),
            scopes,
            errors: errors(counts),
            classes: Exposure::ALL
                .iter()
                .map(|&class| class_metrics(class, counts))
                .collect(),
            labels: labels.collect(),
            confusion: confusion(counts),
            decoys: decoys.collect(),
            exposed_conversations: exposed(&counts.exposed_conversations),
            exposed_customers: exposed(&counts.exposed_customers()),
            slices: slices.collect(),
        }
    }

    /// What gets out of the values of some labels, without an interval.
    pub fn leak_within(&self, labels: &LabelSet) -> Ratio {
        let rows = self
            .labels
            .iter()
            .filter(|(label, _)| labels.contains(**label));
        let (mut leaked, mut values) = (0, 0);
        for (_, row) in rows {
            leaked += row.leak.leak.count;
            values += row.leak.leak.of;
        }
        Ratio::new(leaked, values)
    }
}

/// The span sums of every label of a scope, and of the scope as a whole.
fn span_sums(counts: &Counts, scope: Option<&LabelSet>) -> (BTreeMap<Label, SpanSums>, SpanSums) {
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

fn in_scope(counts: &Counts, scope: Option<&LabelSet>) -> ScopeMetrics {
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
            precision: of(&|scores| scores.precision.value),
            recall: of(&|scores| scores.recall.value),
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

fn bootstrapped(ratio: Ratio, replicates: (&[u64], &[u64]), clusters: u64) -> Ratio {
    ratio.with(intervals::of_ratio(
        (ratio.count, ratio.of),
        replicates,
        clusters,
    ))
}

fn label_metrics(label: Label, row: &LabelCounts, sums: SpanSums, counts: &Counts) -> LabelMetrics {
    let none = LabelReplicates::default();
    let replicates = counts.replicates.labels.get(&label).unwrap_or(&none);
    let clusters = row.clusters.independent();
    let mut spans = sums.scores();
    let strict = &mut spans.strict;
    let (correct, predicted) = (&replicates.correct, &replicates.predicted);
    strict.precision = bootstrapped(strict.precision, (correct, predicted), clusters);
    strict.recall = bootstrapped(strict.recall, (correct, &replicates.gold), clusters);
    LabelMetrics {
        spans,
        char_recall: Ratio::new(row.covered_chars, row.chars),
        leak: leak_metrics(counts, |other| *other == label, &replicates.leak, clusters),
    }
}

fn class_metrics(class: Exposure, counts: &Counts) -> ClassMetrics {
    let wanted = move |label: &Label| label.info().exposure == class;
    let rows = || {
        counts
            .labels
            .iter()
            .filter(move |(label, _)| wanted(label))
            .map(|(_, row)| row)
    };
    let correct = rows().map(|row| row.relation(Relation::Correct)).sum();
    let mut replicates = LeakReplicates::default();
    let mut clusters = 0;
    for (label, row) in counts.labels.iter().filter(|(label, _)| wanted(label)) {
        if let Some(theirs) = counts.replicates.labels.get(label) {
            replicates.add(theirs.leak.clone());
        }
        // Labels share clusters, so the greatest number is a safe one for all of them.
        clusters = clusters.max(row.clusters.independent());
    }
    ClassMetrics {
        class,
        recall: Ratio::new(correct, rows().map(LabelCounts::gold).sum()),
        char_recall: Ratio::new(
            rows().map(|row| row.covered_chars).sum(),
            rows().map(|row| row.chars).sum(),
        ),
        leak: leak_metrics(counts, wanted, &replicates, clusters),
    }
}

fn leak_metrics(
    counts: &Counts,
    wanted: impl Fn(&Label) -> bool,
    replicates: &LeakReplicates,
    clusters: u64,
) -> LeakMetrics {
    let mut sum = LabelCounts::default();
    for (_, row) in counts.labels.iter().filter(|(label, _)| wanted(label)) {
        sum.values += row.values;
        sum.leaked += row.leaked;
        sum.mentions += row.mentions;
        sum.leaked_mentions += row.leaked_mentions;
        sum.inessential += row.inessential;
        sum.readable_ppm += row.readable_ppm;
    }
    let leak = Ratio::new(sum.leaked, sum.values);
    LeakMetrics {
        leak: bootstrapped(leak, (&replicates.leaked, &replicates.values), clusters),
        mentions: Ratio::new(sum.leaked_mentions, sum.mentions),
        mean_readable: (sum.values > 0).then(|| sum.readable_ppm as f64 / 1e6 / sum.values as f64),
        inessential: sum.inessential,
        clusters,
    }
}

fn coverage_metrics(counts: &Counts) -> CoverageMetrics {
    let c = &counts.coverage;
    let overall = &counts.replicates.overall;
    // At 0 there is no number of clusters to go by: the rate of alerts is no share of values.
    let rate = |ratio: Ratio, numerators: &[u64], denominators: &[u64]| {
        let known = ratio.count > 0 && counts.customers.len() as u64 >= LEAST_CLUSTERS;
        ratio.with(
            known
                .then(|| intervals::percentile(numerators, denominators))
                .flatten(),
        )
    };
    CoverageMetrics {
        harmless_masked: rate(
            Ratio::new(c.masked_chars, c.harmless_chars),
            &overall.masked_chars,
            &overall.harmless_chars,
        ),
        false_alerts: rate(
            Ratio::new(c.false_alerts, c.harmless_messages),
            &overall.false_alerts,
            &overall.harmless_messages,
        ),
        stray_alerts: c.stray_alerts,
        char_precision: Ratio::new(c.covered_chars, c.covered_chars + c.masked_chars),
        char_recall: Ratio::new(c.covered_chars, c.gold_chars),
        message_precision: Ratio::new(
            c.alerted_gold_messages,
            c.alerted_gold_messages + c.alerted_harmless_messages,
        ),
        message_recall: Ratio::new(c.alerted_gold_messages, c.gold_messages),
    }
}

fn errors(counts: &Counts) -> BTreeMap<Relation, u64> {
    let mut errors: BTreeMap<Relation, u64> = Relation::ALL.iter().map(|&r| (r, 0)).collect();
    let mut add = |relation: Relation, count: u64| {
        *errors.entry(relation).or_default() += count;
    };
    for row in counts.labels.values() {
        for (&relation, &count) in &row.relations {
            add(relation, count);
        }
        for confusion in row.confused.values() {
            add(Relation::Fragment, confusion.fragment);
            add(Relation::LabelExtra, confusion.label_extra);
        }
    }
    add(Relation::Spurious, counts.unmapped_spurious);
    add(Relation::Duplicate, counts.duplicates);
    errors
}

fn confusion(counts: &Counts) -> Vec<ConfusionRow> {
    let rows = counts.labels.iter().flat_map(|(&gold, row)| {
        row.confused
            .iter()
            .map(move |(&predicted, c)| ConfusionRow {
                gold,
                predicted,
                exact: c.wrong_type,
                overlapping: c.type_and_boundary,
            })
    });
    rows.filter(|row| row.exact + row.overlapping > 0).collect()
}

fn exposed(exposed: &Exposed) -> ExposedMetrics {
    ExposedMetrics {
        any: Ratio::new(exposed.any_leaked, exposed.any),
        critical: Ratio::new(exposed.critical_leaked, exposed.critical),
        profile: Ratio::new(exposed.profile_leaked, exposed.profile),
    }
}
