//! YAML that lost its line ends on the way.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "lost-line-ends",
    stage: Stage::Read,
    severity: Severity::Error,
    what: "A manifest stands on one line, as curl sends it with -d.",
    why: "YAML tells its structure by lines. curl -d takes the line ends out of a file before it sends it, and what is left cannot \
          be read.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/#describing-a-kubernetes-object",
    check,
    fires: fixture!("lost-line-ends", "fires"),
    silent: fixture!("lost-line-ends", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems.iter().filter(|problem| problem.problem.what == What::LostLineEnds) {
        findings.push(Finding {
            help: "send it with curl --data-binary @file: -d takes line ends out".to_owned(),
            short: "line ends are lost".to_owned(),
            ..words::about(
                &RULE,
                RULE.severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                "this YAML has lost its line ends".to_owned(),
            )
        });
    }
}
