//! How a result is printed and saved.

use super::{Failure, Outcome};
use crate::report::result::BenchResult;
use crate::report::{LabelRows, markdown, terminal};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// How a result is printed.
#[derive(Clone, Debug, clap::Args)]
pub struct ShownArgs {
    /// How to print the result: terminal, markdown or json.
    #[arg(long, default_value = "terminal", value_parser = ["terminal", "markdown", "json"])]
    format: String,

    /// Labels that get a row: core, all or none.
    #[arg(long, default_value = "core", value_parser = ["core", "all", "none"])]
    labels: String,
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
            "markdown" => markdown::render(result, self.rows()),
            _ => {
                let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
                terminal::render(
                    result,
                    terminal::Style {
                        colour,
                        labels: self.rows(),
                    },
                )
            }
        };
        out.write_all(page.as_bytes())?;
        Ok(())
    }

    fn rows(&self) -> LabelRows {
        match self.labels.as_str() {
            "all" => LabelRows::All,
            "none" => LabelRows::None,
            _ => LabelRows::Core,
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
