//! Ratios and scores.
//!
//! Invariant: a ratio always stands with its counts, and 0/0 is `null`, never 0 or 1.

use super::intervals::Interval;
use serde::{Deserialize, Serialize};

/// A ratio with its counts and, where it is known, its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Numerator.
    pub count: u64,
    /// Denominator.
    pub of: u64,
    /// The quotient; `null` for 0/0.
    value: Option<f64>,
    /// The interval.
    pub interval: Option<Interval>,
}

impl Ratio {
    /// `count / of`, without an interval.
    pub fn new(count: u64, of: u64) -> Self {
        Ratio {
            count,
            of,
            value: (of > 0).then(|| count as f64 / of as f64),
            interval: None,
        }
    }

    /// With an interval.
    #[must_use]
    pub fn with(self, interval: Option<Interval>) -> Self {
        Ratio { interval, ..self }
    }

    /// The quotient; `None` for 0/0.
    pub fn value(&self) -> Option<f64> {
        self.value
    }
}

/// Precision, recall and their harmonic means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// Right ones of the predictions.
    pub precision: Ratio,
    /// Right ones of the gold spans.
    pub recall: Ratio,
    /// F1: precision and recall weigh alike.
    pub f1: Option<f64>,
    /// F2: recall weighs four times as much (van Rijsbergen, 1979, β = 2).
    pub f2: Option<f64>,
}

impl Scores {
    /// From what is right of `predicted` and of `gold`.
    pub fn new((right_predicted, predicted): (u64, u64), (right_gold, gold): (u64, u64)) -> Self {
        let precision = Ratio::new(right_predicted, predicted);
        let recall = Ratio::new(right_gold, gold);
        let f = |beta_squared: f64| {
            // With one undefined, nothing is right, and the mean is 0 unless both are undefined.
            let (p, r) = match (precision.value, recall.value) {
                (None, None) => return None,
                (p, r) => (p.unwrap_or(0.0), r.unwrap_or(0.0)),
            };
            let weighted = beta_squared * p + r;
            Some(if weighted > 0.0 {
                (1.0 + beta_squared) * p * r / weighted
            } else {
                0.0
            })
        };
        Scores {
            precision,
            recall,
            f1: f(1.0),
            f2: f(4.0),
        }
    }
}

/// Right type and an intersection over union of at least a threshold, within the one matching.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IouScores {
    /// At least one half.
    #[serde(rename = "0.50")]
    pub at_50: Scores,
    /// At least three quarters.
    #[serde(rename = "0.75")]
    pub at_75: Scores,
    /// At least nine tenths.
    #[serde(rename = "0.90")]
    pub at_90: Scores,
}

/// The span scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanScores {
    /// Right range and right type.
    pub strict: Scores,
    /// Right range, any type.
    pub exact: Scores,
    /// Right type, any overlap.
    #[serde(rename = "type")]
    pub typed: Scores,
    /// Any type; an overlap that is not exact counts one half. Counts here are in halves.
    pub partial: Scores,
    /// Right type and enough in common.
    pub iou: IouScores,
}
