//! Groups of clusters, for intervals on slices.
//!
//! A slice has too few counts for a bootstrap of its own and a corpus too many slices. So each of the two
//! crossed clusters, customers and phrases, is put in one of [`GROUPS`] groups by its hash, and counts
//! are kept by group: the method of random groups (Wolter, *Introduction to Variance Estimation*, 2007,
//! chapter 2). Invariant: a cluster is always in one group, so the groups of shards add up.

use super::replicates::cluster;
use crate::seed::mix;
use serde::{Deserialize, Serialize};

/// How many groups each kind of cluster is put in.
pub const GROUPS: usize = 128;

/// The counts that slices have intervals for: gold, correct, values, leaked, critical, critical leaked.
pub type Six = [u64; 6];

/// The group of a cluster.
pub fn group(hash: u64) -> u8 {
    (mix(hash) >> 57) as u8
}

/// The group of a customer.
pub fn group_of_customer(id: &str) -> u8 {
    group(cluster(id))
}

/// Where something stands: the group of its customer, and that of its phrase.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Of the customer.
    pub customer: u8,
    /// Of the phrase.
    pub phrase: u8,
}

/// Counts by group. Empty where intervals are not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Groups {
    /// By group of customers.
    pub customers: Vec<Six>,
    /// By group of phrases.
    pub phrases: Vec<Six>,
}

impl Groups {
    /// Adds counts that stand at one place.
    pub fn add(&mut self, place: Place, counts: &Six) {
        if counts.iter().fold(0, |any, count| any | count) == 0 {
            return;
        }
        for (groups, group) in [
            (&mut self.customers, place.customer),
            (&mut self.phrases, place.phrase),
        ] {
            if groups.is_empty() {
                groups.resize(GROUPS, Six::default());
            }
            let sums = groups[usize::from(group)].iter_mut();
            sums.zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }

    /// Adds the groups of another shard.
    pub fn merge(&mut self, other: &Groups) {
        let pairs = [
            (&mut self.customers, &other.customers),
            (&mut self.phrases, &other.phrases),
        ];
        for (mine, theirs) in pairs {
            if mine.is_empty() {
                mine.clone_from(theirs);
                continue;
            }
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
            }
        }
    }

    /// By customers and by phrases: count and total of each group that has any.
    pub fn pairs(&self, count: usize, of: usize) -> [Vec<(u64, u64)>; 2] {
        [&self.customers, &self.phrases].map(|groups| {
            let pairs = groups.iter().map(|six| (six[count], six[of]));
            pairs.filter(|pair| pair.1 > 0).collect()
        })
    }
}
