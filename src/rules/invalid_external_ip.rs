//! An external IP that cannot be one.

use crate::finding::{Finding, Severity, Stage};
use crate::names::ip::{parse_ip, reserved_for};

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-external-ip",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "One of externalIPs is no address, or one that never comes from outside: loopback, link-local or \
          unspecified.",
    why: "Nodes take traffic for these addresses and hand it to the Service, so it has to be able to arrive. \
          Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
    check,
    fires: fixture!("invalid-external-ip", "fires"),
    silent: fixture!("invalid-external-ip", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        for (place, written) in service.external_ips.iter().enumerate() {
            let fault = match parse_ip(&written.value) {
                None => "is no address",
                Some(ip) => match reserved_for(ip) {
                    Some(fault) => fault,
                    None => continue,
                },
            };
            findings.push(Finding {
                help: "write an address that is routed to the nodes, such as 198.51.100.32".to_owned(),
                short: "no valid externalIP".to_owned(),
                field: Some(format!("spec.externalIPs[{place}]")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &service.meta,
                    written.span,
                    format!("externalIP {} {fault}", shown(&written.value)),
                )
            });
        }
    }
}
