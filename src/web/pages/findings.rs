//! Findings as pages show them.

use crate::analysis::Analysis;
use crate::diagram::port_address;
use crate::finding::{Finding, Severity};

use super::{capital, editor, inspector};

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
    /// Names it to the editor.
    pub key: String,
    /// What its fix does, where it has one.
    pub fix: Option<String>,
}

impl FindingView {
    /// What to do, as a sentence.
    pub(super) fn advice(&self) -> String {
        capital(&self.help) + "."
    }

    /// The command that its help names, to be copied.
    pub(super) fn command(&self) -> Option<&str> {
        let named = self.help.split_once(": ").map(|(_, command)| command);
        named.filter(|command| command.starts_with("kubectl "))
    }

    pub(super) fn is_hint(&self) -> bool {
        self.severity == Severity::Hint.as_str()
    }

    /// A finding, with its place in words.
    pub(super) fn new(analysis: &Analysis, finding: &Finding) -> Self {
        let line = analysis.place(finding.span).line;
        let file = analysis.file_name(finding.span);
        let place = if file == "-" { format!("line {line}") } else { format!("{file}:{line}") };
        let object = &finding.object;
        let service = (object.kind == "Service" && object.api_version == "v1")
            .then(|| analysis.cluster.service(&object.namespace, &object.name))
            .flatten();
        let at = service.map(|id| {
            let service = &analysis.cluster.services[id];
            let port = finding.field.as_deref().and_then(inspector::port_of_field).unwrap_or_default();
            let whole = || format!("{}.{}", object.name, object.namespace);
            service.ports.get(port).map_or_else(whole, |port| port_address(service, port))
        });
        Self {
            severity: finding.severity.as_str(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            rule: finding.rule,
            place,
            line,
            file: finding.span.file,
            key: editor::key(analysis, finding),
            fix: finding.fix.as_ref().map(|fix| fix.title.clone()),
            at: at.or_else(|| inspector::routes::at_of(analysis, finding)),
        }
    }
}
