//! Addresses of crypto assets: base58check, bech32 and bech32m (Bitcoin), hexadecimal (Ethereum).

use super::Made;
use super::surface::{self, Family};
use crate::conversation::{Form, Safety, names};
use crate::seed::Stream;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

names! {
    /// A kind of address.
    pub enum Kind {
        /// Bitcoin, main network, pay to the hash of a key (`1…`).
        BitcoinKey = "bitcoin_key",
        /// Bitcoin, main network, pay to the hash of a script (`3…`).
        BitcoinScript = "bitcoin_script",
        /// Bitcoin, main network, witness program of version 0 (`bc1q…`).
        BitcoinWitness = "bitcoin_witness",
        /// Bitcoin, test network, pay to the hash of a key (`m…`, `n…`).
        TestKey = "test_key",
        /// Bitcoin, test network, witness program of version 0 (`tb1q…`).
        TestWitness = "test_witness",
        /// Ethereum (`0x…`), in lower case.
        Ethereum = "ethereum",
    }
}

/// Kinds in the shares in which [`make`] draws them, in 100.
const SHARES: [u32; 6] = [26, 12, 34, 4, 4, 20];

/// An address to which nobody holds a key: its hash is not that of a key or script, but the first 20
/// bytes of SHA-256 over `SYN`, the kind and `serial`. Distinct serials give distinct addresses. For one
/// Ethereum address in twenty it is `0x…dEaD`, to which people send what they mean to destroy.
/// Validators refuse the test networks: `strict_valid` is false.
pub fn make(serial: u64, stream: &mut Stream) -> Made {
    let kind = Kind::ALL[stream.weighted(&SHARES)];
    if kind == Kind::Ethereum && stream.chance(50) {
        let burn = format!("0x{}dEaD", "0".repeat(36));
        return Made::new(burn, Safety::PublishedTest, true);
    }
    address(kind, serial)
}

/// The address of a kind at `serial` (see [`make`]).
pub fn address(kind: Kind, serial: u64) -> Made {
    let mut hasher = Sha256::new();
    hasher.update(b"SYN");
    hasher.update(kind.name().as_bytes());
    hasher.update(serial.to_le_bytes());
    let digest = hasher.finalize();
    let hash = &digest[..20];
    let value = match kind {
        Kind::BitcoinKey => base58(0, hash),
        Kind::BitcoinScript => base58(5, hash),
        Kind::TestKey => base58(111, hash),
        Kind::BitcoinWitness => witness("bc", hash),
        Kind::TestWitness => witness("tb", hash),
        Kind::Ethereum => hash.iter().fold("0x".to_owned(), |mut hex, byte| {
            hex.push(char::from(HEX[usize::from(byte >> 4)]));
            hex.push(char::from(HEX[usize::from(byte & 15)]));
            hex
        }),
    };
    let strict = !matches!(kind, Kind::TestKey | Kind::TestWitness);
    Made::new(value, Safety::Unassigned, strict)
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Version, hash and checksum in base 58; each byte of zeros in front is a 1.
fn base58(version: u8, hash: &[u8]) -> String {
    let mut bytes = vec![version];
    bytes.extend_from_slice(hash);
    let digest = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend_from_slice(&digest[..4]);
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let mut digits: Vec<u8> = Vec::with_capacity(36);
    for byte in bytes {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58) as u8;
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58) as u8);
            carry /= 58;
        }
    }
    let significant = digits.iter().rev().map(|&digit| BASE58[usize::from(digit)]);
    std::iter::repeat_n(b'1', zeros)
        .chain(significant)
        .map(char::from)
        .collect()
}

/// A witness program of version 0 (BIP-173): 20 bytes are 32 groups of five bits.
fn witness(prefix: &str, hash: &[u8]) -> String {
    let mut groups = vec![0u32];
    let (mut bits, mut held) = (0u32, 0);
    for &byte in hash {
        bits = (bits << 8 | u32::from(byte)) & 0xfff;
        held += 8;
        while held >= 5 {
            held -= 5;
            groups.push(bits >> held & 31);
        }
    }
    let sum = polymod(expanded(prefix, groups.iter().copied().chain([0; 6]))) ^ 1;
    groups.extend((0..6).map(|k| sum >> (5 * (5 - k)) & 31));
    let mut address = format!("{prefix}1");
    address.extend(
        groups
            .iter()
            .map(|&group| char::from(BECH32[group as usize])),
    );
    address
}

/// The prefix as BIP-173 puts it in front of the data for its checksum.
fn expanded<'a>(
    prefix: &'a str,
    data: impl Iterator<Item = u32> + 'a,
) -> impl Iterator<Item = u32> + 'a {
    let high = prefix.bytes().map(|byte| u32::from(byte >> 5));
    let low = prefix.bytes().map(|byte| u32::from(byte & 31));
    high.chain([0]).chain(low).chain(data)
}

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Is it an address with a right checksum? Bitcoin, main and test networks; for Ethereum the shape
/// only, since the checksum in its capitals (EIP-55) is optional.
pub fn check(address: &str) -> bool {
    if let Some(hex) = address.strip_prefix("0x") {
        return hex.len() == 40 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("bc1") || lower.starts_with("tb1") {
        return (lower == address || address.to_ascii_uppercase() == address) && bech32(&lower);
    }
    base58check(address)
}

/// Version, 20 bytes of hash, and the first four bytes of their double SHA-256.
fn base58check(address: &str) -> bool {
    if !(26..=35).contains(&address.len()) {
        return false;
    }
    let mut bytes = [0u8; 25];
    for byte in address.bytes() {
        let Some(digit) = BASE58.iter().position(|&known| known == byte) else {
            return false;
        };
        let mut carry = digit as u32;
        for slot in bytes.iter_mut().rev() {
            carry += u32::from(*slot) * 58;
            *slot = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    // Each leading 1 stands for a byte of zeros, and only those do.
    let ones = address.bytes().take_while(|&byte| byte == b'1').count();
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let (payload, checksum) = bytes.split_at(21);
    let digest = Sha256::digest(Sha256::digest(payload));
    ones == zeros.min(address.len())
        && matches!(payload[0], 0 | 5 | 111 | 196)
        && digest[..4] == *checksum
}

/// The polynomial checksum of BIP-173 (version 0) or BIP-350 (later versions).
fn bech32(address: &str) -> bool {
    let (prefix, data) = address.split_at(2);
    let values: Option<Vec<u32>> = data[1..]
        .bytes()
        .map(|byte| {
            BECH32
                .iter()
                .position(|&known| known == byte)
                .map(|v| v as u32)
        })
        .collect();
    let Some(values) = values else {
        return false;
    };
    if values.len() < 8 || address.len() > 90 {
        return false;
    }
    let constant = if values[0] == 0 { 1 } else { 0x2bc8_30a3 };
    polymod(expanded(prefix, values.iter().copied())) == constant
}

fn polymod(values: impl Iterator<Item = u32>) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    values.fold(1, |sum, value| {
        let top = sum >> 25;
        let mut next = (sum & 0x01ff_ffff) << 5 ^ value;
        for (bit, generator) in GENERATOR.iter().enumerate() {
            if top >> bit & 1 == 1 {
                next ^= generator;
            }
        }
        next
    })
}

/// Addresses: whole, as their case counts, or shortened as wallets show them: `0x0000…dEaD`.
pub(super) const FAMILY: Family = Family {
    write: |normal, form, out| match form {
        Form::Plain | Form::Compact => {
            out.push_str(normal);
            true
        }
        Form::Masked if normal.len() > 12 => {
            for part in [&normal[..6], "…", &normal[normal.len() - 4..]] {
                out.push_str(part);
            }
            true
        }
        Form::Last4 => surface::write_last4(normal, out),
        _ => false,
    },
    forms: &[(Form::Plain, 1)],
    read: surface::read_text,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_kind_pass_their_checksum_and_start_as_their_kind() {
        let starts = ["1", "3", "bc1q", "mn", "tb1q", "0x"];
        for (&kind, start) in Kind::ALL.iter().zip(starts) {
            for serial in 0..500 {
                let made = address(kind, serial).value;
                assert!(check(&made), "{made}");
                let fits = if start == "mn" {
                    made.starts_with(['m', 'n'])
                } else {
                    made.starts_with(start)
                };
                assert!(fits, "{kind} {made}");
            }
        }
    }

    #[test]
    fn addresses_of_both_networks_pass() {
        for address in [
            "1111111111111111111114oLvT2",
            "mfWyW5fc9NUj75YAnFgoRLrjxgLDn2MMth",
            "tb1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysnl25zw8",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            assert!(check(address), "{address}");
        }
    }

    #[test]
    fn one_changed_character_fails() {
        for address in [
            "1111111111111111111114oLvT3",
            "111111111111111111114oLvT2",
            "tb1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysnl25zw9",
            "0OIl",
            "",
        ] {
            assert!(!check(address), "{address}");
        }
    }
}
