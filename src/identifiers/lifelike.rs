//! Values from live-looking ranges (`--values lifelike`): what a safe value becomes where a range is the point.
//!
//! Safe ranges are ranges that a detector may know. To measure what it owes to them, a corpus can be told
//! with the same values moved into ranges in use: the same person, the same check digits passed, another
//! issuer, area, bank or provider. **Such a value may be somebody's.** It is marked
//! [`Safety::Lifelike`], never occurs in a named suite, and is for local use.
//!
//! Moved: `PAN`, `IBAN`, `FR_RIB`, `BIC`, `UK_SORT_CODE`, `US_ABA_ROUTING`, `PHONE_NUMBER`, `EMAIL_ADDRESS`,
//! `POSTCODE`, `FR_NIR`, `US_SSN`, `UK_NINO`, `UK_NHS`, `IP_ADDRESS`. All others are conventions that look live
//! anyway, or have no live range to tell from a safe one.
//!
//! Invariant: equal values stay equal, and what is derived from one (the last four digits of a card, the
//! bank code in IBAN and RIB) agrees with it; a moved value passes its label's check.

use super::checksum::{luhn_digit, mod97_check_digits, number, push_padded, weighted_sum};
use super::{check, iban, national_id};
use crate::conversation::Safety;
use crate::seed::{Domain, Stream, fnv1a};
use crate::taxonomy::Label;

const LIFELIKE: Domain = Domain::new("lifelike");

/// Providers at which people have addresses.
const MAIL: [&str; 8] = [
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "live.com",
    "proton.me",
    "gmx.net",
];

/// Postcode areas of Britain.
const AREAS: [&str; 16] = [
    "AB", "B", "BS", "CF", "DE", "EH", "G", "HU", "L", "LE", "LS", "M", "NE", "NG", "OX", "S",
];

/// Area codes of large American cities.
const CITIES: [&str; 12] = [
    "212", "312", "404", "415", "503", "512", "602", "617", "702", "713", "718", "818",
];

/// First octets of networks of access providers.
const NETWORKS: [u32; 10] = [5, 31, 37, 62, 77, 81, 90, 109, 176, 188];

/// The value, moved into a live-looking range; `None` where its label has none.
pub fn of(label: Label, value: &str) -> Option<(String, Safety)> {
    let moved = match label.id() {
        "PAN" => card(value)?,
        "IBAN" => account(value)?,
        "FR_RIB" => {
            let iban = account(&iban::french(&value[..5], &value[5..10], &value[10..21]))?;
            iban[4..].to_owned()
        }
        "BIC" => bic(value),
        "UK_SORT_CODE" => sort_code(value),
        "US_ABA_ROUTING" => routing(value)?,
        "PHONE_NUMBER" => phone(value)?,
        "EMAIL_ADDRESS" => {
            let (local, _) = value.rsplit_once('@')?;
            format!("{local}@{}", stream(value).pick(&MAIL))
        }
        "POSTCODE" => postcode(value)?,
        "FR_NIR" => nir(value)?,
        "US_SSN" => ssn(value)?,
        "UK_NINO" => until_right(label, value, |draw| {
            let letters: Vec<u8> = b"ABCEHJLMPRSTWXYZ".to_vec();
            let pair = [draw.pick(&letters), draw.pick(&letters)].map(|byte| char::from(*byte));
            format!("{}{}{}", pair[0], pair[1], &value[2..])
        })?,
        "UK_NHS" => until_right(label, value, |draw| {
            let first = draw.pick(&["4", "6", "7"]);
            let mut number = format!("{first}{}", &value[1..9]);
            draw.digits(1, &mut number);
            number
        })?,
        "IP_ADDRESS" => address(value),
        _ => return None,
    };
    Some((moved, Safety::Lifelike))
}

/// What a value, or a part of one, is moved by: the same for the same text.
fn stream(text: &str) -> Stream {
    Stream::at(0, LIFELIKE, fnv1a(text))
}

/// Draws until the check of the label passes.
fn until_right(label: Label, value: &str, draw: impl Fn(&mut Stream) -> String) -> Option<String> {
    let mut stream = stream(value);
    (0..1_000)
        .map(|_| draw(&mut stream))
        .find(|candidate| check(label, candidate) == Some(true))
}

fn digits(stream: &mut Stream, count: usize) -> String {
    let mut text = String::with_capacity(count);
    stream.digits(count, &mut text);
    text
}

/// Another issuer of the same scheme, another number, the same length.
fn card(value: &str) -> Option<String> {
    let mut stream = stream(value);
    let head = match value.as_bytes() {
        [b'3', b'4' | b'7', ..] => value[..2].to_owned(),
        [b'5', ..] => format!("5{}", 1 + stream.below(5)),
        [b'2', ..] => format!("{}", 2221 + stream.below(500)),
        [b'4', ..] => format!("4{}", 1 + stream.below(9)),
        _ => value.get(..4)?.to_owned(),
    };
    let rest = digits(&mut stream, value.len() - 1 - head.len());
    let mut moved = head + &rest;
    let check = luhn_digit(&moved);
    push_padded(u64::from(check), 1, &mut moved);
    Some(moved)
}

/// The same account at another bank, with right national and international check digits.
fn account(value: &str) -> Option<String> {
    let (country, bban) = (value.get(..2)?, value.get(4..)?);
    let in_range = |text: &str, low: u64, high: u64, width: usize| {
        let mut stream = stream(text);
        loop {
            let mut code = String::with_capacity(width);
            let drawn = stream.range(low as i64, high as i64);
            push_padded(drawn as u64, width, &mut code);
            if code != text {
                return code;
            }
        }
    };
    let bank = |length: usize, low: u64, high: u64| in_range(&bban[..length], low, high, length);
    let moved = match country {
        "FR" => {
            let code = bank(5, 10_011, 31_989);
            return Some(iban::french(&code, &bban[5..10], &bban[10..21]));
        }
        "GB" => {
            let (name, sort, number) = (&bban[..4], &bban[4..10], &bban[10..]);
            return Some(iban::british(&letters(name), &sort_code(sort), number));
        }
        "DE" => bank(8, 10_010_010, 87_096_214) + &bban[8..],
        "ES" => {
            let head = bank(4, 19, 3191) + &bban[4..8];
            let control = iban::spanish_digits(&head, &bban[10..])?;
            let control = control.map(char::from);
            format!("{head}{}{}{}", control[0], control[1], &bban[10..])
        }
        "IT" => {
            let body = in_range(&bban[1..6], 1_005, 10_997, 5) + &bban[6..];
            format!("{}{body}", national_id::italian_letter(&body)?)
        }
        "NL" => letters(&bban[..4]) + &bban[4..],
        "PT" => {
            let body = bank(4, 7, 285) + &bban[4..19];
            let rest = mod97_of(&body)?;
            format!("{body}{:02}", 98 - rest)
        }
        "BE" => {
            let body = bank(3, 1, 979) + &bban[3..10];
            let rest = number(&body)? % 97;
            format!("{body}{:02}", if rest == 0 { 97 } else { rest })
        }
        "CH" => bank(5, 100, 9_000) + &bban[5..],
        "LU" => bank(3, 1, 690) + &bban[3..],
        _ => return None,
    };
    let check = mod97_check_digits(&moved, country)?;
    Some(format!("{country}{check:02}{moved}"))
}

/// Of a Portuguese NIB without its digits: the rest of 100 times it, modulo 97.
fn mod97_of(body: &str) -> Option<u32> {
    let padded = format!("{body}00");
    super::checksum::mod97(padded.as_bytes())
}

/// Four other letters.
fn letters(text: &str) -> String {
    let mut stream = stream(text);
    (0..4)
        .map(|_| char::from(b'A' + stream.below(26) as u8))
        .collect()
}

fn bic(value: &str) -> String {
    let city = stream(value)
        .pick(&["PP", "MM", "2L", "22", "33", "LL"])
        .to_owned();
    let branch = value.get(8..).unwrap_or_default();
    format!("{}{}{city}{branch}", letters(&value[..4]), &value[4..6])
}

fn sort_code(value: &str) -> String {
    let mut stream = stream(value);
    let head = stream
        .pick(&["11", "20", "30", "40", "60", "77", "80", "82"])
        .to_string();
    head + &digits(&mut stream, 4)
}

fn routing(value: &str) -> Option<String> {
    let mut stream = stream(value);
    let mut moved = String::with_capacity(9);
    push_padded(1 + u64::from(stream.below(12)), 2, &mut moved);
    stream.digits(6, &mut moved);
    let sum = weighted_sum(&moved, &[3, 7, 1, 3, 7, 1, 3, 7])?;
    push_padded(u64::from((10 - sum % 10) % 10), 1, &mut moved);
    Some(moved)
}

/// A number in service: a mobile stays one, a place stays a place.
fn phone(value: &str) -> Option<String> {
    let mut stream = stream(value);
    if let Some(national) = value.strip_prefix("+33") {
        let kind = match &national[..1] {
            "6" | "7" => "6",
            place => place,
        };
        let zone = 1 + stream.below(8);
        return Some(format!("+33{kind}{zone}{}", digits(&mut stream, 7)));
    }
    if let Some(national) = value.strip_prefix("+44") {
        return Some(if national.starts_with('7') {
            format!("+447{}{}", 4 + stream.below(5), digits(&mut stream, 8))
        } else {
            let zone = stream.pick(&["207", "208", "203"]).to_string();
            format!("+44{zone}{}", digits(&mut stream, 7))
        });
    }
    value.strip_prefix("+1")?;
    let exchange = loop {
        let exchange = 200 + stream.below(800);
        if exchange != 555 && exchange % 100 != 11 {
            break exchange;
        }
    };
    let area = stream.pick(&CITIES).to_string();
    Some(format!("+1{area}{exchange}{}", digits(&mut stream, 4)))
}

/// Without its space: 75011, 60614, LS62QT.
fn postcode(value: &str) -> Option<String> {
    let mut stream = stream(value);
    if value.len() == 5 && value.starts_with("96") {
        let department = 1 + stream.below(95);
        return Some(format!("{department:02}{}00", stream.below(10)));
    }
    if value.len() == 5 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let region = stream.pick(&[
            "021", "100", "191", "303", "331", "606", "770", "802", "902", "941",
        ]);
        return Some(format!("{region}{}", digits(&mut stream, 2)));
    }
    let inward = value.get(value.len().checked_sub(3)?..)?;
    let area = stream.pick(&AREAS).to_string();
    Some(format!("{area}{}{inward}", 1 + stream.below(19)))
}

/// The same sex, month of birth and order, registered in a department of the mainland.
fn nir(value: &str) -> Option<String> {
    let mut stream = stream(value);
    let department = loop {
        let department = 1 + stream.below(95);
        if department != 20 {
            break department;
        }
    };
    let commune = 1 + stream.below(600);
    let order = 1 + stream.below(300);
    let moved = format!("{}{department:02}{commune:03}{order:03}", &value[..5]);
    let key = national_id::fr::nir_key(&moved)?;
    Some(format!("{moved}{key:02}"))
}

/// An area that was assigned.
fn ssn(value: &str) -> Option<String> {
    let mut stream = stream(value);
    let area = 1 + stream.below(665);
    let group = 1 + stream.below(99);
    let serial = 1 + stream.below(9_999);
    Some(format!("{area:03}{group:02}{serial:04}")).filter(|_| value.len() == 9)
}

fn address(value: &str) -> String {
    let mut stream = stream(value);
    if value.contains(':') {
        let mut part = || format!("{:x}", 1 + stream.below(0xfffe));
        return format!("2a01:e0a:{}:{}::{}", part(), part(), part());
    }
    let network = *stream.pick(&NETWORKS);
    let mut part = || stream.below(254) + 1;
    format!("{network}.{}.{}.{}", part(), part(), part())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country::Country;
    use crate::identifiers::{abroad::Abroad, cards, phone, postcode, uk_bank, us_bank};

    fn moved(id: &str, value: &str) -> String {
        let label = Label::named(id).unwrap();
        let (moved, safety) = of(label, value).unwrap_or_else(|| panic!("{id} {value}"));
        assert_eq!(safety, Safety::Lifelike);
        assert_ne!(moved, value);
        assert_ne!(check(label, &moved), Some(false), "{id} {value} {moved}");
        assert_eq!(of(label, value).unwrap().0, moved);
        moved
    }

    #[test]
    fn a_moved_value_passes_its_check_and_is_another_one() {
        let mut stream = Stream::at(1, Domain::new("moved"), 0);
        for serial in 0..300 {
            for &country in Country::ALL {
                moved("PAN", &cards::make(country, serial, &mut stream).made.value);
                let lines = [phone::Line::Mobile, phone::Line::Landline];
                for line in lines {
                    moved(
                        "PHONE_NUMBER",
                        &phone::make(country, line, serial, &mut stream).value,
                    );
                }
                moved("POSTCODE", &postcode::make(country, serial).value);
                if let Some(made) = iban::make(country, serial, serial, &mut stream) {
                    let iban = moved("IBAN", &made.value);
                    assert_ne!(iban::check_national(&iban), Some(false), "{iban}");
                }
            }
            for &country in Abroad::ALL {
                if country.bank_codes() > 0 {
                    let bank = serial % country.bank_codes();
                    let made = country.iban(bank, serial % country.accounts(), &mut stream);
                    let iban = moved("IBAN", &made.value);
                    assert_ne!(iban::check_national(&iban), Some(false), "{iban}");
                }
            }
            moved("UK_SORT_CODE", &uk_bank::sort_code(serial).value);
            moved("US_ABA_ROUTING", &us_bank::routing(serial).value);
            moved("UK_NINO", &national_id::uk::nino(serial).value);
            moved("UK_NHS", &national_id::uk::nhs(serial).value);
            moved("US_SSN", &national_id::us::ssn(serial).value);
            let birth = "1980-05-17".parse().unwrap();
            let nir = national_id::fr::nir(true, birth, "75", serial).value;
            assert_eq!(moved("FR_NIR", &nir)[..5], nir[..5]);
        }
    }

    #[test]
    fn what_is_derived_agrees_with_what_it_is_derived_from() {
        let iban = iban::french("99998", "00042", "01234567890");
        let rib = iban::rib("99998", "00042", "01234567890");
        assert_eq!(moved("IBAN", &iban)[4..], moved("FR_RIB", &rib));
        let british = moved("IBAN", &iban::british("ZZZZ", "000102", "12345678"));
        assert_eq!(british[8..14], moved("UK_SORT_CODE", "000102"));
    }

    #[test]
    fn conventions_stay_as_they_are() {
        assert_eq!(of(Label::named("CARD_PIN").unwrap(), "0042"), None);
        assert_eq!(of(Label::named("PASSWORD").unwrap(), "soleil"), None);
    }
}
