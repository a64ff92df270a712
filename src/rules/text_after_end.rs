//! Text after `...` in one document: kubectl drops it.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "text-after-end",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "A document goes on after its end mark, three dots.",
    why: "kubectl reads one piece of text between two lines of three hyphens, and of that only what comes before the dots. \
          The rest is never applied, and so not drawn.",
    source: "https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/util/yaml/decoder.go",
    check,
    fires: fixture!("text-after-end", "fires"),
    silent: fixture!("text-after-end", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems.iter().filter(|problem| problem.problem.what == What::TextAfterEnd) {
        findings.push(Finding {
            help: "write --- in the place of the dots to begin a new document".to_owned(),
            short: "dropped by kubectl".to_owned(),
            ..words::about(
                &RULE,
                RULE.severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                "text after \"...\" is dropped by kubectl, and not drawn".to_owned(),
            )
        });
    }
}
