//! France: the social-security number (NIR) and the tax reference (SPI).
//!
//! A NIR holds sex, year and month of birth, department, commune, an order number within the month,
//! and a key: `2 85 07 75 915 000 31`.
//!
//! Invariant: every NIR made here has order number 000, and a commune of 910 to 989: orders start at
//! 001, and in the INSEE list of communes since 1943 the highest number in a department is 909. Strict
//! validators refuse the order 000, so `strict_valid` is false.

use crate::calendar::Date;
use crate::conversation::{Form, Safety};
use crate::identifiers::checksum::{all_digits, number, push_padded};
use crate::identifiers::surface::{self, Family};
use crate::identifiers::{Made, scatter};

/// How many numbers there are: two sexes, 1,200 months of birth, 97 departments (abroad being one) and
/// six overseas.
pub const NIRS: u64 = 2 * 1_200 * (97 * 80 + 6 * 10);

/// How many numbers there are for one sex, month of birth and department: 80 communes, and 10 overseas.
pub fn nir_capacity(department: &str) -> u64 {
    if department.len() == 3 { 10 } else { 80 }
}

/// The NIR of a person born in `department`: `"01"` to `"95"`, `"2A"`, `"2B"`, `"971"` to `"976"`
/// overseas, `"99"` abroad. People born in Corsica before 1976 have department 20. Distinct serials
/// below [`nir_capacity`] give distinct numbers; further ones repeat.
///
/// # Panics
/// When `department` is none of these.
pub fn nir(female: bool, birth: Date, department: &str, serial: u64) -> Made {
    let (year, month, _) = birth.ymd();
    let serial = serial % nir_capacity(department);
    let mut value = String::with_capacity(15);
    value.push(if female { '2' } else { '1' });
    push_padded(year.rem_euclid(100) as u64, 2, &mut value);
    push_padded(u64::from(month), 2, &mut value);
    match department {
        "2A" | "2B" if year < 1976 => value.push_str("20"),
        _ => value.push_str(department),
    }
    // Neighbouring serials should not look like neighbours: 37 is prime to 80, 7 to 10.
    match department.len() {
        3 => push_padded(90 + serial * 7 % 10, 2, &mut value),
        _ => push_padded(910 + serial * 37 % 80, 3, &mut value),
    }
    value.push_str("000");
    let key = nir_key(&value).expect("a department of two characters, or three overseas");
    push_padded(key, 2, &mut value);
    Made::new(value, Safety::Unassigned, false)
}

/// The key of the first 13 characters of a NIR: 97 − (number mod 97), with 2A read as 19 and 2B as 18.
pub fn nir_key(thirteen: &str) -> Option<u64> {
    if thirteen.len() != 13 || !thirteen.is_ascii() {
        return None;
    }
    let (before, after) = (&thirteen[..5], &thirteen[7..]);
    let department = match &thirteen[5..7] {
        "2A" => 19,
        "2B" => 18,
        digits => number(digits)?,
    };
    let whole = number(before)? * 100_000_000 + department * 1_000_000 + number(after)?;
    Some(97 - whole % 97)
}

/// Sex 1 to 4, 7 or 8; month 01 to 12, or 20 to 42 and 50 to 99 where civil status is incomplete; key.
pub fn check_nir(nir: &str) -> bool {
    if nir.len() != 15 || !nir.is_ascii() {
        return false;
    }
    let month = number(&nir[3..5]);
    matches!(nir.as_bytes()[0], b'1'..=b'4' | b'7' | b'8')
        && matches!(month, Some(1..=12 | 20..=42 | 50..=99))
        && number(&nir[13..]).is_some_and(|key| nir_key(&nir[..13]) == Some(key))
}

/// How many tax references there are.
pub const SPIS: u64 = 100_000_000;

/// The tax reference at `serial`: 39, eight digits, and their key. No range is reserved, and 39 is a
/// convention. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`SPIS`].
pub fn spi(serial: u64) -> Made {
    let mut value = "39".to_owned();
    push_padded(scatter("spi", SPIS, serial), 8, &mut value);
    let key = number(&value).expect("ten digits") % 511;
    push_padded(key, 3, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// Thirteen digits, the first 0 to 3; the last three are the first ten mod 511.
pub fn check_spi(spi: &str) -> bool {
    spi.len() == 13
        && all_digits(spi)
        && spi.as_bytes()[0] <= b'3'
        && number(&spi[..10]).map(|first| first % 511) == number(&spi[10..])
}

fn write_nir(normal: &str, form: Form, out: &mut String) -> bool {
    match form {
        Form::Slashes if normal.len() == 15 => {
            out.push_str(&normal[..13]);
            out.push('/');
            out.push_str(&normal[13..]);
            true
        }
        Form::Masked if normal.len() == 15 => {
            surface::push_grouped(&normal[..7], &[1, 2], " ", out);
            out.push_str(" ••• ••• ••");
            true
        }
        Form::Lower => surface::write_lower(normal, out),
        Form::Last4 => surface::write_last4(normal, out),
        _ => surface::write_grouped(normal, &[1, 2, 2, 2, 3, 3, 2], form, out),
    }
}

/// NIRs.
pub(in crate::identifiers) const NIR: Family = Family {
    write: write_nir,
    forms: &[
        (Form::Grouped, 480),
        (Form::Compact, 380),
        (Form::Dots, 50),
        (Form::Nbsp, 40),
        (Form::Slashes, 30),
        (Form::Dashes, 20),
    ],
    read: surface::read_alphanumeric,
};

/// SPIs.
pub(in crate::identifiers) const SPI: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[2, 2, 3], form, out),
    forms: &[(Form::Grouped, 50), (Form::Compact, 50)],
    read: surface::read_digits,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn born(year: i32) -> Date {
        Date::new(year, 7, 14).unwrap()
    }

    #[test]
    fn the_worked_keys_hold() {
        assert_eq!(nir_key("2850775915000"), Some(31));
        assert_eq!(nir_key("185072A915000"), Some(41));
        assert!(check_nir("285077591500031"));
        assert!(!check_nir("185072B91500041"));
    }

    #[test]
    fn every_nir_tells_sex_birth_and_department_and_has_order_000() {
        for department in ["01", "75", "95", "2A", "2B", "971", "976", "99"] {
            let numbers: BTreeSet<String> = (0..nir_capacity(department))
                .map(|serial| nir(true, born(1985), department, serial).value)
                .collect();
            assert_eq!(numbers.len() as u64, nir_capacity(department));
            for number in numbers {
                assert!(check_nir(&number), "{number}");
                assert!(
                    number.starts_with(&format!("28507{department}")),
                    "{number}"
                );
                assert_eq!(&number[10..13], "000");
            }
        }
    }

    #[test]
    fn corsica_was_department_20_before_1976() {
        assert!(nir(false, born(1975), "2A", 0).value.starts_with("1750720"));
        assert!(nir(false, born(1976), "2A", 0).value.starts_with("176072A"));
    }
}
