//! `podwire check`: what there is to say about manifests, in a form for people, for programs or for code review.

mod baseline;
mod fix;
mod github;
mod human;
mod sarif;

use std::io::{self, Write as _};
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
    /// Mend what can be mended in the files; of standard input the mended text is printed, and the findings beside it
    #[arg(long)]
    pub fix: bool,
    /// With --fix: print what would change as a diff, and change nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
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
    /// None: the exit code is 0 whatever is found
    Never,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}")]
    Input(#[from] input::Error),
    #[error("{0}")]
    Baseline(#[from] baseline::Error),
    #[error("{0}")]
    Fix(#[from] fix::Error),
    #[error("cannot write the findings: {0}")]
    Write(#[from] std::io::Error),
}

/// Checks, and says whether it found anything that counts.
pub(super) fn run(check: &Check) -> Result<bool, Error> {
    let mut read = check.input.read()?;
    let baseline = check.baseline.as_deref().map(baseline::Baseline::read).transpose()?;
    if let Some(baseline) = &baseline {
        baseline.leave_out(&mut read.analysis);
    }
    let fails = |read: &Read| {
        let mildest = check.fail_on.mildest();
        read.analysis.findings.iter().any(|finding| Some(finding.severity) <= mildest)
    };
    let mut stdin = None;
    if check.fix {
        let found = fails(&read);
        let mended = fix::mend(&mut read, check.input.state.asked(), baseline.as_ref());
        if check.dry_run {
            super::print(mended.diff(&read).as_bytes())?;
            eprint!("{}", mended.report("would fix"));
            return Ok(found);
        }
        stdin = mended.write(&read)?;
        eprint!("{}", mended.report("fixed"));
    }
    let report = report(check.format, &read)?;
    match stdin {
        Some(text) => {
            super::print(text.as_bytes())?;
            io::stderr().write_all(&report)?;
        }
        None => super::print(&report)?,
    }
    Ok(fails(&read))
}

fn report(format: Format, read: &Read) -> Result<Vec<u8>, Error> {
    Ok(match format {
        Format::Human => human::report(read).into_bytes(),
        Format::Json => answer::json(&types::Analysis::from(&read.analysis))?,
        Format::Sarif => answer::json(&sarif::report(read))?,
        Format::Github => github::report(read).into_bytes(),
    })
}

impl FailOn {
    /// The mildest that counts, where any does.
    fn mildest(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Hint => Some(Severity::Hint),
            Self::Never => None,
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
