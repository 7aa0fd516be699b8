//! Figures: how diverse the messages are, and what they look like, by language and speaker.
//!
//! Diversity is measured on samples that depend on content alone (`sample`), shape on everything.

pub mod diversity;
pub mod french;
pub mod self_bleu;
pub mod shape;
pub mod tokens;

#[cfg(test)]
mod recorded;

use super::data;
use super::record::Conversation;
use super::sample::{Smallest, hash};
use crate::corpus::manifest::is_alone;
use french::French;
use serde::{Deserialize, Serialize};
use shape::Shape;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Messages of a speaker that are sampled.
const MESSAGES: usize = 20_000;
/// Openers for the unseen mass.
const OPENERS: usize = 2_000;
/// Openers for self-BLEU, of at least [`SHORTEST`] tokens.
const COMPARED: usize = 1_000;
/// The shortest opener that self-BLEU compares.
const SHORTEST: usize = 4;

/// A text as it stands, and masked.
#[derive(Clone, Debug)]
struct Views {
    raw: String,
    masked: String,
}

impl Views {
    fn view(&self, masked: bool) -> &str {
        if masked { &self.masked } else { &self.raw }
    }
}

/// What is measured together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    language: String,
    speaker: String,
    split: String,
}

#[derive(Clone, Debug)]
struct Group {
    shape: Shape,
    french: French,
    messages: Smallest<Views>,
    openers: Smallest<Views>,
    compared: Smallest<Views>,
}

impl Default for Group {
    fn default() -> Self {
        Group {
            shape: Shape::default(),
            french: French::default(),
            messages: Smallest::new(MESSAGES),
            openers: Smallest::new(OPENERS),
            compared: Smallest::new(COMPARED),
        }
    }
}

/// Collects what the figures are made of.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    groups: BTreeMap<Key, Group>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// `raw` or `masked`, where that makes a difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// Its value; `None` where there is too little to measure it.
    pub value: Option<f64>,
    /// On how many messages, openers, values, words or windows it stands, as its name says.
    pub over: u64,
    /// What other corpora give, and what is aimed at.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub references: Vec<data::Reference>,
}

/// The figures of one speaker in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureGroup {
    /// Language tag.
    pub language: String,
    /// Who wrote.
    pub speaker: String,
    /// `all`, or one split of several.
    pub split: String,
    /// Messages.
    pub messages: u64,
    /// The figures.
    pub figures: Vec<Figure>,
}

impl Collector {
    /// Counts and samples a conversation.
    pub fn add(&mut self, c: &Conversation<'_>) {
        let record = c.record;
        let language = record.lang.as_deref().unwrap_or("unknown");
        let mut run: Option<(&str, usize)> = None;
        let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
        let mut opened = false;
        for unit in c.units.iter().filter(|unit| unit.pointer.is_empty()) {
            let speaker = record.messages[unit.message]
                .speaker
                .as_deref()
                .unwrap_or("unknown");
            let masked = tokens::masked(unit);
            let customer = speaker == "customer";
            // What a button says is not the customer's wording: a talk that begins by a tap has no opener.
            let kind = record.messages[unit.message].kind.as_deref();
            let worded =
                customer && !matches!(kind, Some("quick_reply" | "postback" | "attachment"));
            let first = worded && !opened;
            opened |= customer;
            *turns.entry(speaker).or_default() += 1;
            let key = hash(&["figures", &c.message_id(unit.message)]);
            let views = || Views {
                raw: unit.text.to_owned(),
                masked: masked.clone(),
            };
            for split in splits(c, customer) {
                let group = self.group(language, speaker, split);
                group.shape.add(unit.text);
                group.messages.offer(key, views);
                if first {
                    group.openers.offer(key, views);
                    if group.compared.wants(key) && tokens::tokens(&masked).len() >= SHORTEST {
                        group.compared.offer(key, views);
                    }
                }
                if customer {
                    for span in unit.spans.iter().filter(|span| span.record.asked.is_some()) {
                        if let Ok(range) = &span.range {
                            group.shape.bare.0 += u64::from(is_alone(unit.text, range.clone()));
                            group.shape.bare.1 += 1;
                        }
                    }
                    if language.starts_with("fr") {
                        group.french.add(&masked_words(&masked));
                    }
                }
            }
            run = match run {
                Some((who, length)) if who == speaker => Some((who, length + 1)),
                ended => {
                    self.end_run(c, language, ended);
                    Some((speaker, 1))
                }
            };
        }
        self.end_run(c, language, run);
        for (speaker, count) in turns {
            for split in splits(c, speaker == "customer") {
                self.group(language, speaker, split).shape.turns.add(count);
            }
        }
    }

    fn end_run(&mut self, c: &Conversation<'_>, language: &str, run: Option<(&str, usize)>) {
        if let Some((speaker, length)) = run {
            for split in splits(c, speaker == "customer") {
                self.group(language, speaker, split).shape.turn(length);
            }
        }
    }

    fn group(&mut self, language: &str, speaker: &str, split: &str) -> &mut Group {
        self.groups
            .entry(Key {
                language: language.to_owned(),
                speaker: speaker.to_owned(),
                split: split.to_owned(),
            })
            .or_default()
    }

    /// Adds another part.
    pub fn merge(&mut self, other: Collector) {
        for (key, group) in other.groups {
            let to = self.groups.entry(key).or_default();
            to.shape.merge(&group.shape);
            to.french.merge(&group.french);
            to.messages.merge(group.messages);
            to.openers.merge(group.openers);
            to.compared.merge(group.compared);
        }
    }

    /// The figures, computed on `threads`. A split is told apart only where there are several.
    pub fn finish(&self, threads: usize) -> Vec<FigureGroup> {
        let several = |key: &Key| {
            let of = |k: &&Key| k.language == key.language && k.speaker == key.speaker;
            self.groups.keys().filter(of).count() > 2
        };
        let shown = |key: &Key| key.split == "all" || key.split == "test" && several(key);
        let shown: Vec<(&Key, &Group)> = self.groups.iter().filter(|(key, _)| shown(key)).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let take = || shown.get(next.fetch_add(1, Ordering::Relaxed));
            std::iter::from_fn(take)
                .map(|(key, group)| (*key, measured(key, group)))
                .collect()
        };
        let done: Vec<Vec<(&Key, FigureGroup)>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .map(|t| t.join().expect("figures do not panic"))
                .collect()
        });
        let by_key: BTreeMap<&Key, FigureGroup> = done.into_iter().flatten().collect();
        by_key.into_values().collect()
    }
}

/// The groups that a message belongs to: all of its speaker, and for customers those of its split.
fn splits<'a>(c: &Conversation<'a>, customer: bool) -> impl Iterator<Item = &'a str> + use<'a> {
    let own = c.record.split.as_deref().filter(|_| customer);
    std::iter::once("all").chain(own)
}

/// A masked text without its labels: only what the writer could spell.
fn masked_words(masked: &str) -> String {
    let mut out = String::with_capacity(masked.len());
    let mut rest = masked;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let label = after.find('>').filter(|end| {
            after[..*end]
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b == b'_' || b == b'0')
        });
        rest = match label {
            Some(end) => &after[end + 1..],
            None => {
                out.push('<');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

fn measured(key: &Key, group: &Group) -> FigureGroup {
    FigureGroup {
        language: key.language.clone(),
        speaker: key.speaker.clone(),
        split: key.split.clone(),
        messages: group.shape.messages,
        figures: figures(key, group),
    }
}

fn figures(key: &Key, group: &Group) -> Vec<Figure> {
    let mut list = Vec::new();
    let mut put = |name: &str, view: Option<&str>, value: Option<f64>, over: u64| {
        let meant = |reference: &&data::Reference| {
            reference.figure == name
                && reference
                    .view
                    .as_deref()
                    .is_none_or(|meant| Some(meant) == view)
                && (reference.languages.is_empty() || reference.languages.contains(&key.language))
                && key.speaker == "customer"
        };
        list.push(Figure {
            name: name.to_owned(),
            view: view.map(str::to_owned),
            value,
            over,
            references: data::references().1.iter().filter(meant).cloned().collect(),
        });
    };
    for (masked, view) in [(false, "raw"), (true, "masked")] {
        let view = Some(view);
        let sample: Vec<&str> = group
            .messages
            .items()
            .map(|views| views.view(masked))
            .collect();
        let split: Vec<Vec<String>> = sample.iter().map(|text| tokens::tokens(text)).collect();
        let (values, windows) = diversity::distinct(&split);
        for n in 0..3 {
            let name = format!("distinct-{}", n + 1);
            put(&name, view, values.map(|values| values[n]), windows as u64);
        }
        let normal: Vec<String> = sample.iter().map(|text| tokens::normalised(text)).collect();
        for (name, k) in [("repeats-1k", 1_000), ("repeats-10k", 10_000)] {
            put(
                name,
                view,
                diversity::repeats(&normal, k),
                k.min(normal.len()) as u64,
            );
        }
        if key.speaker != "customer" {
            continue;
        }
        let openers: Vec<&str> = group
            .openers
            .items()
            .map(|views| views.view(masked))
            .collect();
        let split: Vec<Vec<String>> = openers.iter().map(|text| tokens::tokens(text)).collect();
        let (values, windows) = diversity::distinct(&split);
        put(
            "openers-distinct-3",
            view,
            values.map(|values| values[2]),
            windows as u64,
        );
        let normal: Vec<String> = openers
            .iter()
            .map(|text| tokens::normalised(text))
            .collect();
        let unseen = diversity::unseen_mass(&normal).filter(|_| normal.len() == OPENERS);
        put("unseen-mass", view, unseen, normal.len() as u64);
        let compared: Vec<Vec<String>> = group
            .compared
            .items()
            .map(|views| tokens::tokens(views.view(masked)))
            .collect();
        let bleu = self_bleu::self_bleu4(&compared).filter(|_| compared.len() == COMPARED);
        put("self-bleu4", view, bleu, compared.len() as u64);
    }
    let shape = &group.shape;
    let messages = shape.messages;
    let share = |(part, all): (u64, u64)| (all > 0).then(|| part as f64 / all as f64);
    if key.speaker == "customer" {
        put("bare-share", None, share(shape.bare), shape.bare.1);
    }
    for (name, histogram, over) in [
        ("words", &shape.words, messages),
        ("chars", &shape.chars, messages),
        ("turns", &shape.turns, messages),
    ] {
        for (what, percent) in [("q1", 25), ("median", 50), ("q3", 75), ("p90", 90)] {
            let value = histogram.quantile(percent).map(f64::from);
            put(&format!("{name}-{what}"), None, value, over);
        }
    }
    put(
        "lower-case-start",
        None,
        share(shape.lower_start),
        shape.lower_start.1,
    );
    for (name, part) in [
        ("no-final-punctuation", shape.no_final),
        ("one-word", shape.one_word),
        ("with-digits", shape.digits),
        ("repeated-punctuation", shape.repeated),
        ("with-emoji", shape.emoji),
    ] {
        put(name, None, share((part, messages)), messages);
    }
    put("runs", None, share(shape.runs), shape.runs.1);
    let french = &group.french;
    if french.words > 0 {
        put(
            "without-accent",
            None,
            share(french.without_accent),
            french.without_accent.1,
        );
        for (name, count) in [
            ("abbreviations", french.abbreviation),
            ("phonetic", french.phonetic),
            ("accents-dropped", french.accent),
            ("apostrophes-lost", french.apostrophe),
            ("capitals", french.capitals),
            ("letters-repeated", french.repeated),
        ] {
            let value = 100.0 * count as f64 / french.words as f64;
            put(
                &format!("{name}-per-100-words"),
                None,
                Some(value),
                french.words,
            );
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_no_words_of_the_writer() {
        assert_eq!(masked_words("ma <PAN> et < 0 <CARD_CVV>!"), "ma  et < 0 !");
    }
}
