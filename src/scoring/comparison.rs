//! Two detectors on one corpus: is the difference in leak real?
//!
//! Both were scored with the same seed, so replicate r reweights the corpus alike for both, and the
//! difference of their leaks in r is a draw of the paired bootstrap. Two detectors are **tied** when
//! the interval of the difference holds 0, or when Holm's correction for all the pairs that are
//! compared leaves no evidence at 5 %.

use super::intervals::Interval;
use super::replicates::LeakReplicates;
use crate::seed::mix;
use serde::{Deserialize, Serialize};

/// The difference of two leaks, first minus second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The difference of the two leaks.
    pub difference: f64,
    /// Its interval.
    pub interval: Interval,
    /// Two-sided p-value of "no difference".
    pub p: f64,
}

/// The paired difference; `leak` is `(leaked, values)` of the whole corpus. `None` without values or
/// without replicates of one size.
pub fn paired(
    first: ((u64, u64), &LeakReplicates),
    second: ((u64, u64), &LeakReplicates),
) -> Option<Difference> {
    let ((a, a_replicates), (b, b_replicates)) = (first, second);
    let size = a_replicates.values.len();
    if a.1 == 0 || b.1 == 0 || size == 0 || b_replicates.values.len() != size {
        return None;
    }
    let ratio = |numerator: u64, denominator: u64| numerator as f64 / denominator as f64;
    let mut draws: Vec<f64> = (0..size)
        .filter(|&r| a_replicates.values[r] > 0 && b_replicates.values[r] > 0)
        .map(|r| {
            ratio(a_replicates.leaked[r], a_replicates.values[r])
                - ratio(b_replicates.leaked[r], b_replicates.values[r])
        })
        .collect();
    if draws.len() * 2 < size {
        return None;
    }
    draws.sort_unstable_by(f64::total_cmp);
    let tail = draws.len() * 25 / 1_000;
    let interval = Interval {
        low: draws[tail],
        high: draws[draws.len() - 1 - tail],
    };
    let at_most_zero = draws.iter().filter(|&&d| d <= 0.0).count();
    let at_least_zero = draws.iter().filter(|&&d| d >= 0.0).count();
    let crossing = at_most_zero.min(at_least_zero);
    let p = if crossing == 0 {
        // Replicates resolve no p below 1 in their number, which Holm's correction for some ten
        // detectors would always call a tie; further out the normal tail stands in.
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let squares: f64 = draws.iter().map(|d| (d - mean) * (d - mean)).sum();
        let deviation = (squares / draws.len() as f64).sqrt();
        normal_tails(mean.abs() / deviation)
    } else {
        // Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 4.4.
        2.0 * (crossing + 1) as f64 / (draws.len() + 1) as f64
    };
    Some(Difference {
        difference: ratio(a.0, a.1) - ratio(b.0, b.1),
        interval,
        p: p.min(1.0),
    })
}

/// How often the permutation test swaps at random.
pub const PERMUTATIONS: u64 = 9_999;

/// The two-sided p-value of a paired permutation test: if two detectors are alike, then in any group of
/// customers their leaked values could as well be each other's. `leaked` holds both counts by group, over
/// the same values. p = (1 + swaps with a sum of differences at least as far from 0) / (1 + swaps)
/// (Phipson and Smyth, *Permutation p-values should never be zero*, Statistical Applications in Genetics
/// and Molecular Biology 9, 2010). Groups where nothing differs say nothing. `None` where none does.
///
/// It speaks of customers alone; the paired bootstrap also of phrases.
pub fn permuted(leaked: &[(u64, u64)], seed: u64) -> Option<f64> {
    let differences: Vec<i64> = leaked
        .iter()
        .map(|&(a, b)| a as i64 - b as i64)
        .filter(|difference| *difference != 0)
        .collect();
    if differences.is_empty() {
        return None;
    }
    let observed = differences.iter().sum::<i64>().abs();
    let as_far = (0..PERMUTATIONS).filter(|&draw| {
        let key = mix(seed ^ mix(draw));
        let swapped = differences.chunks(64).zip(0u64..).map(|(chunk, block)| {
            let mut signs = mix(key.wrapping_add(block));
            chunk.iter().fold(0, |sum, difference| {
                let sign = if signs & 1 == 1 { -1 } else { 1 };
                signs >>= 1;
                sum + sign * difference
            })
        });
        swapped.sum::<i64>().abs() >= observed
    });
    Some((1 + as_far.count()) as f64 / (1 + PERMUTATIONS) as f64)
}

impl Difference {
    /// Does the interval hold 0?
    pub fn includes_zero(&self) -> bool {
        self.interval.low <= 0.0 && 0.0 <= self.interval.high
    }
}

/// The mass of the normal law beyond ±z, for z ≥ 1 (Laplace's continued fraction; Abramowitz and
/// Stegun 26.2.14), with an exponential of additions and multiplications only.
fn normal_tails(z: f64) -> f64 {
    if z > 38.0 {
        return 0.0;
    }
    let fraction = (1..=200).rev().fold(z, |rest, k| z + f64::from(k) / rest);
    let density = 0.398_942_280_401_432_7 * exponential_of_minus(z * z / 2.0);
    2.0 * density / fraction
}

fn exponential_of_minus(x: f64) -> f64 {
    let whole = x.floor();
    let unit = (0..whole as u32).fold(1.0, |product, _| product / std::f64::consts::E);
    let rest = x - whole;
    let (series, _) = (1..=20).fold((1.0, 1.0), |(sum, term), k| {
        let term = -term * rest / f64::from(k);
        (sum + term, term)
    });
    unit * series
}

/// Holm's adjusted p-values, in the order of the input (Holm, *A simple sequentially rejective
/// multiple test procedure*, Scandinavian Journal of Statistics 6, 1979).
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut greatest = 0.0f64;
    for (rank, &at) in order.iter().enumerate() {
        greatest = greatest.max(((p.len() - rank) as f64 * p[at]).min(1.0));
        adjusted[at] = greatest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detector_ties_with_itself() {
        let replicates = LeakReplicates {
            values: vec![10; 200],
            leaked: (0..200).map(|r| r % 10).collect(),
        };
        let leak = ((45, 100), &replicates);
        let difference = paired(leak, leak).unwrap();
        assert_eq!(difference.difference, 0.0);
        assert!(difference.includes_zero());
        assert_eq!(difference.p, 1.0);
    }

    #[test]
    fn a_steady_difference_is_no_tie_however_the_corpus_varies() {
        let worse: Vec<u64> = (0..200).map(|r| 20 + r % 60).collect();
        let better = worse.iter().map(|leaked| leaked - 10).collect();
        let values = vec![100; 200];
        let a = LeakReplicates {
            values: values.clone(),
            leaked: worse,
        };
        let b = LeakReplicates {
            values,
            leaked: better,
        };
        let difference = paired(((50, 100), &a), ((40, 100), &b)).unwrap();
        assert!(!difference.includes_zero());
        assert!((difference.difference - 0.1).abs() < 1e-12);
        assert!(difference.p < 0.02);
    }

    #[test]
    fn a_permutation_test_counts_the_swaps_that_are_as_extreme() {
        // Ten groups, one value each that only the first leaks: of 2^10 ways to swap, two are as far.
        let p = permuted(&[(1, 0); 10], 3).unwrap();
        assert!((p - 2.0 / 1_024.0).abs() < 0.002, "{p}");
        // As many one way as the other: every swap is as far.
        let even = [(1, 0), (0, 1), (1, 0), (0, 1)];
        assert_eq!(permuted(&even, 3), Some(1.0));
        assert_eq!(permuted(&[(4, 4), (0, 0)], 3), None);
        // Seven of ten: the two-sided binomial test of 7 heads in 10 gives .34375.
        let seven: Vec<(u64, u64)> = (0..10)
            .map(|k| if k < 7 { (1, 0) } else { (0, 1) })
            .collect();
        let p = permuted(&seven, 3).unwrap();
        assert!((p - 0.343_75).abs() < 0.015, "{p}");
        // More than 64 groups draw signs of their own.
        let many = vec![(2, 1); 100];
        assert!(permuted(&many, 3).unwrap() < 0.001);
    }

    #[test]
    fn the_normal_tail_is_the_tables() {
        // Φ's tables: 2 (1 − Φ(3)) = 0.0026998, 2 (1 − Φ(5)) = 5.7330e-7.
        assert!((normal_tails(3.0) - 0.002_699_8).abs() < 1e-7);
        assert!((normal_tails(5.0) - 5.733_0e-7).abs() < 1e-11);
        assert_eq!(normal_tails(f64::INFINITY), 0.0);
    }

    #[test]
    fn holm_multiplies_by_the_hypotheses_left_and_never_decreases() {
        let adjusted = holm(&[0.01, 0.04, 0.03]);
        let expected = [0.03, 0.06, 0.06];
        assert!(
            adjusted
                .iter()
                .zip(expected)
                .all(|(a, e)| (a - e).abs() < 1e-12),
            "{adjusted:?}"
        );
    }
}
