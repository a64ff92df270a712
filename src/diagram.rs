//! The picture with every place decided: cards in columns, rows on cards, jacks on rows, wires from jack to jack.
//!
//! A renderer only draws what is here. All places are whole pixels.

pub mod addresses;
mod broken;
mod build;
mod cards;
mod chosen;
mod filter;
mod folds;
mod groups;
mod listed;
mod network_policies;
mod nodes;
mod order;
mod place;
mod pods;
mod policies;
mod refused;
mod routes;
mod scene;
mod service;
mod text;
pub mod trace;
mod ways_in;
mod widths;
mod words;

use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::terms::Term;
use crate::wiring::Wiring;

pub use chosen::{Chosen, Health, health};
pub use filter::{Facets, Filter, facets, workload_of};
pub use folds::{Fold, Folded, folds, pods_of};
pub use groups::{fits, groups};
pub use network_policies::policed;
pub use nodes::is_dropped_at;
pub use policies::{local_nodes, names, only_from};
pub use refused::Refused;
pub use routes::{is_default, route_address, route_addresses, route_fault, route_name, route_share};
pub use scene::port_address;
pub use service::look_of;
pub use text::{Face, Text};
pub use words::{by_sidecar, never_ready};

/// A board ready to be drawn.
#[derive(Debug, Default)]
pub struct Diagram {
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
    /// The places that a packet goes through: your network, the cluster, the pod network.
    pub zones: Vec<Zone>,
    /// The headings of the columns.
    pub lanes: Vec<Text>,
    /// The cards, column by column.
    pub cards: Vec<Card>,
    /// The wires between them.
    pub wires: Vec<Wire>,
    /// What each path goes through.
    ///
    /// The first [`Diagram::rows`] of them go from a row of a Service or a folded group on, or are routes that reach none; the others come by
    /// one way in each.
    pub paths: Vec<Path>,
    /// How many rows the Services have, and how many routes reach none.
    pub rows: usize,
    /// What the board shows, in a sentence, for those who do not see it.
    pub description: String,
    /// The groups that are folded, by the order of their paths.
    pub folded: Vec<Folded>,
    /// What there is besides what is drawn.
    pub notes: Vec<String>,
    /// Whether any address on it is made up.
    pub has_examples: bool,
    /// How often two wires cross.
    pub crossings: usize,
    /// How often wires between Services and pods cross, in the order in which they were read and in that of the board.
    pub reduced: (usize, usize),
}

/// What a path of the board goes through, by its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Path {
    /// A Service and its port; no port where it has none.
    Port(usize, Option<usize>),
    /// A route of an Ingress or Gateway that reaches no Service, by its place in [`crate::wiring::Routes::all`].
    Route(usize),
    /// A group of Services that is folded, by its place in [`Diagram::folded`].
    Folded(usize),
}

/// A network, drawn as an area.
#[derive(Debug)]
pub struct Zone {
    /// Left edge.
    pub x: i32,
    /// Width.
    pub width: i32,
    /// Its name.
    pub name: Text,
    /// Its addresses.
    pub note: Option<Text>,
}

/// What a card stands for; a renderer gives each its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKind {
    /// Someone outside.
    Client,
    /// A way in: nodes, a load balancer, clients inside.
    WayIn,
    /// A Service.
    Service,
    /// Services that are folded into one.
    Folded,
    /// A workload or a bare Pod.
    Pods,
    /// Addresses that a slice lists.
    Addresses,
    /// Where a wire ends when no pod is there: with the reason.
    End,
}

/// A card.
#[derive(Debug)]
pub struct Card {
    /// What it stands for.
    pub kind: CardKind,
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
    /// Where the line under its head is, from its top; 0 for none.
    pub head: i32,
    /// Its look: broken, faint or neither.
    pub look: Look,
    /// What is written on its head.
    pub texts: Vec<Text>,
    /// The kind of Service or way in, in a rounded box.
    pub chip: Option<Chip>,
    /// One for each pod, five at most.
    pub pips: Vec<Pip>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What it stands for, in words.
    pub label: String,
    /// The address that selects it.
    pub at: Option<String>,
    /// The group that it stands for, where it is folded.
    pub fold: Option<String>,
    /// The labels that it selects by, or that its pods have, to be found by.
    pub labels: Vec<String>,
    /// The paths that go through it.
    pub paths: Vec<u32>,
}

/// A word in a rounded box.
#[derive(Debug)]
pub struct Chip {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// The word.
    pub text: Text,
}

/// A pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pip {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// In what condition.
    pub state: PipState,
    /// What it is.
    pub term: Term,
}

/// The condition of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PipState {
    /// Ready, or taken to be.
    Ready,
    /// Not ready.
    Waiting,
    /// Asked for by nobody: scaled to zero.
    Off,
}

/// A port on a card, or whatever else wires lead to.
#[derive(Debug)]
pub struct Row {
    /// The line that its jacks are on.
    pub y: i32,
    /// How far above and below that line it reaches, for pointing at.
    pub reach: (i32, i32),
    /// What is written on it.
    pub texts: Vec<Text>,
    /// The jack on the card's left edge.
    pub left: Option<Jack>,
    /// The jack on the card's right edge.
    pub right: Option<Jack>,
    /// The wire across the card, from and to.
    pub inner: Option<(i32, i32)>,
    /// The look of that wire.
    pub look: Look,
    /// The address that selects it.
    pub at: Option<String>,
    /// What it stands for, in words.
    pub label: String,
    /// The paths that go through it.
    pub paths: Vec<u32>,
}

/// Where a wire is plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jack {
    /// Its middle.
    pub x: i32,
    /// Its look.
    pub look: Look,
    /// Its mark: the protocol, or none where nothing declares the port.
    pub mark: Mark,
    /// What is plugged in here.
    pub term: Term,
}

/// What is inside a jack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// TCP: a dot.
    Tcp,
    /// UDP: a bar.
    Udp,
    /// SCTP: a cross bar.
    Sctp,
    /// Nothing: no container declares the port.
    Hollow,
}

/// How a wire, a jack or a card looks, which is what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Look {
    /// Carries traffic.
    #[default]
    Carries,
    /// Carries traffic, but is the lesser way: a load balancer's node port.
    Thin,
    /// To be allocated by the cluster, or only assumed.
    Dotted,
    /// Not ready, or scaled to zero.
    Faint,
    /// Nobody answers.
    Broken,
}

/// A wire through the gap between two columns.
#[derive(Debug)]
pub struct Wire {
    /// Where it begins.
    pub from: (i32, i32),
    /// Where it ends.
    pub to: (i32, i32),
    /// Its look.
    pub look: Look,
    /// Whether it is cut: a cross stands before its end, and what follows is what was probably meant.
    pub cut: Option<Cut>,
    /// The paths that go along it.
    pub paths: Vec<u32>,
}

/// How a wire that reaches nobody ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// At its beginning: the jack it comes from is refused.
    AtStart,
    /// At the end: the jack it leads to does not take it.
    AtEnd,
    /// In the middle, with a ghost of a wire to what was probably meant.
    Ghost,
}

/// Lays out the board of a cluster.
pub fn lay_out(cluster: &Cluster, wiring: &Wiring, findings: &[Finding]) -> Diagram {
    lay_out_scene(&scene::Scene::new(cluster, wiring, findings, None))
}

/// Lays out a board of some Services and what is wired to them.
pub fn lay_out_chosen(cluster: &Cluster, wiring: &Wiring, findings: &[Finding], chosen: &Chosen) -> Diagram {
    lay_out_scene(&scene::Scene::new(cluster, wiring, findings, Some(chosen)))
}

fn lay_out_scene(scene: &scene::Scene<'_>) -> Diagram {
    let mut board = build::services_and_pods(scene);
    let as_read = order::reduce_crossings(&mut board);
    let ordered = order::crossings(&board);
    folds::add(&mut board, scene);
    ways_in::add(&mut board, scene);
    Diagram { reduced: (as_read, ordered), ..place::place(board, scene) }
}

impl Diagram {
    /// The radius of a jack: so far from the edge of a card its wires begin.
    pub const JACK: i32 = place::JACK;

    /// The paths that go through what an address names; none where it names nothing here.
    pub fn paths_at(&self, at: &str) -> Vec<u32> {
        let cards = self.cards.iter();
        let row = cards.clone().flat_map(|card| &card.rows).find(|row| row.at.as_deref() == Some(at));
        let paths = row.map(|row| &row.paths).or_else(|| {
            self.cards.iter().find(|card| card.at.as_deref() == Some(at)).map(|card| &card.paths)
        });
        paths.cloned().unwrap_or_default()
    }
}
