//! What a selector that picks nobody was probably meant to pick.

use crate::cluster::{Cluster, From, PodSet, State};
use crate::kinds::service::Service;
use crate::kinds::workload::{Workload, is_own_label};
use crate::labels::Label;
use crate::names::nearly_equal;

use super::Nobody;

/// The nearest thing to what a selector asks for. `label` is a place in the selector, `set` one in [`Cluster::sets`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NearMiss {
    /// Every other pair is there, and this one nearly is.
    OneLabelOff {
        /// The pair that differs.
        label: usize,
        /// The pods that nearly carry it.
        set: u32,
    },
    /// Pods of another namespace carry the whole selector.
    OtherNamespace {
        /// Those pods.
        set: u32,
    },
    /// The workload itself carries the whole selector, its pod template does not.
    WorkloadLabels {
        /// Its pods.
        set: u32,
    },
    /// Every other pair is there; this key is on no pod of the namespace, so something may add it at run time.
    KeyAbsent {
        /// The pair that is absent.
        label: usize,
        /// The pods that carry all others.
        set: u32,
    },
    /// Every other pair is there; this key has another value altogether.
    OtherValue {
        /// The pair that differs.
        label: usize,
        /// The pods that carry all others.
        set: u32,
    },
}

/// Why a selector of a Service picks nobody.
pub fn nobody_selected(cluster: &Cluster, service: &Service) -> Nobody {
    let namespace = &service.meta.namespace;
    let here = cluster.in_namespace(namespace);
    let makes = |workload: &Workload| {
        workload.meta.namespace == *namespace && service.selector.matches(&workload.pod_labels)
    };
    if cluster.state == State::Observed && cluster.workloads.iter().any(makes) {
        return Nobody::OutsideUpload;
    }
    let elsewhere = || other_namespace(cluster, service).map(|set| NearMiss::OtherNamespace { set });
    if here.is_empty() {
        return elsewhere().map_or(Nobody::OutsideUpload, |miss| Nobody::NoPodSelected(Some(miss)));
    }
    let miss = one_off(cluster, service, here);
    let sure = matches!(miss, Some(NearMiss::OneLabelOff { .. } | NearMiss::WorkloadLabels { .. }));
    Nobody::NoPodSelected(if sure { miss } else { elsewhere().or(miss) })
}

/// Pods of another namespace that carry the whole selector, by the index: the fewest carriers of any one pair are looked at.
fn other_namespace(cluster: &Cluster, service: &Service) -> Option<u32> {
    let first = service.selector.0.iter().next()?;
    let namespaces = cluster.pod_namespaces().into_iter().filter(|name| *name != service.meta.namespace);
    namespaces.into_iter().find_map(|namespace| {
        let carriers = cluster.with_label(namespace, &first.key, &first.value);
        carriers
            .iter()
            .copied()
            .find(|&id| service.selector.matches(cluster.sets[id as usize].labels(cluster)))
    })
}

/// The pods of the namespace that miss one pair alone: first those that nearly have it.
fn one_off(cluster: &Cluster, service: &Service, here: &[u32]) -> Option<NearMiss> {
    let pairs = &service.selector.0.0;
    let mut best: Option<(u8, NearMiss)> = None;
    for &id in &candidates(cluster, service, here) {
        let set = &cluster.sets[id as usize];
        let labels = set.labels(cluster);
        if workload_carries(cluster, set, service) {
            best = better(best, 1, NearMiss::WorkloadLabels { set: id });
        }
        let mut missing =
            pairs.iter().enumerate().filter(|(_, pair)| labels.get(&pair.key) != Some(&pair.value));
        let (Some((label, pair)), None) = (missing.next(), missing.next()) else { continue };
        let miss = match near_value(labels.iter(), pair) {
            Some(true) => (0, NearMiss::OneLabelOff { label, set: id }),
            Some(false) => (3, NearMiss::OtherValue { label, set: id }),
            None if pairs.len() > 1 => (2, NearMiss::KeyAbsent { label, set: id }),
            None => continue,
        };
        best = better(best, miss.0, miss.1);
    }
    best.map(|(_, miss)| miss)
}

fn better(best: Option<(u8, NearMiss)>, rank: u8, miss: NearMiss) -> Option<(u8, NearMiss)> {
    match best {
        Some((other, _)) if other <= rank => best,
        _ => Some((rank, miss)),
    }
}

/// Whether some label nearly is the pair: its value a slip away, or its key. `None` where the key is absent altogether.
fn near_value<'l>(mut labels: impl Iterator<Item = &'l Label> + Clone, pair: &Label) -> Option<bool> {
    if is_own_label(&pair.key) {
        return Some(false);
    }
    if let Some(label) = labels.clone().find(|label| label.key == pair.key) {
        return Some(nearly_equal(&label.value, &pair.value));
    }
    labels.any(|label| label.value == pair.value && label.key.eq_ignore_ascii_case(&pair.key)).then_some(true)
}

/// Pods that carry all pairs but one are among those that carry any one of two; with a single pair all are looked at.
fn candidates(cluster: &Cluster, service: &Service, here: &[u32]) -> Vec<u32> {
    const ENOUGH: usize = 500;
    let pairs = &service.selector.0.0;
    let mut ids: Vec<u32> = Vec::new();
    if pairs.len() > 1 {
        let mut carriers: Vec<&[u32]> = pairs
            .iter()
            .map(|pair| cluster.with_label(&service.meta.namespace, &pair.key, &pair.value))
            .collect();
        carriers.sort_by_key(|ids| ids.len());
        for list in carriers.iter().take(2) {
            ids.extend(list.iter().take(ENOUGH));
        }
    }
    // The pods of workloads that carry the labels themselves share none of them.
    ids.extend(here.iter().take(ENOUGH));
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn workload_carries(cluster: &Cluster, set: &PodSet, service: &Service) -> bool {
    let From::Template(id) = set.from else { return false };
    service.selector.matches(&cluster.workloads[id].meta.labels)
}
