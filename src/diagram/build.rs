//! Cards and wires of Services and pods, before any of them has a place.

use rustc_hash::FxHashMap;

use super::cards::{GAP, PAD, PODS, card, row};
use super::pods::{Pods, PodsKey};
use super::scene::{MOST_SERVICES, Scene, drawn};
use super::service::service_card;
use super::{Card, CardKind, Cut, Face, Look, Text};
use crate::cluster::State;
use crate::kinds::service::Service;
use crate::terms::Term;
use crate::wiring::{NearMiss, Nobody, PortFault, ServiceWiring, names};

/// A board in the making.
#[derive(Default)]
pub(super) struct Board {
    /// All cards; columns and links name them by their places.
    pub cards: Vec<Card>,
    /// Clients, ways in, Services, pods: the cards of each from top to bottom.
    pub columns: [Vec<usize>; 4],
    /// How many wires are not drawn, since there are too many.
    pub left_out: usize,
    /// What leads where.
    pub links: Vec<Link>,
    /// Services that are reached from outside, which stand first so that their ways in can stand beside them.
    pub from_outside: Vec<bool>,
    /// The card and first path of each drawn Service.
    pub of_service: FxHashMap<usize, ServiceCard>,
    /// The cards and paths of folded groups, in their order.
    pub of_folded: Vec<ServiceCard>,
    /// How many paths the Services and the folded groups have.
    pub paths: u32,
    /// How many routes of Ingresses and Gateways are drawn.
    pub routes: usize,
    /// The routes that reach no Service: their paths follow those of the Services.
    pub unreached: Vec<usize>,
}

/// The card of a Service.
#[derive(Clone, Copy)]
pub(super) struct ServiceCard {
    /// Its place among the cards.
    pub card: usize,
    /// The path of its first row; the others follow.
    pub path: u32,
}

/// A wire before it has a place: from the right of a row to the left of a row.
pub(super) struct Link {
    /// Card and row.
    pub from: (usize, usize),
    /// Card and row.
    pub to: (usize, usize),
    /// Its look.
    pub look: Look,
    /// Whether and how it is cut.
    pub cut: Option<Cut>,
    /// The paths that go along it.
    pub paths: Vec<u32>,
}

impl Board {
    /// Where a wire to a port of a Service ends, and which path it is: at its row, or at the card that it is folded into.
    pub(super) fn target(&self, scene: &Scene<'_>, id: usize, port: usize) -> Option<((usize, usize), u32)> {
        if let Some(own) = self.of_service.get(&id) {
            let is_drawn = port < self.cards[own.card].rows.len();
            return is_drawn.then_some(((own.card, port), own.path + port as u32));
        }
        let folded = self.of_folded.get(scene.fold_of(id)?)?;
        Some(((folded.card, 0), folded.path))
    }
}

/// The cards of Services and pods, and the wires between them.
pub(super) fn services_and_pods(scene: &Scene<'_>) -> Board {
    let mut board = Board::default();
    let mut pods = Pods::new(scene);
    let mut next_path = 0;
    for &id in &scene.services {
        let (service, wired) = scene.service(id);
        let at = board.cards.len();
        board.cards.push(service_card(scene, id, next_path));
        board.columns[2].push(at);
        board.of_service.insert(id, ServiceCard { card: at, path: next_path });
        connect(scene, &mut board, &mut pods, (service, wired), at);
        if service.is_headless() {
            pods.name_pods(service, &wired.selected);
        }
        board.from_outside.resize(board.cards.len(), false);
        let routed =
            (0..service.ports.len().max(1)).any(|port| !scene.wiring.routes.to(id, Some(port)).is_empty());
        board.from_outside[at] = service.has_node_ports() || !service.external_ips.is_empty() || routed;
        next_path += board.cards[at].rows.len() as u32;
    }
    board.paths = next_path + scene.folds.len() as u32;
    if scene.services.is_empty() && !scene.is_chosen() {
        for set in 0..scene.cluster.sets.len().min(MOST_SERVICES) {
            pods.card(&mut board, set as u32);
        }
    }
    pods.finish(&mut board);
    board.from_outside.resize(board.cards.len(), false);
    let outside = std::mem::take(&mut board.from_outside);
    board.columns[2].sort_by_key(|card| !outside[*card]);
    board.from_outside = outside;
    board
}

/// The wires from a Service's rows to whoever answers, and the ends of those that nobody answers.
fn connect<'c>(
    scene: &'c Scene<'c>,
    board: &mut Board,
    pods: &mut Pods<'c>,
    (service, wired): (&'c Service, &'c ServiceWiring),
    from: usize,
) {
    let rows = board.cards[from].rows.len();
    if let Some(nobody) = &wired.nobody {
        let ghost = nobody.meant();
        if *nobody == Nobody::ScaledToZero {
            for picked in &wired.dormant {
                if pods.is_full(board, &PodsKey::of(scene.cluster, picked.set), rows) {
                    board.left_out += rows;
                    continue;
                }
                let card = pods.card(board, picked.set);
                for index in 0..rows {
                    let path = board.cards[from].rows[index].paths.clone();
                    let to = pods.any_row(board, card, service.ports.get(index), picked.set, &path);
                    board.links.push(Link {
                        from: (from, index),
                        to: (card, to),
                        look: Look::Faint,
                        cut: None,
                        paths: path,
                    });
                }
            }
            return;
        }
        let end = end_card(board, scene, service, nobody);
        for index in 0..rows {
            let paths = board.cards[from].rows[index].paths.clone();
            let look = board.cards[from].rows[index].look;
            let cut = (look == Look::Broken).then_some(Cut::AtEnd);
            board.cards[end].rows[0].paths.extend(&paths);
            board.cards[end].paths.extend(&paths);
            board.links.push(Link { from: (from, index), to: (end, 0), look, cut, paths: paths.clone() });
            if let Some(set) = ghost {
                let card = pods.card(board, set);
                let to = pods.any_row(board, card, service.ports.get(index), set, &paths);
                let cut = Some(Cut::Ghost);
                board.links.push(Link {
                    from: (from, index),
                    to: (card, to),
                    look: Look::Broken,
                    cut,
                    paths,
                });
            }
        }
        return;
    }
    for (index, (port, wired_port)) in drawn(service).iter().zip(&wired.ports).enumerate() {
        pods.connect_port(board, (from, index), port, wired_port);
        if wired_port.endpoints.is_empty() && wired_port.nameless().next().is_none() {
            let paths = board.cards[from].rows[index].paths.clone();
            let end = match wired.fault(index) {
                Some(PortFault::NotListed) => (
                    "no slice has this port",
                    "its ports are matched by name and protocol",
                    Term::EndNotListed,
                ),
                _ if wired.selected.is_empty() => {
                    ("its slices list no address", "none of the Service's IP family", Term::EndNoAddress)
                }
                _ => {
                    let why = scene.why(service).unwrap_or("no pod has an address");
                    (why, "so none is an endpoint", Term::EndNoAddress)
                }
            };
            let end = plain_end(board, end, Look::Broken, &paths);
            board.links.push(Link {
                from: (from, index),
                to: (end, 0),
                look: Look::Broken,
                cut: Some(Cut::AtEnd),
                paths,
            });
        }
    }
    if service.ports.is_empty() {
        for answer in &wired.portless {
            if pods.is_full(board, &PodsKey::of_endpoint(scene.cluster, answer.who), 1) {
                board.left_out += 1;
                continue;
            }
            let paths = board.cards[from].rows[0].paths.clone();
            let to = pods.dialled_row(board, answer.who, &paths);
            board.links.push(Link { from: (from, 0), to, look: Look::Dotted, cut: None, paths });
        }
    }
}

/// Where the wires of a Service end when nobody is behind it: why, in a few words.
fn end_card(board: &mut Board, scene: &Scene<'_>, service: &Service, nobody: &Nobody) -> usize {
    let observed = scene.cluster.state == State::Observed;
    let (why, more, look, term) = match nobody {
        Nobody::ExternalName if names::alias(scene.cluster, service).is_some() => {
            (service.external_name.value.as_str(), "a Service of this cluster", Look::Dotted, Term::EndAlias)
        }
        Nobody::ExternalName => (
            service.external_name.value.as_str(),
            "a host outside the cluster",
            Look::Dotted,
            Term::EndOutside,
        ),
        Nobody::NoSelector if service.is_of_api_server() => {
            ("no selector", "the API server keeps its endpoints", Look::Dotted, Term::EndNoSelector)
        }
        Nobody::NoSelector => {
            ("no selector", "its endpoints are written by hand", Look::Dotted, Term::EndNoSelector)
        }
        Nobody::SelectorRefused => {
            ("selector cannot be read", "Kubernetes refuses the Service", Look::Broken, Term::EndRefused)
        }
        Nobody::OutsideUpload if observed => (
            "pods are not in this upload",
            "dump the Pods too to see them",
            Look::Dotted,
            Term::EndOutsideUpload,
        ),
        Nobody::OutsideUpload => (
            "pods are not in this upload",
            "add the workload's manifest to see them",
            Look::Dotted,
            Term::EndOutsideUpload,
        ),
        Nobody::ScaledToZero => ("scaled to 0", "", Look::Faint, Term::ScaledToZero),
        Nobody::NoPodSelected(Some(NearMiss::KeyAbsent { .. })) => {
            ("no pod in this upload", "a label may be added at run time", Look::Dotted, Term::EndNoPod)
        }
        Nobody::NoPodSelected(None) => {
            ("no pod in this upload", "its pods may be elsewhere", Look::Dotted, Term::EndNoPod)
        }
        Nobody::NoPodSelected(_) => {
            (scene.why(service).unwrap_or("selects no pod"), "nobody answers", Look::Broken, Term::EndNobody)
        }
    };
    plain_end(board, (why, more, term), look, &[])
}

fn plain_end(board: &mut Board, (why, more, term): (&str, &str, Term), look: Look, paths: &[u32]) -> usize {
    let mut end = card(CardKind::End, PODS, 0);
    end.look = look;
    end.height = 46;
    end.label = format!("{why}: {more}");
    end.paths = paths.to_vec();
    let room = end.width - 2 * PAD;
    end.texts.push(Text::new(end.x + PAD, 20, Face::Why, why, room).looking(look).of(term));
    end.texts.push(Text::new(end.x + PAD, 36, Face::Note, more, room).of(term));
    let mut line = row(23, end.label.clone());
    line.look = look;
    line.paths = paths.to_vec();
    end.push(line);
    board.cards.push(end);
    let at = board.cards.len() - 1;
    board.columns[3].push(at);
    at
}

/// Notes that some paths go through a card or row. Paths come in ascending order, one port after the other, so those that
/// are noted already are the last.
pub(super) fn add_paths(noted: &mut Vec<u32>, paths: &[u32]) {
    let last = noted.last().copied();
    noted.extend(paths.iter().copied().filter(|path| last.is_none_or(|last| last < *path)));
}

/// The height of a column.
pub(super) fn height(board: &Board, column: usize) -> i32 {
    board.columns[column].iter().map(|card| board.cards[*card].height + GAP).sum()
}
