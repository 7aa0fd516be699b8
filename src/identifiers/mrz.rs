//! The machine-readable zone of travel documents (ICAO Doc 9303).
//!
//! Invariant: every check digit of a zone made here fits, and its lines have the lengths of their size.

use super::Made;
use super::checksum::push_padded;
use super::email::push_folded;
use super::national_id::Holder;
use super::surface::{self, Family, Layout};
use crate::calendar::Date;
use crate::conversation::{Form, Safety};
use crate::country::Country;

/// The check digit of a field: weights 7, 3, 1; A = 10 … Z = 35; `<` is 0.
fn digit(field: &str) -> Option<u8> {
    let mut sum = 0;
    for (place, byte) in field.bytes().enumerate() {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'A'..=b'Z' => u32::from(byte - b'A') + 10,
            b'<' => 0,
            _ => return None,
        };
        sum += value * [7, 3, 1][place % 3];
    }
    Some(b'0' + (sum % 10) as u8)
}

/// Who issued a document: its state, in the zone's three letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// Utopia, `UTO`: the state that the standard keeps for specimens.
    Utopia,
    /// A country of the world.
    State(Country),
}

impl Issuer {
    fn code(self) -> &'static str {
        match self {
            Issuer::Utopia => "UTO",
            Issuer::State(Country::France) => "FRA",
            Issuer::State(Country::UnitedStates) => "USA",
            Issuer::State(Country::Britain) => "GBR",
        }
    }

    fn made(self, value: String) -> Made {
        let safety = match self {
            Issuer::Utopia => Safety::Reserved,
            Issuer::State(_) => Safety::Convention,
        };
        Made::new(value, safety, true)
    }
}

/// Appends a name in the letters of the zone: accents dropped as section 6 of Doc 9303-3 spells them,
/// spaces and hyphens as `<`, apostrophes left out.
fn push_name(name: &str, out: &mut String) {
    let mut letter = [0; 4];
    for character in name.chars() {
        match character {
            ' ' | '-' => out.push('<'),
            'ä' | 'Ä' | 'æ' | 'Æ' => out.push_str("AE"),
            'ö' | 'Ö' | 'ø' | 'Ø' => out.push_str("OE"),
            'ü' | 'Ü' => out.push_str("UE"),
            'å' | 'Å' => out.push_str("AA"),
            other => {
                let mut folded = String::new();
                push_folded(other.encode_utf8(&mut letter), &mut folded);
                out.extend(
                    folded
                        .chars()
                        .filter(char::is_ascii_alphabetic)
                        .map(|c| c.to_ascii_uppercase()),
                );
            }
        }
    }
}

/// Fills `line` with `<`, or cuts it.
fn fill(line: &mut String, width: usize) {
    line.truncate(width);
    while line.len() < width {
        line.push('<');
    }
}

/// Family name, two fillers, given names.
fn names(holder: &Holder<'_>, width: usize) -> String {
    let mut line = String::with_capacity(width + 8);
    push_name(holder.family, &mut line);
    line.push_str("<<");
    push_name(holder.given, &mut line);
    fill(&mut line, width);
    line
}

/// Appends a field and its check digit.
///
/// # Panics
/// When it holds anything but upper-case letters, digits and `<`.
fn push_checked(field: &str, out: &mut String) {
    out.push_str(field);
    out.push(char::from(
        digit(field).expect("letters, digits and fillers"),
    ));
}

fn six(date: Date) -> String {
    let (year, month, day) = date.ymd();
    let mut digits = String::with_capacity(6);
    push_padded(year.rem_euclid(100) as u64, 2, &mut digits);
    push_padded(month.into(), 2, &mut digits);
    push_padded(day.into(), 2, &mut digits);
    digits
}

/// Birth, sex and expiry, with the check digits of both dates.
fn push_dates(holder: &Holder<'_>, expires: Date, out: &mut String) {
    push_checked(&six(holder.birth), out);
    out.push(if holder.female { 'F' } else { 'M' });
    push_checked(&six(expires), out);
}

/// The two lines of a passport (TD3), 88 characters in one piece: `number` is what its state printed
/// (see [`super::national_id::papers`]), cut or filled to nine characters.
///
/// # Panics
/// When `number` holds anything but upper-case letters and digits.
pub fn passport(number: &str, holder: &Holder<'_>, issuer: Issuer, expires: Date) -> Made {
    let mut value = format!("P<{}{}", issuer.code(), names(holder, 39));
    let mut line = String::with_capacity(44);
    let mut document = number.to_owned();
    fill(&mut document, 9);
    push_checked(&document, &mut line);
    line.push_str(issuer.code());
    push_dates(holder, expires, &mut line);
    push_checked("<<<<<<<<<<<<<<", &mut line);
    let composite = [&line[..10], &line[13..20], &line[21..43]].concat();
    line.push(char::from(
        digit(&composite).expect("letters, digits and fillers"),
    ));
    value.push_str(&line);
    issuer.made(value)
}

/// The three lines of an identity card (TD1), 90 characters in one piece. `number` as for [`passport`].
///
/// # Panics
/// When `number` holds anything but upper-case letters and digits.
pub fn identity_card(number: &str, holder: &Holder<'_>, issuer: Issuer, expires: Date) -> Made {
    let mut value = format!("ID{}", issuer.code());
    let mut document = number.to_owned();
    fill(&mut document, 9);
    push_checked(&document, &mut value);
    fill(&mut value, 30);
    let mut line = String::with_capacity(30);
    push_dates(holder, expires, &mut line);
    line.push_str(issuer.code());
    fill(&mut line, 29);
    let composite = [&value[5..30], &line[..7], &line[8..15], &line[18..29]].concat();
    line.push(char::from(
        digit(&composite).expect("letters, digits and fillers"),
    ));
    value.push_str(&line);
    value.push_str(&names(holder, 30));
    issuer.made(value)
}

/// Three lines of 30 (TD1): document, birth and expiry have their digits, and a composite one.
fn check_card(zone: &str) -> bool {
    let (first, second) = (&zone[..30], &zone[30..60]);
    let fits = |field: &str, found: u8| digit(field) == Some(found);
    let composite = [&first[5..30], &second[..7], &second[8..15], &second[18..29]].concat();
    fits(&first[5..14], first.as_bytes()[14])
        && fits(&second[..6], second.as_bytes()[6])
        && fits(&second[8..14], second.as_bytes()[14])
        && fits(&composite, second.as_bytes()[29])
}

/// Do the check digits fit? Passports (TD3, lines of 44 characters), cards of the older size (TD2, 36)
/// and of the size of a bank card (TD1, three lines of 30). The first line of the former two may be
/// missing, and is not read.
pub fn check(zone: &str) -> bool {
    if !zone.is_ascii() {
        return false;
    }
    let line = match zone.len() {
        90 => return check_card(zone),
        44 | 36 => zone,
        88 => &zone[44..],
        72 => &zone[36..],
        _ => return false,
    };
    let fits = |field: &str, at: usize| digit(field) == Some(line.as_bytes()[at]);
    let end = line.len() - 1;
    let person = fits(&line[..9], 9) && fits(&line[13..19], 19) && fits(&line[21..27], 27);
    let composite = [&line[..10], &line[13..20], &line[21..end]].concat();
    // An empty optional field of a passport may have `<` for its check digit.
    let optional = line.len() != 44
        || fits(&line[28..42], 42)
        || line[28..42].bytes().all(|byte| byte == b'<') && line.as_bytes()[42] == b'<';
    person && optional && fits(&composite, end)
}

/// Lengths of the lines of a zone.
fn lines(zone: &str) -> Layout {
    match zone.len() {
        90 => &[30],
        72 => &[36],
        _ => &[44],
    }
}

/// Zones: line by line as printed, or in one piece.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| match form {
        Form::Grouped => {
            surface::push_grouped(normal, lines(normal), "\n", out);
            true
        }
        Form::Plain | Form::Compact => {
            out.push_str(normal);
            true
        }
        Form::Lower => surface::write_lower(normal, out),
        _ => false,
    },
    forms: &[(Form::Grouped, 70), (Form::Compact, 25), (Form::Lower, 5)],
    read: |surface| {
        let zone: String = surface.split_whitespace().collect();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'<';
        (!zone.is_empty() && zone.bytes().all(fits)).then(|| zone.to_ascii_uppercase())
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_digit_of_the_line_counts() {
        let line = "00AA000000UTO8507147F3001019<<<<<<<<<<<<<<06";
        assert!(check(line));
        assert!(!check("00AA000001UTO8507147F3001019<<<<<<<<<<<<<<06"));
        assert!(!check("00AA000000UTO8507147F3001019<<<<<<<<<<<<<<05"));
        assert!(!check("00AA000000UTO8507147F3001019<<<<<<<<<<<<<"));
    }

    fn holder() -> Holder<'static> {
        Holder {
            given: "Anna Maria",
            family: "Eriksson",
            female: true,
            birth: Date::new(1974, 8, 12).unwrap(),
        }
    }

    #[test]
    fn the_specimens_of_the_standard_are_made_but_for_their_optional_fields() {
        let expires = Date::new(2012, 4, 15).unwrap();
        let zone = passport("L898902C3", &holder(), Issuer::Utopia, expires).value;
        assert_eq!(&zone[..44], "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
        assert!(zone[44..].starts_with("L898902C36UTO7408122F1204159"));
        assert!(check(&zone) && zone.len() == 88);
        let card = identity_card("D23145890", &holder(), Issuer::Utopia, expires).value;
        assert_eq!(
            card,
            "IDUTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6\
             ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
        );
        assert!(check(&card));
        assert!(!check(&card.replace("D231458907", "D231458917")));
    }

    #[test]
    fn names_are_spelt_in_the_letters_of_the_zone_and_cut() {
        let long = Holder {
            given: "Maëlys-Rose Élisabeth",
            family: "d’Hérœuville Müller de la Tour-Saint-Ange",
            ..holder()
        };
        let zone = passport(
            "00AA00000",
            &long,
            Issuer::State(Country::France),
            long.birth,
        )
        .value;
        assert_eq!(&zone[..44], "P<FRADHEROEUVILLE<MUELLER<DE<LA<TOUR<SAINT<A");
        assert!(check(&zone));
    }

    #[test]
    fn the_specimen_of_the_standard_passes() {
        assert!(check("L898902C36UTO7408122F1204159ZE184226B<<<<<10"));
        assert!(check("D231458907UTO7408122F1204159<<<<<<<6"));
    }
}
