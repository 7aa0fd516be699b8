//! `tellerbench score --as TOOL`: the figures of another evaluator.

use super::imitation_args::Imitation;
use super::paired::{self, Whole};
use super::score::Args;
use super::{Failure, Outcome};
use crate::scoring::compat::{self, Kept, PresidioSpans, Reading, Tool};
use comfy_table::{CellAlignment, Table, TableStyle, presets};
use serde_json::{Value, json};
use std::io::Write;

/// Prints the figures of the tool that is named.
pub fn run(args: &Args, tool: Tool, quiet: bool) -> Outcome {
    let imitation = args.imitation.resolve(tool)?;
    let mut reading = reading(&imitation);
    reading.kept = match tool {
        Tool::Nervaluate | Tool::NervaluateLegacy => Kept::WithSpans,
        Tool::PresidioSpan => {
            let tokenizer = imitation.spelling.tokenizer;
            Kept::Counts(Box::new(PresidioSpans::new(&imitation.params, tokenizer)))
        }
        _ => Kept::All,
    };
    let loaded = paired::load(args, reading, whole(tool), quiet)?;
    let mut paired = loaded.paired;
    let mut signature = loaded.signature;
    signature.insert("tool".to_owned(), json!(tool.name()));
    signature.insert("imitates".to_owned(), json!(tool.version()));
    signature.insert("parameters".to_owned(), json!(imitation.signature));
    signature.insert("crate_version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    let mut result = json!({
        "schema": 1,
        "kind": "imitation",
        "documents": paired.documents,
    });
    let report = if let Some(counts) = paired.counts() {
        result["tagging"] = json!(counts.loss());
        counts.report(&paired.corpus.labels)
    } else {
        if tool.reads_tags() {
            let (loss, _) = compat::tag(tool, imitation.spelling, &mut paired.corpus);
            result["tagging"] = json!(loss);
        }
        compat::imitate(tool, imitation.spelling, &imitation.params, &paired.corpus)
            .map_err(Failure::input)?
    };
    result["signature"] = json!(signature);
    result["report"] = report;
    print(args, tool, &result)
}

/// What the tool reads of the texts.
pub fn reading(imitation: &Imitation) -> Reading {
    Reading {
        texts: imitation.tool.reads_texts(),
        mentions: (imitation.tool == Tool::Tab).then(|| imitation.direct.clone()),
        kept: Kept::All,
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

fn print(args: &Args, tool: Tool, result: &Value) -> Outcome {
    let page = match args.shown.format() {
        "json" => serde_json::to_string_pretty(result).expect("plain data") + "\n",
        "markdown" => page(tool, result, presets::ASCII_MARKDOWN),
        _ => page(tool, result, presets::NOTHING),
    };
    std::io::stdout().lock().write_all(page.as_bytes())?;
    Ok(())
}

fn page(tool: Tool, result: &Value, style: TableStyle) -> String {
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
    for table in tables(tool, &result["report"]) {
        page.push('\n');
        page += &table.render(style);
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

/// Columns in the order in which people read them; figures that are not named here come last.
const COLUMNS: [&str; 21] = [
    "possible",
    "annotated",
    "support",
    "actual",
    "predicted",
    "correct",
    "tp",
    "incorrect",
    "partial",
    "fp",
    "spurious",
    "fn",
    "missed",
    "precision",
    "recall",
    "f1",
    "f",
    "f_beta",
    "rate",
    "numerator",
    "denominator",
];

/// A table of a report: rows of figures under one heading.
struct Figures {
    head: &'static str,
    rows: Vec<(String, Value)>,
}

impl Figures {
    fn render(&self, style: TableStyle) -> String {
        let fields = |(_, row): &(String, Value)| match row {
            Value::Object(fields) => fields.keys().cloned().collect(),
            _ => vec!["figure".to_owned()],
        };
        let mut columns: Vec<String> = self.rows.iter().flat_map(fields).collect();
        let place = |name: &String| COLUMNS.iter().position(|known| known == name);
        columns.sort_by_key(|name| (place(name).unwrap_or(COLUMNS.len()), name.clone()));
        columns.dedup();
        let mut table = Table::new();
        table.load_style(style);
        table.set_header(std::iter::once(self.head).chain(columns.iter().map(String::as_str)));
        for (name, row) in &self.rows {
            let cells = columns.iter().map(|column| match row {
                Value::Object(fields) if column == "support" => count(fields.get(column)),
                Value::Object(fields) => cell(fields.get(column)),
                figure => cell(Some(figure)),
            });
            table.add_row(std::iter::once(name.clone()).chain(cells));
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table.to_string()
    }
}

/// A count that seqeval returns as a floating-point number.
fn count(value: Option<&Value>) -> String {
    let count = value.and_then(Value::as_f64);
    count.map_or_else(|| cell(value), |count| format!("{count:.0}"))
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

/// The tables of a report: figures of the whole, then per label. What JSON alone shows (nervaluate's other
/// modes per label, presidio's confusion and errors) is left out.
fn tables(tool: Tool, report: &Value) -> Vec<Figures> {
    let fields = |value: &Value| -> Vec<(String, Value)> {
        let fields = value.as_object().into_iter().flatten();
        fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    let named = |names: &[&str], of: &Value| -> Vec<(String, Value)> {
        let there = names.iter().filter(|name| of.get(**name).is_some());
        there
            .map(|&name| (name.to_owned(), of[name].clone()))
            .collect()
    };
    let scalars = |of: &Value| -> Vec<(String, Value)> {
        let scalar = |value: &Value| !value.is_object() && !value.is_array();
        let mut all = fields(of);
        all.retain(|(_, value)| scalar(value));
        all
    };
    let table = |head, rows| Figures { head, rows };
    let mut tables = match tool {
        Tool::Nervaluate | Tool::NervaluateLegacy => {
            let mut by_label = fields(&report["entities"]);
            for (_, modes) in &mut by_label {
                *modes = modes["strict"].take();
            }
            let modes = ["strict", "exact", "partial", "ent_type"];
            vec![
                table("mode", named(&modes, &report["overall"])),
                table("strict", by_label),
            ]
        }
        Tool::Seqeval | Tool::SeqevalStrict => match report.get("labels") {
            Some(labels) => vec![table("average", returned(report, labels))],
            None => vec![
                table("average", named(&["micro", "macro", "weighted"], report)),
                table("counts", fields(&report["counts"])),
                table("label", fields(&report["by_label"])),
            ],
        },
        Tool::PresidioSpan | Tool::PresidioToken => vec![
            table("", named(&["pii"], report)),
            table("label", fields(&report["per_type"])),
        ],
        Tool::Tab => vec![
            table("", scalars(report)),
            table("token recall", fields(&report["token_recall_by_type"])),
        ],
        Tool::Openmed => vec![
            table("", scalars(report)),
            table("spans", named(&["exact", "relaxed"], report)),
            table("masked", named(&["over_redaction"], report)),
        ],
    };
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// What seqeval returns for one average, or for none: a row, or a row per label.
fn returned(report: &Value, labels: &Value) -> Vec<(String, Value)> {
    let kinds = ["precision", "recall", "f", "support"];
    let row = |at: Option<usize>| {
        let each = kinds.iter().map(|&kind| {
            let figure = at.map_or(&report[kind], |at| &report[kind][at]);
            (kind.to_owned(), figure.clone())
        });
        Value::Object(each.collect())
    };
    if !report["precision"].is_array() {
        return vec![("all".to_owned(), row(None))];
    }
    let labels = labels.as_array().into_iter().flatten().enumerate();
    labels
        .map(|(at, label)| (label.as_str().unwrap_or_default().to_owned(), row(Some(at))))
        .collect()
}
