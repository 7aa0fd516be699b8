//! `tellerbench score` and `tellerbench merge`: predictions made elsewhere, and counts that add up.

use super::answers::{AnswerArgs, JoinedAnswers, joined};
use super::detector_args::{declared, label_map};
use super::gold::{self, Files, Gold, LookedAt, Stream};
use super::imitation_args::ImitationArgs;
use super::read_args::ReadArgs;
use super::scoring_args::{PrevalenceArgs, ScoringArgs, shown_of, weighed};
use super::shown::{ExampleArgs, ShownArgs, write_whole};
use super::{Failure, Outcome};
use crate::conversation::{Conversation, Split};
use crate::detectors::{Description, Feed, HISTORY};
use crate::formats::documents::{Format, foreign};
use crate::formats::predictions::{Header, Missing, PredictionsError, PredictionsReader};
use crate::prediction::{Predictions, ToolLabels};
use crate::report::result::{BenchResult, CorpusId, DetectorRow, Given};
use crate::scoring::{Counts, LabelMap, Prevalence, Scorer, ScoringOptions, twins};
use crate::toml_fault::toml_fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::BufRead;
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

    /// The detector whose label map applies (declared, or aws-comprehend, google-dlp, azure-pii), or
    /// a file with one (TOML: THEIRS = ["OURS"]) [default: the detector that the predictions name;
    /// its labels are taken as ours where it is not known].
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) label_map: Option<String>,

    /// More declarations of detectors (TOML).
    #[arg(long, value_name = "FILE")]
    pub(super) detectors: Vec<PathBuf>,

    #[command(flatten)]
    scoring: ScoringArgs,

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

    // Last, because their headings would run on over what follows.
    #[command(flatten)]
    pub(super) read: ReadArgs,

    #[command(flatten)]
    pub(super) answers: AnswerArgs,

    #[command(flatten)]
    pub(super) imitation: ImitationArgs,
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
    /// The map itself, where it is of no declared detector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    map: Option<LabelMap>,
    feed: Feed,
    corpus: CorpusId,
    split: Option<crate::conversation::Split>,
    /// How the corpus was read, where it is somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<Given>,
    counts: Counts,
}

const COUNTS_SCHEMA: u32 = 1;

pub fn run(args: &Args, quiet: bool) -> Outcome {
    if let Some(tool) = args.imitation.imitate {
        return super::score_as::run(args, tool, quiet);
    }
    if let Some(tool) = args.imitation.explain_difference {
        return super::score_explain::run(args, tool, quiet);
    }
    args.imitation.check_unused()?;
    let prevalence = args.scoring.prevalence()?;
    let files = Files::open(&args.gold, &args.read)?;
    let predictions = gold::looked_at(&args.predictions)?;
    let ours = files.format() == Format::Tellerbench
        && args.answers.are_ours(&predictions.told)?
        && args.answers.say_nothing_of_the_join();
    // What examples show depends on what the corpus turns out to be.
    let examples = args.examples.options(&args.shown, false).most > 0;
    let scored = match ours && !examples {
        true => streamed(args, files, predictions)?,
        false => loaded(args, files, predictions, quiet)?,
    };
    let Scored {
        header,
        map,
        map_name,
        labels,
        counts,
        corpus,
        split,
        given,
    } = scored;
    let unnamed = (map_name.is_none() && map != LabelMap::identity()).then_some(map);
    if !quiet && !counts.unmapped.is_empty() {
        let name = args.predictions.display();
        let rows = counts.unmapped.iter();
        let rows: Vec<String> = rows
            .map(|(label, count)| format!("{label} {count}"))
            .collect();
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
        split,
        corpus,
        given,
        counts,
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

/// The counts of one detector, and what they are of.
struct Scored {
    header: Header,
    map: LabelMap,
    map_name: Option<String>,
    labels: Vec<String>,
    counts: Counts,
    corpus: CorpusId,
    split: Option<Split>,
    given: Option<Given>,
}

/// Scores predictions for a corpus in memory.
fn loaded(
    args: &Args,
    files: Files,
    predictions: LookedAt,
    quiet: bool,
) -> Result<Scored, Failure> {
    let gold = gold::of_files(files, &args.read, quiet)?;
    let scoring = args.scoring.resolve(&gold.conversations)?;
    let answers = Answered::open(args, &gold, predictions, quiet)?;
    if let Answered::Ours(reader) = &answers {
        check_name(reader, &gold.id);
    }
    let mut header = answers.header().clone();
    args.answers.rename(&mut header);
    let (map, map_name) = map_of(args, &header.detector)?;
    let options = |labels: &ToolLabels| ScoringOptions {
        examples: args.examples.options(&args.shown, gold.ours),
        ..scoring.options(map.clone(), labels.clone())
    };
    let (labels, counts) = match answers {
        Answered::Ours(reader) => {
            let scorer = Scorer::new(options(reader.labels()));
            let mut along = Along::new(reader, scorer);
            for conversation in &gold.conversations {
                along.read(conversation)?;
                along.score(conversation)?;
            }
            along.finish()?
        }
        Answered::Joined(JoinedAnswers { joined, .. }) => {
            let mut scorer = Scorer::new(options(&joined.labels));
            for (conversation, found) in gold.conversations.iter().zip(&joined.predictions) {
                scorer.add(conversation, found).map_err(Failure::input)?;
            }
            (joined.labels.names().to_vec(), scorer.finish())
        }
    };
    Ok(Scored {
        header,
        map,
        map_name,
        labels,
        counts,
        split: gold.only_split(),
        corpus: gold.id,
        given: gold.given.map(|given| given.about),
    })
}

/// Scores a file of ours along a corpus of ours, both a conversation at a time.
fn streamed(args: &Args, files: Files, predictions: LookedAt) -> Result<Scored, Failure> {
    args.read.check_tags(&[files.format()])?;
    let mut gold = Stream::of(files, &args.read)?;
    let LookedAt { name, input, .. } = predictions;
    let missing = Missing::named(&args.missing);
    let reader = PredictionsReader::open(input, &name, missing).map_err(Failure::input)?;
    let mut header = reader.header().clone();
    args.answers.rename(&mut header);
    let (map, map_name) = map_of(args, &header.detector)?;
    let asked = args.scoring.twins();
    // Until it is known whether there are pairs, what a pair needs is kept.
    let scoring = args.scoring.with_twins(asked.unwrap_or(true))?;
    let options = scoring.options(map.clone(), reader.labels().clone());
    let mut along = Along::new(reader, Scorer::new(options));
    let mut pairs = asked.is_none().then(Pairs::default);
    let (mut waiting, mut split, mut alone) = (Vec::new(), None, true);
    while let Some(conversation) = gold.next()? {
        alone &= *split.get_or_insert(conversation.split) == conversation.split;
        along.read(&conversation)?;
        if let Some(looking) = &mut pairs {
            let found = looking.put(&conversation.id);
            if !found && twins::parts(&conversation.id).1.is_empty() {
                along.score(&conversation)?;
                continue;
            }
            let answers = std::mem::take(&mut along.found);
            waiting.push((conversation, answers));
            if found {
                pairs = None;
                for (conversation, answers) in std::mem::take(&mut waiting) {
                    along.add(&conversation, &answers)?;
                }
            }
            continue;
        }
        along.score(&conversation)?;
    }
    if pairs.is_some() {
        along.scorer.count_twins_like_others();
    }
    for (conversation, answers) in waiting {
        along.add(&conversation, &answers)?;
    }
    let corpus = gold.finish()?;
    check_name(&along.reader, &corpus);
    let (labels, counts) = along.finish()?;
    Ok(Scored {
        header,
        map,
        map_name,
        labels,
        counts,
        corpus,
        split: split.filter(|_| alone),
        given: None,
    })
}

/// Looks for a conversation and a twin of it.
#[derive(Debug, Default)]
struct Pairs {
    plain: BTreeSet<String>,
    twins: BTreeSet<String>,
}

impl Pairs {
    /// Notes a conversation. Is there a pair now?
    fn put(&mut self, id: &str) -> bool {
        let (base, variant) = twins::parts(id);
        let (own, other) = match variant.is_empty() {
            true => (&mut self.plain, &self.twins),
            false => (&mut self.twins, &self.plain),
        };
        own.insert(base.to_owned());
        other.contains(base)
    }
}

/// Says on stderr that predictions name another corpus.
fn check_name<R: BufRead>(reader: &PredictionsReader<R>, corpus: &CorpusId) {
    if let Err(error) = reader.expect_corpus(&gold::name(corpus)) {
        eprintln!("tellerbench: {error}: scored all the same, because every message is there");
    }
}

/// What does not fit the corpus, with the corpus that the file says it was made for.
pub(super) fn misfit(error: PredictionsError, header: &Header) -> Failure {
    match header.corpus.as_str() {
        "" => Failure::input(error),
        corpus => Failure::input(format!("{error}; the file was made for corpus `{corpus}`")),
    }
}

/// Predictions, ready to be scored.
pub(super) enum Answered {
    /// A file of ours, read along the corpus.
    Ours(PredictionsReader<Box<dyn BufRead>>),
    /// Another tool's, joined with the corpus.
    Joined(JoinedAnswers),
}

impl Answered {
    /// Opens predictions for a corpus in memory.
    ///
    /// # Errors
    /// What is wrong with them, or does not fit the corpus.
    pub(super) fn open(
        args: &Args,
        gold: &Gold,
        predictions: LookedAt,
        quiet: bool,
    ) -> Result<Answered, Failure> {
        let ours = args.answers.are_ours(&predictions.told)?;
        let LookedAt { name, told, input } = predictions;
        let along_the_corpus = gold.given.is_none() && args.answers.say_nothing_of_the_join();
        let missing = Missing::named(&args.missing);
        let corpus = gold.format();
        if ours && along_the_corpus {
            args.read.check_tags(&[corpus])?;
            let input: Box<dyn BufRead> = Box::new(input);
            let reader = PredictionsReader::open(input, &name, missing).map_err(Failure::input)?;
            return Ok(Answered::Ours(reader));
        }
        let asked = args.answers.format()?;
        let told = gold::told_format(asked, told, &name, "--predictions-format")?;
        args.read.check_tags(&[corpus, told.format])?;
        let (answers, read) = (&args.answers, &args.read);
        let joined = joined(answers, read, missing, gold, input, &name, &told)?;
        for remark in joined.remarks.iter().filter(|_| !quiet) {
            eprintln!("tellerbench: {name}: {remark}");
        }
        Ok(Answered::Joined(joined))
    }

    /// Who made them.
    pub(super) fn header(&self) -> &Header {
        match self {
            Answered::Ours(reader) => reader.header(),
            Answered::Joined(answers) => &answers.header,
        }
    }
}

/// A file of ours, scored a conversation at a time.
struct Along<R> {
    reader: PredictionsReader<R>,
    scorer: Scorer,
    found: Predictions,
    known: usize,
}

impl<R: BufRead> Along<R> {
    fn new(reader: PredictionsReader<R>, scorer: Scorer) -> Self {
        Along {
            known: reader.labels().names().len(),
            reader,
            scorer,
            found: Predictions::new(),
        }
    }

    /// Reads what was found in the next conversation.
    fn read(&mut self, conversation: &Conversation) -> Outcome {
        let read = self.reader.read(conversation, &mut self.found);
        read.map_err(|error| misfit(error, self.reader.header()))?;
        let labels = self.reader.labels();
        if labels.names().len() != self.known {
            self.known = labels.names().len();
            self.scorer.learn_labels(labels);
        }
        Ok(())
    }

    /// Scores what was read.
    fn score(&mut self, conversation: &Conversation) -> Outcome {
        let scored = self.scorer.add(conversation, &self.found);
        scored.map_err(Failure::input)
    }

    fn add(&mut self, conversation: &Conversation, found: &Predictions) -> Outcome {
        self.scorer.add(conversation, found).map_err(Failure::input)
    }

    fn finish(self) -> Result<(Vec<String>, Counts), Failure> {
        let labels = self.reader.labels().names().to_vec();
        self.reader.finish().map_err(Failure::input)?;
        Ok((labels, self.scorer.finish()))
    }
}

/// The label map that applies, and the declared detector that it is of.
pub(super) fn map_of(args: &Args, detector: &str) -> Result<(LabelMap, Option<String>), Failure> {
    let declared = declared(&args.detectors)?;
    let named = args.label_map.as_deref();
    if let Some(path) = named.filter(|name| name.contains(['.', '/'])) {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|e| Failure::usage(format!("{path}: {e}")))?;
        let map = toml::from_str(&text);
        let map = map.map_err(|e| Failure::usage(format!("{path}: {}", toml_fault(&e, &text))))?;
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
        let next: CountsFile = serde_json::from_str(&text).map_err(|error| {
            Failure::input(format!(
                "{name}: not a counts file (`score --counts-out` writes them): {error}"
            ))
        })?;
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
    all.given = match (all.given, next.given) {
        (Some(a), Some(b))
            if (&a.format, &a.offsets, &a.clusters) == (&b.format, &b.offsets, &b.clusters) =>
        {
            Some(Given {
                messages: a.messages + b.messages,
                spans: a.spans + b.spans,
                ignored: a.ignored + b.ignored,
                ..a
            })
        }
        (None, None) => None,
        (a, b) => {
            let read = |given: Option<Given>| given.map_or("ours".to_owned(), |g| g.to_string());
            return Err(format!(
                "it is of a corpus that was read otherwise ({}) than those before it ({})",
                read(b),
                read(a)
            ));
        }
    };
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
    let options = shown_of(&counted.counts.signature, counted.split, HISTORY as u32);
    let own_traffic = weighed(prevalence, &counted.counts)?;
    let row = DetectorRow::scored(&description, &map, counted.counts, None);
    let row = row.on_own_traffic(own_traffic);
    let command: Vec<String> = std::env::args().skip(1).collect();
    let command = std::iter::once("tellerbench".to_owned())
        .chain(command)
        .collect();
    let mut result = BenchResult::new(counted.corpus, counted.feed, options, command, vec![row]);
    result.given = counted.given;
    shown.print(&result)
}
