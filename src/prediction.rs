//! What a detector answers: ranges of a unit's text with the tool's own labels.
//!
//! A tool's label is not one of ours: it is a number into the [`ToolLabels`] of that detector, and
//! only a label map (`datasets/detectors.toml`) says what it means.

use crate::text::ByteRange;

/// A label of a detector: an index into its [`ToolLabels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolLabel(pub u16);

/// The labels that a detector can emit, in the order in which they were first seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolLabels {
    names: Vec<String>,
}

impl ToolLabels {
    /// The number of a label, which is added where it is new.
    pub fn intern(&mut self, name: &str) -> ToolLabel {
        let place = self
            .names
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.names.len() - 1
            });
        ToolLabel(place as u16)
    }

    /// The number of a label that is already known.
    pub fn find(&self, name: &str) -> Option<ToolLabel> {
        self.names
            .iter()
            .position(|known| known == name)
            .map(|place| ToolLabel(place as u16))
    }

    /// The name of a label.
    ///
    /// # Panics
    /// When the label is of another detector.
    pub fn name(&self, label: ToolLabel) -> &str {
        &self.names[usize::from(label.0)]
    }

    /// All names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

impl<S: Into<String>> FromIterator<S> for ToolLabels {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut labels = ToolLabels::default();
        for name in names {
            labels.intern(&name.into());
        }
        labels
    }
}

/// One range that a detector found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Where, in bytes of the unit's text.
    pub range: ByteRange,
    /// Under which of the tool's labels.
    pub label: ToolLabel,
    /// How sure it is, where it says so.
    pub score: Option<f32>,
}

/// What was found in a run of units, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
    found: Vec<Prediction>,
    ends: Vec<usize>,
}

impl Predictions {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a prediction to the unit that is being answered.
    pub fn push(&mut self, prediction: Prediction) {
        self.found.push(prediction);
    }

    /// Ends the unit that is being answered, found or not.
    pub fn end_unit(&mut self) {
        self.ends.push(self.found.len());
    }

    /// How many units are answered.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Is no unit answered?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// What was found in the unit at `index`.
    pub fn unit(&self, index: usize) -> &[Prediction] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.found[start..self.ends[index]]
    }

    /// The units, in order.
    pub fn units(&self) -> impl Iterator<Item = &[Prediction]> {
        (0..self.len()).map(|index| self.unit(index))
    }

    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.found.clear();
        self.ends.clear();
    }
}
