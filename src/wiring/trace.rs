//! Where a packet to an address goes: the hops, the pods at the end with their shares, or why it reaches nobody.
//!
//! Like all of the wiring it has no words; only an address that cannot be read says so itself.

mod address;
mod ends;
mod gateways;
mod names;
mod nothing;
mod places;
mod pods;
mod requests;
mod routes;
mod steps;
#[cfg(test)]
mod tests;

use crate::cluster::Cluster;
use crate::kinds::service::{NodePort, Service, ServicePort};
use crate::names::nearest;
use crate::source::Span;

use super::{ServiceWiring, Wiring};
pub use address::{Address, Host, Malformed};
pub use nothing::{NoPodName, Nothing};
use places::Place;
pub use steps::{Branch, Hop, Shares, Step, Trace, Unshared};

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

/// Follows a packet to an address.
pub fn trace(cluster: &Cluster, wiring: &Wiring, to: &Address) -> Trace {
    let places = match places::find(cluster, &wiring.routes, to) {
        Ok(places) => places,
        Err(nothing) => return Trace { nothing: Some(nothing), ..Trace::default() },
    };
    let mut first = None;
    // One address may be several things, such as a node's and an external IP: the first that has the port counts.
    for place in places {
        let mut walk = Walk { cluster, wiring, to, trace: Trace::default() };
        walk.trace.nothing = walk.start(place).err();
        let reaches = walk.trace.nothing.is_none() || !walk.trace.branches.is_empty();
        if reaches || matches!(walk.trace.target, Some((_, Some(_)))) {
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
                let known = &self.cluster.services[service];
                let (address, span) = match at.map(|at| &known.load_balancer[at]) {
                    Some(given) => (&given.value, given.span),
                    None => (&known.load_balancer_ip.value, known.load_balancer_ip.span),
                };
                let step = Step::LoadBalancer { address: address.clone(), port: self.number(service, port) };
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
            Place::Pod(set) => self.pod(set),
            Place::Route(taken) => self.route(taken),
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
            if let Some(came) = self.host_port(node, address.as_deref(), assumed) {
                return came;
            }
            if let Some(service) = pods::health_check(self.cluster, number) {
                return Err(Nothing::HealthCheck(service));
            }
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
            return match super::names::alias(self.cluster, service).filter(|_| !has_pod) {
                Some(next) if self.trace.hops.len() < MOST_ALIASES && !self.has_passed(next) => {
                    self.name(next, None)
                }
                Some(_) => Err(Nothing::TooManyNames(id)),
                None => Err(Nothing::ExternalName(id)),
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

    /// Whether a Service is on the way already.
    fn has_passed(&self, id: usize) -> bool {
        self.trace.hops.iter().any(|hop| matches!(hop.step, Step::Service { service, .. } if service == id))
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
                    None => Err(Nothing::NoSuchPort {
                        service: id,
                        near: places::near_port(service, number, &dials),
                    }),
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
