//! Scoring: what detectors found, held against what is gold.

pub mod compat;
