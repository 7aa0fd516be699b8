//! Tokens and tags for documents that have only text and spans, so that the tools that read tokens can
//! score them.
//!
//! * A [`Tokenizer`] cuts the text. Figures over its tokens equal a tool's figures when the tool is given
//!   the same tokens.
//! * A **tagging** turns spans into one tag per token. A tag holds one label, so nested spans cannot all
//!   stand, and a span that ends inside a token is widened or narrowed to whole tokens; [`Tagged`] counts
//!   both, and knows which span gave a token its tag.

use super::words::WordsOf;
use super::{Doc, Labels, TagPair, TagScheme, TaggedSpan, Token};
use crate::scoring::spans::code_points;
use unicode_segmentation::UnicodeSegmentation;

/// How text is cut into tokens. White space is in no token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tokenizer {
    /// [`Tokenizer::WORDS`].
    #[default]
    Words,
    /// The words of Unicode (UAX #29).
    Uax29,
    /// Everything between white space.
    Whitespace,
}

impl Tokenizer {
    /// All of them.
    pub const ALL: [Tokenizer; 3] = [Tokenizer::Words, Tokenizer::Uax29, Tokenizer::Whitespace];

    /// The pattern of `words`: words with inner apostrophes and hyphens; any other visible character
    /// alone.
    pub const WORDS: &str = r"[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]|_";

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Tokenizer::Words => "words",
            Tokenizer::Uax29 => "uax29",
            Tokenizer::Whitespace => "whitespace",
        }
    }

    /// How many tokens a text has.
    pub fn count(self, text: &str) -> u64 {
        match self {
            Tokenizer::Words => WordsOf::new(text).count() as u64,
            _ => self.cut(text).len() as u64,
        }
    }

    /// The byte ranges of the tokens of a text.
    pub(super) fn cut(self, text: &str) -> Vec<(usize, usize)> {
        match self {
            Tokenizer::Words => {
                // Words are rarely shorter than three letters and a space.
                let mut words = Vec::with_capacity(text.len() / 4 + 4);
                words.extend(WordsOf::new(text));
                words
            }
            Tokenizer::Uax29 => text
                .split_word_bound_indices()
                .filter(|(_, word)| !word.trim().is_empty())
                .map(|(start, word)| (start, start + word.len()))
                .collect(),
            Tokenizer::Whitespace => {
                let origin = text.as_ptr() as usize;
                text.split_whitespace()
                    .map(|word| {
                        let start = word.as_ptr() as usize - origin;
                        (start, start + word.len())
                    })
                    .collect()
            }
        }
    }
}

/// How spans become tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// As presidio-evaluator's `span_to_tag` (0.3.2, scheme IO, equal scores): a token has the label of the
    /// first span, by start, in which it starts or that lies within it. Spans that overlap are cut there
    /// first: the later start wins its range.
    Presidio,
    /// As a tag scheme spells it. A token belongs to a span when they share a character; spans are laid
    /// down by start, the longest first, and one that needs a token that is already taken is left out.
    Scheme(TagScheme),
}

/// What became of the spans of one side of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tagged {
    /// Per token, which span gave it its tag.
    pub owner: Vec<Option<u32>>,
    /// Spans with an edge inside a token.
    pub cut: u64,
    /// Spans of which no tag is left.
    pub hidden: u64,
}

impl Doc {
    /// Cuts the text into tokens. Replaces what tokens there were.
    pub fn tokenize(&mut self, tokenizer: Tokenizer) {
        self.tokens.clear();
        let (mut bytes, mut start) = (0, 0);
        for (from, to) in tokenizer.cut(&self.text) {
            start += code_points(&self.text[bytes..from]) as i64;
            let word = &self.text[from..to];
            let text = word.to_owned();
            self.tokens.push(Token { text, start });
            start += code_points(word) as i64;
            bytes = to;
        }
    }

    /// Gives each token one gold and one predicted tag. Replaces what tags there were.
    ///
    /// ```
    /// use tellerbench::scoring::compat::{Doc, Labels, TagScheme, TaggedSpan, Tagging, Tokenizer};
    ///
    /// let mut labels = Labels::default();
    /// let label = labels.intern("CARD");
    /// let gold = vec![TaggedSpan { start: 9, end: 18, label }];
    /// let mut doc = Doc { text: "ma carte 4000 0000".to_owned(), gold, ..Doc::default() };
    /// doc.tokenize(Tokenizer::Words);
    /// doc.tag(Tagging::Scheme(TagScheme::Iob2), &labels);
    /// assert_eq!(doc.tags.unwrap().gold, ["O", "O", "B-CARD", "I-CARD"]);
    /// ```
    pub fn tag(&mut self, tagging: Tagging, labels: &Labels) -> [Tagged; 2] {
        let end = |token: &Token| token.start + code_points(&token.text) as i64;
        let places = self.tokens.iter().map(|token| (token.start, end(token)));
        let places: Vec<(i64, i64)> = places.collect();
        let words = Words(&places);
        let (gold, of_gold) = words.tag(tagging, &self.gold, labels);
        let (pred, of_pred) = words.tag(tagging, &self.pred, labels);
        self.tags = Some(TagPair { gold, pred });
        [of_gold, of_pred]
    }
}

/// What stands somewhere in a text, in code points: where it starts and ends.
pub(super) trait Placed {
    fn place(&self) -> (i64, i64);
}

impl Placed for (i64, i64) {
    fn place(&self) -> (i64, i64) {
        *self
    }
}

/// The tokens of a text, in order.
pub(super) struct Words<'w, W>(pub(super) &'w [W]);

impl<W: Placed> Words<'_, W> {
    fn tag(
        &self,
        tagging: Tagging,
        spans: &[TaggedSpan],
        labels: &Labels,
    ) -> (Vec<String>, Tagged) {
        let tagged = self.tagged(tagging, spans);
        let owner = &tagged.owner;
        let name = |at: u32| labels.name(spans[at as usize].label);
        let tags = match tagging {
            Tagging::Presidio => owner
                .iter()
                .map(|owner| owner.map_or("O", name).to_owned())
                .collect(),
            Tagging::Scheme(scheme) => (0..owner.len())
                .map(|place| match prefix(scheme, owner, place, &name) {
                    Some((prefix, label)) => format!("{prefix}-{label}"),
                    None => "O".to_owned(),
                })
                .collect(),
        };
        (tags, tagged)
    }

    /// Which span gives each token its tag.
    pub(super) fn tagged(&self, tagging: Tagging, spans: &[TaggedSpan]) -> Tagged {
        let owner = match tagging {
            Tagging::Presidio => self.as_presidio(spans),
            Tagging::Scheme(_) => self.laid_down(spans),
        };
        let mut shown = vec![false; spans.len()];
        owner
            .iter()
            .flatten()
            .for_each(|&at| shown[at as usize] = true);
        let cut = spans.iter().filter(|span| self.cuts(span)).count() as u64;
        let hidden = shown.iter().filter(|&&shown| !shown).count() as u64;
        Tagged { owner, cut, hidden }
    }

    /// Does an edge of the span lie inside a token?
    fn cuts(&self, span: &TaggedSpan) -> bool {
        [span.start, span.end].into_iter().any(|edge| {
            let edge = i64::from(edge);
            let next = self.0.partition_point(|token| token.place().0 < edge);
            next > 0 && edge < self.0[next - 1].place().1
        })
    }

    fn laid_down(&self, spans: &[TaggedSpan]) -> Vec<Option<u32>> {
        let mut owner = vec![None; self.0.len()];
        let mut order: Vec<usize> = (0..spans.len()).collect();
        order.sort_by_key(|&at| (spans[at].start, std::cmp::Reverse(spans[at].end)));
        for at in order {
            let (from, to) = (i64::from(spans[at].start), i64::from(spans[at].end));
            let first = self.0.partition_point(|token| token.place().1 <= from);
            let beyond = self.0.partition_point(|token| token.place().0 < to);
            let taken = owner.get_mut(first..beyond).unwrap_or_default();
            if taken.iter().all(Option::is_none) {
                taken.fill(Some(at as u32));
            }
        }
        owner
    }

    fn as_presidio(&self, spans: &[TaggedSpan]) -> Vec<Option<u32>> {
        let mut owner = vec![None; self.0.len()];
        for (start, end, at) in without_overlaps(spans) {
            // The first part that a token starts in, or that lies within it, has it.
            let first = self.0.partition_point(|token| token.place().1 < start);
            for (token, owner) in self.0.iter().zip(&mut owner).skip(first) {
                let (from, to) = token.place();
                if from > start.max(end) {
                    break;
                }
                let within = |offset: i64| from <= offset && offset <= to;
                let starts = start <= from && from < end;
                if owner.is_none() && (starts || within(start) && within(end)) {
                    *owner = Some(at);
                }
            }
        }
        owner
    }
}

/// Spans as `span_to_tag` cuts them where they overlap, all scores being equal. Ends are taken for
/// inclusive there, so that touching spans count as overlapping, and a part can come out inside out; both
/// are kept.
fn without_overlaps(spans: &[TaggedSpan]) -> Vec<(i64, i64, u32)> {
    let part = |(at, span): (u32, &TaggedSpan)| (i64::from(span.start), i64::from(span.end), at);
    let mut parts: Vec<(i64, i64, u32)> = (0..).zip(spans).map(part).collect();
    parts.sort_by_key(|&(start, ..)| start);
    let mut first = 0;
    while first + 1 < parts.len() {
        for next in first + 1..parts.len() {
            let ((start, end, at), (from, to, _)) = (parts[first], parts[next]);
            if start <= from && from <= end {
                if to < end {
                    parts.push((to + 1, end, at));
                }
                parts[first].1 = from - 1;
            }
        }
        first += 1;
    }
    parts.sort_by_key(|&(start, ..)| start);
    parts
}

/// The prefix and label of a token under a tag scheme.
fn prefix<'a>(
    scheme: TagScheme,
    owner: &[Option<u32>],
    place: usize,
    name: &impl Fn(u32) -> &'a str,
) -> Option<(char, &'a str)> {
    let own = owner[place]?;
    let before = place.checked_sub(1).and_then(|at| owner[at]);
    let after = owner.get(place + 1).copied().flatten();
    let label = name(own);
    let (first, last) = (before != Some(own), after != Some(own));
    let touches = |other: Option<u32>| other.is_some_and(|at| name(at) == label);
    let letter = match scheme {
        TagScheme::Iob1 if first && touches(before) => 'B',
        TagScheme::Iob2 if first => 'B',
        TagScheme::Ioe1 if last && touches(after) => 'E',
        TagScheme::Ioe2 if last => 'E',
        TagScheme::Iobes if first && last => 'S',
        TagScheme::Bilou if first && last => 'U',
        TagScheme::Iobes | TagScheme::Bilou if first => 'B',
        TagScheme::Iobes if last => 'E',
        TagScheme::Bilou if last => 'L',
        _ => 'I',
    };
    Some((letter, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document with gold spans of one label.
    fn tagged(text: &str, gold: &[(u32, u32)], tagging: Tagging) -> (Vec<String>, Tagged) {
        let mut labels = Labels::default();
        let mut doc = Doc {
            text: text.to_owned(),
            ..Doc::default()
        };
        for (place, &(start, end)) in gold.iter().enumerate() {
            let label = labels.intern(["A", "B", "C"][place % 3]);
            doc.gold.push(TaggedSpan { start, end, label });
        }
        doc.tokenize(Tokenizer::Words);
        let [gold, _] = doc.tag(tagging, &labels);
        (doc.tags.unwrap().gold, gold)
    }

    #[test]
    fn tokens_stand_where_the_text_has_them_in_code_points() {
        for tokenizer in Tokenizer::ALL {
            let mut doc = Doc {
                text: "né à  l'Orléans_2, 😀 peut-être".to_owned(),
                ..Doc::default()
            };
            doc.tokenize(tokenizer);
            let text: Vec<char> = doc.text.chars().collect();
            for token in &doc.tokens {
                let start = token.start as usize;
                let length = token.text.chars().count();
                let here: String = text[start..start + length].iter().collect();
                assert_eq!(here, token.text);
            }
            let all: String = doc.tokens.iter().map(|token| token.text.as_str()).collect();
            let visible: String = text.iter().filter(|c| !c.is_whitespace()).collect();
            assert_eq!(all, visible, "{}", tokenizer.name());
        }
    }

    #[test]
    fn an_inner_apostrophe_or_hyphen_does_not_cut_a_word() {
        let mut doc = Doc {
            text: "aujourd'hui, peut-être - 4_2".to_owned(),
            ..Doc::default()
        };
        doc.tokenize(Tokenizer::Words);
        let words: Vec<&str> = doc.tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(words, ["aujourd'hui", ",", "peut-être", "-", "4", "_", "2"]);
    }

    #[test]
    fn presidio_tags_a_token_with_a_span_within_it_but_not_with_one_that_begins_within_it() {
        let (tags, notes) = tagged("abc4821 999", &[(3, 7)], Tagging::Presidio);
        assert_eq!(tags, ["A", "O"]);
        assert_eq!(notes.cut, 1);
        let (tags, _) = tagged("abc4821 999", &[(3, 11)], Tagging::Presidio);
        assert_eq!(tags, ["O", "A"]);
    }

    #[test]
    fn a_nested_span_takes_its_range_from_the_outer_one_under_presidio() {
        let (tags, _) = tagged("1 rue 7 2 x", &[(0, 11), (6, 7)], Tagging::Presidio);
        assert_eq!(tags, ["A", "A", "B", "A", "A"]);
    }

    #[test]
    fn a_nested_span_is_left_out_of_a_tag_scheme_and_counted() {
        let scheme = Tagging::Scheme(TagScheme::Iob2);
        let (tags, notes) = tagged("1 rue 7", &[(0, 7), (6, 7)], scheme);
        assert_eq!(tags, ["B-A", "I-A", "I-A"]);
        assert_eq!(notes.hidden, 1);
    }

    #[test]
    fn every_scheme_decodes_to_the_spans_that_were_laid_down() {
        use super::super::Decoding;
        use super::super::decode::chunks;
        let spans = [(0, 1), (2, 5), (6, 7), (12, 15)];
        for scheme in [
            TagScheme::Iob2,
            TagScheme::Ioe2,
            TagScheme::Iobes,
            TagScheme::Bilou,
        ] {
            let (tags, _) = tagged("a b c d e f g h", &spans, Tagging::Scheme(scheme));
            for decoding in [Decoding::Default, Decoding::Strict(scheme)] {
                let found = chunks(decoding, false, std::iter::once(tags.as_slice())).unwrap();
                let mut found: Vec<_> = found.iter().map(|c| (c.start, c.end)).collect();
                found.sort_unstable();
                assert_eq!(found, [(0, 1), (1, 3), (3, 4), (6, 8)], "{decoding}");
            }
        }
    }
}
