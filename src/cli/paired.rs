//! Gold and predictions side by side, for other evaluators: from our files, and from foreign ones.

use super::detector_args::{declared, label_map};
use super::score::Args;
use super::{Failure, gold};
use crate::conversation::{Body, Conversation, Form, unit_id};
use crate::formats;
use crate::formats::documents::{Answer, Answers, Documents, Format, ReadOptions};
use crate::formats::predictions::{Missing, PredictionsReader};
use crate::prediction::{Prediction, Predictions, ToolLabels};
use crate::scoring::LabelMap;
use crate::scoring::compat::{GoldSpan, Paired, Reading};
use crate::text::ByteRange;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Gold and predictions, and what they are of, for the signature.
#[derive(Debug)]
pub struct Loaded {
    /// The documents.
    pub paired: Paired,
    /// `detector`, `detector_version`, `corpus`, `label_names`, `label_map_hash`.
    pub signature: serde_json::Map<String, Value>,
}

/// Are units put together to whole conversations?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// Every unit is a document.
    Unit,
    /// A conversation is a document: its units, joined by line feeds.
    Conversation,
}

/// Reads both files.
///
/// # Errors
/// What is wrong with either, with file and line.
pub fn load(args: &Args, reading: Reading, whole: Whole) -> Result<Loaded, Failure> {
    match args.gold_format {
        None => ours(args, reading, whole),
        Some(format) => foreign(args, format, reading),
    }
}

fn opened(path: &Path) -> Result<(BufReader<Box<dyn Read>>, String), Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
    let input = formats::open(file, &name).map_err(Failure::input)?;
    Ok((BufReader::new(input), name))
}

/// What predictions carry: the names of a label map, or their own.
struct Naming<'a> {
    map: &'a LabelMap,
    raw: bool,
}

impl Naming<'_> {
    fn list(&self, name: &str) -> Vec<&'static str> {
        let list = self.map.of(name).unwrap_or_default();
        list.iter().map(|label| label.id()).collect()
    }

    fn learn(&self, paired: &mut Paired, labels: &ToolLabels) {
        paired.learn(labels, |name| self.list(name));
        if self.raw {
            for (place, name) in labels.names().iter().enumerate() {
                paired.meanings[place].carried = paired.labels().intern(name);
            }
        }
    }
}

fn ours(args: &Args, reading: Reading, whole: Whole) -> Result<Loaded, Failure> {
    let mut gold = gold::Stream::open(&args.gold, args.offsets)?;
    let (input, name) = opened(&args.predictions)?;
    let missing = Missing::named(&args.missing);
    let mut reader = PredictionsReader::open(input, &name, missing).map_err(Failure::input)?;
    let header = reader.header().clone();
    let (map, map_name) = super::score::map_of(args, &header.detector)?;
    let naming = Naming {
        map: &map,
        raw: args.imitation.label_names == "raw",
    };
    let mut paired = Paired::new(reading);
    let mut found = Predictions::new();
    while let Some(conversation) = gold.next()? {
        reader
            .read(&conversation, &mut found)
            .map_err(Failure::input)?;
        if paired.meanings.len() != reader.labels().names().len() {
            naming.learn(&mut paired, reader.labels());
        }
        match whole {
            Whole::Unit => add_units(&mut paired, &conversation, &found),
            Whole::Conversation => add_whole(&mut paired, &conversation, &found),
        }
    }
    reader.finish().map_err(Failure::input)?;
    let corpus = gold.finish()?;
    let mut signature = serde_json::Map::new();
    signature.insert("detector".to_owned(), json!(header.detector));
    signature.insert("detector_version".to_owned(), json!(header.version));
    signature.insert("corpus".to_owned(), json!(gold::name(&corpus)));
    signature.insert("label_names".to_owned(), json!(args.imitation.label_names));
    signature.insert("label_map".to_owned(), json!(map_name));
    signature.insert("label_map_hash".to_owned(), json!(map.hash()));
    Ok(Loaded { paired, signature })
}

fn gold_spans<'a>(
    body: &'a Body,
    facts: &'a [String],
    shift: u32,
) -> impl Iterator<Item = GoldSpan<'a>> {
    body.spans().map(move |(range, span)| GoldSpan {
        range: ByteRange {
            start: range.start + shift,
            end: range.end + shift,
        },
        label: span.label.id(),
        outside: span.form == Some(Form::Fragment),
        entity: span
            .fact
            .and_then(|fact| facts.get(usize::from(fact.0)))
            .map(String::as_str),
    })
}

fn add_units(paired: &mut Paired, conversation: &Conversation, found: &Predictions) {
    let mut answers = found.units();
    for message in &conversation.messages {
        for (pointer, body) in message.units() {
            let id = unit_id(&conversation.id, message.turn, pointer);
            let answer = answers.next().unwrap_or_default();
            paired.add(id, body.text(), gold_spans(body, &[], 0), answer);
        }
    }
}

fn add_whole(paired: &mut Paired, conversation: &Conversation, found: &Predictions) {
    let facts = conversation.facts.iter().map(|fact| fact.id.0).max();
    let facts: Vec<String> = (0..=facts.unwrap_or(0))
        .map(|id| format!("f{id}"))
        .collect();
    let (mut text, mut golds, mut predictions) = (String::new(), Vec::new(), Vec::new());
    let bodies = conversation.messages.iter().flat_map(|m| m.units());
    for ((_, body), answer) in bodies.zip(found.units()) {
        let shift = text.len() as u32;
        text.push_str(body.text());
        text.push('\n');
        golds.extend(gold_spans(body, &facts, shift));
        predictions.extend(answer.iter().map(|p| Prediction {
            range: ByteRange {
                start: p.range.start + shift,
                end: p.range.end + shift,
            },
            ..*p
        }));
    }
    let id = conversation.id.clone();
    paired.add(id, &text, golds.into_iter(), &predictions);
}

/// Documents of a foreign corpus, with the answers for them in the same order.
fn foreign(args: &Args, format: Format, reading: Reading) -> Result<Loaded, Failure> {
    let (gold_input, gold_name) = opened(&args.gold)?;
    let (input, name) = opened(&args.predictions)?;
    let options = ReadOptions::default();
    let documents =
        Documents::new(format, gold_input, &gold_name, &options).map_err(Failure::usage)?;
    let mut answers = Answers::new(
        args.predictions_format.unwrap_or(format),
        input,
        &name,
        &options,
    )
    .map_err(Failure::usage)?;
    // Labels of foreign files are compared as they stand, unless a map is asked for by name.
    let map = match &args.label_map {
        Some(named) => {
            let declared = declared(&args.detectors)?;
            label_map(declared.find(named).map_err(Failure::usage)?)
        }
        None => LabelMap::new::<&str>([]),
    };
    let naming = Naming {
        map: &map,
        raw: args.label_map.is_none() || args.imitation.label_names == "raw",
    };
    let mut paired = Paired::new(reading);
    let mut labels = ToolLabels::default();
    let mut found = Vec::new();
    for (place, document) in documents.enumerate() {
        let document = document.map_err(Failure::input)?;
        let id = document
            .id
            .clone()
            .unwrap_or_else(|| format!("#{}", place + 1));
        let answer = match answers.next() {
            Some(answer) => answer.map_err(Failure::input)?,
            None => {
                return Err(Failure::input(format!(
                    "{name}: ends before document {id} of {gold_name}: every document needs an \
                     answer, an empty one included"
                )));
            }
        };
        same_document(&answer, &document.id, &document.text)
            .map_err(|why| Failure::input(answers.error(why)))?;
        let resolved = answer
            .resolve(document.text.clone())
            .map_err(|misfit| Failure::input(answers.error(misfit.to_string())))?;
        found.clear();
        for span in &resolved.spans {
            found.push(Prediction {
                range: span.range(),
                label: labels.intern(&span.label),
                score: span.score,
            });
        }
        if paired.meanings.len() != labels.names().len() {
            naming.learn(&mut paired, &labels);
            // Without a map a label means its own name.
            for meaning in &mut paired.meanings {
                if args.label_map.is_none() {
                    meaning.list = vec![meaning.carried];
                }
            }
        }
        let golds = document.spans.iter().map(|span| GoldSpan {
            range: span.range(),
            label: &span.label,
            outside: false,
            entity: None,
        });
        paired.add(id, &document.text, golds, &found);
    }
    if let Some(left) = answers.next() {
        left.map_err(Failure::input)?;
        return Err(Failure::input(
            answers.error(format!("no document of {gold_name} is left for this one")),
        ));
    }
    if paired.ids.is_empty() {
        return Err(Failure::input(format!(
            "{gold_name}: no documents: nothing can be measured"
        )));
    }
    let mut signature = serde_json::Map::new();
    let names = if naming.raw { "raw" } else { "mapped" };
    signature.insert("corpus".to_owned(), json!(gold_name));
    signature.insert("predictions".to_owned(), json!(name));
    signature.insert("format".to_owned(), json!(format.name()));
    signature.insert("label_names".to_owned(), json!(names));
    signature.insert("label_map".to_owned(), json!(args.label_map));
    Ok(Loaded { paired, signature })
}

/// Is this an answer for that document?
fn same_document(answer: &Answer, id: &Option<String>, text: &str) -> Result<(), String> {
    if let (Some(answered), Some(id)) = (&answer.id, id)
        && answered != id
    {
        return Err(format!(
            "answers document `{answered}` where `{id}` is next: answers stand in the order of the corpus"
        ));
    }
    match &answer.text {
        Some(said) if said != text => Err(
            "repeats another text than the document has: answers stand in the order of the corpus"
                .to_owned(),
        ),
        _ => Ok(()),
    }
}
