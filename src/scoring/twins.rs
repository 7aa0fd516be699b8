//! Twins: what one change of a conversation does to a detector (after Ribeiro and others, *Beyond
//! accuracy: behavioral testing of NLP models with CheckList*, ACL 2020).
//!
//! A **twin** is a conversation whose id is that of another with `~variant` behind: the same customer, day
//! and plan, told with one knob turned. Where twins are compared they stand in no other figure, since what
//! they hold was counted with the other one. Invariant: counts are kept by conversation, so a pair may be
//! scored on two shards.

use super::intervals::{Interval, LEAST_CLUSTERS};
use super::ratios::Ratio;
use super::replicates::cluster;
use crate::conversation::Conversation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one conversation counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwinCounts {
    /// The hash of its customer.
    pub customer: u64,
    /// Critical values.
    pub values: u64,
    /// Leaked ones.
    pub leaked: u64,
    /// Gold spans.
    pub gold: u64,
    /// Strictly correct ones.
    pub correct: u64,
}

/// Counts by conversation (the hash of its id without the variant) and by variant; the conversation
/// itself is the variant ``.
pub type Twins = BTreeMap<u64, BTreeMap<String, TwinCounts>>;

/// The id of the conversation that this one is a twin of, and its variant: empty for no twin.
pub fn parts(id: &str) -> (&str, &str) {
    id.split_once('~').unwrap_or((id, ""))
}

/// Notes a conversation.
pub fn note(twins: &mut Twins, conversation: &Conversation, counts: TwinCounts) {
    let (base, variant) = parts(&conversation.id);
    let counts = TwinCounts {
        customer: cluster(&conversation.customer),
        ..counts
    };
    let row = twins.entry(cluster(base)).or_default();
    row.insert(variant.to_owned(), counts);
}

/// Adds the twins of another shard.
pub fn merge(into: &mut Twins, other: Twins) {
    for (base, variants) in other {
        into.entry(base).or_default().extend(variants);
    }
}

/// What a variant changes in one ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// As it is.
    pub plain: Ratio,
    /// As the variant has it.
    pub twin: Ratio,
    /// Twin minus plain.
    pub change: Option<f64>,
    /// Its 95 % interval, over customers.
    pub interval: Option<Interval>,
}

/// What a variant changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantMetrics {
    /// Pairs.
    pub pairs: u64,
    /// Critical leak.
    pub leak: Change,
    /// Strict recall.
    pub recall: Change,
}

/// Every variant of which there are pairs.
pub fn changes(twins: &Twins) -> BTreeMap<String, VariantMetrics> {
    let mut pairs: BTreeMap<&str, Vec<(TwinCounts, TwinCounts)>> = BTreeMap::new();
    for variants in twins.values() {
        let Some(plain) = variants.get("") else {
            continue;
        };
        for (variant, twin) in variants.iter().filter(|(variant, _)| !variant.is_empty()) {
            pairs.entry(variant).or_default().push((*plain, *twin));
        }
    }
    pairs
        .into_iter()
        .map(|(variant, pairs)| {
            let metrics = VariantMetrics {
                pairs: pairs.len() as u64,
                leak: change(&pairs, |c| (c.leaked, c.values)),
                recall: change(&pairs, |c| (c.correct, c.gold)),
            };
            (variant.to_owned(), metrics)
        })
        .collect()
}

/// The difference of two ratios over the same pairs, with its linearised variance over customers.
fn change(pairs: &[(TwinCounts, TwinCounts)], of: fn(&TwinCounts) -> (u64, u64)) -> Change {
    let total = |which: fn(&(TwinCounts, TwinCounts)) -> &TwinCounts| {
        pairs
            .iter()
            .map(|pair| of(which(pair)))
            .fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1))
    };
    let (before, after) = (total(|pair| &pair.0), total(|pair| &pair.1));
    let (plain, twin) = (Ratio::new(before.0, before.1), Ratio::new(after.0, after.1));
    let difference = plain.value().zip(twin.value()).map(|(a, b)| b - a);
    let interval = plain.value().zip(twin.value()).and_then(|(a, b)| {
        let mut customers: BTreeMap<u64, f64> = BTreeMap::new();
        let off = |counts: &TwinCounts, ratio: f64, all: u64| {
            let (count, of) = of(counts);
            (count as f64 - ratio * of as f64) / all as f64
        };
        for (first, second) in pairs {
            let influence = off(second, b, after.1) - off(first, a, before.1);
            *customers.entry(first.customer).or_default() += influence;
        }
        let number = customers.len() as f64;
        if (customers.len() as u64) < LEAST_CLUSTERS {
            return None;
        }
        let squares: f64 = customers.values().map(|z| z * z).sum();
        let half = 1.959_964 * (number / (number - 1.0) * squares).sqrt();
        Some(Interval {
            low: b - a - half,
            high: b - a + half,
        })
    });
    Change {
        plain,
        twin,
        change: difference,
        interval,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twins(leaks: impl Fn(u64) -> (u64, u64)) -> Twins {
        let mut twins = Twins::new();
        for customer in 0..20 {
            let (plain, tidy) = leaks(customer);
            let counts = |leaked| TwinCounts {
                customer,
                values: 4,
                leaked,
                gold: 4,
                correct: 4 - leaked,
            };
            let row = twins.entry(customer).or_default();
            row.insert(String::new(), counts(plain));
            row.insert("tidy".to_owned(), counts(tidy));
        }
        twins
    }

    #[test]
    fn a_change_is_that_of_the_pairs() {
        let changes = changes(&twins(|customer| (1 + customer % 2, 1)));
        let tidy = &changes["tidy"];
        assert_eq!(tidy.pairs, 20);
        assert!((tidy.leak.change.unwrap() + 0.125).abs() < 1e-12);
        assert!((tidy.recall.change.unwrap() - 0.125).abs() < 1e-12);
        let interval = tidy.leak.interval.unwrap();
        assert!(interval.low < -0.125 && interval.high < 0.0);
    }

    #[test]
    fn a_variant_that_changes_nothing_has_no_width() {
        let changes = changes(&twins(|customer| (customer % 3, customer % 3)));
        let leak = changes["tidy"].leak;
        assert_eq!(leak.change, Some(0.0));
        assert_eq!(leak.interval.map(|i| (i.low, i.high)), Some((0.0, 0.0)));
    }

    #[test]
    fn a_twin_without_the_other_one_is_no_pair() {
        let mut alone = twins(|_| (1, 1));
        alone.values_mut().for_each(|row| {
            row.remove("");
        });
        assert!(changes(&alone).is_empty());
        assert_eq!(
            parts("fr-000000042~policy-faq_only"),
            ("fr-000000042", "policy-faq_only")
        );
    }
}
