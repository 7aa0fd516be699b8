//! `tellerbench score` and `tellerbench merge`: predictions made elsewhere, and counts that add up.

use super::detector_args::{declared, label_map};
use super::generate::unit;
use super::gold;
use super::imitation_args::ImitationArgs;
use super::scoring_args::{PrevalenceArgs, ScoringArgs, shown_of, weighed};
use super::shown::{ExampleArgs, ShownArgs, write_whole};
use super::{Failure, Outcome};
use crate::detectors::{Description, Feed, HISTORY};
use crate::formats;
use crate::formats::documents::Format;
use crate::formats::predictions::{Missing, PredictionsReader};
use crate::prediction::{Predictions, ToolLabels};
use crate::report::result::{BenchResult, CorpusId, DetectorRow};
use crate::scoring::{Counts, LabelMap, Prevalence, Scorer, ScoringOptions};
use crate::text::OffsetUnit;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

/// Score predictions that were made elsewhere.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The corpus: a file, or a folder of files.
    pub(super) gold: PathBuf,

    /// The predictions file (docs/formats.md).
    pub(super) predictions: PathBuf,

    /// Messages without a line: error, or all-missed.
    #[arg(long, default_value = "error", value_parser = ["error", "all-missed"])]
    pub(super) missing: String,

    /// The detector whose label map applies [default: the one that the file names; its labels are
    /// taken as ours where it is not declared].
    #[arg(long, value_name = "NAME")]
    pub(super) label_map: Option<String>,

    /// More declarations of detectors (TOML).
    #[arg(long, value_name = "FILE")]
    pub(super) detectors: Vec<PathBuf>,

    #[command(flatten)]
    scoring: ScoringArgs,

    /// With --as or --explain-difference: the format of a corpus that is not ours; its labels are compared
    /// as they stand.
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(super) gold_format: Option<Format>,

    /// The format of the predictions [default: that of the corpus].
    #[arg(long, value_name = "FORMAT", value_parser = format, requires = "gold_format")]
    pub(super) predictions_format: Option<Format>,

    /// Unit of the corpus's offsets: codepoint, byte or utf16.
    #[arg(long, default_value = "codepoint", value_parser = unit)]
    pub(super) offsets: OffsetUnit,

    /// Save the counts, to be merged with those of other shards.
    #[arg(long, value_name = "FILE")]
    counts_out: Option<PathBuf>,

    /// Replace files that are already there.
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    pub(super) examples: ExampleArgs,

    #[command(flatten)]
    pub(super) shown: ShownArgs,

    #[command(flatten)]
    pub(super) imitation: ImitationArgs,
}

fn format(name: &str) -> Result<Format, String> {
    Format::named(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("no format `{name}` ({})", known.join(", "))
    })
}

/// Merge the counts of shards into one result, exactly.
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// Counts files, from `score --counts-out`.
    #[arg(required = true)]
    counts: Vec<PathBuf>,

    /// More declarations of detectors (TOML).
    #[arg(long, value_name = "FILE")]
    detectors: Vec<PathBuf>,

    #[command(flatten)]
    prevalence: PrevalenceArgs,

    /// Save the merged counts.
    #[arg(long, value_name = "FILE")]
    counts_out: Option<PathBuf>,

    /// Replace files that are already there.
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    shown: ShownArgs,
}

/// The counts of one detector on one shard, with what they are of.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountsFile {
    schema: u32,
    kind: String,
    detector: String,
    version: String,
    labels: Vec<String>,
    label_map: Option<String>,
    feed: Feed,
    corpus: CorpusId,
    split: Option<crate::conversation::Split>,
    counts: Counts,
}

const COUNTS_SCHEMA: u32 = 1;

pub fn run(args: &Args) -> Outcome {
    if let Some(tool) = args.imitation.imitate {
        return super::score_as::run(args, tool);
    }
    if let Some(tool) = args.imitation.explain_difference {
        return super::score_explain::run(args, tool);
    }
    args.imitation.check_unused()?;
    if args.gold_format.is_some() {
        return Err(Failure::usage(
            "--gold-format needs --as TOOL or --explain-difference TOOL",
        ));
    }
    let prevalence = args.scoring.prevalence()?;
    let gold = gold::of_path(&args.gold, args.offsets)?;
    let scoring = args.scoring.resolve(&gold.conversations)?;
    let name = args.predictions.display().to_string();
    let file = File::open(&args.predictions).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    let input = BufReader::new(formats::open(file, &name).map_err(Failure::input)?);
    let missing = Missing::named(&args.missing);
    let mut reader = PredictionsReader::open(input, &name, missing).map_err(Failure::input)?;
    let header = reader.header().clone();
    let (map, map_name) = map_of(args, &header.detector)?;
    let mut scorer = Scorer::new(ScoringOptions {
        examples: args.examples.options(&args.shown, gold.ours),
        ..scoring.options(map, reader.labels().clone())
    });
    let mut found = Predictions::new();
    let mut known = reader.labels().names().len();
    let mut splits = std::collections::BTreeSet::new();
    for conversation in &gold.conversations {
        splits.insert(conversation.split);
        reader
            .read(conversation, &mut found)
            .map_err(Failure::input)?;
        if reader.labels().names().len() != known {
            known = reader.labels().names().len();
            scorer.learn_labels(reader.labels());
        }
        scorer.add(conversation, &found).map_err(Failure::input)?;
    }
    let labels = reader.labels().names().to_vec();
    let corpus = gold.id;
    if let Err(error) = reader.expect_corpus(&gold::name(&corpus)) {
        eprintln!("tellerbench: {error}: scored all the same, because every message is there");
    }
    reader.finish().map_err(Failure::input)?;
    let counted = CountsFile {
        schema: COUNTS_SCHEMA,
        kind: "counts".to_owned(),
        detector: header.detector,
        version: header.version,
        labels,
        label_map: map_name,
        feed: header.feed,
        split: splits.pop_first().filter(|_| splits.is_empty()),
        corpus,
        counts: scorer.finish(),
    };
    finish(
        counted,
        prevalence.as_ref(),
        &args.detectors,
        args.counts_out.as_ref(),
        args.force,
        &args.shown,
    )
}

/// The label map that applies, and the declared detector that it is of.
pub(super) fn map_of(args: &Args, detector: &str) -> Result<(LabelMap, Option<String>), Failure> {
    let declared = declared(&args.detectors)?;
    let named = args.label_map.as_deref();
    match (named, declared.find(named.unwrap_or(detector))) {
        (_, Ok(declaration)) => Ok((label_map(declaration), Some(declaration.name.clone()))),
        (Some(_), Err(error)) => Err(Failure::usage(error)),
        (None, Err(_)) => Ok((LabelMap::identity(), None)),
    }
}

pub fn merge(args: &MergeArgs) -> Outcome {
    let mut merged: Option<CountsFile> = None;
    for path in &args.counts {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        let next: CountsFile = serde_json::from_str(&text)
            .map_err(|error| Failure::input(format!("{name}: not a counts file: {error}")))?;
        if next.schema != COUNTS_SCHEMA || next.kind != "counts" {
            let (kind, schema) = (&next.kind, next.schema);
            return Err(Failure::input(format!(
                "{name}: kind `{kind}`, schema {schema}: not one this version reads (counts, 1)"
            )));
        }
        merged = Some(match merged.take() {
            None => next,
            Some(all) => {
                added(all, next).map_err(|what| Failure::input(format!("{name}: {what}")))?
            }
        });
    }
    let merged = merged.expect("at least one file is required");
    finish(
        merged,
        args.prevalence.read()?.as_ref(),
        &args.detectors,
        args.counts_out.as_ref(),
        args.force,
        &args.shown,
    )
}

/// Two shards as one.
fn added(mut all: CountsFile, next: CountsFile) -> Result<CountsFile, String> {
    let of = |file: &CountsFile| {
        (
            file.detector.clone(),
            file.version.clone(),
            file.feed,
            file.corpus.corpus_version,
        )
    };
    if of(&all) != of(&next) {
        return Err(format!(
            "counts of {}@{} ({}) cannot be added to those of {}@{} ({})",
            next.detector, next.version, next.feed, all.detector, all.version, all.feed
        ));
    }
    all.counts
        .merge(next.counts)
        .map_err(|error| error.to_string())?;
    for label in next.labels {
        if !all.labels.contains(&label) {
            all.labels.push(label);
        }
    }
    let sum = |a: &str, b: &str| {
        use crate::corpus::content::ContentHash;
        let mut sum = ContentHash::parse(a)?;
        sum.add(&ContentHash::parse(b)?);
        Some(sum.to_string())
    };
    all.corpus.conversations += next.corpus.conversations;
    all.corpus.content_hash = sum(&all.corpus.content_hash, &next.corpus.content_hash)
        .ok_or("the content hash is not one")?;
    if all.corpus.suite != next.corpus.suite {
        all.corpus.suite = "merged".to_owned();
    }
    all.split = all.split.filter(|split| next.split == Some(*split));
    Ok(all)
}

/// Saves the counts where asked, and prints their result.
fn finish(
    counted: CountsFile,
    prevalence: Option<&Prevalence>,
    detectors: &[PathBuf],
    counts_out: Option<&PathBuf>,
    force: bool,
    shown: &ShownArgs,
) -> Outcome {
    if let Some(path) = counts_out {
        let json = serde_json::to_string(&counted).expect("counts are plain data") + "\n";
        write_whole(path, json.as_bytes(), force)?;
    }
    let map = match &counted.label_map {
        Some(name) => label_map(declared(detectors)?.find(name).map_err(Failure::usage)?),
        None => LabelMap::identity(),
    };
    let description = Description {
        name: counted.detector,
        version: counted.version,
        labels: ToolLabels::from_iter(counted.labels),
        threads: 1,
        anchor: false,
        reference: false,
    };
    let options = shown_of(&counted.counts.signature, counted.split, HISTORY as u32);
    let own_traffic = weighed(prevalence, &counted.counts)?;
    let row = DetectorRow::scored(&description, &map, counted.counts, None);
    let row = row.on_own_traffic(own_traffic);
    let command: Vec<String> = std::env::args().skip(1).collect();
    let command = std::iter::once("tellerbench".to_owned())
        .chain(command)
        .collect();
    let result = BenchResult::new(counted.corpus, counted.feed, options, command, vec![row]);
    shown.print(&result)
}
