//! Where a packet to an address goes: the hops, the pods at the end with their shares, or why it reaches nobody.
//!
//! Like all of the wiring it has no words; only an address that cannot be read says so itself.

mod address;
mod ends;
mod names;
mod places;
mod requests;
#[cfg(test)]
mod tests;

use crate::cluster::Cluster;
use crate::kinds::service::{NodePort, Service, ServicePort};
use crate::names::nearest;
use crate::source::Span;

use super::{Endpoint, PortFault, Reach, ServiceWiring, Unreached, Wiring};
pub use address::{Address, Host, Malformed};
use places::Place;

/// Where a packet goes. Services are named by their places in the cluster, their ports by their own.
#[derive(Debug, Default)]
pub struct Trace {
    /// The places that it goes through, in order, the pods at its end among them.
    pub hops: Vec<Hop>,
    /// The pods that it may reach.
    pub ends: Vec<Endpoint>,
    /// How they share connections.
    pub shares: Shares,
    /// The Service that it comes to, and its port where the address names one that is there.
    pub target: Option<(usize, Option<usize>)>,
    /// Why it reaches nobody; `None` where it reaches somebody.
    pub nothing: Option<Nothing>,
}

/// A place on the way.
#[derive(Debug, Clone)]
pub struct Hop {
    /// What it is.
    pub step: Step,
    /// The lines that are about it.
    pub around: Option<Span>,
    /// The value among them that decides.
    pub mark: Option<Span>,
}

/// What a hop is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A node, on a node port.
    Node {
        /// Which, where it is one of the upload.
        node: Option<usize>,
        /// The address, where one was dialled.
        address: Option<String>,
        /// The port.
        port: i32,
        /// Whether the upload has no Node, so that any address may be a node's.
        assumed: bool,
        /// Other Services that ask for the same number.
        others: Vec<usize>,
    },
    /// A load balancer's own address.
    LoadBalancer {
        /// The address or host name.
        address: String,
        /// The port.
        port: i32,
    },
    /// An address that somebody else routes to the nodes.
    ExternalIp {
        /// The address.
        address: String,
        /// The port.
        port: i32,
    },
    /// A route of an Ingress.
    Route {
        /// The Ingress.
        ingress: usize,
        /// Its route.
        route: usize,
        /// The port that is dialled, where one is.
        port: Option<u16>,
        /// Other Ingresses that have a route of the same host and path.
        others: Vec<usize>,
    },
    /// A Service.
    Service {
        /// Which.
        service: usize,
        /// Its port, where there is one.
        port: Option<usize>,
        /// Its cluster IP, where that was dialled.
        address: Option<String>,
        /// The pod whose own name was dialled.
        pod: Option<String>,
        /// Whether its SRV record was asked for.
        record: bool,
    },
    /// Pods at the end, by their place in [`Trace::ends`].
    Pod(usize),
}

/// How the pods at the end share connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shares {
    /// Every pod gets one in so many; 0 where there are no pods.
    OneIn(u64),
    /// It cannot be known from the upload.
    Unknown(Unshared),
}

/// Why shares are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unshared {
    /// `externalTrafficPolicy: Local`: it depends on the node that is dialled, and on the pods' nodes.
    ExternalLocal,
    /// `internalTrafficPolicy: Local`: it depends on the client's node.
    InternalLocal,
    /// `trafficDistribution`: it depends on the zones, or nodes, of client and pods.
    Distribution,
    /// Topology hints by annotation: it depends on the zones of client and pods.
    Topology,
    /// The name resolves to pods that answer on other ports as well.
    OtherPorts,
}

/// Why an address reaches nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// The Service's port has nobody behind it.
    Fault {
        /// The Service.
        service: usize,
        /// Its port, where it has any.
        port: Option<usize>,
        /// Why.
        fault: PortFault,
    },
    /// No Service has this node port; with the port that was probably meant.
    NoSuchNodePort {
        /// The nearest: the Service and its port.
        near: Option<(usize, usize)>,
        /// A Service whose node port the cluster picks, so that it may be this one.
        allocated: Option<usize>,
    },
    /// No Service has this name.
    NoSuchService {
        /// The name.
        name: String,
        /// The namespace, where one was written.
        namespace: Option<String>,
        /// The nearest.
        near: Option<usize>,
    },
    /// Services of several namespaces have this name.
    SeveralServices(Vec<usize>),
    /// Nothing in the upload has this name or address.
    NoSuchHost {
        /// The Ingress and its route whose host is nearly this one.
        near: Option<(usize, usize)>,
    },
    /// Rules of this Ingress have the host, but no path that matches, and there is no default backend.
    NoSuchPath(usize),
    /// This Ingress has the address, but all of its rules ask for a host.
    NoHostAsked(usize),
    /// The route reaches no port of a Service.
    Unreached {
        /// The Ingress.
        ingress: usize,
        /// Its route.
        route: usize,
        /// Why.
        why: Unreached,
    },
    /// The Service has no such port; with the one that was probably meant.
    NoSuchPort {
        /// The Service.
        service: usize,
        /// The nearest.
        near: Option<usize>,
    },
    /// The Service has no port of this name and protocol, and so no SRV record; with the one that was probably meant.
    NoSuchRecord {
        /// The Service.
        service: usize,
        /// The nearest.
        near: Option<usize>,
    },
    /// The Service has several ports, and the address names none.
    WhichPort(usize),
    /// The port takes another protocol.
    WrongProtocol {
        /// The Service.
        service: usize,
        /// Its port.
        port: usize,
    },
    /// The Service is another name for a host outside the cluster.
    ExternalName(usize),
    /// The Service gives this pod no name of its own.
    NoPodName {
        /// The Service.
        service: usize,
        /// Why.
        why: NoPodName,
    },
    /// A traffic policy is `Local`, and no pod of the Service is on the node, or on any.
    NoLocalPod {
        /// The Service.
        service: usize,
        /// The node; `None` for whichever.
        node: Option<usize>,
        /// Whether `internalTrafficPolicy` asks, rather than `externalTrafficPolicy`.
        inside: bool,
    },
}

/// Why a pod has no name of its own below a Service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPodName {
    /// The Service is not headless.
    NotHeadless,
    /// The Service selects no pod of a `StatefulSet` that has this name.
    NotThere,
    /// The `StatefulSet`, by its place among the workloads, names its pods below another Service.
    OtherService(usize),
}

/// How a Service was come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Via {
    /// Through a node, where it is known which.
    Node(Option<usize>),
    /// Through a load balancer, which knows the nodes that have pods.
    Balancer,
    /// Through an address that somebody else routes to whichever nodes.
    Routed,
    /// From inside, by name or cluster IP.
    Inside,
    /// Through a proxy that sends to the endpoints itself, past the Service's own address and its policies.
    Proxy,
}

impl Default for Shares {
    fn default() -> Self {
        Self::OneIn(0)
    }
}

/// Follows a packet to an address.
pub fn trace(cluster: &Cluster, wiring: &Wiring, to: &Address) -> Trace {
    let places = match places::find(cluster, to) {
        Ok(places) => places,
        Err(nothing) => return Trace { nothing: Some(nothing), ..Trace::default() },
    };
    let mut first = None;
    // One address may be several things, such as a node's and an external IP: the first that has the port counts.
    for place in places {
        let mut walk = Walk { cluster, wiring, to, trace: Trace::default() };
        walk.trace.nothing = walk.start(place).err();
        if matches!(walk.trace.target, Some((_, Some(_)))) {
            return walk.trace;
        }
        first.get_or_insert(walk.trace);
    }
    first.unwrap_or_else(|| Trace { nothing: Some(Nothing::NoSuchHost { near: None }), ..Trace::default() })
}

/// How many names in a row may be other names for each other.
const MOST_ALIASES: usize = 8;

struct Walk<'a> {
    cluster: &'a Cluster,
    wiring: &'a Wiring,
    to: &'a Address,
    trace: Trace,
}

impl<'a> Walk<'a> {
    fn service(&self, id: usize) -> (&'a Service, &'a ServiceWiring) {
        (&self.cluster.services[id], &self.wiring.services[id])
    }

    fn start(&mut self, place: Place) -> Result<(), Nothing> {
        match place {
            Place::Node { node, address, assumed } => self.node(node, address, assumed),
            Place::LoadBalancer { service, at } => {
                let port = self.port(service, None)?;
                let address = &self.cluster.services[service].load_balancer[at];
                let (number, span) = (self.number(service, port), address.span);
                let step = Step::LoadBalancer { address: address.value.clone(), port: number };
                self.hop(step, span, span);
                self.arrive(service, port, Via::Balancer)
            }
            Place::ExternalIp { service, at } => {
                let port = self.port(service, None)?;
                let address = &self.cluster.services[service].external_ips[at];
                let (number, span) = (self.number(service, port), address.span);
                let step = Step::ExternalIp { address: address.value.clone(), port: number };
                self.hop(step, span, span);
                self.arrive(service, port, Via::Routed)
            }
            Place::ClusterIp { service, address } => {
                let port = self.port(service, Some(&address))?;
                self.pass(service, Some(port), Some(address), None);
                self.answer(service, port, Via::Inside)
            }
            Place::Name { service, pod } => self.name(service, pod),
            Place::Record { service, port, protocol } => self.record(service, &port, &protocol),
            Place::Route { ingress, route, others } => self.route(ingress, route, others),
        }
    }

    fn route(&mut self, ingress: usize, route: usize, others: Vec<usize>) -> Result<(), Nothing> {
        let written = &self.cluster.ingresses[ingress].routes[route];
        let mark = [&written.path, &written.host].into_iter().find_map(|written| written.span);
        self.hop(Step::Route { ingress, route, port: self.to.port, others }, Some(written.span), mark);
        match self.wiring.routes.of[ingress][route] {
            Ok(Reach { service, port: Some(port) }) => self.arrive(service, port, Via::Proxy),
            Ok(Reach { service, port: None }) => {
                self.pass(service, None, None, None);
                let (at, wired) = self.service(service);
                if at.is_external_name() {
                    return Err(Nothing::ExternalName(service));
                }
                self.portless(
                    service,
                    wired,
                    written.backend.service.as_ref().map_or(0, |to| to.number.value),
                )
            }
            Err(why) => Err(Nothing::Unreached { ingress, route, why }),
        }
    }

    fn node(&mut self, node: Option<usize>, address: Option<String>, assumed: bool) -> Result<(), Nothing> {
        let number = self.to.port.map_or(0, i32::from);
        let node = node.or((self.cluster.nodes.len() == 1).then_some(0));
        let asking: Vec<(usize, usize)> = places::node_ports(self.cluster)
            .filter(|&(service, port)| written_node_port(self.cluster, service, port) == Some(number))
            .collect();
        let dials = self.to.dials();
        let is_dialled = |&&(service, port): &&(usize, usize)| {
            self.cluster.services[service].ports[port].protocol.value == dials
        };
        let found = asking.iter().find(is_dialled);
        let Some(&(service, port)) = found.or(asking.first()) else {
            return Err(places::no_such_node_port(self.cluster, number));
        };
        let mut others: Vec<usize> = asking.iter().map(|(other, _)| *other).collect();
        others.retain(|other| *other != service);
        others.dedup();
        let entry = &self.cluster.services[service].ports[port];
        let mark = entry.node_port.as_ref().and_then(|written| written.span);
        self.hop(Step::Node { node, address, port: number, assumed, others }, Some(entry.span), mark);
        if found.is_none() {
            self.trace.target = Some((service, Some(port)));
            return Err(Nothing::WrongProtocol { service, port });
        }
        self.arrive(service, port, Via::Node(node))
    }

    fn name(&mut self, id: usize, pod: Option<String>) -> Result<(), Nothing> {
        let (service, wired) = self.service(id);
        if service.is_external_name() {
            let has_pod = pod.is_some();
            self.pass(id, None, None, pod);
            // A ring of names leads nowhere.
            let next =
                super::names::alias(self.cluster, service).filter(|_| self.trace.hops.len() < MOST_ALIASES);
            return match next {
                Some(next) if !has_pod => self.name(next, None),
                _ => Err(Nothing::ExternalName(id)),
            };
        }
        if pod.is_some() && !service.is_headless() {
            self.pass(id, None, None, pod);
            return Err(Nothing::NoPodName { service: id, why: NoPodName::NotHeadless });
        }
        if !service.is_headless() {
            let port = self.port(id, None)?;
            self.pass(id, Some(port), None, None);
            return self.answer(id, port, Via::Inside);
        }
        let port = self.headless_port(id, pod.as_deref())?;
        self.pass(id, port, None, pod.clone());
        self.headless(id, (service, wired), port, pod.as_deref())
    }

    /// The SRV record of a named port says its number, and where it is dialled.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#srv-records>
    fn record(&mut self, id: usize, name: &str, protocol: &str) -> Result<(), Nothing> {
        let (service, wired) = self.service(id);
        let is = |port: &ServicePort| {
            port.name.value.eq_ignore_ascii_case(name)
                && port.protocol.value.as_str().eq_ignore_ascii_case(protocol)
        };
        let Some(port) = service.ports.iter().position(is).filter(|_| !service.is_external_name()) else {
            self.pass(id, None, None, None);
            let names =
                || service.ports.iter().map(|port| port.name.value.as_str()).filter(|name| !name.is_empty());
            let same = names().find(|own| own.eq_ignore_ascii_case(name));
            let near = nearest(name, names()).or(same).or_else(|| names().next());
            let near = service.ports.iter().position(|port| Some(port.name.value.as_str()) == near);
            return Err(Nothing::NoSuchRecord { service: id, near });
        };
        self.pass(id, Some(port), None, None);
        if service.is_headless() {
            self.headless(id, (service, wired), Some(port), None)
        } else {
            self.answer(id, port, Via::Inside)
        }
    }

    /// From a way in to the Service behind it.
    fn arrive(&mut self, service: usize, port: usize, via: Via) -> Result<(), Nothing> {
        self.pass(service, Some(port), None, None);
        self.answer(service, port, via)
    }

    fn pass(&mut self, service: usize, port: Option<usize>, address: Option<String>, pod: Option<String>) {
        let at = &self.cluster.services[service];
        let entry: Option<&ServicePort> = port.map(|port| &at.ports[port]);
        let around = entry.map_or(at.meta.head(), |entry| entry.span);
        let mark = match entry {
            Some(entry) => entry.target.span.or(entry.port.span),
            None => at.external_name.span.filter(|_| at.is_external_name()),
        };
        self.trace.target = Some((service, port));
        let record = self.is_record();
        self.hop(Step::Service { service, port, address, pod, record }, Some(around), mark);
    }

    /// Whether it is asked for an SRV record, which says a port, and not dialled on one.
    fn is_record(&self) -> bool {
        matches!(&self.to.host, Host::Name(name) if name.starts_with('_'))
    }

    fn hop(&mut self, step: Step, around: Option<Span>, mark: Option<Span>) {
        self.trace.hops.push(Hop { step, around, mark });
    }

    fn number(&self, service: usize, port: usize) -> i32 {
        self.cluster.services[service].ports[port].port.value
    }

    /// The port of a Service that the address names.
    fn port(&mut self, id: usize, address: Option<&str>) -> Result<usize, Nothing> {
        let service = &self.cluster.services[id];
        let found = match self.to.port {
            None => only_port(service, self.to).ok_or(Nothing::WhichPort(id)),
            Some(number) => {
                let (number, dials) = (i32::from(number), self.to.dials());
                let numbered = |(_, port): &(usize, &ServicePort)| port.port.value == number;
                let mut ports = service.ports.iter().enumerate().filter(numbered);
                let first = ports.clone().next();
                match ports.find(|(_, port)| port.protocol.value == dials).or(first) {
                    Some((port, at)) if at.protocol.value == dials => Ok(port),
                    Some((port, _)) => Err(Nothing::WrongProtocol { service: id, port }),
                    None => {
                        Err(Nothing::NoSuchPort { service: id, near: places::near_port(service, number) })
                    }
                }
            }
        };
        if found.is_err() {
            let port = match &found {
                Err(Nothing::WrongProtocol { port, .. }) => Some(*port),
                _ => None,
            };
            self.pass(id, port, address.map(str::to_owned), None);
        }
        found
    }
}

/// The one port that an address without a port can mean.
fn only_port(service: &Service, to: &Address) -> Option<usize> {
    let takes = |port: &ServicePort| to.protocol.as_ref().is_none_or(|dials| port.protocol.value == *dials);
    let mut ports = (0..service.ports.len()).filter(|port| takes(&service.ports[*port]));
    ports.next().filter(|_| ports.next().is_none())
}

/// The node port that is asked for, by the port itself or by another that it shares it with.
fn written_node_port(cluster: &Cluster, service: usize, port: usize) -> Option<i32> {
    match cluster.services[service].node_port(port)? {
        NodePort::Written(number) | NodePort::Shared(number) => Some(number),
        NodePort::Allocated => None,
    }
}
