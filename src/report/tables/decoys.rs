//! Alerts on what only looks sensitive.

use super::{Table, name, scored};
use crate::report::figures::NONE;
use crate::report::result::{BenchResult, DetectorRow};
use crate::report::words::Words;
use crate::scoring::metrics::Metrics;
use std::collections::BTreeSet;

/// How many detectors stand side by side in one table.
const ABREAST: usize = 6;

/// Decoys that raise an alert, by what they are; several tables where many detectors stand abreast.
pub fn decoys(result: &BenchResult, words: &Words) -> Vec<Table> {
    let rows: Vec<(&DetectorRow, &Metrics)> = scored(result).collect();
    let kinds: BTreeSet<&String> = rows.iter().flat_map(|(_, m)| m.decoys.keys()).collect();
    if kinds.is_empty() {
        return Vec::new();
    }
    let tables = rows.chunks(ABREAST).map(|abreast| {
        let head = [&*words.heads.decoy, "n"];
        let mut table = Table::new(&words.titles.decoys, 1, &head);
        let names = abreast.iter().map(|(row, _)| name(row, words));
        table.head.extend(names.map(|name| name.replace(' ', "\n")));
        for &kind in &kinds {
            let of = |metrics: &Metrics| metrics.decoys.get(kind).map(|decoys| decoys.alerted);
            let support = abreast
                .iter()
                .find_map(|(_, m)| of(m))
                .map_or(0, |alerted| alerted.of);
            let mut cells = vec![kind.clone(), words.count(support)];
            let shares = abreast.iter().map(|(_, metrics)| {
                of(metrics).map_or(NONE.to_owned(), |alerted| words.share(&alerted))
            });
            cells.extend(shares);
            table.rows.push(cells);
        }
        table
    });
    tables.collect()
}
