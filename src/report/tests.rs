use super::ranking::ranking;
use super::result::{
    BenchResult, CorpusId, DetectorRow, Estimate, Failure, Given, Machine, Options, TimingSummary,
};
use super::*;
use crate::conversation::{Conversation, Split};
use crate::detectors::{Description, Feed, HISTORY};
use crate::formats::predictions::sample::{conversation, found, label};
use crate::prediction::ToolLabels;
use crate::scoring::{
    Characters, ExampleOptions, ExampleText, LabelMap, Scorer, ScoringOptions, Tolerance, View,
    common,
};
use crate::timing::summary::MemoryOf;

/// Sixty conversations of twelve customers, whose PINs stand in thirteen phrases.
fn corpus() -> Vec<Conversation> {
    let build = |n: u32| {
        let phrase = |act: &str, of: u32| format!("{act}.{}", n % of);
        let (open, give, show) = (phrase("open", 6), phrase("give", 13), phrase("show", 17));
        let customer = format!("c-{:06}", n % 12);
        let pin = format!("mon code est <CARD_PIN f1:{:04}>", 2_000 + n * 137 % 7_000);
        let card = format!(
            "carte <PAN f2 form=grouped:4000 00{:02} 3456 7899>, numéro de fidélité \
             <!loyalty_card PAN:9250 12{:02}>",
            n, n
        );
        let pay = format!(
            "<TRANSACTION_AMOUNT f3:{} €> chez <MERCHANT f4:Verdane>",
            20 + n
        );
        let messages = [
            (&*open, "bonjour"),
            (&*give, &*pin),
            (&*show, &*card),
            (&*open, &*pay),
        ];
        conversation(n, &customer, &messages)
    };
    (0..60).map(build).collect()
}

/// A detector that finds what `finds` says of conversation `n`, as `(unit, text, label)`.
fn row(
    name: &str,
    map: &LabelMap,
    finds: impl Fn(u32, &Conversation) -> Vec<(usize, String, &'static str)>,
) -> DetectorRow {
    let mut labels = ToolLabels::default();
    let corpus = corpus();
    let answers: Vec<_> = (0..)
        .zip(&corpus)
        .map(|(n, conversation)| {
            let spans = finds(n, conversation);
            let spans: Vec<_> = spans
                .iter()
                .map(|(u, text, l)| (*u, text.as_str(), *l))
                .collect();
            found(conversation, &spans, &mut labels)
        })
        .collect();
    let mut scorer = Scorer::new(ScoringOptions {
        labels: labels.clone(),
        label_map: map.clone(),
        examples: ExampleOptions {
            most: if matches!(name, "none" | "mask-all") {
                0
            } else {
                2
            },
            text: ExampleText::Withheld,
        },
        ..ScoringOptions::default()
    });
    for (conversation, predictions) in corpus.iter().zip(&answers) {
        scorer.add(conversation, predictions).unwrap();
    }
    let description = description(name, labels);
    DetectorRow::scored(&description, map, scorer.finish(), Some(&common([map])))
}

fn description(name: &str, labels: ToolLabels) -> Description {
    Description {
        name: name.to_owned(),
        version: "1.4.0".to_owned(),
        labels,
        threads: 1,
        anchor: matches!(name, "none" | "mask-all"),
        reference: name == "rules",
    }
}

fn covered(conversation: &Conversation, unit: usize, id: &str) -> String {
    let body = &conversation.messages[unit].body;
    let (range, _) = body
        .spans()
        .find(|(_, span)| span.label == label(id))
        .unwrap();
    body.covered(range).to_owned()
}

fn timing(messages: f64) -> TimingSummary {
    let around = |median: f64| Estimate {
        median,
        low: median * 0.98,
        high: median * 1.02,
    };
    TimingSummary {
        start_up_ms: 12.0,
        first_batch_ms: 0.8,
        messages_per_s: around(messages),
        mb_per_s: around(messages * 97e-6),
        passes: 10,
        warm_up_passes: 3,
        self_reported_ms: None,
        cpu_s: Some(3.1),
        peak_memory_bytes: Some(9_437_184),
        memory_of: MemoryOf::Child,
        model: "batch".to_owned(),
        batch: 64,
        budget_s: 120.0,
        trimmed: false,
        samples_s: vec![0.3; 10],
        warm_up_s: vec![0.4; 3],
        mad_s: 0.0,
        prediction_hash_ok: true,
    }
}

fn result() -> BenchResult {
    let cards = LabelMap::new([
        ("CARD", vec![label("PAN")]),
        ("PIN", vec![label("CARD_PIN")]),
    ]);
    let whole = |conversation: &Conversation, unit: usize| {
        conversation.messages[unit].body.text().to_owned()
    };
    let good = |misses: u32| {
        move |n: u32, c: &Conversation| {
            let mut spans = vec![(2, covered(c, 2, "PAN"), "CARD")];
            if n % 20 >= misses {
                spans.push((1, covered(c, 1, "CARD_PIN"), "PIN"));
            }
            spans
        }
    };
    let none = LabelMap::default();
    let rows = vec![
        row("none", &none, |_, _| Vec::new()),
        row("mask-all", &none, move |_, c| {
            (0..4).map(|unit| (unit, whole(c, unit), "MASK")).collect()
        }),
        row("card-finder", &cards, good(4)).timed(timing(602_000.0)),
        row("card-finder-fork", &cards, good(5)).timed(timing(28_000.0)),
        row("a-detector-with-a-very-long-name", &cards, |_, c| {
            vec![
                (2, "9250".to_owned(), "CARD"),
                (1, covered(c, 1, "CARD_PIN"), "NUMBER"),
            ]
        })
        .timed(TimingSummary {
            prediction_hash_ok: false,
            ..timing(624.0)
        }),
        row("rules", &LabelMap::identity(), |_, c| {
            vec![
                (1, covered(c, 1, "CARD_PIN"), "CARD_PIN"),
                (2, covered(c, 2, "PAN"), "PAN"),
            ]
        }),
        DetectorRow::failed(
            &description("crasher", ToolLabels::default()),
            &none,
            Failure {
                kind: "died".to_owned(),
                message: "ended early: \u{1b}[31mTraceback | <b>".to_owned(),
            },
        ),
    ];
    let corpus = CorpusId {
        suite: "fr@1-preview".to_owned(),
        conversations: 60,
        seed: 7,
        corpus_version: 1,
        content_hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".to_owned(),
    };
    let options = Options {
        tolerance: "default".to_owned(),
        tolerance_hash: Tolerance::default().hash(),
        view: View::All,
        characters: Characters::CodePoints,
        twins: false,
        split: Some(Split::Test),
        history: HISTORY as u32,
        bootstrap_seed: 0,
    };
    let command = ["tellerbench", "bench"].map(str::to_owned).to_vec();
    let mut result = BenchResult::new(corpus, Feed::Stream, options, command, rows);
    // The taxonomy may gain examples without the pages changing.
    result.label_set_hash = "5eed5eed".repeat(8);
    result.machine = Some(Machine {
        cpu_model: "Example CPU 3000".to_owned(),
        cores: 2,
        memory_bytes: 8 << 30,
        os: "linux-x86_64".to_owned(),
        kernel: "6.1".to_owned(),
        load_average: Some([0.42, 0.4, 0.3]),
    });
    result
}

#[test]
fn pages_of_another_tools_corpus_say_how_it_was_read_and_what_intervals_mean_there() {
    let mut result = result();
    result.given = Some(Given {
        format: "spacy".to_owned(),
        offsets: "utf16".to_owned(),
        clusters: "messages".to_owned(),
        messages: 1234,
        spans: 99,
        ignored: 7,
    });
    for (lang, read, uncertain) in [
        (
            Lang::English,
            "format spacy, offsets in utf16, 1,234 messages, 99 spans, 7 ignored; clusters: messages",
            "what stands for customers in this corpus (messages)",
        ),
        (
            Lang::French,
            "positions en utf16, 1\u{202f}234\u{a0}messages, 99\u{a0}annotations, 7\u{a0}ignorées",
            "ce qui tient lieu de clients dans ce corpus (messages)",
        ),
    ] {
        let options = PageOptions::in_language(lang);
        let page = markdown::render(&result, &options);
        assert!(page.contains(read) && page.contains(uncertain), "{page}");
        assert!(
            !page.contains("seed 7") && !page.contains("graine 7"),
            "{page}"
        );
        let tables = latex::render(&result, &options);
        assert!(tables.contains("(messages), t"), "{tables}");
        assert!(
            !tables.contains("generator's") && !tables.contains("générateur"),
            "{tables}"
        );
    }
}

#[test]
fn detectors_that_cannot_be_told_apart_share_a_rank_and_anchors_have_none() {
    let result = result();
    let places: Vec<(String, String)> = ranking(&result)
        .iter()
        .map(|place| (place.row.name.clone(), place.name()))
        .collect();
    let place = |name: &str| &places.iter().find(|(n, _)| n == name).unwrap().1;
    assert_eq!(
        (place("card-finder"), place("card-finder-fork")),
        (&"1=".into(), &"1=".into())
    );
    assert_eq!(place("a-detector-with-a-very-long-name"), "3");
    for unranked in ["none", "mask-all", "rules", "crasher"] {
        assert_eq!(place(unranked), "–", "{unranked}");
    }
    assert_eq!(places.last().unwrap().0, "crasher");
}

#[cfg(feature = "cli")]
#[test]
fn the_terminal_page_is_as_it_was_approved() {
    let result = result();
    for &lang in Lang::ALL {
        for (name, sections) in [("usual", None), ("all", Some(Section::ALL.to_vec()))] {
            let view = PageOptions {
                sections,
                ..PageOptions::in_language(lang)
            };
            let page = terminal::render(&result, &view, false);
            let wide = page.lines().find(|line| line.chars().count() > 120);
            assert_eq!(wide, None, "{lang} {name}");
            assert!(!page.contains('\u{1b}'));
            insta::assert_snapshot!(format!("terminal_{name}_{lang}"), page);
        }
    }
}

#[cfg(feature = "cli")]
#[test]
fn colour_comes_only_when_asked_for_and_never_from_a_detector() {
    let page = terminal::render(&result(), &PageOptions::default(), true);
    assert!(page.contains("\u{1b}[1mRanking"));
    assert_eq!(
        page.matches("\u{1b}[31m").count(),
        1,
        "the failure's own colour"
    );
}

#[test]
fn the_markdown_page_is_as_it_was_approved() {
    for &lang in Lang::ALL {
        let page = markdown::render(&result(), &PageOptions::in_language(lang));
        insta::assert_snapshot!(format!("markdown_{lang}"), page);
    }
}

#[test]
fn the_latex_tables_are_as_they_were_approved() {
    for &lang in Lang::ALL {
        let tables = latex::render(&result(), &PageOptions::in_language(lang));
        insta::assert_snapshot!(format!("latex_{lang}"), tables);
    }
}

#[test]
fn every_latex_row_has_a_cell_per_column_whatever_a_detector_is_called() {
    let mut result = result();
    result.detectors[2].name = "50 % & {\\input x} #1 _ $y^2$ ~ \n[2]".to_owned();
    for &lang in Lang::ALL {
        let tables = latex::render(&result, &PageOptions::in_language(lang));
        assert!(!tables.contains("\\input"));
        let count = |sign: &str| tables.matches(sign).count();
        assert_eq!(count("\\begin{table}"), count("\\end{table}"));
        let plain = tables.replace("\\{", "").replace("\\}", "");
        assert_eq!(plain.matches('{').count(), plain.matches('}').count());
        for table in tables.split("\\begin{tabular}{@{}").skip(1) {
            let columns = table.split('@').next().unwrap().len();
            let rows = table.lines().filter(|line| line.ends_with("\\\\"));
            for row in rows {
                let cells = 1 + row.replace("\\&", "").matches('&').count();
                assert_eq!(cells, columns, "{row}");
            }
        }
    }
}

#[test]
fn every_row_of_csv_has_its_cells_and_numbers_stay_numbers() {
    let rows = csv::render(&result());
    for row in rows.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells.len(), csv::HEAD.split(',').count(), "{row}");
        for number in cells[4..8].iter().filter(|cell| !cell.is_empty()) {
            assert!(number.parse::<f64>().is_ok(), "{row}");
        }
    }
}

#[test]
fn error_classes_on_a_page_sum_to_predictions_and_unanswered_golds() {
    let result = result();
    let view = PageOptions {
        sections: Some(vec![Section::Errors]),
        ..PageOptions::default()
    };
    let page = tables::Page::of(&result, &view, &[]);
    let Some((_, tables::Block::Table(table))) = page.blocks.first() else {
        panic!("a table of errors");
    };
    assert_eq!(table.rows.len(), 6);
    for row in &table.rows {
        let counts: Vec<u64> = row[1..].iter().map(|cell| cell.parse().unwrap()).collect();
        let (sum, classes) = counts.split_last().unwrap();
        assert_eq!(classes.iter().sum::<u64>(), *sum, "{row:?}");
    }
    assert!(table.below[0].starts_with("rules: 240 = 120 predictions + 120 gold spans"));
}

#[test]
fn the_rows_of_csv_are_as_they_were_approved() {
    insta::assert_snapshot!("csv", csv::render(&result()));
}

#[test]
fn no_page_shows_a_value() {
    let view = PageOptions {
        labels: LabelRows::All,
        sections: Some(Section::ALL.to_vec()),
        values: true,
        ..PageOptions::default()
    };
    let result = result();
    let pages = [
        markdown::render(&result, &view),
        latex::render(&result, &view),
        csv::render(&result),
        serde_json::to_string(&result).unwrap(),
    ];
    for conversation in corpus() {
        for message in &conversation.messages {
            for (range, span) in message.body.spans() {
                if span.label == label("CARD_PIN") || span.label == label("PAN") {
                    let value = format!(" {}", message.body.covered(range));
                    assert!(!pages.iter().any(|page| page.contains(&value)), "{value}");
                }
            }
        }
    }
}

#[test]
fn a_result_follows_the_published_schema_and_reads_back() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schemas/result.v1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let result = result();
    let value = serde_json::to_value(&result).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut broken = value.clone();
    broken["detectors"][0]["outcome"] = serde_json::json!({});
    assert!(!validator.is_valid(&broken), "a row without an outcome");
    let read = BenchResult::parse(&value.to_string()).unwrap();
    assert_eq!(
        markdown::render(&read, &PageOptions::default()),
        markdown::render(&result, &PageOptions::default())
    );
    let other = value
        .to_string()
        .replacen("\"schema\":1", "\"schema\":9", 1);
    assert!(BenchResult::parse(&other).unwrap_err().contains("schema 9"));
}
