//! A keyed permutation of `0..size`, so that indices become ids that look random and never repeat.

use super::stream::{Domain, Stream, mix};

/// A keyed one-to-one map of `0..size` onto itself.
///
/// A balanced Feistel network of four rounds over the smallest even number of bits that holds
/// `size`, with cycle walking (Black and Rogaway, *Ciphers with arbitrary finite domains*, 2002).
/// It hides order, not secrets.
///
/// ```
/// use tellerbench::seed::{Bijection, Domain};
/// let shuffled = Bijection::new(7, Domain::new("customers"), 1000);
/// let mut seen: Vec<u64> = (0..1000).map(|i| shuffled.apply(i)).collect();
/// seen.sort();
/// assert!(seen.into_iter().eq(0..1000));
/// ```
#[derive(Clone, Debug)]
pub struct Bijection {
    size: u64,
    half_bits: u32,
    keys: [u64; 4],
}

impl Bijection {
    /// The permutation of `0..size` named by `seed` and `domain`.
    ///
    /// # Panics
    /// When `size` is 0.
    pub fn new(seed: u64, domain: Domain, size: u64) -> Self {
        assert!(size > 0, "a bijection needs at least one element");
        let bits = 64 - (size - 1).leading_zeros();
        let mut stream = Stream::at(seed, domain, size);
        let keys = std::array::from_fn(|_| stream.bits());
        Bijection {
            size,
            half_bits: bits.div_ceil(2).max(1),
            keys,
        }
    }

    /// How many elements it permutes: the capacity of the space.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The image of `index`.
    ///
    /// # Panics
    /// When `index` is not below the size: the space is exhausted.
    pub fn apply(&self, index: u64) -> u64 {
        assert!(
            index < self.size,
            "index {index} is beyond a space of {} values",
            self.size
        );
        let mask = (1u64 << self.half_bits) - 1;
        let mut word = index;
        loop {
            let (mut left, mut right) = (word >> self.half_bits, word & mask);
            for key in self.keys {
                (left, right) = (right, left ^ (mix(right ^ key) & mask));
            }
            word = (left << self.half_bits) | right;
            if word < self.size {
                return word;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_two_indices_share_an_image(seed: u64, size in 1u64..3000) {
            let map = Bijection::new(seed, Domain::new("test"), size);
            let mut images: Vec<u64> = (0..size).map(|i| map.apply(i)).collect();
            images.sort_unstable();
            prop_assert!(images.into_iter().eq(0..size));
        }
    }

    #[test]
    fn the_images_are_frozen() {
        let map = Bijection::new(42, Domain::new("vectors"), 1_000_000_007);
        let images: Vec<u64> = (0..5).map(|i| map.apply(i)).collect();
        insta::assert_debug_snapshot!(images);
    }
}
