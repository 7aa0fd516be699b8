//! International account numbers (IBAN, ISO 13616), the French RIB inside them, and partial surfaces.
//!
//! * The **BBAN** is the national part behind country and check digits.
//! * **National check digits** lie inside the BBAN (the RIB key of France, the CIN of Italy). An IBAN
//!   can pass MOD 97-10 and fail them: a validator that knows them rejects it.
//!
//! Invariant: every IBAN made here passes both, and its bank does not exist ([`bank_code`]).

use super::checksum::{self, mod97, mod97_check_digits, number, push_padded, weighted_sum};
use super::surface::{self, Family};
use super::{Made, bank_codes, iban_countries, scatter};
use crate::conversation::{Form, Safety};
use crate::country::Country;
use crate::seed::Stream;

pub use super::bic::bic;

/// Accounts of one bank that [`make`] can number.
pub const ACCOUNTS: u64 = 100_000_000;

/// How many unassigned bank codes a country has; none in the United States, which has no IBAN
/// (see [`super::us_bank::ROUTINGS`]).
pub fn bank_codes(country: Country) -> u64 {
    match country {
        Country::France => bank_codes::FRENCH,
        Country::Britain => bank_codes::PARTY_PREFIXES,
        Country::UnitedStates => 0,
    }
}

/// The bank code at `index`: five digits in France, the four letters of the BIC in Britain.
/// Distinct indices give distinct codes.
///
/// # Panics
/// When `index` is not below [`bank_codes`], so always for the United States.
pub fn bank_code(country: Country, index: u64) -> String {
    match country {
        Country::France => bank_codes::french(index),
        Country::Britain => bank_codes::party_prefix("bank code GB", index),
        Country::UnitedStates => panic!("no IBAN in the United States: see us_bank::routing"),
    }
}

/// The value of a character in a RIB: digits as they are, A and J 1, B K S 2, … I R Z 9 (CFONB,
/// *Relevé d'identité bancaire*).
fn rib_digit(byte: u8) -> Option<u64> {
    match byte {
        b'0'..=b'9' => Some(u64::from(byte - b'0')),
        b'A'..=b'I' => Some(u64::from(byte - b'A') + 1),
        b'J'..=b'R' => Some(u64::from(byte - b'J') + 1),
        b'S'..=b'Z' => Some(u64::from(byte - b'S') + 2),
        _ => None,
    }
}

/// The key of a French RIB: 97 − (89 × bank + 15 × branch + 3 × account) mod 97. `None` where a
/// part has another length or foreign characters.
pub fn rib_key(bank: &str, branch: &str, account: &str) -> Option<u64> {
    if (bank.len(), branch.len(), account.len()) != (5, 5, 11) {
        return None;
    }
    let value = |part: &str| {
        part.bytes()
            .try_fold(0u64, |sum, byte| Some(sum * 10 + rib_digit(byte)?))
    };
    let sum = 89 * value(bank)? + 15 * value(branch)? + 3 * value(account)?;
    Some(97 - sum % 97)
}

/// The French RIB of an account: bank, branch, account of 11 letters or digits, key.
///
/// # Panics
/// When a part has another length or characters other than upper-case letters and digits.
pub fn rib(bank: &str, branch: &str, account: &str) -> String {
    let key = rib_key(bank, branch, account).expect("a RIB of 5, 5 and 11 characters");
    let mut rib = String::with_capacity(23);
    for part in [bank, branch, account] {
        rib.push_str(part);
    }
    push_padded(key, 2, &mut rib);
    rib
}

pub(super) fn with_check_digits(country: &str, bban: &str) -> String {
    let check = mod97_check_digits(bban, country).expect("letters and digits only");
    let mut iban = String::with_capacity(4 + bban.len());
    iban.push_str(country);
    push_padded(u64::from(check), 2, &mut iban);
    iban.push_str(bban);
    iban
}

/// The French IBAN of an account of 11 letters or digits.
///
/// # Panics
/// As [`rib`].
pub fn french(bank: &str, branch: &str, account: &str) -> String {
    with_check_digits("FR", &rib(bank, branch, account))
}

/// The British IBAN of an account: four letters, sort code, eight digits.
///
/// # Panics
/// When the parts hold anything but upper-case letters and digits.
pub fn british(bank4: &str, sort6: &str, account8: &str) -> String {
    let mut bban = String::with_capacity(18);
    for part in [bank4, sort6, account8] {
        bban.push_str(part);
    }
    with_check_digits("GB", &bban)
}

/// The IBAN of account `serial` of bank `bank_index`; `None` in the United States. Distinct serials
/// of a bank give distinct IBANs. One French account in twelve has a letter in it, as postal ones do.
///
/// # Panics
/// When the bank or the serial lies beyond [`bank_codes`] or [`ACCOUNTS`].
pub fn make(country: Country, bank_index: u64, serial: u64, stream: &mut Stream) -> Option<Made> {
    if country == Country::UnitedStates {
        return None;
    }
    let bank = bank_code(country, bank_index);
    let value = if country == Country::France {
        french(&bank, &branch(stream), &french_account(serial, stream))
    } else {
        let sort_code = super::uk_bank::sort_code(stream.below_u64(super::uk_bank::SORT_CODES));
        let account = super::uk_bank::account(serial);
        british(&bank, &sort_code.value, &account.value)
    };
    Some(Made::new(value, Safety::Unassigned, true))
}

/// A branch (*code guichet*): five digits, most often small numbers.
pub fn branch(stream: &mut Stream) -> String {
    let mut code = String::with_capacity(5);
    let bound = [2_000, 10_000, 99_999][stream.weighted(&[5, 3, 2])];
    push_padded(u64::from(1 + stream.below(bound)), 5, &mut code);
    code
}

/// A French account number of 11 characters, injective in `serial`.
///
/// # Panics
/// When `serial` is not below [`ACCOUNTS`].
pub fn french_account(serial: u64, stream: &mut Stream) -> String {
    let payload = scatter("account FR", ACCOUNTS, serial);
    let mut account = String::with_capacity(11);
    if stream.below(12) == 0 {
        stream.digits(2, &mut account);
        push_padded(payload / 1000, 5, &mut account);
        account.push(char::from(b'A' + stream.below(26) as u8));
        push_padded(payload % 1000, 3, &mut account);
    } else {
        account.push_str(if stream.chance(600) { "00" } else { "" });
        stream.digits(3 - account.len(), &mut account);
        push_padded(payload, 8, &mut account);
    }
    account
}

/// Has it the structure of its country, and does it pass ISO 7064 MOD 97-10?
pub fn check(iban: &str) -> bool {
    if !iban.is_ascii() || iban.len() < 5 {
        return false;
    }
    let (head, bban) = iban.split_at(4);
    iban_countries::fits(&head[..2], bban) == Some(true)
        && checksum::all_digits(&head[2..])
        && mod97(bban.as_bytes().iter().chain(head.as_bytes())) == Some(1)
}

/// Do the national check digits fit? `None` for countries without such digits, or whose digits are
/// not checked here. France and Monaco (RIB key), Italy and San Marino (CIN), Spain (*dígitos de
/// control*), Belgium (MOD 97), Portugal (NIB).
pub fn check_national(iban: &str) -> Option<bool> {
    let (country, bban) = (iban.get(..2)?, iban.get(4..)?);
    if iban_countries::fits(country, bban) != Some(true) {
        return None;
    }
    match country {
        "FR" | "MC" => Some(check_rib(bban)),
        "IT" | "SM" => Some(super::national_id::italian_letter(&bban[1..]) == bban.chars().next()),
        "ES" => {
            let control = spanish_digits(&bban[..8], &bban[10..])?;
            Some(bban.as_bytes()[8..10] == control)
        }
        "BE" => {
            let rest = number(&bban[..10])? % 97;
            Some(number(&bban[10..])? == if rest == 0 { 97 } else { rest })
        }
        "PT" => Some(mod97(bban.as_bytes()) == Some(1)),
        _ => None,
    }
}

/// Does the key of a French RIB (23 characters) fit?
pub fn check_rib(rib: &str) -> bool {
    rib.len() == 23
        && rib.is_ascii()
        && checksum::all_digits(&rib[..10])
        && number(&rib[21..])
            .is_some_and(|key| rib_key(&rib[..5], &rib[5..10], &rib[10..21]) == Some(key))
}

/// The two control digits of a Spanish account: weights 1, 2, 4, 8, 5, 10, 9, 7, 3, 6 over `00` and
/// bank and branch, then over the account; 11 − sum mod 11, with 10 → 1 and 11 → 0. `None` where a part
/// is not of 8 or 10 digits.
pub(super) fn spanish_digits(bank_and_branch: &str, account: &str) -> Option<[u8; 2]> {
    let weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    let digit = |sum: u32| match 11 - sum % 11 {
        10 => b'1',
        11 => b'0',
        d => b'0' + d as u8,
    };
    let first = digit(weighted_sum(bank_and_branch, &weights[2..])?);
    let second = digit(weighted_sum(account, &weights)?);
    Some([first, second])
}

/// Hides the middle of an IBAN. An account keeps its way of hiding.
fn push_masked(head: &str, last: &str, out: &mut String) {
    out.push_str(head);
    out.push_str(match last.bytes().map(u32::from).sum::<u32>() % 5 {
        0 | 1 => " •••• •••• ",
        2 => " **** **** **** ",
        3 => " XXXX XXXX XXXX ",
        _ => "************",
    });
    out.push_str(last);
}

fn read_iban(surface: &str) -> Option<String> {
    let rest = surface.trim();
    let rest = match rest.get(..4) {
        Some(word) if word.eq_ignore_ascii_case("iban") => {
            rest[4..].trim_start_matches([' ', ':', '\u{a0}'])
        }
        _ => rest,
    };
    surface::read_alphanumeric(rest)
}

/// Reads what is left of a partial IBAN: its last characters, with country and check digits where
/// they show. Two or more X in a row hide something.
fn read_partial(surface: &str) -> Option<String> {
    let mut kept = String::new();
    let mut crosses = 0;
    for character in surface.trim().chars() {
        let cross = matches!(character, 'x' | 'X');
        if !cross && crosses == 1 {
            kept.push('X');
        }
        crosses = if cross { crosses + 1 } else { 0 };
        if character.is_ascii_alphanumeric() && !cross {
            kept.push(character.to_ascii_uppercase());
        } else if !cross && !surface::is_mask(character) && !surface::is_separator(character) {
            return None;
        }
    }
    let country_only = kept.len() == 4 && kept.starts_with(|c: char| c.is_ascii_alphabetic());
    (kept.len() >= 3 && !country_only).then_some(kept)
}

fn write_account(normal: &str, layout: surface::Layout, form: Form, out: &mut String) -> bool {
    match form {
        Form::Last4 => surface::write_last4(normal, out),
        Form::Lower => surface::write_lower(normal, out),
        Form::Masked if normal.len() > 8 && normal.is_ascii() => {
            push_masked(&normal[..4], &normal[normal.len() - 4..], out);
            true
        }
        Form::Masked => false,
        _ => surface::write_grouped(normal, layout, form, out),
    }
}

/// IBANs.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| write_account(normal, &[4], form, out),
    forms: &[
        (Form::Compact, 400),
        (Form::Grouped, 420),
        (Form::Lower, 60),
        (Form::Nbsp, 50),
        (Form::Dashes, 30),
        (Form::ThinSpace, 20),
        (Form::Dots, 10),
        (Form::Pairs, 10),
    ],
    read: read_iban,
};

/// French RIBs: bank, branch, account, key.
pub(super) const RIB: Family = Family {
    write: |normal, form, out| write_account(normal, &[5, 5, 11, 2], form, out),
    forms: &[
        (Form::Grouped, 600),
        (Form::Compact, 250),
        (Form::Nbsp, 60),
        (Form::Dashes, 50),
        (Form::Lower, 40),
    ],
    read: surface::read_alphanumeric,
};

/// What is left of an IBAN: the last four characters, or country, check digits and last four.
pub(super) const PARTIAL: Family = Family {
    write: |normal, form, out| match form {
        Form::Masked if normal.len() == 8 && normal.is_ascii() => {
            push_masked(&normal[..4], &normal[4..], out);
            true
        }
        Form::Masked => {
            out.push_str("•••• ");
            out.push_str(normal);
            true
        }
        Form::Last4 => surface::write_last4(normal, out),
        Form::Plain | Form::Compact => {
            out.push_str(normal);
            true
        }
        _ => false,
    },
    forms: &[(Form::Compact, 1)],
    read: read_partial,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    #[test]
    fn the_worked_examples_hold() {
        assert_eq!(
            french("99998", "00042", "01234567890"),
            "FR7699998000420123456789068"
        );
        assert_eq!(
            rib("99998", "00042", "0123456789Z"),
            "99998000420123456789Z41"
        );
        assert_eq!(
            british("ZZZZ", "000000", "01234567"),
            "GB21ZZZZ00000001234567"
        );
    }

    #[test]
    fn a_french_iban_with_an_all_digit_account_always_has_check_digits_76() {
        let mut stream = Stream::at(1, Domain::new("iban"), 0);
        let (mut digits, mut letters) = (0, 0);
        for serial in 0..5_000 {
            let bank = stream.below_u64(bank_codes(Country::France));
            let iban = make(Country::France, bank, serial, &mut stream)
                .unwrap()
                .value;
            if checksum::all_digits(&iban[2..]) {
                digits += 1;
                assert!(iban.starts_with("FR76"), "{iban}");
            } else {
                letters += 1;
            }
        }
        assert!(digits > 4_000 && letters > 200, "{digits} {letters}");
    }

    #[test]
    fn every_iban_passes_mod_97_and_its_national_key() {
        let mut stream = Stream::at(2, Domain::new("iban"), 0);
        for serial in 0..3_000 {
            for country in [Country::France, Country::Britain] {
                let bank = stream.below_u64(bank_codes(country));
                let iban = make(country, bank, serial, &mut stream).unwrap().value;
                assert!(check(&iban), "{iban}");
                assert_ne!(check_national(&iban), Some(false), "{iban}");
            }
        }
    }

    #[test]
    fn mod_97_alone_accepts_a_wrong_national_key() {
        for iban in ["FR1499998000420123456789Z42", "IT66A9999800042000012345678"] {
            assert!(check(iban));
            assert_eq!(check_national(iban), Some(false));
        }
    }

    #[test]
    fn national_keys_of_other_countries_are_checked() {
        for iban in [
            "ES2699980042710123456789",
            "IT49U9999800042000012345678",
            "BE48986012345627",
            "PT50999800420123456789069",
        ] {
            assert!(check(iban), "{iban}");
            assert_eq!(check_national(iban), Some(true), "{iban}");
        }
        assert_eq!(check_national("DE97990000000123456789"), None);
    }

    #[test]
    fn a_masked_iban_reads_as_country_check_digits_and_last_four() {
        let mut out = String::new();
        assert!((FAMILY.write)(
            "FR7699998000420123456789068",
            Form::Masked,
            &mut out
        ));
        assert_eq!(read_partial(&out).as_deref(), Some("FR769068"));
        assert_eq!(read_partial("...9068").as_deref(), Some("9068"));
        assert_eq!(read_partial("FR76"), None);
    }
}
