//! British banks: sort codes and account numbers.
//!
//! Invariant: every sort code made here starts with 00, a convention: no range is reserved.
//! An account number means nothing without a sort code, and its modulus check (Vocalink) is defined per
//! sort code.

use super::checksum::push_padded;
use super::surface::{self, Family};
use super::{Made, scatter};
use crate::conversation::{Form, Safety};

/// How many sort codes there are.
pub const SORT_CODES: u64 = 10_000;

/// How many account numbers there are.
pub const ACCOUNTS: u64 = 100_000_000;

/// The sort code at `index`, six digits; distinct indices give distinct codes.
///
/// # Panics
/// When `index` is not below [`SORT_CODES`].
pub fn sort_code(index: u64) -> Made {
    let mut value = String::with_capacity(6);
    push_padded(scatter("sort code", SORT_CODES, index), 6, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// The account number at `serial`, eight digits; distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`ACCOUNTS`].
pub fn account(serial: u64) -> Made {
    let mut value = String::with_capacity(8);
    push_padded(scatter("account GB", ACCOUNTS, serial), 8, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// Sort codes.
pub(super) const SORT_CODE: Family = Family {
    write: |normal, form, out| surface::write_grouped(normal, &[2], form, out),
    forms: &[
        (Form::Dashes, 600),
        (Form::Compact, 250),
        (Form::Grouped, 150),
    ],
    read: surface::read_digits,
};

/// Account numbers.
pub(super) const ACCOUNT: Family = Family {
    write: |normal, form, out| match form {
        Form::Last4 => surface::write_last4(normal, out),
        Form::Masked if normal.len() > 4 => {
            out.push_str("****");
            surface::write_last4(normal, out)
        }
        Form::Masked => false,
        _ => surface::write_grouped(normal, &[4], form, out),
    },
    forms: &[(Form::Compact, 850), (Form::Grouped, 150)],
    read: surface::read_digits,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_sort_code_starts_with_00_and_none_repeats() {
        let codes: BTreeSet<String> = (0..SORT_CODES).map(|k| sort_code(k).value).collect();
        assert_eq!(codes.len() as u64, SORT_CODES);
        assert!(
            codes
                .iter()
                .all(|code| code.starts_with("00") && code.len() == 6)
        );
    }

    #[test]
    fn accounts_have_eight_digits_and_never_repeat() {
        let accounts: BTreeSet<String> = (0..10_000).map(|k| account(k).value).collect();
        assert_eq!(accounts.len(), 10_000);
        assert!(accounts.iter().all(|number| number.len() == 8));
    }
}
