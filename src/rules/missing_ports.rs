//! A Service without ports.

use crate::finding::{Finding, Severity, Stage};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "missing-ports",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service has no ports, and is neither headless nor of type ExternalName.",
    why: "Nothing could be sent to it, so Kubernetes refuses it. A headless Service may do without, since clients dial \
          the pods themselves, and an ExternalName is only another name for a host.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec",
    check,
    fires: fixture!("missing-ports", "fires"),
    silent: fixture!("missing-ports", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        if !service.ports.is_empty() || service.is_external_name() || service.is_only_headless() {
            continue;
        }
        findings.push(Finding {
            help:
                "write spec.ports with the port that clients dial, or clusterIP: None for a headless Service"
                    .to_owned(),
            short: "no ports".to_owned(),
            field: Some("spec.ports".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                service.meta.head(),
                format!("Service {} has no ports", quoted(&service.meta.name.value)),
            )
        });
    }
}
