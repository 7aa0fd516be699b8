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
use std::io::BufReader;
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
        ours: true,
    })
}

/// The conversations of a file, or of every corpus file of a folder.
///
/// # Errors
/// What is missing, or wrong with a line.
pub fn of_path(path: &Path, unit: OffsetUnit) -> Result<Gold, Failure> {
    let mut conversations = Vec::new();
    let files = files_of(path)?;
    for file in &files {
        let name = file.display().to_string();
        let opened = File::open(file).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
        let reader = formats::open(opened, &name).map_err(Failure::input)?;
        for read in jsonl::Reader::new(BufReader::new(reader), &name, unit) {
            conversations.push(read.map_err(Failure::input)?);
        }
    }
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
    let ours = known.is_some();
    Ok(Gold {
        conversations,
        id,
        ours,
    })
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
