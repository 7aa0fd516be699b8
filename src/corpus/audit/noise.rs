//! Noise as its makers count it, beside what the language states.
//!
//! A corpus does not hold its careful wording; the noise channel does, so it counts what it did.

use crate::conversation::Split;
use crate::corpus::spec::LANGUAGES;
use crate::corpus::{Corpus, Data, Spec};
use crate::wording::noise::{Class, Tally};
use serde::{Deserialize, Serialize};

/// Conversations that are told to count noise.
const TOLD: u64 = 6_000;
/// So far apart they lie: neighbours have customers in common.
const STRIDE: u64 = 17;
/// Their seed.
const SEED: u64 = 42;

/// A class of noise, per 100 words that customers type outside values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassRow {
    /// Its name: `abbreviation`.
    pub class: String,
    /// What `[profile]` of the language states; `None` where it states nothing.
    pub stated: Option<f64>,
    /// What the noise channel did.
    pub made: f64,
}

/// The noise of the default corpus of a language, over its test split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoiseReport {
    /// Conversations that were told for it.
    pub conversations: u64,
    /// Words that their customers typed, before any noise.
    pub words: u64,
    /// Each class.
    pub classes: Vec<ClassRow>,
}

/// What became of the words that customers typed in `count` conversations of a corpus, of all its parts.
pub fn tally(corpus: &Corpus, count: u64) -> Tally {
    let mut all = Tally::default();
    for nth in 0..count {
        all.merge(&corpus.noise(nth * STRIDE));
    }
    all
}

/// Tells the default corpus of a language (`fr`, `fr-FR`) and counts; `None` where it cannot be told, as of a
/// language that has phrases of some intents only.
pub fn noise_report(tag: &str, data: &Data) -> Option<NoiseReport> {
    let tag = match tag.contains('-') {
        true => tag,
        false => LANGUAGES.into_iter().find(|known| known.starts_with(tag))?,
    };
    let spec = Spec {
        split: Some(Split::Test),
        ..Spec::for_languages([(tag.to_owned(), 1)].into())
    };
    let stated = &data.language(tag).ok()?.noise;
    let corpus = Corpus::with_data(data.clone(), spec, SEED).ok()?;
    let made = tally(&corpus, TOLD);
    let rows = Class::ALL.iter().map(|&class| ClassRow {
        class: class.name().to_owned(),
        stated: stated.stated(class),
        made: (made.per_100_words(class) * 100.0).round() / 100.0,
    });
    Some(NoiseReport {
        conversations: TOLD,
        words: made.words,
        classes: rows.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::suites;
    use crate::wording::language::Language;

    /// Is every class of French noise within a quarter of what the language states?
    fn holds(spec: Spec, seed: u64) {
        let corpus = Corpus::new(spec, seed).unwrap();
        let made = tally(&corpus, TOLD);
        assert!(made.words > 150_000, "{}", made.words);
        let stated = &Language::built_in("fr").unwrap().noise;
        let mut told = Vec::new();
        for &class in Class::ALL {
            let due = stated.stated(class).expect("French states every class");
            let is = made.per_100_words(class);
            told.push(format!(
                "{class}: {is:.2}, stated {due}, {:+.0} %",
                (is / due - 1.0) * 100.0
            ));
        }
        let wide = |class: &&Class| {
            let due = stated.stated(**class).expect("it was told above");
            !(0.75..=1.25).contains(&(made.per_100_words(**class) / due))
        };
        assert_eq!(Class::ALL.iter().find(wide), None, "{}", told.join("\n"));
    }

    #[test]
    fn every_class_of_french_noise_is_within_a_quarter_of_the_stated_profile() {
        let spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        let test = Spec {
            split: Some(Split::Test),
            ..spec
        };
        holds(test, 7);
    }

    #[test]
    fn the_french_suite_has_the_stated_noise_too() {
        let suite = suites::find("fr@1-preview").unwrap();
        holds(suite.spec.clone(), suite.seed);
    }
}
