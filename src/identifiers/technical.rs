//! Dates, credit scores, securities.

use super::checksum::{all_digits, luhn, luhn_digit, push_padded};
use super::surface::Family;
use super::{Made, scatter, surface};
use crate::calendar::Date;
use crate::conversation::{Form, Safety};
use crate::seed::{Quantiles, Stream};

/// How many securities there are.
pub const ISINS: u64 = 10_000_000;

/// The security at `serial`: a country and 99, and seven digits. American issuer numbers from 99 on are
/// kept for users of their own (CUSIP); for the other countries 99 is a convention. Distinct serials give
/// distinct numbers.
///
/// # Panics
/// When `serial` is not below [`ISINS`].
pub fn isin(serial: u64, stream: &mut Stream) -> Made {
    let country =
        ["FR", "US", "LU", "IE", "DE", "XS", "NL"][stream.weighted(&[34, 20, 14, 12, 8, 7, 5])];
    let mut value = format!("{country}99");
    push_padded(scatter("isin", ISINS, serial), 7, &mut value);
    value.push(char::from(
        b'0' + luhn_digit(&isin_digits(&value).expect("letters and digits")),
    ));
    let safety = match country {
        "US" => Safety::Unassigned,
        _ => Safety::Convention,
    };
    Made::new(value, safety, true)
}

/// Letters read as two digits, A as 10; `None` where a character is neither an upper-case letter nor a
/// digit.
fn isin_digits(isin: &str) -> Option<String> {
    let mut digits = String::with_capacity(24);
    for byte in isin.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b'A'..=b'Z' => push_padded((byte - b'A' + 10).into(), 2, &mut digits),
            _ => return None,
        }
    }
    Some(digits)
}

/// A credit score of a person, 300 to 850: the median of the law is 715, a quarter lie below 640. The law
/// is an assumption in the order of what score vendors publish.
pub fn credit_score(stream: &mut Stream) -> Made {
    const LAW: Quantiles = Quantiles(&[
        (0, 300),
        (300, 480),
        (1_000, 560),
        (2_500, 640),
        (5_000, 715),
        (7_500, 780),
        (9_500, 825),
        (10_000, 850),
    ]);
    let mut value = String::with_capacity(3);
    push_padded(LAW.draw(stream).clamp(300, 850) as u64, 3, &mut value);
    Made::new(value, Safety::Convention, true)
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
    let Some(digits) = isin_digits(isin) else {
        return false;
    };
    isin[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && isin.ends_with(|c: char| c.is_ascii_digit())
        && luhn(&digits)
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

/// Securities by their ISIN; a line of a portfolio, or its worth, is a text.
pub(super) const HOLDING: Family = Family {
    write: |normal, form, out| match form {
        Form::Lower => surface::write_lower(normal, out),
        _ => (surface::TEXT.write)(normal, form, out),
    },
    forms: &[(Form::Compact, 90), (Form::Lower, 10)],
    read: |surface| {
        let isin = surface::read_alphanumeric(surface).filter(|isin| isin_shaped(isin));
        isin.or_else(|| surface::read_text(surface))
    },
};

/// Two letters, nine letters or digits, a digit.
fn isin_shaped(text: &str) -> bool {
    text.len() == 12
        && text[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && text.ends_with(|c: char| c.is_ascii_digit())
}

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
    fn a_security_passes_luhn_with_its_letters() {
        assert!(check_isin("XS9999000425") && check_isin("US0378331005"));
        assert!(!check_isin("XS9999000426") && !check_isin("0S9999000425"));
    }
}
