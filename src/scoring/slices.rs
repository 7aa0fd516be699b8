//! The same counts for parts of the corpus.
//!
//! A **dimension** is what the corpus is cut by; a **slice** is one value of it. Spans and mentions
//! count in the slice that they are in; a value counts in the slice of its first mention. Invariant:
//! the slices of a dimension add up to the whole.

use crate::conversation::{Conversation, Form, Safety, Span, Speaker, names};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// What the corpus is cut by.
    pub enum Dimension {
        /// How the value is written.
        Form = "form",
        /// Who wrote the message.
        Speaker = "speaker",
        /// Is the value all that the message says?
        Bare = "bare",
        /// Was the value asked for?
        Asked = "asked",
        /// Does it pass its label's rule?
        Valid = "valid",
        /// Why it can belong to nobody.
        Safety = "safety",
        /// What the customer came for first.
        Intent = "intent",
        /// What the bank's bot may say.
        Policy = "policy",
        /// The customer's writer profile.
        Writer = "writer",
        /// Language tag.
        Lang = "lang",
    }
}

/// Counts of one slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceCounts {
    /// Gold spans.
    pub gold: u64,
    /// Strictly correct ones.
    pub correct: u64,
    /// Mentions with something essential.
    pub mentions: u64,
    /// Mentions that leak.
    pub leaked_mentions: u64,
    /// Values with something essential.
    pub values: u64,
    /// Values that leak.
    pub leaked: u64,
    /// Critical values.
    pub critical: u64,
    /// Critical values that leak.
    pub critical_leaked: u64,
}

impl SliceCounts {
    /// Adds the counts of another.
    pub fn add(&mut self, other: &SliceCounts) {
        self.gold += other.gold;
        self.correct += other.correct;
        self.mentions += other.mentions;
        self.leaked_mentions += other.leaked_mentions;
        self.values += other.values;
        self.leaked += other.leaked;
        self.critical += other.critical;
        self.critical_leaked += other.critical_leaked;
    }
}

/// Counts by dimension and value.
pub type Slices = BTreeMap<Dimension, BTreeMap<String, SliceCounts>>;

/// Adds the slices of another shard.
pub fn merge(into: &mut Slices, other: Slices) {
    for (dimension, slices) in other {
        let mine = into.entry(dimension).or_default();
        for (name, counts) in slices {
            mine.entry(name).or_default().add(&counts);
        }
    }
}

/// What a span is, for the dimensions that belong to spans.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    form: Option<Form>,
    safety: Option<Safety>,
    valid: Option<bool>,
    asked: bool,
    bare: bool,
    speaker: Speaker,
}

impl Traits {
    /// Of a span in a message of `speaker`; `bare` says whether it is all that the message says.
    pub fn of(span: &Span, speaker: Speaker, bare: bool) -> Self {
        Traits {
            form: span.form,
            safety: span.safety,
            valid: span.valid,
            asked: span.asked.is_some(),
            bare,
            speaker,
        }
    }
}

/// Adds up slices without looking up a name per span.
#[derive(Debug)]
pub struct SliceTable {
    form: Vec<SliceCounts>,
    safety: Vec<SliceCounts>,
    valid: [SliceCounts; 3],
    asked: [SliceCounts; 2],
    bare: [SliceCounts; 2],
    speaker: Vec<SliceCounts>,
    conversation: SliceCounts,
    named: Slices,
}

const NO_RULE: &str = "(none)";

impl Default for SliceTable {
    fn default() -> Self {
        let zeros = |count: usize| vec![SliceCounts::default(); count];
        SliceTable {
            form: zeros(Form::ALL.len() + 1),
            safety: zeros(Safety::ALL.len() + 1),
            valid: Default::default(),
            asked: Default::default(),
            bare: Default::default(),
            speaker: zeros(Speaker::ALL.len()),
            conversation: SliceCounts::default(),
            named: Slices::new(),
        }
    }
}

impl SliceTable {
    /// Adds counts to every slice that a span of the current conversation is in.
    pub fn add(&mut self, of: &Traits, counts: &SliceCounts) {
        self.form[of.form.map_or(0, |form| form as usize + 1)].add(counts);
        self.safety[of.safety.map_or(0, |safety| safety as usize + 1)].add(counts);
        self.valid[of.valid.map_or(0, |valid| usize::from(valid) + 1)].add(counts);
        self.asked[usize::from(of.asked)].add(counts);
        self.bare[usize::from(of.bare)].add(counts);
        self.speaker[of.speaker as usize].add(counts);
        self.conversation.add(counts);
    }

    /// Ends the current conversation.
    pub fn end(&mut self, conversation: &Conversation) {
        let counts = std::mem::take(&mut self.conversation);
        let intent = conversation
            .intents
            .first()
            .map_or(NO_RULE, |intent| intent);
        for (dimension, name) in [
            (Dimension::Intent, intent),
            (Dimension::Policy, &*conversation.policy),
            (Dimension::Writer, &*conversation.writer),
            (Dimension::Lang, &*conversation.lang),
        ] {
            let slices = self.named.entry(dimension).or_default();
            match slices.get_mut(name) {
                Some(slice) => slice.add(&counts),
                None => {
                    slices.insert(name.to_owned(), counts);
                }
            }
        }
    }

    /// Every slice that holds anything.
    pub fn finish(self) -> Slices {
        let with_none =
            |names: Vec<&'static str>| std::iter::once(NO_RULE).chain(names).collect::<Vec<_>>();
        let forms = with_none(Form::ALL.iter().map(|form| form.name()).collect());
        let tiers = with_none(Safety::ALL.iter().map(|tier| tier.name()).collect());
        let speakers = Speaker::ALL.iter().map(|speaker| speaker.name()).collect();
        let mut slices = self.named;
        for (dimension, names, counts) in [
            (Dimension::Form, forms, self.form),
            (Dimension::Safety, tiers, self.safety),
            (
                Dimension::Valid,
                vec![NO_RULE, "invalid", "valid"],
                self.valid.to_vec(),
            ),
            (
                Dimension::Asked,
                vec!["volunteered", "asked"],
                self.asked.to_vec(),
            ),
            (
                Dimension::Bare,
                vec!["in_sentence", "bare"],
                self.bare.to_vec(),
            ),
            (Dimension::Speaker, speakers, self.speaker),
        ] {
            let rows = names.into_iter().zip(counts);
            slices.insert(
                dimension,
                rows.map(|(name, c)| (name.to_owned(), c)).collect(),
            );
        }
        for rows in slices.values_mut() {
            rows.retain(|_, counts| *counts != SliceCounts::default());
        }
        slices.retain(|_, rows| !rows.is_empty());
        slices
    }
}
