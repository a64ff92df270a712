//! A nodePort that no node would listen on.

use crate::finding::{Finding, Severity, Stage};

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "node-port-on-cluster-ip",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A port of a Service of type ClusterIP has a nodePort.",
    why: "ClusterIP, which is the type where none is written, is reachable inside the cluster only. Kubernetes \
          refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
    check,
    fires: fixture!("node-port-on-cluster-ip", "fires"),
    silent: fixture!("node-port-on-cluster-ip", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| service.service_type.value == "ClusterIP") {
        let kind = if service.service_type.span.is_some() { "is of type" } else { "has no type, which makes it a" };
        for (place, port) in service.ports.iter().enumerate() {
            let Some(node_port) = &port.node_port else { continue };
            findings.push(Finding {
                help: "write type: NodePort, or leave nodePort out".to_owned(),
                short: "no node listens".to_owned(),
                field: Some(words::port_field(place, "nodePort")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &service.meta,
                    node_port.span.unwrap_or(port.span),
                    format!("nodePort is {}, and this Service {kind} ClusterIP", node_port.value),
                )
            });
        }
    }
}
