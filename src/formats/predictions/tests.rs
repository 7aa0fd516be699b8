use super::sample::{body, conversation, found};
use super::*;
use crate::conversation::Field;
use proptest::prelude::*;

/// Two conversations; the second message of the first has a structured field.
fn corpus() -> Vec<Conversation> {
    let mut first = conversation(42, "c", &[("", "né à Évreux 😡 en 85"), ("", "oui")]);
    let payload = Field {
        pointer: Cow::Borrowed("/quick_reply/payload"),
        body: body("PAY_4242"),
    };
    first.messages[1].fields.push(payload);
    vec![first, conversation(43, "c", &[("", "rien")])]
}

fn header(offsets: OffsetUnit) -> Header {
    Header::new(
        "regex",
        "2.1",
        offsets,
        "fr@1",
        Feed::Stream,
        &["PLACE"].into_iter().collect(),
    )
}

/// Reads `lines` after a header; what was found, as `(start, end, label)`, or the error.
fn read(
    offsets: &str,
    lines: &[&str],
    missing: Missing,
) -> Result<Vec<(u32, u32, String)>, PredictionsError> {
    let header = serde_json::to_string(&header(OffsetUnit::Byte)).unwrap();
    let header = header.replace("\"byte\"", &format!("{offsets:?}"));
    let file = format!("{header}\n{}\n", lines.join("\n"));
    let mut reader = PredictionsReader::open(file.as_bytes(), "p.jsonl", missing)?;
    let mut predictions = Predictions::new();
    let mut all = Vec::new();
    for conversation in corpus() {
        reader.read(&conversation, &mut predictions)?;
        for found in predictions.units().flatten() {
            let label = reader.labels().name(found.label).to_owned();
            all.push((found.range.start, found.range.end, label));
        }
    }
    reader.finish()?;
    Ok(all)
}

/// Reads the four lines of the corpus with `spans` in the first.
fn spans(offsets: &str, spans: &str) -> Result<Vec<(u32, u32, String)>, PredictionsError> {
    let first = format!("{{\"id\":\"fr-000000042/0\",\"spans\":[{spans}]}}");
    read(
        offsets,
        &[&first, EMPTY[1], EMPTY[2], EMPTY[3]],
        Missing::Error,
    )
}

const EMPTY: [&str; 4] = [
    r#"{"id":"fr-000000042/0","spans":[]}"#,
    r#"{"id":"fr-000000042/1","spans":[]}"#,
    r#"{"id":"fr-000000042/1#/quick_reply/payload","spans":[]}"#,
    r#"{"id":"fr-000000043/0","spans":[]}"#,
];

fn error(result: Result<Vec<(u32, u32, String)>, PredictionsError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn every_offset_unit_comes_out_as_bytes() {
    // "né à Évreux 😡 en 85": the place, and the year behind the emoji.
    for (unit, place, year) in [
        ("codepoint", (5, 11), (17, 19)),
        ("byte", (7, 14), (23, 25)),
        ("utf16", (5, 11), (18, 20)),
    ] {
        let line = format!(
            r#"{{"start":{},"end":{},"label":"PLACE"}},{{"start":{},"end":{},"label":"YEAR"}}"#,
            place.0, place.1, year.0, year.1
        );
        let found = spans(unit, &line).unwrap();
        assert_eq!(
            found,
            [(7, 14, "PLACE".to_owned()), (23, 25, "YEAR".to_owned())],
            "{unit}"
        );
    }
}

#[test]
fn a_shifted_offset_is_a_named_error() {
    let beyond = error(spans("codepoint", r#"{"start":17,"end":25,"label":"X"}"#));
    assert_eq!(
        beyond,
        "p.jsonl:2: unit `fr-000000042/0`, span 0 (17..25 in codepoint): an offset lies beyond \
         the text (length 19)"
    );
    let inside = error(spans("byte", r#"{"start":2,"end":4,"label":"X"}"#));
    assert!(
        inside.contains("an offset lies inside a character"),
        "{inside}"
    );
    let far = error(spans("byte", r#"{"start":2,"end":400,"label":"X"}"#));
    assert!(far.contains("an offset lies"), "{far}");
    let empty = error(spans("utf16", r#"{"start":4,"end":4,"label":"X"}"#));
    assert!(empty.contains("covers nothing"), "{empty}");
}

#[test]
fn a_wrong_offset_unit_is_diagnosed_from_the_text_that_comes_with_the_spans() {
    let line = r#"{"start":5,"end":11,"label":"X","text":"Évreux"},
                  {"start":18,"end":20,"label":"X","text":"85"}"#;
    let message = error(spans("codepoint", &line.replace('\n', "")));
    assert!(message.contains("lies beyond the text"), "{message}");
    assert!(
        message.ends_with("spans match under utf16: declare offsets=utf16"),
        "{message}"
    );
    let bytes = error(spans(
        "codepoint",
        r#"{"start":7,"end":14,"label":"X","text":"Évreux"}"#,
    ));
    assert!(
        bytes.contains("says `Évreux` and covers `reux 😡 `"),
        "{bytes}"
    );
    assert!(bytes.ends_with("declare offsets=byte"), "{bytes}");
}

#[test]
fn a_missing_unit_is_an_error_unless_all_of_it_may_count_as_missed() {
    let without = [EMPTY[0], EMPTY[2], EMPTY[3]];
    let message = error(read("byte", &without, Missing::Error));
    assert_eq!(
        message,
        "p.jsonl:3: found `fr-000000042/1#/quick_reply/payload` where `fr-000000042/1` is due: the \
         latter is missing, or the lines are not in corpus order (write one line per unit, empty \
         ones included, or pass --missing=all-missed)"
    );
    assert_eq!(read("byte", &without, Missing::AllMissed), Ok(Vec::new()));
    let cut = error(read("byte", &EMPTY[..2], Missing::Error));
    assert!(
        cut.contains("the file ends before `fr-000000042/1#/quick_reply/payload`"),
        "{cut}"
    );
    assert_eq!(
        read("byte", &EMPTY[..2], Missing::AllMissed),
        Ok(Vec::new())
    );
}

#[test]
fn repeated_unknown_and_unordered_units_are_told_apart() {
    let repeated = error(read("byte", &[EMPTY[0], EMPTY[0]], Missing::Error));
    assert!(
        repeated.contains("p.jsonl:3: `fr-000000042/0` is answered twice"),
        "{repeated}"
    );
    let unknown = r#"{"id":"fr-000000042/9","spans":[]}"#;
    let unknown = error(read("byte", &[EMPTY[0], unknown], Missing::Error));
    assert!(
        unknown.contains("`fr-000000042/9` is no unit of this corpus"),
        "{unknown}"
    );
    let order = error(read("byte", &[EMPTY[0], EMPTY[3]], Missing::Error));
    assert!(order.contains("`fr-000000042/1` is due"), "{order}");
    for lines in [
        [EMPTY[0], EMPTY[3], EMPTY[1]],
        [EMPTY[1], EMPTY[0], EMPTY[3]],
    ] {
        let left = error(read("byte", &lines, Missing::AllMissed));
        assert!(
            left.contains("it is unknown, repeated, or out of order"),
            "{left}"
        );
    }
}

#[test]
fn bad_json_names_its_line_and_a_score_that_is_no_number_its_cure() {
    let bad = error(read("byte", &[EMPTY[0], "{\"id\":"], Missing::Error));
    assert!(bad.starts_with("p.jsonl:3: EOF while parsing"), "{bad}");
    let nan = error(spans(
        "byte",
        r#"{"start":0,"end":1,"label":"X","score":NaN}"#,
    ));
    assert!(
        nan.ends_with("(NaN and Infinity are no JSON: leave the score out)"),
        "{nan}"
    );
    let huge = error(spans(
        "byte",
        r#"{"start":0,"end":1,"label":"X","score":1e39}"#,
    ));
    assert!(huge.contains("number out of range"), "{huge}");
    let negative = error(spans("byte", r#"{"start":-1,"end":1,"label":"X"}"#));
    assert!(negative.contains("-1"), "{negative}");
}

#[test]
fn a_file_without_a_header_of_this_version_is_refused() {
    let open = |file: &str| {
        PredictionsReader::open(file.as_bytes(), "p.jsonl", Missing::Error)
            .unwrap_err()
            .to_string()
    };
    assert!(open("").contains("the file is empty"));
    assert!(open(EMPTY[0]).contains("missing field `schema`"));
    let good = serde_json::to_string(&header(OffsetUnit::Byte)).unwrap();
    assert!(open(&good.replace("\"schema\":1", "\"schema\":2")).contains("schema 2 is not one"));
    assert!(open(&good.replace("\"2.1\"", "\"\"")).contains("no version, no measurement"));
    let reader = PredictionsReader::open(good.as_bytes(), "p.jsonl", Missing::Error).unwrap();
    let message = reader.expect_corpus("en@1").unwrap_err().to_string();
    assert!(
        message.contains("made for corpus `fr@1`, not for `en@1`"),
        "{message}"
    );
}

#[test]
fn the_header_and_a_line_follow_the_published_schema() {
    let schema = include_str!("../../../schemas/predictions.v1.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let header = serde_json::to_value(header(OffsetUnit::Codepoint)).unwrap();
    assert!(validator.is_valid(&header));
    for line in EMPTY {
        assert!(validator.is_valid(&serde_json::from_str(line).unwrap()));
    }
    let found =
        r#"{"id":"a/0","spans":[{"start":0,"end":4,"label":"X","score":0.5,"text":"abcd"}]}"#;
    assert!(validator.is_valid(&serde_json::from_str(found).unwrap()));
    for bad in [
        r#"{"id":"a/0"}"#,
        r#"{"id":"a/0","spans":[{"start":-1,"end":4,"label":"X"}]}"#,
    ] {
        assert!(
            !validator.is_valid(&serde_json::from_str(bad).unwrap()),
            "{bad}"
        );
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        texts in prop::collection::vec("[a-z0-9é😡 ]{1,12}", 1..4),
        cuts in prop::collection::vec((0usize..4, 0usize..12, 1usize..12), 0..8),
        unit in 0usize..3,
    ) {
        let messages: Vec<(&str, &str)> = texts.iter().map(|text| ("", text.as_str())).collect();
        let conversation = conversation(1, "c", &messages);
        let pieces: Vec<(usize, String)> = cuts
            .iter()
            .filter_map(|&(which, skip, take)| {
                let piece: String = texts.get(which)?.chars().skip(skip).take(take).collect();
                (!piece.is_empty()).then_some((which, piece))
            })
            .collect();
        let spans: Vec<(usize, &str, &str)> =
            pieces.iter().map(|(which, piece)| (*which, piece.as_str(), "X")).collect();
        let mut labels = ToolLabels::default();
        let predictions = found(&conversation, &spans, &mut labels);
        let header = header(OffsetUnit::ALL[unit]);
        let mut writer = PredictionsWriter::new(Vec::new(), &header).unwrap();
        writer.write(&conversation, &predictions, &labels).unwrap();
        let file = writer.finish().unwrap();
        let mut reader = PredictionsReader::open(&file[..], "p", Missing::Error).unwrap();
        let mut read = Predictions::new();
        reader.read(&conversation, &mut read).unwrap();
        reader.finish().unwrap();
        let ranges = |p: &Predictions| -> Vec<Vec<ByteRange>> {
            p.units().map(|unit| unit.iter().map(|found| found.range).collect()).collect()
        };
        prop_assert_eq!(ranges(&read), ranges(&predictions));
    }
}

#[test]
fn an_id_is_told_without_being_written() {
    use crate::conversation::{is_unit_id, unit_id};
    let units = [
        ("a", 0, ""),
        ("a/1", 2, "/x"),
        ("a", 10, "/x#y"),
        ("", 7, "#"),
    ];
    let ids = units.map(|(conversation, turn, pointer)| unit_id(conversation, turn, pointer));
    let odd = [
        "a",
        "a/",
        "a/+0",
        "a/00",
        "a/0#",
        "a/0 ",
        "/07#",
        "a/4294967296",
    ];
    for id in ids.iter().map(String::as_str).chain(odd) {
        for (unit, known) in units.iter().zip(&ids) {
            assert_eq!(is_unit_id(id, unit.0, unit.1, unit.2), id == known, "{id}");
        }
    }
}
