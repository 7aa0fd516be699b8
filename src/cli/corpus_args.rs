//! The options that say which corpus is meant: a suite, a spec file, or languages.

use super::Failure;
use super::data_args::DataArgs;
use crate::conversation::Split;
use crate::corpus::spec::Values;
use crate::corpus::suites::{self, Suite};
use crate::corpus::{Corpus, Spec};
use crate::dialogue::planner::Rates;
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

    /// How often people come for an intent, beside the others' own weights
    /// (`tellerbench list intents`); 0: never.
    #[arg(long, value_name = "INTENT=WEIGHT,…", value_delimiter = ',')]
    pub intent_weight: Vec<String>,

    /// Only these bank policies, with their weights.
    #[arg(long, value_name = "POLICY[=WEIGHT],…", value_delimiter = ',')]
    pub policy: Vec<String>,

    /// Rates of what people do, in 1/1,000: bare=500 (docs/extending.md lists them); LOW..HIGH is drawn by every
    /// conversation for itself.
    #[arg(long, value_name = "NAME=N,…", value_delimiter = ',')]
    pub rate: Vec<String>,

    /// How often phrases with a label are said, in per cent of the default, for labels and sets (core-30,
    /// presidio, nemotron, …): CARD_PIN=300; 0: the label never occurs.
    #[arg(long, value_name = "LABEL=PERCENT,…", value_delimiter = ',')]
    pub label_rate: Vec<String>,

    /// In which forms people write values of a label or a set, with weights, and in no others: PAN:spoken=3,grouped=1
    /// (docs/formats.md lists forms); once for each label.
    #[arg(long, value_name = "LABEL:FORM[=WEIGHT],…")]
    pub form: Vec<String>,

    /// How many of 1,000 values of a label or a set are mistyped such that their rule fails, of those that people
    /// type whole: IBAN=500; 0: none.
    #[arg(long, value_name = "LABEL=N,…", value_delimiter = ',')]
    pub mistyped: Vec<String>,

    /// Varieties of the language that customers speak, with weights, whatever their nationality: fr-BE=1,fr-CH=1
    /// (septante, GSM, natel, …) [default: foreigners speak that of their country].
    #[arg(long, value_name = "VARIETY[=WEIGHT],…", value_delimiter = ',')]
    pub variety: Vec<String>,

    /// Ranges of identifiers: safe (nobody's), or lifelike, whose values may be somebody's: for local use only.
    #[arg(long, value_name = "RANGES", value_parser = ["safe", "lifelike"])]
    pub values: Option<String>,

    #[command(flatten)]
    pub own: DataArgs,

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
        if let Some(values) = self.values.as_deref().and_then(Values::named) {
            spec.values = values;
        }
        if !spec.values.are_safe() {
            if let Some(id) = &self.suite {
                return Err(Failure::usage(format!(
                    "--values lifelike: the suite {id} has safe values; ask for languages or a spec"
                )));
            }
            eprintln!(
                "tellerbench: --values lifelike: values of this corpus may belong to real people and banks. Keep it on \
                 this machine, and do not publish it."
            );
        }
        if self.adjust(&mut spec)? {
            suite = None;
        }
        let seed = self
            .seed
            .or(suite.as_ref().map(|suite| suite.seed))
            .unwrap_or(42);
        let data = self.own.load()?;
        if data.hash().is_some() {
            suite = None;
        }
        let corpus = Corpus::with_data(data, spec, seed).map_err(Failure::usage)?;
        Ok(Meant { corpus, suite })
    }

    fn languages(&self) -> Result<BTreeMap<String, u32>, Failure> {
        if self.language.is_empty() {
            return Ok([("fr-FR".to_owned(), 1)].into());
        }
        weights("--language", &self.language)
    }

    /// Puts what the options ask for into a spec; says whether there was anything.
    fn adjust(&self, spec: &mut Spec) -> Result<bool, Failure> {
        spec.intent_weights
            .extend(amounts("--intent-weight", &self.intent_weight)?);
        spec.labels
            .extend(amounts("--label-rate", &self.label_rate)?);
        for item in &self.form {
            let (label, forms) = item.split_once(':').ok_or_else(|| {
                Failure::usage(format!(
                    "--form {item}: a label, `:` and forms are expected, such as PAN:spoken=3,grouped=1"
                ))
            })?;
            let forms: Vec<String> = forms.split(',').map(str::to_owned).collect();
            spec.forms
                .insert(label.to_owned(), weights("--form", &forms)?);
        }
        spec.mistyped.extend(amounts("--mistyped", &self.mistyped)?);
        if !self.variety.is_empty() {
            spec.varieties = weights("--variety", &self.variety)?;
        }
        if !self.policy.is_empty() {
            spec.policies = weights("--policy", &self.policy)?;
        }
        for item in &self.rate {
            let (name, value) = pair("--rate", item)?;
            let wrong = || {
                Failure::usage(format!(
                    "--rate {item}: `{value}` is neither a whole number nor LOW..HIGH"
                ))
            };
            if let Some((low, high)) = value.split_once("..") {
                let bounds = [low, high].map(str::parse::<u32>);
                let [Ok(low), Ok(high)] = bounds else {
                    return Err(wrong());
                };
                spec.ranges.insert(name.to_owned(), [low, high]);
            } else {
                let rate = spec.rates.get_mut(name).ok_or_else(|| {
                    let near = crate::text::nearest(name, Rates::NAMES.iter().copied());
                    let hint = near.map_or_else(
                        || Rates::NAMES.join(", "),
                        |n| format!("did you mean `{n}`?"),
                    );
                    Failure::usage(format!("--rate {item}: no rate `{name}` ({hint})"))
                })?;
                *rate = value.parse().map_err(|_| wrong())?;
            }
        }
        Ok([
            &self.intent_weight,
            &self.policy,
            &self.rate,
            &self.label_rate,
            &self.form,
            &self.mistyped,
            &self.variety,
        ]
        .iter()
        .any(|given| !given.is_empty()))
    }
}

/// `NAME=WEIGHT`, where a name alone weighs 1.
fn weights(option: &str, items: &[String]) -> Result<BTreeMap<String, u32>, Failure> {
    let one = |item: &String| {
        if item.contains('=') {
            item.clone()
        } else {
            format!("{item}=1")
        }
    };
    amounts(option, &items.iter().map(one).collect::<Vec<_>>())
}

/// `NAME=N`.
fn amounts(option: &str, items: &[String]) -> Result<BTreeMap<String, u32>, Failure> {
    let mut amounts = BTreeMap::new();
    for item in items {
        let (name, value) = pair(option, item)?;
        let value = value.parse().map_err(|_| {
            Failure::usage(format!("{option} {item}: `{value}` is not a whole number"))
        })?;
        amounts.insert(name.to_owned(), value);
    }
    Ok(amounts)
}

fn pair<'a>(option: &str, item: &'a str) -> Result<(&'a str, &'a str), Failure> {
    item.split_once('=').ok_or_else(|| {
        Failure::usage(format!(
            "{option} {item}: a name, `=` and a number are expected"
        ))
    })
}
