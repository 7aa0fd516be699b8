//! Intervals: from replicate counts, and exact ones where nothing or everything was found.
//!
//! All intervals are two-sided 95 % ones. Invariant: the same counts give the same bits on every
//! machine; ratios are ordered by cross-multiplication and only divided (IEEE 754) to be shown.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A range that holds the true value with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Share of the replicates beyond either end of an interval, in thousandths.
const TAIL_PERMILLE: usize = 25;

/// Below so many clusters a bootstrap says nothing, and no interval is given.
pub const LEAST_CLUSTERS: u64 = 5;

/// The percentile interval of a ratio over replicates. Replicates with an empty denominator are left
/// out; `None` when more than half are.
pub fn percentile(numerators: &[u64], denominators: &[u64]) -> Option<Interval> {
    let mut ratios: Vec<(u64, u64)> = numerators
        .iter()
        .zip(denominators)
        .filter(|&(_, &denominator)| denominator > 0)
        .map(|(&numerator, &denominator)| (numerator, denominator))
        .collect();
    if ratios.is_empty() || ratios.len() * 2 < denominators.len() {
        return None;
    }
    ratios.sort_unstable_by(|&a, &b| by_ratio(a, b));
    let tail = ratios.len() * TAIL_PERMILLE / 1_000;
    let ratio = |(n, d): (u64, u64)| n as f64 / d as f64;
    Some(Interval {
        low: ratio(ratios[tail]),
        high: ratio(ratios[ratios.len() - 1 - tail]),
    })
}

fn by_ratio(a: (u64, u64), b: (u64, u64)) -> Ordering {
    (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1)))
}

/// The one-sided 95 % upper bound of Clopper and Pearson when none of `n` independent clusters shows
/// the event: the p with `(1 − p)^n = 0.05`, close to 3/n. 1 when there is no cluster.
pub fn upper_bound_at_zero(n: u64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    // Bisection to the last bit: powers by squaring are the same on every machine, `ln` is not.
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        if power(1.0 - middle, n) > 0.05 {
            low = middle
        } else {
            high = middle
        }
    }
    high
}

/// The least number of clusters without an event that allows to claim a rate of at most `bound`.
/// `None` when `bound` is not between 0 and 1.
pub fn least_clusters(bound: f64) -> Option<u64> {
    if !(bound > 0.0 && bound < 1.0) {
        return None;
    }
    let (mut low, mut high) = (0u64, 1 << 40);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if power(1.0 - bound, middle) > 0.05 {
            low = middle
        } else {
            high = middle
        }
    }
    Some(high)
}

fn power(base: f64, mut exponent: u64) -> f64 {
    let (mut square, mut product) = (base, 1.0);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    product
}

/// The interval of a ratio, from its replicates and the number of clusters that hold its denominator.
///
/// At 0 and at 1 the replicates do not vary and would claim certainty; there the bound comes from the
/// number of clusters.
pub fn of_ratio(
    (numerator, denominator): (u64, u64),
    (numerators, denominators): (&[u64], &[u64]),
    clusters: u64,
) -> Option<Interval> {
    if denominator == 0 || denominators.is_empty() {
        return None;
    }
    if numerator == 0 {
        return Some(Interval {
            low: 0.0,
            high: upper_bound_at_zero(clusters),
        });
    }
    if numerator == denominator {
        return Some(Interval {
            low: 1.0 - upper_bound_at_zero(clusters),
            high: 1.0,
        });
    }
    if clusters < LEAST_CLUSTERS {
        return None;
    }
    percentile(numerators, denominators)
}

/// The interval of a ratio by linearised cluster variance (Cochran, *Sampling Techniques*, 1977, section
/// 6.4; Woodruff 1971): R ± 1.96 √V with
///
///   V = Σ over factors of G/(G−1) · Σ over its G groups of (count − R·of)² / (Σ of)²,
///
/// each factor being one way to group what was counted. Adding the factors up, without taking away what
/// they share, errs on the wide side. At 0 and at 1 the bound comes from `clusters`, below
/// [`LEAST_CLUSTERS`] there is none.
pub fn linearised(
    (count, of): (u64, u64),
    factors: &[&[(u64, u64)]],
    clusters: u64,
) -> Option<Interval> {
    if of == 0 {
        return None;
    }
    if count == 0 || count == of {
        return of_ratio((count, of), (&[0], &[1]), clusters);
    }
    if clusters < LEAST_CLUSTERS {
        return None;
    }
    let ratio = count as f64 / of as f64;
    let mut variance = 0.0;
    for factor in factors {
        let groups = factor.iter().filter(|group| group.1 > 0);
        let (mut squares, mut number) = (0.0, 0.0);
        for &(count, of) in groups {
            let off = count as f64 - ratio * of as f64;
            squares += off * off;
            number += 1.0;
        }
        if number > 1.0 {
            variance += number / (number - 1.0) * squares / (of as f64 * of as f64);
        }
    }
    let half = 1.959_964 * variance.sqrt();
    Some(Interval {
        low: (ratio - half).max(0.0),
        high: (ratio + half).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_zero_the_bound_follows_the_rule_of_three() {
        // 1 − 0.05^(1/100) = 0.029513…
        assert!((upper_bound_at_zero(100) - 0.029_513).abs() < 1e-6);
        assert!((upper_bound_at_zero(1) - 0.95).abs() < 1e-12);
        assert_eq!(upper_bound_at_zero(0), 1.0);
    }

    #[test]
    fn the_least_number_of_clusters_is_the_first_that_allows_the_claim() {
        for bound in [0.1, 0.01, 0.001] {
            let n = least_clusters(bound).unwrap();
            assert!(upper_bound_at_zero(n) <= bound + 1e-12);
            assert!(upper_bound_at_zero(n - 1) > bound);
        }
        assert_eq!(least_clusters(0.01), Some(299));
        assert_eq!(least_clusters(0.0), None);
    }

    #[test]
    fn a_percentile_interval_cuts_both_tails() {
        let numerators: Vec<u64> = (0..200).rev().collect();
        let denominators = vec![200; 200];
        let interval = percentile(&numerators, &denominators).unwrap();
        assert_eq!((interval.low, interval.high), (5.0 / 200.0, 194.0 / 200.0));
    }

    #[test]
    fn zero_and_one_never_claim_certainty() {
        let (none, all) = (vec![0; 200], vec![10; 200]);
        let zero = of_ratio((0, 40), (&none, &all), 20).unwrap();
        assert!(zero.low == 0.0 && zero.high > 0.13);
        let one = of_ratio((40, 40), (&all, &all), 20).unwrap();
        assert!(one.low < 0.87 && one.high == 1.0);
        assert_eq!(of_ratio((0, 0), (&none, &none), 0), None);
    }

    #[test]
    fn a_linearised_interval_of_single_observations_is_that_of_a_share() {
        // 30 of 100 in groups of one: V = 100/99 · 0.3 · 0.7 / 100.
        let groups: Vec<(u64, u64)> = (0..100).map(|k| (u64::from(k < 30), 1)).collect();
        let interval = linearised((30, 100), &[&groups], 100).unwrap();
        let half = 1.959_964 * (0.21f64 / 99.0).sqrt();
        assert!((interval.low - (0.3 - half)).abs() < 1e-12);
        assert!((interval.high - (0.3 + half)).abs() < 1e-12);
        // The same in ten groups that are alike within: ten observations and no more.
        let groups: Vec<(u64, u64)> = (0..10).map(|k| (if k < 3 { 10 } else { 0 }, 10)).collect();
        let wide = linearised((30, 100), &[&groups], 10).unwrap();
        assert!(wide.high - wide.low > 3.0 * (interval.high - interval.low));
        assert_eq!(linearised((30, 100), &[&groups], 4), None);
        assert!(linearised((0, 100), &[&groups], 100).unwrap().high > 0.029);
    }
}
