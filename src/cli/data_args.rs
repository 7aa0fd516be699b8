//! The options that say what conversations are made of besides the world.

use super::Failure;
use crate::corpus::Data;
use std::path::PathBuf;

/// Plots and phrases beside the built-in ones.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DataArgs {
    /// Plots and phrases of your own, besides the built-in ones: intents/*.toml and
    /// languages/<language>/*.toml (docs/extending.md).
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Messages of your own: a CSV table with the columns text, intent and language, and slots such as {iban}
    /// (docs/extending.md).
    #[arg(long, value_name = "FILE")]
    pub templates: Option<PathBuf>,
}

impl DataArgs {
    /// Loads them.
    ///
    /// # Errors
    /// What cannot be read or is wrong, with file and line.
    pub fn load(&self) -> Result<Data, Failure> {
        match (&self.data, &self.templates) {
            (None, None) => Ok(Data::built_in()),
            (Some(folder), None) => Data::with_folder(folder),
            (folder, Some(table)) => Data::with_templates(folder.as_deref(), table),
        }
        .map_err(Failure::usage)
    }
}
