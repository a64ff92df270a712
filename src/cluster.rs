//! The objects of one upload as one cluster: each once, its pods counted once, indexed for looking up.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::kinds::Object;
use crate::kinds::endpoint_slice::EndpointSlice;
use crate::kinds::ingress::Ingress;
use crate::kinds::meta::{Meta, Owner};
use crate::kinds::node::ClusterNode;
use crate::kinds::pod::{Container, Pod, PodSpec};
use crate::kinds::probe::Probe;
use crate::kinds::service::Service;
use crate::kinds::workload::{self, Workload};
use crate::labels::Labels;
use crate::names::ObjectRef;
use crate::source::Span;

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
    /// The workloads, in the order of the upload.
    pub workloads: Vec<Workload>,
    /// The Pods, in the order of the upload.
    pub pods: Vec<Pod>,
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
    by_label: FxHashMap<LabelKey, Vec<u32>>,
    by_namespace: FxHashMap<String, Vec<u32>>,
    service_by_name: FxHashMap<(String, String), usize>,
    services_in: FxHashMap<String, Vec<usize>>,
    services_named: FxHashMap<String, Vec<usize>>,
    slices_by_service: FxHashMap<(String, String), Vec<u32>>,
    workload_by_name: FxHashMap<(String, Owner), usize>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct LabelKey {
    namespace: String,
    key: String,
    value: String,
}

/// A pod, or some pods that are alike in all that the wiring sees.
#[derive(Debug)]
pub struct PodSet {
    /// Their namespace.
    pub namespace: String,
    /// What they were read from.
    pub from: From,
    /// The topmost owner: the Deployment rather than its `ReplicaSet`. A bare Pod has none.
    pub owner: Option<Owner>,
    /// How many pods.
    pub replicas: u32,
    /// What the cluster says of them; `None` where it is assumed that they run, and are ready if they can be.
    pub observed: Option<Observed>,
}

/// Where a [`PodSet`] was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// A Pod, by its place in [`Cluster::pods`].
    Pod(usize),
    /// The template of a workload, by its place in [`Cluster::workloads`].
    Template(usize),
}

/// A pod's status as the cluster tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Whether it may be an endpoint at all: its phase is neither Succeeded nor Failed.
    pub lives: bool,
    /// Its addresses.
    pub ips: Vec<String>,
    /// Whether its condition `Ready` is `True`.
    pub ready: bool,
    /// Whether it is being deleted.
    pub terminating: bool,
}

impl Cluster {
    /// Puts objects together. `state` is `None` for "taken from the upload where it carries any".
    pub fn new(objects: Vec<Object>, state: Option<State>) -> Self {
        let mut cluster = Self::default();
        for object in cluster.last_of_each(objects) {
            match object {
                Object::Service(service) => cluster.services.push(*service),
                Object::Ingress(ingress) => cluster.ingresses.push(*ingress),
                Object::Pod(pod) => cluster.pods.push(*pod),
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
        let mut places: FxHashMap<(String, String, String, String), usize> = FxHashMap::default();
        let mut kept: Vec<Object> = Vec::with_capacity(objects.len());
        for object in objects {
            let meta = object.meta();
            if meta.name.value.is_empty() {
                kept.push(object);
                continue;
            }
            let group_kind = meta.group_kind();
            let key = (
                group_kind.group.to_owned(),
                group_kind.kind.to_owned(),
                meta.namespace.clone(),
                meta.name.value.clone(),
            );
            if let Some(&place) = places.get(&key) {
                self.repeated.push((meta.reference(), kept[place].meta().head(), meta.head()));
                kept[place] = object;
            } else {
                places.insert(key, kept.len());
                kept.push(object);
            }
        }
        kept
    }

    fn index(&mut self) {
        let mut by_label: FxHashMap<LabelKey, Vec<u32>> = FxHashMap::default();
        for (id, set) in self.sets.iter().enumerate() {
            self.by_namespace.entry(set.namespace.clone()).or_default().push(id as u32);
            for label in set.labels(self) {
                let key = LabelKey {
                    namespace: set.namespace.clone(),
                    key: label.key.clone(),
                    value: label.value.clone(),
                };
                by_label.entry(key).or_default().push(id as u32);
            }
        }
        self.by_label = by_label;
        for (id, service) in self.services.iter().enumerate() {
            let meta = &service.meta;
            self.service_by_name.insert((meta.namespace.clone(), meta.name.value.clone()), id);
            self.services_in.entry(meta.namespace.clone()).or_default().push(id);
            self.services_named.entry(meta.name.value.clone()).or_default().push(id);
        }
        for (id, workload) in self.workloads.iter().enumerate() {
            let meta = &workload.meta;
            let name = Owner { kind: meta.kind.clone(), name: meta.name.value.clone() };
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
        services.chain(ingresses).chain(workloads).chain(pods).chain(slices)
    }

    /// How many pods there are: real ones, and those that workloads ask for.
    pub fn pod_count(&self) -> u64 {
        self.sets.iter().map(|set| u64::from(set.replicas)).sum()
    }

    /// At least as many endpoints as the Services have together, found without looking at pods.
    pub fn most_endpoints(&self) -> u64 {
        let of = |service: &Service| {
            let namespace = &service.meta.namespace;
            let carriers = service.selector.0.iter().filter(|label| !workload::is_own_label(&label.key));
            let fewest =
                carriers.map(|label| self.with_label(namespace, &label.key, &label.value).len()).min();
            let pods = match fewest {
                Some(fewest) => fewest,
                None if service.selector.0.is_empty() => 0,
                None => self.in_namespace(namespace).len(),
            };
            let slices = self.slices_of(namespace, &service.meta.name.value).iter();
            let listed = slices.map(|id| &self.slices[*id as usize]).filter(|slice| {
                // What is kept for a selector says again what that selects.
                service.selector.0.is_empty() || !(slice.is_of_selector() || slice.meta.kind == "Endpoints")
            });
            let listed: usize = listed.map(|slice| slice.endpoints.len()).sum();
            (pods + listed) as u64 * service.ports.len().max(1) as u64
        };
        self.services.iter().map(of).sum()
    }

    /// The pods of a namespace that carry a label.
    pub fn with_label(&self, namespace: &str, key: &str, value: &str) -> &[u32] {
        let key = LabelKey { namespace: namespace.to_owned(), key: key.to_owned(), value: value.to_owned() };
        self.by_label.get(&key).map_or(&[], Vec::as_slice)
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

    /// The Service of a namespace and name, by its place in [`Cluster::services`].
    pub fn service(&self, namespace: &str, name: &str) -> Option<usize> {
        self.service_by_name.get(&(namespace.to_owned(), name.to_owned())).copied()
    }

    /// The Services of a namespace, by their places in [`Cluster::services`].
    pub fn services_in(&self, namespace: &str) -> &[usize] {
        self.services_in.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// The Services of a name, in whichever namespace, by their places in [`Cluster::services`].
    pub fn services_named(&self, name: &str) -> &[usize] {
        self.services_named.get(name).map_or(&[], Vec::as_slice)
    }

    /// The workload that made an object, where it is in the upload, by its place in [`Cluster::workloads`].
    pub fn maker(&self, made: &Meta) -> Option<usize> {
        self.workload_by_name.get(&(made.namespace.clone(), made.owner.clone()?)).copied()
    }

    /// The slices that speak for the Service of a namespace and name, by their places in [`Cluster::slices`].
    pub fn slices_of(&self, namespace: &str, name: &str) -> &[u32] {
        if self.slices.is_empty() {
            return &[];
        }
        let key = (namespace.to_owned(), name.to_owned());
        self.slices_by_service.get(&key).map_or(&[], Vec::as_slice)
    }
}

impl PodSet {
    /// The labels of these pods.
    pub fn labels<'c>(&self, cluster: &'c Cluster) -> &'c Labels {
        match self.from {
            From::Pod(pod) => &cluster.pods[pod].meta.labels,
            From::Template(workload) => &cluster.workloads[workload].pod_labels,
        }
    }

    /// What runs in these pods.
    pub fn spec<'c>(&self, cluster: &'c Cluster) -> &'c PodSpec {
        match self.from {
            From::Pod(pod) => &cluster.pods[pod].spec,
            From::Template(workload) => &cluster.workloads[workload].pod_spec,
        }
    }

    /// The probe that keeps these pods from ever being ready, with its container; a cluster's own word goes before.
    pub fn never_ready<'c>(&self, cluster: &'c Cluster) -> Option<(&'c Container, &'c Probe)> {
        if self.observed.is_some() { None } else { self.spec(cluster).never_ready() }
    }

    /// The Pod or workload that they were read from.
    pub fn meta<'c>(&self, cluster: &'c Cluster) -> &'c Meta {
        match self.from {
            From::Pod(pod) => &cluster.pods[pod].meta,
            From::Template(workload) => &cluster.workloads[workload].meta,
        }
    }

    /// The name of the pod, where it is one pod with a name of its own.
    pub fn pod_name<'c>(&self, cluster: &'c Cluster) -> Option<&'c str> {
        match self.from {
            From::Pod(pod) => Some(&cluster.pods[pod].meta.name.value),
            From::Template(_) => None,
        }
    }
}

/// Real Pods stand for their owners; a workload whose owner is in the upload too, or whose Pods are, is not counted again.
fn pod_sets(cluster: &Cluster) -> Vec<PodSet> {
    let owners = Owners::new(cluster);
    let mut sets = Vec::with_capacity(cluster.pods.len() + cluster.workloads.len());
    let mut dumped: FxHashSet<(&str, Owner)> = FxHashSet::default();
    for (id, pod) in cluster.pods.iter().enumerate() {
        let owner = owners.topmost_of_pod(pod);
        if let Some(owner) = &owner {
            dumped.insert((&pod.meta.namespace, owner.clone()));
        }
        let observed = (cluster.state == State::Observed).then(|| Observed {
            lives: !matches!(pod.status.phase.as_deref(), Some("Succeeded" | "Failed")),
            ips: pod.status.ips.clone(),
            ready: pod.status.ready,
            terminating: pod.meta.terminating,
        });
        sets.push(PodSet {
            namespace: pod.meta.namespace.clone(),
            from: From::Pod(id),
            owner,
            replicas: 1,
            observed,
        });
    }
    if cluster.state == State::Observed {
        return sets;
    }
    for (id, workload) in cluster.workloads.iter().enumerate() {
        let meta = &workload.meta;
        let own = Owner { kind: meta.kind.clone(), name: meta.name.value.clone() };
        let top = owners.topmost(&meta.namespace, own.clone());
        let counted_above = top != own && owners.contains(&meta.namespace, &top);
        if counted_above || dumped.contains(&(meta.namespace.as_str(), top.clone())) {
            continue;
        }
        sets.push(PodSet {
            namespace: meta.namespace.clone(),
            from: From::Template(id),
            owner: Some(top),
            replicas: workload.replicas.value,
            observed: None,
        });
    }
    sets
}

/// Who owns whom among the workloads of an upload.
struct Owners<'c> {
    parents: FxHashMap<(&'c str, &'c str, &'c str), Option<&'c Owner>>,
}

impl<'c> Owners<'c> {
    fn new(cluster: &'c Cluster) -> Self {
        let parent = |workload: &'c Workload| {
            let meta = &workload.meta;
            ((meta.namespace.as_str(), meta.kind.as_str(), meta.name.value.as_str()), meta.owner.as_ref())
        };
        Self { parents: cluster.workloads.iter().map(parent).collect() }
    }

    fn contains(&self, namespace: &str, owner: &Owner) -> bool {
        self.parents.contains_key(&(namespace, owner.kind.as_str(), owner.name.as_str()))
    }

    /// Follows `ownerReferences` upwards, as far as the upload knows them.
    fn topmost(&self, namespace: &str, from: Owner) -> Owner {
        let mut owner = &from;
        for _ in 0..8 {
            match self.parents.get(&(namespace, owner.kind.as_str(), owner.name.as_str())) {
                Some(Some(parent)) if **parent != from => owner = parent,
                // Owners cannot form a ring in a cluster, but they can in a file: then each stands for itself.
                Some(Some(_)) => return from,
                _ => break,
            }
        }
        owner.clone()
    }

    fn topmost_of_pod(&self, pod: &Pod) -> Option<Owner> {
        let direct = pod.meta.owner.clone()?;
        let known = self.contains(&pod.meta.namespace, &direct);
        let top = self.topmost(&pod.meta.namespace, direct);
        Some(if known { top } else { maker_of_replica_set(pod, &top).unwrap_or(top) })
    }
}

/// The Deployment (or Rollout) behind a `ReplicaSet` that is not in the upload: the `ReplicaSet`'s name is the Deployment's
/// and the pod's template hash.
///
/// <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label>
fn maker_of_replica_set(pod: &Pod, owner: &Owner) -> Option<Owner> {
    let makers = [("pod-template-hash", "Deployment"), ("rollouts-pod-template-hash", "Rollout")];
    makers.into_iter().filter(|_| owner.kind == "ReplicaSet").find_map(|(label, kind)| {
        let hash = pod.meta.labels.get(label).filter(|hash| !hash.is_empty())?;
        let name = owner.name.strip_suffix(hash)?.strip_suffix('-')?;
        Some(Owner { kind: kind.to_owned(), name: name.to_owned() })
    })
}
