//! A count of pods below zero.

use crate::finding::{Finding, Severity, Stage};

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-replicas",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A workload asks for fewer than no pods: replicas, parallelism or completions is below zero.",
    why: "Kubernetes refuses the workload, so there are no pods, and nobody answers.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas",
    check,
    fires: fixture!("invalid-replicas", "fires"),
    silent: fixture!("invalid-replicas", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for workload in context.cluster.workloads.iter().filter(|workload| undecoded.have_not(&workload.meta)) {
        let Some(path) = words::pod_spec_path(&workload.meta) else { continue };
        let path = path.trim_end_matches(".template.spec");
        for (field, count) in &workload.negative {
            findings.push(Finding {
                help: "write 0 or more".to_owned(),
                short: "fewer than no pods".to_owned(),
                field: Some(format!("{path}.{field}")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &workload.meta,
                    count.span,
                    format!("{field} is {}, and counts from 0", count.value),
                )
            });
        }
    }
}
