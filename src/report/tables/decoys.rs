//! Alerts on what only looks sensitive.

use super::abreast::{Row, abreast};
use super::{Table, scored};
use crate::report::result::BenchResult;
use crate::report::words::Words;
use std::collections::BTreeSet;

/// Decoys that raise an alert, by what they are.
pub fn decoys(result: &BenchResult, words: &Words) -> Vec<Table> {
    let kinds: BTreeSet<&String> = scored(result).flat_map(|(_, m)| m.decoys.keys()).collect();
    let rows: Vec<Row<'_>> = kinds
        .into_iter()
        .map(|kind| Row::new(kind, move |m| Some(m.decoys.get(kind)?.alerted)))
        .collect();
    abreast(
        result,
        words,
        &words.titles.decoys,
        &words.heads.decoy,
        &rows,
    )
}
