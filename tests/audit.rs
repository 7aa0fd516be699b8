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

/// A file of `tests/fixtures/formats`.
fn fixture(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    folder.join(name)
}

fn fixture_named(name: &str) -> String {
    fixture(name).display().to_string()
}

#[test]
fn corpora_of_other_tools_are_read_and_say_what_cannot_be_checked() {
    let (chats, messages) = (fixture_named("chats.toml"), fixture_named("messages.toml"));
    let (names, labels) = (
        fixture_named("hf_names.txt"),
        fixture_named("gold_labels.toml"),
    );
    let cases: [(&str, &[&str], &str, u64, u64); 8] = [
        ("presidio.json", &[], "codepoint", 5, 7),
        ("spacy.jsonl", &[], "codepoint", 5, 7),
        ("doccano.jsonl", &[], "utf16", 5, 7),
        ("chats.jsonl", &["--mapping", &chats], "byte", 3, 7),
        ("messages.csv", &["--mapping", &messages], "utf16", 5, 7),
        (
            "conll_bioes.txt",
            &["--tag-scheme", "BIOES"],
            "tokens",
            2,
            4,
        ),
        ("hf_tokens.jsonl", &[], "tokens", 3, 4),
        ("hf_numbers.jsonl", &["--tag-names", &names], "tokens", 3, 4),
    ];
    for (name, options, offsets, conversations, spans) in cases {
        let shown = ["--gold-labels", &labels, "--format", "json"];
        let (code, json, said) = audit(&[options, &shown].concat(), &fixture(name));
        assert_eq!((code, said.as_str()), (0, ""), "{name}");
        let report: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(report["corpus"]["given"]["offsets"], offsets, "{name}");
        assert_eq!(report["coverage"]["conversations"], conversations, "{name}");
        let labels = &report["coverage"]["counts"]["labels"];
        assert!(
            labels["PAN"].is_u64() && labels["CREDIT_CARD"].is_null(),
            "{labels}"
        );
        for check in report["checks"].as_array().unwrap() {
            let name = &check["name"];
            let looked_at = check["checked"].as_u64().unwrap();
            let due = if name == "offsets.spans" { spans } else { 0 };
            assert_eq!(looked_at, due, "{name}");
            let told = !check["cannot"].as_object().unwrap().is_empty();
            assert_eq!(told, due == 0, "{name}: {}", check["cannot"]);
        }
    }
}

#[test]
fn a_wrong_unit_is_a_violation_with_its_remedy_and_values_stay_hidden() {
    let presidio = fixture("presidio.json");
    let (code, page, _) = audit(&["--offsets", "utf16"], &presidio);
    assert_eq!(code, 1, "{page}");
    assert!(page.contains("spans match under codepoint"), "{page}");
    assert!(page.contains("pass --offsets codepoint"), "{page}");
    assert!(
        page.contains("covers another text than the recorded one"),
        "{page}"
    );
    assert!(
        !page.contains("Fenwike") && !page.contains("4821"),
        "{page}"
    );
    let (_, page, _) = audit(&["--offsets", "utf16", "--show-values"], &presidio);
    assert!(
        page.contains("recorded `Ilario Fenwike`") || page.contains("recorded `4821`"),
        "{page}"
    );
    let (code, page, _) = audit(&["--offsets", "codepoint"], &fixture("doccano.jsonl"));
    assert_eq!(code, 1, "{page}");
    assert!(
        page.contains("if the file counts so, pass --offsets utf16"),
        "{page}"
    );
    assert!(
        page.contains("doccano.jsonl:3 m3/0: PIN: [42, 46) in codepoint"),
        "{page}"
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.jsonl");
    let text = fs::read_to_string(fixture("spacy.jsonl")).unwrap();
    fs::write(&broken, text + "[\"cut\", {\"ent\n").unwrap();
    for (path, options, code, reason) in [
        (broken, &[][..], 4, "broken.jsonl:6: "),
        (
            fixture("messages.csv"),
            &[],
            4,
            "a CSV file needs --mapping FILE",
        ),
        (fixture("comprehend.jsonl"), &[], 4, "answers without texts"),
        (fixture("hf_numbers.jsonl"), &[], 4, "--tag-names FILE"),
        (
            fixture("spacy.jsonl"),
            &["--tag-scheme", "IOB2"],
            2,
            "says nothing about format spacy",
        ),
        (
            fixture("spacy.jsonl"),
            &["--unmapped", "ignore"],
            2,
            "--unmapped",
        ),
        (
            fixture("spacy.jsonl"),
            &["--input-format", "mapped"],
            2,
            "needs --mapping FILE",
        ),
    ] {
        let (found, page, said) = audit(options, &path);
        assert_eq!((found, page.as_str()), (code, ""), "{said}");
        assert!(said.contains(reason), "{said}");
    }
    let ours = corpus(folder.path());
    let labels = fixture_named("gold_labels.toml");
    let (code, _, said) = audit(&["--gold-labels", &labels], &ours);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("--gold-labels says nothing about format tellerbench"),
        "{said}"
    );
}

#[test]
fn the_other_corpus_may_be_of_another_tool_too() {
    let folder = tempfile::tempdir().unwrap();
    let ours = corpus(folder.path());
    let presidio = fixture_named("presidio.json");
    let (code, page, said) = audit(&["--against", &presidio], &ours);
    assert_eq!((code, said.as_str()), (0, ""), "{page}");
    assert!(page.contains("only wording is compared"), "{page}");
}
