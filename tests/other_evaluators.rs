//! `score --as` and `score --explain-difference`: every option does what it says, and says so in the
//! signature; what makes no sense is refused.

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A corpus in the format of spaCy, and answers for it, each document `(text, gold, predictions)`.
type Docs<'a> = &'a [(
    &'a str,
    &'a [(u32, u32, &'a str)],
    &'a [(u32, u32, &'a str)],
)];

/// Two documents on which every knob changes something.
const DOCS: Docs<'_> = &[
    (
        "Mr Ilario Fenwike, 12 rue de la Paix, 4000 1234",
        &[(3, 17, "NAME"), (19, 36, "STREET"), (38, 47, "CARD")],
        &[
            (3, 9, "NAME"),
            (3, 17, "NAME"),
            (19, 37, "STREET"),
            (38, 47, "ID"),
        ],
    ),
    (
        "Fenwike again: 4000",
        &[(0, 7, "NAME"), (15, 19, "CARD")],
        &[(0, 7, "NAME"), (0, 7, "NAME")],
    ),
];

struct Folder(TempDir);

impl Folder {
    fn with(docs: Docs<'_>) -> Folder {
        let folder = TempDir::new().unwrap();
        for (name, side) in [("gold.jsonl", 1), ("pred.jsonl", 2)] {
            let lines: String = docs
                .iter()
                .map(|(text, gold, pred)| {
                    let spans = if side == 1 { gold } else { pred };
                    let spans: Vec<Value> = spans
                        .iter()
                        .map(|(start, end, label)| json!({"start": start, "end": end, "label": label}))
                        .collect();
                    json!({"text": text, "spans": spans}).to_string() + "\n"
                })
                .collect();
            fs::write(folder.path().join(name), lines).unwrap();
        }
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `score` over the two files of spaCy's format.
    fn score(&self, options: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tellerbench"));
        command
            .arg("score")
            .arg(self.path("gold.jsonl"))
            .arg(self.path("pred.jsonl"));
        command.args(["--input-format", "spacy"]).args(options);
        command
    }

    fn json(&self, options: &[&str]) -> Value {
        let output = self
            .score(options)
            .args(["--format", "json"])
            .assert()
            .success();
        serde_json::from_slice(&output.get_output().stdout).unwrap()
    }

    /// The exit code and message of a refusal.
    fn refusal(&self, options: &[&str]) -> (i32, String) {
        let output = self.score(options).assert().failure();
        let output = output.get_output();
        assert!(output.stdout.is_empty(), "figures beside an error");
        let message = String::from_utf8(output.stderr.clone()).unwrap();
        (output.status.code().unwrap(), message)
    }
}

/// A figure by its JSON Pointer.
fn at<'a>(result: &'a Value, pointer: &str) -> &'a Value {
    let found = result.pointer(pointer);
    found.unwrap_or_else(|| panic!("no {pointer} in {result:#}"))
}

#[test]
fn every_tool_answers_with_a_signature_that_names_tool_release_and_knobs() {
    let folder = Folder::with(DOCS);
    for (tool, release, knobs) in [
        ("nervaluate", "nervaluate 1.2.1", 2),
        ("nervaluate-0.2.0", "nervaluate 0.2.0", 1),
        ("seqeval", "seqeval 1.2.2", 5),
        ("seqeval-strict", "seqeval 1.2.2", 5),
        ("presidio-span", "presidio-evaluator 0.3.2", 6),
        ("presidio-token", "presidio-evaluator 0.3.2", 6),
        (
            "tab",
            "Text Anonymization Benchmark, evaluation.py at c5246a2",
            2,
        ),
        ("openmed", "openmed 3.1.0", 0),
    ] {
        let result = folder.json(&["--as", tool]);
        assert_eq!(result["kind"], "imitation");
        assert_eq!(result["documents"], 2);
        assert_eq!(at(&result, "/signature/tool"), tool);
        assert_eq!(at(&result, "/signature/imitates"), release);
        assert_eq!(at(&result, "/signature/label_names"), "raw");
        let parameters = at(&result, "/signature/parameters").as_object().unwrap();
        assert_eq!(parameters.len(), knobs, "{tool}: {parameters:?}");
        let table = folder.score(&["--as", tool]).assert().success();
        let table = String::from_utf8(table.get_output().stdout.clone()).unwrap();
        assert!(table.contains(release), "{table}");
    }
}

#[test]
fn nervaluate_counts_as_its_matching_goes() {
    let result = Folder::with(DOCS).json(&["--as", "nervaluate"]);
    let strict = at(&result, "/report/overall/strict");
    // The short NAME consumes the gold span; the exact one that follows is spurious, as is the second of two
    // equal ones.
    assert_eq!(strict["correct"], 1);
    assert_eq!(strict["incorrect"], 3);
    assert_eq!(strict["spurious"], 2);
    assert_eq!(strict["missed"], 1);
    assert_eq!(at(&result, "/report/overall/ent_type/correct"), 3);
    assert_eq!(at(&result, "/report/overall/partial/partial"), 2);
    assert_eq!(at(&result, "/report/entities/STREET/partial/partial"), 1);
}

#[test]
fn min_overlap_and_tags_are_those_of_nervaluate() {
    let folder = Folder::with(DOCS);
    let half = folder.json(&["--as", "nervaluate", "--min-overlap", "50"]);
    // 6 of 14 characters are not enough; the exact prediction now finds its gold span free.
    assert_eq!(at(&half, "/report/overall/strict/correct"), 2);
    assert_eq!(at(&half, "/signature/parameters/min-overlap"), 50.0);
    let names = folder.json(&["--as", "nervaluate", "--tags", "NAME,ID"]);
    assert_eq!(at(&names, "/report/overall/strict/possible"), 2);
    assert!(names.pointer("/report/entities/STREET").is_none());
    let legacy = folder.json(&["--as", "nervaluate-0.2.0", "--tags", "NAME"]);
    assert_eq!(at(&legacy, "/report/overall/strict/correct"), 3);
}

#[test]
fn seqeval_has_its_scheme_beta_average_zero_division_and_tokens() {
    let folder = Folder::with(DOCS);
    let plain = folder.json(&["--as", "seqeval"]);
    // Of two NAMEs on the same tokens one has tags, the longer one.
    assert_eq!(
        at(&plain, "/report/counts"),
        &json!({"tp": 2, "fp": 2, "fn": 3})
    );
    assert_eq!(at(&plain, "/tagging/pred_hidden"), 2);
    let strict = folder.json(&["--as", "seqeval-strict", "--scheme", "IOBES"]);
    assert_eq!(at(&strict, "/report/counts"), at(&plain, "/report/counts"));
    assert_eq!(at(&strict, "/signature/parameters/scheme"), "IOBES");
    let micro = folder.json(&["--as", "seqeval", "--average", "micro", "--beta", "2"]);
    let f2 = at(&micro, "/report/f").as_f64().unwrap();
    assert!(
        (f2 - 5.0 * 0.5 * 0.4 / (4.0 * 0.5 + 0.4)).abs() < 1e-9,
        "{f2}"
    );
    let each = folder.json(&[
        "--as",
        "seqeval",
        "--average",
        "none",
        "--zero-division",
        "1",
    ]);
    let labels = ["CARD", "ID", "NAME", "STREET"];
    assert_eq!(at(&each, "/report/labels"), &json!(labels));
    assert_eq!(at(&each, "/report/precision"), &json!([1.0, 0.0, 1.0, 0.0]));
    let spaced = folder.json(&["--as", "seqeval", "--tokens", "whitespace"]);
    assert_eq!(at(&spaced, "/signature/parameters/tokens"), "whitespace");
    // `Paix,` is one token there: the comma no longer tells the two STREETs apart.
    assert_eq!(at(&spaced, "/report/by_label/STREET/f"), 1.0);
}

#[test]
fn presidio_span_has_its_threshold_unit_skip_words_and_level() {
    let folder = Folder::with(DOCS);
    let plain = folder.json(&["--as", "presidio-span"]);
    // The trailing comma is a skip word.
    assert_eq!(at(&plain, "/report/per_type/STREET/tp"), 1);
    let none = [
        "--as",
        "presidio-span",
        "--skip-words",
        "none",
        "--iou-threshold",
        "0.99",
    ];
    let strict = folder.json(&none);
    assert_eq!(at(&strict, "/report/per_type/STREET/tp"), 0);
    let lower = folder.json(&[
        "--as",
        "presidio-span",
        "--skip-words",
        "none",
        "--iou-threshold",
        "0.9",
    ]);
    assert_eq!(at(&lower, "/report/per_type/STREET/tp"), 1);
    let tokens = [&none[..4], &["--iou", "token", "--iou-threshold", "0.9"]].concat();
    // 5 of 6 tokens.
    assert_eq!(at(&folder.json(&tokens), "/report/per_type/STREET/tp"), 0);
    fs::write(folder.path("skip.txt"), "Fenwike\n").unwrap();
    let path = folder.path("skip.txt");
    let own = folder.json(&[
        "--as",
        "presidio-span",
        "--skip-words",
        path.to_str().unwrap(),
    ]);
    assert_eq!(at(&own, "/report/per_type/NAME/annotated"), 1);
    let pii = folder.json(&["--as", "presidio-span", "--level", "pii", "--beta", "1"]);
    assert!(pii.pointer("/report/per_type").is_none());
    // Of one label, with commas and the stop word "again" alone between them, all spans of a document are one.
    assert_eq!(at(&pii, "/report/pii/annotated"), 2);
}

#[test]
fn presidio_token_has_entities_and_generic_labels() {
    let folder = Folder::with(DOCS);
    let plain = folder.json(&["--as", "presidio-token"]);
    // ID is generic to the tool: right for CARD.
    assert_eq!(at(&plain, "/report/per_type/CARD/tp"), 2);
    let other = folder.json(&["--as", "presidio-token", "--generic-entities", "STREET"]);
    assert_eq!(at(&other, "/report/per_type/CARD/tp"), 0);
    let kept = folder.json(&["--as", "presidio-token", "--entities", "NAME"]);
    let kept: Vec<&String> = at(&kept, "/report/per_type")
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(kept, ["NAME"]);
}

#[test]
fn tab_has_direct_labels_and_words_that_need_no_mask() {
    let folder = Folder::with(DOCS);
    let quasi = folder.json(&["--as", "tab", "--direct", "CARD"]);
    assert_eq!(at(&quasi, "/report/recall_direct_entities"), 0.5);
    assert_eq!(at(&quasi, "/report/recall_quasi_entities"), 1.0);
    let excused = folder.json(&["--as", "tab", "--direct", "CARD", "--ignore-words", "4000"]);
    assert_eq!(at(&excused, "/report/recall_direct_entities"), 1.0);
}

#[test]
fn knobs_of_other_tools_and_impossible_values_are_refused_by_name() {
    let folder = Folder::with(DOCS);
    for (options, message) in [
        (
            &["--as", "seqeval", "--min-overlap", "5"][..],
            "--min-overlap is no option of seqeval, but of nervaluate",
        ),
        (
            &["--as", "openmed", "--beta", "1"],
            "--beta is no option of openmed",
        ),
        (
            &["--as", "tab", "--tokens", "words"],
            "--tokens is no option of tab",
        ),
        (
            &["--as", "nervaluate", "--min-overlap", "0.5"],
            "--min-overlap 0.5: from 1 to 100",
        ),
        (
            &["--as", "seqeval", "--beta=-1"],
            "--beta -1: a number of 0 or more",
        ),
        (&["--as", "seqeval", "--beta", "inf"], "--beta inf"),
        (
            &["--as", "presidio-span", "--iou-threshold", "1.5"],
            "--iou-threshold 1.5: from 0 to 1",
        ),
        (
            &["--as", "presidio-span", "--skip-words", "/nowhere/words"],
            "--skip-words /nowhere/words",
        ),
        (
            &["--as", "seqeval", "--scheme", "BIO"],
            "no tag scheme `BIO`",
        ),
        (
            &["--as", "seqeval", "--tokens", "spacy"],
            "no tokenizer `spacy`",
        ),
        (&["--as", "conll"], "no evaluator `conll`"),
        (&["--explain-difference", "tab"], "cannot be explained"),
        (
            &["--as", "tab", "--explain-difference", "nervaluate"],
            "cannot be used with",
        ),
        (
            &["--as", "tab", "--counts-out", "x.json"],
            "cannot be used with",
        ),
        (&["--beta", "1"], "--beta needs --as TOOL"),
        (&["--label-names", "raw"], "--label-names needs --as TOOL"),
        (
            &["--as", "tab", "--match", "id"],
            "--match says nothing here",
        ),
        (
            &["--as", "nervaluate", "--unmapped", "ignore"],
            "--unmapped says nothing here",
        ),
        (
            &["--as", "nervaluate", "--tag-scheme", "BIOES"],
            "--tag-scheme says nothing about format spacy: it is for conll, hf-tokens",
        ),
        (
            &["--as", "tab", "--input-format", "word"],
            "cannot be used multiple times",
        ),
    ] {
        let (code, said) = folder.refusal(options);
        assert_eq!(code, 2, "{options:?}: {said}");
        assert!(said.contains(message), "{options:?}: {said}");
    }
}

#[test]
fn without_a_tool_the_same_files_are_scored_by_our_rules_which_need_labels_of_ours() {
    let folder = Folder::with(DOCS);
    let (code, said) = folder.refusal(&[]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("3 labels are none of ours"), "{said}");
    let labels = folder.path("labels.toml");
    fs::write(
        &labels,
        "NAME = \"PERSON_NAME\"\nCARD = \"PAN\"\nSTREET = false\n",
    )
    .unwrap();
    let labels = labels.display().to_string();
    let result = folder.json(&["--gold-labels", &labels]);
    assert_eq!(at(&result, "/given/spans"), 4);
    assert_eq!(at(&result, "/given/ignored"), 1);
    // The same map names the labels that another evaluator compares.
    let report = folder.json(&["--as", "nervaluate", "--gold-labels", &labels]);
    let entities = at(&report, "/report/entities").as_object().unwrap();
    let names: Vec<&String> = entities.keys().collect();
    assert_eq!(names, ["ID", "NAME", "PAN", "PERSON_NAME", "STREET"]);
    assert_eq!(at(&report, "/report/overall/strict/possible"), 4);
}

/// `score` over two fixtures of `tests/fixtures/formats`.
fn fixtures(arguments: &[&str]) -> std::process::Output {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tellerbench"));
    command.current_dir(folder).arg("score").args(arguments);
    command.output().unwrap()
}

#[test]
fn every_format_that_is_read_can_be_given_to_another_evaluator() {
    let strict = |arguments: &[&str]| {
        let shown = ["--as", "nervaluate", "--format", "json"];
        let output = fixtures(&[arguments, &shown].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        let strict = at(&result, "/report/overall/strict");
        (strict["possible"].as_u64(), strict["correct"].as_u64())
    };
    let all = (Some(7), Some(7));
    // Formats are told from the content, on either side.
    assert_eq!(strict(&["presidio.json", "doccano.jsonl"]), all);
    assert_eq!(strict(&["spacy.jsonl", "presidio.jsonl"]), all);
    let mapped = ["messages.csv", "spacy.jsonl", "--mapping", "messages.toml"];
    assert_eq!(strict(&mapped), all);
    let tagged = ["conll_bilou.txt", "hf_tokens.jsonl"];
    assert_eq!(strict(&tagged), (Some(4), Some(4)));
    // A wrong unit is an error where the file repeats what spans cover, and a doubt where it does not.
    let remedy = "pass --predictions-offsets codepoint";
    for (predictions, code) in [("presidio.jsonl", 4), ("spacy.jsonl", 0)] {
        let files = ["presidio.json", predictions, "--as", "nervaluate"];
        let output = fixtures(&[&files[..], &["--predictions-offsets", "utf16"]].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(remedy), "{said}");
    }
}

#[test]
fn answers_that_are_not_those_of_the_corpus_are_corrupt_input() {
    let folder = Folder::with(DOCS);
    let whole = fs::read_to_string(folder.path("pred.jsonl")).unwrap();
    let (first, second) = whole.split_once('\n').unwrap();
    for (content, message) in [
        (format!("{first}\n"), "ends before document #2"),
        (format!("{second}{first}\n"), "another text"),
        (format!("{whole}{first}\n"), "no document of"),
        (whole.replace("\"end\":47", "\"end\":470"), "pred.jsonl:1"),
    ] {
        fs::write(folder.path("pred.jsonl"), content).unwrap();
        let (code, said) = folder.refusal(&["--as", "nervaluate"]);
        assert_eq!(code, 4, "{said}");
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn the_difference_adds_up_and_values_are_hidden_unless_they_are_asked_for() {
    let folder = Folder::with(DOCS);
    for tool in ["nervaluate", "seqeval", "presidio-span"] {
        let result = folder.json(&["--explain-difference", tool]);
        for count in ["gold", "predicted", "correct"] {
            let number = |value: &Value| value.as_i64().unwrap();
            let steps = result["instances"].as_array().unwrap().iter();
            let steps: i64 = steps.map(|instance| number(&instance["step"][count])).sum();
            let by_cause = result["causes"].as_array().unwrap().iter();
            let by_cause: i64 = by_cause.map(|cause| number(&cause["step"][count])).sum();
            let (ours, theirs) = (
                number(&result["ours"][count]),
                number(&result["theirs"][count]),
            );
            assert_eq!(theirs - ours, steps, "{tool} {count}");
            assert_eq!(steps, by_cause, "{tool} {count}");
        }
    }
    let page = |options: &[&str]| {
        let output = folder.score(options).assert().success();
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    };
    let hidden = page(&["--explain-difference", "nervaluate"]);
    assert!(
        !hidden.contains("Fenwike") && hidden.contains("[NAME #1]"),
        "{hidden}"
    );
    let shown = page(&["--explain-difference", "nervaluate", "--show-values"]);
    assert!(shown.contains("NAME `Ilario Fenwike`"), "{shown}");
    let few = page(&["--explain-difference", "presidio-span", "--examples", "0"]);
    assert!(few.contains("more (--examples N"), "{few}");
    insta::assert_snapshot!("explained_nervaluate", hidden);
    insta::assert_snapshot!(
        "as_nervaluate",
        page(&["--as", "nervaluate"])
            .lines()
            .skip(1)
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn our_own_corpora_are_scored_by_mapped_or_raw_names() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tellerbench"));
        let output = command
            .current_dir(folder.path())
            .args(arguments)
            .assert()
            .success();
        output.get_output().stdout.clone()
    };
    run(&[
        "generate",
        "--language",
        "fr-FR",
        "--conversations",
        "60",
        "--intent-weight",
        "transfer_sepa=2000,get_rib_iban=2000",
        "-o",
        "corpus.jsonl",
        "-q",
    ]);
    let corpus = fs::read_to_string(path("corpus.jsonl")).unwrap();
    let mut lines = vec![
        json!({"schema": 1, "kind": "predictions", "detector": "mine", "version": "1", "offsets": "codepoint",
               "corpus": "fr", "feed": "message", "labels": ["ACCOUNT_NO"]})
        .to_string(),
    ];
    let mut golds = 0;
    for conversation in corpus.lines() {
        let conversation: Value = serde_json::from_str(conversation).unwrap();
        for message in conversation["messages"].as_array().unwrap() {
            for (id, unit) in std::iter::once((message["id"].as_str().unwrap().to_owned(), message))
                .chain(message["fields"].as_array().unwrap().iter().map(|field| {
                    let pointer = field["pointer"].as_str().unwrap();
                    (
                        format!("{}#{pointer}", message["id"].as_str().unwrap()),
                        field,
                    )
                }))
            {
                let spans = unit["spans"].as_array().unwrap();
                golds += spans.len();
                let spans: Vec<Value> = spans
                    .iter()
                    .map(|span| {
                        let label = match span["label"].as_str().unwrap() {
                            "IBAN" => "ACCOUNT_NO",
                            other => other,
                        };
                        json!({"start": span["start"], "end": span["end"], "label": label})
                    })
                    .collect();
                lines.push(json!({"id": id, "spans": spans}).to_string());
            }
        }
    }
    fs::write(path("mine.jsonl"), lines.join("\n") + "\n").unwrap();
    let declared = "schema = 1\n[[detector]]\nname = \"mine\"\nabout = \"a test\"\nrun = [\"true\"]\n\
                    [detector.labels]\nACCOUNT_NO = [\"IBAN\"]\n";
    let mut map = declared.to_owned();
    for label in corpus
        .split("\"label\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        let row = format!("{label} = [\"{label}\"]\n");
        if !map.contains(&row) {
            map += &row;
        }
    }
    fs::write(path("mine.toml"), map).unwrap();
    let score = |options: &[&str]| -> Value {
        let base = [
            "score",
            "corpus.jsonl",
            "mine.jsonl",
            "--detectors",
            "mine.toml",
            "--format",
            "json",
        ];
        serde_json::from_slice(&run(&[&base[..], options].concat())).unwrap()
    };
    let mapped = score(&["--as", "nervaluate"]);
    assert_eq!(
        at(&mapped, "/report/overall/strict/possible"),
        &json!(golds)
    );
    assert_eq!(at(&mapped, "/report/overall/strict/correct"), &json!(golds));
    assert_eq!(at(&mapped, "/signature/label_map"), "mine");
    let raw = score(&["--as", "nervaluate", "--label-names", "raw"]);
    let right = at(&raw, "/report/overall/strict/correct").as_u64().unwrap();
    assert!(right < golds as u64 && right > 0);
    assert!(raw.pointer("/report/entities/ACCOUNT_NO").is_some());
    assert_ne!(mapped["signature"], raw["signature"]);
    let why = score(&["--explain-difference", "nervaluate", "--label-names", "raw"]);
    let causes = why["causes"].as_array().unwrap();
    assert!(
        causes.iter().any(|cause| cause["cause"] == "label_names"),
        "{causes:?}"
    );
}
