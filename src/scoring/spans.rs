//! Ranges of one text: in code points, and merged into what a redactor would cover.
//!
//! Invariant: a [`Cover`] is sorted, its ranges are disjoint and never touch, so membership is one
//! binary search and lengths add up.

use super::matching::Extent;
use crate::text::ByteRange;

/// Is a range non-empty, inside the text, and on character boundaries?
pub fn covers_sound_range(text: &str, range: ByteRange) -> bool {
    range.start < range.end && text.get(range.as_range()).is_some()
}

/// How many code points a text has. Texts are short: this is quicker on them than `chars().count()`.
pub fn code_points(text: &str) -> usize {
    let starts = |byte: u8| !(0x80..0xc0).contains(&byte);
    let chunks = text.as_bytes().chunks(usize::from(u8::MAX));
    let counts = chunks.map(|chunk| {
        let count = |count: u8, &byte: &u8| count + u8::from(starts(byte));
        usize::from(chunk.iter().fold(0, count))
    });
    counts.sum()
}

/// Counts code points of one text.
#[derive(Clone, Copy, Debug)]
pub struct Offsets<'a> {
    text: &'a str,
    ascii: bool,
}

impl<'a> Offsets<'a> {
    /// For this text.
    pub fn of(text: &'a str) -> Self {
        Offsets {
            text,
            ascii: text.is_ascii(),
        }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How many code points a range of bytes holds.
    pub fn length(&self, range: ByteRange) -> u32 {
        if self.ascii {
            range.end - range.start
        } else {
            code_points(&self.text[range.as_range()]) as u32
        }
    }

    /// A range of bytes in code points.
    pub fn extent(&self, range: ByteRange) -> Extent {
        if self.ascii {
            return Extent {
                start: range.start,
                end: range.end,
            };
        }
        let start = code_points(&self.text[..range.start as usize]) as u32;
        Extent {
            start,
            end: start + self.length(range),
        }
    }
}

/// The union of some ranges of one text.
#[derive(Clone, Debug, Default)]
pub struct Cover {
    ranges: Vec<ByteRange>,
}

impl Cover {
    /// The union of `ranges`.
    pub fn of(ranges: impl IntoIterator<Item = ByteRange>) -> Self {
        let mut cover = Cover::default();
        cover.set(ranges);
        cover
    }

    /// Makes it the union of `ranges` and keeps its memory.
    pub fn set(&mut self, ranges: impl IntoIterator<Item = ByteRange>) {
        self.ranges.clear();
        self.ranges.extend(ranges);
        if self.ranges.len() > 1 {
            self.ranges.sort_unstable();
            self.ranges.dedup_by(|next, last| {
                let joined = next.start <= last.end;
                if joined {
                    last.end = last.end.max(next.end);
                }
                joined
            });
        }
    }

    /// Makes it cover nothing.
    pub fn clear(&mut self) {
        self.ranges.clear();
    }

    /// Its ranges, sorted and disjoint.
    pub fn ranges(&self) -> &[ByteRange] {
        &self.ranges
    }

    /// Its ranges cut to a window.
    pub fn within(&self, window: ByteRange) -> impl Iterator<Item = ByteRange> {
        let first = self
            .ranges
            .partition_point(|range| range.end <= window.start);
        self.ranges[first..]
            .iter()
            .take_while(move |range| range.start < window.end)
            .map(move |range| ByteRange {
                start: range.start.max(window.start),
                end: range.end.min(window.end),
            })
    }

    /// Does it share anything with a window?
    pub fn touches(&self, window: ByteRange) -> bool {
        self.within(window).next().is_some()
    }

    /// Does it cover a whole window?
    pub fn covers(&self, window: ByteRange) -> bool {
        self.within(window).next() == Some(window)
    }

    /// How many code points of a window it covers.
    pub fn length_within(&self, window: ByteRange, offsets: &Offsets<'_>) -> u32 {
        self.within(window).map(|range| offsets.length(range)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u32, end: u32) -> ByteRange {
        ByteRange { start, end }
    }

    #[test]
    fn touching_and_nested_ranges_become_one() {
        let cover = Cover::of([range(4, 6), range(0, 4), range(1, 2), range(8, 9)]);
        assert_eq!(cover.ranges(), [range(0, 6), range(8, 9)]);
        assert!(cover.covers(range(1, 6)));
        assert!(!cover.covers(range(5, 9)));
        assert!(!cover.touches(range(6, 8)));
        assert_eq!(
            cover.length_within(range(5, 9), &Offsets::of("123456789")),
            2
        );
    }

    #[test]
    fn code_points_are_counted_as_characters() {
        for text in ["", "a", "é😡 4242", &"é😡x".repeat(300)] {
            assert_eq!(code_points(text), text.chars().count());
        }
    }

    #[test]
    fn extents_count_characters_and_not_bytes() {
        let text = "é😡 4242";
        let extent = Offsets::of(text).extent(range(7, 11));
        assert_eq!((extent.start, extent.end), (3, 7));
    }
}
