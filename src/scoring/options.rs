//! How a run is scored, and why a conversation cannot be.

use super::coverage::Characters;
use super::examples::ExampleOptions;
use super::label_map::LabelMap;
use super::observer::Observer;
use super::tolerance::Tolerance;
use super::views::View;
use crate::prediction::ToolLabels;
use std::sync::Arc;

/// How a run is scored.
#[derive(Clone, Debug)]
pub struct ScoringOptions {
    /// What may stay readable.
    pub tolerance: Tolerance,
    /// What the tool's labels mean.
    pub label_map: LabelMap,
    /// The tool's labels, as the predictions number them.
    pub labels: ToolLabels,
    /// Seed of the bootstrap weights. Detectors are comparable only under one seed.
    pub seed: u64,
    /// Keep bootstrap replicates? Without them there are no intervals and no comparisons.
    pub intervals: bool,
    /// Which examples of errors are kept.
    pub examples: ExampleOptions,
    /// What span scores leave out of account.
    pub view: View,
    /// What the coverage view calls a character.
    pub characters: Characters,
    /// Work out what reads the text again: residual guessing bits, echoes, profile exposure, curves over
    /// scores, strata for a prevalence?
    pub analyses: bool,
    /// Who reads the text for profile exposure.
    pub observer: Arc<Observer>,
    /// Compare twins (`~variant`) with the conversations that they are of, and count them nowhere else?
    pub twins: bool,
}

impl Default for ScoringOptions {
    /// The default policy, a tool that speaks our taxonomy, intervals and analyses on, no
    /// examples.
    fn default() -> Self {
        ScoringOptions {
            tolerance: Tolerance::default(),
            label_map: LabelMap::identity(),
            labels: ToolLabels::default(),
            seed: 0,
            intervals: true,
            examples: ExampleOptions::default(),
            view: View::All,
            characters: Characters::CodePoints,
            analyses: true,
            observer: Observer::shipped(),
            twins: false,
        }
    }
}

/// Why a conversation could not be scored. Nothing of it was counted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// The predictions are for another number of units.
    #[error(
        "conversation `{conversation}` has {expected} units and predictions for {found}: \
         answer every unit, empty ones included"
    )]
    Units {
        /// Which conversation.
        conversation: String,
        /// Its units.
        expected: usize,
        /// Units answered.
        found: usize,
    },
    /// A range is empty, beyond the text, or off a character boundary.
    #[error(
        "unit `{unit}`: prediction {index} covers bytes {start}..{end}, which is no range of its \
         text ({length} bytes): check the declared offset unit"
    )]
    Range {
        /// Which unit.
        unit: String,
        /// Which of its predictions.
        index: usize,
        /// First byte.
        start: u32,
        /// One past the last byte.
        end: u32,
        /// Length of the text in bytes.
        length: usize,
    },
    /// A prediction carries a label that was never named.
    #[error("unit `{unit}`: label number {label} is unknown: pass the tool's labels to the scorer")]
    Label {
        /// Which unit.
        unit: String,
        /// The number.
        label: u16,
    },
}
