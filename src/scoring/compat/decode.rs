//! From tags to spans, as seqeval 1.2.2 reads them: the decoding decides the score.
//!
//! A **tag** is a prefix of one letter and a label (`B-PER`; a bare letter has the label `_`). Default
//! decoding is conlleval's: an orphan `I-PER` opens a span and a change of label cuts. Strict decoding
//! takes only spans that a tag scheme allows, by tables of the pairs of neighbouring tags that start,
//! continue, or end one; what those tables of seqeval leave out (IOB1 and IOE1 have gaps) is left out
//! here too.

use super::{CompatError, Corpus, Decoding, Params, TagScheme};
use serde_json::{Value, json};

/// A span of tokens, half-open, under a label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chunk<'a> {
    pub label: &'a str,
    pub doc: usize,
    pub start: usize,
    pub end: usize,
}

/// The spans of sequences of tags.
///
/// # Errors
/// The first tag that is empty or that the tag scheme does not have.
pub(super) fn chunks<'a>(
    decoding: Decoding,
    suffix: bool,
    docs: impl Iterator<Item = &'a [String]>,
) -> Result<Vec<Chunk<'a>>, CompatError> {
    match decoding {
        Decoding::Default => forgiving(suffix, docs),
        Decoding::Strict(scheme) => {
            let mut found = Vec::new();
            for (doc, tags) in docs.enumerate() {
                strict(scheme, suffix, doc, tags, &mut found)?;
            }
            Ok(found)
        }
    }
}

fn bad_tag(doc: usize, token: usize, tag: &str, decoding: Decoding) -> CompatError {
    CompatError::Tag {
        doc,
        token,
        tag: tag.to_owned(),
        scheme: decoding.to_string(),
    }
}

/// The letter of a tag, and the rest of it.
fn split(tag: &str, suffix: bool) -> Option<(char, &str)> {
    let mut letters = tag.chars();
    if suffix {
        letters.next_back().map(|letter| (letter, letters.as_str()))
    } else {
        letters.next().map(|letter| (letter, letters.as_str()))
    }
}

/// Like conlleval. seqeval strings all documents together with an `O` after each, so its state runs on
/// from one to the next; a span cannot, but where it is said to start may be stale, and documents are
/// therefore decoded as one here too.
fn forgiving<'a>(
    suffix: bool,
    docs: impl Iterator<Item = &'a [String]>,
) -> Result<Vec<Chunk<'a>>, CompatError> {
    let mut found = Vec::new();
    let (mut before, mut label_before) = ('O', "");
    let (mut position, mut start) = (0, 0);
    let mut step = |letter: char, label: &'a str| {
        let changes = label != label_before;
        if ends(before, letter, changes) {
            found.push(Chunk {
                label: label_before,
                doc: 0,
                start,
                end: position,
            });
        }
        if starts(before, letter, changes) {
            start = position;
        }
        (before, label_before) = (letter, label);
        position += 1;
    };
    for (doc, tags) in docs.enumerate() {
        for (token, tag) in tags.iter().enumerate() {
            let (letter, rest) =
                split(tag, suffix).ok_or_else(|| bad_tag(doc, token, tag, Decoding::Default))?;
            let cut = if suffix {
                rest.rsplit_once('-').map(|(label, _)| label)
            } else {
                rest.split_once('-').map(|(_, label)| label)
            };
            let label = cut.unwrap_or(rest);
            step(letter, if label.is_empty() { "_" } else { label });
        }
        step('O', "_");
    }
    step('O', "_");
    Ok(found)
}

fn ends(before: char, now: char, label_changes: bool) -> bool {
    matches!(before, 'E' | 'S')
        || matches!((before, now), ('B' | 'I', 'B' | 'S' | 'O'))
        || (!matches!(before, 'O' | '.') && label_changes)
}

fn starts(before: char, now: char, label_changes: bool) -> bool {
    matches!(now, 'B' | 'S')
        || matches!((before, now), ('E' | 'S' | 'O', 'E' | 'I'))
        || (!matches!(now, 'O' | '.') && label_changes)
}

/// A set of prefixes.
type Prefixes = u8;
const I: Prefixes = 1;
const O: Prefixes = 2;
const B: Prefixes = 4;
const E: Prefixes = 8;
const S: Prefixes = 16;
const U: Prefixes = 32;
const L: Prefixes = 64;
const ANY: Prefixes = I | O | B | E | S | U | L;

/// What must hold between the labels of two neighbours.
#[derive(Clone, Copy)]
enum Labels {
    Same,
    Differ,
    Whatever,
}
use Labels::{Differ, Same, Whatever};

/// Neighbours: prefixes before, prefixes now, labels.
type Pair = (Prefixes, Prefixes, Labels);

/// The tables of a tag scheme.
struct Tables {
    allowed: Prefixes,
    start: &'static [Pair],
    inside: &'static [Pair],
    end: &'static [Pair],
}

impl TagScheme {
    fn tables(self) -> Tables {
        match self {
            TagScheme::Iob1 => Tables {
                allowed: I | O | B,
                start: &[(O | B, I, Whatever), (I, I, Differ), (I | B, B, Same)],
                inside: &[(B | I, I, Same)],
                end: &[
                    (I | B, I, Differ),
                    (I | B, O, Whatever),
                    (I, B, Whatever),
                    (B, B, Same),
                ],
            },
            TagScheme::Iob2 => Tables {
                allowed: I | O | B,
                start: &[(ANY, B, Whatever)],
                inside: &[(B | I, I, Same)],
                end: &[(I | B, O | B, Whatever), (I | B, I, Differ)],
            },
            TagScheme::Ioe1 => Tables {
                allowed: I | O | E,
                start: &[(O | E, I, Whatever), (I, I, Differ), (E, E, Same)],
                inside: &[(I, I | E, Same)],
                end: &[(I, I | E, Differ), (I, O, Whatever), (E, I | E, Same)],
            },
            TagScheme::Ioe2 => Tables {
                allowed: I | O | E,
                start: &[(O | E, I | E, Whatever), (I, I | E, Differ)],
                inside: &[(I, I | E, Same)],
                end: &[(E, ANY, Whatever)],
            },
            TagScheme::Iobes => Tables {
                allowed: I | O | B | E | S,
                start: &[(ANY, B | S, Whatever)],
                inside: &[(B | I, I | E, Same)],
                end: &[(S | E, ANY, Whatever)],
            },
            TagScheme::Bilou => Tables {
                allowed: I | O | B | L | U,
                start: &[(ANY, B | U, Whatever)],
                inside: &[(B | I, I | L, Same)],
                end: &[(U | L, ANY, Whatever)],
            },
        }
    }
}

#[derive(Clone, Copy)]
struct Tag<'a> {
    prefix: Prefixes,
    label: &'a str,
}

const OUTSIDE: Tag<'static> = Tag {
    prefix: O,
    label: "_",
};

impl Tag<'_> {
    fn after(self, before: Tag<'_>, pairs: &[Pair]) -> bool {
        pairs.iter().any(|&(first, second, labels)| {
            before.prefix & first != 0
                && self.prefix & second != 0
                && match labels {
                    Same => before.label == self.label,
                    Differ => before.label != self.label,
                    Whatever => true,
                }
        })
    }
}

fn strict<'a>(
    scheme: TagScheme,
    suffix: bool,
    doc: usize,
    tags: &'a [String],
    found: &mut Vec<Chunk<'a>>,
) -> Result<(), CompatError> {
    let tables = scheme.tables();
    let mut read = Vec::with_capacity(tags.len() + 1);
    for (token, tag) in tags.iter().enumerate() {
        let known = split(tag, suffix).and_then(|(letter, rest)| {
            let prefix = match letter {
                'I' => I,
                'O' => O,
                'B' => B,
                'E' => E,
                'S' => S,
                'U' => U,
                'L' => L,
                _ => return None,
            };
            (prefix & tables.allowed != 0).then_some((prefix, rest.trim_matches('-')))
        });
        let (prefix, label) =
            known.ok_or_else(|| bad_tag(doc, token, tag, Decoding::Strict(scheme)))?;
        let label = if label.is_empty() { "_" } else { label };
        read.push(Tag { prefix, label });
    }
    read.push(OUTSIDE);
    let mut before = OUTSIDE;
    let mut at = 0;
    while at < read.len() {
        let first = read[at];
        let mut next = at + 1;
        if first.after(before, tables.start) {
            while next < read.len() && read[next].after(read[next - 1], tables.inside) {
                next += 1;
            }
            if next < read.len() && read[next].after(read[next - 1], tables.end) {
                found.push(Chunk {
                    label: first.label,
                    doc,
                    start: at,
                    end: next,
                });
            }
        }
        before = read[next - 1];
        at = next;
    }
    Ok(())
}

/// The spans of the gold tags of the first document.
///
/// # Errors
/// When there are no tags, or a tag is none of the scheme's.
pub(super) fn evaluate(
    decoding: Decoding,
    params: &Params,
    corpus: &Corpus,
) -> Result<Value, CompatError> {
    let tags = corpus.docs.first().and_then(|doc| doc.tags.as_ref());
    let tags = tags.ok_or(CompatError::Missing {
        doc: 0,
        missing: "no tags to decode",
    })?;
    let found = chunks(
        decoding,
        params.suffix,
        std::iter::once(tags.gold.as_slice()),
    )?;
    let spans: Vec<Value> = found
        .iter()
        .map(|chunk| json!({"start": chunk.start, "end": chunk.end, "label": chunk.label}))
        .collect();
    Ok(json!({ "spans": spans }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(decoding: Decoding, tags: &str) -> Vec<(String, usize, usize)> {
        let tags: Vec<String> = tags.split_whitespace().map(str::to_owned).collect();
        let found = chunks(decoding, false, std::iter::once(tags.as_slice())).unwrap();
        found
            .into_iter()
            .map(|chunk| (chunk.label.to_owned(), chunk.start, chunk.end))
            .collect()
    }

    #[test]
    fn an_orphan_opens_a_span_only_in_default_decoding() {
        let expected = vec![("PER".to_owned(), 1, 3)];
        assert_eq!(read(Decoding::Default, "O I-PER I-PER O"), expected);
        let strict = Decoding::Strict(TagScheme::Iob2);
        assert_eq!(read(strict, "O I-PER I-PER O"), vec![]);
    }

    #[test]
    fn a_span_without_its_last_tag_is_dropped_under_bilou() {
        let strict = Decoding::Strict(TagScheme::Bilou);
        let expected = vec![("ORG".to_owned(), 2, 3)];
        assert_eq!(read(strict, "B-PER I-PER U-ORG"), expected);
    }

    #[test]
    fn a_lone_b_starts_nothing_under_iob1() {
        assert_eq!(read(Decoding::Strict(TagScheme::Iob1), "B-PER"), vec![]);
    }

    #[test]
    fn suffixes_are_read_from_the_end() {
        let tags: Vec<String> = ["PER-B", "PER-I", "O"].map(str::to_owned).to_vec();
        for decoding in [Decoding::Default, Decoding::Strict(TagScheme::Iob2)] {
            let found = chunks(decoding, true, std::iter::once(tags.as_slice())).unwrap();
            assert_eq!(
                (found[0].label, found[0].start, found[0].end),
                ("PER", 0, 2)
            );
        }
    }

    #[test]
    fn a_prefix_of_another_scheme_is_a_named_error() {
        let tags = ["O".to_owned(), "S-PER".to_owned()];
        let decoding = Decoding::Strict(TagScheme::Iob2);
        let error = chunks(decoding, false, std::iter::once(tags.as_slice())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "document 0, token 1: `S-PER` is no tag of strict.IOB2"
        );
    }
}
