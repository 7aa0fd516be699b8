//! How a result is printed and saved.

use super::{Failure, Outcome};
use crate::report::result::BenchResult;
use crate::report::{LabelRows, Lang, PageOptions, Section, csv, latex, markdown, terminal};
use crate::scoring::{ExampleOptions, ExampleText};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// How a result is printed.
#[derive(Clone, Debug, clap::Args)]
pub struct ShownArgs {
    /// How to print the result: terminal, markdown, latex (tables for a paper), csv (long form) or json.
    #[arg(
        long,
        default_value = "terminal",
        value_parser = ["terminal", "markdown", "latex", "csv", "json"]
    )]
    format: String,

    /// Labels that get a row: core, all or none.
    #[arg(long, default_value = "core", value_parser = ["core", "all", "none"])]
    labels: String,

    /// Sections of the page, separated by commas: headline, classes, exposure, legal, labels, errors,
    /// slices, examples, decoys, variants (feeds, twins, thresholds, own traffic), speed [default: what fits on one or two screens].
    #[arg(long, value_delimiter = ',', value_name = "SECTIONS", value_parser = section)]
    show: Option<Vec<Section>>,

    /// Language of the page: en or fr. Heads of csv and keys of json stay English.
    #[arg(long, default_value = "en", value_parser = lang)]
    lang: Lang,

    /// Show values in examples instead of naming them. Never for a corpus of real conversations that
    /// others may see the page of.
    #[arg(long)]
    pub(super) show_values: bool,
}

fn section(name: &str) -> Result<Section, String> {
    named(
        name,
        Section::named(name),
        Section::ALL.iter().map(|s| s.name()),
    )
}

fn lang(name: &str) -> Result<Lang, String> {
    named(
        name,
        Lang::named(name),
        Lang::ALL.iter().map(|lang| lang.name()),
    )
}

fn named<T>(
    name: &str,
    value: Option<T>,
    known: impl Iterator<Item = &'static str>,
) -> Result<T, String> {
    value.ok_or_else(|| {
        let known: Vec<&str> = known.collect();
        format!("`{name}` is none of {}", known.join(", "))
    })
}

/// Which examples of errors are kept while scoring.
#[derive(Clone, Debug, clap::Args)]
pub struct ExampleArgs {
    /// Keep so many examples of every error class [default: 10 with --show examples, else none].
    #[arg(long, value_name = "N")]
    examples: Option<u32>,
}

impl ExampleArgs {
    /// How many examples of a cause to print.
    pub fn per_cause(&self) -> usize {
        self.examples.map_or(3, |most| most as usize)
    }

    /// What the options mean for a corpus; `ours` says whether it is one of tellerbench.
    pub fn options(&self, shown: &ShownArgs, ours: bool) -> ExampleOptions {
        let asked = shown.show.as_ref();
        let asked = asked.is_some_and(|sections| sections.contains(&Section::Examples));
        ExampleOptions {
            most: self.examples.unwrap_or(if asked { 10 } else { 0 }),
            text: match (shown.show_values, ours) {
                (true, _) => ExampleText::Values,
                (false, true) => ExampleText::Withheld,
                (false, false) => ExampleText::Nothing,
            },
        }
    }
}

impl ShownArgs {
    /// The name of the format.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// Prints a result on standard output.
    ///
    /// # Errors
    /// What the output says.
    pub fn print(&self, result: &BenchResult) -> Outcome {
        let mut out = std::io::stdout().lock();
        let page = match self.format.as_str() {
            "json" => json(result),
            "markdown" => markdown::render(result, &self.page()),
            "latex" => latex::render(result, &self.page()),
            "csv" => csv::render(result),
            _ => {
                let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
                terminal::render(result, &self.page(), colour)
            }
        };
        out.write_all(page.as_bytes())?;
        Ok(())
    }

    /// What a page shows.
    pub fn page(&self) -> PageOptions {
        let labels = match self.labels.as_str() {
            "all" => LabelRows::All,
            "none" => LabelRows::None,
            _ => LabelRows::Core,
        };
        PageOptions {
            lang: self.lang,
            labels,
            sections: self.show.clone(),
            values: self.show_values,
        }
    }
}

/// The result as its file has it.
pub fn json(result: &BenchResult) -> String {
    serde_json::to_string_pretty(result).expect("a result is plain data") + "\n"
}

/// Writes a file that appears whole or not at all, and never over another unless `force` is set.
///
/// # Errors
/// A file that is there; what the file system says.
pub fn write_whole(path: &Path, bytes: &[u8], force: bool) -> Outcome {
    let named = |e: std::io::Error| Failure::usage(format!("{}: {e}", path.display()));
    if path.exists() && !force {
        let path = path.display();
        return Err(Failure::usage(format!(
            "{path} already exists (--force replaces it)"
        )));
    }
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(named)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".inprogress");
    let temporary = path.with_file_name(name);
    std::fs::write(&temporary, bytes).map_err(named)?;
    std::fs::rename(&temporary, path).map_err(named)
}
