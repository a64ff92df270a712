//! Which pods a selector picks.

use crate::cluster::{Cluster, From, PodSet};
use crate::kinds::service::Service;
use crate::kinds::workload::{POD_INDEX_LABEL, Workload, is_own_label, ordinal_after};
use crate::labels::{Label, ServiceSelector};

/// Some pods that a selector picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Picked {
    /// The pods, by their place in [`Cluster::sets`].
    pub set: u32,
    /// The one pod of a `StatefulSet` that was picked by its own name or index.
    pub ordinal: Option<u32>,
}

/// The pods that a Service selects, and of those the ones that ask for no pod at the moment.
pub fn of(cluster: &Cluster, service: &Service) -> (Vec<Picked>, Vec<Picked>) {
    if service.is_external_name() {
        return Default::default();
    }
    select(cluster, &service.meta.namespace, &service.selector)
}

/// The pods of a namespace that a selector picks, and of those the ones that ask for no pod at the moment.
pub fn select(cluster: &Cluster, namespace: &str, selector: &ServiceSelector) -> (Vec<Picked>, Vec<Picked>) {
    if selector.0.is_empty() {
        return Default::default();
    }
    let (own, common): (Vec<&Label>, Vec<&Label>) =
        selector.0.iter().partition(|label| is_own_label(label.key()));
    // With no pair in common every pod of the namespace is looked at, which only Services for single pods ask for.
    let mut candidates = cluster.in_namespace(namespace);
    // That pair all candidates carry.
    let mut carried = None;
    for (at, label) in common.iter().enumerate() {
        let carriers = cluster.with_label(namespace, label.key(), label.value());
        if carriers.len() <= candidates.len() {
            (candidates, carried) = (carriers, Some(at));
        }
    }
    let others = || common.iter().enumerate().filter(|(at, _)| Some(*at) != carried).map(|(_, label)| label);
    let mut selected = Vec::new();
    let mut dormant = Vec::new();
    for picked in candidates.iter().filter_map(|id| pick(cluster, *id, &own, others())) {
        let to = if cluster.sets[picked.set as usize].replicas == 0 { &mut dormant } else { &mut selected };
        to.push(picked);
    }
    // It is kept for as many Services as select these pods.
    selected.shrink_to_fit();
    (selected, dormant)
}

/// Some pods, where they carry labels that all of them have in common and such as each has for itself.
pub(super) fn pick<'l>(
    cluster: &Cluster,
    id: u32,
    own: &[&Label],
    mut common: impl Iterator<Item = &'l &'l Label>,
) -> Option<Picked> {
    let set = &cluster.sets[id as usize];
    if !common.all(|label| set.labels(cluster).get(label.key()) == Some(label.value())) {
        return None;
    }
    let ordinal = if own.is_empty() { None } else { only_pod(cluster, set, own)? };
    Some(Picked { set: id, ordinal })
}

/// The pod of a set that carries the labels which each pod of a `StatefulSet` has for itself; `Some(None)` for a pod
/// that carries them in writing.
#[expect(
    clippy::option_option,
    reason = "no such pod, a pod with a name in writing, and a numbered pod are three answers"
)]
fn only_pod(cluster: &Cluster, set: &PodSet, own: &[&Label]) -> Option<Option<u32>> {
    if own.iter().all(|label| set.labels(cluster).get(label.key()) == Some(label.value())) {
        return Some(None);
    }
    let From::Template(id) = set.from else { return None };
    let workload = &cluster.workloads[id];
    let first = workload.first_ordinal?;
    let mut found = None;
    for label in own {
        let ordinal = ordinal_of(workload, label)?;
        let exists = set.replicas == 0 || (first..first.saturating_add(set.replicas)).contains(&ordinal);
        if !exists || found.is_some_and(|other| other != ordinal) {
            return None;
        }
        found = Some(ordinal);
    }
    found.map(Some)
}

/// The ordinal that a pod of this `StatefulSet` must have to carry the label.
fn ordinal_of(workload: &Workload, label: &Label) -> Option<u32> {
    if label.key() == POD_INDEX_LABEL {
        // Kubernetes writes ordinals without a sign or leading zeros.
        label.value().parse::<u32>().ok().filter(|ordinal| ordinal.to_string() == label.value())
    } else {
        ordinal_after(label.value(), &workload.meta.name.value)
    }
}

impl Picked {
    /// How many pods these are.
    pub fn replicas(self, cluster: &Cluster) -> u32 {
        if self.ordinal.is_some() { 1 } else { cluster.sets[self.set as usize].replicas }
    }

    /// The name of the pod, where it is one whose name is known.
    pub fn pod_name(self, cluster: &Cluster) -> Option<String> {
        let set = &cluster.sets[self.set as usize];
        match self.ordinal {
            Some(ordinal) => Some(format!("{}-{ordinal}", set.meta(cluster).name.value)),
            None => set.pod_name(cluster).map(str::to_owned),
        }
    }
}
