//! Every check, held to a corrupted copy that it must catch and to the untouched one that it must pass.

use super::checks::Check;
use super::report::{CheckReport, Report, Verdict, ViolationReport};
use super::source::AuditError;
use super::{Request, audit, page};
use crate::conversation::Split;
use crate::corpus::manifest::Manifest;
use crate::corpus::output::{Options, to_files};
use crate::corpus::{Corpus, Data, Spec};
use crate::identifiers::{cards, iban};
use crate::text::OffsetUnit;
use crate::wording::language::Language;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A generated corpus: its record lines, and its manifest.
struct Made {
    lines: Vec<Value>,
    manifest: Manifest,
}

fn options(total: u64) -> Options {
    Options {
        total,
        parts: 1,
        part: 1..=1,
        threads: 2,
        zstd: false,
        offsets: OffsetUnit::Codepoint,
        force: true,
        suite: None,
    }
}

fn generated(spec: Spec, total: u64) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus.jsonl");
    let corpus = Corpus::new(spec, 42).unwrap();
    let manifest = to_files(&corpus, &path, &options(total), &mut |_| true).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    Made {
        lines: text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
        manifest,
    }
}

fn french() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| generated(Spec::for_languages([("fr-FR".to_owned(), 1)].into()), 1_200))
}

/// Audits record lines under a manifest.
fn audited(
    lines: &[Value],
    manifest: Option<Manifest>,
    change: impl FnOnce(&mut Request),
) -> Result<Report, AuditError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus.jsonl");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, text).unwrap();
    let mut request = request(path, manifest);
    change(&mut request);
    audit(&request, &mut |_| ())
}

fn request(path: PathBuf, manifest: Option<Manifest>) -> Request {
    Request {
        files: vec![path],
        manifest,
        offsets: None,
        reading: Default::default(),
        threads: 2,
        regenerate: u64::MAX,
        hash_files: false,
        against: Vec::new(),
        data: Data::built_in(),
        show_values: false,
    }
}

fn of(report: &Report, check: Check) -> &CheckReport {
    report
        .checks
        .iter()
        .find(|row| row.name == check.name())
        .unwrap()
}

/// Places in records, as `(line, message, span)` and the like.
fn spans_of(line: &Value) -> impl Iterator<Item = (usize, usize, &Value)> {
    let messages = line["messages"].as_array().unwrap().iter().enumerate();
    messages.flat_map(|(m, message)| {
        let spans = message["spans"].as_array().unwrap().iter().enumerate();
        spans.map(move |(s, span)| (m, s, span))
    })
}

fn fact_of<'v>(line: &'v Value, span: &Value) -> &'v Value {
    let facts = line["facts"].as_array().unwrap();
    facts
        .iter()
        .find(|fact| fact["id"] == span["fact"])
        .unwrap()
}

/// The first line with a span for which `fits` holds, with the span's place.
#[track_caller]
fn find(fits: impl Fn(&Value, &Value) -> bool) -> (Value, usize, usize) {
    let found = french().lines.iter().find_map(|line| {
        let (m, s, _) = spans_of(line).find(|(_, _, span)| fits(line, span))?;
        Some((line.clone(), m, s))
    });
    found.expect("the corpus has such a span")
}

#[track_caller]
fn labelled(label: &str) -> (Value, usize, usize) {
    find(|_, span| span["label"] == label)
}

/// Gives every fact and span with a label another one.
fn relabel(line: &mut Value, label: &str, other: &str) {
    let messages = line["messages"].as_array_mut().unwrap();
    let spans = messages
        .iter_mut()
        .flat_map(|message| message["spans"].as_array_mut().unwrap());
    for span in spans.filter(|span| span["label"] == label) {
        span["label"] = json!(other);
    }
    let facts = line["facts"].as_array_mut().unwrap().iter_mut();
    for fact in facts.filter(|fact| fact["label"] == label) {
        fact["label"] = json!(other);
    }
}

/// Replaces the first fact with a label, and every mention of it where it is written as it is.
fn rewrite(line: &mut Value, label: &str, value: &str) {
    let facts = line["facts"].as_array_mut().unwrap();
    let fact = facts
        .iter_mut()
        .find(|fact| fact["label"] == label)
        .unwrap();
    let id = fact["id"].clone();
    fact["value"] = json!(value);
    for message in line["messages"].as_array_mut().unwrap() {
        let mut text: Vec<char> = message["text"].as_str().unwrap().chars().collect();
        let mut spans = message["spans"].as_array().unwrap().clone();
        for span in spans.iter_mut().filter(|span| span["fact"] == id) {
            let (start, end) = (
                span["start"].as_u64().unwrap() as usize,
                span["end"].as_u64().unwrap() as usize,
            );
            // Only as long as before, so that what follows stays where it is.
            let new: Vec<char> = value
                .chars()
                .chain(std::iter::repeat('0'))
                .take(end - start)
                .collect();
            text.splice(start..end, new.iter().copied());
            span["text"] = json!(new.iter().collect::<String>());
        }
        message["text"] = json!(text.into_iter().collect::<String>());
        message["spans"] = json!(spans);
    }
}

/// A corrupted copy: the check that must catch it, the untouched records, the corrupted ones.
type Mutation = (Check, Vec<Value>, Vec<Value>);

fn one(check: Check, line: Value, change: impl FnOnce(&mut Value)) -> Mutation {
    let mut corrupted = line.clone();
    change(&mut corrupted);
    (check, vec![line], vec![corrupted])
}

/// Two conversations of one customer.
fn pair(fits: impl Fn(&Value) -> bool) -> (Value, Value) {
    let lines = &french().lines;
    let found = lines.iter().filter(|line| fits(line)).find_map(|first| {
        let second = lines.iter().find(|line| {
            line["customer"] == first["customer"] && line["id"] != first["id"] && fits(line)
        })?;
        Some((first.clone(), second.clone()))
    });
    let (a, b) = found.expect("a customer who writes twice");
    if a["id"].as_str() < b["id"].as_str() {
        (a, b)
    } else {
        (b, a)
    }
}

fn has(line: &Value, label: &str) -> bool {
    line["facts"]
        .as_array()
        .unwrap()
        .iter()
        .any(|fact| fact["label"] == label)
}

fn mutations() -> Vec<Mutation> {
    let any = || labelled("PERSON_NAME");
    let mut list = Vec::new();

    let (line, m, s) = any();
    list.push(one(Check::Record, line.clone(), |line| {
        line["foreign"] = json!(1)
    }));
    list.push(one(Check::SpanOffsets, line.clone(), |line| {
        let start = line["messages"][m]["spans"][s]["start"].as_i64().unwrap();
        line["messages"][m]["spans"][s]["start"] = json!(start + 1);
    }));
    list.push(one(Check::SpanOffsets, line.clone(), |line| {
        line["messages"][m]["spans"][s]["end"] = json!(100_000);
    }));
    list.push(one(Check::FactOfSpan, line.clone(), |line| {
        line["messages"][m]["spans"][s]["fact"] = json!("f99");
    }));
    list.push(one(Check::FactOfSpan, line.clone(), |line| {
        line["messages"][m]["spans"][s]["label"] = json!("BENEFICIARY");
    }));
    list.push(one(Check::FactOfSpan, line.clone(), |line| {
        line["messages"][m]["spans"][s]["label"] = json!("NO_LABEL");
    }));
    list.push(one(Check::SafetyGiven, line.clone(), |line| {
        let spans = line["messages"][m]["spans"].as_array_mut().unwrap();
        spans[s].as_object_mut().unwrap().remove("safety");
        // Another span keeps its tier, so that the corpus is not one of elsewhere.
        let mut other = spans[s].clone();
        other["safety"] = json!("convention");
        spans.push(other);
    }));
    list.push(one(Check::DecoysApart, line.clone(), |line| {
        let span = line["messages"][m]["spans"][s].clone();
        let decoy = json!({"start": span["start"], "end": span["end"], "text": span["text"],
            "looks_like": "PERSON_NAME", "is": "bot_persona"});
        line["messages"][m]["decoys"]
            .as_array_mut()
            .unwrap()
            .push(decoy);
    }));
    list.push(one(Check::FactStated, line.clone(), |line| {
        let fact = json!({"id": "f77", "label": "AGE", "kind": "customer", "value": "41", "owner": "customer", "links": []});
        line["facts"].as_array_mut().unwrap().push(fact);
    }));
    list.push(one(Check::Turns, line.clone(), |line| {
        line["messages"][0]["turn"] = json!(3)
    }));
    list.push(one(Check::Ids, line.clone(), |line| {
        line["messages"][0]["id"] = json!("fr-000000000/9")
    }));
    list.push(one(Check::Times, line.clone(), |line| {
        line["messages"][m]["ts"] = json!("2020-01-01T00:00:00+01:00");
    }));
    list.push(one(Check::Regenerated, line.clone(), |line| {
        line["writer"] = json!("somebody_else")
    }));
    list.push(one(Check::Surface, line.clone(), |line| {
        let id = line["messages"][m]["spans"][s]["fact"].clone();
        let facts = line["facts"].as_array_mut().unwrap();
        facts.iter_mut().find(|fact| fact["id"] == id).unwrap()["value"] =
            json!("Zéphyrine Quatrebarbes");
    }));
    list.push(one(
        Check::WorldPerson,
        find(|line, span| {
            // `rewrite` changes the first name, which is not always the customer's.
            let facts = line["facts"].as_array().unwrap();
            let first = facts.iter().find(|fact| fact["label"] == "PERSON_NAME");
            first.is_some_and(|fact| fact["kind"] == "customer" && fact["id"] == span["fact"])
        })
        .0,
        |line| {
            rewrite(line, "PERSON_NAME", "Zéphyrine Quatrebarbes");
        },
    ));
    list.push(one(
        Check::OneValue,
        find(|line, span| {
            fact_of(line, span)["kind"] == "customer" && span["label"] == "PERSON_NAME"
        })
        .0,
        |line| {
            let facts = line["facts"].as_array_mut().unwrap();
            let mut other = facts
                .iter()
                .find(|f| f["label"] == "PERSON_NAME" && f["kind"] == "customer")
                .unwrap()
                .clone();
            other["id"] = json!("f78");
            other["value"] = json!("Zéphyrine Quatrebarbes");
            facts.push(other);
        },
    ));

    let decoyed = french().lines.iter().find_map(|line| {
        let messages = line["messages"].as_array().unwrap();
        let m = messages
            .iter()
            .position(|message| message["decoys"] != json!([]))?;
        Some((line.clone(), m))
    });
    let (line, m) = decoyed.unwrap();
    list.push(one(Check::DecoyOffsets, line, |line| {
        line["messages"][m]["decoys"][0]["text"] = json!("something else");
    }));

    let fielded = french().lines.iter().find_map(|line| {
        let messages = line["messages"].as_array().unwrap();
        let m = messages
            .iter()
            .position(|message| message["fields"] != json!([]))?;
        Some((line.clone(), m))
    });
    let (line, m) = fielded.unwrap();
    list.push(one(Check::Pointers, line.clone(), |line| {
        line["messages"][m]["fields"][0]["pointer"] = json!("quick_reply.payload");
    }));
    let (line, m) = french()
        .lines
        .iter()
        .find_map(|line| {
            let messages = line["messages"].as_array().unwrap();
            let m = messages.iter().position(|message| {
                message["fields"]
                    .get(0)
                    .is_some_and(|f| f["spans"] != json!([]))
            })?;
            Some((line.clone(), m))
        })
        .unwrap();
    list.push(one(Check::SpanOffsets, line, |line| {
        line["messages"][m]["fields"][0]["spans"][0]["start"] = json!(99);
    }));

    let (a, b) = (french().lines[3].clone(), french().lines[4].clone());
    list.push((Check::Ids, vec![a.clone(), b.clone()], vec![b, a]));

    let (line, m, s) = find(|_, span| span["asked"].is_u64());
    list.push(one(Check::Asked, line, |line| {
        line["messages"][m]["spans"][s]["asked"] = json!(m)
    }));

    let (line, m, s) = find(|_, span| span["part"].is_object());
    list.push(one(Check::Parts, line, |line| {
        line["messages"][m]["spans"][s]["part"]["k"] = json!(4)
    }));

    let linked = french().lines.iter().find(|line| {
        line["facts"]
            .as_array()
            .unwrap()
            .iter()
            .any(|fact| fact["links"] != json!([]))
    });
    list.push(one(Check::Links, linked.unwrap().clone(), |line| {
        let facts = line["facts"].as_array_mut().unwrap();
        facts
            .iter_mut()
            .find(|fact| fact["links"] != json!([]))
            .unwrap()["links"] = json!([]);
    }));

    let whole = |line: &Value, span: &Value| {
        span["label"] == "PAN" && span["text"] == fact_of(line, span)["value"]
    };
    let (line, m, s) = find(|line, span| {
        whole(line, span)
            && span["valid"] == true
            && fact_of(line, span)["value"].as_str().unwrap().len() == 16
    });
    list.push(one(Check::NormalForm, line.clone(), |line| {
        let facts = line["facts"].as_array_mut().unwrap();
        facts.iter_mut().find(|f| f["label"] == "PAN").unwrap()["value"] =
            json!("4242 4242 4242 4242");
    }));
    list.push(one(Check::Valid, line.clone(), |line| {
        rewrite(line, "PAN", "4242424242424241")
    }));
    list.push(one(Check::Invalid, line.clone(), |line| {
        line["messages"][m]["spans"][s]["valid"] = json!(false);
    }));
    list.push(one(Check::Surface, line.clone(), |line| {
        let facts = line["facts"].as_array_mut().unwrap();
        facts.iter_mut().find(|f| f["label"] == "PAN").unwrap()["value"] =
            json!("4000002500001001");
    }));
    list.push(one(Check::Strict, line.clone(), |line| {
        let strict = line["messages"][m]["spans"][s]["strict_valid"]
            .as_bool()
            .unwrap();
        line["messages"][m]["spans"][s]["strict_valid"] = json!(!strict);
    }));
    // A number with a right check digit that may be somebody's.
    list.push(one(Check::SafetyRanges, line.clone(), |line| {
        let payload = "497010123456789";
        rewrite(
            line,
            "PAN",
            &format!("{payload}{}", cards::luhn_digit(payload)),
        );
    }));
    list.push(one(Check::WorldPerson, line.clone(), |line| {
        rewrite(line, "PAN", "4242424242424242")
    }));
    list.push(one(Check::OneCard, line.clone(), |line| {
        let facts = line["facts"].as_array_mut().unwrap();
        for (id, value) in [("f88", "2027-01"), ("f89", "2028-02")] {
            facts.push(json!({"id": id, "label": "CARD_EXPIRY", "kind": "card", "value": value, "owner": "customer", "links": []}));
        }
    }));
    let own = line["customer"].clone();
    let number = line["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["label"] == "PAN")
        .unwrap()["value"]
        .clone();
    let other = french()
        .lines
        .iter()
        .find(|l| l["customer"] != own && has(l, "PAN"))
        .unwrap();
    let mut thief = other.clone();
    rewrite(&mut thief, "PAN", number.as_str().unwrap());
    list.push((
        Check::Unique,
        vec![line.clone(), other.clone()],
        vec![line.clone(), thief],
    ));
    let cards: Vec<Value> = french()
        .lines
        .iter()
        .filter(|line| has(line, "PAN"))
        .cloned()
        .collect();
    let mut published = cards.clone();
    for line in &mut published {
        rewrite(line, "PAN", "4242424242424242");
    }
    list.push((Check::Published, cards, published));

    let (line, _, _) = find(|line, span| {
        span["label"] == "IBAN"
            && span["valid"] == true
            && fact_of(line, span)["value"]
                .as_str()
                .unwrap()
                .starts_with("FR")
    });
    list.push(one(Check::NationalKeys, line, |line| {
        let facts = line["facts"].as_array_mut().unwrap();
        let fact = facts.iter_mut().find(|f| f["label"] == "IBAN").unwrap();
        let value = fact["value"].as_str().unwrap();
        let key = u32::from(&value[25..] == "01") + 1;
        // The IBAN's own check digits are computed again; only the national key is wrong.
        let body = format!("{}{key:02}", &value[4..25]);
        let digits = crate::identifiers::checksum::mod97_check_digits(&body, "FR00").unwrap();
        fact["value"] = json!(format!("FR{digits:02}{body}"));
        assert!(iban::check_national(fact["value"].as_str().unwrap()) == Some(false));
    }));

    let (line, _, _) = find(|_, span| span["label"] == "PAN");
    list.push(one(Check::Locales, line, |line| {
        relabel(line, "PAN", "US_ACCOUNT_NUMBER")
    }));

    let (line, _, _) = find(|line, span| {
        span["label"] == "BIC"
            && line["messages"].as_array().unwrap().iter().any(|message| {
                let spans = message["spans"].as_array().unwrap();
                let whose = |s: &&Value| fact_of(line, s)["owner"] == fact_of(line, span)["owner"];
                spans.iter().filter(whose).any(|s| s["label"] == "IBAN")
            })
    });
    list.push(one(Check::BicBesideAccount, line, |line| {
        for message in line["messages"].as_array_mut().unwrap() {
            let spans = message["spans"].as_array_mut().unwrap();
            spans.retain(|span| span["label"] == "BIC");
        }
    }));

    let born =
        |line: &&Value| has(line, "DATE_OF_BIRTH") && (has(line, "FR_NIR") || has(line, "AGE"));
    let line = french().lines.iter().find(born).unwrap().clone();
    list.push(one(Check::Birth, line, |line| {
        rewrite(line, "DATE_OF_BIRTH", "1931-01-02")
    }));

    let (line, m, s) = find(|line, span| {
        let facts = line["facts"].as_array().unwrap();
        let beside =
            |f: &&Value| f["label"] == "POSTAL_ADDRESS" && f["kind"] == fact_of(line, span)["kind"];
        span["label"] == "POSTCODE" && facts.iter().filter(beside).count() == 1
    });
    list.push(one(Check::Postcode, line, |line| {
        let id = line["messages"][m]["spans"][s]["fact"].clone();
        let facts = line["facts"].as_array_mut().unwrap();
        facts.iter_mut().find(|f| f["id"] == id).unwrap()["value"] = json!("96999");
    }));

    let (first, second) = pair(|line| has(line, "CUSTOMER_NUMBER"));
    let mut another = second.clone();
    rewrite(&mut another, "CUSTOMER_NUMBER", "12345678");
    list.push((
        Check::OverTime,
        vec![first.clone(), second.clone()],
        vec![first.clone(), another],
    ));
    let mut elsewhere = second.clone();
    let split = if second["split"] == "train" {
        "test"
    } else {
        "train"
    };
    elsewhere["split"] = json!(split);
    list.push((
        Check::SplitDisjoint,
        vec![first.clone(), second],
        vec![first.clone(), elsewhere],
    ));
    let grammar = &Language::built_in("fr-FR").unwrap().grammar;
    let away = [Split::Train, Split::Dev, Split::Test]
        .into_iter()
        .find(|s| s.name() != first["split"])
        .unwrap();
    let content = grammar
        .constituents()
        .find(|constituent| !constituent.shared)
        .unwrap();
    let foreign = content.said_in(away).next().unwrap().id;
    list.push(one(Check::SplitPhrases, first, |line| {
        line["messages"][0]["phrases"] = json!([foreign])
    }));

    for (check, label, value) in [
        (Check::WorldBalance, "BALANCE", "1 EUR"),
        (Check::WorldIncome, "INCOME", "1 EUR"),
        (Check::WorldLimit, "CREDIT_LIMIT", "1 EUR"),
    ] {
        // A card's limit is in no ledger.
        let (line, _, _) = find(|line, span| {
            let kinds = ["account", "salary"];
            span["label"] == label
                && kinds
                    .iter()
                    .any(|kind| fact_of(line, span)["kind"] == *kind)
        });
        list.push(one(check, line, |line| rewrite(line, label, value)));
    }
    let (line, _, _) = find(|line, span| {
        span["label"] == "MERCHANT" && fact_of(line, span)["kind"] == "operation"
    });
    list.push(one(Check::WorldOperations, line, |line| {
        rewrite(line, "MERCHANT", "Zéphyr")
    }));
    // A shop and an amount that both exist, of two operations.
    let (line, _, _) = find(|line, span| {
        span["label"] == "TRANSACTION_AMOUNT" && fact_of(line, span)["kind"] == "operation"
    });
    list.push(one(Check::WorldOperations, line, |line| {
        let facts = line["facts"].as_array_mut().unwrap();
        let fact = facts
            .iter_mut()
            .find(|f| f["label"] == "TRANSACTION_AMOUNT" && f["kind"] == "operation")
            .unwrap();
        fact["value"] = json!("1 EUR");
    }));
    list
}

#[test]
fn every_corruption_is_caught_by_its_check_and_the_untouched_copy_passes_it() {
    let mut caught = std::collections::BTreeSet::new();
    for (at, (check, clean, corrupted)) in mutations().into_iter().enumerate() {
        assert_ne!(clean, corrupted, "mutation {at} ({check}) changes nothing");
        let manifest = || Some(french().manifest.clone());
        let before = audited(&clean, manifest(), |_| ()).unwrap();
        let row = of(&before, check);
        assert_eq!(
            row.violated, 0,
            "mutation {at} ({check}), untouched: {:?}",
            row.first
        );
        let after = audited(&corrupted, manifest(), |_| ()).unwrap();
        assert!(
            of(&after, check).violated > 0,
            "mutation {at} ({check}) goes unseen"
        );
        assert_eq!(after.verdict, Verdict::Violated);
        caught.insert(check);
    }
    // Those of the manifest, of files and of another corpus have tests of their own.
    let elsewhere = [
        Check::Against,
        Check::Manifest,
        Check::Sequence,
        Check::Content,
        Check::Tally,
        Check::Files,
    ];
    let missing: Vec<_> = Check::ALL
        .iter()
        .filter(|c| !caught.contains(c) && !elsewhere.contains(c))
        .collect();
    assert!(missing.is_empty(), "no mutation for {missing:?}");
}

/// A corpus of intents in which nobody names a BIC without an account.
fn clean() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
        spec.intents = ["check_balance", "lost_stolen_card", "unrecognised_payment"]
            .map(|intent| (intent.to_owned(), 1))
            .into();
        generated(spec, 60)
    })
}

#[test]
fn a_generated_corpus_is_sound() {
    let made = clean();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus.jsonl");
    let corpus = Corpus::new(made.manifest.spec.clone(), 42).unwrap();
    let manifest = to_files(&corpus, &path, &options(60), &mut |_| true).unwrap();
    let mut request = request(path, Some(manifest));
    request.hash_files = true;
    let report = audit(&request, &mut |_| ()).unwrap();
    let wrong: Vec<&CheckReport> = report
        .checks
        .iter()
        .filter(|check| check.violated > 0)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(report.verdict, Verdict::Sound);
    assert_eq!(report.corpus.regenerated, 60);
    assert_eq!(report.corpus.id, request.manifest.map(|m| m.corpus_id));
}

/// Audits the clean corpus under a manifest that says something else.
fn under(change: impl FnOnce(&mut Manifest)) -> Report {
    let made = clean();
    let mut manifest = made.manifest.clone();
    change(&mut manifest);
    audited(&made.lines, Some(manifest), |request| {
        request.hash_files = true
    })
    .unwrap()
}

#[test]
fn a_manifest_that_says_something_else_is_caught() {
    let found = |check, change: fn(&mut Manifest)| of(&under(change), check).violated;
    assert!(found(Check::Manifest, |m| m.spec_hash = "0".repeat(64)) > 0);
    assert!(
        found(Check::Manifest, |m| m.corpus_id =
            "fr:1:2:v1:00000000".into())
            > 0
    );
    assert!(found(Check::Content, |m| m.content = "0".repeat(64)) > 0);
    assert!(found(Check::Tally, |m| m.tally.messages += 1) > 0);
    assert!(
        found(Check::Tally, |m| *m
            .tally
            .spans
            .values_mut()
            .next()
            .unwrap() += 1)
            > 0
    );
    assert!(found(Check::Sequence, |m| m.files[0].from += 1) > 0);
    assert!(found(Check::Sequence, |m| m.files[0].to += 1) > 0);
    assert!(found(Check::Files, |m| m.files[0].bytes += 1) > 0);
    assert!(found(Check::Files, |m| m.files[0].sha256 = "0".repeat(64)) > 0);
    assert!(found(Check::Files, |m| m.files[0].name = "other.jsonl".into()) > 0);
    assert!(found(Check::Regenerated, |m| m.seed += 1) > 0);
}

#[test]
fn the_content_hash_is_of_records_not_of_bytes() {
    let made = clean();
    // Written with sorted keys by the JSON library: other bytes, the same records.
    let report = audited(&made.lines, Some(made.manifest.clone()), |r| {
        r.hash_files = true
    })
    .unwrap();
    assert_eq!(of(&report, Check::Content).violated, 0);
    assert_eq!(of(&report, Check::Regenerated).violated, 0);
    assert!(of(&report, Check::Files).violated > 0);
}

#[test]
fn a_corpus_shares_everything_with_itself_and_nothing_with_another_split() {
    let write = |path: &Path, split: Split| {
        let mut spec = clean().manifest.spec.clone();
        spec.split = Some(split);
        let corpus = Corpus::new(spec, 7).unwrap();
        to_files(&corpus, path, &options(30), &mut |_| true).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let (train, test) = (
        folder.path().join("train.jsonl"),
        folder.path().join("test.jsonl"),
    );
    write(&train, Split::Train);
    let manifest = write(&test, Split::Test);
    let against = |other: &Path| {
        let mut request = request(test.clone(), Some(manifest.clone()));
        request.against = vec![other.to_owned()];
        audit(&request, &mut |_| ()).unwrap()
    };
    let apart = against(&train);
    let row = of(&apart, Check::Against);
    assert_eq!(row.violated, 0, "{:?}", row.first);
    assert!(row.checked > 100);
    assert!(of(&against(&test), Check::Against).violated > 100);
    let overlap = apart
        .overlaps
        .iter()
        .find(|o| o.within == "other: fr-FR train")
        .unwrap();
    assert!(
        overlap.grams_compared > 50 && overlap.grams < Some(0.1),
        "{overlap:?}"
    );
}

#[test]
fn the_report_does_not_depend_on_threads() {
    let made = clean();
    let run = |threads| {
        audited(&made.lines, Some(made.manifest.clone()), |r| {
            r.threads = threads
        })
        .unwrap()
    };
    let (mut one, mut four) = (run(1), run(4));
    one.corpus.files.clear();
    four.corpus.files.clear();
    let erased = |report: &mut Report| {
        for check in &mut report.checks {
            for violation in &mut check.first {
                (violation.file, violation.what) = (None, String::new());
            }
        }
    };
    erased(&mut one);
    erased(&mut four);
    assert_eq!(one, four);
}

#[test]
fn a_corpus_of_elsewhere_is_told_what_cannot_be_checked_and_keeps_its_values() {
    let line = json!({"messages": [{"text": "my card is 4242424242424242", "spans": [{"start": 11, "end": 26, "text": "4242424242424242", "label": "PAN"}]}]});
    let report = audited(std::slice::from_ref(&line), None, |_| ()).unwrap();
    for (check, why) in [
        (Check::WorldBalance, "no manifest beside the corpus"),
        (Check::Regenerated, "no manifest beside the corpus"),
        (Check::Turns, "messages without turns"),
        (Check::FactOfSpan, "records without facts"),
        (Check::SafetyGiven, "no span of this corpus has `safety`"),
        (Check::SplitPhrases, "records without phrase ids"),
    ] {
        assert!(
            of(&report, check).cannot.contains_key(why),
            "{check}: {:?}",
            of(&report, check)
        );
        assert_eq!(of(&report, check).violated, 0);
    }
    let offsets = of(&report, Check::SpanOffsets);
    assert_eq!(
        (offsets.violated, offsets.first[0].values.as_deref()),
        (1, None)
    );
    let shown = audited(&[line], None, |r| r.show_values = true).unwrap();
    let values = of(&shown, Check::SpanOffsets).first[0].values.clone();
    assert!(values.unwrap().contains("4242424242424242"));
}

#[test]
fn what_is_no_corpus_is_an_error_with_file_and_line() {
    for (text, expected) in [
        ("{\"messages\":[]}\nnot json\n", "corpus.jsonl:2: "),
        (
            "{\"messages\":[{}]}\n",
            "corpus.jsonl:1: missing field `text`",
        ),
        ("\n\n", "no conversations: nothing can be audited"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.jsonl");
        std::fs::write(&path, text).unwrap();
        let error = audit(&request(path, None), &mut |_| ()).unwrap_err();
        assert!(matches!(error, AuditError::Corrupt(_)));
        assert!(error.to_string().contains(expected), "{error}");
    }
    let error = audit(&request("/nowhere.jsonl".into(), None), &mut |_| ()).unwrap_err();
    assert!(matches!(error, AuditError::Open { .. }));
}

#[test]
fn a_sample_of_records_is_made_again() {
    let made = clean();
    let report = audited(&made.lines, Some(made.manifest.clone()), |r| {
        r.regenerate = 20
    })
    .unwrap();
    assert!(
        (5..50).contains(&report.corpus.regenerated),
        "{}",
        report.corpus.regenerated
    );
    let left_out: u64 = of(&report, Check::Regenerated).cannot.values().sum();
    assert_eq!(left_out + report.corpus.regenerated, 60);
}

#[test]
fn every_decoy_and_writer_of_a_corpus_is_one_that_coverage_knows() {
    let report = audited(&french().lines, Some(french().manifest.clone()), |r| {
        r.regenerate = 0
    })
    .unwrap();
    let again = |what: &str| {
        let mut counts = report.coverage.clone();
        counts.counts.get_mut(what).unwrap().clear();
        counts.finish(None, &Data::built_in());
        counts.missing[what].clone()
    };
    for what in ["decoys", "writers", "labels", "intents", "forms"] {
        let known = again(what);
        let strange: Vec<&String> = report.coverage.counts[what]
            .keys()
            .filter(|name| !known.contains(name))
            .collect();
        assert!(strange.is_empty(), "{what}: {strange:?}");
    }
}

/// A report made by hand, so that pages do not change with what is generated.
fn example() -> Report {
    let mut report = audited(&[json!({"id": "fr-000000001", "lang": "fr-FR", "messages": [{"text": "bonjour", "speaker": "customer"}]})], None, |_| ()).unwrap();
    report.corpus.files = vec!["corpus.jsonl".into()];
    report.corpus.id = Some("fr:1:42:v1:0badcafe".into());
    report.corpus.content = "0badcafe".repeat(8);
    report.crate_version = "0.0.0".into();
    report.verdict = Verdict::Violated;
    report.coverage.missing = [(
        "labels".to_owned(),
        vec!["IBAN".to_owned(), "PAN".to_owned()],
    )]
    .into();
    let check = &mut report.checks[Check::Valid as usize];
    (check.checked, check.violated) = (1_234, 2);
    check.first = vec![
        ViolationReport {
            file: Some("corpus.jsonl".into()),
            line: Some(1),
            id: "fr-000000001/3".into(),
            what: "valid = true, but it fails the rule of PAN".into(),
            values: Some("`4242 4242 4242 4241`".into()),
        },
        ViolationReport {
            file: None,
            line: None,
            id: "fr:1:42:v1:0badcafe".into(),
            what: "of the corpus as a whole, with a | and a \u{1b}[31m that steers nothing".into(),
            values: None,
        },
    ];
    report
}

#[test]
fn the_page_for_a_terminal_reads_well() {
    insta::assert_snapshot!(page::text(&example()));
}

#[test]
fn the_page_in_markdown_reads_well() {
    let markdown = page::markdown(&example());
    assert!(!markdown.contains('\u{1b}'));
    insta::assert_snapshot!(markdown.lines().take(20).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_report_follows_its_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../schemas/audit.v1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let foreign = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/formats/prodigy.jsonl"
    );
    let foreign = audit(&request(foreign.into(), None), &mut |_| ()).unwrap();
    let given = foreign.corpus.given.as_ref().unwrap();
    assert_eq!(given.remarks, ["records skipped: 1 (answer `reject`)"]);
    for report in [
        example(),
        audited(&clean().lines, Some(clean().manifest.clone()), |_| ()).unwrap(),
        foreign,
    ] {
        let value = serde_json::to_value(&report).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
    let mut wrong = serde_json::to_value(example()).unwrap();
    wrong["verdict"] = json!("fine");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn every_language_can_say_what_its_intents_say() {
    use super::grammar::language_report;
    for tag in ["fr-FR", "en-GB"] {
        let report = language_report(tag, &Data::built_in()).unwrap();
        assert!(report.intents.len() > 8 && report.phrases > 1_000);
        for intent in &report.intents {
            assert!(
                intent.missing.is_empty(),
                "{tag} {}: {:?}",
                intent.intent,
                intent.missing
            );
            for row in &intent.constituents {
                let phrases = row.phrases.unwrap();
                assert!(
                    phrases.iter().all(|count| *count >= 2) || row.shared,
                    "{tag} {row:?}"
                );
            }
        }
        assert!(page::languages(&[report]).contains("missing: none\n"));
    }
}

#[test]
fn the_same_words_under_two_ids_of_two_splits_are_found() {
    use super::grammar::same_words;
    use crate::wording::grammar::{Grammar, Source};
    let phrases: String = (1..=20)
        .map(|n| format!("{n} = \"phrase {n}\"\n"))
        .collect();
    let load = |shared| {
        let text = format!("[a]\n{phrases}[b]\n{phrases}");
        Grammar::load(&[Source {
            file: "test.toml",
            text: text.leak(),
            shared,
        }])
        .unwrap()
    };
    let found = same_words(&load(false));
    assert!(found.len() > 3, "{found:?}");
    let number = |id: &str| id.rsplit('.').next().unwrap().to_owned();
    assert!(found.iter().all(|(a, b)| a != b && number(a) == number(b)));
    // What the splits share may be said in all of them.
    assert_eq!(same_words(&load(true)), vec![]);
}

#[test]
fn a_corpus_of_lifelike_values_keeps_every_invariant_that_can_be_held_to_it() {
    let mut spec = Spec::for_languages(
        ["fr-FR", "en-US", "en-GB"]
            .map(|tag| (tag.to_owned(), 1))
            .into(),
    );
    spec.values = crate::corpus::spec::Values::Lifelike;
    let made = generated(spec, 400);
    let report = audited(&made.lines, Some(made.manifest.clone()), |_| ()).unwrap();
    assert_eq!(report.verdict, Verdict::Sound, "{report:?}");
    let mut seen = 0;
    for line in &made.lines {
        for message in line["messages"].as_array().unwrap() {
            for span in message["spans"].as_array().unwrap() {
                let label = span["label"].as_str().unwrap();
                if ["PAN", "IBAN", "PHONE_NUMBER", "EMAIL_ADDRESS", "US_SSN"].contains(&label) {
                    assert_eq!(span["safety"], "lifelike", "{span}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_corpus_of_ones_own_phrases_is_judged_by_them() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("my.csv");
    std::fs::write(
        &table,
        "text,intent,language\nun chèque de {amount} à {payee} ?,cheque,fr\n",
    )
    .unwrap();
    let data = Data::with_templates(None, &table).unwrap();
    let mut spec = Spec::for_languages([("fr-FR".to_owned(), 1)].into());
    spec.intents = [("cheque".to_owned(), 1)].into();
    let corpus = Corpus::with_data(data.clone(), spec, 42).unwrap();
    let path = folder.path().join("corpus.jsonl");
    let manifest = to_files(&corpus, &path, &options(60), &mut |_| true).unwrap();
    let mut request = request(path, Some(manifest));
    // Without them nothing can be made again, and the audit says why.
    let report = audit(&request, &mut |_| ()).unwrap();
    assert_eq!(report.verdict, Verdict::Sound);
    assert_eq!(of(&report, Check::Regenerated).checked, 0);
    let why = &of(&report, Check::Regenerated).cannot;
    assert!(why.iter().any(|(why, _)| why.contains("--data")), "{why:?}");
    request.data = data;
    let report = audit(&request, &mut |_| ()).unwrap();
    assert_eq!(report.verdict, Verdict::Sound);
    assert_eq!(of(&report, Check::Regenerated).checked, 60);
    assert!(!report.coverage.missing.contains_key("intents"));
}
