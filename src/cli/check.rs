//! `podwire check`: what there is to say about manifests, in a form for people, for programs or for code review.

mod baseline;
mod github;
mod human;
mod sarif;

use std::path::PathBuf;

use clap::ValueEnum;

use super::input::{self, Input, Read};
use crate::finding::Severity;
use crate::web::api::{answer, types};

/// The arguments of `podwire check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// The mildest finding that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Leave out the findings of an earlier `--format json`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the lines that they are about
    Human,
    /// The whole analysis, as the API answers it
    Json,
    /// For code scanning
    Sarif,
    /// As commands of GitHub Actions
    Github,
}

/// The mildest finding that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors alone
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding
    Hint,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}")]
    Input(#[from] input::Error),
    #[error("{0}")]
    Baseline(#[from] baseline::Error),
    #[error("cannot write the findings: {0}")]
    Write(#[from] std::io::Error),
}

/// Checks, and says whether it found anything that counts.
pub(super) fn run(check: &Check) -> Result<bool, Error> {
    let mut read = check.input.read()?;
    if let Some(path) = &check.baseline {
        baseline::Baseline::read(path)?.leave_out(&mut read.analysis);
    }
    let text = match check.format {
        Format::Human => human::report(&read).into_bytes(),
        Format::Json => {
            answer::json(&types::Analysis::from(&read.analysis)).map_err(std::io::Error::other)?
        }
        Format::Sarif => answer::json(&sarif::report(&read)).map_err(std::io::Error::other)?,
        Format::Github => github::report(&read).into_bytes(),
    };
    super::print(&text)?;
    Ok(read.analysis.findings.iter().any(|finding| finding.severity <= check.fail_on.mildest()))
}

impl FailOn {
    fn mildest(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Hint => Severity::Hint,
        }
    }
}

/// `1 error, 2 warnings, 0 hints`.
fn counts(read: &Read) -> String {
    let mut words = Vec::new();
    for (severity, noun) in
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")]
    {
        words.push(many(read.analysis.count(severity), noun));
    }
    words.join(", ")
}

/// `1 error`, `2 errors`.
fn many(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
