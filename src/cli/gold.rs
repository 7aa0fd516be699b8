//! Gold corpora for scoring: a suite, or files with record lines.

use super::Failure;
use super::corpus_args::CorpusArgs;
use crate::conversation::Conversation;
use crate::corpus::content::ContentHash;
use crate::corpus::manifest::Manifest;
use crate::corpus::{CORPUS_VERSION, manifest};
use crate::formats::{self, jsonl};
use crate::report::result::CorpusId;
use crate::text::OffsetUnit;
use std::fs::File;
use std::io::{BufReader, Read};
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
}

impl Gold {
    /// The id as predictions files carry it.
    pub fn name(&self) -> String {
        name(&self.id)
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
    })
}

/// The conversations of a file, or of every corpus file of a folder.
///
/// # Errors
/// What is missing, or wrong with a line.
pub fn of_path(path: &Path, unit: OffsetUnit) -> Result<Gold, Failure> {
    let mut stream = Stream::open(path, unit)?;
    let mut conversations = Vec::new();
    while let Some(conversation) = stream.next()? {
        conversations.push(conversation);
    }
    let id = stream.finish()?;
    let ours = id.corpus_version > 0;
    Ok(Gold {
        conversations,
        id,
        ours,
    })
}

/// The conversations of a path one by one, in bounded memory.
pub struct Stream {
    path: PathBuf,
    files: std::vec::IntoIter<PathBuf>,
    unit: OffsetUnit,
    reader: Option<jsonl::Reader<BufReader<Box<dyn Read>>>>,
    content: ContentHash,
    conversations: u64,
    line: Vec<u8>,
}

impl Stream {
    /// Lists the files of a path.
    ///
    /// # Errors
    /// A folder without corpus files.
    pub fn open(path: &Path, unit: OffsetUnit) -> Result<Stream, Failure> {
        Ok(Stream {
            path: path.to_owned(),
            files: files_of(path)?.into_iter(),
            unit,
            reader: None,
            content: ContentHash::default(),
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
            let read = match &mut self.reader {
                Some(reader) => reader.next(),
                None => None,
            };
            if let Some(read) = read {
                let conversation = read.map_err(Failure::input)?;
                self.line.clear();
                jsonl::write(&conversation, OffsetUnit::Codepoint, &mut self.line);
                self.content.add_line(&self.line);
                self.conversations += 1;
                return Ok(Some(conversation));
            }
            let Some(file) = self.files.next() else {
                return Ok(None);
            };
            let name = file.display().to_string();
            let opened = File::open(&file).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
            let input = formats::open(opened, &name).map_err(Failure::input)?;
            let input = BufReader::with_capacity(1 << 16, input);
            self.reader = Some(jsonl::Reader::new(input, &name, self.unit));
        }
    }

    /// What was read.
    ///
    /// # Errors
    /// Nothing at all.
    pub fn finish(self) -> Result<CorpusId, Failure> {
        let path = &self.path;
        if self.conversations == 0 {
            let path = path.display();
            return Err(Failure::input(format!(
                "{path}: no conversations: nothing can be measured"
            )));
        }
        let content_hash = self.content.to_string();
        let manifest = manifest_beside(path);
        let known = manifest.as_ref().filter(|m| m.content == content_hash);
        let stem = || {
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        Ok(CorpusId {
            suite: known.map_or_else(stem, |m| m.spec.name.clone()),
            conversations: self.conversations,
            seed: known.map_or(0, |m| m.seed),
            corpus_version: known.map_or(0, |m| m.corpus_version),
            content_hash,
        })
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
