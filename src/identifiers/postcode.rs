//! Postcodes of places that do not exist.
//!
//! Invariant: France: department 96 does not exist. United States: the first three digits lie in the
//! gaps that tables of ZIP prefixes by state leave between states. Britain: the letters in front are
//! none of the postcode areas in use, while each letter stands where Royal Mail allows it, so that
//! detectors accept the shape. The last two rest on tables at second hand (`datasets/SOURCES.md`).

use super::checksum::{all_digits, push_padded};
use super::surface::{self, Family};
use super::{Made, scatter};
use crate::conversation::{Form, Safety};
use crate::country::Country;

/// Three-digit prefixes between the ranges of the states.
const ZIP_PREFIXES: [u16; 25] = [
    428, 429, 529, 568, 578, 579, 589, 694, 695, 696, 697, 698, 699, 715, 817, 818, 819, 839, 848,
    849, 866, 867, 868, 869, 899,
];

/// Letters that are no postcode area in use.
const AREAS: [&str; 20] = [
    "ZD", "ZK", "ZP", "ZF", "YB", "YD", "YK", "YR", "JB", "JD", "JK", "JS", "OB", "OD", "OK", "OW",
    "KB", "KD", "FD", "ED",
];

/// Letters of the inward part (Royal Mail leaves out C, I, K, M, O, V).
const INWARD: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";

/// How many postcodes there are.
pub fn capacity(country: Country) -> u64 {
    match country {
        Country::France => 1_000,
        Country::UnitedStates => ZIP_PREFIXES.len() as u64 * 100,
        // Area, district 1 to 20, sector 0 to 9, two letters.
        Country::Britain => AREAS.len() as u64 * 20 * 10 * 400,
    }
}

/// The postcode at `index`, without its space; distinct indices give distinct postcodes.
///
/// # Panics
/// When `index` is not below [`capacity`].
pub fn make(country: Country, index: u64) -> Made {
    let mut value = String::with_capacity(7);
    let place = scatter("postcode", capacity(country), index);
    match country {
        Country::France => {
            value.push_str("96");
            push_padded(place, 3, &mut value);
        }
        Country::UnitedStates => {
            value.push_str(&ZIP_PREFIXES[(place / 100) as usize].to_string());
            push_padded(place % 100, 2, &mut value);
        }
        Country::Britain => {
            value.push_str(AREAS[(place / 80_000) as usize]);
            push_padded(1 + place / 4_000 % 20, 1, &mut value);
            push_padded(place / 400 % 10, 1, &mut value);
            for letter in [place / 20 % 20, place % 20] {
                value.push(char::from(INWARD[letter as usize]));
            }
        }
    }
    Made::new(value, Safety::Unassigned, false)
}

fn write(normal: &str, form: Form, out: &mut String) -> bool {
    let british = !all_digits(normal) && normal.is_ascii() && normal.len() > 4;
    let separator = match form {
        Form::Plain if british => " ",
        Form::Grouped if british => " ",
        Form::Nbsp if british => surface::NBSP,
        Form::Lower => return surface::write_lower(normal, out),
        Form::Plain | Form::Compact => "",
        Form::Grouped => {
            surface::push_grouped(normal, &[2, 3], " ", out);
            return true;
        }
        _ => return false,
    };
    let inward = if british {
        normal.len() - 3
    } else {
        normal.len()
    };
    out.push_str(&normal[..inward]);
    out.push_str(separator);
    out.push_str(&normal[inward..]);
    true
}

/// Postcodes.
pub(super) const FAMILY: Family = Family {
    write,
    forms: &[(Form::Plain, 850), (Form::Compact, 100), (Form::Lower, 50)],
    read: surface::read_alphanumeric,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn postcodes_never_repeat() {
        for &country in Country::ALL {
            let count = capacity(country).min(10_000);
            let codes: BTreeSet<String> = (0..count).map(|k| make(country, k).value).collect();
            assert_eq!(codes.len() as u64, count);
        }
    }

    #[test]
    fn a_british_postcode_has_a_space_before_its_inward_part() {
        let mut out = String::new();
        assert!(write("ZD149AB", Form::Plain, &mut out));
        assert_eq!(out, "ZD14 9AB");
        out.clear();
        assert!(write("96042", Form::Grouped, &mut out));
        assert_eq!(out, "96 042");
    }
}
