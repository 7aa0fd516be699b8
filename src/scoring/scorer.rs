//! The one pass over a corpus and the predictions for it.

use super::counts::{Confusion, Counts, Holds, LabelCounts, Meant, SCHEMA, Signature};
use super::coverage::{self, Characters, CoverageCounts};
use super::customer::{Customer, phrase};
use super::events::{Event, EventTable, Relation};
use super::examples::{self, Spot};
use super::extras::Extras;
use super::groups::{Place, group, group_of_customer};
use super::label_map::Resolved;
use super::leak::{self, Mention, Redacted};
use super::options::{ScoreError, ScoringOptions};
use super::replicates::{Accumulator, Phrase, Tally};
use super::slices::{SliceTable, SliceText, SpanCounts, Traits};
use super::spans::{Cover, Offsets};
use super::twins::{self, TwinCounts};
use crate::conversation::{Body, Conversation, FactId, Span, unit_id};
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
    pointer: &'a str,
    first_gold: usize,
}

/// One gold span of it.
struct Gold<'a> {
    span: &'a Span,
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
    texts: Vec<SliceText>,
    /// Code points of the messages of the current conversation.
    lengths: Vec<u64>,
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
        if self.options.twins {
            let counts = self.twin_counts(&units);
            twins::note(&mut self.counts.twins, conversation, counts);
            if !twins::parts(&conversation.id).1.is_empty() {
                return Ok(());
            }
        }
        if self.customer.id() != conversation.customer {
            self.flush();
            self.customer.start(&conversation.customer);
            self.customer_group = group_of_customer(&conversation.customer);
        }
        let messages = conversation.messages.iter();
        let phrases: Vec<Phrase> = match self.options.intervals {
            true => messages.map(|m| phrase(conversation, m)).collect(),
            // Nothing is weighted or grouped, and no name needs to be hashed.
            false => messages.map(|_| Phrase::default()).collect(),
        };
        if let Some(extras) = &mut self.extras {
            let redacted = redacted(&units, &self.covers);
            extras.start(conversation, predictions, &redacted, &self.map);
        }
        self.texts.clear();
        self.texts
            .resize(conversation.messages.len(), SliceText::default());
        self.count_events(&units, &mut golds, predictions, &phrases);
        self.count_text(conversation, &units, predictions, &phrases);
        self.count_values(conversation, &units, &mut golds, &phrases);
        self.count_slices(conversation, &units, &golds, &phrases);
        if self.options.examples.most > 0 {
            self.keep_examples(conversation, &units, predictions);
        }
        if let Some(extras) = &mut self.extras {
            extras.end(conversation);
        }
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
        if let Some(extras) = self.extras {
            extras.finish(&mut counts);
        }
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
                    pointer,
                    first_gold: golds.len(),
                });
                golds.extend(body.spans().map(|(range, span)| Gold {
                    span,
                    traits: traits(body, range, span),
                    counts: SpanCounts::default(),
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
        let (mut all_correct, mut all_predicted, mut all_gold) = (0, 0, 0);
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
                let text = &mut self.texts[unit.message];
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

    /// Keeps the events that are in the sample of their error class.
    fn keep_examples(
        &mut self,
        conversation: &Conversation,
        units: &[Unit<'_>],
        predictions: &Predictions,
    ) {
        if self.options.examples.most == 0 {
            return;
        }
        let names = self.options.labels.names();
        let spot = |event: &Event| {
            let unit = &units[event.unit as usize];
            let gold = event
                .gold
                .and_then(|gold| unit.body.spans().nth(gold as usize));
            let prediction = event
                .prediction
                .map(|prediction| predictions.unit(event.unit as usize)[prediction as usize]);
            Spot {
                conversation: &conversation.id,
                turn: conversation.messages[unit.message].turn,
                pointer: unit.pointer,
                body: unit.body,
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

    fn count_text(
        &mut self,
        conversation: &Conversation,
        units: &[Unit<'_>],
        predictions: &Predictions,
        phrases: &[Phrase],
    ) {
        let characters = self.options.characters;
        self.lengths.clear();
        let mut next = 0;
        for (place, (message, &phrase)) in conversation.messages.iter().zip(phrases).enumerate() {
            let mut text = CoverageCounts::default();
            let (mut has_gold, mut is_marked, mut alerted, mut strays) = (false, false, false, 0);
            for unit in &units[next..next + 1 + message.fields.len()] {
                let found = predictions.unit(next);
                let cover = &self.covers[next];
                self.gold_cover
                    .set(unit.body.spans().map(|(range, _)| range));
                let body = unit.body;
                let ignored = body.ignored().map(|(range, _)| range);
                let gold = self.gold_cover.ranges().iter().copied();
                self.marked_cover.set(gold.chain(ignored));
                let (gold, marked) = (&self.gold_cover, &self.marked_cover);
                let counts = coverage::characters(characters, body, gold, marked, cover);
                text.add(&counts);
                if self.lengths.len() == place {
                    // The text of the message comes first.
                    let counted = characters == Characters::CodePoints;
                    self.lengths.push(match body.ignored().next() {
                        None if counted => counts.gold_chars + counts.harmless_chars,
                        _ => body.text().chars().count() as u64,
                    });
                }
                has_gold |= !gold.ranges().is_empty();
                is_marked |= !marked.ranges().is_empty();
                alerted |= !found.is_empty();
                strays += stray_ranges(found, marked, &mut self.ranges);
                let offsets = Offsets::of(body.text());
                for (range, decoy) in body.decoys() {
                    let counts = coverage::decoy(characters, &offsets, range, cover);
                    match self.counts.decoys.get_mut(&*decoy.is) {
                        Some(sum) => sum.add(&counts),
                        None => {
                            self.counts.decoys.insert(decoy.is.to_string(), counts);
                        }
                    }
                }
                for (range, span) in body.spans() {
                    let counts = &mut self.labels[span.label.index()].counts;
                    let (chars, covered) = coverage::covered(characters, &offsets, range, cover);
                    counts.chars += chars;
                    counts.covered_chars += covered;
                }
                if let Some(extras) = &mut self.extras {
                    let redacted = Redacted { body, cover };
                    extras.unit(next, &redacted, &self.marked_cover);
                }
                next += 1;
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
            let slice = &mut self.texts[place];
            slice.messages = 1;
            slice.harmless_chars = text.harmless_chars;
            slice.masked_chars = text.masked_chars;
            slice.harmless_messages = text.harmless_messages;
            slice.false_alerts = text.false_alerts;
            if let Some(extras) = &mut self.extras {
                let found = next - 1 - message.fields.len()..next;
                extras.message(message, &text, found.map(|unit| predictions.unit(unit)));
            }
            let companions = [
                text.harmless_chars,
                text.masked_chars,
                text.harmless_messages,
                text.false_alerts,
            ];
            self.customer.companions(phrase, companions);
        }
    }

    fn count_values(
        &mut self,
        conversation: &Conversation,
        units: &[Unit<'_>],
        golds: &mut [Gold<'_>],
        phrases: &[Phrase],
    ) {
        let Scorer {
            labels,
            customer,
            covers,
            options,
            counts,
            extras,
            ..
        } = self;
        let mut holds = Holds::default();
        let redacted = redacted(units, covers);
        leak::values(&redacted, &options.tolerance, |value| {
            let state = &mut labels[value.label.index()].counts;
            if let Some(extras) = extras {
                extras.value(conversation, &value, &redacted, state);
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
                let gold = units[mention.unit as usize].first_gold + mention.gold as usize;
                golds[gold].counts.mention = true;
                golds[gold].counts.leaked_mention = mention.leaks();
            }
            let first = value.mentions[0];
            let unit = &units[first.unit as usize];
            let slice = &mut golds[unit.first_gold + first.gold as usize].counts;
            slice.value = true;
            slice.leaked = leaks;
            slice.critical = critical;
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

    fn count_slices(
        &mut self,
        conversation: &Conversation,
        units: &[Unit<'_>],
        golds: &[Gold<'_>],
        phrases: &[Phrase],
    ) {
        let mut from = 0;
        for (at, message) in conversation.messages.iter().enumerate() {
            let behind = units.partition_point(|unit| unit.message <= at);
            let to = units
                .get(behind)
                .map_or(golds.len(), |next| next.first_gold);
            let place = self.options.intervals.then(|| Place {
                customer: self.customer_group,
                phrase: group(phrases[at].hash),
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
    fn twin_counts(&self, units: &[Unit<'_>]) -> TwinCounts {
        let mut counts = TwinCounts::default();
        for event in &self.events {
            let settles = event.relation.settles_gold() && event.relation != Relation::Ignored;
            counts.gold += u64::from(event.gold.is_some() && settles);
            counts.correct += u64::from(event.relation == Relation::Correct);
        }
        let redacted = redacted(units, &self.covers);
        leak::values(&redacted, &self.options.tolerance, |value| {
            if value.is_essential() && value.label.info().headline == Headline::Critical {
                counts.values += 1;
                counts.leaked += u64::from(value.leaks());
            }
        });
        counts
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

fn traits(body: &Body, range: ByteRange, span: &Span) -> Traits {
    let silent = |text: &str| !text.chars().any(char::is_alphanumeric);
    let text = body.text();
    let bare = silent(&text[..range.start as usize]) && silent(&text[range.end as usize..]);
    Traits::of(span, bare)
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

/// How many distinct predicted ranges touch nothing that is marked.
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
