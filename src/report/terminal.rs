//! The report in a terminal: at most 120 columns, colour only when asked for.

use super::page_options::{PageOptions, Section};
use super::result::BenchResult;
use super::tables::{Block, Listing, Page, Table, told};
use comfy_table::{CellAlignment, ContentArrangement, presets};
use std::fmt::Write;

/// How wide the page is.
const WIDTH: usize = 120;

/// The sections of a page of which nothing else is asked: one or two screens. Labels have a table per
/// detector, so they stand only where one detector is told of.
const USUAL: &[Section] = &[
    Section::Headline,
    Section::Classes,
    Section::Labels,
    Section::Errors,
    Section::Variants,
];
const USUAL_OF_SEVERAL: &[Section] = &[
    Section::Headline,
    Section::Classes,
    Section::Errors,
    Section::Variants,
];

const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[31m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The page of a result, with ANSI colours or without.
pub fn render(result: &BenchResult, options: &PageOptions, colour: bool) -> String {
    let usual = match told(result).count() {
        0 | 1 => USUAL,
        _ => USUAL_OF_SEVERAL,
    };
    let content = Page::of(result, options, usual);
    let mut page = Paper {
        out: String::new(),
        colour,
    };
    for fact in &content.facts {
        page.lines(DIM, "", fact);
    }
    page.out.push('\n');
    let mut after_failure = false;
    for (_, block) in &content.blocks {
        let failure = matches!(block, Block::Failure(_));
        if after_failure && !failure {
            page.out.push('\n');
        }
        after_failure = failure;
        match block {
            Block::Table(table) => page.table(table),
            Block::Failure(failure) => page.lines(RED, "", failure),
            Block::Listing(listing) => page.listing(listing),
        }
    }
    if after_failure {
        page.out.push('\n');
    }
    for note in &content.notes {
        page.lines(DIM, "* ", note);
    }
    page.out
}

struct Paper {
    out: String,
    colour: bool,
}

/// Control characters, which could steer the terminal, become spaces: names and errors of detectors,
/// and excerpts, come from outside.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

impl Paper {
    fn line(&mut self, colour: &str, text: &str) {
        let _ = if self.colour && !colour.is_empty() {
            writeln!(self.out, "{colour}{text}{PLAIN}")
        } else {
            writeln!(self.out, "{text}")
        };
    }

    /// Text broken at spaces to the width of the page.
    fn lines(&mut self, colour: &str, bullet: &str, text: &str) {
        let mut line = bullet.to_owned();
        let started = |line: &str| line.chars().count() > bullet.chars().count();
        // A number keeps its unit; no-break spaces are no places to break either.
        let text = plain(text).replace(" %", "\0%");
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let word = &word.replace('\0', " ");
            let long = line.chars().count() + 1 + word.chars().count() > WIDTH;
            if started(&line) && long {
                self.line(colour, &line);
                line = " ".repeat(bullet.chars().count());
            } else if started(&line) {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(colour, &line);
    }

    fn table(&mut self, table: &Table) {
        self.lines(BOLD, "", &table.title);
        let mut grid = comfy_table::Table::new();
        grid.load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        grid.set_header(&table.head);
        for row in &table.rows {
            grid.add_row(row.iter().map(|cell| plain(cell)));
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
        for line in &table.below {
            self.lines("", "", line);
        }
        self.out.push('\n');
    }

    fn listing(&mut self, listing: &Listing) {
        self.lines(BOLD, "", &listing.title);
        for (head, lines) in &listing.items {
            self.lines("", "", head);
            for line in lines {
                self.lines("", "    ", line);
            }
        }
        self.out.push('\n');
    }
}
