//! The one pass over a corpus and the predictions for it.

mod sample;
mod strict;
mod text;
mod values;

use super::counts::{Counts, LabelCounts, SCHEMA, Signature};
use super::coverage::DecoyCounts;
use super::customer::{Customer, phrase};
use super::events::{Event, EventTable, Relation};
use super::extras::Extras;
use super::groups::group_of_customer;
use super::label_map::Resolved;
use super::leak::{self, Mention, Redacted};
use super::options::{ScoreError, ScoringOptions};
use super::replicates::{Accumulator, Phrase};
use super::slices::{SliceTable, SliceText, SpanCounts, Traits};
use super::spans::Cover;
use super::twins;
use crate::conversation::{Body, Conversation, FactId, Span, unit_id};
use crate::lookup::{Lookup, Named};
use crate::prediction::{Predictions, ToolLabels};
use crate::taxonomy::{Label, Taxonomy};
use crate::text::ByteRange;

/// The event table of a conversation, and what is left of each of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// What became of every gold span and every prediction.
    pub events: Vec<Event>,
    /// What is left of each value.
    pub values: Vec<InspectedValue>,
}

/// What is left of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedValue {
    /// Its label.
    pub label: Label,
    /// The fact, where the span names one.
    pub fact: Option<FactId>,
    /// Its mentions, in order.
    pub mentions: Vec<Mention>,
}

impl InspectedValue {
    /// Does an essential character stay readable in any mention?
    pub fn leaks(&self) -> bool {
        self.mentions.iter().any(Mention::leaks)
    }
}

/// One unit of the conversation that is being scored.
#[derive(Clone, Copy, Debug)]
struct Unit {
    message: u32,
    /// 0 is the text of the message, 1 its first field.
    place: u32,
    first_gold: u32,
}

impl Unit {
    fn of(self, conversation: &Conversation) -> (&str, &Body) {
        let message = &conversation.messages[self.message as usize];
        match (self.place as usize).checked_sub(1) {
            None => ("", &message.body),
            Some(field) => {
                let field = &message.fields[field];
                (&field.pointer, &field.body)
            }
        }
    }
}

/// One gold span of it.
#[derive(Debug)]
struct Gold {
    label: Label,
    traits: Traits,
    counts: SpanCounts,
}

#[derive(Clone, Debug, Default)]
struct LabelState {
    relations: [u64; Relation::ALL.len()],
    iou: [u64; 20],
    counts: LabelCounts,
    /// The customer that was put into its clusters last.
    last_customer: Option<u64>,
}

/// Scores conversations one by one.
#[derive(Debug)]
pub struct Scorer {
    options: ScoringOptions,
    map: Resolved,
    counts: Counts,
    labels: Vec<LabelState>,
    unmapped: Vec<u64>,
    slices: SliceTable,
    accumulator: Option<Accumulator>,
    extras: Option<Extras>,
    customer: Customer,
    /// The group of clusters that the current customer is in.
    customer_group: u8,
    units: Vec<Unit>,
    golds: Vec<Gold>,
    phrases: Vec<Phrase>,
    values: leak::Values,
    decoys: Named<DecoyCounts>,
    texts: Vec<SliceText>,
    /// Code points of the messages of the current conversation.
    lengths: Vec<u64>,
    /// Labels and phrases that already stand in clusters: most come again and again.
    seen: Lookup<(u64, u16), ()>,
    table: EventTable,
    events: Vec<Event>,
    covers: Vec<Cover>,
    gold_cover: Cover,
    /// Gold, and what counts neither way.
    marked_cover: Cover,
    ranges: Vec<ByteRange>,
}

impl Scorer {
    /// A scorer that has seen nothing.
    pub fn new(options: ScoringOptions) -> Self {
        let signature = Signature {
            schema: SCHEMA,
            label_set_hash: Taxonomy::get().hash().to_owned(),
            label_map_hash: options.label_map.hash(),
            tolerance: options.tolerance.name().to_owned(),
            tolerance_hash: options.tolerance.hash(),
            view: options.view,
            characters: options.characters,
            observer_hash: options
                .analyses
                .then(|| options.observer.info().hash.clone()),
            twins: options.twins,
            seed: options.seed,
            intervals: options.intervals,
            examples: options.examples.most,
        };
        Scorer {
            map: options.label_map.resolve(&options.labels),
            counts: Counts::empty(signature),
            labels: Label::all().map(|_| LabelState::default()).collect(),
            unmapped: vec![0; options.labels.names().len()],
            slices: SliceTable::default(),
            accumulator: options.intervals.then(|| Accumulator::new(options.seed)),
            extras: options
                .analyses
                .then(|| Extras::new(options.observer.clone(), options.view, options.characters)),
            customer_group: 0,
            units: Vec::new(),
            golds: Vec::new(),
            phrases: Vec::new(),
            values: leak::Values::default(),
            decoys: Named::default(),
            texts: Vec::new(),
            lengths: Vec::new(),
            customer: Customer::new(options.intervals),
            seen: Default::default(),
            table: EventTable::new(options.view),
            events: Vec::new(),
            covers: Vec::new(),
            gold_cover: Cover::default(),
            marked_cover: Cover::default(),
            ranges: Vec::new(),
            options,
        }
    }

    /// Takes note of labels that the tool has used since; numbers already given must stay.
    pub fn learn_labels(&mut self, labels: &ToolLabels) {
        self.map = self.options.label_map.resolve(labels);
        self.unmapped.resize(labels.names().len(), 0);
        self.options.labels = labels.clone();
    }

    /// Forgets what was noted to compare twins: from here on they count like other conversations. For
    /// corpora in which, up to here, nothing was a twin.
    pub fn count_twins_like_others(&mut self) {
        self.options.twins = false;
        self.counts.signature.twins = false;
        self.counts.twins.clear();
    }

    /// Counts one conversation. `predictions` holds one answer per unit, in the order of
    /// [`Message::units`](crate::conversation::Message::units) over the messages.
    ///
    /// # Errors
    /// [`ScoreError`]; the conversation is then not counted at all.
    pub fn add(
        &mut self,
        conversation: &Conversation,
        predictions: &Predictions,
    ) -> Result<(), ScoreError> {
        self.prepare(conversation, predictions)?;
        let covers = std::mem::take(&mut self.covers);
        let redacted = redacted(conversation, &covers);
        self.count(conversation, predictions, &redacted);
        self.covers = covers;
        Ok(())
    }

    fn count(
        &mut self,
        conversation: &Conversation,
        predictions: &Predictions,
        redacted: &[Redacted<'_>],
    ) {
        if self.options.twins {
            let counts = self.twin_counts(redacted);
            twins::note(&mut self.counts.twins, conversation, counts);
            if !twins::parts(&conversation.id).1.is_empty() {
                return;
            }
        }
        if self.customer.id() != conversation.customer {
            self.flush();
            self.customer.start(&conversation.customer);
            self.customer_group = group_of_customer(&conversation.customer);
        }
        let messages = conversation.messages.iter();
        self.phrases.clear();
        match self.options.intervals {
            true => self
                .phrases
                .extend(messages.map(|m| phrase(conversation, m))),
            // Nothing is weighted or grouped, and no name needs to be hashed.
            false => self.phrases.resize(messages.len(), Phrase::default()),
        }
        if let Some(extras) = &mut self.extras {
            extras.start(conversation, predictions, redacted, &self.map);
        }
        self.texts.clear();
        self.texts
            .resize(conversation.messages.len(), SliceText::default());
        self.count_events(predictions);
        self.count_text(conversation, predictions, redacted);
        self.count_values(conversation, redacted);
        self.count_slices(conversation);
        if self.options.examples.most > 0 {
            self.keep_examples(conversation, predictions);
        }
        if let Some(extras) = &mut self.extras {
            extras.end(conversation);
        }
        self.counts.conversations += 1;
        self.counts.messages += conversation.messages.len() as u64;
    }

    /// The event table of a conversation and what is left of its values, without counting them.
    ///
    /// # Errors
    /// As [`Scorer::add`].
    pub fn inspect(
        &mut self,
        conversation: &Conversation,
        predictions: &Predictions,
    ) -> Result<Inspection, ScoreError> {
        self.prepare(conversation, predictions)?;
        let mut values = Vec::new();
        leak::values(
            &redacted(conversation, &self.covers),
            &self.options.tolerance,
            |value| {
                values.push(InspectedValue {
                    label: value.label,
                    fact: value.fact,
                    mentions: value.mentions.to_vec(),
                });
            },
        );
        Ok(Inspection {
            events: self.events.clone(),
            values,
        })
    }

    /// Everything that was counted.
    pub fn finish(mut self) -> Counts {
        self.flush();
        let mut counts = self.counts;
        for (label, state) in Label::all().zip(self.labels) {
            let mut row = state.counts;
            let relations = Relation::ALL.iter().zip(state.relations);
            let iou = (0..).zip(state.iou).filter(|(_, pairs)| *pairs > 0);
            row.iou = iou.collect();
            row.relations = relations
                .filter(|r| r.1 > 0)
                .map(|(&r, n)| (r, n))
                .collect();
            if row != LabelCounts::default() {
                counts.labels.insert(label, row);
            }
        }
        let names = self.options.labels.names().iter().cloned();
        counts.unmapped = names
            .zip(self.unmapped)
            .filter(|(_, count)| *count > 0)
            .collect();
        counts.slices = self.slices.finish();
        counts.decoys = self.decoys.finish();
        if let Some(extras) = self.extras {
            extras.finish(&mut counts);
        }
        if let Some(accumulator) = self.accumulator {
            counts.replicates = accumulator.finish();
        }
        counts
    }

    /// Lists the units and gold spans, and works out events and covers.
    fn prepare(
        &mut self,
        conversation: &Conversation,
        predictions: &Predictions,
    ) -> Result<(), ScoreError> {
        let expected = conversation
            .messages
            .iter()
            .map(|message| 1 + message.fields.len())
            .sum();
        if predictions.len() != expected {
            return Err(ScoreError::Units {
                conversation: conversation.id.clone(),
                expected,
                found: predictions.len(),
            });
        }
        self.events.clear();
        self.golds.clear();
        self.covers
            .resize_with(self.covers.len().max(expected), Cover::default);
        self.units.clear();
        for (number, message) in conversation.messages.iter().enumerate() {
            for (place, (pointer, body)) in message.units().enumerate() {
                let index = self.units.len();
                let found = predictions.unit(index);
                self.units.push(Unit {
                    message: number as u32,
                    place: place as u32,
                    first_gold: self.golds.len() as u32,
                });
                if found.is_empty() && body.marks().is_empty() {
                    self.covers[index].clear();
                    continue;
                }
                let id = || unit_id(&conversation.id, message.turn, pointer);
                let known = self.map.len();
                if let Some(p) = found.iter().find(|p| usize::from(p.label.0) >= known) {
                    return Err(ScoreError::Label {
                        unit: id(),
                        label: p.label.0,
                    });
                }
                self.table
                    .of_unit(index as u32, body, found, &self.map, &mut self.events)
                    .map_err(|at| ScoreError::Range {
                        unit: id(),
                        index: at,
                        start: found[at].range.start,
                        end: found[at].range.end,
                        length: body.text().len(),
                    })?;
                self.covers[index].set(found.iter().map(|prediction| prediction.range));
                self.golds.extend(body.spans().map(|(range, span)| Gold {
                    label: span.label,
                    traits: traits(body, range, span),
                    counts: SpanCounts::default(),
                }));
            }
        }
        Ok(())
    }

    /// Adds what was counted for the current customer to clusters and replicates.
    fn flush(&mut self) {
        let Some((id, holds)) = self.customer.sum() else {
            return;
        };
        self.counts.customers.entry(id).or_default().add(holds);
        for (label, phrase) in self.customer.values() {
            let state = &mut self.labels[label.index()];
            if state.last_customer.replace(id) != Some(id) {
                state.counts.clusters.customers.insert(id);
            }
            let key = (phrase.hash, label.index() as u16);
            if !phrase.recurs || self.seen.insert(key, ()).is_none() {
                state.counts.clusters.phrases.insert(phrase.hash);
            }
        }
        if let Some(accumulator) = &mut self.accumulator {
            self.customer.accumulate(accumulator);
        }
    }
}

fn traits(body: &Body, range: ByteRange, span: &Span) -> Traits {
    let silent = |text: &str| !text.chars().any(char::is_alphanumeric);
    let text = body.text();
    let bare = silent(&text[..range.start as usize]) && silent(&text[range.end as usize..]);
    Traits::of(span, bare)
}

fn redacted<'a>(conversation: &'a Conversation, covers: &'a [Cover]) -> Vec<Redacted<'a>> {
    let units = conversation.messages.iter().flat_map(|m| m.units());
    let units = units.zip(covers);
    let mut redacted = Vec::with_capacity(covers.len());
    redacted.extend(units.map(|((_, body), cover)| Redacted { body, cover }));
    redacted
}
