//! Gold and predictions side by side, for other evaluators: from our files, and from foreign ones.

use super::gold::{self, Files, LookedAt, Stream};
use super::score::{Answered, Args, map_of, misfit};
use super::{Failure, Outcome};
use crate::conversation::{Body, Conversation, Form, unit_id};
use crate::formats::documents::{Answer, Answers, Detected, Documents, Edges, GoldLabels, Meaning};
use crate::formats::documents::{Document, Format};
use crate::formats::predictions::{Header, Missing, PredictionsReader};
use crate::prediction::{Prediction, Predictions, ToolLabels};
use crate::report::result::CorpusId;
use crate::scoring::LabelMap;
use crate::scoring::compat::{GoldSpan, Paired, Reading};
use crate::text::ByteRange;
use serde_json::{Value, json};

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
pub fn load(args: &Args, reading: Reading, whole: Whole, quiet: bool) -> Result<Loaded, Failure> {
    let files = Files::open(&args.gold, &args.read)?;
    let predictions = gold::looked_at(&args.predictions)?;
    if files.format() != Format::Tellerbench {
        return foreign(args, files, predictions, reading, quiet);
    }
    let along_the_corpus = args.answers.say_nothing_of_the_join();
    match args.answers.are_ours(&predictions.told)? && along_the_corpus {
        true => ours(args, files, predictions, reading, whole),
        false => joined(args, files, predictions, reading, whole, quiet),
    }
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

/// Our corpus and our predictions, a conversation at a time.
fn ours(
    args: &Args,
    files: Files,
    predictions: LookedAt,
    reading: Reading,
    whole: Whole,
) -> Result<Loaded, Failure> {
    args.read.check_tags(&[Format::Tellerbench])?;
    let mut gold = Stream::of(files, &args.read)?;
    let LookedAt { name, input, .. } = predictions;
    let missing = Missing::named(&args.missing);
    let mut reader = PredictionsReader::open(input, &name, missing).map_err(Failure::input)?;
    let mut header = reader.header().clone();
    args.answers.rename(&mut header);
    let (map, map_name) = map_of(args, &header.detector)?;
    let naming = Naming {
        map: &map,
        raw: args.imitation.label_names == "raw",
    };
    let mut paired = Paired::new(reading);
    let mut found = Predictions::new();
    while let Some(conversation) = gold.next()? {
        let read = reader.read(&conversation, &mut found);
        read.map_err(|error| misfit(error, reader.header()))?;
        if paired.meanings.len() != reader.labels().names().len() {
            naming.learn(&mut paired, reader.labels());
        }
        whole.add(&mut paired, &conversation, &found);
    }
    reader.finish().map_err(Failure::input)?;
    let corpus = gold.finish()?;
    let signature = signature_of(args, &header, &corpus, map_name, &map);
    Ok(Loaded { paired, signature })
}

/// Our corpus, and another tool's answers for it.
fn joined(
    args: &Args,
    files: Files,
    predictions: LookedAt,
    reading: Reading,
    whole: Whole,
    quiet: bool,
) -> Result<Loaded, Failure> {
    let gold = gold::of_files(files, &args.read, quiet)?;
    let answers = Answered::open(args, &gold, predictions, quiet)?;
    let mut header = answers.header().clone();
    let Answered::Joined(answers) = answers else {
        return Err(Failure::usage(
            "predictions of ours are read along the corpus",
        ));
    };
    args.answers.rename(&mut header);
    let (map, map_name) = map_of(args, &header.detector)?;
    let naming = Naming {
        map: &map,
        raw: args.imitation.label_names == "raw",
    };
    let mut paired = Paired::new(reading);
    naming.learn(&mut paired, &answers.joined.labels);
    for (conversation, found) in gold.conversations.iter().zip(&answers.joined.predictions) {
        whole.add(&mut paired, conversation, found);
    }
    let signature = signature_of(args, &header, &gold.id, map_name, &map);
    Ok(Loaded { paired, signature })
}

fn signature_of(
    args: &Args,
    header: &Header,
    corpus: &CorpusId,
    map_name: Option<String>,
    map: &LabelMap,
) -> serde_json::Map<String, Value> {
    let mut signature = serde_json::Map::new();
    signature.insert("detector".to_owned(), json!(header.detector));
    signature.insert("detector_version".to_owned(), json!(header.version));
    signature.insert("corpus".to_owned(), json!(gold::name(corpus)));
    signature.insert("label_names".to_owned(), json!(args.imitation.label_names));
    signature.insert("label_map".to_owned(), json!(map_name));
    signature.insert("label_map_hash".to_owned(), json!(map.hash()));
    signature
}

impl Whole {
    fn add(self, paired: &mut Paired, conversation: &Conversation, found: &Predictions) {
        match self {
            Whole::Unit => add_units(paired, conversation, found),
            Whole::Conversation => add_whole(paired, conversation, found),
        }
    }
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
            let id = || unit_id(&conversation.id, message.turn, pointer);
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
    let id = || conversation.id.clone();
    paired.add(id, &text, golds.into_iter(), &predictions);
}

/// Documents of a foreign corpus, with the answers for them in the same order.
fn foreign(
    args: &Args,
    mut files: Files,
    predictions: LookedAt,
    reading: Reading,
    quiet: bool,
) -> Result<Loaded, Failure> {
    check_foreign(args)?;
    let format = files.format();
    let corpus = files.path().display().to_string();
    let LookedAt { name, told, input } = predictions;
    let told = match (args.answers.format()?, told) {
        (None, Err(_)) => Detected {
            format,
            why: "as the corpus".to_owned(),
        },
        (asked, told) => gold::told_format(asked, told, &name, "--predictions-format")?,
    };
    args.read.check_tags(&[format, told.format])?;
    let options = args.read.options()?;
    let answer_options = args.answers.options(&args.read)?;
    let answers = Answers::new(told.format, input, &name, &answer_options);
    let mut answers = answers.map_err(Failure::usage)?;
    let gold_labels = args.read.gold_labels.is_some().then(|| args.read.labels());
    let gold_labels = gold_labels.transpose()?;
    // Labels of foreign files are compared as they stand, unless a map is asked for by name.
    let map = match &args.label_map {
        Some(_) => map_of(args, "")?.0,
        None => LabelMap::new::<&str>([]),
    };
    let naming = Naming {
        map: &map,
        raw: args.label_map.is_none() || args.imitation.label_names == "raw",
    };
    let mut paired = Paired::new(reading);
    let mut labels = ToolLabels::default();
    let mut found = Vec::new();
    let (mut edges, mut counting) = (Edges::none(), None);
    while let Some(file) = files.next()? {
        file.say_what_it_is(quiet);
        let gold_name = file.name;
        let documents = Documents::new(format, file.input, &gold_name, &options);
        let mut documents = documents.map_err(Failure::usage)?;
        for document in &mut documents {
            let document = document.map_err(Failure::input)?;
            let place = paired.documents + 1;
            let id = document.id.clone().unwrap_or_else(|| format!("#{place}"));
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
            edges.look(&document.text, &answer.spans);
            counting = counting.or(answer.spans.first().map(|span| span.counting));
            let ranges = answer.ranges(&document.text).map_err(|misfit| {
                let said = misfit.to_string();
                let said = said.replace("--offsets", "--predictions-offsets");
                Failure::input(answers.error(said))
            })?;
            found.clear();
            for (span, range) in answer.spans.iter().zip(ranges) {
                found.push(Prediction {
                    range,
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
            let golds = named(&document, gold_labels.as_ref());
            paired.add(|| id, &document.text, golds, &found);
        }
        if let Some(doubt) = documents.doubt().filter(|_| !quiet) {
            eprintln!("tellerbench: {gold_name}: {doubt}");
        }
    }
    if let Some(left) = answers.next() {
        left.map_err(Failure::input)?;
        return Err(Failure::input(
            answers.error(format!("no document of {corpus} is left for this one")),
        ));
    }
    let doubt = counting.and_then(|counting| edges.doubt(counting));
    if let Some(doubt) = doubt.filter(|_| !quiet) {
        let doubt = doubt.replace("--offsets", "--predictions-offsets");
        eprintln!("tellerbench: {name}: {doubt}");
    }
    if paired.documents == 0 {
        return Err(Failure::input(format!(
            "{corpus}: no documents: nothing can be measured"
        )));
    }
    let mut signature = serde_json::Map::new();
    let names = if naming.raw { "raw" } else { "mapped" };
    let gold_labels = args.read.gold_labels.as_ref();
    signature.insert("corpus".to_owned(), json!(corpus));
    signature.insert("predictions".to_owned(), json!(name));
    signature.insert("format".to_owned(), json!(format.name()));
    signature.insert("predictions_format".to_owned(), json!(told.format.name()));
    signature.insert("label_names".to_owned(), json!(names));
    signature.insert("label_map".to_owned(), json!(args.label_map));
    signature.insert("gold_labels".to_owned(), json!(gold_labels));
    Ok(Loaded { paired, signature })
}

/// Refuses what native scoring does with a foreign corpus and no other evaluator does.
fn check_foreign(args: &Args) -> Outcome {
    let corpus = args.read.given();
    let corpus = corpus.filter(|option| ["unmapped", "input-language"].contains(option));
    let answers = args.answers.given();
    let answers = answers.filter(|option| ["match", "detector"].contains(option));
    match corpus.chain(answers).next() {
        None => Ok(()),
        Some(option) => Err(Failure::usage(format!(
            "--{option} says nothing here: another evaluator compares the labels of another tool's \
             corpus as they stand (or as --gold-labels and --label-map name them), and documents and \
             answers in one order"
        ))),
    }
}

/// The spans of a document under the names that a map gives them. What the map keeps out is left out:
/// other evaluators ignore nothing.
fn named<'a>(
    document: &'a Document,
    labels: Option<&'a GoldLabels>,
) -> impl Iterator<Item = GoldSpan<'a>> {
    document.spans.iter().filter_map(move |span| {
        let label = match labels.and_then(|labels| labels.of(&span.label)) {
            Some(Meaning::Ours(label)) => label.id(),
            Some(Meaning::KeptOut) => return None,
            None => span.label.as_str(),
        };
        Some(GoldSpan {
            range: span.range(),
            label,
            outside: false,
            entity: None,
        })
    })
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
