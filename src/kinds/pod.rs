//! Pod, and the pod template inside every workload: containers, their ports, and what status says.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/>

use crate::labels::Labels;
use crate::names::{Short, is_port_name, syntax};
use crate::port::Protocol;
use crate::source::{Problem, Span};

use super::fields::{Fields, IntOrString, Written};
use super::meta::Meta;
use super::probe::{Probe, Purpose};
use super::rare::{Rare, Unsaid};

/// A Pod.
#[derive(Debug, Clone, Default)]
pub struct Pod {
    /// Its name, labels and owner.
    pub meta: Meta,
    /// What runs in it.
    pub spec: PodSpec,
    /// What the cluster said of it.
    pub status: Rare<PodStatus>,
}

/// The parts of a pod's spec that decide where traffic goes.
#[derive(Debug, Clone, Default)]
pub struct PodSpec {
    /// Containers in the order in which Kubernetes looks for a named port: regular ones, then sidecars.
    pub containers: Box<[Container]>,
    /// What most manifests leave to the cluster.
    pub rest: Rare<SpecRest>,
}

/// What a pod's spec says besides its containers, or where they are not as they should be.
#[expect(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
#[derive(Debug, Clone)]
pub struct SpecRest {
    /// Whether Kubernetes takes its names, ports and probes, and none of its ports is its node's: then rules about one
    /// pod's spec need not look.
    pub is_plain: bool,
    /// `hostNetwork`: whether its ports are its node's.
    pub host_network: bool,
    /// Init containers that have ended before the pod takes traffic.
    pub init: Vec<Container>,
    /// `nodeName`: where it is placed.
    pub node_name: Written<String>,
    /// `nodeSelector`: the labels of the nodes where it may run.
    pub node_selector: Labels,
    /// Whether `affinity` narrows down where it may run.
    pub has_affinity: bool,
    /// Whether `tolerations` widen it.
    pub has_tolerations: bool,
    /// `hostname`: with `subdomain`, the name that it has below a Service of that name.
    pub hostname: Written<String>,
    /// `subdomain`.
    pub subdomain: Written<String>,
    /// The probe that keeps such a pod from ever being ready, by the places of its container and its own: every Service
    /// that selects the pod asks.
    never_ready: Option<(u32, u32)>,
}

/// A list of containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum List {
    /// `containers`
    #[default]
    Containers,
    /// `initContainers`
    InitContainers,
}

/// A container that can answer traffic for as long as the pod runs.
#[derive(Debug, Clone, Default)]
pub struct Container {
    /// Its name.
    pub name: Short,
    /// Where its name stands.
    pub name_span: Option<Span>,
    /// The list that it stands in: `initContainers` where it begins as one of those.
    pub list: List,
    /// Its place there.
    pub place: u32,
    /// Whether it is an init container with `restartPolicy: Always`.
    ///
    /// <https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/>
    pub sidecar: bool,
    /// The ports that it declares.
    pub ports: Box<[ContainerPort]>,
    /// The probes that ask on a port.
    pub probes: Box<[Probe]>,
    /// The whole entry.
    pub span: Span,
}

/// A port that a container declares. Declaring is documentation: an undeclared port works as well.
#[derive(Debug, Clone, Default)]
pub struct ContainerPort {
    /// Its name, empty where it has none.
    pub name: Written<Short>,
    /// The number.
    pub port: Written<i32>,
    /// Its protocol, TCP where none is written.
    pub protocol: Written<Protocol>,
    /// The port of its node that leads to it.
    pub host: Rare<HostPort>,
    /// The whole entry.
    pub span: Span,
}

/// The port of a node that leads to a container's.
#[derive(Debug, Clone)]
pub struct HostPort {
    /// `hostPort`; 0 where none does.
    pub port: Written<i32>,
    /// `hostIP`: the address of the node on which it listens; all where empty.
    pub ip: Written<String>,
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
        let meta = Meta::read_whole(object, problems);
        Self {
            meta,
            spec: object.map("spec", problems, PodSpec::read),
            status: Rare::new(object.has("status").then(|| object.map("status", problems, PodStatus::read))),
        }
    }
}

impl PodSpec {
    /// Reads `spec` of a Pod or of a pod template.
    pub fn read(spec: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let mut containers = Container::read_list(List::Containers, spec, problems);
        let mut init = Vec::new();
        for container in Container::read_list(List::InitContainers, spec, problems) {
            if container.sidecar { &mut containers } else { &mut init }.push(container);
        }
        let rest = Rare::new(SpecRest::read(init, &containers, spec, problems));
        Self { containers: containers.into(), rest }
    }

    /// Every container that it says, whether it takes traffic or not.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(&self.rest.init)
    }

    /// The port of its node that one of its ports takes: on its node's network every one takes its own. 0 where it takes
    /// none.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/v1/defaults.go> (`defaultHostNetworkPorts`)
    pub fn on_node(&self, port: &ContainerPort) -> i32 {
        if port.host.port.value == 0 && self.rest.host_network {
            port.port.value
        } else {
            port.host.port.value
        }
    }

    /// The probe that keeps such a pod from ever being ready, with its container: it asks for a port name that the
    /// container does not declare.
    pub fn never_ready(&self) -> Option<(&Container, &Probe)> {
        let (container, probe) = self.rest.never_ready?;
        let container = &self.containers[container as usize];
        Some((container, &container.probes[probe as usize]))
    }

    /// The probes that ask for a port name which their own container does not declare: the kubelet throws their result
    /// away, so that nobody is ever ready by them, nor killed. What cannot be a name is refused before it is asked for.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/probe/util.go> (`ResolveContainerPort`),
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/prober/worker.go> (`doProbe`)
    pub fn lost_probes(&self) -> impl Iterator<Item = (&Container, &Probe)> {
        self.containers.iter().flat_map(|container| {
            let probes = container.probes.iter();
            probes.filter(|probe| container.loses(probe)).map(move |probe| (container, probe))
        })
    }
}

impl SpecRest {
    fn read(
        init: Vec<Container>,
        containers: &[Container],
        spec: &Fields<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        const FIELDS: [&str; 7] =
            ["nodeName", "nodeSelector", "affinity", "tolerations", "hostNetwork", "hostname", "subdomain"];
        let never_ready = never_ready(containers);
        let are_plain = init.is_empty() && containers.len() < 4 && are_plain(containers);
        if are_plain && never_ready.is_none() && !FIELDS.iter().any(|field| spec.has(field)) {
            return None;
        }
        let host_network = spec.boolean("hostNetwork", problems).is_some_and(|b| b.value);
        let (hostname, subdomain) = (spec.text("hostname", problems), spec.text("subdomain", problems));
        let is_lonely = !host_network && hostname.value.is_empty() && subdomain.value.is_empty();
        Some(Self {
            is_plain: are_plain && is_lonely,
            host_network,
            init,
            node_name: spec.text("nodeName", problems),
            node_selector: spec.labels("nodeSelector", problems),
            has_affinity: spec.has("affinity"),
            has_tolerations: spec.has("tolerations"),
            hostname,
            subdomain,
            never_ready,
        })
    }
}

impl Unsaid for SpecRest {
    const UNSAID: &'static Self = &Self {
        is_plain: true,
        host_network: false,
        init: Vec::new(),
        node_name: Written { value: String::new(), span: None },
        node_selector: Labels(Vec::new()),
        has_affinity: false,
        has_tolerations: false,
        hostname: Written { value: String::new(), span: None },
        subdomain: Written { value: String::new(), span: None },
        never_ready: None,
    };
}

impl List {
    /// The field that has it.
    const fn field(self) -> &'static str {
        match self {
            Self::Containers => "containers",
            Self::InitContainers => "initContainers",
        }
    }
}

/// The first probe but those of liveness that is lost.
fn never_ready(containers: &[Container]) -> Option<(u32, u32)> {
    (0..).zip(containers).find_map(|(at, container)| {
        let keeps = |probe: &Probe| probe.purpose != Purpose::Liveness && container.loses(probe);
        container.probes.iter().position(keeps).map(|probe| (at, probe as u32))
    })
}

/// Whether rules about containers have nothing to say of some.
fn are_plain(containers: &[Container]) -> bool {
    let is_port = |number: i32| (1..=65535).contains(&number);
    let is_plain = |(at, container): (usize, &Container)| {
        let declares = |name: &str| container.ports.iter().any(|port| port.name.value == name);
        let is_plain_port = |(at, port): (usize, &ContainerPort)| {
            let name = port.name.value.as_str();
            let is_taken = || container.ports[..at].iter().any(|other| other.name.value == name);
            is_port(port.port.value)
                && port.host.port.value == 0
                && !matches!(port.protocol.value, Protocol::Other(_))
                && (name.is_empty() || is_port_name(name) && !is_taken())
        };
        let is_plain_probe = |probe: &Probe| match &probe.port.value {
            IntOrString::Int(number) => is_port(*number),
            IntOrString::String(name) => is_port_name(name) && declares(name),
        };
        syntax::dns_label_fault(&container.name).is_none()
            && containers[..at].iter().all(|other| other.name != container.name)
            && container.ports.len() < 8
            && container.ports.iter().enumerate().all(is_plain_port)
            && container.probes.iter().all(is_plain_probe)
    };
    containers.iter().enumerate().all(is_plain)
}

impl Container {
    fn read_list(list: List, spec: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Self> {
        let mut index = 0;
        spec.list(list.field(), problems, |container, problems| {
            index += 1;
            Self::read((list, index - 1), container, problems)
        })
    }

    fn read((list, place): (List, u32), container: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let restarts = container.str("restartPolicy", problems) == "Always";
        let name = container.short("name", problems);
        Self {
            name: name.value,
            name_span: name.span,
            list,
            place,
            sidecar: restarts && list == List::InitContainers,
            ports: container.list("ports", problems, ContainerPort::read).into(),
            probes: Probe::read_all(container, problems).into(),
            span: container.span,
        }
    }

    /// Whether a probe of it asks for a port name that it does not declare.
    fn loses(&self, probe: &Probe) -> bool {
        let declares = |name: &str| self.ports.iter().any(|port| port.name.value == name);
        probe.port_name().is_some_and(|name| is_port_name(name) && !declares(name))
    }

    /// Where it stands in the spec of its pod: `containers[0]`.
    pub fn field(&self) -> String {
        format!("{}[{}]", self.list.field(), self.place)
    }
}

impl ContainerPort {
    fn read(port: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let protocol = port.text("protocol", problems);
        Self {
            name: port.short("name", problems),
            port: port.int32("containerPort", problems).unwrap_or_default(),
            protocol: Written { value: Protocol::new(&protocol.value), span: protocol.span },
            host: Rare::new(HostPort::read(port, problems)),
            span: port.span,
        }
    }
}

impl HostPort {
    fn read(port: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Option<Self> {
        (port.has("hostPort") || port.has("hostIP")).then(|| Self {
            port: port.int32("hostPort", problems).unwrap_or_default(),
            ip: port.text("hostIP", problems),
        })
    }
}

impl Unsaid for HostPort {
    const UNSAID: &'static Self =
        &Self { port: Written { value: 0, span: None }, ip: Written { value: String::new(), span: None } };
}

impl Unsaid for PodStatus {
    const UNSAID: &'static Self = &Self { phase: None, ips: Vec::new(), ready: false, observed: false };
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
            let is_ready = condition.str("type", problems) == "Ready";
            condition.str("status", problems) == "True" && is_ready
        });
        Self {
            observed: phase.is_some() || !pod_ip.is_empty(),
            phase,
            ips,
            ready: conditions.contains(&true),
        }
    }
}
