//! Cards of workloads and bare Pods: one for each, with a row for every port that something leads to.

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::{Board, Link};
use super::cards::{HEAD, PODS, PODS_PITCH, What, card};
use super::scene::Scene;
use super::words::{Words, any_words, endpoint_words, missing_words, never_ready_in_short, port_words};
use super::{Card, CardKind, Cut, Face, Look, Pip, PipState, Text, addresses, listed};
use crate::cluster::{Cluster, PodSet, State};
use crate::kinds::service::{Service, ServicePort};
use crate::port::{Protocol, TargetPort};
use crate::terms::Term;
use crate::wiring::{Picked, PortWiring, Who, names};

/// Pods that share a card: those of one workload, or one bare Pod.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PodsKey {
    namespace: String,
    kind: String,
    name: String,
}

/// What a row of such a card stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum RowKey {
    /// A port, by number and protocol, and the container that declares it if one does.
    Port(i32, Protocol, Option<String>),
    /// A name that no port has.
    Missing(String, Protocol),
    /// Whatever port the client dials.
    Any,
}

/// The pods' cards of a board in the making.
pub(super) struct Pods {
    sets: FxHashMap<PodsKey, Vec<u32>>,
    first_number: FxHashMap<PodsKey, u64>,
    only_v6: FxHashSet<PodsKey>,
    cards: FxHashMap<PodsKey, usize>,
    order: Vec<PodsKey>,
    rows: FxHashMap<(usize, RowKey), usize>,
    /// The names that pods have of their own below a Service's.
    names: FxHashMap<PodsKey, String>,
}

/// The most cards of pods, and the most wires, that one board draws.
const MOST_CARDS: usize = 400;
const MOST_WIRES: usize = 2_500;
/// How many declared ports that nothing leads to a card shows.
const MOST_UNUSED: usize = 3;

/// The labels of some pods, each once and no more than a few, since pods may each have one of their own.
fn labels(cluster: &Cluster, sets: &[u32]) -> Vec<String> {
    const MOST: usize = 24;
    let mut all = Vec::new();
    for label in sets.iter().flat_map(|set| cluster.sets[*set as usize].labels(cluster).iter()) {
        let pair = label.pair();
        if !all.contains(&pair) {
            all.push(pair);
        }
        if all.len() == MOST {
            break;
        }
    }
    all
}

impl PodsKey {
    /// The key of a set of pods.
    pub(super) fn of(cluster: &Cluster, set: u32) -> Self {
        let set = &cluster.sets[set as usize];
        match &set.owner {
            Some(owner) => Self::new(&set.namespace, &owner.kind, &owner.name),
            None => Self::new(&set.namespace, "Pod", &set.meta(cluster).name.value),
        }
    }

    /// The key of whoever is an endpoint.
    fn of_endpoint(cluster: &Cluster, who: Who) -> Self {
        match who {
            Who::Pods(picked) => Self::of(cluster, picked.set),
            Who::Address(listed) => Self::of_slice(cluster, listed.slice),
        }
    }

    pub(super) fn new(namespace: &str, kind: &str, name: &str) -> Self {
        Self { namespace: namespace.to_owned(), kind: kind.to_owned(), name: name.to_owned() }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    /// Gives the card of these pods its words and its address.
    pub(super) fn name_card(&self, at: &mut Card) {
        at.label = format!("{} {} in namespace {}", self.kind, self.name, self.namespace);
        at.at = Some(format!("pods:{}/{}.{}", self.kind, self.name, self.namespace));
    }
}

impl Pods {
    /// Groups the pods of a cluster by card, and counts them for their example addresses.
    pub(super) fn new(scene: &Scene<'_>) -> Self {
        let mut sets: FxHashMap<PodsKey, Vec<u32>> = FxHashMap::default();
        let mut first_number: FxHashMap<PodsKey, u64> = FxHashMap::default();
        let mut number = 0;
        for (id, set) in scene.cluster.sets.iter().enumerate() {
            let key = PodsKey::of(scene.cluster, id as u32);
            first_number.entry(key.clone()).or_insert(number);
            number += u64::from(set.replicas);
            sets.entry(key).or_default().push(id as u32);
        }
        Self {
            sets,
            first_number,
            only_v6: only_v6(scene),
            cards: FxHashMap::default(),
            order: Vec::new(),
            rows: FxHashMap::default(),
            names: FxHashMap::default(),
        }
    }

    /// Notes the names that pods have of their own below a Service's.
    pub(super) fn name_pods(&mut self, cluster: &Cluster, service: &Service, selected: &[Picked]) {
        for &picked in selected {
            let Some(own) = names::of_pods(cluster, service, picked) else { continue };
            let (meta, more) = (&service.meta, if own.last().is_some() { " \u{2026}" } else { "" });
            let name = format!("{}.{}.{}.svc{more}", own.first(), meta.name.value, meta.namespace);
            self.names.entry(PodsKey::of(cluster, picked.set)).or_insert(name);
        }
    }

    /// The card of some pods, made where there is none yet.
    pub(super) fn card(&mut self, board: &mut Board, scene: &Scene<'_>, key: PodsKey) -> usize {
        if let Some(&at) = self.cards.get(&key) {
            return at;
        }
        let head = self.head(scene, &key);
        self.add(board, key, head)
    }

    /// The card of whoever is an endpoint, made where there is none yet.
    pub(super) fn card_of(&mut self, board: &mut Board, scene: &Scene<'_>, who: Who) -> usize {
        let slice = match who {
            Who::Pods(picked) => return self.card(board, scene, PodsKey::of(scene.cluster, picked.set)),
            Who::Address(listed) => listed.slice,
        };
        let key = PodsKey::of_slice(scene.cluster, slice);
        if let Some(&at) = self.cards.get(&key) {
            return at;
        }
        let namespace = scene.many_namespaces.then_some(key.namespace.as_str());
        let head = listed::head(scene.cluster, slice, &key, namespace);
        self.add(board, key, head)
    }

    fn add(&mut self, board: &mut Board, key: PodsKey, head: Card) -> usize {
        let at = board.cards.len();
        board.cards.push(head);
        board.columns[3].push(at);
        self.order.push(key.clone());
        self.cards.insert(key, at);
        at
    }

    fn head(&self, scene: &Scene<'_>, key: &PodsKey) -> Card {
        let cluster = scene.cluster;
        let sets = self.sets.get(key).map_or(&[][..], Vec::as_slice);
        let mut at = card(CardKind::Pods, PODS, HEAD);
        key.name_card(&mut at);
        at.labels = labels(cluster, sets);
        let mut states: Vec<PipState> = Vec::new();
        let mut replicas = 0;
        for set in sets.iter().map(|set| &cluster.sets[*set as usize]) {
            let state = if is_ready(cluster, set) { PipState::Ready } else { PipState::Waiting };
            states.extend(std::iter::repeat_n(state, (set.replicas as usize).min(5)));
            replicas += u64::from(set.replicas);
        }
        // What is wrong is seen first.
        states.sort_by_key(|state| std::cmp::Reverse(*state));
        let seen = states.len().min(5);
        let right = at.x + at.width - 14;
        let more = (replicas > seen as u64).then(|| format!("+{}", replicas - seen as u64));
        let more = more.map(|more| Text::from_right(right, 24, Face::Mono, &more, 60).of(Term::MorePods));
        let mut x = right - more.as_ref().map_or(0, |text| text.width() + 6);
        at.texts.extend(more);
        let mut pips = states;
        pips.truncate(seen);
        if replicas == 0 {
            pips.push(PipState::Off);
        }
        // The first pip is drawn leftmost.
        pips.reverse();
        for state in pips {
            x -= 11;
            at.pips.push(Pip { x, y: 14, state, term: pip_term(cluster.state, state) });
            x -= 5;
        }
        let count = Text::from_right(x - 2, 24, Face::Mono, &format!("\u{d7}{replicas}"), 90);
        at.texts.push(count.of(Term::Replicas));
        let (address, face, term) = self.address(scene, key, sets, replicas);
        let namespace = scene.many_namespaces.then_some(key.namespace.as_str());
        let refused = sets.iter().any(|set| scene.refuses(cluster.sets[*set as usize].meta(cluster)));
        if refused {
            for pip in &mut at.pips {
                (pip.state, pip.term) = (PipState::Off, Term::PodOff);
            }
        }
        let node = scene.only_node(sets).map(|node| format!("{} on {node}", key.kind()));
        let what = node.as_deref().unwrap_or(key.kind());
        let kind = if key.kind() == "Pod" { Term::PodKind } else { Term::WorkloadKind };
        let what = What::Note(what, kind);
        at.write_head((key.name(), Term::WorkloadName), what, namespace, Some((&address, face, term)));
        if refused {
            at.write_refused();
        }
        at
    }

    /// The first address of some pods.
    fn address(&self, scene: &Scene<'_>, key: &PodsKey, sets: &[u32], replicas: u64) -> (String, Face, Term) {
        let real =
            sets.iter().find_map(|set| scene.cluster.sets[*set as usize].observed.as_ref()?.ips.first());
        let number = self.first_number.get(key).copied().unwrap_or_default();
        let observed = scene.cluster.state == crate::cluster::State::Observed;
        if replicas == 0 {
            return ("scaled to 0".to_owned(), Face::Note, Term::ScaledToZero);
        }
        if real.is_none() && observed {
            return ("no address".to_owned(), Face::Note, Term::NoPodAddress);
        }
        let (mut address, face) = addresses::or_example(real.map(String::as_str), || {
            addresses::pod(number, self.only_v6.contains(key))
        });
        if replicas > 1 {
            address.push_str(" \u{2026}");
        }
        let term = if face == Face::Example { Term::PodAddressExample } else { Term::PodAddress };
        (address, face, term)
    }

    /// Plugs a Service port into every port that answers it, and shows where its name is not found.
    pub(super) fn connect_port(
        &mut self,
        board: &mut Board,
        scene: &Scene<'_>,
        from: (usize, usize),
        port: &ServicePort,
        wired: &PortWiring,
    ) {
        let cluster = scene.cluster;
        let paths = board.cards[from.0].rows[from.1].paths.clone();
        let mut links: Vec<((usize, usize), Look)> = Vec::new();
        for endpoint in &wired.endpoints {
            let who = endpoint.answer.who;
            if self.is_full(board, &PodsKey::of_endpoint(cluster, who), links.len()) {
                board.left_out += 1;
                continue;
            }
            let card = self.card_of(board, scene, who);
            let (container, words) = endpoint_words(cluster, endpoint, port);
            let key = RowKey::Port(endpoint.port, port.protocol.value.clone(), container);
            let look = if endpoint.gets_traffic() { Look::Carries } else { Look::Faint };
            let to = self.row(board, card, key, || words);
            light(&mut board.cards[card], to, look, &paths);
            match links.iter_mut().find(|(other, _)| *other == (card, to)) {
                Some((_, before)) => *before = (*before).min(look),
                None => links.push(((card, to), look)),
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
        let mut missing: Vec<(usize, usize)> = Vec::new();
        for pods in wired.nameless() {
            let key = PodsKey::of(cluster, pods.picked.set);
            if self.is_full(board, &key, missing.len()) {
                board.left_out += 1;
                continue;
            }
            let card = self.card(board, scene, key);
            let key = RowKey::Missing(name.clone(), port.protocol.value.clone());
            let to = self.row(board, card, key, || missing_words(cluster, name, &port.protocol.value, pods));
            light(&mut board.cards[card], to, Look::Broken, &paths);
            if !missing.contains(&(card, to)) {
                missing.push((card, to));
            }
        }
        let broken = |to| Link { from, to, look: Look::Broken, cut: Some(Cut::AtEnd), paths: paths.clone() };
        board.links.extend(missing.into_iter().map(broken));
    }

    /// A row of an endpoint's card for whichever port the client dials.
    pub(super) fn dialled_row(
        &mut self,
        board: &mut Board,
        scene: &Scene<'_>,
        who: Who,
        paths: &[u32],
    ) -> (usize, usize) {
        let card = self.card_of(board, scene, who);
        let to = match who {
            Who::Pods(picked) => self.any_row(board, card, None, scene, picked.set, paths),
            Who::Address(_) => {
                let to = self.row(board, card, RowKey::Any, any_words);
                light(&mut board.cards[card], to, Look::Faint, paths);
                to
            }
        };
        (card, to)
    }

    /// Whether another wire, or another card, would be one too many for a browser to draw smoothly.
    fn is_full(&self, board: &Board, key: &PodsKey, more: usize) -> bool {
        board.links.len() + more >= MOST_WIRES
            || (self.cards.len() >= MOST_CARDS && !self.cards.contains_key(key))
    }

    /// A row for traffic that does not come now: to pods that are scaled away, meant but not selected, or dialled directly.
    pub(super) fn any_row(
        &mut self,
        board: &mut Board,
        card: usize,
        port: Option<&ServicePort>,
        scene: &Scene<'_>,
        set: u32,
        paths: &[u32],
    ) -> usize {
        let spec = scene.cluster.sets[set as usize].spec(scene.cluster);
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
                let (number, protocol) = (at.port.value, at.protocol.value.clone());
                let key = RowKey::Port(number, protocol.clone(), Some(container.name.clone()));
                self.row(board, card, key, || {
                    port_words(number, &protocol, &at.name.value, Some(&container.name))
                })
            }
            (None, Some((TargetPort::Number(number), protocol))) => {
                let key = RowKey::Port(*number, protocol.clone(), None);
                self.row(board, card, key, || port_words(*number, protocol, "", None))
            }
            _ => self.row(board, card, RowKey::Any, any_words),
        };
        let row = &mut board.cards[card].rows[to];
        row.paths.extend(paths.iter().filter(|path| !row.paths.contains(path)).copied().collect::<Vec<_>>());
        board.cards[card].paths.extend(paths);
        to
    }

    fn row(&mut self, board: &mut Board, card: usize, key: RowKey, words: impl FnOnce() -> Words) -> usize {
        let next = board.cards[card].rows.len();
        let at = *self.rows.entry((card, key)).or_insert(next);
        if at == next {
            let row = words().row(&board.cards[card], next);
            board.cards[card].push(row);
        }
        at
    }

    /// Shows some of the declared ports that nothing leads to, and gives every card its height.
    pub(super) fn finish(mut self, board: &mut Board, scene: &Scene<'_>) {
        for key in std::mem::take(&mut self.order) {
            let card = self.cards[&key];
            let mut left_out = 0;
            let mut unused = 0;
            for set in self.sets.get(&key).cloned().unwrap_or_default().into_iter().take(1) {
                let spec = scene.cluster.sets[set as usize].spec(scene.cluster);
                for container in &spec.containers {
                    for port in &container.ports {
                        let (number, protocol) = (port.port.value, port.protocol.value.clone());
                        let key = RowKey::Port(number, protocol.clone(), Some(container.name.clone()));
                        if self.rows.contains_key(&(card, key.clone())) {
                            continue;
                        }
                        if unused == MOST_UNUSED {
                            left_out += 1;
                            continue;
                        }
                        unused += 1;
                        self.row(board, card, key, || {
                            port_words(number, &protocol, &port.name.value, Some(&container.name))
                        });
                    }
                }
            }
            let never = self
                .sets
                .get(&key)
                .into_iter()
                .flatten()
                .find_map(|set| never_ready_in_short(scene.cluster, &scene.cluster.sets[*set as usize]));
            let at = &mut board.cards[card];
            at.height = HEAD + PODS_PITCH * at.rows.len() as i32 + if at.rows.is_empty() { 0 } else { 6 };
            if left_out > 0 {
                let y = at.height + 8;
                let words = format!("and {left_out} more that no Service uses");
                let words = Text::new(at.x + 18, y, Face::Note, &words, 240);
                at.texts.push(words.of(Term::UnusedPorts));
                at.height += 18;
            }
            if let Some(names) = self.names.get(&key) {
                let y = at.height + 8;
                at.texts.push(Text::new(at.x + 18, y, Face::Mono, names, 236).of(Term::PodNames));
                at.height += 18;
            }
            if let Some(why) = never {
                let y = at.height + 8;
                let why = Text::new(at.x + 18, y, Face::Note, &why, 240).looking(Look::Broken);
                at.texts.push(why.of(Term::NeverReady));
                at.height += 18;
            }
        }
    }
}

/// Pods that only Services with IPv6 addresses alone select, so that they must have such too.
fn only_v6(scene: &Scene<'_>) -> FxHashSet<PodsKey> {
    let keys = |v6: bool| {
        let services = scene.services.iter().map(|id| scene.service(*id));
        let services = services.filter(move |(service, _)| addresses::is_only_v6(service) == v6);
        services
            .flat_map(|(_, wired)| wired.selected.iter().map(|picked| PodsKey::of(scene.cluster, picked.set)))
    };
    let mut only: FxHashSet<PodsKey> = keys(true).collect();
    if !only.is_empty() {
        keys(false).for_each(|key| _ = only.remove(&key));
    }
    only
}

/// What a pod that is drawn is.
const fn pip_term(seen: State, state: PipState) -> Term {
    match (state, seen) {
        (PipState::Ready, State::Observed) => Term::PodReady,
        (PipState::Ready, _) => Term::PodAssumedReady,
        (PipState::Waiting, _) => Term::PodWaiting,
        (PipState::Off, _) => Term::PodOff,
    }
}

/// Whether pods take traffic, as far as is known.
fn is_ready(cluster: &Cluster, set: &PodSet) -> bool {
    match &set.observed {
        Some(status) => status.ready && !status.terminating && status.lives,
        None => set.never_ready(cluster).is_none(),
    }
}

/// Marks a row as reached.
fn light(card: &mut Card, row: usize, look: Look, paths: &[u32]) {
    card.paths.extend(paths.iter().filter(|path| !card.paths.contains(path)).copied().collect::<Vec<_>>());
    let row = &mut card.rows[row];
    row.paths.extend(paths.iter().filter(|path| !row.paths.contains(path)).copied().collect::<Vec<_>>());
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
