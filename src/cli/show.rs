//! `tellerbench show`

use super::corpus_args::CorpusArgs;
use super::{Failure, Outcome};
use crate::conversation::{Body, Conversation, Mark, MessageKind, Speaker, Split};
use crate::corpus::Variant;
use crate::dialogue::plot::Plots;
use crate::formats::{self, jsonl};
use crate::text::OffsetUnit;
use crate::wording::language::Language;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, IsTerminal, Write};
use std::path::PathBuf;

/// Show conversations with their spans and decoys marked.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ids of conversations, such as fr-000000042 or fr-000000042~policy-faq_only.
    ids: Vec<String>,

    #[command(flatten)]
    corpus: CorpusArgs,

    /// Show so many, from the first on.
    #[arg(long, short = 'n', default_value_t = 1)]
    count: u64,

    /// Only conversations with this intent.
    #[arg(long)]
    intent: Option<String>,

    /// With --intent: what its plot can say, constituent by constituent, instead of conversations.
    #[arg(long, requires = "intent", conflicts_with_all = ["ids", "input", "json", "facts"])]
    phrases: bool,

    /// Read conversations from a corpus file instead of making them.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,

    /// Unit of that file's offsets: codepoint, byte or utf16.
    #[arg(long, default_value = "codepoint", value_parser = super::generate::unit)]
    offsets: OffsetUnit,

    /// Print record lines (JSON).
    #[arg(long)]
    json: bool,

    /// Print the facts that the conversation discloses.
    #[arg(long)]
    facts: bool,

    /// Colours: auto, always or never.
    #[arg(long, default_value = "auto", value_parser = ["auto", "always", "never"])]
    color: String,
}

pub fn run(args: &Args) -> Outcome {
    let colour = match args.color.as_str() {
        "always" => true,
        "never" => false,
        _ => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut print = |conversation: &Conversation| -> Outcome {
        if args.json {
            let mut line = Vec::new();
            jsonl::write(conversation, OffsetUnit::Codepoint, &mut line);
            line.push(b'\n');
            out.write_all(&line)?;
        } else {
            out.write_all(rendered(conversation, colour, args.facts).as_bytes())?;
        }
        Ok(())
    };
    let wanted = |c: &Conversation| {
        args.intent
            .as_ref()
            .is_none_or(|intent| c.intents.iter().any(|i| i == intent.as_str()))
    };
    if let Some(path) = &args.input {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|e| Failure::usage(format!("{name}: {e}")))?;
        let reader = formats::open(file, &name).map_err(Failure::input)?;
        let mut left = args.count;
        for read in jsonl::Reader::new(BufReader::new(reader), &name, args.offsets) {
            let conversation = read.map_err(Failure::input)?;
            let named = args.ids.contains(&conversation.id);
            if named || (args.ids.is_empty() && wanted(&conversation)) {
                print(&conversation)?;
                left = left.saturating_sub(1);
                if left == 0 && args.ids.is_empty() {
                    break;
                }
            }
        }
        return Ok(());
    }
    let meant = corpus_of(args).resolve()?;
    if let Some(intent) = &args.intent {
        known_intent(meant.corpus.data().plots(), intent)?;
    }
    if let (true, Some(intent)) = (args.phrases, &args.intent) {
        let plots = meant.corpus.data().plots();
        let tags: Vec<&String> = meant.corpus.spec().languages.keys().collect();
        for tag in tags {
            let language = meant.corpus.data().language(tag).map_err(Failure::usage)?;
            out.write_all(phrases(language, plots, intent, meant.corpus.spec().split).as_bytes())?;
        }
        return Ok(());
    }
    if !args.ids.is_empty() {
        for id in &args.ids {
            let (index, variant) = parse_id(id).ok_or_else(|| {
                let form = "<suite or language>-<nine digits>[~variant]";
                Failure::usage(format!("`{id}` is not an id ({form})"))
            })?;
            meant.corpus.prepare(variant).map_err(Failure::usage)?;
            print(&meant.corpus.twin(index, variant))?;
        }
        return Ok(());
    }
    let conversations = (0..1_000_000).map(|index| meant.corpus.conversation(index));
    for conversation in conversations.filter(wanted).take(args.count as usize) {
        print(&conversation)?;
    }
    Ok(())
}

/// The corpus that the options mean, or the one that the first id names.
fn corpus_of(args: &Args) -> CorpusArgs {
    let mut corpus = args.corpus.clone();
    let unsaid = corpus.suite.is_none() && corpus.spec.is_none() && corpus.language.is_empty();
    let head = args
        .ids
        .first()
        .map(|id| id.split('~').next().unwrap_or(id));
    if let (true, Some((prefix, _))) = (unsaid, head.and_then(|head| head.rsplit_once('-'))) {
        match prefix {
            "fr" => corpus.language = vec!["fr-FR".into()],
            "en" => corpus.language = vec!["en-US".into()],
            suite => corpus.suite = Some(suite.to_owned()),
        }
    }
    corpus
}

/// Every phrase that the plot of an intent can say, with its split and its features.
fn phrases(language: &Language, plots: &Plots, intent: &str, only: Option<Split>) -> String {
    let mut out = String::new();
    let id = plots.intent_named(intent).expect("the intent was checked");
    for name in plots.constituents_of(&plots.intents[usize::from(id.0)].steps) {
        let found = plots.say(name).and_then(|say| language.constituent(say));
        let Some(constituent) = found.map(|id| language.grammar.constituent(id)) else {
            let _ = writeln!(out, "{name}: no phrase in `{}`", language.folder);
            continue;
        };
        let wanted = |split: &&Split| only.is_none_or(|only| only == **split);
        let mut rows: Vec<(u32, &str)> = match constituent.shared {
            true => {
                let pool = constituent.pool(Split::Train).phrases.iter();
                pool.map(|&index| (index, "all")).collect()
            }
            false => Split::ALL
                .iter()
                .filter(wanted)
                .flat_map(|split| {
                    let pool = constituent.pool(*split).phrases.iter();
                    pool.map(|&index| (index, split.name()))
                })
                .collect(),
        };
        rows.sort_unstable();
        let _ = writeln!(out, "{name} ({}, {} phrases)", language.folder, rows.len());
        for (index, split) in rows {
            let phrase = &constituent.phrases()[index as usize];
            let number = phrase.id.strip_prefix(name).unwrap_or(phrase.id);
            let features: Vec<String> = [
                phrase
                    .terms
                    .register
                    .map(|register| format!("{register:?}").to_lowercase()),
                phrase.terms.style.map(str::to_owned),
                phrase.terms.region.map(|region| region.name().to_owned()),
                phrase
                    .terms
                    .hours
                    .map(|(first, last)| format!("{first}-{last} h")),
            ]
            .into_iter()
            .flatten()
            .collect();
            let features = match features.is_empty() {
                true => String::new(),
                false => format!("  ({})", features.join(", ")),
            };
            let _ = writeln!(out, "  {number:<5} {split:<5}  {}{features}", phrase.source);
        }
    }
    out
}

fn known_intent(plots: &Plots, intent: &str) -> Outcome {
    if plots.intent_named(intent).is_some() {
        return Ok(());
    }
    let near = crate::text::nearest(intent, plots.intents.iter().map(|i| i.id));
    let hint = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
    Err(Failure::usage(format!("no intent `{intent}`{hint}")))
}

/// Index and variant of an id.
fn parse_id(id: &str) -> Option<(u64, Variant)> {
    let (head, variant) = id.split_once('~').unwrap_or((id, ""));
    let (_, digits) = head.rsplit_once('-')?;
    Some((digits.parse().ok()?, Variant::named(variant)?))
}

/// Writes text in a colour, given by its SGR code.
type Paint<'a> = &'a dyn Fn(&str, &str) -> String;

/// A conversation as a person reads it: `[value|LABEL]` is a span (`!` where its rule is broken),
/// `(text|not LABEL: what)` a decoy.
pub fn rendered(conversation: &Conversation, colour: bool, facts: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    };
    let c = conversation;
    let intents = c.intents.join("+");
    let head = [
        &c.id,
        c.variety.as_deref().unwrap_or(&c.lang),
        &c.customer,
        &*c.bank,
        &*c.policy,
        &*c.writer,
        &intents,
    ]
    .join("  ");
    let mut out = paint("2", &head) + "\n";
    for message in &c.messages {
        let (name, code) = match message.speaker {
            Speaker::Customer => ("customer", "36"),
            Speaker::Bot => ("bot", "33"),
            Speaker::Agent => ("agent", "35"),
            Speaker::Notification => ("notice", "34"),
        };
        let time = &message.ts.to_string()[11..16];
        let mut text = marked(&message.body, &paint).replace('\n', "\n               ");
        // What was not typed says so.
        if let Some(kind) = match message.kind {
            MessageKind::QuickReply => Some("tap"),
            MessageKind::Postback => Some("button"),
            MessageKind::Attachment => Some("file"),
            MessageKind::Voice => Some("voice"),
            MessageKind::Text | MessageKind::Notification => None,
        } {
            text = format!("{} {text}", paint("2", &format!("<{kind}>")));
        }
        let name = paint(code, &format!("{name:>8}"));
        out += &format!("{} {name} {text}", paint("2", time));
        for field in &message.fields {
            let text = marked(&field.body, &paint);
            out += &paint("2", &format!("  {}={text}", field.pointer));
        }
        out.push('\n');
    }
    for fact in c.facts.iter().filter(|_| facts) {
        let line = format!(
            "  {} {} {} = {}\n",
            fact.id, fact.label, fact.kind, fact.value
        );
        out += &paint("2", &line);
    }
    out.push('\n');
    out
}

/// Text with its marks, nested ones inside each other.
fn marked(body: &Body, paint: Paint<'_>) -> String {
    let mut marks: Vec<_> = body.marks().iter().collect();
    marks.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let text = body.text();
    let mut out = String::new();
    // Ends of the marks that are open, the innermost last.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut at = 0;
    for (range, mark) in marks {
        let range = range.as_range();
        close(&mut open, range.start, text, &mut at, &mut out);
        out.push_str(&text[at..range.start]);
        at = range.start;
        let (start, end) = match mark {
            Mark::Span(span) => {
                let broken = if span.valid == Some(false) { "!" } else { "" };
                (
                    paint("31", "["),
                    paint("31", &format!("|{}{broken}]", span.label)),
                )
            }
            Mark::Decoy(decoy) => {
                let tail = format!("|not {}: {})", decoy.looks_like, decoy.is);
                (paint("32", "("), paint("32", &tail))
            }
            Mark::Ignored(label) => {
                let tail = format!("|ignored: {label})");
                (paint("2", "("), paint("2", &tail))
            }
        };
        out.push_str(&start);
        open.push((range.end, end));
        open.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    }
    close(&mut open, text.len(), text, &mut at, &mut out);
    out.push_str(&text[at..]);
    out
}

/// Closes every open mark that ends at or before `limit`.
fn close(
    open: &mut Vec<(usize, String)>,
    limit: usize,
    text: &str,
    at: &mut usize,
    out: &mut String,
) {
    while let Some((end, tail)) = open.pop_if(|(end, _)| *end <= limit) {
        out.push_str(&text[*at..end]);
        *at = end;
        out.push_str(&tail);
    }
}
