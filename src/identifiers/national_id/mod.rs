//! Numbers that states give to people and print on their papers: a file per country that the world
//! lives in, one for papers, one for the countries elsewhere.
//!
//! Invariant: a number made here is one that its state does not give to anyone, where such a range is
//! known; the tier of each tells.

use crate::calendar::Date;

pub mod elsewhere;
pub mod fr;
pub mod papers;
pub mod uk;
pub mod us;

pub(super) use elsewhere::italian_letter;

/// The person whom a number or a paper names.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// Given names, as written: `Anne-Marie`, `Mary Ann`.
    pub given: &'a str,
    /// Family name.
    pub family: &'a str,
    /// Does the register say female?
    pub female: bool,
    /// Date of birth.
    pub birth: Date,
}
