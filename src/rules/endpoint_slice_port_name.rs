//! A port of a slice that no port of its Service has the name of.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::endpoint_slice::{EndpointSlice, SlicePort};
use crate::kinds::service::{Service, ServicePort};
use crate::names::{ENOUGH, nearest};
use crate::port::Protocol;
use crate::wiring::{PortFault, ServiceWiring};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

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

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let listed = |(_, wired): &(&Service, &ServiceWiring)| !wired.slices.is_empty();
    for (service, wired) in context.wired().filter(listed).filter(|(service, _)| !service.ports.is_empty()) {
        let before = findings.count();
        let own = Own::new(service, wired);
        for &id in &wired.slices {
            let slice = &context.cluster.slices[id as usize];
            let only = own.only_free(slice);
            for (place, port) in slice.ports.iter().enumerate() {
                let field = |field: &str| format!("{}ports[{place}].{field}", path(context, id));
                if !own.ports.contains(&port.key()) {
                    findings.push(own.unmatched(context, slice, port, only, field("name")));
                } else if port.port.is_none() && !service.is_headless() {
                    findings.push(without_number(slice, port, field("port")));
                }
            }
        }
        if findings.count() == before {
            findings.extend(left_out(context, service, wired));
        }
    }
}

/// What traffic to a port goes by: the ports of a Service and of a slice must agree in it.
type Key<'c> = (&'c str, &'c Protocol);

/// The ports of a Service, ready to be looked up for every port of its slices.
struct Own<'c> {
    service: &'c Service,
    ports: BTreeSet<Key<'c>>,
    /// The first of each name.
    names: BTreeMap<&'c str, &'c ServicePort>,
    /// Whether a port of it has no endpoint.
    is_short: bool,
}

/// The way to a slice's ports within its object.
fn path(context: Context<'_>, slice: u32) -> String {
    let (before, rest) = context.cluster.slices.split_at(slice as usize);
    let Some(meta) = rest.first().map(|slice| &slice.meta).filter(|meta| meta.kind == "Endpoints") else {
        return String::new();
    };
    let first = before.partition_point(|other| other.meta.span != meta.span);
    format!("subsets[{}].", before.len() - first)
}

impl<'c> Own<'c> {
    fn new(service: &'c Service, wired: &ServiceWiring) -> Self {
        let mut names = BTreeMap::new();
        for port in &service.ports {
            names.entry(port.name.value.as_str()).or_insert(port);
        }
        Self {
            service,
            ports: service.ports.iter().map(|port| (port.name.value.as_str(), &port.protocol.value)).collect(),
            names,
            is_short: wired.ports.iter().any(|port| port.endpoints.is_empty()),
        }
    }

    /// The name of the only port that a slice has not, where at most one of the slice's is strange: then there is no
    /// doubt which is meant.
    fn only_free(&self, slice: &'c EndpointSlice) -> Option<&'c str> {
        let listed: BTreeSet<Key<'c>> = slice.ports.iter().map(SlicePort::key).collect();
        let (mut free, mut strange) = (self.ports.difference(&listed), listed.difference(&self.ports));
        match (free.next(), free.next(), strange.nth(1)) {
            (Some((only, _)), None, None) => Some(only),
            _ => None,
        }
    }

    fn unmatched(
        &self,
        context: Context<'_>,
        slice: &EndpointSlice,
        port: &SlicePort,
        only: Option<&str>,
        field: String,
    ) -> Finding {
        let (service, name) = (self.service, port.name.value.as_str());
        let namesake = self.names.get(name).copied();
        let names = service.ports.iter().take(ENOUGH).map(|port| port.name.value.as_str());
        let meant = only.or_else(|| nearest(name, names));
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
        let related = namesake.or_else(|| self.names.get(meant?).copied());
        let severity = if self.is_short && !service.is_headless() { Severity::Error } else { Severity::Warning };
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
    }}

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
