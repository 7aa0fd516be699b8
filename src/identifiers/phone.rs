//! Phone numbers, kept as E.164 (ITU-T): `+` and digits.
//!
//! * A **drama range** is one that a regulator keeps for fiction: nobody is ever given a number in it.
//!
//! Invariant: every number lies in a drama range. Sources: Arcep, *plan national de numérotation*,
//! article 2.5.12 (France); Ofcom, *Telephone numbers for drama use* (Britain); NANPA, 555-0100 to
//! 555-0199 (United States). libphonenumber rejects 06 39 98 and 07700 900: those numbers have
//! `strict_valid = false`.

use super::surface::{self, Family, Layout, NBSP, THIN};
use super::{Made, checksum, scatter};
use crate::conversation::{Form, Safety};
use crate::country::Country;
use crate::seed::Stream;

/// What a number reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// A mobile phone: what codes and wallets are sent to.
    Mobile,
    /// A line at a place.
    Landline,
}

/// The geographic drama ranges of France, before the last four digits.
const FRENCH_PLACES: [&str; 5] = ["19900", "26191", "35301", "46571", "53649"];

/// The geographic drama ranges of Britain, before the last three digits: London, then Leeds to
/// Manchester. Nottingham (0115) and 01632 are left out because libphonenumber rejects them.
const BRITISH_PLACES: [&str; 11] = [
    "2079460", "1134960", "1144960", "1164960", "1174960", "1184960", "1214960", "1314960",
    "1414960", "1514960", "1614960",
];

/// The German drama ranges that are read (Bundesnetzagentur, Mitteilung 148/2021): in national
/// digits they cannot be told from British numbers by their length.
const GERMAN_DRAMA: [&str; 5] = ["03023125", "06990009", "04066969", "02214710", "08999998"];

/// Area codes of the United States that are in service (NANPA), each with its 100 drama numbers.
#[rustfmt::skip]
const AREAS: &[u16] = &[
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 225, 228,
    229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301,
    302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323,
    325, 330, 334, 336, 337, 339, 347, 351, 352, 360, 361, 385, 386, 401, 402, 404, 405, 406, 407,
    408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 425, 432, 434, 435, 440, 443, 469, 478, 479,
    480, 484, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512, 513, 515, 516, 517, 518, 520, 530,
    540, 541, 551, 559, 561, 562, 563, 567, 570, 571, 573, 574, 580, 585, 586, 601, 602, 603, 605,
    606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 618, 619, 620, 623, 626, 630, 631, 636, 641,
    646, 650, 651, 660, 661, 662, 678, 682, 701, 702, 703, 704, 706, 707, 708, 712, 713, 714, 715,
    716, 717, 718, 719, 720, 724, 727, 731, 732, 734, 740, 754, 757, 760, 763, 765, 770, 772, 773,
    774, 775, 781, 785, 786, 801, 802, 803, 804, 805, 806, 808, 810, 812, 813, 814, 815, 816, 817,
    818, 828, 830, 831, 832, 843, 845, 847, 848, 850, 856, 857, 858, 859, 860, 862, 863, 864, 865,
    870, 878, 901, 903, 904, 906, 907, 908, 909, 910, 912, 913, 914, 915, 916, 917, 918, 919, 920,
    925, 928, 931, 936, 937, 940, 941, 947, 949, 951, 952, 954, 956, 970, 971, 972, 973, 978, 979,
    980, 985, 989,
];

/// How many numbers there are. Drama ranges hold thousands of numbers, not millions.
pub fn capacity(country: Country, line: Line) -> u64 {
    match (country, line) {
        (Country::France, Line::Mobile) => 10_000,
        (Country::France, Line::Landline) => 50_000,
        (Country::Britain, Line::Mobile) => 1_000,
        (Country::Britain, Line::Landline) => BRITISH_PLACES.len() as u64 * 1_000,
        (Country::UnitedStates, _) => AREAS.len() as u64 * 100,
    }
}

/// The number of a line. Distinct serials below [`capacity`] give distinct numbers; for serials
/// beyond it a number is drawn, and may repeat.
pub fn make(country: Country, line: Line, serial: u64, stream: &mut Stream) -> Made {
    let size = capacity(country, line);
    let index = if serial < size {
        serial
    } else {
        stream.below_u64(size)
    };
    let (start, digits, order) = match (country, line) {
        (Country::France, Line::Mobile) => ("+3363998", 4, "mobile FR"),
        (Country::France, Line::Landline) => ("+33", 4, "landline FR"),
        (Country::Britain, Line::Mobile) => ("+447700900", 3, "mobile GB"),
        (Country::Britain, Line::Landline) => ("+44", 3, "landline GB"),
        (Country::UnitedStates, _) => ("+1", 2, "phone US"),
    };
    let number = scatter(order, size, index);
    let block = 10u64.pow(digits);
    let place = (number / block) as usize;
    let mut value = String::with_capacity(13);
    value.push_str(start);
    match (country, line) {
        (Country::France, Line::Landline) => value.push_str(FRENCH_PLACES[place]),
        (Country::Britain, Line::Landline) => value.push_str(BRITISH_PLACES[place]),
        (Country::UnitedStates, _) => {
            checksum::push_padded(u64::from(AREAS[place]), 3, &mut value);
            value.push_str("55501");
        }
        _ => {}
    }
    checksum::push_padded(number % block, digits as usize, &mut value);
    let strict = line == Line::Landline || country == Country::UnitedStates;
    Made::new(value, Safety::Reserved, strict)
}

/// Has it the form of E.164 (at most 15 digits), and the length and first digits that its country
/// gives to numbers? France: nine digits after +33; North America: ten, area and exchange not
/// starting with 0 or 1; Britain: ten after +44, or nine when they start with 8.
pub fn check(e164: &str) -> bool {
    let Some(digits) = e164.strip_prefix('+') else {
        return false;
    };
    if !checksum::all_digits(digits) || digits.starts_with('0') {
        return false;
    }
    if let Some(national) = digits.strip_prefix("33") {
        national.len() == 9 && !national.starts_with('0')
    } else if let Some(national) = digits.strip_prefix("44") {
        let shape = national.len() == 10 || national.len() == 9 && national.starts_with('8');
        shape && national.starts_with(['1', '2', '3', '5', '7', '8', '9'])
    } else if let Some(national) = digits.strip_prefix('1') {
        is_north_american(national)
    } else {
        (8..=15).contains(&digits.len())
    }
}

fn is_north_american(national: &str) -> bool {
    let bytes = national.as_bytes();
    bytes.len() == 10 && bytes[0] >= b'2' && bytes[3] >= b'2'
}

/// Country code, trunk prefix and national digits.
fn parts(e164: &str) -> Option<(&str, &'static str, &str)> {
    let national = |code: &str| e164.get(1 + code.len()..);
    let (code, trunk) = match e164.strip_prefix('+')? {
        rest if rest.starts_with("33") => ("33", "0"),
        rest if rest.starts_with("44") => ("44", "0"),
        rest if rest.starts_with('1') => ("1", ""),
        _ => return None,
    };
    Some((&e164[1..=code.len()], trunk, national(code)?))
}

/// Groups of the national digits, trunk prefix included.
fn layout(code: &str, national: &str) -> Layout {
    match code {
        "33" => &[2],
        "1" => &[3, 3, 4],
        _ if national.starts_with('2') => &[3, 4, 4],
        _ if national.starts_with("11") => &[4, 3, 4],
        _ if matches!(national.as_bytes(), [b'1', _, b'1', ..]) => &[4, 3, 4],
        _ => &[5, 6],
    }
}

fn write(normal: &str, form: Form, out: &mut String) -> bool {
    if form == Form::Plain {
        out.push_str(normal);
        return true;
    }
    let Some((code, trunk, national)) = parts(normal) else {
        return false;
    };
    let layout = layout(code, national);
    let mut dialled = String::with_capacity(11);
    dialled.push_str(trunk);
    dialled.push_str(national);
    match form {
        Form::National if code == "1" => push_american(national, " ", out),
        Form::Nbsp if code == "1" => push_american(national, NBSP, out),
        Form::ThinSpace if code == "1" => push_american(national, THIN, out),
        Form::National => surface::push_grouped(&dialled, layout, " ", out),
        Form::International => {
            out.push('+');
            out.push_str(code);
            out.push(' ');
            let separator = if code == "1" { "-" } else { " " };
            let mut grouped = String::with_capacity(16);
            surface::push_grouped(&dialled, layout, separator, &mut grouped);
            out.push_str(grouped.strip_prefix('0').unwrap_or(&grouped));
        }
        Form::Last4 => return surface::write_last4(national, out),
        _ => return surface::write_grouped(&dialled, layout, form, out),
    }
    true
}

fn push_american(national: &str, space: &str, out: &mut String) {
    let (area, rest) = national.split_at(3);
    out.push('(');
    out.push_str(area);
    out.push(')');
    out.push_str(space);
    surface::push_grouped(rest, &[3, 4], "-", out);
}

/// Reads a number. National digits are taken for French (ten, starting with 0), British (eleven,
/// starting with 0) or North American ones.
fn read(surface: &str) -> Option<String> {
    let trimmed = surface.trim();
    let without_trunk = trimmed.replacen("(0)", "", 1);
    let mut digits = String::with_capacity(16);
    for (place, character) in without_trunk.chars().enumerate() {
        match character {
            '0'..='9' => digits.push(character),
            '+' if place == 0 => digits.push('+'),
            '(' | ')' => {}
            c if surface::is_separator(c) => {}
            _ => return None,
        }
    }
    let with = |prefix: &str, rest: &str| Some(format!("{prefix}{rest}"));
    if digits.starts_with('+') {
        return (digits.len() > 7).then_some(digits);
    }
    if let Some(rest) = digits.strip_prefix("00") {
        return (rest.len() > 7).then(|| format!("+{rest}"));
    }
    match (digits.len(), digits.strip_prefix('0')) {
        (10, Some(rest)) => with("+33", rest),
        (11, Some(rest)) if GERMAN_DRAMA.iter().any(|start| digits.starts_with(start)) => {
            with("+49", rest)
        }
        (11, Some(rest)) => with("+44", rest),
        (10, None) if is_north_american(&digits) => with("+1", &digits),
        (11, None) if digits.starts_with('1') && is_north_american(&digits[1..]) => {
            with("+", &digits)
        }
        _ => None,
    }
}

/// Phone numbers.
pub(super) const FAMILY: Family = Family {
    write,
    forms: &[
        (Form::National, 380),
        (Form::Compact, 330),
        (Form::International, 70),
        (Form::Plain, 60),
        (Form::Dots, 60),
        (Form::Dashes, 50),
        (Form::Nbsp, 30),
        (Form::ThinSpace, 10),
        (Form::Slashes, 10),
    ],
    read,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &str, form: Form) -> String {
        let mut out = String::new();
        assert!(write(value, form, &mut out));
        out
    }

    #[test]
    fn numbers_are_written_as_their_country_writes_them() {
        assert_eq!(written("+33639981234", Form::National), "06 39 98 12 34");
        assert_eq!(
            written("+33639981234", Form::International),
            "+33 6 39 98 12 34"
        );
        assert_eq!(written("+12025550143", Form::National), "(202) 555-0143");
        assert_eq!(
            written("+12025550143", Form::International),
            "+1 202-555-0143"
        );
        assert_eq!(written("+442079460123", Form::National), "020 7946 0123");
        assert_eq!(written("+441134960123", Form::National), "0113 496 0123");
        assert_eq!(written("+447700900123", Form::National), "07700 900123");
        assert_eq!(
            written("+447700900123", Form::International),
            "+44 7700 900123"
        );
    }

    #[test]
    fn a_trunk_prefix_in_brackets_is_dropped() {
        assert_eq!(
            read("+33 (0)6 39 98 12 34").as_deref(),
            Some("+33639981234")
        );
        assert_eq!(read("0033 6 39 98 12 34").as_deref(), Some("+33639981234"));
    }

    #[test]
    fn short_numbers_are_not_phone_numbers() {
        assert_eq!(read("3639"), None);
        assert_eq!(read("01 99 00 12 3"), None);
        assert!(!check("+3319900123"));
    }

    #[test]
    fn mobile_numbers_of_france_and_britain_are_known_to_be_refused_by_strict_validators() {
        use crate::seed::Domain;
        let mut stream = Stream::at(1, Domain::new("phone"), 0);
        let french = make(Country::France, Line::Mobile, 1, &mut stream);
        assert!(french.value.starts_with("+3363998") && !french.strict_valid);
        assert!(make(Country::France, Line::Landline, 1, &mut stream).strict_valid);
    }
}
