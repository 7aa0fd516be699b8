//! Intervals: from replicate counts, and exact ones where nothing or everything was found.
//!
//! All intervals are two-sided 95 % ones. Invariant: the same counts give the same bits on every
//! machine; ratios are ordered by cross-multiplication and only divided (IEEE 754) to be shown.

use super::ratios::Ratio;
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

/// The 97.5 % quantile of the normal law.
const Z: f64 = 1.959_963_984_540_054;

/// The design effect of a share with an interval: its variance over that of as many independent draws
/// (Kish, *Survey Sampling*, 1965, section 8.2). `None` at 0, at 1 and without an interval.
pub fn design_effect(share: &Ratio) -> Option<f64> {
    let (value, interval) = (share.value()?, share.interval?);
    if !(value > 0.0 && value < 1.0) {
        return None;
    }
    let deviation = (interval.high - interval.low) / (2.0 * Z);
    let independent = value * (1.0 - value) / share.of as f64;
    Some(deviation * deviation / independent)
}

/// Wilson's score interval of `count` in `of` (Wilson, *Probable inference, the law of succession, and
/// statistical inference*, 1927), with `of` divided by a design effect, as is done for shares from
/// clustered samples (Korn and Graubard, *Confidence intervals for proportions with small expected
/// number of positive counts estimated from survey data*, Survey Methodology 24, 1998). It never claims
/// certainty at 0 or 1. `None` where `of` is 0.
pub fn wilson(count: u64, of: u64, design_effect: f64) -> Option<Interval> {
    if of == 0 {
        return None;
    }
    let n = of as f64 / design_effect.max(1.0);
    let share = count as f64 / of as f64;
    let squared = Z * Z;
    let centre = (share + squared / (2.0 * n)) / (1.0 + squared / n);
    let half =
        Z / (1.0 + squared / n) * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt();
    Some(Interval {
        low: if count == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        },
        high: if count == of {
            1.0
        } else {
            (centre + half).min(1.0)
        },
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
    fn wilsons_interval_is_the_published_one_and_dependence_widens_it() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20.
        for (count, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
        ] {
            let interval = wilson(count, of, 1.0).unwrap();
            assert!(
                (interval.low - low).abs() < 5e-5,
                "{count} of {of}: {interval:?}"
            );
            assert!(
                (interval.high - high).abs() < 5e-5,
                "{count} of {of}: {interval:?}"
            );
        }
        let wide = wilson(81, 263, 4.0).unwrap();
        assert!(wide.low < 0.22 && wide.high > 0.41);
        assert_eq!(wilson(0, 0, 1.0), None);
    }

    #[test]
    fn the_design_effect_of_independent_draws_is_one() {
        let deviation = (0.2f64 * 0.8 / 400.0).sqrt();
        let around = |widths: f64| Interval {
            low: 0.2 - widths * deviation,
            high: 0.2 + widths * deviation,
        };
        let share = Ratio::new(80, 400);
        let effect = |widths: f64| design_effect(&share.with(Some(around(widths)))).unwrap();
        assert!((effect(1.959_964) - 1.0).abs() < 1e-6);
        assert!((effect(2.0 * 1.959_964) - 4.0).abs() < 1e-5);
        assert_eq!(design_effect(&share), None);
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
}
