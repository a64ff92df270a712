//! Services, their ports, and who answers on them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Source, vocabulary};

/// A Service, with who answers on each of its ports.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Its namespace; `default` where none is written.
    pub(super) namespace: String,
    /// Its name; null where none is written.
    #[schema(required)]
    pub(super) name: Option<String>,
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`, or what else is written.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Whether its name resolves to the addresses of its pods.
    pub(super) headless: bool,
    /// Its address inside the cluster, where one is written.
    #[serde(rename = "clusterIP")]
    #[schema(required)]
    pub(super) cluster_ip: Option<String>,
    /// Addresses of its load balancer, and external ones.
    pub(super) addresses: Vec<String>,
    /// The host that its name is another name for.
    #[schema(required)]
    pub(super) external_name: Option<String>,
    /// What it selects pods by; null where that is absent or empty.
    #[schema(required)]
    pub(super) selector: Option<BTreeMap<String, String>>,
    /// Its spec as Kubernetes defaults it, before anything is allocated.
    #[schema(value_type = Object)]
    pub(super) defaulted: Value,
    /// Where it is written.
    pub(super) source: Source,
    /// Its ports, in the order in which they are written.
    pub(super) ports: Vec<ServicePort>,
    /// The pods that its selector picks, before readiness, phase and address are looked at.
    pub(super) selected: Vec<PodRow>,
    /// Pods that are endpoints without any port.
    pub(super) portless: Vec<Portless>,
}

/// A port of a Service.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServicePort {
    /// Its name; empty where none is written.
    pub(super) name: String,
    /// `TCP`, `UDP`, `SCTP`, or what else is written.
    pub(super) protocol: String,
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
    pub(super) source: Source,
    /// The nodes that pass traffic on; there only under a traffic policy that is `Local`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) local_pods: Option<LocalPods>,
    /// Who answers, sorted.
    pub(super) endpoints: Vec<Endpoint>,
    /// Selected pods that have no port of the target port's name.
    pub(super) unresolved: Vec<PodRow>,
}

/// The nodes that have pods of their own to pass traffic to.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocalPods {
    /// Those that do, by name.
    pub(super) nodes: Vec<String>,
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
pub struct PodRow {
    /// The pod's name, where it has one of its own.
    #[schema(required)]
    pub(super) pod: Option<String>,
    /// The topmost owner; null of a bare Pod, and of an address that a slice lists.
    #[schema(required)]
    pub(super) workload: Option<Workload>,
    /// How many pods these are.
    pub(super) replicas: u32,
}

/// The topmost owner of pods.
#[derive(Debug, Serialize, ToSchema, PartialEq, Eq, PartialOrd, Ord, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    /// Such as `Deployment`.
    pub(super) kind: String,
    /// Its name.
    pub(super) name: String,
}

/// Pods that are endpoints without any port.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Portless {
    #[serde(flatten)]
    pub(super) row: PodRow,
    /// Whether they are ready for traffic.
    pub(super) ready: bool,
    /// Whether they would answer, ready or ending.
    pub(super) serving: bool,
    /// Whether they are ending.
    pub(super) terminating: bool,
    /// Their addresses, where those are known.
    pub(super) addresses: Vec<String>,
}

/// Pods that answer on a port.
#[expect(clippy::struct_excessive_bools, reason = "the API promises these four")]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    #[serde(flatten)]
    pub(super) row: PodRow,
    /// The container that declares the port; null where none does.
    #[schema(required)]
    pub(super) container: Option<String>,
    /// Whether any container declares the port. It works without, too.
    pub(super) declared: bool,
    /// The port on the pod.
    pub(super) port: i32,
    /// The pods' addresses, where those are known.
    pub(super) addresses: Vec<String>,
    /// Whether they are ready for traffic.
    pub(super) ready: bool,
    /// Whether they would answer, ready or ending.
    pub(super) serving: bool,
    /// Whether they are ending.
    pub(super) terminating: bool,
    /// The node that they are on; there only where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) node: Option<String>,
    /// Where the port is written, else the pods.
    pub(super) source: Source,
}
