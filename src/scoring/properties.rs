//! What holds for every corpus and every set of predictions.

use super::counts::Counts;
use super::events::Relation;
use super::metrics::Metrics;
use super::scopes::Scope;
use super::*;
use crate::conversation::{Conversation, FactId, Mark, Part, Span};
use crate::formats::predictions::sample::{conversation, label};
use crate::prediction::{Prediction, Predictions, ToolLabel, ToolLabels};
use crate::text::ByteRange;
use proptest::prelude::*;

/// A conversation to be: messages of letters with golds and predictions anywhere in them.
#[derive(Clone, Debug)]
struct Draft {
    customer: u8,
    messages: Vec<DraftMessage>,
}

#[derive(Clone, Debug)]
struct DraftMessage {
    phrase: u8,
    text: String,
    /// Start, length, label, fact (one in three of a part).
    golds: Vec<(usize, usize, usize, u8)>,
    /// Start and length of ranges that count neither way.
    ignored: Vec<(usize, usize)>,
    /// Start, length, tool label, score in tenths: none above 10.
    found: Vec<(usize, usize, u16, u8)>,
}

const LABELS: [&str; 5] = ["PAN", "IBAN", "OTP_CODE", "PERSON_NAME", "MERCHANT"];
/// The last one is in no label map.
const TOOL_LABELS: [&str; 6] = [
    "PAN",
    "IBAN",
    "OTP_CODE",
    "PERSON_NAME",
    "MERCHANT",
    "OTHER",
];

/// Corpora of ours.
fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    drafts_with(0..1)
}

/// Corpora of elsewhere too, in which ranges may count neither way.
fn foreign_drafts() -> impl Strategy<Value = Vec<Draft>> {
    drafts_with(0..3)
}

fn drafts_with(ignored: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Draft>> {
    let message = (
        0u8..4,
        "[a-c0-9é ]{18,30}",
        // Starts and lengths are small, so that spans overlap, nest, touch and repeat.
        prop::collection::vec((0usize..11, 1usize..7, 0usize..5, 0u8..4), 0..6),
        prop::collection::vec((0usize..11, 1usize..7, 0u16..6, 0u8..14), 0..8),
        prop::collection::vec((0usize..11, 1usize..7), ignored),
    );
    let message = message.prop_map(|(phrase, text, golds, found, ignored)| DraftMessage {
        phrase,
        text,
        golds,
        ignored,
        found,
    });
    let draft = (0u8..3, prop::collection::vec(message, 1..4));
    let draft = draft.prop_map(|(customer, messages)| Draft { customer, messages });
    prop::collection::vec(draft, 1..5)
}

fn range(text: &str, start: usize, length: usize) -> ByteRange {
    let at = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(i, _)| i) as u32;
    ByteRange {
        start: at(start),
        end: at(start + length),
    }
}

fn build(number: usize, draft: &Draft) -> (Conversation, Predictions) {
    let phrases: Vec<String> = draft
        .messages
        .iter()
        .map(|m| format!("p{}", m.phrase))
        .collect();
    let plain: Vec<(&str, &str)> = phrases
        .iter()
        .zip(&draft.messages)
        .map(|(p, m)| (p.as_str(), m.text.as_str()))
        .collect();
    let mut built = conversation(number as u32, &format!("c{}", draft.customer), &plain);
    let mut predictions = Predictions::new();
    for (message, draft) in built.messages.iter_mut().zip(&draft.messages) {
        let marks = draft.golds.iter().map(|&(start, length, which, fact)| {
            let span = Span {
                label: label(LABELS[which]),
                fact: (fact > 0).then_some(FactId(u16::from(fact))),
                form: None,
                valid: None,
                strict_valid: None,
                safety: None,
                asked: None,
                // Values are given whole and in parts, which stand anywhere in the conversation.
                part: (fact == 3).then_some(Part {
                    k: 1 + (start % 3) as u8,
                    n: 3,
                }),
                lookalike: None,
            };
            (range(&draft.text, start, length), Mark::Span(span))
        });
        let ignored = draft.ignored.iter().map(|&(start, length)| {
            let mark = Mark::Ignored("TITLE".into());
            (range(&draft.text, start, length), mark)
        });
        let marks = marks.chain(ignored);
        message.body =
            crate::text::AnnotatedText::from_parts(draft.text.clone(), marks.collect()).unwrap();
        for &(start, length, which, score) in &draft.found {
            predictions.push(Prediction {
                range: range(&draft.text, start, length),
                label: ToolLabel(which),
                score: (score <= 10).then(|| f32::from(score) / 10.0),
            });
        }
        predictions.end_unit();
    }
    (built, predictions)
}

fn options() -> ScoringOptions {
    let labels: ToolLabels = TOOL_LABELS.into_iter().collect();
    ScoringOptions {
        labels,
        ..ScoringOptions::default()
    }
}

fn score(drafts: &[Draft]) -> Counts {
    score_with(drafts, options())
}

fn score_with(drafts: &[Draft], options: ScoringOptions) -> Counts {
    let mut scorer = Scorer::new(options);
    for (number, draft) in drafts.iter().enumerate() {
        let (conversation, predictions) = build(number, draft);
        scorer.add(&conversation, &predictions).unwrap();
    }
    scorer.finish()
}

/// 64 cases each, or as many as PROPTEST_CASES says.
fn cases() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 64;
    }
    config
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn shuffling_golds_and_predictions_changes_nothing(mut drafts in foreign_drafts(), seed: u64) {
        let before = score(&drafts);
        let mut stream = crate::seed::Stream::at(seed, crate::seed::Domain::new("shuffle"), 0);
        for message in drafts.iter_mut().flat_map(|draft| &mut draft.messages) {
            stream.shuffle(&mut message.golds);
            stream.shuffle(&mut message.found);
        }
        prop_assert_eq!(score(&drafts), before);
    }

    #[test]
    fn ignored_ranges_only_ever_take_predictions_and_text_out_of_account(mut drafts in foreign_drafts()) {
        let with = score(&drafts);
        drafts.iter_mut().flat_map(|draft| &mut draft.messages).for_each(|m| m.ignored.clear());
        let without = score(&drafts);
        let (a, b) = (Metrics::of(&with), Metrics::of(&without));
        for (relation, &count) in &a.errors {
            match relation {
                Relation::Spurious => prop_assert!(count <= b.errors[relation]),
                _ => prop_assert_eq!(count, b.errors[relation]),
            }
        }
        prop_assert_eq!(a.predictions + a.ignored_predictions, b.predictions);
        prop_assert_eq!((a.gold, b.ignored_predictions), (b.gold, 0));
        prop_assert_eq!(a.critical, b.critical);
        prop_assert_eq!(with.coverage.gold_chars, without.coverage.gold_chars);
        prop_assert!(with.coverage.harmless_chars <= without.coverage.harmless_chars);
        prop_assert!(with.coverage.masked_chars <= without.coverage.masked_chars);
        prop_assert!(with.coverage.false_alerts <= without.coverage.false_alerts);
    }

    #[test]
    fn repeating_predictions_changes_only_duplicates(mut drafts in foreign_drafts()) {
        let before = score(&drafts);
        let mut repeated = 0;
        for message in drafts.iter_mut().flat_map(|draft| &mut draft.messages) {
            repeated += message.found.len() as u64;
            message.found.extend_from_within(..);
        }
        let mut after = score(&drafts);
        prop_assert_eq!(after.duplicates, before.duplicates + repeated);
        after.duplicates = before.duplicates;
        prop_assert_eq!(after, before);
    }

    #[test]
    fn shifting_every_offset_changes_no_span_and_no_leak(mut drafts in foreign_drafts()) {
        let before = Metrics::of(&score(&drafts));
        for message in drafts.iter_mut().flat_map(|draft| &mut draft.messages) {
            message.text.insert_str(0, "é… ");
            message.golds.iter_mut().for_each(|gold| gold.0 += 3);
            message.ignored.iter_mut().for_each(|ignored| ignored.0 += 3);
            message.found.iter_mut().for_each(|found| found.0 += 3);
        }
        let after = Metrics::of(&score(&drafts));
        prop_assert_eq!(after.scopes, before.scopes);
        prop_assert_eq!(after.errors, before.errors);
        prop_assert_eq!(after.labels, before.labels);
        prop_assert_eq!(after.critical, before.critical);
    }

    #[test]
    fn renaming_tool_labels_with_their_map_changes_nothing(drafts in drafts()) {
        let renamed = |name: &str| format!("x-{name}");
        let rows = LABELS.iter().map(|&name| (renamed(name), vec![label(name)]));
        let labels: ToolLabels = TOOL_LABELS.iter().map(|&name| renamed(name)).collect();
        let label_map = LabelMap::new(rows);
        let mut scorer = Scorer::new(ScoringOptions { labels, label_map, ..options() });
        for (number, draft) in drafts.iter().enumerate() {
            let (conversation, predictions) = build(number, draft);
            scorer.add(&conversation, &predictions).unwrap();
        }
        let mut before = score(&drafts);
        let after = scorer.finish();
        before.signature = after.signature.clone();
        before.unmapped = before.unmapped.into_iter().map(|(k, v)| (renamed(&k), v)).collect();
        prop_assert_eq!(after, before);
    }

    #[test]
    fn counts_of_shards_add_up_to_the_whole(drafts in foreign_drafts(), cut in 0usize..5) {
        // Numbered within the whole, so that ids do not depend on the shard.
        let shard = |from: usize, to: usize| {
            let mut scorer = Scorer::new(options());
            for (number, draft) in drafts.iter().enumerate().take(to).skip(from) {
                let (conversation, predictions) = build(number, draft);
                scorer.add(&conversation, &predictions).unwrap();
            }
            scorer.finish()
        };
        let cut = cut.min(drafts.len());
        let mut sum = shard(cut, drafts.len());
        sum.merge(shard(0, cut)).unwrap();
        prop_assert_eq!(sum, shard(0, drafts.len()));
    }

    #[test]
    fn an_emoji_in_place_of_a_letter_outside_every_span_changes_no_number(
        mut drafts in drafts(),
        place in 0usize..30,
        unit in prop_oneof![Just(Characters::CodePoints), Just(Characters::Graphemes)],
    ) {
        let options = || ScoringOptions { characters: unit, ..options() };
        // The letter stands at the first place from `place` on that no span and no prediction touches.
        for message in drafts.iter_mut().flat_map(|draft| &mut draft.messages) {
            let golds = message.golds.iter().map(|gold| (gold.0, gold.1));
            let found = message.found.iter().map(|found| (found.0, found.1));
            let taken = golds.chain(found).chain(message.ignored.iter().copied());
            let taken: Vec<_> = taken.collect();
            let free = |at: &usize| taken.iter().all(|(s, l)| *at < *s || *at >= s + l);
            let at = (place % message.text.chars().count()..).find(free).unwrap();
            let mut letters: Vec<char> = message.text.chars().collect();
            letters.resize(letters.len().max(at + 1), 'x');
            letters[at] = 'x';
            message.text = letters.into_iter().collect();
        }
        let before = score_with(&drafts, options());
        for message in drafts.iter_mut().flat_map(|draft| &mut draft.messages) {
            message.text = message.text.replace('x', "😡");
        }
        let mut after = score_with(&drafts, options());
        // A letter more or less decides whether a value stands alone in its message and how noisy the
        // message is, it may glue an echo to a longer word, and it makes or breaks a word that the observer
        // knows. These read the text beside the spans.
        after.slices = before.slices.clone();
        if let (Some(after), Some(before)) = (&mut after.exposure, &before.exposure) {
            for (customer, profile) in &mut after.customers {
                profile.segments = before.customers[customer].segments.clone();
            }
        }
        for (label, row) in &mut after.labels {
            row.echoes = before.labels[label].echoes;
        }
        prop_assert_eq!(after, before);
    }

    #[test]
    fn error_classes_and_scores_sum_exactly(drafts in drafts()) {
        let counts = score(&drafts);
        let metrics = Metrics::of(&counts);
        let given: usize =
            drafts.iter().flat_map(|d| &d.messages).map(|m| m.found.len()).sum();
        let golds: usize =
            drafts.iter().flat_map(|d| &d.messages).map(|m| m.golds.len()).sum();
        prop_assert_eq!(metrics.predictions + metrics.duplicates, given as u64);
        prop_assert_eq!(metrics.gold, golds as u64);
        let unanswered = metrics.errors[&Relation::Missed] + metrics.errors[&Relation::Merge];
        let classes: u64 = metrics
            .errors
            .iter()
            .filter(|(r, _)| !matches!(**r, Relation::Duplicate | Relation::Ignored))
            .map(|(_, n)| n)
            .sum();
        prop_assert_eq!(classes, metrics.predictions + unanswered);
        let strict = metrics.scopes[&Scope::All].micro.strict;
        prop_assert_eq!(strict.recall.of, metrics.gold);
        prop_assert_eq!(strict.precision.of, metrics.predictions);
        let per_label: u64 = metrics.labels.values().map(|l| l.spans.strict.precision.of).sum();
        let unmapped: u64 = metrics.unmapped.values().sum();
        prop_assert_eq!(per_label + unmapped, metrics.predictions);
        for scores in [&metrics.scopes[&Scope::All].micro, &metrics.scopes[&Scope::Structured].micro] {
            for score in [scores.strict, scores.exact, scores.typed, scores.partial] {
                for ratio in [score.precision, score.recall] {
                    prop_assert!(ratio.count <= ratio.of);
                }
            }
        }
        let coverage = &counts.coverage;
        prop_assert!(coverage.covered_chars <= coverage.gold_chars);
        prop_assert!(coverage.masked_chars <= coverage.harmless_chars);
    }

    #[test]
    fn more_masking_never_leaks_more(drafts in foreign_drafts()) {
        let before = Metrics::of(&score(&drafts));
        let mut masked = drafts.clone();
        for message in masked.iter_mut().flat_map(|draft| &mut draft.messages) {
            message.found.push((0, 6, 5, 11));
        }
        let after = Metrics::of(&score(&masked));
        let leaked = |m: &Metrics| m.leak_within(&LabelSet::all()).count;
        prop_assert!(leaked(&after) <= leaked(&before));
    }

    #[test]
    fn in_every_view_the_order_changes_nothing_and_classes_sum(
        mut drafts in drafts(),
        view in prop::sample::select(View::ALL),
        seed: u64,
    ) {
        let options = || ScoringOptions { view, ..options() };
        let before = score_with(&drafts, options());
        let metrics = Metrics::of(&before);
        let unanswered = metrics.errors[&Relation::Missed] + metrics.errors[&Relation::Merge];
        let outside = [Relation::Duplicate, Relation::Ignored].map(|r| metrics.errors[&r]);
        let all: u64 = metrics.errors.values().sum();
        prop_assert_eq!(all - outside[0] - outside[1], metrics.predictions + unanswered);
        let exact: u64 = metrics.matrix.iter().map(|c| c.exact + c.overlapping + c.alone).sum();
        let none: u64 = metrics.matrix.iter().filter(|c| c.gold == "(none)").map(|c| c.alone).sum();
        prop_assert_eq!(exact - none, metrics.gold);
        let whole: u64 = metrics
            .matrix
            .iter()
            .filter(|c| c.predicted != "(missed)")
            .map(|c| c.exact + c.overlapping + c.further + c.alone)
            .sum();
        prop_assert_eq!(whole, metrics.predictions);
        let mut stream = crate::seed::Stream::at(seed, crate::seed::Domain::new("shuffle"), 0);
        for message in drafts.iter_mut().flat_map(|draft| &mut draft.messages) {
            stream.shuffle(&mut message.golds);
            stream.shuffle(&mut message.found);
        }
        let after = Metrics::of(&score_with(&drafts, options()));
        prop_assert_eq!(after.scopes, metrics.scopes);
        prop_assert_eq!(after.errors, metrics.errors);
    }

    #[test]
    fn a_curve_at_zero_is_the_run_and_a_higher_threshold_never_protects_more(drafts in foreign_drafts()) {
        let metrics = Metrics::of(&score(&drafts));
        let Some(curves) = &metrics.curves else {
            return Ok(());
        };
        let strict = metrics.scopes[&Scope::All].micro.strict;
        let first = curves.points[0];
        prop_assert_eq!(first.precision, strict.precision.value());
        prop_assert_eq!(first.recall, strict.recall.value());
        prop_assert_eq!(first.leak, metrics.critical.leak.value());
        prop_assert_eq!(first.harmless_masked, metrics.coverage.harmless_masked.value());
        prop_assert_eq!(first.false_alerts, metrics.coverage.false_alerts.value());
        for pair in curves.points.windows(2) {
            prop_assert!(pair[0].leak <= pair[1].leak);
            prop_assert!(pair[0].harmless_masked >= pair[1].harmless_masked);
        }
    }

    #[test]
    fn slices_strata_and_groups_add_up_to_the_whole(drafts in foreign_drafts()) {
        let counts = score(&drafts);
        let metrics = Metrics::of(&counts);
        for (dimension, slices) in &counts.slices {
            let gold: u64 = slices.values().map(|slice| slice.gold).sum();
            prop_assert_eq!(gold, metrics.gold, "{}", dimension);
            let messages: u64 = slices.values().map(|slice| slice.text.messages).sum();
            prop_assert!(messages == 0 || messages == metrics.messages, "{}", dimension);
            for slice in slices.values() {
                for groups in [&slice.groups.customers, &slice.groups.phrases] {
                    let critical: u64 = groups.iter().map(|six| six[4]).sum();
                    prop_assert_eq!(critical, slice.critical);
                }
            }
        }
        let masked: u64 = counts.strata.iter().map(|s| s.counts.masked_chars).sum();
        prop_assert_eq!(masked, counts.coverage.masked_chars);
        let alerted: u64 = counts.strata.iter().map(|s| s.counts.alerted).sum();
        let coverage = &counts.coverage;
        prop_assert_eq!(
            alerted,
            coverage.alerted_gold_messages + coverage.alerted_harmless_messages
        );
    }

    #[test]
    fn without_analyses_every_core_count_is_the_same(drafts in foreign_drafts()) {
        let full = score(&drafts);
        let core = score_with(&drafts, ScoringOptions { analyses: false, ..options() });
        let (mut a, b) = (Metrics::of(&full), Metrics::of(&core));
        let bare = |leak: &mut super::metrics::LeakMetrics| {
            leak.guessing = None;
            leak.echoed = Default::default();
            leak.echoed_though_protected = Default::default();
        };
        bare(&mut a.critical);
        prop_assert_eq!(a.critical, b.critical);
        prop_assert_eq!(a.scopes, b.scopes);
        prop_assert_eq!(a.errors, b.errors);
        prop_assert_eq!(a.coverage, b.coverage);
        prop_assert_eq!(a.slices, b.slices);
        prop_assert_eq!(b.exposure, None);
    }

    #[test]
    fn redaction_adds_nothing_to_what_the_observer_learns(drafts in drafts()) {
        let exposure = Metrics::of(&score(&drafts)).exposure.unwrap();
        for (id, segment) in &exposure.segments {
            prop_assert_eq!(segment.false_kept, 0, "{}", id);
        }
        prop_assert!(exposure.all_facts.seen.count <= exposure.all_facts.seen_in_part.count);
    }

    #[test]
    fn samples_of_errors_add_up_and_do_not_depend_on_order(drafts in drafts(), cut in 0usize..5) {
        let shard = |numbers: &[usize]| {
            let mut scorer = Scorer::new(ScoringOptions {
                examples: ExampleOptions { most: 2, text: ExampleText::Values },
                ..options()
            });
            for &number in numbers {
                let (conversation, predictions) = build(number, &drafts[number]);
                scorer.add(&conversation, &predictions).unwrap();
            }
            scorer.finish()
        };
        let forth: Vec<usize> = (0..drafts.len()).collect();
        let back: Vec<usize> = forth.iter().rev().copied().collect();
        let whole = shard(&forth);
        prop_assert_eq!(&shard(&back).examples, &whole.examples);
        let cut = cut.min(forth.len());
        let mut sum = shard(&forth[cut..]);
        sum.merge(shard(&forth[..cut])).unwrap();
        prop_assert_eq!(&sum.examples, &whole.examples);
        for (relation, count) in Metrics::of(&whole).errors {
            let kept = whole.examples.classes.get(&relation).map_or(0, |kept| kept.len() as u64);
            let expected = if examples::is_error(relation) { count.min(2) } else { 0 };
            prop_assert_eq!(kept, expected, "{}", relation);
        }
    }

    #[test]
    fn counts_survive_the_way_to_json_and_back(drafts in drafts()) {
        let counts = score(&drafts);
        let json = serde_json::to_string(&counts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Counts>(&json).unwrap(), counts);
    }
}

#[test]
fn counts_made_with_another_seed_are_refused() {
    let mut a = Scorer::new(options()).finish();
    let b = Scorer::new(ScoringOptions {
        seed: 1,
        ..options()
    })
    .finish();
    assert_eq!(a.merge(b).unwrap_err().what, "seed");
}
