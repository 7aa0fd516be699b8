//! Foreign answers meet the texts that they are for.
//!
//! Answers are matched **by id** where all of them have one, and **in order** where none has; in
//! order, there must be one answer per message. Where an answer repeats the text, it must be the
//! text of the corpus.

use super::document::Answer;
use super::offsets::{Edges, Misfit, shortened};
use super::source::ReadError;
use crate::conversation::{Conversation, names, unit_id};
use crate::formats::documents::import::Unit;
use crate::formats::predictions::Missing;
use crate::prediction::{Prediction, Predictions, ToolLabels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// How answers find their messages.
    pub enum Matching {
        /// By the id of the message.
        Id = "id",
        /// The first answer is for the first message, and so on.
        Order = "order",
    }
}

/// A unit that waits for its answer.
#[derive(Clone, Debug)]
struct Target<'c> {
    /// Every id under which it can be answered.
    ids: Vec<String>,
    conversation: usize,
    /// Which unit of the conversation.
    unit: usize,
    text: &'c str,
}

/// The units of a corpus, in its order.
#[derive(Debug)]
pub struct Targets<'c> {
    conversations: usize,
    targets: Vec<Target<'c>>,
}

impl<'c> Targets<'c> {
    /// The units of a corpus of ours.
    pub fn of(conversations: &'c [Conversation]) -> Self {
        let mut targets = Vec::new();
        for (conversation, c) in conversations.iter().enumerate() {
            let units = c.messages.iter().flat_map(|message| {
                let units = message.units();
                units.map(move |(pointer, body)| (message.turn, pointer, body.text()))
            });
            targets.extend(
                units
                    .enumerate()
                    .map(|(unit, (turn, pointer, text))| Target {
                        ids: vec![unit_id(&c.id, turn, pointer)],
                        conversation,
                        unit,
                        text,
                    }),
            );
        }
        Targets {
            conversations: conversations.len(),
            targets,
        }
    }

    /// The messages of a foreign corpus, in the order of its file. Each can be answered under the id
    /// of the file and under ours.
    pub fn imported(conversations: &'c [Conversation], units: &[Unit]) -> Self {
        let target = |unit: &Unit| {
            let c = &conversations[unit.conversation];
            let own = unit_id(&c.id, unit.turn, "");
            let mut ids: Vec<String> = unit.id.iter().cloned().collect();
            ids.extend((!ids.contains(&own)).then_some(own));
            // A message of a foreign corpus is one unit, so its turn is its place.
            let unit_of_conversation = unit.turn as usize;
            Target {
                ids,
                conversation: unit.conversation,
                unit: unit_of_conversation,
                text: c.messages[unit_of_conversation].body.text(),
            }
        };
        Targets {
            conversations: conversations.len(),
            targets: units.iter().map(target).collect(),
        }
    }
}

/// What came of a join.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// The predictions for each conversation.
    pub predictions: Vec<Predictions>,
    /// The tool's labels.
    pub labels: ToolLabels,
    /// How answers found their messages.
    pub matching: Option<Matching>,
    /// Messages without an answer.
    pub missed: u64,
    /// Why the offsets are probably counted otherwise than was declared, although each span is a
    /// range of its text.
    pub doubt: Option<String>,
}

/// Joins answers and messages. `file` names the answers in errors.
///
/// # Errors
/// What the answers' reader says; an answer without a message, a message with no answer (unless
/// `missing` says otherwise) or with two; a text that is another one; a span that is no range.
pub fn join(
    targets: &Targets<'_>,
    answers: impl Iterator<Item = Result<Answer, ReadError>>,
    file: &str,
    matching: Option<Matching>,
    missing: Missing,
) -> Result<Joined, ReadError> {
    let answers: Vec<Answer> = answers.collect::<Result<_, _>>()?;
    let error = |line: u64, message: String| ReadError {
        file: file.to_owned(),
        line: line.max(1),
        message,
    };
    let matching = matching.map_or_else(|| choose(&answers).map_err(|(l, m)| error(l, m)), Ok)?;
    let places = match matching {
        Matching::Order => in_order(targets, &answers, missing),
        Matching::Id => by_id(targets, &answers),
    };
    let places = places.map_err(|(line, message)| error(line, message))?;
    let mut found: Vec<Option<Answer>> = targets.targets.iter().map(|_| None).collect();
    for (answer, place) in answers.into_iter().zip(places) {
        let line = answer.line;
        if let Some(before) = &found[place] {
            let id = targets.targets[place]
                .ids
                .first()
                .cloned()
                .unwrap_or_default();
            let message = format!("`{id}` is answered here and on line {}", before.line);
            return Err(error(line, message));
        }
        found[place] = Some(answer);
    }
    let (mut edges, mut declared) = (Edges::none(), None);
    let mut joined = Joined {
        matching: Some(matching),
        ..Joined::default()
    };
    // Units of a conversation need not stand together in the order of the corpus.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&place| {
        let target = &targets.targets[place];
        (target.conversation, target.unit)
    });
    // A tool counts in one way throughout, so further answers decide between remedies.
    let narrowed = |misfit: &mut Misfit, left: &[Option<Answer>]| {
        for (answer, target) in left.iter().zip(&targets.targets) {
            if let Some(answer) = answer {
                misfit.narrow(target.text, &answer.spans);
            }
        }
    };
    joined
        .predictions
        .resize(targets.conversations, Predictions::new());
    for place in order {
        let target = &targets.targets[place];
        let predictions = &mut joined.predictions[target.conversation];
        match found[place].take() {
            None if missing == Missing::Error => {
                let id = target.ids.first().cloned().unwrap_or_default();
                let message = format!(
                    "no answer for `{id}`: is the file cut off? (or pass --missing all-missed)"
                );
                return Err(error(1, message));
            }
            None => joined.missed += 1,
            Some(answer) => {
                let line = answer.line;
                let id = || target.ids.first().cloned().unwrap_or_default();
                let fault =
                    |message: String| error(line, format!("answer for `{}`: {message}", id()));
                let answer = same_text(answer, target.text).map_err(fault)?;
                edges.look(target.text, &answer.spans);
                declared = declared.or(answer.spans.first().map(|span| span.counting));
                let document = answer
                    .resolve(target.text.to_owned())
                    .map_err(|mut misfit| {
                        narrowed(&mut misfit, &found);
                        fault(
                            misfit
                                .to_string()
                                .replace("--offsets", "--predictions-offsets"),
                        )
                    })?;
                for span in document.spans {
                    predictions.push(Prediction {
                        range: span.range(),
                        label: joined.labels.intern(&span.label),
                        score: span.score,
                    });
                }
            }
        }
        predictions.end_unit();
    }
    let doubt = declared.and_then(|counting| edges.doubt(counting));
    joined.doubt = doubt.map(|doubt| doubt.replace("--offsets", "--predictions-offsets"));
    Ok(joined)
}

fn choose(answers: &[Answer]) -> Result<Matching, (u64, String)> {
    let Some(first) = answers.first() else {
        return Ok(Matching::Id);
    };
    let other = answers
        .iter()
        .find(|answer| answer.id.is_some() != first.id.is_some());
    match other {
        Some(other) => {
            let (with, without) = match first.id {
                Some(_) => (first.line, other.line),
                None => (other.line, first.line),
            };
            Err((
                other.line,
                format!("the answer of line {with} has an id and that of line {without} has none"),
            ))
        }
        None if first.id.is_some() => Ok(Matching::Id),
        None => Ok(Matching::Order),
    }
}

fn in_order(
    targets: &Targets<'_>,
    answers: &[Answer],
    missing: Missing,
) -> Result<Vec<usize>, (u64, String)> {
    let (messages, given) = (targets.targets.len(), answers.len());
    let short = given < messages && missing == Missing::AllMissed;
    if given != messages && !short {
        let line = answers.last().map_or(1, |answer| answer.line);
        return Err((
            line,
            format!(
                "{given} answers for {messages} messages: matched in order, one per message is due \
                 (empty ones included)"
            ),
        ));
    }
    Ok((0..given).collect())
}

fn by_id(targets: &Targets<'_>, answers: &[Answer]) -> Result<Vec<usize>, (u64, String)> {
    let mut places: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (place, target) in targets.targets.iter().enumerate() {
        for id in &target.ids {
            // An id that two messages have answers for neither.
            let unique = !places.contains_key(id.as_str());
            places.insert(id, unique.then_some(place));
        }
    }
    let place = |answer: &Answer| {
        let line = answer.line;
        let id = answer
            .id
            .as_deref()
            .ok_or((line, "the answer has no id".to_owned()))?;
        match places.get(id) {
            Some(Some(place)) => Ok(*place),
            Some(None) => Err((
                line,
                format!("two messages of the corpus have the id `{id}`: pass --match order"),
            )),
            None => {
                let example = targets
                    .targets
                    .first()
                    .and_then(|target| target.ids.first());
                let example = example.map_or("", String::as_str);
                Err((
                    line,
                    format!(
                        "`{id}` is no message of the corpus, whose first is `{example}` (pass \
                         --match order if the answers are in its order)"
                    ),
                ))
            }
        }
    };
    answers.iter().map(place).collect()
}

/// Refuses an answer that repeats another text than the corpus has.
fn same_text(mut answer: Answer, text: &str) -> Result<Answer, String> {
    match answer.text.take() {
        Some(said) if said != text => {
            let same = said
                .bytes()
                .zip(text.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let (said, text) = (shortened(&said), shortened(text));
            Err(format!(
                "its text is another one from byte {same} on: `{said}`, and the corpus has `{text}`"
            ))
        }
        _ => Ok(answer),
    }
}
