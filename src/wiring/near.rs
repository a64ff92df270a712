//! What a selector that picks nobody was probably meant to pick.
//!
//! Of all pods that might be meant those are told of for which most speaks: how much of the selector they carry, whether
//! another Service has them already, whether their workload has the Service's name, whether they have its target ports.

mod slips;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::cluster::{Cluster, From, PodSet, State};
use crate::kinds::service::Service;
use crate::kinds::workload::is_own_label;
use crate::labels::Label;
use crate::names::nearly_equal;
use crate::port::TargetPort;

use self::slips::{Near, near_label};
pub use self::slips::{misspelt_key, other_key};
use super::{Nobody, Picked, endpoints};

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
    /// This key is on no pod of the namespace, so something may add it at run time.
    KeyAbsent {
        /// The pair that is absent.
        label: usize,
        /// The pods that carry all others, where some do and more than that speaks for them.
        set: Option<u32>,
    },
    /// Every other pair is there; this key has another value altogether, or is on other pods alone.
    OtherValue {
        /// The pair that differs.
        label: usize,
        /// The pods that carry all others.
        set: u32,
    },
}

/// The fewest and the most candidates that are looked at for one Service: the more Services, the fewer for each.
const CANDIDATES: (usize, usize) = (500, 20_000);
/// How many candidates are looked at for all Services together, unless that is too few for each.
const ALL_CANDIDATES: usize = 1_000_000;

/// Looks for what selectors were meant to pick.
pub struct Search<'c> {
    cluster: &'c Cluster,
    /// For each of [`Cluster::sets`], whether some Service selects it.
    claimed: Vec<bool>,
    enough: usize,
    index: OnceLock<Index<'c>>,
}

/// Who carries a value first. Only a Service that selects nobody makes it worth its time.
#[derive(Default)]
struct Index<'c> {
    /// By namespace and key: for every value the first pods that carry it.
    values: FxHashMap<(&'c str, &'c str), Vec<u32>>,
    /// By namespace and key in lower case: the keys as they are written.
    cases: FxHashMap<(&'c str, String), Vec<&'c str>>,
    /// By key and value: of every namespace the first pods that carry the pair.
    namespaces: FxHashMap<(&'c str, &'c str), Vec<u32>>,
    /// By namespace, key and value: the pods whose workload itself carries the pair.
    labelled: FxHashMap<(&'c str, &'c str, &'c str), Vec<u32>>,
    /// By namespace, key and value: the workloads whose pods would carry the pair, by their places in
    /// [`Cluster::workloads`].
    makers: FxHashMap<(&'c str, &'c str, &'c str), Vec<usize>>,
}

impl<'c> Search<'c> {
    /// A search among the pods of a cluster, of which the Services pick these.
    pub fn new(cluster: &'c Cluster, picked: impl Iterator<Item = Picked>) -> Self {
        let mut claimed = vec![false; cluster.sets.len()];
        for picked in picked {
            claimed[picked.set as usize] = true;
        }
        let enough = (ALL_CANDIDATES / cluster.services.len().max(1)).clamp(CANDIDATES.0, CANDIDATES.1);
        Self { cluster, claimed, enough, index: OnceLock::new() }
    }

    /// Why a selector of a Service picks nobody.
    pub fn nobody_selected(&self, service: &Service) -> Nobody {
        let namespace = &service.meta.namespace;
        if self.cluster.state == State::Observed && self.would_be_made(service) {
            return Nobody::OutsideUpload;
        }
        let mut best = Best::default();
        let here = self.cluster.in_namespace(namespace);
        for id in self.candidates(service, here) {
            self.one_off(service, id, &mut best);
        }
        self.elsewhere(service, &mut best);
        match best.take() {
            None if here.is_empty() => Nobody::OutsideUpload,
            None => Nobody::NoPodSelected(self.absent_key(service)),
            miss => Nobody::NoPodSelected(miss),
        }
    }

    /// Whether a workload of the Service's namespace would make pods that its selector picks.
    fn would_be_made(&self, service: &Service) -> bool {
        let (makers, namespace) = (&self.index().makers, service.meta.namespace.as_str());
        let carriers =
            service.selector.0.iter().map(|pair| {
                makers.get(&(namespace, pair.key(), pair.value())).map_or(&[][..], Vec::as_slice)
            });
        let fewest = carriers.min_by_key(|makers| makers.len()).unwrap_or_default();
        fewest.iter().any(|&id| service.selector.matches(&self.cluster.workloads[id].pod_labels))
    }

    /// The first key of a selector that no pod of the Service's namespace has.
    fn absent_key(&self, service: &Service) -> Option<NearMiss> {
        let label = service.selector.0.0.iter().position(|pair| !self.has_key(service, pair))?;
        Some(NearMiss::KeyAbsent { label, set: None })
    }

    /// The pods of the namespace that may miss one pair alone, in the order of the upload.
    ///
    /// Those that carry all pairs but one are among those that carry any one of two, and the value that was meant is
    /// among the values of its key.
    fn candidates(&self, service: &Service, here: &[u32]) -> Vec<u32> {
        let (pairs, namespace) = (&service.selector.0.0, service.meta.namespace.as_str());
        let mut ids: Vec<u32> = Vec::new();
        let carriers = |pair: &Label| self.cluster.with_label(namespace, pair.key(), pair.value());
        if pairs.len() > 1 {
            let mut lists: Vec<&[u32]> = pairs.iter().map(carriers).collect();
            lists.sort_by_key(|ids| ids.len());
            for list in lists.iter().take(2) {
                ids.extend(list.iter().take(self.enough));
            }
        }
        let index = self.index();
        for pair in pairs {
            let same_key = index.values.get(&(namespace, pair.key()));
            ids.extend(same_key.into_iter().flatten().take(self.enough));
        }
        // The pods of workloads that carry the labels themselves may share none of them.
        if let Some(first) = pairs.first() {
            let labelled = index.labelled.get(&(namespace, first.key(), first.value()));
            ids.extend(labelled.into_iter().flatten().take(self.enough));
        }
        // Keys that differ in case are under no key that is asked for.
        for pair in pairs {
            let written = index.cases.get(&(namespace, pair.key().to_ascii_lowercase()));
            for key in written.into_iter().flatten().filter(|key| **key != pair.key()) {
                ids.extend(self.cluster.with_label(namespace, key, pair.value()).iter().take(self.enough));
            }
        }
        // Of pods with equal labels, another than the first may have the Service's name or ports.
        ids.extend(here.iter().take(CANDIDATES.0));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Pods of the namespace that miss one pair alone, or whose workload carries what they lack.
    fn one_off(&self, service: &Service, id: u32, best: &mut Best) {
        let set = &self.cluster.sets[id as usize];
        let (pairs, labels) = (&service.selector.0.0, set.labels(self.cluster));
        let meant = workload_carries(self.cluster, set, service);
        let mut missing =
            pairs.iter().enumerate().filter(|(_, pair)| labels.get(pair.key()) != Some(pair.value()));
        let (miss, points, wanted) = match (missing.next(), missing.next()) {
            (Some((label, pair)), None) => {
                let other = (NearMiss::OtherValue { label, set: id }, 2);
                if meant && !is_own_label(pair.key()) {
                    best.offer(
                        7 + self.fits(service, id, Some(pair.value())),
                        NearMiss::WorkloadLabels { set: id },
                    );
                }
                let (miss, points) = match near_label(labels, pair, pairs) {
                    Near::Value(distance) => {
                        (NearMiss::OneLabelOff { label, set: id }, if distance > 1 { 6 } else { 7 })
                    }
                    Near::NoKey if meant => return,
                    Near::OtherValue | Near::NoKey if self.has_key(service, pair) => {
                        if !self.is_meant(service, id, pair.value()) {
                            return;
                        }
                        other
                    }
                    Near::OtherValue => other,
                    // Without another pair nothing speaks for these pods, unless they say the same by another key.
                    Near::NoKey if pairs.len() == 1 && other_key(labels, pair, pairs).is_none() => return,
                    Near::NoKey => (NearMiss::KeyAbsent { label, set: Some(id) }, 3),
                };
                (miss, points, Some(pair.value()))
            }
            _ if meant => (NearMiss::WorkloadLabels { set: id }, 7, None),
            _ => return,
        };
        best.offer(points + self.fits(service, id, wanted), miss);
    }

    /// Pods of other namespaces that carry the whole selector: of each namespace the first that do.
    fn elsewhere(&self, service: &Service, best: &mut Best) {
        let pairs = &service.selector.0.0;
        let index = self.index();
        let carried = pairs.iter().map(|pair| {
            let first = index.namespaces.get(&(pair.key(), pair.value()));
            (pair, first.map_or(&[][..], Vec::as_slice))
        });
        let Some((pair, first)) = carried.min_by_key(|(_, first)| first.len()) else { return };
        let mut namespaces: Vec<&str> = first
            .iter()
            .take(self.enough)
            .map(|&id| self.cluster.sets[id as usize].namespace.as_str())
            .collect();
        namespaces.sort_unstable();
        for namespace in namespaces.into_iter().filter(|name| *name != service.meta.namespace) {
            let carriers =
                self.cluster.with_label(namespace, pair.key(), pair.value()).iter().take(CANDIDATES.0);
            let whole =
                |id: &&u32| service.selector.matches(self.cluster.sets[**id as usize].labels(self.cluster));
            let Some(&set) = carriers.clone().find(whole) else { continue };
            // Where a Service of the same name has them, the two are copies of one thing.
            let twin = self.cluster.service(namespace, &service.meta.name.value);
            let twin = twin.map(|twin| &self.cluster.services[twin]);
            let labels = self.cluster.sets[set as usize].labels(self.cluster);
            let taken = if twin.is_some_and(|twin| twin.selector.matches(labels)) { 2 } else { 6 };
            let near = if nearly_equal(namespace, &service.meta.namespace) { 2 } else { 0 };
            best.offer(taken + near + self.fits(service, set, None), NearMiss::OtherNamespace { set });
        }
    }

    /// Whether more speaks for pods than that they are there: their name, or a port of theirs that nobody else leads to.
    fn is_meant(&self, service: &Service, id: u32, wanted: &str) -> bool {
        const ALONE: u32 = 3;
        self.named(service, id, Some(wanted)) > 0 || self.fits(service, id, None) > ALONE
    }

    /// What else speaks for pods: nobody else has them, their names, their ports.
    fn fits(&self, service: &Service, id: u32, wanted: Option<&str>) -> u32 {
        let set = &self.cluster.sets[id as usize];
        let unclaimed = if self.claimed[id as usize] { 0 } else { 3 };
        unclaimed + self.named(service, id, wanted) + u32::from(self.has_ports(service, set))
    }

    /// How well the name of pods, or of whoever makes them, goes with a Service.
    fn named(&self, service: &Service, id: u32, wanted: Option<&str>) -> u32 {
        let set = &self.cluster.sets[id as usize];
        match set.owner.as_ref().map_or(&set.meta(self.cluster).name.value, |owner| &owner.name) {
            name if *name == service.meta.name.value => 3,
            name if Some(name.as_str()) == wanted => 2,
            name if begins(&service.meta.name.value, name) || begins(name, &service.meta.name.value) => 1,
            _ => 0,
        }
    }

    /// Whether the pods declare a port that the Service leads to.
    fn has_ports(&self, service: &Service, set: &PodSet) -> bool {
        let spec = set.spec(self.cluster);
        service.ports.iter().any(|port| match &port.target.value {
            TargetPort::Number(number) => endpoints::declaring(spec, *number, &port.protocol.value).is_some(),
            TargetPort::Name(name) => {
                let mut declared = spec.containers.iter().flat_map(|container| &container.ports);
                declared.any(|at| at.name.value == *name)
            }
        })
    }

    /// Whether some pod of the Service's namespace has the key of a pair.
    fn has_key(&self, service: &Service, pair: &Label) -> bool {
        self.index().values.contains_key(&(service.meta.namespace.as_str(), pair.key()))
    }

    fn index(&self) -> &Index<'c> {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for (id, workload) in self.cluster.workloads.iter().enumerate() {
                for (key, value) in workload.pod_labels.pairs() {
                    let key = (workload.meta.namespace.as_str(), key, value);
                    index.makers.entry(key).or_default().push(id);
                }
            }
            for (id, set) in self.cluster.sets.iter().enumerate() {
                let namespace = set.namespace.as_str();
                for (key, value) in set.labels(self.cluster).pairs() {
                    if self.cluster.with_label(namespace, key, value).first() == Some(&(id as u32)) {
                        let values = index.values.entry((namespace, key)).or_default();
                        if values.is_empty() {
                            index.cases.entry((namespace, key.to_ascii_lowercase())).or_default().push(key);
                        }
                        values.push(id as u32);
                        index.namespaces.entry((key, value)).or_default().push(id as u32);
                    }
                }
                if let From::Template(workload) = set.from {
                    for (key, value) in self.cluster.workloads[workload].meta.labels.pairs() {
                        index.labelled.entry((namespace, key, value)).or_default().push(id as u32);
                    }
                }
            }
            index
        })
    }
}

/// The miss for which most speaks; of equals the first.
#[derive(Default)]
struct Best {
    of_pods: Option<(u32, NearMiss)>,
    /// Labels of workloads are masked where an upload is kept, so they decide nothing between the others.
    of_workloads: Option<(u32, NearMiss)>,
}

impl Best {
    fn offer(&mut self, points: u32, miss: NearMiss) {
        let workload = matches!(miss, NearMiss::WorkloadLabels { .. });
        let best = if workload { &mut self.of_workloads } else { &mut self.of_pods };
        if best.as_ref().is_none_or(|(most, _)| points > *most) {
            *best = Some((points, miss));
        }
    }

    /// Labels on the workload say more than what is only not excluded, and less than a slip.
    fn take(self) -> Option<NearMiss> {
        match (self.of_pods, self.of_workloads) {
            (Some((_, slip @ NearMiss::OneLabelOff { .. })), _) => Some(slip),
            (Some((points, there @ NearMiss::OtherNamespace { .. })), Some((fewer, _))) if fewer < points => {
                Some(there)
            }
            (pods, workloads) => workloads.or(pods).map(|(_, miss)| miss),
        }
    }
}

/// Whether a name is another with words after it: `db-headless` for `db`.
fn begins(name: &str, other: &str) -> bool {
    name.strip_prefix(other).is_some_and(|rest| rest.starts_with('-'))
}

fn workload_carries(cluster: &Cluster, set: &PodSet, service: &Service) -> bool {
    let From::Template(id) = set.from else { return false };
    service.selector.matches(&cluster.workloads[id].meta.labels)
}

#[cfg(test)]
mod tests;
