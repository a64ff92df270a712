//! A few words on what a Service asks of its ways in: which nodes, which clients.

use crate::kinds::service::Service;
use crate::wiring::Placement;

/// How many names a few words have room for.
const NAMED: usize = 3;

/// Some names: `worker-1, worker-2 and 3 more`.
pub fn names(all: &[&str]) -> String {
    let (named, more) = all.split_at(all.len().min(NAMED));
    match (named, more.len()) {
        ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        (named, 0) => named.join(", "),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

/// Who may use a load balancer, where not everybody: `only from 10.0.0.0/8`.
pub fn only_from(service: &Service) -> Option<String> {
    let ranges = ranges(service);
    (!ranges.is_empty()).then(|| format!("only from {}", names(&ranges)))
}

/// The same in short lines.
pub(super) fn only_from_each(service: &Service) -> Vec<String> {
    let ranges = ranges(service);
    let (named, more) = ranges.split_at(ranges.len().min(NAMED));
    let before = |place: usize| if place == 0 { "only from" } else { "and from" };
    let mut lines: Vec<String> =
        named.iter().enumerate().map(|(place, range)| format!("{} {range}", before(place))).collect();
    if !more.is_empty() {
        lines.push(format!("and from {} more", more.len()));
    }
    lines
}

/// The ranges that a load balancer is kept to; none where everybody may use it.
fn ranges(service: &Service) -> Vec<&str> {
    let ranges = service.allowed_ranges();
    let everybody = ranges.iter().any(|range| matches!(*range, "0.0.0.0/0" | "::/0"));
    if everybody { Vec::new() } else { ranges }
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
