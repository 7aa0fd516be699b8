//! Codes of banks that do not exist.
//!
//! * A **French bank code** has five digits. The 217 codes of the registry bundled with schwifty
//!   2026.10.1 start with 1, 2, 3, 4 or 7; ours start with 8 or 9.
//! * A **party prefix** is the first four letters of a BIC, which are also the bank part of a British
//!   IBAN. None of the 4,304 prefixes of the same registries (45 countries) starts with one of our
//!   pairs of letters.
//!
//! Invariant: distinct indices give distinct codes, so any partition of the indices partitions the
//! codes, and no code starts like one that a registry lists.

use super::checksum::push_padded;
use super::scatter;

/// How many French bank codes there are: 80000 to 99999.
pub(super) const FRENCH: u64 = 20_000;

/// Pairs of letters with which no registered party prefix starts.
const PAIRS: &str = "AWAYBQDDDQDXEOEYFKFQFWFYFZGDGQGWGXGYGZHJHQHWHXIJIQIUIWIYIZJBJDJFJGJQJRJWJXJZ\
KGKJKQKWKXLQLWMJMQMZNJNLNQNXOJOQPJPQQBQDQEQFQGQHQJQKQLQMQOQPQQQRQSQTQWQXQYQZRDRQRXSJTNTQUJUQ\
UUUVUXUZVHVJVLVMVUVWVXVYWDWJWQWXWYXAXDXEXFXGXHXIXJXKXMXNXOXQXRXSXUXVXWXXXYXZYBYDYEYGYHYIYJYK\
YLYMYNYPYQYRYSYTYUYVYWYXYYYZZCZDZFZGZHZJZLZNZPZQZRZSZVZXZYZZ";

/// How many party prefixes there are: two free letters behind each pair.
pub(super) const PARTY_PREFIXES: u64 = (PAIRS.len() as u64 / 2) * 26 * 26;

/// The French bank code at `index`.
pub(super) fn french(index: u64) -> String {
    let mut code = String::with_capacity(5);
    push_padded(
        80_000 + scatter("bank code FR", FRENCH, index),
        5,
        &mut code,
    );
    code
}

/// The party prefix at `index`, in an order of the country's own.
pub(super) fn party_prefix(order: &str, index: u64) -> String {
    let place = scatter(order, PARTY_PREFIXES, index);
    let pair = (place / 676) as usize * 2;
    let mut prefix = PAIRS[pair..pair + 2].to_owned();
    for letter in [place / 26 % 26, place % 26] {
        prefix.push(char::from(b'A' + letter as u8));
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn any_partition_of_the_indices_partitions_the_codes() {
        let codes: Vec<String> = (0..FRENCH).map(french).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len() as u64, FRENCH);
        let shares: Vec<BTreeSet<&String>> = (0..10)
            .map(|k| codes.iter().skip(k).step_by(10).collect())
            .collect();
        for (k, share) in shares.iter().enumerate() {
            assert!(shares[k + 1..].iter().all(|other| share.is_disjoint(other)));
        }
    }

    #[test]
    fn party_prefixes_never_repeat() {
        let prefixes: BTreeSet<String> = (0..PARTY_PREFIXES)
            .map(|i| party_prefix("bank code GB", i))
            .collect();
        assert_eq!(prefixes.len() as u64, PARTY_PREFIXES);
        assert_eq!(PARTY_PREFIXES, 108_160);
    }

    #[test]
    fn the_codes_have_the_shape_of_their_country() {
        assert!(french(0).len() == 5 && french(FRENCH - 1).starts_with(['8', '9']));
        assert!(
            party_prefix("bank code GB", 7)
                .bytes()
                .all(|b| b.is_ascii_uppercase())
        );
    }
}
