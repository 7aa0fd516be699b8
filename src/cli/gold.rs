//! Gold corpora for scoring: a suite, or files with record lines.

use super::corpus_args::CorpusArgs;
use super::read_args::ReadArgs;
use super::{Failure, Outcome};
use crate::conversation::{Conversation, Split};
use crate::corpus::content::ContentHash;
use crate::corpus::manifest::Manifest;
use crate::corpus::{CORPUS_VERSION, manifest};
use crate::formats::documents::{
    Clusters, Detected, Documents, Format, Importer, Kind, ReadOptions, Undetected, Unit, Whole,
    detect,
};
use crate::formats::{self, jsonl};
use crate::report::result::{CorpusId, Given};
use crate::text::OffsetUnit;
use std::fs::File;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

/// A corpus in memory, with its id.
#[derive(Debug)]
pub struct Gold {
    /// The conversations, in order.
    pub conversations: Vec<Conversation>,
    /// What they are.
    pub id: CorpusId,
    /// Is it a corpus of tellerbench: a suite, or files that are what the manifest beside them says?
    pub ours: bool,
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
        name(&self.id)
    }

    /// Its format.
    pub fn format(&self) -> Format {
        let given = self.given.as_ref();
        given
            .and_then(|given| Format::named(&given.about.format))
            .unwrap_or(Format::Tellerbench)
    }

    /// The split of the corpus, where it is all of one. What was made elsewhere has none.
    pub fn only_split(&self) -> Option<Split> {
        let first = self.conversations.first()?.split;
        let alone = self.given.is_none() && self.conversations.iter().all(|c| c.split == first);
        alone.then_some(first)
    }
}

/// An id as predictions files carry it.
pub fn name(id: &CorpusId) -> String {
    let short = id.content_hash.get(..8).unwrap_or(&id.content_hash);
    format!(
        "{}:{}:{}:v{}:{short}",
        id.suite, id.conversations, id.seed, id.corpus_version
    )
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
        ours: true,
        given: None,
    })
}

/// The conversations of a file, or of every corpus file of a folder.
///
/// # Errors
/// What is missing, or wrong with a record; labels that nobody has mapped.
pub fn of_path(path: &Path, read: &ReadArgs, quiet: bool) -> Result<Gold, Failure> {
    of_files(Files::open(path, read)?, read, quiet)
}

/// The conversations of files that are open.
///
/// # Errors
/// What is missing, or wrong with a record; labels that nobody has mapped.
pub fn of_files(files: Files, read: &ReadArgs, quiet: bool) -> Result<Gold, Failure> {
    let path = files.path.clone();
    if files.format() == Format::Tellerbench {
        let mut stream = Stream::of(files, read)?;
        let mut conversations = Vec::new();
        while let Some(conversation) = stream.next()? {
            conversations.push(conversation);
        }
        let id = stream.finish()?;
        let ours = id.corpus_version > 0;
        return Ok(Gold {
            conversations,
            id,
            ours,
            given: None,
        });
    }
    let (given, conversations) = foreign(files, read, quiet)?;
    if conversations.is_empty() {
        return Err(nothing(&path));
    }
    let id = CorpusId {
        suite: stem(&path),
        conversations: conversations.len() as u64,
        seed: 0,
        corpus_version: 0,
        content_hash: content_of(&conversations).to_string(),
    };
    Ok(Gold {
        conversations,
        id,
        ours: false,
        given: Some(given),
    })
}

fn nothing(path: &Path) -> Failure {
    let path = path.display();
    Failure::input(format!("{path}: no messages: nothing can be measured"))
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// A file of a corpus, looked at and whole.
pub struct Opened {
    /// Its name in messages.
    pub name: String,
    /// What it was taken for.
    pub detected: Detected,
    /// All of it.
    pub input: Whole<Box<dyn Read>>,
}

impl Opened {
    /// Says on stderr what the file was taken for.
    pub fn say_what_it_is(&self, quiet: bool) {
        if !quiet {
            let (name, Detected { format, why }) = (&self.name, &self.detected);
            eprintln!("tellerbench: {name}: read as {format} ({why})");
        }
    }
}

/// The files of a path, one after the other, all of one format. Each is opened once, so that it may be
/// a pipe.
pub struct Files {
    path: PathBuf,
    left: std::vec::IntoIter<PathBuf>,
    first: Option<Opened>,
    format: Format,
    asked: Option<Format>,
}

impl Files {
    /// Lists the files of a path and looks at the first that is not empty.
    ///
    /// # Errors
    /// A folder without corpus files; a file that cannot be read, or is of no format that is known.
    pub fn open(path: &Path, read: &ReadArgs) -> Result<Files, Failure> {
        let asked = read.format()?;
        let mut left = files_of(path)?.into_iter();
        loop {
            let Some(file) = left.next() else {
                return Err(nothing(path));
            };
            let LookedAt {
                name,
                told,
                mut input,
            } = looked_at(&file)?;
            let empty = input.fill_buf().map_err(Failure::input)?.is_empty();
            if empty && left.len() > 0 {
                continue;
            }
            let detected = told_format(asked, told, &name, "--input-format")?;
            if detected.format.kind() == Kind::Answers {
                let format = detected.format;
                return Err(Failure::input(format!(
                    "{name}: format {format} ({}): answers without texts can be scored against a \
                     corpus, and are none",
                    detected.why
                )));
            }
            read.check_corpus(detected.format)?;
            return Ok(Files {
                path: path.to_owned(),
                left,
                format: detected.format,
                first: Some(Opened {
                    name,
                    detected,
                    input,
                }),
                asked,
            });
        }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The format of all of them.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The next file.
    ///
    /// # Errors
    /// A file that cannot be read, or is of another format than the first.
    pub fn next(&mut self) -> Result<Option<Opened>, Failure> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let Some(file) = self.left.next() else {
            return Ok(None);
        };
        let LookedAt { name, told, input } = looked_at(&file)?;
        let detected = match (self.asked, told) {
            (None, Ok(told)) if told.format != self.format => {
                let (format, before) = (told.format, self.format);
                return Err(Failure::input(format!(
                    "{name}: format {format}, and the files before it are {before}: score them apart"
                )));
            }
            (None, Ok(told)) => told,
            // It may be empty; and what is wrong with it is told best by the reader.
            _ => Detected {
                format: self.format,
                why: "as the files before it".to_owned(),
            },
        };
        Ok(Some(Opened {
            name,
            detected,
            input,
        }))
    }
}

/// A file whose head was looked at.
pub struct LookedAt {
    /// Its name in messages.
    pub name: String,
    /// What it looks like.
    pub told: Result<Detected, Undetected>,
    /// All of it.
    pub input: Whole<Box<dyn Read>>,
}

/// Opens a file and looks at its head.
///
/// # Errors
/// What the system says.
pub fn looked_at(file: &Path) -> Result<LookedAt, Failure> {
    let name = file.display().to_string();
    let opened = File::open(file).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    let opened = formats::open(opened, &name).map_err(Failure::input)?;
    let (told, input) = detect(opened).map_err(|e| Failure::input(format!("{name}: {e}")))?;
    Ok(LookedAt { name, told, input })
}

/// The conversations of files of ours one by one, in bounded memory.
pub struct Stream {
    files: Files,
    unit: OffsetUnit,
    reader: Option<jsonl::Reader<Whole<Box<dyn Read>>>>,
    content: ContentHash,
    manifest: Option<Manifest>,
    /// Is the content that of the lines as they stand? Where a manifest says the same, they are canonical;
    /// where it does not, the files are read again.
    as_it_stands: bool,
    conversations: u64,
    line: Vec<u8>,
}

impl Stream {
    /// Reads files of ours.
    ///
    /// # Errors
    /// An offset unit that they cannot have.
    pub fn of(files: Files, read: &ReadArgs) -> Result<Stream, Failure> {
        let manifest = manifest_beside(&files.path);
        let mut all = files_of(&files.path)?.into_iter();
        Ok(Stream {
            unit: read.unit_of_ours()?,
            reader: None,
            content: ContentHash::default(),
            as_it_stands: manifest.is_some() && all.all(|file| file.is_file()),
            manifest,
            files,
            conversations: 0,
            line: Vec::new(),
        })
    }

    /// The next conversation.
    ///
    /// # Errors
    /// What is missing, or wrong with a line.
    pub fn next(&mut self) -> Result<Option<Conversation>, Failure> {
        loop {
            if let Some(reader) = &mut self.reader
                && let Some(read) = reader.next()
            {
                let conversation = read.map_err(Failure::input)?;
                if self.as_it_stands {
                    self.content.add_line(reader.line().as_bytes());
                } else {
                    add_to(&mut self.content, &conversation, &mut self.line);
                }
                self.conversations += 1;
                return Ok(Some(conversation));
            }
            let Some(file) = self.files.next()? else {
                return Ok(None);
            };
            self.reader = Some(jsonl::Reader::new(file.input, &file.name, self.unit));
        }
    }

    /// What was read.
    ///
    /// # Errors
    /// Nothing at all.
    pub fn finish(self) -> Result<CorpusId, Failure> {
        let path = &self.files.path;
        if self.conversations == 0 {
            return Err(nothing(path));
        }
        let said = |content: &str| self.manifest.as_ref().filter(|m| m.content == content);
        let mut content_hash = self.content.to_string();
        if self.as_it_stands && said(&content_hash).is_none() {
            content_hash = content_of_files(path, self.unit)?.to_string();
        }
        let known = said(&content_hash);
        Ok(CorpusId {
            suite: known.map_or_else(|| stem(path), |m| m.spec.name.clone()),
            conversations: self.conversations,
            seed: known.map_or(0, |m| m.seed),
            corpus_version: known.map_or(0, |m| m.corpus_version),
            content_hash,
        })
    }
}

/// Somebody else's corpus as conversations of ours.
fn foreign(
    mut files: Files,
    read: &ReadArgs,
    quiet: bool,
) -> Result<(GivenCorpus, Vec<Conversation>), Failure> {
    let options = read.options()?;
    let mut into = Foreign::new(files.format(), read)?;
    while let Some(file) = files.next()? {
        into.take(file, &options, quiet)?;
    }
    into.finish(&files.path, &options, quiet)
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

    fn take(&mut self, file: Opened, options: &ReadOptions, quiet: bool) -> Outcome {
        let (format, name) = (self.format, &file.name);
        file.say_what_it_is(quiet);
        let documents = Documents::new(format, file.input, name, options);
        let mut documents = documents.map_err(Failure::usage)?;
        for document in &mut documents {
            let added = self.importer.add(document.map_err(Failure::input)?);
            added.map_err(|e| Failure::input(format!("{name}: {e}")))?;
        }
        if let Some(doubt) = documents.doubt().filter(|_| !quiet) {
            eprintln!("tellerbench: {name}: {doubt}");
        }
        for (why, count) in documents.skipped().iter().filter(|_| !quiet) {
            eprintln!("tellerbench: {name}: records skipped: {count} ({why})");
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
    let (mut content, mut line) = (ContentHash::default(), Vec::new());
    for conversation in conversations {
        add_to(&mut content, conversation, &mut line);
    }
    content
}

/// The content of files of ours whose lines need not be canonical.
fn content_of_files(path: &Path, unit: OffsetUnit) -> Result<ContentHash, Failure> {
    let (mut content, mut line) = (ContentHash::default(), Vec::new());
    for file in files_of(path)? {
        let LookedAt { name, input, .. } = looked_at(&file)?;
        for conversation in jsonl::Reader::new(input, &name, unit) {
            let conversation = conversation.map_err(Failure::input)?;
            add_to(&mut content, &conversation, &mut line);
        }
    }
    Ok(content)
}

/// Adds a conversation by its canonical record line.
fn add_to(content: &mut ContentHash, conversation: &Conversation, line: &mut Vec<u8>) {
    line.clear();
    jsonl::write(conversation, OffsetUnit::Codepoint, line);
    content.add_line(line);
}

/// The corpus files of a path: itself, or those of a folder by name.
///
/// # Errors
/// A folder that cannot be read or has none.
pub fn files_of(path: &Path) -> Result<Vec<PathBuf>, Failure> {
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

/// The manifest beside a path, where there is one that this version reads.
pub fn manifest_beside(path: &Path) -> Option<Manifest> {
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
