use super::*;
use crate::calendar::{Date, Moment};
use crate::conversation::{Body, Conversation, Message, MessageKind, Speaker, Split};
use crate::detectors::{Description, Feed, Input, Spent};
use crate::prediction::{Prediction, ToolLabel};
use crate::text::ByteRange;
use crate::timing::clock::Manual;
use std::sync::{Arc, Mutex};

fn conversation(number: usize, messages: usize) -> Conversation {
    let message = |turn: usize| {
        let mut body = Body::new();
        body.push_str("4242 bonjour");
        Message {
            turn: turn as u32,
            speaker: Speaker::Customer,
            kind: MessageKind::Text,
            ts: "2026-03-14T19:42:11+01:00".parse::<Moment>().unwrap(),
            body,
            phrases: Vec::new(),
            fields: Vec::new(),
        }
    };
    Conversation {
        id: format!("x-{number:09}"),
        lang: "fr-FR".into(),
        customer: "c-0".into(),
        bank: "b".into(),
        channel: "messenger".into(),
        policy: "faq_only".into(),
        intents: Vec::new(),
        writer: "w".into(),
        variety: None,
        split: Split::Test,
        as_of: Date::new(2026, 3, 14).unwrap(),
        facts: Vec::new(),
        messages: (0..messages).map(message).collect(),
    }
}

/// A detector that takes the time it is told, by a clock that is moved by hand.
struct Paced {
    name: String,
    description: Description,
    clock: Arc<Manual>,
    per_message: Vec<Duration>,
    batches: usize,
    journal: Arc<Mutex<Vec<(String, String)>>>,
    changes: bool,
}

impl Paced {
    fn new(name: &str, clock: &Arc<Manual>, journal: &Arc<Mutex<Vec<(String, String)>>>) -> Paced {
        Paced {
            name: name.to_owned(),
            description: Description {
                name: name.to_owned(),
                version: "1".to_owned(),
                labels: ["N"].into_iter().collect(),
                threads: 1,
                anchor: false,
                reference: false,
            },
            clock: Arc::clone(clock),
            per_message: vec![Duration::from_millis(1)],
            batches: 0,
            journal: Arc::clone(journal),
            changes: false,
        }
    }
}

impl Detector for Paced {
    fn describe(&self) -> &Description {
        &self.description
    }

    fn detect(
        &mut self,
        batch: &[Input<'_>],
        found: &mut Predictions,
    ) -> Result<Spent, DetectError> {
        let pace = *self
            .per_message
            .get(self.batches)
            .or(self.per_message.last())
            .unwrap();
        self.batches += 1;
        for input in batch {
            self.clock.advance(pace);
            self.journal
                .lock()
                .unwrap()
                .push((self.name.clone(), input.id.to_owned()));
            let end = 4 + u32::from(self.changes && self.batches.is_multiple_of(2));
            let range = ByteRange { start: 0, end };
            found.push(Prediction {
                range,
                label: ToolLabel(0),
                score: None,
            });
            found.end_unit();
        }
        Ok(Spent::default())
    }
}

fn scored(fed: &Fed<'_>) -> PredictionHash {
    let mut predictions = Predictions::new();
    for _ in 0..fed.units() {
        let range = ByteRange { start: 0, end: 4 };
        predictions.push(Prediction {
            range,
            label: ToolLabel(0),
            score: None,
        });
        predictions.end_unit();
    }
    Hasher::default().of(&predictions, &["N"].into_iter().collect())
}

fn run(
    detectors: &mut [Paced],
    fed: &Fed<'_>,
    plan: &Plan,
    clock: &Manual,
) -> Vec<Result<TimingSummary, TimingError>> {
    let contenders = detectors
        .iter_mut()
        .map(|detector| Contender {
            detector,
            start_up: Duration::from_millis(5),
            first_batch: None,
            scored: scored(fed),
        })
        .collect();
    time(contenders, fed, plan, clock, &mut |_, _| {})
}

#[test]
fn detectors_take_turns_and_conversations_are_shuffled_but_turns_never() {
    let (clock, journal) = (Arc::new(Manual::default()), Arc::default());
    let conversations: Vec<Conversation> = (0..8).map(|n| conversation(n, 3)).collect();
    let fed = Fed::new(Feed::Stream, &conversations, 0);
    let plan = Plan {
        batch: 7,
        ..Plan::default()
    };
    let mut detectors = [
        Paced::new("a", &clock, &journal),
        Paced::new("b", &clock, &journal),
    ];
    let results = run(&mut detectors, &fed, &plan, &clock);
    assert!(results.iter().all(Result::is_ok));
    let journal = journal.lock().unwrap();
    let passes: Vec<_> = journal.chunks(fed.units()).collect();
    for (n, pass) in passes.iter().enumerate() {
        assert!(
            pass.iter().all(|(name, _)| name == ["a", "b"][n % 2]),
            "pass {n}"
        );
        for messages in pass.chunks(3) {
            let (conversation, _) = messages[0].1.split_once('.').unwrap();
            let expected: Vec<String> = (0..3)
                .map(|turn| format!("{conversation}.{turn}"))
                .collect();
            assert!(messages.iter().map(|(_, id)| id).eq(&expected));
        }
    }
    let ids = |pass: &[(String, String)]| pass.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>();
    assert_eq!(
        ids(passes[0]),
        ids(passes[1]),
        "within a round the order is the same"
    );
    assert_ne!(ids(passes[0]), ids(passes[2]));
}

#[test]
fn ten_passes_and_three_seconds_are_enough_and_warm_up_does_not_count() {
    let (clock, journal) = (Arc::new(Manual::default()), Arc::default());
    let conversations = [conversation(0, 10)];
    let fed = Fed::new(Feed::Stream, &conversations, 0);
    let mut detector = Paced::new("a", &clock, &journal);
    // One batch per pass; it gets faster, then stays.
    detector.per_message = [50, 30, 20, 10, 10].map(Duration::from_millis).to_vec();
    let results = run(
        std::slice::from_mut(&mut detector),
        &fed,
        &Plan::default(),
        &clock,
    );
    let summary = results.into_iter().next().unwrap().unwrap();
    assert_eq!(summary.warm_up_s, [0.5, 0.3, 0.2, 0.1, 0.1, 0.1]);
    assert_eq!((summary.passes, summary.trimmed), (30, false));
    assert_eq!(summary.first_batch_ms, 500.0);
    assert!((summary.messages_per_s.median - 100.0).abs() < 1e-6);
    assert!((summary.mb_per_s.median - 0.0012).abs() < 1e-9);
    assert_eq!(summary.memory_of, MemoryOf::Harness);
    assert!(summary.prediction_hash_ok);
}

#[test]
fn a_short_budget_trims_passes_and_never_messages() {
    let (clock, journal) = (Arc::new(Manual::default()), Arc::default());
    let conversations = [conversation(0, 10)];
    let fed = Fed::new(Feed::Stream, &conversations, 0);
    let mut detectors = [
        Paced::new("fast", &clock, &journal),
        Paced::new("slow", &clock, &journal),
    ];
    detectors[1].per_message = vec![Duration::from_secs(3)];
    let plan = Plan {
        budget: Duration::from_secs(40),
        ..Plan::default()
    };
    let results = run(&mut detectors, &fed, &plan, &clock);
    let slow = results[1].as_ref().unwrap();
    assert_eq!(
        (slow.passes, slow.trimmed, slow.samples_s.as_slice()),
        (1, true, &[30.0][..])
    );
    let fast = results[0].as_ref().unwrap();
    assert!(!fast.trimmed && fast.passes >= 10);
    assert_eq!(journal.lock().unwrap().len() % fed.units(), 0);
}

#[test]
fn a_pass_with_other_predictions_does_not_count() {
    let (clock, journal) = (Arc::new(Manual::default()), Arc::default());
    let conversations = [conversation(0, 10)];
    let fed = Fed::new(Feed::Stream, &conversations, 0);
    let mut detector = Paced::new("moody", &clock, &journal);
    detector.changes = true;
    detector.per_message = vec![Duration::from_millis(100)];
    let results = run(
        std::slice::from_mut(&mut detector),
        &fed,
        &Plan::default(),
        &clock,
    );
    let summary = results.into_iter().next().unwrap().unwrap();
    assert!(!summary.prediction_hash_ok);
    assert_eq!(summary.passes, 10);

    let contender = Contender {
        detector: &mut detector,
        start_up: Duration::ZERO,
        first_batch: None,
        scored: PredictionHash::default(),
    };
    let results = time(
        vec![contender],
        &fed,
        &Plan::default(),
        &*clock,
        &mut |_, _| {},
    );
    assert!(matches!(results[0], Err(TimingError::OtherAnswers { .. })));
}
