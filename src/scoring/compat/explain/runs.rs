//! Tools that read tags: their spans are runs of tokens, which hold none, one or several of ours.
//!
//! From our spans to runs to what the tool counts: a span is hidden or not; spans of one run are fused; a
//! run without a span of its own is the second piece of one; a run is counted once, again, or together
//! with others.

use super::spans::names_differ;
use super::{Cause, Steps};
use crate::scoring::compat::decode::{Chunk, chunks};
use crate::scoring::compat::presidio_span;
use crate::scoring::compat::{CompatError, Decoding, Doc, Paired, Params, Tagged, seqeval};
use crate::scoring::events::Relation;
use std::collections::BTreeSet;
use std::ops::Range;

/// A span of the tool.
struct Run {
    /// The spans of ours in it, each counted for the first run that it is in.
    members: Vec<u32>,
    /// Spans of ours that began in an earlier run.
    pieces: Vec<u32>,
    /// How often it is counted.
    counted: i64,
    /// How often it is correct.
    right: i64,
    /// Is it correct at equal tokens?
    equal: bool,
}

impl Run {
    fn of((members, pieces): (Vec<u32>, Vec<u32>)) -> Run {
        Run {
            members,
            pieces,
            counted: 0,
            right: 0,
            equal: true,
        }
    }

    /// The spans that a step about it names.
    fn named(&self) -> &[u32] {
        if self.members.is_empty() {
            &self.pieces
        } else {
            &self.members
        }
    }
}

/// The spans of ours that runs of tokens hold, and those of which they hold a further piece. A span is a member of the first run that has a token of it.
fn members(
    ranges: impl Iterator<Item = (Range<usize>, String)>,
    owner: &[Option<u32>],
    belongs: impl Fn(usize, &str) -> bool,
    first: impl Fn(u32) -> u32,
) -> Vec<(Vec<u32>, Vec<u32>)> {
    let mut taken = BTreeSet::new();
    ranges
        .map(|(range, label)| {
            let (mut found, mut pieces) = (Vec::new(), Vec::new());
            for at in range {
                let Some(own) = owner[at].map(&first).filter(|_| belongs(at, &label)) else {
                    continue;
                };
                if taken.insert(own) {
                    found.push(own);
                } else if !found.contains(&own) && !pieces.contains(&own) {
                    pieces.push(own);
                }
            }
            (found, pieces)
        })
        .collect()
}

/// The steps of one document under seqeval in default mode.
pub(super) fn seqeval(
    params: &Params,
    paired: &Paired,
    tagged: &[Tagged; 2],
    steps: &mut Steps<'_>,
) -> Result<(), CompatError> {
    let doc = &paired.corpus.docs[steps.doc];
    let tags = seqeval::tag_pair(&paired.corpus, steps.doc)?;
    let read = |side: &[String]| -> Result<Vec<(usize, usize, String)>, CompatError> {
        let found = chunks(Decoding::Default, params.suffix, std::iter::once(side))?;
        let key = |chunk: Chunk<'_>| (chunk.start, chunk.end, chunk.label.to_owned());
        let unique: BTreeSet<_> = found.into_iter().map(key).collect();
        Ok(unique.into_iter().collect())
    };
    let (gold, pred) = (read(&tags.gold)?, read(&tags.pred)?);
    let side = |found: &[(usize, usize, String)], tagged: &Tagged, first: &dyn Fn(u32) -> u32| {
        let ranges = found
            .iter()
            .map(|(from, to, label)| (*from..*to, label.clone()));
        let held = members(ranges, &tagged.owner, |_, _| true, first);
        held.into_iter().map(Run::of).collect::<Vec<_>>()
    };
    let golds = side(&gold, &tagged[0], &|at| at);
    let firsts = &steps.judged.first;
    let mut preds = side(&pred, &tagged[1], &|at| firsts[at as usize]);
    for (run, chunk) in preds.iter_mut().zip(&pred) {
        run.counted = 1;
        run.right = i64::from(gold.binary_search(chunk).is_ok());
    }
    account(paired, doc, tagged, &golds, &preds, steps);
    Ok(())
}

/// The steps of one document under presidio's span evaluator, per label.
pub(super) fn presidio(
    params: &Params,
    paired: &Paired,
    tagged: &[Tagged; 2],
    steps: &mut Steps<'_>,
) -> Result<(), CompatError> {
    let doc = &paired.corpus.docs[steps.doc];
    let traced = presidio_span::trace(params, steps.doc, doc)?;
    let tags = super::super::presidio::tags(steps.doc, doc)?;
    let side = |runs: &[(Range<usize>, String)],
                tagged: &Tagged,
                tags: &[String],
                first: &dyn Fn(u32) -> u32| {
        // Between fused runs stand skip words of any label.
        let belongs = |at: usize, label: &str| tags[at] == label;
        let held = members(runs.iter().cloned(), &tagged.owner, belongs, first);
        held.into_iter().map(Run::of).collect::<Vec<_>>()
    };
    let golds = side(&traced.gold, &tagged[0], &tags.gold, &|at| at);
    let firsts = &steps.judged.first;
    let mut preds = side(&traced.pred, &tagged[1], &tags.pred, &|at| {
        firsts[at as usize]
    });
    for met in &traced.met {
        // What several predictions are together is put down to the first of them.
        let run = &mut preds[met.pred[0]];
        run.counted += 1;
        run.right += i64::from(met.right);
        run.equal &= !met.right || met.equal;
    }
    account(paired, doc, tagged, &golds, &preds, steps);
    Ok(())
}

fn account(
    paired: &Paired,
    doc: &Doc,
    tagged: &[Tagged; 2],
    golds: &[Run],
    preds: &[Run],
    steps: &mut Steps<'_>,
) {
    let judged = steps.judged;
    let mut shown: BTreeSet<u32> = BTreeSet::new();
    let mut crowded: BTreeSet<u32> = BTreeSet::new();
    let split: BTreeSet<u32> = golds
        .iter()
        .flat_map(|run| run.pieces.iter().copied())
        .collect();
    for run in golds {
        steps.into.theirs.gold += 1;
        shown.extend(&run.members);
        if run.members.len() > 1 {
            crowded.extend(&run.members);
        }
        for &gold in run
            .members
            .iter()
            .filter(|&&gold| !judged.counts_gold(gold))
        {
            steps.gold(&[gold], "counted", Cause::IgnoredGold, 1);
        }
        one_run(run, |cause, count| {
            steps.gold(run.named(), "one span", cause, count);
        });
    }
    for gold in (0..doc.gold.len() as u32).filter(|gold| !shown.contains(gold)) {
        if judged.counts_gold(gold) {
            let cause = why_absent(&tagged[0], gold);
            steps.gold(&[gold], "not seen", cause, -1);
        }
    }
    let mut shown: BTreeSet<u32> = BTreeSet::new();
    for run in preds {
        steps.into.theirs.predicted += run.counted;
        steps.into.theirs.correct += run.right;
        shown.extend(&run.members);
        for &p in run.members.iter().filter(|&&p| !judged.counts(p)) {
            let cause = excused(judged.pred[p as usize]);
            steps.predicted(&[p], "counted", cause, 1, 0);
        }
        one_run(run, |cause, count| {
            steps.predicted(run.named(), "one span", cause, count, 0);
        });
        let again = match run.counted {
            0 => (Cause::Combined, "counted with another"),
            _ => (Cause::CountedAgain, "counted more than once"),
        };
        steps.predicted(run.named(), again.1, again.0, run.counted - 1, 0);
        let correct = run.members.iter().filter(|&&p| judged.correct(p)).count() as i64;
        let cause = why_correct(paired, steps, run, correct, (&crowded, &split));
        let theirs = if run.right > 0 { "correct" } else { "wrong" };
        steps.predicted(run.named(), theirs, cause, 0, run.right - correct);
    }
    for p in (0..doc.pred.len() as u32).filter(|p| !shown.contains(p)) {
        let cause = why_absent(&tagged[1], p);
        let step = (-i64::from(judged.counts(p)), -i64::from(judged.correct(p)));
        steps.predicted(&[p], "not seen", cause, step.0, step.1);
    }
}

/// From the members of a run to the run.
fn one_run(run: &Run, step: impl FnOnce(Cause, i64)) {
    match run.members.len() as i64 {
        0 => step(Cause::Split, 1),
        held => step(Cause::Fused, 1 - held),
    }
}

fn excused(relation: Relation) -> Cause {
    match relation {
        Relation::Duplicate => Cause::Duplicate,
        _ => Cause::IgnoredGold,
    }
}

/// A span without a run has no tag, or tags on skip words alone.
fn why_absent(tagged: &Tagged, span: u32) -> Cause {
    if tagged.owner.contains(&Some(span)) {
        Cause::SkipWords
    } else {
        Cause::Hidden
    }
}

/// Why a run is correct as often as it is, where that is not as often as its members are for us.
fn why_correct(
    paired: &Paired,
    steps: &Steps<'_>,
    run: &Run,
    correct: i64,
    (crowded, split): (&BTreeSet<u32>, &BTreeSet<u32>),
) -> Cause {
    let judged = steps.judged;
    let relation = |&p: &u32| judged.pred[p as usize];
    if run.right > correct {
        return match run.members.first().map(relation) {
            None => Cause::Split,
            Some(Relation::Ignored) => Cause::IgnoredGold,
            _ if run.right > 1 => Cause::CountedAgain,
            Some(Relation::WrongType | Relation::LabelExtra) => Cause::LabelNames,
            _ if run.equal => Cause::Tokens,
            _ => Cause::Tolerance,
        };
    }
    let golds: Vec<u32> = run
        .members
        .iter()
        .filter_map(|&p| judged.concerns[p as usize])
        .collect();
    if run.members.iter().any(|&p| names_differ(paired, steps, p)) {
        Cause::LabelNames
    } else if run.members.len() > 1 || golds.iter().any(|gold| crowded.contains(gold)) {
        Cause::Fused
    } else if golds.iter().any(|gold| split.contains(gold)) {
        Cause::Split
    } else {
        Cause::Hidden
    }
}
