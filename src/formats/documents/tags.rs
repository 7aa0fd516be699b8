//! From tags to spans of tokens, for gold: every tag counts, and a sequence that its scheme does not
//! allow is an error rather than a lost span.
//!
//! A **tag** is `O`, or a letter and a label: `B-PER`. A bare letter has the label `_`. Two
//! neighbours are **joined** iff the scheme makes them one span; what each scheme demands of a tag's
//! neighbours is in `TagScheme::fault`.

use super::document::Tagging;
use crate::conversation::names;
use crate::text::ByteRange;
use serde::{Deserialize, Serialize};

names! {
    /// How tags spell spans.
    pub enum TagScheme {
        /// Forgiving, as the script of the CoNLL shared tasks reads all of the others but IO.
        Conlleval = "conlleval",
        /// A label or `O`: neighbours under one label are one span.
        Io = "IO",
        /// `B-` only where a span touches one of its own label before it.
        Iob1 = "IOB1",
        /// Every span starts with `B-`.
        Iob2 = "IOB2",
        /// `E-` only where a span touches one of its own label after it.
        Ioe1 = "IOE1",
        /// Every span ends with `E-`.
        Ioe2 = "IOE2",
        /// Begin, inside, end, and `S-` for a span of one token.
        Bioes = "BIOES",
        /// Begin, inside, last, and `U-` for a span of one token.
        Bilou = "BILOU",
    }
}

impl TagScheme {
    /// The scheme with this name, in capitals or not; `IOBES` and `BIO` are other names of two.
    pub fn called(name: &str) -> Option<TagScheme> {
        match name.to_ascii_uppercase().as_str() {
            "CONLLEVAL" => Some(TagScheme::Conlleval),
            "BIO" => Some(TagScheme::Iob2),
            "IOBES" => Some(TagScheme::Bioes),
            upper => TagScheme::named(upper),
        }
    }

    fn letters(self) -> &'static str {
        match self {
            TagScheme::Conlleval => "BIESLU",
            TagScheme::Io => "I",
            TagScheme::Iob1 | TagScheme::Iob2 => "BI",
            TagScheme::Ioe1 | TagScheme::Ioe2 => "IE",
            TagScheme::Bioes => "BIES",
            TagScheme::Bilou => "BILU",
        }
    }

    fn read(self, tag: &str) -> Option<Tag<'_>> {
        if tag == "O" {
            return Some(OUTSIDE);
        }
        let mut letters = tag.chars();
        let letter = letters.next()?;
        let label = match letters.as_str() {
            "" => Some("_"),
            rest => rest.strip_prefix('-').filter(|label| !label.is_empty()),
        };
        match label {
            Some(label) if self.letters().contains(letter) => Some(Tag {
                // Last is end, and unit is single, under another letter.
                letter: match letter {
                    'L' => 'E',
                    'U' => 'S',
                    letter => letter,
                },
                label,
            }),
            // A label may stand alone where there is but one letter.
            _ if self == TagScheme::Io => Some(Tag {
                letter: 'I',
                label: tag,
            }),
            _ => None,
        }
    }

    /// Are two neighbours one span?
    fn joins(self, before: Tag<'_>, now: Tag<'_>) -> bool {
        let letters = match self {
            TagScheme::Io => before.letter == 'I' && now.letter == 'I',
            TagScheme::Iob1 => before.letter != 'O' && now.letter == 'I',
            _ => matches!(before.letter, 'B' | 'I') && matches!(now.letter, 'I' | 'E'),
        };
        letters && before.label == now.label
    }

    /// What is wrong with a tag between its neighbours.
    fn fault(self, before: Tag<'_>, now: Tag<'_>, after: Tag<'_>) -> Option<&'static str> {
        let (from, to) = (self.joins(before, now), self.joins(now, after));
        let same_before = before.letter != 'O' && before.label == now.label;
        let same_after = after.letter != 'O' && after.label == now.label;
        let sound = match (self, now.letter) {
            (TagScheme::Iob1, 'B') if !same_before => {
                return Some("does not touch a span of its own label before it");
            }
            (TagScheme::Ioe1, 'E') if !same_after => {
                return Some("does not touch a span of its own label after it");
            }
            (TagScheme::Iob2, 'I') => from,
            (TagScheme::Ioe2, 'I') => to,
            (TagScheme::Bioes | TagScheme::Bilou, letter) => match letter {
                'B' => to,
                'I' => from && to,
                'E' => from,
                _ => true,
            },
            _ => true,
        };
        (!sound).then_some(if from {
            "is continued by nothing"
        } else if matches!(now.letter, 'B') || self == TagScheme::Ioe2 {
            "begins a span that does not end"
        } else {
            "continues nothing"
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag<'a> {
    letter: char,
    label: &'a str,
}

const OUTSIDE: Tag<'static> = Tag {
    letter: 'O',
    label: "",
};

/// A span of tokens, half-open, under a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSpan<'a> {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Its label.
    pub label: &'a str,
}

/// A tag that the scheme does not have, or not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tag `{tag}` {why}")]
pub struct TagError {
    /// Which token, from 0.
    pub token: usize,
    /// The tag.
    pub tag: String,
    /// What is wrong and what to do.
    pub why: String,
}

/// The spans that the tags of one document spell.
///
/// # Errors
/// The first tag that the scheme does not have, or does not allow between its neighbours.
pub fn decode(scheme: TagScheme, tags: &[String]) -> Result<Vec<TokenSpan<'_>>, TagError> {
    let error = |token: usize, why: String| TagError {
        token,
        tag: tags[token].clone(),
        why,
    };
    let mut read = Vec::with_capacity(tags.len() + 1);
    for (token, tag) in tags.iter().enumerate() {
        read.push(scheme.read(tag).ok_or_else(|| {
            let letters = scheme.letters().chars().map(String::from);
            let letters: Vec<String> = letters.map(|l| format!("{l}-LABEL")).collect();
            let letters = letters.join(", ");
            error(
                token,
                format!("is none of {scheme} (O, {letters}): say which with --tag-scheme"),
            )
        })?);
    }
    read.push(OUTSIDE);
    let mut spans: Vec<TokenSpan<'_>> = Vec::new();
    let mut before = OUTSIDE;
    for (token, pair) in read.windows(2).enumerate() {
        let (now, after) = (pair[0], pair[1]);
        if now.letter != 'O' {
            if let Some(why) = scheme.fault(before, now, after) {
                let remedy = "mend it, or read it forgivingly with --tag-scheme conlleval";
                return Err(error(token, format!("{why} under {scheme}: {remedy}")));
            }
            match spans.last_mut() {
                Some(last) if scheme.joins(before, now) => last.end = token + 1,
                _ => spans.push(TokenSpan {
                    start: token,
                    end: token + 1,
                    label: now.label,
                }),
            }
        }
        before = now;
    }
    Ok(spans)
}

/// Tokens joined by single spaces, and where each of them stands.
pub fn join(tokens: &[String]) -> (String, Vec<ByteRange>) {
    let length = tokens.iter().map(|token| token.len() + 1).sum();
    let mut text = String::with_capacity(length);
    let mut places = Vec::with_capacity(tokens.len());
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        let start = text.len() as u32;
        text.push_str(token);
        places.push(ByteRange {
            start,
            end: text.len() as u32,
        });
    }
    (text, places)
}

/// A document of tokens and tags: its text with single spaces, its spans in bytes of that text.
///
/// # Errors
/// As [`decode`]; a span over nothing but empty tokens.
pub(super) fn document(
    scheme: TagScheme,
    tokens: &[String],
    tags: Vec<String>,
) -> Result<super::document::Answer, TagError> {
    use super::document::{Answer, SpanAt};
    use super::offsets::Counting;
    let (text, places) = join(tokens);
    let mut spans = Vec::new();
    for span in decode(scheme, &tags)? {
        let (start, end) = (places[span.start].start, places[span.end - 1].end);
        if start == end {
            return Err(TagError {
                token: span.start,
                tag: tags[span.start].clone(),
                why: "covers an empty token".to_owned(),
            });
        }
        spans.push(SpanAt {
            start: start.into(),
            end: end.into(),
            counting: Counting::Unit(crate::text::OffsetUnit::Byte),
            label: span.label.to_owned(),
            text: None,
            score: None,
        });
    }
    Ok(Answer {
        text: Some(text),
        spans,
        tagging: Some(Tagging {
            tokens: places,
            tags,
        }),
        ..Answer::default()
    })
}

/// Spells spans of tokens in a scheme; the inverse of [`decode`].
///
/// # Panics
/// When spans overlap or lie beyond `length`.
pub fn encode(scheme: TagScheme, spans: &[TokenSpan<'_>], length: usize) -> Vec<String> {
    let mut tags = vec!["O".to_owned(); length];
    let touching = |at: usize, label: &str, end: bool| {
        let mut others = spans.iter();
        others.any(|s| s.label == label && if end { s.end == at } else { s.start == at })
    };
    for span in spans {
        let alone = span.end - span.start == 1;
        for (place, tag) in (span.start..span.end).zip(&mut tags[span.start..span.end]) {
            assert_eq!(tag, "O", "spans of tokens do not overlap");
            let (first, last) = (place == span.start, place + 1 == span.end);
            let letter = match scheme {
                TagScheme::Io => 'I',
                TagScheme::Iob1 if first && touching(span.start, span.label, true) => 'B',
                TagScheme::Ioe1 if last && touching(span.end, span.label, false) => 'E',
                TagScheme::Iob1 | TagScheme::Ioe1 => 'I',
                TagScheme::Iob2 | TagScheme::Conlleval if first => 'B',
                TagScheme::Iob2 | TagScheme::Conlleval => 'I',
                TagScheme::Ioe2 if last => 'E',
                TagScheme::Ioe2 => 'I',
                TagScheme::Bioes if alone => 'S',
                TagScheme::Bilou if alone => 'U',
                TagScheme::Bioes | TagScheme::Bilou if first => 'B',
                TagScheme::Bioes if last => 'E',
                TagScheme::Bilou if last => 'L',
                TagScheme::Bioes | TagScheme::Bilou => 'I',
            };
            *tag = format!("{letter}-{}", span.label);
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::compat::{self, Decoding};
    use proptest::prelude::*;

    fn tags(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn read(scheme: TagScheme, line: &str) -> Vec<(usize, usize, String)> {
        let tags = tags(line);
        let spans = decode(scheme, &tags).unwrap_or_else(|e| panic!("{e}"));
        spans
            .iter()
            .map(|s| (s.start, s.end, s.label.to_owned()))
            .collect()
    }

    /// What seqeval reads from the same tags.
    fn seqeval(decoding: Decoding, tags: &[String]) -> Vec<(usize, usize, String)> {
        let pair = compat::TagPair {
            gold: tags.to_vec(),
            pred: tags.to_vec(),
        };
        let doc = compat::Doc {
            tags: Some(pair),
            ..compat::Doc::default()
        };
        let corpus = compat::Corpus {
            labels: compat::Labels::default(),
            docs: vec![doc],
        };
        let scheme = compat::Scheme::SeqevalDecode(decoding);
        let found = compat::evaluate(scheme, &compat::Params::default(), &corpus).unwrap();
        let spans = found["spans"].as_array().unwrap().iter();
        let number = |v: &serde_json::Value| v.as_u64().unwrap() as usize;
        spans
            .map(|s| {
                let label = s["label"].as_str().unwrap().to_owned();
                (number(&s["start"]), number(&s["end"]), label)
            })
            .collect()
    }

    #[test]
    fn neighbours_of_one_label_stay_two_spans_in_every_scheme_that_can_say_so() {
        let (one, two) = ((0, 2, "A".to_owned()), (2, 3, "A".to_owned()));
        for (scheme, line) in [
            (TagScheme::Iob1, "I-A I-A B-A O"),
            (TagScheme::Iob2, "B-A I-A B-A O"),
            (TagScheme::Ioe1, "I-A E-A I-A O"),
            (TagScheme::Ioe2, "I-A E-A E-A O"),
            (TagScheme::Bioes, "B-A E-A S-A O"),
            (TagScheme::Bilou, "B-A L-A U-A O"),
            (TagScheme::Conlleval, "B-A I-A B-A O"),
        ] {
            assert_eq!(read(scheme, line), [one.clone(), two.clone()], "{scheme}");
        }
        assert_eq!(read(TagScheme::Io, "A A I-A O"), [(0, 3, "A".to_owned())]);
    }

    #[test]
    fn a_sequence_that_the_scheme_does_not_allow_is_an_error_and_not_a_lost_span() {
        for (scheme, line, token) in [
            (TagScheme::Iob1, "O B-A O", 1),
            (TagScheme::Iob2, "O I-A O", 1),
            (TagScheme::Iob2, "B-A I-B O", 1),
            (TagScheme::Ioe1, "I-A E-A O", 1),
            (TagScheme::Ioe2, "E-A I-A O", 1),
            (TagScheme::Bioes, "B-A O", 0),
            (TagScheme::Bioes, "B-A I-A O", 1),
            (TagScheme::Bilou, "O L-A", 1),
            (TagScheme::Bilou, "S-A", 0),
            (TagScheme::Iob2, "PER", 0),
            (TagScheme::Iob2, "B-", 0),
            (TagScheme::Conlleval, "O é-A", 1),
        ] {
            let tags = tags(line);
            let error = decode(scheme, &tags).unwrap_err();
            assert_eq!(
                (error.token, &error.tag),
                (token, &tags[token]),
                "{scheme}: {line}"
            );
            assert!(error.to_string().contains("--tag-scheme"), "{error}");
        }
    }

    #[test]
    fn forgiving_reading_is_conllevals() {
        for line in [
            "O I-A I-A O",
            "B-A I-B I-B",
            "E-A E-A",
            "I-A E-A I-A",
            "B I O",
        ] {
            let tags = tags(line);
            let expected = seqeval(Decoding::Default, &tags);
            assert_eq!(read(TagScheme::Conlleval, line), expected, "{line}");
        }
    }

    fn spans() -> impl Strategy<Value = (Vec<(usize, usize, bool)>, usize)> {
        proptest::collection::vec((0usize..3, 1usize..4, any::<bool>()), 0..6).prop_map(|runs| {
            let mut at = 0;
            let mut spans = Vec::new();
            for (gap, length, label) in runs {
                spans.push((at + gap, at + gap + length, label));
                at += gap + length;
            }
            (spans, at + 1)
        })
    }

    proptest! {
        #[test]
        fn every_scheme_reads_back_what_it_spells((drawn, length) in spans()) {
            let spans: Vec<TokenSpan<'_>> = drawn
                .iter()
                .map(|&(start, end, a)| TokenSpan { start, end, label: if a { "A" } else { "B" } })
                .collect();
            for &scheme in TagScheme::ALL {
                let tags = encode(scheme, &spans, length);
                let read = decode(scheme, &tags).unwrap();
                if scheme == TagScheme::Io {
                    let lone = |w: &[TokenSpan<'_>]| w[0].end < w[1].start || w[0].label != w[1].label;
                    if !spans.windows(2).all(lone) {
                        continue;
                    }
                }
                prop_assert_eq!(&read, &spans, "{}", scheme);
                let strict = match scheme {
                    TagScheme::Iob2 => compat::TagScheme::Iob2,
                    TagScheme::Ioe2 => compat::TagScheme::Ioe2,
                    TagScheme::Bioes => compat::TagScheme::Iobes,
                    TagScheme::Bilou => compat::TagScheme::Bilou,
                    // Its tables for the other two have gaps, which are no gaps here.
                    _ => continue,
                };
                let read: Vec<_> =
                    read.iter().map(|s| (s.start, s.end, s.label.to_owned())).collect();
                prop_assert_eq!(read, seqeval(Decoding::Strict(strict), &tags));
            }
        }

        #[test]
        fn the_tags_of_anything_never_panic(tags in proptest::collection::vec("[BIOESLU]?-?[A-Bé]?", 0..8)) {
            for &scheme in TagScheme::ALL {
                if let Ok(spans) = decode(scheme, &tags) {
                    let tagged = tags.iter().filter(|tag| *tag != "O").count();
                    let covered: usize = spans.iter().map(|s| s.end - s.start).sum();
                    prop_assert_eq!(covered, tagged);
                }
            }
        }
    }
}
