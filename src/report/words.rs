//! The words and numbers of a page, in the reader's language.
//!
//! A language is a file of `datasets/report/`. Invariant: every language has every text, with the same
//! placeholders, or it does not load; names of labels, forms, intents and other data stay as they are.

use crate::conversation::names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

names! {
    /// The language of a page.
    #[derive(Default)]
    pub enum Lang {
        /// English.
        #[default]
        English = "en",
        /// French.
        French = "fr",
    }
}

/// Declares a table of texts: every key is a field, so that none can be missing or unknown.
macro_rules! texts {
    ($($name:ident { $($key:ident)* })*) => {
        $(#[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $(pub(super) $key: String,)* })*
    };
}

texts! {
    Titles { ranking classes labels errors confusion slices examples decoys speed exposure legal feeds twins traffic curves
        reading }
    Heads {
        detector critical_leak profile_leak text_masked alerts strict messages_per_s megabytes_per_s core_labels
        critical_mentions conversations customers within_claims label spans recall precision f1 values leak total
        gold taken_for same_range other_range share_of_gold slice decoy threads start_up
        first_batch passes cpu memory regime fact further feed change in_parts variant pairs leak_before leak_after recall_change traffic
        false_alerts message_precision message_recall weight threshold
    }
    Roles { anchor ours }
    Sentences {
        verdict tied front_masked front_speed failed sums class_examples example_gold example_missed example_as
        example_spurious value value_part no_examples no_text unmapped small
        learned missed nothing all_facts fact all_segments sensitive_segments segment corpus given offsets_in offsets_of_tokens
        uncertainty uncertainty_given split all_splits run machine load
    }
    Notes { intervals intervals_given leak companions ranks least doubtful unmapped strict slices examples speed exposure legal
        variants traffic curves }
    Latex { ranking labels detector }
}

/// How numbers are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbers {
    pub(super) decimal: String,
    pub(super) thousands: String,
    pub(super) leading_zero: bool,
    pub(super) percent: String,
    pub(super) one_in: String,
    pub(super) joint: String,
    pub(super) thousand: String,
    pub(super) million: String,
    pub(super) doubt: String,
    several: String,
    and: String,
}

/// Everything that pages say in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub(super) numbers: Numbers,
    pub(super) titles: Titles,
    pub(super) heads: Heads,
    pub(super) roles: Roles,
    pub(super) sentences: Sentences,
    pub(super) notes: Notes,
    pub(super) latex: Latex,
    classes: BTreeMap<String, String>,
    relations: BTreeMap<String, String>,
    dimensions: BTreeMap<String, String>,
    facts: BTreeMap<String, String>,
    regimes: BTreeMap<String, String>,
}

impl Lang {
    /// The words of the language.
    pub fn words(self) -> &'static Words {
        static ENGLISH: OnceLock<Words> = OnceLock::new();
        static FRENCH: OnceLock<Words> = OnceLock::new();
        let loaded = match self {
            Lang::English => &ENGLISH,
            Lang::French => &FRENCH,
        };
        loaded.get_or_init(|| {
            toml::from_str(self.file()).expect("the words of a page are checked by a test")
        })
    }

    fn file(self) -> &'static str {
        match self {
            Lang::English => include_str!("../../datasets/report/en.toml"),
            Lang::French => include_str!("../../datasets/report/fr.toml"),
        }
    }
}

impl Words {
    /// The name of an exposure class.
    pub(super) fn class(&self, class: crate::taxonomy::Exposure) -> &str {
        &self.classes[class.name()]
    }

    /// The name of an error class.
    pub(super) fn relation(&self, relation: crate::scoring::Relation) -> &str {
        &self.relations[relation.name()]
    }

    /// The name of what a corpus is cut by.
    pub(super) fn dimension(&self, dimension: crate::scoring::slices::Dimension) -> &str {
        &self.dimensions[dimension.name()]
    }

    /// The name of a kind of fact.
    pub(super) fn fact(&self, kind: crate::scoring::exposure::FactKind) -> &str {
        &self.facts[kind.name()]
    }

    /// The name of a regime.
    pub(super) fn regime(&self, regime: crate::scoring::legal::Regime) -> &str {
        &self.regimes[regime.name()]
    }

    /// Several names: `a, b and c`.
    pub(super) fn listed(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [all @ .., last] => fill(
                &self.numbers.and,
                &[("all", &all.join(&self.numbers.several)), ("last", last)],
            ),
        }
    }
}

/// A text with its placeholders filled. What is filled in is never itself searched for placeholders.
pub(super) fn fill(text: &str, with: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let close = open + rest[open..].find('}').expect("a placeholder ends");
        let name = &rest[open + 1..close];
        let value = with.iter().find(|(known, _)| *known == name);
        out.push_str(
            value
                .unwrap_or_else(|| panic!("no value for {{{name}}} of `{text}`"))
                .1,
        );
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::Relation;
    use crate::scoring::exposure::FactKind;
    use crate::scoring::legal::Regime;
    use crate::scoring::slices::Dimension;
    use crate::taxonomy::Exposure;

    /// Every text of a language by its key.
    fn flat(lang: Lang) -> BTreeMap<String, String> {
        let file: toml::Table = toml::from_str(lang.file()).unwrap();
        let mut all = BTreeMap::new();
        for (table, keys) in file {
            for (key, text) in keys.as_table().unwrap() {
                all.insert(
                    format!("{table}.{key}"),
                    text.as_str().unwrap_or_default().to_owned(),
                );
            }
        }
        all
    }

    fn placeholders(text: &str) -> Vec<String> {
        let mut found: Vec<String> = text
            .split('{')
            .skip(1)
            .map(|tail| tail.split('}').next().unwrap().to_owned())
            .collect();
        found.sort();
        found
    }

    #[test]
    fn every_language_says_everything_with_the_same_placeholders() {
        let english = flat(Lang::English);
        for &lang in Lang::ALL {
            let words = lang.words();
            for class in Exposure::ALL {
                assert!(!words.class(class).is_empty());
            }
            for &relation in Relation::ALL {
                assert!(!words.relation(relation).is_empty());
            }
            for &dimension in Dimension::ALL {
                assert!(!words.dimension(dimension).is_empty());
            }
            for &kind in FactKind::ALL {
                assert!(!words.fact(kind).is_empty());
            }
            for &regime in Regime::ALL {
                assert!(!words.regime(regime).is_empty());
            }
            let other = flat(lang);
            let keys = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(&other), keys(&english), "{lang}");
            for (key, text) in &other {
                assert_eq!(
                    placeholders(text),
                    placeholders(&english[key]),
                    "{lang}: {key}"
                );
            }
        }
    }

    #[test]
    fn french_signs_never_begin_a_line() {
        for (key, text) in flat(Lang::French) {
            let characters: Vec<char> = text.chars().collect();
            for (at, sign) in characters.iter().enumerate().skip(1) {
                let before = characters[at - 1];
                // A sign that is shown, as in "suivie de ?", or that stands for a format, is not prose.
                let wanted: &[char] = match sign {
                    ';' | '!' | '?' => &['\u{202f}', '\u{a0}'],
                    ':' | '%' => &['\u{a0}'],
                    _ => continue,
                };
                assert!(wanted.contains(&before), "{key}: `{text}`, before {sign}");
            }
            assert!(!text.contains('\''), "{key}: a typewriter apostrophe");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("{a} {b}", &[("a", "{b}"), ("b", "x")]), "{b} x");
        let words = Lang::English.words();
        let names = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>();
        assert_eq!(words.listed(&names(3)), "0, 1 and 2");
        assert_eq!(words.listed(&names(1)), "0");
    }
}
