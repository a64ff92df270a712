//! Routes of Gateways in words: who takes which requests, and what is done to them.

use crate::cluster::Cluster;
use crate::kinds::gateway_route::{By, GatewayRoute, Match, Rule};
use crate::render::policies::to_other_name;
use crate::wiring::{Door, Elsewhere, Parent, Route, Said, Wiring};

/// Where a route comes in: `Gateway edge`, or the route itself where its Gateway is elsewhere.
pub fn title(cluster: &Cluster, route: &Route) -> String {
    let meta = match route.door {
        Door::Gateway(gateway, _) => &cluster.gateways[gateway].meta,
        Door::Ingress(_) | Door::Parent(..) => route.meta(cluster),
    };
    format!("{} {}", meta.kind, meta.name.value)
}

/// Who takes which requests, as a sentence.
pub fn told(cluster: &Cluster, wiring: &Wiring, route: &Route) -> String {
    let Said::Rule { route: object, matched, .. } = route.said(cluster) else { return String::new() };
    let meta = &object.meta;
    let asked = asked(object, matched, &route.host);
    let told = format!("{}{} {} takes {asked}.", door(cluster, wiring, route), meta.kind, meta.name.value);
    if route.leads_to_name(cluster) { format!("{told} {}", to_other_name("the Gateway")) } else { told }
}

/// A backend by its kind and name: `Service cart`.
pub fn backend_name(cluster: &Cluster, route: &Route) -> String {
    match route.said(cluster) {
        Said::Rule { backend: Some(backend), .. } if backend.is_service() => {
            format!("Service {}", backend.name.value)
        }
        Said::Rule { backend: Some(backend), .. } => format!("{} {}", backend.kind.value, backend.name.value),
        _ => "no backend".to_owned(),
    }
}

/// `Listener https of Gateway edge, port 443: `
fn door(cluster: &Cluster, wiring: &Wiring, route: &Route) -> String {
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
                listener.name.value, gateway.meta.name.value, listener.protocol.value, listener.port.value
            )
        }
        Door::Parent(object, parent) => {
            let said = &cluster.gateway_routes[object].parents[parent];
            let name = &said.name.value;
            match wiring.routes.parents[object].get(parent) {
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
    if !matched.method.value.is_empty() {
        conditions.push(format!("method {}", matched.method.value));
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
pub fn filters(rule: &Rule) -> String {
    let words: Vec<&str> =
        rule.filters.iter().map(|filter| filter.value.as_str()).filter(|word| !word.is_empty()).collect();
    match (words.as_slice(), rule.has_extension()) {
        ([], _) => String::new(),
        (words, false) => format!("Filters: {}.", words.join(", ")),
        (words, true) => format!("Filters: {}; what an extension does is not evaluated.", words.join(", ")),
    }
}
