//! A policy for traffic from outside where none comes from outside.

use crate::finding::{Finding, Severity, Stage};

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "external-policy-on-internal-service",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "externalTrafficPolicy is set on a Service that has neither node ports nor a load balancer nor \
          external IPs.",
    why: "Only traffic from outside the cluster heeds it; for traffic inside there is internalTrafficPolicy. \
          Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy",
    check,
    fires: fixture!("external-policy-on-internal-service", "fires"),
    silent: fixture!("external-policy-on-internal-service", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| !service.is_externally_accessible()) {
        let Some(policy) = &service.external_traffic_policy else { continue };
        let kind = &service.service_type.value;
        findings.push(Finding {
            help: "leave externalTrafficPolicy out, or write type: NodePort or LoadBalancer; for traffic inside the cluster \
                   there is internalTrafficPolicy"
                .to_owned(),
            short: "none from outside".to_owned(),
            field: Some("spec.externalTrafficPolicy".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                policy.span,
                format!("externalTrafficPolicy is set, and this Service of type {kind} is for the inside only"),
            )
        });
    }
}
