//! Addresses of crypto assets: base58check, bech32 and bech32m (Bitcoin), hexadecimal (Ethereum).

use sha2::{Digest, Sha256};

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
    let high = prefix.bytes().map(|byte| u32::from(byte >> 5));
    let low = prefix.bytes().map(|byte| u32::from(byte & 31));
    let expanded = high.chain([0]).chain(low).chain(values.iter().copied());
    let constant = if values[0] == 0 { 1 } else { 0x2bc8_30a3 };
    polymod(expanded) == constant
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

#[cfg(test)]
mod tests {
    use super::*;

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
