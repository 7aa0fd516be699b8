//! Slips of the hand: one digit changed, two neighbours swapped, one lost.
//!
//! Invariant: a mistyped value fails the check of its label, where it has one, also when it is read
//! back from the digits that are typed.

use super::{Form, check, email, normalise, write};
use crate::seed::Stream;
use crate::taxonomy::Label;

/// How often a slip is tried before the value is cut short instead.
const TRIES: u32 = 48;

/// Fails the rule, in its normal form and as it is typed without separators? (An American number whose
/// area code became 005 reads, once dialled, as one of abroad.)
fn fails(label: Label, value: &str) -> bool {
    let mut typed = String::new();
    write(label, value, Form::Compact, &mut typed);
    let read = normalise(label, &typed);
    let passes = |value: &str| check(label, value) == Some(true);
    !passes(value) && !read.is_some_and(|read| passes(&read))
}

/// The value with one realistic slip, such that [`check`] fails. For a label without a rule, just a
/// slip that changes it (a value too short to change gets its last character twice).
pub fn mistype(label: Label, normal: &str, stream: &mut Stream) -> String {
    let fails = |value: &str| fails(label, value);
    if label.info().rule.as_deref() == Some("email") {
        return email::mistype(normal, stream);
    }
    let mut value: Vec<char> = normal.chars().collect();
    for _ in 0..TRIES {
        let slip = slip(&value, stream);
        if slip != normal && !slip.is_empty() && fails(&slip) {
            return slip;
        }
    }
    // Rules that most slips pass (a phone number, a range) are broken by length in the end, and those
    // that only know an alphabet by a key beside it.
    for length in (1..value.len()).rev() {
        let shorter: String = value[..length].iter().collect();
        if fails(&shorter) {
            return shorter;
        }
    }
    match value.last_mut() {
        Some(last) if check(label, normal).is_some() => *last = '_',
        _ => value.extend(normal.chars().next_back()),
    }
    value.into_iter().collect()
}

/// The value with a slip among its last characters: the first `kept` bytes stay, so that the end
/// alone corrects it. Where no such slip is found, any slip.
pub fn mistype_end(label: Label, normal: &str, kept: usize, stream: &mut Stream) -> String {
    let head = normal.get(..kept).unwrap_or("");
    let mut slip = mistype(label, normal, stream);
    for _ in 0..TRIES {
        if slip.starts_with(head) {
            break;
        }
        slip = mistype(label, normal, stream);
    }
    slip
}

/// One slip: a digit or letter for another of its kind (five in ten), two neighbours swapped (three),
/// one lost (two). Separators and signs stay.
fn slip(value: &[char], stream: &mut Stream) -> String {
    let typed = |c: &char| c.is_alphanumeric();
    let places: Vec<usize> = (0..value.len()).filter(|&k| typed(&value[k])).collect();
    let mut changed = value.to_vec();
    if places.is_empty() {
        return changed.into_iter().collect();
    }
    let pick = stream.below(places.len() as u32) as usize;
    let place = places[pick];
    match stream.below(10) {
        0..=4 => changed[place] = another(value[place], stream),
        5..=7 => {
            if let Some(&next) = places.get(pick + 1) {
                changed.swap(place, next);
            }
        }
        _ => {
            changed.remove(place);
        }
    }
    changed.into_iter().collect()
}

/// Another character of the same kind: a neighbour on the keypad for a digit, the next key for a letter.
fn another(character: char, stream: &mut Stream) -> char {
    const KEYPAD: [&[u8]; 10] = [
        b"8", b"24", b"135", b"26", b"157", b"2468", b"359", b"48", b"579", b"68",
    ];
    match character {
        '0'..='9' => {
            let digit = (character as u8 - b'0') as usize;
            char::from(*stream.pick(KEYPAD[digit]))
        }
        'A'..='Z' => char::from(b'A' + (character as u8 - b'A' + 1 + stream.below(25) as u8) % 26),
        'a'..='z' => char::from(b'a' + (character as u8 - b'a' + 1 + stream.below(25) as u8) % 26),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::normalise;
    use crate::seed::Domain;

    #[test]
    fn a_mistyped_value_fails_the_check_of_its_label() {
        let mut stream = Stream::at(1, Domain::new("slips"), 0);
        for label in Label::all().filter(|label| label.info().rule.is_some()) {
            for example in &label.info().valid {
                let normal = normalise(label, example).unwrap();
                for _ in 0..200 {
                    let slip = mistype(label, &normal, &mut stream);
                    assert_eq!(check(label, &slip), Some(false), "{label}: {normal} {slip}");
                }
            }
        }
    }

    #[test]
    fn a_mistyped_phone_number_is_none_of_abroad_either_once_it_is_dialled() {
        let mut stream = Stream::at(4, Domain::new("slips"), 0);
        let phone = Label::named("PHONE_NUMBER").unwrap();
        for _ in 0..5_000 {
            let slip = mistype(phone, "+15055550161", &mut stream);
            let mut dialled = String::new();
            write(phone, &slip, Form::Compact, &mut dialled);
            let read = normalise(phone, &dialled);
            let passes = read.is_some_and(|read| check(phone, &read) == Some(true));
            assert!(!passes, "{slip} {dialled}");
        }
    }

    #[test]
    fn a_slip_at_the_end_keeps_what_stands_before_it() {
        let mut stream = Stream::at(3, Domain::new("slips"), 0);
        let otp = Label::named("OTP_CODE").unwrap();
        let kept = (0..500)
            .filter(|_| mistype_end(otp, "482913", 4, &mut stream).starts_with("4829"))
            .count();
        assert_eq!(kept, 500);
    }

    #[test]
    fn a_slip_always_changes_a_value_without_a_rule() {
        let mut stream = Stream::at(2, Domain::new("slips"), 0);
        let otp = Label::named("OTP_CODE").unwrap();
        for _ in 0..500 {
            assert_ne!(mistype(otp, "482913", &mut stream), "482913");
        }
        assert_eq!(mistype(otp, "…", &mut stream), "……");
    }

    #[test]
    fn slips_of_a_card_number_are_of_all_three_kinds() {
        let mut stream = Stream::at(3, Domain::new("slips"), 0);
        let pan = Label::named("PAN").unwrap();
        let normal = "4242421234567893";
        let (mut lost, mut swapped, mut changed) = (0, 0, 0);
        for _ in 0..1_000 {
            let slip = mistype(pan, normal, &mut stream);
            let differing = normal
                .bytes()
                .zip(slip.bytes())
                .filter(|(a, b)| a != b)
                .count();
            match (slip.len(), differing) {
                (15, _) => lost += 1,
                (_, 2) => swapped += 1,
                (_, 1) => changed += 1,
                _ => panic!("{slip}"),
            }
        }
        assert!(
            lost > 50 && swapped > 50 && changed > 300,
            "{lost} {swapped} {changed}"
        );
    }
}
