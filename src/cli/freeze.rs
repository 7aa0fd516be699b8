//! `tellerbench freeze` (for maintainers): chooses and writes the embedded file of a gate.

use super::{Failure, Outcome};
use crate::corpus::content::ContentHash;
use crate::corpus::output::{self, Options};
use crate::corpus::suites::{self, Suite};
use crate::corpus::{Corpus, freeze};
use crate::formats::jsonl;
use crate::text::OffsetUnit;
use std::path::PathBuf;

/// Choose and write the embedded file of a gate; of a larger suite, compute the content hash. Both are
/// written into its file.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The suite: gate-fr, fr@1-preview, …
    suite: String,

    /// How many conversations a gate is chosen from.
    #[arg(long, default_value_t = 20_000)]
    pool: u64,

    /// The folder of the suites.
    #[arg(long, default_value = "datasets/suites")]
    folder: PathBuf,
}

pub fn run(args: &Args) -> Outcome {
    let suite = suites::find(&args.suite).map_err(Failure::usage)?;
    let corpus = Corpus::new(suite.spec.clone(), suite.seed).map_err(Failure::usage)?;
    let (conversations, content) = match suite.embedded() {
        Some(_) => gate(args, &corpus)?,
        None => (suite.conversations, whole(&suite, &corpus)?),
    };
    let file = args.folder.join(format!("{}.toml", args.suite));
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    let head = [
        ("conversations", conversations.to_string()),
        ("content", format!("\"{content}\"")),
    ];
    std::fs::write(&file, with_head(&text, &head))?;
    println!(
        "{}: {conversations} conversations, content {content}",
        file.display()
    );
    Ok(())
}

/// Sets keys before the first table of a TOML text, and leaves all else as it stands.
fn with_head(text: &str, keys: &[(&str, String)]) -> String {
    let end = text.find("\n[").map_or(text.len(), |at| at + 1);
    let (head, rest) = text.split_at(end);
    let mut lines: Vec<String> = head.lines().map(str::to_owned).collect();
    for (key, value) in keys {
        let line = format!("{key} = {value}");
        let is_key = |line: &&mut String| line.split('=').next().map(str::trim) == Some(*key);
        match lines.iter_mut().find(is_key) {
            Some(old) => *old = line,
            None => {
                let last = lines.iter().rposition(|line| !line.is_empty());
                lines.insert(last.map_or(0, |last| last + 1), line);
            }
        }
    }
    lines.join("\n") + "\n" + rest
}

fn whole(suite: &Suite, corpus: &Corpus) -> Result<ContentHash, Failure> {
    let options = Options {
        total: suite.conversations,
        parts: 1,
        part: 1..=1,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        zstd: false,
        offsets: OffsetUnit::Codepoint,
        force: false,
        suite: None,
    };
    let written = output::to_stream(corpus, &options, &mut std::io::sink());
    Ok(written.map_err(Failure::usage)?.content)
}

fn gate(args: &Args, corpus: &Corpus) -> Result<(u64, ContentHash), Failure> {
    let choice = freeze::choose(corpus, args.pool);
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
    Ok((choice.indices.len() as u64, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_frozen_stands_in_the_head_of_the_suite_and_all_else_stays() {
        let keys = [
            ("conversations", "7".to_owned()),
            ("content", "\"ab\"".to_owned()),
        ];
        let text = "about = \"x\"\nconversations = 5\n\n[spec]\nname = \"y\"\n";
        let due = "about = \"x\"\nconversations = 7\ncontent = \"ab\"\n\n[spec]\nname = \"y\"\n";
        assert_eq!(with_head(text, &keys), due);
        assert_eq!(with_head(due, &keys), due);
    }
}
