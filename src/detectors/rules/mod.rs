//! `rules`: our own detector, regular expressions with checksums and context words, over the stream.
//!
//! It is a *reference*, not a competitor: written by the people who wrote the corpus, so it is shown
//! and never ranked (`docs/bias.md`).
//!
//! A message is folded (`fold`), the words of its language are found in it (`lexicon`), the question
//! before it is read (`scene`); then one family after the other claims its values (`finder`). What
//! checks comes before what guesses: e-mail addresses, IBANs and cards first, bare codes last.
//!
//! Invariant: the words live in `datasets/rules/`, not in the code, so that people who know banking and
//! not Rust can extend them.

mod accounts;
mod addresses;
mod answers;
mod cards;
mod codes;
mod contact;
mod dates;
mod finder;
mod fold;
mod labels;
mod lexicon;
mod money;
mod names;
mod national;
mod phones;
mod scene;
mod shapes;

pub(in crate::detectors) use accounts::valid_prefix as valid_iban_prefix;

use super::{Description, DetectError, Detector, Input, Spent};
use crate::prediction::{Prediction, Predictions, ToolLabel};
use crate::taxonomy::Label;
use finder::Finder;
use fold::Folded;
use lexicon::{Hit, Lexicon, Meaning};
use regex::bytes::{Regex, RegexBuilder};
use shapes::Shapes;
use std::sync::OnceLock;

/// A constant pattern over folded text, which is ASCII.
fn pattern(source: &str) -> Regex {
    RegexBuilder::new(source)
        .unicode(false)
        .build()
        .expect("patterns are constants")
}

/// One language: its words, and the patterns made of them.
#[derive(Debug)]
struct Language {
    lexicon: Lexicon,
    worded_dates: Regex,
    street: Regex,
    /// French names the kind of street first, English last.
    kind_first: bool,
}

impl Language {
    fn parse(source: &str, file: &str, kind_first: bool) -> Result<Language, String> {
        let lexicon = Lexicon::parse(source, file)?;
        Ok(Language {
            worded_dates: dates::worded(&lexicon.months),
            street: addresses::street(&lexicon.street),
            lexicon,
            kind_first,
        })
    }
}

fn french() -> &'static Language {
    static LOADED: OnceLock<Language> = OnceLock::new();
    LOADED.get_or_init(|| {
        Language::parse(
            include_str!("../../../datasets/rules/fr.toml"),
            "datasets/rules/fr.toml",
            true,
        )
        .expect("the embedded words are checked by a test")
    })
}

fn english() -> &'static Language {
    static LOADED: OnceLock<Language> = OnceLock::new();
    LOADED.get_or_init(|| {
        Language::parse(
            include_str!("../../../datasets/rules/en.toml"),
            "datasets/rules/en.toml",
            false,
        )
        .expect("the embedded words are checked by a test")
    })
}

/// The language of a tag: English where it says so, else French.
fn language(tag: &str) -> &'static Language {
    if tag.starts_with("en") {
        english()
    } else {
        french()
    }
}

#[cfg(test)]
fn shipped(tag: &str) -> &'static Lexicon {
    &language(tag).lexicon
}

/// Our own detector.
#[derive(Debug)]
pub struct Rules {
    description: Description,
    shapes: Shapes,
    folded: Folded,
    hits: Vec<Hit>,
    /// For each language tag seen, which labels occur there.
    places: Vec<(String, Vec<bool>)>,
}

/// Which labels occur where a language tag is spoken; all, if the tag names no country.
fn labels_of(tag: &str) -> Vec<bool> {
    let Some((_, country)) = tag.rsplit_once('-') else {
        return Label::all().map(|_| true).collect();
    };
    Label::all()
        .map(|label| label.info().occurs_in(country))
        .collect()
}

impl Default for Rules {
    fn default() -> Self {
        Rules::new()
    }
}

impl Rules {
    /// The detector with the shipped words. Words of a language are read when it first occurs.
    ///
    /// # Panics
    /// Never with the shipped words: a test reads them.
    pub fn new() -> Rules {
        let shapes = Shapes::parse(
            include_str!("../../../datasets/rules/shapes.toml"),
            "datasets/rules/shapes.toml",
        )
        .expect("the embedded shapes are checked by a test");
        Rules {
            description: Description {
                name: "rules".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                labels: Label::all().map(Label::id).collect(),
                threads: 1,
                anchor: false,
                reference: true,
            },
            shapes,
            folded: Folded::default(),
            hits: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Where in `places` a tag stands.
    fn place(&mut self, tag: &str) -> usize {
        self.places
            .iter()
            .position(|(known, _)| known == tag)
            .unwrap_or_else(|| {
                self.places.push((tag.to_owned(), labels_of(tag)));
                self.places.len() - 1
            })
    }

    fn find(&mut self, input: &Input<'_>, found: &mut Predictions) {
        let language = language(input.lang);
        let lexicon = &language.lexicon;
        let place = self.place(input.lang);
        let occurs = |label: Label| self.places[place].1[label.index()];
        let mut scene = scene::read(input, lexicon, &mut self.folded, &mut self.hits);
        scene.asked.retain(|&label| occurs(label));
        self.folded.load(input.text);
        lexicon.find(self.folded.bytes(), &mut self.hits);
        self.hits
            .retain(|hit| !matches!(hit.meaning, Meaning::Topic(label) if !occurs(label)));
        let mut finder = Finder {
            text: input.text,
            folded: &self.folded,
            hits: &self.hits,
            lexicon,
            shapes: &self.shapes,
            scene: &scene,
            clusters: finder::clusters(self.folded.bytes()),
            claims: Vec::new(),
        };
        contact::find(&mut finder);
        if !finder.clusters.is_empty() {
            accounts::find(&mut finder);
            cards::find_numbers(&mut finder);
            national::find(&mut finder);
            codes::find_bare(&mut finder);
            cards::find_companions(&mut finder);
            addresses::find(&mut finder, &language.street, language.kind_first);
            phones::find(&mut finder);
            money::find(&mut finder);
        }
        dates::find(&mut finder, &language.worded_dates);
        answers::find(&mut finder);
        if !finder.clusters.is_empty() {
            codes::find(&mut finder);
        }
        names::find(&mut finder);
        for hit in finder.hits {
            if let Meaning::Phrase(label) = hit.meaning {
                finder.claims.push((hit.range.clone(), Some(label)));
            }
        }
        finder
            .claims
            .sort_by_key(|(range, _)| (range.start, range.end));
        for (range, label) in &finder.claims {
            let Some(label) = label else { continue };
            found.push(Prediction {
                range: finder.folded.source(range),
                label: ToolLabel(label.index() as u16),
                score: None,
            });
        }
    }
}

impl Detector for Rules {
    fn describe(&self) -> &Description {
        &self.description
    }

    fn detect(
        &mut self,
        batch: &[Input<'_>],
        found: &mut Predictions,
    ) -> Result<Spent, DetectError> {
        for input in batch {
            self.find(input, found);
            found.end_unit();
        }
        Ok(Spent::default())
    }
}

#[cfg(test)]
mod tests;
