//! Recovery phrases of wallets (BIP-39): words of a list of 2,048, eleven bits each, of which the last
//! bits are a checksum.
//!
//! Invariant: the entropy of a phrase made here is one that the standard's test vectors publish, or the
//! hash of a text that is printed here: a wallet under it is nobody's, and must not be used.

use super::Made;
use super::surface::Family;
use crate::conversation::{Form, Safety};
use crate::seed::Stream;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// The English list, in order (see `datasets/SOURCES.md`).
fn words() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        include_str!("../../datasets/identifiers/bip39_english.txt")
            .lines()
            .collect()
    })
}

/// Bytes that the published test vectors repeat sixteen times.
const VECTORS: [u8; 4] = [0x00, 0x7f, 0x80, 0xff];

/// A phrase of twelve words. One in twenty is a published test vector; the others come from the first 16
/// bytes of SHA-256 over `SYN` and `serial`, so that distinct serials give distinct phrases.
pub fn make(serial: u64, stream: &mut Stream) -> Made {
    if stream.chance(50) {
        let entropy = [*stream.pick(&VECTORS); 16];
        return Made::new(phrase(&entropy), Safety::PublishedTest, true);
    }
    let mut hasher = Sha256::new();
    hasher.update(b"SYN");
    hasher.update(serial.to_le_bytes());
    let digest = hasher.finalize();
    Made::new(phrase(&digest[..16]), Safety::Convention, true)
}

/// The words of an entropy of 16 to 32 bytes: its bits, and as many of its SHA-256 as it has words by 3.
fn phrase(entropy: &[u8]) -> String {
    let digest = Sha256::digest(entropy);
    let count = entropy.len() * 8 / 32 * 3;
    let bit = |at: usize| -> usize {
        let byte = match at.checked_sub(entropy.len() * 8) {
            None => entropy[at / 8],
            Some(over) => digest[over / 8],
        };
        usize::from(byte >> (7 - at % 8) & 1)
    };
    let word = |k: usize| words()[(k * 11..k * 11 + 11).fold(0, |word, at| word << 1 | bit(at))];
    (0..count).map(word).collect::<Vec<_>>().join(" ")
}

/// Twelve, 15, 18, 21 or 24 words of the English list, whose last bits are the first of the SHA-256 of
/// the others.
pub fn check(phrase: &str) -> bool {
    let mut places = Vec::with_capacity(24);
    for word in phrase.split_whitespace() {
        match words().binary_search(&word) {
            Ok(place) => places.push(place),
            Err(_) => return false,
        }
    }
    if !matches!(places.len(), 12 | 15 | 18 | 21 | 24) {
        return false;
    }
    let bits = |at: usize| places[at / 11] >> (10 - at % 11) & 1;
    let size = places.len() / 3 * 4;
    let entropy: Vec<u8> = (0..size)
        .map(|byte| (byte * 8..byte * 8 + 8).fold(0, |sum, at| sum << 1 | bits(at) as u8))
        .collect();
    let digest = Sha256::digest(&entropy);
    (size * 8..places.len() * 11).all(|at| {
        let over = at - size * 8;
        usize::from(digest[over / 8] >> (7 - over % 8) & 1) == bits(at)
    })
}

/// Writes the words with their numbers: `1.abandon 2.abandon`.
fn write_numbered(phrase: &str, out: &mut String) {
    for (k, word) in phrase.split_whitespace().enumerate() {
        if k > 0 {
            out.push(' ');
        }
        super::checksum::push_padded(k as u64 + 1, 1, out);
        out.push('.');
        out.push_str(word);
    }
}

/// Recovery phrases. The form `dots` numbers the words, as wallets show them.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| match form {
        Form::Plain | Form::Lower => {
            out.push_str(normal);
            true
        }
        Form::Dots => {
            write_numbered(normal, out);
            true
        }
        Form::Dashes => {
            out.push_str(&normal.replace(' ', "-"));
            true
        }
        Form::Upper => {
            out.push_str(&normal.to_ascii_uppercase());
            true
        }
        _ => false,
    },
    forms: &[
        (Form::Plain, 76),
        (Form::Dots, 14),
        (Form::Upper, 5),
        (Form::Dashes, 5),
    ],
    read: |surface| {
        let marks = |c: char| c.is_ascii_digit() || c == '.' || c == ')';
        let words: Vec<String> = surface
            .split(|c: char| c.is_whitespace() || c == '-' || c == ',')
            .map(|word| word.trim_start_matches(marks).to_ascii_lowercase())
            .filter(|word| !word.is_empty())
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Domain;

    #[test]
    fn the_list_has_2048_words_in_order_that_differ_in_four_letters() {
        let words = words();
        assert_eq!(words.len(), 2048);
        let start = |word: &&'static str| word.get(..4).unwrap_or(word);
        assert!(
            words
                .windows(2)
                .all(|pair| start(&pair[0]) < start(&pair[1]))
        );
    }

    #[test]
    fn the_published_vectors_are_made_and_pass() {
        let ends = [
            "abandon abandon about",
            "legal winner thank yellow",
            "letter advice cage above",
            "zoo zoo wrong",
        ];
        for (byte, end) in VECTORS.into_iter().zip(ends) {
            let made = phrase(&[byte; 16]);
            assert!(made.ends_with(end) && check(&made), "{made}");
        }
        let long = phrase(&[0; 32]);
        assert!(check(&long) && long.ends_with(" art") && long.split(' ').count() == 24);
    }

    #[test]
    fn another_last_word_fails() {
        let mut stream = Stream::at(1, Domain::new("phrases"), 0);
        for serial in 0..500 {
            let made = make(serial, &mut stream).value;
            assert!(check(&made), "{made}");
            let (front, last) = made.rsplit_once(' ').unwrap();
            let other = if last == "zebra" { "zero" } else { "zebra" };
            let place = |word: &str| words().binary_search(&word).unwrap();
            // The last word holds 7 bits of entropy and 4 of checksum.
            if place(last) >> 4 == place(other) >> 4 {
                assert!(!check(&format!("{front} {other}")));
            }
            assert!(!check(front) && !check(&format!("{front} tellerbench")));
        }
        assert!(!check("abandon abandon") && !check("abandon x12"));
        assert!(!check(&"abandon ".repeat(12)));
    }
}
