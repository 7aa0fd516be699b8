//! seqeval 1.2.2: precision, recall and F over sets of spans.
//!
//! A span is right when the same (document, start, end, label) is on both sides. Labels are the union
//! of those gold and predicted. Where a denominator is 0 the figure is `zero_division`; the mean over
//! no labels is NaN.

use super::decode::chunks;
use super::figures::{f_beta, ratio, weighted_mean};
use super::{Average, CompatError, Corpus, Decoding, LabelId, Params, TagPair};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    right: u64,
    gold: u64,
    pred: u64,
}

#[derive(Clone, Copy, Debug)]
struct Figures {
    precision: f64,
    recall: f64,
    f: f64,
    support: u64,
}

impl Figures {
    fn report(self) -> Value {
        json!({
            "precision": self.precision,
            "recall": self.recall,
            "f": self.f,
            "support": self.support,
        })
    }
}

/// How counts become figures.
struct Rule {
    beta: f64,
    undefined: f64,
}

impl Rule {
    fn figures(&self, counts: Counts) -> Figures {
        let precision = ratio(counts.right as f64, counts.pred as f64, self.undefined);
        let recall = ratio(counts.right as f64, counts.gold as f64, self.undefined);
        Figures {
            precision,
            recall,
            f: f_beta(precision, recall, self.beta, 0.0),
            support: counts.gold,
        }
    }

    fn average(&self, average: Average, by_label: &BTreeMap<&str, Counts>) -> Figures {
        let whole = by_label
            .values()
            .fold(Counts::default(), |sum, one| Counts {
                right: sum.right + one.right,
                gold: sum.gold + one.gold,
                pred: sum.pred + one.pred,
            });
        if average == Average::Micro {
            return self.figures(whole);
        }
        if average == Average::Weighted && whole.gold == 0 {
            // Nothing to weigh by: seqeval then answers by decree.
            let lone = if whole.pred == 0 { self.undefined } else { 0.0 };
            return Figures {
                precision: lone,
                recall: self.undefined,
                f: lone,
                support: 0,
            };
        }
        let mean = |figure: fn(Figures) -> f64| {
            weighted_mean(by_label.values().map(|&counts| {
                let weight = match average {
                    Average::Weighted => counts.gold as f64,
                    _ => 1.0,
                };
                (figure(self.figures(counts)), weight)
            }))
        };
        Figures {
            precision: mean(|figures| figures.precision),
            recall: mean(|figures| figures.recall),
            f: mean(|figures| figures.f),
            support: whole.gold,
        }
    }
}

/// The tags of a document, as many gold as predicted.
///
/// # Errors
/// When there are none, or not as many.
pub(super) fn tag_pair(corpus: &Corpus, doc: usize) -> Result<&TagPair, CompatError> {
    let tags = corpus.docs[doc].tags.as_ref().ok_or(CompatError::Missing {
        doc,
        missing: "no tags",
    })?;
    if tags.gold.len() == tags.pred.len() {
        Ok(tags)
    } else {
        Err(CompatError::Lengths {
            doc,
            gold: tags.gold.len(),
            pred: tags.pred.len(),
            tokens: tags.gold.len(),
        })
    }
}

/// The report of seqeval: figures per label and all averages, or, where `average` is given, what
/// `precision_recall_fscore_support` returns. Documents without tags are scored by their spans.
///
/// # Errors
/// When a tag is none of the scheme's, gold and predicted tags differ in number, or β is negative.
pub(super) fn evaluate(
    decoding: Decoding,
    params: &Params,
    corpus: &Corpus,
) -> Result<Value, CompatError> {
    let beta = params.beta.unwrap_or(1.0);
    if beta.is_nan() || beta < 0.0 {
        return Err(CompatError::Knob {
            name: "beta",
            given: beta.to_string(),
            expected: "0 or more",
        });
    }
    let rule = Rule {
        beta,
        undefined: params.zero_division.value(),
    };
    let tagged = corpus.docs.iter().any(|doc| doc.tags.is_some());
    let (by_label, accuracy) = if tagged {
        let mut pairs = Vec::with_capacity(corpus.docs.len());
        for doc in 0..corpus.docs.len() {
            pairs.push(tag_pair(corpus, doc)?);
        }
        let sides = |side: fn(&TagPair) -> &[String]| {
            chunks(decoding, params.suffix, pairs.iter().map(|pair| side(pair)))
        };
        let gold: BTreeSet<_> = sides(|pair| &pair.gold)?.into_iter().collect();
        let pred: BTreeSet<_> = sides(|pair| &pair.pred)?.into_iter().collect();
        (
            count(&gold, &pred, |chunk| chunk.label),
            token_accuracy(&pairs),
        )
    } else {
        let gold = span_set(corpus, |doc| &doc.gold);
        let pred = span_set(corpus, |doc| &doc.pred);
        let by_label = count(&gold, &pred, |&(label, ..)| corpus.labels.name(label));
        (by_label, None)
    };
    Ok(match params.average {
        Some(average) => returned(&rule, average, &by_label),
        None => report(&rule, &by_label, accuracy),
    })
}

fn span_set(
    corpus: &Corpus,
    side: fn(&super::Doc) -> &[super::TaggedSpan],
) -> BTreeSet<(LabelId, usize, u32, u32)> {
    let docs = corpus.docs.iter().enumerate();
    docs.flat_map(|(place, doc)| {
        let spans = side(doc).iter();
        spans.map(move |span| (span.label, place, span.start, span.end))
    })
    .collect()
}

fn count<'a, T: Ord>(
    gold: &BTreeSet<T>,
    pred: &BTreeSet<T>,
    label: impl Fn(&T) -> &'a str,
) -> BTreeMap<&'a str, Counts> {
    let mut by_label: BTreeMap<&str, Counts> = BTreeMap::new();
    for span in gold {
        let counts = by_label.entry(label(span)).or_default();
        counts.gold += 1;
        counts.right += u64::from(pred.contains(span));
    }
    for span in pred {
        by_label.entry(label(span)).or_default().pred += 1;
    }
    by_label
}

/// The share of tokens whose tags are equal, where there are tokens.
fn token_accuracy(pairs: &[&TagPair]) -> Option<f64> {
    let tags = || {
        let each = pairs.iter();
        each.flat_map(|pair| pair.gold.iter().zip(&pair.pred))
    };
    let right = tags().filter(|(gold, pred)| gold == pred).count();
    let tokens = tags().count();
    (tokens > 0).then(|| right as f64 / tokens as f64)
}

fn report(rule: &Rule, by_label: &BTreeMap<&str, Counts>, accuracy: Option<f64>) -> Value {
    let labels: Map<String, Value> = by_label
        .iter()
        .map(|(label, &counts)| ((*label).to_owned(), rule.figures(counts).report()))
        .collect();
    let sum = |part: fn(&Counts) -> u64| by_label.values().map(part).sum::<u64>();
    let right = sum(|counts| counts.right);
    let mut report = json!({
        "by_label": labels,
        "micro": rule.average(Average::Micro, by_label).report(),
        "macro": rule.average(Average::Macro, by_label).report(),
        "weighted": rule.average(Average::Weighted, by_label).report(),
        "counts": {
            "tp": right,
            "fp": sum(|counts| counts.pred) - right,
            "fn": sum(|counts| counts.gold) - right,
        },
    });
    if let Some(accuracy) = accuracy {
        report["token_accuracy"] = json!(accuracy);
    }
    report
}

fn returned(rule: &Rule, average: Option<Average>, by_label: &BTreeMap<&str, Counts>) -> Value {
    let labels: Vec<&str> = by_label.keys().copied().collect();
    let mut report = match average {
        Some(average) => rule.average(average, by_label).report(),
        None => {
            let each: Vec<Figures> = by_label
                .values()
                .map(|&counts| rule.figures(counts))
                .collect();
            let column = |figure: fn(&Figures) -> f64| each.iter().map(figure).collect::<Vec<_>>();
            json!({
                "precision": column(|figures| figures.precision),
                "recall": column(|figures| figures.recall),
                "f": column(|figures| figures.f),
                "support": column(|figures| figures.support as f64),
            })
        }
    };
    report["labels"] = json!(labels);
    report
}

#[cfg(test)]
mod tests {
    use super::super::{Doc, ZeroDivision};
    use super::*;

    fn corpus(gold: &[&str], pred: &[&str]) -> Corpus {
        let strings = |tags: &[&str]| tags.iter().map(|&tag| tag.to_owned()).collect();
        let tags = TagPair {
            gold: strings(gold),
            pred: strings(pred),
        };
        let doc = Doc {
            tags: Some(tags),
            ..Doc::default()
        };
        Corpus {
            docs: vec![doc],
            ..Corpus::default()
        }
    }

    #[test]
    fn a_label_that_is_only_predicted_pulls_the_macro_mean_down() {
        let corpus = corpus(&["B-PER", "O"], &["B-PER", "B-ORG"]);
        let report = evaluate(Decoding::Default, &Params::default(), &corpus).unwrap();
        assert_eq!(report["macro"]["precision"], 0.5);
        assert_eq!(report["weighted"]["precision"], 1.0);
        assert_eq!(report["counts"]["fp"], 1);
    }

    #[test]
    fn without_spans_the_macro_mean_is_null_and_the_others_are_as_asked() {
        let corpus = corpus(&["O"], &["O"]);
        let params = Params {
            zero_division: ZeroDivision::One,
            ..Params::default()
        };
        let report = evaluate(Decoding::Default, &params, &corpus).unwrap();
        assert!(report["macro"]["f"].is_null());
        assert_eq!(report["micro"]["f"], 1.0);
        assert_eq!(report["weighted"]["recall"], 1.0);
    }

    #[test]
    fn sides_of_different_length_are_an_error() {
        let corpus = corpus(&["O", "O"], &["O"]);
        let error = evaluate(Decoding::Default, &Params::default(), &corpus).unwrap_err();
        assert!(matches!(
            error,
            CompatError::Lengths {
                gold: 2,
                pred: 1,
                ..
            }
        ));
    }
}
