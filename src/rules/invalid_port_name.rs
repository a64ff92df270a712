//! A Service port whose name is not well formed.

use crate::finding::{Finding, Severity, Stage};
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-port-name",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The name of a Service port is no DNS label: a-z, 0-9 and hyphens, at most 63.",
    why: "DNS has records by the names of ports, and Ingresses refer to them. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services",
    check,
    fires: fixture!("invalid-port-name", "fires"),
    silent: fixture!("invalid-port-name", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        for (place, port) in service.ports.iter().enumerate().filter(|(_, port)| !port.name.value.is_empty()) {
            let Some(fault) = syntax::dns_label_fault(&port.name.value) else { continue };
            findings.push(Finding {
                help: "use a-z, 0-9 and -, with a letter or digit at both ends and at most 63 of them".to_owned(),
                short: "no valid port name".to_owned(),
                field: Some(words::port_field(place, "name")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &service.meta,
                    port.name.span.unwrap_or(port.span),
                    format!("port name {} {}", shown(&port.name.value), words::fault(fault)),
                )
            });
        }
    }
}
