//! Payment cards: numbers (PAN), their schemes, and how numbers are written.
//!
//! * The **IIN** is the start of a number that names scheme and issuer (ISO/IEC 7812-1).
//! * A **test IIN** is the start of a number that is published for tests.
//! * A **structurally unassigned IIN** lies in a range that no scheme owns: 31, 32, 33.
//!
//! Invariant: every number passes Luhn at its scheme's length.
//!
//! How safe they are differs. Published test numbers and unassigned IINs can be nobody's. Numbers drawn
//! behind a test IIN are test-like, not reserved: no authority sets the rest of the range aside, so one
//! can coincide with a card that was issued. They carry no name, expiry or verification value of that
//! card.
//!
//! At most 5 in 100 are published test numbers, so that a detector that allow-lists those strings is
//! not ranked by them; 1 in 10 starts with an unassigned IIN (`strict_valid` is then false).

use super::checksum;
use super::surface::{self, Family, Layout};
use super::{Made, scatter};
use crate::conversation::{Form, Safety, names};
use crate::country::Country;
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

pub use super::checksum::{luhn, luhn_digit};

names! {
    /// What is printed on the card, as people say it.
    pub enum Scheme {
        /// Visa.
        Visa = "Visa",
        /// Mastercard.
        Mastercard = "Mastercard",
        /// American Express.
        Amex = "Amex",
        /// Discover.
        Discover = "Discover",
        /// The French domestic scheme CB on a Visa card.
        CbVisa = "CB Visa",
        /// The French domestic scheme CB on a Mastercard card.
        CbMastercard = "CB Mastercard",
    }
}

impl Scheme {
    /// Digits of its card verification value: four on the front of an Amex, three elsewhere.
    pub fn cvv_length(self) -> usize {
        match self {
            Scheme::Amex => 4,
            _ => 3,
        }
    }

    /// Digits of its numbers.
    pub fn number_length(self) -> usize {
        match self {
            Scheme::Amex => 15,
            _ => 16,
        }
    }

    /// Its international scheme: the one that a co-badged card falls back on abroad.
    pub fn international(self) -> Scheme {
        match self {
            Scheme::CbVisa => Scheme::Visa,
            Scheme::CbMastercard => Scheme::Mastercard,
            other => other,
        }
    }

    /// Test IINs: those of published test numbers, as few as the capacity allows.
    fn test_iins(self) -> &'static [&'static str] {
        match self.international() {
            Scheme::Visa => &["424242", "400000"],
            Scheme::Mastercard => &["555555", "222300"],
            Scheme::Amex => &["378282"],
            _ => &["601111"],
        }
    }

    /// Published test numbers, as the test suites of payment SDKs hold them; those of CB are Stripe's.
    fn published(self) -> &'static [&'static str] {
        match self {
            Scheme::Visa => &[
                "4242424242424242",
                "4111111111111111",
                "4012888888881881",
                "4000056655665556",
            ],
            Scheme::Mastercard => &["5555555555554444", "5105105105105100", "2223003122003222"],
            Scheme::Amex => &["378282246310005", "371449635398431"],
            Scheme::Discover => &["6011111111111117"],
            Scheme::CbVisa => &["4000002500001001"],
            Scheme::CbMastercard => &["5555552500001001"],
        }
    }
}

/// A number and the scheme of its card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardNumber {
    /// The number, digits only.
    pub made: Made,
    /// The scheme.
    pub scheme: Scheme,
}

/// How many serials [`make`] takes: the digits that every scheme leaves free behind its IIN.
pub const CAPACITY: u64 = 100_000_000;

/// Published numbers, in 1,000 draws.
const PUBLISHED: u32 = 40;
/// Unassigned IINs, in 1,000 draws of a 16-digit scheme.
const UNASSIGNED: u32 = 110;

/// The number of one card. Distinct serials give distinct numbers, published ones apart.
///
/// The shares of schemes are assumptions, in the order that central banks and card schemes report:
/// in France nearly every card carries CB; Amex and Discover matter in the United States.
///
/// # Panics
/// When `serial` is not below [`CAPACITY`].
pub fn make(country: Country, serial: u64, stream: &mut Stream) -> CardNumber {
    let scheme = draw_scheme(country, stream);
    let payload = scatter("card", CAPACITY, serial);
    let kind = stream.below(1000);
    if kind < PUBLISHED {
        let value = (*stream.pick(scheme.published())).to_owned();
        let made = Made::new(value, Safety::PublishedTest, true);
        return CardNumber { made, scheme };
    }
    let mut value = String::with_capacity(16);
    let unassigned = kind < PUBLISHED + UNASSIGNED && scheme.number_length() == 16;
    if unassigned {
        value.push_str(["31", "32", "33"][stream.below(3) as usize]);
        stream.digits(4, &mut value);
    } else {
        let iin = stream.pick(scheme.test_iins());
        value.push_str(iin);
    }
    stream.digits(scheme.number_length() - 15, &mut value);
    checksum::push_padded(payload, 8, &mut value);
    value.push(char::from(b'0' + luhn_digit(&value)));
    let safety = if unassigned {
        Safety::Unassigned
    } else {
        Safety::PublishedTest
    };
    let made = Made::new(value, safety, !unassigned);
    CardNumber { made, scheme }
}

fn draw_scheme(country: Country, stream: &mut Stream) -> Scheme {
    let shares: &[(Scheme, u32)] = match country {
        Country::France => &[
            (Scheme::CbVisa, 48),
            (Scheme::CbMastercard, 36),
            (Scheme::Visa, 6),
            (Scheme::Mastercard, 7),
            (Scheme::Amex, 3),
        ],
        Country::UnitedStates => &[
            (Scheme::Visa, 52),
            (Scheme::Mastercard, 25),
            (Scheme::Amex, 13),
            (Scheme::Discover, 10),
        ],
        Country::Britain => &[
            (Scheme::Visa, 66),
            (Scheme::Mastercard, 30),
            (Scheme::Amex, 4),
        ],
    };
    let mut left = stream.below(100);
    for &(scheme, share) in shares {
        if left < share {
            return scheme;
        }
        left -= share;
    }
    unreachable!("the shares of every country add up to 100")
}

/// Does a number pass Luhn at a length that its IIN allows (12 to 19 digits in general)?
///
/// Ranges: Visa 4 (13, 16 or 19 digits), Mastercard 51–55 and 2221–2720 (16), American Express 34
/// and 37 (15), Diners 36 and 38–39 (14 to 19), Discover 6011, 644–649, 65 (16 to 19).
pub fn check(digits: &str) -> bool {
    let length = digits.len();
    if !(12..=19).contains(&length) || !luhn(digits) {
        return false;
    }
    let start: u32 = digits[..4].parse().unwrap_or(0);
    match start {
        4000..=4999 => matches!(length, 13 | 16 | 19),
        5100..=5599 | 2221..=2720 => length == 16,
        3400..=3499 | 3700..=3799 => length == 15,
        3600..=3699 | 3800..=3999 => (14..=19).contains(&length),
        6011 | 6440..=6599 => (16..=19).contains(&length),
        _ => true,
    }
}

fn layout(digits: &str) -> Layout {
    match digits.len() {
        14 => &[4, 6, 4],
        15 => &[4, 6, 5],
        _ => &[4],
    }
}

/// One way of hiding all but the last four digits. A card keeps its way, as a bank would print it.
fn push_masked(digits: &str, last: &str, out: &mut String) {
    let style = last.bytes().map(u32::from).sum::<u32>() % 7;
    match style {
        0 | 1 => out.push_str("**** **** **** "),
        2 => out.push_str("XXXX XXXX XXXX "),
        3 => out.push_str("•••• "),
        4 => out.push_str("****"),
        5 if digits.len() == 16 => {
            out.push_str(&digits[..4]);
            out.push(' ');
            out.push_str(&digits[4..6]);
            out.push_str("** **** ");
        }
        5 => out.push('x'),
        _ => out.push_str("••••••••••••"),
    }
    out.push_str(last);
}

/// Reads the last four digits of a truncated number: alone, or behind the marks that hide the rest.
fn read_truncated(surface: &str) -> Option<String> {
    let hides = |c: char| surface::is_mask(c) || matches!(c, 'x' | 'X');
    let shown = surface.rsplit(hides).next()?.trim_start_matches('.').trim();
    let before = &surface[..surface.len() - surface.rsplit(hides).next()?.len()];
    let plain = |c: char| c.is_ascii_digit() || hides(c) || surface::is_separator(c);
    (shown.len() == 4 && checksum::all_digits(shown) && before.chars().all(plain))
        .then(|| shown.to_owned())
}

/// Card numbers.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| match form {
        Form::Last4 => surface::write_last4(normal, out),
        Form::Masked if normal.len() > 4 => {
            push_masked(normal, &normal[normal.len() - 4..], out);
            true
        }
        Form::Masked => false,
        _ => surface::write_grouped(normal, layout(normal), form, out),
    },
    forms: &[
        (Form::Compact, 400),
        (Form::Grouped, 400),
        (Form::Dashes, 60),
        (Form::Pairs, 50),
        (Form::Dots, 30),
        (Form::Nbsp, 40),
        (Form::ThinSpace, 20),
    ],
    read: surface::read_digits,
};

/// Card numbers of which only the last four digits are left.
pub(super) const TRUNCATED: Family = Family {
    write: |normal, form, out| match form {
        Form::Masked => {
            push_masked("", normal, out);
            true
        }
        Form::Plain | Form::Compact | Form::Last4 => {
            out.push_str(normal);
            true
        }
        _ => false,
    },
    forms: &[(Form::Compact, 1)],
    read: read_truncated,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    fn made(country: Country, count: u64) -> Vec<CardNumber> {
        let mut stream = Stream::at(5, Domain::new("cards"), 0);
        (0..count)
            .map(|serial| make(country, serial, &mut stream))
            .collect()
    }

    #[test]
    fn every_number_passes_the_check_at_its_scheme_s_length() {
        for &country in Country::ALL {
            for card in made(country, 5_000) {
                assert!(check(&card.made.value), "{}", card.made.value);
                assert_eq!(card.made.value.len(), card.scheme.number_length());
            }
        }
    }

    #[test]
    fn published_numbers_stay_below_5_percent_and_unassigned_iins_near_10() {
        for &country in Country::ALL {
            let cards = made(country, 20_000);
            let published = cards
                .iter()
                .filter(|c| c.scheme.published().contains(&c.made.value.as_str()))
                .count();
            let unassigned = cards
                .iter()
                .filter(|c| c.made.safety == Safety::Unassigned)
                .count();
            assert!(published < 1_000, "{published}");
            assert!((1_600..2_400).contains(&unassigned), "{unassigned}");
        }
    }

    #[test]
    fn published_numbers_pass_the_check() {
        for scheme in Scheme::ALL {
            assert!(scheme.published().iter().all(|number| check(number)));
        }
    }

    #[test]
    fn a_length_that_the_iin_does_not_allow_fails() {
        assert!(!check("424242424242424"));
        assert!(!check("42424242424242424242"));
        assert!(!check(""));
    }

    #[test]
    fn a_masked_number_reads_as_its_last_four_digits() {
        for card in made(Country::France, 500) {
            let value = card.made.value;
            let mut out = String::new();
            assert!((FAMILY.write)(&value, Form::Masked, &mut out));
            assert_eq!(
                read_truncated(&out).as_deref(),
                Some(&value[value.len() - 4..])
            );
        }
        assert_eq!(read_truncated("carte finissant par 4242"), None);
        assert_eq!(read_truncated("x4242").as_deref(), Some("4242"));
    }
}
