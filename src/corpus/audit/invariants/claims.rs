//! What several conversations must agree about: a key has one value, wherever it stands.
//!
//! Memory is bounded: beyond a capacity only the keys with the smallest hashes are followed, each of
//! them through the whole corpus, and the report says so.

use crate::corpus::audit::checks::{Check, Findings, Place, Violation};
use crate::corpus::audit::sample::{Smallest, hash};

/// A key and the value that it must have everywhere.
#[derive(Clone, Debug)]
pub struct Claim {
    check: Check,
    key: u64,
    value: u64,
    place: Place,
    id: Box<str>,
    shown: Box<str>,
}

impl Claim {
    /// `key` has `value`, says the conversation `id` at `place`.
    pub fn new(check: Check, key: &[&str], value: &str, place: Place, id: &str) -> Claim {
        Claim {
            check,
            key: hash(key),
            value: hash(&[value]),
            place,
            id: id.into(),
            shown: format!("{}: {value}", key.join(" ")).into(),
        }
    }
}

/// How many keys of one check are followed.
pub const CAPACITY: usize = 1_000_000;

/// What was claimed so far.
#[derive(Debug)]
pub struct Claims {
    known: Vec<Smallest<(u64, Place)>>,
}

impl Default for Claims {
    fn default() -> Self {
        Claims::with_capacity(CAPACITY)
    }
}

impl Claims {
    /// Follows `capacity` keys of each check.
    pub fn with_capacity(capacity: usize) -> Claims {
        Claims {
            known: vec![Smallest::new(capacity); Check::ALL.len()],
        }
    }

    /// Compares a claim with those before it.
    pub fn hear(&mut self, claim: Claim, files: &[String], findings: &mut Findings) {
        let known = &mut self.known[claim.check as usize];
        match known.get(claim.key) {
            Some((value, _)) if *value == claim.value => findings.passed(claim.check, 1),
            Some((_, first)) => {
                let file = &files[first.file as usize];
                findings.violated(
                    claim.check,
                    Violation {
                        place: claim.place,
                        id: claim.id.into(),
                        what: format!("another value than at {file}:{}", first.line),
                        values: claim.shown.into(),
                    },
                );
            }
            None if known.wants(claim.key) => {
                known.offer(claim.key, || (claim.value, claim.place));
                findings.passed(claim.check, 1);
            }
            None => findings.cannot(claim.check, "beyond the keys that are followed in memory"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_its_capacity_it_follows_fewer_keys_and_says_so() {
        let mut claims = Claims::with_capacity(10);
        let mut findings = Findings::default();
        for round in 0..2 {
            for key in 0..100 {
                let key = key.to_string();
                let place = Place { file: 0, line: 1 };
                let value = if round == 0 { "a" } else { "b" };
                let claim = Claim::new(Check::Unique, &[&key], value, place, "c");
                claims.hear(claim, &["x.jsonl".to_owned()], &mut findings);
            }
        }
        let row = findings.row(Check::Unique);
        assert_eq!(row.violated, 10);
        assert!(row.cannot.values().sum::<u64>() > 90);
    }
}
