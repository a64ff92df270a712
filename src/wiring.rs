//! Which pods answer on which port of which Service, and why nobody does. It has no words: `rules` and the faces do.
//!
//! Kubernetes' own account of this is the `EndpointSlice` controller; the golden cases hold us to it.
//! <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/>

pub mod attach;
pub mod backends;
pub mod endpoints;
pub mod entries;
pub mod hosts;
pub mod names;
pub mod near;
pub mod network_policies;
pub mod placement;
#[cfg(test)]
mod sample;
pub mod selection;
pub mod slices;
pub mod trace;

use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;

use crate::cluster::Cluster;
use crate::kinds::pod::{Container, ContainerPort, PodSpec};
use crate::kinds::service::Service;
use crate::port::TargetPort;
use crate::source::Span;

pub use attach::{Elsewhere, Parent, Refusal};
pub use backends::{Reach, Unreached};
pub use endpoints::Families;
pub use entries::{Door, MOST_ROUTES, Origin, Owner, Route, Routes, Said};
use near::Search;
pub use near::{NearMiss, misspelt_key, other_key};
pub use network_policies::{Applying, NetworkPolicies};
pub use placement::Placement;
pub use selection::Picked;
pub use slices::Listed;

/// How the Services of a cluster are wired; one entry for each Service, in their order.
#[derive(Debug, Default)]
pub struct Wiring {
    /// One for each of [`Cluster::services`].
    pub services: Vec<ServiceWiring>,
    /// Where the routes of Ingresses and Gateways lead.
    pub routes: Routes,
    /// Which pods network policies select.
    pub network_policies: NetworkPolicies,
}

/// How one Service is wired.
#[derive(Debug)]
pub struct ServiceWiring {
    /// The pods that the selector picks, before readiness, phase and address are looked at.
    pub selected: Vec<Picked>,
    /// What the selector picks that asks for no pod at the moment: workloads scaled to zero.
    pub dormant: Vec<Picked>,
    /// One for each of the Service's ports, in their order.
    pub ports: Vec<PortWiring>,
    /// The slices that add endpoints to what the selector gives, by their places in [`Cluster::slices`].
    pub slices: Vec<u32>,
    /// Endpoints without any port: no traffic reaches them through this Service.
    pub portless: Vec<Answer>,
    /// Why nobody is behind it, where nobody is.
    pub nobody: Option<Nobody>,
    /// Whether slices list an address that it could send traffic to, on whichever port.
    lists_addresses: bool,
}

/// How one port of a Service is wired.
#[derive(Debug, Default)]
pub struct PortWiring {
    /// Who answers, or would if it were ready.
    pub endpoints: Vec<Endpoint>,
    /// Selected pods on which the name of the target port is not found.
    pub unresolved: Vec<Unresolved>,
}

impl PortWiring {
    /// The pods that would answer if they had a port of this name: those that ended would not in any case.
    pub fn nameless(&self) -> impl Iterator<Item = &Unresolved> {
        self.unresolved.iter().filter(|pods| pods.lives)
    }
}

/// Whoever answers on a port.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Who, and in what condition.
    pub answer: Answer,
    /// The number that is dialled there.
    pub port: i32,
    /// The declaration that the number comes from, or that names it.
    pub declared: Option<Declared>,
}

/// A port that a container of a pod declares, by the places of both: an upload may have as many endpoints as it has
/// Services times pods, so each is as small as it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    container: u32,
    port: u32,
}

/// Who is an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Pods that the selector picked.
    Pods(Picked),
    /// An address that a slice lists.
    Address(Listed),
}

/// Endpoints: their addresses and condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which.
    pub who: Who,
    /// Their addresses in the Service's IP families; empty where they are not known.
    pub addresses: Addresses,
    /// Whether they get traffic.
    pub ready: bool,
    /// Whether their condition `Ready` is `True`, terminating or not.
    pub serving: bool,
    /// Whether they are being deleted.
    pub terminating: bool,
}

/// Addresses, written once for all ports that lead to them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addresses(Option<Arc<[String]>>);

impl Deref for Addresses {
    type Target = [String];

    fn deref(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl FromIterator<String> for Addresses {
    fn from_iter<T: IntoIterator<Item = String>>(all: T) -> Self {
        Self(Some(all.into_iter().collect()))
    }
}

/// Selected pods on which a named target port is not found.
#[derive(Debug, Clone)]
pub struct Unresolved {
    /// Which pods.
    pub picked: Picked,
    /// A port of that name with another protocol.
    pub other_protocol: Option<Declared>,
    /// Whether they run: what ended would not answer by any name.
    pub lives: bool,
}

/// Why nobody is behind a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nobody {
    /// It is another name for a host outside the cluster.
    ExternalName,
    /// It has no selector, and no slice of the upload speaks for it.
    NoSelector,
    /// Its selector is not what Kubernetes takes.
    SelectorRefused,
    /// Its namespace has no pods in this upload, so they may well be in the cluster.
    OutsideUpload,
    /// What it selects asks for no pods at the moment.
    ScaledToZero,
    /// No pod of its namespace carries what it selects; with what comes nearest.
    NoPodSelected(Option<NearMiss>),
}

/// Why a port of a Service reaches nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortFault {
    /// Nobody is behind the Service at all.
    Nobody(Nobody),
    /// No selected pod names a port so.
    PortNameMissing,
    /// The name is there, with another protocol.
    ProtocolDiffers,
    /// All endpoints are unready.
    NoneReady,
    /// Pods are selected or slices are there, but none has an address in the Service's IP families.
    NoAddress,
    /// Slices list addresses, but no port of that name and protocol.
    NotListed,
}

impl Nobody {
    /// The pods that were probably meant, of which there is a ghost of a wire on the board.
    pub fn meant(&self) -> Option<u32> {
        match self {
            Self::NoPodSelected(Some(
                NearMiss::OneLabelOff { set, .. }
                | NearMiss::WorkloadLabels { set }
                | NearMiss::OtherNamespace { set },
            )) => Some(*set),
            _ => None,
        }
    }
}

/// Wires every Service of a cluster.
pub fn wire(cluster: &Cluster) -> Wiring {
    let all = &cluster.services;
    let side_by_side = all.len() >= MANY_SERVICES;
    let select = |service: &Service| selection::of(cluster, service);
    let selected: Vec<_> =
        if side_by_side { all.par_iter().map(select).collect() } else { all.iter().map(select).collect() };
    let picked = selected.iter().flat_map(|(selected, dormant)| selected.iter().chain(dormant)).copied();
    let search = Search::new(cluster, picked);
    let wire = |(service, selected): (&Service, _)| wire_service(cluster, service, selected, &search);
    let services = if side_by_side {
        all.par_iter().zip(selected).map(wire).collect()
    } else {
        all.iter().zip(selected).map(wire).collect()
    };
    Wiring { services, routes: entries::wire(cluster), network_policies: NetworkPolicies::of(cluster) }
}

/// Below so many Services they are wired on one thread: waking another takes longer.
const MANY_SERVICES: usize = 200;

fn wire_service(
    cluster: &Cluster,
    service: &Service,
    (selected, dormant): (Vec<Picked>, Vec<Picked>),
    search: &Search<'_>,
) -> ServiceWiring {
    let slices = if service.is_external_name() { Vec::new() } else { slices::of_service(cluster, service) };
    let nobody = if slices.is_empty() { nobody(service, &selected, &dormant, search) } else { None };
    let mut answers = endpoints::answers(cluster, service, &selected);
    let tables = endpoints::Table::of_each(cluster, service, &selected);
    let wire_port = |port| endpoints::wire_port(cluster, port, &selected, &answers, &tables);
    let mut ports: Vec<PortWiring> = service.ports.iter().map(wire_port).collect();
    if !slices.is_empty() {
        let listed = slices::answers(cluster, service, &slices);
        for (port, wired) in service.ports.iter().zip(&mut ports) {
            slices::wire_port(cluster, service, port, &listed, wired);
        }
        answers.extend(slices::unreached(&ports, listed));
    }
    let portless = endpoints::portless(&ports, answers);
    let mut reached =
        ports.iter().flat_map(|port| &port.endpoints).map(|endpoint| &endpoint.answer).chain(&portless);
    let lists_addresses = !slices.is_empty() && reached.any(|answer| matches!(answer.who, Who::Address(_)));
    ServiceWiring { selected, dormant, ports, slices, portless, nobody, lists_addresses }
}

fn nobody(service: &Service, selected: &[Picked], dormant: &[Picked], search: &Search<'_>) -> Option<Nobody> {
    if service.is_external_name() {
        return Some(Nobody::ExternalName);
    }
    if !selected.is_empty() {
        return None;
    }
    Some(if service.selector_is_refused {
        Nobody::SelectorRefused
    } else if service.selector.0.is_empty() {
        Nobody::NoSelector
    } else if !dormant.is_empty() {
        Nobody::ScaledToZero
    } else {
        search.nobody_selected(service)
    })
}

impl ServiceWiring {
    /// Why a port of this Service reaches nobody, where it does not.
    pub fn fault(&self, port: usize) -> Option<PortFault> {
        if let Some(nobody) = &self.nobody {
            return Some(PortFault::Nobody(nobody.clone()));
        }
        let wired = self.ports.get(port)?;
        if wired.endpoints.iter().any(Endpoint::gets_traffic) {
            return None;
        }
        Some(if !wired.endpoints.is_empty() {
            PortFault::NoneReady
        } else if wired.nameless().next().is_none() {
            if self.lists_addresses { PortFault::NotListed } else { PortFault::NoAddress }
        } else if wired.nameless().any(|pods| pods.other_protocol.is_some()) {
            PortFault::ProtocolDiffers
        } else {
            PortFault::PortNameMissing
        })
    }
}

impl ServiceWiring {
    /// The selected pods that would answer on a port and have no IP so far.
    pub fn waiting_for_ip(&self, cluster: &Cluster, port: usize) -> impl Iterator<Item = Picked> {
        // These are in the order of the selected ones.
        let mut unresolved = self.ports[port].unresolved.iter().peekable();
        self.selected.iter().copied().filter(move |picked| {
            let has_port = unresolved.next_if(|pods| pods.picked == *picked).is_none();
            has_port && cluster.sets[picked.set as usize].waits_for_ip()
        })
    }

    /// The number that slices list for a port, where any does.
    pub fn listed_number(&self, port: usize) -> Option<i32> {
        let listed = |at: &&Endpoint| matches!(at.answer.who, Who::Address(_));
        self.ports.get(port)?.endpoints.iter().find(listed).map(|at| at.port)
    }

    /// The numbers that are dialled on whoever answers on a port; none where nobody answers to the name of a targetPort.
    pub fn numbers(&self, service: &Service, port: usize) -> Vec<i32> {
        let mut numbers: Vec<i32> = self.ports[port].endpoints.iter().map(|at| at.port).collect();
        if let (TargetPort::Number(number), true) = (&service.ports[port].target.value, numbers.is_empty()) {
            numbers.push(*number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

impl Declared {
    /// By the place of the container in the pod's spec, and that of the port in the container.
    fn at(container: usize, port: usize) -> Self {
        Self { container: container as u32, port: port as u32 }
    }

    /// The container, of the pod's spec.
    pub fn container(self, spec: &PodSpec) -> &Container {
        &spec.containers[self.container as usize]
    }

    /// The port, of the pod's spec.
    pub fn port(self, spec: &PodSpec) -> &ContainerPort {
        &self.container(spec).ports[self.port as usize]
    }
}

impl Who {
    /// The pods, where it is pods.
    pub fn pods(self) -> Option<Picked> {
        match self {
            Self::Pods(picked) => Some(picked),
            Self::Address(_) => None,
        }
    }

    /// How many pods or addresses these are.
    pub fn replicas(self, cluster: &Cluster) -> u32 {
        self.pods().map_or(1, |picked| picked.replicas(cluster))
    }

    /// The smallest span that stands for it: what the pods were read from, or the entry of the slice.
    pub fn span(self, cluster: &Cluster) -> Span {
        match self {
            Self::Pods(picked) => cluster.sets[picked.set as usize].meta(cluster).head(),
            Self::Address(listed) => listed.entry(cluster).span,
        }
    }
}

impl Endpoint {
    /// Whether connections are sent there: it is ready, or it still serves while terminating.
    pub fn gets_traffic(&self) -> bool {
        self.answer.ready || (self.answer.serving && self.answer.terminating)
    }

    /// The place that stands for this endpoint: the port's declaration, else what the pods were read from.
    pub fn span(&self, cluster: &Cluster) -> Span {
        match (self.answer.who, self.declared) {
            (Who::Pods(picked), Some(declared)) => {
                declared.port(cluster.sets[picked.set as usize].spec(cluster)).span
            }
            (who, _) => who.span(cluster),
        }
    }
}
