//! A document that is not YAML (or JSON) at all.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "yaml-syntax",
    stage: Stage::Read,
    severity: Severity::Error,
    what: "A document cannot be read as YAML or JSON.",
    why: "kubectl stops there: what comes before is applied, this document and all after it are not. Podwire reads on, and \
          draws every other document. A byte that is not UTF-8 is a warning: kubectl reads U+FFFD in its place.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/#describing-a-kubernetes-object",
    check,
    fires: fixture!("yaml-syntax", "fires"),
    silent: fixture!("yaml-syntax", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems {
        let severity = if problem.problem.what == What::NotUtf8 { Severity::Warning } else { RULE.severity };
        let (message, help) = match &problem.problem.what {
            What::Syntax(why) if why.starts_with("NUL bytes") => (
                format!("this document is not YAML: {why}"),
                "save it as text; an archive is unpacked by the page and the API, or by whoever names its files",
            ),
            What::Syntax(why) => (
                format!("this document is not YAML: {why}"),
                "mend this line; often it is the one before, or its indentation",
            ),
            What::BadSeparator => (
                "a line that begins with \"---\" goes on with something else".to_owned(),
                "write --- on a line of its own: kubectl loses the document before it, too",
            ),
            What::NotUtf8 => (
                "this is not UTF-8, and reads as a question mark in a diamond (U+FFFD)".to_owned(),
                "save the file as UTF-8",
            ),
            _ => continue,
        };
        findings.push(Finding {
            help: help.to_owned(),
            short: if severity == RULE.severity { "cannot be read" } else { "not UTF-8" }.to_owned(),
            ..words::about(
                &RULE,
                severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                message,
            )
        });
    }
}
