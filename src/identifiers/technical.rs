//! Things that can be checked and are no one's number: addresses of machines and places, plates, dates,
//! scores, securities.

use super::checksum::{all_digits, luhn};
use super::surface::{self, Family};
use crate::calendar::Date;
use crate::conversation::Form;
use std::net::IpAddr;

/// An address of version 4 or 6.
pub fn check_ip(address: &str) -> bool {
    address.parse::<IpAddr>().is_ok()
}

/// Latitude −90 to 90 and longitude −180 to 180, in decimal degrees, joined by a comma.
pub fn check_lat_lon(place: &str) -> bool {
    let within = |text: &str, limit: f64| {
        text.trim()
            .parse::<f64>()
            .is_ok_and(|degrees| degrees.abs() <= limit)
    };
    place
        .split_once(',')
        .is_some_and(|(lat, lon)| within(lat, 90.0) && within(lon, 180.0))
}

/// A device: fifteen digits that pass Luhn (IMEI, 3GPP TS 23.003), or a UUID.
pub fn check_device(id: &str) -> bool {
    match id.len() {
        15 => luhn(id),
        36 => id.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        }),
        _ => false,
    }
}

/// French plates since 2009 (`AB-123-CD`) and British ones since 2001 (`AB12 CDE`), without I, O, U in
/// France and without I and Q in Britain's first two letters.
pub fn check_plate(plate: &str) -> bool {
    let shape: String = plate
        .chars()
        .map(|c| match c {
            '0'..='9' => '9',
            'A'..='Z' => 'A',
            _ => '?',
        })
        .collect();
    match shape.as_str() {
        "AA999AA" => !plate.contains(['I', 'O', 'U']),
        "AA99AAA" => !plate[..2].contains(['I', 'Q']),
        _ => false,
    }
}

/// A day of the calendar, `1985-07-14`.
pub fn check_date(date: &str) -> bool {
    date.is_ascii() && date.parse::<Date>().is_ok()
}

/// 300 to 850, the range of FICO and VantageScore scores.
pub fn check_score(score: &str) -> bool {
    score.len() == 3 && matches!(score.parse::<u16>(), Ok(300..=850))
}

/// A security (ISO 6166): two letters, nine letters or digits, and a digit that makes the whole pass
/// Luhn with letters read as two digits. `XS`, `EU` and the like are accepted as countries.
pub fn check_isin(isin: &str) -> bool {
    if isin.len() != 12 || !isin.is_ascii() {
        return false;
    }
    let mut digits = String::with_capacity(24);
    for byte in isin.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b'A'..=b'Z' => digits.push_str(&(byte - b'A' + 10).to_string()),
            _ => return false,
        }
    }
    isin[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && isin.ends_with(|c: char| c.is_ascii_digit())
        && luhn(&digits)
}

/// A recovery phrase: 12, 15, 18, 21 or 24 words of three to eight letters (BIP-39). The checksum would
/// need the list of words and is not tested.
pub fn check_bip39(phrase: &str) -> bool {
    let words = phrase.split_whitespace();
    let fits = |word: &str| {
        (3..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    words.clone().all(fits) && matches!(words.count(), 12 | 15 | 18 | 21 | 24)
}

/// Reads a date of digits: year first, or day and month in the order that the calendar allows, the day
/// first where both are possible.
fn read_date(surface: &str) -> Option<String> {
    let text = surface.trim();
    if check_date(text) {
        return Some(text.to_owned());
    }
    let mut parts = text.split(['/', '.', '-', ' ']);
    let mut next = || -> Option<u32> {
        let part = parts.next()?;
        (part.len() <= 4 && all_digits(part)).then(|| part.parse().ok())?
    };
    let (first, second, year) = (next()?, next()?, next()?);
    let date = Date::new(year as i32, second, first).or(Date::new(year as i32, first, second))?;
    (parts.next().is_none() && year >= 1000).then(|| date.to_string())
}

/// Dates in digits. Dates in words are written where the language is known.
pub(super) const DATE: Family = Family {
    write: |normal, form, out| match form {
        Form::Plain | Form::Compact => {
            out.push_str(normal);
            true
        }
        _ => false,
    },
    forms: &[(Form::Plain, 1)],
    read: read_date,
};

/// Plates.
pub(super) const PLATE: Family = Family {
    write: |normal, form, out| match form {
        Form::Lower => surface::write_lower(normal, out),
        _ if normal.as_bytes().get(4).is_some_and(u8::is_ascii_digit) => {
            surface::write_grouped(normal, &[2, 3, 2], form, out)
        }
        _ => surface::write_grouped(normal, &[4, 3], form, out),
    },
    forms: &[
        (Form::Dashes, 50),
        (Form::Compact, 25),
        (Form::Grouped, 20),
        (Form::Lower, 5),
    ],
    read: surface::read_alphanumeric,
};

/// Credit scores: the number, with or without the name of the score in front.
pub(super) const SCORE: Family = Family {
    write: |normal, form, out| (surface::TEXT.write)(normal, form, out),
    forms: &[(Form::Plain, 1)],
    read: |surface| {
        let text = surface.trim();
        let number = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
        all_digits(number).then(|| number.to_owned())
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_day_first_where_both_orders_are_possible() {
        assert_eq!(read_date("14/07/1985").as_deref(), Some("1985-07-14"));
        assert_eq!(read_date("07/14/1985").as_deref(), Some("1985-07-14"));
        assert_eq!(read_date("03.04.1985").as_deref(), Some("1985-04-03"));
        assert_eq!(read_date("31/02/1985"), None);
        assert_eq!(read_date("14/07"), None);
    }

    #[test]
    fn a_plate_has_the_shape_of_its_country() {
        assert!(check_plate("SS000SS") && check_plate("AB12CDE"));
        assert!(!check_plate("AB12CD") && !check_plate("IO123AB") && !check_plate("é"));
    }

    #[test]
    fn a_security_passes_luhn_with_its_letters() {
        assert!(check_isin("XS9999000425") && check_isin("US0378331005"));
        assert!(!check_isin("XS9999000426") && !check_isin("0S9999000425"));
    }

    #[test]
    fn degrees_and_octets_have_limits() {
        assert!(check_lat_lon("46.22000, -39.99000") && !check_lat_lon("95.0000, 12.0"));
        assert!(check_ip("2001:db8::42") && !check_ip("192.0.2.317"));
    }

    #[test]
    fn a_recovery_phrase_has_a_number_of_words_that_the_standard_knows() {
        let vector = format!("{}about", "abandon ".repeat(11));
        assert!(check_bip39(&vector));
        assert!(!check_bip39("abandon abandon") && !check_bip39("abandon x12"));
    }
}
