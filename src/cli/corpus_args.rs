//! The options that say which corpus is meant: a suite, a spec file, or languages.

use super::Failure;
use crate::conversation::Split;
use crate::corpus::suites::{self, Suite};
use crate::corpus::{Corpus, Data, Spec};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Which corpus.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CorpusArgs {
    /// A named suite (`tellerbench list suites`).
    #[arg(long, conflicts_with_all = ["spec", "language"])]
    pub suite: Option<String>,

    /// A spec file (TOML).
    #[arg(long, value_name = "FILE", conflicts_with = "language")]
    pub spec: Option<PathBuf>,

    /// Languages with their weights.
    #[arg(long, short, value_name = "TAG[=WEIGHT],…", value_delimiter = ',')]
    pub language: Vec<String>,

    /// Only this split (train, dev, test).
    #[arg(long)]
    pub split: Option<String>,

    /// Plots and phrases of your own, besides the built-in ones: intents/*.toml and
    /// languages/<language>/*.toml (docs/extending.md).
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// The seed [default: the suite's, otherwise 42].
    #[arg(long)]
    pub seed: Option<u64>,
}

/// The corpus that is meant.
#[derive(Debug)]
pub struct Meant {
    /// The corpus.
    pub corpus: Corpus,
    /// The suite, where one was named and nothing else was changed.
    pub suite: Option<Suite>,
}

impl CorpusArgs {
    /// Prepares the corpus.
    ///
    /// # Errors
    /// What was asked for and does not exist.
    pub fn resolve(&self) -> Result<Meant, Failure> {
        let mut suite = None;
        let mut spec = if let Some(id) = &self.suite {
            let found = suites::find(id).map_err(Failure::usage)?;
            let spec = found.spec.clone();
            suite = Some(found);
            spec
        } else if let Some(path) = &self.spec {
            let named = |error: &dyn std::fmt::Display| {
                Failure::usage(format!("{}: {error}", path.display()))
            };
            let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
            Spec::parse(&text).map_err(|error| named(&error))?
        } else {
            Spec::for_languages(self.languages()?)
        };
        if let Some(split) = &self.split {
            let split = Split::named(split)
                .ok_or_else(|| Failure::usage(format!("no split `{split}` (train, dev, test)")))?;
            if spec.split != Some(split) {
                spec.split = Some(split);
                suite = None;
            }
        }
        let seed = self
            .seed
            .or(suite.as_ref().map(|suite| suite.seed))
            .unwrap_or(42);
        let data = match &self.data {
            None => Data::built_in(),
            Some(folder) => {
                suite = None;
                Data::with_folder(folder).map_err(Failure::usage)?
            }
        };
        let corpus = Corpus::with_data(data, spec, seed).map_err(Failure::usage)?;
        Ok(Meant { corpus, suite })
    }

    fn languages(&self) -> Result<BTreeMap<String, u32>, Failure> {
        if self.language.is_empty() {
            return Ok([("fr-FR".to_owned(), 1)].into());
        }
        let mut languages = BTreeMap::new();
        for item in &self.language {
            let (tag, weight) = item.split_once('=').unwrap_or((item, "1"));
            let weight: u32 = weight.parse().map_err(|_| {
                Failure::usage(format!(
                    "--language {item}: `{weight}` is not a whole number"
                ))
            })?;
            languages.insert(tag.to_owned(), weight);
        }
        Ok(languages)
    }
}
