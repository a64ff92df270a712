//! Which network policies are about what comes to which pods. Whether they let it through is not evaluated.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation>

use std::collections::BTreeSet;

use super::{Picked, ServiceWiring, selection};
use crate::cluster::{Cluster, From};
use crate::kinds::network_policy::NetworkPolicy;
use crate::kinds::workload::{POD_INDEX_LABEL, POD_NAME_LABEL, is_own_label};
use crate::labels::{Expression, Label};
use crate::source::Span;

/// How many labels are held against how much of a selector, for all policies together. Where more is asked for nothing is
/// said of any policy, as a few lines can ask for every pod of a large upload, and a count of some would be a wrong one.
const MOST: usize = 10_000_000;

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
            let Some(rest) = left.checked_sub(cost(cluster, policy, &among)) else { return Self::default() };
            left = rest;
            let pairs = policy.pod_selector.match_labels.iter();
            let (own, common): (Vec<&Label>, Vec<&Label>) =
                pairs.partition(|label| is_own_label(label.key()));
            for set in among.into_iter().flatten() {
                if let Some(picked) = selection::pick(cluster, *set, &own, common.iter()) {
                    held(cluster, policy, picked, |pods| selected.push((pods, id as u32)));
                }
            }
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

/// How much is looked at to tell which of some pods a policy selects.
fn cost(cluster: &Cluster, policy: &NetworkPolicy, among: &[&[u32]]) -> usize {
    let selector = &policy.pod_selector;
    let expressions = selector.match_expressions.iter().map(|it| 1 + it.values.len());
    let each = 1 + selector.match_labels.iter().count() + expressions.sum::<usize>();
    let is_each = asks_each(policy);
    let pods = among.iter().copied().flatten().map(|set| {
        let set = &cluster.sets[*set as usize];
        let alike = if is_each { set.replicas.max(1) as usize } else { 1 };
        let labels = if each == 1 { 0 } else { set.labels(cluster).iter().count() };
        alike.saturating_mul(1 + labels)
    });
    pods.fold(0, usize::saturating_add).saturating_mul(each)
}

/// Whether an expression asks for a label that each pod of a `StatefulSet` has for itself.
fn asks_each(policy: &NetworkPolicy) -> bool {
    policy.pod_selector.match_expressions.iter().any(|it| is_own_label(&it.key))
}

/// Those of some pods for which the expressions of a policy hold.
fn held(cluster: &Cluster, policy: &NetworkPolicy, picked: Picked, mut take: impl FnMut(Picked)) {
    let set = &cluster.sets[picked.set as usize];
    let (labels, selector) = (set.labels(cluster), &policy.pod_selector);
    let first = match set.from {
        From::Template(id) if asks_each(policy) => cluster.workloads[id].first_ordinal,
        _ => None,
    };
    let Some(first) = first.filter(|_| set.replicas > 0) else {
        if selector.expressions_hold(labels) {
            take(picked);
        }
        return;
    };
    let ordinals = match picked.ordinal {
        Some(only) => only..only.saturating_add(1),
        None => first..first.saturating_add(set.replicas),
    };
    let all = ordinals.len();
    let name = &set.meta(cluster).name.value;
    let holds = |ordinal: &u32| {
        let mut labels = labels.clone();
        let nowhere = Span::default();
        for (key, value) in
            [(POD_NAME_LABEL, format!("{name}-{ordinal}")), (POD_INDEX_LABEL, ordinal.to_string())]
        {
            labels.push((key, nowhere), (&value, nowhere));
        }
        selector.expressions_hold(&labels)
    };
    let held: Vec<u32> = ordinals.filter(holds).collect();
    if held.len() == all {
        take(picked);
    } else {
        for ordinal in held {
            take(Picked { ordinal: Some(ordinal), ..picked });
        }
    }
}

/// The pods among which are all that a policy selects, in lists that have none in common: the carriers of one of its
/// pairs, or of the values that one key may have, else all pods of its namespace.
fn among<'c>(cluster: &'c Cluster, policy: &NetworkPolicy) -> Vec<&'c [u32]> {
    let namespace = &policy.meta.namespace;
    let selector = &policy.pod_selector;
    let pairs = selector.match_labels.iter().filter(|label| !is_own_label(label.key()));
    let of_pairs = pairs.map(|label| vec![cluster.with_label(namespace, label.key(), label.value())]);
    let is_list = |it: &&Expression| it.operator == "In" && !it.values.is_empty() && !is_own_label(&it.key);
    let listing = selector.match_expressions.iter().filter(is_list);
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
