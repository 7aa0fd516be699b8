//! Text and the spans in it, built together so that they cannot drift apart.
//!
//! * A **span** is a half-open range of UTF-8 bytes with what it means.
//! * An [`AnnotatedText`] is the only way to build text that carries spans: writing moves the end,
//!   editing moves every span behind the edit, and a span boundary is always a character boundary.
//! * An [`OffsetUnit`] says how a file or a tool counts; inside the crate everything counts bytes.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A half-open range of UTF-8 bytes of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl ByteRange {
    /// The range as an index into `str`.
    pub fn as_range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Text with marks over ranges of it. `M` says what a mark means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotatedText<M> {
    text: String,
    marks: Vec<(ByteRange, M)>,
}

impl<M> Default for AnnotatedText<M> {
    fn default() -> Self {
        AnnotatedText {
            text: String::new(),
            marks: Vec::new(),
        }
    }
}

/// A mark whose end is not yet written.
#[derive(Debug)]
#[must_use = "a mark that is opened must be closed"]
pub struct Open(u32);

impl Open {
    /// The byte at which it was opened.
    pub fn start(&self) -> u32 {
        self.0
    }
}

impl<M> AnnotatedText<M> {
    /// Empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Empty text with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        AnnotatedText {
            text: String::with_capacity(bytes),
            marks: Vec::new(),
        }
    }

    /// Text with marks from elsewhere.
    ///
    /// # Errors
    /// The index of the first mark that is empty, beyond the text, or off a character boundary.
    pub fn from_parts(text: String, marks: Vec<(ByteRange, M)>) -> Result<Self, usize> {
        let sound =
            |range: &ByteRange| range.start < range.end && text.get(range.as_range()).is_some();
        match marks.iter().position(|(range, _)| !sound(range)) {
            Some(index) => Err(index),
            None => Ok(AnnotatedText { text, marks }),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The marks, in the order in which they were closed.
    pub fn marks(&self) -> &[(ByteRange, M)] {
        &self.marks
    }

    /// What the marks mean, to be changed; the ranges stay.
    pub fn meanings_mut(&mut self) -> impl Iterator<Item = (ByteRange, &mut M)> {
        self.marks
            .iter_mut()
            .map(|(range, meaning)| (*range, meaning))
    }

    /// Is there nothing yet?
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Writes unmarked text.
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes one unmarked character.
    pub fn push(&mut self, character: char) {
        self.text.push(character);
    }

    /// Writes text that carries a mark. Empty text leaves no mark.
    pub fn push_marked(&mut self, text: &str, meaning: M) {
        let open = self.open();
        self.push_str(text);
        self.close(open, meaning);
    }

    /// Opens a mark here: what is written until [`AnnotatedText::close`] lies in it.
    pub fn open(&self) -> Open {
        Open(self.text.len() as u32)
    }

    /// Closes a mark. A mark over nothing is dropped.
    pub fn close(&mut self, open: Open, meaning: M) {
        let range = ByteRange {
            start: open.0,
            end: self.text.len() as u32,
        };
        if range.start < range.end {
            self.marks.push((range, meaning));
        }
    }

    /// Adds a mark over a range that is already written.
    ///
    /// # Panics
    /// When the range is empty, beyond the text, or off a character boundary.
    pub fn mark(&mut self, range: ByteRange, meaning: M) {
        assert!(
            range.start < range.end && self.text.get(range.as_range()).is_some(),
            "a mark covers written text"
        );
        self.marks.push((range, meaning));
    }

    /// Lets `write` append straight to the text, for writers that format into a `String`.
    /// What is already there must stay.
    pub fn append_with(&mut self, write: impl FnOnce(&mut String)) {
        let before = self.text.len();
        write(&mut self.text);
        debug_assert!(self.text.len() >= before, "a writer may only append");
    }

    /// Replaces ranges of the text and moves every mark exactly.
    ///
    /// Edits must be sorted, must not overlap, and none may cross an edge of a mark: an edit lies
    /// wholly inside or wholly outside of each. An insertion at an edge stays outside the mark. A
    /// mark whose text vanishes is dropped.
    ///
    /// # Panics
    /// When an edit breaks these rules: that is a bug of the caller.
    pub fn edit<S: AsRef<str>>(&mut self, edits: &[(Range<usize>, S)]) {
        if edits.is_empty() {
            return;
        }
        // One character for another of its length moves nothing.
        if let [(range, with)] = edits
            && range.len() == with.as_ref().len()
        {
            let inside = |at: u32| range.start < at as usize && (at as usize) < range.end;
            let crossed = |(mark, _): &(ByteRange, M)| inside(mark.start) || inside(mark.end);
            assert!(
                !self.marks.iter().any(crossed),
                "an edit crosses the edge of a mark"
            );
            self.text.replace_range(range.clone(), with.as_ref());
            return;
        }
        let mut text = String::with_capacity(self.text.len() + 16);
        let mut copied = 0;
        for (range, with) in edits {
            assert!(
                range.start >= copied,
                "edits must be sorted and must not overlap"
            );
            text.push_str(&self.text[copied..range.start]);
            text.push_str(with.as_ref());
            copied = range.end;
        }
        text.push_str(&self.text[copied..]);
        // Where a boundary of a mark goes: behind every edit that ends at or before it. An insertion
        // exactly at a boundary pushes a start, and leaves an end where it is.
        let moved = |at: u32, is_end: bool| -> u32 {
            let at = at as usize;
            let mut shift = 0i64;
            for (range, with) in edits {
                let insertion = range.start == range.end;
                let before = if is_end && insertion {
                    range.end < at
                } else {
                    range.end <= at
                };
                if before {
                    shift += with.as_ref().len() as i64 - range.len() as i64;
                } else {
                    assert!(range.start >= at, "an edit crosses the edge of a mark");
                    break;
                }
            }
            (at as i64 + shift) as u32
        };
        for (range, _) in &mut self.marks {
            *range = ByteRange {
                start: moved(range.start, false),
                end: moved(range.end, true),
            };
        }
        self.marks.retain(|(range, _)| range.start < range.end);
        self.text = text;
    }

    /// Appends another text with its marks.
    pub fn append(&mut self, other: AnnotatedText<M>) {
        if self.text.is_empty() && self.marks.is_empty() {
            *self = other;
            return;
        }
        let shift = self.text.len() as u32;
        self.text.push_str(&other.text);
        self.marks
            .extend(other.marks.into_iter().map(|(range, meaning)| {
                (
                    ByteRange {
                        start: range.start + shift,
                        end: range.end + shift,
                    },
                    meaning,
                )
            }));
    }

    /// Cuts the text at a byte that lies inside no mark; the tail is returned.
    ///
    /// # Panics
    /// When `at` is off a character boundary or inside a mark.
    pub fn split_off(&mut self, at: usize) -> AnnotatedText<M> {
        let tail_text = self.text.split_off(at);
        let cut = at as u32;
        let mut tail = Vec::new();
        let mut head = Vec::with_capacity(self.marks.len());
        for (range, meaning) in self.marks.drain(..) {
            if range.end <= cut {
                head.push((range, meaning));
            } else {
                assert!(range.start >= cut, "a text is never cut inside a mark");
                tail.push((
                    ByteRange {
                        start: range.start - cut,
                        end: range.end - cut,
                    },
                    meaning,
                ));
            }
        }
        self.marks = head;
        AnnotatedText {
            text: tail_text,
            marks: tail,
        }
    }

    /// The text and the marks, apart.
    pub fn into_parts(self) -> (String, Vec<(ByteRange, M)>) {
        (self.text, self.marks)
    }
}

/// How a file or a tool counts offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Unicode scalar values, as Python counts. The unit of our files.
    #[default]
    Codepoint,
    /// UTF-8 bytes, as Rust and Go count.
    Byte,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
}

impl OffsetUnit {
    /// Every unit.
    pub const ALL: [OffsetUnit; 3] = [OffsetUnit::Codepoint, OffsetUnit::Byte, OffsetUnit::Utf16];

    /// Its name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            OffsetUnit::Codepoint => "codepoint",
            OffsetUnit::Byte => "byte",
            OffsetUnit::Utf16 => "utf16",
        }
    }

    /// How many units `character` takes.
    #[inline]
    fn width(self, character: char) -> u32 {
        match self {
            OffsetUnit::Codepoint => 1,
            OffsetUnit::Byte => character.len_utf8() as u32,
            OffsetUnit::Utf16 => character.len_utf16() as u32,
        }
    }

    /// The offset of a byte position of `text`, in this unit.
    ///
    /// # Panics
    /// When `byte` is off a character boundary.
    pub fn of_byte(self, text: &str, byte: u32) -> u32 {
        match self {
            OffsetUnit::Byte => byte,
            _ if text.is_ascii() => byte,
            _ => text[..byte as usize].chars().map(|c| self.width(c)).sum(),
        }
    }

    /// The byte position of an offset in this unit.
    ///
    /// # Errors
    /// [`OffsetError`] when the offset lies beyond the text or inside a character.
    pub fn to_byte(self, text: &str, offset: u32) -> Result<u32, OffsetError> {
        if text.is_ascii() {
            return if offset as usize <= text.len() {
                Ok(offset)
            } else {
                Err(OffsetError::Beyond {
                    length: text.len() as u32,
                })
            };
        }
        let mut at = 0;
        for (byte, character) in text.char_indices() {
            if at == offset {
                return Ok(byte as u32);
            }
            if at > offset {
                return Err(OffsetError::InsideCharacter);
            }
            at += self.width(character);
        }
        match at.cmp(&offset) {
            std::cmp::Ordering::Equal => Ok(text.len() as u32),
            std::cmp::Ordering::Greater => Err(OffsetError::InsideCharacter),
            std::cmp::Ordering::Less => Err(OffsetError::Beyond { length: at }),
        }
    }
}

/// Why an offset names no position of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OffsetError {
    /// It lies behind the last character.
    #[error("lies beyond the text (length {length})")]
    Beyond {
        /// Length of the text, in the unit asked for.
        length: u32,
    },
    /// It cuts a character in two: the unit is probably another one.
    #[error("lies inside a character (is the declared offset unit right?)")]
    InsideCharacter,
}

/// The known word nearest to a misspelt one, if it is near enough to be meant
/// (Damerau's edits, counted by Levenshtein's recurrence; at most a third of the letters).
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    known
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(edits, _)| edits <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mark_covers_exactly_what_was_written_in_it() {
        let mut text = AnnotatedText::new();
        text.push_str("né à ");
        text.push_marked("Évreux", "place");
        text.push_marked("", "nothing");
        let (range, meaning) = text.marks()[0];
        assert_eq!(
            (&text.text()[range.as_range()], meaning),
            ("Évreux", "place")
        );
        assert_eq!(text.marks().len(), 1);
    }

    #[test]
    fn the_three_units_differ_behind_an_emoji() {
        let text = "é😡x";
        let byte = text.find('x').unwrap() as u32;
        assert_eq!(OffsetUnit::Byte.of_byte(text, byte), 6);
        assert_eq!(OffsetUnit::Codepoint.of_byte(text, byte), 2);
        assert_eq!(OffsetUnit::Utf16.of_byte(text, byte), 3);
        assert_eq!(
            OffsetUnit::Utf16.to_byte(text, 2),
            Err(OffsetError::InsideCharacter)
        );
        assert_eq!(
            OffsetUnit::Codepoint.to_byte(text, 9),
            Err(OffsetError::Beyond { length: 3 })
        );
    }

    proptest! {
        #[test]
        fn every_boundary_survives_the_way_to_another_unit_and_back(text in "\\PC{0,20}") {
            for unit in OffsetUnit::ALL {
                for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    let offset = unit.of_byte(&text, byte as u32);
                    prop_assert_eq!(unit.to_byte(&text, offset), Ok(byte as u32));
                }
            }
        }

        #[test]
        fn edits_outside_a_mark_never_change_what_it_covers(
            before in "[a-zé ]{0,8}", inside in "[0-9é]{1,6}", after in "[a-z😡 ]{0,8}",
            with in "[xyzé]{0,4}", head in 0usize..8, tail in 0usize..8,
        ) {
            let mut text = AnnotatedText::new();
            text.push_str(&before);
            text.push_marked(&inside, ());
            text.push_str(&after);
            let cut = |s: &str, n: usize| s.char_indices().nth(n).map_or(s.len(), |(i, _)| i);
            let first = cut(&before, head)..before.len();
            let base = before.len() + inside.len();
            let second = base..base + cut(&after, tail);
            text.edit(&[(first, with.as_str()), (second, with.as_str())]);
            prop_assert_eq!(&text.text()[text.marks()[0].0.as_range()], inside.as_str());
        }
    }
}
