//! Timing: how fast a detector answers, on this machine, for the same answers that were scored.
//!
//! * A **pass** is every message of the corpus once. Conversations are shuffled for each pass, the
//!   messages of a conversation never.
//! * The **budget** is the time that all detectors together may take. Where it is short there are fewer
//!   passes, never fewer messages, and the summary says so.
//!
//! Invariant: a pass counts only if its predictions are those that were scored. [`clock`] is the only
//! place that looks at a clock; it stands below [`crate::detectors`], which needs it for its limits.

pub mod agreement;
pub mod clock;
pub mod machine;
pub mod memory;
pub mod passes;
pub mod summary;

pub use machine::Machine;
pub use passes::{Contender, Plan, TimingError, time};
pub use summary::{Estimate, MemoryOf, TimingSummary};
