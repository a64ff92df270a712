//! An object with `items` that is no List: kubectl takes it for one.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "only-items",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "An object that is no List has a field items, and so counts as a list of those.",
    why: "kubectl unpacks whatever has items and applies nothing else of the object: a Service with items is no Service.",
    source: "https://github.com/kubernetes/cli-runtime/blob/v0.34.1/pkg/resource/visitor.go",
    check,
    fires: fixture!("only-items", "fires"),
    silent: fixture!("only-items", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems.iter().filter(|problem| problem.problem.what == What::OnlyItems) {
        findings.push(Finding {
            help: "leave items out, or write kind: List".to_owned(),
            short: "only its items count".to_owned(),
            ..words::about(
                &RULE,
                RULE.severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                "an object with \"items\" is only its items; whatever else it says is lost".to_owned(),
            )
        });
    }
}
