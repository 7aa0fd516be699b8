//! Reports: what a run found, as data and as pages.
//!
//! A **result** ([`result`]) is everything that was measured; a **table** ([`tables`]) is a pure
//! function of a result; [`terminal`] and [`markdown`] lay tables out. Invariant: no report needs the
//! corpus, the detectors or a clock, and no report shows a value.

pub mod feeds;
pub mod figures;
pub mod markdown;
pub mod ranking;
pub mod result;
pub mod tables;
#[cfg(feature = "cli")]
pub mod terminal;

#[cfg(test)]
mod tests;

use crate::taxonomy::Label;

/// The name under which a report speaks of a value: `[CARD_PIN #3]`. Reports never show values, nor
/// hashes of them: four digits are found again from any hash.
///
/// ```
/// use tellerbench::{report::name_of_value, taxonomy::Label};
/// assert_eq!(name_of_value(Label::named("CARD_PIN").unwrap(), 3), "[CARD_PIN #3]");
/// ```
pub fn name_of_value(label: Label, number: u32) -> String {
    format!("[{label} #{number}]")
}

/// Which labels get a row in the tables by label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LabelRows {
    /// No table by label.
    None,
    /// The core labels that occur.
    #[default]
    Core,
    /// Every label that occurs.
    All,
}
