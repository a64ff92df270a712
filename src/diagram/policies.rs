//! A few words on what a Service asks of its ways in: which nodes, which clients.

use crate::kinds::service::Service;
use crate::wiring::Placement;

/// How many names a few words have room for.
const NAMED: usize = 3;

/// Some names: `worker-1, worker-2 and 3 more`.
pub fn names(names: &[&str]) -> String {
    let (named, more) = names.split_at(names.len().min(NAMED));
    match (named, more.len()) {
        ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (named, 0) => named.join(", "),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

/// Who may use a load balancer, where not everybody: `only from 10.0.0.0/8`.
pub fn only_from(service: &Service) -> Option<String> {
    let ranges = service.allowed_ranges();
    let everybody = ranges.is_empty() || ranges.iter().any(|range| matches!(*range, "0.0.0.0/0" | "::/0"));
    (!everybody).then(|| format!("only from {}", names(&ranges)))
}

/// Which nodes answer under the traffic policy `Local`: `pods on worker-1, no local pod on worker-2`.
pub fn local_nodes(placement: &Placement<'_>) -> String {
    let mut words = Vec::new();
    if !placement.with.is_empty() {
        words.push(format!("pods on {}", names(&placement.with)));
    }
    if !placement.without.is_empty() {
        words.push(format!("no local pod on {}", names(&placement.without)));
    }
    match placement {
        at if at.is_nowhere() => words = vec!["no local pod on any node".to_owned()],
        at if !at.unknown.is_empty() => words.push(format!("not known of {}", names(&at.unknown))),
        at if at.elsewhere => words.push("placement not known".to_owned()),
        _ => {}
    }
    words.join(", ")
}
