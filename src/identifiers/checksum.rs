//! The arithmetic that several families share. Each function names the standard that defines it.
//!
//! Invariant: a character outside the alphabet of a rule makes the rule fail, never panic.

/// The Luhn sum: from the right, every second digit is doubled, and 9 is taken off what exceeds 9
/// (ISO/IEC 7812-1, annex B). `None` where a character is not a digit.
fn luhn_sum(digits: &str, double_last: bool) -> Option<u32> {
    let mut sum = 0;
    let mut double = double_last;
    for byte in digits.bytes().rev() {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if digit > 9 {
            return None;
        }
        sum += match (double, digit) {
            (false, d) => d,
            (true, d) if d < 5 => 2 * d,
            (true, d) => 2 * d - 9,
        };
        double = !double;
    }
    Some(sum)
}

/// Does the number, check digit included, pass the Luhn test?
pub fn luhn(digits: &str) -> bool {
    !digits.is_empty() && luhn_sum(digits, false).is_some_and(|sum| sum % 10 == 0)
}

/// The check digit that makes `payload` pass the Luhn test (0 for a payload that is not digits).
pub fn luhn_digit(payload: &str) -> u8 {
    let sum = luhn_sum(payload, true).unwrap_or(0);
    ((10 - sum % 10) % 10) as u8
}

/// The remainder of `text` by 97, read as one number with A = 10 … Z = 35 (ISO/IEC 7064,
/// MOD 97-10, as used by ISO 13616 and ISO 11649). `None` where a character is neither.
pub fn mod97<'a>(text: impl IntoIterator<Item = &'a u8>) -> Option<u32> {
    let mut rest = 0u64;
    for byte in text {
        rest = match byte {
            b'0'..=b'9' => rest * 10 + u64::from(byte - b'0'),
            b'A'..=b'Z' => rest * 100 + u64::from(byte - b'A') + 10,
            _ => return None,
        };
        // Divisions are slow: one for some sixteen digits is enough.
        if rest >= 100_000_000_000_000_000 {
            rest %= 97;
        }
    }
    Some((rest % 97) as u32)
}

/// The two ISO 7064 MOD 97-10 check digits of `body`, which is followed by `tail` and `00`.
pub fn mod97_check_digits(body: &str, tail: &str) -> Option<u32> {
    let rest = mod97(body.as_bytes().iter().chain(tail.as_bytes()).chain(b"00"))?;
    Some(98 - rest)
}

/// The check digit of ISO/IEC 7064 MOD 11,10 over a string of digits.
pub fn mod11_10(digits: &str) -> Option<u8> {
    let mut product = 10u32;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        let sum = (u32::from(byte - b'0') + product) % 10;
        product = (if sum == 0 { 10 } else { sum } * 2) % 11;
    }
    Some(((11 - product) % 10) as u8)
}

/// Σ digit × weight, for as many digits as there are weights. `None` where the lengths differ or
/// a character is not a digit.
pub fn weighted_sum(digits: &str, weights: &[u32]) -> Option<u32> {
    if digits.len() != weights.len() {
        return None;
    }
    digits
        .bytes()
        .zip(weights)
        .try_fold(0, |sum, (byte, weight)| {
            byte.is_ascii_digit()
                .then(|| sum + u32::from(byte - b'0') * weight)
        })
}

/// The number that a string of at most 19 digits writes.
pub fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || digits.len() > 19 || !all_digits(digits) {
        return None;
    }
    digits.parse().ok()
}

/// Is it made of decimal digits only, and of at least one?
pub fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes `number` with at least `width` digits.
pub fn push_padded(number: u64, width: usize, out: &mut String) {
    let mut buffer = [b'0'; 20];
    let mut at = buffer.len();
    let mut left = number;
    while left > 0 || buffer.len() - at < width {
        at -= 1;
        buffer[at] = b'0' + (left % 10) as u8;
        left /= 10;
    }
    out.extend(buffer[at..].iter().map(|&byte| char::from(byte)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_luhn_digit_completes_a_number() {
        assert!(luhn("4242424242424242"));
        assert!(!luhn("4242424242424243"));
        assert!(!luhn(""));
        assert!(!luhn("4242 4242"));
        assert_eq!(luhn_digit("424242424242424"), 2);
        assert_eq!(luhn_digit("37828224631000"), 5);
    }

    #[test]
    fn luhn_misses_the_exchange_of_09_and_90() {
        assert!(luhn("091") == luhn("901"));
    }

    #[test]
    fn mod_97_reads_letters_as_two_digits() {
        assert_eq!(mod97(b"99998000420123456789068FR76"), Some(1));
        assert_eq!(
            mod97_check_digits("99998000420123456789068", "FR"),
            Some(76)
        );
        assert_eq!(mod97(b"fr"), None);
    }

    #[test]
    fn the_example_of_the_german_tax_number_passes_mod_11_10() {
        assert_eq!(mod11_10("0812345006"), Some(4));
    }

    #[test]
    fn padding_keeps_leading_zeros_and_never_cuts() {
        let mut out = String::new();
        push_padded(42, 5, &mut out);
        push_padded(0, 1, &mut out);
        push_padded(12345, 2, &mut out);
        assert_eq!(out, "00042012345");
    }
}
