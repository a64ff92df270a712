//! The rows of the pods' cards, and the wires that lead to them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Pods, PodsKey};
use crate::diagram::build::{Board, Link, add_paths};
use crate::diagram::words::{Words, any_words, container_of, endpoint_words, missing_words, port_words};
use crate::diagram::{Card, Cut, Look};
use crate::kinds::service::ServicePort;
use crate::port::{Protocol, TargetPort};
use crate::wiring::{PortWiring, Who};

/// What a row of a pods' card stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum RowKey<'c> {
    /// A port, by number and protocol, and the container that declares it if one does.
    Port(i32, &'c Protocol, Option<&'c str>),
    /// A name that no port has.
    Missing(&'c str, &'c Protocol),
    /// Whatever port the client dials.
    Any,
}

impl<'c> Pods<'c> {
    /// Plugs a Service port into every port that answers it, and shows where its name is not found.
    pub(in crate::diagram) fn connect_port(
        &mut self,
        board: &mut Board,
        from: (usize, usize),
        port: &'c ServicePort,
        wired: &'c PortWiring,
    ) {
        let cluster = self.scene.cluster;
        let protocol = &port.protocol.value;
        let paths = board.cards[from.0].rows[from.1].paths.clone();
        let mut links: Vec<((usize, usize), Look)> = Vec::new();
        let mut place: FxHashMap<(usize, usize), usize> = FxHashMap::default();
        for endpoint in &wired.endpoints {
            let who = endpoint.answer.who;
            if self.is_full(board, &PodsKey::of_endpoint(cluster, who), links.len()) {
                board.left_out += 1;
                continue;
            }
            let card = self.card_of(board, who);
            let key = RowKey::Port(endpoint.port, protocol, container_of(cluster, endpoint));
            let look = if endpoint.gets_traffic() { Look::Carries } else { Look::Faint };
            let to = (card, self.row(board, card, key, || endpoint_words(cluster, endpoint, port)));
            light(&mut board.cards[card], to.1, look, &paths);
            let next = links.len();
            let place = *place.entry(to).or_insert(next);
            match links.get_mut(place) {
                Some((_, before)) => *before = (*before).min(look),
                None => links.push((to, look)),
            }
        }
        board.links.extend(links.into_iter().map(|(to, look)| Link {
            from,
            to,
            look,
            cut: None,
            paths: paths.clone(),
        }));
        let TargetPort::Name(name) = &port.target.value else { return };
        let mut seen: FxHashSet<(usize, usize)> = FxHashSet::default();
        let mut missing: Vec<(usize, usize)> = Vec::new();
        for pods in wired.nameless() {
            if self.is_full(board, &PodsKey::of(cluster, pods.picked.set), missing.len()) {
                board.left_out += 1;
                continue;
            }
            let card = self.card(board, pods.picked.set);
            let key = RowKey::Missing(name.as_str(), protocol);
            let to = self.row(board, card, key, || missing_words(cluster, name, protocol, pods));
            light(&mut board.cards[card], to, Look::Broken, &paths);
            if seen.insert((card, to)) {
                missing.push((card, to));
            }
        }
        let broken = |to| Link { from, to, look: Look::Broken, cut: Some(Cut::AtEnd), paths: paths.clone() };
        board.links.extend(missing.into_iter().map(broken));
    }

    /// A row of an endpoint's card for whichever port the client dials.
    pub(in crate::diagram) fn dialled_row(
        &mut self,
        board: &mut Board,
        who: Who,
        paths: &[u32],
    ) -> (usize, usize) {
        let card = self.card_of(board, who);
        let to = match who {
            Who::Pods(picked) => self.any_row(board, card, None, picked.set, paths),
            Who::Address(_) => {
                let to = self.row(board, card, RowKey::Any, any_words);
                light(&mut board.cards[card], to, Look::Faint, paths);
                to
            }
        };
        (card, to)
    }

    /// A row for traffic that does not come now: to pods that are scaled away, meant but not selected, or dialled directly.
    pub(in crate::diagram) fn any_row(
        &mut self,
        board: &mut Board,
        card: usize,
        port: Option<&'c ServicePort>,
        set: u32,
        paths: &[u32],
    ) -> usize {
        let cluster = self.scene.cluster;
        let spec = cluster.sets[set as usize].spec(cluster);
        let declared = port.and_then(|port| {
            spec.containers.iter().find_map(|container| {
                let at = container.ports.iter().find(|at| match &port.target.value {
                    TargetPort::Number(number) => {
                        at.port.value == *number && at.protocol.value == port.protocol.value
                    }
                    TargetPort::Name(name) => {
                        at.name.value == *name && at.protocol.value == port.protocol.value
                    }
                })?;
                Some((container, at))
            })
        });
        let to = match (declared, port.map(|port| (&port.target.value, &port.protocol.value))) {
            (Some((container, at)), _) => {
                let (number, protocol) = (at.port.value, &at.protocol.value);
                let key = RowKey::Port(number, protocol, Some(&container.name));
                self.row(board, card, key, || {
                    port_words(number, protocol, &at.name.value, Some(&container.name))
                })
            }
            (None, Some((TargetPort::Number(number), protocol))) => {
                let key = RowKey::Port(*number, protocol, None);
                self.row(board, card, key, || port_words(*number, protocol, "", None))
            }
            _ => self.row(board, card, RowKey::Any, any_words),
        };
        add_paths(&mut board.cards[card].rows[to].paths, paths);
        add_paths(&mut board.cards[card].paths, paths);
        to
    }

    pub(super) fn row(
        &mut self,
        board: &mut Board,
        card: usize,
        key: RowKey<'c>,
        words: impl FnOnce() -> Words,
    ) -> usize {
        let next = board.cards[card].rows.len();
        let at = *self.rows.entry((card, key)).or_insert(next);
        if at == next {
            let row = words().row(&board.cards[card], next);
            board.cards[card].push(row);
        }
        at
    }
}

/// Marks a row as reached.
fn light(card: &mut Card, row: usize, look: Look, paths: &[u32]) {
    add_paths(&mut card.paths, paths);
    let row = &mut card.rows[row];
    add_paths(&mut row.paths, paths);
    if row.look != look && (look < row.look || look == Look::Broken) && row.look != Look::Carries {
        row.look = look;
        if let Some(jack) = &mut row.left {
            jack.look = look;
        }
        for text in &mut row.texts {
            text.look = look;
        }
    }
}
