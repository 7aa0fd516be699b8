//! The words that say what a value is: `datasets/rules/<language>.toml`.
//!
//! * A **topic** names a kind of value ("code reçu par SMS"). In a question it says what is asked for,
//!   beside a value it says what the value is.
//! * A **decoy** names something that looks like a value of ours and is none ("commande").
//! * A **name cue** stands in front of a name ("je m'appelle"); a **phrase** is a fact by itself ("on
//!   attend un bébé").
//!
//! Invariant: words are compared folded ([`super::fold`]), as whole words, with or without a final s.

use super::fold::{Folded, is_word};
use crate::taxonomy::{Label, unknown_label};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;

/// What a word of the lexicon means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// It names values of this label.
    Topic(Label),
    /// It names something that is none of ours.
    Decoy,
    /// A name of this label follows, capitalised or not.
    NameCue(Label),
    /// A name of this label follows, if it is capitalised.
    CapitalCue(Label),
    /// It is a value of this label itself.
    Phrase(Label),
    /// The sentence tells people what never to do: nothing is asked in it.
    Warning,
    /// The sentence asks for something.
    Request,
    /// An operation on an account is spoken of.
    Operation,
    /// What follows is the customer's own.
    Possessive,
    /// A day named from another: yesterday.
    RelativeDay,
    /// The bank greets: the customer's name may follow.
    Greeting,
}

/// A word of the lexicon found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where, in folded text.
    pub range: Range<usize>,
    /// What it means.
    pub meaning: Meaning,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    topic: Words,
    decoy: BTreeMap<String, Vec<String>>,
    name: Words,
    capital_name: Words,
    phrase: Words,
    warning: Vec<String>,
    request: Vec<String>,
    operation: Vec<String>,
    possessive: Vec<String>,
    relative_day: Vec<String>,
    greeting: Vec<String>,
    filler: Vec<String>,
    stop: Vec<String>,
    title: Vec<String>,
    particle: Vec<String>,
    month: Vec<Vec<String>>,
    street: Vec<String>,
    refusal: Vec<String>,
}

type Words = BTreeMap<String, Spanned<Vec<String>>>;

/// The words of one language.
#[derive(Debug)]
pub struct Lexicon {
    automaton: AhoCorasick,
    meanings: Vec<Vec<Meaning>>,
    /// Words that can stand around a value that is the whole answer.
    pub filler: BTreeSet<String>,
    /// Words at which a name ends.
    pub stop: BTreeSet<String>,
    /// Titles, which are no part of a name.
    pub title: BTreeSet<String>,
    /// Small words inside a name.
    pub particle: BTreeSet<String>,
    /// Words with which an answer says no.
    pub refusal: BTreeSet<String>,
    /// Names and abbreviations of the twelve months.
    pub months: Vec<Vec<String>>,
    /// Words that make an address of what stands around them.
    pub street: Vec<String>,
}

fn fold(text: &str) -> String {
    let mut folded = Folded::default();
    folded.load(text);
    folded.str(0..folded.bytes().len()).to_owned()
}

fn fold_all(words: &[String]) -> BTreeSet<String> {
    words.iter().map(|word| fold(word)).collect()
}

impl Lexicon {
    /// Reads the words of one language.
    ///
    /// # Errors
    /// What is wrong, by file, line and key.
    pub fn parse(source: &str, file: &str) -> Result<Lexicon, String> {
        let at = |start: usize, what: String| {
            format!(
                "{file}:{}: {what}",
                source[..start].matches('\n').count() + 1
            )
        };
        let parsed: File = toml::from_str(source).map_err(|error| {
            at(
                error.span().map_or(0, |span| span.start),
                error.message().to_owned(),
            )
        })?;
        if parsed.schema != 1 {
            return Err(at(
                0,
                format!("schema {} is not one this version reads (1)", parsed.schema),
            ));
        }
        if parsed.month.len() != 12 {
            return Err(at(0, format!("month: {} of 12", parsed.month.len())));
        }
        let mut patterns: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        let mut add = |word: &str, meaning: Meaning| {
            let meanings = patterns.entry(fold(word)).or_default();
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        };
        type Means = fn(Label) -> Meaning;
        let labelled: [(&str, &Words, Means); 4] = [
            ("topic", &parsed.topic, Meaning::Topic),
            ("name", &parsed.name, Meaning::NameCue),
            ("capital_name", &parsed.capital_name, Meaning::CapitalCue),
            ("phrase", &parsed.phrase, Meaning::Phrase),
        ];
        for (table, words, meaning) in labelled {
            for (id, words) in words {
                let label = Label::named(id).ok_or_else(|| {
                    at(
                        words.span().start,
                        format!("{table}.{id}: {}", unknown_label(id)),
                    )
                })?;
                words
                    .get_ref()
                    .iter()
                    .for_each(|word| add(word, meaning(label)));
            }
        }
        let plain = [
            (&parsed.warning, Meaning::Warning),
            (&parsed.request, Meaning::Request),
            (&parsed.operation, Meaning::Operation),
            (&parsed.possessive, Meaning::Possessive),
            (&parsed.relative_day, Meaning::RelativeDay),
            (&parsed.greeting, Meaning::Greeting),
        ];
        for (words, meaning) in plain {
            words.iter().for_each(|word| add(word, meaning));
        }
        parsed
            .decoy
            .values()
            .flatten()
            .for_each(|word| add(word, Meaning::Decoy));
        if let Some(empty) = patterns.get("") {
            return Err(at(0, format!("an empty word among {empty:?}")));
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns.keys())
            .map_err(|error| at(0, error.to_string()))?;
        let fold_each = |words: &[String]| words.iter().map(|word| fold(word)).collect();
        Ok(Lexicon {
            automaton,
            meanings: patterns.into_values().collect(),
            filler: fold_all(&parsed.filler),
            stop: fold_all(&parsed.stop),
            title: fold_all(&parsed.title),
            particle: fold_all(&parsed.particle),
            refusal: fold_all(&parsed.refusal),
            months: parsed.month.iter().map(|names| fold_each(names)).collect(),
            street: fold_each(&parsed.street),
        })
    }

    /// The words of the lexicon in a folded text, by start. Of topics and decoys that overlap only the
    /// longest counts: "code postal" is no "code".
    pub fn find(&self, text: &[u8], hits: &mut Vec<Hit>) {
        hits.clear();
        for found in self.automaton.find_overlapping_iter(text) {
            let (start, mut end) = (found.start(), found.end());
            if start > 0 && is_word(text[start - 1]) && is_word(text[start]) {
                continue;
            }
            if is_word(text[end - 1]) {
                if text.get(end) == Some(&b's') {
                    end += 1;
                }
                if text.get(end).is_some_and(|&byte| is_word(byte)) {
                    continue;
                }
            }
            for &meaning in &self.meanings[found.pattern().as_usize()] {
                hits.push(Hit {
                    range: start..end,
                    meaning,
                });
            }
        }
        let names_kind = |hit: &Hit| matches!(hit.meaning, Meaning::Topic(_) | Meaning::Decoy);
        hits.sort_by_key(|hit| (hit.range.start, usize::MAX - hit.range.end));
        let mut covered = 0..0;
        hits.retain(|hit| {
            if !names_kind(hit) {
                return true;
            }
            if hit.range.end <= covered.end && hit.range != covered {
                return false;
            }
            covered = hit.range.clone();
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(lexicon: &Lexicon, text: &str) -> Vec<(String, Meaning)> {
        let mut folded = Folded::default();
        folded.load(text);
        let mut hits = Vec::new();
        lexicon.find(folded.bytes(), &mut hits);
        hits.iter()
            .map(|hit| (folded.str(hit.range.clone()).to_owned(), hit.meaning))
            .collect()
    }

    #[test]
    fn the_longest_name_of_a_value_counts_and_words_are_whole() {
        let label = |id| Meaning::Topic(Label::named(id).unwrap());
        let lexicon = super::super::shipped("fr-FR");
        let found = meanings(
            lexicon,
            "Quel est votre CODE POSTAL ? décodeur, mots de passe",
        );
        let topics: Vec<_> = found
            .iter()
            .filter(|(_, m)| matches!(m, Meaning::Topic(_)))
            .cloned()
            .collect();
        assert_eq!(
            topics,
            [
                ("code postal".to_owned(), label("POSTCODE")),
                ("mots de passe".to_owned(), label("PASSWORD"))
            ]
        );
    }

    #[test]
    fn an_unknown_label_is_refused_with_its_line() {
        let source =
            include_str!("../../../datasets/rules/fr.toml").replace("\nOTP_CODE =", "\nOTP_COD =");
        let error = Lexicon::parse(&source, "fr.toml").unwrap_err();
        assert!(
            error.contains("topic.OTP_COD: unknown label `OTP_COD` (did you mean `OTP_CODE`?)"),
            "{error}"
        );
        assert!(!error.starts_with("fr.toml:1:"), "{error}");
    }
}
