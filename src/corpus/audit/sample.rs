//! Samples that depend on content, not on order: kept are the items whose hashes are smallest.
//!
//! Whatever the threads and files, the same corpus gives the same sample, in the same shuffled order,
//! in bounded memory.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A hash that is the same everywhere: the first eight bytes of SHA-256 over the parts, each with its
/// length before it.
pub fn hash(parts: &[&str]) -> u64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    u64::from_be_bytes(digest[..8].try_into().expect("eight bytes"))
}

/// A fast hash for n-grams (FNV-1a, then the finaliser of the generator's streams).
pub fn quick(text: &str) -> u64 {
    crate::seed::mix(crate::seed::fnv1a(text))
}

/// The `capacity` items with the smallest hashes, in the order of their hashes.
#[derive(Clone, Debug)]
pub struct Smallest<T> {
    capacity: usize,
    kept: BTreeMap<u64, T>,
    dropped: bool,
}

impl<T> Smallest<T> {
    /// An empty sample.
    pub fn new(capacity: usize) -> Self {
        Smallest {
            capacity,
            kept: BTreeMap::new(),
            dropped: false,
        }
    }

    /// Would an item with this hash be kept now?
    pub fn wants(&self, hash: u64) -> bool {
        self.kept.len() < self.capacity
            || self
                .kept
                .last_key_value()
                .is_some_and(|(last, _)| hash < *last)
    }

    /// Offers an item; of equal hashes the first stays.
    pub fn offer(&mut self, hash: u64, item: impl FnOnce() -> T) {
        if !self.wants(hash) {
            self.dropped |= !self.kept.contains_key(&hash);
            return;
        }
        self.kept.entry(hash).or_insert_with(item);
        if self.kept.len() > self.capacity {
            self.kept.pop_last();
            self.dropped = true;
        }
    }

    /// Adds another sample.
    pub fn merge(&mut self, other: Smallest<T>) {
        self.dropped |= other.dropped;
        for (hash, item) in other.kept {
            self.offer(hash, || item);
        }
    }

    /// The items, in the order of their hashes.
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.kept.values()
    }

    /// The item with a hash.
    pub fn get(&self, hash: u64) -> Option<&T> {
        self.kept.get(&hash)
    }

    /// Hashes of the kept items, smallest first.
    pub fn hashes(&self) -> impl Iterator<Item = u64> {
        self.kept.keys().copied()
    }

    /// The largest hash for which everything offered is still there.
    pub fn complete_until(&self) -> u64 {
        match self.kept.last_key_value() {
            Some((last, _)) if self.dropped => *last,
            _ => u64::MAX,
        }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sample_does_not_depend_on_order_or_threads(items in prop::collection::vec(0u64..500, 0..200), cut in 0usize..200) {
            let mut whole = Smallest::new(20);
            let mut sorted = Smallest::new(20);
            let (mut a, mut b) = (Smallest::new(20), Smallest::new(20));
            for (at, &item) in items.iter().enumerate() {
                whole.offer(item, || item);
                if at < cut { &mut a } else { &mut b }.offer(item, || item);
            }
            let mut order = items.clone();
            order.sort_unstable();
            for item in order {
                sorted.offer(item, || item);
            }
            b.merge(a);
            prop_assert!(whole.items().eq(sorted.items()));
            prop_assert!(whole.items().eq(b.items()));
            prop_assert_eq!(whole.complete_until(), b.complete_until());
        }
    }
}
