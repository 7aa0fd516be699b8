//! `tellerbench score` and `tellerbench merge`: predictions made elsewhere, and counts that add up.

use super::answers::{AnswerArgs, JoinedAnswers, joined};
use super::bench::{only_split, tolerance};
use super::detector_args::{declared, label_map};
use super::gold::{self, Gold};
use super::read_args::ReadArgs;
use super::shown::{ShownArgs, write_whole};
use super::{Failure, Outcome};
use crate::detectors::{Description, Feed, HISTORY};
use crate::formats;
use crate::formats::documents::{Format, detect, foreign};
use crate::formats::predictions::{Missing, PredictionsReader};
use crate::prediction::{Predictions, ToolLabels};
use crate::report::result::{self, BenchResult, CorpusId, DetectorRow, Given};
use crate::scoring::{Counts, LabelMap, Scorer, ScoringOptions};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::BufRead;
use std::path::PathBuf;

/// Score predictions that were made elsewhere.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The corpus: a file, or a folder of files.
    gold: PathBuf,

    /// The predictions file (docs/formats.md).
    predictions: PathBuf,

    /// Messages without a line: error, or all-missed.
    #[arg(long, default_value = "error", value_parser = ["error", "all-missed"])]
    missing: String,

    /// The detector whose label map applies (declared, or aws-comprehend, google-dlp, azure-pii), or
    /// a file with one (TOML: THEIRS = ["OURS"]) [default: the detector that the predictions name;
    /// its labels are taken as ours where it is not known].
    #[arg(long, value_name = "NAME|FILE")]
    label_map: Option<String>,

    /// More declarations of detectors (TOML).
    #[arg(long, value_name = "FILE")]
    detectors: Vec<PathBuf>,

    /// What may stay readable: default, pci, none, or a policy file.
    #[arg(long, default_value = "default", value_name = "NAME|FILE")]
    tolerance: String,

    /// Seed of the bootstrap. Results are comparable only under one.
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    bootstrap_seed: u64,

    /// Save the counts, to be merged with those of other shards.
    #[arg(long, value_name = "FILE")]
    counts_out: Option<PathBuf>,

    /// Replace files that are already there.
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    shown: ShownArgs,

    // Last, because their headings would run on over what follows.
    #[command(flatten)]
    pub(super) read: ReadArgs,

    #[command(flatten)]
    pub(super) answers: AnswerArgs,
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
    /// The map itself, where it is of no declared detector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    map: Option<LabelMap>,
    feed: Feed,
    corpus: CorpusId,
    split: Option<crate::conversation::Split>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<Given>,
    counts: Counts,
}

const COUNTS_SCHEMA: u32 = 1;

pub fn run(args: &Args, quiet: bool) -> Outcome {
    let policy = tolerance(&args.tolerance)?;
    let gold = gold::of_path(&args.gold, &args.read, quiet)?;
    let name = args.predictions.display().to_string();
    let file = File::open(&args.predictions).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    let input = formats::open(file, &name).map_err(Failure::input)?;
    let (told, input) = detect(input).map_err(|e| Failure::input(format!("{name}: {e}")))?;
    let mapped = args.answers.predictions_mapping.as_ref();
    let asked = args
        .answers
        .predictions_format
        .or(mapped.map(|_| Format::Mapped));
    // A file of ours that is broken at its head is told best by its own reader.
    let ours = asked == Some(Format::Predictions)
        || asked.is_none() && !matches!(&told, Ok(t) if t.format != Format::Predictions);
    let along_the_corpus = gold.given.is_none() && args.answers.say_nothing_of_the_join();
    let answers = if ours && along_the_corpus {
        let reader = PredictionsReader::open(input, &name, args.missing());
        Answered::Ours(reader.map_err(Failure::input)?)
    } else {
        let told = gold::told_format(asked, told, &name, "--predictions-format")?;
        let (answers, read) = (&args.answers, &args.read);
        let joined = joined(answers, read, args.missing(), &gold, input, &name, &told)?;
        for remark in joined.remarks.iter().filter(|_| !quiet) {
            eprintln!("tellerbench: {name}: {remark}");
        }
        Answered::Joined(joined)
    };
    if let Answered::Ours(reader) = &answers
        && let Err(error) = reader.expect_corpus(&gold.name())
    {
        eprintln!("tellerbench: {error}: scored all the same, because every message is there");
    }
    let mut header = match &answers {
        Answered::Ours(reader) => reader.header().clone(),
        Answered::Joined(answers) => answers.header.clone(),
    };
    args.answers.rename(&mut header);
    let (map, map_name) = map_of(args, &header.detector)?;
    let unnamed = (map_name.is_none() && map != LabelMap::identity()).then(|| map.clone());
    let mut options = ScoringOptions {
        tolerance: policy,
        label_map: map,
        labels: ToolLabels::default(),
        seed: args.bootstrap_seed,
        intervals: true,
    };
    let (labels, counts) = match answers {
        Answered::Ours(reader) => {
            options.labels = reader.labels().clone();
            along(reader, &gold, Scorer::new(options))?
        }
        Answered::Joined(JoinedAnswers { joined, .. }) => {
            options.labels = joined.labels.clone();
            let mut scorer = Scorer::new(options);
            for (conversation, found) in gold.conversations.iter().zip(&joined.predictions) {
                scorer.add(conversation, found).map_err(Failure::input)?;
            }
            (joined.labels.names().to_vec(), scorer.finish())
        }
    };
    if !quiet && !counts.unmapped.is_empty() {
        let rows = counts
            .unmapped
            .iter()
            .map(|(label, count)| format!("{label} {count}"));
        let rows: Vec<String> = rows.collect();
        eprintln!(
            "tellerbench: {name}: labels that mean none of ours, scored without regard to type \
             (--label-map): {}",
            rows.join(", ")
        );
    }
    let counted = CountsFile {
        schema: COUNTS_SCHEMA,
        kind: "counts".to_owned(),
        detector: header.detector,
        version: header.version,
        labels,
        label_map: map_name,
        map: unnamed,
        feed: header.feed,
        split: only_split(&gold),
        corpus: gold.id,
        given: gold.given.map(|given| given.about),
        counts,
    };
    finish(
        counted,
        &args.detectors,
        args.counts_out.as_ref(),
        args.force,
        &args.shown,
    )
}

/// Predictions, ready to be scored.
enum Answered<R> {
    /// A file of ours, read along the corpus.
    Ours(PredictionsReader<R>),
    /// Another tool's, joined with the corpus.
    Joined(JoinedAnswers),
}

impl Args {
    fn missing(&self) -> Missing {
        match self.missing.as_str() {
            "all-missed" => Missing::AllMissed,
            _ => Missing::Error,
        }
    }
}

/// Scores a file of ours, a conversation at a time.
fn along<R: BufRead>(
    mut reader: PredictionsReader<R>,
    gold: &Gold,
    mut scorer: Scorer,
) -> Result<(Vec<String>, Counts), Failure> {
    let mut found = Predictions::new();
    let mut known = reader.labels().names().len();
    for conversation in &gold.conversations {
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
    reader.finish().map_err(Failure::input)?;
    Ok((labels, scorer.finish()))
}

/// The label map that applies, and the declared detector that it is of.
fn map_of(args: &Args, detector: &str) -> Result<(LabelMap, Option<String>), Failure> {
    let declared = declared(&args.detectors)?;
    let named = args.label_map.as_deref();
    if let Some(path) = named.filter(|name| name.contains(['.', '/'])) {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|e| Failure::usage(format!("{path}: {e}")))?;
        let map = toml::from_str(&text).map_err(|e| Failure::usage(format!("{path}: {e}")))?;
        return Ok((map, None));
    }
    let name = named.unwrap_or(detector);
    if let (Some(map), Err(_)) = (foreign::label_map(name), declared.find(name)) {
        return Ok((LabelMap::new(map.clone()), None));
    }
    match (named, declared.find(name)) {
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
    all.given = match (all.given, next.given) {
        (Some(a), Some(b)) if (&a.format, &a.clusters) == (&b.format, &b.clusters) => Some(Given {
            messages: a.messages + b.messages,
            spans: a.spans + b.spans,
            ignored: a.ignored + b.ignored,
            ..a
        }),
        (None, None) => None,
        _ => return Err("it is of a corpus that was read otherwise".to_owned()),
    };
    Ok(all)
}

/// Saves the counts where asked, and prints their result.
fn finish(
    counted: CountsFile,
    detectors: &[PathBuf],
    counts_out: Option<&PathBuf>,
    force: bool,
    shown: &ShownArgs,
) -> Outcome {
    if let Some(path) = counts_out {
        let json = serde_json::to_string(&counted).expect("counts are plain data") + "\n";
        write_whole(path, json.as_bytes(), force)?;
    }
    let map = match (&counted.map, &counted.label_map) {
        (Some(map), _) => map.clone(),
        (None, Some(name)) => label_map(declared(detectors)?.find(name).map_err(Failure::usage)?),
        (None, None) => LabelMap::identity(),
    };
    let description = Description {
        name: counted.detector,
        version: counted.version,
        labels: ToolLabels::from_iter(counted.labels),
        threads: 1,
        anchor: false,
        reference: false,
    };
    let options = result::Options {
        tolerance: counted.counts.signature.tolerance.clone(),
        split: counted.split,
        history: HISTORY as u32,
        bootstrap_seed: counted.counts.signature.seed,
    };
    let row = DetectorRow::scored(&description, &map, counted.counts, None);
    let command: Vec<String> = std::env::args().skip(1).collect();
    let command = std::iter::once("tellerbench".to_owned())
        .chain(command)
        .collect();
    let mut result = BenchResult::new(counted.corpus, counted.feed, options, command, vec![row]);
    result.given = counted.given;
    shown.print(&result)
}
