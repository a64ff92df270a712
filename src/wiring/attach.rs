//! Which listeners of which Gateways take a route, or why none does.
//!
//! <https://gateway-api.sigs.k8s.io/concepts/api-overview/#attaching-routes-to-gateways>

use rustc_hash::FxHashMap;

use super::hosts::meet;
use crate::cluster::Cluster;
use crate::kinds::gateway::{Gateway, Listener, Speaks};
use crate::kinds::gateway_route::{GROUP, GatewayRoute, ParentRef};
use crate::kinds::meta::Meta;
use crate::labels::LabelSelector;
use crate::names::{ENOUGH, GroupKind, nearest};
use crate::source::Span;

/// What became of one of a route's `parentRefs`.
#[derive(Debug, Clone)]
pub enum Parent {
    /// A Gateway takes it.
    Attached {
        /// Which, by its place in [`Cluster::gateways`].
        gateway: usize,
        /// The listeners that do.
        listeners: Vec<Attachment>,
    },
    /// Whether it is taken is not in this upload.
    Elsewhere(Elsewhere),
    /// It is not taken.
    Refused(Refusal),
    /// It makes more routes than are followed.
    TooMany,
}

/// A listener that takes a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Which, by its place.
    pub listener: usize,
    /// The hosts that both have; one empty for any.
    pub hosts: Vec<String>,
    /// Whether the upload says so, rather than labels of a namespace that it does not have.
    pub is_sure: bool,
}

/// A parent that this upload does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// A Gateway.
    Gateway,
    /// A Service, whose clients a mesh sends by this route.
    Mesh,
    /// Something of another kind.
    Other,
}

/// Why a Gateway does not take a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No Gateway of this name is there, but one of nearly this name.
    NoSuchGateway(usize),
    /// A Gateway of this name is in another namespace, which the route does not name.
    OtherNamespace(usize),
    /// The Gateway has no listener of this name or port; with the one that was probably meant.
    NoSuchListener(usize, Option<usize>),
    /// No listener takes routes of this kind; with the first that was asked.
    Kind(usize, usize),
    /// No listener takes routes from this namespace; with the first that was asked.
    Namespace(usize, usize),
    /// No listener has a host name in common with the route; with the first that was asked.
    Hosts(usize, usize),
}

impl Refusal {
    /// The Gateway that refuses.
    pub const fn gateway(self) -> usize {
        match self {
            Self::NoSuchGateway(gateway)
            | Self::OtherNamespace(gateway)
            | Self::NoSuchListener(gateway, _)
            | Self::Kind(gateway, _)
            | Self::Namespace(gateway, _)
            | Self::Hosts(gateway, _) => gateway,
        }
    }
}

/// Attaches routes, and remembers which misspelt name means which Gateway, and which listener selects which namespace.
pub(super) struct Attacher<'c> {
    cluster: &'c Cluster,
    namespaces: FxHashMap<&'c str, &'c Meta>,
    misspelt: FxHashMap<(&'c str, &'c str), Option<usize>>,
    selected: FxHashMap<(usize, usize, &'c str), Option<bool>>,
}

/// The most misspelt names that a meaning is looked for, and the most Gateways that it is looked for among.
const MOST_MISSPELT: usize = 200;

/// The most listeners of a Gateway that a route is shown to; a valid one has at most 64.
const MOST_LISTENERS: usize = 1_000;

impl<'c> Attacher<'c> {
    pub(super) fn new(cluster: &'c Cluster) -> Self {
        let namespaces = cluster.namespaces.iter().map(|meta| (meta.name.value.as_str(), meta)).collect();
        Self { cluster, namespaces, misspelt: FxHashMap::default(), selected: FxHashMap::default() }
    }

    /// What becomes of one of a route's parents.
    pub(super) fn attach(&mut self, route: &'c GatewayRoute, parent: &'c ParentRef) -> Parent {
        const GATEWAY: GroupKind<'_> = GroupKind { group: GROUP, kind: "Gateway" };
        const SERVICE: GroupKind<'_> = GroupKind { group: "", kind: "Service" };
        match parent.group_kind() {
            kind if kind == GATEWAY => {}
            kind if kind == SERVICE => return Parent::Elsewhere(Elsewhere::Mesh),
            _ => return Parent::Elsewhere(Elsewhere::Other),
        }
        let own = route.meta.namespace.as_str();
        let namespace = if parent.namespace.value.is_empty() { own } else { &parent.namespace.value };
        let name = parent.name.value.as_str();
        let Some(id) = self.cluster.gateway(namespace, name) else {
            return match (self.near(namespace, name), self.cluster.gateways_named(name)) {
                (Some(near), _) => Parent::Refused(Refusal::NoSuchGateway(near)),
                // A namespace that is written is meant, and may well have the Gateway in the cluster.
                (None, [only]) if parent.namespace.span.is_none() => {
                    Parent::Refused(Refusal::OtherNamespace(*only))
                }
                _ => Parent::Elsewhere(Elsewhere::Gateway),
            };
        };
        match self.listeners(route, parent, id) {
            Ok(listeners) => Parent::Attached { gateway: id, listeners },
            Err(refused) => Parent::Refused(refused(id)),
        }
    }

    /// The listeners that take a route, each as far as it goes: by name and port, kind, namespace and host.
    fn listeners(
        &mut self,
        route: &'c GatewayRoute,
        parent: &ParentRef,
        id: usize,
    ) -> Result<Vec<Attachment>, impl FnOnce(usize) -> Refusal + use<>> {
        let kind = route.meta.group_kind();
        let gateway = &self.cluster.gateways[id];
        // The furthest that any listener got, and the first that got there.
        let (mut furthest, mut first) = (0, None);
        let mut taken = Vec::new();
        // No two listeners of a valid Gateway have the same name.
        let most = if parent.section.value.is_empty() { MOST_LISTENERS } else { 1 };
        let listeners = gateway.listeners.iter().enumerate().take(MOST_LISTENERS);
        for (place, listener) in listeners.filter(|(_, listener)| is_meant(parent, listener)).take(most) {
            let sure = self.takes_namespace((id, place), &route.meta.namespace);
            let (got, attachment) = match sure {
                _ if !listener.takes_kind(kind) => (1, None),
                Some(false) => (2, None),
                _ => {
                    let hosts = hosts(route, listener);
                    let is_sure = sure.is_some();
                    (3, (!hosts.is_empty()).then_some(Attachment { listener: place, hosts, is_sure }))
                }
            };
            if got > furthest {
                (furthest, first) = (got, Some(place));
            }
            taken.extend(attachment);
        }
        if !taken.is_empty() {
            return Ok(taken);
        }
        let near = near_listener(parent, gateway);
        Err(move |id| match (furthest, first) {
            (1, Some(first)) => Refusal::Kind(id, first),
            (2, Some(first)) => Refusal::Namespace(id, first),
            (3, Some(first)) => Refusal::Hosts(id, first),
            _ => Refusal::NoSuchListener(id, near),
        })
    }

    /// Whether a listener takes routes from a namespace; `None` where its labels, which decide, are not in the upload.
    fn takes_namespace(&mut self, (id, place): (usize, usize), namespace: &'c str) -> Option<bool> {
        let gateway = &self.cluster.gateways[id];
        let listener = &gateway.listeners[place];
        match listener.from.value.as_str() {
            "" | "Same" => Some(gateway.meta.namespace == namespace),
            "All" => Some(true),
            "Selector" => {
                let selector = listener.selector.as_ref()?;
                let namespaces = &self.namespaces;
                let selects = || selects(selector, namespace, namespaces.get(namespace).copied());
                *self.selected.entry((id, place, namespace)).or_insert_with(selects)
            }
            _ => None,
        }
    }

    fn near(&mut self, namespace: &'c str, name: &'c str) -> Option<usize> {
        if self.misspelt.len() == MOST_MISSPELT {
            return self.misspelt.get(&(namespace, name)).copied().flatten();
        }
        let cluster = self.cluster;
        let names = cluster.gateways_in(namespace).iter().take(MOST_MISSPELT);
        *self.misspelt.entry((namespace, name)).or_insert_with(|| {
            let near = nearest(name, names.map(|id| cluster.gateways[*id].meta.name.value.as_str()))?;
            cluster.gateway(namespace, near)
        })
    }
}

/// Whether a selector picks a namespace; `None` where its labels, which decide, are not in the upload.
fn selects(selector: &LabelSelector, namespace: &str, known: Option<&Meta>) -> Option<bool> {
    /// Kubernetes itself gives every namespace this label.
    const NAME: &str = "kubernetes.io/metadata.name";
    let mut labels = known.map(|meta| meta.labels.clone()).unwrap_or_default();
    labels.0.retain(|label| label.key() != NAME);
    let nowhere = Span::default();
    labels.push((NAME, nowhere), (namespace, nowhere));
    let first = selector.mismatch(&labels);
    match (known, first) {
        (_, None) => Some(true),
        (Some(_), Some(_)) | (None, Some((NAME, _))) => Some(false),
        (None, Some(_)) => None,
    }
}

/// Whether a parent means a listener: by `sectionName` and `port`, as far as they are written.
fn is_meant(parent: &ParentRef, listener: &Listener) -> bool {
    (parent.section.value.is_empty() || parent.section.value == listener.name.value)
        && (parent.port.value == 0 || parent.port.value == listener.port.value)
}

/// The listener that a name or port which none has was probably meant for.
fn near_listener(parent: &ParentRef, gateway: &Gateway) -> Option<usize> {
    let listeners = &gateway.listeners;
    let named = |name: &str| listeners.iter().position(|listener| listener.name.value == name);
    let enough = listeners.iter().take(ENOUGH).map(|listener| listener.name.value.as_str());
    let near = nearest(&parent.section.value, enough);
    near.and_then(named).or_else(|| (listeners.len() == 1).then_some(0))
}

/// The hosts for which a listener sends requests by a route: those that both have.
fn hosts(route: &GatewayRoute, listener: &Listener) -> Vec<String> {
    let by_host = matches!(listener.speaks(), Speaks::Http | Speaks::Https | Speaks::Tls | Speaks::Other);
    if !by_host || matches!(route.meta.kind.as_str(), "TCPRoute" | "UDPRoute") {
        return vec![String::new()];
    }
    if route.hostnames.is_empty() {
        return vec![listener.hostname.value.clone()];
    }
    route
        .hostnames
        .iter()
        .filter_map(|host| meet(&listener.hostname.value, &host.value))
        .map(str::to_owned)
        .collect()
}
