//! The objects of one upload as one cluster: each once, its pods counted once, indexed for looking up.

mod gateways;
mod index;
mod most;
mod sets;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::kinds::Object;
use crate::kinds::endpoint_slice::EndpointSlice;
use crate::kinds::gateway::Gateway;
use crate::kinds::gateway_route::GatewayRoute;
use crate::kinds::ingress::Ingress;
use crate::kinds::ingress_class::IngressClass;
use crate::kinds::meta::{Meta, Owner};
use crate::kinds::network_policy::NetworkPolicy;
use crate::kinds::node::ClusterNode;
use crate::kinds::pod::Pod;
use crate::kinds::reference_grant::ReferenceGrant;
use crate::kinds::service::Service;
use crate::kinds::workload::Workload;
use crate::labels::Labels;
use crate::names::{GroupKind, ObjectRef, Short};
use crate::source::Span;

use gateways::{Granted, granted};
use index::{ByHash, ByLabel, ByName, Carriers};
use sets::pod_sets;
pub use sets::{From, Observed, PodSet};

/// Whether pods' status is made up or taken from the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Manifests: every pod runs and is ready unless a probe keeps it from that, addresses are unknown.
    #[default]
    Assumed,
    /// A dump of a live cluster: status is taken at its word.
    Observed,
}

/// The objects of one upload.
#[derive(Debug, Default)]
pub struct Cluster {
    /// Whether status was taken at its word.
    pub state: State,
    /// The Services, in the order of the upload.
    pub services: Vec<Service>,
    /// The Ingresses, in the order of the upload.
    pub ingresses: Vec<Ingress>,
    /// The `IngressClass`es.
    pub ingress_classes: Vec<IngressClass>,
    /// The Gateways, in the order of the upload.
    pub gateways: Vec<Gateway>,
    /// The routes that are attached to Gateways, in the order of the upload.
    pub gateway_routes: Vec<GatewayRoute>,
    /// The `ReferenceGrant`s.
    pub grants: Vec<ReferenceGrant>,
    /// The `NetworkPolicy`s, in the order of the upload.
    pub network_policies: Vec<NetworkPolicy>,
    /// The workloads, in the order of the upload.
    pub workloads: Vec<Workload>,
    /// The Pods, in the order of the upload; in the boxes in which they are read, as there are too many to copy.
    pub pods: Vec<Box<Pod>>,
    /// The Nodes.
    pub nodes: Vec<ClusterNode>,
    /// The Namespaces.
    pub namespaces: Vec<Meta>,
    /// The `EndpointSlice`s, and Endpoints as the slices that they are mirrored to; in the order of the upload.
    pub slices: Vec<EndpointSlice>,
    /// The pods that the wiring sees: bare ones, dumped ones, and those that workloads will make.
    pub sets: Vec<PodSet>,
    /// Objects that stand in the upload more than once: the one that lost, and the last, which won.
    pub repeated: Vec<(ObjectRef, Span, Span)>,
    /// The places in `carriers` of those that carry a label, by namespace, key and value.
    by_label: ByHash,
    carriers: Vec<Carriers>,
    by_namespace: FxHashMap<String, Vec<u32>>,
    services_by_name: ByName,
    gateways_by_name: ByName,
    nodes_by_name: ByName,
    nodes_by_label: ByLabel,
    grants_by_name: ByName,
    granted: FxHashSet<Granted>,
    slices_by_service: FxHashMap<(Short, Short), Vec<u32>>,
    workload_by_name: FxHashMap<(Short, Owner), usize>,
}

/// By what an object is told apart from all others.
fn full_name(meta: &Meta) -> (GroupKind<'_>, &str, &str) {
    (meta.group_kind(), &meta.namespace, &meta.name.value)
}

impl Cluster {
    /// Puts objects together. `state` is `None` for "taken from the upload where it carries any".
    pub fn new(objects: Vec<Object>, state: Option<State>) -> Self {
        let mut cluster = Self::default();
        let objects = cluster.last_of_each(objects);
        // By far the most of what a cluster has, so that growing would take as much again.
        cluster.pods.reserve_exact(objects.iter().filter(|object| matches!(object, Object::Pod(_))).count());
        for object in objects {
            match object {
                Object::Service(service) => cluster.services.push(*service),
                Object::Ingress(ingress) => cluster.ingresses.push(*ingress),
                Object::IngressClass(class) => cluster.ingress_classes.push(*class),
                Object::Gateway(gateway) => cluster.gateways.push(*gateway),
                Object::GatewayRoute(route) => cluster.gateway_routes.push(*route),
                Object::ReferenceGrant(grant) => cluster.grants.push(*grant),
                Object::NetworkPolicy(policy) => cluster.network_policies.push(*policy),
                Object::Pod(pod) => cluster.pods.push(pod),
                Object::Workload(workload) => cluster.workloads.push(*workload),
                Object::Node(node) => cluster.nodes.push(*node),
                Object::Namespace(meta) => cluster.namespaces.push(*meta),
                Object::EndpointSlice(slice) => cluster.slices.push(*slice),
                Object::Endpoints(endpoints) => {
                    let meta = endpoints.meta;
                    let mirrored = endpoints.mirrored.into_iter();
                    cluster
                        .slices
                        .extend(mirrored.map(|slice| EndpointSlice { meta: meta.clone(), ..slice }));
                }
            }
        }
        let observed = cluster.pods.iter().any(|pod| pod.status.observed);
        cluster.state = state.unwrap_or(if observed { State::Observed } else { State::Assumed });
        cluster.sets = pod_sets(&cluster);
        cluster.index();
        cluster
    }

    /// Of objects with the same name the last wins, in the place of the first, as `kubectl apply` would leave it.
    fn last_of_each(&mut self, objects: Vec<Object>) -> Vec<Object> {
        let mut places = ByHash::with_room(objects.len());
        // For every place, which object stands there.
        let mut kept: Vec<usize> = Vec::with_capacity(objects.len());
        for (at, object) in objects.iter().enumerate() {
            let meta = object.meta();
            if meta.name.value.is_empty() {
                kept.push(at);
                continue;
            }
            let name = full_name(meta);
            let is_it = |place: u32| full_name(objects[kept[place as usize]].meta()) == name;
            if let Some(place) = places.find_or_put(name, kept.len() as u32, is_it) {
                let stands = &mut kept[place as usize];
                self.repeated.push((meta.reference(), objects[*stands].meta().head(), meta.head()));
                *stands = at;
            } else {
                kept.push(at);
            }
        }
        drop(places);
        if self.repeated.is_empty() {
            return objects;
        }
        let mut objects: Vec<Option<Object>> = objects.into_iter().map(Some).collect();
        kept.into_iter().filter_map(|at| objects[at].take()).collect()
    }

    fn index(&mut self) {
        let mut by_label = ByHash::default();
        let mut carriers: Vec<Carriers> = Vec::new();
        let mut by_namespace: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (id, set) in self.sets.iter().enumerate() {
            let namespace = set.namespace.as_str();
            match by_namespace.get_mut(namespace) {
                Some(sets) => sets.push(id as u32),
                None => _ = by_namespace.insert(namespace.to_owned(), vec![id as u32]),
            }
            for (key, value) in set.labels(self).pairs() {
                let carry = |at: u32| carriers[at as usize].carry(namespace, key, value);
                match by_label.find_or_put((namespace, key, value), carriers.len() as u32, carry) {
                    Some(at) => carriers[at as usize].sets.push(id as u32),
                    None => carriers.push(Carriers::new(namespace, key, value, id as u32)),
                }
            }
        }
        (self.by_label, self.carriers, self.by_namespace) = (by_label, carriers, by_namespace);
        self.services_by_name = ByName::new(self.services.iter().map(|service| &service.meta));
        self.nodes_by_name = ByName::new(self.nodes.iter().map(|node| &node.meta));
        self.nodes_by_label = ByLabel::new(self.nodes.iter().map(|node| &node.meta.labels));
        self.gateways_by_name = ByName::new(self.gateways.iter().map(|gateway| &gateway.meta));
        self.grants_by_name = ByName::new(self.grants.iter().map(|grant| &grant.meta));
        self.granted = self.grants.iter().flat_map(ReferenceGrant::crossings).map(granted).collect();
        for (id, workload) in self.workloads.iter().enumerate() {
            let meta = &workload.meta;
            let name = Owner { kind: meta.kind.to_string(), name: meta.name.value.clone() };
            self.workload_by_name.insert((meta.namespace.clone(), name), id);
        }
        for (id, slice) in self.slices.iter().enumerate().filter(|(_, slice)| !slice.service.value.is_empty())
        {
            let key = (slice.meta.namespace.clone(), slice.service.value.clone());
            self.slices_by_service.entry(key).or_default().push(id as u32);
        }
    }

    /// The heads of all objects of which rules have something to say.
    pub fn metas(&self) -> impl Iterator<Item = &Meta> {
        let services = self.services.iter().map(|service| &service.meta);
        let ingresses = self.ingresses.iter().map(|ingress| &ingress.meta);
        let workloads = self.workloads.iter().map(|workload| &workload.meta);
        let pods = self.pods.iter().map(|pod| &pod.meta);
        let slices = self.slices.iter().map(|slice| &slice.meta);
        let gateways = self.gateways.iter().map(|gateway| &gateway.meta);
        let routes = self.gateway_routes.iter().map(|route| &route.meta);
        let doors = ingresses.chain(gateways).chain(routes);
        services.chain(doors).chain(workloads).chain(pods).chain(slices)
    }

    /// How many pods there are: real ones, and those that workloads ask for.
    pub fn pod_count(&self) -> u64 {
        self.sets.iter().map(|set| u64::from(set.replicas)).sum()
    }

    /// The pods of a namespace that carry a label.
    pub fn with_label(&self, namespace: &str, key: &str, value: &str) -> &[u32] {
        let carry = |at: u32| self.carriers[at as usize].carry(namespace, key, value);
        let found = self.by_label.find((namespace, key, value), carry);
        found.map_or(&[], |at| &self.carriers[at as usize].sets)
    }

    /// The pods of a namespace.
    pub fn in_namespace(&self, namespace: &str) -> &[u32] {
        self.by_namespace.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The namespaces that have pods, in the order of their names.
    pub fn pod_namespaces(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.by_namespace.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The Nodes of a name, by their places in [`Cluster::nodes`].
    pub fn nodes_named(&self, name: &str) -> &[usize] {
        self.nodes_by_name.named(name)
    }

    /// The Nodes that carry all of some labels, by their places in [`Cluster::nodes`].
    pub fn nodes_with<'c>(&'c self, labels: &'c Labels) -> impl Iterator<Item = usize> + 'c {
        let among = self.nodes_by_label.among(labels);
        let count = among.map_or(self.nodes.len(), <[usize]>::len);
        let ids = (0..count).map(move |at| among.map_or(at, |among| among[at]));
        ids.filter(|id| self.nodes[*id].meta.labels.contains_all(labels))
    }

    /// The Service of a namespace and name, by its place in [`Cluster::services`].
    pub fn service(&self, namespace: &str, name: &str) -> Option<usize> {
        self.services_by_name.one(namespace, name)
    }

    /// The Services of a namespace, by their places in [`Cluster::services`].
    pub fn services_in(&self, namespace: &str) -> &[usize] {
        self.services_by_name.within(namespace)
    }

    /// The Services of a name, in whichever namespace, by their places in [`Cluster::services`].
    pub fn services_named(&self, name: &str) -> &[usize] {
        self.services_by_name.named(name)
    }

    /// The workload that made an object, where it is in the upload, by its place in [`Cluster::workloads`].
    pub fn maker(&self, made: &Meta) -> Option<usize> {
        self.workload_by_name.get(&(made.namespace.clone(), made.rest.owner.clone()?)).copied()
    }

    /// The slices that speak for the Service of a namespace and name, by their places in [`Cluster::slices`].
    pub fn slices_of(&self, namespace: &str, name: &str) -> &[u32] {
        if self.slices.is_empty() {
            return &[];
        }
        let key = (namespace.into(), name.into());
        self.slices_by_service.get(&key).map_or(&[], Vec::as_slice)
    }
}
