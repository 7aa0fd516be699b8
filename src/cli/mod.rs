//! The command line. stdout is data, stderr is progress and messages.
//!
//! Exit codes: 0 fine; 1 a gate, a regression or an invariant failed; 2 usage or configuration; 3 a
//! detector failed; 4 not comparable or corrupt input; 130 interrupted. A broken pipe is success.

mod answers;
mod audit;
mod bench;
mod corpus_args;
mod data_args;
mod detector_args;
mod freeze;
mod generate;
mod gold;
mod imitation_args;
mod list;
mod paired;
mod progress;
mod read_args;
mod report;
mod score;
mod score_as;
mod score_explain;
mod scoring_args;
mod show;
mod shown;
mod verify;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Synthetic bank-chatbot conversations with labelled sensitive spans, and a benchmark of the
/// detectors that should catch them.
#[derive(Debug, Parser)]
#[command(
    name = "tellerbench",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// No progress and no messages but errors.
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run detectors over a corpus, score and time them, and print the ranking.
    Bench(Box<bench::Args>),
    /// Write a corpus: a suite, or what the options ask for.
    Generate(generate::Args),
    /// Check that a corpus is what it says, and measure it.
    Audit(audit::Args),
    /// Show conversations with their spans and decoys marked.
    Show(show::Args),
    /// Score predictions that were made elsewhere.
    Score(Box<score::Args>),
    /// Merge the counts of shards into one result, exactly.
    Merge(score::MergeArgs),
    /// Print a saved result.
    Report(report::Args),
    /// Check that a detector keeps the protocol.
    Verify(verify::Args),
    /// List labels, languages, intents, suites, detectors or formats.
    List(list::Args),
    /// Choose and write the embedded file of a gate.
    #[command(hide = true)]
    Freeze(freeze::Args),
    /// Print completions for a shell.
    #[command(hide = true)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    #[command(hide = true)]
    Man,
}

/// An error with the exit code that it means.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    error: anyhow::Error,
}

impl Failure {
    /// Usage or configuration.
    pub fn usage(error: impl std::fmt::Display) -> Failure {
        Failure {
            code: 2,
            error: anyhow::anyhow!("{error}"),
        }
    }

    /// A gate failed, or an invariant is violated.
    pub fn violated(error: impl std::fmt::Display) -> Failure {
        Failure {
            code: 1,
            error: anyhow::anyhow!("{error}"),
        }
    }

    /// A detector failed.
    pub fn detector(error: impl std::fmt::Display) -> Failure {
        Failure {
            code: 3,
            error: anyhow::anyhow!("{error}"),
        }
    }

    /// Corrupt input, or results that cannot be compared.
    pub fn input(error: impl std::fmt::Display) -> Failure {
        Failure {
            code: 4,
            error: anyhow::anyhow!("{error}"),
        }
    }

    /// Interrupted.
    pub fn interrupted(error: impl std::fmt::Display) -> Failure {
        Failure {
            code: 130,
            error: anyhow::anyhow!("{error}"),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure {
            code: 2,
            error: error.into(),
        }
    }
}

/// What a command ends with.
pub type Outcome = Result<(), Failure>;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Bench(args) => bench::run(&args, cli.quiet),
        Command::Score(args) => score::run(&args, cli.quiet),
        Command::Merge(args) => score::merge(&args),
        Command::Report(args) => report::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Generate(args) => generate::run(&args, cli.quiet),
        Command::Audit(args) => audit::run(&args, cli.quiet),
        Command::Show(args) => show::run(&args),
        Command::List(args) => list::run(&args),
        Command::Freeze(args) => freeze::run(&args),
        Command::Completions { shell } => {
            let out = &mut std::io::stdout();
            clap_complete::generate(shell, &mut Cli::command(), "tellerbench", out);
            Ok(())
        }
        Command::Man => clap_mangen::Man::new(Cli::command())
            .render(&mut std::io::stdout())
            .map_err(Into::into),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if is_broken_pipe(&failure.error) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!(
                "tellerbench: {}",
                printable(&format!("{:#}", failure.error))
            );
            ExitCode::from(failure.code)
        }
    }
}

/// Text that may quote a file of anybody's, without what a terminal would obey.
fn printable(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => plain.push(character),
            control if control.is_control() => plain.extend(control.escape_default()),
            other => plain.push(other),
        }
    }
    plain
}

/// Did the reader of our output go away? Then it had what it wanted.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
