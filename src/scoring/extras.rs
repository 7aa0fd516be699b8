//! What is worked out beside the core counts: residual guessing bits, echoes, profile exposure, curves,
//! strata. It reads the text again and may be left out (`ScoringOptions::analyses`).
//!
//! Invariant: nothing here changes a count of the span view, the coverage view, or the value view.

use super::counts::{Counts, LabelCounts};
use super::coverage::{Characters, CoverageCounts};
use super::curves::Curver;
use super::echoes::Readable;
use super::events::EventTable;
use super::exposure::ExposureCounts;
use super::guessing;
use super::label_map::Resolved;
use super::leak::{Redacted, Value};
use super::observer::Observer;
use super::spans::Cover;
use super::strata::{MessageClass, Strata, StratumCounts};
use super::views::View;
use crate::conversation::{Conversation, Fact, Message, MessageKind};
use crate::prediction::{Prediction, Predictions};
use crate::taxonomy::Label;
use std::sync::Arc;

/// Works out everything that is beside the core counts.
#[derive(Debug)]
pub struct Extras {
    observer: Arc<Observer>,
    exposure: ExposureCounts,
    readable: Readable,
    curver: Curver,
    strata: Strata,
    messages: Vec<(MessageKind, MessageClass, StratumCounts)>,
    folded: Vec<u8>,
    characters: Characters,
    /// Does a prediction of the current conversation carry a score?
    scored: bool,
}

impl Extras {
    /// Nothing counted yet.
    pub fn new(observer: Arc<Observer>, view: View, characters: Characters) -> Self {
        Extras {
            exposure: ExposureCounts::new(&observer),
            observer,
            readable: Readable::default(),
            curver: Curver::new(EventTable::new(view)),
            strata: Strata::default(),
            messages: Vec::new(),
            folded: Vec::new(),
            characters,
            scored: false,
        }
    }

    /// Begins a conversation.
    pub fn start(
        &mut self,
        conversation: &Conversation,
        predictions: &Predictions,
        units: &[Redacted<'_>],
        map: &Resolved,
    ) {
        let mut all = predictions.units().flatten();
        self.scored = all.any(|prediction| prediction.score.is_some());
        if self.scored {
            for (unit, redacted) in units.iter().enumerate() {
                let found = predictions.unit(unit);
                self.curver.scored_unit(unit, redacted.body, found, map);
            }
        }
        self.readable.load(units);
        let (observer, folded) = (&self.observer, &mut self.folded);
        self.exposure.observe(conversation, units, observer, folded);
    }

    /// Notes a gold span of the strict scores.
    pub fn gold(&mut self, label: Label) {
        self.curver.gold(label);
    }

    /// Notes a prediction of the strict scores.
    pub fn prediction(&mut self, meant: Option<Label>, correct: bool) {
        if !self.scored {
            self.curver.prediction(meant, correct);
        }
    }

    /// Notes the text of a unit; `marked` is gold and what counts neither way.
    pub fn unit(&mut self, unit: usize, redacted: &Redacted<'_>, marked: &Cover) {
        if self.scored {
            self.curver
                .scored_text(self.characters, unit, redacted.body, marked);
        }
    }

    /// Ends a message, in whose units this was found.
    pub fn message<'a>(
        &mut self,
        message: &Message,
        text: &CoverageCounts,
        found: impl Iterator<Item = &'a [Prediction]>,
    ) {
        if !self.scored {
            self.curver.text(text);
        } else if text.harmless_messages > 0 {
            self.curver.scored_harmless_message();
            found.for_each(|found| self.curver.scored_alerts(found));
        }
        let mut golds = message.units().flat_map(|(_, body)| body.spans());
        let critical = golds.any(|(_, span)| span.label.info().exposure.is_critical());
        let class = match (text.harmless_messages > 0, critical) {
            (true, _) => MessageClass::Harmless,
            (false, false) => MessageClass::Uncritical,
            (false, true) => MessageClass::Critical,
        };
        let counts = StratumCounts {
            messages: 1,
            alerted: text.alerted_harmless_messages + text.alerted_gold_messages,
            strays: text.false_alerts + text.stray_alerts,
            harmless_chars: text.harmless_chars,
            masked_chars: text.masked_chars,
        };
        self.messages.push((message.kind, class, counts));
    }

    /// Notes a value.
    pub fn value(
        &mut self,
        conversation: &Conversation,
        value: &Value<'_>,
        units: &[Redacted<'_>],
        counts: &mut LabelCounts,
    ) {
        let fact = fact(conversation, value);
        if value.is_essential() {
            if self.scored {
                self.curver.scored_value(value, units);
            } else {
                self.curver.value(value.label, value.leaks());
            }
            if let Some(microbits) = guessing::residual(value, fact, units) {
                counts.guessing.count(microbits);
            }
        }
        if let Some(echoed) = self.readable.echoes(value, fact, units) {
            let echoes = &mut counts.echoes;
            echoes.searched += 1;
            echoes.echoed += u64::from(echoed);
            echoes.though_protected += u64::from(echoed && !value.leaks());
        }
        self.exposure.note(conversation, value, fact, units);
    }

    /// Ends a conversation.
    pub fn end(&mut self, conversation: &Conversation) {
        self.strata.add(conversation, &mut self.messages);
    }

    /// Puts everything in its place.
    pub fn finish(self, counts: &mut Counts) {
        counts.strata = self.strata;
        counts.curves = self.curver.finish();
        counts.exposure = Some(self.exposure);
    }
}

fn fact<'a>(conversation: &'a Conversation, value: &Value<'_>) -> Option<&'a Fact> {
    let id = value.fact?;
    conversation.facts.iter().find(|fact| fact.id == id)
}
