//! Formats: one file each, reading and writing where both make sense.

pub mod documents;
pub mod jsonl;
pub mod predictions;

use std::io::{self, BufRead, BufReader, Read};

/// How much of a file is read at a time.
pub(crate) const BUFFER: usize = 64 << 10;

/// Opens a file that may be compressed with zstd (known by its first bytes).
///
/// # Errors
/// What the reader says.
pub fn open(file: impl Read + 'static, name: &str) -> io::Result<Box<dyn Read>> {
    let mut input = BufReader::with_capacity(BUFFER, file);
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
    let zstd = input
        .fill_buf()
        .map_err(named)?
        .starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    if zstd {
        Ok(Box::new(
            zstd::stream::read::Decoder::with_buffer(input).map_err(named)?,
        ))
    } else {
        Ok(Box::new(input))
    }
}

/// What the JSON reader says of one line. Its own number of that line is always 1; its column helps.
pub fn json_fault(error: &serde_json::Error) -> String {
    error
        .to_string()
        .replace(" at line 1 column ", " at column ")
}
