//! The routes of Ingresses as text.

use std::fmt::Write as _;

use super::plain;
use crate::cluster::Cluster;
use crate::diagram::route_name;
use crate::kinds::ingress::{Ingress, Route};
use crate::reference::{PortRef, Target};
use crate::wiring::{Routes, Unreached};

/// A route as a way in: `ingress shop.example.com/cart`.
pub(super) fn way(route: &Route) -> String {
    format!("ingress {}", plain(&route_name(route)))
}

/// A line for each route that reaches no Service port.
pub(super) fn unreached(cluster: &Cluster, routes: &Routes, out: &mut String) {
    for (ingress, led) in cluster.ingresses.iter().zip(&routes.of) {
        for (route, reach) in ingress.routes.iter().zip(led) {
            let Err(why) = reach else { continue };
            let _ = write!(out, "{} -> ", way(route));
            let namespace = plain(&ingress.meta.namespace);
            if let Some(Target::ServicePort { service, port }) = route.backend.target() {
                let port = match port {
                    Some(PortRef::Number(number)) => format!(" :{number}"),
                    Some(PortRef::Name(name)) => format!(" \"{}\"", plain(name)),
                    None => String::new(),
                };
                let _ = write!(out, "Service {namespace}/{}{port} -> ", plain(service));
            }
            let _ = writeln!(out, "{}", reason(cluster, ingress, route, *why));
        }
    }
}

fn reason(cluster: &Cluster, ingress: &Ingress, route: &Route, why: Unreached) -> String {
    let namespace = plain(&ingress.meta.namespace);
    match why {
        Unreached::OutsideUpload => "a Service outside this upload".to_owned(),
        Unreached::NoSuchService(_) => format!("nothing: namespace {namespace} has no such Service"),
        Unreached::OtherNamespace(id) => {
            format!("nothing: the Service is in namespace {}", plain(&cluster.services[id].meta.namespace))
        }
        Unreached::NoSuchPort { .. } => "nothing: the Service has no such port".to_owned(),
        Unreached::Resource => match route.backend.target() {
            Some(Target::Resource { kind, name }) => {
                format!("{} {namespace}/{}, which is no Service", plain(kind), plain(name))
            }
            _ => "no Service".to_owned(),
        },
        Unreached::Nothing => "nothing: the backend names no Service port".to_owned(),
    }
}
