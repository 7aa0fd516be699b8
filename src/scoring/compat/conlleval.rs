//! The script of the CoNLL shared tasks (`conlleval.pl`, version of 2004-01-26).
//!
//! It reads gold and predicted tags side by side: a span is correct when both sides open and close it
//! at the same tokens under the same label. It knows no `S-`, and a boundary stands between documents.
//! Percentages are printed with two decimals and reported so.

use super::{CompatError, Corpus, figures};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Tag<'a> {
    prefix: &'a str,
    label: &'a str,
}

const OUTSIDE: Tag<'static> = Tag {
    prefix: "O",
    label: "",
};

impl<'a> Tag<'a> {
    fn read(tag: &'a str) -> Self {
        let (prefix, label) = tag.split_once('-').unwrap_or((tag, ""));
        // To Perl the string "0" is false, and the script then takes the label for none.
        let label = if label == "0" { "" } else { label };
        Tag { prefix, label }
    }

    fn ends_before(self, next: Tag<'_>) -> bool {
        matches!(
            (self.prefix, next.prefix),
            ("B" | "I", "B" | "O") | ("E", "E" | "I" | "O") | ("[" | "]", _)
        ) || (!matches!(self.prefix, "O" | ".") && self.label != next.label)
    }

    fn starts_after(self, before: Tag<'_>) -> bool {
        matches!(
            (before.prefix, self.prefix),
            ("B" | "I" | "O", "B") | ("O" | "E", "I" | "E") | (_, "[" | "]")
        ) || (!matches!(self.prefix, "O" | ".") && self.label != before.label)
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    correct: u64,
    gold: u64,
    found: u64,
}

impl Counts {
    fn percentages(self) -> [f64; 3] {
        let precision = 100.0 * figures::ratio(self.correct as f64, self.found as f64, 0.0);
        let recall = 100.0 * figures::ratio(self.correct as f64, self.gold as f64, 0.0);
        [precision, recall, figures::f1(precision, recall)].map(printed)
    }
}

/// As the script prints it.
fn printed(percentage: f64) -> f64 {
    format!("{percentage:.2}").parse().unwrap_or(percentage)
}

/// The report of conlleval.
///
/// # Errors
/// When a document has no tags, or not as many predicted as gold ones.
pub(super) fn evaluate(corpus: &Corpus) -> Result<Value, CompatError> {
    let mut by_label: BTreeMap<&str, Counts> = BTreeMap::new();
    let (mut tokens, mut right) = (0_u64, 0_u64);
    let mut last = (OUTSIDE, OUTSIDE);
    let mut in_step = false;
    for doc in 0..corpus.docs.len() {
        let tags = super::seqeval::tag_pair(corpus, doc)?;
        let pairs = tags.gold.iter().zip(&tags.pred);
        let pairs = pairs.map(|(gold, pred)| Some((Tag::read(gold), Tag::read(pred))));
        for pair in pairs.chain([None]) {
            let (gold, pred) = pair.unwrap_or((OUTSIDE, OUTSIDE));
            let (gold_ends, pred_ends) = (last.0.ends_before(gold), last.1.ends_before(pred));
            if in_step {
                if gold_ends && pred_ends && last.0.label == last.1.label {
                    in_step = false;
                    by_label.entry(last.0.label).or_default().correct += 1;
                } else if gold_ends != pred_ends || gold.label != pred.label {
                    in_step = false;
                }
            }
            let (gold_starts, pred_starts) = (gold.starts_after(last.0), pred.starts_after(last.1));
            if gold_starts && pred_starts && gold.label == pred.label {
                in_step = true;
            }
            if gold_starts {
                by_label.entry(gold.label).or_default().gold += 1;
            }
            if pred_starts {
                by_label.entry(pred.label).or_default().found += 1;
            }
            if pair.is_some() {
                tokens += 1;
                right += u64::from(gold == pred);
            }
            last = (gold, pred);
        }
    }
    if in_step {
        by_label.entry(last.0.label).or_default().correct += 1;
    }
    let whole = by_label
        .values()
        .fold(Counts::default(), |sum, one| Counts {
            correct: sum.correct + one.correct,
            gold: sum.gold + one.gold,
            found: sum.found + one.found,
        });
    let [precision, recall, f1] = whole.percentages();
    let labels: Map<String, Value> = by_label
        .iter()
        .map(|(label, counts)| {
            let [precision, recall, f1] = counts.percentages();
            (
                (*label).to_owned(),
                json!([precision, recall, f1, counts.found]),
            )
        })
        .collect();
    Ok(json!({
        "tokens": tokens,
        "gold_phrases": whole.gold,
        "found_phrases": whole.found,
        "correct": whole.correct,
        "accuracy_pct": printed(100.0 * figures::ratio(right as f64, tokens as f64, 0.0)),
        "precision_pct": precision,
        "recall_pct": recall,
        "fb1_pct": f1,
        "by_label": labels,
        "by_label_fields": ["precision_pct", "recall_pct", "fb1_pct", "found"],
    }))
}

#[cfg(test)]
mod tests {
    use super::super::{Doc, TagPair};
    use super::*;

    #[test]
    fn a_span_is_correct_when_both_sides_open_and_close_it_together() {
        let tags = |tags: &str| tags.split(' ').map(str::to_owned).collect();
        let tags = TagPair {
            gold: tags("B-NP I-NP O B-VP I-VP"),
            pred: tags("B-NP I-NP O B-VP B-VP"),
        };
        let doc = Doc {
            tags: Some(tags),
            ..Doc::default()
        };
        let corpus = Corpus {
            docs: vec![doc],
            ..Corpus::default()
        };
        let report = evaluate(&corpus).unwrap();
        assert_eq!(report["correct"], 1);
        assert_eq!(report["found_phrases"], 3);
        assert_eq!(report["precision_pct"], 33.33);
        assert_eq!(report["by_label"]["VP"], json!([0.0, 0.0, 0.0, 2]));
    }
}
