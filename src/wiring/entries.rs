//! Which Service port each route of an Ingress reaches, or why it reaches none.
//!
//! Controllers send requests to the endpoints of that port, past the Service's own address, so the wiring of the port
//! holds for them as well. <https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource>

use rustc_hash::FxHashMap;

use crate::cluster::Cluster;
use crate::kinds::ingress::{Ingress, Route};
use crate::kinds::service::Service;
use crate::names::{nearest, nearly_equal};
use crate::port::{Protocol, TargetPort};
use crate::reference::{PortRef, Target};

/// Where the routes of the Ingresses lead, and which routes lead to a Service port.
#[derive(Debug, Default)]
pub struct Routes {
    /// For each of [`Cluster::ingresses`], one for each of its routes.
    pub of: Vec<Vec<Result<Reach, Unreached>>>,
    to: FxHashMap<(usize, usize), Vec<(usize, usize)>>,
}

/// What a route reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The Service, by its place in [`Cluster::services`].
    pub service: usize,
    /// Its port, by its place; `None` where its name alone is dialled, on a port that it need not have.
    pub port: Option<usize>,
}

/// Why a route reaches no Service port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// The namespace has no Services in this upload, so this one may well be in the cluster.
    OutsideUpload,
    /// The namespace has Services in this upload, but none of this name; with one of nearly this name.
    NoSuchService(Option<usize>),
    /// A Service of this name is in another namespace, which an Ingress never reaches into.
    OtherNamespace(usize),
    /// The Service has no such port.
    NoSuchPort {
        /// The Service.
        service: usize,
        /// The port that was probably meant.
        near: Option<usize>,
    },
    /// The backend is no Service but something that the controller alone knows.
    Resource,
    /// The backend names nothing, or no port.
    Nothing,
}

/// The most Services of a namespace among which a misspelt name is looked for.
const ENOUGH: usize = 1_000;
/// The most misspelt names that a meaning is looked for; the time that one takes grows with the Services.
const MOST_MISSPELT: usize = 400;

/// Follows every route of every Ingress.
pub fn wire(cluster: &Cluster) -> Routes {
    let mut routes = Routes::default();
    let mut misspelt: FxHashMap<(&str, &str), Option<usize>> = FxHashMap::default();
    for (id, ingress) in cluster.ingresses.iter().enumerate() {
        let mut near = |name| {
            let namespace = ingress.meta.namespace.as_str();
            if cluster.services_in(namespace).is_empty() {
                return None;
            }
            if misspelt.len() == MOST_MISSPELT {
                return misspelt.get(&(namespace, name)).copied().flatten();
            }
            *misspelt.entry((namespace, name)).or_insert_with(|| near_service(cluster, namespace, name))
        };
        let follow = |route| follow(cluster, ingress, route, &mut near);
        let led: Vec<_> = ingress.routes.iter().map(follow).collect();
        for (route, reach) in led.iter().enumerate() {
            if let Ok(reach) = reach {
                let key = (reach.service, reach.port.unwrap_or_default());
                routes.to.entry(key).or_default().push((id, route));
            }
        }
        routes.of.push(led);
    }
    routes
}

impl Routes {
    /// The routes that lead to a port of a Service, as places of Ingress and route.
    pub fn to(&self, service: usize, port: Option<usize>) -> &[(usize, usize)] {
        self.to.get(&(service, port.unwrap_or_default())).map_or(&[], Vec::as_slice)
    }
}

impl Unreached {
    /// Whether something is wrong in the upload, rather than elsewhere or unknown.
    pub fn is_broken(self) -> bool {
        !matches!(self, Self::OutsideUpload | Self::Resource)
    }
}

fn follow<'c>(
    cluster: &'c Cluster,
    ingress: &'c Ingress,
    route: &'c Route,
    near: &mut impl FnMut(&'c str) -> Option<usize>,
) -> Result<Reach, Unreached> {
    let (name, port) = match route.backend.target() {
        Some(Target::ServicePort { service, port: Some(port) }) => (service, port),
        Some(Target::Resource { .. }) => return Err(Unreached::Resource),
        Some(Target::ServicePort { .. }) | None => return Err(Unreached::Nothing),
    };
    let namespace = &ingress.meta.namespace;
    let Some(id) = cluster.service(namespace, name) else {
        if let Some(near) = near(name) {
            return Err(Unreached::NoSuchService(Some(near)));
        }
        // Of several it would be a guess which one is meant.
        if let [only] = cluster.services_named(name)
            && find(&cluster.services[*only], port).is_some()
        {
            return Err(Unreached::OtherNamespace(*only));
        }
        let none = cluster.services_in(namespace).is_empty();
        return Err(if none { Unreached::OutsideUpload } else { Unreached::NoSuchService(None) });
    };
    let service = &cluster.services[id];
    match find(service, port) {
        Some(port) => Ok(Reach { service: id, port: Some(port) }),
        // Its name resolves to addresses that take whichever port is dialled.
        None if service.is_external_name() || (service.is_headless() && service.ports.is_empty()) => {
            Ok(Reach { service: id, port: None })
        }
        None => Err(Unreached::NoSuchPort { service: id, near: near_port(service, port) }),
    }
}

/// The port of a Service that is meant: one of TCP before others of the same number.
fn find(service: &Service, port: PortRef<'_>) -> Option<usize> {
    match port {
        PortRef::Name(name) => service.ports.iter().position(|at| at.name.value == name),
        PortRef::Number(number) => {
            let tcp = |at: &crate::kinds::service::ServicePort| {
                at.port.value == number && at.protocol.value == Protocol::Tcp
            };
            let any = || service.ports.iter().position(|at| at.port.value == number);
            service.ports.iter().position(tcp).or_else(any)
        }
    }
}

fn near_service(cluster: &Cluster, namespace: &str, name: &str) -> Option<usize> {
    let here = cluster.services_in(namespace).iter().take(ENOUGH);
    let near = nearest(name, here.map(|id| cluster.services[*id].meta.name.value.as_str()))?;
    cluster.service(namespace, near)
}

/// The port that leads to what was written, else one whose name nearly is it, else the only one.
fn near_port(service: &Service, port: PortRef<'_>) -> Option<usize> {
    let leads = |target: &TargetPort| match (target, port) {
        (TargetPort::Number(target), PortRef::Number(number)) => *target == number,
        (TargetPort::Name(target), PortRef::Name(name)) => target == name,
        _ => false,
    };
    let named = |at: &crate::kinds::service::ServicePort| match port {
        PortRef::Name(name) => nearly_equal(name, &at.name.value),
        PortRef::Number(_) => false,
    };
    let ports = &service.ports;
    ports
        .iter()
        .position(|at| leads(&at.target.value))
        .or_else(|| ports.iter().position(named))
        .or_else(|| (ports.len() == 1).then_some(0))
}
