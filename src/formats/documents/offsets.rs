//! From the offsets of a file to ranges of bytes, and what to declare where they do not fit.

use super::document::SpanAt;
use crate::text::{ByteRange, OffsetUnit};
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;

/// How a file counts offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// In a unit of code.
    Unit(OffsetUnit),
    /// In text elements as Unicode 8.0 cuts them: `TextElements_v8`, what Azure's language service
    /// counts in unless it is asked otherwise.
    Grapheme,
}

impl Counting {
    /// Every counting.
    pub const ALL: [Counting; 4] = [
        Counting::Unit(OffsetUnit::Codepoint),
        Counting::Unit(OffsetUnit::Byte),
        Counting::Unit(OffsetUnit::Utf16),
        Counting::Grapheme,
    ];

    /// Its name in options and mapping files.
    pub fn name(self) -> &'static str {
        match self {
            Counting::Unit(unit) => unit.name(),
            Counting::Grapheme => "grapheme",
        }
    }

    /// The counting with this name.
    pub fn named(name: &str) -> Option<Counting> {
        Counting::ALL.into_iter().find(|c| c.name() == name)
    }

    /// The byte of every position of `text`, the end included; `None` inside a character.
    fn places(self, text: &str) -> Vec<Option<u32>> {
        let mut places = Vec::with_capacity(text.len() + 1);
        match self {
            Counting::Unit(unit) => {
                for (byte, character) in text.char_indices() {
                    places.push(Some(byte as u32));
                    let width = match unit {
                        OffsetUnit::Codepoint => 1,
                        OffsetUnit::Byte => character.len_utf8(),
                        OffsetUnit::Utf16 => character.len_utf16(),
                    };
                    places.resize(places.len() + width - 1, None);
                }
            }
            Counting::Grapheme => places.extend(text_elements(text).map(|b| Some(b as u32))),
        }
        places.push(Some(text.len() as u32));
        places
    }

    /// The offset of a byte of `text`; `None` where this counting has no position there.
    pub fn of_byte(self, text: &str, byte: u32) -> Option<u32> {
        let mut places = self.places(text).into_iter();
        let offset = places.position(|place| place == Some(byte))?;
        Some(offset as u32)
    }
}

impl fmt::Display for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where the text elements of Unicode 8.0 begin. Later versions of the standard join what 8.0 cuts:
/// emoji behind a zero-width joiner, skin tones, Indic conjuncts, and what follows a prepended mark.
/// They also cut what 8.0 joins: regional indicators behind the second of a run.
fn text_elements(text: &str) -> impl Iterator<Item = usize> {
    let mut starts = Vec::new();
    let mut before: Option<char> = None;
    for (at, cluster) in text.grapheme_indices(true) {
        for (within, character) in cluster.char_indices() {
            let cut = match before {
                None => true,
                Some(last) if within == 0 => {
                    !(is_regional_indicator(last) && is_regional_indicator(character))
                }
                Some(last) => {
                    let line_break = last == '\r' && character == '\n';
                    let hangul = is_hangul(last) && is_hangul(character);
                    let flag = is_regional_indicator(last) && is_regional_indicator(character);
                    !(line_break || hangul || flag || extends(character))
                }
            };
            if cut {
                starts.push(at + within);
            }
            before = Some(character);
        }
    }
    starts.into_iter()
}

fn is_regional_indicator(character: char) -> bool {
    ('\u{1F1E6}'..='\u{1F1FF}').contains(&character)
}

fn is_hangul(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}')
}

/// Does a character never begin an element of its own behind a letter?
fn extends(character: char) -> bool {
    // Skin tones extend only since Unicode 11.
    if ('\u{1F3FB}'..='\u{1F3FF}').contains(&character) {
        return false;
    }
    let mut pair = String::with_capacity(5);
    pair.push('a');
    pair.push(character);
    pair.graphemes(true).nth(1).is_none()
}

/// Why a span is no range of its text, and what may be the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("span {index} `{label}` [{start}, {end}) counted in {counting}: {why}{}", advice(*.fits, *.surely))]
pub struct Misfit {
    /// Which span of the document, from 0.
    pub index: usize,
    /// Its label.
    pub label: String,
    /// Its start, as written.
    pub start: u64,
    /// Its end, as written.
    pub end: u64,
    /// How it was read.
    pub counting: Counting,
    /// What is wrong.
    pub why: String,
    /// The counting under which every span of the document fits.
    pub fits: Option<Counting>,
    /// Did the recorded texts decide that, and not the mere length of the text?
    pub surely: bool,
}

fn advice(fits: Option<Counting>, surely: bool) -> String {
    match fits {
        None => String::new(),
        Some(counting) if surely => {
            format!("; spans match under {counting}: pass --offsets {counting}")
        }
        Some(counting) => format!(
            "; every span of this document is a range under {counting}: if the file counts so, pass \
             --offsets {counting}"
        ),
    }
}

/// The ranges of spans in bytes of `text`.
///
/// # Errors
/// The first span that is no range of it, or does not cover what was recorded for it.
pub fn ranges(text: &str, spans: &[SpanAt]) -> Result<Vec<ByteRange>, Misfit> {
    let mut tables: Vec<(Counting, Vec<Option<u32>>)> = Vec::new();
    let mut found = Vec::with_capacity(spans.len());
    for (index, span) in spans.iter().enumerate() {
        let known = tables.iter().position(|(c, _)| *c == span.counting);
        let place = known.unwrap_or_else(|| {
            tables.push((span.counting, span.counting.places(text)));
            tables.len() - 1
        });
        match range(text, span, &tables[place].1) {
            Ok(range) => found.push(range),
            Err(why) => return Err(misfit(text, spans, index, why)),
        }
    }
    Ok(found)
}

fn range(text: &str, span: &SpanAt, places: &[Option<u32>]) -> Result<ByteRange, String> {
    if span.start >= span.end {
        return Err("is empty or ends before it starts".to_owned());
    }
    let byte = |offset: u64| match usize::try_from(offset).ok().and_then(|o| places.get(o)) {
        None => {
            let length = places.len() - 1;
            Err(format!("{offset} lies beyond the text (length {length})"))
        }
        Some(None) => Err(format!("{offset} lies inside a character")),
        Some(Some(byte)) => Ok(*byte),
    };
    let range = ByteRange {
        start: byte(span.start)?,
        end: byte(span.end)?,
    };
    let slice = &text[range.as_range()];
    match &span.text {
        Some(said) if said != slice => {
            let (said, slice) = (shortened(said), shortened(slice));
            Err(format!("covers `{slice}`, not the recorded `{said}`"))
        }
        _ => Ok(range),
    }
}

/// A value for a message: one line, not too long.
pub fn shortened(value: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = value.escape_debug().take(LONGEST).collect();
    if value.escape_debug().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

fn misfit(text: &str, spans: &[SpanAt], index: usize, why: String) -> Misfit {
    let span = &spans[index];
    let recorded = spans.iter().any(|span| span.text.is_some());
    let fits = Counting::ALL
        .into_iter()
        .filter(|&counting| counting != span.counting)
        .find(|counting| {
            let places = counting.places(text);
            // Spans of another counting are the file's own word and are no matter of declaration.
            let mut same = spans.iter().filter(|s| s.counting == span.counting);
            same.all(|span| range(text, span, &places).is_ok())
        });
    Misfit {
        index,
        label: span.label.clone(),
        start: span.start,
        end: span.end,
        counting: span.counting,
        why,
        fits,
        surely: recorded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u64, end: u64, counting: Counting, text: Option<&str>) -> SpanAt {
        SpanAt {
            start,
            end,
            counting,
            label: "X".to_owned(),
            text: text.map(str::to_owned),
            score: None,
        }
    }

    fn elements(text: &str) -> usize {
        Counting::Grapheme.places(text).len() - 1
    }

    #[test]
    fn text_elements_are_cut_as_unicode_8_cuts_them() {
        assert_eq!(elements("e\u{301}a\r\nb"), 4, "marks and CR LF join");
        assert_eq!(
            elements("👩\u{200D}👩\u{200D}👧"),
            3,
            "a joiner joins nothing yet"
        );
        assert_eq!(elements("👍🏽"), 2, "a skin tone stands alone");
        assert_eq!(
            elements("🇫🇷🇬🇧x"),
            2,
            "a run of regional indicators is one element"
        );
        assert_eq!(elements("한국"), 2);
        assert_eq!(
            elements("\u{1112}\u{1161}\u{11AB}"),
            1,
            "conjoining jamo join"
        );
        assert_eq!(elements("क्षि"), 2, "a virama joins no consonant yet");
    }

    #[test]
    fn a_wrong_counting_is_diagnosed_from_the_recorded_text() {
        let text = "😡😡 IBAN FR76 x";
        let declared = Counting::Unit(OffsetUnit::Codepoint);
        let error = ranges(text, &[span(10, 14, declared, Some("FR76"))]).unwrap_err();
        assert_eq!(error.fits, Some(Counting::Unit(OffsetUnit::Utf16)));
        let said = error.to_string();
        assert!(
            said.ends_with("spans match under utf16: pass --offsets utf16"),
            "{said}"
        );
    }

    #[test]
    fn without_recorded_text_a_diagnosis_is_only_a_guess_and_says_so() {
        let declared = Counting::Unit(OffsetUnit::Codepoint);
        let error = ranges("é😡 42", &[span(7, 9, declared, None)]).unwrap_err();
        assert_eq!(error.fits, Some(Counting::Unit(OffsetUnit::Byte)));
        assert!(
            error.to_string().contains("if the file counts so"),
            "{error}"
        );
    }

    #[test]
    fn a_span_that_fits_under_no_counting_gets_no_advice() {
        let declared = Counting::Unit(OffsetUnit::Byte);
        let error = ranges("abc", &[span(0, 2, declared, Some("bc"))]).unwrap_err();
        assert_eq!(error.fits, None);
        assert!(
            error
                .to_string()
                .contains("covers `ab`, not the recorded `bc`"),
            "{error}"
        );
    }

    #[test]
    fn every_counting_finds_its_own_offsets_back() {
        let text = "e\u{301}👩\u{200D}👧 a\u{A0}b\r\n🇫🇷";
        for counting in Counting::ALL {
            for (offset, place) in counting.places(text).into_iter().enumerate() {
                if let Some(byte) = place {
                    assert_eq!(counting.of_byte(text, byte), Some(offset as u32));
                }
            }
        }
    }
}
