//! The report as a Markdown page, for a step summary or a repository.
//!
//! The first line is a fixed marker, so that a comment can be found again and replaced. The verdict
//! comes first; details are folded.

use super::LabelRows;
use super::result::BenchResult;
use super::tables::{self, Table};
use std::fmt::Write;

/// The first line of every page.
pub const MARKER: &str = "<!-- tellerbench report -->";

/// The page of a result.
pub fn render(result: &BenchResult, labels: LabelRows) -> String {
    let mut page = format!("{MARKER}\n\n");
    table(&mut page, &tables::headline(result));
    for failure in tables::failures(result) {
        let _ = writeln!(page, "* **{}**", escape(&failure));
    }
    page.push('\n');
    table(&mut page, &tables::classes(result));
    for each in tables::labels(result, labels)
        .iter()
        .chain(&tables::decoys(result))
    {
        let _ = write!(
            page,
            "<details><summary>{}</summary>\n\n",
            escape(&each.title)
        );
        cells(&mut page, each);
        page.push_str("\n</details>\n\n");
    }
    page.push_str("### How to read this\n\n");
    for line in tables::notes(result).iter().chain(&tables::facts(result)) {
        let _ = writeln!(page, "* {}", escape(line));
    }
    page
}

fn table(page: &mut String, table: &Table) {
    let _ = write!(page, "### {}\n\n", escape(&table.title));
    cells(page, table);
    page.push('\n');
}

fn cells(page: &mut String, table: &Table) {
    row(page, &table.head);
    let rule: Vec<&str> = (0..table.head.len())
        .map(|at| if at < table.words { "---" } else { "---:" })
        .collect();
    let _ = writeln!(page, "| {} |", rule.join(" | "));
    for cells in &table.rows {
        row(page, cells);
    }
}

fn row(page: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

/// Text that Markdown shows as it is: names of detectors and their errors come from outside.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => out.extend(['\\', character]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
