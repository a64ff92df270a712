//! Cards of workloads and bare Pods: one for each, with a row for every port that something leads to.

mod head;
mod key;
mod plug;

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::Board;
use super::cards::{HEAD, PODS_PITCH};
use super::scene::Scene;
use super::words::{never_ready_in_short, port_words};
use super::{Card, Face, Look, Text, listed, network_policies};
use crate::kinds::service::Service;
use crate::terms::Term;
use crate::wiring::{Picked, Who, names};

use key::Groups;
pub(super) use key::PodsKey;
use plug::RowKey;

/// The pods' cards of a board in the making.
pub(super) struct Pods<'c> {
    scene: &'c Scene<'c>,
    groups: Groups<'c>,
    only_v6: FxHashSet<PodsKey<'c>>,
    cards: FxHashMap<PodsKey<'c>, usize>,
    order: Vec<PodsKey<'c>>,
    rows: FxHashMap<(usize, RowKey<'c>), usize>,
    /// The names that pods have of their own below a Service's.
    names: FxHashMap<PodsKey<'c>, String>,
}

/// The most cards of pods, and the most wires, that one board draws.
const MOST_CARDS: usize = 400;
const MOST_WIRES: usize = 2_500;
/// How many declared ports that nothing leads to a card shows.
const MOST_UNUSED: usize = 3;

impl<'c> Pods<'c> {
    /// Groups the pods of a cluster by card, and counts them for their example addresses.
    pub(super) fn new(scene: &'c Scene<'c>) -> Self {
        Self {
            scene,
            groups: Groups::new(scene.cluster),
            only_v6: head::only_v6(scene),
            cards: FxHashMap::default(),
            order: Vec::new(),
            rows: FxHashMap::default(),
            names: FxHashMap::default(),
        }
    }

    /// Notes the names that pods have of their own below a Service's.
    pub(super) fn name_pods(&mut self, service: &Service, selected: &[Picked]) {
        let cluster = self.scene.cluster;
        for &picked in selected {
            let key = PodsKey::of(cluster, picked.set);
            if self.names.contains_key(&key) {
                continue;
            }
            let Some(own) = names::of_pods(cluster, service, picked) else { continue };
            let (meta, more) = (&service.meta, if own.last().is_some() { " \u{2026}" } else { "" });
            let name = format!("{}.{}.{}.svc{more}", own.first(), meta.name.value, meta.namespace);
            self.names.insert(key, name);
        }
    }

    /// The card of some pods, made where there is none yet.
    pub(super) fn card(&mut self, board: &mut Board, set: u32) -> usize {
        let key = PodsKey::of(self.scene.cluster, set);
        if let Some(&at) = self.cards.get(&key) {
            return at;
        }
        let head = self.head(&key);
        self.add(board, key, head)
    }

    /// The card of whoever is an endpoint, made where there is none yet.
    fn card_of(&mut self, board: &mut Board, who: Who) -> usize {
        let slice = match who {
            Who::Pods(picked) => return self.card(board, picked.set),
            Who::Address(listed) => listed.slice,
        };
        let key = PodsKey::of_slice(self.scene.cluster, slice);
        if let Some(&at) = self.cards.get(&key) {
            return at;
        }
        let head = listed::head(self.scene.cluster, slice, &key, self.scene.namespace(key.namespace));
        self.add(board, key, head)
    }

    fn add(&mut self, board: &mut Board, key: PodsKey<'c>, head: Card) -> usize {
        let at = board.cards.len();
        board.cards.push(head);
        board.columns[3].push(at);
        self.order.push(key);
        self.cards.insert(key, at);
        at
    }

    /// Whether another wire, or another card, would be one too many for a browser to draw smoothly.
    pub(super) fn is_full(&self, board: &Board, key: &PodsKey<'_>, more: usize) -> bool {
        board.links.len() + more >= MOST_WIRES
            || (self.cards.len() >= MOST_CARDS && !self.cards.contains_key(key))
    }

    /// Shows some of the declared ports that nothing leads to, and gives every card its height.
    pub(super) fn finish(mut self, board: &mut Board) {
        for key in std::mem::take(&mut self.order) {
            let card = self.cards[&key];
            let left_out = self.show_unused(board, card, &key);
            let cluster = self.scene.cluster;
            let never = self
                .groups
                .sets(&key)
                .find_map(|set| never_ready_in_short(cluster, &cluster.sets[set as usize]));
            let at = &mut board.cards[card];
            at.height = HEAD + PODS_PITCH * at.rows.len() as i32 + if at.rows.is_empty() { 0 } else { 6 };
            let left_out = (left_out > 0).then(|| format!("and {left_out} more that no Service uses"));
            let foot = [
                (left_out, Face::Note, 240, Look::Carries, Term::UnusedPorts),
                (self.names.remove(&key), Face::Mono, 236, Look::Carries, Term::PodNames),
                (never, Face::Note, 240, Look::Broken, Term::NeverReady),
            ];
            for (text, face, room, look, term) in foot {
                if let Some(text) = text {
                    let text = Text::new(at.x + 18, at.height + 8, face, &text, room).looking(look);
                    at.texts.push(text.of(term));
                    at.height += 18;
                }
            }
            if let Some(applying) = self.scene.wiring.network_policies.to_any(self.groups.sets(&key)) {
                at.texts.push(network_policies::line(cluster, applying, (at.x + 18, at.height + 8)));
                at.height += 18;
            }
        }
    }

    /// Adds rows for declared ports that nothing leads to; answers how many there are besides.
    fn show_unused(&mut self, board: &mut Board, card: usize, key: &PodsKey<'c>) -> usize {
        let cluster = self.scene.cluster;
        let Some(set) = self.groups.sets(key).next() else { return 0 };
        let spec = cluster.sets[set as usize].spec(cluster);
        let mut unused = 0;
        for container in &spec.containers {
            for port in &container.ports {
                let (number, protocol) = (port.port.value, &port.protocol.value);
                let key = RowKey::Port(number, protocol, Some(&container.name));
                if self.rows.contains_key(&(card, key)) {
                    continue;
                }
                unused += 1;
                if unused <= MOST_UNUSED {
                    self.row(board, card, key, || {
                        port_words(number, protocol, &port.name.value, Some(&container.name))
                    });
                }
            }
        }
        unused.saturating_sub(MOST_UNUSED)
    }
}
