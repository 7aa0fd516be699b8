//! The published schemas of the corpus and of its manifest, held to what the generator writes.

use jsonschema::Validator;
use serde_json::Value;
use std::fs;
use std::ops::Range;
use tellerbench::conversation::{Form, MessageKind, Owner, Policy, Safety, Speaker, Split};
use tellerbench::corpus::Variant;
use tellerbench::corpus::output::{self, Options};
use tellerbench::corpus::spec::LANGUAGES;
use tellerbench::corpus::{Corpus, Spec};
use tellerbench::formats::jsonl;
use tellerbench::taxonomy::Label;
use tellerbench::text::OffsetUnit;

const RECORD: &str = include_str!("../schemas/corpus.v1.json");
const MANIFEST: &str = include_str!("../schemas/manifest.v1.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn validator(schema: &str) -> Validator {
    jsonschema::validator_for(&json(schema)).unwrap()
}

fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    let errors = validator.iter_errors(value);
    errors
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect()
}

fn corpus(tag: &str) -> Corpus {
    Corpus::new(Spec::for_languages([(tag.to_owned(), 1)].into()), 11).unwrap()
}

/// The record lines of some indices.
fn records(corpus: &Corpus, indices: Range<u64>, variant: Variant) -> Vec<Value> {
    let line = |index| {
        let mut line = Vec::new();
        jsonl::write(
            &corpus.twin(index, variant),
            OffsetUnit::Codepoint,
            &mut line,
        );
        serde_json::from_slice(&line).unwrap()
    };
    indices.map(line).collect()
}

#[test]
fn fifty_conversations_of_every_language_follow_the_schema_of_the_record() {
    let schema = validator(RECORD);
    for tag in LANGUAGES {
        let corpus = corpus(tag);
        let twin = Variant::Policy(Policy::TransactionalOtp);
        let mut all = records(&corpus, 0..50, Variant::Plain);
        all.extend(records(&corpus, 0..5, twin));
        for record in all {
            assert_eq!(
                faults(&schema, &record),
                Vec::<String>::new(),
                "{}",
                record["id"]
            );
        }
    }
}

#[test]
fn a_manifest_follows_its_schema_and_its_files_the_schema_of_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        total: 6,
        parts: 2,
        part: 1..=2,
        threads: 1,
        zstd: false,
        offsets: OffsetUnit::Utf16,
        force: false,
        suite: None,
    };
    let mut spec = Spec::for_languages([("fr-FR".to_owned(), 7), ("en-GB".to_owned(), 3)].into());
    for split in [None, Some(Split::Test)] {
        spec.split = split;
        if split.is_some() {
            let every = "name = 'x'\nlanguages = { fr-FR = 1 }\nintent_weights = { check_balance = 3 }\n\
                         labels = { core-30 = 50 }\nmistyped = { PAN = 300 }\nhabits = { gambler = 5 }\n\
                         values = 'lifelike'\ntwins = ['lower']\n[forms.PAN]\nspoken = 1\n[ranges]\nbare = [0, 9]";
            spec = Spec {
                split,
                ..Spec::parse(every).unwrap()
            };
        }
        spec.policies = split
            .map(|_| ("restrained".to_owned(), 2))
            .into_iter()
            .collect();
        let path = folder.path().join(split.map_or("all", Split::name));
        let corpus = Corpus::new(spec.clone(), 3).unwrap();
        output::to_files(&corpus, &path, &options, &mut |_| true).unwrap();
        let manifest = json(&fs::read_to_string(path.join("manifest.json")).unwrap());
        assert_eq!(
            faults(&validator(MANIFEST), &manifest),
            Vec::<String>::new()
        );
        for file in manifest["files"].as_array().unwrap() {
            let text = fs::read_to_string(path.join(file["name"].as_str().unwrap())).unwrap();
            for line in text.lines() {
                assert_eq!(
                    faults(&validator(RECORD), &json(line)),
                    Vec::<String>::new()
                );
            }
        }
    }
}

#[test]
fn the_schemas_refuse_what_is_not_in_the_record() {
    let schema = validator(RECORD);
    let good = records(&corpus("fr-FR"), 0..20, Variant::Plain)
        .into_iter()
        .find(|record| {
            !record["messages"][0]["spans"]
                .as_array()
                .unwrap()
                .is_empty()
        })
        .expect("a first message with a span");
    assert!(schema.is_valid(&good));
    for (pointer, bad) in [
        ("", json(r#"{"schema":1}"#)),
        ("/schema", json("2")),
        ("/id", json(r#""fr-42""#)),
        ("/policy", json(r#""generous""#)),
        ("/messages/0/ts", json(r#""2026-03-14""#)),
        ("/messages/0/speaker", json(r#""robot""#)),
        ("/messages/0/spans/0/label", json(r#""CARD""#)),
        ("/messages/0/spans/0/form", json(r#""neat""#)),
        ("/messages/0/spans/0/start", json("-1")),
        ("/facts/0/owner", json(r#""bank""#)),
    ] {
        let mut broken = good.clone();
        *broken.pointer_mut(pointer).unwrap() = bad;
        assert!(!schema.is_valid(&broken), "{pointer}");
    }
    for pointer in ["", "/facts/0", "/messages/0", "/messages/0/spans/0"] {
        let mut broken = good.clone();
        broken.pointer_mut(pointer).unwrap()["more"] = Value::Null;
        assert!(!schema.is_valid(&broken), "{pointer}/more");
    }
}

#[test]
fn the_schemas_list_the_values_that_the_code_knows() {
    let named = |schema: &Value, pointer: &str, names: Vec<&str>| {
        let listed: Vec<&str> = schema
            .pointer(pointer)
            .and_then(Value::as_array)
            .unwrap_or_else(|| panic!("{pointer} is no list"))
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(listed, names, "{pointer}");
    };
    let labels = || Label::all().map(Label::id).collect();
    let policies = || Policy::ALL.iter().map(|p| p.name()).collect();
    let splits = || Split::ALL.iter().map(|s| s.name()).collect();
    let record = json(RECORD);
    let of_record = |pointer: &str, names| named(&record, pointer, names);
    of_record("/$defs/label/enum", labels());
    of_record("/properties/policy/enum", policies());
    of_record("/properties/split/enum", splits());
    let owners = Owner::ALL.iter().map(|o| o.name()).collect();
    of_record("/$defs/fact/properties/owner/enum", owners);
    let speakers = Speaker::ALL.iter().map(|s| s.name()).collect();
    of_record("/$defs/message/properties/speaker/enum", speakers);
    let kinds = MessageKind::ALL.iter().map(|k| k.name()).collect();
    of_record("/$defs/message/properties/kind/enum", kinds);
    let forms = Form::ALL.iter().map(|f| f.name()).collect();
    of_record("/$defs/span/properties/form/enum", forms);
    let tiers = Safety::ALL.iter().map(|s| s.name()).collect();
    of_record("/$defs/span/properties/safety/enum", tiers);
    let manifest = json(MANIFEST);
    let of_manifest = |pointer: &str, names| named(&manifest, pointer, names);
    of_manifest("/$defs/label/enum", labels());
    of_manifest("/$defs/spec/properties/split/enum", splits());
    let policies_of_spec = "/$defs/spec/properties/policies/propertyNames/enum";
    of_manifest(policies_of_spec, policies());
    let units = OffsetUnit::ALL.iter().map(|u| u.name()).collect();
    of_manifest("/properties/offsets/enum", units);
}
