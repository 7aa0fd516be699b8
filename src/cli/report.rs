//! `tellerbench report`: a saved result as a page.

use super::shown::ShownArgs;
use super::{Failure, Outcome};
use crate::report::result::BenchResult;
use std::path::PathBuf;

/// Print a saved result.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A result.v1.json, or the folder that `bench -o` wrote it into.
    result: PathBuf,

    #[command(flatten)]
    shown: ShownArgs,
}

pub fn run(args: &Args) -> Outcome {
    let path = match args.result.is_dir() {
        true => args.result.join("result.v1.json"),
        false => args.result.clone(),
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    let result = BenchResult::parse(&text).map_err(|error| {
        Failure::input(format!(
            "{name}: no result of `bench` or `score --format json`: {error}"
        ))
    })?;
    args.shown.print(&result)
}
