//! `tellerbench score --explain-difference TOOL`: our strict figures beside another evaluator's, and every
//! span behind the difference.

use super::paired::{self, Whole};
use super::score::Args;
use super::{Failure, Outcome};
use crate::scoring::compat::{
    Cause, Explanation, Instance, Level, Paired, Reading, TaggedSpan, Tool, Totals, explain,
};
use comfy_table::{CellAlignment, Table, TableStyle, presets};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

/// Prints both, and what lies between.
pub fn run(args: &Args, tool: Tool, quiet: bool) -> Outcome {
    let mut imitation = args.imitation.resolve(tool)?;
    // The three counts of presidio are those per label; its pass over all labels as one is another scale.
    imitation.params.level = Level::Entity;
    let reading = Reading {
        texts: true,
        ..Reading::default()
    };
    let loaded = paired::load(args, reading, Whole::Unit, quiet)?;
    let mut paired = loaded.paired;
    let mut signature = loaded.signature;
    signature.insert("tool".to_owned(), json!(tool.name()));
    signature.insert("imitates".to_owned(), json!(tool.version()));
    signature.insert("parameters".to_owned(), json!(imitation.signature));
    signature.insert("crate_version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    let explanation = explain(tool, imitation.spelling, &imitation.params, &mut paired)
        .map_err(Failure::input)?;
    let mut shower = Shower {
        paired: &paired,
        values: args.shown.show_values,
        known: BTreeMap::new(),
    };
    let page = match args.shown.format() {
        "json" => {
            let result = as_json(signature, &explanation, &mut shower);
            serde_json::to_string_pretty(&result).expect("plain data") + "\n"
        }
        "markdown" => page(
            args,
            tool,
            &explanation,
            &mut shower,
            presets::ASCII_MARKDOWN,
        ),
        _ => page(args, tool, &explanation, &mut shower, presets::NOTHING),
    };
    std::io::stdout().lock().write_all(page.as_bytes())?;
    Ok(())
}

/// Shows spans, values hidden unless they were asked for.
struct Shower<'a> {
    paired: &'a Paired,
    values: bool,
    /// Number of each value of a label, in order of showing.
    known: BTreeMap<(u32, String), usize>,
}

impl Shower<'_> {
    fn span(&mut self, doc: usize, span: TaggedSpan, label: &str) -> String {
        let text = &self.paired.corpus.docs[doc].text;
        let length = span.len() as usize;
        let covered: String = text
            .chars()
            .skip(span.start as usize)
            .take(length)
            .collect();
        let range = format!("{}–{}", span.start, span.end);
        if self.values {
            return format!("{range} {label} `{}`", covered.escape_debug());
        }
        let next = self
            .known
            .keys()
            .filter(|(l, _)| *l == span.label.0)
            .count()
            + 1;
        let number = self.known.entry((span.label.0, covered)).or_insert(next);
        format!("{range} [{label} #{number}]")
    }

    fn gold(&mut self, instance: &Instance) -> Vec<String> {
        let golds = instance.gold.iter();
        golds
            .map(|&gold| {
                let span = self.paired.corpus.docs[instance.doc].gold[gold as usize];
                let label = self.paired.corpus.labels.name(span.label).to_owned();
                self.span(instance.doc, span, &label)
            })
            .collect()
    }

    fn predictions(&mut self, instance: &Instance) -> Vec<String> {
        let predictions = instance.predictions.iter();
        predictions
            .map(|&p| {
                let span = self.paired.corpus.docs[instance.doc].pred[p as usize];
                let label = self.paired.corpus.labels.name(span.label).to_owned();
                self.span(instance.doc, span, &label)
            })
            .collect()
    }
}

/// Steps by cause, in the order of the causes: how many, and their sum.
fn by_cause(explanation: &Explanation) -> Vec<(Cause, usize, Totals)> {
    let mut sums: BTreeMap<Cause, (usize, Totals)> = BTreeMap::new();
    for instance in &explanation.instances {
        let (count, sum) = sums.entry(instance.cause).or_default();
        *count += 1;
        *sum += instance.step;
    }
    let sums = sums.into_iter();
    sums.map(|(cause, (count, sum))| (cause, count, sum))
        .collect()
}

fn figures(totals: Totals) -> Value {
    json!({
        "gold": totals.gold,
        "predicted": totals.predicted,
        "correct": totals.correct,
        "precision": totals.precision(),
        "recall": totals.recall(),
        "f1": totals.f1(),
    })
}

fn as_json(
    signature: serde_json::Map<String, Value>,
    explanation: &Explanation,
    shower: &mut Shower<'_>,
) -> Value {
    let causes: Vec<Value> = by_cause(explanation)
        .into_iter()
        .map(|(cause, count, sum)| {
            json!({"cause": cause, "about": cause.about(), "instances": count, "step": sum})
        })
        .collect();
    let instances: Vec<Value> = explanation
        .instances
        .iter()
        .map(|instance| {
            json!({
                "id": shower.paired.ids[instance.doc],
                "gold": shower.gold(instance),
                "predictions": shower.predictions(instance),
                "ours": instance.ours,
                "theirs": instance.theirs,
                "cause": instance.cause,
                "step": instance.step,
            })
        })
        .collect();
    json!({
        "schema": 1,
        "kind": "difference",
        "signature": signature,
        "documents": shower.paired.ids.len(),
        "ours": figures(explanation.ours),
        "theirs": figures(explanation.theirs),
        "causes": causes,
        "instances": instances,
    })
}

fn share(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.4}"))
}

fn page(
    args: &Args,
    tool: Tool,
    explanation: &Explanation,
    shower: &mut Shower<'_>,
    style: TableStyle,
) -> String {
    let mut table = Table::new();
    table.load_style(style);
    table.set_header([
        "",
        "gold",
        "predicted",
        "correct",
        "precision",
        "recall",
        "F1",
    ]);
    let row = |name: &str, totals: Totals| {
        let counts = [totals.gold, totals.predicted, totals.correct].map(|count| count.to_string());
        let shares = [totals.precision(), totals.recall(), totals.f1()].map(share);
        std::iter::once(name.to_owned())
            .chain(counts)
            .chain(shares)
            .collect::<Vec<_>>()
    };
    table.add_row(row("tellerbench, strict", explanation.ours));
    for (cause, count, sum) in by_cause(explanation) {
        let steps = [sum.gold, sum.predicted, sum.correct].map(|step| match step {
            0 => "·".to_owned(),
            step => format!("{step:+}"),
        });
        let name = format!("  {cause} ({count}×)");
        table.add_row(std::iter::once(name).chain(steps));
    }
    table.add_row(row(tool.version(), explanation.theirs));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut page = format!("{table}\n");
    for (cause, count, _) in by_cause(explanation) {
        _ = write!(page, "\n{cause}: {}\n", cause.about());
        let named = explanation.instances.iter();
        let named = named.filter(|instance| instance.cause == cause);
        for instance in named.take(args.examples.per_cause()) {
            let gold = shower.gold(instance).join(", ");
            let predictions = shower.predictions(instance).join(", ");
            let or_none = |text: String| {
                if text.is_empty() {
                    "–".to_owned()
                } else {
                    text
                }
            };
            let ours = instance.ours.map_or("–", |relation| relation.name());
            _ = writeln!(
                page,
                "  {}: gold {}; prediction {}; ours: {ours}; theirs: {}",
                shower.paired.ids[instance.doc],
                or_none(gold),
                or_none(predictions),
                instance.theirs,
            );
        }
        let left = count.saturating_sub(args.examples.per_cause());
        if left > 0 {
            _ = writeln!(
                page,
                "  and {left} more (--examples N, or all of them with --format json)"
            );
        }
    }
    page
}
