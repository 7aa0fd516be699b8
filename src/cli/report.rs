//! `tellerbench report`: a saved result as a page.

use super::shown::ShownArgs;
use super::{Failure, Outcome};
use crate::report::result::BenchResult;
use std::path::PathBuf;

/// Print a saved result.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A result.v1.json.
    result: PathBuf,

    #[command(flatten)]
    shown: ShownArgs,
}

pub fn run(args: &Args) -> Outcome {
    let name = args.result.display().to_string();
    let text = std::fs::read_to_string(&args.result)
        .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    let result =
        BenchResult::parse(&text).map_err(|error| Failure::input(format!("{name}: {error}")))?;
    args.shown.print(&result)
}
