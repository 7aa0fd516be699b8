//! What pages may show: claims about the command line, from a corpus to a page.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

fn tellerbench(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::cargo_bin("tellerbench")
        .unwrap()
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A small corpus, predictions that find nothing in it, and the texts of its PINs and codes.
fn scene(folder: &Path) -> Vec<String> {
    let spec = [
        "--language",
        "fr-FR",
        "--conversations",
        "40",
        "-o",
        "corpus.jsonl",
    ];
    tellerbench(folder, &[&["--quiet", "generate"], &spec[..]].concat());
    let header = r#"{"schema":1,"kind":"predictions","detector":"mine","version":"1","offsets":"codepoint",
        "corpus":"x","feed":"message","labels":[]}"#;
    let mut predictions = header.replace('\n', "") + "\n";
    let mut values = Vec::new();
    for line in fs::read_to_string(folder.join("corpus.jsonl"))
        .unwrap()
        .lines()
    {
        let conversation: serde_json::Value = serde_json::from_str(line).unwrap();
        for message in conversation["messages"].as_array().unwrap() {
            let id = message["id"].as_str().unwrap();
            let fields = message["fields"].as_array().unwrap().iter();
            let fields = fields.map(|f| format!("{id}#{}", f["pointer"].as_str().unwrap()));
            for id in std::iter::once(id.to_owned()).chain(fields) {
                predictions += &serde_json::json!({"id": id, "spans": []}).to_string();
                predictions.push('\n');
            }
            for span in message["spans"].as_array().unwrap() {
                let text = span["text"].as_str().unwrap();
                if text.chars().filter(char::is_ascii_digit).count() >= 6 {
                    values.push(text.to_owned());
                }
            }
        }
    }
    assert!(values.len() > 20, "a corpus with values");
    fs::write(folder.join("mine.jsonl"), predictions).unwrap();
    // The same conversations as anybody's: without the manifest.
    fs::copy(folder.join("corpus.jsonl"), folder.join("real.jsonl")).unwrap();
    values
}

fn shows(page: &str, values: &[String]) -> usize {
    values
        .iter()
        .filter(|value| page.contains(&***value))
        .count()
}

#[test]
fn no_value_stands_in_a_page_or_in_its_data_unless_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let values = scene(folder);
    let scored = |corpus: &str, more: &[&str]| {
        let command = [
            "score",
            corpus,
            "mine.jsonl",
            "--show",
            "examples",
            "--examples",
            "50",
        ];
        tellerbench(folder, &[&command[..], more].concat())
    };
    let page = scored("corpus.jsonl", &[]);
    assert!(page.contains(" #1]"), "values have names: {page}");
    assert_eq!(shows(&page, &values), 0);
    let data = scored("corpus.jsonl", &["--format", "json"]);
    assert_eq!(shows(&data, &values), 0);
    assert!(data.contains("\"withheld\"") || data.contains("\"own\": true"));

    let page = scored("real.jsonl", &[]);
    assert!(
        !page.contains(" #1]") && page.contains("No text was kept"),
        "{page}"
    );
    let data = scored("real.jsonl", &["--format", "json"]);
    assert!(
        !data.contains("\"own\": true"),
        "no text of a corpus that is not ours"
    );

    let data = scored("real.jsonl", &["--format", "json", "--show-values"]);
    assert!(shows(&data, &values) > 0);
    // Data with values still gives a page without them.
    fs::write(folder.join("result.json"), data).unwrap();
    let page = tellerbench(folder, &["report", "result.json", "--show", "examples"]);
    assert_eq!(shows(&page, &values), 0);
    let shown = [
        "report",
        "result.json",
        "--show",
        "examples",
        "--show-values",
    ];
    assert!(shows(&tellerbench(folder, &shown), &values) > 0);
}

#[test]
fn every_format_prints_from_a_saved_result_in_every_language() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scene(folder);
    let data = tellerbench(
        folder,
        &["score", "corpus.jsonl", "mine.jsonl", "--format", "json"],
    );
    fs::write(folder.join("result.json"), &data).unwrap();
    for (format, sign) in [
        ("terminal", "mine"),
        ("markdown", "<!-- tellerbench report -->"),
        ("latex", "\\toprule"),
        ("csv", "detector,scope,label,metric,value,lower,upper,n"),
        ("json", "\"result\""),
    ] {
        for lang in ["en", "fr"] {
            let command = ["report", "result.json", "--format", format, "--lang", lang];
            let page = tellerbench(folder, &command);
            assert!(page.contains(sign), "{format} {lang}: {page}");
            let direct = [
                "score",
                "corpus.jsonl",
                "mine.jsonl",
                "--format",
                format,
                "--lang",
                lang,
            ];
            if format != "json" {
                assert_eq!(tellerbench(folder, &direct), page, "{format} {lang}");
            }
        }
    }
    let french = tellerbench(folder, &["report", "result.json", "--lang", "fr"]);
    assert!(french.contains("laisse fuir 100\u{a0}%"), "{french}");
    let wrong = Command::cargo_bin("tellerbench")
        .unwrap()
        .current_dir(folder)
        .args(["report", "result.json", "--show", "headline,colour"])
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let error = String::from_utf8_lossy(&wrong.stderr);
    assert!(error.contains("headline, classes, exposure"), "{error}");
}

#[test]
fn other_feeds_and_own_traffic_stand_on_the_page_where_they_were_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("own.toml"),
        "schema = 1\nname = \"our channel\"\nharmless = 0.97\n",
    )
    .unwrap();
    let bench = ["--quiet", "bench", "--budget", "0", "-n", "30"];
    let asked = ["--feed", "stream,message", "--prevalence", "own.toml"];
    let page = tellerbench(folder, &[&bench[..], &asked].concat());
    assert!(page.contains("What other feeds change"), "{page}");
    assert!(page.contains("our channel"), "{page}");
    let page = tellerbench(folder, &bench);
    assert!(!page.contains("What other feeds change") && !page.contains("own traffic"));
    assert!(
        page.contains("Without a detector a platform learns"),
        "{page}"
    );
}
