//! The same counts for parts of the corpus.
//!
//! A **dimension** is what the corpus is cut by; a **slice** is one value of it. Some dimensions belong to
//! spans (form, validity), some to messages (speaker, length), some to conversations (policy, language).
//! Spans and mentions count in the slice that they are in; a value counts in the slice of its first
//! mention; text, predictions and alerts count in slices of messages and conversations only, since text
//! without a span has no form. Invariant: the slices of a dimension add up to the whole.

use super::groups::{Groups, Place, Six};
use crate::conversation::{Conversation, Form, Message, MessageKind, Safety, Span, Speaker, names};
use crate::lookup::Named;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// What the corpus is cut by.
    pub enum Dimension {
        /// How the value is written.
        Form = "form",
        /// Who wrote the message.
        Speaker = "speaker",
        /// Is the value all that the message says?
        Bare = "bare",
        /// Was the value asked for?
        Asked = "asked",
        /// Does it pass its label's rule?
        Valid = "valid",
        /// Is it accepted by validators that know which ranges are assigned?
        StrictValid = "strict_valid",
        /// Why it can belong to nobody.
        Safety = "safety",
        /// Is the value given piecewise?
        Parts = "parts",
        /// Does it resemble another label?
        Lookalike = "lookalike",
        /// What kind of message it is.
        Kind = "kind",
        /// How long the message is, in code points.
        Length = "length",
        /// How many signs of hasty writing the customer's message shows.
        Noise = "noise",
        /// What the customer came for first.
        Intent = "intent",
        /// What the bank's bot may say.
        Policy = "policy",
        /// The customer's writer profile.
        Writer = "writer",
        /// Language tag.
        Lang = "lang",
        /// The platform.
        Channel = "channel",
        /// Whether its phrases could be seen while a detector was trained.
        Split = "split",
    }
}

/// Counts of one slice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceCounts {
    /// Gold spans.
    pub gold: u64,
    /// Strictly correct ones.
    pub correct: u64,
    /// Mentions with something essential.
    pub mentions: u64,
    /// Mentions that leak.
    pub leaked_mentions: u64,
    /// Values with something essential.
    pub values: u64,
    /// Values that leak.
    pub leaked: u64,
    /// Critical values.
    pub critical: u64,
    /// Critical values that leak.
    pub critical_leaked: u64,
    /// Counts of the text, in slices of messages and conversations.
    pub text: SliceText,
    /// Counts by group of clusters, where intervals are asked for.
    pub groups: Groups,
}

/// What predictions do in the text of a slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceText {
    /// Messages.
    pub messages: u64,
    /// Predictions.
    pub predictions: u64,
    /// Predictions that touch no gold span.
    pub spurious: u64,
    /// Code points outside gold.
    pub harmless_chars: u64,
    /// Covered ones of them.
    pub masked_chars: u64,
    /// Messages without gold.
    pub harmless_messages: u64,
    /// Distinct predicted ranges in them.
    pub false_alerts: u64,
}

impl SliceText {
    /// Adds the counts of another.
    pub fn add(&mut self, other: &SliceText) {
        self.messages += other.messages;
        self.predictions += other.predictions;
        self.spurious += other.spurious;
        self.harmless_chars += other.harmless_chars;
        self.masked_chars += other.masked_chars;
        self.harmless_messages += other.harmless_messages;
        self.false_alerts += other.false_alerts;
    }
}

/// What is counted of one gold span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpanCounts {
    /// In the strict scores?
    pub gold: bool,
    /// Strictly correct?
    pub correct: bool,
    /// A mention with something essential?
    pub mention: bool,
    /// That leaks?
    pub leaked_mention: bool,
    /// The first mention of a value with something essential?
    pub value: bool,
    /// That leaks?
    pub leaked: bool,
    /// Is that value critical?
    pub critical: bool,
}

/// How many different [`SpanCounts`] there are.
const KINDS_OF_COUNTS: usize = 1 << 7;

impl SpanCounts {
    fn is_empty(&self) -> bool {
        // A value and a leak are a mention's.
        !(self.gold | self.correct | self.mention | self.value)
    }

    /// Its place among all of its kind.
    fn place(&self) -> usize {
        let flags = [
            self.gold,
            self.correct,
            self.mention,
            self.leaked_mention,
            self.value,
            self.leaked,
            self.critical,
        ];
        flags
            .iter()
            .rev()
            .fold(0, |place, &flag| place << 1 | usize::from(flag))
    }

    fn at(place: usize) -> Self {
        let flag = |bit: usize| place >> bit & 1 == 1;
        SpanCounts {
            gold: flag(0),
            correct: flag(1),
            mention: flag(2),
            leaked_mention: flag(3),
            value: flag(4),
            leaked: flag(5),
            critical: flag(6),
        }
    }

    fn six(&self) -> Six {
        let critical = self.value && self.critical;
        [
            self.gold,
            self.correct,
            self.value,
            self.leaked,
            critical,
            critical && self.leaked,
        ]
        .map(u64::from)
    }
}

/// Sums over spans: six of them by group, mentions without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SpanSums {
    six: Six,
    mentions: u64,
    leaked_mentions: u64,
}

impl SpanSums {
    fn of(span: &SpanCounts) -> Self {
        SpanSums {
            six: span.six(),
            mentions: u64::from(span.mention),
            leaked_mentions: u64::from(span.leaked_mention),
        }
    }

    fn is_empty(&self) -> bool {
        self.six
            .iter()
            .fold(self.mentions, |any, count| any | count)
            == 0
    }

    fn add(&mut self, other: &SpanSums) {
        self.add_times(other, 1);
    }

    fn add_times(&mut self, other: &SpanSums, times: u64) {
        let sums = self.six.iter_mut().zip(other.six);
        sums.for_each(|(sum, count)| *sum += count * times);
        self.mentions += other.mentions * times;
        self.leaked_mentions += other.leaked_mentions * times;
    }
}

/// A slice of spans: how many there are of each kind of counts, so that a span is one addition.
#[derive(Clone, Debug)]
struct SpanSlice {
    kinds: Box<[u64; KINDS_OF_COUNTS]>,
    groups: Groups,
}

impl Default for SpanSlice {
    fn default() -> Self {
        SpanSlice {
            kinds: Box::new([0; KINDS_OF_COUNTS]),
            groups: Groups::default(),
        }
    }
}

impl SpanSlice {
    fn finish(self) -> SliceCounts {
        let mut sums = SpanSums::default();
        for (place, &times) in self.kinds.iter().enumerate() {
            sums.add_times(&SpanSums::of(&SpanCounts::at(place)), times);
        }
        let mut counts = SliceCounts {
            groups: self.groups,
            ..SliceCounts::default()
        };
        counts.add_spans(&sums);
        counts
    }
}

impl SliceCounts {
    fn add_spans(&mut self, sums: &SpanSums) {
        let [gold, correct, values, leaked, critical, critical_leaked] = sums.six;
        self.gold += gold;
        self.correct += correct;
        self.mentions += sums.mentions;
        self.leaked_mentions += sums.leaked_mentions;
        self.values += values;
        self.leaked += leaked;
        self.critical += critical;
        self.critical_leaked += critical_leaked;
    }

    fn add_all(&mut self, spans: &SpanSums, text: &SliceText, places: &[(Place, Six)]) {
        self.add_spans(spans);
        self.text.add(text);
        for (place, six) in places {
            self.groups.add(*place, six);
        }
    }

    /// Adds the counts of another.
    pub fn add(&mut self, other: &SliceCounts) {
        self.gold += other.gold;
        self.correct += other.correct;
        self.mentions += other.mentions;
        self.leaked_mentions += other.leaked_mentions;
        self.values += other.values;
        self.leaked += other.leaked;
        self.critical += other.critical;
        self.critical_leaked += other.critical_leaked;
        self.text.add(&other.text);
        self.groups.merge(&other.groups);
    }
}

/// Counts by dimension and value.
pub type Slices = BTreeMap<Dimension, BTreeMap<String, SliceCounts>>;

/// Adds the slices of another shard.
pub fn merge(into: &mut Slices, other: Slices) {
    for (dimension, slices) in other {
        let mine = into.entry(dimension).or_default();
        for (name, counts) in slices {
            mine.entry(name).or_default().add(&counts);
        }
    }
}

/// What a span is, for the dimensions that belong to spans.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    form: Option<Form>,
    safety: Option<Safety>,
    valid: Option<bool>,
    strict_valid: Option<bool>,
    asked: bool,
    bare: bool,
    parts: bool,
    lookalike: bool,
}

impl Traits {
    /// Of a span; `bare` says whether it is all that its message says.
    pub fn of(span: &Span, bare: bool) -> Self {
        Traits {
            form: span.form,
            safety: span.safety,
            valid: span.valid,
            strict_valid: span.strict_valid,
            asked: span.asked.is_some(),
            bare,
            parts: span.part.is_some(),
            lookalike: span.lookalike.is_some(),
        }
    }
}

/// Classes of length, by the greatest number of code points.
const LENGTHS: [(u64, &str); 4] = [
    (20, "1-20"),
    (80, "21-80"),
    (200, "81-200"),
    (u64::MAX, "201+"),
];
const NOISES: [&str; 4] = ["0", "1", "2", "3+"];

fn length(characters: u64) -> usize {
    let class = LENGTHS.iter().position(|(most, _)| characters <= *most);
    class.unwrap_or(LENGTHS.len() - 1)
}

/// How many signs of hasty writing a text shows, up to 3: it starts in lower case, ends in a letter or
/// digit, has two of `!?.` in a row, is all in capitals (four letters at least), or shows an emoji
/// (U+2600 to U+27BF, U+1F000 to U+1FAFF).
pub fn noise(text: &str) -> usize {
    let bytes = text.as_bytes();
    let trimmed = text.trim();
    let lower = trimmed.chars().next().is_some_and(char::is_lowercase);
    let last = trimmed.chars().next_back();
    let open = last.is_some_and(char::is_alphanumeric);
    let stop = |byte: &u8| matches!(byte, b'!' | b'?' | b'.');
    let mut stops = memchr::memchr3_iter(b'!', b'?', b'.', bytes);
    let runs = stops.any(|at| bytes.get(at + 1).is_some_and(stop));
    // Nearly every text has a small letter near its beginning, and few have what emoji begin with.
    let small = bytes.iter().any(u8::is_ascii_lowercase);
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let shouted = !small && letters().nth(3).is_some() && letters().all(char::is_uppercase);
    let is_emoji = |c: char| matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}');
    let emoji = !text.is_ascii()
        && memchr::memchr2(0xe2, 0xf0, bytes).is_some()
        && text.chars().any(is_emoji);
    let signs = [lower, open, runs, shouted, emoji];
    let noise = signs.iter().filter(|sign| **sign).count();
    noise.min(NOISES.len() - 1)
}

/// Adds up slices without looking up a name per span.
#[derive(Debug)]
pub struct SliceTable {
    form: Vec<SpanSlice>,
    safety: Vec<SpanSlice>,
    valid: Vec<SpanSlice>,
    strict_valid: Vec<SpanSlice>,
    asked: Vec<SpanSlice>,
    bare: Vec<SpanSlice>,
    parts: Vec<SpanSlice>,
    lookalike: Vec<SpanSlice>,
    speaker: Vec<SliceCounts>,
    kind: Vec<SliceCounts>,
    length: Vec<SliceCounts>,
    noise: Vec<SliceCounts>,
    message: SpanSums,
    conversation: (SpanSums, SliceText),
    places: Vec<(Place, Six)>,
    named: [Named<SliceCounts>; NAMED.len()],
}

/// The dimensions of conversations.
const NAMED: [Dimension; 6] = [
    Dimension::Intent,
    Dimension::Policy,
    Dimension::Writer,
    Dimension::Lang,
    Dimension::Channel,
    Dimension::Split,
];

const NO_RULE: &str = "(none)";

impl Default for SliceTable {
    fn default() -> Self {
        let none = |count: usize| vec![SpanSlice::default(); count];
        let zeros = |count: usize| vec![SliceCounts::default(); count];
        SliceTable {
            form: none(Form::ALL.len() + 1),
            safety: none(Safety::ALL.len() + 1),
            valid: none(3),
            strict_valid: none(3),
            asked: none(2),
            bare: none(2),
            parts: none(2),
            lookalike: none(2),
            speaker: zeros(Speaker::ALL.len()),
            kind: zeros(MessageKind::ALL.len()),
            length: zeros(LENGTHS.len()),
            noise: zeros(NOISES.len() + 1),
            message: SpanSums::default(),
            conversation: Default::default(),
            places: Vec::new(),
            named: Default::default(),
        }
    }
}

impl SliceTable {
    /// Adds a span of the current message to every slice that it is in. `place` is where the message
    /// stands, where intervals are asked for.
    pub fn span(&mut self, of: &Traits, counts: &SpanCounts, place: Option<Place>) {
        if counts.is_empty() {
            return;
        }
        let (kind, sums) = (counts.place(), SpanSums::of(counts));
        let three = |known: Option<bool>| known.map_or(0, |known| usize::from(known) + 1);
        for slice in [
            &mut self.form[of.form.map_or(0, |form| form as usize + 1)],
            &mut self.safety[of.safety.map_or(0, |safety| safety as usize + 1)],
            &mut self.valid[three(of.valid)],
            &mut self.strict_valid[three(of.strict_valid)],
            &mut self.asked[usize::from(of.asked)],
            &mut self.bare[usize::from(of.bare)],
            &mut self.parts[usize::from(of.parts)],
            &mut self.lookalike[usize::from(of.lookalike)],
        ] {
            slice.kinds[kind] += 1;
            if let Some(place) = place {
                slice.groups.add(place, &sums.six);
            }
        }
        self.message.add(&sums);
    }

    /// Ends the current message, which has so many code points.
    pub fn message(
        &mut self,
        message: &Message,
        characters: u64,
        text: &SliceText,
        place: Option<Place>,
    ) {
        let sums = std::mem::take(&mut self.message);
        let empty = sums.is_empty();
        for slice in [
            &mut self.speaker[message.speaker as usize],
            &mut self.kind[message.kind as usize],
            &mut self.length[length(characters)],
            &mut self.noise[match message.speaker {
                Speaker::Customer => 1 + noise(message.body.text()),
                Speaker::Bot | Speaker::Agent | Speaker::Notification => 0,
            }],
        ] {
            slice.text.add(text);
            if empty {
                continue;
            }
            slice.add_spans(&sums);
            if let Some(place) = place {
                slice.groups.add(place, &sums.six);
            }
        }
        self.conversation.1.add(text);
        if !empty {
            self.conversation.0.add(&sums);
            self.places.extend(place.map(|place| (place, sums.six)));
        }
    }

    /// Ends the current conversation.
    pub fn end(&mut self, conversation: &Conversation) {
        let (spans, text) = std::mem::take(&mut self.conversation);
        let intent = conversation
            .intents
            .first()
            .map_or(NO_RULE, |intent| intent);
        let names = [
            intent,
            &*conversation.policy,
            &*conversation.writer,
            &*conversation.lang,
            &*conversation.channel,
            conversation.split.name(),
        ];
        for (slices, name) in self.named.iter_mut().zip(names) {
            slices.row(name).add_all(&spans, &text, &self.places);
        }
        self.places.clear();
    }

    /// Every slice that holds anything.
    pub fn finish(self) -> Slices {
        let with_none =
            |names: Vec<&'static str>| std::iter::once(NO_RULE).chain(names).collect::<Vec<_>>();
        let forms = with_none(Form::ALL.iter().map(|form| form.name()).collect());
        let tiers = with_none(Safety::ALL.iter().map(|tier| tier.name()).collect());
        let speakers = Speaker::ALL.iter().map(|speaker| speaker.name()).collect();
        let kinds = MessageKind::ALL.iter().map(|kind| kind.name()).collect();
        let lengths = LENGTHS.iter().map(|(_, name)| *name).collect();
        let named = NAMED.into_iter().zip(self.named);
        let mut slices: Slices = named.map(|(d, rows)| (d, rows.finish())).collect();
        let of_spans = |slices: Vec<SpanSlice>| slices.into_iter().map(SpanSlice::finish).collect();
        for (dimension, names, counts) in [
            (Dimension::Form, forms, of_spans(self.form)),
            (Dimension::Safety, tiers, of_spans(self.safety)),
            (
                Dimension::Valid,
                vec![NO_RULE, "invalid", "valid"],
                of_spans(self.valid),
            ),
            (
                Dimension::StrictValid,
                vec![NO_RULE, "refused", "accepted"],
                of_spans(self.strict_valid),
            ),
            (
                Dimension::Asked,
                vec!["volunteered", "asked"],
                of_spans(self.asked),
            ),
            (
                Dimension::Bare,
                vec!["in_sentence", "bare"],
                of_spans(self.bare),
            ),
            (
                Dimension::Parts,
                vec!["whole", "in_parts"],
                of_spans(self.parts),
            ),
            (
                Dimension::Lookalike,
                vec!["unlike", "lookalike"],
                of_spans(self.lookalike),
            ),
            (Dimension::Speaker, speakers, self.speaker),
            (Dimension::Kind, kinds, self.kind),
            (Dimension::Length, lengths, self.length),
            (Dimension::Noise, with_none(NOISES.to_vec()), self.noise),
        ] {
            let counts: Vec<SliceCounts> = counts;
            let rows = names.into_iter().zip(counts);
            slices.insert(
                dimension,
                rows.map(|(name, c)| (name.to_owned(), c)).collect(),
            );
        }
        for rows in slices.values_mut() {
            rows.retain(|_, counts| *counts != SliceCounts::default());
        }
        slices.retain(|_, rows| !rows.is_empty());
        slices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_hasty_writing_are_counted() {
        assert_eq!(noise("Bonjour, je voudrais mon solde."), 0);
        assert_eq!(noise("Bonjour"), 1, "no stop");
        assert_eq!(noise("bonjour"), 2, "and lower case");
        assert_eq!(noise("RENDEZ MON ARGENT !!"), 2, "capitals and a run");
        assert_eq!(noise("euh... ok 👍 merci"), 3);
        assert_eq!(noise("4821"), 1);
        assert_eq!(noise(""), 0);
    }

    #[test]
    fn lengths_have_four_classes() {
        let classes = [1, 20, 21, 80, 81, 200, 201, 5_000].map(|n| LENGTHS[length(n)].1);
        let expected = ["1-20", "21-80", "81-200", "201+"];
        let twice: Vec<&str> = expected.iter().flat_map(|name| [*name, *name]).collect();
        assert_eq!(classes.to_vec(), twice);
    }
}
