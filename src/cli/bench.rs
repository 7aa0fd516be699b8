//! `tellerbench bench`: take a corpus, run detectors over it, score, time, rank.

use super::corpus_args::CorpusArgs;
use super::detector_args::{DetectorArgs, label_map};
use super::gold::{self, Gold};
use super::progress::bar;
use super::read_args::ReadArgs;
use super::scoring_args::{Scoring, ScoringArgs, weighed};
use super::shown::{ExampleArgs, ShownArgs, json, write_whole};
use super::{Failure, Outcome};
use crate::detectors::child::Session;
use crate::detectors::declared::{Declaration, Declared};
use crate::detectors::feeds::{Answers, Fed, answer};
use crate::detectors::{Description, DetectError, Detector, HISTORY};
use crate::formats::predictions::{Header, PredictionsWriter};
use crate::prediction::{Predictions, ToolLabels};
use crate::report::feeds::FeedRow;
use crate::report::markdown;
use crate::report::result::{self, BenchResult, DetectorRow};
use crate::scoring::{Counts, ExampleOptions, LabelMap, Scorer, ScoringOptions, common};
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

    #[command(flatten)]
    scoring: ScoringArgs,

    #[command(flatten)]
    examples: ExampleArgs,

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
    let prevalence = args.scoring.prevalence()?;
    let gold = corpus(args, quiet)?;
    let scoring = args.scoring.resolve(&gold.conversations)?;
    if gold.conversations.is_empty() {
        return Err(Failure::usage(
            "the corpus is empty: nothing can be measured",
        ));
    }
    let folder = args.output.as_deref();
    if let Some(file) = folder.filter(|path| path.is_file()) {
        let file = file.display();
        return Err(Failure::usage(format!(
            "{file} is a file: `-o` takes a folder, new or that of an earlier run"
        )));
    }
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
    let feed = args.detectors.feed();
    let fed = Fed::new(feed, &gold.conversations, 0);
    let others = args.detectors.other_feeds().into_iter();
    let others: Vec<Fed<'_>> = others
        .map(|feed| Fed::new(feed, &gold.conversations, 0))
        .collect();
    let maps: Vec<LabelMap> = declarations.iter().map(label_map).collect();
    // Anchors claim what they can; the labels that all compared detectors share are the others'.
    let compared = declarations
        .iter()
        .zip(&maps)
        .filter(|(d, _)| !ANCHORS.contains(&d.name.as_str()));
    let shared = common(compared.map(|(_, map)| map));
    let mut scored: Vec<Scored> = Vec::with_capacity(declarations.len());
    let runs = declarations.len() * (1 + others.len());
    let bar = bar((runs * fed.units()) as u64, "messages", quiet);
    let bench = Bench {
        args: &args.detectors,
        scoring: &scoring,
        gold: &gold,
        examples: args.examples.options(&args.shown, gold.ours),
    };
    let mut before = 0;
    for (declaration, map) in declarations.iter().zip(&maps) {
        let mut run = |fed: &Fed<'_>| {
            let counted = bench.counted(declaration, map, fed, &mut |done| {
                bar.set_position(before + done as u64);
            });
            before += fed.units() as u64;
            counted
        };
        let one = match run(&fed) {
            Err(failed) => Scored {
                row: DetectorRow::failed(&failed.description, map, failed.failure),
                ready: None,
            },
            Ok((counts, ready)) => {
                let mut rows = Vec::with_capacity(others.len());
                for other in &others {
                    rows.push(match run(other) {
                        Ok((theirs, _)) => FeedRow::scored(other.feed(), &theirs, &counts),
                        Err(failed) => FeedRow::failed(other.feed(), failed.failure),
                    });
                }
                let own_traffic = weighed(prevalence.as_ref(), &counts)?;
                let description = ready.detector.describe();
                let row = DetectorRow::scored(description, map, counts, Some(&shared));
                Scored {
                    row: row.on_own_traffic(own_traffic).on_feeds(rows),
                    ready: Some(ready),
                }
            }
        };
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
    let options = scoring.shown(gold.only_split(), HISTORY as u32);
    let command: Vec<String> = std::env::args().collect();
    let command = std::iter::once("tellerbench".to_owned()).chain(command.into_iter().skip(1));
    let mut result = BenchResult::new(gold.id, feed, options, command.collect(), rows);
    result.machine = Some(machine);
    result.given = gold.given.map(|given| given.about);
    if let Some(folder) = folder {
        write_whole(
            &folder.join("result.v1.json"),
            json(&result).as_bytes(),
            args.force,
        )?;
        let page = markdown::render(&result, &args.shown.page());
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

fn corpus(args: &Args, quiet: bool) -> Result<Gold, Failure> {
    if let Some(path) = &args.input {
        let gold = gold::of_path(path, &args.read, quiet)?;
        args.read.check_tags(&[gold.format()])?;
        return Ok(gold);
    }
    if let Some(option) = args.read.given().next() {
        return Err(Failure::usage(format!(
            "--{option} needs --input PATH: suites are made here"
        )));
    }
    let mut corpus = args.corpus.clone();
    if corpus.suite.is_none() && corpus.spec.is_none() && corpus.language.is_empty() {
        corpus.suite = Some(DEFAULT_SUITE.to_owned());
    }
    gold::of_suite(&corpus, args.conversations)
}

/// What every run of a detector is made with.
struct Bench<'a> {
    args: &'a DetectorArgs,
    scoring: &'a Scoring,
    gold: &'a Gold,
    examples: ExampleOptions,
}

/// A run that came to nothing.
struct Failed {
    description: Description,
    failure: result::Failure,
}

impl Bench<'_> {
    /// Starts a detector, has it answer everything once, and scores the answers.
    fn counted(
        &self,
        declaration: &Declaration,
        map: &LabelMap,
        fed: &Fed<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<(Counts, Ready), Box<Failed>> {
        let conversations = &self.gold.conversations;
        let mut languages: Vec<&str> = conversations.iter().map(|c| &*c.lang).collect();
        languages.sort_unstable();
        languages.dedup();
        let session = Session::new(fed.feed(), languages);
        let failed = |description: &Description, kind: &str, message: String| {
            Box::new(Failed {
                description: description.clone(),
                failure: result::Failure {
                    kind: kind.to_owned(),
                    message,
                },
            })
        };
        let nameless = Description {
            name: declaration.name.clone(),
            version: "-".to_owned(),
            labels: ToolLabels::default(),
            threads: 1,
            anchor: false,
            reference: false,
        };
        let opened = declaration
            .open(&session)
            .map_err(|error| failed(&nameless, kind(&error), error.to_string()))?;
        let mut detector = opened.detector;
        let (batch, errors) = (self.args.batch, self.args.max_errors);
        let clock = &*session.clock;
        let answers = match answer(&mut *detector, fed, batch, errors, clock, progress) {
            Ok(answers) => answers,
            Err(error) => return Err(failed(detector.describe(), kind(&error), error.to_string())),
        };
        let labels = detector.describe().labels.clone();
        let mut scorer = Scorer::new(ScoringOptions {
            examples: match detector.describe().anchor {
                true => ExampleOptions::default(),
                false => self.examples,
            },
            ..self.scoring.options(map.clone(), labels.clone())
        });
        let mut unit = 0;
        for conversation in conversations {
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
                return Err(failed(
                    detector.describe(),
                    "predictions",
                    error.to_string(),
                ));
            }
        }
        let ready = Ready {
            detector,
            start_up: opened.start_up,
            answers,
            labels,
        };
        Ok((scorer.finish(), ready))
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
        args.detectors.feed(),
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
