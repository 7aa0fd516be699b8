//! Checksums that tell a number from a number like it.

/// Is the sum of Luhn's algorithm a multiple of ten (ISO/IEC 7812-1, annex B)? `digits` are ASCII.
pub fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0');
            match (place % 2, value) {
                (0, _) => value,
                (_, 0..=4) => 2 * value,
                _ => 2 * value - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The remainder modulo 97 of letters and digits read as a number, A = 10 … Z = 35 (ISO/IEC 7064).
fn mod97(characters: impl Iterator<Item = u8>) -> u32 {
    characters.fold(0, |rest, c| match c {
        b'0'..=b'9' => (rest * 10 + u32::from(c - b'0')) % 97,
        _ => (rest * 100 + u32::from(c.to_ascii_uppercase() - b'A') + 10) % 97,
    })
}

/// Length of an IBAN of a country (SWIFT, *IBAN Registry*; SEPA countries and a few neighbours).
pub fn iban_length(country: &[u8]) -> Option<usize> {
    const LENGTHS: &[(&[u8; 2], usize)] = &[
        (b"AD", 24),
        (b"AT", 20),
        (b"BE", 16),
        (b"BG", 22),
        (b"CH", 21),
        (b"CY", 28),
        (b"CZ", 24),
        (b"DE", 22),
        (b"DK", 18),
        (b"EE", 20),
        (b"ES", 24),
        (b"FI", 18),
        (b"FR", 27),
        (b"GB", 22),
        (b"GI", 23),
        (b"GR", 27),
        (b"HR", 21),
        (b"HU", 28),
        (b"IE", 22),
        (b"IS", 26),
        (b"IT", 27),
        (b"LI", 21),
        (b"LT", 20),
        (b"LU", 20),
        (b"LV", 21),
        (b"MA", 28),
        (b"MC", 27),
        (b"MT", 31),
        (b"NL", 18),
        (b"NO", 15),
        (b"PL", 28),
        (b"PT", 25),
        (b"RO", 24),
        (b"SE", 24),
        (b"SI", 19),
        (b"SK", 24),
        (b"SM", 27),
        (b"TN", 24),
        (b"TR", 26),
    ];
    LENGTHS
        .iter()
        .find(|(known, _)| country.eq_ignore_ascii_case(&known[..]))
        .map(|&(_, length)| length)
}

/// Has an IBAN without separators the length of its country and the right check digits
/// (ISO 13616-1: the first four characters moved to the end, modulo 97 = 1)?
pub fn iban(characters: &[u8]) -> bool {
    characters.len() > 4
        && iban_length(&characters[..2]) == Some(characters.len())
        && mod97(characters[4..].iter().chain(&characters[..4]).copied()) == 1
}

/// Has a French social security number without separators the right key: 97 less the remainder of
/// its first thirteen characters, with 2A read as 19 and 2B as 18 (INSEE, RNIPP)?
pub fn nir(characters: &[u8]) -> bool {
    if characters.len() != 15 {
        return false;
    }
    let mut body: Vec<u8> = characters[..13].to_vec();
    match &body[5..7] {
        b"2A" | b"2a" => body[5..7].copy_from_slice(b"19"),
        b"2B" | b"2b" => body[5..7].copy_from_slice(b"18"),
        _ => {}
    }
    let digits = |of: &[u8]| {
        std::str::from_utf8(of)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    matches!((digits(&body), digits(&characters[13..])), (Some(n), Some(key)) if key == 97 - n % 97)
}

/// Is a routing number's weighted sum a multiple of ten (ABA, weights 3, 7, 1)?
pub fn aba(digits: &[u8]) -> bool {
    digits.len() == 9
        && digits
            .iter()
            .zip([3u32, 7, 1].into_iter().cycle())
            .map(|(digit, weight)| weight * u32::from(digit - b'0'))
            .sum::<u32>()
            % 10
            == 0
}

/// Is a French RIB's key 97 less the weighted sum of bank, branch and account (letters of the
/// account read as the digits of their keys: A, J = 1, B, K, S = 2 …)?
pub fn rib(characters: &[u8]) -> bool {
    if characters.len() != 23 {
        return false;
    }
    let number = |of: &[u8]| {
        of.iter().try_fold(0u64, |sum, &c| {
            let value = match c.to_ascii_uppercase() {
                c @ b'0'..=b'9' => c - b'0',
                c @ b'A'..=b'I' => c - b'A' + 1,
                c @ b'J'..=b'R' => c - b'J' + 1,
                c @ b'S'..=b'Z' => c - b'S' + 2,
                _ => return None,
            };
            Some(sum * 10 + u64::from(value))
        })
    };
    let parts = (
        number(&characters[..5]),
        number(&characters[5..10]),
        number(&characters[10..21]),
        number(&characters[21..]),
    );
    match parts {
        (Some(bank), Some(branch), Some(account), Some(key)) => {
            key == 97 - (89 * bank + 15 * branch + 3 * account) % 97
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples_pass_and_their_near_misses_fail() {
        assert!(luhn(b"4242424242424242") && !luhn(b"4242424242424241"));
        assert!(iban(b"FR7699998000420123456789068") && !iban(b"FR7699998000420123456789069"));
        assert!(iban(b"gb21zzzz00000001234567") && !iban(b"FR76999980004201234567890"));
        assert!(nir(b"285077591500031") && !nir(b"285077591500032"));
        assert!(nir(b"185072A91500041") && !nir(b"185072B91500041"));
        assert!(aba(b"130000420") && !aba(b"130000421"));
        assert!(rib(b"99998000420123456789Z41") && !rib(b"99998000420123456789Z42"));
    }
}
