//! One table per detector: recall, precision and leak of every label, with support and intervals.

use super::{Table, told};
use crate::report::page_options::LabelRows;
use crate::report::result::BenchResult;
use crate::report::words::{Words, fill};
use crate::scoring::label_map::LabelSet;
use crate::scoring::metrics::{LabelMetrics, Metrics};
use crate::scoring::ratios::Ratio;
use crate::taxonomy::Label;

/// The tables by label.
pub fn labels(result: &BenchResult, words: &Words, which: LabelRows) -> Vec<Table> {
    if which == LabelRows::None {
        return Vec::new();
    }
    told(result)
        .map(|(row, metrics)| {
            let named = [("name", &*row.name), ("version", &*row.version)];
            let title = fill(&words.titles.labels, &named);
            let leak = |ratio: &Ratio| words.leak(ratio);
            let (head, rows) = cells(metrics, words, which, leak);
            Table {
                rows,
                ..Table::new(&title, 1, &head)
            }
        })
        .collect()
}

/// Heads and rows of a detector's table, with leaks as `leak` writes them.
pub fn cells<'w>(
    metrics: &Metrics,
    words: &'w Words,
    which: LabelRows,
    leak: impl Fn(&Ratio) -> String,
) -> (Vec<&'w str>, Vec<Vec<String>>) {
    let h = &words.heads;
    let head = vec![
        &*h.label,
        &h.spans,
        &h.recall,
        &h.precision,
        &h.f1,
        &h.values,
        &h.leak,
    ];
    let core = LabelSet::core();
    let wanted = |label: Label| match which {
        LabelRows::None => false,
        LabelRows::Core => core.contains(label),
        LabelRows::All => true,
    };
    let rows = metrics
        .labels
        .iter()
        .filter(|(label, _)| wanted(**label))
        .map(|(label, metrics)| row(*label, metrics, words, &leak));
    (head, rows.collect())
}

fn row(
    label: Label,
    metrics: &LabelMetrics,
    words: &Words,
    leak: impl Fn(&Ratio) -> String,
) -> Vec<String> {
    let strict = &metrics.spans.strict;
    vec![
        label.id().to_owned(),
        words.count(strict.recall.of),
        words.score_within(&strict.recall),
        words.score_within(&strict.precision),
        words.score(strict.f1),
        words.count(metrics.leak.leak.of),
        leak(&metrics.leak.leak),
    ]
}
