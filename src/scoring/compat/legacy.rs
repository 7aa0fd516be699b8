//! nervaluate 0.2.0, which many published numbers come from.
//!
//! It differs from 1.2.1: golds are sorted by start and predictions by end; a prediction that equals a
//! gold is correct even when another has already been; a prediction that overlaps several golds counts
//! once for each that nothing has met before, so "actual" can exceed the predictions. What has been met
//! is remembered by value, so equal golds are met together. The least overlap is one position. Only
//! figures over all labels are reproduced.

use super::nervaluate::{Counts, Kept, Mode};
use super::{Corpus, Params, TaggedSpan};
use serde_json::Value;
use std::collections::BTreeSet;

/// The report of nervaluate 0.2.0 in one mode.
pub(super) fn evaluate(mode: Mode, params: &Params, corpus: &Corpus) -> Value {
    let mut whole = Counts::default();
    let mut kept = Kept::of(params, corpus);
    for doc in &corpus.docs {
        let (gold, pred) = kept.spans(doc);
        whole += count(mode, gold.to_vec(), pred.to_vec());
    }
    Value::Object(whole.report())
}

fn count(mode: Mode, mut gold: Vec<TaggedSpan>, mut pred: Vec<TaggedSpan>) -> Counts {
    gold.sort_by_key(|span| span.start);
    pred.sort_by_key(|span| span.end);
    let known: BTreeSet<TaggedSpan> = gold.iter().copied().collect();
    let mut met: BTreeSet<TaggedSpan> = BTreeSet::new();
    let mut counts = Counts::default();
    for &span in &pred {
        if known.contains(&span) {
            met.insert(span);
            counts.correct += 1;
            continue;
        }
        let mut overlaps = false;
        for &truth in gold.iter().take_while(|truth| truth.start < span.end) {
            if truth.start == span.start && truth.end == span.end {
                match mode {
                    Mode::Strict | Mode::EntType => counts.incorrect += 1,
                    Mode::Exact | Mode::Partial => counts.correct += 1,
                }
                met.insert(truth);
                overlaps = true;
                break;
            }
            if span.overlap(truth) > 0 && met.insert(truth) {
                match mode {
                    Mode::Strict | Mode::Exact => counts.incorrect += 1,
                    Mode::Partial => counts.partial += 1,
                    Mode::EntType if span.label == truth.label => counts.correct += 1,
                    Mode::EntType => counts.incorrect += 1,
                }
                overlaps = true;
            }
        }
        if !overlaps {
            counts.spurious += 1;
        }
    }
    counts.missed = gold.iter().filter(|truth| !met.contains(truth)).count() as u64;
    counts
}

#[cfg(test)]
mod tests {
    use super::super::LabelId;
    use super::*;

    fn span(start: u32, end: u32, label: u32) -> TaggedSpan {
        let label = LabelId(label);
        TaggedSpan { start, end, label }
    }

    #[test]
    fn a_prediction_over_two_golds_counts_twice() {
        let gold = vec![span(0, 3, 0), span(5, 8, 0)];
        let counts = count(Mode::EntType, gold, vec![span(0, 8, 0)]);
        assert_eq!((counts.correct, counts.actual()), (2, 2));
    }

    #[test]
    fn the_same_hit_twice_is_correct_twice() {
        let hit = span(0, 3, 0);
        let counts = count(Mode::Strict, vec![hit], vec![hit, hit]);
        assert_eq!((counts.correct, counts.possible()), (2, 2));
    }
}
