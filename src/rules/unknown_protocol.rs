//! A protocol that Services do not forward.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::port::Protocol;

use super::{choice, words};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unknown-protocol",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The protocol of a Service port is none of TCP, UDP and SCTP.",
    why: "Services forward packets and know nothing of HTTP or gRPC, which ride on TCP; upper case matters. \
          Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/reference/networking/service-protocols/",
    check,
    fires: fixture!("unknown-protocol", "fires"),
    silent: fixture!("unknown-protocol", "silent"),
};

const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];
/// What people write of what rides on TCP.
const ON_TCP: [&str; 9] = ["HTTP", "HTTPS", "HTTP2", "H2C", "GRPC", "TLS", "SSL", "WS", "WSS"];

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for service in context.decoded() {
        for (place, port) in service.ports.iter().enumerate() {
            let Protocol::Other(text) = &port.protocol.value else { continue };
            let written = Written { value: text.clone(), span: port.protocol.span.or(Some(port.span)) };
            let field = words::port_field(place, "protocol");
            let Some(finding) =
                choice::one_of(context, &RULE, &service.meta, &field, &written, &PROTOCOLS)
            else {
                continue;
            };
            findings.push(if ON_TCP.contains(&text.to_ascii_uppercase().as_str()) {
                let help = format!("write TCP, which {text} rides on; appProtocol is the place for {text}");
                Finding { help, ..finding }
            } else {
                finding
            });
        }
    }
}
