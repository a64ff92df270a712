//! A table or description that kubectl printed, rather than a manifest.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "kubectl-output",
    stage: Stage::Read,
    severity: Severity::Error,
    what: "The text is what kubectl get or kubectl describe print for people to read.",
    why: "Tables leave out most of what decides where traffic goes, and nothing can read them back.",
    source: "https://kubernetes.io/docs/reference/kubectl/#output-options",
    check,
    fires: fixture!("kubectl-output", "fires"),
    silent: fixture!("kubectl-output", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems.iter().filter(|problem| problem.problem.what == What::KubectlOutput) {
        findings.push(Finding {
            help: "ask for manifests: kubectl get services,pods,deployments,statefulsets,daemonsets -o yaml"
                .to_owned(),
            short: "not a manifest".to_owned(),
            ..words::about(
                &RULE,
                RULE.severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                "this is output of kubectl for reading, not a manifest".to_owned(),
            )
        });
    }
}
