//! Cards of slices: addresses that somebody else than a selector lists, where pods would stand.

use super::cards::{HEAD, PODS, What, card};
use super::pods::PodsKey;
use super::words::Words;
use super::{Card, CardKind, Face, Look, Mark, Pip, PipState, Text};
use crate::cluster::Cluster;
use crate::kinds::endpoint_slice::EndpointSlice;
use crate::kinds::service::ServicePort;
use crate::terms::Term;
use crate::wiring::Listed;

/// The most addresses whose condition a card shows.
const MOST_PIPS: usize = 5;

/// The head of the card of a slice, or of the subsets of one Endpoints object: a pip for each address.
pub(super) fn head(cluster: &Cluster, slice: u32, key: &PodsKey<'_>, namespace: Option<&str>) -> Card {
    // The subsets of one Endpoints object stand beside each other.
    let (before, after) = cluster.slices.split_at(slice as usize);
    let whole = after.first().map(|slice| slice.meta.span);
    let same = |other: &&EndpointSlice| Some(other.meta.span) == whole;
    let slices = before.iter().rev().take_while(same).collect::<Vec<_>>().into_iter().rev();
    let slices = slices.chain(after.iter().take_while(same));
    let entries: Vec<_> = slices.flat_map(|slice| &slice.endpoints).collect();
    let mut at = card(CardKind::Addresses, PODS, HEAD);
    key.name_card(&mut at);
    let mut states: Vec<PipState> =
        entries.iter().map(|entry| if entry.ready { PipState::Ready } else { PipState::Waiting }).collect();
    // What is wrong is seen first.
    states.sort_by_key(|state| std::cmp::Reverse(*state));
    states.truncate(MOST_PIPS);
    states.reverse();
    let right = at.x + at.width - 14;
    let more = entries.len().checked_sub(MOST_PIPS).filter(|more| *more > 0);
    let more = more
        .map(|more| Text::from_right(right, 24, Face::Mono, &format!("+{more}"), 60).of(Term::ListedCount));
    let mut x = right - more.as_ref().map_or(0, |text| text.width() + 6);
    at.texts.extend(more);
    for state in states {
        x -= 11;
        let term = if state == PipState::Ready { Term::ListedReady } else { Term::ListedWaiting };
        at.pips.push(Pip { x, y: 14, state, term });
        x -= 5;
    }
    let count = Text::from_right(x - 2, 24, Face::Mono, &format!("\u{d7}{}", entries.len()), 90);
    at.texts.push(count.of(Term::ListedCount));
    let first = entries.iter().find_map(|entry| entry.addresses.first());
    let (address, face, term) = match first {
        Some(first) if entries.len() > 1 => {
            (format!("{} \u{2026}", first.value), Face::Mono, Term::ListedAddress)
        }
        Some(first) => (first.value.clone(), Face::Mono, Term::ListedAddress),
        None => ("no address".to_owned(), Face::Note, Term::ListedAddress),
    };
    // Whoever lists addresses by hand mostly means hosts that are no pods.
    let pods = entries.iter().any(|entry| entry.pod.is_some() || !entry.node_name.value.is_empty());
    let what = if pods { key.kind.to_owned() } else { format!("{} \u{b7} no pods", key.kind) };
    let what = What::Note(&what, Term::SliceKind);
    at.write_head((key.name, Term::SliceName), what, namespace, Some((&address, face, term)));
    at
}

/// The words of a port of a slice.
pub(super) fn words(cluster: &Cluster, listed: Listed, number: i32, port: &ServicePort) -> Words {
    let slice = listed.slice(cluster);
    let protocol = &port.protocol.value;
    let name = &port.name.value;
    let note = if name.is_empty() { protocol.to_string() } else { format!("{name} \u{b7} {protocol}") };
    Words {
        port: number.to_string(),
        note,
        container: String::new(),
        label: format!("port {number} of {} {}", slice.meta.kind, slice.meta.name.value),
        mark: Mark::from(protocol),
        look: Look::Faint,
        at: number.to_string(),
        terms: [Term::ListedPort, Term::ListedPortName, Term::ListedJack],
    }
}
