//! The pods of a cluster, each counted once: real Pods stand for their owners, templates for what is not there yet.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Cluster, State};
use crate::kinds::meta::{Meta, Owner};
use crate::kinds::pod::{Container, Pod, PodSpec};
use crate::kinds::probe::Probe;
use crate::kinds::workload::Workload;
use crate::labels::Labels;
use crate::names::Short;

/// A pod, or some pods that are alike in all that the wiring sees.
#[derive(Debug)]
pub struct PodSet {
    /// Their namespace.
    pub namespace: Short,
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

    /// Whether they may be endpoints at all: as far as is known, they have not ended.
    pub fn lives(&self) -> bool {
        self.observed.as_ref().is_none_or(|observed| observed.lives)
    }

    /// Whether the cluster has given them no IP so far, and so they are no endpoints yet.
    pub fn waits_for_ip(&self) -> bool {
        self.observed.as_ref().is_some_and(|observed| observed.lives && observed.ips.is_empty())
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
pub(super) fn pod_sets(cluster: &Cluster) -> Vec<PodSet> {
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
        let own = Owner { kind: meta.kind.to_string(), name: meta.name.value.clone() };
        let top = owners.topmost(&meta.namespace, own.clone());
        let counted_above = top != own && owners.contains(&meta.namespace, &top);
        if counted_above || dumped.contains(&(meta.namespace.as_str(), top.clone())) {
            continue;
        }
        let template = match &workload.borrows {
            None => Some(id),
            Some(lender) => owners.place(&meta.namespace, lender),
        };
        let Some(template) = template else { continue };
        sets.push(PodSet {
            namespace: meta.namespace.clone(),
            from: From::Template(template),
            owner: Some(top),
            replicas: workload.replicas.value,
            observed: None,
        });
    }
    sets
}

/// Who owns whom among the workloads of an upload.
struct Owners<'c> {
    /// By namespace, kind and name: the place in [`Cluster::workloads`], and the owner.
    parents: FxHashMap<(&'c str, &'c str, &'c str), (usize, Option<&'c Owner>)>,
}

impl<'c> Owners<'c> {
    fn new(cluster: &'c Cluster) -> Self {
        let parent = |(id, workload): (usize, &'c Workload)| {
            let meta = &workload.meta;
            let name = (meta.namespace.as_str(), meta.kind.as_str(), meta.name.value.as_str());
            (name, (id, meta.rest.owner.as_ref()))
        };
        Self { parents: cluster.workloads.iter().enumerate().map(parent).collect() }
    }

    fn contains(&self, namespace: &str, owner: &Owner) -> bool {
        self.parents.contains_key(&(namespace, owner.kind.as_str(), owner.name.as_str()))
    }

    /// The place of a workload that is in the upload.
    fn place(&self, namespace: &str, owner: &Owner) -> Option<usize> {
        self.parents.get(&(namespace, owner.kind.as_str(), owner.name.as_str())).map(|(id, _)| *id)
    }

    /// Follows `ownerReferences` upwards, as far as the upload knows them.
    fn topmost(&self, namespace: &str, from: Owner) -> Owner {
        let mut owner = &from;
        for _ in 0..8 {
            match self.parents.get(&(namespace, owner.kind.as_str(), owner.name.as_str())) {
                Some((_, Some(parent))) if **parent != from => owner = parent,
                // Owners cannot form a ring in a cluster, but they can in a file: then each stands for itself.
                Some((_, Some(_))) => return from,
                _ => break,
            }
        }
        owner.clone()
    }

    fn topmost_of_pod(&self, pod: &Pod) -> Option<Owner> {
        let direct = pod.meta.rest.owner.clone()?;
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
        Some(Owner { kind: kind.to_owned(), name: name.into() })
    })
}
