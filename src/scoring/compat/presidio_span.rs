//! presidio-evaluator 0.3.2, span evaluator.
//!
//! * A **run** is a maximal sequence of tokens under one label, without its skip words; a run of skip
//!   words alone is nothing. Runs of one label with only skip words between them are one.
//! * Its **reach** is from the least start to the greatest end of the tokens that are left, in lower
//!   case.
//!
//! Each gold run, in order, meets every predicted run whose intersection over union (IoU) with it is
//! above 0; predictions are never consumed, so one can be wrong twice. Several predictions are taken
//! together by label. Taken together, the reach of every prediction but the first is shifted by one, a
//! defect that is kept; so is that a gold can be found and missed at once.

use super::presidio::{Evaluation, OUTSIDE, PII, Skip, Tally, tags};
use super::{CompatError, Corpus, Doc, Params};
use crate::scoring::spans::code_points;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// The report of the span evaluator.
///
/// # Errors
/// When tags and tokens do not line up.
pub(super) fn evaluate(params: &Params, corpus: &Corpus) -> Result<Value, CompatError> {
    let skip = Skip::of(params);
    let mut evaluation = Evaluation::default();
    for (place, doc) in corpus.docs.iter().enumerate() {
        let tags = tags(place, doc)?;
        let page = Page::read(doc, &skip);
        let rule = Rule {
            least: params.iou_threshold,
            in_characters: params.char_based,
            page: &page,
        };
        if params.level.entity() {
            let label = |tag| tag;
            let gold = page.runs(&tags.gold, label);
            let pred = page.runs(&tags.pred, label);
            rule.compare(&gold, &pred, Pass::Entity, &mut evaluation, &mut Vec::new());
        }
        if params.level.pii() {
            let label = |tag| if tag == OUTSIDE { OUTSIDE } else { PII };
            let gold = page.runs(&tags.gold, label);
            let pred = page.runs(&tags.pred, label);
            rule.compare(&gold, &pred, Pass::Pii, &mut evaluation, &mut Vec::new());
        }
    }
    Ok(evaluation.report(params))
}

/// What the evaluator makes of one document, per label.
pub(super) struct Traced {
    /// Gold runs: their tokens and label.
    pub gold: Vec<(Range<usize>, String)>,
    /// Predicted runs, likewise.
    pub pred: Vec<(Range<usize>, String)>,
    /// Everything that is counted as predicted.
    pub met: Vec<Met>,
}

/// One or several predicted runs, counted as one prediction.
pub(super) struct Met {
    /// Which predicted runs, never none.
    pub pred: Vec<usize>,
    /// Is it a true positive?
    pub right: bool,
    /// Are the tokens on both sides the same?
    pub equal: bool,
}

/// The pass per label over one document, in full.
///
/// # Errors
/// When tags and tokens do not line up.
pub(super) fn trace(params: &Params, place: usize, doc: &Doc) -> Result<Traced, CompatError> {
    let tags = tags(place, doc)?;
    let page = Page::read(doc, &Skip::of(params));
    let rule = Rule {
        least: params.iou_threshold,
        in_characters: params.char_based,
        page: &page,
    };
    let gold = page.runs(&tags.gold, |tag| tag);
    let pred = page.runs(&tags.pred, |tag| tag);
    let mut met = Vec::new();
    let mut evaluation = Evaluation::default();
    rule.compare(&gold, &pred, Pass::Entity, &mut evaluation, &mut met);
    let told = |runs: &[Run<'_>]| {
        let runs = runs.iter();
        runs.map(|run| (run.first..run.beyond, run.label.to_owned()))
            .collect()
    };
    Ok(Traced {
        gold: told(&gold),
        pred: told(&pred),
        met,
    })
}

/// A token as the evaluator sees it.
struct Word<'a> {
    lower: Cow<'a, str>,
    start: i64,
    /// Its end where it ends a run: of the token as written.
    end: i64,
    /// Its end in a reach: of the token in lower case, which can be longer.
    reach_end: i64,
    dropped: bool,
    bridges: bool,
}

/// The tokens of a document.
struct Page<'a>(Vec<Word<'a>>);

#[derive(Debug, Clone)]
struct Run<'a> {
    label: &'a str,
    start: i64,
    end: i64,
    reach: (i64, i64),
    kept: Vec<usize>,
    first: usize,
    beyond: usize,
    /// Its place among the runs of its side.
    place: usize,
}

impl<'d> Page<'d> {
    fn read(doc: &'d Doc, skip: &Skip) -> Page<'d> {
        let words = doc.tokens.iter().map(|token| {
            let text = &token.text;
            let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
            let lower = match text.bytes().all(is_lower) {
                true => Cow::Borrowed(text.as_str()),
                false => Cow::Owned(text.to_lowercase()),
            };
            Word {
                start: token.start,
                end: token.start + code_points(text) as i64,
                reach_end: token.start + code_points(&lower) as i64,
                dropped: skip.holds(&lower),
                bridges: skip.holds_stripped(&lower),
                lower,
            }
        });
        Page(words.collect())
    }

    fn runs<'a>(&self, tags: &'a [String], label: impl Fn(&'a str) -> &'a str) -> Vec<Run<'a>> {
        let mut runs = Vec::new();
        let mut first = 0;
        while first < tags.len() {
            let name = label(&tags[first]);
            let here = tags[first..].iter();
            let beyond = first + here.take_while(|tag| label(tag) == name).count();
            if name != OUTSIDE && !name.is_empty() {
                runs.extend(self.run(name, first, beyond));
            }
            first = beyond;
        }
        self.join(runs)
    }

    fn run<'a>(&self, label: &'a str, first: usize, beyond: usize) -> Option<Run<'a>> {
        let kept: Vec<usize> = (first..beyond).filter(|&at| !self.0[at].dropped).collect();
        let starts = kept.iter().map(|&at| self.0[at].start);
        let ends = kept.iter().map(|&at| self.0[at].reach_end);
        Some(Run {
            label,
            start: self.0[first].start,
            end: self.0[beyond - 1].end,
            reach: (starts.min()?, ends.max()?),
            kept,
            first,
            beyond,
            place: 0,
        })
    }

    /// Joins runs of one label that follow each other with only skip words between.
    fn join<'a>(&self, mut runs: Vec<Run<'a>>) -> Vec<Run<'a>> {
        runs.sort_by_key(|run| run.start);
        let mut joined: Vec<Run<'a>> = Vec::with_capacity(runs.len());
        for run in runs {
            match joined.last_mut() {
                Some(last)
                    if last.label == run.label && self.only_skips(last.beyond, run.first) =>
                {
                    last.end = run.end;
                    last.beyond = run.beyond;
                    last.reach.0 = last.reach.0.min(run.reach.0);
                    last.reach.1 = last.reach.1.max(run.reach.1);
                    last.kept.extend(run.kept);
                }
                _ => joined.push(Run {
                    place: joined.len(),
                    ..run
                }),
            }
        }
        joined
    }

    fn only_skips(&self, from: usize, to: usize) -> bool {
        (from..to).all(|at| self.0[at].bridges)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Entity,
    Pii,
}

struct Rule<'p> {
    least: f64,
    in_characters: bool,
    page: &'p Page<'p>,
}

impl Rule<'_> {
    fn compare<'a>(
        &self,
        gold: &[Run<'a>],
        pred: &[Run<'a>],
        pass: Pass,
        evaluation: &mut Evaluation<'a>,
        told: &mut Vec<Met>,
    ) {
        let mut to = Tallies {
            pass,
            evaluation,
            told,
        };
        let mut processed = BTreeSet::new();
        for truth in gold {
            to.of(truth.label).annotated += 1;
            let mut met: Vec<(&Run<'a>, f64)> = pred
                .iter()
                .map(|run| (run, self.iou(truth, run)))
                .filter(|&(_, iou)| iou > 0.0)
                .collect();
            met.sort_by_key(|(run, _)| run.start);
            processed.extend(met.iter().map(|(run, _)| (run.label, run.start, run.end)));
            match met.as_slice() {
                [] => {
                    to.missed(truth.label);
                    to.confused(truth.label, OUTSIDE);
                }
                &[(run, iou)] => self.one(truth, run, iou, &mut to),
                several => self.several(truth, several, &mut to),
            }
        }
        for (place, run) in pred.iter().enumerate() {
            if !processed.contains(&(run.label, run.start, run.end)) {
                let tally = to.of(run.label);
                tally.predicted += 1;
                tally.fp += 1;
                to.told.push(Met {
                    pred: vec![place],
                    right: false,
                    equal: false,
                });
                // This alone the tool records in both passes.
                *to.evaluation
                    .confusion
                    .entry((OUTSIDE, run.label))
                    .or_default() += 1;
                to.evaluation.mistakes.push(("FP", OUTSIDE, run.label));
            }
        }
    }

    fn one<'a>(&self, truth: &Run<'a>, run: &Run<'a>, iou: f64, to: &mut Tallies<'_, 'a>) {
        to.of(run.label).predicted += 1;
        let close = iou >= self.least;
        to.tell(truth, &[run], close);
        if close && truth.label == run.label {
            to.of(truth.label).tp += 1;
            to.confused(truth.label, truth.label);
            return;
        }
        to.missed(truth.label);
        to.spurious(run.label);
        if close {
            to.mistaken("WrongEntity", truth.label, run.label);
            to.confused(truth.label, run.label);
        } else {
            to.confused(truth.label, OUTSIDE);
            to.confused(OUTSIDE, run.label);
        }
    }

    fn several<'a>(&self, truth: &Run<'a>, met: &[(&Run<'a>, f64)], to: &mut Tallies<'_, 'a>) {
        let mut groups: Vec<(&'a str, Vec<&Run<'a>>)> = Vec::new();
        for &(run, _) in met {
            match groups.iter_mut().find(|(label, _)| *label == run.label) {
                Some((_, group)) => group.push(run),
                None => groups.push((run.label, vec![run])),
            }
        }
        let mut counted = false;
        for (label, group) in groups {
            to.of(label).predicted += 1;
            let close = self.joint_iou(truth, &group) >= self.least;
            to.tell(truth, &group, close);
            if close && label == truth.label {
                counted = true;
                to.of(label).tp += 1;
                to.confused(label, label);
                continue;
            }
            let first_miss = !counted;
            if first_miss {
                counted = true;
                to.missed(truth.label);
            }
            to.spurious(label);
            if close {
                to.mistaken("WrongEntity", truth.label, label);
                to.confused(truth.label, label);
            } else {
                if first_miss || label != truth.label {
                    to.confused(truth.label, OUTSIDE);
                }
                to.confused(OUTSIDE, label);
            }
        }
    }

    /// Of two runs.
    fn iou(&self, truth: &Run<'_>, run: &Run<'_>) -> f64 {
        if !self.in_characters {
            return self.token_iou(truth, &[run]);
        }
        let (a, b) = (truth.reach, run.reach);
        let shared = a.1.min(b.1) - a.0.max(b.0);
        let whole = a.1.max(b.1) - a.0.min(b.0);
        if shared <= 0 || whole == 0 {
            0.0
        } else {
            shared as f64 / whole as f64
        }
    }

    /// Of a gold run and predictions taken together.
    fn joint_iou(&self, truth: &Run<'_>, runs: &[&Run<'_>]) -> f64 {
        if !self.in_characters {
            return self.token_iou(truth, runs);
        }
        // Ends are inclusive here, and all but the first prediction stand one position to the left.
        let truth = (truth.reach.0, truth.reach.1 + 1);
        let mut reaches: Vec<(i64, i64)> = runs
            .iter()
            .enumerate()
            .map(|(place, run)| match place {
                0 => (run.reach.0, run.reach.1 + 1),
                _ => (run.reach.0 - 1, run.reach.1),
            })
            .collect();
        reaches.sort_unstable();
        let (mut covered, mut shared, mut beyond) = (0, 0, i64::MIN);
        for (start, end) in reaches {
            let start = start.max(beyond);
            if start < end {
                covered += end - start;
                shared += (end.min(truth.1) - start.max(truth.0)).max(0);
                beyond = end;
            }
        }
        let whole = (truth.1 - truth.0) + covered - shared;
        if whole > 0 {
            shared as f64 / whole as f64
        } else {
            0.0
        }
    }

    /// Over sets of (start, lower-case token).
    fn token_iou(&self, truth: &Run<'_>, runs: &[&Run<'_>]) -> f64 {
        let word = |&at: &usize| (self.page.0[at].start, &*self.page.0[at].lower);
        let gold: BTreeSet<(i64, &str)> = truth.kept.iter().map(word).collect();
        let pred: BTreeSet<(i64, &str)> = runs.iter().flat_map(|run| &run.kept).map(word).collect();
        let shared = gold.intersection(&pred).count();
        let whole = gold.len() + pred.len() - shared;
        if whole == 0 {
            0.0
        } else {
            shared as f64 / whole as f64
        }
    }
}

/// Where one pass writes. The pass over all labels as one keeps counts and nothing else.
struct Tallies<'e, 'a> {
    pass: Pass,
    evaluation: &'e mut Evaluation<'a>,
    told: &'e mut Vec<Met>,
}

impl<'a> Tallies<'_, 'a> {
    fn of(&mut self, label: &'a str) -> &mut Tally {
        match self.pass {
            Pass::Entity => self.evaluation.per_type.entry(label).or_default(),
            Pass::Pii => &mut self.evaluation.pii,
        }
    }

    fn confused(&mut self, gold: &'a str, pred: &'a str) {
        if self.pass == Pass::Entity {
            *self.evaluation.confusion.entry((gold, pred)).or_default() += 1;
        }
    }

    fn mistaken(&mut self, kind: &'static str, gold: &'a str, pred: &'a str) {
        if self.pass == Pass::Entity {
            self.evaluation.mistakes.push((kind, gold, pred));
        }
    }

    fn tell(&mut self, truth: &Run<'a>, runs: &[&Run<'a>], close: bool) {
        let right = close && truth.label == runs[0].label;
        self.told.push(Met {
            pred: runs.iter().map(|run| run.place).collect(),
            right,
            equal: right && runs.len() == 1 && runs[0].kept == truth.kept,
        });
    }

    fn missed(&mut self, gold: &'a str) {
        self.of(gold).missed += 1;
        self.mistaken("FN", gold, OUTSIDE);
    }

    fn spurious(&mut self, pred: &'a str) {
        self.of(pred).fp += 1;
        self.mistaken("FP", OUTSIDE, pred);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SkipWords, TagPair, Token};
    use super::*;

    fn score(text: &str, gold: &str, pred: &str, skip: &[&str], least: f64) -> Value {
        let tags = |tags: &str| tags.split(' ').map(str::to_owned).collect();
        let mut start = 0;
        let tokens = text.split(' ').map(|word| {
            let token = Token {
                text: word.to_owned(),
                start,
            };
            start += word.chars().count() as i64 + 1;
            token
        });
        let doc = Doc {
            tokens: tokens.collect(),
            tags: Some(TagPair {
                gold: tags(gold),
                pred: tags(pred),
            }),
            ..Doc::default()
        };
        let corpus = Corpus {
            docs: vec![doc],
            ..Corpus::default()
        };
        let skip = skip.iter().map(|&word| word.to_owned()).collect();
        let params = Params {
            skip_words: SkipWords::Given(skip),
            iou_threshold: least,
            ..Params::default()
        };
        evaluate(&params, &corpus).unwrap()
    }

    #[test]
    fn a_gold_can_be_found_and_missed_at_once() {
        let report = score("a1 b2 c3 d4", "P P P P", "Q P P P", &[], 0.7);
        let tally = &report["per_type"]["P"];
        assert_eq!((&tally["tp"], &tally["fn"]), (&1.into(), &1.into()));
    }

    #[test]
    fn a_gold_of_skip_words_alone_is_nothing() {
        let report = score(
            "my pin is first",
            "O O O SECRET",
            "O O O O",
            &["first"],
            0.9,
        );
        assert_eq!(report["pii"]["annotated"], 0);
    }

    #[test]
    fn skip_words_between_runs_of_one_label_join_them() {
        let gold = "LOC LOC O LOC";
        let report = score(
            "United States of America",
            gold,
            "LOC LOC LOC LOC",
            &["of"],
            0.9,
        );
        assert_eq!(report["per_type"]["LOC"]["tp"], 1);
        assert_eq!(report["per_type"]["LOC"]["annotated"], 1);
    }
}
