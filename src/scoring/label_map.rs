//! What a tool's labels mean in ours.
//!
//! A **label map** gives each label of a tool a list of ours, the first being **primary**. A
//! prediction is type-right iff the gold label is in its list; one that matches nothing is a false
//! positive of its primary. Invariant: a tool label outside the map, or with an empty list, is
//! **unmapped**; it is reported and scored without regard to type, never dropped.

use crate::prediction::{ToolLabel, ToolLabels};
use crate::taxonomy::Label;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// From the labels of a tool to lists of ours.
///
/// In files it is a table: `{ "CREDIT_CARD" = ["PAN"], "PERSON" = ["PERSON_NAME"] }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LabelMap {
    lists: BTreeMap<String, Vec<Label>>,
}

impl LabelMap {
    /// A map with these rows.
    pub fn new<S: Into<String>>(rows: impl IntoIterator<Item = (S, Vec<Label>)>) -> Self {
        LabelMap {
            lists: rows
                .into_iter()
                .map(|(name, list)| (name.into(), list))
                .collect(),
        }
    }

    /// The map of a tool that speaks our taxonomy: every label means itself.
    pub fn identity() -> Self {
        LabelMap::new(Label::all().map(|label| (label.id(), vec![label])))
    }

    /// What a tool label means, primary first; `None` when it is unmapped.
    pub fn of(&self, tool_label: &str) -> Option<&[Label]> {
        self.lists
            .get(tool_label)
            .map(Vec::as_slice)
            .filter(|list| !list.is_empty())
    }

    /// Every label of ours that the tool can mean: the image of the map.
    pub fn supported(&self) -> LabelSet {
        self.lists.values().flatten().copied().collect()
    }

    /// SHA-256 of the map in its canonical form (`name\tlabel,label\n`, sorted by name), in
    /// hexadecimal. Results with different hashes are not comparable.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for (name, list) in &self.lists {
            let list: Vec<&str> = list.iter().map(|label| label.id()).collect();
            digest.update(format!("{name}\t{}\n", list.join(",")));
        }
        digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The map for the numbers of one detector's labels, so that scoring compares no strings.
    pub fn resolve(&self, labels: &ToolLabels) -> Resolved {
        let mut resolved = Resolved::default();
        for name in labels.names() {
            let list = self.of(name).unwrap_or_default();
            let place = resolved.lists.len() as u16;
            let same = resolved
                .lists
                .iter()
                .position(|known| !list.is_empty() && known == list);
            resolved
                .meaning
                .push(same.map_or(place, |first| first as u16));
            resolved.lists.push(list.to_vec());
        }
        resolved
    }
}

/// The labels that every one of these maps supports.
pub fn common<'a>(maps: impl IntoIterator<Item = &'a LabelMap>) -> LabelSet {
    maps.into_iter()
        .map(LabelMap::supported)
        .fold(LabelSet::all(), |a, b| a.intersection(&b))
}

/// A [`LabelMap`] for the numbers of one detector's labels.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    lists: Vec<Vec<Label>>,
    meaning: Vec<u16>,
}

impl Resolved {
    /// How many tool labels it knows.
    pub fn len(&self) -> usize {
        self.lists.len()
    }

    /// Does it know none?
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// What a tool label means, primary first; empty when it is unmapped.
    pub fn list(&self, label: ToolLabel) -> &[Label] {
        &self.lists[usize::from(label.0)]
    }

    /// What a false positive of this tool label is a false positive of.
    pub fn primary(&self, label: ToolLabel) -> Option<Label> {
        self.list(label).first().copied()
    }

    /// Equal for two tool labels that mean the same list of ours; unmapped ones are never equal.
    pub fn meaning(&self, label: ToolLabel) -> u16 {
        self.meaning[usize::from(label.0)]
    }
}

/// A set of labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSet {
    members: Vec<bool>,
}

impl LabelSet {
    /// Every label of the taxonomy.
    pub fn all() -> Self {
        LabelSet {
            members: Label::all().map(|_| true).collect(),
        }
    }

    /// The `core` labels: the default set of tables.
    pub fn core() -> Self {
        Label::all().filter(|label| label.info().core).collect()
    }

    /// Is it in the set?
    pub fn contains(&self, label: Label) -> bool {
        self.members[label.index()]
    }

    /// The labels in both.
    #[must_use]
    pub fn intersection(&self, other: &LabelSet) -> LabelSet {
        self.iter().filter(|&label| other.contains(label)).collect()
    }

    /// Its labels, in the order of the taxonomy.
    pub fn iter(&self) -> impl Iterator<Item = Label> {
        Label::all().filter(|&label| self.contains(label))
    }

    /// How many labels it holds.
    pub fn len(&self) -> usize {
        self.members.iter().filter(|&&member| member).count()
    }

    /// Does it hold none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl FromIterator<Label> for LabelSet {
    fn from_iter<I: IntoIterator<Item = Label>>(labels: I) -> Self {
        let mut members: Vec<bool> = Label::all().map(|_| false).collect();
        for label in labels {
            members[label.index()] = true;
        }
        LabelSet { members }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(id: &str) -> Label {
        Label::named(id).unwrap()
    }

    #[test]
    fn an_empty_list_and_an_absent_row_are_both_unmapped() {
        let map = LabelMap::new([("CARD", vec![label("PAN")]), ("NRP", vec![])]);
        let names: ToolLabels = ["NRP", "CARD", "URL"].into_iter().collect();
        let resolved = map.resolve(&names);
        assert_eq!(resolved.primary(ToolLabel(0)), None);
        assert_eq!(resolved.primary(ToolLabel(1)), Some(label("PAN")));
        assert_eq!(resolved.primary(ToolLabel(2)), None);
        assert_ne!(
            resolved.meaning(ToolLabel(0)),
            resolved.meaning(ToolLabel(2))
        );
    }

    #[test]
    fn the_hash_follows_meaning_and_not_the_order_of_rows() {
        let (a, b) = (("A", vec![label("PAN")]), ("B", vec![label("IBAN")]));
        let forth = LabelMap::new([a.clone(), b.clone()]);
        let back = LabelMap::new([b, a.clone()]);
        assert_eq!(forth.hash(), back.hash());
        assert_ne!(forth.hash(), LabelMap::new([a]).hash());
    }

    #[test]
    fn common_is_what_every_detector_supports() {
        let cards = LabelMap::new([("X", vec![label("PAN"), label("IBAN")])]);
        let accounts = LabelMap::new([("Y", vec![label("IBAN")])]);
        let both: Vec<_> = common([&cards, &accounts]).iter().collect();
        assert_eq!(both, [label("IBAN")]);
    }

    #[test]
    fn a_map_reads_from_a_table_and_an_unknown_label_is_named() {
        let map: LabelMap = toml::from_str("CREDIT_CARD = [\"PAN\"]").unwrap();
        assert_eq!(map.of("CREDIT_CARD"), Some(&[label("PAN")][..]));
        let error = toml::from_str::<LabelMap>("CREDIT_CARD = [\"PANN\"]").unwrap_err();
        assert!(error.to_string().contains("did you mean `PAN`?"), "{error}");
    }
}
