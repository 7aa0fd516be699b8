//! The sample of errors.

use super::Scorer;
use crate::conversation::Conversation;
use crate::prediction::Predictions;
use crate::scoring::counts::Meant;
use crate::scoring::events::Event;
use crate::scoring::examples::{self, Spot};

impl Scorer {
    /// Keeps the events that are in the sample of their error class.
    pub(super) fn keep_examples(&mut self, conversation: &Conversation, predictions: &Predictions) {
        let names = self.options.labels.names();
        let spot = |event: &Event| {
            let unit = self.units[event.unit as usize];
            let (pointer, body) = unit.of(conversation);
            let gold = event.gold.and_then(|gold| body.spans().nth(gold as usize));
            let prediction = event
                .prediction
                .map(|prediction| predictions.unit(event.unit as usize)[prediction as usize]);
            Spot {
                conversation: &conversation.id,
                turn: conversation.messages[unit.message as usize].turn,
                pointer,
                body,
                gold: gold.map(|(range, _)| range),
                gold_label: gold.map(|(_, span)| span.label),
                found: prediction.map(|prediction| prediction.range),
                predicted: prediction.map(|p| Meant(self.map.primary(p.label))),
                tool_label: prediction.map(|p| &*names[usize::from(p.label.0)]),
            }
        };
        let (seed, text) = (self.options.seed, self.options.examples.text);
        let hashed = self.events.iter().map(|event| {
            let hash = spot(event).hash(event.relation, seed);
            (event.relation, hash, event)
        });
        let mut hashed: Vec<_> = hashed.collect();
        hashed.sort_unstable_by_key(|&(relation, hash, event)| (relation, hash, *event));
        let examples = &mut self.counts.examples;
        for same in hashed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (relation, hash, _) = same[0];
            if same.len() == 1 && !examples.wants(relation, hash) {
                continue;
            }
            // A span that is there twice is two events, whichever comes first.
            let mut alike: Vec<_> = same.iter().map(|(.., e)| spot(e).example(text)).collect();
            alike.sort();
            for (hash, example) in examples::apart(hash).zip(alike) {
                examples.put(relation, hash, example);
            }
        }
    }
}
