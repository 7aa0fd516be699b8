//! Scoring: `rules` over messages, matching and counting, and what the bootstrap adds.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tellerbench::conversation::Conversation;
use tellerbench::corpus::{Corpus, Spec};
use tellerbench::detectors::child::Session;
use tellerbench::detectors::declared::Declared;
use tellerbench::detectors::feeds::{Fed, answer};
use tellerbench::detectors::{Detector, Feed};
use tellerbench::prediction::Predictions;
use tellerbench::scoring::{LabelMap, Scorer, ScoringOptions};

fn open(name: &str, session: &Session) -> Box<dyn Detector> {
    let declared = Declared::shipped();
    declared
        .find(name)
        .expect("it ships")
        .open(session)
        .expect("it is built in")
        .detector
}

fn scoring(c: &mut Criterion) {
    let spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
    let corpus = Corpus::new(spec, 42).expect("the default spec can be met");
    let conversations: Vec<Conversation> =
        (0..500).map(|index| corpus.conversation(index)).collect();
    let session = Session::new(Feed::Stream, ["fr-FR"]);
    let fed = Fed::new(Feed::Stream, &conversations, 0);
    let mut rules = open("rules", &session);
    let labels = rules.describe().labels.clone();
    let mut run = || {
        let clock = &*session.clock;
        answer(&mut *rules, &fed, 64, 0, clock, &mut |_| {}).expect("rules answers")
    };
    let answers = run();
    let mut unit = 0;
    let predictions: Vec<Predictions> = conversations
        .iter()
        .map(|conversation| {
            let mut found = Predictions::new();
            for _ in conversation
                .messages
                .iter()
                .flat_map(|message| message.units())
            {
                answers
                    .predictions
                    .unit(unit)
                    .iter()
                    .for_each(|&p| found.push(p));
                found.end_unit();
                unit += 1;
            }
            found
        })
        .collect();
    let golds: usize = conversations
        .iter()
        .flat_map(|conversation| &conversation.messages)
        .map(|message| message.body.spans().count())
        .sum();
    let mut group = c.benchmark_group("scoring");
    group.sample_size(20);
    group.throughput(Throughput::Elements(fed.units() as u64));
    group.bench_function("rules", |b| b.iter(|| black_box(run()).predictions.len()));
    group.throughput(Throughput::Elements(golds as u64));
    for (name, intervals, analyses) in [
        ("matching_and_counting", false, false),
        ("with_bootstrap", true, false),
        ("with_analyses", false, true),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut scorer = Scorer::new(ScoringOptions {
                    label_map: LabelMap::identity(),
                    labels: labels.clone(),
                    intervals,
                    analyses,
                    ..ScoringOptions::default()
                });
                for (conversation, found) in conversations.iter().zip(&predictions) {
                    scorer
                        .add(conversation, found)
                        .expect("one answer per unit");
                }
                black_box(scorer.finish())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, scoring);
criterion_main!(benches);
