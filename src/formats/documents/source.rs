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

    /// With another cap on the length of a record, in bytes.
    #[cfg(test)]
    pub fn capped(self, cap: usize) -> Self {
        Source { cap, ..self }
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
    let said = crate::formats::json_fault(error);
    match error.classify() {
        serde_json::error::Category::Eof => format!("{said}: is the line cut off?"),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All records with their lines, or the first error.
    fn all(input: &str) -> Result<Vec<(u64, String)>, ReadError> {
        let mut source = Source::new(input.as_bytes(), "f");
        let mut read = Vec::new();
        while let Some(json) = source.next_json()?.map(str::to_owned) {
            read.push((source.line(), json));
        }
        Ok(read)
    }

    fn texts(input: &str) -> Vec<String> {
        all(input)
            .unwrap()
            .into_iter()
            .map(|(_, json)| json)
            .collect()
    }

    #[test]
    fn lines_and_the_elements_of_an_array_are_records_with_their_lines() {
        let lines = all("\u{FEFF}{\"a\":1}\r\n\n {\"b\":\"\u{85}\"}\n").unwrap();
        assert_eq!(
            lines,
            [
                (1, "{\"a\":1}".to_owned()),
                (3, " {\"b\":\"\u{85}\"}".to_owned())
            ]
        );
        let array = all("\u{FEFF}\n[\n  {\"a\": \"]},\\\"\"} ,\n  {\n\"b\": [2]}\n]\n").unwrap();
        assert_eq!(
            array,
            [
                (3, "{\"a\": \"]},\\\"\"}".to_owned()),
                (4, "{\n\"b\": [2]}".to_owned())
            ]
        );
        assert_eq!(texts("[]"), Vec::<String>::new());
        assert_eq!(texts("[[1], [2]]"), ["[1]", "[2]"]);
        assert_eq!(
            texts("[\"text\", {}]\n[\"text\", {}]"),
            ["[\"text\", {}]", "[\"text\", {}]"]
        );
    }

    #[test]
    fn an_array_that_is_cut_off_or_followed_by_more_is_an_error_with_its_line() {
        for (input, line, said) in [
            ("[{\"a\":1},\n{\"b\":", 2, "does not end"),
            ("[{\"a\":1}\n", 2, "does not end"),
            ("[{\"a\":1}\n{\"b\":2}]", 2, "a comma is due"),
            ("[{\"a\":1}]\nx", 2, "behind the end"),
        ] {
            let error = all(input).unwrap_err();
            assert_eq!((error.line, error.file.as_str()), (line, "f"), "{error}");
            assert!(error.message.contains(said), "{error}");
        }
    }

    #[test]
    fn a_record_that_is_too_long_is_refused_before_it_is_kept() {
        let long = format!("{{\"a\":\"{}\"}}\n", "x".repeat(5000));
        for (input, line) in [
            (format!("{{}}\n{long}"), 2),
            (format!("[{{}},\n{long}]"), 2),
        ] {
            let mut source =
                Source::new(std::io::BufReader::with_capacity(64, input.as_bytes()), "f")
                    .capped(1000);
            source.next_json().unwrap();
            let error = source.next_json().unwrap_err();
            assert_eq!(error.line, line);
            assert!(error.message.contains("longer than 1000 bytes"), "{error}");
            assert!(
                source.buffer.capacity() <= 2000,
                "{}",
                source.buffer.capacity()
            );
        }
    }

    #[test]
    fn what_is_not_utf8_is_an_error_with_its_place() {
        let mut source = Source::new(&b"{}\n{\"a\":\"\xFF\"}\n"[..], "f");
        source.next_json().unwrap();
        let error = source.next_json().unwrap_err();
        assert_eq!(
            (error.line, error.message.contains("byte 6")),
            (2, true),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn an_array_gives_the_same_records_however_it_is_chopped_and_broken(
            texts in proptest::collection::vec("[\\PC\n\"\\\\\\[\\]{},]{0,12}", 1..6),
            pretty: bool,
            capacity in 4usize..40,
        ) {
            let values: Vec<serde_json::Value> =
                texts.iter().map(|t| serde_json::json!({"t": t, "n": [[1], {}]})).collect();
            let whole = serde_json::Value::Array(values.clone());
            let json = if pretty { format!("{whole:#}") } else { whole.to_string() };
            let input = std::io::BufReader::with_capacity(capacity, json.as_bytes());
            let mut source = Source::new(input, "f");
            let mut read: Vec<serde_json::Value> = Vec::new();
            while let Some(json) = source.next_json().unwrap() {
                read.push(serde_json::from_str(json).unwrap());
            }
            prop_assert_eq!(read, values);
        }
    }
}
