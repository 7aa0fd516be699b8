//! References of SEPA payments: mandate (RUM), creditor identifier (ICS), structured communication.

use super::bic::is_country;
use super::checksum::{all_digits, mod97, mod97_check_digits, number, push_padded};
use super::surface::{self, Family};
use super::{Made, iban, scatter};
use crate::conversation::{Form, Safety, names};
use crate::seed::Stream;
use serde::{Deserialize, Serialize};

/// How many mandates [`rum`] numbers.
pub const MANDATES: u64 = 100_000_000;
/// How many creditors [`ics`] numbers.
pub const CREDITORS: u64 = 1_000_000;
/// How many references of one kind [`creditor_reference`] numbers.
pub const REFERENCES: u64 = 100_000_000;

/// A mandate reference, in one of the ways in which creditors number theirs. Distinct serials give
/// distinct references.
///
/// # Panics
/// When `serial` is not below [`MANDATES`].
pub fn rum(serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("rum", MANDATES, serial);
    let mut value = String::with_capacity(24);
    let (front, back) = match stream.weighted(&[22, 18, 12, 10, 14, 14, 10]) {
        0 => ("RUM-SYN-", "-FR"),
        1 => ("RUM", ""),
        2 => ("++SYN", ""),
        3 => ("MD-20", "/1"),
        4 => ("SYN", ""),
        5 => ("", ""),
        _ => ("M.SYN.", ".01"),
    };
    value.push_str(front);
    match front {
        "MD-20" => {
            push_padded(u64::from(14 + stream.below(13)), 2, &mut value);
            value.push('-');
        }
        "" => stream.digits(6, &mut value),
        _ => {}
    }
    push_padded(payload, 8, &mut value);
    value.push_str(back);
    Made::new(value, Safety::Convention, true)
}

/// The identifier of a creditor: most are French, some German or Dutch. National parts start with 9 or
/// are 999 millions, a convention. Distinct serials give distinct identifiers.
///
/// # Panics
/// When `serial` is not below [`CREDITORS`].
pub fn ics(serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("ics", CREDITORS, serial);
    let mut national = String::with_capacity(13);
    let country = match stream.weighted(&[84, 9, 7]) {
        0 => {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            national.push('9');
            for place in (0..5).rev() {
                national.push(char::from(HEX[(payload >> (4 * place) & 15) as usize]));
            }
            "FR"
        }
        1 => {
            national.push_str("99999");
            push_padded(payload, 6, &mut national);
            "DE"
        }
        _ => {
            national.push_str("99");
            push_padded(payload, 6, &mut national);
            national.push_str("0000");
            "NL"
        }
    };
    let key = mod97_check_digits(&national, country).expect("letters and digits");
    let own = if stream.chance(850) { "ZZZ" } else { "001" };
    let mut value = country.to_owned();
    push_padded(key.into(), 2, &mut value);
    value.push_str(own);
    value.push_str(&national);
    Made::new(value, Safety::Convention, true)
}

names! {
    /// A kind of structured reference.
    pub enum Kind {
        /// `RF`, ISO 11649.
        Creditor = "creditor",
        /// The Belgian structured communication of twelve digits.
        Belgian = "belgian",
        /// The Swiss QR reference of 27 digits.
        SwissQr = "swiss_qr",
    }
}

/// A reference that a creditor prints on an invoice. Distinct serials of a kind give distinct references.
///
/// # Panics
/// When `serial` is not below [`REFERENCES`].
pub fn creditor_reference(kind: Kind, serial: u64, stream: &mut Stream) -> Made {
    let payload = scatter("creditor reference", REFERENCES, serial);
    let mut value = String::with_capacity(27);
    match kind {
        Kind::Creditor => {
            let mut body = if stream.chance(500) { "SYN" } else { "" }.to_owned();
            let more = [0, 2, 5][stream.weighted(&[3, 2, 1])];
            stream.digits(more, &mut body);
            push_padded(payload, 8, &mut body);
            let key = mod97_check_digits(&body, "RF").expect("letters and digits");
            value.push_str("RF");
            push_padded(key.into(), 2, &mut value);
            value.push_str(&body);
        }
        Kind::Belgian => {
            stream.digits(2, &mut value);
            push_padded(payload, 8, &mut value);
            let rest = number(&value).expect("ten digits") % 97;
            push_padded(if rest == 0 { 97 } else { rest }, 2, &mut value);
        }
        Kind::SwissQr => {
            value.push_str("99999");
            stream.digits(13, &mut value);
            push_padded(payload, 8, &mut value);
            let digit = recursive_mod10(&value);
            push_padded(digit.into(), 1, &mut value);
        }
    }
    Made::new(value, Safety::Convention, true)
}

/// One to 35 characters of the SEPA set (EPC217-08).
pub fn check_rum(rum: &str) -> bool {
    (1..=35).contains(&rum.len())
        && rum
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+?/:().,' -".contains(&byte))
}

/// A creditor identifier: country, two check digits, three characters of the creditor's own, national
/// part. ISO 7064 MOD 97-10 without characters 5 to 7 (EPC262-08).
pub fn check_ics(ics: &str) -> bool {
    (8..=35).contains(&ics.len())
        && ics.is_ascii()
        && is_country(&ics[..2])
        && all_digits(&ics[2..4])
        && mod97(ics.as_bytes()[7..].iter().chain(&ics.as_bytes()[..4])) == Some(1)
        && mod97(&ics.as_bytes()[4..7]).is_some()
}

/// A creditor reference (`RF`, ISO 11649), a Belgian structured communication of 12 digits (MOD 97), or
/// a Swiss QR reference of 27 digits (recursive MOD 10).
pub fn check_creditor_reference(reference: &str) -> bool {
    if !reference.is_ascii() {
        return false;
    }
    if let Some(rest) = reference.strip_prefix("RF") {
        let (digits, body) = rest.split_at_checked(2).unwrap_or((rest, ""));
        return (3..=23).contains(&rest.len())
            && all_digits(digits)
            && mod97(body.as_bytes().iter().chain(b"RF").chain(digits.as_bytes())) == Some(1);
    }
    match reference.len() {
        12 => match (number(&reference[..10]), number(&reference[10..])) {
            (Some(body), Some(key)) => key == if body % 97 == 0 { 97 } else { body % 97 },
            _ => false,
        },
        27 => all_digits(reference) && recursive_mod10(reference) == 0,
        _ => false,
    }
}

/// The carry of the recursive MOD 10 of Swiss payment slips; 0 for a number with its check digit.
fn recursive_mod10(digits: &str) -> u8 {
    const TABLE: [u8; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let carry = digits.bytes().fold(0, |carry, byte| {
        TABLE[usize::from((carry + byte - b'0') % 10)]
    });
    (10 - carry) % 10
}

/// Reads a structured communication with or without its `+++` and slashes.
fn read_reference(surface: &str) -> Option<String> {
    surface::read_alphanumeric(surface.trim().trim_matches(['+', '*']))
}

/// Mandate references: text.
pub(super) const RUM: Family = Family {
    write: |normal, form, out| match form {
        Form::Lower => surface::write_lower(normal, out),
        _ => (surface::TEXT.write)(normal, form, out),
    },
    forms: &[(Form::Plain, 85), (Form::Lower, 15)],
    read: |surface| surface::read_text(surface).map(|text| text.to_ascii_uppercase()),
};

/// Creditor identifiers.
pub(super) const ICS: Family = Family {
    write: |normal, form, out| (iban::FAMILY.write)(normal, form, out),
    forms: &[(Form::Compact, 70), (Form::Grouped, 25), (Form::Lower, 5)],
    read: surface::read_alphanumeric,
};

/// Creditor references.
pub(super) const REFERENCE: Family = Family {
    write: |normal, form, out| {
        if form == Form::Slashes && normal.len() == 12 && all_digits(normal) {
            out.push_str("+++");
            surface::push_grouped(normal, &[3, 4, 5], "/", out);
            out.push_str("+++");
            return true;
        }
        // Only the Belgian communication has slashes; Swiss payment slips show two digits and fives.
        match (form, normal.len()) {
            (Form::Slashes, _) => surface::write_grouped(normal, &[4], Form::Compact, out),
            (_, 27) => surface::write_grouped(normal, &[2, 5], form, out),
            _ => surface::write_grouped(normal, &[4], form, out),
        }
    },
    forms: &[
        (Form::Compact, 50),
        (Form::Grouped, 30),
        (Form::Slashes, 20),
    ],
    read: read_reference,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_creditor_s_own_characters_take_no_part_in_the_check() {
        assert!(check_ics("FR90ZZZ999042") && check_ics("FR90ABC999042"));
        assert!(check_ics("DE62ZZZ99999999042") && !check_ics("FR90ZZZ999043"));
    }

    #[test]
    fn three_kinds_of_structured_communication_are_known() {
        assert!(check_creditor_reference("RF89SYN00042"));
        assert!(check_creditor_reference("012345678939"));
        assert!(check_creditor_reference("999999999000000000000000421"));
        assert!(!check_creditor_reference("RF89SYN00043"));
        assert!(!check_creditor_reference("999999999000000000000000422"));
        assert_eq!(
            read_reference("+++012/3456/78939+++").as_deref(),
            Some("012345678939")
        );
    }

    #[test]
    fn a_mandate_reference_keeps_to_the_sepa_set() {
        assert!(check_rum("RUM-SYN-000042-FR") && !check_rum("RUM-€-42") && !check_rum(""));
    }
}
