//! What is told of a route that comes in by a Gateway.

use super::super::{Hop, Teller};
use crate::analysis::Analysis;
use crate::diagram::{route_name, route_share};
use crate::kinds::gateway::Speaks;
use crate::kinds::gateway_route::{By, GatewayRoute, Match, Rule};
use crate::wiring::{Door, Elsewhere, Parent, Route, Said};

/// Whether a field is one of the parent that a route comes in by, or of the hosts that decide whether it does.
pub(super) fn is_of_parent(analysis: &Analysis, route: &Route, field: &str) -> bool {
    let refused = matches!(route.door, Door::Gateway(_, None) | Door::Parent(..));
    refused
        && matches!(route.said(&analysis.cluster), Said::Rule { .. })
        && (field.starts_with("spec.parentRefs[") || field.starts_with("spec.hostnames"))
}

impl Teller<'_> {
    /// Who takes which requests, and what is done to them.
    pub(super) fn gateway_hop(&self, route: &Route) -> Hop {
        let cluster = &self.analysis.cluster;
        let said = route.said(cluster);
        let Said::Rule { route: object, rule, matched, backend, is_copy } = said else {
            return self.hop(String::new(), String::new(), None, None);
        };
        let name = route_name(cluster, route);
        let title = match route.listener(cluster).map(crate::kinds::gateway::Listener::speaks) {
            Some(Speaks::Http) => format!("http://{name}"),
            Some(Speaks::Https) => format!("https://{name}"),
            _ => name,
        };
        let meta = &object.meta;
        let mut why = format!(
            "{}{} {} takes {}.",
            self.door(route),
            meta.kind,
            meta.name.value,
            asked(object, matched, &route.host)
        );
        if let (Some(backend), Some(share)) = (backend, route_share(cluster, route)) {
            let of = rule.backends.len();
            why.push_str(&format!(
                " Of the {of} backends of this rule, this one has weight {} of {}: {share} of the requests.",
                backend.weight.value,
                rule.weights()
            ));
        }
        if is_copy {
            why.push_str(" This backend gets copies of requests; its answers are dropped.");
        }
        if backend.is_some() && route.reach.is_err() {
            why.push_str(&format!(" Whoever is sent here gets {}.", object.refusal()));
        }
        let filters = filters(rule);
        if !filters.is_empty() {
            why.push_str(&format!(" {filters}"));
        }
        self.hop(title, why, Some(rule.span), Some(said.mark()))
    }

    /// `Listener https of Gateway edge, port 443: `
    fn door(&self, route: &Route) -> String {
        let cluster = &self.analysis.cluster;
        match route.door {
            Door::Ingress(_) => String::new(),
            Door::Gateway(gateway, None) => {
                format!("Gateway {} does not take this route. ", cluster.gateways[gateway].meta.name.value)
            }
            Door::Gateway(id, Some(listener)) => {
                let gateway = &cluster.gateways[id];
                let listener = &gateway.listeners[listener];
                let at = match gateway.addresses.first() {
                    Some(address) => format!(" at {}", address.value),
                    None => String::new(),
                };
                let sure = if route.is_sure {
                    ""
                } else {
                    " (if it takes routes of that namespace, whose labels are not in this upload)"
                };
                format!(
                    "Listener {} of Gateway {}{at}, {} port {}{sure}: ",
                    listener.name.value,
                    gateway.meta.name.value,
                    listener.protocol.value,
                    listener.port.value
                )
            }
            Door::Parent(object, parent) => {
                let said = &cluster.gateway_routes[object].parents[parent];
                let name = &said.name.value;
                match self.analysis.wiring.routes.parents[object].get(parent) {
                    Some(Parent::Elsewhere(Elsewhere::Mesh)) => {
                        format!(
                            "For clients in a mesh that dial Service {name}; whether there is a mesh is not known here. "
                        )
                    }
                    _ => format!(
                        "{} {name} is not in this upload, so it is assumed that it takes this route. ",
                        said.kind
                    ),
                }
            }
        }
    }
}

/// Which requests a match takes.
///
/// <https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch>
fn asked(object: &GatewayRoute, matched: &Match, host: &str) -> String {
    let path = &matched.path;
    let (what, which) = match (object.meta.kind.as_str(), matched.by) {
        ("TCPRoute", _) => ("connections", String::new()),
        ("UDPRoute", _) => ("packets", String::new()),
        ("TLSRoute", _) => ("TLS connections", String::new()),
        ("GRPCRoute", _) if path.is_empty() => ("gRPC calls", String::new()),
        ("GRPCRoute", _) => ("gRPC calls", format!(" of {}", path.trim_start_matches('/'))),
        (_, By::Prefix) if path == "/" => ("requests", String::new()),
        (_, By::Prefix) => ("requests", format!(" for paths that begin with {path}")),
        (_, By::Exact) => ("requests", format!(" for exactly the path {path}")),
        (_, By::Pattern) => {
            ("requests", format!(" for paths that match the pattern {path}, as the Gateway reads it"))
        }
    };
    let host = if host.is_empty() { String::new() } else { format!(" to {host}") };
    let mut what = format!("{what}{host}{which}");
    let mut conditions = Vec::new();
    if !matched.method.is_empty() {
        conditions.push(format!("method {}", matched.method));
    }
    for (number, noun) in [(matched.headers, "header"), (matched.params, "query parameter")] {
        if number > 0 {
            conditions.push(format!("{number} {noun}{}", if number == 1 { "" } else { "s" }));
        }
    }
    if !conditions.is_empty() {
        what.push_str(&format!(" with {}", conditions.join(" and ")));
    }
    what.push_str(", unless a narrower match takes them");
    what
}

/// What is done to requests before they are passed on.
fn filters(rule: &Rule) -> String {
    let words: Vec<&str> =
        rule.filters.iter().map(|filter| filter.value.as_str()).filter(|word| !word.is_empty()).collect();
    match (words.as_slice(), rule.has_extension()) {
        ([], _) => String::new(),
        (words, false) => format!("Filters: {}.", words.join(", ")),
        (words, true) => format!("Filters: {}; what an extension does is not evaluated.", words.join(", ")),
    }
}
