//! The options that name detectors, and how they are driven.

use super::Failure;
use crate::detectors::Feed;
use crate::detectors::declared::{Declaration, Declared, Places};
use crate::scoring::LabelMap;
use std::path::PathBuf;

/// Which detectors, and how they are driven.
#[derive(Clone, Debug, clap::Args)]
pub struct DetectorArgs {
    /// A detector (`tellerbench list detectors`); may be given several times.
    #[arg(long = "detector", short = 'd', value_name = "NAME")]
    pub names: Vec<String>,

    /// More declarations of detectors (TOML, as datasets/detectors.toml).
    #[arg(long, value_name = "FILE")]
    pub detectors: Vec<PathBuf>,

    /// How much of a conversation detectors see: message, stream or conversation. Of several (joined by
    /// commas) the first is ranked and timed, and the loss against it is given for the others.
    #[arg(long, default_value = "stream", value_parser = feed, value_delimiter = ',')]
    pub feed: Vec<Feed>,

    /// Messages per batch.
    #[arg(long, default_value_t = 64, value_name = "N")]
    pub batch: usize,

    /// Batches that may fail before a detector has failed.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub max_errors: usize,
}

fn feed(name: &str) -> Result<Feed, String> {
    Feed::named(name).ok_or_else(|| format!("no feed `{name}` (message, stream, conversation)"))
}

/// Everything that is declared: what is shipped, and the files.
///
/// # Errors
/// A file that is missing or wrong.
pub fn declared(files: &[PathBuf]) -> Result<Declared, Failure> {
    let mut declared = Declared::shipped();
    for file in files {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        let base = file.parent().unwrap_or(std::path::Path::new("."));
        declared
            .add(&text, &name, &Places::found(base))
            .map_err(Failure::usage)?;
    }
    Ok(declared)
}

impl DetectorArgs {
    /// The feed that is ranked and timed.
    pub fn feed(&self) -> Feed {
        self.feed.first().copied().unwrap_or(Feed::Stream)
    }

    /// The feeds that are compared with it, each once.
    pub fn other_feeds(&self) -> Vec<Feed> {
        let mut others: Vec<Feed> = self.feed.iter().copied().skip(1).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|feed| *feed != self.feed());
        others
    }

    /// The detectors that are named, in order, each once.
    ///
    /// # Errors
    /// An unknown name, with the nearest.
    pub fn resolve(&self) -> Result<Vec<Declaration>, Failure> {
        if self.batch == 0 {
            return Err(Failure::usage("--batch 0: at least one message per batch"));
        }
        let declared = declared(&self.detectors)?;
        let mut chosen: Vec<Declaration> = Vec::new();
        for name in &self.names {
            let found = declared.find(name).map_err(Failure::usage)?;
            if !chosen.iter().any(|known| known.name == found.name) {
                chosen.push(found.clone());
            }
        }
        Ok(chosen)
    }
}

/// What a declared detector's labels mean, as the scorer takes it.
pub fn label_map(declaration: &Declaration) -> LabelMap {
    let rows = declaration.labels.iter();
    LabelMap::new(rows.map(|(tool, ours)| (tool.to_owned(), ours.to_vec())))
}
