//! Claims about `score`, `merge` and `bench` from the command line: every part of a result, by its schema.

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tellerbench::corpus::Variant;
use tellerbench::corpus::{Corpus, Spec};
use tellerbench::formats::jsonl;
use tellerbench::text::OffsetUnit;

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::cargo_bin("tellerbench")
        .unwrap()
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, errors) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), out, errors)
}

/// The result that a command prints, held to the published schema.
fn result(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, errors) = run(folder, &[arguments, &["--format", "json"]].concat());
    assert_eq!(code, Some(0), "{arguments:?}: {errors}");
    let result: Value = serde_json::from_str(&out).unwrap();
    let schema: Value = serde_json::from_str(include_str!("../schemas/result.v1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(&result)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
    result
}

/// Writes `from..to` of 24 conversations and their tidy twins, and scored predictions: every other span,
/// surer of the longer ones.
fn scene(folder: &Path, name: &str, lines: std::ops::Range<u64>) {
    let corpus = Corpus::new(Spec::for_languages([("fr-FR".to_owned(), 1)].into()), 5).unwrap();
    let mut records = Vec::new();
    for variant in [Variant::Plain, Variant::Tidy] {
        for index in lines.clone() {
            jsonl::write(
                &corpus.twin(index, variant),
                OffsetUnit::Codepoint,
                &mut records,
            );
            records.push(b'\n');
        }
    }
    let header = json!({"schema": 1, "kind": "predictions", "detector": "mine", "version": "1",
        "offsets": "codepoint", "corpus": "x", "feed": "message", "labels": []});
    let mut predictions = header.to_string() + "\n";
    for line in records
        .split(|&byte| byte == b'\n')
        .filter(|l| !l.is_empty())
    {
        let conversation: Value = serde_json::from_slice(line).unwrap();
        for message in conversation["messages"].as_array().unwrap() {
            let id = message["id"].as_str().unwrap();
            let spans = message["spans"].as_array().unwrap().iter().step_by(2);
            let spans = spans.map(|span| {
                let length = span["end"].as_u64().unwrap() - span["start"].as_u64().unwrap();
                json!({"start": span["start"], "end": span["end"], "label": span["label"],
                    "score": (length.min(20) as f64) / 20.0})
            });
            let line = json!({"id": id, "spans": spans.collect::<Vec<_>>()});
            predictions += &(line.to_string() + "\n");
            for field in message["fields"].as_array().unwrap() {
                let pointer = field["pointer"].as_str().unwrap();
                let line = json!({"id": format!("{id}#{pointer}"), "spans": []});
                predictions += &(line.to_string() + "\n");
            }
        }
    }
    fs::write(folder.join(format!("{name}.jsonl")), records).unwrap();
    fs::write(folder.join(format!("{name}.predictions")), predictions).unwrap();
}

#[test]
fn a_result_with_scores_twins_and_own_traffic_follows_the_schema_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scene(folder, "all", 0..24);
    fs::write(
        folder.join("own.toml"),
        "schema = 1\nname = \"own\"\nharmless = 0.9\n",
    )
    .unwrap();
    let result = result(
        folder,
        &[
            "score",
            "all.jsonl",
            "all.predictions",
            "--prevalence",
            "own.toml",
            "--view",
            "edge-tolerant",
            "--characters",
            "grapheme",
        ],
    );
    assert_eq!(result["options"]["view"], "edge-tolerant");
    assert_eq!(result["options"]["characters"], "grapheme");
    assert_eq!(result["options"]["twins"], true);
    let row = &result["detectors"][0];
    let metrics = &row["outcome"]["scored"]["metrics"];
    assert_eq!(metrics["conversations"], 24);
    assert_eq!(metrics["twins"]["tidy"]["pairs"], 24);
    assert!(metrics["curves"]["points"].as_array().unwrap().len() > 5);
    assert!(metrics["exposure"]["learned"]["of"].as_u64().unwrap() > 0);
    assert!(
        metrics["critical"]["guessing"]["mean_bits"]
            .as_f64()
            .unwrap()
            > 1.0
    );
    assert!(metrics["groups"]["payment_instrument"]["spans"]["iou"]["0.75"].is_object());
    // Everything predicted is gold, so no alert is false on anybody's traffic.
    let own = &row["own_traffic"];
    assert_eq!(
        (&own["name"], &own["alerts_per_thousand_messages"]),
        (&json!("own"), &json!(0.0))
    );
    assert_eq!(own["message_precision"], 1.0);
}

#[test]
fn shards_of_twins_scores_and_customers_merge_to_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scene(folder, "all", 0..24);
    scene(folder, "first", 0..11);
    scene(folder, "second", 11..24);
    let score = |name: &str| {
        let (corpus, found) = (format!("{name}.jsonl"), format!("{name}.predictions"));
        let counts = format!("{name}.counts");
        let twins = ["--twins", "compare", "--counts-out", &counts];
        result(folder, &[&["score", &corpus, &found], &twins[..]].concat())
    };
    let whole = score("all");
    score("first");
    score("second");
    let merged = result(folder, &["merge", "second.counts", "first.counts"]);
    let outcome = |result: &Value| result["detectors"][0]["outcome"].clone();
    assert_eq!(outcome(&merged), outcome(&whole));
    // Counts that were made differently are refused, and the difference is named.
    let other = [
        "--view",
        "outermost",
        "--counts-out",
        "other.counts",
        "--twins",
        "compare",
    ];
    result(
        folder,
        &[&["score", "first.jsonl", "first.predictions"], &other[..]].concat(),
    );
    let (code, _, errors) = run(folder, &["merge", "second.counts", "other.counts"]);
    assert_eq!(code, Some(4));
    assert!(errors.contains("view differs"), "{errors}");
}

#[test]
fn whether_twins_are_compared_is_told_from_a_corpus_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scene(folder, "all", 0..12);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (corpus, found) = (read("all.jsonl"), read("all.predictions"));
    let (header, found) = found.split_once('\n').unwrap();
    let of_twins = |line: &&str| {
        let record: Value = serde_json::from_str(line).unwrap();
        record["id"].as_str().unwrap().contains('~')
    };
    let parts = |text: &str| {
        let (twins, plain): (Vec<&str>, Vec<&str>) = text.lines().partition(of_twins);
        let whole = |lines: Vec<&str>| lines.into_iter().map(|l| format!("{l}\n")).collect();
        let (twins, plain): (String, String) = (whole(twins), whole(plain));
        (twins, plain)
    };
    let ((twins, plain), (found_in_twins, found_in_plain)) = (parts(&corpus), parts(found));
    let write = |name: &str, corpus: &[&String], found: &[&String]| {
        let text = |parts: &[&String]| parts.iter().map(|part| part.as_str()).collect::<String>();
        fs::write(folder.join(format!("{name}.jsonl")), text(corpus)).unwrap();
        let found = format!("{header}\n{}", text(found));
        fs::write(folder.join(format!("{name}.predictions")), found).unwrap();
    };
    write(
        "behind",
        &[&twins, &plain],
        &[&found_in_twins, &found_in_plain],
    );
    write("alone", &[&twins], &[&found_in_twins]);
    write("none", &[&plain], &[&found_in_plain]);
    let outcome = |name: &str, twins: &str| {
        let (corpus, found) = (format!("{name}.jsonl"), format!("{name}.predictions"));
        let result = result(folder, &["score", &corpus, &found, "--twins", twins]);
        let options = result["options"]["twins"].clone();
        (options, result["detectors"][0]["outcome"].clone())
    };
    for (name, asked) in [
        ("all", "compare"),
        ("behind", "compare"),
        ("alone", "count"),
        ("none", "count"),
    ] {
        assert_eq!(outcome(name, "auto"), outcome(name, asked), "{name}");
    }
}

#[test]
fn several_feeds_give_the_loss_against_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let result = result(
        folder.path(),
        &[
            "--quiet",
            "bench",
            "--suite",
            "gate-fr",
            "-n",
            "30",
            "--budget",
            "0",
            "--feed",
            "stream,message",
        ],
    );
    assert_eq!(result["feed"], "stream");
    for row in result["detectors"].as_array().unwrap() {
        let feeds = row["feeds"].as_array().unwrap();
        assert_eq!(feeds.len(), 1, "{}", row["name"]);
        assert_eq!(feeds[0]["feed"], "message");
        let other = &feeds[0]["outcome"]["scored"];
        let ranked = &row["outcome"]["scored"]["metrics"]["critical"]["leak"];
        assert_eq!(other["critical"]["leak"]["of"], ranked["of"]);
        // Anchors look at nothing but the text itself.
        if row["role"] == "anchor" {
            assert_eq!(other["critical_loss"]["difference"], 0.0, "{}", row["name"]);
            assert_eq!(other["critical"]["leak"], *ranked);
        }
    }
}

#[test]
fn a_wrong_prevalence_or_observer_is_a_usage_error_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scene(folder, "all", 0..2);
    fs::write(
        folder.join("bad.toml"),
        "schema = 1\nname = \"x\"\n[kind]\ntext = 0.4\n",
    )
    .unwrap();
    for (option, message) in [
        ("--prevalence", "add up to 0.4"),
        ("--observer", "bad.toml"),
    ] {
        let arguments = ["score", "all.jsonl", "all.predictions", option, "bad.toml"];
        let (code, out, errors) = run(folder, &arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{option}");
        assert!(
            errors.contains("bad.toml") && errors.contains(message),
            "{errors}"
        );
    }
}

#[test]
fn whatever_is_given_instead_of_a_file_is_told_in_one_line_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scene(folder, "all", 0..2);
    scene(folder, "other", 2..4);
    fs::write(folder.join("empty"), "").unwrap();
    fs::write(folder.join("cut.predictions"), {
        let whole = fs::read_to_string(folder.join("all.predictions")).unwrap();
        whole.replacen("{\"id\":", "{\"id\":\"", 1)
    })
    .unwrap();
    let (corpus, mine) = ("all.jsonl", "all.predictions");
    for (arguments, told) in [
        (
            &["score", corpus, "cut.predictions"][..],
            "cut.predictions:2: ",
        ),
        (
            &["score", "other.jsonl", mine],
            "all.predictions:2: found `fr-000000000/0` where `fr-000000002/0` is due",
        ),
        (&["score", corpus, "empty"], "the file is empty"),
        (&["score", "empty", mine], "empty: the file is empty"),
        (
            &["score", corpus, mine, "--prevalence", corpus],
            "all.jsonl: no TOML: line 1, column 1: ",
        ),
        (
            &["score", corpus, mine, "--label-map", "./all.jsonl"],
            "./all.jsonl: no TOML: line 1, column 1: ",
        ),
        (
            &["report", corpus],
            "all.jsonl: no result of `bench` or `score --format json`: ",
        ),
        (
            &["score", corpus, mine, "--tolerance", corpus],
            "all.jsonl: no TOML: line 1, column 1: ",
        ),
        (
            &["bench", "--input", corpus, "--budget", "0", "-o", corpus],
            "all.jsonl is a file: `-o` takes a folder",
        ),
        (
            &["merge", corpus],
            "all.jsonl: not a counts file (`score --counts-out` writes them): ",
        ),
    ] {
        let (code, out, errors) = run(folder, &[&["-q"], arguments].concat());
        assert!(matches!(code, Some(2 | 4)), "{arguments:?}: {errors}");
        assert_eq!(out, "", "{arguments:?}");
        assert!(errors.contains(told), "{arguments:?}: {errors}");
        assert!(errors.len() < 400, "{arguments:?}: {errors}");
        assert!(!errors.contains("line 2 column 0"), "{errors}");
    }
    let (_, _, errors) = run(folder, &["-q", "score", "other.jsonl", mine]);
    assert!(errors.contains("made for corpus `x`"), "{errors}");
}

#[test]
fn the_folder_of_a_run_is_a_result_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bench = "bench --suite gate-fr -n 3 -d luhn-regex --budget 0 -o run";
    let arguments: Vec<&str> = bench.split(' ').collect();
    assert_eq!(run(folder, &arguments).0, Some(0));
    let [of_file, of_folder] =
        ["run/result.v1.json", "run"].map(|path| run(folder, &["report", path]));
    assert_eq!(of_file.0, Some(0));
    assert_eq!(of_file, of_folder);
}
