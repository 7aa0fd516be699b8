//! Profile exposure: what a platform that reads the redacted conversations still learns of a customer.
//!
//! Two measures, both by customer across all conversations:
//!
//! * **facts**: the profile facts that the corpus knows of. A fact is **seen** iff every essential
//!   character of some mention stays readable, **seen in part** iff any does;
//! * **segments**: what a published [`Observer`] derives from the text as it was written, and from the
//!   text as it was left. A customer is in a segment iff at least as many messages say it as the segment
//!   asks for.
//!
//! Invariant: facts and messages are kept by the hash of their customer, so the counts of shards add up
//! even where a customer's conversations are spread over them.

use super::folding::BLOCK;
use super::intervals::{self, Interval};
use super::leak::{Redacted, Value};
use super::observer::{Observer, ObserverInfo};
use super::ratios::Ratio;
use super::replicates::cluster;
use crate::conversation::{Conversation, Fact, names};
use crate::seed::mix;
use crate::taxonomy::{Headline, Label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// A kind of profile fact.
    pub enum FactKind {
        /// What money was spent on.
        SpendCategory = "spend_category",
        /// Where it was spent.
        Merchant = "merchant",
        /// How much and when.
        Transaction = "transaction",
        /// What is earned.
        Income = "income",
        /// What is on accounts and put by.
        Balance = "balance",
        /// What is owed, and what may be.
        Debt = "debt",
        /// Money trouble.
        Hardship = "hardship",
        /// A move, a birth, a death, …
        LifeEvent = "life_event",
        /// Health, religion, politics, … as text lets one infer them.
        SpecialCategory = "special_category",
        /// Age, work, family status, …
        Person = "person",
        /// Labels of the profile headline that this version does not sort.
        Other = "other",
    }
}

impl FactKind {
    /// The kind that a label's facts are of; `None` for labels outside the profile headline.
    pub fn of(label: Label) -> Option<FactKind> {
        let info = label.info();
        if info.headline != Headline::Profile {
            return None;
        }
        Some(match label.id() {
            "SPEND_CATEGORY" => FactKind::SpendCategory,
            "MERCHANT" => FactKind::Merchant,
            "TRANSACTION_AMOUNT" | "TRANSACTION_DATE" | "TRANSACTION_RECORD" => {
                FactKind::Transaction
            }
            "INCOME" => FactKind::Income,
            "BALANCE" | "SAVINGS" | "HOLDING" => FactKind::Balance,
            "DEBT_AMOUNT" | "LOAN" | "CREDIT_LIMIT" | "CREDIT_SCORE" => FactKind::Debt,
            "FINANCIAL_HARDSHIP" => FactKind::Hardship,
            "LIFE_EVENT" => FactKind::LifeEvent,
            _ if info.group == "special_category" => FactKind::SpecialCategory,
            _ if info.group == "direct" => FactKind::Person,
            _ => FactKind::Other,
        })
    }
}

const SEEN: u8 = 1;
const SEEN_IN_PART: u8 = 2;
/// The kind of a fact stands in the highest bits of its key.
const KIND_SHIFT: u32 = 56;

/// How many messages of a customer say a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// As they were written.
    pub written: u32,
    /// As they were left.
    pub left: u32,
}

/// What is known of one customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Facts, by kind and hash, with what is seen of them.
    facts: BTreeMap<u64, u8>,
    /// Messages, by the place of the segment in the observer's file.
    pub(super) segments: BTreeMap<u16, Said>,
}

/// What is known of customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposureCounts {
    /// Who read the messages.
    observer: ObserverInfo,
    /// By the hash of the customer's id.
    pub(super) customers: BTreeMap<u64, Profile>,
}

impl ExposureCounts {
    /// Nothing known yet.
    pub fn new(observer: &Observer) -> Self {
        ExposureCounts {
            observer: observer.info().clone(),
            customers: BTreeMap::new(),
        }
    }

    /// Notes a profile fact of a customer. Labels outside the profile headline are none.
    pub fn note(
        &mut self,
        conversation: &Conversation,
        value: &Value<'_>,
        fact: Option<&Fact>,
        units: &[Redacted<'_>],
    ) {
        let Some(kind) = FactKind::of(value.label) else {
            return;
        };
        if !value.is_essential() {
            return;
        }
        let hash = match fact {
            Some(fact) => cluster(&fact.value),
            None => value.mentions.first().map_or(0, |mention| {
                let body = units[mention.unit as usize].body;
                let surface = body.spans().nth(mention.gold as usize);
                surface.map_or(0, |(range, _)| cluster(body.covered(range)))
            }),
        };
        let hash = mix(hash ^ mix(value.label.index() as u64));
        let key = (kind as u64) << KIND_SHIFT | hash >> (64 - KIND_SHIFT);
        let whole = |m: &super::leak::Mention| m.essential > 0 && m.readable == m.essential;
        let mut seen = 0;
        if value.mentions.iter().any(whole) {
            seen |= SEEN;
        }
        if value.leaks() {
            seen |= SEEN_IN_PART;
        }
        let profile = self.customer(conversation);
        *profile.facts.entry(key).or_default() |= seen;
    }

    /// Notes what the messages of a conversation say. `folded` is room to work in.
    pub fn observe(
        &mut self,
        conversation: &Conversation,
        units: &[Redacted<'_>],
        observer: &Observer,
        folded: &mut Vec<u8>,
    ) {
        for redacted in units {
            let text = redacted.body.text();
            let written = observer.said(&conversation.lang, text, folded);
            let left = match redacted.cover.ranges() {
                [] => written.clone(),
                _ => observer.said(&conversation.lang, &blocked(redacted), folded),
            };
            if written.is_empty() && left.is_empty() {
                continue;
            }
            let segments = &mut self.customer(conversation).segments;
            for segment in written {
                segments.entry(segment).or_default().written += 1;
            }
            for segment in left {
                segments.entry(segment).or_default().left += 1;
            }
        }
        self.customer(conversation);
    }

    fn customer(&mut self, conversation: &Conversation) -> &mut Profile {
        let id = cluster(&conversation.customer);
        self.customers.entry(id).or_default()
    }

    /// Adds what is known from another shard.
    pub fn merge(&mut self, other: ExposureCounts) {
        for (id, theirs) in other.customers {
            let mine = self.customers.entry(id).or_default();
            for (fact, seen) in theirs.facts {
                *mine.facts.entry(fact).or_default() |= seen;
            }
            for (segment, said) in theirs.segments {
                let sum = mine.segments.entry(segment).or_default();
                sum.written += said.written;
                sum.left += said.left;
            }
        }
    }
}

/// A text as a redactor leaves it: one block for each covered run.
pub fn blocked(redacted: &Redacted<'_>) -> String {
    let text = redacted.body.text();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for range in redacted.cover.ranges() {
        out.push_str(&text[from..range.start as usize]);
        out.push(BLOCK);
        from = range.end as usize;
    }
    out.push_str(&text[from..]);
    out
}

/// Facts of one kind that a platform sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactMetrics {
    /// Facts of which some mention is readable as a whole. The interval is over customers.
    pub seen: Ratio,
    /// Facts of which anything essential is readable.
    pub seen_in_part: Ratio,
    /// Customers of whom such a fact is seen, of those who disclosed one.
    pub customers: Ratio,
}

/// One segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentMetrics {
    /// The rule that protects it, where one does.
    pub sensitive: Option<String>,
    /// Customers whom the redacted text puts in it, of those whom the written text does.
    pub kept: Ratio,
    /// Customers whom only the redacted text puts in it.
    pub false_kept: u64,
}

/// What a platform learns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposureMetrics {
    /// Name and version of the observer.
    pub observer: String,
    /// SHA-256 of its file.
    pub observer_hash: String,
    /// Customers.
    pub customers: u64,
    /// All profile facts.
    pub all_facts: FactMetrics,
    /// Profile facts by kind.
    pub facts: BTreeMap<FactKind, FactMetrics>,
    /// Pairs of a customer and a segment that the redacted text still gives, of those that the written
    /// text gives. The interval is over customers.
    pub learned: Ratio,
    /// The same of sensitive segments.
    pub sensitive_learned: Ratio,
    /// Customers in any segment after redaction, of those in any before.
    pub customers_profiled: Ratio,
    /// Customers in any sensitive segment after redaction, of those in any before.
    pub customers_sensitive: Ratio,
    /// By segment.
    pub segments: BTreeMap<String, SegmentMetrics>,
}

/// Sums over customers, of which a ratio with an interval is made.
#[derive(Default)]
struct ByCustomer {
    pairs: Vec<(u64, u64)>,
}

impl ByCustomer {
    fn add(&mut self, count: u64, of: u64) {
        if of > 0 {
            self.pairs.push((count, of));
        }
    }

    fn ratio(&self) -> Ratio {
        let count = self.pairs.iter().map(|pair| pair.0).sum();
        let of = self.pairs.iter().map(|pair| pair.1).sum();
        Ratio::new(count, of).with(self.interval(count, of))
    }

    fn interval(&self, count: u64, of: u64) -> Option<Interval> {
        intervals::linearised((count, of), &[&self.pairs], self.pairs.len() as u64)
    }

    /// The customers with any, of the customers.
    fn holders(&self) -> Ratio {
        let with = self.pairs.iter().filter(|pair| pair.0 > 0).count();
        Ratio::new(with as u64, self.pairs.len() as u64)
    }
}

impl ExposureMetrics {
    /// From counts.
    pub fn of(counts: &ExposureCounts) -> ExposureMetrics {
        let mut metrics = ExposureMetrics {
            observer: counts.observer.name.clone(),
            observer_hash: counts.observer.hash.clone(),
            customers: counts.customers.len() as u64,
            ..ExposureMetrics::default()
        };
        metrics.facts_of(counts);
        metrics.segments_of(counts);
        metrics
    }

    fn facts_of(&mut self, counts: &ExposureCounts) {
        let mut kinds: BTreeMap<Option<FactKind>, [ByCustomer; 2]> = BTreeMap::new();
        for profile in counts.customers.values() {
            let mut sums: BTreeMap<Option<FactKind>, [u64; 3]> = BTreeMap::new();
            for (&key, &seen) in &profile.facts {
                let kind = FactKind::ALL.get((key >> KIND_SHIFT) as usize).copied();
                for kind in [None, kind] {
                    let sum = sums.entry(kind).or_default();
                    sum[0] += 1;
                    sum[1] += u64::from(seen & SEEN != 0);
                    sum[2] += u64::from(seen & SEEN_IN_PART != 0);
                }
            }
            for (kind, [facts, seen, in_part]) in sums {
                let [whole, any] = kinds.entry(kind).or_default();
                whole.add(seen, facts);
                any.add(in_part, facts);
            }
        }
        for (kind, [whole, any]) in kinds {
            let metrics = FactMetrics {
                seen: whole.ratio(),
                seen_in_part: any.ratio(),
                customers: whole.holders(),
            };
            match kind {
                Some(kind) => {
                    self.facts.insert(kind, metrics);
                }
                None => self.all_facts = metrics,
            }
        }
    }

    fn segments_of(&mut self, counts: &ExposureCounts) {
        let known = &counts.observer.segments;
        let (mut all, mut sensitive) = (ByCustomer::default(), ByCustomer::default());
        let mut rows: Vec<[u64; 3]> = vec![[0; 3]; known.len()];
        for profile in counts.customers.values() {
            let (mut every, mut delicate) = ((0, 0), (0, 0));
            for (&place, said) in &profile.segments {
                let Some(segment) = known.get(usize::from(place)) else {
                    continue;
                };
                let written = said.written >= segment.at_least;
                let left = said.left >= segment.at_least;
                let row = &mut rows[usize::from(place)];
                row[0] += u64::from(written);
                row[1] += u64::from(written && left);
                row[2] += u64::from(left && !written);
                let pair = (u64::from(written && left), u64::from(written));
                every = (every.0 + pair.0, every.1 + pair.1);
                if segment.sensitive.is_some() {
                    delicate = (delicate.0 + pair.0, delicate.1 + pair.1);
                }
            }
            all.add(every.0, every.1);
            sensitive.add(delicate.0, delicate.1);
        }
        self.learned = all.ratio();
        self.sensitive_learned = sensitive.ratio();
        self.customers_profiled = all.holders();
        self.customers_sensitive = sensitive.holders();
        let rows = known.iter().zip(rows);
        let rows = rows.filter(|(_, row)| *row != [0; 3]);
        self.segments = rows
            .map(|(segment, [written, both, only_left])| {
                let metrics = SegmentMetrics {
                    sensitive: segment.sensitive.clone(),
                    kept: Ratio::new(both, written),
                    false_kept: only_left,
                };
                (segment.id.clone(), metrics)
            })
            .collect();
    }

    /// What the numbers say, in one sentence.
    pub fn sentence(&self, detector: &str) -> String {
        let per = |pairs: u64| pairs as f64 / self.customers.max(1) as f64;
        let (before, after) = (self.learned.of, self.learned.count);
        format!(
            "Without a detector a platform learns {:.1} segments of a customer ({} of {} customers are in \
             a sensitive one); with {detector} it learns {:.1} ({}).",
            per(before),
            self.customers_sensitive.of,
            self.customers,
            per(after),
            self.customers_sensitive.count,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::predictions::sample::{conversation, found};
    use crate::prediction::ToolLabels;
    use crate::scoring::{Counts, Metrics, Scorer, ScoringOptions};

    /// Two conversations of one customer and one of another; what is found, by conversation and unit.
    fn counts(found_in: &[(usize, usize, &str)]) -> [Counts; 3] {
        let talks = [
            conversation(
                0,
                "c-1",
                &[(
                    "",
                    "chez <MERCHANT f1:Poker Verdane>, solde <BALANCE f2:90,00 €>",
                )],
            ),
            conversation(
                1,
                "c-1",
                &[
                    ("", "encore <MERCHANT f1:Poker Verdane>"),
                    ("", "et le casino ?"),
                ],
            ),
            conversation(2, "c-2", &[("", "<LIFE_EVENT f1:j'ai déménagé>")]),
        ];
        let mut labels = ToolLabels::default();
        let answers: Vec<_> = talks
            .iter()
            .enumerate()
            .map(|(n, talk)| {
                let spans: Vec<_> = found_in
                    .iter()
                    .filter(|row| row.0 == n)
                    .map(|&(_, unit, text)| (unit, text, "MERCHANT"))
                    .collect();
                found(talk, &spans, &mut labels)
            })
            .collect();
        [0, 1, 2].map(|n| {
            let labels: ToolLabels = ["MERCHANT"].into_iter().collect();
            let mut scorer = Scorer::new(ScoringOptions {
                labels,
                ..ScoringOptions::default()
            });
            scorer.add(&talks[n], &answers[n]).unwrap();
            scorer.finish()
        })
    }

    fn exposure(found_in: &[(usize, usize, &str)]) -> ExposureMetrics {
        let [mut all, second, third] = counts(found_in);
        all.merge(second).unwrap();
        all.merge(third).unwrap();
        Metrics::of(&all).exposure.unwrap()
    }

    #[test]
    fn a_fact_counts_once_per_customer_and_is_hidden_only_if_it_is_everywhere() {
        let none = exposure(&[]);
        assert_eq!((none.all_facts.seen.count, none.all_facts.seen.of), (3, 3));
        assert_eq!(none.customers, 2);
        let once = exposure(&[(0, 0, "Poker Verdane")]);
        assert_eq!(once.facts[&FactKind::Merchant].seen.count, 1);
        let twice = exposure(&[(0, 0, "Poker Verdane"), (1, 0, "Poker Verdane")]);
        assert_eq!(twice.facts[&FactKind::Merchant].seen.count, 0);
        assert_eq!(twice.all_facts.seen.count, 2);
    }

    #[test]
    fn half_a_name_is_seen_in_part_and_not_seen() {
        let half = exposure(&[(0, 0, "Poker"), (1, 0, "Poker Verdane")]);
        let merchants = half.facts[&FactKind::Merchant];
        assert_eq!((merchants.seen.count, merchants.seen_in_part.count), (0, 1));
    }

    #[test]
    fn the_observer_reads_what_is_left_also_where_nothing_is_gold() {
        let hidden = exposure(&[(0, 0, "Poker Verdane"), (1, 0, "Poker Verdane")]);
        let gambler = &hidden.segments["gambler"];
        assert_eq!((gambler.kept.count, gambler.kept.of), (1, 1), "the casino");
        let all = [
            (0, 0, "Poker Verdane"),
            (1, 0, "Poker Verdane"),
            (1, 1, "casino"),
        ];
        let all = exposure(&all);
        assert_eq!(all.segments["gambler"].kept.count, 0);
        assert_eq!(all.segments["moving_home"].kept.count, 1);
        assert_eq!(
            (all.customers_sensitive.count, all.customers_sensitive.of),
            (0, 1)
        );
        assert!(
            all.sentence("x").contains("learns 1.5 segments"),
            "{}",
            all.sentence("x")
        );
    }
}
