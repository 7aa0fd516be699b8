//! The observer: which segments an advertiser could put a customer in, from the text alone.
//!
//! It is data (`datasets/observer.toml`, explained in `docs/observer.md`): a **segment** has words by
//! language and, where it speaks of money, a range of amounts. A unit of text **says** a segment if it
//! holds one of the words as whole words and, where the segment wants one, an amount in its range.
//! Invariant: what a text says is a pure function of the text, its language and the file.

use super::folding::fold_words;
use crate::toml_fault::toml_fault;
use aho_corasick::AhoCorasick;
use regex::Regex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// A segment of an advertiser.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its name in results.
    pub id: String,
    /// What it is called in French.
    pub fr: String,
    /// What it is called in English.
    pub en: String,
    /// The rule that protects it, where one does.
    #[serde(default)]
    pub sensitive: Option<String>,
    /// How many messages of a customer must say it.
    #[serde(default = "one")]
    pub at_least: u32,
    #[serde(default)]
    amount: Option<Amounts>,
    words: BTreeMap<String, Vec<String>>,
}

fn one() -> u32 {
    1
}

/// A half-open range of amounts, in whole units of their currency.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amounts {
    from: u64,
    #[serde(default = "unlimited")]
    below: u64,
}

fn unlimited() -> u64 {
    u64::MAX
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    name: String,
    version: u32,
    segment: Vec<Segment>,
}

/// What must be known of an observer to read the counts that were made with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObserverInfo {
    /// Name and version.
    pub name: String,
    /// SHA-256 of its file, in hexadecimal.
    pub hash: String,
    /// Its segments, in order.
    pub segments: Vec<SegmentInfo>,
}

/// What must be known of a segment to read the counts of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentInfo {
    /// Its name in results.
    pub id: String,
    /// The rule that protects it, where one does.
    pub sensitive: Option<String>,
    /// How many messages of a customer must say it.
    pub at_least: u32,
}

/// The words of one language, ready to be found.
#[derive(Debug)]
struct Tongue {
    words: AhoCorasick,
    segments: Vec<u16>,
}

/// A set of segments with their words.
#[derive(Debug)]
pub struct Observer {
    info: ObserverInfo,
    segments: Vec<Segment>,
    tongues: BTreeMap<String, Tongue>,
}

static SHIPPED: LazyLock<Arc<Observer>> = LazyLock::new(|| {
    let file = include_str!("../../datasets/observer.toml");
    Arc::new(Observer::parse(file).expect("datasets/observer.toml is checked by a test"))
});

impl Observer {
    /// The one that ships with the crate.
    pub fn shipped() -> Arc<Observer> {
        SHIPPED.clone()
    }

    /// Reads an observer file.
    ///
    /// # Errors
    /// What is wrong, with its line, as the TOML reader tells it; a segment listed twice, without words
    /// or with an amount that none can have.
    pub fn parse(source: &str) -> Result<Observer, String> {
        let file: File = toml::from_str(source).map_err(|e| toml_fault(&e, source))?;
        if file.schema != 1 {
            let schema = file.schema;
            return Err(format!("schema {schema} is not one this version reads (1)"));
        }
        let mut patterns: BTreeMap<&str, (Vec<Vec<u8>>, Vec<u16>)> = BTreeMap::new();
        for (place, segment) in (0u16..).zip(&file.segment) {
            let id = &segment.id;
            if file.segment[..usize::from(place)]
                .iter()
                .any(|s| s.id == *id)
            {
                return Err(format!("segment `{id}` is listed twice"));
            }
            if segment
                .amount
                .is_some_and(|amount| amount.from >= amount.below)
            {
                return Err(format!(
                    "segment `{id}`: no amount is from `from` and below `below`"
                ));
            }
            if segment.at_least == 0 {
                return Err(format!(
                    "segment `{id}`: at_least = 0 would give it to everybody"
                ));
            }
            for (lang, words) in &segment.words {
                let (texts, segments) = patterns.entry(lang).or_default();
                for word in words {
                    texts.push(pattern(word).ok_or_else(|| {
                        format!("segment `{id}`: `{word}` has no letter or digit to find")
                    })?);
                    segments.push(place);
                }
            }
        }
        let tongues = patterns.into_iter().map(|(lang, (texts, segments))| {
            let words = AhoCorasick::new(texts).map_err(|e| e.to_string())?;
            Ok((lang.to_owned(), Tongue { words, segments }))
        });
        let tongues = tongues.collect::<Result<_, String>>()?;
        let digest = Sha256::digest(source.as_bytes());
        let segments = file.segment.iter().map(|segment| SegmentInfo {
            id: segment.id.clone(),
            sensitive: segment.sensitive.clone(),
            at_least: segment.at_least,
        });
        Ok(Observer {
            info: ObserverInfo {
                name: format!("{}@{}", file.name, file.version),
                hash: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
                segments: segments.collect(),
            },
            tongues,
            segments: file.segment,
        })
    }

    /// What must be known of it to read counts.
    pub fn info(&self) -> &ObserverInfo {
        &self.info
    }

    /// Its segments, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The segments that a text says, in order. `lang` is a language tag; `folded` is room to work in.
    pub fn said(&self, lang: &str, text: &str, folded: &mut Vec<u8>) -> Vec<u16> {
        let primary = lang.split('-').next().unwrap_or(lang);
        let Some(tongue) = self.tongues.get(primary) else {
            return Vec::new();
        };
        folded.clear();
        fold_words(text, folded);
        let mut said: Vec<u16> = tongue
            .words
            .find_overlapping_iter(&*folded)
            .map(|found| tongue.segments[found.pattern().as_usize()])
            .collect();
        said.sort_unstable();
        said.dedup();
        let mut amounts: Option<Vec<u64>> = None;
        said.retain(|&segment| {
            self.segments[usize::from(segment)]
                .amount
                .is_none_or(|range| {
                    let amounts = amounts.get_or_insert_with(|| amounts_of(text));
                    amounts.iter().any(|a| range.from <= *a && *a < range.below)
                })
        });
        said
    }
}

/// What is searched for in folded text: ` word `, or ` word` where any ending will do.
fn pattern(word: &str) -> Option<Vec<u8>> {
    let (stem, open) = match word.strip_suffix('*') {
        Some(stem) => (stem, true),
        None => (word, false),
    };
    let mut folded = Vec::new();
    fold_words(stem, &mut folded);
    if folded.iter().all(|&byte| byte == b' ') {
        return None;
    }
    if open {
        folded.pop();
    }
    Some(folded)
}

/// The amounts of money that a text shows, in whole units: digits with a currency beside them.
fn amounts_of(text: &str) -> Vec<u64> {
    static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
        let number = r"(\d{1,3}(?:[\s.,'’]\d{3})+|\d+)(?:[.,]\d{1,2})?";
        let after = r"€|£|\$|(?i:euros?|eur|dollars?|usd|bucks|pounds?|gbp|quid|balles)\b";
        Regex::new(&format!(r"(?:[€£$]\s?){number}|{number}\s?(?:{after})"))
            .expect("it is a regular expression")
    });
    let whole = |captures: regex::Captures<'_>| {
        let number = captures.get(1).or(captures.get(2))?.as_str();
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    AMOUNT.captures_iter(text).filter_map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lang: &str, text: &str) -> Vec<String> {
        let observer = Observer::shipped();
        let said = observer.said(lang, text, &mut Vec::new());
        let id = |&place: &u16| observer.segments()[usize::from(place)].id.clone();
        said.iter().map(id).collect()
    }

    #[test]
    fn words_are_found_whole_in_their_language_whatever_their_accents() {
        assert_eq!(
            said("fr-FR", "Payé chez INSTITUT D'ONCOLOGIE"),
            ["health_condition"]
        );
        assert_eq!(said("fr-FR", "j'ai demenage hier"), ["moving_home"]);
        assert_eq!(said("en-GB", "j'ai demenage hier"), Vec::<String>::new());
        assert_eq!(said("fr-FR", "un baromètre"), Vec::<String>::new());
        assert_eq!(said("de-DE", "casino"), Vec::<String>::new());
    }

    #[test]
    fn a_segment_of_money_needs_a_word_and_an_amount_in_its_range() {
        assert_eq!(
            said("fr-FR", "Solde : 8\u{202f}407,79\u{a0}€"),
            ["balance_high"]
        );
        assert_eq!(said("fr-FR", "Solde : 136,49 €"), ["balance_low"]);
        assert_eq!(said("fr-FR", "Solde : 1407,79 €"), Vec::<String>::new());
        assert_eq!(said("fr-FR", "136,49 € chez Verdane"), Vec::<String>::new());
        assert_eq!(said("en-US", "my salary is $3,971.75"), ["income_high"]);
        assert_eq!(said("fr-FR", "ma paie de 1955€22"), ["income_middle"]);
    }

    #[test]
    fn covered_words_say_nothing() {
        assert_eq!(said("fr-FR", "débit chez ███ hier"), Vec::<String>::new());
        assert_eq!(said("fr-FR", "Solde : ███"), Vec::<String>::new());
    }

    #[test]
    fn amounts_are_read_with_their_currency_on_either_side() {
        assert_eq!(
            amounts_of("£1,872.59, 47 balles, 2 103,13 €, 12345"),
            [1872, 47, 2103]
        );
    }

    #[test]
    fn every_segment_has_words_in_both_languages() {
        for segment in Observer::shipped().segments() {
            for lang in ["fr", "en"] {
                assert!(!segment.words[lang].is_empty(), "{}", segment.id);
            }
        }
    }

    #[test]
    fn a_file_that_cannot_work_says_why() {
        let head = "schema = 1\nname = \"x\"\nversion = 1\n";
        let segment =
            |more: &str| format!("{head}[[segment]]\nid = \"a\"\nfr = \"a\"\nen = \"a\"\n{more}\n");
        let error = |source: String| Observer::parse(&source).unwrap_err();
        assert!(error(segment("words.fr = [\"…\"]")).contains("no letter or digit"));
        assert!(error(segment("at_least = 0\nwords.fr = [\"a\"]")).contains("everybody"));
        let empty = "amount = { from = 5, below = 5 }\nwords.fr = [\"a\"]";
        assert!(error(segment(empty)).contains("no amount"));
        assert!(error(segment("word.fr = [\"a\"]")).contains("unknown field `word`"));
    }
}
