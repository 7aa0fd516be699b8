//! Everything that was counted. Counts are a monoid: the counts of shards add up to the counts of
//! the whole, wherever the shards were scored.
//!
//! Invariant: nothing here is a ratio. Ratios, scopes and intervals are made from counts by
//! `Metrics`, so a report never needs the corpus again.

use super::coverage::{Characters, CoverageCounts, DecoyCounts};
use super::curves::CurveCounts;
use super::echoes::EchoCounts;
use super::events::Relation;
use super::examples::Examples;
use super::exposure::ExposureCounts;
use super::guessing::GuessCounts;
use super::replicates::Replicates;
use super::slices::{self, Slices};
use super::strata::Strata;
use super::twins::{self, Twins};
use super::views::View;
use crate::borrowed::Borrowed;
use crate::taxonomy::Label;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of serialised counts.
pub const SCHEMA: u32 = 1;

/// What must be equal for counts to be added or compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Version of serialised counts.
    pub schema: u32,
    /// SHA-256 of the taxonomy.
    pub label_set_hash: String,
    /// SHA-256 of the label map.
    pub label_map_hash: String,
    /// Name of the tolerance policy.
    pub tolerance: String,
    /// SHA-256 of what it tolerates.
    pub tolerance_hash: String,
    /// What span scores leave out of account.
    pub view: View,
    /// What the coverage view calls a character.
    pub characters: Characters,
    /// SHA-256 of the observer's file, where the analyses were worked out.
    pub observer_hash: Option<String>,
    /// Are twins compared rather than counted?
    pub twins: bool,
    /// Seed of the bootstrap weights.
    pub seed: u64,
    /// Are there replicates?
    pub intervals: bool,
    /// Examples kept per error class.
    #[serde(default)]
    pub examples: u32,
}

/// What a prediction means: one of our labels, or nothing that the label map knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meant(pub Option<Label>);

/// What stands for no label that the label map knows.
pub const UNMAPPED: &str = "(unmapped)";

impl std::fmt::Display for Meant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0.map_or(UNMAPPED, Label::id))
    }
}

impl Serialize for Meant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.map_or(UNMAPPED, Label::id))
    }
}

impl<'de> Deserialize<'de> for Meant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = Borrowed::deserialize(deserializer)?;
        if *id == *UNMAPPED {
            return Ok(Meant(None));
        }
        Label::named(&id)
            .map(|label| Meant(Some(label)))
            .ok_or_else(|| serde::de::Error::custom(crate::taxonomy::unknown_label(&id)))
    }
}

/// Predictions of one meaning that concern gold spans of another label, by relation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confusion {
    /// Equal ranges.
    pub wrong_type: u64,
    /// Overlapping ranges.
    pub type_and_boundary: u64,
    /// Further predictions on a gold span that is already answered.
    pub fragment: u64,
    /// Further labels on a range that already answers.
    pub label_extra: u64,
}

impl Confusion {
    /// Adds the counts of another shard.
    pub fn add(&mut self, other: &Confusion) {
        self.wrong_type += other.wrong_type;
        self.type_and_boundary += other.type_and_boundary;
        self.fragment += other.fragment;
        self.label_extra += other.label_extra;
    }

    /// All predictions counted here.
    pub fn total(&self) -> u64 {
        self.wrong_type + self.type_and_boundary + self.fragment + self.label_extra
    }
}

/// The least 4,096 of the hashes that were put in: the exact number of distinct clusters up to there,
/// and "at least 4,096" beyond. A bound stated from it errs on the safe side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeastHashes(BTreeSet<u64>);

impl LeastHashes {
    const MOST: usize = 4_096;

    /// Puts a hash in.
    pub fn insert(&mut self, hash: u64) {
        let full = self.0.len() == Self::MOST;
        if full && self.0.last().is_some_and(|&greatest| hash >= greatest) {
            return;
        }
        self.0.insert(hash);
        if self.0.len() > Self::MOST {
            self.0.pop_last();
        }
    }

    /// How many distinct hashes are known.
    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn merge(&mut self, other: &LeastHashes) {
        for &hash in &other.0 {
            self.insert(hash);
        }
    }
}

/// The clusters that hold values of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clusters {
    /// Customers.
    pub customers: LeastHashes,
    /// Phrases.
    pub phrases: LeastHashes,
}

impl Clusters {
    /// How many independent clusters there are: the fewer of the two.
    pub fn independent(&self) -> u64 {
        self.customers.len().min(self.phrases.len())
    }

    /// Adds the clusters of other values.
    pub fn merge(&mut self, other: &Clusters) {
        self.customers.merge(&other.customers);
        self.phrases.merge(&other.phrases);
    }
}

/// Counts of one label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelCounts {
    /// Gold spans of the label by what became of them, and spurious predictions that mean it.
    pub relations: BTreeMap<Relation, u64>,
    /// What other predictions meant that concern gold spans of this label.
    pub confused: BTreeMap<Meant, Confusion>,
    /// Pairs of right type and unequal range, by intersection over union in twentieths rounded down.
    pub iou: BTreeMap<u8, u64>,
    /// Characters of its gold spans.
    pub chars: u64,
    /// How many of them are covered, by whatever label.
    pub covered_chars: u64,
    /// Values with something essential.
    pub values: u64,
    /// Values that leak.
    pub leaked: u64,
    /// Values without anything essential: in no denominator.
    pub inessential: u64,
    /// Mentions with something essential.
    pub mentions: u64,
    /// Mentions that leak.
    pub leaked_mentions: u64,
    /// Sum over values of the readable share of essential characters, in millionths rounded down.
    pub readable_ppm: u64,
    /// What is left to guess of its values.
    pub guessing: GuessCounts,
    /// Where else its values can be read.
    pub echoes: EchoCounts,
    /// The clusters that hold its values, where intervals are asked for.
    pub clusters: Clusters,
}

impl LabelCounts {
    /// How many events have this relation.
    pub fn relation(&self, relation: Relation) -> u64 {
        self.relations.get(&relation).copied().unwrap_or(0)
    }

    /// Gold spans in the strict scores.
    pub fn gold(&self) -> u64 {
        let settled = |r: &Relation| r.settles_gold() && *r != Relation::Ignored;
        self.relations
            .iter()
            .filter(|(r, _)| settled(r))
            .map(|(_, n)| n)
            .sum()
    }

    fn merge(&mut self, other: LabelCounts) {
        for (relation, count) in other.relations {
            *self.relations.entry(relation).or_default() += count;
        }
        for (meant, confusion) in other.confused {
            self.confused.entry(meant).or_default().add(&confusion);
        }
        for (twentieths, count) in other.iou {
            *self.iou.entry(twentieths).or_default() += count;
        }
        self.chars += other.chars;
        self.covered_chars += other.covered_chars;
        self.guessing.add(&other.guessing);
        self.echoes.add(&other.echoes);
        self.values += other.values;
        self.leaked += other.leaked;
        self.inessential += other.inessential;
        self.mentions += other.mentions;
        self.leaked_mentions += other.leaked_mentions;
        self.readable_ppm += other.readable_ppm;
        self.clusters.merge(&other.clusters);
    }
}

/// How many conversations, or customers, hold values, and of how many a value leaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposed {
    /// With a value.
    pub any: u64,
    /// With a leaked value.
    pub any_leaked: u64,
    /// With a critical value.
    pub critical: u64,
    /// With a leaked critical value.
    pub critical_leaked: u64,
    /// With a value of the profile headline.
    pub profile: u64,
    /// With a leaked one.
    pub profile_leaked: u64,
}

/// What one customer, or one conversation, holds and leaks: a set of [`Holds`] flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holds(u8);

impl Holds {
    const ANY: u8 = 1;
    const CRITICAL: u8 = 4;
    const PROFILE: u8 = 16;

    /// Of one value.
    pub fn value(critical: bool, profile: bool, leaks: bool) -> Holds {
        let mut kinds = Self::ANY;
        if critical {
            kinds |= Self::CRITICAL;
        }
        if profile {
            kinds |= Self::PROFILE;
        }
        // The flag of a leak stands next to the flag of its kind.
        Holds(if leaks { kinds | kinds << 1 } else { kinds })
    }

    /// Of both.
    pub fn add(&mut self, other: Holds) {
        self.0 |= other.0;
    }
}

impl Exposed {
    /// Counts one customer or conversation.
    pub fn add(&mut self, holds: Holds) {
        let flag = |bit: u8| u64::from(holds.0 & bit != 0);
        self.any += flag(Holds::ANY);
        self.any_leaked += flag(Holds::ANY << 1);
        self.critical += flag(Holds::CRITICAL);
        self.critical_leaked += flag(Holds::CRITICAL << 1);
        self.profile += flag(Holds::PROFILE);
        self.profile_leaked += flag(Holds::PROFILE << 1);
    }

    /// Adds the counts of another shard.
    pub fn merge(&mut self, other: &Exposed) {
        self.any += other.any;
        self.any_leaked += other.any_leaked;
        self.critical += other.critical;
        self.critical_leaked += other.critical_leaked;
        self.profile += other.profile;
        self.profile_leaked += other.profile_leaked;
    }
}

/// A sum of ratios, of which a mean over conversations is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatioSum {
    /// The ratios, in millionths rounded down.
    pub ppm: u64,
    /// How many there are: those that are defined.
    pub of: u64,
}

impl RatioSum {
    /// Puts a ratio in; 0/0 is none.
    pub fn put(&mut self, count: u64, of: u64) {
        if let Some(ppm) = (count * 1_000_000).checked_div(of) {
            self.ppm += ppm;
            self.of += 1;
        }
    }

    fn add(&mut self, other: &RatioSum) {
        self.ppm += other.ppm;
        self.of += other.of;
    }

    /// Their mean.
    pub fn mean(&self) -> Option<f64> {
        (self.of > 0).then(|| self.ppm as f64 / 1e6 / self.of as f64)
    }
}

/// Strict scores, conversation by conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationScores {
    /// Precision.
    pub precision: RatioSum,
    /// Recall.
    pub recall: RatioSum,
    /// F1.
    pub f1: RatioSum,
}

impl ConversationScores {
    /// Puts the counts of a conversation in.
    pub fn put(&mut self, correct: u64, predicted: u64, gold: u64) {
        self.precision.put(correct, predicted);
        self.recall.put(correct, gold);
        self.f1.put(2 * correct, predicted + gold);
    }

    fn add(&mut self, other: &ConversationScores) {
        self.precision.add(&other.precision);
        self.recall.add(&other.recall);
        self.f1.add(&other.f1);
    }
}

/// Everything that was counted in some conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// What must be equal for counts to be added.
    pub signature: Signature,
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
    /// Labels that occur, in gold or in what predictions mean.
    pub labels: BTreeMap<Label, LabelCounts>,
    /// Predictions that touch no gold span and mean nothing that the label map knows.
    pub unmapped_spurious: u64,
    /// Predictions outside the strict scores, because they concern a gold span that is.
    pub ignored_predictions: u64,
    /// Predictions that repeated another.
    pub duplicates: u64,
    /// Predictions with labels outside the label map, by the tool's label.
    pub unmapped: BTreeMap<String, u64>,
    /// The coverage view.
    pub coverage: CoverageCounts,
    /// Decoys, by what they are.
    pub decoys: BTreeMap<String, DecoyCounts>,
    /// Strict scores, conversation by conversation.
    pub by_conversation: ConversationScores,
    /// By conversation.
    pub exposed_conversations: Exposed,
    /// By customer: a customer comes back in other shards, so each is kept by the hash of its id.
    pub customers: BTreeMap<u64, Holds>,
    /// Parts of the corpus.
    pub slices: Slices,
    /// Text and alerts by kind of message, where the analyses were worked out.
    pub strata: Strata,
    /// Counts by threshold, where the analyses were worked out.
    pub curves: CurveCounts,
    /// What is learned of customers, where the analyses were worked out.
    pub exposure: Option<ExposureCounts>,
    /// Conversations and their twins, where they are compared.
    pub twins: Twins,
    /// Bootstrap replicates.
    pub replicates: Replicates,
    /// Examples of errors.
    #[serde(default)]
    pub examples: Examples,
}

/// Why counts cannot be added.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("these counts were made differently ({what} differs): score both with the same options")]
pub struct NotComparable {
    /// The first part of the signature that differs.
    pub what: &'static str,
}

impl Signature {
    /// Checks that counts with this signature and with another can be added.
    ///
    /// # Errors
    /// The first part that differs.
    pub fn comparable(&self, other: &Signature) -> Result<(), NotComparable> {
        let differs = [
            ("schema", self.schema != other.schema),
            ("label set", self.label_set_hash != other.label_set_hash),
            ("label map", self.label_map_hash != other.label_map_hash),
            (
                "tolerance policy",
                (&self.tolerance, &self.tolerance_hash)
                    != (&other.tolerance, &other.tolerance_hash),
            ),
            ("view", self.view != other.view),
            ("unit of characters", self.characters != other.characters),
            ("observer", self.observer_hash != other.observer_hash),
            ("treatment of twins", self.twins != other.twins),
            ("seed", self.seed != other.seed),
            ("use of intervals", self.intervals != other.intervals),
            ("number of examples", self.examples != other.examples),
        ];
        match differs.into_iter().find(|(_, differs)| *differs) {
            Some((what, _)) => Err(NotComparable { what }),
            None => Ok(()),
        }
    }
}

impl Counts {
    /// Nothing counted yet.
    pub fn empty(signature: Signature) -> Self {
        Counts {
            examples: Examples::keeping(signature.examples),
            signature,
            conversations: 0,
            messages: 0,
            labels: BTreeMap::new(),
            unmapped_spurious: 0,
            ignored_predictions: 0,
            duplicates: 0,
            unmapped: BTreeMap::new(),
            coverage: CoverageCounts::default(),
            decoys: BTreeMap::new(),
            by_conversation: ConversationScores::default(),
            exposed_conversations: Exposed::default(),
            customers: BTreeMap::new(),
            slices: Slices::new(),
            strata: Strata::default(),
            curves: CurveCounts::default(),
            exposure: None,
            twins: Twins::new(),
            replicates: Replicates::default(),
        }
    }

    /// Adds the counts of another shard of the corpus.
    ///
    /// # Errors
    /// [`NotComparable`] when the shards were scored with different options.
    pub fn merge(&mut self, other: Counts) -> Result<(), NotComparable> {
        self.signature.comparable(&other.signature)?;
        self.conversations += other.conversations;
        self.messages += other.messages;
        for (label, counts) in other.labels {
            self.labels.entry(label).or_default().merge(counts);
        }
        self.unmapped_spurious += other.unmapped_spurious;
        self.ignored_predictions += other.ignored_predictions;
        self.duplicates += other.duplicates;
        for (name, count) in other.unmapped {
            *self.unmapped.entry(name).or_default() += count;
        }
        self.coverage.add(&other.coverage);
        for (kind, counts) in other.decoys {
            self.decoys.entry(kind).or_default().add(&counts);
        }
        self.by_conversation.add(&other.by_conversation);
        self.exposed_conversations
            .merge(&other.exposed_conversations);
        for (customer, holds) in other.customers {
            self.customers.entry(customer).or_default().add(holds);
        }
        slices::merge(&mut self.slices, other.slices);
        self.strata.merge(other.strata);
        self.curves.merge(other.curves);
        match (&mut self.exposure, other.exposure) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            (mine @ None, theirs) => *mine = theirs,
            (Some(_), None) => {}
        }
        twins::merge(&mut self.twins, other.twins);
        self.replicates.add(other.replicates);
        self.examples.merge(other.examples);
        Ok(())
    }

    /// Leaked critical values by group of customers; empty where intervals were not asked for.
    pub fn critical_leaked_by_group(&self) -> Vec<u64> {
        let mut groups = Vec::new();
        // Every value is in one slice of a dimension.
        let slices = self.slices.get(&slices::Dimension::Lang);
        for slice in slices.into_iter().flat_map(|slices| slices.values()) {
            let theirs = &slice.groups.customers;
            groups.resize(groups.len().max(theirs.len()), 0);
            let sums = groups.iter_mut().zip(theirs);
            sums.for_each(|(sum, [.., leaked])| *sum += leaked);
        }
        groups
    }

    /// The counts by customer.
    pub fn exposed_customers(&self) -> Exposed {
        let mut exposed = Exposed::default();
        for &holds in self.customers.values() {
            exposed.add(holds);
        }
        exposed
    }
}
