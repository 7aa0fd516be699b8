//! Numbers of businesses: SIREN and SIRET (France), value-added tax.

use super::checksum::{all_digits, luhn, mod11_10, number, weighted_sum};
use super::surface::{self, Family, REST};
use crate::conversation::Form;

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

/// A VAT number: country and national part. Check digits are tested for France, Belgium, Germany,
/// Italy, Spain (none) and the Netherlands (none); other countries by their length.
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
        | "LU" | "LV" | "MT" | "PL" | "PT" | "RO" | "SE" | "SI" | "SK" | "XI" | "GB" => {
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
        (Some(key), Some(siren)) => key == (12 + 3 * (siren % 97)) % 97,
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
}
