//! The report as a Markdown page, for a step summary or a repository.
//!
//! The first line is a fixed marker, so that a comment can be found again and replaced. The verdict
//! comes first; details are folded.

use super::page_options::{PageOptions, Section};
use super::result::BenchResult;
use super::tables::{Block, Listing, Page, Table, kept, told};
use std::fmt::Write;

/// The first line of every page.
pub const MARKER: &str = "<!-- tellerbench report -->";

/// The sections of a page of which nothing else is asked: details cost no room, they are folded.
const USUAL: &[Section] = &[
    Section::Headline,
    Section::Classes,
    Section::Exposure,
    Section::Legal,
    Section::Labels,
    Section::Errors,
    Section::Slices,
    Section::Decoys,
    Section::Variants,
    Section::Speed,
];

/// The page of a result.
pub fn render(result: &BenchResult, options: &PageOptions) -> String {
    let mut usual = USUAL.to_vec();
    if told(result).any(|(row, _)| kept(row).is_some()) {
        usual.push(Section::Examples);
    }
    let content = Page::of(result, options, &usual);
    let mut page = format!("{MARKER}\n\n");
    for (section, block) in &content.blocks {
        let open = matches!(section, Section::Headline | Section::Classes);
        match block {
            Block::Table(table) if open => {
                let _ = write!(page, "### {}\n\n", escape(&table.title));
                cells(&mut page, table);
                page.push('\n');
            }
            Block::Table(table) => {
                folded(&mut page, &table.title, |page| cells(page, table));
            }
            Block::Failure(failure) => {
                let _ = write!(page, "* **{}**\n\n", escape(failure));
            }
            Block::Listing(listing) => {
                folded(&mut page, &listing.title, |page| items(page, listing));
            }
        }
    }
    let title = &options.words().titles.reading;
    let _ = write!(page, "### {title}\n\n");
    for line in content.notes.iter().chain(&content.facts) {
        let _ = writeln!(page, "* {}", escape(line));
    }
    page
}

fn folded(page: &mut String, title: &str, content: impl FnOnce(&mut String)) {
    let title = escape(title);
    let _ = write!(page, "<details><summary>{title}</summary>\n\n");
    content(page);
    page.push_str("\n</details>\n\n");
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
    if !table.below.is_empty() {
        page.push('\n');
    }
    for line in &table.below {
        let _ = writeln!(page, "* {}", escape(line));
    }
}

fn row(page: &mut String, cells: &[String]) {
    // A head that may break inside a word does so only where room is scarce.
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| escape(&cell.replace("-\n", "")))
        .collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn items(page: &mut String, listing: &Listing) {
    for (head, lines) in &listing.items {
        let _ = writeln!(page, "* {}", escape(head));
        for line in lines {
            let _ = writeln!(page, "  * {}", escape(line));
        }
    }
}

/// Text that Markdown shows as it is: names of detectors, their errors and excerpts come from outside.
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
