//! The span view: what became of gold spans and predictions.

use super::Scorer;
use crate::prediction::Predictions;
use crate::scoring::counts::{Confusion, Meant};
use crate::scoring::events::Relation;
use crate::scoring::replicates::Tally;

impl Scorer {
    pub(super) fn count_events(&mut self, predictions: &Predictions) {
        let golds = &mut self.golds;
        let (mut all_correct, mut all_predicted, mut all_gold) = (0, 0, 0);
        for event in &self.events {
            let unit = self.units[event.unit as usize];
            let phrase = self.phrases[unit.message as usize];
            let gold = event.gold.map(|gold| (unit.first_gold + gold) as usize);
            let gold_label = gold.map(|gold| golds[gold].label);
            let tool_label = event
                .prediction
                .map(|prediction| predictions.unit(event.unit as usize)[prediction as usize].label);
            let primary = tool_label.and_then(|label| self.map.primary(label));
            let relation = event.relation;
            if relation == Relation::Duplicate {
                self.counts.duplicates += 1;
                continue;
            }
            if let (Some(label), None) = (tool_label, primary) {
                self.unmapped[usize::from(label.0)] += 1;
            }
            if relation == Relation::Ignored {
                self.counts.ignored_predictions += u64::from(tool_label.is_some());
            }
            match (gold_label, primary) {
                (Some(label), _) => {
                    let state = &mut self.labels[label.index()];
                    if relation.settles_gold() {
                        state.relations[relation as usize] += 1;
                    }
                    if relation.is_type_right() && relation != Relation::Correct {
                        state.iou[usize::from(event.twentieths)] += 1;
                    }
                    let confusion = Confusion {
                        wrong_type: u64::from(relation == Relation::WrongType),
                        type_and_boundary: u64::from(relation == Relation::TypeAndBoundary),
                        fragment: u64::from(relation == Relation::Fragment),
                        label_extra: u64::from(relation == Relation::LabelExtra),
                    };
                    if confusion.total() > 0 {
                        state
                            .counts
                            .confused
                            .entry(Meant(primary))
                            .or_default()
                            .add(&confusion);
                    }
                }
                (None, Some(label)) if relation == Relation::Spurious => {
                    self.labels[label.index()].relations[relation as usize] += 1;
                }
                (None, None) if relation == Relation::Spurious => {
                    self.counts.unmapped_spurious += 1;
                }
                _ => {}
            }
            if relation == Relation::Ignored {
                continue;
            }
            // A right prediction counts for the gold label; its primary may be another of its list.
            let meant = if relation.is_type_right() {
                gold_label
            } else {
                primary
            };
            let right = relation == Relation::Correct;
            let correct = u32::from(right);
            all_correct += u64::from(right);
            if let Some(gold) = gold.filter(|_| relation.settles_gold()) {
                all_gold += 1;
                golds[gold].counts.gold = true;
                golds[gold].counts.correct = right;
                let tally = Tally {
                    gold: 1,
                    correct,
                    ..Tally::default()
                };
                self.customer.tally(phrase, gold_label, tally);
                if let (Some(extras), Some(label)) = (&mut self.extras, gold_label) {
                    extras.gold(label);
                }
            }
            if tool_label.is_some() {
                all_predicted += 1;
                let text = &mut self.texts[unit.message as usize];
                text.predictions += 1;
                text.spurious += u64::from(relation == Relation::Spurious);
                let tally = Tally {
                    predicted: 1,
                    ..Tally::default()
                };
                self.customer.tally(phrase, meant, tally);
                if let Some(extras) = &mut self.extras {
                    extras.prediction(meant, right);
                }
            }
        }
        let scores = &mut self.counts.by_conversation;
        scores.put(all_correct, all_predicted, all_gold);
    }
}
