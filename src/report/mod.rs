//! Reports: what a run found, as data and as pages.
//!
//! A **result** ([`result`]) is everything that was measured; [`tables`] are pure functions of a
//! result and of a [`page_options`]; [`terminal`] and [`markdown`] lay them out as pages, [`latex`] as tables
//! for a paper, [`csv`] as rows for a notebook. What pages say is in `datasets/report` ([`words`]).
//! Invariant: no report needs the corpus, the detectors or a clock, and none shows a value unless both
//! the scoring and the page options were told to: values are called `[CARD_PIN #3]`, never by a hash, from
//! which four digits are found again.

pub mod csv;
pub mod feeds;
pub mod figures;
pub mod latex;
pub mod markdown;
pub mod page_options;
pub mod ranking;
pub mod result;
pub mod tables;
#[cfg(feature = "cli")]
pub mod terminal;
pub mod words;

#[cfg(test)]
mod tests;

pub use page_options::{LabelRows, PageOptions, Section};
pub use words::Lang;
