//! A board on a narrow screen: one Service at a time, each of its ports from its ways in down to who answers.
//!
//! It says what the board says, by the board's own cards and wires.

use rustc_hash::FxHashMap;

use crate::diagram::{Card, CardKind, Cut, Diagram, Face, Look, PipState, Row, Text, Wire};
use crate::terms::Term;

use super::selection::Selection;

/// The most ways in and the most ends of one port that are shown.
const MOST_STOPS: usize = 12;

/// A text, its class, and the word that it is among those of `/words`; empty where it is none.
type Written = (String, &'static str, &'static str);

/// One Service.
pub(super) struct Strip {
    pub card: String,
    pub name: String,
    pub label: String,
    pub chip: Written,
    pub notes: Vec<Written>,
    pub look: &'static str,
    pub ports: Vec<Port>,
    /// Its place among the Services of the board, from 1, and how many there are.
    pub place: usize,
    pub of: usize,
    /// The addresses that show the Services before and after it.
    pub before: String,
    pub after: String,
    /// The group that it stands for, where it is folded.
    pub fold: Option<String>,
}

/// One port of it.
pub(super) struct Port {
    pub ways: Vec<Stop>,
    pub more_ways: usize,
    pub own: Stop,
    pub ends: Vec<Stop>,
    pub more_ends: usize,
}

/// A place on the way.
pub(super) struct Stop {
    /// The address that selects it.
    pub at: Option<String>,
    /// What has it: `3 nodes`, `Deployment web`.
    pub place: Vec<Written>,
    /// Who comes this way from outside.
    pub from: Vec<Written>,
    /// What is written on it, each with its class.
    pub texts: Vec<Written>,
    /// How the wire to it looks.
    pub look: &'static str,
    /// The pods, as marks: each with its class and the word that it is.
    pub pips: Vec<(&'static str, &'static str)>,
    /// Whether the wire to it is cut.
    pub cut: bool,
    /// The ports of the same pods that nothing leads to.
    pub others: String,
}

impl Port {
    /// How many ways in there are, with those that are not shown.
    pub(super) fn all_ways(&self) -> usize {
        self.ways.len() + self.more_ways
    }
}

/// The Service of a board that is shown alone where there is room for one: the one asked for, else the one that is
/// selected, else the first.
pub(super) fn strip(diagram: &Diagram, selection: &Selection, at: Option<&str>) -> Option<Strip> {
    let board = Board::new(diagram);
    let cards = || board.services.iter().map(|id| &diagram.cards[*id]);
    let asked = selection.get("card");
    let is_asked = |card: &Card| !asked.is_empty() && card.at.as_deref() == Some(asked);
    let lit = at.map(|at| diagram.paths_at(at)).unwrap_or_default();
    let is_lit = |card: &Card| card.paths.iter().any(|path| lit.contains(path));
    let place = cards().position(is_lit).filter(|_| asked.is_empty()).or_else(|| cards().position(is_asked));
    (!board.services.is_empty()).then(|| board.one(selection, place.unwrap_or_default()))
}

/// All Services of a board, each alone.
pub(super) fn strips(diagram: &Diagram, selection: &Selection) -> Vec<Strip> {
    let board = Board::new(diagram);
    (0..board.services.len()).map(|place| board.one(selection, place)).collect()
}

/// A row, by the places of its card and of itself.
type RowAt = (usize, usize);

/// A board, with its wires by the rows that they join.
struct Board<'d> {
    diagram: &'d Diagram,
    /// The cards that are Services.
    services: Vec<usize>,
    /// The wires that lead to a row, each with where it begins.
    into: FxHashMap<RowAt, Vec<(&'d Wire, RowAt)>>,
    /// The wires that begin at a row, each with where it ends.
    out: FxHashMap<RowAt, Vec<(&'d Wire, RowAt)>>,
}

impl<'d> Board<'d> {
    fn new(diagram: &'d Diagram) -> Self {
        let is_service = |id: &usize| matches!(diagram.cards[*id].kind, CardKind::Service | CardKind::Folded);
        let services = (0..diagram.cards.len()).filter(is_service).collect();
        let mut board = Self { diagram, services, into: FxHashMap::default(), out: FxHashMap::default() };
        for wire in &diagram.wires {
            let (Some(begin), Some(end)) = (diagram.begin(wire), diagram.end(wire)) else { continue };
            board.into.entry(end).or_default().push((wire, begin));
            board.out.entry(begin).or_default().push((wire, end));
        }
        board
    }

    fn row(&self, (card, row): RowAt) -> (&'d Card, &'d Row) {
        (&self.diagram.cards[card], &self.diagram.cards[card].rows[row])
    }

    fn one(&self, selection: &Selection, place: usize) -> Strip {
        let id = self.services[place];
        let card = &self.diagram.cards[id];
        let all = self.services.len();
        let turn = |to: usize| {
            let at = self.diagram.cards[self.services[to % all]].at.as_deref().unwrap_or_default();
            selection.and(&[("card", at)])
        };
        let notes = card.texts.iter().filter(|text| text.face != Face::Title).map(written);
        Strip {
            card: card.at.clone().unwrap_or_default(),
            name: named(card).map(whole).unwrap_or_default().to_owned(),
            label: card.label.clone(),
            chip: card.chip.as_ref().map(|chip| written(&chip.text)).unwrap_or_default(),
            notes: notes.collect(),
            look: look(card.look),
            ports: (0..card.rows.len()).map(|row| self.port((id, row))).collect(),
            place: place + 1,
            of: all,
            before: turn(place + all - 1),
            after: turn(place + 1),
            fold: card.fold.clone(),
        }
    }

    fn port(&self, at: RowAt) -> Port {
        let (_, row) = self.row(at);
        let into = self.into.get(&at).map_or(&[][..], Vec::as_slice);
        let ways = into.iter().take(MOST_STOPS).map(|(wire, from)| {
            let client = self.into.get(from).and_then(|wires| wires.first());
            let client = client.map(|(_, from)| self.row(*from).0.texts.iter().map(written).collect());
            let (way, row) = self.row(*from);
            Stop { from: client.unwrap_or_default(), ..stop(way, row, wire) }
        });
        let out = self.out.get(&at).map_or(&[][..], Vec::as_slice);
        let ends = out.iter().take(MOST_STOPS).map(|(wire, to)| {
            let (card, row) = self.row(*to);
            let mut stop = stop(card, row, wire);
            stop.pips = card.pips.iter().map(|at| (pip(at.state), at.term.explained().slug)).collect();
            stop.others = self.others(to.0);
            if card.kind == CardKind::End {
                stop.place.clear();
                stop.texts = card.texts.iter().map(written).collect();
            }
            stop
        });
        let (to, port): (Vec<_>, Vec<_>) = row.texts.iter().partition(|text| text.from_right);
        let arrow = (!port.is_empty() && !to.is_empty()).then(|| ("\u{2192}".to_owned(), "arrow", ""));
        let texts = port.into_iter().map(written).chain(arrow).chain(to.into_iter().map(written)).collect();
        let own = Stop {
            at: row.at.clone(),
            place: Vec::new(),
            from: Vec::new(),
            texts,
            look: look(row.look),
            pips: Vec::new(),
            cut: false,
            others: String::new(),
        };
        Port {
            more_ways: into.len().saturating_sub(MOST_STOPS),
            more_ends: out.len().saturating_sub(MOST_STOPS),
            own,
            ways: ways.collect(),
            ends: ends.collect(),
        }
    }

    /// The ports that pods declare and nothing leads to, as the board shows them below the others.
    fn others(&self, id: usize) -> String {
        let card = &self.diagram.cards[id];
        let is_led_to = |row: usize| self.into.contains_key(&(id, row));
        let rows = (0..card.rows.len()).filter(|row| card.kind == CardKind::Pods && !is_led_to(*row));
        let written =
            |row: usize| in_order(&card.rows[row]).into_iter().map(whole).collect::<Vec<_>>().join(" ");
        rows.take(MOST_STOPS).map(written).collect::<Vec<_>>().join(", ")
    }
}

fn stop(card: &Card, row: &Row, wire: &Wire) -> Stop {
    let chip = card.chip.as_ref().map(|chip| &chip.text);
    let kind = chip.or_else(|| card.texts.iter().find(|text| text.face == Face::Note && !text.from_right));
    let address = card.texts.iter().filter(|text| text.face != Face::Title && text.from_right);
    let policed = card.texts.iter().filter(|text| text.term == Some(Term::NetworkPolicy));
    let place = named(card).into_iter().chain(kind).chain(address).chain(policed).map(written);
    Stop {
        at: row.at.clone(),
        place: place.collect(),
        from: Vec::new(),
        texts: in_order(row).into_iter().map(written).collect(),
        look: if wire.cut == Some(Cut::Ghost) { "ghost" } else { look(wire.look) },
        pips: Vec::new(),
        cut: matches!(wire.cut, Some(Cut::AtEnd | Cut::AtStart)),
        others: String::new(),
    }
}

/// The texts of a row as one reads them.
fn in_order(row: &Row) -> Vec<&Text> {
    let mut texts: Vec<&Text> = row.texts.iter().collect();
    texts.sort_by_key(|text| (text.from_right, text.x));
    texts
}

/// What a card is called.
fn named(card: &Card) -> Option<&Text> {
    card.texts.iter().find(|text| matches!(text.face, Face::Title | Face::Zone))
}

/// All of a text: there is room for it here.
fn whole(text: &Text) -> &str {
    text.whole.as_deref().unwrap_or(&text.text)
}

fn written(text: &Text) -> Written {
    let class = match text.face {
        Face::Port => "port",
        Face::Mono => "mono",
        Face::Example => "mono slanted",
        Face::Why => "why",
        Face::Zone | Face::Lane | Face::Title | Face::Note | Face::Chip => "note",
    };
    (whole(text).to_owned(), class, text.term.map_or("", |term| term.explained().slug))
}

const fn look(look: Look) -> &'static str {
    match look {
        Look::Carries | Look::Thin => "carries",
        Look::Dotted => "dotted",
        Look::Faint => "faint",
        Look::Broken => "broken",
    }
}

const fn pip(state: PipState) -> &'static str {
    match state {
        PipState::Ready => "ready",
        PipState::Waiting => "waiting",
        PipState::Off => "off",
    }
}
