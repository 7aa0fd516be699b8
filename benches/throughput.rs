//! Gold spans per CPU-second of matching alone, of matching and counting, and what the bootstrap adds.
//!
//!     cargo bench --bench throughput [-- [CONVERSATIONS] [SUITE] [=matching|=counting|=bootstrap]]
//!
//! One thread, CPU time rather than wall time, and the best of several passes: what the machine does beside
//! it counts as little as it can. The corpus is the default one of fr-FR, or a suite (fr@1-preview); the answers are
//! those of `rules`.
//! Matching and counting are measured over the first 100 conversations, which stay in the cache, as one does
//! that was just read. Two in three messages hold no span, and each is read all the same; "messages with
//! gold" leaves them out. The bootstrap is measured over all (5,000), since phrases that come again cost less.
//! Its figure is what intervals add: 2,000 replicates of both headlines, and 200 of everything else that has one.

use std::hint::black_box;
use tellerbench::conversation::Conversation;
use tellerbench::corpus::{Corpus, Spec, suites};
use tellerbench::detectors::child::Session;
use tellerbench::detectors::declared::Declared;
use tellerbench::detectors::feeds::{Fed, answer};
use tellerbench::detectors::{Detector, Feed};
use tellerbench::prediction::{Predictions, ToolLabels};
use tellerbench::scoring::events::EventTable;
use tellerbench::scoring::{LabelMap, Scorer, ScoringOptions, View};

type Scored = (Conversation, Predictions);

fn cpu_seconds() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// CPU time of a run: the least of five means, each over at least a fifth of a second.
fn best<T>(mut run: impl FnMut() -> T) -> f64 {
    let timed = (0..5).map(|_| {
        let (before, mut runs) = (cpu_seconds(), 0);
        loop {
            black_box(run());
            runs += 1;
            let spent = cpu_seconds() - before;
            if spent >= 0.2 {
                return spent / f64::from(runs);
            }
        }
    });
    timed.fold(f64::INFINITY, f64::min)
}

fn units(conversation: &Conversation) -> usize {
    let messages = conversation.messages.iter();
    messages.map(|message| 1 + message.fields.len()).sum()
}

fn golds(conversation: &Conversation) -> usize {
    let bodies = conversation.messages.iter().flat_map(|m| m.units());
    bodies.map(|(_, body)| body.spans().count()).sum()
}

/// A corpus with what `rules` finds in it.
fn corpus(size: u64, suite: Option<&str>) -> (Vec<Scored>, ToolLabels) {
    let (spec, seed) = match suite {
        Some(name) => {
            let suite = suites::find(name).expect("a suite");
            (suite.spec, suite.seed)
        }
        None => (Spec::for_languages([("fr-FR".to_owned(), 1)].into()), 42),
    };
    let corpus = Corpus::new(spec, seed).expect("the spec can be met");
    let conversations: Vec<Conversation> = (0..size).map(|at| corpus.conversation(at)).collect();
    let session = Session::new(Feed::Message, ["fr-FR"]);
    let declared = Declared::shipped();
    let rules = declared.find("rules").expect("it ships");
    let mut rules: Box<dyn Detector> = rules.open(&session).expect("it is built in").detector;
    let labels = rules.describe().labels.clone();
    let fed = Fed::new(Feed::Message, &conversations, 0);
    let answers =
        answer(&mut *rules, &fed, 64, 0, &*session.clock, &mut |_| {}).expect("rules answers");
    let mut answers = answers.predictions.units();
    let scored = conversations.into_iter().map(|conversation| {
        let mut found = Predictions::new();
        for unit in answers.by_ref().take(units(&conversation)) {
            unit.iter().for_each(|&prediction| found.push(prediction));
            found.end_unit();
        }
        (conversation, found)
    });
    (scored.collect(), labels)
}

/// The messages with gold alone.
fn dense((conversation, found): &Scored) -> Scored {
    let (mut conversation, mut kept) = (conversation.clone(), Predictions::new());
    let mut answers = found.units();
    conversation.messages.retain(|message| {
        let own: Vec<_> = answers.by_ref().take(1 + message.fields.len()).collect();
        let has_gold = message
            .units()
            .any(|(_, body)| body.spans().next().is_some());
        if has_gold {
            for unit in own {
                unit.iter().for_each(|&prediction| kept.push(prediction));
                kept.end_unit();
            }
        }
        has_gold
    });
    (conversation, kept)
}

/// Scores a corpus so many times over with one scorer, whose own start thus counts little.
fn score(corpus: &[Scored], labels: &ToolLabels, intervals: bool, rounds: usize) -> u64 {
    let mut scorer = Scorer::new(ScoringOptions {
        label_map: LabelMap::identity(),
        labels: labels.clone(),
        intervals,
        analyses: false,
        ..ScoringOptions::default()
    });
    for (conversation, found) in std::iter::repeat_n(corpus, rounds).flatten() {
        let scored = scorer.add(conversation, found);
        scored.expect("one answer per unit");
    }
    black_box(scorer.finish()).messages
}

fn matching(corpus: &[Scored], labels: &ToolLabels) -> usize {
    let map = LabelMap::identity().resolve(labels);
    let (mut table, mut events, mut all) = (EventTable::new(View::All), Vec::new(), 0);
    for (conversation, found) in corpus {
        let bodies = conversation.messages.iter().flat_map(|m| m.units());
        for ((_, body), answer) in bodies.zip(found.units()) {
            events.clear();
            let matched = table.of_unit(0, body, answer, &map, &mut events);
            matched.expect("rules gives sound ranges");
            all += events.len();
        }
    }
    all
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = |what: &str| {
        arguments
            .iter()
            .all(|a| !a.starts_with('=') || a[1..] == *what)
    };
    let size = arguments.iter().find_map(|argument| argument.parse().ok());
    let suite = arguments.iter().find(|argument| argument.contains('@'));
    let (whole, labels) = corpus(size.unwrap_or(5_000), suite.map(String::as_str));
    let small = &whole[..whole.len().min(100)];
    let dense: Vec<Scored> = small.iter().map(dense).collect();
    for (name, corpus) in [("all messages", small), ("messages with gold", &dense)] {
        let messages: usize = corpus.iter().map(|(c, _)| units(c)).sum();
        let spans: usize = corpus.iter().map(|(c, _)| golds(c)).sum();
        println!("{name}: {messages} messages, {spans} gold spans");
        let show = |what: &str, seconds: f64| {
            let (spans, messages) = (
                spans as f64 / seconds / 1e6,
                messages as f64 / seconds / 1e6,
            );
            println!("  {what}: {spans:.2} M gold spans/s, {messages:.2} M messages/s");
        };
        if asked("matching") {
            show("matching", best(|| matching(corpus, &labels)));
        }
        if asked("counting") {
            let rounds = 50;
            let seconds = best(|| score(corpus, &labels, false, rounds));
            show("matching and counting", seconds / rounds as f64);
        }
    }
    if asked("bootstrap") {
        let with = best(|| score(&whole, &labels, true, 1));
        let without = best(|| score(&whole, &labels, false, 1));
        let conversations = whole.len();
        let added = (with - without) / conversations as f64 * 1e5;
        println!(
            "{conversations} conversations: {with:.3} s with the bootstrap, {without:.3} s without"
        );
        println!("  the bootstrap adds {added:.2} s per 100,000 conversations");
    }
}
