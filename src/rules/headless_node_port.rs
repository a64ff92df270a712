//! A headless Service that nodes or a load balancer should lead to.

use crate::finding::{Finding, Severity, Stage};

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "headless-node-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service of type NodePort or LoadBalancer has clusterIP: None.",
    why: "Nodes and load balancers hand traffic to the virtual IP, and a headless Service has none. Kubernetes \
          refuses it.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services",
    check,
    fires: fixture!("headless-node-port", "fires"),
    silent: fixture!("headless-node-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let kind = service.service_type.value.as_str();
        if !matches!(kind, "NodePort" | "LoadBalancer") || !service.is_only_headless() {
            continue;
        }
        let written = service.cluster_ips.first().unwrap_or(&service.cluster_ip);
        findings.push(Finding {
            help: "leave clusterIP out, or use type ClusterIP".to_owned(),
            short: "headless".to_owned(),
            field: Some("spec.clusterIPs[0]".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                written.span.or(service.cluster_ip.span),
                format!("clusterIP is None, and this Service is of type {kind}"),
            )
        });
    }
}
