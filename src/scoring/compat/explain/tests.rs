use super::*;
use crate::corpus::{Corpus as Generator, Spec};
use crate::prediction::{Prediction, Predictions, ToolLabel, ToolLabels};
use crate::scoring::compat::{
    GoldSpan, Level, Reading, Scheme, SkipWords, TagScheme, Tokenizer, evaluate,
};
use crate::scoring::{LabelMap, Metrics, Scorer, ScoringOptions};
use crate::text::ByteRange;
use proptest::prelude::*;

const SPELLING: Spelling = Spelling {
    tokenizer: Tokenizer::Words,
    scheme: TagScheme::Iob2,
};

const EXPLAINED: [Tool; 3] = [Tool::Nervaluate, Tool::Seqeval, Tool::PresidioSpan];

/// A span of a made-up document: start, length, label.
type Raw = (u32, u32, u16);

/// Tool labels and what they mean: a list of two, the same list again, one name, nothing.
const LISTS: [(&str, &[&str]); 4] = [
    ("X", &["A", "B"]),
    ("Y", &["A", "B"]),
    ("B", &["B"]),
    ("Z", &[]),
];

const TEXT: &str = "rue de la Paix 42, l'été-là 12 34 of the x_y";

/// Gold spans, each with whether it is outside our strict scores, and predictions.
type RawDoc = (Vec<(Raw, bool)>, Vec<Raw>);

fn paired(docs: &[RawDoc]) -> Paired {
    let mut paired = Paired::new(Reading {
        texts: true,
        ..Reading::default()
    });
    let labels: ToolLabels = LISTS.iter().map(|(name, _)| *name).collect();
    paired.learn(&labels, |name| {
        let row = LISTS.iter().find(|(known, _)| *known == name);
        row.map_or(Vec::new(), |(_, list)| list.to_vec())
    });
    let places: Vec<u32> = TEXT.char_indices().map(|(at, _)| at as u32).collect();
    let range = |&(start, length, _): &Raw| {
        let start = start as usize % places.len();
        let end = (start + 1 + length as usize).min(places.len());
        ByteRange {
            start: places[start],
            end: places.get(end).copied().unwrap_or(TEXT.len() as u32),
        }
    };
    for (place, (gold, pred)) in docs.iter().enumerate() {
        let golds = gold.iter().map(|(raw, outside)| GoldSpan {
            range: range(raw),
            label: ["A", "B", "C"][usize::from(raw.2) % 3],
            outside: *outside,
            entity: None,
        });
        let pred: Vec<Prediction> = pred
            .iter()
            .map(|raw| Prediction {
                range: range(raw),
                label: ToolLabel(raw.2 % LISTS.len() as u16),
                score: None,
            })
            .collect();
        paired.add(|| format!("d{place}"), TEXT, golds, &pred);
    }
    paired
}

/// What the imitation of a tool itself reports.
fn reported(tool: Tool, params: &Params, paired: &Paired) -> Totals {
    let sum = |report: &serde_json::Value, table: &str, field: &str| -> i64 {
        let rows = report[table].as_object().expect("a table");
        rows.values()
            .map(|row| row[field].as_i64().expect("a count"))
            .sum()
    };
    match tool {
        Tool::Nervaluate => {
            let scheme: Scheme = "nervaluate.strict".parse().unwrap();
            let report = evaluate(scheme, params, &paired.corpus).unwrap();
            let count = |field: &str| report[field].as_i64().unwrap();
            Totals {
                gold: count("possible"),
                predicted: count("actual"),
                correct: count("correct"),
            }
        }
        Tool::Seqeval => {
            let scheme: Scheme = "seqeval.default".parse().unwrap();
            let report = evaluate(scheme, params, &paired.corpus).unwrap();
            let count = |field: &str| report["counts"][field].as_i64().unwrap();
            Totals {
                gold: count("tp") + count("fn"),
                predicted: count("tp") + count("fp"),
                correct: count("tp"),
            }
        }
        _ => {
            let report = evaluate(Scheme::PresidioSpan, params, &paired.corpus).unwrap();
            Totals {
                gold: sum(&report, "per_type", "annotated"),
                predicted: sum(&report, "per_type", "predicted"),
                correct: sum(&report, "per_type", "tp"),
            }
        }
    }
}

fn accounts(tool: Tool, params: &Params, mut paired: Paired) -> Result<(), TestCaseError> {
    let explanation = explain(tool, SPELLING, params, &mut paired).unwrap();
    let mut sum = explanation.ours;
    for instance in &explanation.instances {
        sum += instance.step;
    }
    prop_assert_eq!(sum, explanation.theirs, "{}", tool);
    prop_assert_eq!(
        explanation.theirs,
        reported(tool, params, &paired),
        "{}",
        tool
    );
    Ok(())
}

fn raw() -> impl Strategy<Value = Raw> {
    (0u32..40, 0u32..14, 0u16..4)
}

proptest! {
    #[test]
    fn the_steps_lead_from_our_counts_to_those_that_the_tool_reports(
        docs in proptest::collection::vec(
            (
                proptest::collection::vec((raw(), proptest::bool::weighted(0.1)), 0..6),
                proptest::collection::vec(raw(), 0..7),
            ),
            1..4,
        ),
        copied in 0usize..4,
        least in 1.0f64..100.0,
        threshold in 0.0f64..1.0,
        by_characters: bool,
        skipping in 0u8..3,
        tags in proptest::option::of(Just(vec!["A".to_owned(), "Z".to_owned()])),
    ) {
        // Some predictions are what they should be, and one comes twice.
        let docs: Vec<_> = docs
            .into_iter()
            .map(|(gold, mut pred)| {
                pred.extend(gold.iter().take(copied).map(|(raw, _)| *raw));
                pred.extend(pred.first().copied());
                (gold, pred)
            })
            .collect();
        let params = Params {
            min_overlap_percentage: least,
            iou_threshold: threshold,
            char_based: by_characters,
            level: Level::Entity,
            skip_words: match skipping {
                0 => SkipWords::Default,
                1 => SkipWords::Given(Vec::new()),
                _ => SkipWords::Given(["de", "l'été-là", "12"].map(str::to_owned).to_vec()),
            },
            ..Params::default()
        };
        for tool in EXPLAINED {
            let tags = tags.clone().filter(|_| tool == Tool::Nervaluate);
            accounts(tool, &Params { tags, ..params.clone() }, paired(&docs))?;
        }
    }
}

#[test]
fn our_side_is_what_the_native_scorer_counts() {
    let spec = Spec::for_languages([("fr-FR".to_owned(), 1), ("en-GB".to_owned(), 1)].into());
    let corpus = Generator::new(spec, 7).unwrap();
    let map = LabelMap::identity();
    let labels: ToolLabels = crate::taxonomy::Label::all()
        .map(|label| label.id())
        .collect();
    let mut scorer = Scorer::new(ScoringOptions {
        label_map: map,
        labels: labels.clone(),
        intervals: false,
        ..ScoringOptions::default()
    });
    let mut paired = Paired::new(Reading {
        texts: true,
        ..Reading::default()
    });
    paired.learn(&labels, |name| {
        let known = labels.names().iter();
        known
            .filter(|label| *label == name)
            .map(String::as_str)
            .collect()
    });
    for index in 0..200 {
        let conversation = corpus.conversation(index);
        let mut found = Predictions::new();
        for (_, body) in conversation.messages.iter().flat_map(|m| m.units()) {
            let mut answer = Vec::new();
            for (at, (range, span)) in body.spans().enumerate() {
                let label = labels.find(span.label.id()).unwrap();
                // Right ones, wrong labels, cut ones, doubled ones, none.
                let (range, label, times) = match (index as usize + at) % 6 {
                    0 => (range, label, 2),
                    1 => (range, ToolLabel(at as u16), 1),
                    2 if range.end - range.start > 1 && body.text().is_ascii() => (
                        ByteRange {
                            start: range.start,
                            end: range.end - 1,
                        },
                        label,
                        1,
                    ),
                    3 => (range, label, 0),
                    _ => (range, label, 1),
                };
                answer.extend(std::iter::repeat_n(
                    Prediction {
                        range,
                        label,
                        score: None,
                    },
                    times,
                ));
            }
            answer.iter().for_each(|&p| found.push(p));
            found.end_unit();
            let golds = body.spans().map(|(range, span)| GoldSpan {
                range,
                label: span.label.id(),
                outside: span.form == Some(crate::conversation::Form::Fragment),
                entity: None,
            });
            paired.add(String::new, body.text(), golds, &answer);
        }
        scorer.add(&conversation, &found).unwrap();
    }
    let metrics = Metrics::of(&scorer.finish());
    let explanation = explain(Tool::Nervaluate, SPELLING, &Params::default(), &mut paired).unwrap();
    let ours = explanation.ours;
    let correct = metrics.errors[&Relation::Correct];
    assert!(correct > 500, "{correct}");
    assert_eq!(ours.correct, correct as i64);
    assert_eq!(ours.predicted, metrics.predictions as i64);
    assert_eq!(ours.gold, metrics.gold as i64);
    let mut relations = std::collections::BTreeMap::new();
    for place in 0..paired.ids.len() {
        let judged = native::Judged::of(&paired, place);
        for relation in judged.pred.into_iter().filter(|r| !r.is_match()) {
            *relations.entry(relation).or_insert(0) += 1;
        }
        for relation in judged.gold.into_iter().filter(|r| *r != Relation::Ignored) {
            *relations.entry(relation).or_insert(0) += 1;
        }
    }
    let ignored = relations.remove(&Relation::Ignored).unwrap_or(0);
    assert_eq!(ignored, metrics.ignored_predictions);
    let mut native = metrics.errors.clone();
    native.retain(|relation, count| *count > 0 && *relation != Relation::Ignored);
    assert_eq!(relations, native);
}

/// The causes of a document with gold and predictions, each (start, length − 1, label).
fn causes(tool: Tool, gold: &[(Raw, bool)], pred: &[Raw]) -> Vec<Cause> {
    let mut paired = paired(&[(gold.to_vec(), pred.to_vec())]);
    let params = Params {
        level: Level::Entity,
        ..Params::default()
    };
    let explanation = explain(tool, SPELLING, &params, &mut paired).unwrap();
    let causes = explanation.instances.iter();
    causes.map(|instance| instance.cause).collect()
}

#[test]
fn each_cause_is_named_for_what_it_is() {
    use Tool::{Nervaluate, PresidioSpan, Seqeval};
    let gold = |start, last, label| ((start, last, label), false);
    // A later exact prediction finds its gold span consumed by one that merely overlaps.
    assert_eq!(
        causes(Nervaluate, &[gold(0, 3, 1)], &[(0, 2, 2), (0, 3, 2)]),
        [Cause::Consumed]
    );
    assert_eq!(
        causes(Nervaluate, &[gold(0, 3, 1)], &[(0, 3, 2), (0, 3, 2)]),
        [Cause::Duplicate]
    );
    // X means A or B and carries A.
    assert_eq!(
        causes(Nervaluate, &[gold(0, 3, 1)], &[(0, 3, 0)]),
        [Cause::LabelNames]
    );
    assert_eq!(
        causes(Nervaluate, &[((0, 3, 1), true)], &[(0, 3, 2)]),
        [Cause::IgnoredGold, Cause::IgnoredGold]
    );
    // A comma at the edge is a skip word of presidio; an underscore inside a word cuts it.
    assert_eq!(
        causes(PresidioSpan, &[gold(15, 1, 1)], &[(15, 2, 2)]),
        [Cause::Tokens]
    );
    assert_eq!(
        causes(PresidioSpan, &[gold(34, 5, 1)], &[]),
        [Cause::SkipWords]
    );
    // An address and the number in it, for a tool with one tag per token.
    assert_eq!(
        causes(Seqeval, &[gold(0, 16, 0), gold(15, 1, 1)], &[(0, 16, 0)]),
        [Cause::Hidden]
    );
}
