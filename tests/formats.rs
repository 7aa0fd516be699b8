//! Corpora and answers in the formats of other tools (`tests/fixtures/formats`): every reader gives
//! the same spans, says what is wrong and where, and never panics.

use assert_cmd::Command;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tellerbench::formats::documents::{
    Answers, Columns, Counting, Document, Documents, Format, GoldLabels, Importer, Kind, Mapping,
    ReadOptions, TagScheme, UnmappedLabels, conll, detect, of_conversation,
};
use tellerbench::text::OffsetUnit;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/formats")
        .join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).unwrap()
}

fn mapped(name: &str) -> ReadOptions {
    ReadOptions {
        mapping: Some(Arc::new(Mapping::parse(&text(name)).unwrap())),
        ..ReadOptions::default()
    }
}

fn numbers() -> ReadOptions {
    ReadOptions {
        tag_names: text("hf_names.txt").lines().map(str::to_owned).collect(),
        ..ReadOptions::default()
    }
}

fn tagged(scheme: TagScheme) -> ReadOptions {
    ReadOptions {
        tag_scheme: scheme,
        ..ReadOptions::default()
    }
}

fn columns() -> ReadOptions {
    ReadOptions {
        columns: Columns {
            token: 1,
            tag: 2,
            separator: Some('\t'),
            comment: Some("#".to_owned()),
        },
        ..ReadOptions::default()
    }
}

fn documents(format: Format, input: &[u8], options: &ReadOptions) -> Result<Vec<Document>, String> {
    let documents = Documents::new(format, input, "f", options)?;
    documents
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| e.to_string())
}

fn read(format: Format, name: &str, options: &ReadOptions) -> Vec<Document> {
    documents(format, &bytes(name), options).unwrap_or_else(|e| panic!("{name}: {e}"))
}

type Seen<'a> = Vec<(&'a str, Vec<(&'a str, &'a str)>)>;

/// Texts, and what spans cover under which label.
fn seen(documents: &[Document]) -> Seen<'_> {
    documents
        .iter()
        .map(|d| {
            let spans = d.spans.iter().map(|s| (d.covered(s), s.label.as_str()));
            (d.text.as_str(), spans.collect())
        })
        .collect()
}

fn messages() -> Seen<'static> {
    vec![
        (
            "😡😡 ma carte 4000\u{a0}0012\u{a0}3456\u{a0}7899 est bloquée",
            vec![("4000\u{a0}0012\u{a0}3456\u{a0}7899", "CREDIT_CARD")],
        ),
        (
            "Bonjour Mme Ilario Fenwike 👩\u{200d}👩\u{200d}👧, vérifions.\r\nVotre IBAN ?",
            vec![("Mme", "TITLE"), ("Ilario Fenwike", "PERSON")],
        ),
        (
            "Cafe\u{301}: mail zoe\u{301}@example.com 👍🏽 and PIN 4821",
            vec![("zoe\u{301}@example.com", "EMAIL_ADDRESS"), ("4821", "PIN")],
        ),
        ("nothing to see here 🇬🇧🇫🇷", vec![]),
        (
            "4821 is the PIN, \"quoted\", again 4821",
            vec![("4821", "PIN"), ("4821", "PIN")],
        ),
    ]
}

fn tokens(merged: bool) -> Seen<'static> {
    let card = "4000\u{a0}0012 3456\u{a0}7899";
    let cards = if merged {
        vec![("4000\u{a0}0012 3456\u{a0}7899 4111", "CREDIT_CARD")]
    } else {
        vec![(card, "CREDIT_CARD"), ("4111", "CREDIT_CARD")]
    };
    vec![
        ("😡😡 ma carte 4000\u{a0}0012 3456\u{a0}7899 4111 !", cards),
        ("Cafe\u{301} Zoé Fenwike", vec![("Zoé Fenwike", "PERSON")]),
        ("👍🏽 PIN 4821", vec![("4821", "PIN")]),
    ]
}

/// Every corpus, its format, and what must be declared.
fn corpora() -> Vec<(&'static str, Format, ReadOptions)> {
    let plain = ReadOptions::default;
    vec![
        ("presidio.json", Format::Presidio, plain()),
        ("presidio.jsonl", Format::Presidio, plain()),
        ("prodigy.jsonl", Format::Spacy, plain()),
        ("spacy.jsonl", Format::Spacy, plain()),
        ("doccano.jsonl", Format::Doccano, plain()),
        ("doccano_relations.jsonl", Format::Doccano, plain()),
        ("chats.jsonl", Format::Mapped, mapped("chats.toml")),
        ("messages.csv", Format::Mapped, mapped("messages.toml")),
        ("spans.csv", Format::Mapped, mapped("spans.toml")),
        ("conll_io.txt", Format::Conll, tagged(TagScheme::Io)),
        ("conll_iob1.txt", Format::Conll, tagged(TagScheme::Iob1)),
        ("conll_iob2.txt", Format::Conll, tagged(TagScheme::Iob2)),
        ("conll_ioe1.txt", Format::Conll, tagged(TagScheme::Ioe1)),
        ("conll_ioe2.txt", Format::Conll, tagged(TagScheme::Ioe2)),
        ("conll_bioes.txt", Format::Conll, tagged(TagScheme::Bioes)),
        ("conll_bilou.txt", Format::Conll, tagged(TagScheme::Bilou)),
        (
            "conll_bilou.txt",
            Format::Conll,
            tagged(TagScheme::Conlleval),
        ),
        ("conll_columns.tsv", Format::Conll, columns()),
        ("hf_tokens.jsonl", Format::HfTokens, plain()),
        ("hf_numbers.jsonl", Format::HfTokens, numbers()),
    ]
}

fn answers() -> Vec<(&'static str, Format)> {
    vec![
        ("comprehend.jsonl", Format::Comprehend),
        ("dlp.jsonl", Format::Dlp),
        ("azure.jsonl", Format::Azure),
    ]
}

#[test]
fn every_format_gives_the_same_texts_and_spans() {
    for (name, format, options) in corpora() {
        let read = read(format, name, &options);
        let expected = match format {
            Format::Conll | Format::HfTokens => tokens(options.tag_scheme == TagScheme::Io),
            _ => messages(),
        };
        assert_eq!(seen(&read), expected, "{name}");
    }
}

#[test]
fn a_mapping_finds_conversations_customers_speakers_and_languages() {
    let read = read(Format::Mapped, "chats.jsonl", &mapped("chats.toml"));
    let second = &read[1];
    let words = [
        &second.id,
        &second.conversation,
        &second.customer,
        &second.speaker,
        &second.language,
    ];
    let words: Vec<&str> = words
        .into_iter()
        .map(|word| word.as_deref().unwrap())
        .collect();
    assert_eq!(words, ["m2", "k1", "u1", "assistant", "fr-FR"]);
}

#[test]
fn messages_of_one_template_are_marked_as_such() {
    let read = read(Format::Presidio, "presidio.json", &ReadOptions::default());
    assert_eq!(read[3].template.as_deref(), Some("3"));
    let mut importer = Importer::new(GoldLabels::default(), UnmappedLabels::Ignore);
    importer.add(read[3].clone()).unwrap();
    let imported = importer.finish().unwrap();
    assert_eq!(imported.conversations[0].messages[0].phrases, ["3"]);
}

#[test]
fn docstart_begins_a_conversation_and_tokens_keep_their_tags() {
    let read = read(Format::Conll, "conll_bioes.txt", &tagged(TagScheme::Bioes));
    let conversations: Vec<&str> = read
        .iter()
        .map(|d| d.conversation.as_deref().unwrap())
        .collect();
    assert_eq!(conversations, ["document-1", "document-1", "document-2"]);
    let tagging = read[0].tagging.as_ref().unwrap();
    assert_eq!(
        tagging.tags[3..6],
        ["B-CREDIT_CARD", "E-CREDIT_CARD", "S-CREDIT_CARD"]
    );
    assert_eq!(
        &read[0].text[tagging.tokens[3].as_range()],
        "4000\u{a0}0012"
    );
}

#[test]
fn conll_is_read_back_as_it_was_written() {
    for scheme in [TagScheme::Iob1, TagScheme::Bilou] {
        let name = format!("conll_{}.txt", scheme.name().to_lowercase());
        let first = read(Format::Conll, &name, &tagged(scheme));
        let mut written = String::new();
        conll::write(&first, &mut written);
        let again = documents(Format::Conll, written.as_bytes(), &tagged(scheme)).unwrap();
        assert_eq!(seen(&again), seen(&first));
        let conversations = |all: &[Document]| -> Vec<Option<String>> {
            all.iter().map(|d| d.conversation.clone()).collect()
        };
        assert_eq!(conversations(&again), conversations(&first));
    }
}

#[test]
fn the_format_is_told_from_the_content() {
    let expected = corpora()
        .into_iter()
        .map(|(name, format, _)| (name, format))
        .chain(answers());
    for (name, format) in expected {
        let file = bytes(name);
        let (told, mut whole) = detect(&file[..]).unwrap();
        if format == Format::Mapped || name == "conll_columns.tsv" {
            // Nothing tells where other people keep things.
            assert!(told.is_err(), "{name}: {told:?}");
        } else if name == "conll_io.txt" {
            assert_eq!(told.unwrap().format, Format::Conll);
        } else {
            assert_eq!(
                told.unwrap_or_else(|e| panic!("{name}: {e}")).format,
                format,
                "{name}"
            );
        }
        let mut again = Vec::new();
        std::io::Read::read_to_end(&mut whole, &mut again).unwrap();
        assert_eq!(again, bytes(name), "looking at {name} loses nothing");
    }
}

#[test]
fn the_right_unit_is_named_when_a_wrong_one_was_declared() {
    let declare = |unit: Counting, options: ReadOptions| ReadOptions {
        offsets: Some(unit),
        ..options
    };
    for (name, format, options, right) in [
        (
            "presidio.json",
            Format::Presidio,
            ReadOptions::default(),
            "codepoint",
        ),
        ("chats.jsonl", Format::Mapped, mapped("chats.toml"), "byte"),
    ] {
        for wrong in Counting::ALL.into_iter().filter(|c| c.name() != right) {
            let error =
                documents(format, &bytes(name), &declare(wrong, options.clone())).unwrap_err();
            let advice = format!("spans match under {right}: pass --offsets {right}");
            assert!(error.contains(&advice), "{name} as {wrong}: {error}");
        }
    }
}

#[test]
fn where_no_text_is_repeated_edges_inside_words_raise_a_doubt() {
    let file = bytes("doccano.jsonl");
    let doubt = |unit: Option<OffsetUnit>| {
        let options = ReadOptions {
            offsets: unit.map(Counting::Unit),
            ..ReadOptions::default()
        };
        let mut documents = Documents::new(Format::Doccano, &file[..], "f", &options).unwrap();
        assert!(
            documents.all(|document| document.is_ok()),
            "every span is a range"
        );
        documents.doubt()
    };
    assert_eq!(doubt(None), None);
    let said = doubt(Some(OffsetUnit::Byte)).unwrap();
    assert!(
        said.ends_with("0 as utf16: if the file counts so, pass --offsets utf16"),
        "{said}"
    );
}

#[test]
fn an_error_names_file_line_and_element() {
    let plain = ReadOptions::default();
    let cases: Vec<(Format, &str, &[&str])> = vec![
        (
            Format::Spacy,
            "{\"text\":\"ab\",\"spans\":[]}\n{\"text\":\"ab\"",
            &["f:2:", "EOF", "at column 12", "is the line cut off?"],
        ),
        (
            Format::Spacy,
            "{\"text\":\"ab\"}",
            &["f:1:", "neither `spans` nor `entities`"],
        ),
        (
            Format::Spacy,
            "{\"text\":\"ab\",\"spans\":[{\"start\":1,\"end\":1,\"label\":\"X\"}]}",
            &["f:1:", "`X` [1, 1)", "empty"],
        ),
        (
            Format::Presidio,
            "[{\"full_text\":\"ab\",\"spans\":[]},\n\n{\"full_text\":1}]",
            &["f:3: element 1:", "string"],
        ),
        (
            Format::Presidio,
            "[{\"full_text\":\"ab\",\"spans\":[{\"entity_type\":\"X\",\"start_position\":0,\"end_position\":9}]}]",
            &["f:1: element 0:", "beyond the text (length 2)"],
        ),
        (
            Format::Doccano,
            "{\"text\":\"ab\",\"label\":[[0,-1,\"X\"]]}",
            &["f:1:", "-1"],
        ),
        (Format::Conll, "a B-X\nb\n", &["f:2:", "1 column"]),
        (
            Format::HfTokens,
            "{\"tokens\":[\"a\"],\"ner_tags\":[1]}",
            &["f:1:", "--tag-names"],
        ),
        (
            Format::HfTokens,
            "{\"tokens\":[\"a\"],\"ner_tags\":[]}",
            &["f:1:", "1 tokens and 0 tags"],
        ),
        (
            Format::Spacy,
            "{\"text\":\"\\ud83d\",\"spans\":[]}",
            &["f:1:", "hex escape"],
        ),
        (
            Format::Tellerbench,
            "{\"schema\":2}",
            &["f:1:", "missing field"],
        ),
        (Format::Mapped, "{}", &["needs --mapping"]),
        (
            Format::Comprehend,
            "{}",
            &["no corpus", "answers without texts"],
        ),
    ];
    for (format, input, parts) in cases {
        let error = documents(format, input.as_bytes(), &plain).unwrap_err();
        let error = error.replace("and are none", "no corpus");
        for part in parts {
            assert!(error.contains(part), "{format}: {error}, without {part}");
        }
    }
    let strict = tagged(TagScheme::Iob2);
    let error = documents(Format::Conll, b"x O\n\na B-X\nb I-Y\n", &strict).unwrap_err();
    assert!(
        error.starts_with("f:4: token 1 `b`: tag `I-Y` continues nothing"),
        "{error}"
    );
    let csv = documents(
        Format::Mapped,
        b"id,text,annotations\n1,a,\n2,b\n",
        &mapped("messages.toml"),
    );
    assert_eq!(csv.unwrap_err(), "f:3: 2 columns, and the header has 3");
    let csv = documents(Format::Mapped, b"id,body\n", &mapped("messages.toml")).unwrap_err();
    assert!(
        csv.contains("no column `text`: the header has id, body"),
        "{csv}"
    );
}

#[test]
fn a_key_that_a_mapping_names_and_a_record_lacks_is_told_with_those_that_are_there() {
    let chats = text("chats.toml");
    for (line, changed, said) in [
        (
            "label = \"type\"",
            "label = \"kind\"",
            "f:1: message 0: `marks` (spans): span 0: no text at `kind` (label): there are the keys \
             at, len, type, value",
        ),
        (
            "text = \"/body/content\"",
            "text = \"body\"",
            "f:1: message 0: `body` (text) is no text: there are the keys content",
        ),
        (
            "messages = \"turns\"",
            "messages = \"turn\"",
            "f:1: no list at `turn` (messages): there are the keys ",
        ),
        (
            "text = \"/body/content\"\n",
            "",
            "f: the mapping file does not say where texts stand",
        ),
    ] {
        assert!(chats.contains(line), "{chats}");
        let mapping = Mapping::parse(&chats.replace(line, changed)).unwrap();
        let options = ReadOptions {
            mapping: Some(Arc::new(mapping)),
            ..ReadOptions::default()
        };
        let error = documents(Format::Mapped, &bytes("chats.jsonl"), &options).unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
}

#[test]
fn a_mapping_that_contradicts_itself_is_refused() {
    for (file, said) in [
        ("schema = 2\nspans = \"s\"", "schema 2"),
        ("schema = 1", "`spans` is missing"),
        (
            "schema = 1\nspans = \"s\"\noffsets = \"char\"",
            "codepoint, byte, utf16, grapheme",
        ),
        (
            "schema = 1\nspans = \"s\"\n[span]\nstart = 0\nlabel = 1",
            "`end` or `length`",
        ),
        (
            "schema = 1\nformat = \"csv\"\nrows = \"span\"",
            "needs `id`",
        ),
        ("schema = 1\nspams = \"s\"", "unknown field `spams`"),
    ] {
        let error = Mapping::parse(file).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_service_that_refused_or_left_out_is_an_error_and_no_empty_answer() {
    for (format, input, said) in [
        (
            Format::Dlp,
            "{\"result\":{\"findings\":[],\"findingsTruncated\":true}}",
            "maxFindingsPerRequest",
        ),
        (Format::Dlp, "{\"error\":{\"code\":429}}", "ask again"),
        (
            Format::Comprehend,
            "{\"ErrorCode\":\"X\",\"ErrorMessage\":\"too long\"}",
            "too long",
        ),
        (
            Format::Azure,
            "{\"results\":{\"documents\":[],\"errors\":[{\"id\":\"1\"}]}}",
            "ask again",
        ),
    ] {
        let mut read =
            Answers::new(format, input.as_bytes(), "f", &ReadOptions::default()).unwrap();
        let error = read.next().unwrap().unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert!(read.next().is_none(), "nothing comes behind an error");
    }
}

#[test]
fn a_corpus_of_ours_comes_out_as_documents_too() {
    let suite = tellerbench::corpus::suites::find("gate-en").unwrap();
    let corpus = tellerbench::corpus::Corpus::new(suite.spec, suite.seed).unwrap();
    for conversation in (0..20).map(|index| corpus.conversation(index)) {
        let mut line = Vec::new();
        tellerbench::formats::jsonl::write(&conversation, OffsetUnit::Codepoint, &mut line);
        let read = documents(Format::Tellerbench, &line, &ReadOptions::default()).unwrap();
        // A record line has its spans in the order of their offsets.
        let conversation = tellerbench::formats::jsonl::parse(
            std::str::from_utf8(&line).unwrap(),
            OffsetUnit::Codepoint,
        )
        .unwrap();
        let direct: Vec<Document> = of_conversation(&conversation)
            .map(|d| Document { line: 1, ..d })
            .collect();
        assert_eq!(read, direct);
    }
}

#[test]
fn an_ignored_range_survives_the_record() {
    let mut importer = Importer::new(
        GoldLabels::parse("X = \"PAN\"").unwrap(),
        UnmappedLabels::Ignore,
    );
    let input = "{\"text\":\"é ab\",\"spans\":[{\"start\":2,\"end\":3,\"label\":\"X\"},{\"start\":3,\"end\":4,\"label\":\"odd\"}]}";
    for document in documents(Format::Spacy, input.as_bytes(), &ReadOptions::default()).unwrap() {
        importer.add(document).unwrap();
    }
    let imported = importer.finish().unwrap();
    let conversation = &imported.conversations[0];
    for unit in OffsetUnit::ALL {
        let mut line = Vec::new();
        tellerbench::formats::jsonl::write(conversation, unit, &mut line);
        let again =
            tellerbench::formats::jsonl::parse(std::str::from_utf8(&line).unwrap(), unit).unwrap();
        assert_eq!(again.messages[0].body.ignored().next().unwrap().1, "odd");
        assert_eq!(again.messages[0].body, conversation.messages[0].body);
    }
}

// Hostile input.

fn options_of(format: Format) -> Vec<ReadOptions> {
    match format {
        Format::Mapped => vec![
            mapped("chats.toml"),
            mapped("messages.toml"),
            mapped("spans.toml"),
        ],
        Format::Conll => vec![ReadOptions::default(), columns(), tagged(TagScheme::Bioes)],
        Format::HfTokens => vec![numbers()],
        _ => vec![ReadOptions::default()],
    }
}

/// Reads to the end or to the first error; whatever comes out must be sound.
fn swallow(format: Format, input: &[u8]) {
    for options in options_of(format) {
        let Ok(read) = Answers::new(format, input, "f", &options) else {
            continue;
        };
        let mut failed = false;
        for answer in read {
            assert!(!failed, "nothing comes behind an error");
            match answer {
                Ok(answer) => {
                    let text = answer
                        .text
                        .clone()
                        .unwrap_or_else(|| "é😡 4242\r\n".to_owned());
                    if let Ok(document) = answer.resolve(text) {
                        for span in &document.spans {
                            assert!(!document.covered(span).is_empty());
                        }
                    }
                }
                Err(error) => {
                    failed = true;
                    assert!(error.line >= 1 && !error.message.is_empty());
                }
            }
        }
    }
    let (_, mut whole) = detect(input).unwrap();
    let mut again = Vec::new();
    std::io::Read::read_to_end(&mut whole, &mut again).unwrap();
    assert_eq!(again, input);
}

fn any_format() -> impl Strategy<Value = Format> {
    proptest::sample::select(Format::ALL.to_vec())
}

/// A valid file, cut, with bytes changed, doubled and taken out.
fn mutated() -> impl Strategy<Value = (Format, Vec<u8>)> {
    let mut files: Vec<(&str, Format)> = corpora().into_iter().map(|(n, f, _)| (n, f)).collect();
    files.extend(answers());
    let edit = (any::<prop::sample::Index>(), any::<u8>(), 0u8..5);
    let edits = proptest::collection::vec(edit, 1..8);
    (proptest::sample::select(files), edits).prop_map(|((name, format), edits)| {
        let mut input = bytes(name);
        for (at, byte, what) in edits {
            if input.is_empty() {
                break;
            }
            let at = at.index(input.len());
            match what {
                0 => input.truncate(at),
                1 => input[at] = byte,
                2 => drop(input.remove(at)),
                3 => input.insert(at, b"\"{}[],:\n\\-9"[usize::from(byte) % 11]),
                _ => {
                    let end = (at + usize::from(byte)).min(input.len());
                    let piece = input[at..end].to_vec();
                    input.splice(at..at, piece);
                }
            }
        }
        (format, input)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_bytes_never_panic(format in any_format(), input in proptest::collection::vec(any::<u8>(), 0..200)) {
        swallow(format, &input);
    }

    #[test]
    fn arbitrary_text_never_panics(format in any_format(), input in "[\\PC\n\r\t\"{}\\[\\],:0-9]{0,80}") {
        swallow(format, input.as_bytes());
    }

    #[test]
    fn valid_files_that_were_damaged_never_panic((format, input) in mutated()) {
        swallow(format, &input);
    }

    #[test]
    fn a_span_is_found_again_in_every_unit(
        before in "[a-z😡é\u{301}\u{200d} ]{0,10}",
        value in "[a-zé😡🇫]{1,6}",
        after in "[\u{301}a-z👧 ]{0,6}",
    ) {
        let text = format!("{before}{value}{after}");
        let (start, end) = (before.len() as u32, (before.len() + value.len()) as u32);
        for counting in Counting::ALL {
            let (Some(s), Some(e)) = (counting.of_byte(&text, start), counting.of_byte(&text, end)) else {
                prop_assert_eq!(counting, Counting::Grapheme, "every character has a place in units of code");
                continue;
            };
            let options = ReadOptions { offsets: Some(counting), ..ReadOptions::default() };
            let line = serde_json::json!({"full_text": text, "spans": [
                {"entity_type": "X", "entity_value": value, "start_position": s, "end_position": e}]});
            let read = documents(Format::Presidio, line.to_string().as_bytes(), &options).unwrap();
            prop_assert_eq!((read[0].spans[0].start, read[0].spans[0].end), (start, end));
        }
    }
}

// The command line.

fn tellerbench(args: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("tellerbench").unwrap();
    command
        .current_dir(fixture(""))
        .env("NO_COLOR", "1")
        .args(args)
        .output()
        .unwrap()
}

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The result of a scoring that must succeed.
fn scored(args: &[&str]) -> serde_json::Value {
    let labels = [
        "score",
        "--gold-labels",
        "gold_labels.toml",
        "--format",
        "json",
    ];
    let output = tellerbench(&[&labels[..], args].concat());
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_corpus_and_every_answer_can_be_scored_and_give_the_same_numbers() {
    let map = |name: &str| format!("{name}_map.toml");
    let folder = tempfile::tempdir().unwrap();
    let maps = [
        (
            "comprehend",
            "CREDIT_DEBIT_NUMBER = [\"PAN\"]\nNAME = [\"PERSON_NAME\"]\nEMAIL = [\"EMAIL_ADDRESS\"]\nPIN = [\"CARD_PIN\"]\n",
        ),
        (
            "dlp",
            "CREDIT_CARD_NUMBER = [\"PAN\"]\nPERSON_NAME = [\"PERSON_NAME\"]\nEMAIL_ADDRESS = [\"EMAIL_ADDRESS\"]\nGENERIC_ID = [\"CARD_PIN\"]\n",
        ),
        (
            "azure",
            "CreditCardNumber = [\"PAN\"]\nPerson = [\"PERSON_NAME\"]\nEmail = [\"EMAIL_ADDRESS\"]\nBankAccountNumber = [\"CARD_PIN\"]\n",
        ),
    ];
    let corpora: [(&str, &[&str], bool); 4] = [
        ("chats.jsonl", &["--mapping", "chats.toml"], true),
        ("messages.csv", &["--mapping", "messages.toml"], true),
        ("spans.csv", &["--mapping", "spans.toml"], true),
        ("presidio.json", &[], false),
    ];
    for (tool, rows) in maps {
        let file = folder.path().join(map(tool));
        std::fs::write(&file, rows).unwrap();
        let answers = format!("{tool}.jsonl");
        for (corpus, options, ids) in corpora {
            // What has ids needs a corpus that has them too.
            if tool != "comprehend" && !ids {
                continue;
            }
            let args = [
                &[corpus, &answers, "--label-map", file.to_str().unwrap()],
                options,
            ]
            .concat();
            let result = scored(&args);
            let metrics = &result["detectors"][0]["outcome"]["scored"]["metrics"];
            let strict = &metrics["scopes"]["all"]["micro"]["strict"];
            let counted = |ratio: &str, part: &str| strict[ratio][part].as_u64().unwrap();
            // Six values of ours; the e-mail is one character short.
            assert_eq!(
                (
                    counted("recall", "count"),
                    counted("recall", "of"),
                    counted("precision", "of")
                ),
                (5, 6, 6),
                "{corpus} with {tool}"
            );
            assert_eq!(metrics["errors"]["boundary_short"], 1);
            assert_eq!(result["given"]["ignored"], 1, "the title");
        }
    }
}

#[test]
fn the_output_says_how_a_corpus_was_read_and_what_clusters_are() {
    let args = [
        "score",
        "presidio.json",
        "comprehend.jsonl",
        "--gold-labels",
        "gold_labels.toml",
    ];
    let output = tellerbench(&args);
    assert!(output.status.success(), "{}", said(&output));
    let messages = said(&output);
    assert!(
        messages
            .contains("presidio.json: read as presidio (its first record has full_text and spans)"),
        "{messages}"
    );
    assert!(
        messages.contains("offsets in codepoint; matched by order"),
        "{messages}"
    );
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("clusters: messages"), "{page}");
    let chats = scored(&["chats.jsonl", "comprehend.jsonl", "--mapping", "chats.toml"]);
    assert_eq!(chats["given"]["clusters"], "customers");
    let conll = scored(&[
        "conll_iob2.txt",
        "conll_bilou.txt",
        "--tag-scheme",
        "conlleval",
    ]);
    assert_eq!(conll["given"]["clusters"], "conversations");
    assert_eq!(
        (&conll["given"]["spans"], &conll["given"]["offsets"]),
        (&4.into(), &"tokens".into())
    );
    // The services whose answers are read have their label map here; it need not be named.
    let strict =
        &chats["detectors"][0]["outcome"]["scored"]["metrics"]["scopes"]["all"]["micro"]["strict"];
    assert_eq!(strict["recall"]["count"], 5);
}

#[test]
fn unmapped_labels_are_listed_at_once_and_can_be_ignored() {
    let output = tellerbench(&["score", "presidio.json", "comprehend.jsonl"]);
    assert_eq!(output.status.code(), Some(4));
    let messages = said(&output);
    for row in [
        "PIN = ",
        "CREDIT_CARD = ",
        "TITLE = false  # 1 span",
        "PERSON = ",
    ] {
        assert!(messages.contains(row), "{messages}");
    }
    let ignoring = [
        "score",
        "presidio.json",
        "comprehend.jsonl",
        "--unmapped",
        "ignore",
        "--format",
        "json",
    ];
    let output = tellerbench(&ignoring);
    assert!(output.status.success(), "{}", said(&output));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&result["given"]["ignored"], &result["given"]["spans"]),
        (&6.into(), &1.into())
    );
}

#[test]
fn what_a_hostile_file_says_does_not_reach_the_terminal() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let record =
        r#"{"text":"ab","spans":[{"start":0,"end":1,"label":"\u001b[31mX","text":"\u001b]0;z"}]}"#;
    std::fs::write(file.path(), record).unwrap();
    let output = tellerbench(&["score", file.path().to_str().unwrap(), "comprehend.jsonl"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("recorded"), "{}", said(&output));
    assert!(!output.stderr.contains(&0x1b), "{}", said(&output));
}

#[test]
fn an_option_that_says_nothing_about_a_file_is_refused() {
    for args in [
        [
            "score",
            "conll_iob2.txt",
            "hf_tokens.jsonl",
            "--offsets",
            "byte",
        ],
        [
            "score",
            "presidio.json",
            "dlp.jsonl",
            "--predictions-offsets",
            "byte",
        ],
        [
            "score",
            "presidio.json",
            "dlp.jsonl",
            "--input-format",
            "google-dlp",
        ],
    ] {
        let labels = ["--gold-labels", "gold_labels.toml"];
        let output = tellerbench(&[&args[..], &labels[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
    }
}

#[test]
fn answers_that_do_not_fit_the_corpus_are_refused_with_a_reason() {
    let short = tempfile::NamedTempFile::new().unwrap();
    let text = text("comprehend.jsonl");
    std::fs::write(
        short.path(),
        text.split_inclusive('\n').take(4).collect::<String>(),
    )
    .unwrap();
    let short = short.path().to_str().unwrap();
    let cases: [(&[&str], &str); 5] = [
        (&["presidio.json", short], "4 answers for 5 messages"),
        (
            &["presidio.json", "dlp.jsonl"],
            "`m5` is no message of the corpus",
        ),
        (
            &[
                "chats.jsonl",
                "azure.jsonl",
                "--mapping",
                "chats.toml",
                "--predictions-offsets",
                "utf16",
            ],
            "spans match under grapheme: pass --predictions-offsets grapheme",
        ),
        (
            &[
                "chats.jsonl",
                "presidio.json",
                "--mapping",
                "chats.toml",
                "--match",
                "id",
            ],
            "has no id",
        ),
        (
            &["conll_iob2.txt", "hf_tokens.jsonl", "--match", "id"],
            "`0` is no message of the corpus",
        ),
    ];
    for (args, reason) in cases {
        let all = [&["score", "--gold-labels", "gold_labels.toml"], args].concat();
        let output = tellerbench(&all);
        assert_eq!(output.status.code(), Some(4), "{args:?}: {}", said(&output));
        assert!(
            said(&output).contains(reason),
            "{args:?}: {}",
            said(&output)
        );
    }
    // Answers without texts leave only their edges to judge by.
    let utf16 = [
        "score",
        "presidio.json",
        "comprehend.jsonl",
        "--gold-labels",
        "gold_labels.toml",
        "--predictions-offsets",
        "utf16",
    ];
    let output = tellerbench(&utf16);
    assert!(
        said(&output).contains("if the file counts so, pass --predictions-offsets codepoint"),
        "{}",
        said(&output)
    );
    let missing = [
        "score",
        "presidio.json",
        short,
        "--gold-labels",
        "gold_labels.toml",
        "--missing",
        "all-missed",
    ];
    let output = tellerbench(&missing);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_predictions_file_of_ours_answers_a_foreign_corpus_under_its_ids_or_ours() {
    let folder = tempfile::tempdir().unwrap();
    let header = r#"{"schema":1,"kind":"predictions","detector":"mine","version":"1","offsets":"utf16","corpus":"x","feed":"message","labels":[]}"#;
    for ids in [
        ["m1", "m2", "m3", "m4", "m5"],
        ["k1/0", "k1/1", "k2/0", "k2/1", "k3/0"],
    ] {
        let file = folder.path().join("mine.jsonl");
        let mut lines = format!("{header}\n");
        for id in ids {
            let spans = if id == ids[0] {
                r#"{"start":14,"end":33,"label":"PAN"}"#
            } else {
                ""
            };
            lines += &format!("{{\"id\":\"{id}\",\"spans\":[{spans}]}}\n");
        }
        std::fs::write(&file, lines).unwrap();
        let result = scored(&[
            "chats.jsonl",
            file.to_str().unwrap(),
            "--mapping",
            "chats.toml",
        ]);
        let row = &result["detectors"][0];
        assert_eq!(
            (&row["name"], &row["version"]),
            (&"mine".into(), &"1".into())
        );
        assert_eq!(
            row["outcome"]["scored"]["metrics"]["scopes"]["all"]["micro"]["strict"]["recall"]["count"],
            1
        );
    }
}

#[test]
fn predictions_of_any_shape_come_in_by_a_mapping_without_text() {
    let folder = tempfile::tempdir().unwrap();
    let (table, mapping) = (
        folder.path().join("found.csv"),
        folder.path().join("found.toml"),
    );
    // m4 has no span, and m2 only the name; the rows are in another order than the corpus.
    let rows = "which,from,size,what\nm5,0,4,CARD_PIN\nm5,33,4,CARD_PIN\nm4,,,\nm2,12,14,PERSON_NAME\nm1,,,\nm3,,,\n";
    std::fs::write(&table, rows).unwrap();
    let said_so = "schema = 1\nformat = \"csv\"\nrows = \"span\"\nid = \"which\"\n[span]\nstart = \"from\"\nlength = \"size\"\nlabel = \"what\"\n";
    std::fs::write(&mapping, said_so).unwrap();
    let (table, mapping) = (table.to_str().unwrap(), mapping.to_str().unwrap());
    let result = scored(&[
        "messages.csv",
        table,
        "--mapping",
        "messages.toml",
        "--predictions-mapping",
        mapping,
        "--detector",
        "mine@2",
    ]);
    let row = &result["detectors"][0];
    assert_eq!(
        (&row["name"], &row["version"]),
        (&"mine".into(), &"2".into())
    );
    let strict = &row["outcome"]["scored"]["metrics"]["scopes"]["all"]["micro"]["strict"];
    assert_eq!(
        (&strict["recall"]["count"], &strict["precision"]["of"]),
        (&3.into(), &3.into())
    );
}

#[test]
fn counts_of_a_foreign_corpus_are_merged_with_how_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let counts = folder.path().join("counts.json");
    let counts = counts.to_str().unwrap();
    scored(&["spacy.jsonl", "comprehend.jsonl", "--counts-out", counts]);
    let output = tellerbench(&["merge", counts, counts, "--format", "json"]);
    assert!(output.status.success(), "{}", said(&output));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&result["given"]["messages"], &result["given"]["spans"]),
        (&10.into(), &12.into())
    );
}

#[test]
fn bench_runs_detectors_over_a_foreign_corpus() {
    let output = tellerbench(&[
        "bench",
        "--input",
        "chats.jsonl",
        "--mapping",
        "chats.toml",
        "--gold-labels",
        "gold_labels.toml",
        "--budget",
        "0",
        "--format",
        "json",
    ]);
    assert!(output.status.success(), "{}", said(&output));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = result["detectors"].as_array().unwrap();
    let leak = |name: &str| {
        let row = rows.iter().find(|row| row["name"] == name).unwrap();
        row["outcome"]["scored"]["metrics"]["critical"]["leak"]["count"].clone()
    };
    // One card, and the PINs of two conversations.
    assert_eq!((leak("none"), leak("mask-all")), (3.into(), 0.into()));
    let without = tellerbench(&["bench", "--offsets", "utf16"]);
    assert_eq!(without.status.code(), Some(2));
}

#[test]
fn every_format_is_listed_with_what_it_holds() {
    let output = tellerbench(&["list", "formats"]);
    let page = String::from_utf8(output.stdout).unwrap();
    for format in Format::ALL {
        let row = page
            .lines()
            .find(|line| line.starts_with(format.name()))
            .unwrap();
        assert!(
            row.contains(format.kind().name()) && row.contains(format.about()),
            "{row}"
        );
    }
    assert_eq!(Format::Azure.kind(), Kind::Answers);
}
