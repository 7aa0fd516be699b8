//! Amounts of money.

use crate::country::Country;
use std::fmt;

/// An amount in minor units (cents, pence) of one currency.
///
/// ```
/// use tellerbench::{country::Country, world::Money};
/// assert_eq!(Money::new(4790, Country::France).to_string(), "4790 EUR");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money {
    /// Minor units; negative when the account pays.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: &'static str,
}

impl Money {
    /// An amount in the currency of a country.
    pub fn new(minor: i64, country: Country) -> Money {
        Money {
            minor,
            currency: country.currency(),
        }
    }

    /// The amount without its sign.
    pub fn abs(self) -> Money {
        Money {
            minor: self.minor.abs(),
            ..self
        }
    }
}

/// The normal form of a fact: `4790 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.minor, self.currency)
    }
}
