//! What a board is made from: the chosen Services, and what was found of them.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::chosen::{Chosen, health};
use super::folds::{Fold, Folded};
use super::refused::Refused;
use crate::cluster::Cluster;
use crate::finding::{Finding, Severity};
use crate::kinds::service::{Service, ServicePort};
use crate::port::Protocol;
use crate::wiring::{Owner, Picked, ServiceWiring, Who, Wiring, placement};

/// The most Services that one board draws; more are neither readable nor quick.
pub(super) const MOST_SERVICES: usize = 300;

/// The most ports of a Service that are drawn, for the same reasons.
const MOST_PORTS: usize = 200;

/// What a board is made from.
pub(super) struct Scene<'c> {
    /// The objects.
    pub cluster: &'c Cluster,
    /// How they are wired.
    pub wiring: &'c Wiring,
    /// The Services that are drawn, by their places.
    pub services: Vec<usize>,
    /// For each Service, the words of its worst finding.
    short: FxHashMap<(&'c str, &'c str), &'c Finding>,
    /// What of it Kubernetes refuses.
    pub refused: Refused<'c>,
    /// What is drawn, where not everything is.
    chosen: Option<&'c Chosen>,
    /// The groups of Services that are folded, and what their cards say.
    pub folds: &'c [Fold],
    pub folded: Vec<Folded>,
    /// Of each Service that is folded, into which of them.
    fold_of: FxHashMap<usize, usize>,
    /// Whether more than one namespace is drawn, so that cards must say theirs.
    pub many_namespaces: bool,
    /// Whether a traffic policy asks where pods are.
    asks_for_nodes: bool,
}

impl<'c> Scene<'c> {
    /// Takes what is chosen; of everything, where nothing is, the worst Services where there are too many.
    pub(super) fn new(
        cluster: &'c Cluster,
        wiring: &'c Wiring,
        findings: &'c [Finding],
        chosen: Option<&'c Chosen>,
    ) -> Self {
        let mut short: FxHashMap<(&str, &str), &Finding> = FxHashMap::default();
        for finding in findings.iter().filter(|finding| finding.object.kind == "Service") {
            short.entry((&finding.object.namespace, &finding.object.name)).or_insert(finding);
        }
        let refused = Refused::new(findings);
        let mut services = match chosen {
            Some(chosen) => chosen.services.clone(),
            None => (0..cluster.services.len()).collect(),
        };
        if services.len() > MOST_SERVICES {
            let rank = |id: &usize| {
                let meta = &cluster.services[*id].meta;
                short
                    .get(&(meta.namespace.as_str(), meta.name.value.as_str()))
                    .map_or(Severity::Hint, |f| f.severity)
            };
            services.sort_by_key(rank);
            services.truncate(MOST_SERVICES);
            services.sort_unstable();
        }
        let folds = chosen.map_or(&[][..], |chosen| &chosen.folded);
        let health = if folds.is_empty() { Vec::new() } else { health(cluster, wiring, findings) };
        let folded = folds.iter().map(|fold| fold.sum_up(cluster, wiring, &health)).collect();
        let of_fold =
            |(place, fold): (usize, &Fold)| fold.services.iter().map(|id| (*id, place)).collect::<Vec<_>>();
        let fold_of: FxHashMap<usize, usize> = folds.iter().enumerate().flat_map(of_fold).collect();
        let all = services.iter().chain(fold_of.keys());
        let mut namespaces = all.map(|id| cluster.services[*id].meta.namespace.as_str());
        let first = namespaces.next();
        let many_namespaces = namespaces.any(|namespace| Some(namespace) != first);
        let mut drawn = services.iter().map(|id| &cluster.services[*id]);
        let asks_for_nodes = drawn.any(|service| service.is_local_outside() || service.is_local_inside());
        Self {
            cluster,
            wiring,
            services,
            short,
            refused,
            chosen,
            folds,
            folded,
            fold_of,
            many_namespaces,
            asks_for_nodes,
        }
    }

    /// The Service of a place and its wiring.
    pub(super) fn service(&self, id: usize) -> (&'c Service, &'c ServiceWiring) {
        (&self.cluster.services[id], &self.wiring.services[id])
    }

    /// Whether not everything is drawn.
    pub(super) const fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// The group that a Service is folded into, by its place.
    pub(super) fn fold_of(&self, service: usize) -> Option<usize> {
        self.fold_of.get(&service).copied()
    }

    /// The folded groups that some routes lead to, where they lead nowhere else: their card is not drawn.
    pub(super) fn folds_away(&self, routes: Range<usize>) -> FxHashSet<usize> {
        let to = self.wiring.routes.all[routes].iter();
        let to: Option<_> = to.map(|route| self.fold_of(route.reach.ok()?.service)).collect();
        to.unwrap_or_default()
    }

    /// Whether a card of routes is drawn that leads to no Service on the board.
    pub(super) fn shows(&self, owner: Owner) -> bool {
        self.chosen.is_none_or(|chosen| chosen.owners.contains(&owner))
    }

    /// A namespace, where cards must say theirs.
    pub(super) fn namespace(&self, namespace: &'c str) -> Option<&'c str> {
        self.many_namespaces.then_some(namespace)
    }

    /// The node that some pods are all on, where a traffic policy asks for it.
    pub(super) fn only_node(&self, sets: impl Iterator<Item = u32>) -> Option<&'c str> {
        if !self.asks_for_nodes {
            return None;
        }
        let who = |set: u32| Who::Pods(Picked { set, ordinal: None });
        let mut nodes = sets.map(|set| placement::only_node(self.cluster, who(set)));
        let first = nodes.next()?;
        nodes.all(|node| node == first).then_some(first)?
    }

    /// Three words on why a Service has nobody behind it.
    pub(super) fn why(&self, service: &Service) -> Option<&'c str> {
        let meta = &service.meta;
        let finding = self.short.get(&(meta.namespace.as_str(), meta.name.value.as_str()))?;
        Some(finding.short.as_str()).filter(|short| !short.is_empty() && finding.severity != Severity::Hint)
    }

    /// A Service's address within a board: `web.shop`.
    pub(super) fn address(service: &Service) -> String {
        format!("{}.{}", service.meta.name.value, service.meta.namespace)
    }
}

/// The ports of a Service that are drawn.
pub(super) fn drawn(service: &Service) -> &[ServicePort] {
    &service.ports[..service.ports.len().min(MOST_PORTS)]
}

/// A Service port's address within a board, as the trace field writes it: `web.shop:80`, `dns.kube-system:53/udp`.
pub fn port_address(service: &Service, port: &ServicePort) -> String {
    let address = Scene::address(service);
    match &port.protocol.value {
        Protocol::Tcp => format!("{address}:{}", port.port.value),
        other => format!("{address}:{}/{}", port.port.value, other.as_str().to_lowercase()),
    }
}
