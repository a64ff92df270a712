//! What of a board is lit for a trace: its one way in, the Service's port, and the pods that it reaches.

use super::place::JACK;
use super::{Card, CardKind, Diagram, Look, Path, Row, Wire, nodes, port_address, route_address};
use crate::cluster::Cluster;
use crate::wiring::Wiring;
use crate::wiring::trace::{Nothing, Shares, Step, Trace, Unshared};

/// What of a board is lit; each by its place there.
#[derive(Debug, Default)]
pub struct Lit {
    /// The address of the way in.
    pub at: Option<String>,
    /// One for each wire.
    pub wires: Vec<bool>,
    /// One for each row of each card.
    pub rows: Vec<Vec<bool>>,
}

impl Lit {
    /// Whether any row of a card is lit.
    pub fn card(&self, card: usize) -> bool {
        self.rows.get(card).is_some_and(|rows| rows.contains(&true))
    }

    /// What either lights; the address is that of the first.
    fn and(mut self, other: Self) -> Self {
        for (wire, other) in self.wires.iter_mut().zip(other.wires) {
            *wire |= other;
        }
        for (row, other) in self.rows.iter_mut().flatten().zip(other.rows.into_iter().flatten()) {
            *row |= other;
        }
        self
    }

    /// Whether a row of a card is lit.
    pub fn row(&self, card: usize, row: usize) -> bool {
        self.rows.get(card).and_then(|rows| rows.get(row)).copied().unwrap_or_default()
    }
}

impl Diagram {
    /// What a trace lights; `None` where it comes to no port of a Service, or to one that is not drawn.
    pub fn light(&self, cluster: &Cluster, wiring: &Wiring, trace: &Trace) -> Option<Lit> {
        let branches = trace.branches.iter().filter_map(|branch| {
            let by = Some(route_address(cluster, &wiring.routes, branch.route));
            self.light_one(&branch.trace, by)
        });
        let all = branches.reduce(Lit::and);
        all.or_else(|| self.light_one(trace, way_in(cluster, wiring, trace)))
    }

    /// What a trace without branches lights that comes in by the row of an address.
    fn light_one(&self, trace: &Trace, at: Option<String>) -> Option<Lit> {
        if let Some(Nothing::Unreached { route, .. } | Nothing::NoWeight(route)) = &trace.nothing {
            return self.light_route(&Path::Route(*route));
        }
        let dropped = matches!(&trace.nothing, Some(Nothing::NoLocalPod { .. }));
        if !dropped
            && !matches!(&trace.nothing, None | Some(Nothing::Fault { .. } | Nothing::ExternalName(_)))
        {
            return None;
        }
        let (service, port) = trace.target?;
        let target = Path::Port(service, port);
        let leads = |path: &u32| self.paths.get(*path as usize) == Some(&target);
        let ways_in = self.cards.iter().filter(|card| card.kind == CardKind::WayIn);
        let ways_in: Vec<&Row> = ways_in.flat_map(|card| &card.rows).collect();
        let is_drawn = |at: &String| ways_in.iter().any(|row| row.at.as_ref() == Some(at));
        let at = sort_of_node(trace)
            .zip(at.as_ref())
            .map(|(end, at)| format!("{at}{end}"))
            .filter(is_drawn)
            .or(at);
        let mut rows = ways_in.iter().filter(|row| at.is_some() && row.at == at);
        // What is dropped on the way in goes no further.
        if dropped && !rows.clone().any(|row| row.right.is_none()) {
            return None;
        }
        let by_way_in = rows.find_map(|row| row.paths.iter().copied().find(leads));
        // A way in that is not drawn leads to the Service's own row all the same.
        let path = by_way_in.or_else(|| (0..self.paths.len() as u32).find(leads))?;
        let is_way_in = |(card, row): (usize, usize)| {
            let card = &self.cards[card];
            card.kind == CardKind::WayIn && card.rows[row].at == at && card.rows[row].paths.contains(&path)
        };
        let behind = |wire: &Wire| self.kind_at(self.begin(wire)) == Some(CardKind::Service);
        let of_path = |wire: &&Wire| wire.paths.contains(&path);
        let carried = self.wires.iter().filter(of_path).any(|wire| behind(wire) && carries(wire));
        let mut lit = Lit { at: at.clone(), ..Lit::default() };
        lit.rows = self.cards.iter().map(|card| vec![false; card.rows.len()]).collect();
        for wire in &self.wires {
            let (begin, end) = (self.begin(wire), self.end(wire));
            let on = of_path(&wire)
                && match self.kind_at(begin) {
                    Some(CardKind::Service) => carries(wire) || !carried,
                    Some(CardKind::WayIn) => begin.is_some_and(is_way_in),
                    _ => end.is_some_and(is_way_in),
                };
            lit.wires.push(on);
            for (card, row) in begin.into_iter().chain(end).filter(|_| on) {
                lit.rows[card][row] = true;
            }
        }
        Some(lit)
    }

    /// The row of a route that leads nowhere, and the wire to it.
    fn light_route(&self, route: &Path) -> Option<Lit> {
        let is_lit = |paths: &[u32]| paths.iter().any(|path| self.paths.get(*path as usize) == Some(route));
        let lit = |card: &Card| card.rows.iter().map(|row| is_lit(&row.paths)).collect();
        let at = self
            .cards
            .iter()
            .flat_map(|card| &card.rows)
            .find(|row| row.at.is_some() && is_lit(&row.paths))?;
        Some(Lit {
            at: at.at.clone(),
            wires: self.wires.iter().map(|wire| is_lit(&wire.paths)).collect(),
            rows: self.cards.iter().map(lit).collect(),
        })
    }

    fn kind_at(&self, row: Option<(usize, usize)>) -> Option<CardKind> {
        row.map(|(card, _)| self.cards[card].kind)
    }

    /// The row that a wire begins at, by the places of card and row.
    pub fn begin(&self, wire: &Wire) -> Option<(usize, usize)> {
        self.row_at(wire.from.1, |card| wire.from.0 == card.x + card.width + JACK)
    }

    /// The row that a wire ends at.
    pub fn end(&self, wire: &Wire) -> Option<(usize, usize)> {
        self.row_at(wire.to.1, |card| (card.x - JACK..=card.x).contains(&wire.to.0))
    }

    fn row_at(&self, y: i32, is_beside: impl Fn(&Card) -> bool) -> Option<(usize, usize)> {
        let beside = self.cards.iter().enumerate().filter(|(_, card)| is_beside(card));
        beside.into_iter().find_map(|(id, card)| Some((id, card.rows.iter().position(|row| row.y == y)?)))
    }
}

fn carries(wire: &Wire) -> bool {
    wire.cut.is_none() && !matches!(wire.look, Look::Faint | Look::Broken)
}

/// What tells the row of such nodes from that of the others on their card.
fn sort_of_node(trace: &Trace) -> Option<&'static str> {
    let Step::Node { .. } = trace.hops.first()?.step else { return None };
    match (&trace.nothing, trace.shares) {
        (Some(Nothing::NoLocalPod { .. }), _) => Some(nodes::WITHOUT),
        (None, Shares::Unknown(Unshared::ExternalLocal)) => Some(nodes::UNKNOWN),
        _ => None,
    }
}

/// The address on the board of the way in that a trace takes.
fn way_in(cluster: &Cluster, wiring: &Wiring, trace: &Trace) -> Option<String> {
    let (service, port) = trace.target?;
    let at = &cluster.services[service];
    let of_port = || port.map(|port| port_address(at, &at.ports[port]));
    match &trace.hops.first()?.step {
        Step::Node { port, .. } => Some(format!("node:{port}")),
        Step::LoadBalancer { .. } => Some(format!("lb:{}", of_port()?)),
        Step::ExternalIp { .. } => Some(format!("ip:{}", of_port()?)),
        Step::Route { route, .. } => Some(route_address(cluster, &wiring.routes, *route)),
        Step::Service { .. } => Some(format!("in:{}.{}", at.meta.name.value, at.meta.namespace)),
        Step::HostPort { .. } | Step::Pod(_) => None,
    }
}
