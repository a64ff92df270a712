//! Parses the command line and leaves with its exit code.

use std::process::ExitCode;

/// Reading makes millions of small pieces on several threads at once, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    podwire::cli::run(std::env::args_os())
}
