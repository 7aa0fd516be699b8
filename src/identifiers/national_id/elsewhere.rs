//! Checks of the national numbers of other countries. Nothing is made of these here.

use crate::identifiers::checksum::{all_digits, mod11_10, number, weighted_sum};

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
        b"TRWAGMYFPDXBNJZSQVHLCKE"[place as usize] == dni.as_bytes()[8]
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
        && weighted_sum(ahv, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1])
            .is_some_and(|sum| sum % 10 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
