//! The one pass over a corpus and the predictions for it.

use super::counts::{Confusion, Counts, Holds, LabelCounts, Meant, SCHEMA, Signature};
use super::coverage::{self, CoverageCounts};
use super::customer::{Customer, phrase};
use super::events::{Event, EventTable, Relation};
use super::label_map::Resolved;
use super::leak::{self, Mention, Redacted};
use super::options::{ScoreError, ScoringOptions};
use super::replicates::{Accumulator, Phrase, Tally};
use super::slices::{SliceCounts, SliceTable, Traits};
use super::spans::Cover;
use crate::conversation::{Body, Conversation, FactId, Span, Speaker, unit_id};
use crate::prediction::{Prediction, Predictions, ToolLabels};
use crate::taxonomy::{Headline, Label, Taxonomy};
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
struct Unit<'a> {
    body: &'a Body,
    message: usize,
    first_gold: usize,
}

/// One gold span of it.
struct Gold<'a> {
    span: &'a Span,
    traits: Traits,
    counts: SliceCounts,
}

#[derive(Clone, Debug, Default)]
struct LabelState {
    relations: [u64; Relation::ALL.len()],
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
    customer: Customer,
    /// Labels and phrases that already stand in clusters: most come again and again. Only ever looked
    /// up, so its order decides nothing.
    #[allow(clippy::disallowed_types)]
    seen: std::collections::HashSet<(Label, u64)>,
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
            seed: options.seed,
            intervals: options.intervals,
        };
        Scorer {
            map: options.label_map.resolve(&options.labels),
            counts: Counts::empty(signature),
            labels: Label::all().map(|_| LabelState::default()).collect(),
            unmapped: vec![0; options.labels.names().len()],
            slices: SliceTable::default(),
            accumulator: options.intervals.then(|| Accumulator::new(options.seed)),
            customer: Customer::new(options.intervals),
            seen: Default::default(),
            table: EventTable::default(),
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
        let (units, mut golds) = self.prepare(conversation, predictions)?;
        if self.customer.id() != conversation.customer {
            self.flush();
            self.customer.start(&conversation.customer);
        }
        let phrases: Vec<Phrase> = conversation
            .messages
            .iter()
            .map(|message| phrase(conversation, message))
            .collect();
        self.count_events(&units, &mut golds, predictions, &phrases);
        self.count_text(conversation, &units, predictions, &phrases);
        self.count_values(&units, &mut golds, &phrases);
        for gold in &golds {
            self.slices.add(&gold.traits, &gold.counts);
        }
        self.slices.end(conversation);
        self.counts.conversations += 1;
        self.counts.messages += conversation.messages.len() as u64;
        Ok(())
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
        let (units, _) = self.prepare(conversation, predictions)?;
        let mut values = Vec::new();
        leak::values(
            &redacted(&units, &self.covers),
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
        if let Some(accumulator) = self.accumulator {
            counts.replicates = accumulator.finish();
        }
        counts
    }

    /// Lists the units and gold spans, and works out events and covers.
    fn prepare<'a>(
        &mut self,
        conversation: &'a Conversation,
        predictions: &Predictions,
    ) -> Result<(Vec<Unit<'a>>, Vec<Gold<'a>>), ScoreError> {
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
        self.covers
            .resize_with(self.covers.len().max(expected), Cover::default);
        let mut units = Vec::with_capacity(expected);
        let mut golds = Vec::new();
        for (message_index, message) in conversation.messages.iter().enumerate() {
            for (pointer, body) in message.units() {
                let index = units.len();
                let found = predictions.unit(index);
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
                units.push(Unit {
                    body,
                    message: message_index,
                    first_gold: golds.len(),
                });
                golds.extend(body.spans().map(|(range, span)| Gold {
                    span,
                    traits: traits(body, range, span, message.speaker),
                    counts: SliceCounts::default(),
                }));
            }
        }
        Ok((units, golds))
    }

    fn count_events(
        &mut self,
        units: &[Unit<'_>],
        golds: &mut [Gold<'_>],
        predictions: &Predictions,
        phrases: &[Phrase],
    ) {
        for event in &self.events {
            let unit = &units[event.unit as usize];
            let phrase = phrases[unit.message];
            let gold = event.gold.map(|gold| unit.first_gold + gold as usize);
            let gold_label = gold.map(|gold| golds[gold].span.label);
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
            let correct = u32::from(relation == Relation::Correct);
            if let Some(gold) = gold.filter(|_| relation.settles_gold()) {
                golds[gold].counts.gold = 1;
                golds[gold].counts.correct = u64::from(correct);
                let tally = Tally {
                    gold: 1,
                    correct,
                    ..Tally::default()
                };
                self.customer.tally(phrase, gold_label, tally);
            }
            if tool_label.is_some() {
                let tally = Tally {
                    predicted: 1,
                    ..Tally::default()
                };
                self.customer.tally(phrase, meant, tally);
            }
        }
    }

    fn count_text(
        &mut self,
        conversation: &Conversation,
        units: &[Unit<'_>],
        predictions: &Predictions,
        phrases: &[Phrase],
    ) {
        let mut next = 0;
        for (message, &phrase) in conversation.messages.iter().zip(phrases) {
            let mut text = CoverageCounts::default();
            let (mut has_gold, mut is_marked, mut alerted, mut strays) = (false, false, false, 0);
            for unit in &units[next..next + 1 + message.fields.len()] {
                let found = predictions.unit(next);
                let cover = &self.covers[next];
                next += 1;
                self.gold_cover
                    .set(unit.body.spans().map(|(range, _)| range));
                let ignored = unit.body.ignored().map(|(range, _)| range);
                let gold = self.gold_cover.ranges().iter().copied();
                self.marked_cover.set(gold.chain(ignored));
                let (gold, marked) = (&self.gold_cover, &self.marked_cover);
                text.add(&coverage::characters(unit.body, gold, marked, cover));
                has_gold |= !gold.ranges().is_empty();
                is_marked |= !marked.ranges().is_empty();
                alerted |= !found.is_empty();
                strays += stray_ranges(found, marked, &mut self.ranges);
                for (range, decoy) in unit.body.decoys() {
                    let counts = coverage::decoy(unit.body.text(), range, cover);
                    match self.counts.decoys.get_mut(&*decoy.is) {
                        Some(sum) => sum.add(&counts),
                        None => {
                            self.counts.decoys.insert(decoy.is.to_string(), counts);
                        }
                    }
                }
                let offsets = super::spans::Offsets::of(unit.body.text());
                for (range, span) in unit.body.spans() {
                    let counts = &mut self.labels[span.label.index()].counts;
                    counts.chars += u64::from(offsets.length(range));
                    counts.covered_chars += u64::from(cover.length_within(range, &offsets));
                }
            }
            if has_gold {
                text.gold_messages = 1;
                text.alerted_gold_messages = u64::from(alerted);
                text.stray_alerts = strays;
            } else if !is_marked {
                text.harmless_messages = 1;
                text.alerted_harmless_messages = u64::from(alerted);
                text.false_alerts = strays;
            }
            self.counts.coverage.add(&text);
            let companions = [
                text.harmless_chars,
                text.masked_chars,
                text.harmless_messages,
                text.false_alerts,
            ];
            self.customer.companions(phrase, companions);
        }
    }

    fn count_values(&mut self, units: &[Unit<'_>], golds: &mut [Gold<'_>], phrases: &[Phrase]) {
        let Scorer {
            labels,
            customer,
            covers,
            options,
            counts,
            ..
        } = self;
        let mut holds = Holds::default();
        leak::values(&redacted(units, covers), &options.tolerance, |value| {
            let state = &mut labels[value.label.index()].counts;
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
                let gold = units[mention.unit as usize].first_gold + mention.gold as usize;
                golds[gold].counts.mentions = 1;
                golds[gold].counts.leaked_mentions = u64::from(mention.leaks());
            }
            let first = value.mentions[0];
            let unit = &units[first.unit as usize];
            let slice = &mut golds[unit.first_gold + first.gold as usize].counts;
            slice.values = 1;
            slice.leaked = u64::from(leaks);
            slice.critical = u64::from(critical);
            slice.critical_leaked = u64::from(critical && leaks);
            let tally = Tally {
                values: 1,
                leaked: u32::from(leaks),
                ..Tally::default()
            };
            customer.tally(phrases[unit.message], Some(value.label), tally);
            holds.add(Holds::value(critical, profile, leaks));
        });
        counts.exposed_conversations.add(holds);
        customer.hold(holds);
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
            if !phrase.recurs || self.seen.insert((label, phrase.hash)) {
                state.counts.clusters.phrases.insert(phrase.hash);
            }
        }
        if let Some(accumulator) = &mut self.accumulator {
            self.customer.accumulate(accumulator);
        }
    }
}

fn traits(body: &Body, range: ByteRange, span: &Span, speaker: Speaker) -> Traits {
    let silent = |text: &str| !text.chars().any(char::is_alphanumeric);
    let text = body.text();
    let bare = silent(&text[..range.start as usize]) && silent(&text[range.end as usize..]);
    Traits::of(span, speaker, bare)
}

fn redacted<'a>(units: &[Unit<'a>], covers: &'a [Cover]) -> Vec<Redacted<'a>> {
    units
        .iter()
        .zip(covers)
        .map(|(unit, cover)| Redacted {
            body: unit.body,
            cover,
        })
        .collect()
}

/// How many distinct predicted ranges touch no gold.
fn stray_ranges(found: &[Prediction], marked: &Cover, ranges: &mut Vec<ByteRange>) -> u64 {
    ranges.clear();
    ranges.extend(
        found
            .iter()
            .map(|p| p.range)
            .filter(|&range| !marked.touches(range)),
    );
    ranges.sort_unstable();
    ranges.dedup();
    ranges.len() as u64
}
