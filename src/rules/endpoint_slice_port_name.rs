//! A port of a slice that no port of its Service has the name of.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::endpoint_slice::{EndpointSlice, SlicePort};
use crate::kinds::service::{Service, ServicePort};
use crate::names::nearest;
use crate::wiring::{PortFault, ServiceWiring};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "endpoint-slice-port-name",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A port of an EndpointSlice or Endpoints object has another name or protocol than every port of its Service.",
    why: "Ports of slices are matched to those of the Service by name and protocol; numbers do not matter. What matches \
          nothing gets no traffic, and Kubernetes says nothing of it.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors",
    check,
    fires: fixture!("endpoint-slice-port-name", "fires"),
    silent: fixture!("endpoint-slice-port-name", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for (service, wired) in context.wired().filter(|(service, _)| !service.ports.is_empty()) {
        let before = findings.len();
        for &id in &wired.slices {
            let slice = &context.cluster.slices[id as usize];
            for (place, port) in slice.ports.iter().enumerate() {
                let field = |field: &str| format!("{}ports[{place}].{field}", path(context, id));
                if !service.ports.iter().any(|at| is_same(at, port)) {
                    findings.push(unmatched(context, service, wired, slice, port, field("name")));
                } else if port.port.is_none() && !service.is_headless() {
                    findings.push(without_number(slice, port, field("port")));
                }
            }
        }
        if findings.len() == before && !wired.slices.is_empty() {
            findings.extend(left_out(context, service, wired));
        }
    }
}

/// Whether traffic to a port of a Service goes to a port of a slice.
fn is_same(at: &ServicePort, port: &SlicePort) -> bool {
    at.name.value == port.name.value && at.protocol.value == port.protocol.value
}

/// The way to a slice's ports within its object.
fn path(context: Context<'_>, slice: u32) -> String {
    let (before, rest) = context.cluster.slices.split_at(slice as usize);
    let Some(meta) = rest.first().map(|slice| &slice.meta).filter(|meta| meta.kind == "Endpoints") else {
        return String::new();
    };
    let subset = before.iter().rev().take_while(|other| other.meta.span == meta.span).count();
    format!("subsets[{subset}].")
}

fn unmatched(
    context: Context<'_>,
    service: &Service,
    wired: &ServiceWiring,
    slice: &EndpointSlice,
    port: &SlicePort,
    field: String,
) -> Finding {
    let name = port.name.value.as_str();
    let names: Vec<&str> = service.ports.iter().map(|port| port.name.value.as_str()).collect();
    let namesake = service.ports.iter().find(|at| at.name.value == name);
    // Where one port is left on both sides there is no doubt which is meant.
    let mut free = service.ports.iter().filter(|at| slice.port(&at.name.value, &at.protocol.value).is_none());
    let mut stray = slice.ports.iter().filter(|port| !service.ports.iter().any(|at| is_same(at, port)));
    let only = match (free.next(), free.next(), stray.nth(1)) {
        (Some(only), None, None) => Some(only.name.value.as_str()),
        _ => None,
    };
    let meant = only.or_else(|| nearest(name, names.iter().copied()));
    let whose = format!("{} of {}", which(name), words::object(&slice.meta));
    let owner = format!("Service {}", quoted(&service.meta.name.value));
    let message = match (namesake, meant) {
        (Some(at), _) => format!(
            "port {whose} is {}, but the port of that name of {owner} is {}, so no traffic reaches it",
            port.protocol.value, at.protocol.value
        ),
        (None, Some(meant)) => format!(
            "port {whose} matches no port of {owner}, so no traffic reaches it; the Service has one {}",
            named(meant)
        ),
        (None, None) => format!("port {whose} matches no port of {owner}, so no traffic reaches it"),
    };
    let help = match (namesake, meant) {
        (Some(at), _) => format!("write protocol: {} here, or in the Service", at.protocol.value),
        (None, Some("")) => "leave the name out here, or name the port of the Service the same".to_owned(),
        (None, Some(meant)) => format!("name the port {} here too", quoted(meant)),
        (None, None) => "name it as the port of the Service that should lead to it".to_owned(),
    };
    let fix = meant.filter(|meant| namesake.is_none() && !meant.is_empty());
    let related = namesake.or_else(|| service.ports.iter().find(|at| Some(at.name.value.as_str()) == meant));
    let unanswered = wired.ports.iter().any(|port| port.endpoints.is_empty());
    let severity = if unanswered && !service.is_headless() { Severity::Error } else { Severity::Warning };
    Finding {
        help,
        short: format!("no port {}", named(name)),
        field: Some(field),
        related: related
            .map(|at| Related {
                message: format!("the port of {owner}"),
                span: at.name.span.unwrap_or(at.span),
            })
            .into_iter()
            .collect(),
        fix: fix.and_then(|meant| {
            mend::text(context, port.name.span, name, meant, format!("name the port {}", quoted(meant)))
        }),
        ..words::found(&RULE, severity, &slice.meta, port.name.span.unwrap_or(port.span), message)
    }
}

fn without_number(slice: &EndpointSlice, port: &SlicePort, field: String) -> Finding {
    let message = format!(
        "port {} of {} has no number, so no traffic reaches it",
        which(&port.name.value),
        words::object(&slice.meta)
    );
    Finding {
        help: "write the number on which the addresses answer".to_owned(),
        short: "no port number".to_owned(),
        field: Some(field),
        ..words::found(&RULE, RULE.severity, &slice.meta, port.span, message)
    }
}

/// The ports of a Service that no slice has, where every port of the slices is of use.
fn left_out<'c>(
    context: Context<'c>,
    service: &'c Service,
    wired: &'c ServiceWiring,
) -> impl Iterator<Item = Finding> + 'c {
    let unlisted = |(place, _): &(usize, &ServicePort)| wired.fault(*place) == Some(PortFault::NotListed);
    service.ports.iter().enumerate().filter(unlisted).map(move |(place, port)| {
        let slices = wired.slices.iter().map(|id| &context.cluster.slices[*id as usize].meta);
        let related = slices.take(4);
        let related = related.map(|meta| Related { message: words::object(meta), span: meta.head() });
        let message = format!(
            "no slice of Service {} has a {} port {}, so nobody answers on {}",
            quoted(&service.meta.name.value),
            port.protocol.value,
            named(&port.name.value),
            port.port.value
        );
        Finding {
            help: "add a port of that name and protocol to the slice".to_owned(),
            short: "no slice has this port".to_owned(),
            field: Some(words::port_field(place, "name")),
            related: related.collect(),
            ..words::found(&RULE, RULE.severity, &service.meta, port.name.span.unwrap_or(port.span), message)
        }
    })
}

fn which(name: &str) -> String {
    if name.is_empty() { "without a name".to_owned() } else { quoted(name) }
}

fn named(name: &str) -> String {
    if name.is_empty() { "without a name".to_owned() } else { format!("named {}", quoted(name)) }
}
