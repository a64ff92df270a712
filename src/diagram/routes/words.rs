//! What is written on the rows of routes, and the names by which they are known.

use rustc_hash::FxHashMap;

use crate::cluster::Cluster;
use crate::kinds::gateway::Speaks;
use crate::kinds::gateway_route::{By, GatewayRoute, Rule};
use crate::kinds::ingress::{self, Ingress};
use crate::reference::{PortRef, Target};
use crate::wiring::{Door, Elsewhere, Parent, Refusal, Route, Routes, Said, Unreached, Wiring};

/// The address of every route within a board: `ingress:shop.example.com/cart`; a second one of the same host and path is
/// told apart by a number.
pub fn route_addresses(cluster: &Cluster, routes: &Routes) -> Vec<String> {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let address = |route| {
        let address = address(cluster, route);
        let before = seen.entry(address.clone()).or_default();
        *before += 1;
        numbered(address, *before)
    };
    routes.all.iter().map(address).collect()
}

/// The address of one route, as [`route_addresses`] has it.
pub fn route_address(cluster: &Cluster, routes: &Routes, id: usize) -> String {
    let (this, path) = (&routes.all[id], routes.all[id].said(cluster).path());
    let name = address(cluster, this);
    let may_be = |route: &&Route| route.host == this.host && route.said(cluster).path() == path;
    let until =
        routes.all[..=id].iter().filter(may_be).filter(|route| address(cluster, route) == name).count();
    numbered(name, until)
}

fn address(cluster: &Cluster, route: &Route) -> String {
    format!("{}:{}", door(route).to_lowercase(), route_name(cluster, route))
}

fn numbered(address: String, number: usize) -> String {
    if number > 1 { format!("{address}~{number}") } else { address }
}

/// What requests come in by, in a word.
pub(super) const fn door(route: &Route) -> &'static str {
    if matches!(route.door, Door::Ingress(_)) { "Ingress" } else { "Gateway" }
}

/// Whether a route is the backend for what no rule of an Ingress matches.
pub fn is_default(cluster: &Cluster, route: &Route) -> bool {
    matches!(route.said(cluster), Said::Path(_, path) if path.is_default)
}

/// What a client asks for to take a route: `shop.example.com/cart`, `*/` for any host and path, `edge:5432` where only
/// the port counts; `default` for what no rule matches.
pub fn route_name(cluster: &Cluster, route: &Route) -> String {
    if is_default(cluster, route) {
        return "default".to_owned();
    }
    let path = match (route.said(cluster), route.said(cluster).path()) {
        (Said::Path(..), "") => "/",
        (Said::Rule { route, .. }, "") if route.takes_requests() => "/",
        (_, path) => path,
    };
    let port = odd_port(cluster, route).map(|port| format!(":{port}")).unwrap_or_default();
    let host = match route.door {
        Door::Gateway(gateway, _) if is_stream(cluster, route) => &cluster.gateways[gateway].meta.name.value,
        Door::Parent(route_object, _) if is_stream(cluster, route) => {
            &cluster.gateway_routes[route_object].meta.name.value
        }
        _ if route.host.is_empty() => "*",
        _ => &route.host,
    };
    format!("{host}{port}{path}")
}

/// Whether connections or packets are told apart by their port alone.
fn is_stream(cluster: &Cluster, route: &Route) -> bool {
    matches!(route.meta(cluster).kind.as_str(), "TCPRoute" | "UDPRoute")
}

/// The port of a listener, where clients have to write it.
fn odd_port(cluster: &Cluster, route: &Route) -> Option<i32> {
    let listener = route.listener(cluster)?;
    match (listener.speaks(), listener.port.value) {
        (Speaks::Http, 80) | (Speaks::Https, 443) => None,
        (_, port) => Some(port),
    }
}

/// The host on a row.
pub(super) fn host(cluster: &Cluster, route: &Route) -> String {
    let port = odd_port(cluster, route);
    match (port, route.host.as_str()) {
        (Some(port), _) if is_stream(cluster, route) => format!(":{port}"),
        (None, _) if is_stream(cluster, route) => "its own port".to_owned(),
        (Some(port), "") => format!("any host:{port}"),
        (Some(port), host) => format!("{host}:{port}"),
        (None, "") => "any host".to_owned(),
        (None, host) => host.to_owned(),
    }
}

/// Which requests a route takes: `/cart · Prefix · TLS`, `/cart · 90% · GET`.
pub(super) fn asks(cluster: &Cluster, wiring: &Wiring, route: &Route) -> String {
    match route.said(cluster) {
        Said::Path(ingress, path) => of_ingress(ingress, path),
        Said::Rule { rule, matched, is_copy, route: object, .. } => {
            let mut words = vec![path(object, &matched.path)];
            words.extend(elsewhere(cluster, wiring, route));
            words.extend(route_share(cluster, route));
            words.extend(is_copy.then(|| "copies".to_owned()));
            let https = route.listener(cluster).is_some_and(|at| at.speaks() == Speaks::Https);
            words.extend(https.then(|| "TLS".to_owned()));
            match matched.by {
                By::Exact => words.push("Exact".to_owned()),
                By::Pattern => words.push("pattern".to_owned()),
                By::Prefix => {}
            }
            words.extend(Some(matched.method.value.clone()).filter(|method| !method.is_empty()));
            words.extend(counted(matched.headers, "header"));
            words.extend(counted(matched.params, "parameter"));
            words.extend(filters(rule));
            words.join(" \u{b7} ")
        }
    }
}

fn of_ingress(ingress: &Ingress, path: &ingress::Route) -> String {
    if path.is_default {
        return "whatever no rule matches".to_owned();
    }
    let mut words = if path.path.value.is_empty() { "any path".to_owned() } else { path.path.value.clone() };
    if matches!(path.path_type.value.as_str(), "Exact" | "Prefix") {
        words.push_str(" \u{b7} ");
        words.push_str(&path.path_type.value);
    }
    if ingress.port(path) == 443 {
        words.push_str(" \u{b7} TLS");
    }
    words
}

/// What a route takes, where it takes no paths.
fn path(route: &GatewayRoute, path: &str) -> String {
    let what = match route.meta.kind.as_str() {
        _ if !path.is_empty() => path,
        "GRPCRoute" => "any method",
        "TLSRoute" => "TLS",
        "TCPRoute" => "TCP",
        "UDPRoute" => "UDP",
        _ => "any path",
    };
    what.to_owned()
}

fn counted(number: usize, noun: &str) -> Option<String> {
    (number > 0).then(|| format!("{number} {noun}{}", if number == 1 { "" } else { "s" }))
}

/// What the filters of a rule do, each in a word; copies have rows of their own.
fn filters(rule: &Rule) -> impl Iterator<Item = String> {
    let word = |filter: &str| match filter {
        "RequestMirror" => None,
        "RequestRedirect" => Some("redirects"),
        "URLRewrite" => Some("rewrites"),
        "RequestHeaderModifier" | "ResponseHeaderModifier" => Some("sets headers"),
        "ExtensionRef" => Some("extension"),
        _ => Some("filter"),
    };
    let mut words: Vec<&str> = rule.filters.iter().filter_map(|filter| word(&filter.value)).collect();
    words.dedup();
    words.into_iter().map(str::to_owned)
}

/// The share of requests that a backend gets, where its rule has several: `90%`.
pub fn route_share(cluster: &Cluster, route: &Route) -> Option<String> {
    let (weight, of) = route.said(cluster).share()?;
    Some(match (weight * 100).checked_div(of) {
        None | Some(0) if weight == 0 => "0%".to_owned(),
        Some(_) => {
            let tenths = (weight * 2000 + of) / (of * 2);
            match (tenths / 10, tenths % 10) {
                (0, 0) => "under 0.1%".to_owned(),
                (whole, 0) => format!("{whole}%"),
                (whole, tenth) => format!("{whole}.{tenth}%"),
            }
        }
        None => "0%".to_owned(),
    })
}

/// What a row says of a route that reaches nothing: the path, the share, and why.
pub(super) fn with_fault(cluster: &Cluster, route: &Route, fault: &str) -> String {
    let said = route.said(cluster);
    let mut words = match said {
        Said::Rule { route, matched, .. } => vec![path(route, &matched.path)],
        Said::Path(_, path) if path.path.value.is_empty() => vec!["/".to_owned()],
        Said::Path(_, path) => vec![path.path.value.clone()],
    };
    words.extend(route_share(cluster, route));
    words.push(fault.to_owned());
    words.join(" \u{b7} ")
}

/// Why a route reaches no Service port, in a few words.
pub fn route_fault(cluster: &Cluster, route: &Route, why: Unreached) -> String {
    let said = route.said(cluster);
    let (service, port) = match said.target() {
        Some(Target::ServicePort { service, port }) => (service, port),
        Some(Target::Resource { kind, .. }) => return format!("{kind}, not a Service"),
        None => ("", None),
    };
    let name = |id: usize| cluster.services[id].meta.name.value.as_str();
    match why {
        Unreached::OutsideUpload => format!("{service} is not in this upload"),
        Unreached::NoSuchService(Some(near)) => format!("no {service}, did you mean {}?", name(near)),
        Unreached::NoSuchService(None) => format!("no Service {service}"),
        Unreached::OtherNamespace(id) => {
            format!("{service} is in {}", cluster.services[id].meta.namespace)
        }
        Unreached::NotGranted(id) => format!("no grant in {}", cluster.services[id].meta.namespace),
        Unreached::NoSuchPort { service, .. } => match port {
            Some(PortRef::Name(port)) => format!("{} has no port \"{port}\"", name(service)),
            Some(PortRef::Number(port)) => format!("{} has no port {port}", name(service)),
            None => format!("{} has no such port", name(service)),
        },
        Unreached::Nothing if matches!(said, Said::Rule { backend: None, .. }) => "no backend".to_owned(),
        Unreached::Resource if matches!(said, Said::Rule { .. }) => "an extension answers".to_owned(),
        Unreached::Resource | Unreached::WrongKind | Unreached::Nothing => "names no Service port".to_owned(),
        Unreached::Redirect => "redirects".to_owned(),
        Unreached::Refused(why) => refusal(cluster, route, why),
    }
}

/// Why a Gateway does not take a route, in a few words.
fn refusal(cluster: &Cluster, route: &Route, why: Refusal) -> String {
    let meta = route.meta(cluster);
    match why {
        Refusal::NoSuchGateway(_) => "names another Gateway".to_owned(),
        Refusal::OtherNamespace(_) => "names no namespace".to_owned(),
        Refusal::NoSuchListener(..) => "no such listener".to_owned(),
        Refusal::Kind(..) => format!("no {} is taken", meta.kind),
        Refusal::Namespace(..) => format!("not from {}", meta.namespace),
        Refusal::Hosts(..) => "no host in common".to_owned(),
    }
}

/// By what a route comes in that this upload does not have.
fn elsewhere(cluster: &Cluster, wiring: &Wiring, route: &Route) -> Option<String> {
    let Door::Parent(id, place) = route.door else { return None };
    let parent = cluster.gateway_routes.get(id)?.parents.get(place)?;
    Some(if is_of_mesh(wiring, route) {
        format!("mesh of {}", parent.name.value)
    } else {
        format!("by {} {}", parent.kind, parent.name.value)
    })
}

/// Whether a route is for clients in a mesh, which dial a Service.
pub(super) fn is_of_mesh(wiring: &Wiring, route: &Route) -> bool {
    let Door::Parent(id, place) = route.door else { return false };
    let parent = wiring.routes.parents.get(id).and_then(|parents| parents.get(place));
    matches!(parent, Some(Parent::Elsewhere(Elsewhere::Mesh)))
}
