//! presidio-evaluator 0.3.2, token evaluator.
//!
//! Every token is one gold and one predicted label. A wrong token that is a skip word is not counted; a
//! right one is. A label of the generic list is right for any other. A token that is both a skip word
//! and generically labelled is taken back twice, and since counts that are not positive vanish when
//! documents are added up, the order of the documents can decide the numbers; both are kept.

use super::presidio::{Evaluation, OUTSIDE, Skip, Tally, tags};
use super::{CompatError, Corpus, Params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The labels that are right for any other where none are named.
const GENERIC: [&str; 7] = ["PII", "ID", "PHI", "ID_NUM", "NUMBER", "NUM", "GENERIC_PII"];

/// The report of the token evaluator.
///
/// # Errors
/// When tags and tokens do not line up.
pub(super) fn evaluate(params: &Params, corpus: &Corpus) -> Result<Value, CompatError> {
    let skip = Skip::of(params);
    let generic: BTreeSet<&str> = match params.generic_entities.as_deref() {
        Some(given @ [_, ..]) => given.iter().map(String::as_str).collect(),
        _ => GENERIC.into_iter().collect(),
    };
    let keep: Option<BTreeSet<&str>> = params
        .entities_to_keep
        .as_ref()
        .filter(|kept| !kept.is_empty())
        .map(|kept| kept.iter().map(String::as_str).collect());
    let seen = |tag| match &keep {
        Some(kept) if !kept.contains(tag) => OUTSIDE,
        _ => tag,
    };
    let mut evaluation = Evaluation::default();
    for (place, doc) in corpus.docs.iter().enumerate() {
        let tags = tags(place, doc)?;
        let mut counts: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for (token, (gold, pred)) in doc.tokens.iter().zip(tags.gold.iter().zip(&tags.pred)) {
            let (gold, pred) = (seen(gold.as_str()), seen(pred.as_str()));
            *counts.entry((gold, pred)).or_default() += 1;
            if gold == pred {
                continue;
            }
            let mut excused = false;
            if skip.holds_stripped(&token.text.to_lowercase()) {
                *counts.entry((gold, pred)).or_default() -= 1;
                excused = true;
            }
            let stands_for = if generic.contains(pred) && gold != OUTSIDE {
                Some(gold)
            } else if generic.contains(gold) && pred != OUTSIDE {
                Some(pred)
            } else {
                None
            };
            if let Some(label) = stands_for {
                *counts.entry((gold, pred)).or_default() -= 1;
                *counts.entry((label, label)).or_default() += 1;
                excused = true;
            }
            if !excused {
                let kind = match (gold, pred) {
                    (_, OUTSIDE) => "FN",
                    (OUTSIDE, _) => "FP",
                    _ => "WrongEntity",
                };
                evaluation.mistake(kind, gold, pred);
            }
        }
        for (pair, count) in counts {
            *evaluation.confusion.entry(pair).or_default() += count;
        }
        evaluation.confusion.retain(|_, count| *count > 0);
    }
    tally(&mut evaluation, keep);
    Ok(evaluation.report(params))
}

fn tally<'a>(evaluation: &mut Evaluation<'a>, keep: Option<BTreeSet<&'a str>>) {
    let confusion = &evaluation.confusion;
    let labels = keep.unwrap_or_else(|| {
        let both = confusion.keys().flat_map(|&(gold, pred)| [gold, pred]);
        both.filter(|&label| label != OUTSIDE).collect()
    });
    let count = |wanted: &dyn Fn(&str, &str) -> bool| -> Tally {
        let sum = |side: &dyn Fn(&str, &str) -> bool| -> i64 {
            let cells = confusion.iter();
            cells
                .filter(|((gold, pred), _)| side(gold, pred))
                .map(|(_, count)| count)
                .sum()
        };
        let annotated = sum(&|gold, _| wanted(gold, gold));
        let predicted = sum(&|_, pred| wanted(pred, pred));
        let tp = sum(&|gold, pred| wanted(gold, pred));
        Tally {
            annotated,
            predicted,
            tp,
            fp: predicted - tp,
            missed: annotated - tp,
        }
    };
    let pii = count(&|gold, pred| gold != OUTSIDE && pred != OUTSIDE);
    let per_type = labels
        .into_iter()
        .map(|label| (label, count(&|gold, pred| gold == label && pred == label)))
        .collect();
    evaluation.pii = pii;
    evaluation.per_type = per_type;
}

#[cfg(test)]
mod tests {
    use super::super::{Doc, SkipWords, TagPair, Token};
    use super::*;

    fn score(tokens: &[(&str, &str, &str)]) -> Value {
        let column = |side: fn(&(&str, &str, &str)) -> String| tokens.iter().map(side).collect();
        let texts = tokens.iter().enumerate();
        let doc = Doc {
            tokens: texts
                .map(|(place, (text, ..))| Token {
                    text: (*text).to_owned(),
                    start: place as i64 * 10,
                })
                .collect(),
            tags: Some(TagPair {
                gold: column(|(_, gold, _)| (*gold).to_owned()),
                pred: column(|(.., pred)| (*pred).to_owned()),
            }),
            ..Doc::default()
        };
        let corpus = Corpus {
            docs: vec![doc],
            ..Corpus::default()
        };
        let params = Params {
            skip_words: SkipWords::Given(vec!["de".to_owned()]),
            ..Params::default()
        };
        evaluate(&params, &corpus).unwrap()
    }

    #[test]
    fn a_wrong_skip_word_is_not_counted_and_a_right_one_is() {
        let wrong = score(&[("rue", "LOC", "LOC"), ("de", "LOC", "O")]);
        assert_eq!(wrong["pii"]["annotated"], 1);
        let right = score(&[("rue", "LOC", "LOC"), ("de", "LOC", "LOC")]);
        assert_eq!(right["pii"]["annotated"], 2);
    }

    #[test]
    fn a_generic_prediction_is_right_for_any_label() {
        let report = score(&[("4000", "CARD", "NUMBER")]);
        assert_eq!(report["per_type"]["CARD"]["tp"], 1);
        assert_eq!(report["errors"], serde_json::json!([]));
    }
}
