//! `tellerbench generate`

use super::corpus_args::CorpusArgs;
use super::progress::{bar, counter, interruption};
use super::{Failure, Outcome};
use crate::corpus::manifest::Manifest;
use crate::corpus::output::{self, Options, OutputError};
use crate::corpus::suites::Suite;
use crate::corpus::{Corpus, reach};
use crate::taxonomy::label_set;
use crate::text::OffsetUnit;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Write a corpus: a suite, or what the options ask for.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    corpus: CorpusArgs,

    /// Conversations of the whole corpus [default: the suite's, otherwise 1000].
    #[arg(long, short = 'n', value_name = "N")]
    conversations: Option<u64>,

    /// As many conversations as it takes until each label has at least N spans (--labels says which), and at
    /// least --conversations where that is given too.
    #[arg(long, value_name = "N")]
    min_per_label: Option<u64>,

    /// The labels that --min-per-label counts: labels and sets (core-30, presidio, nemotron, critical, all; sets leave out
    /// what the languages do not have).
    #[arg(
        long,
        value_name = "LABEL,…",
        value_delimiter = ',',
        default_value = "core-30",
        requires = "min_per_label"
    )]
    labels: Vec<String>,

    /// Where to write: a folder, a file (.jsonl, .jsonl.zst), or - for standard output.
    #[arg(long, short, value_name = "PATH")]
    output: PathBuf,

    /// Divide the corpus into so many parts; each is a file.
    #[arg(long, default_value_t = 1, value_name = "P")]
    parts: u64,

    /// Write this part only, from 1.
    #[arg(long, value_name = "K")]
    part: Option<u64>,

    /// Threads [default: as many as there are processors].
    #[arg(long, short)]
    threads: Option<usize>,

    /// Compress with zstd.
    #[arg(long)]
    zstd: bool,

    /// Unit of the offsets: codepoint, byte or utf16.
    #[arg(long, default_value = "codepoint", value_parser = unit)]
    offsets: OffsetUnit,

    /// Replace files that are already there.
    #[arg(long)]
    force: bool,

    /// Print the manifest on standard output.
    #[arg(long)]
    json: bool,
}

/// Reads the name of an offset unit.
pub fn unit(name: &str) -> Result<OffsetUnit, String> {
    OffsetUnit::ALL
        .into_iter()
        .find(|unit| unit.name() == name)
        .ok_or_else(|| format!("no unit `{name}` (codepoint, byte, utf16)"))
}

/// A folder is made of any other name: what looks like a file of another kind is a mistake.
fn other_kind_of_file(output: &Path) -> Result<(), Failure> {
    let kinds = [
        "json", "ndjson", "txt", "csv", "tsv", "gz", "parquet", "toml",
    ];
    let kind = output.extension().and_then(|kind| kind.to_str());
    match kind.filter(|kind| kinds.contains(kind) && !output.is_dir()) {
        None => Ok(()),
        Some(kind) => {
            let path = output.display();
            Err(Failure::usage(format!(
                "{path}: a corpus is a .jsonl or a .jsonl.zst file, or a folder, not .{kind}"
            )))
        }
    }
}

pub fn run(args: &Args, quiet: bool) -> Outcome {
    let meant = args.corpus.resolve()?;
    let of_suite = meant.suite.as_ref().map(|suite| suite.conversations);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = args.threads.unwrap_or(processors).clamp(1, 256);
    let stop = interruption();
    let total = match args.min_per_label {
        None => args.conversations.or(of_suite).unwrap_or(1000),
        Some(least) => {
            let reached = enough(args, &meant.corpus, least, threads, (&stop, quiet))?;
            reached.max(args.conversations.unwrap_or(0))
        }
    };
    if total == 0 || total > 1_000_000_000 {
        return Err(Failure::usage(format!(
            "--conversations {total}: between 1 and 1,000,000,000 (ids have nine digits)"
        )));
    }
    if args.parts == 0 || args.parts > total {
        return Err(Failure::usage(format!(
            "--parts {}: between 1 and {total}",
            args.parts
        )));
    }
    let part = match args.part {
        None => 1..=args.parts,
        Some(part) if (1..=args.parts).contains(&part) => part..=part,
        Some(part) => {
            let parts = args.parts;
            return Err(Failure::usage(format!(
                "--part {part}: between 1 and {parts} (--parts)"
            )));
        }
    };
    other_kind_of_file(&args.output)?;
    if output::is_one_file(&args.output) && part.start() != part.end() {
        let path = args.output.display();
        return Err(Failure::usage(format!(
            "{path}: several parts need a folder, not a file"
        )));
    }
    let whole = meant.suite.as_ref();
    let whole = whole
        .filter(|suite| total == suite.conversations)
        .filter(|suite| suite.seed == meant.corpus.seed());
    let options = Options {
        total,
        parts: args.parts,
        part,
        threads,
        zstd: args.zstd || args.output.extension().is_some_and(|e| e == "zst"),
        offsets: args.offsets,
        force: args.force,
        suite: whole.map(Suite::released),
    };
    if args.output.as_os_str() == "-" {
        let mut out = std::io::stdout().lock();
        let written = output::to_stream(&meant.corpus, &options, &mut out).map_err(failure)?;
        let manifest = output::manifest(&meant.corpus, &options, written);
        return as_released(whole, &manifest, &args.output);
    }
    let written = options.part.end() - options.part.start() + 1;
    let bar = bar(total / args.parts * written, "conversations", quiet);
    let manifest = output::to_files(&meant.corpus, &args.output, &options, &mut |done| {
        bar.set_position(done);
        !stop.load(Ordering::SeqCst)
    })
    .map_err(failure)?;
    bar.finish_and_clear();
    as_released(whole, &manifest, &args.output)?;
    if args.json {
        let json = serde_json::to_string_pretty(&manifest).expect("a manifest is plain data");
        writeln!(std::io::stdout(), "{json}")?;
    } else if !quiet {
        let tally = &manifest.tally;
        eprintln!(
            "{}: {} conversations, {} messages, {} spans, {} decoys in {}",
            manifest.corpus_id,
            tally.conversations,
            tally.messages,
            tally.spans.values().sum::<u64>(),
            tally.decoys.values().sum::<u64>(),
            args.output.display()
        );
    }
    Ok(())
}

/// A suite that is made whole is what was released.
fn as_released(suite: Option<&Suite>, manifest: &Manifest, output: &Path) -> Outcome {
    let content = suite.and_then(|suite| suite.content_of(manifest));
    match content {
        Some(content) if content != manifest.content => Err(Failure::violated(format!(
            "{}: this is not the suite {}, whose content is {content}, but {}: this version does not make it as \
             it was released",
            output.display(),
            manifest.spec.name,
            manifest.content
        ))),
        _ => Ok(()),
    }
}

/// The conversations that it takes until every label has its spans.
fn enough(
    args: &Args,
    corpus: &Corpus,
    least: u64,
    threads: usize,
    (stop, quiet): (&AtomicBool, bool),
) -> Result<u64, Failure> {
    let mut labels = Vec::new();
    for name in &args.labels {
        let set = label_set(name).map_err(|error| Failure::usage(format!("--labels: {error}")))?;
        match &set[..] {
            [one] => labels.push(*one),
            _ => labels.extend(reach::possible_labels(corpus, &set)),
        }
    }
    let bar = counter("conversations counted", quiet);
    let reached = reach::conversations_for(corpus, &labels, least, threads, |done| {
        bar.set_position(done);
        !stop.load(Ordering::SeqCst)
    });
    bar.finish_and_clear();
    reached.map_err(|error| {
        let error = format!("--min-per-label {least}: {error}");
        match stop.load(Ordering::SeqCst) {
            true => Failure::interrupted(error),
            false => Failure::usage(error),
        }
    })
}

fn failure(error: OutputError) -> Failure {
    match error {
        OutputError::Interrupted => Failure::interrupted(error),
        OutputError::Io { source, path } => Failure {
            code: 2,
            error: anyhow::Error::new(source).context(path),
        },
        OutputError::Exists(_) => Failure::usage(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_file_of_another_kind_is_not_made_a_folder() {
        for name in ["corpus.json", "corpus.txt", "parts/corpus.csv"] {
            assert!(other_kind_of_file(Path::new(name)).is_err(), "{name}");
        }
        for name in ["c.jsonl", "c.jsonl.zst", "corpus", "corpus.v1", "-"] {
            assert!(other_kind_of_file(Path::new(name)).is_ok(), "{name}");
        }
    }
}
