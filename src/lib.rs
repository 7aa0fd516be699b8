//! # tellerbench
//!
//! Synthetic bank-chatbot conversations with exactly labelled sensitive spans, and a benchmark of the
//! detectors that should catch them.
//!
//! Data flows one way:
//!
//! ```text
//! seed → world → dialogue → wording (text + spans) → noise → conversation → format
//! corpus → detector → offsets → label map → events (matching) → counts → metrics + intervals → report
//! ```
//!
//! Lower rooms never import upper ones: [`taxonomy`], [`text`], [`calendar`], [`conversation`] and
//! [`seed`] are the ground; then `identifiers`, `world`, `dialogue`, `wording`, `corpus`, `formats`;
//! `detectors`, `scoring` and `timing` stand on the ground and on `formats`; `report` on `scoring`;
//! the command line on all.

mod borrowed;
pub mod calendar;
#[cfg(feature = "cli")]
pub mod cli;
pub mod conversation;
pub mod corpus;
pub mod country;
pub mod detectors;
pub mod dialogue;
pub mod formats;
pub mod identifiers;
mod lookup;
pub mod prediction;
pub mod report;
pub mod scoring;
pub mod seed;
pub mod taxonomy;
pub mod text;
pub mod timing;
mod toml_fault;
pub mod wording;
pub mod world;
