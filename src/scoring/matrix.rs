//! The confusion matrix: every gold span and every prediction of the strict scores, once.
//!
//! Invariant: of a gold label the cells `exact`, `overlapping` and `alone` add up to its gold spans; of
//! a predicted one the cells, `further` included, add up to the predictions that mean it.

use super::counts::Counts;
use super::events::Relation;
use serde::{Deserialize, Serialize};

/// What stands in the place of a gold label for predictions that concern none.
pub const NONE: &str = "(none)";
/// What stands in the place of a predicted label for gold spans that nothing answers.
pub const MISSED: &str = "(missed)";

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixCell {
    /// The gold label, or `(none)`.
    pub gold: String,
    /// What the prediction meant, `(unmapped)`, or `(missed)`.
    pub predicted: String,
    /// Pairs of equal range.
    pub exact: u64,
    /// Pairs of overlapping range.
    pub overlapping: u64,
    /// Further predictions on a gold span that another prediction answers.
    pub further: u64,
    /// Gold spans that nothing answers; predictions that touch no gold span.
    pub alone: u64,
}

impl MatrixCell {
    fn is_empty(&self) -> bool {
        self.exact + self.overlapping + self.further + self.alone == 0
    }
}

/// Every cell that holds anything, by gold label and by predicted label, in the taxonomy's order.
pub fn matrix(counts: &Counts) -> Vec<MatrixCell> {
    let cell = |gold: &str, predicted: &str| MatrixCell {
        gold: gold.to_owned(),
        predicted: predicted.to_owned(),
        ..MatrixCell::default()
    };
    let mut cells = Vec::new();
    for (label, row) in &counts.labels {
        let boundary = [
            Relation::BoundaryShort,
            Relation::BoundaryLong,
            Relation::BoundaryShifted,
        ];
        let mut own = MatrixCell {
            exact: row.relation(Relation::Correct),
            overlapping: boundary.iter().map(|&r| row.relation(r)).sum(),
            ..cell(label.id(), label.id())
        };
        for (meant, confused) in &row.confused {
            let found = MatrixCell {
                exact: confused.wrong_type,
                overlapping: confused.type_and_boundary,
                further: confused.fragment + confused.label_extra,
                ..cell(label.id(), &meant.to_string())
            };
            if meant.0 == Some(*label) {
                own.exact += found.exact;
                own.overlapping += found.overlapping;
                own.further += found.further;
            } else {
                cells.push(found);
            }
        }
        cells.push(own);
        cells.push(MatrixCell {
            alone: row.relation(Relation::Missed) + row.relation(Relation::Merge),
            ..cell(label.id(), MISSED)
        });
        cells.push(MatrixCell {
            alone: row.relation(Relation::Spurious),
            ..cell(NONE, label.id())
        });
    }
    cells.push(MatrixCell {
        alone: counts.unmapped_spurious,
        ..cell(NONE, &super::counts::Meant(None).to_string())
    });
    cells.retain(|cell| !cell.is_empty());
    cells
}
