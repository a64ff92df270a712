//! Which network policies are about what comes to which pods. Whether they let it through is not evaluated.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation>

use std::collections::BTreeSet;

use super::{Picked, ServiceWiring, selection};
use crate::cluster::Cluster;
use crate::kinds::network_policy::NetworkPolicy;
use crate::kinds::workload::is_own_label;
use crate::labels::Label;

/// How many pods are looked at for all policies together: what is past that stays without a remark, as a few lines can
/// ask for every pod of a large upload.
const MOST: usize = 1_000_000;

/// The pods that policies select.
#[derive(Debug, Default)]
pub struct NetworkPolicies {
    /// Some pods, and a policy that selects them by its place in [`Cluster::network_policies`]; in this order.
    selected: Vec<(Picked, u32)>,
}

/// The policies that select some pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applying {
    /// The first of them, by its place in [`Cluster::network_policies`].
    pub first: u32,
    /// How many there are.
    pub count: usize,
}

impl NetworkPolicies {
    /// Looks up whom each policy selects.
    pub(super) fn of(cluster: &Cluster) -> Self {
        let mut selected = Vec::new();
        let mut left = MOST;
        for (id, policy) in cluster.network_policies.iter().enumerate().filter(|(_, it)| it.is_ingress) {
            let among = among(cluster, policy);
            let Some(rest) = left.checked_sub(among.iter().map(|sets| sets.len()).sum()) else { continue };
            left = rest;
            let pairs = policy.pod_selector.match_labels.iter();
            let (own, common): (Vec<&Label>, Vec<&Label>) =
                pairs.partition(|label| is_own_label(label.key()));
            let picked = among.into_iter().flatten().filter_map(|set| {
                let labels = cluster.sets[*set as usize].labels(cluster);
                let holds = policy.pod_selector.expressions_hold(labels);
                selection::pick(cluster, *set, &own, common.iter()).filter(|_| holds)
            });
            selected.extend(picked.map(|pods| (pods, id as u32)));
        }
        selected.sort_unstable();
        Self { selected }
    }

    /// Whether no policy selects any pod.
    pub fn is_empty(&self) -> bool {
        self.selected.is_empty()
    }

    /// The policies that select some pods; of pods of a `StatefulSet`, those too that select some of them.
    pub fn to(&self, pods: Picked) -> Option<Applying> {
        let all = self.of_set(pods.set);
        let one = |ordinal| {
            let before = |(at, _): &(Picked, u32)| at.ordinal < ordinal;
            let same = |(at, _): &(Picked, u32)| at.ordinal <= ordinal;
            &all[all.partition_point(before)..all.partition_point(same)]
        };
        let (common, own) = match pods.ordinal {
            None => (all, &all[..0]),
            Some(_) => (one(None), one(pods.ordinal)),
        };
        let (_, first) = *common.first().or(own.first())?;
        Some(Applying { first, count: common.len() + own.len() })
    }

    /// The policies that select any of some pods, each once.
    pub fn to_any(&self, sets: impl Iterator<Item = u32>) -> Option<Applying> {
        let all: BTreeSet<u32> = sets.flat_map(|set| self.of_set(set)).map(|(_, policy)| *policy).collect();
        Some(Applying { first: *all.first()?, count: all.len() })
    }

    fn of_set(&self, set: u32) -> &[(Picked, u32)] {
        let from = self.selected.partition_point(|(at, _)| at.set < set);
        let to = self.selected.partition_point(|(at, _)| at.set <= set);
        &self.selected[from..to]
    }

    /// How many policies are about nobody whom the board shows: they leave incoming traffic alone, or select no pod that
    /// a Service leads to.
    pub fn idle(&self, cluster: &Cluster, services: &[ServiceWiring]) -> usize {
        let mut idle = vec![true; cluster.network_policies.len()];
        let mut is_shown = vec![services.is_empty(); if idle.is_empty() { 0 } else { cluster.sets.len() }];
        for wired in services.iter().filter(|_| !self.is_empty()) {
            let meant = wired.nobody.as_ref().and_then(super::Nobody::meant);
            let picked = wired.selected.iter().chain(&wired.dormant).map(|picked| picked.set);
            picked.chain(meant).for_each(|set| is_shown[set as usize] = true);
        }
        for (pods, policy) in &self.selected {
            idle[*policy as usize] &= !is_shown[pods.set as usize];
        }
        idle.into_iter().filter(|idle| *idle).count()
    }
}

/// The pods among which are all that a policy selects, in lists that have none in common: the carriers of one of its
/// pairs, or of the values that one key may have, else all pods of its namespace.
fn among<'c>(cluster: &'c Cluster, policy: &NetworkPolicy) -> Vec<&'c [u32]> {
    let namespace = &policy.meta.namespace;
    let selector = &policy.pod_selector;
    let pairs = selector.match_labels.iter().filter(|label| !is_own_label(label.key()));
    let of_pairs = pairs.map(|label| vec![cluster.with_label(namespace, label.key(), label.value())]);
    let listing = selector.match_expressions.iter().filter(|it| it.operator == "In" && !it.values.is_empty());
    let of_values = listing.map(|it| {
        let values: BTreeSet<&String> = it.values.iter().collect();
        values.into_iter().map(|value| cluster.with_label(namespace, &it.key, value)).collect()
    });
    let fewest =
        of_pairs.chain(of_values).min_by_key(|lists| lists.iter().map(|sets| sets.len()).sum::<usize>());
    fewest.unwrap_or_else(|| vec![cluster.in_namespace(namespace)])
}

#[cfg(test)]
mod tests;
