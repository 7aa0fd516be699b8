//! The keyed stream and its frozen sampling functions.

use rand_core::{Rng, SeedableRng, TryRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::convert::Infallible;

/// The name of one knob of the generator, hashed at compile time (FNV-1a, 64 bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain(u64);

impl Domain {
    /// Names a domain. Two domains with different names give independent streams.
    pub const fn new(name: &str) -> Self {
        Domain(fnv1a(name))
    }
}

/// The FNV-1a hash of a text, 64 bits (Fowler, Noll and Vo).
pub const fn fnv1a(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Mixes 64 bits so that every input bit reaches every output bit (the finaliser of SplitMix64:
/// Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014).
pub const fn mix(mut word: u64) -> u64 {
    word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A stream of random numbers, a pure function of `(seed, domain, index)`.
///
/// The generator is xoshiro256++ (Blackman and Vigna, 2018), which `rand_xoshiro` keeps
/// value-stable; the stream implements the traits of `rand_core` 0.10, so that code written for
/// `rand` can draw from it.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: Xoshiro256PlusPlus,
}

impl Stream {
    /// The stream named by `seed`, `domain` and `index`.
    pub fn at(seed: u64, domain: Domain, index: u64) -> Self {
        let key = mix(mix(mix(seed) ^ domain.0) ^ index);
        let mut state = [0u8; 32];
        for (k, word) in state.chunks_exact_mut(8).enumerate() {
            word.copy_from_slice(&mix(key.wrapping_add(k as u64)).to_le_bytes());
        }
        Stream {
            generator: Xoshiro256PlusPlus::from_seed(state),
        }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A number in `0..bound`, uniform (Lemire, *Fast random integer generation in an interval*,
    /// 2019, with 64-bit words; the bias below 2^-32 is accepted and frozen).
    ///
    /// # Panics
    /// When `bound` is 0.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "below(0): there is nothing to draw from");
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u32
    }

    /// A number in `0..bound` for bounds beyond 32 bits.
    ///
    /// # Panics
    /// When `bound` is 0.
    #[inline]
    pub fn below_u64(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "below_u64(0): there is nothing to draw from");
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number in `low..=high`, uniform.
    #[inline]
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        debug_assert!(low <= high);
        low + self.below_u64((high - low) as u64 + 1) as i64
    }

    /// True with a probability of `permille` in 1,000.
    #[inline]
    pub fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// True with a probability of `permyriad` in 10,000.
    #[inline]
    pub fn rare(&mut self, permyriad: u32) -> bool {
        self.below(10_000) < permyriad
    }

    /// One element of a non-empty slice, uniform.
    ///
    /// # Panics
    /// When the slice is empty.
    #[inline]
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u32) as usize]
    }

    /// An index drawn with the given weights.
    ///
    /// # Panics
    /// When the weights sum to 0.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|&w| u64::from(w)).sum();
        let mut left = self.below_u64(total);
        for (index, &weight) in weights.iter().enumerate() {
            if left < u64::from(weight) {
                return index;
            }
            left -= u64::from(weight);
        }
        unreachable!("the draw lies below the sum of the weights")
    }

    /// An index drawn from cumulative weights: `cumulative[k]` is the sum of the first `k + 1`.
    ///
    /// # Panics
    /// When the slice is empty or its last element is 0.
    #[inline]
    pub fn cumulative(&mut self, cumulative: &[u32]) -> usize {
        let left = self.below(cumulative[cumulative.len() - 1]);
        cumulative.partition_point(|&sum| sum <= left)
    }

    /// Shuffles in place (Fisher and Yates, from the end).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u32 + 1) as usize;
            items.swap(last, other);
        }
    }

    /// `count` decimal digits, leading zeros included.
    pub fn digits(&mut self, count: usize, out: &mut String) {
        for _ in 0..count {
            out.push((b'0' + self.below(10) as u8) as char);
        }
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.generator.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.generator.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.generator.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Stream {
        Stream::at(42, Domain::new("vectors"), 3)
    }

    #[test]
    fn the_first_words_of_a_stream_are_frozen() {
        let mut s = stream();
        let words = [s.bits(), s.bits(), s.bits()];
        assert_eq!(
            words,
            [
                1853044642846705064,
                2702755668585784042,
                14699640515263947802
            ]
        );
    }

    #[test]
    fn sampling_functions_are_frozen() {
        let mut s = stream();
        let below: Vec<u32> = (0..8).map(|_| s.below(100)).collect();
        let ranged: Vec<i64> = (0..4).map(|_| s.range(-5, 5)).collect();
        let chances: Vec<bool> = (0..6).map(|_| s.chance(500)).collect();
        let weighted: Vec<usize> = (0..8).map(|_| s.weighted(&[1, 0, 3])).collect();
        let cumulative: Vec<usize> = (0..8).map(|_| s.cumulative(&[1, 1, 4])).collect();
        let mut order = [0, 1, 2, 3, 4, 5];
        s.shuffle(&mut order);
        let mut digits = String::new();
        s.digits(6, &mut digits);
        insta::assert_debug_snapshot!((
            below, ranged, chances, weighted, cumulative, order, digits
        ));
    }

    #[test]
    fn a_draw_in_one_domain_never_moves_another() {
        let mut first = Stream::at(1, Domain::new("a"), 0);
        let expected = Stream::at(1, Domain::new("b"), 0).bits();
        first.bits();
        assert_eq!(Stream::at(1, Domain::new("b"), 0).bits(), expected);
        assert_ne!(Stream::at(1, Domain::new("a"), 0).bits(), expected);
        assert_ne!(Stream::at(2, Domain::new("b"), 0).bits(), expected);
        assert_ne!(Stream::at(1, Domain::new("b"), 1).bits(), expected);
    }

    #[test]
    fn zero_weights_are_never_drawn() {
        let mut s = stream();
        assert!((0..1000).all(|_| s.weighted(&[0, 2, 0, 1]) % 2 == 1));
        assert!((0..1000).all(|_| s.cumulative(&[0, 2, 2, 3]) % 2 == 1));
    }

    #[test]
    fn a_stream_feeds_code_written_for_rand() {
        fn two<R: Rng>(rng: &mut R) -> (u64, u64) {
            (rng.next_u64(), rng.next_u64())
        }
        let (mut a, mut b) = (stream(), stream());
        assert_eq!(two(&mut a), (b.bits(), b.bits()));
    }
}
