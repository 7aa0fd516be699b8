//! Figures of an independent computation against ours, over one recorded sample.
//!
//! `tests/fixtures/audit/record.py` computes them with Python's `re`, counters and NLTK; it says how to run it.

use super::{Collector, diversity, self_bleu, tokens};
use crate::corpus::audit::record::{Conversation, read};
use crate::corpus::{Corpus, Spec};
use crate::formats::jsonl;
use crate::text::OffsetUnit;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Sample {
    messages: Vec<String>,
    openers: Vec<String>,
}

#[derive(Deserialize)]
struct Recorded {
    tokens: usize,
    windows: usize,
    distinct: [f64; 3],
    repeats_1k: f64,
    unseen_mass: f64,
    self_bleu4: f64,
    nltk: String,
}

const SAMPLE: &[u8] = include_bytes!("../../../../tests/fixtures/audit/sample.json.zst");
const RECORDED: &str = include_str!("../../../../tests/fixtures/audit/recorded.json");

#[test]
fn our_figures_are_those_of_an_independent_computation() {
    let sample = zstd::stream::decode_all(SAMPLE).unwrap();
    let sample: Sample = serde_json::from_slice(&sample).unwrap();
    let recorded: Recorded = serde_json::from_str(RECORDED).unwrap();
    assert!(!recorded.nltk.is_empty());
    let split = |texts: &[String]| -> Vec<Vec<String>> {
        texts.iter().map(|text| tokens::tokens(text)).collect()
    };
    let messages = split(&sample.messages);
    assert_eq!(
        messages.iter().map(Vec::len).sum::<usize>(),
        recorded.tokens
    );
    let near = |ours: f64, theirs: f64| assert!((ours - theirs).abs() < 1e-9, "{ours} {theirs}");
    let (distinct, windows) = diversity::distinct(&messages);
    assert_eq!(windows, recorded.windows);
    for (ours, theirs) in distinct.unwrap().into_iter().zip(recorded.distinct) {
        near(ours, theirs);
    }
    let normal = |texts: &[String]| -> Vec<String> {
        texts.iter().map(|text| tokens::normalised(text)).collect()
    };
    near(
        diversity::repeats(&normal(&sample.messages), 1_000).unwrap(),
        recorded.repeats_1k,
    );
    near(
        diversity::unseen_mass(&normal(&sample.openers)).unwrap(),
        recorded.unseen_mass,
    );
    assert_eq!(sample.openers.len(), 1_000);
    near(
        self_bleu::self_bleu4(&split(&sample.openers)).unwrap(),
        recorded.self_bleu4,
    );
}

/// Writes the sample that `record.py` reads.
#[test]
#[ignore = "writes tests/fixtures/audit/sample.json.zst"]
fn write_the_sample() {
    let spec = Spec::for_languages([("fr-FR".to_owned(), 1), ("en-GB".to_owned(), 1)].into());
    let corpus = Corpus::new(spec, 42).unwrap();
    let mut collector = Collector::default();
    let mut line = Vec::new();
    for index in 0..4_000 {
        line.clear();
        jsonl::write(
            &corpus.conversation(index),
            OffsetUnit::Codepoint,
            &mut line,
        );
        let record = read(std::str::from_utf8(&line).unwrap()).unwrap();
        collector.add(&Conversation::of(&record, OffsetUnit::Codepoint));
    }
    let of = |key: &super::Key| {
        key.speaker == "customer" && key.split == "all" && key.language == "fr-FR"
    };
    let (_, group) = collector.groups.iter().find(|(key, _)| of(key)).unwrap();
    let texts = |views: &super::Smallest<super::Views>, count| -> Vec<String> {
        views
            .items()
            .take(count)
            .map(|views| views.masked.clone())
            .collect()
    };
    let sample = Sample {
        messages: texts(&group.messages, 3_500),
        openers: texts(&group.compared, 1_000),
    };
    let json = serde_json::to_vec(&sample).unwrap();
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/audit/sample.json.zst"
    );
    std::fs::write(path, zstd::stream::encode_all(&json[..], 19).unwrap()).unwrap();
}
