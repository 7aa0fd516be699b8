//! One test per ruling on which tools disagree, and per trick that would flatter a detector.

use super::events::Relation;
use super::metrics::Metrics;
use super::scopes::Scope;
use super::*;
use crate::conversation::Conversation;
use crate::formats::predictions::sample::{conversation, found, label, message};
use crate::prediction::{Prediction, Predictions, ToolLabel, ToolLabels};
use crate::text::ByteRange;

/// A scorer that has seen one conversation and what was found in it.
fn scorer(conversation: &Conversation, spans: &[(usize, &str, &str)]) -> Scorer {
    let mut labels = ToolLabels::default();
    let predictions = found(conversation, spans, &mut labels);
    let mut scorer = Scorer::new(ScoringOptions {
        labels,
        ..ScoringOptions::default()
    });
    scorer.add(conversation, &predictions).unwrap();
    scorer
}

fn metrics(conversation: &Conversation, spans: &[(usize, &str, &str)]) -> Metrics {
    Metrics::of(&scorer(conversation, spans).finish())
}

fn relations(conversation: &Conversation, spans: &[(usize, &str, &str)]) -> Vec<Relation> {
    let mut labels = ToolLabels::default();
    let predictions = found(conversation, spans, &mut labels);
    let mut scorer = Scorer::new(ScoringOptions {
        labels,
        ..ScoringOptions::default()
    });
    let inspection = scorer.inspect(conversation, &predictions).unwrap();
    inspection
        .events
        .iter()
        .map(|event| event.relation)
        .collect()
}

/// `(leaked, values)` over all labels.
fn leak(metrics: &Metrics) -> (u64, u64) {
    let ratio = metrics.leak_within(&LabelSet::all());
    (ratio.count, ratio.of)
}

#[test]
fn one_prediction_over_two_golds_answers_one_and_protects_both() {
    let two = message("de <IBAN:FR76 3000 1234> à <IBAN:FR76 4000 5678>");
    let spans = [(0, "FR76 3000 1234 à FR76 4000 5678", "IBAN")];
    assert_eq!(
        relations(&two, &spans),
        [Relation::BoundaryLong, Relation::Merge]
    );
    assert_eq!(leak(&metrics(&two, &spans)), (0, 2));
}

#[test]
fn two_fragments_of_one_gold_are_one_match_and_one_fragment_and_protect_together() {
    let one = message("code <OTP_CODE:482 913> reçu");
    let spans = [(0, "482 ", "OTP_CODE"), (0, "913", "OTP_CODE")];
    assert_eq!(
        relations(&one, &spans),
        [Relation::BoundaryShort, Relation::Fragment]
    );
    assert_eq!(leak(&metrics(&one, &spans)), (0, 1));
    assert_eq!(leak(&metrics(&one, &spans[..1])), (1, 1));
}

#[test]
fn a_prediction_given_twice_is_one_prediction_and_a_duplicate() {
    let one = message("code <OTP_CODE:482913>");
    let once = metrics(&one, &[(0, "482913", "OTP_CODE")]);
    let twice = metrics(
        &one,
        &[(0, "482913", "OTP_CODE"), (0, "482913", "OTP_CODE")],
    );
    assert_eq!((twice.predictions, twice.duplicates), (1, 1));
    let mut same = twice.clone();
    same.duplicates = 0;
    same.errors.insert(Relation::Duplicate, 0);
    assert_eq!(same, once);
}

#[test]
fn of_two_labels_on_one_range_the_right_one_answers_and_the_other_is_extra() {
    let one = message("code <OTP_CODE:482913>");
    let spans = [(0, "482913", "PAN"), (0, "482913", "OTP_CODE")];
    assert_eq!(
        relations(&one, &spans),
        [Relation::Correct, Relation::LabelExtra]
    );
    let metrics = metrics(&one, &spans);
    assert_eq!(leak(&metrics), (0, 1));
    assert_eq!(metrics.labels[&label("PAN")].spans.strict.precision.of, 1);
}

#[test]
fn a_space_or_comma_at_an_edge_is_a_boundary_error_and_no_leak() {
    let one = message("code <OTP_CODE:482913>, merci");
    let spans = [(0, "482913,", "OTP_CODE")];
    assert_eq!(relations(&one, &spans), [Relation::BoundaryLong]);
    assert_eq!(leak(&metrics(&one, &spans)), (0, 1));
}

#[test]
fn adjacent_spans_of_one_type_stay_apart() {
    let two = message("<OTP_CODE:482><OTP_CODE:913>");
    let spans = [(0, "482913", "OTP_CODE")];
    assert_eq!(
        relations(&two, &spans),
        [Relation::BoundaryLong, Relation::Merge]
    );
}

#[test]
fn a_message_without_gold_or_predictions_counts_and_its_ratios_are_null() {
    let metrics = metrics(&message("bonjour"), &[]);
    assert_eq!(metrics.messages, 1);
    assert_eq!(metrics.scopes[&Scope::All].micro.strict.f1, None);
    assert_eq!(metrics.critical.leak.value(), None);
    let json = serde_json::to_value(&metrics).unwrap();
    assert!(json["critical"]["leak"]["value"].is_null());
}

#[test]
fn an_unanswered_unit_is_an_error() {
    let two = conversation(7, "c", &[("", "oui"), ("", "non")]);
    let mut scorer = Scorer::new(ScoringOptions::default());
    let error = scorer.add(&two, &Predictions::new()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`fr-000000007` has 2 units and predictions for 0")
    );
    assert_eq!(scorer.finish().conversations, 0);
}

#[test]
fn an_empty_or_shifted_range_is_an_error_with_its_unit() {
    let one = message("né à <PLACE_OF_BIRTH:Évreux>");
    for (start, end) in [(3, 3), (2, 3), (5, 99)] {
        let labels: ToolLabels = ["X"].into_iter().collect();
        let mut predictions = Predictions::new();
        let range = ByteRange { start, end };
        predictions.push(Prediction {
            range,
            label: ToolLabel(0),
            score: None,
        });
        predictions.end_unit();
        let mut scorer = Scorer::new(ScoringOptions {
            labels,
            ..ScoringOptions::default()
        });
        let error = scorer.add(&one, &predictions).unwrap_err().to_string();
        assert!(
            error.starts_with("unit `fr-000000000/0`: prediction 0"),
            "{error}"
        );
    }
}

#[test]
fn a_label_outside_the_map_is_reported_and_scored_without_its_type() {
    let one = message("code <OTP_CODE:482913>, carte <PAN:4000 0012 3456 7899>");
    let metrics = metrics(&one, &[(0, "482913", "NUMBER"), (0, "carte", "NUMBER")]);
    assert_eq!(metrics.unmapped["NUMBER"], 2);
    let micro = metrics.scopes[&Scope::All].micro;
    assert_eq!((micro.exact.recall.count, micro.exact.recall.of), (1, 2));
    assert_eq!(
        (micro.strict.recall.count, micro.strict.precision.of),
        (0, 2)
    );
    assert_eq!(leak(&metrics), (1, 2));
}

#[test]
fn out_of_scope_gold_and_the_predictions_on_it_are_ignored_after_matching() {
    let one = message("code <OTP_CODE:482913>, à <PERSON_NAME:Ilario Fenwike>, 12 rue");
    let counts = scorer(
        &one,
        &[
            (0, "482913", "OTP_CODE"),
            (0, "Ilario", "PERSON_NAME"),
            (0, "12", "PAN"),
        ],
    )
    .finish();
    let only: LabelSet = [label("OTP_CODE")].into_iter().collect();
    let metrics = Metrics::in_scopes(&counts, Some(&only), None);
    let inside = metrics.scopes[&Scope::Supported].micro.strict;
    assert_eq!(
        (inside.recall.count, inside.recall.of, inside.precision.of),
        (1, 1, 1)
    );
    assert_eq!(metrics.scopes[&Scope::All].micro.strict.precision.of, 3);
}

#[test]
fn what_is_found_in_an_ignored_range_counts_neither_way() {
    let one = message("<~TITLE:Mme> <PERSON_NAME:Ilario Fenwike>, 12 rue");
    let found = [
        (0, "Mme", "PERSON_NAME"),
        (0, "Ilario Fenwike", "PERSON_NAME"),
        (0, "12", "PAN"),
    ];
    assert_eq!(
        relations(&one, &found),
        [Relation::Correct, Relation::Ignored, Relation::Spurious]
    );
    let metrics = metrics(&one, &found);
    assert_eq!(metrics.ignored_predictions, 1);
    let strict = metrics.scopes[&Scope::All].micro.strict;
    assert_eq!((strict.recall.of, strict.precision.of), (1, 2));
    // `Mme` is neither gold nor harmless: two characters of " , 12 rue" are masked for nothing.
    let coverage = scorer(&one, &found).finish().coverage;
    assert_eq!((coverage.masked_chars, coverage.harmless_chars), (2, 9));
}

#[test]
fn an_ignored_range_is_left_out_of_account_in_graphemes_too() {
    let one = message("<~TITLE:Me\u{301}> Fenwike 12");
    let found_in = [(0, "Me", "PERSON_NAME"), (0, "Fenwike", "PERSON_NAME")];
    let mut labels = ToolLabels::default();
    let predictions = found(&one, &found_in, &mut labels);
    for &characters in Characters::ALL {
        let mut scorer = Scorer::new(ScoringOptions {
            labels: labels.clone(),
            characters,
            ..ScoringOptions::default()
        });
        scorer.add(&one, &predictions).unwrap();
        let counts = scorer.finish();
        assert_eq!(Metrics::of(&counts).ignored_predictions, 1);
        // The title is set aside as a whole; of " Fenwike 12" the name is masked.
        let coverage = counts.coverage;
        assert_eq!((coverage.masked_chars, coverage.harmless_chars), (7, 11));
    }
}

#[test]
fn a_merged_prediction_that_reaches_into_an_ignored_range_counts_neither_way() {
    let one = message("Fenwike <~TITLE:Mme>");
    let found_in = [(0, "Fenwike", "PERSON_NAME"), (0, "Mme", "PERSON_NAME")];
    let mut labels = ToolLabels::default();
    let predictions = found(&one, &found_in, &mut labels);
    for (view, spurious, ignored) in [(View::All, 1, 1), (View::MergeAdjacent, 0, 1)] {
        let mut scorer = Scorer::new(ScoringOptions {
            labels: labels.clone(),
            view,
            ..ScoringOptions::default()
        });
        scorer.add(&one, &predictions).unwrap();
        let metrics = Metrics::of(&scorer.finish());
        assert_eq!(metrics.predictions, spurious, "{view}");
        assert_eq!(metrics.ignored_predictions, ignored, "{view}");
    }
}

#[test]
fn a_message_with_nothing_but_an_ignored_range_is_no_harmless_message() {
    let counts = scorer(&message("<~TITLE:Mme> !"), &[(0, "Mme", "PERSON_NAME")]).finish();
    let coverage = counts.coverage;
    assert_eq!((coverage.harmless_messages, coverage.gold_messages), (0, 0));
    assert_eq!((coverage.false_alerts, coverage.stray_alerts), (0, 0));
}

#[test]
fn a_span_that_is_there_twice_is_two_examples_of_its_error() {
    let twice = message("code <OTP_CODE:<OTP_CODE:482913>>");
    let mut scorer = Scorer::new(ScoringOptions {
        examples: ExampleOptions {
            most: 2,
            text: ExampleText::Values,
        },
        ..ScoringOptions::default()
    });
    let predictions = found(&twice, &[], &mut ToolLabels::default());
    scorer.add(&twice, &predictions).unwrap();
    let counts = scorer.finish();
    assert_eq!(Metrics::of(&counts).errors[&Relation::Missed], 2);
    assert_eq!(counts.examples.classes[&Relation::Missed].len(), 2);
}

#[test]
fn two_golds_of_one_range_are_both_kept_and_both_can_be_right() {
    let nested = message("chez <MERCHANT:<INFER_HEALTH:Oncologie Verdane>>");
    let both = [
        (0, "Oncologie Verdane", "MERCHANT"),
        (0, "Oncologie Verdane", "INFER_HEALTH"),
    ];
    assert_eq!(
        relations(&nested, &both),
        [Relation::Correct, Relation::Correct]
    );
    assert_eq!(
        relations(&nested, &both[..1]),
        [Relation::Correct, Relation::Merge]
    );
}

#[test]
fn a_correction_fragment_is_outside_the_strict_scores_and_inside_the_value() {
    let twice = conversation(
        0,
        "c",
        &[
            ("", "mon code <OTP_CODE f1:482913>"),
            ("", "<OTP_CODE f1 form=fragment:43> à la fin"),
        ],
    );
    let spans = [(0, "482913", "OTP_CODE")];
    let metrics = metrics(&twice, &spans);
    assert_eq!(metrics.gold, 1);
    assert_eq!(leak(&metrics), (1, 1));
}

#[test]
fn a_value_is_protected_only_if_every_mention_is() {
    let twice = conversation(
        0,
        "c",
        &[("", "<CARD_PIN f1:4821>"), ("", "oui, <CARD_PIN f1:4821>")],
    );
    let once = metrics(&twice, &[(0, "4821", "CARD_PIN")]);
    assert_eq!(leak(&once), (1, 1));
    let mentions = once.critical.mentions;
    assert_eq!((mentions.count, mentions.of), (1, 2));
    let both = metrics(&twice, &[(0, "4821", "CARD_PIN"), (1, "4821", "CARD_PIN")]);
    assert_eq!(leak(&both), (0, 1));
}

#[test]
fn the_residue_of_a_card_may_stay_and_nothing_of_a_pin() {
    let card = message("<PAN form=grouped:4000 0012 3456 7899>");
    assert_eq!(leak(&metrics(&card, &[(0, "12 3456", "PAN")])), (0, 1));
    assert_eq!(leak(&metrics(&card, &[(0, "2 3456", "PAN")])), (1, 1));
    let pin = message("<CARD_PIN:4821>");
    assert_eq!(leak(&metrics(&pin, &[(0, "482", "CARD_PIN")])), (1, 1));
}

#[test]
fn no_residue_is_tolerated_of_a_number_in_words() {
    let spoken = message("<PAN form=spoken:quatre mille douze trente-quatre>");
    assert_eq!(
        leak(&metrics(&spoken, &[(0, "e mille douze trente-q", "PAN")])),
        (1, 1)
    );
}

#[test]
fn a_split_value_is_protected_iff_every_part_is_and_its_residue_is_that_of_the_whole() {
    let parts = conversation(
        0,
        "c",
        &[
            ("", "<PAN f1 part=1/4:4000>"),
            ("", "<PAN f1 part=2/4:0012>"),
            ("", "<PAN f1 part=3/4:3456>"),
            ("", "<PAN f1 part=4/4:7899>"),
        ],
    );
    // The first six and the last four digits may stay: parts 1 and 4 and half of part 2.
    let middle = [(1, "12", "PAN"), (2, "3456", "PAN")];
    assert_eq!(leak(&metrics(&parts, &middle)), (0, 1));
    assert_eq!(leak(&metrics(&parts, &middle[..1])), (1, 1));
    assert_eq!(metrics(&parts, &middle).critical.mentions.of, 2);
}

#[test]
fn an_already_truncated_value_leaves_every_denominator_and_is_counted_apart() {
    let metrics = metrics(&message("carte finissant par <PAN_TRUNCATED:4242>"), &[]);
    assert_eq!(leak(&metrics), (0, 0));
    let row = &metrics.labels[&label("PAN_TRUNCATED")];
    assert_eq!(row.leak.inessential, 1);
    assert_eq!(row.spans.strict.recall.of, 1);
}

#[test]
fn a_wrong_label_protects_as_well_as_a_right_one() {
    let one = message("<IBAN:FR76 3000 4000>");
    assert_eq!(
        leak(&metrics(&one, &[(0, "FR76 3000 4000", "PAN")])),
        (0, 1)
    );
}

#[test]
fn harmless_text_and_false_alerts_are_counted_where_there_is_no_gold() {
    let two = conversation(
        0,
        "c",
        &[
            ("", "mon numéro <!loyalty_card PAN:9250 1234>"),
            ("", "code <OTP_CODE:482913>"),
        ],
    );
    let metrics = metrics(&two, &[(0, "9250", "PAN"), (1, "code 482913", "OTP_CODE")]);
    let coverage = &metrics.coverage;
    assert_eq!(
        (coverage.false_alerts.count, coverage.false_alerts.of),
        (1, 1)
    );
    // "code " and the four digits, of "mon numéro 9250 1234" and "code ".
    assert_eq!(
        (coverage.harmless_masked.count, coverage.harmless_masked.of),
        (9, 25)
    );
    let decoys = &metrics.decoys["loyalty_card"];
    assert_eq!(
        (decoys.alerted.count, decoys.masked.count, decoys.masked.of),
        (1, 4, 9)
    );
}

#[test]
fn conversations_and_customers_count_once_however_many_values_leak() {
    let counts = {
        let one = conversation(0, "c-1", &[("", "<CARD_PIN:4821> et <CARD_CVV:123>")]);
        let two = conversation(1, "c-1", &[("", "<CARD_PIN:7730>")]);
        let three = conversation(2, "c-2", &[("", "<CARD_PIN:1095>")]);
        let mut labels = ToolLabels::default();
        let (a, b) = (found(&one, &[], &mut labels), found(&two, &[], &mut labels));
        let c = found(&three, &[(0, "1095", "CARD_PIN")], &mut labels);
        let mut scorer = Scorer::new(ScoringOptions {
            labels,
            ..ScoringOptions::default()
        });
        for (conversation, predictions) in [(&one, &a), (&two, &b), (&three, &c)] {
            scorer.add(conversation, predictions).unwrap();
        }
        scorer.finish()
    };
    let metrics = Metrics::of(&counts);
    let conversations = metrics.exposed_conversations.critical;
    assert_eq!((conversations.count, conversations.of), (2, 3));
    let customers = metrics.exposed_customers.critical;
    assert_eq!((customers.count, customers.of), (1, 2));
}

/// A message with a secret, an identity and plenty of harmless text.
fn chat() -> Conversation {
    message(
        "bonjour, je suis <PERSON_NAME:Ilario Fenwike>, code <OTP_CODE:482913>, \
         vos tarifs 2026 svp ? le 3 rue des Lices ferme à 18h",
    )
}

/// Predictions over every piece of the text that `cut` gives.
fn trick(cut: impl Fn(&str) -> Vec<(usize, usize)>) -> Metrics {
    let chat = chat();
    let labels: ToolLabels = ["OTP_CODE"].into_iter().collect();
    let mut predictions = Predictions::new();
    for (start, end) in cut(chat.messages[0].body.text()) {
        let range = ByteRange {
            start: start as u32,
            end: end as u32,
        };
        predictions.push(Prediction {
            range,
            label: ToolLabel(0),
            score: None,
        });
    }
    predictions.end_unit();
    let mut scorer = Scorer::new(ScoringOptions {
        labels,
        ..ScoringOptions::default()
    });
    scorer.add(&chat, &predictions).unwrap();
    Metrics::of(&scorer.finish())
}

#[test]
fn masking_whole_messages_leaks_nothing_and_masks_all_harmless_text() {
    let metrics = trick(|text| vec![(0, text.len())]);
    assert_eq!(leak(&metrics), (0, 2));
    assert_eq!(metrics.coverage.harmless_masked.value(), Some(1.0));
    assert_eq!(metrics.scopes[&Scope::All].micro.strict.f1, Some(0.0));
}

#[test]
fn masking_all_digits_protects_codes_and_leaks_names() {
    let metrics = trick(|text| {
        let digits = text.char_indices().filter(|(_, c)| c.is_ascii_digit());
        digits.map(|(at, _)| (at, at + 1)).collect()
    });
    assert_eq!((metrics.critical.leak.count, leak(&metrics)), (0, (1, 2)));
    // 2026, 3 and 18: one-character predictions are alerts one by one.
    assert_eq!(metrics.coverage.stray_alerts, 7);
    assert_eq!(metrics.errors[&Relation::Fragment], 5);
}

#[test]
fn shuffled_labels_leak_nothing_and_lose_every_score_with_a_type() {
    // Every range is right and every label is another's: the headline must not change, and strict, type
    // and the matrix must tell.
    let chat = message(
        "<OTP_CODE:482913>, <PAN:4000 0012 3456 7899>, <PERSON_NAME:Ilario Fenwike>, \
         <EMAIL_ADDRESS:a.b@example.com>",
    );
    let golds = [
        ("482913", "OTP_CODE"),
        ("4000 0012 3456 7899", "PAN"),
        ("Ilario Fenwike", "PERSON_NAME"),
        ("a.b@example.com", "EMAIL_ADDRESS"),
    ];
    let right: Vec<_> = golds
        .iter()
        .map(|&(text, label)| (0, text, label))
        .collect();
    let shuffled: Vec<_> = (0..4)
        .map(|k| (0, golds[k].0, golds[(k + 1) % 4].1))
        .collect();
    let (honest, trick) = (metrics(&chat, &right), metrics(&chat, &shuffled));
    assert_eq!((leak(&honest), leak(&trick)), ((0, 4), (0, 4)));
    let micro = |m: &Metrics| m.scopes[&Scope::All].micro;
    assert_eq!(micro(&trick).exact, micro(&honest).exact);
    assert_eq!(micro(&trick).partial, micro(&honest).partial);
    assert_eq!(micro(&trick).strict.f1, Some(0.0));
    assert_eq!(micro(&trick).typed.f1, Some(0.0));
    assert_eq!(trick.errors[&Relation::WrongType], 4);
    assert!(
        trick
            .matrix
            .iter()
            .all(|cell| cell.gold != cell.predicted && cell.exact == 1)
    );
}

#[test]
fn finding_nothing_leaks_everything_and_has_no_precision() {
    let metrics = trick(|_| Vec::new());
    assert_eq!(leak(&metrics), (2, 2));
    assert_eq!(
        metrics.scopes[&Scope::All].micro.strict.precision.value(),
        None
    );
    assert_eq!(metrics.coverage.harmless_masked.value(), Some(0.0));
}

#[test]
fn one_character_spans_everywhere_get_one_match_per_gold() {
    let metrics = trick(|text| {
        text.char_indices()
            .map(|(at, c)| (at, at + c.len_utf8()))
            .collect()
    });
    assert_eq!(leak(&metrics), (0, 2));
    let micro = metrics.scopes[&Scope::All].micro;
    assert_eq!(micro.partial.recall.count, 2);
    assert!(micro.partial.precision.value().unwrap() < 0.02);
}

#[test]
fn a_span_per_token_buys_recall_with_precision() {
    let metrics = trick(|text| {
        let mut at = 0;
        text.split(' ')
            .map(|token| {
                let start = at;
                at += token.len() + 1;
                (start, start + token.len())
            })
            .filter(|(start, end)| start < end)
            .collect()
    });
    assert_eq!(leak(&metrics), (0, 2));
    assert!(metrics.coverage.harmless_masked.value().unwrap() > 0.7);
    assert_eq!(metrics.scopes[&Scope::All].micro.strict.recall.count, 0);
}

/// Metrics in a view.
fn seen(view: View, conversation: &Conversation, spans: &[(usize, &str, &str)]) -> Metrics {
    let mut labels = ToolLabels::default();
    let predictions = found(conversation, spans, &mut labels);
    let mut scorer = Scorer::new(ScoringOptions {
        labels,
        view,
        ..ScoringOptions::default()
    });
    scorer.add(conversation, &predictions).unwrap();
    Metrics::of(&scorer.finish())
}

#[test]
fn a_view_changes_span_scores_and_nothing_that_speaks_of_the_text() {
    let chat =
        message("chez <MERCHANT:<PERSON_NAME:Ilario> Fenwike>, <OTP_CODE:482><OTP_CODE:913>");
    let spans = [
        (0, "Ilario Fenwike,", "MERCHANT"),
        (0, "482913", "OTP_CODE"),
    ];
    let strict = |view: View| {
        let strict = seen(view, &chat, &spans).scopes[&Scope::All].micro.strict;
        (strict.recall.count, strict.recall.of, strict.precision.of)
    };
    assert_eq!(strict(View::All), (0, 4, 2));
    assert_eq!(strict(View::Outermost), (0, 3, 2));
    assert_eq!(strict(View::EdgeTolerant), (1, 4, 2));
    assert_eq!(strict(View::MergeAdjacent), (1, 3, 2));
    let plain = seen(View::All, &chat, &spans);
    for view in View::ALL {
        let other = seen(*view, &chat, &spans);
        assert_eq!(other.coverage, plain.coverage, "{view}");
        assert_eq!(other.critical, plain.critical, "{view}");
        assert_eq!(other.exposure, plain.exposure, "{view}");
    }
}

#[test]
fn two_predictions_that_differ_at_their_edges_are_one_where_edges_do_not_count() {
    let one = message("code <OTP_CODE:482913>, merci");
    let spans = [(0, "482913", "OTP_CODE"), (0, "482913,", "OTP_CODE")];
    let tolerant = seen(View::EdgeTolerant, &one, &spans);
    assert_eq!((tolerant.predictions, tolerant.duplicates), (1, 1));
    assert_eq!(seen(View::All, &one, &spans).errors[&Relation::Fragment], 1);
}

#[test]
fn intersection_over_union_counts_pairs_of_right_type_that_share_enough() {
    // 8 of 10 characters: .8; a wrong type never counts.
    let one = message("<PASSWORD:abcdefghij> et <PASSWORD:klmnopqrst>");
    let spans = [(0, "abcdefgh", "PASSWORD"), (0, "klmnopqrst", "PAN")];
    let iou = metrics(&one, &spans).scopes[&Scope::All].micro.iou;
    let counts = [iou.at_50, iou.at_75, iou.at_90].map(|scores| scores.recall.count);
    assert_eq!(counts, [1, 1, 0]);
    let exact = metrics(&one, &[(0, "abcdefghij", "PASSWORD")]);
    assert_eq!(exact.scopes[&Scope::All].micro.iou.at_90.recall.count, 1);
}

#[test]
fn the_mean_over_conversations_weighs_a_short_one_like_a_long_one() {
    let long = conversation(
        0,
        "c",
        &[("", "<CARD_PIN:4821> <CARD_CVV:123> <OTP_CODE:482913>")],
    );
    let short = conversation(1, "c", &[("", "<CARD_PIN:7730>")]);
    let silent = conversation(2, "c", &[("", "bonjour")]);
    let mut labels = ToolLabels::default();
    let answers = [
        found(&long, &[], &mut labels),
        found(&short, &[(0, "7730", "CARD_PIN")], &mut labels),
        found(&silent, &[], &mut labels),
    ];
    let mut scorer = Scorer::new(ScoringOptions {
        labels,
        ..ScoringOptions::default()
    });
    for (conversation, answer) in [&long, &short, &silent].into_iter().zip(&answers) {
        scorer.add(conversation, answer).unwrap();
    }
    let metrics = Metrics::of(&scorer.finish());
    assert_eq!(
        metrics.scopes[&Scope::All].micro.strict.recall.value(),
        Some(0.25)
    );
    assert_eq!(metrics.conversation_mean.recall, Some(0.5));
    assert_eq!(metrics.conversation_mean.precision, Some(1.0));
}

#[test]
fn the_matrix_holds_every_gold_span_and_every_prediction_once() {
    let chat = message("<OTP_CODE:482913>, <PAN:4000 0012 3456 7899>, tarifs 2026");
    let spans = [
        (0, "482913", "PAN"),
        (0, "482", "OTP_CODE"),
        (0, "2026", "NUMBER"),
        (0, "tarifs", "IBAN"),
    ];
    let metrics = metrics(&chat, &spans);
    let cells: Vec<_> = metrics
        .matrix
        .iter()
        .map(|c| {
            let counts = [c.exact, c.overlapping, c.further, c.alone];
            (&*c.gold, &*c.predicted, counts)
        })
        .collect();
    let expected = [
        ("(none)", "(unmapped)", [0, 0, 0, 1]),
        ("(none)", "IBAN", [0, 0, 0, 1]),
        ("OTP_CODE", "OTP_CODE", [0, 0, 1, 0]),
        ("OTP_CODE", "PAN", [1, 0, 0, 0]),
        ("PAN", "(missed)", [0, 0, 0, 1]),
    ];
    let mut sorted = cells.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
}

#[test]
fn the_legal_view_counts_a_label_under_every_rule_that_names_it() {
    use super::legal::Regime;
    let chat = message("<CARD_CVV:123>, <UK_NHS:943 476 5919>, <BALANCE:90,00 €>");
    let metrics = metrics(&chat, &[(0, "123", "CARD_CVV")]);
    let leaks = |regime: Regime| {
        let leak = metrics.legal[&regime].leak.leak;
        (leak.count, leak.of)
    };
    assert_eq!(leaks(Regime::PciSad), (0, 1));
    assert_eq!(leaks(Regime::Gdpr9), (1, 1));
    assert_eq!(leaks(Regime::Gdpr87), (1, 1));
    assert_eq!(leaks(Regime::BankSecrecy), (1, 1));
    assert_eq!(leaks(Regime::PciChd), (0, 0));
    let group = &metrics.groups["government_id"];
    assert_eq!((group.leak.leak.count, group.leak.leak.of), (1, 1));
}

#[test]
fn a_curve_is_what_a_higher_threshold_would_give() {
    let two = conversation(
        0,
        "c",
        &[
            ("", "code <OTP_CODE:482913>, <MERCHANT:Verdane>"),
            ("", "tarifs 2026"),
        ],
    );
    let labels: ToolLabels = ["OTP_CODE"].into_iter().collect();
    let scored = |kept: f32| {
        let mut predictions = Predictions::new();
        let spans = [(0, "482", 0.9), (0, "482913", 0.6), (1, "2026", 0.3)];
        for unit in 0..2 {
            let text = two.messages[unit].body.text();
            for (at, covered, score) in spans {
                if at == unit && score >= kept {
                    let start = text.find(covered).unwrap() as u32;
                    predictions.push(Prediction {
                        range: ByteRange {
                            start,
                            end: start + covered.len() as u32,
                        },
                        label: ToolLabel(0),
                        score: Some(score),
                    });
                }
            }
            predictions.end_unit();
        }
        let mut scorer = Scorer::new(ScoringOptions {
            labels: labels.clone(),
            ..ScoringOptions::default()
        });
        scorer.add(&two, &predictions).unwrap();
        Metrics::of(&scorer.finish())
    };
    let curves = scored(0.0).curves.unwrap();
    assert_eq!(curves.scored, 3);
    for threshold in [0.0, 0.2, 0.3, 0.31, 0.6, 0.75, 0.9, 0.95] {
        let last = curves
            .points
            .iter()
            .rev()
            .find(|p| p.threshold <= threshold + 1e-9);
        let point = last.unwrap();
        let direct = scored(threshold as f32);
        let strict = direct.scopes[&Scope::All].micro.strict;
        assert_eq!(point.precision, strict.precision.value(), "{threshold}");
        assert_eq!(point.recall, strict.recall.value(), "{threshold}");
        assert_eq!(point.leak, direct.critical.leak.value(), "{threshold}");
        assert_eq!(
            point.profile_leak,
            direct.profile.leak.value(),
            "{threshold}"
        );
        assert_eq!(
            point.harmless_masked,
            direct.coverage.harmless_masked.value()
        );
        assert_eq!(point.false_alerts, direct.coverage.false_alerts.value());
    }
    let otp = &curves.labels[&label("OTP_CODE")];
    assert_eq!(
        (otp.best_f1.threshold, otp.least_leak.threshold),
        (0.6, 0.6)
    );
    assert_eq!(metrics(&two, &[(0, "482913", "OTP_CODE")]).curves, None);
}

#[test]
fn a_value_given_in_parts_and_false_alerts_stand_in_their_slices() {
    use super::slices::Dimension;
    let chat = conversation(
        0,
        "c",
        &[
            ("a", "<OTP_CODE f1 part=1/2:482>"),
            ("b", "<OTP_CODE f1 part=2/2:913>"),
            ("c", "Voir nos tarifs de l'année 2026, merci."),
        ],
    );
    let metrics = metrics(&chat, &[(0, "482", "OTP_CODE"), (2, "2026", "PAN")]);
    let slice = |dimension, name: &str| metrics.slices[&dimension][name];
    let parts = slice(Dimension::Parts, "in_parts");
    assert_eq!((parts.leak.count, parts.leak.of, parts.text), (1, 1, None));
    let text = slice(Dimension::Length, "21-80").text.unwrap();
    assert_eq!(
        (text.messages, text.spurious.count, text.spurious.of),
        (1, 1, 1)
    );
    assert_eq!((text.false_alerts.count, text.false_alerts.of), (1, 1));
    assert_eq!(slice(Dimension::Split, "test").recall.of, 2);
    assert_eq!(slice(Dimension::Channel, "messenger").recall.count, 1);
}

#[test]
fn twins_are_compared_and_counted_nowhere_else() {
    let plain = conversation(0, "c", &[("", "<CARD_PIN:4821>")]);
    let mut tidy = conversation(0, "c", &[("", "<CARD_PIN:4821>.")]);
    tidy.id += "~tidy";
    let mut labels = ToolLabels::default();
    let answers = [
        found(&plain, &[], &mut labels),
        found(&tidy, &[(0, "4821", "CARD_PIN")], &mut labels),
    ];
    let scored = |order: [usize; 2]| {
        let shard = |at: usize| {
            let mut scorer = Scorer::new(ScoringOptions {
                labels: labels.clone(),
                twins: true,
                ..ScoringOptions::default()
            });
            scorer.add([&plain, &tidy][at], &answers[at]).unwrap();
            scorer.finish()
        };
        let mut sum = shard(order[0]);
        sum.merge(shard(order[1])).unwrap();
        sum
    };
    assert_eq!(scored([0, 1]), scored([1, 0]));
    let metrics = Metrics::of(&scored([0, 1]));
    assert_eq!((metrics.conversations, leak(&metrics)), (1, (1, 1)));
    let tidy = &metrics.twins["tidy"];
    assert_eq!(
        (tidy.pairs, tidy.leak.change, tidy.recall.change),
        (1, Some(-1.0), Some(1.0))
    );
}
