//! Gold corpora for scoring: a suite, or files with record lines.

use super::Failure;
use super::corpus_args::CorpusArgs;
use super::read_args::ReadArgs;
use crate::conversation::Conversation;
use crate::corpus::content::ContentHash;
use crate::corpus::manifest::Manifest;
use crate::corpus::{CORPUS_VERSION, manifest};
use crate::formats::documents::{
    Clusters, Counting, Detected, Documents, Format, Importer, ReadOptions, Undetected, Unit,
    detect,
};
use crate::formats::{self, jsonl};
use crate::report::result::{CorpusId, Given};
use crate::text::OffsetUnit;
use std::fs::File;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// A corpus in memory, with its id.
#[derive(Debug)]
pub struct Gold {
    /// The conversations, in order.
    pub conversations: Vec<Conversation>,
    /// What they are.
    pub id: CorpusId,
    /// How they were read, where they are somebody else's.
    pub given: Option<GivenCorpus>,
}

/// A corpus of somebody else's.
#[derive(Debug)]
pub struct GivenCorpus {
    /// How it was read.
    pub about: Given,
    /// Its messages, in the order of its files.
    pub units: Vec<Unit>,
}

impl Gold {
    /// The id as predictions files carry it.
    pub fn name(&self) -> String {
        let id = &self.id;
        let short = id.content_hash.get(..8).unwrap_or(&id.content_hash);
        format!(
            "{}:{}:{}:v{}:{short}",
            id.suite, id.conversations, id.seed, id.corpus_version
        )
    }
}

/// The conversations of a suite: embedded ones as they were released, others made from their spec.
///
/// # Errors
/// A suite that does not exist; an embedded one that is not what was released.
pub fn of_suite(args: &CorpusArgs, count: Option<u64>) -> Result<Gold, Failure> {
    let meant = args.resolve()?;
    let embedded = meant.suite.as_ref().filter(|_| count.is_none());
    let embedded = embedded.and_then(|suite| suite.embedded().map(|all| all.collect()));
    let conversations: Vec<Conversation> = match embedded {
        Some(conversations) => conversations,
        None => {
            let of_suite = meant.suite.as_ref().map(|suite| suite.conversations);
            let total = count.or(of_suite).unwrap_or(1000);
            (0..total)
                .map(|index| meant.corpus.conversation(index))
                .collect()
        }
    };
    let content = content_of(&conversations);
    let id = CorpusId {
        suite: meant.corpus.spec().name.clone(),
        conversations: conversations.len() as u64,
        seed: meant.corpus.seed(),
        corpus_version: CORPUS_VERSION,
        content_hash: content.to_string(),
    };
    Ok(Gold {
        conversations,
        id,
        given: None,
    })
}

/// The conversations of a file, or of every corpus file of a folder.
///
/// # Errors
/// What is missing, or wrong with a record; labels that nobody has mapped.
pub fn of_path(path: &Path, read: &ReadArgs, quiet: bool) -> Result<Gold, Failure> {
    let mut conversations = Vec::new();
    let files = files_of(path)?;
    let options = read.options()?;
    let asked = read.format()?;
    let mut foreign: Option<Foreign> = None;
    for file in &files {
        let name = file.display().to_string();
        let opened = File::open(file).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
        let opened = formats::open(opened, &name).map_err(Failure::input)?;
        let (told, whole) = detect(opened).map_err(|e| Failure::input(format!("{name}: {e}")))?;
        let detected = told_format(asked, told, &name, "--input-format")?;
        match (&foreign, detected.format) {
            (None, Format::Tellerbench) => {
                let Counting::Unit(unit) = options.counting(Format::Tellerbench) else {
                    return Err(Failure::usage(
                        "--offsets grapheme: not in a corpus of ours",
                    ));
                };
                for read in jsonl::Reader::new(whole, &name, unit) {
                    conversations.push(read.map_err(Failure::input)?);
                }
            }
            (Some(before), format) if before.format != format => {
                let before = before.format;
                return Err(Failure::input(format!(
                    "{name}: format {format}, and the files before it are {before}: score them apart"
                )));
            }
            (_, format) if conversations.is_empty() => {
                let into = foreign.get_or_insert(Foreign::new(format, read)?);
                into.take(whole, &name, &detected, &options, quiet)?;
            }
            (_, format) => {
                return Err(Failure::input(format!(
                    "{name}: format {format}, and the files before it are ours: score them apart"
                )));
            }
        }
    }
    let given = match foreign {
        None if read.gold_labels.is_some() => {
            return Err(Failure::usage(
                "--gold-labels is for corpora of other tools: this one has our labels",
            ));
        }
        None => None,
        Some(foreign) => {
            let (given, imported) = foreign.finish(path, &options, quiet)?;
            conversations = imported;
            Some(given)
        }
    };
    if conversations.is_empty() {
        let path = path.display();
        return Err(Failure::input(format!(
            "{path}: no conversations: nothing can be measured"
        )));
    }
    let content = content_of(&conversations);
    let manifest = manifest_beside(path);
    let known = manifest
        .as_ref()
        .filter(|m| m.content == content.to_string());
    let stem = || {
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let id = CorpusId {
        suite: known.map_or_else(stem, |m| m.spec.name.clone()),
        conversations: conversations.len() as u64,
        seed: known.map_or(0, |m| m.seed),
        corpus_version: known.map_or(0, |m| m.corpus_version),
        content_hash: content.to_string(),
    };
    Ok(Gold {
        conversations,
        id,
        given,
    })
}

/// The format that an option names, or that the content told.
///
/// # Errors
/// Neither.
pub fn told_format(
    asked: Option<Format>,
    told: Result<Detected, Undetected>,
    name: &str,
    option: &str,
) -> Result<Detected, Failure> {
    match (asked, told) {
        (Some(format), _) => Ok(Detected {
            format,
            why: "as asked".to_owned(),
        }),
        (None, Ok(detected)) => Ok(detected),
        (None, Err(undetected)) => Err(Failure::input(format!(
            "{name}: {undetected} ({option}; `tellerbench list formats`)"
        ))),
    }
}

/// A foreign corpus that is being read.
struct Foreign {
    format: Format,
    importer: Importer,
}

impl Foreign {
    fn new(format: Format, read: &ReadArgs) -> Result<Self, Failure> {
        let speakers = match &read.mapping {
            Some(path) => super::read_args::mapping(path)?.speakers.clone(),
            None => Default::default(),
        };
        let importer = Importer::new(read.labels()?, read.unmapped())
            .speakers(speakers)
            .language(read.input_language.clone());
        Ok(Foreign { format, importer })
    }

    fn take(
        &mut self,
        input: impl BufRead,
        name: &str,
        detected: &Detected,
        options: &ReadOptions,
        quiet: bool,
    ) -> Result<(), Failure> {
        let format = self.format;
        if !quiet {
            let why = &detected.why;
            eprintln!("tellerbench: {name}: read as {format} ({why})");
        }
        let mut documents = Documents::new(format, input, name, options).map_err(Failure::usage)?;
        for document in &mut documents {
            let added = self.importer.add(document.map_err(Failure::input)?);
            added.map_err(|e| Failure::input(format!("{name}: {e}")))?;
        }
        if let Some(doubt) = documents.doubt().filter(|_| !quiet) {
            eprintln!("tellerbench: {name}: {doubt}");
        }
        for (why, count) in documents.skipped().iter().filter(|_| !quiet) {
            eprintln!("tellerbench: {name}: {count} records skipped: {why}");
        }
        Ok(())
    }

    fn finish(
        self,
        path: &Path,
        options: &ReadOptions,
        quiet: bool,
    ) -> Result<(GivenCorpus, Vec<Conversation>), Failure> {
        let imported = self.importer.finish();
        let imported = imported.map_err(|e| Failure::input(format!("{}: {e}", path.display())))?;
        let ignored: u64 = imported.ignored.values().sum();
        let clusters = imported.clusters.unwrap_or(Clusters::Messages);
        let about = Given {
            format: self.format.name().to_owned(),
            offsets: match self.format.counting() {
                Some(_) => options.counting(self.format).name().to_owned(),
                None => "tokens".to_owned(),
            },
            clusters: clusters.name().to_owned(),
            messages: imported.units.len() as u64,
            spans: imported.spans,
            ignored,
        };
        if !quiet {
            let path = path.display();
            eprintln!("tellerbench: {path}: {about}");
            if imported.repeated > 0 {
                let repeated = imported.repeated;
                eprintln!("tellerbench: {path}: {repeated} spans were given twice and count once");
            }
            if !imported.unused.is_empty() {
                let unused = imported.unused.join(", ");
                eprintln!("tellerbench: {path}: rows of --gold-labels without a span: {unused}");
            }
        }
        let units = imported.units;
        Ok((GivenCorpus { about, units }, imported.conversations))
    }
}

fn content_of(conversations: &[Conversation]) -> ContentHash {
    let mut content = ContentHash::default();
    let mut line = Vec::new();
    for conversation in conversations {
        line.clear();
        jsonl::write(conversation, OffsetUnit::Codepoint, &mut line);
        content.add_line(&line);
    }
    content
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let named = |e: std::io::Error| Failure::usage(format!("{}: {e}", path.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(named)? {
        let file = entry.map_err(named)?.path();
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.starts_with('.') && (name.ends_with(".jsonl") || name.ends_with(".jsonl.zst")) {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        let path = path.display();
        return Err(Failure::usage(format!(
            "{path}: no .jsonl or .jsonl.zst files in it"
        )));
    }
    Ok(files)
}

fn manifest_beside(path: &Path) -> Option<Manifest> {
    let file = if path.is_dir() {
        path.join("manifest.json")
    } else {
        let mut name = path.file_name()?.to_owned();
        name.push(".manifest.json");
        path.with_file_name(name)
    };
    let read: Manifest = serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()?;
    (read.schema == manifest::MANIFEST_SCHEMA).then_some(read)
}
