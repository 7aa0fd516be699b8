//! What the two evaluators of presidio-evaluator 0.3.2 share: skip words, tallies, and the report.

use super::{CompatError, Doc, Params, SkipWords, TagPair, figures};
use crate::lookup::Lookup;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The tag of a token that is nothing.
pub(super) const OUTSIDE: &str = "O";

/// The label that every other becomes where labels do not count.
pub(super) const PII: &str = "PII";

/// Words that neither make a span nor an error.
#[derive(Clone, Debug)]
pub(super) struct Skip(Lookup<String, ()>);

/// The default list of the tool, 0.3.2 (its own words and spaCy's English stop words).
const DEFAULT: &str =
    include_str!("../../../datasets/compat/presidio-evaluator-0.3.2-skip-words.json");

impl Skip {
    /// The skip words asked for. What a caller knows of the default list is added to ours, so that
    /// answers recorded over another release of the list stay right.
    pub(super) fn of(params: &Params) -> Skip {
        match (&params.skip_words, &params.skip_tokens_in_case) {
            (SkipWords::Given(words), _) => Skip::from_iter(words.iter().cloned()),
            (SkipWords::Default, known) => {
                let mut words: Vec<String> =
                    serde_json::from_str(DEFAULT).expect("a list of words that ships");
                let known = known.iter().flatten();
                words.extend(known.map(|token| stripped(&token.to_lowercase()).to_owned()));
                Skip::from_iter(words)
            }
        }
    }

    fn from_iter(words: impl IntoIterator<Item = String>) -> Skip {
        Skip(words.into_iter().map(|word| (word, ())).collect())
    }

    /// Is this lower-case word one of them?
    pub(super) fn holds(&self, lower: &str) -> bool {
        self.0.contains_key(lower)
    }

    /// Is it one without the white space around it?
    pub(super) fn holds_stripped(&self, lower: &str) -> bool {
        self.0.contains_key(stripped(lower))
    }
}

/// Without what Python counts as white space at the edges.
fn stripped(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// The tags of a document, one per token on both sides.
///
/// # Errors
/// When they are missing or their number is another.
pub(super) fn tags(place: usize, doc: &Doc) -> Result<&TagPair, CompatError> {
    let tags = doc.tags.as_ref().ok_or(CompatError::Missing {
        doc: place,
        missing: "no tags",
    })?;
    if tags.gold.len() == doc.tokens.len() && tags.pred.len() == doc.tokens.len() {
        Ok(tags)
    } else {
        Err(CompatError::Lengths {
            doc: place,
            gold: tags.gold.len(),
            pred: tags.pred.len(),
            tokens: doc.tokens.len(),
        })
    }
}

/// Counts of one label, or of all as one. The tool does not keep `tp + fn = annotated`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub annotated: i64,
    pub predicted: i64,
    pub tp: i64,
    pub fp: i64,
    pub missed: i64,
}

impl Tally {
    pub(super) fn report(self, beta: f64) -> Value {
        let share = |of: i64| {
            if of > 0 {
                self.tp as f64 / of as f64
            } else {
                f64::NAN
            }
        };
        let (precision, recall) = (share(self.predicted), share(self.annotated));
        let f = if precision == 0.0 && recall == 0.0 {
            f64::NAN
        } else {
            figures::f_beta(precision, recall, beta, f64::NAN)
        };
        json!({
            "annotated": self.annotated,
            "predicted": self.predicted,
            "tp": self.tp,
            "fp": self.fp,
            "fn": self.missed,
            "precision": precision,
            "recall": recall,
            "f_beta": f,
        })
    }
}

/// A kind of error, gold label, predicted label.
pub(super) type Mistake<'a> = (&'static str, &'a str, &'a str);

/// What an evaluation counted.
#[derive(Debug, Default)]
pub(super) struct Evaluation<'a> {
    pub pii: Tally,
    pub per_type: BTreeMap<&'a str, Tally>,
    pub confusion: BTreeMap<(&'a str, &'a str), i64>,
    /// How often each mistake was made.
    pub mistakes: BTreeMap<Mistake<'a>, u64>,
}

impl<'a> Evaluation<'a> {
    /// Counts a mistake.
    pub(super) fn mistake(&mut self, kind: &'static str, gold: &'a str, pred: &'a str) {
        *self.mistakes.entry((kind, gold, pred)).or_default() += 1;
    }

    /// The report of the passes that were made. Mistakes are sorted and counted, where the tool lists each.
    pub(super) fn report(self, params: &Params) -> Value {
        let beta = params.beta.unwrap_or(2.0);
        let mut report = Map::new();
        if params.level.pii() {
            report.insert("pii".to_owned(), self.pii.report(beta));
        }
        if params.level.entity() {
            let per_type: Map<String, Value> = self
                .per_type
                .iter()
                .map(|(label, tally)| ((*label).to_owned(), tally.report(beta)))
                .collect();
            report.insert("per_type".to_owned(), Value::Object(per_type));
        }
        let confusion: Vec<Value> = self
            .confusion
            .iter()
            .map(|((gold, pred), count)| json!([gold, pred, count]))
            .collect();
        report.insert("confusion".to_owned(), Value::Array(confusion));
        let errors: Vec<Value> = self
            .mistakes
            .iter()
            .map(|((kind, gold, pred), count)| json!([kind, gold, pred, count]))
            .collect();
        report.insert("errors".to_owned(), Value::Array(errors));
        Value::Object(report)
    }
}
