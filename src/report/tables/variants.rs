//! What other circumstances would give, where they were measured: other feeds, twins, other thresholds, a
//! bank's own traffic.

use super::{Table, name, told};
use crate::report::feeds::FeedOutcome;
use crate::report::figures::NONE;
use crate::report::result::{BenchResult, DetectorRow};
use crate::report::words::{Words, fill};
use crate::scoring::curves::Curves;
use crate::scoring::twins::Change;

/// Most rows of a table of thresholds.
const THRESHOLDS: usize = 12;

/// Every such table that has rows.
pub fn variants(result: &BenchResult, words: &Words) -> Vec<Table> {
    let mut tables = vec![
        feeds(result, words),
        twins(result, words),
        traffic(result, words),
    ];
    tables.extend(told(result).filter_map(|(row, metrics)| {
        let curves = metrics.curves.as_ref()?;
        Some(thresholds(row, curves, words))
    }));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn feeds(result: &BenchResult, words: &Words) -> Table {
    let h = &words.heads;
    let head = [
        &*h.detector,
        &h.feed,
        &h.critical_leak,
        &h.change,
        &h.profile_leak,
        &h.in_parts,
        &h.text_masked,
        &h.alerts,
    ];
    let mut table = Table::new(&words.titles.feeds, 2, &head);
    for (row, _) in told(result) {
        for feed in &row.feeds {
            let mut cells = vec![name(row, words), feed.feed.name().to_owned()];
            match &feed.outcome {
                FeedOutcome::Scored(m) => {
                    let loss = m.critical_loss.as_ref();
                    let loss = loss.map(|d| words.points(d.difference, Some(&d.interval)));
                    cells.extend([
                        words.share_within(&m.critical.leak),
                        loss.unwrap_or(NONE.to_owned()),
                        words.share(&m.profile.leak),
                        words.share(&m.in_parts),
                        words.share(&m.harmless_masked),
                        words.per_thousand(&m.false_alerts),
                    ]);
                }
                FeedOutcome::Failed(failure) => {
                    cells.push(failure.kind.clone());
                    cells.resize(head.len(), NONE.to_owned());
                }
            }
            table.rows.push(cells);
        }
    }
    table
}

fn twins(result: &BenchResult, words: &Words) -> Table {
    let h = &words.heads;
    let head = [
        &*h.detector,
        &h.variant,
        &h.pairs,
        &h.leak_before,
        &h.leak_after,
        &h.change,
        &h.recall_change,
    ];
    let mut table = Table::new(&words.titles.twins, 2, &head);
    let points = |change: &Change| {
        let interval = change.interval.as_ref();
        let points = change.change.map(|change| words.points(change, interval));
        points.unwrap_or(NONE.to_owned())
    };
    for (row, metrics) in told(result) {
        for (variant, change) in &metrics.twins {
            table.rows.push(vec![
                name(row, words),
                variant.clone(),
                words.count(change.pairs),
                words.share(&change.leak.plain),
                words.share(&change.leak.twin),
                points(&change.leak),
                points(&change.recall),
            ]);
        }
    }
    table
}

fn traffic(result: &BenchResult, words: &Words) -> Table {
    let h = &words.heads;
    let head = [
        &*h.detector,
        &h.traffic,
        &h.text_masked,
        &h.alerts,
        &h.false_alerts,
        &h.message_precision,
        &h.message_recall,
        &h.weight,
    ];
    let mut table = Table::new(&words.titles.traffic, 2, &head);
    let share = |share: Option<f64>| share.map_or(NONE.to_owned(), |share| words.percent(share));
    let rate = |rate: Option<f64>| rate.map_or(NONE.to_owned(), |rate| words.tenths(rate));
    for (row, _) in told(result) {
        let Some(own) = &row.own_traffic else {
            continue;
        };
        table.rows.push(vec![
            name(row, words),
            own.name.clone(),
            share(own.harmless_masked),
            rate(own.alerts_per_thousand_messages),
            rate(own.false_alerts_per_thousand_harmless),
            share(own.message_precision),
            share(own.message_recall),
            words.tenths(own.greatest_weight),
        ]);
    }
    table
}

/// Some of the points of a curve, its ends among them, at even distances.
fn thresholds(row: &DetectorRow, curves: &Curves, words: &Words) -> Table {
    let h = &words.heads;
    let head = [
        &*h.threshold,
        &h.precision,
        &h.recall,
        &h.critical_leak,
        &h.profile_leak,
        &h.text_masked,
        &h.alerts,
    ];
    let title = fill(&words.titles.curves, &[("name", &row.name)]);
    let mut table = Table::new(&title, 0, &head);
    let share = |share: Option<f64>| share.map_or(NONE.to_owned(), |share| words.percent(share));
    let last = curves.points.len().saturating_sub(1);
    let mut places: Vec<usize> = (0..THRESHOLDS)
        .map(|k| k * last / (THRESHOLDS - 1))
        .collect();
    places.dedup();
    for point in places.into_iter().filter_map(|at| curves.points.get(at)) {
        let alerts = point.false_alerts.map(|rate| words.tenths(rate * 1_000.0));
        table.rows.push(vec![
            words.score(Some(point.threshold)),
            words.score(point.precision),
            words.score(point.recall),
            share(point.leak),
            share(point.profile_leak),
            share(point.harmless_masked),
            alerts.unwrap_or(NONE.to_owned()),
        ]);
    }
    table
}
