//! Our strict verdicts over documents whose labels need not be of our taxonomy.
//!
//! The rules are those of [`EventTable`](crate::scoring::events::EventTable): what is other here is how
//! labels are compared. A test compares the two.

use super::Totals;
use crate::scoring::compat::{LabelId, Paired};
use crate::scoring::events::{Relation, of_further, of_gold};
use crate::scoring::matching::{Extent, match_spans};

/// What became of the spans of one document.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Per gold span.
    pub gold: Vec<Relation>,
    /// Per prediction.
    pub pred: Vec<Relation>,
    /// Per prediction, the gold span that its event names.
    pub concerns: Vec<Option<u32>>,
    /// Per prediction, the first of the same range and meaning: itself, where it is no duplicate.
    pub first: Vec<u32>,
}

impl Judged {
    /// The verdicts on a document.
    pub fn of(paired: &Paired, place: usize) -> Judged {
        let doc = &paired.corpus.docs[place];
        let native = &paired.native[place];
        let mut judged = Judged {
            gold: vec![Relation::Missed; doc.gold.len()],
            pred: vec![Relation::Spurious; doc.pred.len()],
            concerns: vec![None; doc.pred.len()],
            first: (0..doc.pred.len() as u32).collect(),
        };
        let mut golds: Vec<(Extent, LabelId, usize)> = doc
            .gold
            .iter()
            .enumerate()
            .map(|(at, &span)| (span.into(), span.label, at))
            .collect();
        golds.sort_unstable();
        let meaning = |p: usize| &paired.meanings[usize::from(native.tool[p])];
        let mut found: Vec<(Extent, u16, usize)> = doc
            .pred
            .iter()
            .enumerate()
            .map(|(at, &span)| (span.into(), same_meaning(paired, native.tool[at]), at))
            .collect();
        found.sort_unstable();
        found.dedup_by(|again, first| {
            let same = (again.0, again.1) == (first.0, first.1);
            if same {
                judged.pred[again.2] = Relation::Duplicate;
                judged.first[again.2] = first.2 as u32;
            }
            same
        });
        let golds_at: Vec<Extent> = golds.iter().map(|gold| gold.0).collect();
        let found_at: Vec<Extent> = found.iter().map(|found| found.0).collect();
        let right = |g: usize, p: usize| meaning(found[p].2).list.contains(&golds[g].1);
        let mut matched = Vec::new();
        match_spans(&golds_at, &found_at, right, &mut matched);
        let mut answered: Vec<Option<u32>> = vec![None; found.len()];
        for (g, &(extent, _, at)) in golds.iter().enumerate() {
            let prediction = matched[g].map(|p| p as usize);
            let answer = prediction.map(|p| (found[p].0, right(g, p)));
            judged.gold[at] = match native.outside[at] {
                true => Relation::Ignored,
                false => of_gold(extent, answer, &found_at),
            };
            if let Some(p) = prediction {
                answered[p] = Some(g as u32);
                judged.pred[found[p].2] = judged.gold[at];
                judged.concerns[found[p].2] = Some(at as u32);
            }
        }
        for (p, &(_, _, at)) in found.iter().enumerate() {
            if answered[p].is_some() {
                continue;
            }
            if let Some((g, relation)) = of_further(p, &found_at, &answered, &golds_at) {
                let gold = golds[g].2;
                judged.concerns[at] = Some(gold as u32);
                judged.pred[at] = match native.outside[gold] {
                    true => Relation::Ignored,
                    false => relation,
                };
            }
        }
        judged
    }

    /// Is a gold span counted in our strict scores?
    pub fn counts_gold(&self, gold: u32) -> bool {
        self.gold[gold as usize] != Relation::Ignored
    }

    /// Is a prediction counted in our strict scores?
    pub fn counts(&self, prediction: u32) -> bool {
        let relation = self.pred[prediction as usize];
        !matches!(relation, Relation::Ignored | Relation::Duplicate)
    }

    /// Is a prediction correct?
    pub fn correct(&self, prediction: u32) -> bool {
        self.pred[prediction as usize] == Relation::Correct
    }

    /// Our strict counts.
    pub fn totals(&self) -> Totals {
        let golds = (0..self.gold.len() as u32).filter(|&g| self.counts_gold(g));
        let predictions = (0..self.pred.len() as u32).filter(|&p| self.counts(p));
        let correct = (0..self.pred.len() as u32).filter(|&p| self.correct(p));
        Totals {
            gold: golds.count() as i64,
            predicted: predictions.count() as i64,
            correct: correct.count() as i64,
        }
    }
}

/// Equal for two labels of a tool that mean the same list; unmapped ones are never equal.
fn same_meaning(paired: &Paired, tool: u16) -> u16 {
    let own = &paired.meanings[usize::from(tool)].list;
    if own.is_empty() {
        return tool;
    }
    let first = paired
        .meanings
        .iter()
        .position(|meaning| meaning.list == *own);
    first.map_or(tool, |first| first as u16)
}
