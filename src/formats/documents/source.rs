//! Bytes in, records out: lines, and the elements of a JSON array, each with its place and its cap.

use std::io::BufRead;

/// The longest record (a line, an element of a JSON array, a row) that is read: far above any
/// message, far below any memory.
pub const LONGEST_RECORD: usize = 64 << 20;

/// What is wrong with a foreign file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct ReadError {
    /// The file.
    pub file: String,
    /// The line, from 1: where the record begins.
    pub line: u64,
    /// What is wrong and what to do.
    pub message: String,
}

/// A file as records. `line` is the line of what was read last.
pub struct Source<'a> {
    input: Box<dyn BufRead + 'a>,
    file: String,
    /// The line on which the last record began.
    line: u64,
    /// Line feeds that were read.
    fed: u64,
    cap: usize,
    buffer: Vec<u8>,
    json: Shape,
    element: u64,
}

/// How a file holds its JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Nothing was read yet.
    Unknown,
    /// One value a line.
    Lines,
    /// Elements of one array, before the first.
    Array,
    /// The array has ended.
    Ended,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({}:{})", self.file, self.line)
    }
}

impl<'a> Source<'a> {
    /// Reads from `input`, which messages call `file`.
    pub fn new(input: impl BufRead + 'a, file: &str) -> Self {
        Source {
            input: Box::new(input),
            file: file.to_owned(),
            line: 0,
            fed: 0,
            cap: LONGEST_RECORD,
            buffer: Vec::new(),
            json: Shape::Unknown,
            element: 0,
        }
    }

    /// The line on which the last record began, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// An error about the last record.
    pub fn error(&self, message: impl Into<String>) -> ReadError {
        self.error_at(self.line, message)
    }

    /// An error about a line.
    pub fn error_at(&self, line: u64, message: impl Into<String>) -> ReadError {
        let mut message = message.into();
        if self.json == Shape::Array && self.element > 0 {
            message = format!("element {}: {message}", self.element - 1);
        }
        ReadError {
            file: self.file.clone(),
            line: line.max(1),
            message,
        }
    }

    /// The next line without its end; `None` behind the last. A byte order mark at the head of the
    /// file is no text.
    ///
    /// # Errors
    /// A line that is too long, or not UTF-8; what the reader says.
    pub fn next_line(&mut self) -> Result<Option<&str>, ReadError> {
        self.buffer.clear();
        self.line = self.fed + 1;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => {
                    let said = e.to_string();
                    return Err(self.error(said));
                }
            };
            if chunk.is_empty() {
                if self.buffer.is_empty() {
                    return Ok(None);
                }
                break;
            }
            let feed = memchr::memchr(b'\n', chunk);
            let taken = feed.map_or(chunk.len(), |at| at + 1);
            let whole = self.buffer.len() + taken <= self.cap;
            if whole {
                self.buffer.extend_from_slice(&chunk[..taken]);
            }
            self.input.consume(taken);
            if !whole {
                let message = format!("the line is longer than {} bytes", self.cap);
                return Err(self.error(message));
            }
            if feed.is_some() {
                self.fed += 1;
                break;
            }
        }
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
            if self.buffer.last() == Some(&b'\r') {
                self.buffer.pop();
            }
        }
        if self.line == 1 && self.buffer.starts_with(b"\xEF\xBB\xBF") {
            self.buffer.drain(..3);
        }
        self.text().map(Some)
    }

    fn text(&self) -> Result<&str, ReadError> {
        std::str::from_utf8(&self.buffer).map_err(|error| {
            let at = error.valid_up_to();
            let message = format!("byte {at} of the record is not UTF-8: convert the file first");
            self.error(message)
        })
    }

    /// The next JSON value: of a line, or of an array that is the whole file. `None` behind the last.
    ///
    /// An array of records is told from a record that is itself an array by its second bracket: a
    /// file that begins with `[{` or `[[` is one array, `["text", {…}]` is one record.
    ///
    /// # Errors
    /// As [`Source::next_line`]; an array that does not end.
    pub fn next_json(&mut self) -> Result<Option<&str>, ReadError> {
        if self.json == Shape::Unknown {
            self.json = Shape::Lines;
            if self.skip_blank()? == Some(b'[') {
                self.begin()?;
            }
        }
        match self.json {
            Shape::Ended => match self.skip_blank()? {
                None => Ok(None),
                Some(byte) => {
                    self.line = self.fed + 1;
                    let found = char::from(byte);
                    Err(self.error(format!("`{found}` behind the end of the array")))
                }
            },
            Shape::Array => self.next_element(),
            Shape::Lines | Shape::Unknown => loop {
                // The borrow of a line cannot be returned from inside the loop that skips others.
                match self.next_line()? {
                    None => return Ok(None),
                    Some(line) if line.trim().is_empty() => {}
                    Some(_) => return self.text().map(Some),
                }
            },
        }
    }

    /// Is this an array of records? Looks behind the first bracket, within what is buffered.
    fn begin(&mut self) -> Result<(), ReadError> {
        let chunk = self.input.fill_buf().map_err(|e| e.to_string());
        let chunk = chunk.map_err(|said| ReadError {
            file: self.file.clone(),
            line: 1,
            message: said,
        })?;
        let behind = chunk[1..].iter().find(|byte| !byte.is_ascii_whitespace());
        if matches!(behind, Some(b'{' | b'[' | b']') | None) {
            self.input.consume(1);
            self.json = Shape::Array;
        }
        Ok(())
    }

    /// Skips white space (and a byte order mark at the head); the byte behind it is not consumed.
    fn skip_blank(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => {
                    let said = e.to_string();
                    return Err(self.error(said));
                }
            };
            let Some(&byte) = chunk.first() else {
                return Ok(None);
            };
            if self.fed == 0 && chunk.starts_with(b"\xEF\xBB\xBF") {
                self.input.consume(3);
                continue;
            }
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.fed += u64::from(byte == b'\n');
            self.input.consume(1);
        }
    }

    fn next_element(&mut self) -> Result<Option<&str>, ReadError> {
        let unended = "the array does not end: is the file cut off?";
        match self.skip_blank()? {
            Some(b']') => {
                self.input.consume(1);
                self.json = Shape::Ended;
                return match self.skip_blank()? {
                    None => Ok(None),
                    Some(_) => Err(self.error_at(self.fed + 1, "text behind the end of the array")),
                };
            }
            Some(b',') if self.element > 0 => {
                self.input.consume(1);
                self.skip_blank()?;
            }
            Some(_) if self.element > 0 => {
                return Err(self.error_at(self.fed + 1, "a comma is due behind this element"));
            }
            Some(_) => {}
            None => return Err(self.error_at(self.fed + 1, unended)),
        }
        self.line = self.fed + 1;
        self.element += 1;
        self.buffer.clear();
        let mut scan = Scan::default();
        while !scan.done {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => {
                    let said = e.to_string();
                    return Err(self.error(said));
                }
            };
            if chunk.is_empty() {
                return Err(self.error(unended));
            }
            let taken = scan.take(chunk);
            self.fed += memchr::memchr_iter(b'\n', &chunk[..taken]).count() as u64;
            let whole = self.buffer.len() + taken <= self.cap;
            if whole {
                self.buffer.extend_from_slice(&chunk[..taken]);
            }
            self.input.consume(taken);
            if !whole {
                let message = format!("the record is longer than {} bytes", self.cap);
                return Err(self.error(message));
            }
        }
        self.text().map(Some)
    }
}

/// Finds the end of one JSON value. Whether it is JSON is the parser's to say.
#[derive(Debug, Default)]
struct Scan {
    depth: u32,
    in_string: bool,
    escaped: bool,
    done: bool,
}

impl Scan {
    /// How many bytes of `chunk` belong to the value.
    fn take(&mut self, chunk: &[u8]) -> usize {
        for (at, &byte) in chunk.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth <= 1 => {
                    self.done = true;
                    // A closing bracket without an opening one ends the array around the value.
                    return at + usize::from(self.depth == 1);
                }
                b'}' | b']' => self.depth -= 1,
                b',' if self.depth == 0 => {
                    self.done = true;
                    return at;
                }
                _ => {}
            }
        }
        chunk.len()
    }
}

/// What serde says about a record that has no lines of its own to count.
pub fn json_error(error: &serde_json::Error) -> String {
    error
        .to_string()
        .replace(" at line 1 column ", " at column ")
}
