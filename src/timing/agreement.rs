//! A hash of predictions that does not depend on the order of conversations.
//!
//! Invariant: two runs over the same corpus have the same hash exactly when, up to 64-bit accidents,
//! every unit has the same set of ranges and labels. Scores are left out: they may differ in the last
//! bit where nothing else does.

use crate::prediction::{Prediction, Predictions, ToolLabels};
use crate::seed::{Domain, Stream, mix};

/// The sum of what single predictions hash to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PredictionHash(u64);

/// Hashes predictions of one detector: knows its labels by name, because numbers differ between runs.
#[derive(Clone, Debug, Default)]
pub struct Hasher {
    labels: Vec<u64>,
}

impl Hasher {
    fn label(&mut self, prediction: &Prediction, labels: &ToolLabels) -> u64 {
        let known = self.labels.len();
        let more = labels.names().iter().skip(known);
        self.labels.extend(more.map(|name| name_hash(name)));
        self.labels[usize::from(prediction.label.0)]
    }

    /// Adds what was found in the unit at a place of the corpus.
    pub fn add(
        &mut self,
        sum: &mut PredictionHash,
        unit: usize,
        found: &[Prediction],
        labels: &ToolLabels,
    ) {
        for prediction in found {
            let range = u64::from(prediction.range.start) << 32 | u64::from(prediction.range.end);
            let label = self.label(prediction, labels);
            sum.0 = sum
                .0
                .wrapping_add(mix(mix(mix(unit as u64) ^ range) ^ label));
        }
    }

    /// The hash of a whole run, in the order of the corpus.
    pub fn of(&mut self, predictions: &Predictions, labels: &ToolLabels) -> PredictionHash {
        let mut sum = PredictionHash::default();
        for (unit, found) in predictions.units().enumerate() {
            self.add(&mut sum, unit, found, labels);
        }
        sum
    }
}

fn name_hash(name: &str) -> u64 {
    // A domain is the hash of a name; the first word of its stream spreads it over 64 bits.
    Stream::at(0, Domain::new(name), 0).bits()
}
