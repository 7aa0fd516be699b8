//! Labels that a corpus is to have more or less of than the grammar: phrases are chosen by them.

use super::{Fresh, Realiser};
use crate::conversation::Form;
use crate::dialogue::plot::TopicId;
use crate::seed::Stream;
use crate::taxonomy::Label;
use crate::wording::grammar::{Phrase, Pool};
use crate::wording::notation::{Node, walk};
use crate::wording::values::Datum;

impl<'a> Realiser<'a, '_> {
    /// A phrase that can be said here, by its weight and the rates of the labels that it bears. None where all
    /// bear a label that is to be left out.
    pub(super) fn choose_by_label(
        &self,
        pool: &Pool,
        stream: &mut Stream,
        fits: impl Fn(usize, Fresh) -> Option<&'a Phrase>,
    ) -> Option<&'a Phrase> {
        for fresh in [Fresh::InTurn, Fresh::InTalk, Fresh::No] {
            let mut candidates = Vec::new();
            let mut cumulative = Vec::new();
            let mut sum: u64 = 0;
            for index in 0..pool.phrases.len() {
                let Some(phrase) = fits(index, fresh) else {
                    continue;
                };
                let before = index.checked_sub(1).map_or(0, |i| pool.cumulative[i]);
                let weight = u64::from(pool.cumulative[index] - before);
                let rate = if phrase.bears {
                    self.rate(&phrase.nodes)
                } else {
                    100
                };
                sum += weight * u64::from(rate);
                candidates.push(phrase);
                cumulative.push(sum);
            }
            if sum > 0 {
                let drawn = stream.below_u64(sum);
                return Some(candidates[cumulative.partition_point(|&c| c <= drawn)]);
            }
        }
        None
    }

    /// Is what would be asked for to be left out?
    pub(super) fn is_barred(&self, topic: TopicId) -> bool {
        let bare = &self.script.plots.topics[usize::from(topic.0)].bare;
        !self.script.labels.is_empty() && self.rate(bare) == 0
    }

    /// The rate of a phrase in per cent: 0 if any of its labels has it, otherwise the one that is
    /// furthest from 100.
    fn rate(&self, nodes: &[Node]) -> u32 {
        let mut rate = 100;
        walk(nodes, &mut |node| {
            let other = match node {
                Node::Slot(path, form) => self
                    .cast
                    .datum(*path)
                    .map_or(100, |datum| self.rate_of(&datum, form.or(path.own_form()))),
                Node::States(path, _) => self.rate_of_label(self.cast.stated(*path).0),
                _ => 100,
            };
            rate = stronger(rate, other);
        });
        rate
    }

    /// The rate of what a value bears when it is written in a form.
    pub(super) fn rate_of(&self, datum: &Datum<'_>, form: Option<Form>) -> u32 {
        let mut rate = 100;
        datum.labels(form, &mut |label| {
            rate = stronger(rate, self.rate_of_label(label));
        });
        rate
    }

    fn rate_of_label(&self, label: Label) -> u32 {
        self.script
            .labels
            .get(label.index())
            .copied()
            .unwrap_or(100)
    }
}

fn stronger(a: u32, b: u32) -> u32 {
    let far = |rate: u32| match rate {
        0 => u32::MAX,
        1..100 => 10_000 / rate,
        _ => rate,
    };
    if far(b) > far(a) { b } else { a }
}
