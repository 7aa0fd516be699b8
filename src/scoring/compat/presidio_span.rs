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

mod stream;

pub use stream::PresidioSpans;

use super::presidio::{Evaluation, OUTSIDE, PII, Skip, Tally, tags};
use super::{CompatError, Corpus, Doc, LabelId, Labels, Params};
use crate::lookup::Lookup;
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
    let (mut counts, mut labels) = (Counts::default(), Labels::default());
    for (place, doc) in corpus.docs.iter().enumerate() {
        let sides = sides(place, doc, &mut labels)?;
        let page = Page::of(doc, &sides, &skip, !params.char_based);
        page.count(&sides, params, &labels, &mut counts);
    }
    Ok(counts.evaluation(&labels).report(params))
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
    let (skip, mut labels) = (Skip::of(params), Labels::default());
    let sides = sides(place, doc, &mut labels)?;
    let page = Page::of(doc, &sides, &skip, true);
    let [gold, pred] = page.sides(&sides, |tag| named(tag, &labels));
    let mut met = Vec::new();
    let rule = Rule::of(params, &page);
    let mut counts = Counts::default();
    rule.compare(&gold, &pred, Pass::Entity, &mut counts, Some(&mut met));
    let told = |runs: &[Run]| {
        let runs = runs.iter();
        runs.map(|run| (run.first..run.beyond, labels.name(run.label).to_owned()))
            .collect()
    };
    Ok(Traced {
        gold: told(&gold),
        pred: told(&pred),
        met,
    })
}

/// The label of a token on one side. `None` is the tag `O`.
type Tag = Option<LabelId>;

/// The label of every token where labels do not count.
const AS_ONE: LabelId = LabelId(u32::MAX);

/// The tags of a document as labels.
fn sides(place: usize, doc: &Doc, labels: &mut Labels) -> Result<[Vec<Tag>; 2], CompatError> {
    let tags = tags(place, doc)?;
    let mut side = |tags: &[String]| {
        let tags = tags.iter();
        tags.map(|tag| (tag != OUTSIDE).then(|| labels.intern(tag)))
            .collect()
    };
    Ok([side(&tags.gold), side(&tags.pred)])
}

/// A label without a name makes no run.
fn named(tag: Tag, labels: &Labels) -> Tag {
    tag.filter(|&label| !labels.name(label).is_empty())
}

/// What was counted so far.
#[derive(Clone, Debug, Default)]
struct Counts {
    pii: Tally,
    /// By the number of the label; those that nothing was counted of are all 0.
    per_type: Vec<Tally>,
    confusion: Lookup<(Tag, Tag), i64>,
    mistakes: Lookup<(&'static str, Tag, Tag), u64>,
}

impl Counts {
    /// The same under the names of the labels.
    fn evaluation<'a>(&self, labels: &'a Labels) -> Evaluation<'a> {
        let name = |tag: Tag| match tag {
            None => OUTSIDE,
            Some(AS_ONE) => PII,
            Some(label) => labels.name(label),
        };
        let mut evaluation = Evaluation {
            pii: self.pii,
            ..Evaluation::default()
        };
        for (place, &tally) in self.per_type.iter().enumerate() {
            if tally != Tally::default() {
                let label = name(Some(LabelId(place as u32)));
                evaluation.per_type.insert(label, tally);
            }
        }
        for (&(gold, pred), count) in &self.confusion {
            let pair = (name(gold), name(pred));
            *evaluation.confusion.entry(pair).or_default() += count;
        }
        for (&(kind, gold, pred), &count) in &self.mistakes {
            let mistake = (kind, name(gold), name(pred));
            *evaluation.mistakes.entry(mistake).or_default() += count;
        }
        evaluation
    }
}

/// A token as the evaluator sees it.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    text: &'a str,
    start: i64,
    /// Its end where it ends a run.
    end: i64,
    /// Its end in a reach: of the token in lower case, which can be longer. `None` where it has no label on
    /// either side or is a skip word.
    reach: Option<i64>,
}

impl<'a> Word<'a> {
    fn new(text: &'a str, start: i64, end: i64) -> Self {
        Word {
            text,
            start,
            end,
            reach: None,
        }
    }

    fn lower(&self) -> Cow<'a, str> {
        let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        match self.text.bytes().all(is_lower) {
            true => Cow::Borrowed(self.text),
            false => Cow::Owned(self.text.to_lowercase()),
        }
    }
}

/// The tokens of a document.
struct Page<'a> {
    words: Vec<Word<'a>>,
    skip: &'a Skip,
    /// Do runs list their words? Where only characters are counted, nobody asks.
    lists: bool,
}

#[derive(Debug, Clone)]
struct Run {
    label: LabelId,
    start: i64,
    end: i64,
    reach: (i64, i64),
    /// The words in its reach, where the page lists them.
    kept: Vec<usize>,
    first: usize,
    beyond: usize,
    /// Its place among the runs of its side.
    place: usize,
}

impl<'a> Page<'a> {
    fn of(doc: &'a Doc, sides: &[Vec<Tag>; 2], skip: &'a Skip, lists: bool) -> Page<'a> {
        let words = doc.tokens.iter().map(|token| {
            let end = token.start + code_points(&token.text) as i64;
            Word::new(&token.text, token.start, end)
        });
        Page::new(words.collect(), sides, skip, lists)
    }

    fn new(
        mut words: Vec<Word<'a>>,
        [gold, pred]: &[Vec<Tag>; 2],
        skip: &'a Skip,
        lists: bool,
    ) -> Page<'a> {
        for ((word, gold), pred) in words.iter_mut().zip(gold).zip(pred) {
            if gold.is_some() || pred.is_some() {
                let lower = word.lower();
                let end = word.start + code_points(&lower) as i64;
                word.reach = (!skip.holds(&lower)).then_some(end);
            }
        }
        Page { words, skip, lists }
    }

    /// The passes that are asked for.
    fn count(&self, sides: &[Vec<Tag>; 2], params: &Params, labels: &Labels, counts: &mut Counts) {
        let rule = Rule::of(params, self);
        if params.level.entity() {
            let [gold, pred] = self.sides(sides, |tag| named(tag, labels));
            rule.compare(&gold, &pred, Pass::Entity, counts, None);
        }
        if params.level.pii() {
            let [gold, pred] = self.sides(sides, |tag| tag.map(|_| AS_ONE));
            rule.compare(&gold, &pred, Pass::Pii, counts, None);
        }
    }

    /// The runs of both sides.
    fn sides(&self, [gold, pred]: &[Vec<Tag>; 2], label: impl Fn(Tag) -> Tag) -> [Vec<Run>; 2] {
        [self.runs(gold, &label), self.runs(pred, &label)]
    }

    fn runs(&self, tags: &[Tag], label: impl Fn(Tag) -> Tag) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut first = 0;
        while first < tags.len() {
            let Some(name) = label(tags[first]) else {
                first += 1;
                continue;
            };
            let here = tags[first..].iter();
            let beyond = first + here.take_while(|tag| label(**tag) == Some(name)).count();
            runs.extend(self.run(name, first, beyond));
            first = beyond;
        }
        self.join(runs)
    }

    fn run(&self, label: LabelId, first: usize, beyond: usize) -> Option<Run> {
        let words = first..beyond;
        let kept = words.filter(|&at| self.words[at].reach.is_some());
        let starts = kept.clone().map(|at| self.words[at].start);
        let ends = kept.clone().filter_map(|at| self.words[at].reach);
        Some(Run {
            label,
            start: self.words[first].start,
            end: self.words[beyond - 1].end,
            reach: (starts.min()?, ends.max()?),
            kept: match self.lists {
                true => kept.collect(),
                false => Vec::new(),
            },
            first,
            beyond,
            place: 0,
        })
    }

    /// Joins runs of one label that follow each other with only skip words between.
    fn join(&self, mut runs: Vec<Run>) -> Vec<Run> {
        runs.sort_by_key(|run| run.start);
        let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
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
        (from..to).all(|at| self.skip.holds_stripped(&self.words[at].lower()))
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

impl<'p> Rule<'p> {
    fn of(params: &Params, page: &'p Page<'p>) -> Self {
        Rule {
            least: params.iou_threshold,
            in_characters: params.char_based,
            page,
        }
    }

    fn compare(
        &self,
        gold: &[Run],
        pred: &[Run],
        pass: Pass,
        counts: &mut Counts,
        told: Option<&mut Vec<Met>>,
    ) {
        let mut to = Tallies { pass, counts, told };
        let mut processed = Vec::new();
        for truth in gold {
            to.of(truth.label).annotated += 1;
            let mut met: Vec<(&Run, f64)> = pred
                .iter()
                .map(|run| (run, self.iou(truth, run)))
                .filter(|&(_, iou)| iou > 0.0)
                .collect();
            met.sort_by_key(|(run, _)| run.start);
            processed.extend(met.iter().map(|(run, _)| (run.label, run.start, run.end)));
            match met.as_slice() {
                [] => {
                    to.missed(truth.label);
                    to.confused(Some(truth.label), None);
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
                if let Some(told) = &mut to.told {
                    told.push(Met {
                        pred: vec![place],
                        right: false,
                        equal: false,
                    });
                }
                // This alone the tool records in both passes.
                to.counts.confuse(None, Some(run.label));
                to.counts.mistake("FP", None, Some(run.label));
            }
        }
    }

    fn one(&self, truth: &Run, run: &Run, iou: f64, to: &mut Tallies<'_>) {
        to.of(run.label).predicted += 1;
        let close = iou >= self.least;
        to.tell(truth, &[run], close);
        if close && truth.label == run.label {
            to.of(truth.label).tp += 1;
            to.confused(Some(truth.label), Some(truth.label));
            return;
        }
        to.missed(truth.label);
        to.spurious(run.label);
        if close {
            to.mistaken("WrongEntity", Some(truth.label), Some(run.label));
            to.confused(Some(truth.label), Some(run.label));
        } else {
            to.confused(Some(truth.label), None);
            to.confused(None, Some(run.label));
        }
    }

    fn several(&self, truth: &Run, met: &[(&Run, f64)], to: &mut Tallies<'_>) {
        let mut groups: Vec<(LabelId, Vec<&Run>)> = Vec::new();
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
                to.confused(Some(label), Some(label));
                continue;
            }
            let first_miss = !counted;
            if first_miss {
                counted = true;
                to.missed(truth.label);
            }
            to.spurious(label);
            if close {
                to.mistaken("WrongEntity", Some(truth.label), Some(label));
                to.confused(Some(truth.label), Some(label));
            } else {
                if first_miss || label != truth.label {
                    to.confused(Some(truth.label), None);
                }
                to.confused(None, Some(label));
            }
        }
    }

    /// Of two runs.
    fn iou(&self, truth: &Run, run: &Run) -> f64 {
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
    fn joint_iou(&self, truth: &Run, runs: &[&Run]) -> f64 {
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
    fn token_iou(&self, truth: &Run, runs: &[&Run]) -> f64 {
        let word = |&at: &usize| (self.page.words[at].start, self.page.words[at].lower());
        let gold: BTreeSet<(i64, Cow<'_, str>)> = truth.kept.iter().map(word).collect();
        let pred: BTreeSet<(i64, Cow<'_, str>)> =
            runs.iter().flat_map(|run| &run.kept).map(word).collect();
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
struct Tallies<'e> {
    pass: Pass,
    counts: &'e mut Counts,
    told: Option<&'e mut Vec<Met>>,
}

impl Counts {
    fn of(&mut self, label: LabelId) -> &mut Tally {
        let place = label.0 as usize;
        if self.per_type.len() <= place {
            self.per_type.resize(place + 1, Tally::default());
        }
        &mut self.per_type[place]
    }

    fn confuse(&mut self, gold: Tag, pred: Tag) {
        *self.confusion.entry((gold, pred)).or_default() += 1;
    }

    fn mistake(&mut self, kind: &'static str, gold: Tag, pred: Tag) {
        *self.mistakes.entry((kind, gold, pred)).or_default() += 1;
    }
}

impl Tallies<'_> {
    fn of(&mut self, label: LabelId) -> &mut Tally {
        match self.pass {
            Pass::Entity => self.counts.of(label),
            Pass::Pii => &mut self.counts.pii,
        }
    }

    fn confused(&mut self, gold: Tag, pred: Tag) {
        if self.pass == Pass::Entity {
            self.counts.confuse(gold, pred);
        }
    }

    fn mistaken(&mut self, kind: &'static str, gold: Tag, pred: Tag) {
        if self.pass == Pass::Entity {
            self.counts.mistake(kind, gold, pred);
        }
    }

    fn tell(&mut self, truth: &Run, runs: &[&Run], close: bool) {
        let Some(told) = &mut self.told else { return };
        let right = close && truth.label == runs[0].label;
        told.push(Met {
            pred: runs.iter().map(|run| run.place).collect(),
            right,
            equal: right && runs.len() == 1 && runs[0].kept == truth.kept,
        });
    }

    fn missed(&mut self, gold: LabelId) {
        self.of(gold).missed += 1;
        self.mistaken("FN", Some(gold), None);
    }

    fn spurious(&mut self, pred: LabelId) {
        self.of(pred).fp += 1;
        self.mistaken("FP", None, Some(pred));
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
