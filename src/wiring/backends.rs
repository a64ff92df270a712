//! Which Service port a backend of a route names, or why it reaches none.
//!
//! Controllers send requests to the endpoints of that port, past the Service's own address, so the wiring of the port
//! holds for them as well. <https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource>

use rustc_hash::FxHashMap;

use super::attach::Refusal;
use crate::cluster::Cluster;
use crate::kinds::gateway_route::{BackendRef, GatewayRoute};
use crate::kinds::reference_grant::Crossing;
use crate::kinds::service::{Service, ServicePort};
use crate::names::{ENOUGH, GroupKind, nearest, nearly_equal};
use crate::port::{Protocol, TargetPort};
use crate::reference::{PortRef, Target};

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
    /// A Service of this name is in another namespace, which the backend does not name.
    OtherNamespace(usize),
    /// The Service is in another namespace, which does not let it be named from here.
    NotGranted(usize),
    /// The Service has no such port.
    NoSuchPort {
        /// The Service.
        service: usize,
        /// The port that was probably meant.
        near: Option<usize>,
    },
    /// The backend is no Service but something that the controller alone knows.
    Resource,
    /// The backend is no Service, and of a kind of Kubernetes' own that takes no requests.
    WrongKind,
    /// The backend names nothing, or no port.
    Nothing,
    /// A filter answers with another address to ask.
    Redirect,
    /// No request comes in: the Gateway does not take the route.
    Refused(Refusal),
}

impl Unreached {
    /// Whether something is wrong in the upload, rather than elsewhere, unknown or meant.
    pub fn is_broken(self) -> bool {
        !matches!(self, Self::OutsideUpload | Self::Resource | Self::Redirect)
    }
}

/// The most Services of a namespace among which a misspelt name is looked for.
const MOST_SERVICES: usize = 1_000;
/// The most misspelt names that a meaning is looked for; the time that one takes grows with the Services.
const MOST_MISSPELT: usize = 400;

/// Follows backends, and remembers which misspelt name means which Service.
pub(super) struct Follower<'c> {
    cluster: &'c Cluster,
    ports: FxHashMap<usize, Ports<'c>>,
    misspelt: FxHashMap<(&'c str, &'c str), Option<usize>>,
}

impl<'c> Follower<'c> {
    pub(super) fn new(cluster: &'c Cluster) -> Self {
        Self { cluster, ports: FxHashMap::default(), misspelt: FxHashMap::default() }
    }

    /// Follows a backend that names something of a namespace.
    pub(super) fn follow(
        &mut self,
        namespace: &'c str,
        target: Option<Target<'c>>,
        protocol: &Protocol,
    ) -> Result<Reach, Unreached> {
        let cluster = self.cluster;
        let (name, port) = match target {
            Some(Target::ServicePort { service, port: Some(port) }) => (service, port),
            Some(Target::Resource { .. }) => return Err(Unreached::Resource),
            Some(Target::ServicePort { .. }) | None => return Err(Unreached::Nothing),
        };
        let Some(id) = cluster.service(namespace, name) else {
            if let Some(near) = self.near(namespace, name) {
                return Err(Unreached::NoSuchService(Some(near)));
            }
            // Of several it would be a guess which one is meant.
            if let [only] = cluster.services_named(name)
                && self.ports(*only).find(port, protocol).is_some()
            {
                return Err(Unreached::OtherNamespace(*only));
            }
            let none = cluster.services_in(namespace).is_empty();
            return Err(if none { Unreached::OutsideUpload } else { Unreached::NoSuchService(None) });
        };
        let service = &cluster.services[id];
        let ports = self.ports(id);
        match ports.find(port, protocol) {
            Some(port) => Ok(Reach { service: id, port: Some(port) }),
            // Its name resolves to addresses that take whichever port is dialled.
            None if service.is_external_name() || (service.is_headless() && service.ports.is_empty()) => {
                Ok(Reach { service: id, port: None })
            }
            None => Err(Unreached::NoSuchPort { service: id, near: ports.near(service, port) }),
        }
    }

    /// Follows a backend of a route of a Gateway, which may be in another namespace if that one grants it.
    ///
    /// <https://gateway-api.sigs.k8s.io/api-types/referencegrant/>
    pub(super) fn follow_ref(
        &mut self,
        route: &'c GatewayRoute,
        backend: &'c BackendRef,
    ) -> Result<Reach, Unreached> {
        let namespace = backend_namespace(route, backend);
        if is_never_backend(backend) {
            return Err(Unreached::WrongKind);
        }
        let protocol = if route.meta.kind == "UDPRoute" { Protocol::Udp } else { Protocol::Tcp };
        let crossing = crossing_of(route, backend);
        if namespace != route.meta.namespace
            && let Some(service) = self.cluster.service(namespace, &backend.name.value)
            && !self.cluster.is_granted(crossing)
        {
            return Err(Unreached::NotGranted(service));
        }
        // A namespace that is written is meant, and may well have the Service in the cluster.
        let is_elsewhere = backend.is_service() && self.cluster.services_in(namespace).is_empty();
        if is_elsewhere && backend.namespace.span.is_some() && !backend.name.value.is_empty() {
            return Err(Unreached::OutsideUpload);
        }
        self.follow(namespace, backend.target(), &protocol)
    }

    fn ports(&mut self, service: usize) -> &Ports<'c> {
        let cluster = self.cluster;
        self.ports.entry(service).or_insert_with(|| Ports::of(&cluster.services[service]))
    }

    fn near(&mut self, namespace: &'c str, name: &'c str) -> Option<usize> {
        if self.cluster.services_in(namespace).is_empty() {
            return None;
        }
        if self.misspelt.len() == MOST_MISSPELT {
            return self.misspelt.get(&(namespace, name)).copied().flatten();
        }
        let cluster = self.cluster;
        *self.misspelt.entry((namespace, name)).or_insert_with(|| near_service(cluster, namespace, name))
    }
}

/// The namespace of what a backend names: its own, unless it says otherwise.
pub(super) fn backend_namespace<'c>(route: &'c GatewayRoute, backend: &'c BackendRef) -> &'c str {
    if backend.namespace.value.is_empty() { &route.meta.namespace } else { &backend.namespace.value }
}

/// What a grant must allow for a backend in another namespace.
pub fn crossing_of<'c>(route: &'c GatewayRoute, backend: &'c BackendRef) -> Crossing<'c> {
    Crossing {
        from: route.meta.group_kind(),
        from_namespace: &route.meta.namespace,
        to: GroupKind { group: &backend.group.value, kind: &backend.kind.value },
        to_namespace: backend_namespace(route, backend),
        name: &backend.name.value,
    }
}

/// Whether a backend is of a kind of Kubernetes' own that no implementation sends requests to, or is called a Service of
/// a group that has none.
fn is_never_backend(backend: &BackendRef) -> bool {
    let (group, kind) = (backend.group.value.as_str(), backend.kind.value.as_str());
    match group {
        "" => !matches!(kind, "Service" | ""),
        "apps" => matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet"),
        // An apiVersion in the place of a group.
        "v1" | "core" | "apps/v1" => true,
        _ => false,
    }
}

fn near_service(cluster: &Cluster, namespace: &str, name: &str) -> Option<usize> {
    let here = cluster.services_in(namespace).iter().take(MOST_SERVICES);
    let near = nearest(name, here.map(|id| cluster.services[*id].meta.name.value.as_str()))?;
    cluster.service(namespace, near)
}

/// Where the ports of a Service are, the first of each sort.
#[derive(Default)]
struct Ports<'c> {
    /// By number and by name.
    own: FxHashMap<PortRef<'c>, usize>,
    /// By number and protocol.
    spoken: FxHashMap<(i32, &'c Protocol), usize>,
    /// By where they lead.
    targets: FxHashMap<PortRef<'c>, usize>,
}

impl<'c> Ports<'c> {
    fn of(service: &'c Service) -> Self {
        let mut ports = Self::default();
        for (place, port) in service.ports.iter().enumerate() {
            let (number, target) = (
                port.port.value,
                match &port.target.value {
                    TargetPort::Number(number) => PortRef::Number(*number),
                    TargetPort::Name(name) => PortRef::Name(name),
                },
            );
            ports.own.entry(PortRef::Number(number)).or_insert(place);
            ports.own.entry(PortRef::Name(&port.name.value)).or_insert(place);
            ports.spoken.entry((number, &port.protocol.value)).or_insert(place);
            ports.targets.entry(target).or_insert(place);
        }
        ports
    }

    /// The port that is meant: one of the protocol before others of the same number.
    fn find(&self, port: PortRef<'_>, protocol: &Protocol) -> Option<usize> {
        let spoken = match port {
            PortRef::Number(number) => self.spoken.get(&(number, protocol)),
            PortRef::Name(_) => None,
        };
        spoken.or_else(|| self.own.get(&port)).copied()
    }

    /// The port that leads to what was written, else one whose name nearly is it, else the only one.
    fn near(&self, service: &Service, port: PortRef<'_>) -> Option<usize> {
        let named = |at: &ServicePort| match port {
            PortRef::Name(name) => nearly_equal(name, &at.name.value),
            PortRef::Number(_) => false,
        };
        let ports = &service.ports;
        let leads = self.targets.get(&port).copied();
        leads
            .or_else(|| ports.iter().take(ENOUGH).position(named))
            .or_else(|| (ports.len() == 1).then_some(0))
    }
}
