//! `tellerbench verify`: does a detector keep the protocol, before anything is measured?

use super::detector_args::DetectorArgs;
use super::{Failure, Outcome};
use crate::detectors::child::Session;
use crate::detectors::conformance::{passes, verify};
use std::io::Write;

/// Check that a detector keeps the protocol: offsets, odd texts, order, repetition.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    detectors: DetectorArgs,

    /// Language tag of the texts.
    #[arg(long, default_value = "fr-FR")]
    lang: String,
}

pub fn run(args: &Args) -> Outcome {
    let declarations = args.detectors.resolve()?;
    if declarations.is_empty() {
        return Err(Failure::usage("name a detector with --detector"));
    }
    let mut failed = Vec::new();
    let mut out = std::io::stdout().lock();
    for declaration in declarations {
        let session = Session::new(args.detectors.feed(), [args.lang.clone()]);
        let mut opened = declaration
            .open(&session)
            .map_err(|error| Failure::detector(format!("{}: {error}", declaration.name)))?;
        let verdicts = verify(&mut *opened.detector, &args.lang, &*session.clock);
        writeln!(out, "{}", declaration.name)?;
        for verdict in &verdicts {
            writeln!(out, "  {verdict}")?;
        }
        if !passes(&verdicts) {
            failed.push(declaration.name);
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Failure::detector(format!(
            "does not conform: {}",
            failed.join(", ")
        ))),
    }
}
