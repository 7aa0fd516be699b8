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

use crate::lookup::Lookup;
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
    crate::seed::fnv1a(name)
}

/// Draws of the Poisson law are weighed in blocks of so many, two to a word of random bits.
const BLOCK: usize = 64;

/// Writes the weights of a cluster in the first `weights.len()` replicates.
pub fn weigh(seed: u64, factor: Factor, cluster: u64, weights: &mut [u8]) {
    let salt: u64 = match factor {
        Factor::Customer => 0x6375_7374_6f6d_6572,
        Factor::Phrase => 0x7068_7261_7365,
    };
    let key = mix(mix(seed ^ salt) ^ cluster);
    let mut draws = [0u32; BLOCK];
    let mut reached = [0u32; BLOCK];
    for (block, weights) in weights.chunks_mut(BLOCK).enumerate() {
        for (at, pair) in draws.chunks_exact_mut(2).enumerate() {
            let bits = mix(key.wrapping_add((block * (BLOCK / 2) + at) as u64));
            pair[0] = bits as u32;
            pair[1] = (bits >> 32) as u32;
        }
        let [zero, one, two, three, four, rare @ ..] = &POISSON;
        let mut rarest = 0;
        for (reached, &draw) in reached.iter_mut().zip(&draws) {
            let at_least = |least: &u32| u32::from(draw >= *least);
            *reached = at_least(zero) + at_least(one) + at_least(two);
            *reached += at_least(three) + at_least(four);
            rarest |= at_least(&rare[0]);
        }
        // One draw in 1,700 weighs more than that.
        if rarest > 0 {
            for (reached, &draw) in reached.iter_mut().zip(&draws) {
                *reached += rare.iter().filter(|least| draw >= **least).count() as u32;
            }
        }
        for (weight, &reached) in weights.iter_mut().zip(&reached) {
            *weight = reached as u8;
        }
    }
}

/// One count in every replicate.
#[derive(Clone, Debug, Default)]
struct Lanes {
    sum: Vec<u64>,
    /// Narrower sums, so that most additions touch few bytes; spilt before they can overflow.
    wide: Vec<u32>,
    wide_bound: u64,
    narrow: Vec<u16>,
    narrow_bound: u64,
}

/// Up to which count the narrow sums are worth it: larger ones would spill too often.
const MOST_NARROW: u64 = 32;
/// Up to which count a product of weights times a count is one of two 16-bit numbers.
const MOST_WIDE: u64 = i16::MAX as u64;

impl Lanes {
    fn new(replicates: usize) -> Self {
        Lanes {
            sum: vec![0; replicates],
            wide: vec![0; replicates],
            wide_bound: 0,
            narrow: vec![0; replicates],
            narrow_bound: 0,
        }
    }

    /// Adds a count that weighs the product of two weights.
    fn add(&mut self, products: &[u8], count: u64) {
        if count == 0 {
            return;
        }
        let bound = count * GREATEST;
        if count <= MOST_NARROW {
            self.make_room_narrow(bound);
            let count = count as u16;
            for (sum, &product) in self.narrow.iter_mut().zip(products) {
                *sum += u16::from(product) * count;
            }
        } else if count <= MOST_WIDE {
            self.make_room_wide(bound);
            let count = i32::from(count as i16);
            for (sum, &product) in self.wide.iter_mut().zip(products) {
                *sum += (i32::from(product) * count) as u32;
            }
        } else {
            for (sum, &product) in self.sum.iter_mut().zip(products) {
                *sum += u64::from(product) * count;
            }
        }
    }

    fn make_room_narrow(&mut self, bound: u64) {
        if self.narrow_bound + bound > u64::from(u16::MAX) {
            self.spill_narrow();
        }
        self.narrow_bound += bound;
    }

    fn make_room_wide(&mut self, bound: u64) {
        if self.wide_bound + bound > u64::from(u32::MAX) {
            self.spill_wide();
        }
        self.wide_bound += bound;
    }

    fn spill_narrow(&mut self) {
        self.make_room_wide(self.narrow_bound);
        for (sum, pending) in self.wide.iter_mut().zip(&mut self.narrow) {
            *sum += u32::from(std::mem::take(pending));
        }
        self.narrow_bound = 0;
    }

    fn spill_wide(&mut self) {
        for (sum, pending) in self.sum.iter_mut().zip(&mut self.wide) {
            *sum += u64::from(std::mem::take(pending));
        }
        self.wide_bound = 0;
    }

    fn finish(mut self) -> Vec<u64> {
        self.spill_narrow();
        self.spill_wide();
        self.sum
    }
}

/// One count of a headline: summed over the phrases of a customer before the customer's weight is
/// multiplied in, once for all of them.
#[derive(Clone, Debug)]
struct HeadlineLanes {
    lanes: Lanes,
    /// Counts of the current customer, weighted by phrase alone.
    phrases: Vec<u16>,
    /// Their sum without weights.
    count: u64,
}

/// How much of a customer can be summed at once: times both weights it fits 16 bits.
const AT_ONCE: u64 = u16::MAX as u64 / GREATEST;

impl HeadlineLanes {
    fn new() -> Self {
        HeadlineLanes {
            lanes: Lanes::new(HEADLINE_REPLICATES),
            phrases: vec![0; HEADLINE_REPLICATES],
            count: 0,
        }
    }

    /// Adds what stands in one phrase of a customer.
    fn add(&mut self, customer: &[u8], phrase: &[u8], count: u64) {
        if count > AT_ONCE {
            let weights = customer.iter().zip(phrase);
            for (sum, (&a, &b)) in self.lanes.sum.iter_mut().zip(weights) {
                *sum += u64::from(a) * u64::from(b) * count;
            }
            return;
        }
        if count == 0 {
            return;
        }
        if self.count + count > AT_ONCE {
            self.end(customer);
        }
        self.count += count;
        let count = count as u16;
        for (sum, &weight) in self.phrases.iter_mut().zip(phrase) {
            *sum += u16::from(weight) * count;
        }
    }

    /// Multiplies the weight of the customer in.
    fn end(&mut self, customer: &[u8]) {
        if self.count == 0 {
            return;
        }
        self.lanes.make_room_narrow(self.count * GREATEST);
        self.count = 0;
        let sums = self.lanes.narrow.iter_mut().zip(&mut self.phrases);
        for ((sum, phrases), &weight) in sums.zip(customer) {
            *sum += std::mem::take(phrases) * u16::from(weight);
        }
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
    pub tallies: &'a [(Phrase, Option<Label>, Tally)],
    /// The companions.
    pub companions: Companions,
}

/// Adds up replicates, customer by customer.
#[derive(Debug)]
pub struct Accumulator {
    seed: u64,
    headlines: [[HeadlineLanes; 2]; 2],
    labels: Vec<Option<Box<[Lanes; 5]>>>,
    overall: [Lanes; 7],
    customer: Vec<u8>,
    product: [u8; LABEL_REPLICATES],
    phrases: PhraseWeights,
}

/// The weights of phrases.
#[derive(Debug)]
struct PhraseWeights {
    seed: u64,
    drawn: Vec<u8>,
    known: Lookup<u64, Box<[u8]>>,
}

/// How many phrases' weights are remembered: 32 MB. Further ones are drawn again each time.
const REMEMBERED: usize = 16_384;

impl PhraseWeights {
    /// The weights of a phrase in the first `replicates`. Few phrases stand in a cell of a headline, so no
    /// more are drawn than were asked for.
    fn of(&mut self, phrase: Phrase, replicates: usize) -> &[u8] {
        let known = self.known.get(&phrase.hash).map(|weights| weights.len());
        if known.is_none_or(|known| known < replicates) {
            let drawn = &mut self.drawn[..replicates];
            weigh(self.seed, Factor::Phrase, phrase.hash, drawn);
            if known.is_some() || phrase.recurs && self.known.len() < REMEMBERED {
                self.known.insert(phrase.hash, (*drawn).into());
            }
            return drawn;
        }
        &self.known[&phrase.hash][..replicates]
    }
}

impl Accumulator {
    /// Nothing yet, with weights of this seed.
    pub fn new(seed: u64) -> Self {
        let headline = || [HeadlineLanes::new(), HeadlineLanes::new()];
        Accumulator {
            seed,
            headlines: [headline(), headline()],
            labels: Label::all().map(|_| None).collect(),
            overall: std::array::from_fn(|_| Lanes::new(LABEL_REPLICATES)),
            customer: vec![0; HEADLINE_REPLICATES],
            product: [0; LABEL_REPLICATES],
            phrases: PhraseWeights {
                seed,
                drawn: vec![0; HEADLINE_REPLICATES],
                known: Default::default(),
            },
        }
    }

    /// Adds what stands in the conversations of one customer. A customer may come again.
    pub fn add(&mut self, customer: u64, cells: &[Cell<'_>]) {
        let replicates = cells.iter().map(replicates_of).max().unwrap_or(0);
        let weights = &mut self.customer[..replicates];
        weigh(self.seed, Factor::Customer, customer, weights);
        for cell in cells {
            self.add_cell(cell);
        }
        for headline in self.headlines.iter_mut().flatten() {
            headline.end(&self.customer);
        }
    }

    fn add_cell(&mut self, cell: &Cell<'_>) {
        let phrase = self.phrases.of(cell.phrase, replicates_of(cell));
        let factors = self.customer.iter().zip(phrase);
        for (product, (&a, &b)) in self.product.iter_mut().zip(factors) {
            *product = a * b;
        }
        let mut overall = Tally::default();
        let mut headlines = [[0; 2]; 2];
        for &(_, label, tally) in cell.tallies {
            overall.add(tally);
            let Some(label) = label else { continue };
            let lanes = self.labels[label.index()].get_or_insert_with(|| {
                Box::new(std::array::from_fn(|_| Lanes::new(LABEL_REPLICATES)))
            });
            for (lanes, count) in lanes.iter_mut().zip(tally.each()) {
                lanes.add(&self.product, count);
            }
            if let Some(headline) = headline_of(label) {
                headlines[headline][0] += u64::from(tally.values);
                headlines[headline][1] += u64::from(tally.leaked);
            }
        }
        let headlines = headlines.iter().flatten();
        for (headline, &count) in self.headlines.iter_mut().flatten().zip(headlines) {
            headline.add(&self.customer, phrase, count);
        }
        let [gold, correct, predicted, ..] = overall.each();
        let [chars, masked, messages, alerts] = cell.companions;
        let counts = [gold, correct, predicted, chars, masked, messages, alerts];
        for (lanes, count) in self.overall.iter_mut().zip(counts) {
            lanes.add(&self.product, count);
        }
    }

    /// The replicate counts of everything added.
    pub fn finish(self) -> Replicates {
        let leak = |[values, leaked]: [HeadlineLanes; 2]| LeakReplicates {
            values: values.lanes.finish(),
            leaked: leaked.lanes.finish(),
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
    let in_headline = |label: Option<Label>| label.is_some_and(|l| headline_of(l).is_some());
    let mut tallies = cell.tallies.iter();
    if tallies.any(|&(_, label, tally)| tally.values > 0 && in_headline(label)) {
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
        // Counts on either side of every limit, each often enough to fill what it goes to.
        let counts = [1, 32, 33, 455, 456, 32_767, 32_768, (1 << 25) + 3];
        let (mut lanes, mut headline) = (Lanes::new(2), HeadlineLanes::new());
        for _ in 0..1_000 {
            for count in counts {
                lanes.add(&[144, 1], count);
                headline.add(&[12, 1], &[12, 1], count);
            }
            headline.end(&[12, 1]);
        }
        let each = 1_000 * counts.iter().sum::<u64>();
        assert_eq!(lanes.finish(), [144 * each, each]);
        assert_eq!(headline.lanes.finish()[..2], [144 * each, each]);
    }
}
