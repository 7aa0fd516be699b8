//! Writing a corpus: files that appear whole or not at all, with a manifest, and resumed when a run
//! was interrupted.
//!
//! While it is being written a file is called `NAME.inprogress`; `NAME.journal` beside it says after
//! every chunk how far it is good. Both vanish when the file gets its name.

use crate::corpus::content::{ContentHash, hex};
use crate::corpus::generate::Corpus;
use crate::corpus::manifest::{Counter, FileEntry, MANIFEST_SCHEMA, Manifest, Tally, corpus_id};
use crate::corpus::pipeline::ordered;
use crate::corpus::{CORPUS_VERSION, plan};
use crate::formats::jsonl;
use crate::taxonomy::Taxonomy;
use crate::text::OffsetUnit;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Conversations in a chunk: the unit of work, and a frame of a compressed file.
pub const CHUNK: u64 = 1024;

/// Conversations in a chunk of plain lines: few enough to be written while a processor still holds them.
const PLAIN_CHUNK: u64 = 128;

/// The level at which zstd compresses: fixed, because bytes are promised.
pub const ZSTD_LEVEL: i32 = 3;

/// How a corpus is to be written.
#[derive(Clone, Debug)]
pub struct Options {
    /// Conversations of the whole corpus.
    pub total: u64,
    /// In how many parts it is divided.
    pub parts: u64,
    /// The parts to write, from 1.
    pub part: std::ops::RangeInclusive<u64>,
    /// Threads.
    pub threads: usize,
    /// Compress with zstd?
    pub zstd: bool,
    /// Unit of the offsets.
    pub offsets: OffsetUnit,
    /// Replace files that are already there?
    pub force: bool,
    /// The suite that it is, whole.
    pub suite: Option<Released>,
}

/// A suite as a whole: what its corpus is beyond what its spec asks for.
#[derive(Clone, Debug)]
pub struct Released {
    /// Its licence.
    pub licence: String,
    /// Of a gate, the indices of the conversations that it is made of; otherwise it is the first ones.
    pub chosen: Option<Vec<u64>>,
}

impl Options {
    fn chosen(&self) -> Option<&[u64]> {
        self.suite.as_ref()?.chosen.as_deref()
    }
}

/// Why a corpus could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The file system said no.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: String,
        /// What it said.
        source: io::Error,
    },
    /// A file of that name is there.
    #[error("{0} already exists (--force replaces it)")]
    Exists(String),
    /// The work was stopped.
    #[error("interrupted: the same command goes on where it stopped")]
    Interrupted,
}

impl OutputError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> OutputError + '_ {
        move |source| OutputError::Io {
            path: path.display().to_string(),
            source,
        }
    }
}

/// One chunk, made.
#[derive(Debug, Default)]
pub struct Chunk {
    bytes: Vec<u8>,
    line: Vec<u8>,
    compressed: Vec<u8>,
    content: ContentHash,
    tally: Tally,
}

/// Makes the record lines of `range`.
fn make_chunk(
    corpus: &Corpus,
    range: std::ops::Range<u64>,
    options: &Options,
    recycled: Option<Chunk>,
) -> Chunk {
    let mut chunk = recycled.unwrap_or_default();
    chunk.bytes.clear();
    chunk.content = ContentHash::default();
    let mut counter = Counter::default();
    let chosen = options.chosen();
    let indices = range.map(|at| chosen.map_or(at, |chosen| chosen[at as usize]));
    for conversation in indices.flat_map(|index| corpus.family(index)) {
        counter.add(&conversation);
        let start = chunk.bytes.len();
        jsonl::write(&conversation, options.offsets, &mut chunk.bytes);
        if options.offsets == OffsetUnit::Codepoint {
            chunk.content.add_line(&chunk.bytes[start..]);
        } else {
            // The canonical line counts code points, whatever is written.
            chunk.line.clear();
            jsonl::write(&conversation, OffsetUnit::Codepoint, &mut chunk.line);
            chunk.content.add_line(&chunk.line);
        }
        chunk.bytes.push(b'\n');
    }
    chunk.tally = counter.finish();
    if options.zstd {
        chunk.compressed.clear();
        let frame = zstd::bulk::compress(&chunk.bytes, ZSTD_LEVEL)
            .expect("compressing into memory only fails without memory");
        chunk.compressed.extend_from_slice(&frame);
    }
    chunk
}

impl Chunk {
    fn written(&self, options: &Options) -> &[u8] {
        if options.zstd {
            &self.compressed
        } else {
            &self.bytes
        }
    }
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The files.
    pub files: Vec<FileEntry>,
    /// Their content.
    pub content: ContentHash,
    /// What they hold.
    pub tally: Tally,
}

/// Writes record lines to a stream: no manifest, no resume.
///
/// # Errors
/// What the stream said.
pub fn to_stream(
    corpus: &Corpus,
    options: &Options,
    out: &mut dyn Write,
) -> Result<Written, OutputError> {
    let mut written = Written::default();
    for part in options.part.clone() {
        let range = plan::part_range(options.total, options.parts, part, CHUNK);
        chunks(corpus, &range, 0, options, &mut |_, chunk| {
            let stream = Path::new("standard output");
            out.write_all(chunk.written(options))
                .map_err(OutputError::io(stream))?;
            written.content.add(&chunk.content);
            written.tally.add(&chunk.tally);
            Ok(())
        })?;
    }
    out.flush()
        .map_err(OutputError::io(Path::new("standard output")))?;
    Ok(written)
}

/// Chunks of a range, in order, from the `skip`-th on.
fn chunks(
    corpus: &Corpus,
    range: &std::ops::Range<u64>,
    skip: u64,
    options: &Options,
    consume: &mut dyn FnMut(u64, &Chunk) -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let bounds = chunk_bounds(range, options);
    let count = (bounds.len() as u64 - 1).saturating_sub(skip);
    ordered(
        count,
        options.threads,
        |number, recycled| {
            let at = (skip + number) as usize;
            make_chunk(corpus, bounds[at]..bounds[at + 1], options, recycled)
        },
        |number, chunk| consume(skip + number, chunk),
    )
}

/// Conversations in a chunk.
fn chunk_length(options: &Options) -> u64 {
    match options.zstd {
        true => CHUNK,
        false => PLAIN_CHUNK,
    }
}

/// Where chunks begin and end: at multiples of their length, whatever the part.
fn chunk_bounds(range: &std::ops::Range<u64>, options: &Options) -> Vec<u64> {
    let length = chunk_length(options);
    let mut bounds = vec![range.start];
    let mut next = (range.start / length + 1) * length;
    while next < range.end {
        bounds.push(next);
        next += length;
    }
    bounds.push(range.end);
    bounds
}

/// A line of the journal.
#[derive(Debug, Serialize, Deserialize)]
struct JournalLine {
    chunks: u64,
    bytes: u64,
    content: String,
    tally: Tally,
}

/// The head of the journal: what the file will be.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct JournalHead {
    spec_hash: String,
    #[serde(default)]
    data: Option<String>,
    seed: u64,
    from: u64,
    to: u64,
    corpus_version: u32,
    offsets: OffsetUnit,
    zstd: bool,
    chunk: u64,
}

/// Does a path name one file, rather than a folder of parts?
pub fn is_one_file(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "jsonl" || e == "zst")
}

/// The names of the files of `path`: itself where it names one file, otherwise one for each part in it.
pub fn file_names(path: &Path, options: &Options) -> Vec<(u64, PathBuf)> {
    let single = is_one_file(path);
    let extension = if options.zstd { "jsonl.zst" } else { "jsonl" };
    options
        .part
        .clone()
        .map(|part| {
            let file = if single {
                path.to_owned()
            } else {
                path.join(format!(
                    "part-{part:05}-of-{:05}.{extension}",
                    options.parts
                ))
            };
            (part, file)
        })
        .collect()
}

/// Writes files and their manifest. `progress` is told the conversations done so far, and stops the
/// work by returning false.
///
/// # Errors
/// Files that are there and may not be replaced, before anything is touched; what the file system
/// says; an interruption, after which the same call goes on.
pub fn to_files(
    corpus: &Corpus,
    path: &Path,
    options: &Options,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<Manifest, OutputError> {
    let names = file_names(path, options);
    let manifest_path = manifest_path(path, options);
    if !options.force {
        let mut targets = names.iter().map(|(_, file)| file).chain([&manifest_path]);
        if let Some(taken) = targets.find(|file| file.exists()) {
            return Err(OutputError::Exists(taken.display().to_string()));
        }
    }
    let folder = manifest_path.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(OutputError::io(folder))?;
    }
    let mut written = Written::default();
    let mut before = 0;
    for (part, file) in &names {
        let range = plan::part_range(options.total, options.parts, *part, CHUNK);
        let length = range.end - range.start;
        let one = write_file(corpus, file, &range, options, &mut |done| {
            progress(before + done)
        })?;
        before += length;
        written.files.extend(one.files);
        written.content.add(&one.content);
        written.tally.add(&one.tally);
    }
    let manifest = manifest(corpus, options, written);
    let json = serde_json::to_string_pretty(&manifest).expect("a manifest is plain data") + "\n";
    let temporary = with_suffix(&manifest_path, "inprogress");
    fs::write(&temporary, json).map_err(OutputError::io(&temporary))?;
    fs::rename(&temporary, &manifest_path).map_err(OutputError::io(&manifest_path))?;
    Ok(manifest)
}

/// Where the manifest of an output path stands.
pub fn manifest_path(path: &Path, options: &Options) -> PathBuf {
    let single = is_one_file(path);
    if single {
        return with_suffix(path, "manifest.json");
    }
    let all = *options.part.start() == 1 && *options.part.end() == options.parts;
    if all {
        path.join("manifest.json")
    } else {
        let (first, last) = (options.part.start(), options.part.end());
        path.join(format!(
            "manifest-{first:05}-{last:05}-of-{:05}.json",
            options.parts
        ))
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

/// The manifest of what was written.
pub fn manifest(corpus: &Corpus, options: &Options, written: Written) -> Manifest {
    let spec = corpus.spec().clone();
    Manifest {
        schema: MANIFEST_SCHEMA,
        kind: "corpus".into(),
        corpus_id: corpus_id(&spec.name, options.total, corpus.seed(), &written.content),
        spec_hash: spec.hash(),
        spec,
        seed: corpus.seed(),
        total: options.total,
        corpus_version: CORPUS_VERSION,
        crate_version: env!("CARGO_PKG_VERSION").into(),
        label_set: Taxonomy::get().hash().into(),
        name_lists: corpus.name_lists_hash(),
        data: corpus.data().hash(),
        offsets: options.offsets,
        values: corpus.spec().values.name().into(),
        content: written.content.to_string(),
        files: written.files,
        tally: written.tally,
        chosen: options.chosen().is_some(),
        licence: match &options.suite {
            Some(suite) => suite.licence.clone(),
            None => "CC0-1.0".into(),
        },
        attributions: crate::world::attributions(),
    }
}

fn write_file(
    corpus: &Corpus,
    file: &Path,
    range: &std::ops::Range<u64>,
    options: &Options,
    progress: &mut dyn FnMut(u64) -> bool,
) -> Result<Written, OutputError> {
    let temporary = with_suffix(file, "inprogress");
    let journal_path = with_suffix(file, "journal");
    let head = JournalHead {
        spec_hash: corpus.spec().hash(),
        data: corpus.data().hash(),
        seed: corpus.seed(),
        from: range.start,
        to: range.end,
        corpus_version: CORPUS_VERSION,
        offsets: options.offsets,
        zstd: options.zstd,
        chunk: chunk_length(options),
    };
    let mut state = resume(&temporary, &journal_path, &head)?;
    let bounds = chunk_bounds(range, options);
    let mut stopped = false;
    {
        let (out, journal, hasher) = (&mut state.out, &mut state.journal, &mut state.hasher);
        let (content, tally, bytes) = (&mut state.content, &mut state.tally, &mut state.bytes);
        let done = chunks(
            corpus,
            range,
            state.chunks,
            options,
            &mut |number, chunk| {
                let written = chunk.written(options);
                out.write_all(written)
                    .map_err(OutputError::io(&temporary))?;
                hasher.update(written);
                content.add(&chunk.content);
                tally.add(&chunk.tally);
                *bytes += written.len() as u64;
                let line = JournalLine {
                    chunks: number + 1,
                    bytes: *bytes,
                    content: content.to_string(),
                    tally: tally.clone(),
                };
                let mut line = serde_json::to_string(&line).expect("a journal line is plain data");
                line.push('\n');
                journal
                    .write_all(line.as_bytes())
                    .map_err(OutputError::io(&journal_path))?;
                if progress(bounds[number as usize + 1] - range.start) {
                    Ok(())
                } else {
                    stopped = true;
                    Err(OutputError::Interrupted)
                }
            },
        );
        done?;
    }
    state.out.sync_all().map_err(OutputError::io(&temporary))?;
    drop((state.out, state.journal));
    fs::rename(&temporary, file).map_err(OutputError::io(file))?;
    fs::remove_file(&journal_path).map_err(OutputError::io(&journal_path))?;
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let entry = FileEntry {
        name,
        from: range.start,
        to: range.end,
        bytes: state.bytes,
        sha256: hex(state.hasher.finalize()),
    };
    Ok(Written {
        files: vec![entry],
        content: state.content,
        tally: state.tally,
    })
}

/// Where a file stands that is being written.
struct State {
    out: File,
    journal: File,
    hasher: Sha256,
    content: ContentHash,
    tally: Tally,
    bytes: u64,
    chunks: u64,
}

/// Opens the files of an interrupted run at the last good chunk, or new ones.
fn resume(temporary: &Path, journal: &Path, head: &JournalHead) -> Result<State, OutputError> {
    if let Some(last) = last_good(journal, head) {
        let open = OpenOptions::new().read(true).write(true).open(temporary);
        if let Ok(mut out) = open {
            let length = out.metadata().map_err(OutputError::io(temporary))?.len();
            if length >= last.bytes {
                out.set_len(last.bytes)
                    .map_err(OutputError::io(temporary))?;
                let hasher = hash_of(&mut out).map_err(OutputError::io(temporary))?;
                out.seek(SeekFrom::End(0))
                    .map_err(OutputError::io(temporary))?;
                let journal_file = OpenOptions::new().append(true).open(journal);
                return Ok(State {
                    out,
                    journal: journal_file.map_err(OutputError::io(journal))?,
                    hasher,
                    content: ContentHash::parse(&last.content).unwrap_or_default(),
                    tally: last.tally,
                    bytes: last.bytes,
                    chunks: last.chunks,
                });
            }
        }
    }
    let out = File::create(temporary).map_err(OutputError::io(temporary))?;
    let mut journal_file = File::create(journal).map_err(OutputError::io(journal))?;
    let head = serde_json::to_string(head).expect("a journal head is plain data") + "\n";
    journal_file
        .write_all(head.as_bytes())
        .map_err(OutputError::io(journal))?;
    Ok(State {
        out,
        journal: journal_file,
        hasher: Sha256::new(),
        content: ContentHash::default(),
        tally: Tally::default(),
        bytes: 0,
        chunks: 0,
    })
}

/// The last whole line of a journal with this head.
fn last_good(journal: &Path, head: &JournalHead) -> Option<JournalLine> {
    let mut lines = BufReader::new(File::open(journal).ok()?).lines();
    let first: JournalHead = serde_json::from_str(&lines.next()?.ok()?).ok()?;
    if first != *head {
        return None;
    }
    lines
        .map_while(|line| serde_json::from_str(&line.ok()?).ok())
        .last()
}

fn hash_of(file: &mut File) -> io::Result<Sha256> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher),
            n => hasher.update(&buffer[..n]),
        }
    }
}
