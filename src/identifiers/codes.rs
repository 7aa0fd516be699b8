//! What opens an account, and what a bank calls its customers and cases: one-time codes, PINs,
//! passwords, customer numbers, references. None of it has a check digit.
//!
//! Invariant: nothing here is taken from anywhere. Passwords are put together from words that we
//! invented, in the ways that people put them together.

use super::checksum::{all_digits, push_padded};
use super::surface::{self, Family, Layout, REST};
use super::{Made, scatter};
use crate::calendar::{Date, Month};
use crate::conversation::{Form, Safety};
use crate::seed::Stream;

/// How many serials [`customer_number`] and [`online_id`] take.
pub const SERIALS: u64 = 100_000_000;

/// How many cases [`case_reference`] tells apart.
pub const CASES: u64 = 1_000_000;

fn convention(value: String) -> Made {
    Made::new(value, Safety::Convention, true)
}

fn digits(count: usize, stream: &mut Stream) -> Made {
    let mut value = String::with_capacity(count);
    stream.digits(count, &mut value);
    convention(value)
}

/// A one-time code: four to eight digits, six in three cases of four.
pub fn otp(stream: &mut Stream) -> Made {
    let length = [6, 8, 4, 5, 7][stream.weighted(&[76, 11, 8, 3, 2])];
    digits(length, stream)
}

/// A card's PIN: four digits. One in six is one that people choose: a year, a pair twice, a row.
pub fn pin(stream: &mut Stream) -> Made {
    if !stream.chance(160) {
        return digits(4, stream);
    }
    let mut value = String::with_capacity(4);
    match stream.below(4) {
        0 => push_padded(u64::from(1940 + stream.below(72)), 4, &mut value),
        1 => {
            let pair = u64::from(stream.below(100));
            push_padded(pair, 2, &mut value);
            push_padded(pair, 2, &mut value);
        }
        2 => {
            let day = u64::from(1 + stream.below(28));
            push_padded(day, 2, &mut value);
            push_padded(u64::from(1 + stream.below(12)), 2, &mut value);
        }
        _ => {
            let first = stream.below(7);
            for digit in first..first + 4 {
                push_padded(u64::from(digit), 1, &mut value);
            }
        }
    }
    convention(value)
}

/// The secret code of a banking app: five to eight digits, six in most apps.
pub fn app_code(stream: &mut Stream) -> Made {
    let length = [6, 5, 8, 4][stream.weighted(&[70, 12, 10, 8])];
    digits(length, stream)
}

/// A card verification value of `length` digits (see [`super::cards::Scheme::cvv_length`]).
pub fn cvv(length: usize, stream: &mut Stream) -> Made {
    digits(length, stream)
}

/// The number under which a bank knows a customer: eight or ten digits, or a letter and eight digits.
/// Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`SERIALS`].
pub fn customer_number(serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("customer number", SERIALS, serial);
    let mut value = String::with_capacity(10);
    match stream.weighted(&[45, 25, 30]) {
        0 => {}
        1 => stream.digits(2, &mut value),
        _ => value.push(char::from(*stream.pick(b"CKNPB"))),
    }
    push_padded(payload, 8, &mut value);
    convention(value)
}

/// What a customer logs in with: eight, ten or eleven digits. Distinct serials give distinct ids.
///
/// # Panics
/// When `serial` is not below [`SERIALS`].
pub fn online_id(serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("online id", SERIALS, serial);
    let mut value = String::with_capacity(11);
    let more = [0, 2, 3][stream.weighted(&[60, 25, 15])];
    stream.digits(more, &mut value);
    push_padded(payload, 8, &mut value);
    convention(value)
}

/// The reference of a case: letters, the year in most banks, and a number (`LIT2031000042` in normal
/// form, `LIT-2031-000042` as written). Distinct serials below [`CASES`] give distinct references;
/// further ones repeat.
pub fn case_reference(year: i32, serial: u64, stream: &mut Stream) -> Made {
    const LETTERS: [&str; 10] = [
        "LIT", "REC", "DOS", "SAV", "REF", "CAS", "OPP", "TKT", "RCL", "INC",
    ];
    let mut value = String::with_capacity(13);
    let letters = stream.pick(&LETTERS);
    value.push_str(letters);
    if stream.chance(700) {
        push_padded(year.rem_euclid(10_000) as u64, 4, &mut value);
    } else {
        stream.digits(2, &mut value);
    }
    push_padded(
        scatter("case reference", CASES, serial % CASES),
        6,
        &mut value,
    );
    convention(value)
}

/// How many contracts [`contract_number`] tells apart.
pub const CONTRACTS: u64 = 100_000_000;

/// How many operations [`transaction_id`] tells apart.
pub const TRANSACTIONS: u64 = 10_000_000;

/// How many cheques [`cheque_number`] tells apart.
pub const CHEQUES: u64 = 10_000_000;

/// The number of a contract: two to four letters that name the product and eight digits (`PRT99000042`).
/// Distinct serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`CONTRACTS`].
pub fn contract_number(serial: u64, stream: &mut Stream) -> Made {
    const LETTERS: [&str; 14] = [
        "PRT", "PRET", "CRE", "CR", "ASS", "MRH", "AUTO", "CTR", "PEL", "AV", "LN", "LOAN", "MTG",
        "POL",
    ];
    let mut value = (*stream.pick(&LETTERS)).to_owned();
    push_padded(scatter("contract", CONTRACTS, serial), 8, &mut value);
    convention(value)
}

/// The number of a customer with a company that they pay (`AC99000042`): what British and American bills and
/// direct debits carry. Distinct serials give distinct numbers, which are none of [`contract_number`].
///
/// # Panics
/// When `serial` is not below [`CONTRACTS`].
pub fn payer_number(serial: u64, stream: &mut Stream) -> Made {
    const LETTERS: [&str; 4] = ["AC", "ACC", "CUST", "BILL"];
    let mut value = (*stream.pick(&LETTERS)).to_owned();
    push_padded(scatter("payer", CONTRACTS, serial), 8, &mut value);
    convention(value)
}

/// The id of an operation on a day, in the shape of one of several houses: an authorisation
/// (`AUT0042F9`), a day and a number, a reference of twelve digits as terminals print, letters and
/// digits of an instant transfer. Distinct serials give distinct ids.
///
/// # Panics
/// When `serial` is not below [`TRANSACTIONS`].
pub fn transaction_id(on: Date, serial: u64, stream: &mut Stream) -> Made {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    const BASE36: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let payload = scatter("transaction", TRANSACTIONS, serial);
    let (year, month, day) = on.ymd();
    let mut value = String::with_capacity(24);
    match stream.weighted(&[26, 22, 18, 16, 18]) {
        0 => {
            value.push_str("AUT");
            for place in (0..6).rev() {
                value.push(char::from(HEX[(payload >> (4 * place) & 15) as usize]));
            }
        }
        1 => {
            let letters = stream.pick(&["TRX", "VIR", "PMT", "OP", "TX"]);
            value.push_str(letters);
            push_padded(year.rem_euclid(10_000) as u64, 4, &mut value);
            push_padded(month.into(), 2, &mut value);
            push_padded(day.into(), 2, &mut value);
            push_padded(payload, 7, &mut value);
        }
        2 => {
            // Last digit of the year, day of the year, and a count (ISO 8583, field 37).
            push_padded(year.rem_euclid(10) as u64, 1, &mut value);
            let first = Month::new(year, 1).first();
            push_padded((on.days() - first.days() + 1) as u64, 3, &mut value);
            stream.digits(1, &mut value);
            push_padded(payload, 7, &mut value);
        }
        3 => {
            let letters = stream.pick(&["ZL", "WR", "FP", "SCT", "PAY"]);
            value.push_str(letters);
            push_padded(payload, 9, &mut value);
        }
        _ => {
            let mut left = payload;
            for place in 0..16 {
                if place < 5 {
                    value.push(char::from(BASE36[(left % 36) as usize]));
                    left /= 36;
                } else {
                    value.push(char::from(*stream.pick(BASE36)));
                }
            }
        }
    }
    convention(value)
}

/// The number of a French cheque: seven digits, or for three in ten the first two zones of its magnetic
/// line, with the twelve digits of bank and place (CMC-7) that here start with 9, a convention. Distinct
/// serials give distinct numbers.
///
/// # Panics
/// When `serial` is not below [`CHEQUES`].
pub fn cheque_number(serial: u64, stream: &mut Stream) -> Made {
    let mut value = String::with_capacity(19);
    push_padded(scatter("cheque", CHEQUES, serial), 7, &mut value);
    if stream.chance(300) {
        value.push('9');
        stream.digits(11, &mut value);
    }
    convention(value)
}

/// The month in which a card ends: one to 48 months after `after`, as `2029-09`.
pub fn expiry(after: Month, stream: &mut Stream) -> Made {
    convention(after.plus(1 + stream.below(48) as i32).to_string())
}

/// Words that passwords are made of; none is a name of anybody.
const WORDS: [&str; 40] = [
    "tisserand",
    "picotine",
    "bambou",
    "grenadine",
    "loulou",
    "doudou",
    "cocotte",
    "moustik",
    "pistache",
    "chouquette",
    "ouragan",
    "petanque",
    "baguette",
    "soleil",
    "camping",
    "pommier",
    "marvelous",
    "pumpkin",
    "biscuit",
    "snowball",
    "dragonfly",
    "rocket",
    "cupcake",
    "sunshine",
    "ginger",
    "muffin",
    "thunder",
    "lighthouse",
    "maverick",
    "bluebird",
    "cookie",
    "saturn",
    "brivane",
    "zephyr",
    "tornado",
    "karaoke",
    "origami",
    "vanille",
    "safari",
    "domino",
];

/// A password as people choose them: a word or a given name, a capital in front, digits that often are
/// a year, a sign at the end, letters replaced by digits that look alike; one in seven is random.
pub fn password(given: &str, birth_year: i32, stream: &mut Stream) -> Made {
    let mut value = String::with_capacity(16);
    if stream.below(7) == 0 {
        const SET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!@#$%&*-_";
        for _ in 0..10 + stream.below(5) {
            value.push(char::from(*stream.pick(SET)));
        }
        value.push(char::from(b'0' + stream.below(10) as u8));
        return convention(value);
    }
    let own = stream.chance(300);
    let word = if own { given } else { *stream.pick(&WORDS) };
    let mut letters = word.chars().filter(|c| c.is_alphanumeric());
    if stream.chance(650) {
        value.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    }
    let leet = stream.chance(120);
    value.extend(letters.flat_map(char::to_lowercase).map(|c| match c {
        'a' if leet => '@',
        'e' if leet => '3',
        'i' if leet => '1',
        'o' if leet => '0',
        other => other,
    }));
    const SIGNS: [char; 8] = ['!', '*', '?', '.', '@', '-', '_', '+'];
    let sign_first = stream.chance(200);
    if sign_first {
        value.push(*stream.pick(&SIGNS));
    }
    let year = birth_year.rem_euclid(10_000) as u64;
    match stream.weighted(&[25, 20, 15, 20, 20]) {
        0 => push_padded(year, 4, &mut value),
        1 => push_padded(year % 100, 2, &mut value),
        2 => {
            let row = stream.pick(&["123", "1234", "12345", "321", "007"]);
            value.push_str(row);
        }
        3 => push_padded(u64::from(stream.below(100)), 2, &mut value),
        _ => stream.digits(4, &mut value),
    }
    if !sign_first && stream.chance(450) {
        value.push(*stream.pick(&SIGNS));
    }
    convention(value)
}

/// Is it three or four digits?
pub fn check_cvv(digits: &str) -> bool {
    matches!(digits.len(), 3 | 4) && all_digits(digits)
}

/// Is it a month, `2029-09`?
pub fn check_month(month: &str) -> bool {
    month.len() == 7
        && month.is_ascii()
        && month.as_bytes()[4] == b'-'
        && all_digits(&month[..4])
        && matches!(month[5..].parse::<u8>(), Ok(1..=12))
        && all_digits(&month[5..])
}

/// Reads `09/29`, `0929`, `09-2029` and the like; two digits of a year are of this century.
fn read_expiry(surface: &str) -> Option<String> {
    let text = surface.trim();
    if check_month(text) {
        return Some(text.to_owned());
    }
    let digits = surface::read_digits(text)?;
    let (month, year) = digits.split_at_checked(2)?;
    let century = match year.len() {
        2 => "20",
        4 => "",
        _ => return None,
    };
    let normal = format!("{century}{year}-{month}");
    check_month(&normal).then_some(normal)
}

fn write_expiry(normal: &str, form: Form, out: &mut String) -> bool {
    if !check_month(normal) {
        return false;
    }
    let (century, year, month) = (&normal[..2], &normal[2..4], &normal[5..]);
    let parts: [&str; 4] = match form {
        Form::Plain | Form::Slashes => [month, "/", "", year],
        Form::Numeric => [month, "/", century, year],
        Form::Compact => [month, "", "", year],
        Form::Dashes => [month, "-", "", year],
        Form::Dots => [month, ".", "", year],
        Form::Grouped => [month, " ", "", year],
        _ => return false,
    };
    for part in parts {
        out.push_str(part);
    }
    true
}

/// Groups of a reference: its letters, a year where one follows, and the rest.
fn reference_layout(reference: &str) -> Layout {
    let letters = reference
        .bytes()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let year = reference.len() >= letters + 9
        && (reference[letters..].starts_with("19") || reference[letters..].starts_with("20"));
    match (letters, year) {
        (1, false) => &[1, REST],
        (2, false) => &[2, REST],
        (2, true) => &[2, 4, REST],
        (3, false) => &[3, REST],
        (3, true) => &[3, 4, REST],
        (4, false) => &[4, REST],
        (4, true) => &[4, 4, REST],
        _ => &[3],
    }
}

/// Expiry months.
pub(super) const EXPIRY: Family = Family {
    write: write_expiry,
    forms: &[
        (Form::Slashes, 640),
        (Form::Numeric, 130),
        (Form::Compact, 90),
        (Form::Grouped, 70),
        (Form::Dashes, 50),
        (Form::Dots, 20),
    ],
    read: read_expiry,
};

/// Card verification values and PINs: in one piece, or digit by digit.
pub(super) const SHORT: Family = Family {
    write: |normal, form, out| surface::write_grouped(normal, &[1], form, out),
    forms: &[
        (Form::Compact, 930),
        (Form::Grouped, 50),
        (Form::Dashes, 20),
    ],
    read: surface::read_digits,
};

/// One-time codes and codes of apps: in one piece, or in two halves.
pub(super) const CODE: Family = Family {
    write: |normal, form, out| {
        let half: Layout = match normal.len() {
            0..=5 => &[2],
            6 | 7 => &[3],
            _ => &[4],
        };
        surface::write_grouped(normal, half, form, out)
    },
    forms: &[
        (Form::Compact, 850),
        (Form::Grouped, 110),
        (Form::Dashes, 20),
        (Form::Pairs, 20),
    ],
    read: surface::read_digits,
};

/// Cheques: the number, and the zone behind it.
pub(super) const CHEQUE: Family = Family {
    write: |normal, form, out| surface::write_document(normal, &[7, 12], form, out),
    forms: &[(Form::Compact, 80), (Form::Grouped, 20)],
    read: surface::read_digits,
};

/// References and customer numbers: letters, year and number joined or apart.
pub(super) const REFERENCE: Family = Family {
    write: |normal, form, out| match form {
        Form::Lower => surface::write_lower(normal, out),
        Form::Last4 => surface::write_last4(normal, out),
        _ if normal.is_ascii() => {
            surface::write_grouped(normal, reference_layout(normal), form, out)
        }
        _ => false,
    },
    forms: &[
        (Form::Compact, 520),
        (Form::Dashes, 250),
        (Form::Grouped, 160),
        (Form::Lower, 70),
    ],
    read: surface::read_alphanumeric,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    fn stream() -> Stream {
        Stream::at(1, Domain::new("codes"), 0)
    }

    #[test]
    fn one_time_codes_have_four_to_eight_digits_and_mostly_six() {
        let mut s = stream();
        let codes: Vec<String> = (0..2_000).map(|_| otp(&mut s).value).collect();
        assert!(
            codes
                .iter()
                .all(|c| (4..=8).contains(&c.len()) && all_digits(c))
        );
        assert!(codes.iter().filter(|c| c.len() == 6).count() > 1_400);
    }

    #[test]
    fn pins_have_four_digits() {
        let mut s = stream();
        assert!((0..2_000).all(|_| {
            let pin = pin(&mut s).value;
            pin.len() == 4 && all_digits(&pin)
        }));
    }

    #[test]
    fn a_password_has_no_space_and_at_least_five_characters() {
        let mut s = stream();
        for _ in 0..2_000 {
            let password = password("Maëlys", 1985, &mut s).value;
            assert!(password.chars().count() >= 5, "{password}");
            assert!(!password.contains(char::is_whitespace), "{password}");
            assert!(
                password.contains(|c: char| c.is_ascii_digit()),
                "{password}"
            );
        }
    }

    #[test]
    fn an_expiry_is_read_as_people_write_it() {
        for surface in [
            "09/29", "0929", "09-2029", "09 29", "09.29", "09/2029", "2029-09",
        ] {
            assert_eq!(
                read_expiry(surface).as_deref(),
                Some("2029-09"),
                "{surface}"
            );
        }
        assert_eq!(read_expiry("13/29"), None);
        assert_eq!(read_expiry("09/2029 (RDV)"), None);
    }

    #[test]
    fn an_expiry_lies_after_its_month_and_within_four_years() {
        let mut s = stream();
        let after = Month::new(2026, 3);
        for _ in 0..500 {
            let month = expiry(after, &mut s).value;
            assert!(check_month(&month));
            assert!(
                month.as_str() > "2026-03" && month.as_str() <= "2030-03",
                "{month}"
            );
        }
    }

    #[test]
    fn references_are_written_in_their_parts() {
        let mut out = String::new();
        (REFERENCE.write)("LIT2031000042", Form::Dashes, &mut out);
        assert_eq!(out, "LIT-2031-000042");
        out.clear();
        (REFERENCE.write)("C99000421", Form::Dashes, &mut out);
        assert_eq!(out, "C-99000421");
    }
}
