//! The content hash: what a corpus says, whatever its files, parts and order of shards.

use sha2::{Digest, Sha256};
use std::fmt;

/// Sum of the SHA-256 of every canonical record line, modulo 2^256. Additive over parts.
///
/// ```
/// use tellerbench::corpus::content::ContentHash;
/// let (mut a, mut b) = (ContentHash::default(), ContentHash::default());
/// a.add_line(b"one");
/// a.add_line(b"two");
/// b.add_line(b"two");
/// b.add_line(b"one");
/// assert_eq!(a, b);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContentHash([u64; 4]);

impl ContentHash {
    /// Adds a record line, without its line feed.
    pub fn add_line(&mut self, line: &[u8]) {
        let digest = Sha256::digest(line);
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(digest.chunks_exact(8)) {
            *word = u64::from_be_bytes(bytes.try_into().expect("eight bytes"));
        }
        self.add(&ContentHash(words));
    }

    /// Adds another part.
    pub fn add(&mut self, other: &ContentHash) {
        let mut carry = 0u128;
        for at in (0..4).rev() {
            let sum = u128::from(self.0[at]) + u128::from(other.0[at]) + carry;
            self.0[at] = sum as u64;
            carry = sum >> 64;
        }
    }

    /// Its first 8 hexadecimal digits, for ids.
    pub fn short(&self) -> String {
        format!("{:08x}", self.0[0] >> 32)
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<ContentHash> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut words = [0; 4];
        for (at, word) in words.iter_mut().enumerate() {
            *word = u64::from_str_radix(&text[at * 16..at * 16 + 16], 16).ok()?;
        }
        Some(ContentHash(words))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|word| write!(f, "{word:016x}"))
    }
}

/// A SHA-256 in hexadecimal.
pub fn hex(digest: impl AsRef<[u8]>) -> String {
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addition_carries_and_wraps() {
        let mut all = ContentHash([u64::MAX; 4]);
        all.add(&ContentHash([0, 0, 0, 1]));
        assert_eq!(all, ContentHash([0; 4]));
    }

    #[test]
    fn a_hash_reads_back_what_it_shows() {
        let mut hash = ContentHash::default();
        hash.add_line(b"x");
        assert_eq!(ContentHash::parse(&hash.to_string()), Some(hash));
    }
}
