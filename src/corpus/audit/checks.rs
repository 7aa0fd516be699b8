//! The checks by name, and what was found: counts and first violations.

use crate::conversation::names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// A claim that a corpus makes about itself, and that an audit tests.
    pub enum Check {
        /// Every line is a record that `formats::jsonl` reads.
        Record = "record",
        /// Spans lie in their text and cover what is recorded for them.
        SpanOffsets = "offsets.spans",
        /// Decoys lie in their text and cover what is recorded for them.
        DecoyOffsets = "offsets.decoys",
        /// Fields are named by one JSON Pointer each (RFC 6901).
        Pointers = "offsets.pointers",
        /// Ids are `<name>-<nine digits>`, rise, and name their messages.
        Ids = "order.ids",
        /// Turns count from 0.
        Turns = "order.turns",
        /// Times never go back, and the first is of the day of the record.
        Times = "order.times",
        /// A span states a fact that is there, under its label.
        FactOfSpan = "facts.of_spans",
        /// A fact is stated by a span, and is listed once.
        FactStated = "facts.stated",
        /// A fact's value is in the normal form of its label.
        NormalForm = "facts.normal_form",
        /// Links go both ways, from a value to its end.
        Links = "facts.links",
        /// What was asked was asked before, by the bank.
        Asked = "facts.asked",
        /// The parts of a value given piecewise give the value.
        Parts = "facts.parts",
        /// What a span covers reads as its fact.
        Surface = "facts.surface",
        /// What claims to be valid passes the rule of its label.
        Valid = "rules.valid",
        /// What claims to be invalid fails it.
        Invalid = "rules.invalid",
        /// IBANs with national check digits have the right ones.
        NationalKeys = "rules.national_keys",
        /// `strict_valid` is what validators say that know the assigned ranges.
        Strict = "rules.strict",
        /// A person has one name, birth, number, e-mail in a conversation.
        OneValue = "person.one_value",
        /// National number and age agree with the date of birth.
        Birth = "person.birth",
        /// A postcode is the one of its address, and of one town; in Britain of one street.
        Postcode = "person.postcode",
        /// A card number has one expiry, security code, PIN and holder.
        OneCard = "person.one_card",
        /// What stays the same of a customer is the same in every conversation.
        OverTime = "person.over_time",
        /// A number that only one person can have is one person's.
        Unique = "person.unique",
        /// A BIC is gold only beside an account of the same owner.
        BicBesideAccount = "gold.bic",
        /// A label is said where its `locales` have it.
        Locales = "gold.locales",
        /// Decoys overlap no gold.
        DecoysApart = "gold.decoys_apart",
        /// Every span says why its value can be nobody's.
        SafetyGiven = "safety.given",
        /// Values lie in the ranges that their tiers stand for.
        SafetyRanges = "safety.ranges",
        /// Published test numbers are at most 5 % of cards.
        Published = "safety.published",
        /// Phrases of content are those of the split.
        SplitPhrases = "splits.phrases",
        /// Customers, banks and unique values are in one split.
        SplitDisjoint = "splits.disjoint",
        /// Nothing of content is shared with the other corpus (`--against`).
        Against = "splits.against",
        /// The person's data are those that the world has for the day.
        WorldPerson = "world.person",
        /// Balances are the ledger's at that time.
        WorldBalance = "world.balance",
        /// Operations are in the ledger: amounts, days, merchants, lines.
        WorldOperations = "world.operations",
        /// Incomes are wages of the ledger.
        WorldIncome = "world.income",
        /// Limits are the account's.
        WorldLimit = "world.limit",
        /// Made again from spec, seed and index, a record is the same.
        Regenerated = "manifest.regenerated",
        /// The manifest agrees with itself and with this program.
        Manifest = "manifest.spec",
        /// Files hold the indices that the manifest gives them: a prefix of any larger corpus.
        Sequence = "manifest.prefix",
        /// The content hash is that of the records.
        Content = "manifest.content",
        /// The counts of the manifest are those of the records.
        Tally = "manifest.tally",
        /// Sizes and SHA-256 of the files.
        Files = "manifest.files",
    }
}

impl Check {
    /// What it claims, in one line.
    pub fn about(self) -> &'static str {
        match self {
            Check::Record => "every line is a record that the reader takes",
            Check::SpanOffsets => "spans lie in their text and cover what is recorded",
            Check::DecoyOffsets => "decoys lie in their text and cover what is recorded",
            Check::Pointers => "a field has one JSON Pointer",
            Check::Ids => "ids have their form, rise, and name their messages",
            Check::Turns => "turns count from 0",
            Check::Times => "times never go back; the first is of the record's day",
            Check::FactOfSpan => "a span states a fact that is there, under its label",
            Check::FactStated => "a fact is stated by a span, and is listed once",
            Check::NormalForm => "facts are in the normal form of their label",
            Check::Links => "links go both ways, from a value to its end",
            Check::Asked => "what was asked was asked before, by the bank",
            Check::Parts => "parts of a value give the value",
            Check::Surface => "what a span covers reads as its fact",
            Check::Valid => "valid = true passes the rule of its label",
            Check::Invalid => "valid = false fails it",
            Check::NationalKeys => "IBANs have the right national check digits",
            Check::Strict => "strict_valid is what the ranges say",
            Check::OneValue => "one name, birth, number, e-mail of a person",
            Check::Birth => "national number and age agree with the birth",
            Check::Postcode => "a postcode is of its address and one town (GB: street)",
            Check::OneCard => "one expiry, security code, PIN, holder of a card",
            Check::OverTime => "a customer is the same person in every conversation",
            Check::Unique => "unique numbers are one person's",
            Check::BicBesideAccount => "a BIC is gold only beside an account of its owner",
            Check::Locales => "a label is said in a country that has it",
            Check::DecoysApart => "decoys overlap no gold",
            Check::SafetyGiven => "every span says why its value is nobody's",
            Check::SafetyRanges => "values lie in the ranges of their tiers",
            Check::Published => "published test numbers are at most 5 % of cards",
            Check::SplitPhrases => "phrases of content are those of the split",
            Check::SplitDisjoint => "customers, banks, unique values are in one split",
            Check::Against => "no content in common with the other corpus",
            Check::WorldPerson => "a person's data are the world's on that day",
            Check::WorldBalance => "balances are the ledger's at that time",
            Check::WorldOperations => "operations are in the ledger",
            Check::WorldIncome => "incomes are wages of the ledger",
            Check::WorldLimit => "limits are the account's",
            Check::Regenerated => "made again, a record is the same bytes",
            Check::Manifest => "the manifest agrees with itself and this program",
            Check::Sequence => "files hold the indices that the manifest gives",
            Check::Content => "the content hash is that of the records",
            Check::Tally => "the manifest's counts are those of the records",
            Check::Files => "sizes and SHA-256 of the files",
        }
    }
}

/// A place in a corpus, ordered as it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the file.
    pub file: u32,
    /// Line, from 1; 0 for the corpus as a whole.
    pub line: u64,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where.
    pub place: Place,
    /// Message, unit or conversation.
    pub id: String,
    /// What is wrong, without values.
    pub what: String,
    /// The values, shown only where they may be.
    pub values: String,
}

/// What one check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Things looked at.
    pub checked: u64,
    /// Things found wrong.
    pub violated: u64,
    /// The first of them.
    pub first: Vec<Violation>,
    /// Things that could not be checked, by why.
    pub cannot: BTreeMap<&'static str, u64>,
}

/// How many violations a check keeps.
pub const KEPT: usize = 20;

/// What the checks found.
#[derive(Clone, Debug)]
pub struct Findings {
    rows: Vec<Row>,
}

impl Default for Findings {
    fn default() -> Self {
        Findings {
            rows: vec![Row::default(); Check::ALL.len()],
        }
    }
}

impl Findings {
    /// What a check found.
    pub fn row(&self, check: Check) -> &Row {
        &self.rows[check as usize]
    }

    pub(super) fn row_mut(&mut self, check: Check) -> &mut Row {
        &mut self.rows[check as usize]
    }

    /// Counts things that are as they should be.
    pub fn passed(&mut self, check: Check, count: u64) {
        self.rows[check as usize].checked += count;
    }

    /// Counts a thing that cannot be checked.
    pub fn cannot(&mut self, check: Check, why: &'static str) {
        *self.rows[check as usize].cannot.entry(why).or_default() += 1;
    }

    /// Counts a thing that is wrong.
    pub fn violated(&mut self, check: Check, violation: Violation) {
        let row = &mut self.rows[check as usize];
        row.checked += 1;
        row.violated += 1;
        if row.first.len() < KEPT {
            row.first.push(violation);
        }
    }

    /// Adds what another thread found. The violations kept are the first ones of the corpus, whatever
    /// the threads.
    pub fn merge(&mut self, other: Findings) {
        for (row, mut more) in self.rows.iter_mut().zip(other.rows) {
            row.checked += more.checked;
            row.violated += more.violated;
            row.first.append(&mut more.first);
            row.first.sort_by_key(|violation| violation.place);
            row.first.truncate(KEPT);
            for (why, count) in more.cannot {
                *row.cannot.entry(why).or_default() += count;
            }
        }
    }
}
