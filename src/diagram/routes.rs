//! The cards of Ingresses and Gateways: a row for each host and path, wired straight to the port of the Service that
//! answers there.

mod words;

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::build::{Board, Link};
use super::cards::{HEAD, WAYS_IN, What, card};
use super::scene::Scene;
use super::ways_in::{add_card, way_in};
use super::{Card, CardKind, Face, Look, Mark, Row};
use crate::kinds::gateway::Speaks;
use crate::kinds::meta::Meta;
use crate::terms::Term;
use crate::wiring::{Door, Owner, Reach, Route, Said, Unreached};

pub use words::{is_default, route_address, route_addresses, route_fault, route_name, route_share};

/// The most routes that one board draws.
pub(super) const MOST_ROUTES: usize = 600;

/// A card of routes: whose it is, and which of all routes.
pub(super) type Group = (Owner, Range<usize>);

/// The cards that lead first to one of the drawn Services, by that Service; the others under none.
pub(super) fn by_first_service(scene: &Scene<'_>, board: &Board) -> FxHashMap<Option<usize>, Vec<Group>> {
    let mut by_service: FxHashMap<Option<usize>, Vec<Group>> = FxHashMap::default();
    let routes = &scene.wiring.routes;
    let places: FxHashMap<usize, usize> =
        board.columns[2].iter().enumerate().map(|(place, card)| (*card, place)).collect();
    let place = |service: &usize| places.get(&board.of_service[service].card);
    let mut idle = vec![true; scene.cluster.gateways.len()];
    for (owner, range) in routes.by_owner() {
        let reached = routes.all[range.clone()].iter().filter_map(|route| route.reach.ok());
        let drawn = reached.map(|reach| reach.service).filter(|id| board.of_service.contains_key(id));
        let first = drawn.min_by_key(place);
        if first.is_some() || (scene.shows(owner) && scene.folds_away(range.clone()).is_empty()) {
            by_service.entry(first).or_default().push((owner, range));
        }
        if let Owner::Gateway(gateway) = owner {
            idle[gateway] = false;
        }
    }
    let idle = idle.iter().enumerate().filter(|(_, idle)| **idle);
    let idle = idle.map(|(gateway, _)| Owner::Gateway(gateway)).filter(|owner| scene.shows(*owner));
    by_service.entry(None).or_default().extend(idle.map(|owner| (owner, 0..0)));
    by_service
}

/// The card of an Ingress, of a Gateway, or of a route whose Gateway is elsewhere; none where it has nothing to show.
pub(super) fn add(
    board: &mut Board,
    scene: &Scene<'_>,
    (owner, range): Group,
    addresses: &[String],
) -> Option<usize> {
    let mut at = card(CardKind::WayIn, WAYS_IN, HEAD);
    write_head(&mut at, scene, owner);
    let mut links = Vec::new();
    let mut next_listener = 0;
    for id in range {
        let route = &scene.wiring.routes.all[id];
        if let Door::Gateway(gateway, listener) = route.door {
            let until = listener.unwrap_or(usize::MAX);
            idle_listeners(&mut at, scene, gateway, next_listener..until);
            next_listener = until.saturating_add(1);
        }
        if board.routes < MOST_ROUTES {
            board.routes += usize::from(add_route(board, scene, &mut at, &mut links, id, &addresses[id]));
        }
    }
    if let Owner::Gateway(gateway) = owner {
        idle_listeners(&mut at, scene, gateway, next_listener..usize::MAX);
    }
    if at.rows.is_empty() {
        return None;
    }
    let at = add_card(board, at);
    for (row, to, look, path) in links {
        board.links.push(Link { from: (at, row), to, look, cut: None, paths: vec![path] });
    }
    Some(at)
}

/// Name, kind, and where it can be reached or who makes it work.
fn write_head(at: &mut Card, scene: &Scene<'_>, owner: Owner) {
    let cluster = scene.cluster;
    let (meta, address, class, terms): (&Meta, Option<&str>, &str, [Term; 3]) = match owner {
        Owner::Ingress(id) => {
            let ingress = &cluster.ingresses[id];
            (
                &ingress.meta,
                ingress.addresses.first().map(|at| at.value.as_str()),
                cluster.class_of(ingress).0,
                [Term::IngressName, Term::IngressKind, Term::IngressClass],
            )
        }
        Owner::Gateway(id) => {
            let gateway = &cluster.gateways[id];
            let address = gateway.addresses.first().map(|at| at.value.as_str());
            let terms = [Term::GatewayName, Term::GatewayKind, Term::GatewayClass];
            (&gateway.meta, address, &gateway.class.value, terms)
        }
        Owner::Route(id) => {
            let terms = [Term::RouteObjectName, Term::RouteKind, Term::GatewayClass];
            (&cluster.gateway_routes[id].meta, None, "", terms)
        }
    };
    let aside = Some(address.unwrap_or(class)).filter(|aside| !aside.is_empty());
    let (face, term) =
        if address.is_some() { (Face::Mono, Term::RouteAddress) } else { (Face::Note, terms[2]) };
    let namespace = scene.namespace(&meta.namespace);
    at.write_head(
        (&meta.name.value, terms[0]),
        What::Chip(&meta.kind, terms[1]),
        namespace,
        aside.map(|aside| (aside, face, term)),
    );
    at.label = format!("{} {} in namespace {}", meta.kind, meta.name.value, meta.namespace);
}

/// Listeners by which no route of this upload takes anything.
fn idle_listeners(at: &mut Card, scene: &Scene<'_>, gateway: usize, which: Range<usize>) {
    let listeners = &scene.cluster.gateways[gateway].listeners;
    for listener in listeners.iter().take(which.end).skip(which.start) {
        let text = match listener.hostname.value.as_str() {
            "" => format!(":{}", listener.port.value),
            host => format!("{host}:{}", listener.port.value),
        };
        let note = format!("{} \u{b7} no route in this upload", listener.protocol.value);
        let label = format!("listener {}: {note}", listener.name.value);
        let mark = (mark(Some(listener.speaks())), Term::GatewayJack);
        let words = [(text.as_str(), Term::IdleListener), (note.as_str(), Term::IdleListener)];
        let mut row = way_in(at, words, mark, Look::Faint, label, String::new(), 0);
        (row.at, row.right, row.inner, row.paths) = (None, None, None, Vec::new());
        at.push(row);
    }
}

const fn mark(speaks: Option<Speaks>) -> Mark {
    if matches!(speaks, Some(Speaks::Udp)) { Mark::Udp } else { Mark::Tcp }
}

/// From a row to a Service's row, with a look and a path.
type RouteLink = (usize, (usize, usize), Look, u32);

/// The row of a route; answers whether there is room for what it leads to.
fn add_route(
    board: &mut Board,
    scene: &Scene<'_>,
    at: &mut Card,
    links: &mut Vec<RouteLink>,
    id: usize,
    address: &str,
) -> bool {
    let (cluster, route) = (scene.cluster, &scene.wiring.routes.all[id]);
    let (path, look, note) = match &route.reach {
        Ok(Reach { service, port }) => {
            // Its Service is one of those that there is no room for.
            let to = board.target(scene, *service, port.unwrap_or_default());
            let Some((to, path)) = to else { return false };
            let look = look(route, scene);
            links.push((at.rows.len(), to, look, path));
            (path, look, words::asks(cluster, scene.wiring, route))
        }
        Err(why) => {
            let look = match why {
                Unreached::Redirect => Look::Carries,
                _ if is_off(route.said(cluster)) => Look::Faint,
                why if why.is_broken() => Look::Broken,
                _ => Look::Dotted,
            };
            board.unreached.push(id);
            let fault = route_fault(cluster, route, *why);
            let path = board.paths + board.unreached.len() as u32 - 1;
            (path, look, words::with_fault(cluster, route, &fault))
        }
    };
    let host = words::host(cluster, route);
    let label = format!("{} route {}: {note}", words::door(route), route_name(cluster, route));
    let speaks = route.listener(cluster).map(crate::kinds::gateway::Listener::speaks);
    let terms = match (route.door, route.reach) {
        (Door::Ingress(_), Ok(_)) => [Term::IngressHost, Term::IngressAsks, Term::IngressJack],
        (Door::Ingress(_), Err(_)) => [Term::IngressHost, Term::IngressFault, Term::IngressJack],
        (_, Ok(_)) => [Term::GatewayHost, Term::GatewayAsks, Term::GatewayJack],
        (_, Err(_)) => [Term::GatewayHost, Term::GatewayFault, Term::GatewayJack],
    };
    let words = [(host.as_str(), terms[0]), (note.as_str(), terms[1])];
    let mut row: Row = way_in(at, words, (mark(speaks), terms[2]), look, label, address.to_owned(), path);
    if route.reach.is_err() {
        (row.right, row.inner) = (None, None);
    }
    if words::is_of_mesh(scene.wiring, route) {
        // Its clients are in the cluster, and dial the Service.
        row.left = None;
    }
    at.push(row);
    true
}

/// What comes by a door outside this upload is assumed; what has no weight is turned off, and copies are the lesser way.
fn look(route: &Route, scene: &Scene<'_>) -> Look {
    match route.said(scene.cluster) {
        said if is_off(said) => Look::Faint,
        Said::Rule { is_copy: true, .. } => Look::Thin,
        _ if !route.is_sure => Look::Dotted,
        _ => Look::Carries,
    }
}

/// Whether a backend has no weight: nobody is sent there.
fn is_off(said: Said<'_>) -> bool {
    matches!(said, Said::Rule { backend: Some(backend), is_copy: false, .. } if backend.weight.value == 0)
}
