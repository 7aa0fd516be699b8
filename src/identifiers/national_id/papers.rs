//! Numbers of papers: identity cards, passports, residence permits, driving licences.
//!
//! No authority reserves numbers of these for examples, and none publishes which are given. Each maker
//! keeps to numbers that look improbable to be given and says which; the tier is `convention`, or
//! `unassigned` where a part of the number names a thing that does not exist.

use super::Holder;
use crate::calendar::Date;
use crate::conversation::{Form, Safety};
use crate::identifiers::checksum::push_padded;
use crate::identifiers::email::push_folded;
use crate::identifiers::surface::{self, Family, Layout, REST};
use crate::identifiers::{Made, scatter};
use crate::seed::Stream;

/// French identity cards of one month, in the series before August 2021.
pub const OLD_CARDS: u64 = 1_000_000;
/// French identity cards of the series since August 2021: a consonant, and seven consonants or digits.
pub const CARDS: u64 = 20 * 30 * 30 * 30 * 30 * 30 * 30 * 30;
/// French passports.
pub const FRENCH_PASSPORTS: u64 = 20 * 26 * 26 * 100_000;
/// French residence permits.
pub const PERMITS: u64 = 100_000_000;
/// French driving licences of one month, in the series before 2013.
pub const OLD_LICENCES: u64 = 1_000_000;
/// French driving licences of the series since 2013.
pub const LICENCES: u64 = 13 * 26 * 26 * 100_000;
/// American licences of one state.
pub const AMERICAN_LICENSES: u64 = 1_000_000;
/// American passports.
pub const AMERICAN_PASSPORTS: u64 = 10_000_000;
/// British passports.
pub const BRITISH_PASSPORTS: u64 = 100_000_000;
/// Licences that one Briton can have: the letter at the end and the digit before it.
pub const BRITISH_LICENCES: u64 = 26 * 9;

/// Digits and consonants: document numbers leave out vowels so that they spell nothing.
const PLAIN: &[u8; 30] = b"0123456789BCDFGHJKLMNPQRSTVWXZ";

fn letters(pair: u64, out: &mut String) {
    for letter in [pair / 26, pair % 26] {
        out.push(char::from(b'A' + letter as u8));
    }
}

fn year_and_month(date: Date, out: &mut String) {
    let (year, month, _) = date.ymd();
    push_padded(year.rem_euclid(100) as u64, 2, out);
    push_padded(month.into(), 2, out);
}

/// A French identity card. Issued before August 2021: year, month, department 96, which does not exist,
/// and an order, twelve digits. Later: nine characters, of which the first is 0 where real ones have a
/// letter. Distinct serials below [`OLD_CARDS`] (of one month) or [`CARDS`] give distinct numbers;
/// further ones repeat.
pub fn french_identity_card(issued: Date, serial: u64) -> Made {
    let electronic = Date::new(2021, 8, 2).expect("a day");
    let mut value = String::with_capacity(12);
    if issued < electronic {
        year_and_month(issued, &mut value);
        value.push_str("96");
        let order = scatter("old cni", OLD_CARDS, serial % OLD_CARDS);
        push_padded(order, 6, &mut value);
        return Made::new(value, Safety::Unassigned, true);
    }
    let mut place = scatter("cni", CARDS, serial % CARDS);
    value.push('0');
    value.push(char::from(PLAIN[10 + (place % 20) as usize]));
    place /= 20;
    for _ in 0..7 {
        value.push(char::from(PLAIN[(place % 30) as usize]));
        place /= 30;
    }
    Made::new(value, Safety::Convention, true)
}

/// A French passport: a year, two letters, five digits, with years from 60 to 79, which this series has
/// not reached. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`FRENCH_PASSPORTS`].
pub fn french_passport(serial: u64) -> Made {
    let place = scatter("passport FR", FRENCH_PASSPORTS, serial);
    let mut value = String::with_capacity(9);
    push_padded(60 + place % 20, 2, &mut value);
    letters(place / 20 % 676, &mut value);
    push_padded(place / (20 * 676), 5, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// The number of a foreigner on a French residence permit: ten digits, of which the first two name the
/// department; 96 does not exist. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`PERMITS`].
pub fn french_residence_permit(serial: u64) -> Made {
    let mut value = "96".to_owned();
    push_padded(scatter("residence permit", PERMITS, serial), 8, &mut value);
    Made::new(value, Safety::Unassigned, true)
}

/// A French driving licence. Issued before 19 January 2013: year, month, department 96, which does not
/// exist, and an order, twelve digits. Later: a year, two letters, five digits, with years from 00 to 12,
/// when this series did not exist. Distinct serials below [`OLD_LICENCES`] (of one month) or [`LICENCES`]
/// give distinct numbers; further ones repeat.
pub fn french_driving_licence(issued: Date, serial: u64) -> Made {
    let card = Date::new(2013, 1, 19).expect("a day");
    let mut value = String::with_capacity(12);
    if issued < card {
        year_and_month(issued, &mut value);
        value.push_str("96");
        let order = scatter("old licence FR", OLD_LICENCES, serial % OLD_LICENCES);
        push_padded(order, 6, &mut value);
        return Made::new(value, Safety::Unassigned, true);
    }
    let place = scatter("licence FR", LICENCES, serial % LICENCES);
    push_padded(place % 13, 2, &mut value);
    letters(place / 13 % 676, &mut value);
    push_padded(place / (13 * 676), 5, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// Letters and digits of a state's driver licence, as state agencies print them.
fn american_shape(state: &str) -> (&'static str, usize) {
    match state {
        "CA" => ("Z", 7),
        "FL" | "MD" | "MI" | "MN" => ("Z", 12),
        "IL" => ("Z", 11),
        "NJ" => ("Z", 14),
        "WI" => ("Z", 13),
        "AZ" | "VA" | "KY" => ("Z", 8),
        "OH" => ("ZZ", 6),
        "TX" | "PA" => ("", 8),
        "NY" | "GA" | "CO" | "TN" | "CT" | "IN" => ("", 9),
        "NC" => ("", 12),
        _ => ("Z", 8),
    }
}

/// A driver license of a state, named by its two letters (`"CA"`). Letters are Z, and numbers without
/// letters start with 9, a convention. A state that is not known here has the commonest shape, a letter
/// and eight digits. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`AMERICAN_LICENSES`].
pub fn american_driver_license(state: &str, serial: u64, stream: &mut Stream) -> Made {
    let (front, digits) = american_shape(state);
    let payload = scatter("license US", AMERICAN_LICENSES, serial);
    let mut value = front.to_owned();
    if front.is_empty() {
        value.push('9');
    }
    stream.digits(front.len() + digits - value.len() - 6, &mut value);
    push_padded(payload, 6, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// An American passport: Z and eight digits, or for three in ten, of the older series, nine digits
/// that start with 00. Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`AMERICAN_PASSPORTS`].
pub fn american_passport(serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("passport US", AMERICAN_PASSPORTS, serial);
    let mut value = String::with_capacity(9);
    if stream.chance(300) {
        value.push_str("00");
    } else {
        value.push('Z');
        stream.digits(1, &mut value);
    }
    push_padded(payload, 7, &mut value);
    Made::new(value, Safety::Convention, true)
}

/// A British passport: nine digits that start with 9, a convention. Distinct serials give distinct
/// numbers.
///
/// # Panics
/// When `serial` is not below [`BRITISH_PASSPORTS`].
pub fn british_passport(serial: u64) -> Made {
    let mut value = "9".to_owned();
    push_padded(
        scatter("passport GB", BRITISH_PASSPORTS, serial),
        8,
        &mut value,
    );
    Made::new(value, Safety::Convention, true)
}

/// The licence of a British driver (DVLA): five letters of the family name, padded with 9; tens of the
/// birth year; month, with 50 added for women; day; units of the year; two initials, 9 for none; a digit
/// that tells namesakes apart; two check letters, whose rule is not public: here the first is Z, a
/// convention. Serials beyond [`BRITISH_LICENCES`] repeat.
pub fn british_driving_licence(holder: &Holder<'_>, serial: u64) -> Made {
    let (year, month, day) = holder.birth.ymd();
    let year = year.rem_euclid(100) as u64;
    let mut family = capitals(holder.family);
    if let Some(rest) = family.strip_prefix("MAC") {
        family = format!("MC{rest}");
    }
    let mut value: String = family
        .chars()
        .chain(std::iter::repeat('9'))
        .take(5)
        .collect();
    push_padded(year / 10, 1, &mut value);
    let month = month + if holder.female { 50 } else { 0 };
    push_padded(month.into(), 2, &mut value);
    push_padded(day.into(), 2, &mut value);
    push_padded(year % 10, 1, &mut value);
    let mut given = holder
        .given
        .split([' ', '-'])
        .filter_map(|name| capitals(name).chars().next());
    for _ in 0..2 {
        value.push(given.next().unwrap_or('9'));
    }
    push_padded(9 - serial / 26 % 9, 1, &mut value);
    value.push('Z');
    value.push(char::from(b'A' + (serial * 7 % 26) as u8));
    Made::new(value, Safety::Convention, true)
}

/// The letters of a name, in capitals without accents.
fn capitals(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    push_folded(name, &mut folded);
    folded.retain(|c| c.is_ascii_alphabetic());
    folded.make_ascii_uppercase();
    folded
}

/// Groups of a French paper: `00 ZZ 00042`, `99 12 99 000042`.
fn french_layout(number: &str) -> Layout {
    match number.len() {
        12 => &[2, 2, 2, 6],
        10 => &[2, 4, 4],
        _ => &[2, 2, REST],
    }
}

/// French identity cards, passports and driving licences.
pub(in crate::identifiers) const FRENCH: Family = Family {
    write: |normal, form, out| surface::write_document(normal, french_layout(normal), form, out),
    forms: &[
        (Form::Compact, 560),
        (Form::Grouped, 280),
        (Form::Lower, 120),
        (Form::Nbsp, 40),
    ],
    read: surface::read_alphanumeric,
};

/// French residence permits.
pub(in crate::identifiers) const PERMIT: Family = Family {
    write: |normal, form, out| surface::write_document(normal, french_layout(normal), form, out),
    forms: &[(Form::Compact, 65), (Form::Grouped, 35)],
    read: surface::read_digits,
};

/// American driver licenses: `Z000-0042`.
pub(in crate::identifiers) const AMERICAN_LICENSE: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[4], form, out),
    forms: &[
        (Form::Compact, 60),
        (Form::Dashes, 20),
        (Form::Grouped, 10),
        (Form::Lower, 10),
    ],
    read: surface::read_alphanumeric,
};

/// American passports: `Z 0000 0042`.
pub(in crate::identifiers) const AMERICAN_PASSPORT: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[1, 4, 4], form, out),
    forms: &[(Form::Compact, 75), (Form::Grouped, 15), (Form::Lower, 10)],
    read: surface::read_alphanumeric,
};

/// British driving licences: `QUENN 807145 T99ZZ`.
pub(in crate::identifiers) const BRITISH_LICENCE: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[5, 6, 5], form, out),
    forms: &[(Form::Compact, 60), (Form::Grouped, 25), (Form::Lower, 15)],
    read: surface::read_alphanumeric,
};

/// British passports.
pub(in crate::identifiers) const BRITISH_PASSPORT: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[3], form, out),
    forms: &[(Form::Compact, 75), (Form::Grouped, 25)],
    read: surface::read_alphanumeric,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    #[test]
    fn a_british_licence_tells_name_birth_and_sex() {
        let holder = Holder {
            given: "Tobias",
            family: "Quennell",
            female: false,
            birth: Date::new(1985, 7, 14).unwrap(),
        };
        assert!(
            british_driving_licence(&holder, 0)
                .value
                .starts_with("QUENN807145T99Z")
        );
        let other = Holder {
            given: "Mary-Ann",
            family: "O’Mé",
            female: true,
            birth: Date::new(2001, 12, 3).unwrap(),
        };
        let licence = british_driving_licence(&other, 30).value;
        assert!(licence.starts_with("OME99062031MA8Z"), "{licence}");
        let scot = Holder {
            family: "MacAulay",
            ..holder
        };
        assert!(british_driving_licence(&scot, 0).value.starts_with("MCAUL"));
    }

    #[test]
    fn the_series_of_a_french_paper_follows_from_its_date() {
        let (before, after) = (
            Date::new(2008, 3, 9).unwrap(),
            Date::new(2024, 3, 9).unwrap(),
        );
        for serial in 0..500 {
            let (old, new) = (
                french_identity_card(before, serial).value,
                french_identity_card(after, serial).value,
            );
            assert!(old.starts_with("080396") && old.len() == 12, "{old}");
            assert!(new.starts_with('0') && new.len() == 9, "{new}");
            assert!(
                french_driving_licence(before, serial)
                    .value
                    .starts_with("080396")
            );
            let year: u32 = french_driving_licence(after, serial).value[..2]
                .parse()
                .unwrap();
            assert!(year < 13);
        }
    }

    #[test]
    fn an_american_license_has_the_shape_of_its_state() {
        let mut stream = Stream::at(1, Domain::new("papers"), 0);
        for (state, length) in [
            ("CA", 8),
            ("TX", 8),
            ("FL", 13),
            ("NY", 9),
            ("OH", 8),
            ("WY", 9),
        ] {
            for serial in 0..200 {
                let made = american_driver_license(state, serial, &mut stream).value;
                assert_eq!(made.len(), length, "{state} {made}");
                assert!(made.starts_with(['Z', '9']), "{made}");
            }
        }
    }
}
