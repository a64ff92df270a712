//! One node port asked for twice: by one Service, or by two Services of the upload.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::{Service, ServicePort};
use crate::port::{NODE_PORT_RANGE, Protocol};
use crate::source::Span;

use super::overlays::siblings;
use super::words::{self, quoted};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "duplicate-node-port",
    stage: Stage::Allocate,
    severity: Severity::Error,
    what: "Two ports ask for the same nodePort.",
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
    port: i32,
    span: Span,
}

impl<'c> Claim<'c> {
    fn named(&self) -> (Span, &'c str) {
        (self.span, &self.service.meta.name.value)
    }
}

/// How many claims on one number are looked at for a likely rival.
const RIVALS: usize = 16;

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    let mut claims: FxHashMap<i32, Vec<Claim<'_>>> = FxHashMap::default();
    for service in context.decoded() {
        let mut own: FxHashMap<(&Protocol, i32), Span> = FxHashMap::default();
        for (place, port) in service.ports.iter().enumerate() {
            let Some(node_port) = &port.node_port else { continue };
            let (number, span) = (node_port.value, node_port.span.unwrap_or(port.span));
            if let Some(&first) = own.get(&(&port.protocol.value, number)) {
                findings.push(within(service, place, port, number, span, first));
                continue;
            }
            own.insert((&port.protocol.value, number), span);
            if !words::listens_on_nodes(service) || !NODE_PORT_RANGE.contains(&number) {
                continue;
            }
            let claim = Claim { service, port: port.port.value, span };
            let others = claims.entry(number).or_default();
            if let Some(rival) = rival(context, others, claim) {
                findings.push(across(context, place, number, claim, rival));
            }
            if others.len() < RIVALS {
                others.push(claim);
            }
        }
    }
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
    let shares = |other: &Claim<'_>| std::ptr::eq(other.service, claim.service) && other.port == claim.port;
    if others.iter().any(shares) {
        return None;
    }
    others.iter().find(|other| !siblings(context, other.named(), claim.named())).or(others.first()).copied()
}

fn across(context: Context<'_>, place: usize, number: i32, claim: Claim<'_>, rival: Claim<'_>) -> Finding {
    let other = &rival.service.meta;
    let same = std::ptr::eq(rival.service, claim.service);
    let overlays = siblings(context, rival.named(), claim.named());
    let who = if same {
        format!("port {} of this Service", rival.port)
    } else {
        format!("Service {} of namespace {}", quoted(&other.name.value), quoted(&other.namespace))
    };
    let (severity, message, help) = if overlays {
        let file = quoted(context.file_name(rival.span));
        let message = format!("nodePort {number} is asked for by {who} too, in the sibling overlay {file}");
        (Severity::Hint, message, "nothing, if the two go to different clusters; else write another number")
    } else {
        let message = format!("nodePort {number} is asked for by {who} too");
        (
            Severity::Error,
            message,
            "write another number from 30000 to 32767, or leave nodePort out and let the cluster choose",
        )
    };
    Finding {
        help: help.to_owned(),
        short: format!("{number} is taken"),
        field: Some(words::port_field(place, "nodePort")),
        related: vec![Related { message: who, span: rival.span }],
        ..words::found(&RULE, severity, &claim.service.meta, claim.span, message)
    }
}
