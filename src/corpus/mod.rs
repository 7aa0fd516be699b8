//! Corpora: what is asked for, which conversation stands at which index, and how files are written.
//!
//! * A **spec** says what is asked for; a **corpus** is a spec and a seed: conversation `i` is a pure
//!   function of both, so that any part of it can be made anywhere.
//! * A **block** is 64 indices that belong to a fixed number of customers with ordered dates.
//! * A **chunk** is 1,024 conversations: the unit of work of a thread, and a frame of a compressed file.
//! * The **manifest** stands beside the files and says what they are.
//!
//! Invariant: a corpus of N is a prefix of a larger one, and the bytes do not depend on threads,
//! parts or machine.

pub mod audit;
pub mod content;
mod data;
pub mod freeze;
pub mod generate;
pub mod manifest;
pub mod output;
pub mod pipeline;
pub mod plan;
pub mod reach;
pub mod spec;
pub mod suites;
mod templates;
pub mod twins;

pub use data::Data;
pub use generate::Corpus;
pub use spec::Spec;
pub use twins::Variant;

/// The version of the generator's output. Any change of corpus bytes raises it.
pub const CORPUS_VERSION: u32 = 1;
