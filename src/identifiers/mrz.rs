//! The machine-readable zone of travel documents (ICAO Doc 9303).

/// The check digit of a field: weights 7, 3, 1; A = 10 … Z = 35; `<` is 0.
fn digit(field: &str) -> Option<u8> {
    let mut sum = 0;
    for (place, byte) in field.bytes().enumerate() {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'A'..=b'Z' => u32::from(byte - b'A') + 10,
            b'<' => 0,
            _ => return None,
        };
        sum += value * [7, 3, 1][place % 3];
    }
    Some(b'0' + (sum % 10) as u8)
}

/// Do the check digits of the last line fit? Passports (TD3, 44 characters) and cards of the older
/// size (TD2, 36); a first line in front of it is not read.
pub fn check(zone: &str) -> bool {
    if !zone.is_ascii() {
        return false;
    }
    let line = match zone.len() {
        44 | 36 => zone,
        88 => &zone[44..],
        72 => &zone[36..],
        _ => return false,
    };
    let fits = |field: &str, at: usize| digit(field) == Some(line.as_bytes()[at]);
    let end = line.len() - 1;
    let person = fits(&line[..9], 9) && fits(&line[13..19], 19) && fits(&line[21..27], 27);
    let composite = [&line[..10], &line[13..20], &line[21..end]].concat();
    // An empty optional field of a passport may have `<` for its check digit.
    let optional = line.len() != 44
        || fits(&line[28..42], 42)
        || line[28..42].bytes().all(|byte| byte == b'<') && line.as_bytes()[42] == b'<';
    person && optional && fits(&composite, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_digit_of_the_line_counts() {
        let line = "00AA000000UTO8507147F3001019<<<<<<<<<<<<<<06";
        assert!(check(line));
        assert!(!check("00AA000001UTO8507147F3001019<<<<<<<<<<<<<<06"));
        assert!(!check("00AA000000UTO8507147F3001019<<<<<<<<<<<<<<05"));
        assert!(!check("00AA000000UTO8507147F3001019<<<<<<<<<<<<<"));
    }

    #[test]
    fn the_specimen_of_the_standard_passes() {
        assert!(check("L898902C36UTO7408122F1204159ZE184226B<<<<<10"));
        assert!(check("D231458907UTO7408122F1204159<<<<<<<6"));
    }
}
