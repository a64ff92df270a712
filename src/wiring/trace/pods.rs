//! Ways to pods past every Service: a port of their node that a pod takes for itself, and a pod's own address. And the
//! ports of nodes on which kube-proxy answers itself.

use core::net::IpAddr;

use crate::cluster::{Cluster, PodSet};
use crate::kinds::pod::ContainerPort;
use crate::names::ip::parse_ip;

use super::super::placement::{self, Local};
use super::super::{Addresses, Answer, Declared, Endpoint, Picked, Who, endpoints};
use super::{Nothing, Shares, Step, Unshared, Walk};

/// The Service whose health check a port of the nodes is.
pub(super) fn health_check(cluster: &Cluster, number: i32) -> Option<usize> {
    let asks = |port: &crate::kinds::fields::Written<i32>| port.value == number;
    cluster.services.iter().position(|service| {
        service.needs_health_check() && service.health_check_node_port.as_ref().is_some_and(asks)
    })
}

/// Whether some pod takes a port of its node.
pub(super) fn takes_port(cluster: &Cluster, number: i32) -> bool {
    cluster.sets.iter().any(|set| {
        let spec = set.spec(cluster);
        let mut ports = spec.containers.iter().flat_map(|container| &container.ports);
        ports.any(|port| spec.on_node(port) == number)
    })
}

/// The living pods that have an address of their own.
pub(super) fn with_address(cluster: &Cluster, ip: IpAddr) -> impl Iterator<Item = u32> {
    let has = move |set: &PodSet| {
        let ips = set.observed.as_ref().map_or(&[][..], |observed| observed.ips.as_slice());
        set.lives() && ips.iter().any(|text| parse_ip(text) == Some(ip))
    };
    (0_u32..).zip(&cluster.sets).filter(move |(_, set)| has(set)).map(|(id, _)| id)
}

impl Walk<'_> {
    /// A port of a node that pods take for themselves, by `hostPort` or on the node's own network.
    ///
    /// <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports>
    pub(super) fn host_port(
        &mut self,
        node: Option<usize>,
        address: Option<&str>,
        assumed: bool,
    ) -> Option<Result<(), Nothing>> {
        let cluster = self.cluster;
        let (number, dials) = (self.to.port.map_or(0, i32::from), self.to.dials());
        let listens = |port: &ContainerPort| {
            let ip = parse_ip(&port.host.ip.value).filter(|ip| !ip.is_unspecified());
            port.protocol.value == dials && ip.zip(address).is_none_or(|(ip, at)| parse_ip(at) == Some(ip))
        };
        let mut ends = Vec::new();
        for (id, set) in (0_u32..).zip(&cluster.sets).filter(|(_, set)| set.lives() && set.replicas > 0) {
            let spec = set.spec(cluster);
            let is = |port: &ContainerPort| spec.on_node(port) == number && listens(port);
            let Some(declared) = endpoints::find(spec, is) else { continue };
            let who = Who::Pods(Picked { set: id, ordinal: None });
            let local = match (node, address) {
                (Some(node), _) => placement::is_on(cluster, who, &cluster.nodes[node]),
                (None, Some(name)) if !assumed && parse_ip(name).is_none() => {
                    placement::is_on_named(cluster, who, name)
                }
                _ => Local::Maybe,
            };
            if local != Local::No {
                ends.push(self.direct(who, declared.port(spec).port.value, Some(declared)));
            }
        }
        let first = ends.first()?.span(cluster);
        let step = Step::HostPort { node, address: address.map(str::to_owned), port: number, assumed };
        self.hop(step, Some(first), Some(first));
        // A node has each port once, so one pod of the node takes all of it: which of several is not known.
        let pods: u32 = ends.iter().map(|end| end.answer.who.replicas(cluster)).sum();
        let shares = if pods == 1 { Shares::OneIn(1) } else { Shares::Unknown(Unshared::HostPort) };
        self.end(ends, shares);
        Some(Ok(()))
    }

    /// A pod's own address.
    pub(super) fn pod(&mut self, set: u32) -> Result<(), Nothing> {
        let spec = self.cluster.sets[set as usize].spec(self.cluster);
        let dials = self.to.dials();
        let mut declared = spec.containers.iter().flat_map(|container| &container.ports);
        let only = declared.next().filter(|_| declared.next().is_none()).map(|port| port.port.value);
        let Some(number) = self.to.port.map(i32::from).or(only) else {
            return Err(Nothing::WhichPodPort(set));
        };
        let declared = endpoints::declaring(spec, number, &dials);
        let end = self.direct(Who::Pods(Picked { set, ordinal: None }), number, declared);
        self.end(vec![end], Shares::OneIn(1));
        Ok(())
    }

    /// A pod that is dialled itself: whether it is ready is nobody's question.
    fn direct(&self, who: Who, port: i32, declared: Option<Declared>) -> Endpoint {
        let observed = who.pods().and_then(|picked| self.cluster.sets[picked.set as usize].observed.as_ref());
        let answer = Answer {
            who,
            addresses: observed
                .map_or_else(Addresses::default, |observed| observed.ips.iter().cloned().collect()),
            ready: observed.is_none_or(|observed| observed.ready && !observed.terminating),
            serving: observed.is_none_or(|observed| observed.ready),
            terminating: observed.is_some_and(|observed| observed.terminating),
        };
        Endpoint { answer, port, declared }
    }
}
