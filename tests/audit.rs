//! `tellerbench audit` as people and CI systems call it: exit codes, and where output goes.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn tellerbench() -> Command {
    Command::cargo_bin("tellerbench").unwrap()
}

/// A small corpus of intents in which nobody names a BIC without an account.
fn corpus(folder: &Path) -> PathBuf {
    let spec = folder.join("spec.toml");
    let text = "name = 'fr'\nlanguages = { fr-FR = 1 }\n[intents]\ncheck_balance = 1\nlost_stolen_card = 1\n";
    fs::write(&spec, text).unwrap();
    let path = folder.join("corpus.jsonl");
    let mut generate = tellerbench();
    generate
        .args(["-q", "generate", "-n", "20", "--spec"])
        .arg(&spec)
        .arg("-o")
        .arg(&path);
    generate.assert().success();
    path
}

/// Exit code, standard output, standard error.
fn audit(arguments: &[&str], path: &Path) -> (i32, String, String) {
    let output = tellerbench()
        .arg("audit")
        .args(arguments)
        .arg(path)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_sound_corpus_is_exit_0_and_its_page_is_on_stdout() {
    let folder = tempfile::tempdir().unwrap();
    let path = corpus(folder.path());
    let (code, page, messages) = audit(&["--files"], &path);
    assert_eq!((code, messages.as_str()), (0, ""), "{page}");
    assert!(
        page.contains(": sound: nothing that was checked is wrong\n"),
        "{page}"
    );
    assert!(page.contains("20 made again from spec and seed"));
    let (code, json, _) = audit(&["--format", "json"], &path);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &report["verdict"]), (0, &Value::from("sound")));
    let (code, markdown, _) = audit(&["--format", "markdown"], &path);
    assert!(code == 0 && markdown.starts_with("<!-- tellerbench audit -->\n"));
}

#[test]
fn a_violated_invariant_is_exit_1_with_file_line_and_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = corpus(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    // The first value of a span is moved by one character.
    let at = text.find("\"spans\":[{\"start\":").unwrap() + "\"spans\":[{\"start\":".len();
    let end = at + text[at..].find(',').unwrap();
    let start: u32 = text[at..end].parse().unwrap();
    let moved = format!("{}{}{}", &text[..at], start + 1, &text[end..]);
    fs::write(&path, moved).unwrap();
    let (code, page, messages) = audit(&[], &path);
    assert_eq!(code, 1);
    assert!(page.contains(": VIOLATED: "), "{page}");
    let line = text[..at].matches('\n').count() + 1;
    assert!(page.contains(&format!("corpus.jsonl:{line} fr-")), "{page}");
    assert!(page.contains("covers another text than the recorded one"));
    assert!(messages.contains("violations of what the corpus claims"));
}

#[test]
fn what_is_no_corpus_is_exit_4_and_what_is_not_there_exit_2() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.jsonl");
    fs::write(&path, "{\"text\": \"hello\"}\n").unwrap();
    let (code, page, messages) = audit(&[], &path);
    assert_eq!((code, page.as_str()), (4, ""));
    assert!(
        messages.contains("notes.jsonl:1: missing field `messages`"),
        "{messages}"
    );
    let (code, _, messages) = audit(&[], &folder.path().join("nothing.jsonl"));
    assert_eq!(code, 2, "{messages}");
    let (code, _, _) = audit(&[], folder.path().join("empty").as_path());
    assert_eq!(code, 2);
}

#[test]
fn two_splits_have_no_content_in_common_and_a_corpus_has_with_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = |split: &str| folder.path().join(format!("{split}.jsonl"));
    for split in ["train", "test"] {
        let mut generate = tellerbench();
        generate
            .args(["-q", "generate", "-n", "12", "--split", split, "-o"])
            .arg(path(split));
        generate.assert().success();
    }
    let found = |other: PathBuf| {
        let (_, json, _) = audit(
            &["--format", "json", "--against", other.to_str().unwrap()],
            &path("test"),
        );
        let report: Value = serde_json::from_str(&json).unwrap();
        let checks = report["checks"].as_array().unwrap().clone();
        let row = checks
            .into_iter()
            .find(|row| row["name"] == "splits.against")
            .unwrap();
        (
            row["checked"].as_u64().unwrap(),
            row["violated"].as_u64().unwrap(),
        )
    };
    let (checked, violated) = found(path("train"));
    assert!(checked > 50 && violated == 0);
    assert!(found(path("test")).1 > 50);
}

#[test]
fn the_language_report_needs_no_corpus() {
    let output = tellerbench()
        .args(["audit", "--language-report", "-l", "fr-FR"])
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(
        page.contains("check_balance") && page.contains("missing: none"),
        "{page}"
    );
}
