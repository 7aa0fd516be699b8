//! `tellerbench list`

use super::Outcome;
use crate::corpus::{spec, suites};
use crate::detectors::declared::Declared;
use crate::dialogue::plot::Plots;
use crate::formats::documents::Format;
use crate::taxonomy::Taxonomy;
use serde_json::{Value, json};
use std::io::Write;

/// List labels, languages, intents, suites, detectors or formats.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to list.
    #[arg(value_parser = ["labels", "languages", "intents", "suites", "detectors", "formats"])]
    what: String,

    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let mut out = std::io::stdout().lock();
    for row in rows(&args.what) {
        if args.json {
            writeln!(out, "{row}")?;
            continue;
        }
        let object = row.as_object().expect("a row is a table");
        let cells: Vec<String> = object.iter().map(|(key, value)| cell(key, value)).collect();
        writeln!(out, "{}", cells.join("  "))?;
    }
    Ok(())
}

fn rows(what: &str) -> Vec<Value> {
    match what {
        "labels" => Taxonomy::get()
            .labels()
            .iter()
            .map(|l| {
                json!({"id": l.id, "exposure": l.exposure.name(), "core": l.core,
                    "produced": l.produced, "en": l.en, "fr": l.fr})
            })
            .collect(),
        "languages" => spec::LANGUAGES
            .iter()
            .map(|tag| json!({"id": tag}))
            .collect(),
        "intents" => Plots::built_in()
            .intents
            .iter()
            .map(|i| json!({"id": i.id, "journey": i.journey, "weight": i.weight}))
            .collect(),
        "detectors" => Declared::shipped()
            .all()
            .iter()
            .map(|d| json!({"id": d.name, "about": d.about}))
            .collect(),
        "formats" => Format::ALL
            .iter()
            .map(|f| json!({"id": f.name(), "kind": f.kind().name(), "what": f.about()}))
            .collect(),
        _ => suites::list()
            .into_iter()
            .map(|s| json!({"id": s.spec.name, "conversations": s.conversations, "about": s.about}))
            .collect(),
    }
}

fn cell(key: &str, value: &Value) -> String {
    match value {
        Value::String(text) if key == "id" => format!("{text:<24}"),
        Value::String(text) => text.clone(),
        Value::Bool(true) => key.to_owned(),
        Value::Bool(false) => "-".to_owned(),
        other => format!("{key} {other}"),
    }
}
