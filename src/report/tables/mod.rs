//! The tables and sentences of a report, before they are laid out.
//!
//! A page is a list of **blocks**, each under its section. Invariant: every block is a pure function
//! of a result and of page options, and the same cells stand in the terminal and in the Markdown page.

mod abreast;
mod decoys;
mod errors;
mod examples;
mod exposure;
mod headline;
mod labels;
mod legal;
mod notes;
mod slices;
mod speed;
mod variants;

pub(super) use labels::cells as label_cells;
pub(super) use notes::facts;
pub(super) use slices::worst;

use super::page_options::{PageOptions, Section};
use super::ranking::ranking;
use super::result::{BenchResult, DetectorRow, Role};
use super::words::Words;
use crate::scoring::Examples;
use crate::scoring::metrics::Metrics;

/// A table of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Column heads; a line break is where a narrow one may break.
    pub head: Vec<String>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
    /// How many columns from the left hold words; the others hold numbers.
    pub words: usize,
    /// What stands below it.
    pub below: Vec<String>,
}

impl Table {
    fn new(title: &str, words: usize, head: &[&str]) -> Self {
        let head = head.iter().map(|&name| name.to_owned()).collect();
        Table {
            title: title.to_owned(),
            head,
            rows: Vec::new(),
            words,
            below: Vec::new(),
        }
    }
}

/// Sentences under a title; those of `under` belong to the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// What it lists.
    pub title: String,
    /// Heads, each with what belongs to it.
    pub items: Vec<(String, Vec<String>)>,
}

/// Something on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A table.
    Table(Table),
    /// What went wrong with a detector.
    Failure(String),
    /// A list.
    Listing(Listing),
}

/// Everything on a page, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What the run was, in one line each.
    pub facts: Vec<String>,
    /// Its blocks.
    pub blocks: Vec<(Section, Block)>,
    /// What a reader must know to read the numbers.
    pub notes: Vec<String>,
}

impl Page {
    /// The page of a result with the sections that are asked for, or with `usual` ones.
    pub fn of(result: &BenchResult, options: &PageOptions, usual: &[Section]) -> Page {
        let mut blocks = Vec::new();
        for &section in Section::ALL {
            if options.shows(section, usual) {
                let made = section_of(result, options, section);
                blocks.extend(made.into_iter().map(|block| (section, block)));
            }
        }
        let shown = |section| blocks.iter().any(|(s, _)| *s == section);
        Page {
            facts: facts(result, options.words()),
            notes: notes::notes(result, options.words(), &shown),
            blocks,
        }
    }
}

fn section_of(result: &BenchResult, options: &PageOptions, section: Section) -> Vec<Block> {
    let words = options.words();
    let tables = |tables: Vec<Table>| tables.into_iter().map(Block::Table).collect();
    match section {
        Section::Headline => {
            let mut blocks = vec![Block::Table(headline::headline(result, words))];
            let failures = notes::failures(result, words);
            blocks.extend(failures.into_iter().map(Block::Failure));
            blocks
        }
        Section::Classes => vec![Block::Table(headline::classes(result, words))],
        Section::Exposure => tables(exposure::exposure(result, words)),
        Section::Legal => tables(legal::legal(result, words)),
        Section::Labels => tables(labels::labels(result, words, options.labels)),
        Section::Errors => tables(errors::errors(result, words)),
        Section::Slices => tables(slices::slices(result, words)),
        Section::Examples => examples::examples(result, options)
            .into_iter()
            .map(Block::Listing)
            .collect(),
        Section::Decoys => tables(decoys::decoys(result, words)),
        Section::Variants => tables(variants::variants(result, words)),
        Section::Speed => tables(speed::speed(result, words).into_iter().collect()),
    }
}

/// The name of a detector in a table, cut to its column.
pub(super) fn name(row: &DetectorRow, words: &Words) -> String {
    let mark = match row.role {
        Role::Ranked => String::new(),
        Role::Anchor => format!(" ({})", words.roles.anchor),
        Role::Reference => format!(" ({})", words.roles.ours),
    };
    let room = 20 - mark.chars().count();
    let mut name: String = row.name.chars().take(room).collect();
    if row.name.chars().count() > room {
        name.pop();
        name.push('…');
    }
    format!("{name}{mark}")
}

/// The detectors that answered, in the order of the ranking.
pub(super) fn scored(result: &BenchResult) -> impl Iterator<Item = (&DetectorRow, &Metrics)> {
    ranking(result)
        .into_iter()
        .filter_map(|place| Some((place.row, place.row.metrics()?)))
}

/// Those of them that are worth a table of their own: anchors are not.
pub(super) fn told(result: &BenchResult) -> impl Iterator<Item = (&DetectorRow, &Metrics)> {
    scored(result).filter(|(row, _)| row.role != Role::Anchor)
}

/// The examples that were kept of a detector.
pub(super) fn kept(row: &DetectorRow) -> Option<&Examples> {
    match &row.outcome {
        super::result::Outcome::Scored { examples, .. } => examples.as_ref(),
        super::result::Outcome::Failed(_) => None,
    }
}
