//! Boards that a browser draws smoothly: whether some Services fit on one, and on which they stand where they do not.

use super::filter::workload_of;
use crate::cluster::Cluster;
use crate::wiring::{ServiceWiring, Wiring};

/// The most Services of one board.
const MOST_SERVICES: usize = 64;
/// The most elements of a board of everything, and of one board of several.
const MOST_ELEMENTS: usize = 5_000;
const MOST_ELEMENTS_OF_ONE: usize = 3_000;

/// Whether some Services fit on one board.
pub fn fits(cluster: &Cluster, wiring: &Wiring, services: &[usize]) -> bool {
    let elements = services.iter().map(|id| elements(cluster, wiring, *id)).sum::<usize>();
    services.len() < 2 || (services.len() <= MOST_SERVICES && elements <= MOST_ELEMENTS)
}

/// Divides Services among boards by what they lead to, so that Services of one workload stand together.
pub fn groups(cluster: &Cluster, wiring: &Wiring, services: &[usize]) -> Vec<Vec<usize>> {
    let leads_to = |id: &usize| {
        let picked = wiring.services[*id].selected.iter().chain(&wiring.services[*id].dormant);
        let first = picked.map(|picked| workload_of(cluster, &cluster.sets[picked.set as usize])).min();
        let meta = &cluster.services[*id].meta;
        let own = meta.name.value.as_str();
        (meta.namespace.as_str(), first.map_or(own, |(_, name)| name), own)
    };
    let mut services = services.to_vec();
    services.sort_by_cached_key(leads_to);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for id in services {
        let needs = elements(cluster, wiring, id);
        match groups.last_mut() {
            Some(last) if last.len() < MOST_SERVICES && needs <= room => last.push(id),
            _ => {
                groups.push(vec![id]);
                room = MOST_ELEMENTS_OF_ONE;
            }
        }
        room = room.saturating_sub(needs);
    }
    groups
}

/// About how many elements a Service takes on a board, with its ways in and its pods.
fn elements(cluster: &Cluster, wiring: &Wiring, id: usize) -> usize {
    const CARDS: usize = 28;
    const PORT: usize = 24;
    const WAY_IN: usize = 17;
    const END: usize = 10;
    let service = &cluster.services[id];
    let ports = service.ports.len().max(1);
    let ways = usize::from(service.has_node_ports()) + usize::from(service.is_balanced());
    CARDS + ports * (PORT + ways * WAY_IN + END * workloads(cluster, &wiring.services[id]))
}

/// How many cards of pods a Service leads to; bare Pods have one each.
fn workloads(cluster: &Cluster, wired: &ServiceWiring) -> usize {
    const MOST: usize = 100;
    let picked = wired.selected.iter().take(MOST);
    let mut all: Vec<_> =
        picked.map(|picked| workload_of(cluster, &cluster.sets[picked.set as usize])).collect();
    all.dedup();
    all.len().max(1)
}
