//! The compatibility layer against recorded answers of the tools that it imitates.
//!
//! Runs every record of every file in `tests/fixtures/conformance` (its README describes them), or in
//! the folder that `TELLERBENCH_CONFORMANCE_DIR` names, and fails on any difference.

use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tellerbench::scoring::compat::{
    Corpus, Doc, Identifier, Labels, Mention, Params, Scheme, TagPair, TaggedSpan, Token, evaluate,
};

/// The folder to read instead of the fixtures.
const FOLDER: &str = "TELLERBENCH_CONFORMANCE_DIR";

/// Differences that are spelt out per file; the others are only counted.
const SHOWN: usize = 40;

#[derive(Deserialize)]
struct Record {
    id: String,
    scheme: String,
    #[serde(default)]
    n_docs: Option<usize>,
    params: Params,
    #[serde(default)]
    gold: Vec<RecordedSpan>,
    #[serde(default)]
    pred: Vec<RecordedSpan>,
    #[serde(default)]
    gold_tags: Option<Vec<Vec<String>>>,
    #[serde(default)]
    pred_tags: Option<Vec<Vec<String>>>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    docs: Option<Vec<RecordedTokens>>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    texts: Option<Vec<String>>,
    #[serde(default)]
    ignored_token_ranges: Option<Vec<Vec<(u32, u32)>>>,
    expected: Value,
}

#[derive(Deserialize)]
struct RecordedSpan {
    doc: usize,
    start: u32,
    end: u32,
    #[serde(default)]
    label: String,
    #[serde(default)]
    annotator: Option<String>,
    #[serde(default)]
    entity_id: String,
    #[serde(default)]
    identifier_type: Option<String>,
}

#[derive(Deserialize)]
struct RecordedTokens {
    tokens: Vec<String>,
    start_indices: Vec<i64>,
    gold_tags: Vec<String>,
    pred_tags: Vec<String>,
}

impl Record {
    fn corpus(&mut self) -> Result<Corpus, String> {
        let spans = self.gold.iter().chain(&self.pred);
        let count = spans
            .map(|span| span.doc + 1)
            .chain(self.n_docs)
            .max()
            .unwrap_or(1);
        let mut docs = vec![Doc::default(); count];
        let mut labels = Labels::default();
        for gold in std::mem::take(&mut self.gold) {
            let doc = &mut docs[gold.doc];
            let span = gold.span(&mut labels);
            if let Some(annotator) = gold.annotator {
                doc.mentions.push(Mention {
                    span,
                    annotator,
                    entity: gold.entity_id,
                    identifier: match gold.identifier_type.as_deref() {
                        Some("DIRECT") => Identifier::Direct,
                        Some("QUASI") => Identifier::Quasi,
                        Some("NO_MASK") => Identifier::NoMask,
                        other => return Err(format!("identifier_type {other:?}")),
                    },
                });
            } else {
                doc.gold.push(span);
            }
        }
        for pred in std::mem::take(&mut self.pred) {
            let span = pred.span(&mut labels);
            docs[pred.doc].pred.push(span);
        }
        if let Some(tags) = self.tags.take() {
            self.gold_tags = Some(vec![tags.clone()]);
            self.pred_tags = Some(vec![tags]);
        }
        if let (Some(gold), Some(pred)) = (self.gold_tags.take(), self.pred_tags.take()) {
            let pairs: Vec<TagPair> = gold
                .into_iter()
                .zip(pred)
                .map(|(gold, pred)| TagPair { gold, pred })
                .collect();
            give(&mut docs, "tags", pairs, |doc, pair| doc.tags = Some(pair))?;
        }
        if let Some(recorded) = self.docs.take() {
            give(&mut docs, "docs", recorded, |doc, recorded| {
                let tokens = recorded.tokens.into_iter().zip(recorded.start_indices);
                doc.tokens = tokens.map(|(text, start)| Token { text, start }).collect();
                doc.tags = Some(TagPair {
                    gold: recorded.gold_tags,
                    pred: recorded.pred_tags,
                });
            })?;
        }
        let texts = self
            .texts
            .take()
            .or(self.text.take().map(|text| vec![text]));
        if let Some(texts) = texts {
            give(&mut docs, "texts", texts, |doc, text| doc.text = text)?;
        }
        if let Some(ignored) = self.ignored_token_ranges.take() {
            give(&mut docs, "ignored_token_ranges", ignored, |doc, ranges| {
                doc.ignored = Some(ranges);
            })?;
        }
        Ok(Corpus { labels, docs })
    }
}

/// Gives each document its part.
fn give<T>(
    docs: &mut [Doc],
    what: &str,
    parts: Vec<T>,
    set: impl Fn(&mut Doc, T),
) -> Result<(), String> {
    if parts.len() != docs.len() {
        return Err(format!("{} {what}, {} documents", parts.len(), docs.len()));
    }
    for (doc, part) in docs.iter_mut().zip(parts) {
        set(doc, part);
    }
    Ok(())
}

impl RecordedSpan {
    fn span(&self, labels: &mut Labels) -> TaggedSpan {
        TaggedSpan {
            start: self.start,
            end: self.end,
            label: labels.intern(&self.label),
        }
    }
}

/// The mistakes of a report one by one, as presidio's evaluators list them. Ours are counted.
fn listed(mut report: Value) -> Value {
    let Some(Value::Array(errors)) = report.get_mut("errors") else {
        return report;
    };
    let each = std::mem::take(errors).into_iter().flat_map(|mut error| {
        let row = error.as_array_mut().expect("kind, gold, prediction, count");
        let count = row.pop().and_then(|count| count.as_u64());
        std::iter::repeat_n(error, count.expect("a count") as usize)
    });
    *errors = each.collect();
    report
}

/// What differs, as `field: ours …, theirs …`. What we report beyond the record is no difference at the
/// top, where a record keeps only some fields; below it is.
fn differences(ours: &Value, theirs: &Value, tolerance: f64) -> Vec<String> {
    let Value::Object(fields) = theirs else {
        return vec!["expected: is no object".to_owned()];
    };
    let mut found = Vec::new();
    for (name, theirs) in fields {
        match ours.get(name) {
            Some(ours) => compare(name, ours, theirs, tolerance, &mut found),
            None => found.push(format!("{name}: ours absent, theirs {theirs}")),
        }
    }
    if fields.is_empty() {
        found.push("expected: is empty".to_owned());
    }
    found
}

fn compare(path: &str, ours: &Value, theirs: &Value, tolerance: f64, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for name in a.keys().filter(|name| !b.contains_key(*name)) {
                found.push(format!("{path}.{name}: ours {}, theirs absent", a[name]));
            }
            for (name, theirs) in b {
                let path = format!("{path}.{name}");
                match a.get(name) {
                    Some(ours) => compare(&path, ours, theirs, tolerance, found),
                    None => found.push(format!("{path}: ours absent, theirs {theirs}")),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (place, (ours, theirs)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}[{place}]"), ours, theirs, tolerance, found);
            }
        }
        _ => {
            let equal = match (ours.as_f64(), theirs.as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() <= tolerance,
                _ => ours == theirs,
            };
            if !equal {
                found.push(format!("{path}: ours {ours}, theirs {theirs}"));
            }
        }
    }
}

fn check(record: Value) -> Result<Vec<String>, String> {
    let mut record: Record = serde_json::from_value(record).map_err(|error| error.to_string())?;
    let id = record.id.clone();
    let scheme: Scheme = record
        .scheme
        .parse()
        .map_err(|error| format!("{id}: {error}"))?;
    let corpus = record.corpus().map_err(|error| format!("{id}: {error}"))?;
    let ours = evaluate(scheme, &record.params, &corpus)
        .map_err(|error| format!("{id}: ours fails: {error}"))?;
    let tolerance = match scheme {
        Scheme::Conlleval => 0.01 + 1e-9,
        _ => 1e-9,
    };
    let found = differences(&listed(ours), &record.expected, tolerance);
    Ok(found
        .into_iter()
        .map(|one| format!("{id}: {one}"))
        .collect())
}

fn folder() -> PathBuf {
    std::env::var_os(FOLDER).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conformance"),
        PathBuf::from,
    )
}

fn read(path: &Path) -> Result<Vec<Value>, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let bytes = if path.extension().is_some_and(|end| end == "zst") {
        zstd::decode_all(bytes.as_slice()).map_err(|error| error.to_string())?
    } else {
        bytes
    };
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

#[test]
fn every_recorded_answer_is_reproduced() {
    let folder = folder();
    let listing = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut paths: Vec<PathBuf> = listing
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".json") || name.ends_with(".json.zst")
        })
        .collect();
    paths.sort();
    let mut failures = String::new();
    let mut records_seen = 0;
    for path in &paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let records = match read(path) {
            Ok(records) => records,
            Err(error) => {
                _ = writeln!(failures, "{name}: {error}");
                continue;
            }
        };
        let total = records.len();
        let mut equal = 0;
        let mut shown = Vec::new();
        for record in records {
            match check(record) {
                Ok(found) if found.is_empty() => equal += 1,
                Ok(found) => shown.extend(found),
                Err(problem) => shown.push(problem),
            }
        }
        records_seen += total;
        // Past the harness, which would keep it to itself when all is well.
        _ = writeln!(
            std::io::stdout().lock(),
            "{name}: {total} records, {equal} equal"
        );
        let hidden = shown.len().saturating_sub(SHOWN);
        for line in shown.iter().take(SHOWN) {
            _ = writeln!(failures, "{name}: {line}");
        }
        if hidden > 0 {
            _ = writeln!(failures, "{name}: and {hidden} more differences");
        }
    }
    assert!(records_seen > 0, "no records in {folder:?}");
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn a_wrong_number_a_missing_label_and_an_extra_one_are_differences() {
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("a literal");
    let theirs = json(r#"{"f1": 0.5, "by_label": {"A": 1, "B": null}}"#);
    let tolerant = |ours: &str| differences(&json(ours), &theirs, 1e-9).len();
    assert_eq!(
        tolerant(r#"{"f1": 0.5, "by_label": {"A": 1.0, "B": null}}"#),
        0
    );
    assert_eq!(
        tolerant(r#"{"f1": 0.500001, "by_label": {"A": 1, "B": null}}"#),
        1
    );
    assert_eq!(tolerant(r#"{"f1": 0.5, "by_label": {"A": 1, "C": 0}}"#), 2);
    assert_eq!(tolerant(r#"{"by_label": {"A": 1, "B": 0}}"#), 2);
}
