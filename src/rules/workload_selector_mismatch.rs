//! A workload whose selector does not match the labels of its own pod template.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::workload::Workload;
use crate::labels::Label;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "workload-selector-mismatch",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A workload's selector does not match the labels of its own pod template.",
    why: "The workload would never find the pods that it makes, so Kubernetes refuses it, and no Service finds any pod \
          of it either.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",
    check,
    fires: fixture!("workload-selector-mismatch", "fires"),
    silent: fixture!("workload-selector-mismatch", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for workload in context.cluster.workloads.iter().filter(|workload| is_held_to_it(workload)) {
        let meta = &workload.meta;
        let mismatch =
            workload.selector.as_ref().and_then(|selector| selector.mismatch(&workload.pod_labels));
        let Some((key, selector)) = mismatch.filter(|_| undecoded.have_not(meta)) else { continue };
        let label = workload.pod_labels.label(key);
        let who = format!("{} {}", meta.kind, quoted(&meta.name.value));
        let pair = workload.selector.as_ref().and_then(|selector| selector.match_labels.label(key));
        let asks = match pair {
            Some(pair) => quoted(&format!("{key}={}", pair.value())),
            None => format!("{} by an expression", quoted(key)),
        };
        let has = match label {
            Some(label) => format!("has {}", quoted(&format!("{key}={}", label.value()))),
            None => format!("has no label {}", quoted(key)),
        };
        findings.push(Finding {
            help: "give the pod template every label that spec.selector asks for".to_owned(),
            short: "selector misses own pods".to_owned(),
            field: Some("spec.template.metadata.labels".to_owned()),
            related: vec![Related { message: format!("the selector of {who}"), span: selector }],
            ..words::found(
                &RULE,
                RULE.severity,
                meta,
                label.map_or(selector, Label::span),
                format!("selector of {who} asks for {asks}, but its pod template {has}"),
            )
        });
    }
}

/// Jobs may choose their own selector, and kinds of others have their own rules.
fn is_held_to_it(workload: &Workload) -> bool {
    let kind = workload.meta.group_kind();
    kind.group == "apps" || (kind.group.is_empty() && kind.kind == "ReplicationController")
}
