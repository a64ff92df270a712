//! Findings as commands of GitHub Actions, which show them beside the changed lines.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message>

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use crate::cli::input::Read;
use crate::finding::Severity;
use crate::names::is_unseen;

pub(super) fn report(read: &Read) -> String {
    let mut out = String::new();
    for finding in &read.analysis.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let place = read.analysis.place(finding.span);
        let file = property(&plain(&read.path(finding.span.file)));
        let message = message(&format!("{}\n{}", finding.message, finding.help));
        // Columns are shown only within one line.
        let columns = if place.line == place.end_line {
            format!(",col={},endColumn={}", place.column, place.end_column)
        } else {
            String::new()
        };
        // Writing into a String does not fail.
        let _ = writeln!(
            out,
            "::{command} file={file},line={},endLine={}{columns},title={}::{message}",
            place.line, place.end_line, finding.rule
        );
    }
    out
}

/// A path without what says nothing, `./` and doubled slashes: GitHub takes it by its letters.
fn plain(path: &str) -> String {
    let parts = Path::new(path).components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().to_string_lossy().into_owned()
}

fn message(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    // A log is looked at in a terminal, too.
    text.chars().map(|c| if is_unseen(c) { '\u{b7}' } else { c }).collect()
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
