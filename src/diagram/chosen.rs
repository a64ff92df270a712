//! What of a cluster a board is asked to draw.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cluster::Cluster;
use crate::finding::{Finding, Severity};
use crate::wiring::{Owner, Wiring};

use super::Look;
use super::folds::Fold;
use super::service::look_of;

/// Some Services, with all that is wired to them, and cards of routes besides those that lead to them.
#[derive(Debug, Default, Clone)]
pub struct Chosen {
    /// The Services, by their places, in order.
    pub services: Vec<usize>,
    /// Whose cards of routes are drawn although they lead to none of these Services.
    pub owners: FxHashSet<Owner>,
    /// The groups of further Services that stand there folded.
    pub folded: Vec<Fold>,
}

/// How a Service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Kubernetes refuses it, or one of its ports reaches nobody by mistake.
    Broken,
    /// Something about it may be wrong.
    Partly,
    /// Nothing is wrong with it.
    Fine,
}

/// How each Service is, by its place.
pub fn health(cluster: &Cluster, wiring: &Wiring, findings: &[Finding]) -> Vec<Health> {
    let mut worst: FxHashMap<(&str, &str), Severity> = FxHashMap::default();
    for finding in findings.iter().filter(|finding| finding.object.kind == "Service") {
        // Findings come the worst first.
        worst.entry((&finding.object.namespace, &finding.object.name)).or_insert(finding.severity);
    }
    let of = |(id, service): (usize, &crate::kinds::service::Service)| {
        let meta = &service.meta;
        match worst.get(&(meta.namespace.as_str(), meta.name.value.as_str())) {
            Some(Severity::Error) => Health::Broken,
            _ if is_cut(cluster, wiring, id) => Health::Broken,
            Some(Severity::Warning) => Health::Partly,
            _ => Health::Fine,
        }
    };
    cluster.services.iter().enumerate().map(of).collect()
}

/// Whether a port of a Service reaches nobody by mistake.
pub(super) fn is_cut(cluster: &Cluster, wiring: &Wiring, id: usize) -> bool {
    let ports = cluster.services[id].ports.len().max(1);
    (0..ports).any(|port| look_of(wiring.services[id].fault(port).as_ref()) == Look::Broken)
}
