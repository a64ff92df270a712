//! Service: what it selects, the ports it answers on, and where they lead.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/>

mod rest;

use std::ops::Deref;

use rustc_hash::FxHashMap;

use crate::labels::{Labels, ServiceSelector};
use crate::port::{Protocol, TargetPort};
use crate::source::{Node, Problem, Span};

use super::fields::{Fields, IntOrString, Written};
use super::meta::Meta;
use super::rare::Rare;

pub(super) use rest::read_load_balancer;
pub use rest::{BalancerAddress, ServiceRest};

/// The annotation that means what `loadBalancerSourceRanges` does, where that is empty.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#service-beta-kubernetes-io-load-balancer-source-ranges>
pub const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

/// A Service as written, with what Kubernetes defaults told apart from what was said.
#[derive(Debug, Clone, Default)]
pub struct Service {
    /// Its name and place.
    pub meta: Meta,
    /// `spec.type`, `ClusterIP` where none is written.
    pub service_type: Written<String>,
    /// `spec.selector`.
    pub selector: ServiceSelector,
    /// The whole of `spec.selector`, key included.
    pub selector_span: Option<Span>,
    /// `spec.ports`.
    pub ports: Vec<ServicePort>,
    /// `spec.clusterIP`.
    pub cluster_ip: Written<String>,
    /// What most manifests leave to the cluster.
    rest: Rare<ServiceRest>,
}

/// The port on every node that leads to a port of a Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodePort {
    /// This number is asked for.
    Written(i32),
    /// The number that another of its ports with the same `port` asks for.
    Shared(i32),
    /// The cluster is to pick one.
    Allocated,
}

/// One of `spec.ports`.
#[derive(Debug, Clone, Default)]
pub struct ServicePort {
    /// Its name, empty where it has none.
    pub name: Written<String>,
    /// Its protocol, TCP where none is written.
    pub protocol: Written<Protocol>,
    /// The port that clients of the Service dial; 0 where none is written, which Kubernetes refuses.
    pub port: Written<i32>,
    /// Where traffic goes on the pod; without a span it was taken from `port`.
    pub target: Written<TargetPort>,
    /// The port on every node, where one is written.
    pub node_port: Option<Written<i32>>,
    /// The port on every node that the first other one with the same `port` asks for, where this one asks for none.
    shared_node_port: Option<i32>,
    /// `appProtocol`.
    pub app_protocol: Option<Written<String>>,
    /// The whole entry.
    pub span: Span,
}

impl Default for TargetPort {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Service {
    /// Reads a Service; what has the wrong type is noted and taken as absent.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read_whole(object, problems);
        let load_balancer = object.map("status", problems, read_load_balancer);
        object.map("spec", problems, |spec, problems| {
            let service_type = spec.string("type", problems).filter(|written| !written.value.is_empty());
            let selector = spec.labels("selector", problems);
            let is_refused = |node: &Node<'_>| {
                node.as_map().is_none_or(|pairs| pairs.entries.len() > selector.iter().count())
            };
            let is_refused = spec.get("selector").is_some_and(is_refused);
            Self {
                meta,
                service_type: service_type.unwrap_or(Written { value: "ClusterIP".to_owned(), span: None }),
                // Without the pairs that are refused it would select more than was meant.
                selector: ServiceSelector(if is_refused { Labels::default() } else { selector }),
                selector_span: spec.span_of("selector"),
                ports: share_node_ports(spec.list("ports", problems, ServicePort::read)),
                cluster_ip: spec.text("clusterIP", problems),
                rest: Rare::new(ServiceRest::read(load_balancer, is_refused, spec, problems)),
            }
        })
    }

    /// Whether clients outside the cluster can reach it as validation sees it: through node ports or external addresses.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/api/service/util.go> (`ExternallyAccessible`)
    pub fn is_externally_accessible(&self) -> bool {
        match self.service_type.value.as_str() {
            "NodePort" | "LoadBalancer" => true,
            "ClusterIP" => !self.external_ips.is_empty(),
            _ => false,
        }
    }

    /// Whether validation takes it for headless: `None` is the one and only value.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/registry/core/service/storage/storage.go> (`normalizeClusterIPs`)
    pub fn is_only_headless(&self) -> bool {
        match self.cluster_ips.as_slice() {
            [] => self.cluster_ip.value == "None",
            [only] => only.value == "None",
            _ => false,
        }
    }

    /// Whether the Service has no virtual IP: its name resolves to the addresses of its pods.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/service/#headless-services>
    pub fn is_headless(&self) -> bool {
        self.virtual_ips().next() == Some("None")
    }

    /// `clusterIP`, then what `clusterIPs` adds to it.
    pub fn virtual_ips(&self) -> impl Iterator<Item = &str> {
        let first = Some(self.cluster_ip.value.as_str()).filter(|ip| !ip.is_empty());
        let others = self.cluster_ips.iter().map(|ip| ip.value.as_str()).filter(move |ip| Some(*ip) != first);
        first.into_iter().chain(others)
    }

    /// Whether the Service is only another name for a host outside.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/service/#externalname>
    pub fn is_external_name(&self) -> bool {
        self.service_type.value == "ExternalName"
    }

    /// Whether it is the API server's own, whose endpoints the API server itself keeps.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controlplane/reconcilers/reconcilers.go>
    pub fn is_of_api_server(&self) -> bool {
        self.meta.namespace == "default" && self.meta.name.value == "kubernetes"
    }

    /// Whether it is of type `LoadBalancer`.
    pub fn is_balanced(&self) -> bool {
        self.service_type.value == "LoadBalancer"
    }

    /// Its load balancer's addresses, or none yet where that has no address: it is a way in all the same.
    pub fn balancers(&self) -> impl Iterator<Item = Option<&str>> {
        let known = self.load_balancer.iter().map(|at| Some(at.value.as_str()));
        known.chain(self.load_balancer.is_empty().then_some(None)).filter(|_| self.is_balanced())
    }

    /// The address that is asked for its load balancer, where status has none: a provider may heed it or give another.
    ///
    /// <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec> (`loadBalancerIP`)
    pub fn asked_balancer(&self) -> Option<&Written<String>> {
        let asked = Some(&self.load_balancer_ip).filter(|asked| !asked.value.is_empty());
        asked.filter(|_| self.is_balanced() && self.load_balancer.is_empty())
    }

    /// Whether traffic from outside goes only to pods of the node that it comes to.
    ///
    /// <https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy>
    pub fn is_local_outside(&self) -> bool {
        self.external_traffic_policy.as_ref().is_some_and(|policy| policy.value == "Local")
    }

    /// Whether traffic from inside goes only to pods of the client's own node; a headless Service has no say in that.
    ///
    /// <https://kubernetes.io/docs/reference/networking/virtual-ips/#internal-traffic-policy>
    pub fn is_local_inside(&self) -> bool {
        !self.is_headless()
            && self.internal_traffic_policy.as_ref().is_some_and(|policy| policy.value == "Local")
    }

    /// For how many seconds a client keeps the pod that it was given first, where it does.
    ///
    /// <https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity>
    pub fn affinity_seconds(&self) -> Option<i32> {
        const DEFAULT: i32 = 10_800;
        let asked = self.session_affinity.as_ref().is_some_and(|affinity| affinity.value == "ClientIP");
        let written = self.session_affinity_timeout.as_ref().map(|seconds| seconds.value);
        (asked && !self.is_headless() && !self.is_external_name()).then_some(written.unwrap_or(DEFAULT))
    }

    /// The ranges of addresses that may use the load balancer; none for everybody.
    ///
    /// <https://kubernetes.io/docs/tasks/access-application-cluster/configure-cloud-provider-firewall/>
    pub fn allowed_ranges(&self) -> Vec<&str> {
        if !self.is_balanced() {
            return Vec::new();
        }
        let annotation = || self.meta.rest.annotations.get(SOURCE_RANGES).unwrap_or_default().split(',');
        let written: Vec<&str> = if self.source_ranges.is_empty() {
            annotation().collect()
        } else {
            self.source_ranges.iter().map(|range| range.value.as_str()).collect()
        };
        written.into_iter().map(str::trim).filter(|range| !range.is_empty()).collect()
    }

    /// The port on every node that leads to one of its ports, where nodes listen for it: type `NodePort`, and
    /// `LoadBalancer` unless it declines to be given any, which leaves those that it asks for.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/registry/core/service/storage/alloc.go> (`initNodePorts`)
    pub fn node_port(&self, port: usize) -> Option<NodePort> {
        let port = self.ports.get(port)?;
        if !matches!(self.service_type.value.as_str(), "NodePort" | "LoadBalancer") {
            return None;
        }
        if let Some(written) = &port.node_port {
            return Some(NodePort::Written(written.value));
        }
        if self.is_balanced() && self.allocate_node_ports.as_ref().is_some_and(|allocate| !allocate.value) {
            return None;
        }
        Some(port.shared_node_port.map_or(NodePort::Allocated, NodePort::Shared))
    }

    /// Whether nodes listen for any of its ports.
    pub fn has_node_ports(&self) -> bool {
        (0..self.ports.len()).any(|port| self.node_port(port).is_some())
    }

    /// Whether load balancers ask nodes which of them have pods, on a port of its own.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/api/service/util.go> (`NeedsHealthCheck`)
    pub fn needs_health_check(&self) -> bool {
        self.is_balanced() && self.is_local_outside()
    }
}

impl Deref for Service {
    type Target = ServiceRest;

    fn deref(&self) -> &ServiceRest {
        &self.rest
    }
}

impl ServicePort {
    fn read(entry: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let port = entry.int32("port", problems).unwrap_or_default();
        let protocol = entry.text("protocol", problems);
        let target = entry.int_or_string("targetPort", problems).and_then(|written| {
            let value = match written.value {
                IntOrString::Int(0) => return None,
                IntOrString::String(name) if name.is_empty() => return None,
                IntOrString::Int(number) => TargetPort::Number(number),
                IntOrString::String(name) => TargetPort::Name(name),
            };
            Some(Written { value, span: written.span })
        });
        Self {
            name: entry.text("name", problems),
            protocol: Written { value: Protocol::new(&protocol.value), span: protocol.span },
            target: target.unwrap_or(Written { value: TargetPort::Number(port.value), span: None }),
            port,
            node_port: entry.int32("nodePort", problems).filter(|written| written.value != 0),
            shared_node_port: None,
            app_protocol: entry.string("appProtocol", problems),
            span: entry.span,
        }
    }
}

/// Tells ports without a node port of their own which one they share.
fn share_node_ports(mut ports: Vec<ServicePort>) -> Vec<ServicePort> {
    let mut asked: FxHashMap<i32, i32> = FxHashMap::default();
    for port in &ports {
        if let Some(written) = &port.node_port {
            asked.entry(port.port.value).or_insert(written.value);
        }
    }
    for port in ports.iter_mut().filter(|port| port.node_port.is_none()) {
        port.shared_node_port = asked.get(&port.port.value).copied();
    }
    ports
}
