//! Numbers that states give to people, one file per country that the world lives in, and the checks of
//! the others.
//!
//! Invariant: a number made here is one that its state does not give to anyone.

pub mod elsewhere;
pub mod fr;
pub mod uk;
pub mod us;

pub(super) use elsewhere::italian_letter;
