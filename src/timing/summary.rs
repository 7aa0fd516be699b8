//! What a timing run comes down to.
//!
//! * A **sample** is the time of one pass over the whole corpus, in seconds.
//! * An **estimate** is the median of a figure over the samples, with a bootstrap interval of 95 %.
//!
//! Invariant: every figure is computed from `samples_s`, which is saved, so that it can be computed
//! again in another way.

use crate::seed::{Domain, Stream};
use serde::{Deserialize, Serialize};

/// A figure with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The median over the samples.
    pub median: f64,
    /// Lower end of the interval of 95 %.
    pub low: f64,
    /// Upper end of the interval of 95 %.
    pub high: f64,
}

/// Whose memory was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryOf {
    /// The child's and its descendants'.
    Child,
    /// This program's own, corpus and harness included: the detector is part of it.
    Harness,
}

/// What one detector's timing comes down to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimingSummary {
    /// From the start to readiness, in milliseconds.
    pub start_up_ms: f64,
    /// The first batch of the first pass, in milliseconds.
    pub first_batch_ms: f64,
    /// Messages per second.
    pub messages_per_s: Estimate,
    /// Megabytes (10^6 bytes of UTF-8 text) per second.
    pub mb_per_s: Estimate,
    /// Passes that count.
    pub passes: u32,
    /// Passes before them, to warm up.
    pub warm_up_passes: u32,
    /// What the detector says one pass takes, in milliseconds: the median over the passes.
    pub self_reported_ms: Option<f64>,
    /// CPU seconds of all counted passes together, where known; `samples_s` sums to the wall time.
    pub cpu_s: Option<f64>,
    /// The most memory that was resident at once, in bytes.
    pub peak_memory_bytes: Option<u64>,
    /// Whose memory that is.
    pub memory_of: MemoryOf,
    /// How the detector was fed: `batch`, or `single-message` for batches of one.
    pub model: String,
    /// Messages per batch.
    pub batch: u32,
    /// The time that this detector had, in seconds.
    pub budget_s: f64,
    /// Did the budget end the run before it had enough passes?
    pub trimmed: bool,
    /// Time of each counted pass, in seconds, in order.
    pub samples_s: Vec<f64>,
    /// Time of each pass to warm up, in seconds, in order.
    pub warm_up_s: Vec<f64>,
    /// Median absolute deviation of the samples, in seconds.
    pub mad_s: f64,
    /// Were the predictions of every pass those that were scored? Passes with others do not count.
    pub prediction_hash_ok: bool,
}

/// The median: the middle, or the mean of the two in the middle. 0 for no values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

/// The median absolute deviation from the median, unscaled.
pub fn mad(values: &[f64]) -> f64 {
    let centre = median(values);
    let deviations: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    median(&deviations)
}

/// How many resamples an interval is made of.
const RESAMPLES: usize = 2000;

/// The median with a percentile bootstrap interval of 95 % (Efron, *Bootstrap methods*, 1979), drawn
/// from the seed, so that the same samples give the same interval. One sample is its own interval.
pub fn estimate(values: &[f64], seed: u64) -> Estimate {
    let centre = median(values);
    if values.len() < 2 {
        return Estimate {
            median: centre,
            low: centre,
            high: centre,
        };
    }
    let mut stream = Stream::at(seed, Domain::new("timing.bootstrap"), values.len() as u64);
    let mut medians: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let resample: Vec<f64> = values.iter().map(|_| *stream.pick(values)).collect();
            median(&resample)
        })
        .collect();
    medians.sort_by(f64::total_cmp);
    let at = |permille: usize| medians[(RESAMPLES - 1) * permille / 1000];
    Estimate {
        median: centre,
        low: at(25),
        high: at(975),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_and_deviation_ignore_one_wild_sample() {
        assert_eq!(median(&[1.0, 2.0, 900.0]), 2.0);
        assert_eq!(median(&[4.0, 2.0]), 3.0);
        assert_eq!(mad(&[1.0, 2.0, 3.0, 4.0, 900.0]), 1.0);
    }

    #[test]
    fn the_same_samples_and_seed_give_the_same_interval_around_the_median() {
        let samples = [1.0, 1.1, 0.9, 1.2, 1.0, 1.05, 0.95, 1.3];
        let first = estimate(&samples, 7);
        assert_eq!(first, estimate(&samples, 7));
        assert!(first.low <= first.median && first.median <= first.high);
        assert!(first.low >= 0.9 && first.high <= 1.3);
        assert_eq!(
            estimate(&[2.0], 7),
            Estimate {
                median: 2.0,
                low: 2.0,
                high: 2.0
            }
        );
    }
}
