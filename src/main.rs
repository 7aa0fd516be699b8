//! The command line: parse, run, map errors to exit codes.

#![forbid(unsafe_code)]

/// A seventh of the time of generation went into the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tellerbench::cli::main()
}
