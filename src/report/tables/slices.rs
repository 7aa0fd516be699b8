//! The parts of the corpus where most critical values leak.

use super::{Table, told};
use crate::report::result::BenchResult;
use crate::report::words::{Words, fill};
use crate::scoring::metrics::Metrics;
use crate::scoring::ratios::Ratio;
use crate::scoring::slices::Dimension;

/// A slice with fewer values is marked: its place in the order says little.
pub const LEAST: u64 = 30;

/// Most rows of a table.
const MOST: usize = 10;

/// One slice of a detector.
#[derive(Clone, Debug)]
pub struct Slice<'a> {
    /// What the corpus is cut by.
    pub dimension: Dimension,
    /// Which part.
    pub name: &'a str,
    /// Critical values that leak, with an interval.
    pub leak: Ratio,
    /// Strict recall of all spans.
    pub recall: Ratio,
}

/// One table per detector.
pub fn slices(result: &BenchResult, words: &Words) -> Vec<Table> {
    let h = &words.heads;
    let tables = told(result).map(|(row, metrics)| {
        let title = fill(&words.titles.slices, &[("name", &row.name)]);
        let mut table = Table::new(&title, 1, &[&*h.slice, &h.values, &h.leak, &h.recall]);
        for slice in worst(metrics).into_iter().take(MOST) {
            let n = words.count(slice.leak.of);
            table.rows.push(vec![
                format!("{}={}", words.dimension(slice.dimension), slice.name),
                match slice.leak.of < LEAST {
                    true => fill(&words.sentences.small, &[("n", &n)]),
                    false => n,
                },
                words.leak(&slice.leak),
                words.score(slice.recall.value()),
            ]);
        }
        table
    });
    tables.filter(|table| !table.rows.is_empty()).collect()
}

/// The slices with critical values, most leak first. A dimension with one slice is the whole again and
/// is left out.
pub fn worst(metrics: &Metrics) -> Vec<Slice<'_>> {
    let mut slices: Vec<Slice<'_>> = Vec::new();
    for (&dimension, parts) in &metrics.slices {
        let holding = parts.iter().filter(|(_, slice)| slice.critical.of > 0);
        if holding.clone().count() < 2 {
            continue;
        }
        slices.extend(holding.map(|(name, slice)| Slice {
            dimension,
            name,
            leak: slice.critical,
            recall: slice.recall,
        }));
    }
    slices.sort_by(|a, b| {
        let leak = |slice: &Slice<'_>| slice.leak.value().unwrap_or(0.0);
        leak(b)
            .total_cmp(&leak(a))
            .then_with(|| b.leak.of.cmp(&a.leak.of))
            .then_with(|| (a.dimension, a.name).cmp(&(b.dimension, b.name)))
    });
    slices
}
