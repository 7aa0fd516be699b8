//! Britain: national-insurance numbers (NINO), taxpayer references (UTR), NHS numbers.
//!
//! Invariant: the prefix of every NINO made here is one that HMRC cannot allocate: it holds D, F, I, Q,
//! U or V, or has O in second place (HMRC, *National Insurance Manual*, NIM39110); QQ is HMRC's own
//! example. Validators that know the letters refuse them: `strict_valid` is false. The prefixes of
//! allowed letters that were never allocated (BG, GB, KN, NK, NT, TN, ZZ) fail [`check_nino`], so they
//! are not used.

use super::elsewhere::complete;
use crate::conversation::{Form, Safety};
use crate::identifiers::checksum::{all_digits, push_padded, weighted_sum};
use crate::identifiers::surface::{self, Family};
use crate::identifiers::{Made, scatter};

const NEVER_A_LETTER: &[u8] = b"DFIQUV";

/// Prefixes with a letter that is never used, without the administrative FY and OO.
const PREFIXES: [[u8; 2]; 294] = prefixes();

const fn prefixes() -> [[u8; 2]; 294] {
    let mut found = [[0; 2]; 294];
    let (mut count, mut pair) = (0, 0);
    while pair < 26 * 26 {
        let (first, second) = (b'A' + (pair / 26) as u8, b'A' + (pair % 26) as u8);
        let unused = never_used(first) || never_used(second) || second == b'O';
        let administrative = matches!((first, second), (b'F', b'Y') | (b'O', b'O'));
        if unused && !administrative {
            found[count] = [first, second];
            count += 1;
        }
        pair += 1;
    }
    assert!(count == 294);
    found
}

const fn never_used(letter: u8) -> bool {
    let mut at = 0;
    while at < NEVER_A_LETTER.len() {
        if NEVER_A_LETTER[at] == letter {
            return true;
        }
        at += 1;
    }
    false
}

/// How many numbers there are: six digits and a suffix of A to D behind every prefix.
pub const NINOS: u64 = PREFIXES.len() as u64 * 4_000_000;

/// The NINO at `serial`; distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`NINOS`].
pub fn nino(serial: u64) -> Made {
    let place = scatter("nino", NINOS, serial);
    let prefix = PREFIXES[(place / 4_000_000) as usize];
    let mut value = String::with_capacity(9);
    value.extend(prefix.map(char::from));
    push_padded(place / 4 % 1_000_000, 6, &mut value);
    value.push(char::from(b'A' + (place % 4) as u8));
    let safety = match &prefix {
        b"QQ" => Safety::Reserved,
        _ => Safety::Unassigned,
    };
    Made::new(value, safety, false)
}

/// Two letters that are not a pair never allocated, six digits, a suffix of A to D.
pub fn check_nino(nino: &str) -> bool {
    nino.len() == 9
        && nino.is_ascii()
        && nino[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && !matches!(&nino[..2], "BG" | "GB" | "KN" | "NK" | "NT" | "TN" | "ZZ")
        && all_digits(&nino[2..8])
        && matches!(nino.as_bytes()[8], b'A'..=b'D')
}

/// How many taxpayer references there are.
pub const UTRS: u64 = 10_000_000;
/// How many NHS numbers there are.
pub const NHS_NUMBERS: u64 = 900_000;

/// The taxpayer reference at `serial`: a check digit in front of 99 and seven digits, a convention.
/// Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`UTRS`].
pub fn utr(serial: u64) -> Made {
    let mut body = "99".to_owned();
    push_padded(scatter("utr", UTRS, serial), 7, &mut body);
    let first = utr_digit(&body).expect("nine digits");
    Made::new(
        format!("{}{body}", char::from(first)),
        Safety::Convention,
        true,
    )
}

fn utr_digit(nine: &str) -> Option<u8> {
    weighted_sum(nine, &[6, 7, 8, 9, 10, 5, 4, 3, 2]).map(|sum| b"21987654321"[(sum % 11) as usize])
}

/// The NHS number at `serial`, one of 999, which the NHS keeps for tests. Distinct serials give distinct
/// numbers.
///
/// # Panics
/// When `serial` is not below [`NHS_NUMBERS`].
pub fn nhs(serial: u64) -> Made {
    let place = scatter("nhs", NHS_NUMBERS, serial);
    let mut value = "999".to_owned();
    push_padded(place / 9, 5, &mut value);
    complete(&mut value, place % 9, |nine| {
        weighted_sum(nine, &[10, 9, 8, 7, 6, 5, 4, 3, 2]).map(|sum| (11 - sum % 11) % 11)
    });
    Made::new(value, Safety::Convention, true)
}

/// Ten digits, the first of which is given by the others: weights 6, 7, 8, 9, 10, 5, 4, 3, 2 on digits
/// 2 to 10, and the place mod 11 in `21987654321`.
pub fn check_utr(utr: &str) -> bool {
    utr.len() == 10 && utr.is_ascii() && utr_digit(&utr[1..]) == Some(utr.as_bytes()[0])
}

/// Ten digits: weights 10 to 2 on the first nine, 11 − sum mod 11 (11 → 0; 10 never occurs).
pub fn check_nhs(nhs: &str) -> bool {
    nhs.len() == 10
        && nhs.is_ascii()
        && weighted_sum(nhs, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_some_and(|sum| sum % 11 == 0)
}

fn write_nino(normal: &str, form: Form, out: &mut String) -> bool {
    match form {
        Form::Lower => surface::write_lower(normal, out),
        Form::Last4 => surface::write_last4(normal, out),
        Form::Masked if normal.len() == 9 => {
            out.push_str("•• •• •• ");
            surface::push_grouped(&normal[6..], &[2], " ", out);
            true
        }
        Form::Masked => false,
        _ => surface::write_grouped(normal, &[2], form, out),
    }
}

/// NINOs.
pub(in crate::identifiers) const NINO: Family = Family {
    write: write_nino,
    forms: &[
        (Form::Grouped, 420),
        (Form::Compact, 400),
        (Form::Lower, 130),
        (Form::Dashes, 40),
        (Form::Nbsp, 10),
    ],
    read: surface::read_alphanumeric,
};

/// Taxpayer references: `29999 00042`.
pub(in crate::identifiers) const UTR: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[5], form, out),
    forms: &[(Form::Compact, 65), (Form::Grouped, 35)],
    read: surface::read_digits,
};

/// NHS numbers.
pub(in crate::identifiers) const NHS: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[3, 3, 4], form, out),
    forms: &[(Form::Grouped, 55), (Form::Compact, 40), (Form::Dashes, 5)],
    read: surface::read_digits,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_number_passes_the_check_and_none_repeats() {
        let numbers: BTreeSet<String> = (0..10_000).map(|serial| nino(serial).value).collect();
        assert_eq!(numbers.len(), 10_000);
        assert!(numbers.iter().all(|number| check_nino(number)));
    }

    #[test]
    fn no_prefix_could_be_allocated() {
        assert!(PREFIXES.contains(b"QQ"));
        for [first, second] in PREFIXES {
            assert!(never_used(first) || never_used(second) || second == b'O');
        }
    }

    #[test]
    fn a_suffix_beyond_d_and_a_prefix_never_allocated_fail() {
        assert!(check_nino("QQ123456A"));
        assert!(!check_nino("QQ123456E") && !check_nino("GB123456A") && !check_nino("QQ12345A"));
    }

    #[test]
    fn the_worked_examples_of_utr_and_nhs_hold() {
        assert!(check_utr("2999900042") && !check_utr("3999900042"));
        assert!(check_nhs("9999000428") && !check_nhs("9999000429"));
    }
}
