//! The options that say how a run is scored, shared by the commands that score.

use super::Failure;
use crate::conversation::Conversation;
use crate::prediction::ToolLabels;
use crate::report::result;
use crate::scoring::counts::{Counts, Signature};
use crate::scoring::prevalence::PrevalenceMetrics;
use crate::scoring::{Characters, LabelMap, Observer, Prevalence, ScoringOptions, Tolerance, View};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a run is scored.
#[derive(Clone, Debug, clap::Args)]
pub struct ScoringArgs {
    /// What may stay readable: default, pci, none, or a policy file.
    #[arg(long, default_value = "default", value_name = "NAME|FILE")]
    tolerance: String,

    /// Seed of the bootstrap. Results are comparable only under one.
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    bootstrap_seed: u64,

    /// What span scores leave out of account: all (nothing), outermost, edge-tolerant or merge-adjacent.
    #[arg(long, default_value = "all", value_parser = view)]
    view: View,

    /// What a character of the text masked is: codepoint or grapheme.
    #[arg(long, default_value = "codepoint", value_parser = characters)]
    characters: Characters,

    /// Who reads the text for profile exposure [default: datasets/observer.toml].
    #[arg(long, value_name = "FILE")]
    observer: Option<PathBuf>,

    /// Conversations and their twins (`~variant`): compare them, count them like others, or compare them
    /// where the corpus holds both. Shards that are to be merged need one answer.
    #[arg(long, default_value = "auto", value_parser = ["auto", "compare", "count"])]
    twins: String,

    #[command(flatten)]
    prevalence: PrevalenceArgs,
}

/// A bank's own traffic.
#[derive(Clone, Debug, clap::Args)]
pub struct PrevalenceArgs {
    /// Shares of your own traffic (TOML, docs/formats.md): alerts and text masked are also given for it.
    #[arg(long, value_name = "FILE")]
    prevalence: Option<PathBuf>,
}

fn view(name: &str) -> Result<View, String> {
    View::named(name)
        .ok_or_else(|| format!("no view `{name}` (all, outermost, edge-tolerant, merge-adjacent)"))
}

fn characters(name: &str) -> Result<Characters, String> {
    Characters::named(name).ok_or_else(|| format!("no unit `{name}` (codepoint, grapheme)"))
}

/// Everything that the options name, read.
#[derive(Clone, Debug)]
pub struct Scoring {
    tolerance: Tolerance,
    seed: u64,
    view: View,
    characters: Characters,
    observer: Arc<Observer>,
    twins: bool,
}

impl ScoringArgs {
    /// Reads what the options name, for a corpus.
    ///
    /// # Errors
    /// An unknown policy; a file that is missing or wrong.
    pub fn resolve(&self, corpus: &[Conversation]) -> Result<Scoring, Failure> {
        self.with_twins(self.twins().unwrap_or_else(|| holds_twins(corpus)))
    }

    /// Are twins compared, where an option decides it?
    pub fn twins(&self) -> Option<bool> {
        match self.twins.as_str() {
            "compare" => Some(true),
            "count" => Some(false),
            _ => None,
        }
    }

    /// Reads what the options name, once it is known whether twins are compared.
    ///
    /// # Errors
    /// As [`ScoringArgs::resolve`].
    pub fn with_twins(&self, twins: bool) -> Result<Scoring, Failure> {
        let observer = match &self.observer {
            None => Observer::shipped(),
            Some(path) => Arc::new(parsed(path, Observer::parse)?),
        };
        Ok(Scoring {
            tolerance: tolerance(&self.tolerance)?,
            seed: self.bootstrap_seed,
            view: self.view,
            characters: self.characters,
            observer,
            twins,
        })
    }

    /// The bank's own traffic, if any.
    ///
    /// # Errors
    /// A file that is missing or wrong.
    pub fn prevalence(&self) -> Result<Option<Prevalence>, Failure> {
        self.prevalence.read()
    }
}

impl PrevalenceArgs {
    /// The bank's own traffic, if any.
    ///
    /// # Errors
    /// A file that is missing or wrong.
    pub fn read(&self) -> Result<Option<Prevalence>, Failure> {
        let path = self.prevalence.as_deref();
        path.map(|path| parsed(path, Prevalence::parse)).transpose()
    }
}

impl Scoring {
    /// The options of a scorer.
    pub fn options(&self, label_map: LabelMap, labels: ToolLabels) -> ScoringOptions {
        ScoringOptions {
            tolerance: self.tolerance.clone(),
            label_map,
            labels,
            seed: self.seed,
            intervals: true,
            view: self.view,
            characters: self.characters,
            analyses: true,
            observer: self.observer.clone(),
            twins: self.twins,
            examples: Default::default(),
        }
    }

    /// What stands of them in a result.
    pub fn shown(
        &self,
        split: Option<crate::conversation::Split>,
        history: u32,
    ) -> result::Options {
        result::Options {
            tolerance: self.tolerance.name().to_owned(),
            tolerance_hash: self.tolerance.hash(),
            view: self.view,
            characters: self.characters,
            twins: self.twins,
            split,
            history,
            bootstrap_seed: self.seed,
        }
    }
}

/// What stands in a result of the options that counts were made with.
pub fn shown_of(
    signature: &Signature,
    split: Option<crate::conversation::Split>,
    history: u32,
) -> result::Options {
    result::Options {
        tolerance: signature.tolerance.clone(),
        tolerance_hash: signature.tolerance_hash.clone(),
        view: signature.view,
        characters: signature.characters,
        twins: signature.twins,
        split,
        history,
        bootstrap_seed: signature.seed,
    }
}

/// Alerts and masking on a bank's own traffic.
///
/// # Errors
/// Shares that the corpus cannot meet.
pub fn weighed(
    prevalence: Option<&Prevalence>,
    counts: &Counts,
) -> Result<Option<PrevalenceMetrics>, Failure> {
    prevalence
        .map(|prevalence| prevalence.weigh(&counts.strata))
        .transpose()
        .map_err(|what| Failure::usage(format!("prevalence: {what}")))
}

/// Does the corpus hold a conversation and a twin of it?
fn holds_twins(corpus: &[Conversation]) -> bool {
    let parts = |c: &'_ Conversation| {
        let (base, variant) = crate::scoring::twins::parts(&c.id);
        (base.to_owned(), !variant.is_empty())
    };
    if !corpus.iter().any(|c| c.id.contains('~')) {
        return false;
    }
    let (twins, plain): (Vec<_>, Vec<_>) = corpus.iter().map(parts).partition(|(_, twin)| *twin);
    let plain: BTreeSet<String> = plain.into_iter().map(|(base, _)| base).collect();
    twins.iter().any(|(base, _)| plain.contains(base))
}

fn parsed<T>(path: &Path, parse: fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    parse(&text).map_err(|e| Failure::usage(format!("{name}: {e}")))
}

/// Reads a tolerance policy by name or from a file.
fn tolerance(name: &str) -> Result<Tolerance, Failure> {
    if let Some(known) = Tolerance::named(name) {
        return Ok(known);
    }
    if !name.contains(['.', '/']) {
        let known: Vec<&str> = Tolerance::names().collect();
        let known = known.join(", ");
        return Err(Failure::usage(format!(
            "no tolerance policy `{name}` ({known}, or a file)"
        )));
    }
    parsed(Path::new(name), Tolerance::parse)
}
