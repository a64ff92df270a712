//! A Service whose pods may well exist, but not in this upload.

use crate::finding::{Finding, Severity, Stage};
use crate::wiring::Nobody;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "pods-outside-upload",
    stage: Stage::Wire,
    severity: Severity::Hint,
    what: "The upload holds no pods of the Service's namespace, so nothing can be said about who answers.",
    why: "Files are not a cluster: what is absent here may be running there. The Service is drawn up to its targetPort, \
          and no wire is called broken.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes",
    check,
    fires: fixture!("pods-outside-upload", "fires"),
    silent: fixture!("pods-outside-upload", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (service, wired) in context.wired() {
        if wired.nobody != Some(Nobody::OutsideUpload) {
            continue;
        }
        let namespace = &service.meta.namespace;
        let reason = if context.cluster.in_namespace(namespace).is_empty() {
            format!("it has none of namespace {}", quoted(namespace))
        } else {
            "it has the workload that makes them, but was taken from a cluster without them".to_owned()
        };
        findings.push(Finding {
            help: "upload the pods, or the workloads that make them, together with the Service".to_owned(),
            short: "pods not in this upload".to_owned(),
            field: Some("spec.selector".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                service.selector_span,
                format!("pods are not in this upload: {reason}"),
            )
        });
    }
}
