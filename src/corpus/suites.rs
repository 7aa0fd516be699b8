//! Suites: named corpora, frozen as data in `datasets/suites/`.
//!
//! A suite is a spec, a seed, a size and a licence. The gates are embedded in the binary as compressed
//! files; larger suites are made from their spec, and their recorded content hash says whether what
//! was made is what was released.

use crate::conversation::Conversation;
use crate::corpus::generate::index_of;
use crate::corpus::manifest::Manifest;
use crate::corpus::output::Released;
use crate::corpus::spec::Spec;
use crate::formats::jsonl;
use crate::text::OffsetUnit;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::io::BufReader;

static SUITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/datasets/suites");

/// A named corpus.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// What it is for.
    pub about: String,
    /// Conversations.
    pub conversations: u64,
    /// Seed.
    pub seed: u64,
    /// Content hash of the whole, once it is known.
    #[serde(default)]
    pub content: Option<String>,
    /// Licence.
    pub licence: String,
    /// What it asks for; its name is the suite's.
    pub spec: Spec,
}

/// The suite of an id (`fr@1-preview`, `gate-fr`).
///
/// # Errors
/// An unknown id, with the nearest one and all that there are.
pub fn find(id: &str) -> Result<Suite, String> {
    let all = list();
    match all.iter().find(|suite| suite.spec.name == id) {
        Some(suite) => Ok(suite.clone()),
        None => {
            let names: Vec<&str> = all.iter().map(|suite| suite.spec.name.as_str()).collect();
            let near = crate::text::nearest(id, names.iter().copied());
            let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
            Err(format!(
                "no suite `{id}`{hint}; there are {}",
                names.join(", ")
            ))
        }
    }
}

/// Every suite, by name.
pub fn list() -> Vec<Suite> {
    let mut suites: Vec<Suite> = SUITES
        .files()
        .filter(|file| file.path().extension().is_some_and(|e| e == "toml"))
        .map(|file| {
            let text = file.contents_utf8().expect("a text in UTF-8");
            toml::from_str(text).unwrap_or_else(|error| {
                panic!(
                    "{}: {error} (suites are checked by a test)",
                    file.path().display()
                )
            })
        })
        .collect();
    suites.sort_by(|a, b| a.spec.name.cmp(&b.spec.name));
    suites
}

impl Suite {
    /// Its conversations, where they are embedded.
    pub fn embedded(&self) -> Option<impl Iterator<Item = Conversation> + use<>> {
        let file = SUITES.get_file(format!("{}.jsonl.zst", self.spec.name))?;
        let decoder = zstd::stream::read::Decoder::new(file.contents()).expect("a zstd file");
        let name = file.path().display().to_string();
        let reader = jsonl::Reader::new(BufReader::new(decoder), &name, OffsetUnit::Codepoint);
        Some(reader.map(|read| read.expect("embedded suites are checked by a test")))
    }

    /// What its corpus is beyond what its spec asks for.
    pub fn released(&self) -> Released {
        let index = |c: Conversation| index_of(&c.id);
        let chosen = self.embedded().map(|all| all.map(index).collect());
        Released {
            licence: self.licence.clone(),
            chosen: chosen.map(|indices: Option<Vec<u64>>| indices.expect("ids end in an index")),
        }
    }

    /// The content hash that a corpus must have to be this suite: `None` where it does not claim to be, or
    /// where none is recorded.
    pub fn content_of(&self, manifest: &Manifest) -> Option<&str> {
        let whole = [manifest.total, manifest.tally.conversations] == [self.conversations; 2];
        let claims = whole && manifest.seed == self.seed && manifest.spec == self.spec;
        self.content.as_deref().filter(|_| claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::generate::Corpus;
    use crate::corpus::manifest::{Counter, Tally};

    type Range = std::ops::RangeInclusive<u64>;

    #[test]
    fn every_suite_is_a_spec_that_can_be_met() {
        let suites = list();
        assert!(!suites.is_empty());
        for suite in suites {
            suite
                .spec
                .check(crate::dialogue::plot::Plots::built_in())
                .unwrap_or_else(|error| panic!("{}: {error}", suite.spec.name));
        }
    }

    #[test]
    fn an_unknown_suite_names_the_nearest() {
        assert!(find("gate-fx").unwrap_err().contains("did you mean `gate-"));
    }

    /// What the first 2,000 conversations of a suite hold.
    fn tally(suite: &str) -> Tally {
        let suite = find(suite).unwrap();
        let corpus = Corpus::new(suite.spec, suite.seed).unwrap();
        let mut counter = Counter::default();
        (0..2_000).for_each(|index| counter.add(&corpus.conversation(index)));
        counter.finish()
    }

    /// Holds two suites, one of each language, to ranges in per cent: messages without a critical value, decoys
    /// for each critical value, and values sent alone of those that were asked for.
    fn hold(suites: [&str; 2], without: Range, decoys: Range, bare: Range) {
        for suite in suites {
            let tally = tally(suite);
            let per_cent = |count: u64, of: u64| count * 100 / of;
            for (what, range, share) in [
                (
                    "messages without a critical value",
                    &without,
                    per_cent(tally.messages_without_critical, tally.messages),
                ),
                (
                    "decoys for 100 critical values",
                    &decoys,
                    per_cent(tally.decoys.values().sum(), tally.critical_values),
                ),
                (
                    "bare of solicited values",
                    &bare,
                    per_cent(tally.bare, tally.solicited),
                ),
            ] {
                assert!(range.contains(&share), "{suite}: {what}: {share}");
            }
        }
    }

    // Half of the messages are the bank's, which states nothing critical: 82 in 100 without are 64 of a customer's.
    #[test]
    fn suites_for_rankings_have_as_many_decoys_as_critical_values_and_half_of_the_answers_bare() {
        let suites = ["fr@1-preview", "en@1-preview"];
        hold(suites, 79..=84, 90..=110, 46..=55);
    }

    #[test]
    fn traffic_is_nearly_all_harmless_and_full_of_decoys() {
        let suites = ["traffic-fr@1-preview", "traffic-en@1-preview"];
        hold(suites, 95..=97, 360..=460, 25..=42);
    }

    #[test]
    fn suites_for_training_are_denser_than_traffic_and_as_full_of_decoys_as_of_values() {
        let suites = ["train-fr@1-preview", "train-en@1-preview"];
        hold(suites, 79..=85, 90..=120, 37..=48);
    }
}
