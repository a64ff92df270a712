//! A workload that does not say which pods are its own.

use crate::finding::{Finding, Severity, Stage};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "missing-workload-selector",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Deployment, StatefulSet, DaemonSet or ReplicaSet of apps/v1 has no selector, or an empty one.",
    why: "It could not tell its own pods from others, so Kubernetes refuses it: there are no pods, and nobody answers.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",
    check,
    fires: fixture!("missing-workload-selector", "fires"),
    silent: fixture!("missing-workload-selector", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for workload in context.cluster.workloads.iter().filter(|workload| undecoded.have_not(&workload.meta)) {
        let meta = &workload.meta;
        // Older versions took the labels of the template for it.
        if meta.api_version != "apps/v1" || words::pod_spec_path(meta).is_none() {
            continue;
        }
        let how = match &workload.selector {
            None => "has no selector",
            Some(selector) if selector.is_empty() => "has an empty selector",
            Some(_) => continue,
        };
        findings.push(Finding {
            help: "write spec.selector.matchLabels with labels that the pod template has".to_owned(),
            short: "no selector".to_owned(),
            field: Some("spec.selector".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                meta,
                workload.selector_span,
                format!("{} {} {how}", meta.kind, quoted(&meta.name.value)),
            )
        });
    }
}
