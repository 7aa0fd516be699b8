//! The command line: parse, run, map errors to exit codes.

#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    tellerbench::cli::main()
}
