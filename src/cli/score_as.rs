//! `tellerbench score --as TOOL`: the figures of another evaluator.

use super::imitation_args::Imitation;
use super::paired::{self, Whole};
use super::score::Args;
use super::{Failure, Outcome};
use crate::scoring::compat::{self, Reading, Tool};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::io::Write;

/// Prints the figures of the tool that is named.
pub fn run(args: &Args, tool: Tool) -> Outcome {
    let imitation = args.imitation.resolve(tool)?;
    let loaded = paired::load(args, reading(&imitation), whole(tool))?;
    let mut paired = loaded.paired;
    let mut signature = loaded.signature;
    signature.insert("tool".to_owned(), json!(tool.name()));
    signature.insert("imitates".to_owned(), json!(tool.version()));
    signature.insert("parameters".to_owned(), json!(imitation.signature));
    signature.insert("crate_version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    let mut result = json!({
        "schema": 1,
        "kind": "imitation",
        "documents": paired.ids.len(),
    });
    if tool.reads_tags() {
        let (loss, _) = compat::tag(tool, imitation.spelling, &mut paired.corpus);
        result["tagging"] = json!(loss);
    }
    let report = compat::imitate(tool, imitation.spelling, &imitation.params, &paired.corpus)
        .map_err(Failure::input)?;
    result["signature"] = json!(signature);
    result["report"] = report;
    print(args, &result)
}

/// What the tool reads of the texts.
pub fn reading(imitation: &Imitation) -> Reading {
    Reading {
        texts: imitation.tool.reads_texts(),
        mentions: (imitation.tool == Tool::Tab).then(|| imitation.direct.clone()),
    }
}

/// Documents of the benchmark are whole cases, as our conversations are; an entity is masked when all its
/// mentions there are.
pub fn whole(tool: Tool) -> Whole {
    match tool {
        Tool::Tab => Whole::Conversation,
        _ => Whole::Unit,
    }
}

fn print(args: &Args, result: &Value) -> Outcome {
    let page = match args.shown.format() {
        "json" => serde_json::to_string_pretty(result).expect("plain data") + "\n",
        "markdown" => page(result, presets::ASCII_MARKDOWN),
        _ => page(result, presets::NOTHING),
    };
    std::io::stdout().lock().write_all(page.as_bytes())?;
    Ok(())
}

fn page(result: &Value, preset: comfy_table::TableStyle) -> String {
    let signature = &result["signature"];
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut page = format!(
        "As {} would say, over {} documents of {}; labels {}.\n",
        text(&signature["imitates"]),
        result["documents"],
        text(&signature["corpus"]),
        text(&signature["label_names"]),
    );
    if let Some(parameters) = signature["parameters"].as_object() {
        let each = parameters.iter().filter(|(_, value)| !value.is_null());
        let each: Vec<String> = each
            .map(|(name, value)| format!("{name} {}", shortened(&text(value))))
            .collect();
        page += &format!("Parameters: {}.\n", each.join("; "));
    }
    if let Some(loss) = result.get("tagging") {
        page += &format!(
            "{} tokens; an edge inside a token: {} gold spans, {} predictions; no tag left: {} and {}.\n",
            loss["tokens"],
            loss["gold_cut"],
            loss["pred_cut"],
            loss["gold_hidden"],
            loss["pred_hidden"]
        );
    }
    for table in tables(&result["report"]) {
        page.push('\n');
        page += &table.render(preset);
        page.push('\n');
    }
    page
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(57).chain("...".chars()).collect()
}

/// A table of a report: rows of figures under one heading.
struct Figures {
    head: String,
    rows: Vec<(String, Value)>,
}

impl Figures {
    fn render(&self, preset: comfy_table::TableStyle) -> String {
        let mut columns: Vec<&str> = Vec::new();
        for (_, row) in &self.rows {
            for (name, value) in row.as_object().into_iter().flatten() {
                let plain = !value.is_object() && !value.is_array();
                if plain && !columns.contains(&name.as_str()) {
                    columns.push(name);
                }
            }
        }
        let mut table = Table::new();
        table.load_style(preset);
        let head = std::iter::once(self.head.as_str()).chain(columns.iter().copied());
        table.set_header(head);
        for (name, row) in &self.rows {
            let cells = columns.iter().map(|column| cell(row.get(column)));
            table.add_row(std::iter::once(name.clone()).chain(cells));
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table.to_string()
    }
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Null) => "–".to_owned(),
        Some(Value::Number(number)) if number.is_f64() => {
            format!("{:.4}", number.as_f64().unwrap_or(f64::NAN))
        }
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The tables of a report, whatever the tool: an object of figures is a row, an object of rows a table.
fn tables(report: &Value) -> Vec<Figures> {
    let mut own = Figures {
        head: "all".to_owned(),
        rows: Vec::new(),
    };
    let mut others = Vec::new();
    let mut alone = serde_json::Map::new();
    for (name, value) in report.as_object().into_iter().flatten() {
        let Some(fields) = value.as_object() else {
            if !value.is_array() {
                alone.insert(name.clone(), value.clone());
            }
            continue;
        };
        if fields.values().any(Value::is_object) {
            let nested = fields.iter().all(|(_, row)| {
                row.as_object()
                    .is_some_and(|row| row.values().all(Value::is_object) && !row.is_empty())
            });
            let rows = if nested {
                fields
                    .iter()
                    .flat_map(|(label, modes)| {
                        let modes = modes.as_object().into_iter().flatten();
                        modes.map(move |(mode, row)| (format!("{label} {mode}"), row.clone()))
                    })
                    .collect()
            } else {
                let rows = fields.iter();
                rows.map(|(label, row)| (label.clone(), row.clone()))
                    .collect()
            };
            others.push(Figures {
                head: name.clone(),
                rows,
            });
        } else if !fields.is_empty() {
            own.rows.push((name.clone(), value.clone()));
        }
    }
    if !alone.is_empty() {
        for (name, value) in alone {
            let row = json!({ "figure": value });
            own.rows.push((name, row));
        }
    }
    let mut all = Vec::new();
    if !own.rows.is_empty() {
        all.push(own);
    }
    all.extend(others);
    all
}
