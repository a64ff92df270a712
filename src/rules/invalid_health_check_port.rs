//! A health check port where nothing checks, or that is no port.

use crate::finding::{Finding, Severity, Stage};

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-health-check-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "healthCheckNodePort is set without type LoadBalancer and externalTrafficPolicy Local, or outside 1 \
          to 65535.",
    why: "Load balancers ask this port which nodes have endpoints, and need it for Local traffic only. \
          Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip",
    check,
    fires: fixture!("invalid-health-check-port", "fires"),
    silent: fixture!("invalid-health-check-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let Some(port) = service.health_check_node_port.as_ref().filter(|port| port.value != 0) else {
            continue;
        };
        let local = service.external_traffic_policy.as_ref().is_some_and(|policy| policy.value == "Local");
        let (message, help) = if service.service_type.value != "LoadBalancer" || !local {
            (
                format!(
                    "healthCheckNodePort is {}, and this Service is no LoadBalancer with externalTrafficPolicy: Local",
                    port.value
                ),
                "leave healthCheckNodePort out, or write type: LoadBalancer and externalTrafficPolicy: Local",
            )
        } else if words::is_port(port.value) {
            continue;
        } else {
            (
                format!("healthCheckNodePort is {}, and ports go from 1 to 65535", port.value),
                "write a number from 30000 to 32767, or leave healthCheckNodePort out and let the cluster choose",
            )
        };
        findings.push(Finding {
            help: help.to_owned(),
            short: "no health check port".to_owned(),
            field: Some("spec.healthCheckNodePort".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                port.span,
                message,
            )
        });
    }
}
