//! `tellerbench list`

use super::{Failure, Outcome};
use crate::corpus::{spec, suites};
use crate::country::Country;
use crate::detectors::declared::Declared;
use crate::dialogue::plot::Plots;
use crate::formats::documents::Format;
use crate::identifiers;
use crate::taxonomy::{Label, Taxonomy};
use serde_json::{Value, json};
use std::io::Write;

/// List labels, languages, intents, suites, detectors or formats.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to list.
    #[arg(value_parser = ["labels", "languages", "intents", "suites", "detectors", "formats"])]
    what: String,

    /// With labels: how many distinct values the safe ranges hold, in each country and abroad. A dash (in
    /// JSON: null) stands where nothing counts them: names, codes, amounts, texts.
    #[arg(long)]
    capacity: bool,

    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let mut out = std::io::stdout().lock();
    if args.capacity && args.what != "labels" {
        return Err(Failure::usage(format!(
            "--capacity goes with `list labels`, not `list {}`",
            args.what
        )));
    }
    let rows = if args.capacity {
        capacities()
    } else {
        rows(&args.what)
    };
    for row in rows {
        if args.json {
            writeln!(out, "{row}")?;
            continue;
        }
        let object = row.as_object().expect("a row is a table");
        let name = object.iter().filter(|(key, _)| *key == "id");
        let others = object.iter().filter(|(key, _)| *key != "id");
        let cells: Vec<String> = name
            .chain(others)
            .map(|(key, value)| cell(key, value))
            .collect();
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

/// A row for each label: its values by country, and abroad.
fn capacities() -> Vec<Value> {
    Label::all()
        .map(|label| {
            let mut row = serde_json::Map::new();
            row.insert("id".to_owned(), label.id().into());
            for &country in Country::ALL {
                let values = identifiers::capacity(label, country);
                row.insert(country.name().to_owned(), values.into());
            }
            row.insert(
                "abroad".to_owned(),
                identifiers::capacity_abroad(label).into(),
            );
            Value::Object(row)
        })
        .collect()
}

fn cell(key: &str, value: &Value) -> String {
    match value {
        Value::String(text) if key == "id" => format!("{text:<24}"),
        Value::String(text) => text.clone(),
        Value::Bool(true) => key.to_owned(),
        Value::Bool(false) => "-".to_owned(),
        Value::Null => format!("{key} -"),
        other => format!("{key} {other}"),
    }
}
