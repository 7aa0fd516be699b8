//! National numbers of other countries, and their checks.
//!
//! No range is reserved for most of them, and the tiers say so. The Canadian first digits 0 and 8 are
//! given to nobody, and the Belgian orders 000 and 999 lie outside what is given.

use super::Holder;
use crate::calendar::Date;
use crate::conversation::{Form, Safety};
use crate::identifiers::checksum::{
    all_digits, luhn_digit, mod11_10, number, push_padded, weighted_sum,
};
use crate::identifiers::email::push_folded;
use crate::identifiers::surface::{self, Family};
use crate::identifiers::{Made, scatter};
use crate::seed::Stream;

/// Arrangements of a German number behind its 0: which digit stands twice and which is missing, where
/// the two stand, and the order of the others.
const ARRANGEMENTS: [u64; 3] = [9 * 8, 36, 5_040];

/// How many German tax numbers there are.
pub const STEUER_IDS: u64 = ARRANGEMENTS[0] * ARRANGEMENTS[1] * ARRANGEMENTS[2];
/// How many Spanish numbers there are, counted in serials: each gives a DNI or a NIE.
pub const DNIS: u64 = 1_000_000;
/// How many Dutch numbers there are.
pub const BSNS: u64 = 900_000;
/// How many Portuguese numbers there are.
pub const NIFS: u64 = 100_000;
/// How many Swiss numbers there are.
pub const AHVS: u64 = 10_000_000;
/// How many Canadian numbers there are.
pub const SINS: u64 = 20_000_000;
/// How many Italian codes one person can have: one for each place.
pub const PLACES: u64 = 100;

/// The German tax number at `serial`. It starts with 0, which marks numbers for tests; validators that
/// know this refuse it. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`STEUER_IDS`].
pub fn steuer_id(serial: u64) -> Made {
    let mut place = scatter("steuer id", STEUER_IDS, serial);
    let mut take = |size: u64| {
        let part = place % size;
        place /= size;
        part as usize
    };
    let (pair, spots) = (take(ARRANGEMENTS[0]), take(ARRANGEMENTS[1]));
    let mut digits: Vec<u8> = (b'1'..=b'9').collect();
    let twice = digits.remove(pair / 8);
    digits.remove(pair % 8);
    // The two places of the digit that stands twice: the pair of 0..9 at `spots`.
    let (mut first, mut left) = (0, spots);
    while left >= 8 - first {
        left -= 8 - first;
        first += 1;
    }
    let second = first + 1 + left;
    let mut value = String::with_capacity(11);
    value.push('0');
    for spot in 0..9 {
        let digit = if spot == first || spot == second {
            twice
        } else {
            digits.remove(take(digits.len() as u64))
        };
        value.push(char::from(digit));
    }
    let check = mod11_10(&value).expect("digits");
    push_padded(check.into(), 1, &mut value);
    Made::new(value, Safety::Convention, false)
}

const DNI_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// A Spanish number: a DNI of 99 millions, or for one in four, who is a foreigner, a NIE of Z9 millions.
/// Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`DNIS`].
pub fn dni_nie(serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("dni", DNIS, serial);
    let mut value = String::with_capacity(9);
    let number = if stream.chance(250) {
        value.push_str("Z9");
        29_000_000 + payload
    } else {
        value.push_str("99");
        99_000_000 + payload
    };
    push_padded(payload, 6, &mut value);
    value.push(char::from(DNI_LETTERS[(number % 23) as usize]));
    Made::new(value, Safety::Convention, true)
}

/// Three letters of an Italian name: its consonants, then its vowels, then X. A given name of four
/// consonants or more leaves out the second.
fn italian_part(name: &str, given: bool, out: &mut String) {
    let mut folded = String::with_capacity(name.len());
    push_folded(name, &mut folded);
    let letters = || folded.chars().filter(char::is_ascii_alphabetic);
    let vowel = |c: &char| "aeiou".contains(*c);
    let mut consonants: Vec<char> = letters().filter(|c| !vowel(c)).collect();
    if given && consonants.len() > 3 {
        consonants.remove(1);
    }
    let part = consonants.into_iter().chain(letters().filter(vowel));
    let padded = part.chain(std::iter::repeat('x')).take(3);
    out.extend(padded.map(|c| c.to_ascii_uppercase()));
}

/// The *codice fiscale* of a person born abroad, in a country of code Z900 to Z999, which is a
/// convention: `serial` modulo [`PLACES`] chooses it.
pub fn codice_fiscale(holder: &Holder<'_>, serial: u64) -> Made {
    let (year, month, day) = holder.birth.ymd();
    let mut value = String::with_capacity(16);
    italian_part(holder.family, false, &mut value);
    italian_part(holder.given, true, &mut value);
    push_padded(year.rem_euclid(100) as u64, 2, &mut value);
    value.push(char::from(b"ABCDEHLMPRST"[month as usize - 1]));
    let day = day + if holder.female { 40 } else { 0 };
    push_padded(day.into(), 2, &mut value);
    value.push('Z');
    push_padded(900 + serial * 37 % PLACES, 3, &mut value);
    value.push(italian_letter(&value).expect("letters and digits"));
    Made::new(value, Safety::Convention, true)
}

/// A Dutch number of 99 millions, a convention for tests. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`BSNS`].
pub fn bsn(serial: u64) -> Made {
    let place = scatter("bsn", BSNS, serial);
    let mut value = "99".to_owned();
    push_padded(place / 9, 5, &mut value);
    complete(&mut value, place % 9, |eight| {
        weighted_sum(eight, &[9, 8, 7, 6, 5, 4, 3, 2]).map(|sum| sum % 11)
    });
    Made::new(value, Safety::Convention, true)
}

/// Appends two digits: the `choice`-th of those digits, at most nine are asked for, behind which the
/// rule gives a check digit, and that digit. A rule that gives 10 gives none; it does so for one digit
/// at most.
pub(super) fn complete(value: &mut String, choice: u64, rule: impl Fn(&str) -> Option<u32>) {
    let mut left = choice;
    for digit in '0'..='9' {
        value.push(digit);
        match rule(value) {
            Some(check @ 0..=9) if left == 0 => {
                push_padded(check.into(), 1, value);
                return;
            }
            Some(0..=9) => left -= 1,
            _ => {}
        }
        value.pop();
    }
    unreachable!("at most one digit of ten has no check digit")
}

/// A Portuguese number of 999 millions, a convention. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`NIFS`].
pub fn nif(serial: u64) -> Made {
    let mut value = "999".to_owned();
    push_padded(scatter("nif", NIFS, serial), 5, &mut value);
    let sum = weighted_sum(&value, &[9, 8, 7, 6, 5, 4, 3, 2]).expect("eight digits");
    let digit = 11 - sum % 11;
    push_padded(if digit > 9 { 0 } else { digit.into() }, 1, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// The Belgian number of a person, with an order that is given to nobody: men have odd orders from 001
/// to 997, women even ones from 002 to 998; here men have 999 and women 000. People of one sex and birth
/// share it.
pub fn nrn(female: bool, birth: Date) -> Made {
    let (year, month, day) = birth.ymd();
    let mut value = String::with_capacity(11);
    for part in [year.rem_euclid(100) as u32, month, day] {
        push_padded(part.into(), 2, &mut value);
    }
    value.push_str(if female { "000" } else { "999" });
    let century = if year >= 2000 { 2_000_000_000 } else { 0 };
    let key = 97 - (century + number(&value).expect("nine digits")) % 97;
    push_padded(key, 2, &mut value);
    Made::new(value, Safety::Unassigned, true)
}

/// A Swiss number of 756.99, a convention. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`AHVS`].
pub fn ahv(serial: u64) -> Made {
    let mut value = "75699".to_owned();
    push_padded(scatter("ahv", AHVS, serial), 7, &mut value);
    let sum = weighted_sum(&value, &AHV_WEIGHTS[..12]).expect("twelve digits");
    push_padded(u64::from((10 - sum % 10) % 10), 1, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// A Canadian number with first digit 0 or 8, which are given to nobody. Validators that know this
/// refuse it. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`SINS`].
pub fn sin(serial: u64) -> Made {
    let place = scatter("sin", SINS, serial);
    let mut value = String::with_capacity(9);
    value.push(if place.is_multiple_of(2) { '0' } else { '8' });
    push_padded(place / 2, 7, &mut value);
    value.push(char::from(b'0' + luhn_digit(&value)));
    Made::new(value, Safety::Unassigned, false)
}

const AHV_WEIGHTS: [u32; 13] = [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1];

/// The control letter of the Italian *codice fiscale* and of an Italian account (CIN): a value per
/// character in odd places, the plain value in even ones, sum mod 26 (D.M. 23 December 1976).
/// `None` where a character is neither an upper-case letter nor a digit.
pub(in crate::identifiers) fn italian_letter(text: &str) -> Option<char> {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let mut sum = 0;
    for (place, byte) in text.bytes().enumerate() {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A',
            _ => return None,
        };
        // The first character is in an odd place.
        sum += if place % 2 == 0 {
            ODD[usize::from(value)]
        } else {
            u32::from(value)
        };
    }
    Some(char::from(b'A' + (sum % 26) as u8))
}

/// Germany, *steuerliche Identifikationsnummer*: eleven digits, MOD 11,10, and exactly one digit that
/// stands two or three times among the first ten. A leading 0 marks a test number and is accepted.
pub fn check_idnr(idnr: &str) -> bool {
    if idnr.len() != 11 || !all_digits(idnr) {
        return false;
    }
    let mut counts = [0u8; 10];
    for byte in idnr[..10].bytes() {
        counts[usize::from(byte - b'0')] += 1;
    }
    let repeated: Vec<u8> = counts.into_iter().filter(|&count| count > 1).collect();
    matches!(repeated[..], [2 | 3]) && mod11_10(&idnr[..10]) == Some(idnr.as_bytes()[10] - b'0')
}

/// Spain, DNI and NIE: the letter at the number mod 23 in `TRWAGMYFPDXBNJZSQVHLCKE`, with X, Y, Z read
/// as 0, 1, 2.
pub fn check_dni(dni: &str) -> bool {
    if dni.len() != 9 || !dni.is_ascii() {
        return false;
    }
    let first = match dni.as_bytes()[0] {
        digit @ b'0'..=b'9' => u64::from(digit - b'0'),
        letter @ b'X'..=b'Z' => u64::from(letter - b'X'),
        _ => return false,
    };
    number(&dni[1..8]).is_some_and(|rest| {
        let place = (first * 10_000_000 + rest) % 23;
        DNI_LETTERS[place as usize] == dni.as_bytes()[8]
    })
}

/// Italy, *codice fiscale*: six letters, year, month letter, day, place, control letter. The letters
/// that replace digits when two people would share a code (*omocodia*) are accepted.
pub fn check_codice_fiscale(code: &str) -> bool {
    if code.len() != 16 || !code.is_ascii() {
        return false;
    }
    let fits = code.bytes().enumerate().all(|(place, byte)| match place {
        0..=5 | 11 | 15 => byte.is_ascii_uppercase(),
        8 => b"ABCDEHLMPRST".contains(&byte),
        _ => byte.is_ascii_digit() || b"LMNPQRSTUV".contains(&byte),
    });
    fits && italian_letter(&code[..15]) == code.chars().next_back()
}

/// The Netherlands, *burgerservicenummer*: 9 d1 + 8 d2 + … + 2 d8 − d9 ≡ 0 (mod 11).
pub fn check_bsn(bsn: &str) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, 10];
    bsn.len() == 9
        && bsn.bytes().any(|byte| byte != b'0')
        && weighted_sum(bsn, &weights).is_some_and(|sum| sum % 11 == 0)
}

/// Portugal, NIF: weights 9 to 2, 11 − sum mod 11, with what exceeds 9 read as 0.
pub fn check_nif(nif: &str) -> bool {
    if nif.len() != 9 || !nif.is_ascii() || nif.starts_with('0') {
        return false;
    }
    weighted_sum(&nif[..8], &[9, 8, 7, 6, 5, 4, 3, 2]).is_some_and(|sum| {
        let digit = 11 - sum % 11;
        nif.as_bytes()[8] == b'0' + if digit > 9 { 0 } else { digit as u8 }
    })
}

/// Belgium, *numéro de registre national*: 97 − (first nine mod 97), with a 2 in front of the nine for
/// people born in 2000 or later.
pub fn check_nrn(nrn: &str) -> bool {
    if nrn.len() != 11 || !all_digits(nrn) {
        return false;
    }
    let (Some(first), Some(key)) = (number(&nrn[..9]), number(&nrn[9..])) else {
        return false;
    };
    [first, 2_000_000_000 + first]
        .iter()
        .any(|n| 97 - n % 97 == key)
}

/// Switzerland, AHV number: thirteen digits of country 756, with the check digit of an EAN-13.
pub fn check_ahv(ahv: &str) -> bool {
    ahv.len() == 13
        && ahv.starts_with("756")
        && weighted_sum(ahv, &AHV_WEIGHTS).is_some_and(|sum| sum % 10 == 0)
}

/// German tax numbers.
pub(in crate::identifiers) const STEUER_ID: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[2, 3], form, out),
    forms: &[(Form::Grouped, 55), (Form::Compact, 45)],
    read: surface::read_digits,
};

/// Spanish numbers: `00.000.000-T`, `0000 0000 T`.
pub(in crate::identifiers) const DNI: Family = Family {
    write: |normal, form, out| match form {
        Form::Dots if normal.len() == 9 => {
            surface::push_grouped(&normal[..8], &[2, 3, 3], ".", out);
            out.push('-');
            out.push_str(&normal[8..]);
            true
        }
        Form::Dashes => surface::write_document(normal, &[8, 1], form, out),
        _ => surface::write_document(normal, &[4, 4, 1], form, out),
    },
    forms: &[
        (Form::Compact, 45),
        (Form::Dashes, 20),
        (Form::Dots, 15),
        (Form::Lower, 10),
        (Form::Grouped, 10),
    ],
    read: surface::read_alphanumeric,
};

/// Italian codes.
pub(in crate::identifiers) const CODICE_FISCALE: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[3, 3, 5, 5], form, out),
    forms: &[(Form::Compact, 65), (Form::Grouped, 20), (Form::Lower, 15)],
    read: surface::read_alphanumeric,
};

/// Dutch numbers.
pub(in crate::identifiers) const BSN: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[4, 2, 3], form, out),
    forms: &[(Form::Compact, 65), (Form::Dots, 25), (Form::Grouped, 10)],
    read: surface::read_digits,
};

/// Portuguese and Canadian numbers, in threes.
pub(in crate::identifiers) const THREES: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[3], form, out),
    forms: &[(Form::Grouped, 50), (Form::Compact, 40), (Form::Dashes, 10)],
    read: surface::read_digits,
};

/// Belgian numbers: `85.07.15-999.94`.
pub(in crate::identifiers) const NRN: Family = Family {
    write: |normal, form, out| match form {
        Form::Dots if normal.len() == 11 => {
            surface::push_grouped(&normal[..6], &[2], ".", out);
            out.push('-');
            surface::push_grouped(&normal[6..], &[3, 2], ".", out);
            true
        }
        _ => surface::write_document(normal, &[2, 2, 2, 3, 2], form, out),
    },
    forms: &[(Form::Dots, 55), (Form::Compact, 25), (Form::Grouped, 20)],
    read: surface::read_digits,
};

/// Swiss numbers: `756.9217.0769.85`.
pub(in crate::identifiers) const AHV: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[3, 4, 4, 2], form, out),
    forms: &[(Form::Dots, 70), (Form::Compact, 20), (Form::Grouped, 10)],
    read: surface::read_digits,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn german_numbers_never_repeat_and_start_with_0() {
        let made: BTreeSet<String> = (0..20_000).map(|s| steuer_id(s).value).collect();
        assert_eq!(made.len(), 20_000);
        assert!(made.iter().all(|id| check_idnr(id) && id.starts_with('0')));
    }

    #[test]
    fn an_italian_code_tells_names_birth_and_sex() {
        let holder = Holder {
            given: "Gianfranco",
            family: "Fò",
            female: false,
            birth: Date::new(1985, 7, 14).unwrap(),
        };
        let code = codice_fiscale(&holder, 0).value;
        assert!(code.starts_with("FOXGFR85L14Z900"), "{code}");
        let female = Holder {
            female: true,
            ..holder
        };
        assert_eq!(&codice_fiscale(&female, 0).value[9..11], "54");
        assert!(check_codice_fiscale(&code));
    }

    #[test]
    fn belgian_orders_are_given_to_nobody() {
        for year in [1985, 2004] {
            let birth = Date::new(year, 7, 15).unwrap();
            let (man, woman) = (nrn(false, birth).value, nrn(true, birth).value);
            assert!(check_nrn(&man) && &man[6..9] == "999");
            assert!(check_nrn(&woman) && &woman[6..9] == "000");
        }
        assert_eq!(
            nrn(false, Date::new(1985, 7, 15).unwrap()).value,
            "85071599994"
        );
    }

    #[test]
    fn the_control_letter_serves_people_and_accounts() {
        assert_eq!(italian_letter("TSTTST85L41Z999"), Some('W'));
        assert_eq!(italian_letter("9999800042000012345678"), Some('U'));
        assert_eq!(italian_letter("é"), None);
    }

    #[test]
    fn a_tax_number_without_a_repeated_digit_fails() {
        assert!(check_idnr("08123450064"));
        assert_eq!(mod11_10("1234567890"), Some(3));
        assert!(!check_idnr("12345678903"));
    }

    #[test]
    fn foreigners_in_spain_have_a_letter_in_front() {
        assert!(check_dni("00000000T") && check_dni("X0000000T") && !check_dni("00000000A"));
    }

    #[test]
    fn belgians_born_since_2000_have_another_key() {
        assert!(check_nrn("85071599994"));
        let first = 5_071_599u64 * 100 + 99;
        let key = 97 - (2_000_000_000 + first) % 97;
        assert!(check_nrn(&format!("{first:09}{key:02}")));
    }
}
