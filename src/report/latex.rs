//! The ranking and the tables by label for a paper.
//!
//! The output is a sequence of `table` environments to be read by `\input`; it needs `booktabs` and
//! nothing else. Captions say on what was measured, with which versions, and what the intervals mean.
//! Invariant: text is escaped, so a detector's name cannot change what LaTeX does.

use super::figures::NONE;
use super::page_options::{LabelRows, PageOptions};
use super::ranking::ranking;
use super::result::{BenchResult, DetectorRow};
use super::tables::{label_cells, told};
use super::words::{Words, fill};
use crate::scoring::ratios::Ratio;
use crate::scoring::scopes::Scope;
use std::fmt::Write;

/// Most rows that fit on a page; longer tables go on in another.
const ROWS: usize = 45;

/// The tables of a result.
pub fn render(result: &BenchResult, options: &PageOptions) -> String {
    let words = options.words();
    let mut out = String::from("% \\usepackage{booktabs}\n");
    out.push_str(&ranked(result, words));
    if options.labels != LabelRows::None {
        for (row, metrics) in told(result) {
            // A column is too narrow for a leak in words (1 in 31) as well.
            let leak = |ratio: &Ratio| words.share_within(ratio);
            let (head, rows) = label_cells(metrics, words, options.labels, leak);
            for (part, rows) in rows.chunks(ROWS).enumerate() {
                out.push_str(&by_label(result, words, row, &head, rows, part));
            }
        }
    }
    out
}

fn ranked(result: &BenchResult, words: &Words) -> String {
    let h = &words.heads;
    let head = [
        "\\#",
        &cell(&h.detector),
        &cell(&h.critical_leak),
        &cell(&h.profile_leak),
        &cell(&h.text_masked),
        &cell(&h.alerts),
        "P",
        "R",
        "F1",
        &cell(&h.messages_per_s),
        &cell(&h.core_labels),
    ]
    .map(str::to_owned);
    let mut rows = Vec::new();
    let mut versions = Vec::new();
    for place in ranking(result) {
        let row = place.row;
        let Some(metrics) = row.metrics() else {
            continue;
        };
        versions.push(named(row, words));
        let strict = metrics.scopes.get(&Scope::All);
        let strict = strict.map(|scope| scope.micro.strict).unwrap_or_default();
        let score = |value| cell(&words.score(value));
        let speed = row
            .timing
            .as_ref()
            .filter(|timing| timing.prediction_hash_ok);
        let speed = speed.map_or(NONE.to_owned(), |t| words.speed(t.messages_per_s.median));
        let claims = format!("{}/{}", row.claims.core_claimed, row.claims.core);
        rows.push(vec![
            cell(&place.name()),
            cell(&super::tables::name(row, words)),
            cell(&words.share_within(&metrics.critical.leak)),
            cell(&words.share(&metrics.profile.leak)),
            cell(&words.share(&metrics.coverage.harmless_masked)),
            cell(&words.per_thousand(&metrics.coverage.false_alerts)),
            score(strict.precision.value()),
            score(strict.recall.value()),
            score(strict.f1),
            cell(&speed),
            claims,
        ]);
    }
    let options = &result.options;
    let split = options
        .split
        .map_or(words.sentences.all_splits.clone(), |split| {
            fill(&words.sentences.split, &[("split", split.name())])
        });
    let caption = fill(
        &words.latex.ranking,
        &[
            ("corpus", &super::csv::corpus(result)),
            ("conversations", &words.count(result.corpus.conversations)),
            ("split", &split),
            ("feed", result.feed.name()),
            ("tolerance", &options.tolerance),
            ("versions", &words.listed(&versions)),
            ("uncertainty", &uncertainty(result, words)),
        ],
    );
    environment("ranking", &cell(&caption), "rlrrrrrrrrr", &head, &rows)
}

/// What the intervals of a corpus mean.
fn uncertainty(result: &BenchResult, words: &Words) -> String {
    let s = &words.sentences;
    match &result.given {
        None => s.uncertainty.clone(),
        Some(given) => fill(&s.uncertainty_given, &[("clusters", &given.clusters)]),
    }
}

fn named(row: &DetectorRow, words: &Words) -> String {
    let named = [("name", &*row.name), ("version", &*row.version)];
    fill(&words.latex.detector, &named)
}

fn by_label(
    result: &BenchResult,
    words: &Words,
    row: &DetectorRow,
    head: &[&str],
    rows: &[Vec<String>],
    part: usize,
) -> String {
    let caption = fill(
        &words.latex.labels,
        &[
            ("name", &row.name),
            ("version", &row.version),
            ("corpus", &super::csv::corpus(result)),
            ("uncertainty", &uncertainty(result, words)),
        ],
    );
    let head: Vec<String> = head.iter().map(|name| cell(name)).collect();
    // An interval stands close to its figure: most rows then fit the measure of an article.
    let close = |text: &String| cell(&text.replace(" (", "\u{202f}("));
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|cells| cells.iter().map(close).collect())
        .collect();
    let name: String = row
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let key = match part {
        0 => format!("labels-{name}"),
        part => format!("labels-{name}-{}", part + 1),
    };
    environment(&key, &cell(&caption), "lrrrrrr", &head, &rows)
}

fn environment(
    key: &str,
    caption: &str,
    columns: &str,
    head: &[String],
    rows: &[Vec<String>],
) -> String {
    let mut out = String::new();
    // Heads stand in as many lines as the longest of them.
    let lines = head.iter().map(|name| name.split('\n').count()).max();
    let heads: Vec<String> = (0..lines.unwrap_or(0))
        .map(|at| {
            let part = |name: &String| name.split('\n').nth(at).unwrap_or_default().to_owned();
            head.iter().map(part).collect::<Vec<_>>().join(" & ") + " \\\\"
        })
        .collect();
    let _ = write!(
        out,
        "\\begin{{table}}\n\\centering\n\\scriptsize\n\\setlength{{\\tabcolsep}}{{1.5pt}}\n\
         \\caption{{{caption}}}\n\\label{{tab:tellerbench-{key}}}\n\
         \\makebox[\\linewidth]{{%\n\\begin{{tabular}}{{@{{}}{columns}@{{}}}}\n\\toprule\n{}\n\\midrule\n",
        heads.join("\n")
    );
    for row in rows {
        let _ = writeln!(out, "{} \\\\", row.join(" & "));
    }
    // What is wider than the measure all the same stands out on both sides alike.
    out.push_str("\\bottomrule\n\\end{tabular}}\n\\end{table}\n");
    out
}

/// Text as LaTeX sets it; a line break of a head stays one.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let inside = |next: &char| before.is_alphanumeric() && next.is_alphanumeric();
        match character {
            // In an id French typography sets no space before a colon; and an id may end a line there.
            ':' if characters.peek().is_some_and(inside) => {
                out.push_str("\\string:\\allowbreak{}");
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', character]),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '"' => out.push_str("''"),
            // After the end of a row these would be its options.
            '[' | ']' | '*' => out.extend(['{', character, '}']),
            '\u{a0}' => out.push('~'),
            '\u{202f}' => out.push_str("\\,"),
            '–' => out.push_str("--"),
            '…' => out.push_str("\\ldots{}"),
            '’' => out.push('\''),
            '\n' => out.push('\n'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        before = character;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_sign_of_a_name_is_a_command() {
        assert_eq!(
            cell("a_b & 50 % {\\input x} #1 $y^2$ ~"),
            "a\\_b \\& 50 \\% \\{\\textbackslash{}input x\\} \\#1 \\$y\\textasciicircum{}2\\$ \
             \\textasciitilde{}"
        );
        assert_eq!(
            cell("n\u{a0}: gate:481"),
            "n~: gate\\string:\\allowbreak{}481"
        );
        assert_eq!(cell("3,2\u{a0}% (2,6–3,9)"), "3,2~\\% (2,6--3,9)");
    }
}
