//! Scoring: from gold spans and predictions to counts, and from counts to metrics.
//!
//! Three views of one run, all derived from the same pass:
//!
//! * the **span view**: an order-invariant one-to-one [`matching`] gives one table of [`events`];
//! * the **coverage view**: what a redactor would mask, in gold and in harmless text ([`coverage`]);
//! * the **value view**: which values still get out ([`leak`]), which is the headline.
//!
//! Beside them, from the text itself: what is left to guess ([`guessing`]), where values are echoed
//! ([`echoes`]), what is learned of a customer ([`exposure`]), and what another threshold would give
//! ([`curves`]).
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
pub mod curves;
mod customer;
pub mod echoes;
pub mod events;
pub mod examples;
pub mod exposure;
mod extras;
mod folding;
pub mod groups;
pub mod guessing;
pub mod intervals;
pub mod label_map;
pub mod leak;
pub mod legal;
pub mod matching;
pub mod matrix;
pub mod metrics;
pub mod observer;
mod options;
pub mod prevalence;
pub mod ratios;
pub mod replicates;
pub mod scopes;
mod scorer;
pub mod slices;
mod spans;
pub mod strata;
pub mod tolerance;
pub mod twins;
pub mod views;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod rulings;

pub use counts::Counts;
pub use coverage::Characters;
pub use events::{Event, Relation};
pub use examples::{ExampleOptions, ExampleText, Examples};
pub use label_map::{LabelMap, LabelSet, common};
pub use metrics::Metrics;
pub use observer::Observer;
pub use options::{ScoreError, ScoringOptions};
pub use prevalence::Prevalence;
pub use scorer::{InspectedValue, Inspection, Scorer};
pub use spans::Cover;
pub use tolerance::Tolerance;
pub use views::View;
