//! Pod, and the pod template inside every workload: containers, their ports, and what status says.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>

use crate::labels::Labels;
use crate::port::Protocol;
use crate::source::{Problem, Span};

use super::fields::{Fields, Written};
use super::meta::Meta;

/// A Pod.
#[derive(Debug, Clone, Default)]
pub struct Pod {
    /// Its name, labels and owner.
    pub meta: Meta,
    /// What runs in it.
    pub spec: PodSpec,
    /// What the cluster said of it.
    pub status: PodStatus,
}

/// The parts of a pod's spec that decide where traffic goes.
#[derive(Debug, Clone, Default)]
pub struct PodSpec {
    /// Containers in the order in which Kubernetes looks for a named port: regular ones, then sidecars.
    pub containers: Vec<Container>,
    /// `nodeName`: where it is placed.
    pub node_name: Written<String>,
    /// `nodeSelector`: the labels of the nodes that it may be placed on.
    pub node_selector: Labels,
    /// Whether `affinity` has a say in where it is placed.
    pub has_affinity: bool,
    /// `hostNetwork`: whether its ports are its node's.
    pub host_network: bool,
}

/// A container that can answer traffic for as long as the pod runs.
#[derive(Debug, Clone, Default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Whether it is an init container with `restartPolicy: Always`.
    ///
    /// <https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/>
    pub sidecar: bool,
    /// The ports that it declares.
    pub ports: Vec<ContainerPort>,
    /// The whole entry.
    pub span: Span,
}

/// A port that a container declares. Declaring is documentation: an undeclared port works as well.
#[derive(Debug, Clone, Default)]
pub struct ContainerPort {
    /// Its name, empty where it has none.
    pub name: Written<String>,
    /// The number.
    pub port: Written<i32>,
    /// Its protocol, TCP where none is written.
    pub protocol: Written<Protocol>,
    /// The whole entry.
    pub span: Span,
}

/// What a live cluster says of a pod.
#[derive(Debug, Clone, Default)]
pub struct PodStatus {
    /// `phase`.
    pub phase: Option<String>,
    /// `podIP` and `podIPs`; where the two differ, `podIP` alone counts.
    pub ips: Vec<String>,
    /// Whether the condition `Ready` is `True`.
    pub ready: bool,
    /// Whether it says anything that only a cluster can know: `phase` or `podIP`.
    pub observed: bool,
}

impl Pod {
    /// Reads a Pod.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        Self {
            meta: Meta::read(object, problems),
            spec: object.map("spec", problems, PodSpec::read),
            status: object.map("status", problems, PodStatus::read),
        }
    }
}

impl PodSpec {
    /// Reads `spec` of a Pod or of a pod template.
    pub fn read(spec: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let mut containers = spec
            .list("containers", problems, |container, problems| Container::read(container, false, problems));
        let init = spec.list("initContainers", problems, |container, problems| {
            let sidecar = container.text("restartPolicy", problems).value == "Always";
            Some(Container::read(container, true, problems)).filter(|_| sidecar)
        });
        containers.extend(init.into_iter().flatten());
        Self {
            containers,
            node_name: spec.text("nodeName", problems),
            node_selector: spec.labels("nodeSelector", problems),
            has_affinity: spec.has("affinity"),
            host_network: spec.boolean("hostNetwork", problems).is_some_and(|b| b.value),
        }
    }
}

impl Container {
    fn read(container: &Fields<'_, '_>, sidecar: bool, problems: &mut Vec<Problem>) -> Self {
        Self {
            name: container.text("name", problems).value,
            sidecar,
            ports: container.list("ports", problems, |port, problems| {
                let protocol = port.text("protocol", problems);
                ContainerPort {
                    name: port.text("name", problems),
                    port: port.int32("containerPort", problems).unwrap_or_default(),
                    protocol: Written { value: Protocol::new(&protocol.value), span: protocol.span },
                    span: port.span,
                }
            }),
            span: container.span,
        }
    }
}

impl PodStatus {
    fn read(status: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let phase =
            status.string("phase", problems).map(|phase| phase.value).filter(|phase| !phase.is_empty());
        let pod_ip = status.text("podIP", problems).value;
        let mut ips = status.list("podIPs", problems, |ip, problems| ip.text("ip", problems).value);
        ips.retain(|ip| !ip.is_empty());
        // Kubernetes' conversion: `podIP` is authoritative where the two disagree.
        if !pod_ip.is_empty() && ips.first() != Some(&pod_ip) {
            ips = vec![pod_ip.clone()];
        }
        let conditions = status.list("conditions", problems, |condition, problems| {
            (condition.text("type", problems).value, condition.text("status", problems).value)
        });
        Self {
            observed: phase.is_some() || !pod_ip.is_empty(),
            phase,
            ips,
            ready: conditions.iter().any(|(kind, value)| kind == "Ready" && value == "True"),
        }
    }
}
