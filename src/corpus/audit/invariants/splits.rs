//! Splits: phrases, customers, banks and unique values of one are in no other.

use super::world::LIFELIKE;
use super::{Desk, plain};
use crate::conversation::Split;
use crate::corpus::Data;
use crate::corpus::audit::checks::Check;
use crate::corpus::audit::data;
use crate::corpus::audit::record::Conversation;
use crate::wording::grammar::Grammar;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Where a phrase of a language may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Everywhere: a function act, or a grammar in which the splits share it.
    Shared,
    /// In these splits, a bit each.
    Splits(u8),
}

/// The phrases of a language with their homes.
pub type Phrases = BTreeMap<&'static str, Home>;

/// The homes of the phrases of every language that a corpus speaks, found when it is first met.
#[derive(Debug)]
pub struct Homes {
    data: Data,
    languages: Mutex<BTreeMap<String, Option<Arc<Phrases>>>>,
}

impl Homes {
    /// Those of the languages of some data.
    pub fn new(data: Data) -> Homes {
        Homes {
            data,
            languages: Mutex::default(),
        }
    }

    /// Those of a language; `None` where it is not ours.
    pub fn of(&self, tag: &str) -> Option<Arc<Phrases>> {
        let mut languages = self.languages.lock().expect("no holder panics");
        if let Some(known) = languages.get(tag) {
            return known.clone();
        }
        let found = self.data.language(tag).ok();
        let found = found.map(|language| Arc::new(phrases_of(&language.grammar)));
        languages.insert(tag.to_owned(), found.clone());
        found
    }
}

fn phrases_of(grammar: &'static Grammar) -> Phrases {
    let mut homes = BTreeMap::new();
    for constituent in grammar.constituents() {
        for &split in Split::ALL {
            for phrase in constituent.said_in(split) {
                let home = homes.entry(phrase.id).or_insert(Home::Splits(0));
                match home {
                    _ if constituent.shared => *home = Home::Shared,
                    Home::Splits(bits) => *bits |= 1 << split as u8,
                    Home::Shared => {}
                }
            }
        }
    }
    homes
}

/// Phrases of content are those of the split of the record.
pub fn phrases(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    let phrases = c
        .record
        .messages
        .iter()
        .map(|m| m.phrases.len())
        .sum::<usize>();
    if phrases == 0 {
        desk.findings
            .cannot(Check::SplitPhrases, "records without phrase ids");
        return;
    }
    let homes = c.record.lang.as_deref().and_then(|tag| desk.homes.of(tag));
    let (Some(homes), Some(split)) = (homes, c.split) else {
        desk.findings.cannot(
            Check::SplitPhrases,
            "records in a language or split that is not ours",
        );
        return;
    };
    for (index, message) in c.record.messages.iter().enumerate() {
        for phrase in &message.phrases {
            match homes.get(phrase.as_str()) {
                None => desk.findings.cannot(
                    Check::SplitPhrases,
                    "phrases that this grammar does not have",
                ),
                Some(Home::Shared) => desk.findings.passed(Check::SplitPhrases, 1),
                Some(Home::Splits(bits)) => {
                    let wrong = (bits & 1 << split as u8 == 0)
                        .then(|| plain(format!("{phrase} is not a phrase of {split}")));
                    desk.judge(Check::SplitPhrases, || c.message_id(index), wrong);
                }
            }
        }
    }
}

/// What no two splits share.
pub fn claims(desk: &mut Desk<'_>, c: &Conversation<'_>) {
    let Some(split) = c.split else {
        desk.findings
            .cannot(Check::SplitDisjoint, "records without a split");
        return;
    };
    let (split, id) = (split.name(), c.id());
    let named = [("customer", &c.record.customer), ("bank", &c.record.bank)];
    for (what, name) in named {
        if let Some(name) = name {
            desk.claim(Check::SplitDisjoint, &[what, name], split, id);
        }
    }
    if c.is_lifelike() {
        desk.findings.cannot(Check::SplitDisjoint, LIFELIKE);
        return;
    }
    for (label, fact) in c.known_facts() {
        if data::is_unique(label, &fact.value) {
            desk.claim(Check::SplitDisjoint, &[label.id(), &fact.value], split, id);
        }
    }
}
