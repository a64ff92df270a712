//! A List inside a List, which kubectl refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "nested-list",
    stage: Stage::Read,
    severity: Severity::Error,
    what: "An item of a List is a List itself.",
    why: "kubectl unpacks a List once, and refuses what it finds when it has to do so again. The items are drawn all the same.",
    source: "https://github.com/kubernetes/cli-runtime/blob/v0.34.1/pkg/resource/visitor.go",
    check,
    fires: fixture!("nested-list", "fires"),
    silent: fixture!("nested-list", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems.iter().filter(|problem| problem.problem.what == What::NestedList) {
        findings.push(Finding {
            help: "put the items into the outer List, or write them as documents of their own".to_owned(),
            short: "List inside a List".to_owned(),
            ..words::about(
                &RULE,
                RULE.severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                "a List inside a List is refused by kubectl".to_owned(),
            )
        });
    }
}
