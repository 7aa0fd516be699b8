//! Numbers of businesses: SIREN and SIRET (France), value-added tax.

use super::checksum::{all_digits, luhn, luhn_digit, mod11_10, number, push_padded, weighted_sum};
use super::surface::{self, Family, REST};
use super::{Made, scatter};
use crate::conversation::{Form, Safety};
use crate::seed::Stream;

/// How many businesses there are.
pub const SIRENS: u64 = 10_000_000;
/// How many British VAT numbers there are.
pub const BRITISH_VATS: u64 = 100_000;

/// The SIREN at `serial`. It starts with 0, as no business's does: a convention. Distinct serials give
/// distinct numbers.
///
/// # Panics
/// When `serial` is not below [`SIRENS`].
pub fn siren(serial: u64) -> Made {
    let mut value = "0".to_owned();
    push_padded(scatter("siren", SIRENS, serial), 7, &mut value);
    value.push(char::from(b'0' + luhn_digit(&value)));
    Made::new(value, Safety::Convention, true)
}

/// The SIRET of an establishment of a business, mostly one of its first. Establishments of a business can
/// coincide.
pub fn siret(siren: &Made, stream: &mut Stream) -> Made {
    let bound = [1, 5, 90][stream.weighted(&[5, 3, 2])];
    let mut value = siren.value.clone();
    push_padded(u64::from(1 + stream.below(bound)), 4, &mut value);
    value.push(char::from(b'0' + luhn_digit(&value)));
    Made {
        value,
        ..siren.clone()
    }
}

/// The French VAT number of a business.
///
/// # Panics
/// When `siren` is not of nine digits.
pub fn french_vat_number(siren: &Made) -> Made {
    let mut value = "FR".to_owned();
    let key = french_key(number(&siren.value).expect("nine digits"));
    push_padded(key, 2, &mut value);
    value.push_str(&siren.value);
    Made {
        value,
        ..siren.clone()
    }
}

/// A British VAT number: 99, five digits, and two that make the sum (weights 8 to 2 and the two as a
/// number) a multiple of 97, or 55 short of one as in numbers given since 2010. 99 is a convention.
/// Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`BRITISH_VATS`].
pub fn british_vat_number(serial: u64, stream: &mut Stream) -> Made {
    let mut body = "99".to_owned();
    push_padded(scatter("vat GB", BRITISH_VATS, serial), 5, &mut body);
    let sum = weighted_sum(&body, &BRITISH_WEIGHTS).expect("seven digits");
    let shift = if stream.chance(500) { 0 } else { 55 };
    push_padded(u64::from(97 - (sum + shift) % 97), 2, &mut body);
    Made::new(format!("GB{body}"), Safety::Convention, true)
}

const BRITISH_WEIGHTS: [u32; 7] = [8, 7, 6, 5, 4, 3, 2];

fn french_key(siren: u64) -> u64 {
    (12 + 3 * (siren % 97)) % 97
}

/// Nine digits, or twelve with a branch: the weighted sum of seven and the two behind them as a number,
/// with or without 55, is a multiple of 97.
fn british_vat(body: &str) -> bool {
    if !matches!(body.len(), 9 | 12) || !all_digits(body) {
        return false;
    }
    let (Some(sum), Some(key)) = (
        weighted_sum(&body[..7], &BRITISH_WEIGHTS),
        number(&body[7..9]),
    ) else {
        return false;
    };
    let whole = u64::from(sum) + key;
    // The rule with 55 began at 100 00 00 and leaves the lower numbers to the older one.
    whole % 97 == 0 || !body.starts_with('0') && (whole + 55) % 97 == 0
}

/// Nine digits (SIREN) or fourteen (SIRET) that pass Luhn. For the SIRETs of La Poste, 356000000, the
/// plain sum of digits is a multiple of 5 instead (INSEE).
pub fn check_siren(digits: &str) -> bool {
    match digits.len() {
        9 => luhn(digits),
        14 if luhn(digits) => luhn(&digits[..9]),
        14 => {
            all_digits(digits)
                && digits.starts_with("356000000")
                && weighted_sum(digits, &[1; 14]).is_some_and(|sum| sum % 5 == 0)
        }
        _ => false,
    }
}

/// A VAT number: country and national part. Check digits are tested for France, Britain, Belgium,
/// Germany, Italy, Spain (none) and the Netherlands (none); other countries by their length.
pub fn check_vat(vat: &str) -> bool {
    if !vat.is_ascii() || vat.len() < 4 {
        return false;
    }
    let (country, body) = vat.split_at(2);
    let alphanumeric = body
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    match country {
        "FR" => french_vat(body),
        "GB" | "XI" => british_vat(body),
        "BE" => {
            body.len() == 10
                && number(body).is_some_and(|whole| 97 - whole / 100 % 97 == whole % 100)
        }
        "DE" => {
            body.len() == 9
                && mod11_10(&body[..8]) == body.bytes().last().map(|b| b.wrapping_sub(b'0'))
        }
        "IT" => body.len() == 11 && luhn(body),
        "ES" => body.len() == 9 && alphanumeric,
        "NL" => body.len() == 12 && alphanumeric && body.as_bytes()[9] == b'B',
        "AT" | "BG" | "CY" | "CZ" | "DK" | "EE" | "EL" | "FI" | "HR" | "HU" | "IE" | "LT"
        | "LU" | "LV" | "MT" | "PL" | "PT" | "RO" | "SE" | "SI" | "SK" => {
            (2..=12).contains(&body.len()) && alphanumeric
        }
        _ => false,
    }
}

/// The French key is (12 + 3 × (SIREN mod 97)) mod 97. Keys with letters follow another rule and are
/// taken as they are.
fn french_vat(body: &str) -> bool {
    if body.len() != 11 || !luhn(&body[2..]) {
        return false;
    }
    let key = &body[..2];
    match (number(key), number(&body[2..])) {
        (Some(key), Some(siren)) => key == french_key(siren),
        _ => key
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()),
    }
}

/// SIREN and SIRET numbers.
pub(super) const SIREN: Family = Family {
    write: |normal, form, out| surface::write_grouped(normal, &[3, 3, 3, REST], form, out),
    forms: &[(Form::Grouped, 50), (Form::Compact, 50)],
    read: surface::read_digits,
};

/// VAT numbers.
pub(super) const VAT: Family = Family {
    write: |normal, form, out| match form {
        Form::Lower => surface::write_lower(normal, out),
        _ => surface::write_grouped(normal, &[2, 2, 3], form, out),
    },
    forms: &[(Form::Compact, 60), (Form::Grouped, 35), (Form::Lower, 5)],
    read: surface::read_alphanumeric,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn la_poste_has_a_rule_of_its_own() {
        assert!(check_siren("35600000000048"));
        assert!(check_siren("35600000049837"));
        assert!(!check_siren("35600000049838"));
        assert!(check_siren("99900042500010") && !check_siren("999000426"));
    }

    #[test]
    fn the_key_of_a_french_vat_number_follows_from_the_siren() {
        assert!(check_vat("FR47999000425"));
        assert!(!check_vat("FR48999000425") && !check_vat("XX47999000425"));
    }

    #[test]
    fn numbers_of_one_business_hold_its_siren() {
        let mut stream = Stream::at(1, crate::seed::Domain::new("business"), 0);
        for serial in 0..2_000 {
            let siren = siren(serial);
            let siret = siret(&siren, &mut stream);
            assert!(check_siren(&siren.value) && check_siren(&siret.value));
            let vat = french_vat_number(&siren).value;
            assert!(check_vat(&vat) && vat.ends_with(&siren.value), "{vat}");
            let british = british_vat_number(serial, &mut stream).value;
            assert!(check_vat(&british), "{british}");
        }
        assert!(!check_vat("GB990000000"));
    }
}
