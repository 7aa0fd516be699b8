//! Number plates of cars.
//!
//! Invariant: France: the pair SS is never given, and numbers start at 001. Britain: the age identifiers
//! 00 and 01 were left out when the present shape began with 51 in September 2001. California: numbers
//! start with 1 to 9, ours with 0. The latter two rest on general knowledge (`datasets/SOURCES.md`).

use super::checksum::push_padded;
use super::surface::{self, Family, Layout};
use super::{Made, scatter};
use crate::conversation::{Form, Safety};
use crate::country::Country;

/// Letters of French plates.
const FRENCH: &[u8; 23] = b"ABCDEFGHJKLMNPQRSTVWXYZ";
/// Letters of British plates, without I, Q and Z in front.
const BRITISH_FRONT: &[u8; 23] = b"ABCDEFGHJKLMNOPRSTUVWXY";
const BRITISH_BACK: &[u8; 24] = b"ABCDEFGHJKLMNOPRSTUVWXYZ";

const PAIRS: u64 = 23 * 23;
/// The place of SS among the French pairs.
const SS: u64 = 16 * 23 + 16;

/// How many plates there are.
pub fn capacity(country: Country) -> u64 {
    match country {
        // SS in front, SS behind another pair, 000 between two others.
        Country::France => PAIRS * 1_000 + (PAIRS - 1) * 1_000 + (PAIRS - 1) * (PAIRS - 1),
        Country::Britain => 23 * 23 * 2 * 24 * 24 * 24,
        Country::UnitedStates => 23 * 23 * 23 * 1_000,
    }
}

fn pair(place: u64, letters: &[u8], out: &mut String) {
    let size = letters.len() as u64;
    for letter in [place / size % size, place % size] {
        out.push(char::from(letters[letter as usize]));
    }
}

/// The plate at `serial`; distinct serials give distinct plates.
///
/// # Panics
/// When `serial` is not below [`capacity`].
pub fn make(country: Country, serial: u64) -> Made {
    let mut value = String::with_capacity(7);
    match country {
        Country::France => {
            let place = scatter("plate FR", capacity(country), serial);
            push_french(place, &mut value);
            Made::new(value, Safety::Unassigned, true)
        }
        Country::Britain => {
            let mut place = scatter("plate GB", capacity(country), serial);
            pair(place % PAIRS, BRITISH_FRONT, &mut value);
            place /= PAIRS;
            push_padded(place % 2, 2, &mut value);
            place /= 2;
            pair(place % 576, BRITISH_BACK, &mut value);
            value.push(char::from(BRITISH_BACK[(place / 576) as usize]));
            Made::new(value, Safety::Unassigned, true)
        }
        Country::UnitedStates => {
            let place = scatter("plate US", capacity(country), serial);
            value.push('0');
            pair(place / 23_000, FRENCH, &mut value);
            value.push(char::from(FRENCH[(place / 1_000 % 23) as usize]));
            push_padded(place % 1_000, 3, &mut value);
            Made::new(value, Safety::Convention, true)
        }
    }
}

fn push_french(place: u64, out: &mut String) {
    let other = |place: u64| place + u64::from(place >= SS);
    let (front, number, back) = if let Some(rest) = place.checked_sub(PAIRS * 1_000) {
        match rest.checked_sub((PAIRS - 1) * 1_000) {
            None => (other(rest / 1_000), rest % 1_000, SS),
            Some(rest) => (other(rest / (PAIRS - 1)), 0, other(rest % (PAIRS - 1))),
        }
    } else {
        (SS, place % 1_000, place / 1_000)
    };
    pair(front, FRENCH, out);
    push_padded(number, 3, out);
    pair(back, FRENCH, out);
}

/// French plates since 2009 (`AB-123-CD`), British ones since 2001 (`AB12 CDE`) and Californian ones
/// (`1ABC234`), without I, O, U in France and without I and Q in Britain's first two letters.
pub fn check(plate: &str) -> bool {
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
        "9AAA999" => true,
        _ => false,
    }
}

fn layout(plate: &str) -> Layout {
    let digit = |at: usize| plate.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    match (digit(0), digit(4)) {
        (true, _) => &[1, 3, 3],
        (_, true) => &[2, 3, 2],
        _ => &[4, 3],
    }
}

/// Plates.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| match form {
        Form::Lower => surface::write_lower(normal, out),
        _ => surface::write_grouped(normal, layout(normal), form, out),
    },
    forms: &[
        (Form::Dashes, 50),
        (Form::Compact, 25),
        (Form::Grouped, 20),
        (Form::Lower, 5),
    ],
    read: surface::read_alphanumeric,
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_plate_has_the_shape_of_its_country() {
        assert!(check("SS000SS") && check("AB12CDE") && check("1ABC234"));
        assert!(!check("AB12CD") && !check("IO123AB") && !check("é"));
    }

    #[test]
    fn no_plate_could_be_on_a_car_and_none_repeats() {
        for &country in Country::ALL {
            let plates: BTreeSet<String> = (0..20_000).map(|s| make(country, s).value).collect();
            assert_eq!(plates.len(), 20_000);
            for plate in plates {
                assert!(check(&plate), "{plate}");
                let safe = match country {
                    Country::France => {
                        plate.starts_with("SS") || plate.ends_with("SS") || &plate[2..5] == "000"
                    }
                    Country::Britain => matches!(&plate[2..4], "00" | "01"),
                    Country::UnitedStates => plate.starts_with('0'),
                };
                assert!(safe, "{plate}");
            }
        }
    }

    #[test]
    fn the_three_kinds_of_french_plates_meet_at_no_place() {
        let mut plates = BTreeSet::new();
        for place in (0..capacity(Country::France)).step_by(7) {
            let mut plate = String::new();
            push_french(place, &mut plate);
            assert!(plates.insert(plate));
        }
    }
}
