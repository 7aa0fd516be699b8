//! Bootstrap replicates that add up over shards.
//!
//! * A **cluster** is what may be alike within: a customer, or a phrase of the grammar (text made from
//!   one phrase is not independent, and more conversations do not make more phrases).
//! * A **replicate** is one reweighting of the corpus. Its weight for a cluster is a Poisson(1) draw,
//!   a pure function of (seed, cluster, replicate); what stands in customer c and phrase p counts
//!   weight(c) × weight(p) times (product reweighting of crossed factors: Owen and Eckles,
//!   *Bootstrapping data arrays of arbitrary order*, Annals of Applied Statistics 6, 2012; it errs
//!   on the wide side).
//!
//! Invariant: a replicate of the whole is the sum of the replicates of its parts, and two detectors
//! scored on one corpus share every weight, so their replicates pair.

use crate::seed::mix;
use crate::taxonomy::{Headline, Label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Replicates of the two headlines.
pub const HEADLINE_REPLICATES: usize = 2_000;
/// Replicates of every label and of the companions of the headline.
pub const LABEL_REPLICATES: usize = 200;

/// Thresholds of the Poisson(1) law in units of 2^-32: `⌊2^32 · e⁻¹ · Σ_{j≤k} 1/j!⌋`. A draw weighs as
/// many as it reaches.
const POISSON: [u32; 12] = [
    1_580_030_168,
    3_160_060_337,
    3_950_075_421,
    4_213_413_783,
    4_279_248_373,
    4_292_415_291,
    4_294_609_777,
    4_294_923_276,
    4_294_962_463,
    4_294_966_817,
    4_294_967_252,
    4_294_967_292,
];

/// The greatest product of two weights.
const GREATEST: u64 = (POISSON.len() * POISSON.len()) as u64;

/// Which of the two crossed factors a cluster belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// Customers.
    Customer,
    /// Phrases.
    Phrase,
}

/// The hash of a cluster's name (FNV-1a, 64 bits).
pub fn cluster(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Writes the weights of a cluster in the first `weights.len()` replicates.
pub fn weigh(seed: u64, factor: Factor, cluster: u64, weights: &mut [u8]) {
    let salt: u64 = match factor {
        Factor::Customer => 0x6375_7374_6f6d_6572,
        Factor::Phrase => 0x7068_7261_7365,
    };
    let key = mix(mix(seed ^ salt) ^ cluster);
    let mut draws = [0u32; 64];
    for (block, weights) in weights.chunks_mut(64).enumerate() {
        for (at, pair) in draws.chunks_exact_mut(2).enumerate() {
            let bits = mix(key.wrapping_add((block * 32 + at) as u64));
            pair[0] = bits as u32;
            pair[1] = (bits >> 32) as u32;
        }
        for (weight, &draw) in weights.iter_mut().zip(&draws) {
            *weight = POISSON.iter().map(|&least| u8::from(draw >= least)).sum();
        }
    }
}

/// One count in every replicate.
#[derive(Clone, Debug, Default)]
struct Lanes {
    sum: Vec<u64>,
    /// Narrow sums, so that most additions touch few bytes; spilt before they can overflow.
    pending: Vec<u16>,
    bound: u64,
}

impl Lanes {
    fn new(replicates: usize) -> Self {
        Lanes {
            sum: vec![0; replicates],
            pending: vec![0; replicates],
            bound: 0,
        }
    }

    fn add(&mut self, weights: &[u8], count: u64) {
        if count == 0 {
            return;
        }
        let bound = count * GREATEST;
        if bound > u64::from(u16::MAX) {
            for (sum, &weight) in self.sum.iter_mut().zip(weights) {
                *sum += u64::from(weight) * count;
            }
            return;
        }
        self.bound += bound;
        if self.bound > u64::from(u16::MAX) {
            self.spill();
            self.bound = bound;
        }
        if count == 1 {
            for (sum, &weight) in self.pending.iter_mut().zip(weights) {
                *sum += u16::from(weight);
            }
        } else {
            for (sum, &weight) in self.pending.iter_mut().zip(weights) {
                *sum += u16::from(weight) * count as u16;
            }
        }
    }

    fn spill(&mut self) {
        for (sum, pending) in self.sum.iter_mut().zip(&mut self.pending) {
            *sum += u64::from(std::mem::take(pending));
        }
        self.bound = 0;
    }

    fn finish(mut self) -> Vec<u64> {
        self.spill();
        self.sum
    }
}

/// Replicate counts of a leak: the values that have something essential, and those that leak.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeakReplicates {
    /// Values, by replicate.
    pub values: Vec<u64>,
    /// Leaked values, by replicate.
    pub leaked: Vec<u64>,
}

/// Replicate counts of one label's span view and leak.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelReplicates {
    /// Gold spans.
    pub gold: Vec<u64>,
    /// Strictly correct ones.
    pub correct: Vec<u64>,
    /// Predictions.
    pub predicted: Vec<u64>,
    /// Values.
    pub leak: LeakReplicates,
}

/// Replicate counts of the headline's companions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverallReplicates {
    /// Gold spans.
    pub gold: Vec<u64>,
    /// Strictly correct ones.
    pub correct: Vec<u64>,
    /// Predictions.
    pub predicted: Vec<u64>,
    /// Code points outside gold.
    pub harmless_chars: Vec<u64>,
    /// Covered ones of them.
    pub masked_chars: Vec<u64>,
    /// Messages without gold.
    pub harmless_messages: Vec<u64>,
    /// False alerts in them.
    pub false_alerts: Vec<u64>,
}

/// All replicate counts of a run. Empty where intervals were not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replicates {
    /// The leak headline: [`HEADLINE_REPLICATES`] of them.
    pub critical: LeakReplicates,
    /// The profile-leak headline: [`HEADLINE_REPLICATES`] of them.
    pub profile: LeakReplicates,
    /// Every label that occurs: [`LABEL_REPLICATES`] of them.
    pub labels: BTreeMap<Label, LabelReplicates>,
    /// The companions: [`LABEL_REPLICATES`] of them.
    pub overall: OverallReplicates,
}

fn sum(into: &mut Vec<u64>, other: Vec<u64>) {
    if into.is_empty() {
        *into = other;
    } else {
        for (mine, theirs) in into.iter_mut().zip(other) {
            *mine += theirs;
        }
    }
}

impl LeakReplicates {
    /// Adds the replicates of other values.
    pub fn add(&mut self, other: LeakReplicates) {
        sum(&mut self.values, other.values);
        sum(&mut self.leaked, other.leaked);
    }
}

impl Replicates {
    /// Adds the replicates of another shard, scored with the same seed.
    pub fn add(&mut self, other: Replicates) {
        self.critical.add(other.critical);
        self.profile.add(other.profile);
        for (label, theirs) in other.labels {
            let mine = self.labels.entry(label).or_default();
            sum(&mut mine.gold, theirs.gold);
            sum(&mut mine.correct, theirs.correct);
            sum(&mut mine.predicted, theirs.predicted);
            mine.leak.add(theirs.leak);
        }
        let (mine, theirs) = (&mut self.overall, other.overall);
        sum(&mut mine.gold, theirs.gold);
        sum(&mut mine.correct, theirs.correct);
        sum(&mut mine.predicted, theirs.predicted);
        sum(&mut mine.harmless_chars, theirs.harmless_chars);
        sum(&mut mine.masked_chars, theirs.masked_chars);
        sum(&mut mine.harmless_messages, theirs.harmless_messages);
        sum(&mut mine.false_alerts, theirs.false_alerts);
    }
}

/// Counts of the span view and the value view that stand in one customer and one phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Gold spans.
    pub gold: u32,
    /// Strictly correct ones.
    pub correct: u32,
    /// Predictions.
    pub predicted: u32,
    /// Values with something essential.
    pub values: u32,
    /// Leaked ones.
    pub leaked: u32,
}

impl Tally {
    /// Adds another.
    pub fn add(&mut self, other: Tally) {
        self.gold += other.gold;
        self.correct += other.correct;
        self.predicted += other.predicted;
        self.values += other.values;
        self.leaked += other.leaked;
    }

    fn each(&self) -> [u64; 5] {
        [
            self.gold,
            self.correct,
            self.predicted,
            self.values,
            self.leaked,
        ]
        .map(u64::from)
    }
}

/// The companions of the headline in one customer and one phrase: harmless characters, masked ones,
/// harmless messages, false alerts.
pub type Companions = [u64; 4];

/// A cluster of phrases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phrase {
    /// Its hash.
    pub hash: u64,
    /// Can it come again? A conversation that stands in for a phrase cannot, and is not remembered.
    pub recurs: bool,
}

/// What one phrase holds for the customer that is being added.
#[derive(Debug)]
pub struct Cell<'a> {
    /// The phrase.
    pub phrase: Phrase,
    /// Counts by label; `None` is the unmapped predictions.
    pub tallies: &'a [(Option<Label>, Tally)],
    /// The companions.
    pub companions: Companions,
}

/// Adds up replicates, customer by customer.
#[derive(Debug)]
pub struct Accumulator {
    seed: u64,
    headlines: [[Lanes; 2]; 2],
    labels: Vec<Option<Box<[Lanes; 5]>>>,
    overall: [Lanes; 7],
    customer: Vec<u8>,
    product: Vec<u8>,
    drawn: Vec<u8>,
    // Only ever looked up, so its order decides nothing.
    #[allow(clippy::disallowed_types)]
    phrases: std::collections::HashMap<u64, Box<[u8]>>,
}

/// How many phrases' weights are remembered: 32 MB. Further ones are drawn again each time.
const REMEMBERED: usize = 16_384;

impl Accumulator {
    /// Nothing yet, with weights of this seed.
    pub fn new(seed: u64) -> Self {
        let headline = || Lanes::new(HEADLINE_REPLICATES);
        Accumulator {
            seed,
            headlines: [[headline(), headline()], [headline(), headline()]],
            labels: Label::all().map(|_| None).collect(),
            overall: std::array::from_fn(|_| Lanes::new(LABEL_REPLICATES)),
            customer: vec![0; HEADLINE_REPLICATES],
            product: vec![0; HEADLINE_REPLICATES],
            drawn: vec![0; HEADLINE_REPLICATES],
            phrases: Default::default(),
        }
    }

    /// Adds what stands in the conversations of one customer. A customer may come again.
    pub fn add(&mut self, customer: u64, cells: &[Cell<'_>]) {
        let replicates = cells.iter().map(replicates_of).max().unwrap_or(0);
        weigh(
            self.seed,
            Factor::Customer,
            customer,
            &mut self.customer[..replicates],
        );
        for cell in cells {
            self.multiply(cell.phrase, replicates_of(cell));
            self.add_cell(cell);
        }
    }

    /// Sets `product` to the weights of this customer times those of a phrase.
    fn multiply(&mut self, phrase: Phrase, replicates: usize) {
        let room = phrase.recurs && self.phrases.len() < REMEMBERED;
        let weights = match self.phrases.get(&phrase.hash) {
            Some(known) => &known[..replicates],
            None => {
                let drawn = if room {
                    HEADLINE_REPLICATES
                } else {
                    replicates
                };
                weigh(
                    self.seed,
                    Factor::Phrase,
                    phrase.hash,
                    &mut self.drawn[..drawn],
                );
                if room {
                    self.phrases
                        .insert(phrase.hash, self.drawn.as_slice().into());
                }
                &self.drawn[..replicates]
            }
        };
        let factors = self.customer.iter().zip(weights);
        for (product, (&a, &b)) in self.product[..replicates].iter_mut().zip(factors) {
            *product = a * b;
        }
    }

    fn add_cell(&mut self, cell: &Cell<'_>) {
        let few = &self.product[..LABEL_REPLICATES];
        let mut overall = Tally::default();
        for &(label, tally) in cell.tallies {
            overall.add(tally);
            let Some(label) = label else { continue };
            let lanes = self.labels[label.index()].get_or_insert_with(|| {
                Box::new(std::array::from_fn(|_| Lanes::new(LABEL_REPLICATES)))
            });
            for (lanes, count) in lanes.iter_mut().zip(tally.each()) {
                lanes.add(few, count);
            }
            if let Some(headline) = headline_of(label) {
                let [values, leaked] = &mut self.headlines[headline];
                values.add(&self.product, u64::from(tally.values));
                leaked.add(&self.product, u64::from(tally.leaked));
            }
        }
        let [gold, correct, predicted, ..] = overall.each();
        let [chars, masked, messages, alerts] = cell.companions;
        let counts = [gold, correct, predicted, chars, masked, messages, alerts];
        for (lanes, count) in self.overall.iter_mut().zip(counts) {
            lanes.add(few, count);
        }
    }

    /// The replicate counts of everything added.
    pub fn finish(self) -> Replicates {
        let leak = |[values, leaked]: [Lanes; 2]| LeakReplicates {
            values: values.finish(),
            leaked: leaked.finish(),
        };
        let [critical, profile] = self.headlines.map(leak);
        let labels = Label::all().zip(self.labels).filter_map(|(label, lanes)| {
            let [gold, correct, predicted, values, leaked] = lanes?.map(Lanes::finish);
            let leak = LeakReplicates { values, leaked };
            Some((
                label,
                LabelReplicates {
                    gold,
                    correct,
                    predicted,
                    leak,
                },
            ))
        });
        let [gold, correct, predicted, chars, masked, messages, alerts] =
            self.overall.map(Lanes::finish);
        Replicates {
            critical,
            profile,
            labels: labels.collect(),
            overall: OverallReplicates {
                gold,
                correct,
                predicted,
                harmless_chars: chars,
                masked_chars: masked,
                harmless_messages: messages,
                false_alerts: alerts,
            },
        }
    }
}

fn headline_of(label: Label) -> Option<usize> {
    match label.info().headline {
        Headline::Critical => Some(0),
        Headline::Profile => Some(1),
        Headline::None => None,
    }
}

/// How many replicates a cell needs: all only where it holds a value of a headline.
fn replicates_of(cell: &Cell<'_>) -> usize {
    let in_headline = |&(label, tally): &(Option<Label>, Tally)| {
        tally.values > 0 && label.is_some_and(|label| headline_of(label).is_some())
    };
    if cell.tallies.iter().any(in_headline) {
        HEADLINE_REPLICATES
    } else {
        LABEL_REPLICATES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_follow_the_poisson_law() {
        let mut weights = vec![0; 200_000];
        weigh(1, Factor::Customer, 7, &mut weights);
        let share = |k: u8| weights.iter().filter(|&&w| w == k).count();
        // e⁻¹ = .3679, half of it for 2; three standard deviations are some 650.
        assert!(share(0).abs_diff(73_576) < 650, "{}", share(0));
        assert!(share(1).abs_diff(73_576) < 650, "{}", share(1));
        assert!(share(2).abs_diff(36_788) < 520, "{}", share(2));
        let mean = weights.iter().map(|&w| u64::from(w)).sum::<u64>();
        assert!(mean.abs_diff(200_000) < 1_350, "{mean}");
    }

    #[test]
    fn fewer_replicates_are_a_prefix_of_more() {
        let (mut few, mut many) = (vec![0; 200], vec![0; 2_000]);
        weigh(3, Factor::Phrase, 11, &mut few);
        weigh(3, Factor::Phrase, 11, &mut many);
        assert_eq!(few, many[..200]);
    }

    #[test]
    fn customers_and_phrases_of_one_name_have_their_own_weights() {
        let (mut a, mut b) = (vec![0; 64], vec![0; 64]);
        weigh(3, Factor::Phrase, 11, &mut a);
        weigh(3, Factor::Customer, 11, &mut b);
        assert_ne!(a, b);
    }

    #[test]
    fn narrow_sums_spill_before_they_overflow() {
        let mut lanes = Lanes::new(2);
        for _ in 0..5 {
            lanes.add(&[144, 1], (1 << 25) + 3);
        }
        let each = 5 * ((1 << 25) + 3);
        assert_eq!(lanes.finish(), [144 * each, each]);
    }
}
