//! The pods at the end of a trace, and how they share connections.

use std::collections::BTreeSet;

use crate::cluster::Cluster;
use crate::kinds::service::Service;
use crate::port::TargetPort;

use super::super::placement::{self, Local, Placement};
use super::super::{Answer, Endpoint, PortFault, ServiceWiring, endpoints, names};
use super::{NoPodName, Nothing, Shares, Step, Unshared, Via, Walk};

/// The annotations that ask for topology hints; the older one goes first.
///
/// <https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/>
const TOPOLOGY: [&str; 2] =
    ["service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"];

impl Walk<'_> {
    /// The pods behind a port with a virtual address, as kube-proxy chooses among them.
    pub(super) fn answer(&mut self, id: usize, port: usize, via: Via) -> Result<(), Nothing> {
        let (service, wired) = self.service(id);
        if service.is_external_name() {
            return Err(Nothing::ExternalName(id));
        }
        let nothing = |fault| Nothing::Fault { service: id, port: Some(port), fault };
        if let Some(fault) = wired.fault(port) {
            return Err(nothing(fault));
        }
        let mut all = wired.ports[port].endpoints.clone();
        self.keep_family(&mut all);
        if all.is_empty() {
            return Err(nothing(PortFault::NoAddress));
        }
        let chosen = sharing(all.clone());
        if chosen.is_empty() {
            return Err(nothing(PortFault::NoneReady));
        }
        // A proxy, such as a controller of Ingresses, dials the pods itself and heeds no policy of the Service.
        let policy = match via {
            Via::Proxy => &None,
            Via::Inside => &service.internal_traffic_policy,
            Via::Node(_) | Via::Balancer | Via::Routed => &service.external_traffic_policy,
        };
        if policy.as_ref().is_some_and(|policy| policy.value == "Local") {
            return self.local(id, all, via);
        }
        let pods = self.pods(&chosen);
        let shares = if via == Via::Proxy {
            Shares::OneIn(pods)
        } else if pods > 1 && service.traffic_distribution.as_ref().is_some_and(|to| !to.value.is_empty()) {
            Shares::Unknown(Unshared::Distribution)
        } else if pods > 1 && asks_for_hints(service) {
            Shares::Unknown(Unshared::Topology)
        } else {
            Shares::OneIn(pods)
        };
        self.end(chosen, shares);
        Ok(())
    }

    /// Under the policy `Local` a node sends only to endpoints of its own, ready ones before terminating ones; without
    /// any it drops what comes.
    ///
    /// A load balancer asks the nodes whether they have any, and passes over the others.
    /// <https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-policies>
    fn local(&mut self, id: usize, mut all: Vec<Endpoint>, via: Via) -> Result<(), Nothing> {
        let cluster = self.cluster;
        let inside = via == Via::Inside;
        let node = match via {
            Via::Node(node) => node,
            Via::Inside | Via::Balancer | Via::Routed | Via::Proxy => (cluster.nodes.len() == 1).then_some(0),
        };
        let on = |endpoint: &Endpoint| match node {
            Some(node) => placement::is_on(cluster, endpoint.answer.who, &cluster.nodes[node]),
            None => Local::Maybe,
        };
        all.retain(|endpoint| endpoint.gets_traffic() && on(endpoint) != Local::No);
        if all.is_empty() || (node.is_none() && Placement::of(cluster, &all).is_nowhere()) {
            return Err(Nothing::NoLocalPod { service: id, node, inside });
        }
        // The client's node is not known: on each node its own terminating ones serve where it has none that is ready.
        let here =
            if node.is_none() && via != Via::Balancer { on_their_nodes(cluster, all) } else { sharing(all) };
        let mut places = here.iter().map(|endpoint| placement::only_node(cluster, endpoint.answer.who));
        let first = places.next().flatten();
        let together = first.is_some() && places.all(|place| place == first);
        let known =
            here.iter().all(|endpoint| on(endpoint) == Local::Yes) || (via == Via::Balancer && together);
        let shares = if known {
            Shares::OneIn(self.pods(&here))
        } else {
            Shares::Unknown(if inside { Unshared::InternalLocal } else { Unshared::ExternalLocal })
        };
        self.end(here, shares);
        Ok(())
    }

    /// The port of a headless Service that leads to the number which the client dials on the pods; `None` where the
    /// Service has no ports at all.
    pub(super) fn headless_port(&mut self, id: usize, pod: Option<&str>) -> Result<Option<usize>, Nothing> {
        let (service, wired) = self.service(id);
        let dials = self.to.dials();
        let found = match self.to.port.map(i32::from) {
            Some(_) if service.ports.is_empty() => Ok(None),
            None => super::only_port(service, self.to).map(Some).ok_or(Nothing::WhichPort(id)),
            Some(number) => {
                let leads = |at: &usize| {
                    service.ports[*at].target.value == TargetPort::Number(number)
                        || wired.ports[*at].endpoints.iter().any(|endpoint| endpoint.port == number)
                };
                // A name that nobody resolves leads to no number: the Service's own stands for it.
                let stands = |at: &usize| {
                    service.ports[*at].port.value == number && wired.ports[*at].endpoints.is_empty()
                };
                let ports = 0..service.ports.len();
                let mut leading: Vec<usize> = ports.clone().filter(leads).collect();
                leading.extend(ports.filter(stands));
                let takes = leading.iter().find(|at| service.ports[**at].protocol.value == dials);
                match (takes, leading.first()) {
                    (Some(&port), _) => Ok(Some(port)),
                    (None, Some(&port)) => Err(Nothing::WrongProtocol { service: id, port }),
                    (None, None) => {
                        let own = service.ports.iter().position(|port| port.port.value == number);
                        let near = own.or_else(|| super::places::near_port(service, number, &dials));
                        Err(Nothing::NoSuchPort { service: id, near })
                    }
                }
            }
        };
        if found.is_err() {
            self.pass(id, None, None, pod.map(str::to_owned));
        }
        found
    }

    /// The pods that a headless Service's name resolves to, or the one whose own name it is.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pods>
    pub(super) fn headless(
        &mut self,
        id: usize,
        (service, wired): (&Service, &ServiceWiring),
        port: Option<usize>,
        pod: Option<&str>,
    ) -> Result<(), Nothing> {
        let nothing = |fault| Nothing::Fault { service: id, port, fault };
        if let Some(fault) = port.and_then(|port| wired.fault(port)) {
            return Err(nothing(fault));
        }
        if let Some(nobody) = &wired.nobody {
            return Err(nothing(PortFault::Nobody(nobody.clone())));
        }
        let number = self.to.port.map(i32::from);
        let mut all = match port {
            Some(port) => wired.ports[port].endpoints.clone(),
            None => self.dialled(&wired.portless, number.unwrap_or_default()),
        };
        if let Some(pod) = pod {
            all = self.named(id, service, &all, pod)?;
        }
        if all.is_empty() {
            return Err(nothing(PortFault::NoAddress));
        }
        // DNS publishes what is ready, and nothing else.
        all.retain(|endpoint| endpoint.answer.ready);
        let resolved = all.len();
        all.retain(|endpoint| number.is_none_or(|number| endpoint.port == number));
        if all.is_empty() && resolved > 0 && port.is_some() {
            // The name resolves, but whoever is there listens on another number than the client dials.
            return Err(Nothing::NoSuchPort { service: id, near: port });
        }
        if all.is_empty() {
            return Err(nothing(PortFault::NoneReady));
        }
        let shares = match self.pods(&all) {
            _ if all.len() < resolved => Shares::Unknown(Unshared::OtherPorts),
            1 => Shares::OneIn(1),
            _ => Shares::Unknown(Unshared::Client),
        };
        self.end(all, shares);
        Ok(())
    }

    /// The pods of a Service without ports, on a number that somebody else knows.
    pub(super) fn portless(&mut self, id: usize, wired: &ServiceWiring, number: i32) -> Result<(), Nothing> {
        let chosen = sharing(self.dialled(&wired.portless, number));
        if chosen.is_empty() {
            let fault = wired.nobody.clone().map_or(PortFault::NoneReady, PortFault::Nobody);
            return Err(Nothing::Fault { service: id, port: None, fault });
        }
        let pods = self.pods(&chosen);
        self.end(chosen, Shares::OneIn(pods));
        Ok(())
    }

    /// Pods of a headless Service without ports, which are dialled on whichever port the client knows.
    fn dialled(&self, answers: &[Answer], port: i32) -> Vec<Endpoint> {
        let dialled = |answer: &Answer| {
            let declared = answer.who.pods().and_then(|picked| {
                let spec = self.cluster.sets[picked.set as usize].spec(self.cluster);
                endpoints::declaring(spec, port, &self.to.dials())
            });
            Endpoint { answer: answer.clone(), port, declared }
        };
        answers.iter().map(dialled).collect()
    }

    /// The endpoints that have this name of their own below the Service's.
    fn named(
        &self,
        id: usize,
        service: &Service,
        all: &[Endpoint],
        pod: &str,
    ) -> Result<Vec<Endpoint>, Nothing> {
        let named = |endpoint: &Endpoint| {
            let who = names::named(self.cluster, service, &endpoint.answer, pod)?;
            let answer = Answer { who, ..endpoint.answer.clone() };
            Some(Endpoint { answer, ..endpoint.clone() })
        };
        let found: Vec<Endpoint> = all.iter().filter_map(named).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let mut pods = all.iter().filter_map(|endpoint| endpoint.answer.who.pods());
        let maker = pods.find_map(|picked| names::maker_of(self.cluster, picked, pod));
        let why = maker.map_or(NoPodName::NotThere, NoPodName::OtherService);
        Err(Nothing::NoPodName { service: id, why })
    }

    /// Pods answer in the family that was dialled; without addresses it is not known which they have.
    fn keep_family(&self, all: &mut Vec<Endpoint>) {
        let Some(v6) = self.to.is_v6() else { return };
        all.retain(|endpoint| {
            let addresses = &endpoint.answer.addresses;
            addresses.is_empty() || addresses.iter().any(|address| address.contains(':') == v6)
        });
    }

    fn pods(&self, endpoints: &[Endpoint]) -> u64 {
        endpoints.iter().map(|endpoint| u64::from(endpoint.answer.who.replicas(self.cluster))).sum()
    }

    pub(super) fn end(&mut self, ends: Vec<Endpoint>, shares: Shares) {
        for (place, end) in ends.iter().enumerate() {
            let span = Some(end.span(self.cluster));
            self.hop(Step::Pod(place), span, span);
        }
        self.trace.ends = ends;
        self.trace.shares = shares;
    }
}

/// The endpoints that get connections: those that are ready, and with none ready those that serve while terminating.
///
/// <https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/1669-proxy-terminating-endpoints>
fn sharing(mut all: Vec<Endpoint>) -> Vec<Endpoint> {
    if all.iter().any(|endpoint| endpoint.answer.ready) {
        all.retain(|endpoint| endpoint.answer.ready);
    } else {
        all.retain(Endpoint::gets_traffic);
    }
    all
}

/// The endpoints that get connections of some node: ready ones, and those that serve while terminating on a node which
/// has no ready one.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/topology.go> (`CategorizeEndpoints`)
fn on_their_nodes(cluster: &Cluster, mut all: Vec<Endpoint>) -> Vec<Endpoint> {
    let node = |endpoint: &Endpoint| placement::only_node(cluster, endpoint.answer.who);
    let served: BTreeSet<Option<&str>> = all.iter().filter(|at| at.answer.ready).map(node).collect();
    if served.is_empty() {
        return sharing(all);
    }
    all.retain(|at| {
        at.answer.ready || (at.gets_traffic() && node(at).is_some() && !served.contains(&node(at)))
    });
    all
}

fn asks_for_hints(service: &Service) -> bool {
    let asked = TOPOLOGY.iter().find_map(|key| service.meta.rest.annotations.get(key));
    matches!(asked, Some("Auto" | "auto"))
}
