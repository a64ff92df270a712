//! A Service port that is no port number.

use crate::finding::{Finding, Severity, Stage};

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The port of a Service is missing, or outside 1 to 65535.",
    why: "A port is a number of 16 bits, and 0 is nobody's. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec",
    check,
    fires: fixture!("invalid-port", "fires"),
    silent: fixture!("invalid-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        for (place, port) in
            service.ports.iter().enumerate().filter(|(_, port)| !words::is_port(port.port.value))
        {
            let (message, short) = match port.port.span {
                Some(_) => (
                    format!("port is {}, and ports go from 1 to 65535", port.port.value),
                    format!("port is {}", port.port.value),
                ),
                None => ("this entry has no port".to_owned(), "no port".to_owned()),
            };
            findings.push(Finding {
                help: "write the number that clients dial, from 1 to 65535".to_owned(),
                short,
                field: Some(words::port_field(place, "port")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &service.meta,
                    port.port.span.unwrap_or(port.span),
                    message,
                )
            });
        }
    }
}
