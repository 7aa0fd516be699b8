//! From the offsets of a file to ranges of bytes, and what to declare where they do not fit.

use super::document::SpanAt;
use crate::text::{ByteRange, OffsetUnit};
use std::cell::{Cell, OnceCell};
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

    /// Where the positions of `text` stand in bytes.
    fn places(self, text: &str) -> Places<'_> {
        let plain = text.bytes().position(|byte| !byte.is_ascii());
        let plain = plain.unwrap_or(text.len());
        let joins = self == Counting::Grapheme;
        // A mark may join the character before it, and a line feed the carriage return.
        let plain = match joins && text[..plain].contains('\r') {
            true => 0,
            false if joins && plain < text.len() => plain.saturating_sub(1) as u32,
            false => plain as u32,
        };
        Places {
            counting: self,
            text,
            plain,
            seen: Cell::new((plain, plain)),
            table: OnceCell::new(),
        }
    }

    /// How many positions a character has, where it is an element of its own.
    fn width(self, character: char) -> usize {
        match self {
            Counting::Unit(OffsetUnit::Byte) => character.len_utf8(),
            Counting::Unit(OffsetUnit::Utf16) => character.len_utf16(),
            Counting::Unit(OffsetUnit::Codepoint) | Counting::Grapheme => 1,
        }
    }

    /// The byte of every position of `text`, the end included, or [`Places::INSIDE`].
    fn table(self, text: &str) -> Vec<u32> {
        let mut places = Vec::with_capacity(text.len() + 1);
        if self == Counting::Grapheme && !text.chars().all(stands_alone) {
            places.extend(text_elements(text).map(|byte| byte as u32));
        } else {
            for (byte, character) in text.char_indices() {
                places.push(byte as u32);
                places.resize(places.len() + self.width(character) - 1, Places::INSIDE);
            }
        }
        places.push(text.len() as u32);
        places
    }

    /// The offset of a byte of `text`; `None` where this counting has no position there.
    pub fn of_byte(self, text: &str, byte: u32) -> Option<u32> {
        let places = self.places(text);
        if byte <= places.plain {
            return Some(byte);
        }
        let offset = places.table().iter().position(|place| *place == byte);
        offset.map(|offset| offset as u32)
    }
}

/// Where the positions of a text stand in bytes.
struct Places<'t> {
    counting: Counting,
    text: &'t str,
    /// Every position up to this one is its byte.
    plain: u32,
    /// A position and its byte: how far characters were counted, the plain ones first.
    seen: Cell<(u32, u32)>,
    /// The byte of each position, or [`Places::INSIDE`]: made when somebody asks for one that is not plain
    /// nor behind all that were asked for, so that many spans take no longer than the text is.
    table: OnceCell<Vec<u32>>,
}

impl Places<'_> {
    /// A position inside a character.
    const INSIDE: u32 = u32::MAX;

    fn table(&self) -> &[u32] {
        self.table.get_or_init(|| self.counting.table(self.text))
    }

    /// The byte of a position, if characters counted on from where the last was found come to it.
    fn counted_on(&self, offset: u64) -> Option<u32> {
        let offset = u32::try_from(offset).ok()?;
        let (mut position, mut byte) = self.seen.get();
        if offset < position || self.table.get().is_some() {
            return None;
        }
        for character in self.text[byte as usize..].chars() {
            if self.counting == Counting::Grapheme && !stands_alone(character) {
                return None;
            }
            if position >= offset {
                break;
            }
            position += self.counting.width(character) as u32;
            byte += character.len_utf8() as u32;
        }
        self.seen.set((position, byte));
        (position == offset).then_some(byte)
    }

    fn byte(&self, offset: u64) -> Result<u32, String> {
        if offset <= u64::from(self.plain) {
            return Ok(offset as u32);
        }
        if let Some(byte) = self.counted_on(offset) {
            return Ok(byte);
        }
        let places = self.table();
        match usize::try_from(offset).ok().and_then(|at| places.get(at)) {
            Some(&Places::INSIDE) => Err(format!("{offset} lies inside a character")),
            Some(&byte) => Ok(byte),
            None => {
                let length = places.len() - 1;
                Err(format!("{offset} lies beyond the text (length {length})"))
            }
        }
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

/// Is a character surely an element of its own, whatever stands beside it? Says so of what is common in Latin
/// script: letters, quotes, dashes, currencies.
fn stands_alone(character: char) -> bool {
    matches!(character, '\0'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20bf}')
        && character != '\r'
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
#[error("span {index} `{label}` [{start}, {end}) counted in {counting}: {why}{}", advice(.fits, *.surely))]
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
    /// The other countings under which every span of the document fits.
    pub fits: Vec<Counting>,
    /// Did the recorded texts decide that, and not the mere length of the text?
    pub surely: bool,
}

fn advice(fits: &[Counting], surely: bool) -> String {
    let names: Vec<&str> = fits.iter().map(|counting| counting.name()).collect();
    let (all, options) = (names.join(" and under "), names.join(" or "));
    match (fits, surely) {
        ([], _) => String::new(),
        (_, true) => format!("; spans match under {all}: pass --offsets {options}"),
        (_, false) => format!(
            "; spans are ranges under {all}: if the file counts so, pass --offsets {options}"
        ),
    }
}

impl Misfit {
    /// What may be the remedy, in words without values.
    pub fn remedy(&self) -> Option<String> {
        let advice = advice(&self.fits, self.surely);
        advice.strip_prefix("; ").map(str::to_owned)
    }

    /// Leaves only those countings as remedies under which the spans of another document fit too.
    pub fn narrow(&mut self, text: &str, spans: &[SpanAt]) {
        let declared = self.counting;
        self.fits
            .retain(|&counting| fits(text, spans, declared, counting));
        self.surely |= spans.iter().any(|span| span.text.is_some());
    }
}

impl Misfit {
    /// Of several remedies, leaves those under which every span without a recorded text was a range so far,
    /// and the fewest edges lay inside words.
    pub fn weigh(&mut self, edges: &Edges) {
        let inside = |counting: &Counting| {
            let place = Counting::ALL.iter().position(|known| known == counting);
            place.and_then(|place| edges.inside[place])
        };
        let Some(least) = self.fits.iter().filter_map(inside).min() else {
            return;
        };
        self.fits.retain(|counting| inside(counting) == Some(least));
    }
}

/// Are all spans that were counted as declared ranges under another counting?
fn fits(text: &str, spans: &[SpanAt], declared: Counting, counting: Counting) -> bool {
    let places = counting.places(text);
    // Spans of another counting are the file's own word and are no matter of declaration.
    let mut same = spans.iter().filter(|span| span.counting == declared);
    same.all(|span| range(text, span, &places).is_ok())
}

/// How well spans keep to words under each counting: a hint where a file repeats no text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// Edges that were looked at.
    pub all: u64,
    /// By counting, in the order of [`Counting::ALL`]: those inside a word. `None` where a span is no
    /// range at all.
    pub inside: [Option<u64>; 4],
}

impl Edges {
    /// Nothing yet.
    pub fn none() -> Self {
        Edges {
            all: 0,
            inside: [Some(0); 4],
        }
    }

    /// Looks at the spans of a document that its file does not repeat. ASCII text tells nothing.
    pub fn look(&mut self, text: &str, spans: &[SpanAt]) {
        let silent = || spans.iter().filter(|span| span.text.is_none());
        if text.is_ascii() || silent().next().is_none() {
            return;
        }
        self.all += 2 * silent().count() as u64;
        let looked = |counting: Counting| {
            let places = counting.places(text);
            silent().try_fold(0, |sum, span| {
                let range = range(text, span, &places).ok()?;
                let inside = |at: &u32| is_inside_word(text, *at as usize);
                let edges = [range.start, range.end];
                Some(sum + edges.iter().filter(|at| inside(at)).count() as u64)
            })
        };
        let by_characters = looked(Counting::Unit(OffsetUnit::Codepoint));
        // Most texts have one element and one unit of UTF-16 for every character.
        let one_each = text.chars().all(stands_alone);
        for (counting, inside) in Counting::ALL.into_iter().zip(&mut self.inside) {
            let here = match counting {
                Counting::Unit(OffsetUnit::Codepoint) => by_characters,
                Counting::Unit(OffsetUnit::Byte) => looked(counting),
                _ if one_each => by_characters,
                _ => looked(counting),
            };
            *inside = inside.zip(here).map(|(sum, here)| sum + here);
        }
    }

    /// Another counting under which spans keep to words much better than as declared, with what was
    /// seen.
    pub fn doubt(&self, declared: Counting) -> Option<String> {
        let place = |counting| Counting::ALL.iter().position(|&c| c == counting);
        let now = self.inside[place(declared)?]?;
        let least = self.inside.into_iter().flatten().min()?;
        let best = Counting::ALL.into_iter().zip(self.inside);
        let best = best.filter(|(_, inside)| *inside == Some(least));
        let names: Vec<&str> = best.map(|(counting, _)| counting.name()).collect();
        let (all, options) = (names.join(" and "), names.join(" or "));
        // A tenth of all edges, and more than chance: corpora do label parts of words.
        (now >= least + 3 && 10 * (now - least) >= self.all).then(|| {
            format!(
                "{now} of {} edges of spans lie inside a word as {declared}, {least} as {all}: if \
                 the file counts so, pass --offsets {options}",
                self.all
            )
        })
    }
}

fn is_inside_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    before
        .zip(after)
        .is_some_and(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric())
}

/// The ranges of spans in bytes of `text`.
///
/// # Errors
/// The first span that is no range of it, or does not cover what was recorded for it.
pub fn ranges(text: &str, spans: &[SpanAt]) -> Result<Vec<ByteRange>, Misfit> {
    let mut tables: Vec<(Counting, Places<'_>)> = Vec::new();
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

fn range(text: &str, span: &SpanAt, places: &Places<'_>) -> Result<ByteRange, String> {
    if span.start >= span.end {
        return Err("is empty or ends before it starts".to_owned());
    }
    let range = ByteRange {
        start: places.byte(span.start)?,
        end: places.byte(span.end)?,
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
    let others = Counting::ALL
        .into_iter()
        .filter(|&counting| counting != span.counting);
    let fits = others.filter(|&counting| fits(text, spans, span.counting, counting));
    Misfit {
        index,
        label: shortened(&span.label),
        start: span.start,
        end: span.end,
        counting: span.counting,
        why,
        fits: fits.collect(),
        surely: recorded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_alone_is_an_element_beside_anything() {
        let alone = ('\0'..'\u{3000}').filter(|&character| stands_alone(character));
        for character in alone {
            for other in ['a', 'é', '\n', '’', '\u{1F1EB}', '👍', character] {
                let text = format!("{other}{character}{other}{other}");
                let fewest = if other == '\u{1F1EB}' { 3 } else { 4 };
                assert!(
                    text_elements(&text).count() >= fewest,
                    "{character:?} {other:?}"
                );
            }
        }
    }

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
        Counting::Grapheme.places(text).table().len() - 1
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
        assert_eq!(error.fits, [Counting::Unit(OffsetUnit::Utf16)]);
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
        assert_eq!(error.fits, [Counting::Unit(OffsetUnit::Byte)]);
        assert!(
            error.to_string().contains("if the file counts so"),
            "{error}"
        );
    }

    #[test]
    fn a_second_document_decides_between_two_remedies() {
        let declared = Counting::Unit(OffsetUnit::Byte);
        let mut error = ranges("é 42", &[span(2, 4, declared, Some("42"))]).unwrap_err();
        assert_eq!(error.fits.len(), 3, "{error}");
        error.narrow("😡 42", &[span(3, 5, declared, Some("42"))]);
        assert!(
            error.to_string().ends_with("pass --offsets utf16"),
            "{error}"
        );
    }

    #[test]
    fn between_two_remedies_the_documents_before_decide() {
        let declared = Counting::Unit(OffsetUnit::Codepoint);
        let mut edges = Edges::none();
        // As bytes, the first span would begin inside an emoji.
        edges.look("😡😡 x 42", &[span(7, 9, declared, None)]);
        let mut error = ranges("😡 42", &[span(3, 5, declared, None)]).unwrap_err();
        assert_eq!(error.fits.len(), 1, "{error}");
        let mut both = ranges("é 😡 42", &[span(5, 7, declared, None)]).unwrap_err();
        both.fits = vec![Counting::Unit(OffsetUnit::Byte), error.fits.remove(0)];
        both.weigh(&edges);
        assert!(both.to_string().ends_with("pass --offsets utf16"), "{both}");
    }

    #[test]
    fn edges_inside_words_give_a_wrong_counting_away_where_no_text_is_repeated() {
        let mut edges = Edges::none();
        let utf16 = Counting::Unit(OffsetUnit::Utf16);
        for _ in 0..3 {
            edges.look("😡😡 cafe\u{301} zoe now", &[span(9, 12, utf16, None)]);
        }
        assert_eq!(edges.all, 6);
        let said = edges.doubt(utf16).unwrap();
        assert!(said.ends_with("pass --offsets codepoint"), "{said}");
        assert_eq!(edges.doubt(Counting::Unit(OffsetUnit::Codepoint)), None);
    }

    #[test]
    fn a_span_that_fits_under_no_counting_gets_no_advice() {
        let declared = Counting::Unit(OffsetUnit::Byte);
        let error = ranges("abc", &[span(0, 2, declared, Some("bc"))]).unwrap_err();
        assert_eq!(error.fits, []);
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
            let places = counting.places(text);
            for offset in 0..places.table().len() as u32 {
                if let Ok(byte) = places.byte(offset.into()) {
                    assert_eq!(counting.of_byte(text, byte), Some(offset));
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn positions_of_plain_text_are_those_of_the_table(text in "[a-c\r\né\u{301}\u{200d}👩🇫]{0,10}") {
            for counting in Counting::ALL {
                let table = counting.table(&text);
                let places = counting.places(&text);
                for offset in 0..=text.len() as u64 + 1 {
                    let byte = table.get(offset as usize).copied();
                    let byte = byte.filter(|byte| *byte != Places::INSIDE);
                    proptest::prop_assert_eq!(places.byte(offset).ok(), byte, "{} {}", counting, offset);
                }
            }
        }
    }
}
