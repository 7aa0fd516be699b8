//! nervaluate: every span is one of the tool's own, so each is compared with itself.

use super::{Cause, Steps};
use crate::scoring::compat::nervaluate::{Matcher, Mode, Outcome};
use crate::scoring::compat::{CompatError, LabelId, Paired, Params};
use crate::scoring::events::Relation;

/// The steps of one document, strict mode.
pub(super) fn nervaluate(
    params: &Params,
    paired: &Paired,
    steps: &mut Steps<'_>,
) -> Result<(), CompatError> {
    let labels = &paired.corpus.labels;
    let seen = |label: LabelId| match &params.tags {
        Some(tags) => tags.iter().any(|tag| labels.find(tag) == Some(label)),
        None => true,
    };
    let doc = &paired.corpus.docs[steps.doc];
    let kept = |spans: &[crate::scoring::compat::TaggedSpan]| -> Vec<u32> {
        let places = (0..).zip(spans);
        places
            .filter(|(_, span)| seen(span.label))
            .map(|(at, _)| at)
            .collect()
    };
    let (golds, preds) = (kept(&doc.gold), kept(&doc.pred));
    let gold: Vec<_> = golds.iter().map(|&at| doc.gold[at as usize]).collect();
    let pred: Vec<_> = preds.iter().map(|&at| doc.pred[at as usize]).collect();
    let mut matcher = Matcher::new(Mode::Strict, params.min_overlap_percentage)?;
    let verdicts = matcher.verdicts(&gold, &pred);

    let judged = steps.judged;
    for at in 0..doc.gold.len() as u32 {
        match (judged.counts_gold(at), golds.contains(&at)) {
            (true, false) => steps.gold(&[at], "not looked at", Cause::LeftOut, -1),
            (false, true) => steps.gold(&[at], "counted", Cause::IgnoredGold, 1),
            _ => {}
        }
        steps.into.theirs.gold += i64::from(golds.contains(&at));
    }
    for at in 0..doc.pred.len() as u32 {
        let (counted, correct) = (judged.counts(at), judged.correct(at));
        let place = preds.iter().position(|&kept| kept == at);
        let Some((outcome, _)) = place.map(|place| verdicts[place]) else {
            let step = (-i64::from(counted), -i64::from(correct));
            steps.predicted(&[at], "not looked at", Cause::LeftOut, step.0, step.1);
            continue;
        };
        let right = outcome == Outcome::Correct;
        steps.into.theirs.predicted += 1;
        steps.into.theirs.correct += i64::from(right);
        let cause = match judged.pred[at as usize] {
            Relation::Duplicate => Cause::Duplicate,
            Relation::Ignored => Cause::IgnoredGold,
            _ if names_differ(paired, steps, at) => Cause::LabelNames,
            Relation::Correct => Cause::Consumed,
            _ => Cause::Tie,
        };
        let step = (
            1 - i64::from(counted),
            i64::from(right) - i64::from(correct),
        );
        steps.predicted(&[at], outcome.about(), cause, step.0, step.1);
    }
    Ok(())
}

/// Is a prediction right for its gold span by its list and not by its name, or the other way round?
pub(super) fn names_differ(paired: &Paired, steps: &Steps<'_>, prediction: u32) -> bool {
    let at = prediction as usize;
    let Some(gold) = steps.judged.concerns[at] else {
        return false;
    };
    let label = paired.corpus.docs[steps.doc].gold[gold as usize].label;
    let tool = paired.native[steps.doc].tool[at];
    let meaning = &paired.meanings[usize::from(tool)];
    meaning.list.contains(&label) != (meaning.carried == label)
}
