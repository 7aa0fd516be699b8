//! From counts to ratios: everything that is reported of one detector on one corpus.
//!
//! Invariant: metrics are a pure function of counts and of the scopes asked for.

use super::counts::{Counts, Exposed, LabelCounts, Meant};
use super::curves::Curves;
use super::events::Relation;
use super::exposure::ExposureMetrics;
use super::guessing::GuessCounts;
use super::intervals::{self, LEAST_CLUSTERS};
use super::label_map::LabelSet;
use super::legal::Regime;
use super::matrix::{MatrixCell, matrix};
use super::ratios::{Ratio, SpanScores};
use super::replicates::{LabelReplicates, LeakReplicates};
use super::scopes::{Mean, Scope, ScopeMetrics, SpanSums, in_scope, span_sums};
use super::slices::{Dimension, SliceCounts};
use super::twins::{self, VariantMetrics};
use crate::taxonomy::{Exposure, Headline, Label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// What is left to guess; `None` where nothing has an alphabet, or the analyses were left out.
    pub guessing: Option<GuessMetrics>,
    /// Values that can be read elsewhere than in their mentions, of those searched for.
    pub echoed: Ratio,
    /// The same of values that are protected in every mention, of all values searched for.
    pub echoed_though_protected: Ratio,
    /// Values without anything essential: in no denominator.
    pub inessential: u64,
    /// Independent clusters that hold such values: the fewer of customers and phrases. 0 where no
    /// intervals were asked for.
    pub clusters: u64,
}

/// What is left to guess of values, from what stays readable (`docs/methodology.md`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuessMetrics {
    /// Mean residual over values, in bits.
    pub mean_bits: Option<f64>,
    /// Values of which nothing is left to guess.
    pub known: Ratio,
    /// Values that a thousand guesses exhaust.
    pub within_thousand: Ratio,
    /// Values that a million guesses exhaust.
    pub within_million: Ratio,
}

/// Labels that belong together: a group of the taxonomy, or what a regime names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMetrics {
    /// Span scores over its labels, as a scope.
    pub spans: SpanScores,
    /// Characters of its gold spans that are covered, by whatever label.
    pub char_recall: Ratio,
    /// What gets out.
    pub leak: LeakMetrics,
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
    /// What predictions do in its text; `None` for slices of spans, which have no text of their own.
    pub text: Option<SliceTextMetrics>,
}

/// What predictions do in the text of a slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceTextMetrics {
    /// Messages.
    pub messages: u64,
    /// Predictions that touch no gold span, of the predictions.
    pub spurious: Ratio,
    /// Text outside gold that is covered.
    pub harmless_masked: Ratio,
    /// Distinct predicted ranges in messages without gold, per such message.
    pub false_alerts: Ratio,
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
    /// Mean of the strict scores over conversations; each leaves out those where it is undefined.
    pub conversation_mean: Mean,
    /// Exposure classes, worst first.
    pub classes: Vec<ClassMetrics>,
    /// Groups of the taxonomy that occur.
    pub groups: BTreeMap<String, GroupMetrics>,
    /// What rules name. A label may stand under several.
    pub legal: BTreeMap<Regime, GroupMetrics>,
    /// Labels that occur, in gold or in what predictions mean.
    pub labels: BTreeMap<Label, LabelMetrics>,
    /// Wrong types.
    pub confusion: Vec<ConfusionRow>,
    /// Every gold span and every prediction, by label and what was meant.
    pub matrix: Vec<MatrixCell>,
    /// Decoys, by what they are.
    pub decoys: BTreeMap<String, DecoyMetrics>,
    /// By conversation.
    pub exposed_conversations: ExposedMetrics,
    /// By customer.
    pub exposed_customers: ExposedMetrics,
    /// Parts of the corpus.
    pub slices: BTreeMap<Dimension, BTreeMap<String, SliceMetrics>>,
    /// What a platform still learns of customers; `None` where the analyses were left out.
    pub exposure: Option<ExposureMetrics>,
    /// What other thresholds would give; `None` for detectors without scores.
    pub curves: Option<Curves>,
    /// What one change of a conversation does, by variant.
    pub twins: BTreeMap<String, VariantMetrics>,
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
            let rows = rows
                .iter()
                .map(|(name, c)| (name.clone(), slice_metrics(c)));
            (dimension, rows.collect())
        });
        let decoys = counts.decoys.iter().map(|(kind, c)| {
            let metrics = DecoyMetrics {
                alerted: Ratio::new(c.alerted, c.decoys),
                masked: Ratio::new(c.masked_chars, c.chars),
            };
            (kind.clone(), metrics)
        });
        let headline = |headline: Headline, replicates: &LeakReplicates| {
            leak_metrics(
                counts,
                |label| label.info().headline == headline,
                replicates,
            )
        };
        Metrics {
            conversations: counts.conversations,
            messages: counts.messages,
            gold: all.1.gold,
            predictions: all.1.predicted,
            duplicates: counts.duplicates,
            ignored_predictions: counts.ignored_predictions,
            unmapped: counts.unmapped.clone(),
            critical: headline(Headline::Critical, &counts.replicates.critical),
            profile: headline(Headline::Profile, &counts.replicates.profile),
            coverage: coverage_metrics(counts),
            scopes,
            errors: errors(counts),
            conversation_mean: Mean {
                precision: counts.by_conversation.precision.mean(),
                recall: counts.by_conversation.recall.mean(),
                f1: counts.by_conversation.f1.mean(),
            },
            groups: groups(counts),
            legal: Regime::ALL
                .iter()
                .map(|&regime| (regime, group_metrics(&regime.labels(), counts)))
                .collect(),
            classes: Exposure::ALL
                .iter()
                .map(|&class| class_metrics(class, counts))
                .collect(),
            labels: labels.collect(),
            confusion: confusion(counts),
            matrix: matrix(counts),
            decoys: decoys.collect(),
            exposed_conversations: exposed(&counts.exposed_conversations),
            exposed_customers: exposed(&counts.exposed_customers()),
            slices: slices.collect(),
            exposure: counts.exposure.as_ref().map(ExposureMetrics::of),
            curves: Curves::of(&counts.curves),
            twins: twins::changes(&counts.twins),
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
        leak: leak_metrics(counts, |other| *other == label, &replicates.leak),
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
    let labels = counts.replicates.labels.iter();
    for (_, theirs) in labels.filter(|(label, _)| wanted(label)) {
        replicates.add(theirs.leak.clone());
    }
    ClassMetrics {
        class,
        recall: Ratio::new(correct, rows().map(LabelCounts::gold).sum()),
        char_recall: Ratio::new(
            rows().map(|row| row.covered_chars).sum(),
            rows().map(|row| row.chars).sum(),
        ),
        leak: leak_metrics(counts, wanted, &replicates),
    }
}

/// The groups of the taxonomy that occur in gold.
fn groups(counts: &Counts) -> BTreeMap<String, GroupMetrics> {
    let mut groups: BTreeMap<&str, Vec<Label>> = BTreeMap::new();
    for &label in counts.labels.keys() {
        groups.entry(&label.info().group).or_default().push(label);
    }
    groups
        .into_iter()
        .map(|(group, labels)| {
            let labels: LabelSet = labels.into_iter().collect();
            (group.to_owned(), group_metrics(&labels, counts))
        })
        .collect()
}

fn group_metrics(labels: &LabelSet, counts: &Counts) -> GroupMetrics {
    let wanted = |label: &Label| labels.contains(*label);
    let mut replicates = LeakReplicates::default();
    let known = counts.replicates.labels.iter();
    for (_, theirs) in known.filter(|(label, _)| wanted(label)) {
        replicates.add(theirs.leak.clone());
    }
    let rows = || counts.labels.iter().filter(|(label, _)| wanted(label));
    GroupMetrics {
        spans: span_sums(counts, Some(labels)).1.scores(),
        char_recall: Ratio::new(
            rows().map(|(_, row)| row.covered_chars).sum(),
            rows().map(|(_, row)| row.chars).sum(),
        ),
        leak: leak_metrics(counts, wanted, &replicates),
    }
}

fn slice_metrics(counts: &SliceCounts) -> SliceMetrics {
    // Places in a group's counts: gold, correct, values, leaked, critical, critical leaked.
    let grouped = |count: usize, of: usize, ratio: Ratio| {
        let pairs = counts.groups.pairs(count, of);
        let [customers, phrases] = &pairs;
        let clusters = customers.len().min(phrases.len()) as u64;
        let known = !counts.groups.customers.is_empty();
        let interval = known.then(|| {
            let factors = [&**customers, &**phrases];
            intervals::linearised((ratio.count, ratio.of), &factors, clusters)
        });
        ratio.with(interval.flatten())
    };
    let text = &counts.text;
    SliceMetrics {
        recall: grouped(1, 0, Ratio::new(counts.correct, counts.gold)),
        mentions: Ratio::new(counts.leaked_mentions, counts.mentions),
        leak: grouped(3, 2, Ratio::new(counts.leaked, counts.values)),
        critical: grouped(5, 4, Ratio::new(counts.critical_leaked, counts.critical)),
        text: (text.messages > 0).then(|| SliceTextMetrics {
            messages: text.messages,
            spurious: Ratio::new(text.spurious, text.predictions),
            harmless_masked: Ratio::new(text.masked_chars, text.harmless_chars),
            false_alerts: Ratio::new(text.false_alerts, text.harmless_messages),
        }),
    }
}

fn leak_metrics(
    counts: &Counts,
    wanted: impl Fn(&Label) -> bool,
    replicates: &LeakReplicates,
) -> LeakMetrics {
    let mut sum = LabelCounts::default();
    for (_, row) in counts.labels.iter().filter(|(label, _)| wanted(label)) {
        sum.values += row.values;
        sum.leaked += row.leaked;
        sum.mentions += row.mentions;
        sum.leaked_mentions += row.leaked_mentions;
        sum.inessential += row.inessential;
        sum.readable_ppm += row.readable_ppm;
        sum.guessing.add(&row.guessing);
        sum.echoes.add(&row.echoes);
        sum.clusters.merge(&row.clusters);
    }
    let clusters = sum.clusters.independent();
    let leak = Ratio::new(sum.leaked, sum.values);
    LeakMetrics {
        leak: bootstrapped(leak, (&replicates.leaked, &replicates.values), clusters),
        mentions: Ratio::new(sum.leaked_mentions, sum.mentions),
        mean_readable: (sum.values > 0).then(|| sum.readable_ppm as f64 / 1e6 / sum.values as f64),
        guessing: guesses((sum.guessing.values > 0).then_some(&sum.guessing)),
        echoed: Ratio::new(sum.echoes.echoed, sum.echoes.searched),
        echoed_though_protected: Ratio::new(sum.echoes.though_protected, sum.echoes.searched),
        inessential: sum.inessential,
        clusters,
    }
}

fn guesses(counts: Option<&GuessCounts>) -> Option<GuessMetrics> {
    let counts = counts?;
    let ratio = |count: u64| Ratio::new(count, counts.values);
    Some(GuessMetrics {
        mean_bits: Some(counts.microbits as f64 / 1e6 / counts.values as f64),
        known: ratio(counts.known),
        within_thousand: ratio(counts.within_thousand),
        within_million: ratio(counts.within_million),
    })
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
