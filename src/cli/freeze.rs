//! `tellerbench freeze` (for maintainers): chooses and writes the embedded file of a gate.

use super::{Failure, Outcome};
use crate::corpus::content::ContentHash;
use crate::corpus::{Corpus, freeze, suites};
use crate::formats::jsonl;
use crate::text::OffsetUnit;
use std::path::PathBuf;

/// Choose and write the embedded file of a gate.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The suite: gate-fr, gate-en.
    suite: String,

    /// How many conversations to choose from.
    #[arg(long, default_value_t = 20_000)]
    pool: u64,

    /// The folder of the suites.
    #[arg(long, default_value = "datasets/suites")]
    folder: PathBuf,
}

pub fn run(args: &Args) -> Outcome {
    let suite = suites::find(&args.suite).map_err(Failure::usage)?;
    let corpus = Corpus::new(suite.spec, suite.seed).map_err(Failure::usage)?;
    let choice = freeze::choose(&corpus, args.pool);
    let mut lines = Vec::new();
    let mut content = ContentHash::default();
    for &index in &choice.indices {
        let start = lines.len();
        jsonl::write(
            &corpus.conversation(index),
            OffsetUnit::Codepoint,
            &mut lines,
        );
        content.add_line(&lines[start..]);
        lines.push(b'\n');
    }
    let packed = zstd::bulk::compress(&lines, 19)?;
    let file = args.folder.join(format!("{}.jsonl.zst", args.suite));
    std::fs::write(&file, &packed)?;
    println!("conversations = {}", choice.indices.len());
    println!("content = \"{content}\"");
    eprintln!(
        "{}: {} bytes from {}",
        file.display(),
        packed.len(),
        lines.len()
    );
    for (label, form, have) in choice.short {
        let form = form.map_or("-", crate::conversation::Form::name);
        eprintln!("short: {label} {form}: {have} of {}", freeze::QUOTA);
    }
    Ok(())
}
