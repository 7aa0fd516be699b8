//! The manifest against the files, against itself, and against this program.

use super::Request;
use super::checks::{Check, Findings, Place, Violation};
use super::source::AuditError;
use crate::corpus::content::{ContentHash, hex};
use crate::corpus::manifest::{FileEntry, Manifest, Tally};
use crate::corpus::suites;
use crate::corpus::{CORPUS_VERSION, Corpus, Data};
use crate::taxonomy::Taxonomy;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// The corpus that a manifest speaks of, to be made again.
///
/// # Errors
/// Why it cannot be.
pub fn world(manifest: Option<&Manifest>, data: &Data) -> Result<Corpus, &'static str> {
    let manifest = manifest.ok_or("no manifest beside the corpus")?;
    if manifest.corpus_version != CORPUS_VERSION {
        return Err("the corpus is of another corpus_version than this program makes");
    }
    if manifest.label_set != Taxonomy::get().hash()
        || manifest.name_lists != crate::world::name_lists_hash()
    {
        return Err("the corpus was made from other labels or name lists");
    }
    match (&manifest.data, data.hash()) {
        (Some(_), None) => return Err("the corpus was made with --data or --templates of its own"),
        (made, given) if *made != given => {
            return Err("the corpus was made without these --data and --templates, or with others");
        }
        _ => {}
    }
    Corpus::with_data(data.clone(), manifest.spec.clone(), manifest.seed)
        .map_err(|_| "the spec cannot be met by this program")
}

/// What a manifest says of a file.
pub fn entry<'m>(manifest: Option<&'m Manifest>, file: &str) -> Option<&'m FileEntry> {
    let name = Path::new(file).file_name()?.to_str()?;
    manifest?.files.iter().find(|entry| entry.name == name)
}

/// Everything about the manifest that does not need the records one by one.
///
/// # Errors
/// A file that cannot be read again.
pub fn checks(
    request: &Request,
    content: ContentHash,
    tally: &Tally,
    findings: &mut Findings,
) -> Result<(), AuditError> {
    let Some(manifest) = &request.manifest else {
        for check in [
            Check::Manifest,
            Check::Sequence,
            Check::Content,
            Check::Tally,
            Check::Files,
        ] {
            findings.cannot(check, "no manifest beside the corpus");
        }
        return Ok(());
    };
    let mut judge = |check: Check, right: bool, what: &dyn Fn() -> String| match right {
        true => findings.passed(check, 1),
        false => findings.violated(
            check,
            Violation {
                place: Place::default(),
                id: manifest.corpus_id.clone(),
                what: what(),
                values: String::new(),
            },
        ),
    };
    judge(
        Check::Content,
        manifest.content == content.to_string(),
        &|| format!("content {content}, the manifest has {}", manifest.content),
    );
    judge(
        Check::Manifest,
        manifest.spec.hash() == manifest.spec_hash,
        &|| {
            format!(
                "the spec has the hash {}, not {}",
                manifest.spec.hash(),
                manifest.spec_hash
            )
        },
    );
    let due = format!(
        "{}:{}:{}:v{}:{}",
        manifest.spec.name,
        manifest.total,
        manifest.seed,
        manifest.corpus_version,
        manifest.content.get(..8).unwrap_or_default()
    );
    judge(Check::Manifest, manifest.corpus_id == due, &|| {
        format!("corpus_id should be {due}")
    });
    let listed: u64 = manifest
        .files
        .iter()
        .map(|entry| entry.to - entry.from)
        .sum();
    judge(
        Check::Manifest,
        listed == manifest.tally.conversations && listed <= manifest.total,
        &|| {
            format!(
                "files of {listed} records, a tally of {}, a total of {}",
                manifest.tally.conversations, manifest.total
            )
        },
    );
    let suite = suites::find(&manifest.spec.name).ok();
    if let Some(released) = suite.as_ref().and_then(|suite| suite.content_of(manifest)) {
        judge(Check::Content, released == manifest.content, &|| {
            format!(
                "content {}, the suite was released with {released}",
                manifest.content
            )
        });
    }
    counts(&mut judge, tally, &manifest.tally);
    for entry in &manifest.files {
        let here = request
            .files
            .iter()
            .any(|file| file.file_name().is_some_and(|n| *n == *entry.name));
        judge(Check::Files, here, &|| {
            format!("{} is in the manifest and not here", entry.name)
        });
    }
    for file in &request.files {
        let name = file.display().to_string();
        let Some(entry) = entry(Some(manifest), &name) else {
            judge(Check::Files, false, &|| {
                format!("{name} is not in the manifest")
            });
            continue;
        };
        let open = |source| AuditError::Open {
            path: name.clone(),
            source,
        };
        let bytes = std::fs::metadata(file).map_err(open)?.len();
        judge(Check::Files, bytes == entry.bytes, &|| {
            format!("{name}: {bytes} bytes, the manifest has {}", entry.bytes)
        });
        if request.hash_files {
            let open = |source| AuditError::Open {
                path: name.clone(),
                source,
            };
            let sha256 = hash(file).map_err(open)?;
            judge(Check::Files, sha256 == entry.sha256, &|| {
                format!(
                    "{name}: SHA-256 {sha256}, the manifest has {}",
                    entry.sha256
                )
            });
        }
    }
    if !request.hash_files {
        findings.cannot(Check::Files, "SHA-256 of files only with --files");
    }
    Ok(())
}

/// Takes down whether a claim is right, and what is wrong where it is not.
type Judge<'j> = dyn FnMut(Check, bool, &dyn Fn() -> String) + 'j;

fn counts(judge: &mut Judge<'_>, found: &Tally, said: &Tally) {
    let rows = |tally: &Tally| {
        let json = serde_json::to_value(tally).expect("counts are plain data");
        json.as_object().expect("a table").clone()
    };
    let (found, said) = (rows(found), rows(said));
    for (name, count) in &found {
        let due = &said[name];
        judge(
            Check::Tally,
            count == due,
            &|| match (count.as_u64(), due.as_u64()) {
                (Some(count), Some(due)) => format!("{name}: {count}, the manifest has {due}"),
                _ => format!("{name} differ from the manifest's"),
            },
        );
    }
}

fn hash(file: &Path) -> std::io::Result<String> {
    let mut input = BufReader::with_capacity(1 << 16, File::open(file)?);
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = input.read(&mut buffer)?;
        if length == 0 {
            return Ok(hex(hasher.finalize()));
        }
        hasher.update(&buffer[..length]);
    }
}
