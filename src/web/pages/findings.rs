//! Findings as pages show them.

use crate::analysis::Analysis;
use crate::finding::Finding;

/// A finding in a list.
pub(super) struct FindingView {
    pub severity: &'static str,
    pub message: String,
    pub help: String,
    pub rule: &'static str,
    pub place: String,
    pub line: u32,
    pub file: u32,
    /// The address that shows it on the board.
    pub at: Option<String>,
}

impl FindingView {
    /// A finding, with its place in words.
    pub(super) fn new(analysis: &Analysis, finding: &Finding) -> Self {
        let line = analysis.place(finding.span).line;
        let file = analysis.file_name(finding.span);
        let place = if file == "-" { format!("line {line}") } else { format!("{file}:{line}") };
        let object = &finding.object;
        let at = (object.kind == "Service" && object.api_version == "v1")
            .then(|| format!("{}.{}", object.name, object.namespace));
        Self {
            severity: finding.severity.as_str(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            rule: finding.rule,
            place,
            line,
            file: finding.span.file,
            at,
        }
    }
}
