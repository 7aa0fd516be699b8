//! Error classes that sum exactly, and which types are taken for which.

use super::{Table, name, scored, told};
use crate::report::result::BenchResult;
use crate::report::words::{Words, fill};
use crate::scoring::Relation;
use crate::scoring::examples::is_error;
use crate::scoring::metrics::Metrics;

/// Most rows of a table of confusions.
const CONFUSIONS: usize = 10;

/// The classes that sum to predictions + unanswered gold spans.
fn summed() -> impl Iterator<Item = Relation> {
    Relation::ALL
        .iter()
        .copied()
        .filter(|&relation| relation == Relation::Correct || is_error(relation))
}

/// One table of error classes for all detectors, and one of confusions for each.
pub fn errors(result: &BenchResult, words: &Words) -> Vec<Table> {
    let mut table = Table::new(&words.titles.errors, 1, &[&words.heads.detector]);
    table.head.extend(summed().map(|relation| {
        // Two words stand above each other; of three, the first two.
        let name = words.relation(relation);
        name.replacen(' ', "\n", 1)
    }));
    table.head.push(words.heads.total.clone());
    for (row, metrics) in scored(result) {
        let of = |relation| metrics.errors.get(&relation).copied().unwrap_or(0);
        let mut cells = vec![name(row, words)];
        cells.extend(summed().map(|relation| words.count(of(relation))));
        cells.push(words.count(summed().map(of).sum()));
        table.rows.push(cells);
    }
    table.below = told(result)
        .map(|(row, metrics)| sums(&row.name, metrics, words))
        .collect();
    let mut tables = vec![table];
    tables.extend(told(result).filter_map(|(row, metrics)| {
        let title = fill(&words.titles.confusion, &[("name", &row.name)]);
        confusion(metrics, &title, words)
    }));
    tables
}

/// What the classes add up to.
fn sums(name: &str, metrics: &Metrics, words: &Words) -> String {
    let of = |relation| metrics.errors.get(&relation).copied().unwrap_or(0);
    let unanswered = of(Relation::Missed) + of(Relation::Merge);
    let counts = [
        summed().map(of).sum(),
        metrics.predictions,
        unanswered,
        metrics.duplicates,
        metrics.ignored_predictions,
    ]
    .map(|count| words.count(count));
    let [sum, predictions, unanswered, duplicates, ignored] = &counts;
    fill(
        &words.sentences.sums,
        &[
            ("name", name),
            ("sum", sum),
            ("predictions", predictions),
            ("unanswered", unanswered),
            ("duplicates", duplicates),
            ("ignored", ignored),
        ],
    )
}

/// The types that are most often taken for others.
fn confusion(metrics: &Metrics, title: &str, words: &Words) -> Option<Table> {
    let h = &words.heads;
    let head = [
        &*h.gold,
        &h.taken_for,
        &h.same_range,
        &h.other_range,
        &h.share_of_gold,
    ];
    let mut table = Table::new(title, 2, &head);
    let mut rows: Vec<_> = metrics.confusion.iter().collect();
    rows.sort_by_key(|row| {
        let all = row.exact + row.overlapping;
        (std::cmp::Reverse(all), row.gold, row.predicted)
    });
    for row in rows.into_iter().take(CONFUSIONS) {
        let gold = metrics.labels.get(&row.gold);
        let of = gold.map_or(0, |label| label.spans.strict.recall.of);
        let taken = crate::scoring::ratios::Ratio::new(row.exact + row.overlapping, of);
        table.rows.push(vec![
            row.gold.id().to_owned(),
            meant(row.predicted, words),
            words.count(row.exact),
            words.count(row.overlapping),
            words.share(&taken),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What a prediction means, as a reader is told.
pub fn meant(predicted: crate::scoring::counts::Meant, words: &Words) -> String {
    let unmapped = || words.sentences.unmapped.clone();
    predicted
        .0
        .map_or_else(unmapped, |label| label.id().to_owned())
}
