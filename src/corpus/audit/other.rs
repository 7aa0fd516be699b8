//! Another corpus that should share no content with the audited one (`--against`).

use super::checks::Check;
use super::data;
use super::invariants::splits::{Home, Homes};
use super::invariants::{Desk, plain};
use super::ngrams::Wordings;
use super::record::Conversation;
use super::sample::{Smallest, hash};
use super::source::{self, AuditError, Line, Reading};
use crate::text::OffsetUnit;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// How many unique values of it are remembered.
const VALUES: usize = 2_000_000;

/// What the other corpus holds.
#[derive(Debug)]
pub struct Other {
    phrases: BTreeSet<String>,
    banks: BTreeSet<String>,
    values: Smallest<()>,
    /// Is it in the format of another tool, which has nothing but wording to compare?
    foreign: bool,
    /// Its wording, by language and split.
    pub wordings: Wordings,
}

impl Other {
    /// Reads it.
    ///
    /// # Errors
    /// Files that cannot be read, or that are no corpus.
    pub fn read(files: &[PathBuf], reading: &Reading, homes: &Homes) -> Result<Other, AuditError> {
        let mut other = Other {
            phrases: BTreeSet::new(),
            banks: BTreeSet::new(),
            values: Smallest::new(VALUES),
            foreign: false,
            wordings: Wordings::default(),
        };
        let mut failed = None;
        let given = source::read(files, reading, |piece| {
            let file = files[piece.file as usize].display().to_string();
            for (at, (_, line)) in piece.lines.iter().enumerate() {
                match (piece.read(at, &file), line) {
                    (Err(error), _) => {
                        failed = Some(error);
                        return false;
                    }
                    (_, Line::Foreign(record)) => {
                        other.add(&Conversation::of(record, OffsetUnit::Byte), homes);
                    }
                    (Ok(record), Line::Text(_)) => {
                        let record = record.iter();
                        record.for_each(|record| {
                            other.add(&Conversation::of(record, OffsetUnit::Codepoint), homes);
                        });
                    }
                }
            }
            true
        })?;
        other.foreign = given.is_some();
        match failed {
            Some(error) => Err(error),
            None => Ok(other),
        }
    }

    fn add(&mut self, c: &Conversation<'_>, homes: &Homes) {
        for phrase in content(c, homes) {
            if !self.phrases.contains(phrase) {
                self.phrases.insert(phrase.to_owned());
            }
        }
        self.banks.extend(c.record.bank.clone());
        for (label, fact) in c.known_facts() {
            if data::is_unique(label, &fact.value) {
                self.values.offer(hash(&[label.id(), &fact.value]), || ());
            }
        }
        self.wordings.add(c);
    }

    /// Compares a conversation with it.
    pub fn compare(&self, desk: &mut Desk<'_>, c: &Conversation<'_>) {
        if self.foreign {
            let why = "the other corpus is in another tool's format: only wording is compared";
            desk.findings.cannot(Check::Against, why);
            return;
        }
        let id = || c.id().to_owned();
        if let Some(bank) = &c.record.bank {
            let shared = self.banks.contains(bank);
            desk.judge(
                Check::Against,
                id,
                shared.then(|| plain(format!("the other corpus has the bank {bank}"))),
            );
        }
        for phrase in content(c, desk.homes) {
            let shared = self.phrases.contains(phrase);
            let what = || plain(format!("the other corpus has the phrase {phrase}"));
            desk.judge(Check::Against, id, shared.then(what));
        }
        for (label, fact) in c.known_facts() {
            if !data::is_unique(label, &fact.value) {
                continue;
            }
            let key = hash(&[label.id(), &fact.value]);
            if key > self.values.complete_until() {
                desk.findings
                    .cannot(Check::Against, "beyond the values that are remembered");
                continue;
            }
            let shared = self.values.get(key).is_some();
            let what = || {
                (
                    format!("the other corpus has this {label}"),
                    fact.value.clone(),
                )
            };
            desk.judge(Check::Against, id, shared.then(what));
        }
    }
}

/// The phrases of a conversation that only some splits may say.
fn content<'a>(c: &Conversation<'a>, homes: &Homes) -> impl Iterator<Item = &'a str> + use<'a> {
    let homes = c.record.lang.as_deref().and_then(|tag| homes.of(tag));
    let phrases = c
        .record
        .messages
        .iter()
        .flat_map(|message| &message.phrases);
    phrases.map(String::as_str).filter(move |phrase| {
        homes
            .as_ref()
            .is_some_and(|homes| matches!(homes.get(*phrase), Some(Home::Splits(_))))
    })
}
