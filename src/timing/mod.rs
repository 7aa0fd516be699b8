//! Timing.

pub mod clock;
