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
}
