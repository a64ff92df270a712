//! The command line: its definitions, and who answers to each.

mod check;
mod draw;
mod input;
mod serve;
mod trace;

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::{Args as _, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::Config;
use crate::names::is_unseen;
pub use check::Check;
pub use draw::Draw;
pub use trace::Trace;

/// See where every port of your Kubernetes Services goes.
#[derive(Debug, Parser)]
#[command(name = "podwire", version, about, long_about = None)]
#[command(after_help = "Without a command, podwire serves.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands; the arguments of those that are not asked for are never made.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Serve the web dashboard and its API
    Serve(Box<Config>),
    /// Say what is wrong with manifests; exits with 1 where something is
    Check(Check),
    /// Draw how manifests are wired
    Draw(Draw),
    /// Follow an address hop by hop; exits with 1 where it reaches nobody
    Trace(Trace),
}

/// Bad usage, or something outside that stops the work.
const UNUSABLE: u8 = 2;

/// Runs a command line, the program's name first, and says how to exit.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match parse(with_command(args)) {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to do where even the message cannot be written.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    match cli.command {
        Command::Serve(config) => exit(serve::run(*config)),
        Command::Check(check) => match check::run(&check) {
            Ok(true) => ExitCode::FAILURE,
            done => exit(done),
        },
        Command::Draw(draw) => exit(draw::run(&draw)),
        Command::Trace(trace) => match trace::run(&trace) {
            Ok(false) => ExitCode::FAILURE,
            done => exit(done),
        },
    }
}

fn exit<T>(done: Result<T, impl std::fmt::Display>) -> ExitCode {
    match done {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            // Names of files are in it, and of what was uploaded.
            let words = error.to_string();
            let seen = |c| if is_unseen(c) && c != '\n' { '\u{b7}' } else { c };
            eprintln!("podwire: {}", words.chars().map(seen).collect::<String>());
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Writes to standard output.
fn print(bytes: &[u8]) -> io::Result<()> {
    print_with(|out| out.write_all(bytes))
}

/// Writes to standard output; whoever reads it may stop before the end, as `head` does.
fn print_with(write: impl FnOnce(&mut io::StdoutLock<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Reads a command line.
fn parse(args: Vec<OsString>) -> Result<Cli, clap::Error> {
    let mut command = Cli::command().mut_subcommand("serve", |serve| serve.defer(settings));
    let matches = command.try_get_matches_from_mut(args)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// The server's settings. A variable that is empty, as Compose hands on one that is not set, is none.
fn settings(serve: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    Config::augment_args(serve)
        .mut_args(|arg| if arg.get_env().is_some_and(is_empty) { arg.env(Resettable::Reset) } else { arg })
}

/// `podwire` and `podwire --listen …` are `podwire serve …`.
fn with_command(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<_> = args.into_iter().collect();
    let about_podwire = ["-h", "--help", "-V", "--version"];
    let serves = args.get(1).is_none_or(|first| {
        first.as_encoded_bytes().starts_with(b"-")
            && !about_podwire.iter().any(|flag| first == OsStr::new(flag))
    });
    if serves {
        args.resize(args.len().max(1), OsString::from("podwire"));
        args.insert(1, OsString::from("serve"));
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_podwire_serves() {
        for (given, meant) in [
            (vec![], vec!["podwire", "serve"]),
            (vec!["podwire"], vec!["podwire", "serve"]),
            (vec!["podwire", "--listen", ":1"], vec!["podwire", "serve", "--listen", ":1"]),
            (vec!["podwire", "serve"], vec!["podwire", "serve"]),
            (vec!["podwire", "--help"], vec!["podwire", "--help"]),
            (vec!["podwire", "check", "-"], vec!["podwire", "check", "-"]),
        ] {
            assert_eq!(with_command(given.into_iter().map(OsString::from)), meant);
        }
    }
}
