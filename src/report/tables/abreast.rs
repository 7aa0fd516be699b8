//! Tables with detectors side by side.

use super::{Table, name, scored};
use crate::report::figures::NONE;
use crate::report::result::BenchResult;
use crate::report::words::Words;
use crate::scoring::metrics::Metrics;
use crate::scoring::ratios::Ratio;

/// How many detectors stand side by side in one table.
const ABREAST: usize = 6;

/// The figure of a detector, if it has one.
type Figure<'a> = dyn Fn(&Metrics) -> Option<Ratio> + 'a;

/// One row of such a table: its name, and what it is of a detector.
pub struct Row<'a> {
    /// What the row is of.
    pub name: String,
    /// The figure of a detector.
    pub of: Box<Figure<'a>>,
}

impl<'a> Row<'a> {
    /// A row.
    pub fn new(name: impl Into<String>, of: impl Fn(&Metrics) -> Option<Ratio> + 'a) -> Self {
        Row {
            name: name.into(),
            of: Box::new(of),
        }
    }
}

/// The rows with a column per detector, in several tables where there are many; rows of which nobody
/// has a figure are left out.
pub fn abreast(
    result: &BenchResult,
    words: &Words,
    title: &str,
    head: &str,
    rows: &[Row<'_>],
) -> Vec<Table> {
    let detectors: Vec<_> = scored(result).collect();
    let tables = detectors.chunks(ABREAST).map(|abreast| {
        let mut table = Table::new(title, 1, &[head, "n"]);
        let names = abreast.iter().map(|(row, _)| name(row, words));
        table.head.extend(names.map(|name| name.replace(' ', "\n")));
        for row in rows {
            let figures: Vec<Option<Ratio>> = abreast
                .iter()
                .map(|(_, metrics)| (row.of)(metrics).filter(|figure| figure.of > 0))
                .collect();
            let Some(support) = figures.iter().flatten().map(|figure| figure.of).max() else {
                continue;
            };
            let mut cells = vec![row.name.clone(), words.count(support)];
            cells.extend(
                figures
                    .iter()
                    .map(|figure| figure.map_or(NONE.to_owned(), |figure| words.share(&figure))),
            );
            table.rows.push(cells);
        }
        table
    });
    tables.filter(|table| !table.rows.is_empty()).collect()
}
