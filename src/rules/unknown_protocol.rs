//! A protocol that Services do not forward.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::meta::Meta;
use crate::port::Protocol;
use crate::source::Span;

use super::{choice, pods, words, Findings};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unknown-protocol",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The protocol of a Service port or a container port is none of TCP, UDP and SCTP.",
    why: "Services forward packets and know nothing of HTTP or gRPC, which ride on TCP; upper case matters. \
          Kubernetes refuses the object.",
    source: "https://kubernetes.io/docs/reference/networking/service-protocols/",
    check,
    fires: fixture!("unknown-protocol", "fires"),
    silent: fixture!("unknown-protocol", "silent"),
};

pub(super) const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];
/// What people write of what rides on TCP.
const ON_TCP: [&str; 9] = ["HTTP", "HTTPS", "HTTP2", "H2C", "GRPC", "TLS", "SSL", "WS", "WSS"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        for (place, port) in service.ports.iter().enumerate() {
            let field = || words::port_field(place, "protocol");
            findings.extend(unknown(context, &service.meta, field, &port.protocol, port.span));
        }
    }
    for written in pods::decoded(context) {
        for container in written.spec.all_containers() {
            for (place, port) in container.ports.iter().enumerate() {
                let field = || {
                    let field = written.field(&format!("{}.ports[{place}].protocol", container.field()));
                    field.unwrap_or_default()
                };
                findings.extend(unknown(context, written.meta, field, &port.protocol, port.span));
            }
        }
    }
}

fn unknown(
    context: Context<'_>,
    meta: &Meta,
    field: impl FnOnce() -> String,
    protocol: &Written<Protocol>,
    port: Span,
) -> Option<Finding> {
    let Protocol::Other(text) = &protocol.value else { return None };
    let written = Written { value: text.to_string(), span: protocol.span.or(Some(port)) };
    let finding = choice::one_of(context, &RULE, meta, &field(), &written, &PROTOCOLS)?;
    Some(if ON_TCP.contains(&text.to_ascii_uppercase().as_str()) {
        let place = if meta.kind == "Service" { "appProtocol is" } else { "the port's name is" };
        let help = format!("write TCP, which {text} rides on; {place} the place for {text}");
        Finding { help, ..finding }
    } else {
        finding
    })
}
