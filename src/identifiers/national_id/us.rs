//! The United States: social-security numbers (SSN) and taxpayer numbers (ITIN).
//!
//! Invariant: every SSN made here has an area of 900 to 999 with a group of 01 to 49, which the SSA
//! never assigns and the IRS does not use for ITINs, or is one of the ten that the SSA keeps for
//! advertisements, 987-65-4320 to 4329 (SSA, *Social Security Number Randomization* and *SSNs used in
//! advertising*). Validators that know the areas refuse them: `strict_valid` is false.

use crate::conversation::{Form, Safety};
use crate::identifiers::checksum::{all_digits, number, push_padded};
use crate::identifiers::surface::{self, Family};
use crate::identifiers::{Made, scatter};

const AREAS: u64 = 100;
const GROUPS: u64 = 49;
const SERIALS: u64 = 9_999;
const ADVERTISING: u64 = 10;

/// How many numbers there are.
pub const SSNS: u64 = AREAS * GROUPS * SERIALS + ADVERTISING;

/// The SSN at `serial`; distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`SSNS`].
pub fn ssn(serial: u64) -> Made {
    let place = scatter("ssn", SSNS, serial);
    let mut value = String::with_capacity(9);
    let Some(assigned_never) = place.checked_sub(ADVERTISING) else {
        value.push_str("98765432");
        push_padded(place, 1, &mut value);
        return Made::new(value, Safety::Reserved, false);
    };
    push_padded(900 + assigned_never / (GROUPS * SERIALS), 3, &mut value);
    push_padded(1 + assigned_never / SERIALS % GROUPS, 2, &mut value);
    push_padded(1 + assigned_never % SERIALS, 4, &mut value);
    Made::new(value, Safety::Unassigned, false)
}

/// Groups of ITINs. Validators of before 2014 do not know the first sixteen, 50 to 65.
const ITIN_GROUPS: [u8; 44] = itin_groups();

const fn itin_groups() -> [u8; 44] {
    let mut groups = [0; 44];
    let (mut group, mut count) = (50, 0);
    while group < 100 {
        if is_itin_group(group) {
            groups[count] = group;
            count += 1;
        }
        group += 1;
    }
    assert!(count == 44);
    groups
}

const fn is_itin_group(group: u8) -> bool {
    matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

/// How many ITINs there are: areas 900 to 999 and their groups.
pub const ITINS: u64 = AREAS * ITIN_GROUPS.len() as u64;

/// The ITIN at `serial`, with 0000 at its end, which the SSA never assigns and here is a convention.
/// Distinct serials give distinct numbers. `strict_valid` is false for groups 50 to 65, which
/// validators of before 2014 refuse.
///
/// # Panics
/// When `serial` is not below [`ITINS`].
pub fn itin(serial: u64) -> Made {
    let place = scatter("itin", ITINS, serial);
    let group = ITIN_GROUPS[(place / AREAS) as usize];
    let mut value = String::with_capacity(9);
    push_padded(900 + place % AREAS, 3, &mut value);
    push_padded(group.into(), 2, &mut value);
    value.push_str("0000");
    Made::new(value, Safety::Convention, group >= 70)
}

fn parts(digits: &str) -> Option<(u64, u64, u64)> {
    if digits.len() != 9 || !all_digits(digits) {
        return None;
    }
    Some((
        number(&digits[..3])?,
        number(&digits[3..5])?,
        number(&digits[5..])?,
    ))
}

/// Area, group and serial are in the ranges of an SSN, or in those that SSNs for fiction use. An area
/// of 900 to 999 with a group above 49 is an ITIN's.
pub fn check_ssn(digits: &str) -> bool {
    match parts(digits) {
        Some((987, 65, 4320..=4329)) => true,
        Some((0 | 666, _, _) | (_, 0, _) | (_, _, 0)) | None => false,
        Some((900..=999, group, _)) => group <= GROUPS,
        Some(_) => true,
    }
}

/// Area 900 to 999 and group 50–65, 70–88, 90–92 or 94–99 (IRS, *General ITIN information*).
pub fn check_itin(digits: &str) -> bool {
    matches!(parts(digits), Some((900..=999, group, _)) if is_itin_group(group as u8))
}

/// Reads nine digits; where there are dashes, they must stand where an SSN has them.
fn read(surface: &str) -> Option<String> {
    let digits = surface::read_digits(surface)?;
    let groups: Vec<usize> = surface.trim().split('-').map(str::len).collect();
    let at_home = matches!(groups[..], [_] | [3, 2, 4] | [5, 4] | [3, 6]);
    at_home.then_some(digits)
}

fn write(normal: &str, form: Form, out: &mut String) -> bool {
    match form {
        Form::Masked if normal.len() == 9 => {
            let stars = normal.bytes().map(u32::from).sum::<u32>() % 2 == 0;
            out.push_str(if stars { "***-**-" } else { "xxx-xx-" });
            surface::write_last4(normal, out)
        }
        Form::Masked => false,
        Form::Last4 => surface::write_last4(normal, out),
        _ => surface::write_grouped(normal, &[3, 2, 4], form, out),
    }
}

/// SSNs and ITINs.
pub(in crate::identifiers) const FAMILY: Family = Family {
    write,
    forms: &[
        (Form::Dashes, 520),
        (Form::Compact, 340),
        (Form::Grouped, 110),
        (Form::Dots, 20),
        (Form::Nbsp, 10),
    ],
    read,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_number_can_be_anyone_s_and_none_repeats() {
        let numbers: BTreeSet<String> = (0..10_000).map(|serial| ssn(serial).value).collect();
        assert_eq!(numbers.len(), 10_000);
        for number in numbers {
            assert!(check_ssn(&number) && number.starts_with('9'), "{number}");
            assert!(
                !check_itin(&number) || number.starts_with("98765432"),
                "{number}"
            );
        }
    }

    #[test]
    fn ranges_tell_an_ssn_from_an_itin() {
        assert!(check_ssn("900123456") && !check_itin("900123456"));
        assert!(check_itin("900700000") && !check_ssn("900700000"));
        assert!(!check_ssn("900003456") && !check_ssn("666123456") && !check_ssn("90012345"));
    }

    #[test]
    fn dashes_in_the_wrong_place_are_not_an_ssn() {
        assert_eq!(read("90-012-3456"), None);
        assert_eq!(read("900-12-3456").as_deref(), Some("900123456"));
        assert_eq!(read("900 12 3456").as_deref(), Some("900123456"));
    }
}
