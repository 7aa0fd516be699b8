//! Why our strict figures and those of another evaluator differ, span by span.
//!
//! * **Totals** are three counts on each side: gold spans, predictions, correct predictions. Precision,
//!   recall and F1 follow from them.
//! * An **instance** is one step from our totals to theirs: a gold span or a prediction that the two count
//!   differently, with the **cause**: the ruling that differs.
//!
//! Invariant: our totals plus the steps of all instances are their totals, exactly. What a tool does is
//! taken from the imitation's own matching and not from a second account of it.

mod native;
mod runs;
mod spans;
#[cfg(test)]
mod tests;

use super::{CompatError, Paired, Params, Spelling, Tool};
use crate::conversation::names;
use crate::scoring::events::Relation;
use native::Judged;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

names! {
    /// The ruling that differs.
    pub enum Cause {
        /// The same range and meaning again.
        Duplicate = "duplicate",
        /// Gold outside our strict scores.
        IgnoredGold = "ignored_gold",
        /// A list of labels against one name.
        LabelNames = "label_names",
        /// Greedy matching.
        Consumed = "consumed",
        /// Labels that the tool is told to leave out.
        LeftOut = "left_out",
        /// One tag per token.
        Hidden = "hidden",
        /// Words that do not count.
        SkipWords = "skip_words",
        /// Neighbours of one label.
        Fused = "fused",
        /// A span in two pieces.
        Split = "split",
        /// Whole tokens.
        Tokens = "tokens",
        /// A match that need not be exact.
        Tolerance = "tolerance",
        /// Predictions are never consumed.
        CountedAgain = "counted_again",
        /// Several predictions on one gold span.
        Combined = "combined",
        /// Which of several equal spans.
        Tie = "tie",
    }
}

impl Cause {
    /// The ruling, ours and theirs, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Cause::Duplicate => {
                "the same range and meaning predicted again: merged by us, counted by the tool"
            }
            Cause::IgnoredGold => {
                "a correction fragment: outside our strict scores, an ordinary gold span to the tool"
            }
            Cause::LabelNames => {
                "a prediction is right for us under every label of its list; the tool compares one name"
            }
            Cause::Consumed => {
                "the tool matches in the order of the file: an earlier prediction that merely overlaps had \
                 consumed the gold span"
            }
            Cause::LeftOut => "the label is not among those that the tool was told to look at",
            Cause::Hidden => {
                "the tool has one tag per token: a span that shares tokens with another is hidden by it"
            }
            Cause::SkipWords => "every token that the span has is a skip word of the tool",
            Cause::Fused => {
                "neighbouring spans of one label, or with skip words alone between them, are one to the tool"
            }
            Cause::Split => {
                "a nested span cuts this one: to the tool it is several, none of which is the whole"
            }
            Cause::Tokens => {
                "ranges that differ for us are equal to the tool, which compares whole tokens without its \
                 skip words"
            }
            Cause::Tolerance => {
                "the tool takes an intersection over union above its threshold for a match; ours must be equal"
            }
            Cause::CountedAgain => {
                "the tool never consumes a prediction: it is counted once for every gold span that it touches"
            }
            Cause::Combined => {
                "the tool counts several predictions of one label on a gold span as one"
            }
            Cause::Tie => "both call one of several equal spans right, but not the same one",
        }
    }
}

/// Three counts, or the difference of two times three counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Gold spans.
    pub gold: i64,
    /// Predictions.
    pub predicted: i64,
    /// Correct predictions.
    pub correct: i64,
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Totals) {
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.correct += other.correct;
    }
}

impl Totals {
    /// Correct of predicted; `None` for 0/0.
    pub fn precision(self) -> Option<f64> {
        (self.predicted > 0).then(|| self.correct as f64 / self.predicted as f64)
    }

    /// Correct of gold; `None` for 0/0.
    pub fn recall(self) -> Option<f64> {
        (self.gold > 0).then(|| self.correct as f64 / self.gold as f64)
    }

    /// The harmonic mean, 2TP / (predicted + gold); `None` for 0/0.
    pub fn f1(self) -> Option<f64> {
        let both = self.predicted + self.gold;
        (both > 0).then(|| 2.0 * self.correct as f64 / both as f64)
    }
}

/// One step from our totals to theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Which document.
    pub doc: usize,
    /// The gold spans that it is about, by their place in the document.
    pub gold: Vec<u32>,
    /// The predictions, likewise.
    pub predictions: Vec<u32>,
    /// What became of them in our event table.
    pub ours: Option<Relation>,
    /// What the tool says.
    pub theirs: &'static str,
    /// The ruling that differs.
    pub cause: Cause,
    /// The step.
    pub step: Totals,
}

/// Both totals, and what lies between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Our strict counts.
    pub ours: Totals,
    /// Theirs.
    pub theirs: Totals,
    /// The steps.
    pub instances: Vec<Instance>,
}

/// Explains the difference between our strict counts and those of `tool`: nervaluate's strict mode, seqeval
/// in default mode, presidio's span evaluator per label. Tokenizes and tags the documents where the tool
/// reads tags.
///
/// # Errors
/// As the tool's own evaluation; tools without such a count.
pub fn explain(
    tool: Tool,
    spelling: Spelling,
    params: &Params,
    paired: &mut Paired,
) -> Result<Explanation, CompatError> {
    let tagged = match tool {
        Tool::Nervaluate => vec![Default::default(); paired.ids.len()],
        Tool::Seqeval | Tool::PresidioSpan => super::tag(tool, spelling, &mut paired.corpus).1,
        _ => {
            return Err(CompatError::Knob {
                name: "tool",
                given: tool.name().to_owned(),
                expected: "nervaluate, seqeval or presidio-span",
            });
        }
    };
    let mut explanation = Explanation::default();
    for (doc, tagged) in tagged.iter().enumerate() {
        let judged = Judged::of(paired, doc);
        explanation.ours += judged.totals();
        let mut steps = Steps {
            doc,
            judged: &judged,
            into: &mut explanation,
        };
        match tool {
            Tool::Nervaluate => spans::nervaluate(params, paired, &mut steps)?,
            Tool::Seqeval => runs::seqeval(params, paired, tagged, &mut steps)?,
            _ => runs::presidio(params, paired, tagged, &mut steps)?,
        }
    }
    Ok(explanation)
}

/// Where the steps of one document go.
struct Steps<'a> {
    doc: usize,
    judged: &'a Judged,
    into: &'a mut Explanation,
}

impl Steps<'_> {
    /// A step about gold spans.
    fn gold(&mut self, gold: &[u32], theirs: &'static str, cause: Cause, count: i64) {
        let ours = gold.first().map(|&g| self.judged.gold[g as usize]);
        let step = Totals {
            gold: count,
            ..Totals::default()
        };
        self.push(gold.to_vec(), Vec::new(), ours, theirs, cause, step);
    }

    /// A step about predictions: how many are counted, and how many are correct.
    fn predicted(
        &mut self,
        predictions: &[u32],
        theirs: &'static str,
        cause: Cause,
        predicted: i64,
        correct: i64,
    ) {
        let first = predictions.first().map(|&p| p as usize);
        let ours = first.map(|p| self.judged.pred[p]);
        let gold = first.and_then(|p| self.judged.concerns[p]);
        let step = Totals {
            gold: 0,
            predicted,
            correct,
        };
        let gold = gold.into_iter().collect();
        self.push(gold, predictions.to_vec(), ours, theirs, cause, step);
    }

    fn push(
        &mut self,
        gold: Vec<u32>,
        predictions: Vec<u32>,
        ours: Option<Relation>,
        theirs: &'static str,
        cause: Cause,
        step: Totals,
    ) {
        if step != Totals::default() {
            self.into.instances.push(Instance {
                doc: self.doc,
                gold,
                predictions,
                ours,
                theirs,
                cause,
                step,
            });
        }
    }
}
