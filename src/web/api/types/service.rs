//! Services, their ports, and who answers on them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Source, vocabulary};

/// A Service, with who answers on each of its ports.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service<'a> {
    /// Its namespace; `default` where none is written.
    pub(super) namespace: &'a str,
    /// Its name; null where none is written.
    #[schema(required)]
    pub(super) name: Option<&'a str>,
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`, or what else is written.
    #[serde(rename = "type")]
    pub(super) kind: &'a str,
    /// Whether its name resolves to the addresses of its pods.
    pub(super) headless: bool,
    /// Its address inside the cluster, where one is written.
    #[serde(rename = "clusterIP")]
    #[schema(required)]
    pub(super) cluster_ip: Option<&'a str>,
    /// Addresses of its load balancer, and external ones.
    pub(super) addresses: Vec<&'a str>,
    /// The host that its name is another name for.
    #[schema(required)]
    pub(super) external_name: Option<&'a str>,
    /// What it selects pods by; null where that is absent or empty.
    #[schema(required)]
    pub(super) selector: Option<BTreeMap<&'a str, &'a str>>,
    /// Its spec as Kubernetes defaults it, before anything is allocated.
    #[schema(value_type = Object)]
    pub(super) defaulted: Value,
    /// Where it is written.
    pub(super) source: Source<'a>,
    /// Its ports, in the order in which they are written.
    pub(super) ports: Vec<ServicePort<'a>>,
    /// The pods that its selector picks, before readiness, phase and address are looked at.
    pub(super) selected: Vec<PodRow<'a>>,
    /// Pods that are endpoints without any port.
    pub(super) portless: Vec<Portless<'a>>,
}

/// A port of a Service.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServicePort<'a> {
    /// Its name; empty where none is written.
    pub(super) name: &'a str,
    /// `TCP`, `UDP`, `SCTP`, or what else is written.
    pub(super) protocol: &'a str,
    /// The port that every node listens on; null where there is none, or none yet.
    #[schema(required)]
    pub(super) node_port: Option<i32>,
    /// Where the node port comes from.
    #[schema(value_type = vocabulary::NodePortFrom)]
    pub(super) node_port_from: &'static str,
    /// The Service's own port, as Kubernetes decodes it: in range or not, 0 where it is missing.
    pub(super) port: i32,
    /// Where traffic goes on the pod: a number, or the name of a container port.
    #[schema(value_type = vocabulary::PortOrName)]
    pub(super) target_port: Value,
    /// Where the target port comes from.
    #[schema(value_type = vocabulary::TargetPortFrom)]
    pub(super) target_port_from: &'static str,
    /// Where it is written.
    pub(super) source: Source<'a>,
    /// The nodes that pass traffic on; there only under a traffic policy that is `Local`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) local_pods: Option<LocalPods<'a>>,
    /// Who answers, sorted.
    pub(super) endpoints: Vec<Endpoint<'a>>,
    /// Selected pods that have no port of the target port's name.
    pub(super) unresolved: Vec<PodRow<'a>>,
}

/// The nodes that have pods of their own to pass traffic to.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocalPods<'a> {
    /// Those that do, by name.
    pub(super) nodes: Vec<&'a str>,
    /// How many nodes of the upload have none, and drop what comes.
    pub(super) without: usize,
    /// Of how many nodes of the upload that is not known.
    pub(super) unknown: usize,
    /// Whether it is known where all pods are.
    pub(super) known: bool,
}

/// Pods that are alike in all that wiring sees: one by its name, or so many of a workload.
#[derive(Debug, Serialize, ToSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
pub struct PodRow<'a> {
    /// The pod's name, where it has one of its own.
    #[schema(required)]
    pub(super) pod: Option<Cow<'a, str>>,
    /// The topmost owner; null of a bare Pod, and of an address that a slice lists.
    #[schema(required)]
    pub(super) workload: Option<Workload<'a>>,
    /// How many pods these are.
    pub(super) replicas: u32,
}

/// The topmost owner of pods.
#[derive(Debug, Clone, Copy, Serialize, ToSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
pub struct Workload<'a> {
    /// Such as `Deployment`.
    pub(super) kind: &'a str,
    /// Its name.
    pub(super) name: &'a str,
}

/// Pods that are endpoints without any port.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Portless<'a> {
    #[serde(flatten)]
    pub(super) row: PodRow<'a>,
    /// Whether they are ready for traffic.
    pub(super) ready: bool,
    /// Whether they would answer, ready or ending.
    pub(super) serving: bool,
    /// Whether they are ending.
    pub(super) terminating: bool,
    /// Their addresses, where those are known.
    #[schema(value_type = Vec<String>)]
    pub(super) addresses: &'a [String],
    /// How many objects of kind `NetworkPolicy` select them for traffic that comes to them; there only where any does.
    /// Whether they let it through is not evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) network_policies: Option<usize>,
}

/// Pods that answer on a port.
#[expect(clippy::struct_excessive_bools, reason = "the API promises these four")]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint<'a> {
    #[serde(flatten)]
    pub(super) row: PodRow<'a>,
    /// The container that declares the port; null where none does.
    #[schema(required)]
    pub(super) container: Option<&'a str>,
    /// Whether any container declares the port. It works without, too.
    pub(super) declared: bool,
    /// The port on the pod.
    pub(super) port: i32,
    /// The pods' addresses, where those are known.
    #[schema(value_type = Vec<String>)]
    pub(super) addresses: &'a [String],
    /// Whether they are ready for traffic.
    pub(super) ready: bool,
    /// Whether they would answer, ready or ending.
    pub(super) serving: bool,
    /// Whether they are ending.
    pub(super) terminating: bool,
    /// The node that they are on; there only where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) node: Option<&'a str>,
    /// How many objects of kind `NetworkPolicy` select them for traffic that comes to them; there only where any does.
    /// Whether they let it through is not evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) network_policies: Option<usize>,
    /// Where the port is written, else the pods.
    pub(super) source: Source<'a>,
}
