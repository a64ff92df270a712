//! The routes of Ingresses and Gateways as text.

use std::fmt::Write as _;

use super::{object, plain};
use crate::cluster::Cluster;
use crate::diagram::{Chosen, route_name, route_share};
use crate::reference::{PortRef, Target};
use crate::wiring::{Door, Owner, Refusal, Route, Routes, Said, Unreached};

/// A route as a way in: `ingress shop.example.com/cart`, `gateway edge/https shop.example.com/cart 90%`.
pub(super) fn way(cluster: &Cluster, route: &Route) -> String {
    let door = match route.door {
        Door::Ingress(_) => "ingress".to_owned(),
        Door::Gateway(gateway, listener) => {
            let gateway = &cluster.gateways[gateway];
            let name = plain(&gateway.meta.name.value);
            match listener {
                Some(listener) => {
                    format!("gateway {name}/{}", plain(&gateway.listeners[listener].name.value))
                }
                None => format!("gateway {name}, not"),
            }
        }
        Door::Parent(route, parent) => {
            let parent = &cluster.gateway_routes[route].parents[parent];
            format!("elsewhere, {} {}", plain(&parent.kind), plain(&parent.name.value))
        }
    };
    let share = route_share(cluster, route).map(|share| format!(" {share}")).unwrap_or_default();
    let copies = matches!(route.said(cluster), Said::Rule { is_copy: true, .. });
    let copies = if copies { " (copies)" } else { "" };
    format!("{door} {}{share}{copies}", plain(&route_name(cluster, route)))
}

/// A line for each route that reaches no Service port.
pub(super) fn unreached(cluster: &Cluster, routes: &Routes, chosen: Option<&Chosen>, out: &mut String) {
    let is_shown = |owner: Owner| chosen.is_none_or(|chosen| chosen.owners.contains(&owner));
    for route in routes.all.iter().filter(|route| is_shown(route.owner())) {
        let Err(why) = route.reach else { continue };
        let _ = write!(out, "{} -> ", way(cluster, route));
        let said = route.said(cluster);
        if let Some(Target::ServicePort { service, port }) = said.target() {
            let port = match port {
                Some(PortRef::Number(number)) => format!(" :{number}"),
                Some(PortRef::Name(name)) => format!(" \"{}\"", plain(name)),
                None => String::new(),
            };
            let _ = write!(out, "Service {}/{}{port} -> ", plain(said.namespace()), plain(service));
        }
        let _ = writeln!(out, "{}", reason(cluster, route, why));
    }
    for (id, (route, parents)) in cluster.gateway_routes.iter().zip(&routes.parents).enumerate() {
        if parents.is_empty() && is_shown(Owner::Route(id)) {
            let name = object(&route.meta.kind, &route.meta.namespace, &route.meta.name.value);
            let _ = writeln!(out, "{name} -> nothing: it names no Gateway");
        }
    }
}

fn reason(cluster: &Cluster, route: &Route, why: Unreached) -> String {
    let said = route.said(cluster);
    let namespace = plain(said.namespace());
    let thing = match said.target() {
        Some(Target::Resource { kind, name }) => {
            format!("{} {namespace}/{}, which is no Service", plain(kind), plain(name))
        }
        _ => "no Service".to_owned(),
    };
    match why {
        Unreached::OutsideUpload => "a Service outside this upload".to_owned(),
        Unreached::NoSuchService(_) => format!("nothing: namespace {namespace} has no such Service"),
        Unreached::OtherNamespace(id) => {
            format!("nothing: the Service is in namespace {}", plain(&cluster.services[id].meta.namespace))
        }
        Unreached::NotGranted(_) => {
            let from = plain(&said.meta().namespace);
            format!("nothing: namespace {namespace} has no grant for namespace {from}")
        }
        Unreached::NoSuchPort { .. } => "nothing: the Service has no such port".to_owned(),
        Unreached::Resource if said.target().is_none() => "whatever an extension answers".to_owned(),
        Unreached::Resource => thing,
        Unreached::WrongKind => format!("nothing: {thing}"),
        Unreached::Nothing if said.target().is_none() && matches!(said, Said::Rule { .. }) => {
            "nothing: the rule names no backend".to_owned()
        }
        Unreached::Nothing => "nothing: the backend names no Service port".to_owned(),
        Unreached::Redirect => "another address, by a redirect".to_owned(),
        Unreached::Refused(why) => format!("nothing: {}", refusal(cluster, route, why)),
    }
}

/// Why a Gateway does not take a route.
fn refusal(cluster: &Cluster, route: &Route, why: Refusal) -> String {
    let meta = route.meta(cluster);
    let name = object(&meta.kind, &meta.namespace, &meta.name.value);
    match why {
        Refusal::NoSuchGateway(_) => format!("{name} names a Gateway that is not there"),
        Refusal::OtherNamespace(_) => format!("{name} does not say the Gateway's namespace"),
        Refusal::NoSuchListener(..) => format!("{name} names a listener that is not there"),
        Refusal::Kind(..) => format!("its listeners take no {}", plain(&meta.kind)),
        Refusal::Namespace(..) => format!("its listeners take no routes from {}", plain(&meta.namespace)),
        Refusal::Hosts(..) => format!("{name} has no host in common with its listeners"),
    }
}
