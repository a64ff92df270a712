//! One node port asked for twice: by one Service, or by two Services of the upload; for traffic or for health checks.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::{Service, ServicePort};
use crate::port::{NODE_PORT_RANGE, Protocol};
use crate::source::Span;

use super::overlays::siblings;
use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "duplicate-node-port",
    stage: Stage::Allocate,
    severity: Severity::Error,
    what: "Two ports ask for the same nodePort, or a healthCheckNodePort for that of another.",
    why: "A node port is one number for the whole cluster, whatever the protocol, and goes to whoever asks first: the \
          other Service is refused. Only ports of one Service that have the same port number may share it (DNS on TCP and UDP). \
          Services of sibling overlays may be meant for different clusters, which is a hint.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#nodeport-custom-port",
    check,
    fires: fixture!("duplicate-node-port", "fires"),
    silent: fixture!("duplicate-node-port", "silent"),
};

/// Who asks for a node port.
#[derive(Clone, Copy)]
struct Claim<'c> {
    service: &'c Service,
    asked: Asked,
    span: Span,
}

/// What a node port is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// A port of the Service: its place, its number, and whether others of that number may share the node port.
    Port { place: usize, number: i32, shared: bool },
    /// Health checks.
    Health,
}

impl<'c> Claim<'c> {
    fn named(&self) -> (Span, &'c str) {
        (self.span, &self.service.meta.name.value)
    }
}

/// How many claims on one number are looked at for a likely rival.
const RIVALS: usize = 16;

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let mut claims: FxHashMap<i32, Vec<Claim<'_>>> = FxHashMap::default();
    for service in context.decoded() {
        for (number, claim) in claims_of(service, findings) {
            // What is out of range is nobody's.
            if !NODE_PORT_RANGE.contains(&number) {
                continue;
            }
            let others = claims.entry(number).or_default();
            if let Some(rival) = rival(context, others, claim) {
                findings.push(across(context, number, claim, rival));
            }
            if others.len() < RIVALS {
                others.push(claim);
            }
        }
    }
}

/// The node ports that a Service asks for, in the order in which they are handed out.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/registry/core/service/storage/alloc.go> (`txnAllocNodePorts`)
fn claims_of<'c>(service: &'c Service, findings: &mut Findings<'_>) -> Vec<(i32, Claim<'c>)> {
    let mut claims = Vec::new();
    let mut own: FxHashMap<(&Protocol, i32), Span> = FxHashMap::default();
    let mut first_of: FxHashMap<i32, i32> = FxHashMap::default();
    for (place, port) in service.ports.iter().enumerate() {
        let Some(node_port) = &port.node_port else { continue };
        let (number, span) = (node_port.value, node_port.span.unwrap_or(port.span));
        // Ports of one number share the first node port that is asked for among them.
        let shared = *first_of.entry(port.port.value).or_insert(number) == number;
        if let Some(&first) = own.get(&(&port.protocol.value, number)) {
            findings.push(within(service, place, port, number, span, first));
            continue;
        }
        own.insert((&port.protocol.value, number), span);
        if words::listens_on_nodes(service) {
            let asked = Asked::Port { place, number: port.port.value, shared };
            claims.push((number, Claim { service, asked, span }));
        }
    }
    if let Some(health) = service.health_check_node_port.as_ref().filter(|_| service.needs_health_check()) {
        let span = health.span.unwrap_or_else(|| service.meta.head());
        claims.push((health.value, Claim { service, asked: Asked::Health, span }));
    }
    claims
}

/// The same protocol and number in one Service, which validation refuses.
fn within(
    service: &Service,
    place: usize,
    port: &ServicePort,
    number: i32,
    span: Span,
    first: Span,
) -> Finding {
    let message = format!("nodePort {number} {} is in this Service twice", port.protocol.value);
    Finding {
        stage: Stage::Validate,
        help: "write another number from 30000 to 32767, or leave nodePort out and let the cluster choose"
            .to_owned(),
        short: format!("{number} is there twice"),
        field: Some(words::port_field(place, "nodePort")),
        related: vec![Related { message: "the first of them".to_owned(), span: first }],
        ..words::found(&RULE, Severity::Error, &service.meta, span, message)
    }
}

/// Who has the number already: rather one that is sure to be in the same cluster.
fn rival<'c>(context: Context<'_>, others: &[Claim<'c>], claim: Claim<'_>) -> Option<Claim<'c>> {
    let shares = |other: &Claim<'_>| match (other.asked, claim.asked) {
        (Asked::Port { number, shared: true, .. }, Asked::Port { number: port, shared: true, .. }) => {
            std::ptr::eq(other.service, claim.service) && number == port
        }
        _ => false,
    };
    if others.iter().any(shares) {
        return None;
    }
    others.iter().find(|other| !siblings(context, other.named(), claim.named())).or(others.first()).copied()
}

fn across(context: Context<'_>, number: i32, claim: Claim<'_>, rival: Claim<'_>) -> Finding {
    let other = &rival.service.meta;
    let same = std::ptr::eq(rival.service, claim.service);
    let overlays = siblings(context, rival.named(), claim.named());
    let service = format!("Service {} of namespace {}", quoted(&other.name.value), quoted(&other.namespace));
    let who = match (same, rival.asked) {
        (true, Asked::Port { number, .. }) => format!("port {number} of this Service"),
        (true, Asked::Health) => "the health checks of this Service".to_owned(),
        (false, Asked::Port { .. }) => service,
        (false, Asked::Health) => format!("the health checks of {service}"),
    };
    let (key, field) = match claim.asked {
        Asked::Port { place, .. } => ("nodePort", words::port_field(place, "nodePort")),
        Asked::Health => ("healthCheckNodePort", "spec.healthCheckNodePort".to_owned()),
    };
    let (severity, message, help) = if overlays {
        let file = quoted(context.file_name(rival.span));
        let message = format!("{key} {number} is asked for by {who} too, in the sibling overlay {file}");
        let help = "nothing, if the two go to different clusters; else write another number".to_owned();
        (Severity::Hint, message, help)
    } else {
        let message = format!("{key} {number} is asked for by {who} too");
        let help =
            format!("write another number from 30000 to 32767, or leave {key} out and let the cluster choose");
        (Severity::Error, message, help)
    };
    Finding {
        help,
        short: format!("{number} is taken"),
        field: Some(field),
        related: vec![Related { message: who, span: rival.span }],
        ..words::found(&RULE, severity, &claim.service.meta, claim.span, message)
    }
}
