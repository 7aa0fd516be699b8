//! Views: what a span score leaves out of account.
//!
//! A **view** is a pure transform of the gold spans and the predictions of a text, followed by a
//! matching of its own. It changes span scores and nothing else: what a redactor covers, and what
//! leaks, is a matter of the text as it is. Invariant: a view never invents a range; each of its ranges
//! is one of the text's, trimmed, or the hull of some.

use crate::conversation::names;
use crate::text::ByteRange;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::sync::LazyLock;

names! {
    /// What span scores leave out of account.
    #[derive(Default)]
    pub enum View {
        /// Nothing.
        #[default]
        All = "all",
        /// Spans that lie inside a longer one, in gold and in predictions.
        Outermost = "outermost",
        /// White space and punctuation at either end (Unicode White_Space and general category P).
        EdgeTolerant = "edge-tolerant",
        /// The gap between spans of one meaning that touch, overlap, or have only white space
        /// between them: they are one.
        MergeAdjacent = "merge-adjacent",
    }
}

/// A range of a text in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// Equal for ranges that mean the same.
    pub meaning: u32,
    /// Where.
    pub range: ByteRange,
    /// Its place in the input; of several that become one, that of the first.
    pub index: u32,
}

impl View {
    /// Turns the gold spans, or the predictions, of `text` into what the view shows of them.
    pub fn apply(self, text: &str, spans: &mut Vec<Seen>) {
        match self {
            View::All => {}
            View::Outermost => outermost(spans),
            View::EdgeTolerant => {
                for span in spans {
                    span.range = trimmed(text, span.range);
                }
            }
            View::MergeAdjacent => merge_adjacent(text, spans),
        }
    }
}

/// Drops what lies inside a longer range. Of equal ranges none lies inside the other.
fn outermost(spans: &mut Vec<Seen>) {
    spans.sort_unstable_by_key(|span| (span.range.start, Reverse(span.range.end), *span));
    let mut furthest: Option<ByteRange> = None;
    spans.retain(|span| {
        let nested =
            furthest.is_some_and(|outer| outer.end >= span.range.end && outer != span.range);
        if furthest.is_none_or(|outer| outer.end < span.range.end) {
            furthest = Some(span.range);
        }
        !nested
    });
}

/// The range without white space and punctuation at its ends; the range itself where nothing else is
/// in it.
pub fn trimmed(text: &str, range: ByteRange) -> ByteRange {
    let inside = text[range.as_range()].trim_matches(is_edge);
    if inside.is_empty() {
        return range;
    }
    let start = inside.as_ptr() as usize - text.as_ptr() as usize;
    ByteRange {
        start: start as u32,
        end: (start + inside.len()) as u32,
    }
}

fn is_edge(character: char) -> bool {
    static PUNCTUATION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\p{P}$").expect("it is a regular expression"));
    if character.is_ascii() {
        // `$ + < = > ^ ` | ~` are symbols (S), not punctuation.
        let symbol = matches!(
            character,
            '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~'
        );
        return character.is_whitespace() || character.is_ascii_punctuation() && !symbol;
    }
    character.is_whitespace() || PUNCTUATION.is_match(character.encode_utf8(&mut [0; 4]))
}

fn merge_adjacent(text: &str, spans: &mut Vec<Seen>) {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let gap = text.get(last.range.end as usize..next.range.start as usize);
        let joined = next.meaning == last.meaning
            && gap.is_none_or(|gap| gap.chars().all(char::is_whitespace));
        if joined {
            last.range.end = last.range.end.max(next.range.end);
        }
        joined
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str, view: View, spans: &[(u32, &str)]) -> Vec<(u32, String)> {
        let mut spans: Vec<Seen> = (0..)
            .zip(spans)
            .map(|(index, &(meaning, covered))| {
                let start = text.find(covered).unwrap() as u32;
                let range = ByteRange {
                    start,
                    end: start + covered.len() as u32,
                };
                Seen {
                    meaning,
                    range,
                    index,
                }
            })
            .collect();
        view.apply(text, &mut spans);
        spans.sort_unstable_by_key(|span| span.index);
        let covered = |span: &Seen| (span.index, text[span.range.as_range()].to_owned());
        spans.iter().map(covered).collect()
    }

    #[test]
    fn the_outermost_view_keeps_equal_ranges_and_drops_inner_ones() {
        let spans = [(0, "12 rue"), (1, "rue"), (2, "12 rue"), (3, "ici")];
        let kept: Vec<u32> = seen("au 12 rue ici", View::Outermost, &spans)
            .iter()
            .map(|(index, _)| *index)
            .collect();
        assert_eq!(kept, [0, 2, 3]);
    }

    #[test]
    fn edges_are_white_space_and_punctuation_and_no_symbols() {
        let text = "«\u{a0}Ilario », +33 6, 50 €…";
        let spans = [
            (0, "«\u{a0}Ilario »,"),
            (0, "+33 6,"),
            (0, "50 €…"),
            (0, "»"),
        ];
        let covered: Vec<String> = seen(text, View::EdgeTolerant, &spans)
            .into_iter()
            .map(|(_, covered)| covered)
            .collect();
        assert_eq!(covered, ["Ilario", "+33 6", "50 €", "»"]);
    }

    #[test]
    fn spans_of_one_meaning_become_one_across_white_space_and_not_across_words() {
        let text = "Ilario Fenwike et Maïa";
        let spans = [
            (7, "Ilario"),
            (7, "Fenwike"),
            (7, "Maïa"),
            (3, "Fenwike et"),
        ];
        let joined = seen(text, View::MergeAdjacent, &spans);
        let expected = [(0, "Ilario Fenwike"), (2, "Maïa"), (3, "Fenwike et")];
        assert_eq!(joined, expected.map(|(k, text)| (k, text.to_owned())));
    }
}
