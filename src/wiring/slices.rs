//! Endpoints that somebody else than a selector lists: in an `EndpointSlice`, or in an Endpoints object.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors>

use rustc_hash::FxHashSet;

use crate::cluster::Cluster;
use crate::kinds::endpoint_slice::{EndpointSlice, SliceEndpoint};
use crate::kinds::service::{Service, ServicePort};
use crate::port::TargetPort;

use super::endpoints::Families;
use super::{Addresses, Answer, Endpoint, PortWiring, Who};

/// An entry of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listed {
    /// The slice, by its place in [`Cluster::slices`].
    pub slice: u32,
    /// The entry, by its place in the slice.
    pub entry: u32,
}

impl Listed {
    /// The slice.
    pub fn slice(self, cluster: &Cluster) -> &EndpointSlice {
        &cluster.slices[self.slice as usize]
    }

    /// The entry.
    pub fn entry(self, cluster: &Cluster) -> &SliceEndpoint {
        &self.slice(cluster).endpoints[self.entry as usize]
    }
}

/// The slices that add endpoints to a Service, by their places: what Kubernetes itself lists for a selector only says
/// again what the selector gives.
pub fn of_service(cluster: &Cluster, service: &Service) -> Vec<u32> {
    let slices = cluster.slices_of(&service.meta.namespace, &service.meta.name.value);
    let at = |id: &u32| &cluster.slices[*id as usize];
    let selects = !service.selector.0.is_empty();
    let mirrors = slices.iter().any(|id| at(id).is_mirror());
    let adds = |id: &u32| {
        let slice = at(id);
        // Endpoints are mirrored only where the Service has no selector, and a mirror says the same once more.
        let endpoints = slice.meta.kind == "Endpoints";
        if selects {
            !endpoints && !slice.is_of_selector() && !slice.is_mirror()
        } else {
            !(endpoints && mirrors)
        }
    };
    slices.iter().copied().filter(adds).collect()
}

/// The entries that have an address in the Service's IP families.
pub fn answers(cluster: &Cluster, service: &Service, slices: &[u32]) -> Vec<Answer> {
    let families = Families::of(service);
    let within = entries(cluster, slices, |ip| families.have(ip));
    // A Service that says no family gets that of its cluster, which its slices know.
    if within.is_empty() && !Families::are_said(service) {
        entries(cluster, slices, |_| true)
    } else {
        within
    }
}

fn entries(cluster: &Cluster, slices: &[u32], within: impl Fn(&str) -> bool) -> Vec<Answer> {
    let mut answers = Vec::new();
    for &id in slices {
        let slice = &cluster.slices[id as usize];
        // Nobody sends traffic to names.
        // <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#address-types>
        if slice.address_type.value == "FQDN" {
            continue;
        }
        for (place, entry) in slice.endpoints.iter().enumerate() {
            let addresses = entry.addresses.iter().map(|address| &address.value);
            let addresses: Addresses = addresses.filter(|ip| !ip.is_empty() && within(ip)).cloned().collect();
            if !addresses.is_empty() {
                let listed = Listed { slice: id, entry: place as u32 };
                let (ready, serving, terminating) = (entry.ready, entry.serving, entry.terminating);
                answers.push(Answer { who: Who::Address(listed), addresses, ready, serving, terminating });
            }
        }
    }
    answers
}

/// Adds the entries whose slice has a port of the Service port's name and protocol, each address and number once.
pub fn wire_port(
    cluster: &Cluster,
    service: &Service,
    port: &ServicePort,
    answers: &[Answer],
    wired: &mut PortWiring,
) {
    let known = wired.endpoints.iter();
    let mut seen: FxHashSet<(String, i32)> =
        known.filter_map(|at| Some((at.answer.addresses.first()?.clone(), at.port))).collect();
    // The answers of a slice stand together.
    let mut of_slice = None;
    for answer in answers {
        let (Who::Address(listed), Some(address)) = (answer.who, answer.addresses.first()) else { continue };
        let (_, number) = match of_slice {
            Some(known @ (slice, _)) if slice == listed.slice => known,
            _ => *of_slice.insert((listed.slice, number(service, port, listed.slice(cluster)))),
        };
        let Some(number) = number else { continue };
        if seen.insert((address.clone(), number)) {
            wired.endpoints.push(Endpoint { answer: answer.clone(), port: number, declared: None });
        }
    }
}

/// The entries whose address no port leads to.
pub fn unreached(ports: &[PortWiring], answers: Vec<Answer>) -> Vec<Answer> {
    let reached = ports.iter().flat_map(|port| &port.endpoints).filter_map(|at| at.answer.addresses.first());
    let mut seen: FxHashSet<String> = reached.cloned().collect();
    answers
        .into_iter()
        .filter(|answer| answer.addresses.first().is_some_and(|ip| seen.insert(ip.clone())))
        .collect()
}

/// The number that is dialled: the slice's own, whatever the Service's target port says.
///
/// kube-proxy passes over a port without a number, and a slice without ports; a headless Service is only a name, and its
/// clients dial what they like.
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/endpointslicecache.go> (`endpointInfoByServicePort`)
fn number(service: &Service, port: &ServicePort, slice: &EndpointSlice) -> Option<i32> {
    let found = slice.port(&port.name.value, &port.protocol.value);
    if let Some(written) = found.and_then(|port| port.port.as_ref()) {
        return Some(written.value);
    }
    let any = found.is_some() || slice.ports.is_empty();
    (any && service.is_headless()).then_some(match port.target.value {
        TargetPort::Number(number) => number,
        TargetPort::Name(_) => port.port.value,
    })
}
