//! Reading: the lines of all files, in pieces for threads.

use crate::formats::{self, jsonl::LONGEST_LINE};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

/// Why a corpus could not be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A file that cannot be opened.
    #[error("{path}: {source}")]
    Open {
        /// Which.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something that is no corpus.
    #[error("{0}")]
    Corrupt(String),
}

/// Lines of one file.
#[derive(Debug)]
pub struct Piece {
    /// Index of the piece in the corpus.
    pub number: u64,
    /// Index of the file.
    pub file: u32,
    /// How many records of the file come before it.
    pub before: u64,
    /// The lines with their numbers, from 1; blank ones left out.
    pub lines: Vec<(u64, String)>,
    /// Is it the last of its file?
    pub last: bool,
}

/// Lines of a piece.
const LINES: usize = 64;

/// Hands every line to `give` in order, until it returns false.
///
/// # Errors
/// A file that cannot be opened or read, a line that is not UTF-8 or too long.
pub fn read(files: &[PathBuf], mut give: impl FnMut(Piece) -> bool) -> Result<(), AuditError> {
    let mut number = 0;
    for (index, path) in files.iter().enumerate() {
        let name = path.display().to_string();
        let opened = File::open(path).map_err(|source| AuditError::Open {
            path: name.clone(),
            source,
        })?;
        let corrupt = |error: std::io::Error| AuditError::Corrupt(error.to_string());
        let mut input = BufReader::new(formats::open(opened, &name).map_err(corrupt)?);
        let (mut line, mut before) = (0, 0);
        let mut ended = false;
        while !ended {
            let mut lines = Vec::with_capacity(LINES);
            while lines.len() < LINES {
                let mut text = String::new();
                line += 1;
                let mut limited = Read::take(&mut input, LONGEST_LINE + 1);
                let length = limited
                    .read_line(&mut text)
                    .map_err(|error| AuditError::Corrupt(format!("{name}:{line}: {error}")))?;
                if length == 0 {
                    ended = true;
                    break;
                }
                if length as u64 > LONGEST_LINE {
                    let message =
                        format!("{name}:{line}: the line is longer than {LONGEST_LINE} bytes");
                    return Err(AuditError::Corrupt(message));
                }
                while text.ends_with(['\n', '\r']) {
                    text.pop();
                }
                if !text.trim().is_empty() {
                    lines.push((line, text));
                }
            }
            let count = lines.len() as u64;
            let piece = Piece {
                number,
                file: index as u32,
                before,
                lines,
                last: ended,
            };
            before += count;
            number += 1;
            if !give(piece) {
                return Ok(());
            }
        }
    }
    Ok(())
}
