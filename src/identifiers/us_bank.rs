//! American banks: routing numbers (ABA) and account numbers.
//!
//! Invariant: no routing number made here can be a bank's. The first two digits of real ones are 00–12,
//! 21–32, 61–72 or 80 (ABA, *Routing Number Administrative Rules*); ours are others. Nine in ten start
//! with a digit that detectors accept, so that the range does not decide the ranking. Validators that
//! know the prefixes refuse them: `strict_valid` is false.

use super::checksum::{push_padded, weighted_sum};
use super::surface::{self, Family, REST};
use super::{Made, scatter};
use crate::conversation::{Form, Safety};
use crate::seed::Stream;

/// Prefixes that were never assigned. The last two start with a digit that real prefixes never have.
const PREFIXES: [u8; 25] = [
    13, 14, 15, 16, 17, 18, 19, 20, 33, 34, 35, 36, 37, 38, 39, 60, 73, 74, 75, 76, 77, 78, 79, 47,
    52,
];

/// How many routing numbers there are.
pub const ROUTINGS: u64 = PREFIXES.len() as u64 * 1_000_000;

/// How many serials [`account`] takes.
pub const ACCOUNTS: u64 = 100_000_000;

const WEIGHTS: [u32; 9] = [3, 7, 1, 3, 7, 1, 3, 7, 1];

/// The routing number at `index`; distinct indices give distinct numbers.
///
/// # Panics
/// When `index` is not below [`ROUTINGS`].
pub fn routing(index: u64) -> Made {
    let place = scatter("routing US", ROUTINGS, index);
    let mut value = String::with_capacity(9);
    push_padded(
        u64::from(PREFIXES[(place / 1_000_000) as usize]),
        2,
        &mut value,
    );
    push_padded(place % 1_000_000, 6, &mut value);
    let sum = weighted_sum(&value, &WEIGHTS[..8]).expect("eight digits");
    push_padded(u64::from((10 - sum % 10) % 10), 1, &mut value);
    Made::new(value, Safety::Unassigned, false)
}

/// Nine digits with 3 (d1 + d4 + d7) + 7 (d2 + d5 + d8) + (d3 + d6 + d9) ≡ 0 (mod 10).
pub fn check_routing(digits: &str) -> bool {
    digits.bytes().any(|byte| byte != b'0')
        && weighted_sum(digits, &WEIGHTS).is_some_and(|sum| sum % 10 == 0)
}

/// An account number of 8, 10 or 12 digits, as banks differ; distinct serials give distinct numbers.
/// American accounts have no check digit and mean nothing without a bank.
///
/// # Panics
/// When `serial` is not below [`ACCOUNTS`].
pub fn account(serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("account US", ACCOUNTS, serial);
    let mut value = String::with_capacity(12);
    match stream.weighted(&[2, 4, 3, 1]) {
        0 => {}
        1 => stream.digits(2, &mut value),
        2 => stream.digits(4, &mut value),
        _ => value.push_str("0000"),
    }
    push_padded(payload, 8, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// Routing numbers.
pub(super) const ROUTING: Family = Family {
    write: |normal, form, out| match form {
        Form::Dashes => {
            surface::push_grouped(normal, &[4, 4, REST], "-", out);
            true
        }
        Form::Last4 => surface::write_last4(normal, out),
        _ => surface::write_grouped(normal, &[3], form, out),
    },
    forms: &[
        (Form::Compact, 800),
        (Form::Grouped, 150),
        (Form::Dashes, 50),
    ],
    read: surface::read_digits,
};

/// Account numbers.
pub(super) const ACCOUNT: Family = Family {
    write: |normal, form, out| match form {
        Form::Last4 => surface::write_last4(normal, out),
        Form::Masked if normal.len() > 4 => {
            let crosses = normal.bytes().map(u32::from).sum::<u32>() % 2 == 0;
            out.push_str(if crosses { "xxxx" } else { "****" });
            surface::write_last4(normal, out)
        }
        Form::Masked => false,
        _ => surface::write_grouped(normal, &[4], form, out),
    },
    forms: &[
        (Form::Compact, 780),
        (Form::Grouped, 120),
        (Form::Dashes, 100),
    ],
    read: surface::read_digits,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;
    use std::collections::BTreeSet;

    #[test]
    fn no_routing_number_has_a_prefix_that_banks_have() {
        let mut accepted = 0;
        for index in 0..10_000 {
            let number = routing(index).value;
            assert!(check_routing(&number), "{number}");
            let prefix: u8 = number[..2].parse().unwrap();
            assert!(
                !matches!(prefix, 0..=12 | 21..=32 | 61..=72 | 80),
                "{number}"
            );
            accepted += usize::from(matches!(number.as_bytes()[0], b'0'..=b'3' | b'6'..=b'8'));
        }
        assert!(accepted > 9_000, "{accepted}");
    }

    #[test]
    fn accounts_never_repeat_whatever_their_length() {
        let mut stream = Stream::at(1, Domain::new("accounts"), 0);
        let accounts: BTreeSet<String> =
            (0..10_000).map(|s| account(s, &mut stream).value).collect();
        assert_eq!(accounts.len(), 10_000);
    }

    #[test]
    fn the_worked_examples_hold() {
        for number in ["130000420", "190000428", "330000424"] {
            assert!(check_routing(number), "{number}");
        }
        assert!(!check_routing("130000421") && !check_routing("000000000"));
    }
}
