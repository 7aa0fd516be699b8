//! Formats: one file each, reading and writing where both make sense.
pub mod predictions;
