//! Scoring: from gold spans and predictions to counts, and from counts to metrics.
//!
//! Three views of one run, all derived from the same pass:
//!
//! * the **span view**: an order-invariant one-to-one [`matching`] gives one table of [`events`];
//! * the **coverage view**: what a redactor would mask, in gold and in harmless text ([`coverage`]);
//! * the **value view**: which values still get out ([`leak`]), which is the headline.
//!
//! Invariant: [`Counts`] are a monoid. Shards can be scored anywhere and added; [`Metrics`] and
//! intervals are pure functions of counts.
//!
//! ```
//! use tellerbench::scoring::{Metrics, Scorer, ScoringOptions};
//! let scorer = Scorer::new(ScoringOptions::default());
//! let metrics = Metrics::of(&scorer.finish());
//! assert_eq!(metrics.critical.leak.value(), None); // 0/0 is undefined, never 0 or 1
//! ```

pub mod comparison;
pub mod compat;
pub mod counts;
pub mod coverage;
mod customer;
pub mod events;
pub mod examples;
pub mod intervals;
pub mod label_map;
pub mod leak;
pub mod matching;
pub mod metrics;
mod options;
pub mod ratios;
pub mod replicates;
pub mod scopes;
mod scorer;
pub mod slices;
mod spans;
pub mod tolerance;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod rulings;

pub use counts::Counts;
pub use events::{Event, Relation};
pub use examples::{ExampleOptions, ExampleText, Examples};
pub use label_map::{LabelMap, LabelSet, common};
pub use metrics::Metrics;
pub use options::{ScoreError, ScoringOptions};
pub use scorer::{InspectedValue, Inspection, Scorer};
pub use spans::Cover;
pub use tolerance::Tolerance;
