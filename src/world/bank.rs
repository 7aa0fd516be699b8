//! Invented banks.

use super::ids::BankIds;
use super::tables::Brand;
use crate::identifiers::Made;
use std::ops::Deref;

/// An invented bank: a brand, and one of its regional houses with codes of its own.
///
/// What customers see of the brand (name, bot, site, …) is reached through it: `bank.short_name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// Its number within the split.
    pub index: u64,
    pub(super) brand: &'static Brand,
    pub(super) ids: BankIds,
    /// The bank's public telephone number: a decoy wherever it stands.
    pub hotline: Made,
}

impl Bank {
    /// Five digits (FR) or four letters (GB) from codes that no bank has; empty in the US.
    pub fn bank_code(&self) -> &str {
        &self.ids.code
    }

    /// Its BIC, a test BIC.
    pub fn bic(&self) -> &Made {
        &self.ids.bic
    }

    /// Routing number (US) or sort code (GB) of its accounts.
    pub fn routing(&self) -> Option<&Made> {
        self.ids.routing.as_ref()
    }
}

impl Deref for Bank {
    type Target = Brand;

    fn deref(&self) -> &Brand {
        self.brand
    }
}
