//! The cards of Ingresses: a row for each host and path, wired straight to the port of the Service that answers there.

use rustc_hash::FxHashMap;

use super::build::{Board, Link, Scene};
use super::cards::{HEAD, WAYS_IN, What, card};
use super::ways_in::{add_card, way_in};
use super::{CardKind, Face, Look, Mark};
use crate::cluster::Cluster;
use crate::kinds::ingress::{Ingress, Route};
use crate::reference::{PortRef, Target};
use crate::wiring::{Reach, Unreached};

/// The most routes that one board draws.
pub(super) const MOST_ROUTES: usize = 600;

/// The address of every route within a board, by Ingress and route: `ingress:shop.example.com/cart`; a second one of the
/// same host and path is told apart by a number.
pub fn route_addresses(cluster: &Cluster) -> Vec<Vec<String>> {
    let mut seen: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut address = |route| {
        let before = seen.entry(asked_for(route)).or_default();
        *before += 1;
        numbered(route, *before)
    };
    cluster.ingresses.iter().map(|ingress| ingress.routes.iter().map(&mut address).collect()).collect()
}

/// The address of one route, as [`route_addresses`] has it.
pub fn route_address(cluster: &Cluster, ingress: usize, route: usize) -> String {
    let this = &cluster.ingresses[ingress].routes[route];
    let before = cluster.ingresses[..ingress].iter().flat_map(|ingress| &ingress.routes);
    let until = before.chain(&cluster.ingresses[ingress].routes[..=route]);
    numbered(this, until.filter(|other| asked_for(other) == asked_for(this)).count())
}

fn numbered(route: &Route, number: usize) -> String {
    let name = route_name(route);
    if number > 1 { format!("ingress:{name}~{number}") } else { format!("ingress:{name}") }
}

/// Host and path that a client asks for.
fn asked_for(route: &Route) -> (&str, &str) {
    if route.is_default {
        return ("default", "");
    }
    let (host, path) = (route.host.value.as_str(), route.path.value.as_str());
    (if host.is_empty() { "*" } else { host }, if path.is_empty() { "/" } else { path })
}

/// What a client asks for to take a route: `shop.example.com/cart`, `*/` for any host and path; `default` for what no
/// rule matches.
pub fn route_name(route: &Route) -> String {
    let (host, path) = asked_for(route);
    format!("{host}{path}")
}

/// Why a route reaches no Service port, in a few words.
pub fn route_fault(cluster: &Cluster, route: &Route, why: Unreached) -> String {
    let (service, port) = match route.backend.target() {
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
        Unreached::NoSuchPort { service, .. } => match port {
            Some(PortRef::Name(port)) => format!("{} has no port \"{port}\"", name(service)),
            Some(PortRef::Number(port)) => format!("{} has no port {port}", name(service)),
            None => format!("{} has no such port", name(service)),
        },
        Unreached::Resource | Unreached::Nothing => "names no Service port".to_owned(),
    }
}

/// The Ingresses that lead first to one of the drawn Services, by that Service; the others under none.
pub(super) fn by_first_service(scene: &Scene<'_>, board: &Board) -> FxHashMap<Option<usize>, Vec<usize>> {
    let mut by_service: FxHashMap<Option<usize>, Vec<usize>> = FxHashMap::default();
    for (id, led) in scene.wiring.routes.of.iter().enumerate() {
        let reached = led.iter().filter_map(|reach| reach.as_ref().ok()).map(|reach| reach.service);
        let drawn = |service: &usize| board.of_service.contains_key(service);
        let place =
            |service: &usize| board.columns[2].iter().position(|at| *at == board.of_service[service].card);
        let first = reached.filter(drawn).min_by_key(place);
        by_service.entry(first).or_default().push(id);
    }
    by_service
}

/// The card of an Ingress; none where it has no route to show.
pub(super) fn add(board: &mut Board, scene: &Scene<'_>, id: usize, addresses: &[String]) -> Option<usize> {
    let ingress = &scene.cluster.ingresses[id];
    let mut at = card(CardKind::WayIn, WAYS_IN, HEAD);
    let address = ingress.addresses.first().map(|address| address.value.as_str());
    let aside = Some(address.unwrap_or(&ingress.class)).filter(|aside| !aside.is_empty());
    let face = if address.is_some() { Face::Mono } else { Face::Note };
    let namespace = scene.namespace(&ingress.meta.namespace);
    at.write_head(
        &ingress.meta.name.value,
        What::Chip("Ingress"),
        namespace,
        aside.map(|aside| (aside, face)),
    );
    at.label = format!("Ingress {} in namespace {}", ingress.meta.name.value, ingress.meta.namespace);
    let mut links = Vec::new();
    let led = &scene.wiring.routes.of[id];
    for (index, (route, reach)) in ingress.routes.iter().zip(led).enumerate() {
        if board.routes == MOST_ROUTES {
            break;
        }
        let (path, look, note) = match reach {
            Ok(Reach { service, port }) => {
                // Its Service is one of those that there is no room for.
                let Some(target) = board.of_service.get(service) else { continue };
                let port = port.unwrap_or_default();
                links.push((at.rows.len(), (target.card, port), target.path + port as u32));
                (target.path + port as u32, Look::Carries, asks(ingress, route))
            }
            Err(why) => {
                let look = if why.is_broken() { Look::Broken } else { Look::Dotted };
                board.unreached.push((id, index));
                let fault = route_fault(scene.cluster, route, *why);
                let path = if route.path.value.is_empty() { "/" } else { &route.path.value };
                (board.paths + board.unreached.len() as u32 - 1, look, format!("{path} \u{b7} {fault}"))
            }
        };
        let host = if route.host.value.is_empty() { "any host" } else { &route.host.value };
        let label = format!("Ingress route {}: {note}", route_name(route));
        let address = addresses[index].clone();
        let mut row = way_in(&at, (host, &note), Mark::Tcp, look, label, address, path);
        if reach.is_err() {
            (row.right, row.inner) = (None, None);
        }
        at.push(row);
        board.routes += 1;
    }
    if at.rows.is_empty() {
        return None;
    }
    let at = add_card(board, at);
    for (row, to, path) in links {
        let look = Look::Carries;
        board.links.push(Link { from: (at, row), to, look, cut: None, paths: vec![path] });
    }
    Some(at)
}

/// Which requests take a route: `/cart · Prefix · TLS`.
fn asks(ingress: &Ingress, route: &Route) -> String {
    if route.is_default {
        return "whatever no rule matches".to_owned();
    }
    let mut words =
        if route.path.value.is_empty() { "any path".to_owned() } else { route.path.value.clone() };
    if matches!(route.path_type.value.as_str(), "Exact" | "Prefix") {
        words.push_str(" \u{b7} ");
        words.push_str(&route.path_type.value);
    }
    if ingress.port(route) == 443 {
        words.push_str(" \u{b7} TLS");
    }
    words
}
