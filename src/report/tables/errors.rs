//! Error classes that sum exactly, and which types are taken for which.

use super::{Table, name, scored, told};
use crate::report::result::BenchResult;
use crate::report::words::{Words, fill};
use crate::scoring::Relation;
use crate::scoring::counts::UNMAPPED;
use crate::scoring::examples::is_error;
use crate::scoring::matrix::{MISSED, MatrixCell, NONE};
use crate::scoring::metrics::Metrics;
use crate::scoring::ratios::Ratio;
use crate::taxonomy::Label;

/// Most rows of a table of confusions that are missed, that are found where nothing is, and that are
/// taken for another type.
const OF_A_KIND: usize = 5;

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

/// The fullest cells of the confusion matrix off its diagonal: what is missed, what is found where
/// nothing is, and which types are taken for others.
fn confusion(metrics: &Metrics, title: &str, words: &Words) -> Option<Table> {
    let h = &words.heads;
    let head = [
        &*h.gold,
        &h.taken_for,
        &h.same_range,
        &h.other_range,
        &h.further,
        &h.share_of_gold,
    ];
    let mut table = Table::new(title, 2, &head);
    let all = |cell: &MatrixCell| cell.exact + cell.overlapping + cell.further + cell.alone;
    let mut cells: Vec<&MatrixCell> = metrics.matrix.iter().collect();
    cells.retain(|cell| cell.gold != cell.predicted);
    // A stable sort: cells of one size keep the order of the taxonomy.
    cells.sort_by_key(|cell| std::cmp::Reverse(all(cell)));
    let named = |name: &str| match name {
        MISSED => words.sentences.missed.clone(),
        NONE => words.sentences.nothing.clone(),
        UNMAPPED => words.sentences.unmapped.clone(),
        label => label.to_owned(),
    };
    let kind = |cell: &MatrixCell| match (&*cell.gold, &*cell.predicted) {
        (_, MISSED) => 0,
        (NONE, _) => 1,
        _ => 2,
    };
    let mut shown = [0; 3];
    cells.retain(|cell| {
        shown[kind(cell)] += 1;
        shown[kind(cell)] <= OF_A_KIND
    });
    for cell in cells {
        let label = Label::named(&cell.gold).and_then(|label| metrics.labels.get(&label));
        let of = label.map_or(0, |label| label.spans.strict.recall.of);
        // Further predictions answer no gold span of their own.
        let taken = Ratio::new(all(cell) - cell.further, of);
        table.rows.push(vec![
            named(&cell.gold),
            named(&cell.predicted),
            words.count(cell.exact),
            words.count(cell.overlapping),
            words.count(cell.further + cell.alone),
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
