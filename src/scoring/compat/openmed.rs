//! openmed 3.1.0, `openmed.eval.metrics`: leakage in graphemes, span F1, over-redaction.
//!
//! * A gold span is cut into extended grapheme clusters on its own, without what stands around it; one
//!   that ends beyond the text is cut into code points.
//! * A grapheme is **covered** when it lies wholly in the union of the predictions under the label of
//!   its span.
//! * Relaxed matching: golds in order take the free prediction of their label with the longest overlap,
//!   the first on a tie. 0/0 is 1 for precision and recall, 0 for leakage and over-redaction.
//!
//! The tool first maps labels to a taxonomy of its own; labels here are compared as they are.

use super::{Corpus, Doc, TaggedSpan, figures};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

/// The report of openmed. Counts of documents are summed.
pub(super) fn evaluate(corpus: &Corpus) -> Value {
    let mut sums = Sums::default();
    for doc in &corpus.docs {
        sums.add(doc);
    }
    sums.report()
}

#[derive(Default)]
struct Sums {
    covered: u64,
    graphemes: u64,
    exact: u64,
    relaxed: u64,
    gold: u64,
    pred: u64,
    masked_harmless: u64,
    harmless: u64,
}

impl Sums {
    fn add(&mut self, doc: &Doc) {
        let text: Vec<char> = doc.text.chars().collect();
        self.gold += doc.gold.len() as u64;
        self.pred += doc.pred.len() as u64;
        for &truth in &doc.gold {
            let cover = cover(truth, &doc.pred);
            for (start, end) in graphemes(truth, &text) {
                self.graphemes += 1;
                let whole = cover.iter().any(|&(from, to)| from <= start && end <= to);
                self.covered += u64::from(whole);
            }
        }
        self.exact += greedy(doc, |truth, pred| (truth == pred).then_some(0));
        self.relaxed += greedy(doc, |truth, pred| {
            overlaps(truth, pred).then(|| truth.overlap(pred))
        });
        let gold = size(&union(&doc.gold));
        let either = size(&union(&[doc.gold.as_slice(), &doc.pred].concat()));
        self.masked_harmless += either - gold;
        self.harmless += (text.len() as u64).saturating_sub(gold);
    }

    fn report(&self) -> Value {
        let share = |part: u64, whole: u64, undefined: f64| {
            figures::ratio(part as f64, whole as f64, undefined)
        };
        let matched = |right: u64| {
            let precision = share(right, self.pred, 1.0);
            let recall = share(right, self.gold, 1.0);
            json!({
                "tp": right,
                "fp": self.pred - right,
                "fn": self.gold - right,
                "precision": precision,
                "recall": recall,
                "f1": figures::f1(precision, recall),
            })
        };
        let leaked = self.graphemes - self.covered;
        json!({
            "leakage": share(leaked, self.graphemes, 0.0),
            "leaked_graphemes": leaked,
            "total_graphemes": self.graphemes,
            "character_recall": share(self.covered, self.graphemes, 1.0),
            "exact": matched(self.exact),
            "relaxed": matched(self.relaxed),
            "over_redaction": {
                "rate": share(self.masked_harmless, self.harmless, 0.0),
                "numerator": self.masked_harmless,
                "denominator": self.harmless,
            },
        })
    }
}

/// Under one label, the earlier of the two ends after the later starts.
fn overlaps(a: TaggedSpan, b: TaggedSpan) -> bool {
    let (first, second) = if (b.start, b.end) < (a.start, a.end) {
        (b, a)
    } else {
        (a, b)
    };
    a.label == b.label && second.start < first.end
}

/// Golds in order take the free prediction that is worth most to them, the first of equals.
fn greedy(doc: &Doc, worth: impl Fn(TaggedSpan, TaggedSpan) -> Option<u32>) -> u64 {
    let mut taken = vec![false; doc.pred.len()];
    let mut matched = 0;
    for &truth in &doc.gold {
        let mut best: Option<(u32, usize)> = None;
        for (place, &pred) in doc.pred.iter().enumerate() {
            if taken[place] {
                continue;
            }
            if let Some(worth) = worth(truth, pred)
                && best.is_none_or(|(most, _)| worth > most)
            {
                best = Some((worth, place));
            }
        }
        if let Some((_, place)) = best {
            taken[place] = true;
            matched += 1;
        }
    }
    matched
}

/// The parts of a gold span that predictions under its label cover, joined.
fn cover(truth: TaggedSpan, pred: &[TaggedSpan]) -> Vec<(u32, u32)> {
    let parts: Vec<TaggedSpan> = pred
        .iter()
        .filter(|pred| pred.label == truth.label)
        .map(|pred| TaggedSpan {
            start: pred.start.max(truth.start),
            end: pred.end.min(truth.end),
            label: truth.label,
        })
        .collect();
    union(&parts)
}

/// Disjoint ranges in order that hold the same positions; ranges that touch are joined.
fn union(spans: &[TaggedSpan]) -> Vec<(u32, u32)> {
    let held = spans.iter().filter(|span| !span.is_empty());
    let mut ranges: Vec<(u32, u32)> = held.map(|span| (span.start, span.end)).collect();
    ranges.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (start, end) in ranges {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

fn size(ranges: &[(u32, u32)]) -> u64 {
    ranges
        .iter()
        .map(|&(start, end)| u64::from(end - start))
        .sum()
}

/// The graphemes of a span, as ranges of code points of the text.
fn graphemes(span: TaggedSpan, text: &[char]) -> Vec<(u32, u32)> {
    let Some(surface) = text.get(span.start as usize..span.end as usize) else {
        return (span.start..span.end).map(|at| (at, at + 1)).collect();
    };
    let surface: String = surface.iter().collect();
    let mut at = span.start;
    surface
        .graphemes(true)
        .map(|grapheme| {
            let start = at;
            at += grapheme.chars().count() as u32;
            (start, at)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Labels;
    use super::*;

    #[test]
    fn a_grapheme_that_is_half_covered_leaks() {
        let mut labels = Labels::default();
        let label = labels.intern("PERSON");
        let span = |start, end| TaggedSpan { start, end, label };
        let doc = Doc {
            text: "e\u{301}a".to_owned(),
            gold: vec![span(0, 3)],
            pred: vec![span(1, 3)],
            ..Doc::default()
        };
        let report = evaluate(&Corpus {
            labels,
            docs: vec![doc],
        });
        assert_eq!(report["total_graphemes"], 2);
        assert_eq!(report["leaked_graphemes"], 1);
    }

    #[test]
    fn nothing_to_find_and_nothing_found_is_perfect() {
        let report = evaluate(&Corpus::default());
        assert_eq!(report["relaxed"]["f1"], 1.0);
        assert_eq!(report["leakage"], 0.0);
    }
}
