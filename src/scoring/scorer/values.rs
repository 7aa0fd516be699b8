//! The value view, and the slices in which spans and values are counted.

use super::Scorer;
use crate::conversation::Conversation;
use crate::scoring::counts::Holds;
use crate::scoring::events::Relation;
use crate::scoring::groups::{Place, group};
use crate::scoring::leak::{self, Redacted};
use crate::scoring::replicates::Tally;
use crate::scoring::twins::TwinCounts;
use crate::taxonomy::Headline;

impl Scorer {
    pub(super) fn count_values(&mut self, conversation: &Conversation, redacted: &[Redacted<'_>]) {
        let Scorer {
            units,
            golds,
            phrases,
            values,
            labels,
            customer,
            options,
            counts,
            extras,
            ..
        } = self;
        let mut holds = Holds::default();
        values.each(redacted, &options.tolerance, |value| {
            let state = &mut labels[value.label.index()].counts;
            if let Some(extras) = extras {
                extras.value(conversation, &value, redacted, state);
            }
            let essential = value.essential();
            if essential == 0 {
                state.inessential += 1;
                return;
            }
            let leaks = value.leaks();
            let headline = value.label.info().headline;
            let (critical, profile) = (
                headline == Headline::Critical,
                headline == Headline::Profile,
            );
            state.values += 1;
            state.leaked += u64::from(leaks);
            state.readable_ppm += u64::from(value.readable()) * 1_000_000 / u64::from(essential);
            for mention in value
                .mentions
                .iter()
                .filter(|mention| mention.essential > 0)
            {
                state.mentions += 1;
                state.leaked_mentions += u64::from(mention.leaks());
                let first = units[mention.unit as usize].first_gold;
                let gold = &mut golds[(first + mention.gold) as usize];
                gold.counts.mention = true;
                gold.counts.leaked_mention = mention.leaks();
            }
            let first = value.mentions[0];
            let unit = units[first.unit as usize];
            let slice = &mut golds[(unit.first_gold + first.gold) as usize].counts;
            slice.value = true;
            slice.leaked = leaks;
            slice.critical = critical;
            let tally = Tally {
                values: 1,
                leaked: u32::from(leaks),
                ..Tally::default()
            };
            customer.tally(phrases[unit.message as usize], Some(value.label), tally);
            holds.add(Holds::value(critical, profile, leaks));
        });
        counts.exposed_conversations.add(holds);
        customer.hold(holds);
    }

    pub(super) fn count_slices(&mut self, conversation: &Conversation) {
        let golds = &self.golds;
        let (mut from, mut behind) = (0, 0);
        for (at, message) in conversation.messages.iter().enumerate() {
            behind += 1 + message.fields.len();
            let next = self.units.get(behind);
            let to = next.map_or(golds.len(), |next| next.first_gold as usize);
            let place = self.options.intervals.then(|| Place {
                customer: self.customer_group,
                phrase: group(self.phrases[at].hash),
            });
            for gold in &golds[from..to] {
                self.slices.span(&gold.traits, &gold.counts, place);
            }
            self.slices
                .message(message, self.lengths[at], &self.texts[at], place);
            from = to;
        }
        self.slices.end(conversation);
    }

    /// What the current conversation counts as one of a pair of twins.
    pub(super) fn twin_counts(&self, redacted: &[Redacted<'_>]) -> TwinCounts {
        let mut counts = TwinCounts::default();
        for event in &self.events {
            let settles = event.relation.settles_gold() && event.relation != Relation::Ignored;
            counts.gold += u64::from(event.gold.is_some() && settles);
            counts.correct += u64::from(event.relation == Relation::Correct);
        }
        leak::values(redacted, &self.options.tolerance, |value| {
            if value.is_essential() && value.label.info().headline == Headline::Critical {
                counts.values += 1;
                counts.leaked += u64::from(value.leaks());
            }
        });
        counts
    }
}
