//! The report in a terminal: at most 120 columns, colour only when asked for.

use super::LabelRows;
use super::result::BenchResult;
use super::tables::{self, Table};
use comfy_table::{CellAlignment, ContentArrangement, presets};
use std::fmt::Write;

/// How wide the page is.
const WIDTH: usize = 120;

/// How the page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// With ANSI colours?
    pub colour: bool,
    /// Which labels get a row.
    pub labels: LabelRows,
}

const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[31m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The page of a result.
pub fn render(result: &BenchResult, style: Style) -> String {
    let mut page = Page {
        out: String::new(),
        colour: style.colour,
    };
    for fact in tables::facts(result) {
        page.lines(DIM, "", &fact);
    }
    page.out.push('\n');
    page.table(&tables::headline(result));
    let failures = tables::failures(result);
    for failure in &failures {
        page.lines(RED, "", failure);
    }
    if !failures.is_empty() {
        page.out.push('\n');
    }
    page.table(&tables::classes(result));
    for table in tables::labels(result, style.labels)
        .iter()
        .chain(&tables::decoys(result))
    {
        page.table(table);
    }
    for note in tables::notes(result) {
        page.lines(DIM, "* ", &note);
    }
    page.out
}

struct Page {
    out: String,
    colour: bool,
}

impl Page {
    fn line(&mut self, colour: &str, text: &str) {
        let _ = if self.colour {
            writeln!(self.out, "{colour}{text}{PLAIN}")
        } else {
            writeln!(self.out, "{text}")
        };
    }

    /// Text broken at spaces to the width of the page. Control characters, which could steer the
    /// terminal, become spaces: errors of detectors come from outside.
    fn lines(&mut self, colour: &str, bullet: &str, text: &str) {
        let text: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let mut line = bullet.to_owned();
        for word in text.split_whitespace() {
            let started = line.chars().count() > bullet.len();
            if started && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.line(colour, &line);
                line = " ".repeat(bullet.len());
                line.push_str(word);
                continue;
            }
            if started {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(colour, &line);
    }

    fn table(&mut self, table: &Table) {
        self.line(BOLD, &table.title);
        let mut grid = comfy_table::Table::new();
        grid.load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        grid.set_header(&table.head);
        for row in &table.rows {
            grid.add_row(row);
        }
        for (at, column) in grid.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if at >= table.words {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in grid.to_string().lines() {
            let _ = writeln!(self.out, "{}", line.trim_end());
        }
        self.out.push('\n');
    }
}
