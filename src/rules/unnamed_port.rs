//! A Service with several ports of which one has no name.

use crate::finding::{Finding, Severity, Stage};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unnamed-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service has two or more ports, and one of them has no name.",
    why: "With more than one port every port needs a name that tells it from the others, and Kubernetes refuses the \
          Service without.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services",
    check,
    fires: fixture!("unnamed-port", "fires"),
    silent: fixture!("unnamed-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| service.ports.len() > 1) {
        for (place, port) in service.ports.iter().enumerate().filter(|(_, port)| port.name.value.is_empty()) {
            let name = quoted(&service.meta.name.value);
            let message = format!(
                "port {} of Service {name} has no name, and it is one of {}",
                port.port.value,
                service.ports.len()
            );
            findings.push(Finding {
                help: "give every port of the Service a name of its own, such as http".to_owned(),
                short: "port has no name".to_owned(),
                field: Some(words::port_field(place, "name")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &service.meta,
                    port.name.span.or(port.port.span).unwrap_or(port.span),
                    message,
                )
            });
        }
    }
}
