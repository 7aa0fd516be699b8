//! nervaluate 1.2.1: the four schemes of SemEval-2013 task 9.1, matched greedily.
//!
//! * Predictions are taken in the order of the input. Each looks at the golds, in the order of the
//!   input, that no earlier prediction has **consumed**, and consumes at most one of them.
//! * A prediction **touches** a gold when it covers at least `min_overlap_percentage` of the gold.
//! * Figures per label come from a pass of their own over the spans of that label alone; they do not
//!   add up to the whole.
//!
//! Rule and counts: <https://github.com/MantisAI/nervaluate>, behaviour of release 1.2.1.

use super::{CompatError, Corpus, Doc, LabelId, Params, TaggedSpan};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// What makes a prediction correct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Boundaries and label.
    Strict,
    /// Boundaries.
    Exact,
    /// Boundaries; touching is half right.
    Partial,
    /// The label of a gold that it touches.
    EntType,
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 4] = [Mode::Strict, Mode::Exact, Mode::Partial, Mode::EntType];

    /// nervaluate's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Strict => "strict",
            Mode::Exact => "exact",
            Mode::Partial => "partial",
            Mode::EntType => "ent_type",
        }
    }
}

/// How often each outcome occurred. Counts of documents add up to those of a corpus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Predictions that are right.
    pub correct: u64,
    /// Predictions that touch a gold and are wrong.
    pub incorrect: u64,
    /// Predictions that are half right.
    pub partial: u64,
    /// Golds that no prediction consumed.
    pub missed: u64,
    /// Predictions that touch no free gold.
    pub spurious: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.correct += other.correct;
        self.incorrect += other.incorrect;
        self.partial += other.partial;
        self.missed += other.missed;
        self.spurious += other.spurious;
    }
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Correct => self.correct += 1,
            Outcome::Incorrect => self.incorrect += 1,
            Outcome::Partial => self.partial += 1,
            Outcome::Missed => self.missed += 1,
            Outcome::Spurious => self.spurious += 1,
        }
    }

    /// What the tool calls ACT: predictions.
    pub fn actual(&self) -> u64 {
        self.correct + self.incorrect + self.partial + self.spurious
    }

    /// What the tool calls POS: golds.
    pub fn possible(&self) -> u64 {
        self.correct + self.incorrect + self.partial + self.missed
    }

    /// The report of the tool; 0/0 is 0 there.
    pub(super) fn report(&self) -> Map<String, Value> {
        let credit = self.correct as f64 + 0.5 * self.partial as f64;
        let precision = super::figures::ratio(credit, self.actual() as f64, 0.0);
        let recall = super::figures::ratio(credit, self.possible() as f64, 0.0);
        let report = json!({
            "correct": self.correct,
            "incorrect": self.incorrect,
            "partial": self.partial,
            "missed": self.missed,
            "spurious": self.spurious,
            "possible": self.possible(),
            "actual": self.actual(),
            "precision": precision,
            "recall": recall,
            "f1": super::figures::f1(precision, recall),
        });
        match report {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// What became of a prediction, or of a gold that is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Correct,
    Incorrect,
    Partial,
    Missed,
    Spurious,
}

impl Outcome {
    /// The tool's word for it.
    pub(super) fn about(self) -> &'static str {
        let named = Outcome::ALL.iter().find(|(outcome, _)| *outcome == self);
        named.map_or("", |(_, name)| name)
    }

    const ALL: [(Outcome, &'static str); 5] = [
        (Outcome::Correct, "correct"),
        (Outcome::Incorrect, "incorrect"),
        (Outcome::Partial, "partial"),
        (Outcome::Missed, "missed"),
        (Outcome::Spurious, "spurious"),
    ];
}

/// Documents with more golds than this get an index of them.
const INDEXED: usize = 48;

/// The matcher of one mode. It keeps its memory from document to document.
#[derive(Debug)]
pub struct Matcher {
    mode: Mode,
    min_overlap: f64,
    consumed: Vec<bool>,
    by_start: Vec<u32>,
    furthest_end: Vec<u32>,
    near: Vec<u32>,
}

impl Matcher {
    /// A matcher.
    ///
    /// # Errors
    /// When the least overlap is not within 1 to 100 percent.
    pub fn new(mode: Mode, min_overlap_percentage: f64) -> Result<Self, CompatError> {
        if !(1.0..=100.0).contains(&min_overlap_percentage) {
            return Err(CompatError::Knob {
                name: "min_overlap_percentage",
                given: min_overlap_percentage.to_string(),
                expected: "from 1 to 100",
            });
        }
        Ok(Matcher {
            mode,
            min_overlap: min_overlap_percentage,
            consumed: Vec::new(),
            by_start: Vec::new(),
            furthest_end: Vec::new(),
            near: Vec::new(),
        })
    }

    /// The counts of one document.
    pub fn count(&mut self, gold: &[TaggedSpan], pred: &[TaggedSpan]) -> Counts {
        self.run(gold, pred, |_, _, _| {})
    }

    /// What becomes of every prediction, and which gold it consumes.
    pub(super) fn verdicts(
        &mut self,
        gold: &[TaggedSpan],
        pred: &[TaggedSpan],
    ) -> Vec<(Outcome, Option<usize>)> {
        let mut verdicts = Vec::with_capacity(pred.len());
        self.run(gold, pred, |outcome, _, taken| {
            if outcome != Outcome::Missed {
                verdicts.push((outcome, taken));
            }
        });
        verdicts
    }

    /// Counts, and tells every outcome with the index of its prediction (of its gold, for a missed
    /// one) and the gold that was consumed.
    fn run(
        &mut self,
        gold: &[TaggedSpan],
        pred: &[TaggedSpan],
        mut tell: impl FnMut(Outcome, usize, Option<usize>),
    ) -> Counts {
        let mut counts = Counts::default();
        self.consumed.clear();
        self.consumed.resize(gold.len(), false);
        let indexed = gold.len() > INDEXED;
        if indexed {
            self.index(gold);
        }
        for (place, &span) in pred.iter().enumerate() {
            let (outcome, taken) = if indexed {
                self.find_near(gold, span);
                self.settle(gold, span, self.near.iter().map(|&at| at as usize))
            } else {
                self.settle(gold, span, 0..gold.len())
            };
            if let Some(taken) = taken {
                self.consumed[taken] = true;
            }
            counts.add(outcome);
            tell(outcome, place, taken);
        }
        for (place, &taken) in self.consumed.iter().enumerate() {
            if !taken {
                counts.add(Outcome::Missed);
                tell(Outcome::Missed, place, None);
            }
        }
        counts
    }

    /// What becomes of a prediction, and which gold it consumes.
    fn settle(
        &self,
        gold: &[TaggedSpan],
        pred: TaggedSpan,
        candidates: impl Iterator<Item = usize>,
    ) -> (Outcome, Option<usize>) {
        let mut fallback = None;
        let mut nearest: Option<(u32, usize)> = None;
        for place in candidates {
            if self.consumed[place] {
                continue;
            }
            let truth = gold[place];
            let same_range = pred.start == truth.start && pred.end == truth.end;
            let same_label = pred.label == truth.label;
            let touches = || self.touches(pred, truth);
            let correct = match self.mode {
                Mode::Strict => same_range && same_label,
                Mode::Exact => same_range,
                Mode::Partial => same_range && touches(),
                Mode::EntType => {
                    if same_label && touches() {
                        let distance =
                            pred.start.abs_diff(truth.start) + pred.end.abs_diff(truth.end);
                        if nearest.is_none_or(|(least, _)| distance < least) {
                            nearest = Some((distance, place));
                        }
                        continue;
                    }
                    false
                }
            };
            if correct {
                return (Outcome::Correct, Some(place));
            }
            if fallback.is_none() && touches() {
                fallback = Some(place);
            }
        }
        match (nearest, fallback, self.mode) {
            (Some((_, place)), _, _) => (Outcome::Correct, Some(place)),
            (None, Some(place), Mode::Partial) => (Outcome::Partial, Some(place)),
            (None, Some(place), _) => (Outcome::Incorrect, Some(place)),
            (None, None, _) => (Outcome::Spurious, None),
        }
    }

    fn touches(&self, pred: TaggedSpan, truth: TaggedSpan) -> bool {
        let overlap = pred.overlap(truth);
        overlap > 0 && f64::from(overlap) / f64::from(truth.len()) * 100.0 >= self.min_overlap
    }

    fn index(&mut self, gold: &[TaggedSpan]) {
        self.by_start.clear();
        self.by_start.extend(0..gold.len() as u32);
        self.by_start.sort_by_key(|&at| gold[at as usize].start);
        self.furthest_end.clear();
        let mut furthest = 0;
        for &at in &self.by_start {
            furthest = furthest.max(gold[at as usize].end);
            self.furthest_end.push(furthest);
        }
    }

    /// Collects the golds that share a position or an edge with a prediction, in the order of the
    /// input: whatever lies further off decides nothing.
    fn find_near(&mut self, gold: &[TaggedSpan], pred: TaggedSpan) {
        self.near.clear();
        let beyond = self
            .by_start
            .partition_point(|&at| gold[at as usize].start <= pred.end);
        for rank in (0..beyond).rev() {
            if self.furthest_end[rank] < pred.start {
                break;
            }
            let at = self.by_start[rank];
            if gold[at as usize].end >= pred.start {
                self.near.push(at);
            }
        }
        self.near.sort_unstable();
    }
}

/// The spans of a document whose labels are looked at, in the order of the input.
pub(super) struct Kept {
    labels: Option<Vec<bool>>,
    gold: Vec<TaggedSpan>,
    pred: Vec<TaggedSpan>,
}

impl Kept {
    pub(super) fn of(params: &Params, corpus: &Corpus) -> Kept {
        let labels = params.tags.as_ref().map(|tags| {
            let mut kept = vec![false; corpus.labels.len()];
            for label in tags.iter().filter_map(|tag| corpus.labels.find(tag)) {
                kept[label.0 as usize] = true;
            }
            kept
        });
        Kept {
            labels,
            gold: Vec::new(),
            pred: Vec::new(),
        }
    }

    /// Gold and predicted spans.
    pub(super) fn spans<'s>(&'s mut self, doc: &'s Doc) -> (&'s [TaggedSpan], &'s [TaggedSpan]) {
        let Some(labels) = &self.labels else {
            return (&doc.gold, &doc.pred);
        };
        let kept = |span: &&TaggedSpan| labels[span.label.0 as usize];
        self.gold.clear();
        self.gold.extend(doc.gold.iter().filter(kept));
        self.pred.clear();
        self.pred.extend(doc.pred.iter().filter(kept));
        (&self.gold, &self.pred)
    }
}

/// The report of nervaluate in one mode.
///
/// # Errors
/// When a knob is outside what the tool accepts.
pub(super) fn evaluate(mode: Mode, params: &Params, corpus: &Corpus) -> Result<Value, CompatError> {
    let mut matcher = Matcher::new(mode, params.min_overlap_percentage)?;
    let mut kept = Kept::of(params, corpus);
    let mut whole = Counts::default();
    if params.tags.is_none() {
        let mut told = Vec::new();
        for (place, doc) in corpus.docs.iter().enumerate() {
            whole += matcher.run(&doc.gold, &doc.pred, |outcome, at, _| {
                told.push((outcome, place, at));
            });
        }
        let mut report = whole.report();
        report.insert("indices".to_owned(), indices(&told));
        return Ok(Value::Object(report));
    }
    let mut by_label = ByLabel::new(corpus.labels.len());
    for doc in &corpus.docs {
        let (gold, pred) = kept.spans(doc);
        whole += matcher.count(gold, pred);
        by_label.add(&mut matcher, gold, pred);
    }
    let mut report = whole.report();
    report.insert("by_label".to_owned(), by_label.report(corpus));
    Ok(Value::Object(report))
}

/// Every mode, as the tool's `evaluate()` has them: `overall` by mode, and `entities` by label, then mode.
///
/// # Errors
/// When a knob is outside what the tool accepts.
pub(super) fn all_modes(params: &Params, corpus: &Corpus) -> Result<Value, CompatError> {
    let every_label = || {
        let places = 0..corpus.labels.len() as u32;
        places.map(|place| corpus.labels.name(LabelId(place)).to_owned())
    };
    let params = Params {
        tags: Some(match &params.tags {
            Some(tags) => tags.clone(),
            None => every_label().collect(),
        }),
        ..params.clone()
    };
    let mut overall = Map::new();
    let mut entities: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for mode in Mode::ALL {
        let mut report = evaluate(mode, &params, corpus)?;
        if let Value::Object(labels) = report["by_label"].take() {
            for (label, figures) in labels {
                let modes = entities.entry(label).or_default();
                modes.insert(mode.name().to_owned(), figures);
            }
        }
        if let Value::Object(fields) = &mut report {
            fields.remove("by_label");
        }
        overall.insert(mode.name().to_owned(), report);
    }
    Ok(json!({ "overall": overall, "entities": entities }))
}

/// The pass per label. A label that occurs nowhere has no counts.
struct ByLabel {
    counts: Vec<Option<Counts>>,
    labels: Vec<LabelId>,
    gold: Vec<TaggedSpan>,
    pred: Vec<TaggedSpan>,
}

impl ByLabel {
    fn new(labels: usize) -> Self {
        ByLabel {
            counts: vec![None; labels],
            labels: Vec::new(),
            gold: Vec::new(),
            pred: Vec::new(),
        }
    }

    fn add(&mut self, matcher: &mut Matcher, gold: &[TaggedSpan], pred: &[TaggedSpan]) {
        self.labels.clear();
        self.labels
            .extend(gold.iter().chain(pred).map(|span| span.label));
        self.labels.sort_unstable();
        self.labels.dedup();
        for &label in &self.labels {
            self.gold.clear();
            self.gold
                .extend(gold.iter().filter(|span| span.label == label));
            self.pred.clear();
            self.pred
                .extend(pred.iter().filter(|span| span.label == label));
            *self.counts[label.0 as usize].get_or_insert_default() +=
                matcher.count(&self.gold, &self.pred);
        }
    }

    fn report(&self, corpus: &Corpus) -> Value {
        let mut by_label = Map::new();
        for (place, counts) in self.counts.iter().enumerate() {
            if let Some(counts) = counts {
                let name = corpus.labels.name(LabelId(place as u32));
                by_label.insert(name.to_owned(), Value::Object(counts.report()));
            }
        }
        Value::Object(by_label)
    }
}

/// Outcomes as lists of (document, index).
fn indices(told: &[(Outcome, usize, usize)]) -> Value {
    let of = |wanted: Outcome| -> Vec<[usize; 2]> {
        told.iter()
            .filter(|(outcome, ..)| *outcome == wanted)
            .map(|&(_, doc, place)| [doc, place])
            .collect()
    };
    let lists = Outcome::ALL.map(|(outcome, name)| (name.to_owned(), json!(of(outcome))));
    Value::Object(lists.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32, label: u32) -> TaggedSpan {
        let label = LabelId(label);
        TaggedSpan { start, end, label }
    }

    fn count(mode: Mode, gold: &[TaggedSpan], pred: &[TaggedSpan]) -> Counts {
        Matcher::new(mode, 1.0).unwrap().count(gold, pred)
    }

    #[test]
    fn an_overlap_consumes_a_gold_that_a_later_prediction_has_exactly() {
        let gold = [span(0, 10, 0)];
        let pred = [span(0, 4, 0), span(0, 10, 0)];
        let counts = count(Mode::Strict, &gold, &pred);
        assert_eq!((counts.incorrect, counts.spurious), (1, 1));
        assert_eq!((counts.correct, counts.missed), (0, 0));
    }

    #[test]
    fn the_nearest_gold_of_the_label_wins_in_ent_type() {
        let gold = [span(0, 3, 0), span(4, 9, 0)];
        let counts = count(Mode::EntType, &gold, &[span(2, 9, 0), span(0, 3, 0)]);
        assert_eq!((counts.correct, counts.missed), (2, 0));
    }

    #[test]
    fn a_gold_that_is_covered_too_little_is_missed() {
        let gold = [span(0, 10, 0)];
        let mut matcher = Matcher::new(Mode::Partial, 50.0).unwrap();
        let counts = matcher.count(&gold, &[span(0, 4, 0)]);
        assert_eq!((counts.spurious, counts.missed), (1, 1));
        let counts = matcher.count(&gold, &[span(0, 5, 0)]);
        assert_eq!(counts.partial, 1);
    }

    #[test]
    fn an_overlap_of_less_than_one_percent_is_refused() {
        assert!(Matcher::new(Mode::Strict, 0.5).is_err());
        assert!(Matcher::new(Mode::Strict, f64::NAN).is_err());
    }

    proptest::proptest! {
        #[test]
        fn the_index_changes_no_count(
            gold in proptest::collection::vec((0u32..400, 0u32..12, 0u32..3), 49..120),
            pred in proptest::collection::vec((0u32..400, 0u32..12, 0u32..3), 0..120),
            least in 1.0f64..100.0,
        ) {
            let spans = |raw: &[(u32, u32, u32)]| -> Vec<TaggedSpan> {
                raw.iter().map(|&(start, len, label)| span(start, start + len, label)).collect()
            };
            let (gold, pred) = (spans(&gold), spans(&pred));
            for mode in Mode::ALL {
                let indexed = Matcher::new(mode, least).unwrap().count(&gold, &pred);
                let mut matcher = Matcher::new(mode, least).unwrap();
                matcher.consumed.resize(gold.len(), false);
                let mut counts = Counts::default();
                for &one in &pred {
                    let (outcome, taken) = matcher.settle(&gold, one, 0..gold.len());
                    if let Some(taken) = taken {
                        matcher.consumed[taken] = true;
                    }
                    counts.add(outcome);
                }
                counts.missed = matcher.consumed.iter().filter(|taken| !**taken).count() as u64;
                proptest::prop_assert_eq!(indexed, counts);
            }
        }
    }
}
