//! Curves over the detector's own scores: what every figure would be with a higher threshold.
//!
//! At threshold t only predictions with a score of at least t count, and everything is worked out anew,
//! matching included. Thresholds are 0, 0.01, … 1. A prediction without a score always counts.
//! Invariant: counts by threshold add up over shards; at threshold 0 they are those of the run.

use super::coverage::{self, Characters, CoverageCounts};
use super::events::{Event, EventTable, Relation};
use super::label_map::Resolved;
use super::leak::{Redacted, Value};
use super::ratios::Scores;
use super::spans::Cover;
use crate::conversation::Body;
use crate::prediction::Prediction;
use crate::taxonomy::{Headline, Label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many thresholds there are.
pub const THRESHOLDS: usize = 101;
const LAST: u8 = (THRESHOLDS - 1) as u8;

/// The highest threshold at which a prediction counts.
pub fn level(score: Option<f32>) -> u8 {
    let Some(score) = score else {
        return LAST;
    };
    let reaches = |step: u8| f32::from(step) / f32::from(LAST) <= score;
    (0..=LAST).rev().find(|&step| reaches(step)).unwrap_or(0)
}

/// One count at every threshold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// What counts at all of them.
    always: u64,
    /// The rest, by threshold; empty where there is none.
    more: Vec<u64>,
}

impl Steps {
    /// Adds to the thresholds `from..=to`.
    fn add(&mut self, from: u8, to: u8, count: u64) {
        if count == 0 {
            return;
        }
        if (from, to) == (0, LAST) {
            self.always += count;
            return;
        }
        self.more.resize(THRESHOLDS, 0);
        let steps = &mut self.more[usize::from(from)..=usize::from(to)];
        steps.iter_mut().for_each(|step| *step += count);
    }

    /// Adds to every threshold above `level`; `None` is below all.
    fn add_above(&mut self, level: Option<u8>, count: u64) {
        match level {
            None => self.add(0, LAST, count),
            Some(LAST) => {}
            Some(level) => self.add(level + 1, LAST, count),
        }
    }

    fn merge(&mut self, other: Steps) {
        self.always += other.always;
        if self.more.is_empty() {
            self.more = other.more;
        } else {
            let pairs = self.more.iter_mut().zip(other.more);
            pairs.for_each(|(mine, theirs)| *mine += theirs);
        }
    }

    fn at(&self, step: usize) -> u64 {
        self.always + self.more.get(step).copied().unwrap_or(0)
    }
}

/// Counts of one label, or of all, by threshold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepCounts {
    predicted: Steps,
    correct: Steps,
    leaked: Steps,
    gold: u64,
    values: u64,
}

impl StepCounts {
    fn merge(&mut self, other: StepCounts) {
        self.predicted.merge(other.predicted);
        self.correct.merge(other.correct);
        self.leaked.merge(other.leaked);
        self.gold += other.gold;
        self.values += other.values;
    }

    fn strict(&self, step: usize) -> Scores {
        let correct = self.correct.at(step);
        Scores::new((correct, self.predicted.at(step)), (correct, self.gold))
    }

    fn leak(&self, step: usize) -> Option<f64> {
        share(self.leaked.at(step), self.values)
    }
}

fn share(count: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| count as f64 / of as f64)
}

/// All counts by threshold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurveCounts {
    /// Distinct predictions that carry a score. Without any there is no curve.
    pub scored: u64,
    whole: StepCounts,
    labels: BTreeMap<Label, StepCounts>,
    critical_leaked: Steps,
    critical: u64,
    profile_leaked: Steps,
    profile: u64,
    masked: Steps,
    harmless_chars: u64,
    alerts: Steps,
    harmless_messages: u64,
}

impl CurveCounts {
    /// Adds the counts of another shard.
    pub fn merge(&mut self, other: CurveCounts) {
        self.scored += other.scored;
        self.whole.merge(other.whole);
        for (label, theirs) in other.labels {
            self.labels.entry(label).or_default().merge(theirs);
        }
        self.critical_leaked.merge(other.critical_leaked);
        self.critical += other.critical;
        self.profile_leaked.merge(other.profile_leaked);
        self.profile += other.profile;
        self.masked.merge(other.masked);
        self.harmless_chars += other.harmless_chars;
        self.alerts.merge(other.alerts);
        self.harmless_messages += other.harmless_messages;
    }
}

/// The levels of one unit.
#[derive(Debug, Default)]
struct Painted {
    /// The highest level that covers each byte.
    bytes: Vec<Option<u8>>,
}

impl Painted {
    fn paint(&mut self, text: &str, predictions: &[Prediction]) {
        self.bytes.clear();
        self.bytes.resize(text.len(), None);
        for prediction in predictions {
            let level = Some(level(prediction.score));
            for byte in &mut self.bytes[prediction.range.as_range()] {
                *byte = (*byte).max(level);
            }
        }
    }
}

/// Works out counts by threshold, conversation by conversation.
#[derive(Debug, Default)]
pub struct Curver {
    counts: CurveCounts,
    table: EventTable,
    events: Vec<Event>,
    kept: Vec<Prediction>,
    painted: Vec<Painted>,
}

impl Curver {
    /// Works events out with a table of this view.
    pub fn new(table: EventTable) -> Self {
        Curver {
            table,
            ..Curver::default()
        }
    }

    /// Everything counted.
    pub fn finish(self) -> CurveCounts {
        self.counts
    }

    /// Notes a prediction of a conversation without scores: it counts at every threshold.
    pub fn prediction(&mut self, meant: Option<Label>, correct: bool) {
        self.count_prediction(meant, correct, 0, LAST);
    }

    /// Notes a gold span of the strict scores.
    pub fn gold(&mut self, label: Label) {
        self.counts.whole.gold += 1;
        self.counts.labels.entry(label).or_default().gold += 1;
    }

    /// Notes the text of a message of a conversation without scores.
    pub fn text(&mut self, counts: &CoverageCounts) {
        self.counts.harmless_chars += counts.harmless_chars;
        self.counts.masked.add(0, LAST, counts.masked_chars);
        self.counts.harmless_messages += counts.harmless_messages;
        self.counts.alerts.add(0, LAST, counts.false_alerts);
    }

    /// Notes a value that has something essential, in a conversation without scores.
    pub fn value(&mut self, label: Label, leaks: bool) {
        self.count_value(label, Some(LAST).filter(|_| !leaks));
    }

    fn count_prediction(&mut self, meant: Option<Label>, correct: bool, from: u8, to: u8) {
        let correct = u64::from(correct);
        self.counts.whole.predicted.add(from, to, 1);
        self.counts.whole.correct.add(from, to, correct);
        if let Some(label) = meant {
            let row = self.counts.labels.entry(label).or_default();
            row.predicted.add(from, to, 1);
            row.correct.add(from, to, correct);
        }
    }

    fn count_value(&mut self, label: Label, lowest: Option<u8>) {
        let counts = &mut self.counts;
        let row = counts.labels.entry(label).or_default();
        for row in [row, &mut counts.whole] {
            row.values += 1;
            row.leaked.add_above(lowest, 1);
        }
        match label.info().headline {
            Headline::Critical => {
                counts.critical += 1;
                counts.critical_leaked.add_above(lowest, 1);
            }
            Headline::Profile => {
                counts.profile += 1;
                counts.profile_leaked.add_above(lowest, 1);
            }
            Headline::None => {}
        }
    }

    /// Counts the predictions of a unit, in a conversation with scores.
    pub fn scored_unit(&mut self, unit: usize, body: &Body, found: &[Prediction], map: &Resolved) {
        let scored = found.iter().filter(|p| p.score.is_some());
        let mut scored: Vec<_> = scored.map(|p| (p.range, p.label)).collect();
        scored.sort_unstable();
        scored.dedup();
        self.counts.scored += scored.len() as u64;
        self.painted
            .resize_with(self.painted.len().max(unit + 1), Painted::default);
        self.painted[unit].paint(body.text(), found);
        let mut levels: Vec<u8> = found.iter().map(|p| level(p.score)).collect();
        levels.sort_unstable();
        levels.dedup();
        // Between two levels that occur the same predictions count; above the last one none does.
        let mut from = 0;
        for to in levels {
            self.kept.clear();
            let kept = found.iter().filter(|p| level(p.score) >= to);
            self.kept.extend(kept.copied());
            self.count_kept(body, map, from, to);
            from = to + 1;
        }
    }

    /// Counts the events of the kept predictions for the thresholds `from..=to`.
    fn count_kept(&mut self, body: &Body, map: &Resolved, from: u8, to: u8) {
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        let worked = self.table.of_unit(0, body, &self.kept, map, &mut events);
        debug_assert!(worked.is_ok(), "the scorer has checked these ranges");
        for event in &events {
            let Some(prediction) = event.prediction else {
                continue;
            };
            if matches!(event.relation, Relation::Ignored | Relation::Duplicate) {
                continue;
            }
            let gold = event.gold.filter(|_| event.relation.is_type_right());
            let meant = match gold.and_then(|gold| body.spans().nth(gold as usize)) {
                Some((_, span)) => Some(span.label),
                None => map.primary(self.kept[prediction as usize].label),
            };
            self.count_prediction(meant, event.relation == Relation::Correct, from, to);
        }
        self.events = events;
    }

    /// Counts the text of a unit outside what is marked, in a conversation with scores.
    pub fn scored_text(&mut self, of: Characters, unit: usize, body: &Body, marked: &Cover) {
        let Curver {
            counts, painted, ..
        } = self;
        for range in coverage::pieces(of, body.text()) {
            if marked.touches(range) {
                continue;
            }
            counts.harmless_chars += 1;
            let bytes = &painted[unit].bytes[range.as_range()];
            if let Some(level) = bytes.iter().copied().max().flatten() {
                counts.masked.add(0, level, 1);
            }
        }
    }

    /// Counts the distinct ranges of a harmless message's unit, each at the highest of its levels.
    pub fn scored_alerts(&mut self, found: &[Prediction]) {
        let mut ranges: Vec<_> = found.iter().map(|p| (p.range, level(p.score))).collect();
        ranges.sort_unstable_by_key(|&(range, level)| (range, std::cmp::Reverse(level)));
        ranges.dedup_by_key(|(range, _)| *range);
        for (_, level) in ranges {
            self.counts.alerts.add(0, level, 1);
        }
    }

    /// Counts a harmless message of a conversation with scores.
    pub fn scored_harmless_message(&mut self) {
        self.counts.harmless_messages += 1;
    }

    /// Counts a value of a conversation with scores: it leaks above the lowest of the levels that its
    /// essential characters are covered at.
    pub fn scored_value(&mut self, value: &Value<'_>, units: &[Redacted<'_>]) {
        let mut lowest: Option<Option<u8>> = None;
        for mention in value.mentions {
            let unit = mention.unit as usize;
            let body = units[unit].body;
            let Some((range, _)) = body.spans().nth(mention.gold as usize) else {
                continue;
            };
            let painted = &self.painted[unit];
            for at in mention.essential_bytes(body, range) {
                let level = painted.bytes[at as usize];
                lowest = Some(lowest.map_or(level, |lowest| lowest.min(level)));
            }
        }
        if let Some(lowest) = lowest {
            self.count_value(value.label, lowest);
        }
    }
}

/// The figures at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// Predictions with at least this score count.
    pub threshold: f64,
    /// Strict micro precision.
    pub precision: Option<f64>,
    /// Strict micro recall.
    pub recall: Option<f64>,
    /// Critical leak.
    pub leak: Option<f64>,
    /// Profile leak.
    pub profile_leak: Option<f64>,
    /// Harmless text masked.
    pub harmless_masked: Option<f64>,
    /// False alerts per harmless message.
    pub false_alerts: Option<f64>,
}

/// The figures of a label at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatingPoint {
    /// Predictions with at least this score count.
    pub threshold: f64,
    /// Strict precision.
    pub precision: Option<f64>,
    /// Strict recall.
    pub recall: Option<f64>,
    /// Strict F1.
    pub f1: Option<f64>,
    /// Values that leak.
    pub leak: Option<f64>,
}

/// The two thresholds of a label that one would ask for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatingPoints {
    /// Where strict F1 is best; of several the highest.
    pub best_f1: OperatingPoint,
    /// The highest threshold that leaks no more than the lowest does.
    pub least_leak: OperatingPoint,
}

/// The curves of a detector that gives scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curves {
    /// Predictions that carry a score.
    pub scored: u64,
    /// By rising threshold; where nothing changes, points are left out.
    pub points: Vec<CurvePoint>,
    /// Labels that have gold spans or values.
    pub labels: BTreeMap<Label, OperatingPoints>,
}

impl Curves {
    /// From counts; `None` where no prediction carries a score.
    pub fn of(counts: &CurveCounts) -> Option<Curves> {
        if counts.scored == 0 {
            return None;
        }
        let mut points: Vec<CurvePoint> = (0..THRESHOLDS).map(|step| counts.point(step)).collect();
        points.dedup_by(|next, last| {
            CurvePoint {
                threshold: last.threshold,
                ..*next
            } == *last
        });
        let labels = counts.labels.iter();
        let labels = labels.filter(|(_, row)| row.gold > 0 || row.values > 0);
        Some(Curves {
            scored: counts.scored,
            points,
            labels: labels.map(|(&l, row)| (l, operating_points(row))).collect(),
        })
    }
}

impl CurveCounts {
    fn point(&self, step: usize) -> CurvePoint {
        let strict = self.whole.strict(step);
        CurvePoint {
            threshold: threshold(step),
            precision: strict.precision.value(),
            recall: strict.recall.value(),
            leak: share(self.critical_leaked.at(step), self.critical),
            profile_leak: share(self.profile_leaked.at(step), self.profile),
            harmless_masked: share(self.masked.at(step), self.harmless_chars),
            false_alerts: share(self.alerts.at(step), self.harmless_messages),
        }
    }
}

fn threshold(step: usize) -> f64 {
    step as f64 / f64::from(LAST)
}

fn operating_points(row: &StepCounts) -> OperatingPoints {
    let point = |step: usize| {
        let strict = row.strict(step);
        OperatingPoint {
            threshold: threshold(step),
            precision: strict.precision.value(),
            recall: strict.recall.value(),
            f1: strict.f1,
            leak: row.leak(step),
        }
    };
    let f1 = |step: usize| row.strict(step).f1.unwrap_or(0.0);
    let best = (0..THRESHOLDS).fold(0, |best, step| match f1(step) >= f1(best) {
        true => step,
        false => best,
    });
    let least = row.leaked.at(0);
    let last = (0..THRESHOLDS)
        .rev()
        .find(|&step| row.leaked.at(step) <= least);
    OperatingPoints {
        best_f1: point(best),
        least_leak: point(last.unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_counts_up_to_the_threshold_that_it_equals() {
        for step in 0..=LAST {
            assert_eq!(level(Some(f32::from(step) / 100.0)), step);
        }
        assert_eq!(level(Some(0.999)), 99);
        assert_eq!(level(Some(-3.0)), 0);
        assert_eq!(level(Some(7.0)), LAST);
        assert_eq!(level(Some(f32::NAN)), 0);
        assert_eq!(level(None), LAST);
    }

    #[test]
    fn what_is_covered_at_a_level_leaks_above_it() {
        let mut steps = Steps::default();
        steps.add_above(Some(40), 1);
        steps.add_above(Some(LAST), 1);
        steps.add_above(None, 1);
        assert_eq!(
            (steps.at(0), steps.at(40), steps.at(41), steps.at(100)),
            (1, 1, 2, 2)
        );
    }
}
