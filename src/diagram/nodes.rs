//! The card of the nodes: a row for each node port, and under the policy `Local` one for each sort of node.

use super::build::{Board, Link};
use super::cards::{HEAD, PAD, WAYS_IN, What, card};
use super::scene::{Scene, drawn, port_address};
use super::ways_in::{add_card, of_port, way_in};
use super::{Card, CardKind, Cut, Face, Look, Mark, Row, Text, addresses, folds, text};
use crate::kinds::service::NodePort;
use crate::terms::Term;
use crate::wiring::Placement;

/// What the address of a row ends with that stands for nodes without a local pod.
pub(super) const WITHOUT: &str = "~no-local-pod";
/// What the address of a row ends with that stands for nodes of which that is not known.
pub(super) const UNKNOWN: &str = "~unknown";

/// A node port on some of the nodes, or on all.
struct Listener<'c> {
    /// Which nodes, where not all are alike.
    nodes: Vec<&'c str>,
    /// What there is to say of them.
    why: Option<&'static str>,
    /// What the row's address ends with.
    end: &'static str,
    look: Look,
}

/// Whether an address within a board is that of nodes without a local pod, which pass nothing on.
pub fn is_dropped_at(at: &str) -> bool {
    at.ends_with(WITHOUT)
}

/// All nodes as one card.
pub(super) fn add(board: &mut Board, scene: &Scene<'_>, order: &[usize]) -> Option<usize> {
    let mut at = card(CardKind::WayIn, WAYS_IN, HEAD);
    let mut links = Vec::new();
    for &id in order {
        let (service, _) = scene.service(id);
        for (index, port) in drawn(service).iter().enumerate() {
            let Some(node_port) = service.node_port(index) else { continue };
            let path = board.of_service[&id].path + index as u32;
            let refused = scene.refused.node_port(&service.meta, index);
            let (text, number) = match node_port {
                NodePort::Written(number) | NodePort::Shared(number) => (number.to_string(), Some(number)),
                NodePort::Allocated => ("3\u{b7}\u{b7}\u{b7}\u{b7}".to_owned(), None),
            };
            for listener in listeners(scene, id, index, node_port) {
                let note = match (refused, listener.why) {
                    (Some(refused), _) => refused.to_owned(),
                    (None, Some(why)) => format!("{} \u{b7} {why}", of_port(scene, service, port)),
                    (None, None) => of_port(scene, service, port),
                };
                let address = match number {
                    Some(number) if refused.is_none() => format!("node:{number}{}", listener.end),
                    _ => format!("node:{}{}", port_address(service, port), listener.end),
                };
                let label = format!("node port {text} of {note}");
                let (mark, look) = (Mark::from(&port.protocol.value), listener.look);
                let words = [
                    (text.as_str(), number_term(node_port, refused.is_some())),
                    (note.as_str(), listener.term(refused.is_some())),
                ];
                let mut row = way_in(&at, words, (mark, Term::NodePortJack), look, label, address, path);
                listener.name_nodes(&at, &mut row);
                if listener.end == WITHOUT {
                    (row.right, row.inner) = (None, None);
                } else {
                    links.push((at.rows.len(), (board.of_service[&id].card, index), look, path));
                }
                at.push(row);
            }
        }
    }
    let folded = folds::node_ports(&mut at, scene, board);
    if at.rows.is_empty() {
        return None;
    }
    let nodes = &scene.cluster.nodes;
    let name = match nodes.len() {
        0 | 1 => "node".to_owned(),
        count => format!("{count} nodes"),
    };
    let (mut address, face) = addresses::or_example(nodes.iter().find_map(|node| node.address()), || {
        addresses::node(are_only_v6(scene)).to_owned()
    });
    if nodes.len() > 1 {
        address.push_str(" \u{2026}");
    }
    let term = if face == Face::Example { Term::NodeAddressExample } else { Term::NodeAddress };
    let what = What::Note("listens at", Term::ListensAt);
    at.write_head((&name, Term::Node), what, None, Some((&address, face, term)));
    at.label = format!("{name}: every node listens on these ports");
    let at = add_card(board, at);
    for (row, to) in folded {
        let paths = vec![to.path];
        board.links.push(Link { from: (at, row), to: (to.card, 0), look: Look::Carries, cut: None, paths });
    }
    for (row, to, look, path) in links {
        let cut = (look == Look::Broken).then_some(Cut::AtStart);
        board.links.push(Link { from: (at, row), to, look, cut, paths: vec![path] });
    }
    Some(at)
}

/// What the number of a node port is.
const fn number_term(port: NodePort, is_refused: bool) -> Term {
    match port {
        _ if is_refused => Term::NodePortRefused,
        NodePort::Written(_) => Term::NodePortWritten,
        NodePort::Shared(_) => Term::NodePortShared,
        NodePort::Allocated => Term::NodePortAllocated,
    }
}

/// Whether all Services that nodes listen for have IPv6 addresses only, so that the nodes' must be such too.
pub(super) fn are_only_v6(scene: &Scene<'_>) -> bool {
    let mut listening =
        scene.services.iter().map(|id| scene.service(*id).0).filter(|service| service.has_node_ports());
    listening.clone().next().is_some() && listening.all(addresses::is_only_v6)
}

/// The rows of a node port: one where all nodes are alike, else one for the nodes with local pods, one for those
/// without, and one for those of which that is not known.
fn listeners<'c>(scene: &Scene<'c>, id: usize, index: usize, node_port: NodePort) -> Vec<Listener<'c>> {
    let (service, wired) = scene.service(id);
    let look = if scene.refused.node_port(&service.meta, index).is_some() {
        Look::Broken
    } else if node_port == NodePort::Allocated {
        Look::Dotted
    } else if service.is_balanced() {
        Look::Thin
    } else {
        Look::Carries
    };
    let local = service.is_local_outside() && look != Look::Broken && wired.fault(index).is_none();
    if !local {
        let why = match node_port {
            NodePort::Allocated => Some("allocated"),
            NodePort::Shared(_) => Some("shared"),
            NodePort::Written(_) => None,
        };
        return vec![Listener { nodes: Vec::new(), why, end: "", look }];
    }
    let at = Placement::of(scene.cluster, &wired.ports[index].endpoints);
    if at.is_nowhere() {
        let why = Some("no local pod");
        return vec![Listener { nodes: Vec::new(), why, end: WITHOUT, look: Look::Broken }];
    }
    let mut rows = Vec::new();
    if !at.with.is_empty() {
        let every = at.without.is_empty() && at.unknown.is_empty() && scene.cluster.nodes.len() > 1;
        let nodes = if every { vec!["every node"] } else { at.with };
        rows.push(Listener { nodes, why: None, end: "", look });
    }
    if !at.unknown.is_empty() || at.elsewhere {
        let end = if rows.is_empty() { "" } else { UNKNOWN };
        let all = rows.is_empty() && at.without.is_empty();
        let nodes = if all { Vec::new() } else { at.unknown };
        rows.push(Listener { nodes, why: Some("place unknown"), end, look });
    }
    if !at.without.is_empty() {
        rows.push(Listener { nodes: at.without, why: Some("no local pod"), end: WITHOUT, look: Look::Faint });
    }
    rows
}

impl Listener<'_> {
    /// Writes the nodes beside the port: all of them where there is room, else the first and how many more.
    fn name_nodes(&self, at: &Card, row: &mut Row) {
        let ([first, rest @ ..], Some(port)) = (self.nodes.as_slice(), row.texts.first()) else { return };
        let room = at.width - 2 * PAD - port.width() - 12;
        let mut names = self.nodes.join(", ");
        row.label = format!("{} on {names}", row.label);
        if text::width(&names, Face::Mono) > room && !rest.is_empty() {
            names = format!("{first} +{}", rest.len());
        }
        let right = at.x + at.width - PAD;
        let names = Text::from_right(right, port.y, Face::Mono, &names, room).looking(self.look);
        row.texts.push(names.of(self.term(false)));
    }

    /// What the words beside the port are.
    fn term(&self, is_refused: bool) -> Term {
        match self.why {
            _ if is_refused => Term::NodePortRefused,
            Some("no local pod") => Term::NoLocalPod,
            Some("place unknown") => Term::PlaceUnknown,
            _ if !self.nodes.is_empty() => Term::NodesWithPods,
            _ => Term::NodePortOf,
        }
    }
}
