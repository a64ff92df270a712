//! Parses the command line and leaves with its exit code.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// glibc keeps what each thread freed to itself, which under load is more than all that is in use.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    podwire::cli::run(std::env::args_os())
}
