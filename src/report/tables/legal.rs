//! Leak by what rules name.

use super::Table;
use super::abreast::{Row, abreast};
use crate::report::result::BenchResult;
use crate::report::words::Words;
use crate::scoring::legal::Regime;

/// Leak of the values that each regime names.
pub fn legal(result: &BenchResult, words: &Words) -> Vec<Table> {
    let rows: Vec<Row<'_>> = Regime::ALL
        .iter()
        .map(|regime| {
            let name = words.regime(*regime);
            Row::new(name, |m| Some(m.legal.get(regime)?.leak.leak))
        })
        .collect();
    abreast(
        result,
        words,
        &words.titles.legal,
        &words.heads.regime,
        &rows,
    )
}
