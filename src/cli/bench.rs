//! `tellerbench bench`: take a corpus, run detectors over it, score, time, rank.

use super::corpus_args::CorpusArgs;
use super::detector_args::{DetectorArgs, label_map};
use super::gold::{self, Gold};
use super::progress::bar;
use super::read_args::ReadArgs;
use super::shown::{ShownArgs, json, write_whole};
use super::{Failure, Outcome};
use crate::detectors::child::Session;
use crate::detectors::declared::{Declaration, Declared};
use crate::detectors::feeds::{Answers, Fed, answer};
use crate::detectors::{Description, DetectError, Detector, HISTORY};
use crate::formats::predictions::{Header, PredictionsWriter};
use crate::prediction::{Predictions, ToolLabels};
use crate::report::LabelRows;
use crate::report::markdown;
use crate::report::result::{self, BenchResult, DetectorRow};
use crate::scoring::{LabelMap, LabelSet, Scorer, ScoringOptions, Tolerance, common};
use crate::text::OffsetUnit;
use crate::timing::agreement::Hasher;
use crate::timing::machine::Machine;
use crate::timing::passes::{Contender, Plan, time};
use crate::timing::summary::TimingSummary;
use std::path::PathBuf;
use std::time::Duration;

/// Run detectors over a corpus, score and time them, and print the ranking.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    corpus: CorpusArgs,

    /// A corpus of yours: a file, or a folder of files.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["suite", "spec", "language"])]
    input: Option<PathBuf>,

    /// Only the first conversations of the suite.
    #[arg(long, short = 'n', value_name = "N")]
    conversations: Option<u64>,

    #[command(flatten)]
    detectors: DetectorArgs,

    /// Time for measuring speed, in seconds; 0 measures none.
    #[arg(long, default_value_t = 20, value_name = "SECONDS")]
    budget: u64,

    /// What may stay readable: default, pci, none, or a policy file.
    #[arg(long, default_value = "default", value_name = "NAME|FILE")]
    tolerance: String,

    /// Seed of the bootstrap. Results are comparable only under one.
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    bootstrap_seed: u64,

    #[command(flatten)]
    shown: ShownArgs,

    /// Save result.v1.json, report.md and the predictions in this folder.
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,

    /// Replace files that are already there.
    #[arg(long)]
    force: bool,

    // Last, because its heading would run on over what follows.
    #[command(flatten)]
    read: ReadArgs,
}

/// Anchors that stand in every ranking.
const ANCHORS: [&str; 4] = ["none", "mask-all", "mask-digits", "luhn-regex"];

/// The suite when none is named.
const DEFAULT_SUITE: &str = "gate-fr";

/// A detector that answered.
struct Scored {
    row: DetectorRow,
    ready: Option<Ready>,
}

/// A detector that can be timed, and what it answered.
struct Ready {
    detector: Box<dyn Detector>,
    start_up: Duration,
    answers: Answers,
    labels: ToolLabels,
}

pub fn run(args: &Args, quiet: bool) -> Outcome {
    let declarations = chosen(&args.detectors)?;
    let tolerance = tolerance(&args.tolerance)?;
    let mut gold = corpus(args, quiet)?;
    if gold.conversations.is_empty() {
        return Err(Failure::usage(
            "the corpus is empty: nothing can be measured",
        ));
    }
    let folder = args.output.as_deref();
    if let Some(taken) = folder
        .map(|f| f.join("result.v1.json"))
        .filter(|f| f.exists() && !args.force)
    {
        let taken = taken.display();
        return Err(Failure::usage(format!(
            "{taken} already exists (--force replaces it)"
        )));
    }
    let machine = Machine::here();
    for warning in machine.warnings().iter().filter(|_| !quiet) {
        eprintln!("tellerbench: {warning}");
    }
    let fed = Fed::new(args.detectors.feed, &gold.conversations, 0);
    let maps: Vec<LabelMap> = declarations.iter().map(label_map).collect();
    // Anchors claim what they can; the labels that all compared detectors share are the others'.
    let compared = declarations
        .iter()
        .zip(&maps)
        .filter(|(d, _)| !ANCHORS.contains(&d.name.as_str()));
    let shared = common(compared.map(|(_, map)| map));
    let mut scored: Vec<Scored> = Vec::with_capacity(declarations.len());
    let bar = bar(
        declarations.len() as u64 * fed.units() as u64,
        "messages",
        quiet,
    );
    for (place, (declaration, map)) in declarations.iter().zip(&maps).enumerate() {
        let before = place as u64 * fed.units() as u64;
        let mut progress = |done: usize| bar.set_position(before + done as u64);
        let one = answered(
            args,
            declaration,
            map,
            &tolerance,
            &gold,
            &fed,
            &shared,
            &mut progress,
        );
        if let (Some(folder), Some(ready)) = (folder, &one.ready) {
            save_predictions(args, folder, &one.row, ready, &gold)?;
        }
        scored.push(one);
    }
    bar.finish_and_clear();
    let rows = timed(args, scored, &fed, quiet);
    let failed: Vec<String> = rows
        .iter()
        .filter_map(|row| Some(format!("{}: {}", row.name, row.failure()?.message)))
        .collect();
    let options = result::Options {
        tolerance: tolerance.name().to_owned(),
        split: only_split(&gold),
        history: HISTORY as u32,
        bootstrap_seed: args.bootstrap_seed,
    };
    let command: Vec<String> = std::env::args().collect();
    let command = std::iter::once("tellerbench".to_owned()).chain(command.into_iter().skip(1));
    let mut result = BenchResult::new(
        gold.id,
        args.detectors.feed,
        options,
        command.collect(),
        rows,
    );
    result.machine = Some(machine);
    result.given = gold.given.take().map(|given| given.about);
    if let Some(folder) = folder {
        write_whole(
            &folder.join("result.v1.json"),
            json(&result).as_bytes(),
            args.force,
        )?;
        let page = markdown::render(&result, LabelRows::Core);
        write_whole(&folder.join("report.md"), page.as_bytes(), args.force)?;
    }
    args.shown.print(&result)?;
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Failure::detector(failed.join("\n"))),
    }
}

/// The anchors, then the detectors that are named: `rules` where none is.
fn chosen(args: &DetectorArgs) -> Result<Vec<Declaration>, Failure> {
    let mut named = args.resolve()?;
    let shipped = Declared::shipped();
    let find = |name: &str| shipped.find(name).cloned().map_err(Failure::usage);
    if named.is_empty() {
        named.push(find("rules")?);
    }
    let mut all = Vec::with_capacity(named.len() + ANCHORS.len());
    for anchor in ANCHORS {
        if !named.iter().any(|declaration| declaration.name == anchor) {
            all.push(find(anchor)?);
        }
    }
    all.append(&mut named);
    Ok(all)
}

/// Reads a tolerance policy by name or from a file.
pub fn tolerance(name: &str) -> Result<Tolerance, Failure> {
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
    let text = std::fs::read_to_string(name).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    Tolerance::parse(&text).map_err(|e| Failure::usage(format!("{name}: {e}")))
}

fn corpus(args: &Args, quiet: bool) -> Result<Gold, Failure> {
    if let Some(path) = &args.input {
        return gold::of_path(path, &args.read, quiet);
    }
    if args.read.speak_of_a_file() {
        return Err(Failure::usage(
            "options about reading a corpus need --input PATH: suites are made here",
        ));
    }
    let mut corpus = args.corpus.clone();
    if corpus.suite.is_none() && corpus.spec.is_none() && corpus.language.is_empty() {
        corpus.suite = Some(DEFAULT_SUITE.to_owned());
    }
    gold::of_suite(&corpus, args.conversations)
}

/// The split of the corpus, where it is all of one.
pub fn only_split(gold: &Gold) -> Option<crate::conversation::Split> {
    if gold.given.is_some() {
        return None;
    }
    let first = gold.conversations.first()?.split;
    gold.conversations
        .iter()
        .all(|c| c.split == first)
        .then_some(first)
}

/// Starts a detector, has it answer everything once, and scores the answers.
#[allow(
    clippy::too_many_arguments,
    reason = "what one row of the ranking is made from"
)]
fn answered(
    args: &Args,
    declaration: &Declaration,
    map: &LabelMap,
    tolerance: &Tolerance,
    gold: &Gold,
    fed: &Fed<'_>,
    shared: &LabelSet,
    progress: &mut dyn FnMut(usize),
) -> Scored {
    let mut languages: Vec<&str> = gold.conversations.iter().map(|c| &*c.lang).collect();
    languages.sort_unstable();
    languages.dedup();
    let session = Session::new(args.detectors.feed, languages);
    let nameless = Description {
        name: declaration.name.clone(),
        version: "-".to_owned(),
        labels: ToolLabels::default(),
        threads: 1,
        anchor: false,
        reference: false,
    };
    let failed = |description: &Description, kind: &str, message: String| Scored {
        row: DetectorRow::failed(
            description,
            map,
            result::Failure {
                kind: kind.to_owned(),
                message,
            },
        ),
        ready: None,
    };
    let opened = match declaration.open(&session) {
        Ok(opened) => opened,
        Err(error) => return failed(&nameless, kind(&error), error.to_string()),
    };
    let mut detector = opened.detector;
    let (batch, errors) = (args.detectors.batch, args.detectors.max_errors);
    let clock = &*session.clock;
    let answers = match answer(&mut *detector, fed, batch, errors, clock, progress) {
        Ok(answers) => answers,
        Err(error) => return failed(detector.describe(), kind(&error), error.to_string()),
    };
    let description = detector.describe().clone();
    let mut scorer = Scorer::new(ScoringOptions {
        tolerance: tolerance.clone(),
        label_map: map.clone(),
        labels: description.labels.clone(),
        seed: args.bootstrap_seed,
        intervals: true,
    });
    let mut unit = 0;
    for conversation in &gold.conversations {
        let units: usize = conversation
            .messages
            .iter()
            .map(|m| 1 + m.fields.len())
            .sum();
        let mut found = Predictions::new();
        for _ in 0..units {
            answers
                .predictions
                .unit(unit)
                .iter()
                .for_each(|&p| found.push(p));
            found.end_unit();
            unit += 1;
        }
        if let Err(error) = scorer.add(conversation, &found) {
            return failed(&description, "predictions", error.to_string());
        }
    }
    let row = DetectorRow::scored(&description, map, scorer.finish(), Some(shared));
    let ready = Ready {
        detector,
        start_up: opened.start_up,
        answers,
        labels: description.labels.clone(),
    };
    Scored {
        row,
        ready: Some(ready),
    }
}

/// The kind of a failure, for the result file.
fn kind(error: &DetectError) -> &'static str {
    match error {
        DetectError::Start(_) => "start",
        DetectError::SlowStart(_) | DetectError::Hung { .. } | DetectError::Timeout(_) => "timeout",
        DetectError::Died(_) => "died",
        DetectError::Protocol(_) => "protocol",
        DetectError::Reported(_) => "reported",
    }
}

/// Times the detectors that answered, in interleaved passes.
fn timed(args: &Args, scored: Vec<Scored>, fed: &Fed<'_>, quiet: bool) -> Vec<DetectorRow> {
    let (mut rows, mut readies): (Vec<DetectorRow>, Vec<Option<Ready>>) = scored
        .into_iter()
        .map(|scored| (scored.row, scored.ready))
        .unzip();
    if args.budget == 0 {
        return rows;
    }
    let mut places = Vec::new();
    let mut contenders = Vec::new();
    for (place, ready) in readies.iter_mut().enumerate() {
        let Some(ready) = ready else { continue };
        places.push(place);
        contenders.push(Contender {
            scored: Hasher::default().of(&ready.answers.predictions, &ready.labels),
            first_batch: ready.answers.first_batch,
            start_up: ready.start_up,
            detector: &mut *ready.detector,
        });
    }
    let plan = Plan {
        budget: Duration::from_secs(args.budget),
        batch: args.detectors.batch,
        ..Plan::default()
    };
    let bar = bar(plan.budget.as_millis() as u64, "ms of the budget", quiet);
    let clock = crate::timing::clock::Monotonic::new();
    let summaries = time(contenders, fed, &plan, &clock, &mut |_, spent| {
        bar.set_position(spent.as_millis() as u64);
    });
    bar.finish_and_clear();
    for (place, summary) in places.into_iter().zip(summaries) {
        match summary {
            Ok(summary) => set_timing(&mut rows[place], summary),
            Err(error) if !quiet => eprintln!("tellerbench: {}: {error}", rows[place].name),
            Err(_) => {}
        }
    }
    rows
}

fn set_timing(row: &mut DetectorRow, summary: TimingSummary) {
    row.timing = Some(summary);
}

fn save_predictions(
    args: &Args,
    folder: &std::path::Path,
    row: &DetectorRow,
    ready: &Ready,
    gold: &Gold,
) -> Outcome {
    let header = Header::new(
        &row.name,
        &row.version,
        OffsetUnit::Codepoint,
        &gold.name(),
        args.detectors.feed,
        &ready.labels,
    );
    let mut bytes = Vec::new();
    let mut writer = PredictionsWriter::new(&mut bytes, &header)?;
    let mut unit = 0;
    for conversation in &gold.conversations {
        let mut found = Predictions::new();
        for _ in conversation
            .messages
            .iter()
            .flat_map(|message| message.units())
        {
            ready
                .answers
                .predictions
                .unit(unit)
                .iter()
                .for_each(|&p| found.push(p));
            found.end_unit();
            unit += 1;
        }
        writer.write(conversation, &found, &ready.labels)?;
    }
    writer.finish()?;
    let packed = zstd::bulk::compress(&bytes, crate::corpus::output::ZSTD_LEVEL)?;
    let file = folder.join(format!(
        "predictions/{}@{}.jsonl.zst",
        row.name, row.version
    ));
    write_whole(&file, &packed, args.force)
}
