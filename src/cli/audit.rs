//! `tellerbench audit`: is a corpus what it says?

use super::data_args::DataArgs;
use super::gold::{files_of, manifest_beside};
use super::progress::bar;
use super::read_args::{ReadArgs, mapping};
use super::{Failure, Outcome};
use crate::corpus::audit::grammar::LanguageReport;
use crate::corpus::audit::noise::noise_report;
use crate::corpus::audit::report::Verdict;
use crate::corpus::audit::source::{AuditError, Reading};
use crate::corpus::audit::{Request, audit, grammar, page};
use crate::corpus::manifest::{MANIFEST_SCHEMA, Manifest};
use crate::corpus::spec::LANGUAGES;
use crate::formats::documents::{Counting, Format};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Check that a corpus is what it says: offsets, rules, persons, ledger, splits, ranges; and measure it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The corpus: a file (.jsonl, .jsonl.zst, or of another format) or a folder of them.
    #[arg(required_unless_present = "language_report")]
    corpus: Option<PathBuf>,

    /// Its manifest [default: the one beside it].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    /// Another corpus that should have no content, bank or unique value in common with it.
    #[arg(long, value_name = "CORPUS")]
    against: Option<PathBuf>,

    /// Make at most so many records again from spec and seed and compare their bytes; of larger corpora
    /// a sample.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    regenerate: u64,

    /// Compute the SHA-256 of the files too.
    #[arg(long)]
    files: bool,

    /// Form of the report.
    #[arg(long, default_value = "text", value_parser = ["text", "json", "markdown"])]
    format: String,

    /// Threads [default: as many as there are processors].
    #[arg(long, short)]
    threads: Option<usize>,

    /// Show values also of a corpus that this program did not make.
    #[arg(long)]
    show_values: bool,

    /// Report instead what the grammar has to say: phrases by intent, constituent and split; and how much noise the
    /// default corpus has beside what the language states.
    #[arg(long, conflicts_with = "corpus")]
    language_report: bool,

    /// Languages of the language report [default: all].
    #[arg(
        long,
        short,
        value_name = "TAG,…",
        value_delimiter = ',',
        requires = "language_report"
    )]
    language: Vec<String>,

    #[command(flatten)]
    own: DataArgs,

    // Last, because its heading would run on over what follows.
    #[command(flatten)]
    read: ReadArgs,
}

pub fn run(args: &Args, quiet: bool) -> Outcome {
    let Some(corpus) = &args.corpus else {
        return languages(args);
    };
    let manifest = match &args.manifest {
        Some(path) => Some(read_manifest(path)?),
        None => manifest_beside(corpus),
    };
    let data = args.own.load()?;
    let against = args.against.as_deref().map(files_of).transpose()?;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let total = manifest.as_ref().map_or(0, |m| m.tally.conversations);
    let request = Request {
        files: files_of(corpus)?,
        manifest,
        offsets: match args.read.offsets {
            Some(Counting::Unit(unit)) => Some(unit),
            _ => None,
        },
        reading: reading(&args.read)?,
        threads: args.threads.unwrap_or(processors).clamp(1, 256),
        regenerate: args.regenerate,
        hash_files: args.files,
        against: against.unwrap_or_default(),
        data,
        show_values: args.show_values,
    };
    let bar = bar(total, "conversations", quiet);
    let report = audit(&request, &mut |done| bar.set_position(done)).map_err(failure)?;
    bar.finish_and_clear();
    let given = report.corpus.given.as_ref();
    match given.and_then(|given| Format::named(&given.format)) {
        None => {
            args.read.check_corpus(Format::Tellerbench)?;
            args.read.check_tags(&[Format::Tellerbench])?;
            args.read.unit_of_ours()?;
        }
        Some(format) => {
            args.read.check_corpus(format)?;
            args.read.check_tags(&[format])?;
        }
    }
    let mut out = std::io::stdout().lock();
    match args.format.as_str() {
        "json" => {
            let json = serde_json::to_string_pretty(&report).expect("a report is plain data");
            writeln!(out, "{json}")?;
        }
        "markdown" => out.write_all(page::markdown(&report).as_bytes())?,
        _ => out.write_all(page::text(&report).as_bytes())?,
    }
    match report.verdict {
        Verdict::Sound => Ok(()),
        Verdict::Violated => Err(Failure::violated(format!(
            "{} violations of what the corpus claims",
            report.violations()
        ))),
    }
}

/// How files of other tools are read.
fn reading(read: &ReadArgs) -> Result<Reading, Failure> {
    if read.unmapped != "error" {
        return Err(Failure::usage(
            "--unmapped says nothing here: an audit keeps the names of labels that are not mapped",
        ));
    }
    let mapping = read.mapping.as_deref().map(mapping).transpose()?;
    Ok(Reading {
        format: read.format()?,
        options: read.options()?,
        labels: read.labels()?,
        speakers: mapping.map_or_else(Default::default, |m| m.speakers.clone()),
        language: read.input_language.clone(),
    })
}

fn languages(args: &Args) -> Outcome {
    let tags: Vec<String> = match args.language.is_empty() {
        // One tag of each language: regions share their grammar.
        true => LANGUAGES
            .iter()
            .take(2)
            .map(|tag| (*tag).to_owned())
            .collect(),
        false => args.language.clone(),
    };
    let data = args.own.load()?;
    let reports = tags
        .iter()
        .map(|tag| {
            let report = grammar::language_report(tag, &data).map_err(Failure::usage)?;
            Ok(LanguageReport {
                noise: noise_report(tag, &data),
                ..report
            })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let mut out = std::io::stdout().lock();
    if args.format == "json" {
        let json = serde_json::to_string_pretty(&reports).expect("a report is plain data");
        writeln!(out, "{json}")?;
    } else {
        out.write_all(page::languages(&reports).as_bytes())?;
    }
    Ok(())
}

fn read_manifest(path: &Path) -> Result<Manifest, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|e| Failure::input(format!("{name}: {e}")))?;
    match manifest.schema {
        MANIFEST_SCHEMA => Ok(manifest),
        other => Err(Failure::input(format!(
            "{name}: manifest schema {other} is not one that this version reads ({MANIFEST_SCHEMA})"
        ))),
    }
}

fn failure(error: AuditError) -> Failure {
    match error {
        AuditError::Open { .. } | AuditError::Usage(_) => Failure::usage(error),
        AuditError::Corrupt(_) => Failure::input(error),
    }
}
