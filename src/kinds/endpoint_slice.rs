//! `EndpointSlice`: the addresses behind a Service, written by hand or by a controller.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/>

use std::ops::Deref;

use crate::names::Short;
use crate::port::Protocol;
use crate::source::{Problem, Span};

use super::fields::{Fields, Written};
use super::meta::Meta;

/// The label that says which Service of the same namespace a slice speaks for.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetesioservice-name>
pub const SERVICE_NAME_LABEL: &str = "kubernetes.io/service-name";

/// The label that says who keeps a slice up to date.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#endpointslicekubernetesiomanaged-by>
pub const MANAGED_BY_LABEL: &str = "endpointslice.kubernetes.io/managed-by";

/// Who keeps the slices of Services that have a selector, and so what that selector gave.
const CONTROLLER: &str = "endpointslice-controller.k8s.io";

/// Who makes slices of hand-written Endpoints.
const MIRRORING: &str = "endpointslicemirroring-controller.k8s.io";

/// An `EndpointSlice`, or one subset of an Endpoints object as Kubernetes mirrors it to a slice.
#[derive(Debug, Clone, Default)]
pub struct EndpointSlice {
    /// Its name and place; of a mirrored subset, those of its Endpoints.
    pub meta: Meta,
    /// The Service that it speaks for; empty where it says none.
    pub service: Written<Short>,
    /// Who keeps it up to date; empty where it says nothing.
    pub managed_by: String,
    /// `addressType`: `IPv4`, `IPv6`, or `FQDN`, which nobody sends traffic to.
    pub address_type: Written<String>,
    /// Who answers.
    pub endpoints: Vec<SliceEndpoint>,
    /// On which ports all of them answer.
    pub ports: SlicePorts,
}

/// One of `endpoints`.
#[derive(Debug, Clone, Default)]
pub struct SliceEndpoint {
    /// Its addresses, which are the same to whoever dials.
    pub addresses: Vec<Written<String>>,
    /// `conditions.ready`, which is true unless it says otherwise.
    pub ready: bool,
    /// `conditions.serving`: as `ready` where it says nothing.
    pub serving: bool,
    /// `conditions.terminating`.
    pub terminating: bool,
    /// `hostname`: the name that it has below the Service's; empty where it has none.
    pub hostname: String,
    /// `nodeName`.
    pub node_name: Written<String>,
    /// `targetRef`'s name, where that is a Pod.
    pub pod: Option<String>,
    /// The whole entry.
    pub span: Span,
}

/// `ports`, ready to be looked up: a Service may have as many.
#[derive(Debug, Clone, Default)]
pub struct SlicePorts {
    all: Vec<SlicePort>,
    /// Their places, in the order of names and protocols.
    sorted: Box<[u32]>,
}

impl Deref for SlicePorts {
    type Target = [SlicePort];

    fn deref(&self) -> &[SlicePort] {
        &self.all
    }
}

impl SlicePorts {
    /// Reads the ports of a slice, which those of Endpoints have as well.
    pub(super) fn read(slice: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let all = slice.list("ports", problems, SlicePort::read);
        let mut sorted: Box<[u32]> = (0..all.len() as u32).collect();
        sorted.sort_by_key(|place| all[*place as usize].key());
        Self { all, sorted }
    }

    fn named(&self, key: (&str, &Protocol)) -> Option<&SlicePort> {
        let at = |place: &u32| &self.all[*place as usize];
        let first = self.sorted.partition_point(|place| at(place).key() < key);
        self.sorted.get(first).map(at).filter(|port| port.key() == key)
    }
}

/// One of `ports`.
#[derive(Debug, Clone, Default)]
pub struct SlicePort {
    /// Its name, by which it is matched to a port of the Service; empty where it has none.
    pub name: Written<String>,
    /// Its protocol, TCP where none is written.
    pub protocol: Written<Protocol>,
    /// The number that is dialled; a slice for a Service must have one.
    pub port: Option<Written<i32>>,
    /// The whole entry.
    pub span: Span,
}

impl EndpointSlice {
    /// Reads an `EndpointSlice`.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read(object, problems);
        let label = meta.labels.label(SERVICE_NAME_LABEL);
        Self {
            service: label
                .map(|label| Written { value: label.value().into(), span: Some(label.span()) })
                .unwrap_or_default(),
            managed_by: meta.labels.get(MANAGED_BY_LABEL).unwrap_or_default().to_owned(),
            address_type: object.text("addressType", problems),
            endpoints: object.list("endpoints", problems, SliceEndpoint::read),
            ports: SlicePorts::read(object, problems),
            meta,
        }
    }

    /// Whether Kubernetes keeps it, and so what it lists is what the Service's selector gave.
    pub fn is_of_selector(&self) -> bool {
        self.managed_by == CONTROLLER
    }

    /// Whether Kubernetes made it of an Endpoints object.
    pub fn is_mirror(&self) -> bool {
        self.managed_by == MIRRORING
    }

    /// The port of a name and protocol: so they are matched to the ports of the Service.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/endpointslicecache.go> (`endpointInfoByServicePort`)
    pub fn port(&self, name: &str, protocol: &Protocol) -> Option<&SlicePort> {
        self.ports.named((name, protocol))
    }
}

impl SliceEndpoint {
    fn read(endpoint: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let (ready, serving, terminating) = endpoint.map("conditions", problems, |conditions, problems| {
            let mut is = |key| conditions.boolean(key, problems).map(|written| written.value);
            (is("ready"), is("serving"), is("terminating"))
        });
        // <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions>
        let ready = ready.unwrap_or(true);
        Self {
            addresses: endpoint.strings("addresses", problems),
            ready,
            serving: serving.unwrap_or(ready),
            terminating: terminating.unwrap_or(false),
            hostname: endpoint.text("hostname", problems).value,
            node_name: endpoint.text("nodeName", problems),
            pod: endpoint.map("targetRef", problems, target_pod),
            span: endpoint.span,
        }
    }
}

impl SlicePort {
    fn read(port: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let protocol = port.text("protocol", problems);
        Self {
            name: port.text("name", problems),
            protocol: Written { value: Protocol::new(&protocol.value), span: protocol.span },
            port: port.int32("port", problems).filter(|written| written.value != 0),
            span: port.span,
        }
    }

    /// What it is matched to a port of the Service by.
    pub fn key(&self) -> (&str, &Protocol) {
        (&self.name.value, &self.protocol.value)
    }
}

/// The name of the Pod that a `targetRef` names, where it is one.
pub(super) fn target_pod(target: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Option<String> {
    let (kind, name) = (target.text("kind", problems).value, target.text("name", problems).value);
    (kind == "Pod" && !name.is_empty()).then_some(name)
}
