//! An audit as a page: in a terminal, or in Markdown. The verdict comes first.

use super::figures::{Figure, FigureGroup};
use super::grammar::LanguageReport;
use super::noise::NoiseReport;
use super::report::{CheckReport, Report, Verdict};
use std::fmt::Write;

/// Noise as it is made, beside what the language states.
fn noise_table(out: &mut String, noise: &NoiseReport) {
    let title = format!(
        "Noise per 100 words, of {} that customers typed in {} of the test split",
        many(noise.words, "word"),
        many(noise.conversations, "conversation")
    );
    let mut table = Table::new(title, &["class", "stated", "made", "difference"], 1);
    for row in &noise.classes {
        let stated = row.stated.map(|stated| format!("{stated:.2}"));
        let off = row
            .stated
            .map(|stated| format!("{:+.0} %", (row.made / stated - 1.0) * 100.0));
        table.rows.push(vec![
            row.class.clone(),
            stated.unwrap_or_default(),
            format!("{:.2}", row.made),
            off.unwrap_or_default(),
        ]);
    }
    let _ = writeln!(out, "{}", table.title);
    grid(out, &table);
    out.push('\n');
}

/// How wide a page in a terminal is.
const WIDTH: usize = 120;

/// Cells under heads; the first `words` columns are words, the others numbers.
struct Table {
    title: String,
    head: Vec<String>,
    words: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(title: impl Into<String>, head: &[&str], words: usize) -> Table {
        Table {
            title: title.into(),
            head: head.iter().map(|cell| (*cell).to_owned()).collect(),
            words,
            rows: Vec::new(),
        }
    }
}

/// The page for a terminal.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    for line in opening(report) {
        wrapped(&mut out, "", &line);
    }
    out.push('\n');
    for line in violations(report) {
        wrapped(&mut out, "  ", &line);
    }
    if report.verdict == Verdict::Violated {
        out.push('\n');
    }
    for table in tables(report) {
        let _ = writeln!(out, "{}", table.title);
        grid(&mut out, &table);
        out.push('\n');
    }
    for line in notes(report) {
        wrapped(&mut out, "* ", &line);
    }
    out
}

/// The page in Markdown.
pub fn markdown(report: &Report) -> String {
    let mut out = String::from("<!-- tellerbench audit -->\n\n");
    for (at, line) in opening(report).iter().enumerate() {
        let _ = match at {
            0 => write!(out, "**{}**\n\n", escaped(line)),
            _ => write!(out, "{}\n\n", escaped(line)),
        };
    }
    for line in violations(report) {
        let _ = match line.strip_prefix("- ") {
            Some(one) => writeln!(out, "  * {}", escaped(one)),
            None => writeln!(out, "* {}", escaped(&line)),
        };
    }
    out.push('\n');
    for table in tables(report) {
        let _ = write!(out, "### {}\n\n", escaped(&table.title));
        let row = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        out.push_str(&row(&table.head));
        let rule = |at: usize| if at < table.words { "---" } else { "---:" };
        let rules: Vec<&str> = (0..table.head.len()).map(rule).collect();
        let _ = writeln!(out, "| {} |", rules.join(" | "));
        for cells in &table.rows {
            out.push_str(&row(cells));
        }
        out.push('\n');
    }
    for line in notes(report) {
        let _ = writeln!(out, "* {}", escaped(&line));
    }
    out
}

fn opening(report: &Report) -> Vec<String> {
    let corpus = &report.corpus;
    let name = corpus.id.clone().unwrap_or_else(|| corpus.files.join(", "));
    let broken = report
        .checks
        .iter()
        .filter(|check| check.violated > 0)
        .count();
    let verdict = match report.verdict {
        Verdict::Sound => "sound: nothing that was checked is wrong".to_owned(),
        Verdict::Violated => format!(
            "VIOLATED: {} of {broken} {}",
            many(report.violations(), "violation"),
            if broken == 1 { "check" } else { "checks" }
        ),
    };
    let c = &report.coverage;
    let mut lines = vec![
        format!("{name}: {verdict}"),
        format!(
            "{}, {}, {}, {} in {}{}",
            many(c.conversations, "conversation"),
            many(c.messages, "message"),
            many(c.spans, "span"),
            many(c.decoys, "decoy"),
            many(corpus.files.len() as u64, "file"),
            match &corpus.given {
                Some(_) => String::new(),
                None => format!(
                    "; {} made again from spec and seed; content {}",
                    grouped(corpus.regenerated),
                    corpus.content.get(..16).unwrap_or(&corpus.content)
                ),
            }
        ),
    ];
    if let Some(given) = &corpus.given {
        let offsets = match given.offsets.as_str() {
            "tokens" => "no offsets, tokens joined by single spaces".to_owned(),
            unit => format!("offsets in {unit}"),
        };
        lines.push(format!("Read as {}: {offsets}.", given.format));
        let remarks = given.remarks.iter();
        lines.extend(remarks.map(|remark| format!("Note: {remark}.")));
    }
    lines
}

/// How many violations of one check a page shows.
const SHOWN: usize = 5;

fn violations(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for check in report.checks.iter().filter(|check| check.violated > 0) {
        lines.push(format!(
            "{}: {} ({})",
            check.name,
            grouped(check.violated),
            check.about
        ));
        for violation in check.first.iter().take(SHOWN) {
            let mut line = String::from("- ");
            if let (Some(file), Some(number)) = (&violation.file, violation.line) {
                let _ = write!(line, "{file}:{number} ");
            }
            let _ = write!(line, "{}: {}", violation.id, violation.what);
            if let Some(values) = &violation.values {
                let _ = write!(line, ": {values}");
            }
            lines.push(line);
        }
    }
    lines
}

fn tables(report: &Report) -> Vec<Table> {
    let mut list = vec![checks(&report.checks)];
    list.extend(cannot(&report.checks));
    list.push(coverage(report));
    if !report.overlaps.is_empty() {
        list.push(overlaps(report));
    }
    list.extend(report.figures.iter().map(figures));
    list
}

fn checks(checks: &[CheckReport]) -> Table {
    let mut table = Table::new(
        "Checks",
        &["check", "claim", "checked", "violated", "not checked"],
        2,
    );
    for check in checks {
        table.rows.push(vec![
            check.name.clone(),
            check.about.clone(),
            grouped(check.checked),
            grouped(check.violated),
            grouped(check.cannot.values().sum()),
        ]);
    }
    table
}

fn cannot(checks: &[CheckReport]) -> Option<Table> {
    let mut table = Table::new("Not checked, and why", &["check", "why", "things"], 2);
    for check in checks {
        for (why, count) in &check.cannot {
            table
                .rows
                .push(vec![check.name.clone(), why.clone(), grouped(*count)]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

fn coverage(report: &Report) -> Table {
    let mut table = Table::new("Coverage", &["of", "kinds", "most often", "missing"], 4);
    for (what, counts) in &report.coverage.counts {
        let mut order: Vec<(&String, &u64)> = counts.iter().collect();
        order.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
        let most: Vec<String> = order
            .iter()
            .take(5)
            .map(|(name, count)| format!("{name} {}", grouped(**count)))
            .collect();
        let missing = report.coverage.missing.get(what);
        table.rows.push(vec![
            what.clone(),
            counts.len().to_string(),
            most.join(", "),
            missing.map_or("-".to_owned(), |names| names.join(", ")),
        ]);
    }
    for (what, names) in &report.coverage.missing {
        if !report.coverage.counts.contains_key(what) {
            table.rows.push(vec![
                what.clone(),
                "0".into(),
                "-".into(),
                format!("all {}", names.len()),
            ]);
        }
    }
    table
}

fn overlaps(report: &Report) -> Table {
    let head = [
        "of", "within", "8-grams", "compared", "messages", "compared",
    ];
    let mut table = Table::new("Customers' wording in common (values masked)", &head, 2);
    let share =
        |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{:.1} %", v * 100.0));
    for overlap in &report.overlaps {
        table.rows.push(vec![
            overlap.of.clone(),
            overlap.within.clone(),
            share(overlap.grams),
            grouped(overlap.grams_compared),
            share(overlap.messages),
            grouped(overlap.messages_compared),
        ]);
    }
    table
}

fn figures(group: &FigureGroup) -> Table {
    let split = match group.split.as_str() {
        "all" => String::new(),
        split => format!(", {split} only"),
    };
    let title = format!(
        "{} {}{split}: {}",
        group.language,
        group.speaker,
        many(group.messages, "message")
    );
    let head = ["figure", "value", "masked", "over", "aim", "elsewhere"];
    let mut table = Table::new(title, &head, 1);
    for figure in group
        .figures
        .iter()
        .filter(|f| f.view.as_deref() != Some("masked"))
    {
        let masked = group
            .figures
            .iter()
            .find(|other| other.name == figure.name && other.view.as_deref() == Some("masked"));
        let range = |kind: &str| {
            let all = figure
                .references
                .iter()
                .chain(masked.iter().flat_map(|m| &m.references));
            let of = all.filter(|reference| reference.kind == kind);
            let ranges: Vec<String> = of
                .map(|r| {
                    format!(
                        "{}–{}",
                        number(&figure.name, r.range[0]),
                        number(&figure.name, r.range[1])
                    )
                })
                .collect();
            ranges.join(", ")
        };
        table.rows.push(vec![
            figure.name.clone(),
            value(figure),
            masked.map_or(String::new(), value),
            grouped(figure.over),
            range("target"),
            range("public"),
        ]);
    }
    table
}

fn value(figure: &Figure) -> String {
    figure
        .value
        .map_or("too few".to_owned(), |value| number(&figure.name, value))
}

fn number(name: &str, value: f64) -> String {
    let whole = ["words-", "chars-", "turns-"]
        .iter()
        .any(|start| name.starts_with(start));
    match (whole, name.ends_with("per-100-words")) {
        (true, _) => format!("{value:.0}"),
        (_, true) => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn notes(report: &Report) -> Vec<String> {
    let mut notes = vec![
        "Every check and figure is explained in docs/audit.md. Figures by speaker; `masked`: values replaced by \
         their labels, digits by 0."
            .to_owned(),
        "aim: of this project's default corpora. elsewhere: what public corpora show; they are written by people for \
         other purposes, so a figure outside is a question, not a fault."
            .to_owned(),
    ];
    if !report.corpus.values_shown {
        notes.push("Values of this corpus are not shown, since it is not one that this program made (--show-values shows them).".into());
    }
    notes
}

/// The page of what languages have to say, for a terminal.
pub fn languages(reports: &[LanguageReport]) -> String {
    let mut out = String::new();
    for report in reports {
        let _ = writeln!(
            out,
            "{}: {}",
            report.language,
            many(report.phrases as u64, "phrase")
        );
        out.push('\n');
        let head = ["intent", "constituent", "", "train", "dev", "test"];
        let mut table = Table::new("", &head, 3);
        for intent in &report.intents {
            for row in &intent.constituents {
                let cells = match row.phrases {
                    None => ["missing".to_owned(), String::new(), String::new()],
                    Some(phrases) => phrases.map(|count| count.to_string()),
                };
                let mut cells = cells.to_vec();
                let shared = if row.shared { "shared" } else { "" };
                cells.splice(
                    0..0,
                    [
                        intent.intent.clone(),
                        row.constituent.clone(),
                        shared.to_owned(),
                    ],
                );
                table.rows.push(cells);
            }
        }
        grid(&mut out, &table);
        let missing: Vec<String> = report
            .intents
            .iter()
            .flat_map(|intent| {
                intent
                    .missing
                    .iter()
                    .map(|name| format!("{} ({})", name, intent.intent))
            })
            .collect();
        out.push('\n');
        let list = |names: &[String]| match names.is_empty() {
            true => "none".to_owned(),
            false => names.join(", "),
        };
        wrapped(&mut out, "", &format!("missing: {}", list(&missing)));
        let pairs = report.same_words.iter().map(|(a, b)| format!("{a} = {b}"));
        let pairs: Vec<String> = pairs.collect();
        let same = format!("same words in two splits: {}", list(&pairs));
        wrapped(&mut out, "", &same);
        wrapped(
            &mut out,
            "",
            &format!("said by no plot: {}", list(&report.unused)),
        );
        out.push('\n');
        if let Some(noise) = &report.noise {
            noise_table(&mut out, noise);
        }
    }
    out
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn many(count: u64, what: &str) -> String {
    format!(
        "{} {what}{}",
        grouped(count),
        if count == 1 { "" } else { "s" }
    )
}

/// Columns as wide as their widest cell; the last column of words is broken to the width of the page.
fn grid(out: &mut String, table: &Table) {
    let columns = table.head.len();
    let mut widths = vec![0; columns];
    for row in table.rows.iter().chain([&table.head]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let last_is_words = table.words == columns;
    let before: usize = widths[..columns - 1].iter().map(|width| width + 2).sum();
    for row in [&table.head].into_iter().chain(&table.rows) {
        let mut line = String::from("  ");
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let cell = clean(cell);
            if last_is_words && at + 1 == columns {
                let mut indented = String::new();
                let room = (WIDTH - 2).saturating_sub(before).max(24);
                for (number, part) in broken(&cell, room).iter().enumerate() {
                    if number > 0 {
                        let _ = write!(indented, "\n{}", " ".repeat(before + 2));
                    }
                    indented.push_str(part);
                }
                line.push_str(&indented);
            } else if at < table.words {
                let _ = write!(line, "{cell:<width$}  ");
            } else {
                let _ = write!(line, "{cell:>width$}  ");
            }
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// Control characters could steer a terminal: what comes from files is shown without them.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("one at least");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

fn wrapped(out: &mut String, bullet: &str, text: &str) {
    let indent = " ".repeat(bullet.chars().count());
    for (number, line) in broken(&clean(text), WIDTH - indent.len())
        .iter()
        .enumerate()
    {
        let start = if number == 0 { bullet } else { &indent };
        let _ = writeln!(out, "{start}{line}");
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
