//! Where cards stand: one above the other in their columns, as close to what they are wired to as their order allows.

use rustc_hash::FxHashMap;

use super::build::{Board, height};
use super::cards::{CLIENTS, GAP, PODS, SERVICES, Said, WAYS_IN};
use super::routes::MOST_ROUTES;
use super::scene::{MOST_SERVICES, Scene, drawn};
use super::{CardKind, Cut, Diagram, Face, Look, Path, Text, Wire, Zone, addresses, order};
use crate::terms::Term;

/// Where the first card of a column stands.
const TOP: i32 = 78;
/// The radius of a jack.
pub(super) const JACK: i32 = 7;
/// How much of a board is seen at once, about.
const SCREEN: i32 = 900;
/// Room on the left and right of the board.
const MARGIN: i32 = 15;

/// Gives every card and wire its place.
pub(super) fn place(mut board: Board, scene: &Scene<'_>) -> Diagram {
    stack(&mut board);
    align(&mut board, 3, 2);
    if height(&board, 3) > height(&board, 2) {
        align(&mut board, 2, 3);
    }
    align(&mut board, 1, 2);
    if height(&board, 2) > SCREEN {
        raise(&mut board);
    }
    align(&mut board, 0, 1);
    let shift = collapse(&mut board);
    diagram(board, scene, shift)
}

/// Stacks every column from the top.
fn stack(board: &mut Board) {
    for column in board.columns.clone() {
        let mut y = TOP;
        for card in column {
            board.cards[card].move_down(y);
            y += board.cards[card].height + GAP;
        }
    }
}

/// Moves the cards of a column next to what they are wired to in another, without changing their order: the least sum
/// of squared distances, by merging neighbours that would overlap (isotonic regression, linear in the cards).
fn align(board: &mut Board, column: usize, to: usize) {
    let cards = board.columns[column].clone();
    let mut wish: Vec<(f64, f64)> = vec![(0.0, 0.0); board.cards.len()];
    let in_other = within(board, to);
    for link in &board.links {
        let (own, other) = if in_other[link.from.0] { (link.to, link.from) } else { (link.from, link.to) };
        if !in_other[other.0] {
            continue;
        }
        let jack = |(card, row): (usize, usize)| f64::from(board.cards[card].rows[row].y);
        wish[own.0].0 += jack(other) - (jack(own) - f64::from(board.cards[own.0].y));
        wish[own.0].1 += 1.0;
    }
    // Each block is a run of cards that touch: its first card's offset, the sum of wishes, their number, its cards.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(cards.len());
    for &card in &cards {
        offsets.push(offset);
        let (sum, count) = wish[card];
        let (desire, weight) = if count > 0.0 { (sum / count - offset, 1.0) } else { (f64::from(TOP), 0.05) };
        blocks.push((desire * weight, weight, 1));
        while let [.., (a, b, _), (c, d, _)] = blocks.as_slice()
            && a / b > c / d
        {
            let Some((sum, weight, members)) = blocks.pop() else { break };
            let Some(last) = blocks.last_mut() else { break };
            *last = (last.0 + sum, last.1 + weight, last.2 + members);
        }
        offset += f64::from(board.cards[card].height + GAP);
    }
    let mut next = 0;
    for (sum, weight, members) in blocks {
        let start = (sum / weight).max(f64::from(TOP));
        for _ in 0..members {
            let y = (start + offsets[next]).round() as i32;
            let card = cards[next];
            let by = y - board.cards[card].y;
            board.cards[card].move_down(by);
            next += 1;
        }
    }
}

/// Moves ways in up to the first Service that they lead to: in the middle of what they serve they would be off the screen
/// that one sees first. Their order stays, and so do the crossings.
fn raise(board: &mut Board) {
    let mut first: FxHashMap<usize, i32> = FxHashMap::default();
    let services = within(board, 2);
    for link in board.links.iter().filter(|link| services[link.to.0]) {
        let (way, (to, row)) = (&board.cards[link.from.0], link.to);
        let y = board.cards[to].rows[row].y - (way.rows[link.from.1].y - way.y);
        first.entry(link.from.0).and_modify(|at| *at = y.min(*at)).or_insert(y);
    }
    let mut free = TOP;
    for card in board.columns[1].clone() {
        let way = &mut board.cards[card];
        let y = first.get(&card).map_or(way.y, |at| way.y.min(*at)).max(free);
        way.move_down(y - way.y);
        free = y + way.height + GAP;
    }
}

/// Of each card, whether it stands in a column.
fn within(board: &Board, column: usize) -> Vec<bool> {
    let mut flags = vec![false; board.cards.len()];
    board.columns[column].iter().for_each(|card| flags[*card] = true);
    flags
}

/// Columns without cards collapse: answers how far what follows moves to the left.
fn collapse(board: &mut Board) -> i32 {
    if !board.columns[0].is_empty() || board.cards.is_empty() {
        return 0;
    }
    let by = WAYS_IN.x - CLIENTS.x - 15;
    for card in &mut board.cards {
        card.x -= by;
        card.texts.iter_mut().for_each(|text| text.x -= by);
        if let Some(chip) = &mut card.chip {
            chip.x -= by;
            chip.text.x -= by;
        }
        card.pips.iter_mut().for_each(|pip| pip.x -= by);
        for row in &mut card.rows {
            row.texts.iter_mut().for_each(|text| text.x -= by);
            row.left.iter_mut().chain(&mut row.right).for_each(|jack| jack.x -= by);
            if let Some((from, to)) = &mut row.inner {
                *from -= by;
                *to -= by;
            }
        }
    }
    by
}

fn diagram(mut board: Board, scene: &Scene<'_>, shift: i32) -> Diagram {
    let rows = rows(&board, scene);
    let paths = ways(&mut board, rows.clone());
    let rows = rows.len();
    for row in board.cards.iter_mut().flat_map(|card| &mut card.rows) {
        // Where nothing leads there is nothing to tell.
        row.at = row.at.take().filter(|_| !row.paths.is_empty());
    }
    let bottom = board.cards.iter().map(|card| card.y + card.height).max().unwrap_or(TOP + 120);
    let wires: Vec<Wire> = board.links.iter().map(|link| wire(&board, link)).collect();
    let crossings = crossings(&wires);
    let mut zones = Vec::new();
    if shift == 0 && !board.columns[0].is_empty() {
        zones.push(zone(MARGIN, WAYS_IN.x - 31 - MARGIN - 6, ("Your network", Term::YourNetwork), None));
    }
    let has_examples = board.cards.iter().flat_map(|card| &card.texts).any(|text| text.face == Face::Example);
    let left = WAYS_IN.x - 31 - shift;
    let split = SERVICES.x + SERVICES.width / 2 - 3 - shift;
    let right = PODS.x + PODS.width + 11 - shift;
    if !board.cards.is_empty() {
        zones.push(zone(
            left,
            split - left,
            ("Cluster", Term::Cluster),
            Some(("nodes and Services", Face::Note, Term::Cluster)),
        ));
        let real = scene
            .cluster
            .sets
            .iter()
            .any(|set| set.observed.as_ref().is_some_and(|status| !status.ips.is_empty()));
        // Where addresses are listed and no pods are drawn there is no pod network to speak of.
        let kinds: Vec<CardKind> = board.cards.iter().map(|card| card.kind).collect();
        let pods = kinds.contains(&CardKind::Pods) || !kinds.contains(&CardKind::Addresses);
        let v6 = example_families(&board);
        let network = v6
            .filter(|_| !real && has_examples && pods)
            .map(|v6| (addresses::pod_network(v6), Face::Example, Term::PodNetworkExample));
        let name =
            if pods { ("Pod network", Term::PodNetwork) } else { ("Listed addresses", Term::ListedNetwork) };
        zones.push(zone(split + 6, right - split - 6, name, network));
    }
    let mut lanes = Vec::new();
    let mut lane = |column: usize, x: i32, text: &str, term: Term| {
        if !board.columns[column].is_empty() {
            lanes.push(Text::new(x - shift, 64, Face::Lane, text, 200).of(term));
        }
    };
    lane(0, CLIENTS.x, "CLIENTS", Term::ClientsLane);
    lane(1, WAYS_IN.x, "WAYS IN", Term::WaysInLane);
    lane(2, SERVICES.x, "SERVICE PORT", Term::ServicePort);
    lane(2, SERVICES.x + SERVICES.width - 88, "TARGET PORT", Term::TargetPortJack);
    lane(3, PODS.x, "PODS", Term::PodsLane);
    let mut notes = Vec::new();
    let services = scene.cluster.services.len();
    if !scene.is_chosen() && services > MOST_SERVICES {
        notes.push(format!(
            "{MOST_SERVICES} of {services} Services are drawn, those with something wrong first; the JSON lists all."
        ));
    }
    let ports = scene.services.iter().map(|id| scene.service(*id).0);
    let more_ports: usize = ports.map(|service| service.ports.len() - drawn(service).len()).sum();
    if more_ports > 0 {
        notes.push(format!("{more_ports} more ports of Services are not drawn; the JSON lists all."));
    }
    let routes = scene.wiring.routes.all.len();
    if board.routes == MOST_ROUTES && routes > MOST_ROUTES {
        notes.push(format!(
            "{MOST_ROUTES} of {routes} routes of Ingresses and Gateways are drawn; the JSON lists all."
        ));
    }
    if board.left_out > 0 {
        notes.push(format!(
            "{} more wires to pods are not drawn, since nobody could follow them; the JSON lists all.",
            board.left_out
        ));
    }
    let order = board.columns.concat();
    let mut slots: Vec<Option<super::Card>> = board.cards.into_iter().map(Some).collect();
    let cards: Vec<_> = order.into_iter().filter_map(|card| slots[card].take()).collect();
    Diagram {
        width: right + MARGIN,
        height: bottom + 30,
        zones,
        lanes,
        rows,
        paths,
        description: describe(&cards, &wires),
        cards,
        wires,
        notes,
        has_examples,
        folded: scene.folded.clone(),
        crossings,
        reduced: (0, 0),
    }
}

/// The rows of the Services that are drawn, in the order of their paths, then the folded groups and the routes that reach none.
fn rows(board: &Board, scene: &Scene<'_>) -> Vec<Path> {
    let ports = scene.services.iter().flat_map(|&id| {
        let ports = drawn(scene.service(id).0).len();
        (0..ports.max(1)).map(move |port| Path::Port(id, (port < ports).then_some(port)))
    });
    let folded = (0..scene.folds.len()).map(Path::Folded);
    ports.chain(folded).chain(board.unreached.iter().copied().map(Path::Route)).collect()
}

/// Gives each way in a path of its own, which goes on through all that its Service's row leads to, so that lighting it
/// does not light the other ways in.
fn ways(board: &mut Board, mut paths: Vec<Path>) -> Vec<Path> {
    let mut through: Vec<Vec<u32>> = (0..paths.len() as u32).map(|row| vec![row]).collect();
    let mut of_row: FxHashMap<((usize, usize), u32), u32> = FxHashMap::default();
    for &card in &board.columns[1] {
        for index in 0..board.cards[card].rows.len() {
            let own: Vec<u32> = board.cards[card].rows[index].paths.clone();
            let mut ways = Vec::with_capacity(own.len());
            for row in own {
                let way = paths.len() as u32;
                paths.push(paths[row as usize]);
                // From nodes without a local pod nothing goes on.
                if board.cards[card].rows[index].right.is_some() {
                    through[row as usize].push(way);
                }
                of_row.insert(((card, index), row), way);
                ways.push(way);
            }
            board.cards[card].rows[index].paths = ways;
        }
        board.cards[card].paths = board.cards[card].rows.iter().flat_map(|row| row.paths.clone()).collect();
    }
    for &card in &board.columns[0] {
        board.cards[card].paths.clear();
        board.cards[card].rows.iter_mut().for_each(|row| row.paths.clear());
    }
    let spread =
        |own: &[u32]| -> Vec<u32> { own.iter().flat_map(|row| &through[*row as usize]).copied().collect() };
    for &card in board.columns[2].iter().chain(&board.columns[3]) {
        let card = &mut board.cards[card];
        card.paths = spread(&card.paths);
        card.rows.iter_mut().for_each(|row| row.paths = spread(&row.paths));
    }
    let (outside, ways_in) = (within(board, 0), within(board, 1));
    for link in &mut board.links {
        let own = std::mem::take(&mut link.paths);
        link.paths = if outside[link.from.0] {
            board.cards[link.to.0].rows[link.to.1].paths.clone()
        } else if ways_in[link.from.0] {
            own.iter().filter_map(|row| of_row.get(&(link.from, *row)).copied()).collect()
        } else {
            spread(&own)
        };
        if outside[link.from.0] {
            board.cards[link.from.0].paths.extend(&link.paths);
            board.cards[link.from.0].rows[link.from.1].paths.extend(&link.paths);
        }
    }
    paths
}

fn wire(board: &Board, link: &super::build::Link) -> Wire {
    let (from, to) = (&board.cards[link.from.0], &board.cards[link.to.0]);
    let (begin, end) = (&from.rows[link.from.1], &to.rows[link.to.1]);
    // A jack's rim is where its wire ends; a row without one is reached at the edge of its card.
    let rim = if end.left.is_some() { JACK } else { 0 };
    Wire {
        from: (from.x + from.width + JACK, begin.y),
        to: (to.x - rim, end.y),
        look: link.look,
        cut: link.cut,
        paths: link.paths.clone(),
    }
}

/// Whether the example addresses of pods are IPv6; `None` where some are and some are not.
fn example_families(board: &Board) -> Option<bool> {
    let pods = board.cards.iter().filter(|card| card.kind == CardKind::Pods);
    let mut v6 = pods
        .flat_map(|card| &card.texts)
        .filter(|text| text.face == Face::Example)
        .map(|text| text.text.contains(':'));
    let first = v6.next().unwrap_or_default();
    v6.all(|other| other == first).then_some(first)
}

/// How often wires of one gap cross.
fn crossings(wires: &[Wire]) -> usize {
    let mut gaps: Vec<i32> = wires.iter().map(|wire| wire.from.0).collect();
    gaps.sort_unstable();
    gaps.dedup();
    let in_gap = |gap: i32| wires.iter().filter(move |wire| wire.from.0 == gap);
    gaps.iter()
        .map(|gap| {
            order::count_crossings(
                in_gap(*gap).map(|wire| (i64::from(wire.from.1), i64::from(wire.to.1))).collect(),
            )
        })
        .sum()
}

fn zone(x: i32, width: i32, (name, term): (&str, Term), note: Option<Said<'_>>) -> Zone {
    let name = Text::new(x + 15, 36, Face::Zone, name, width - 30).of(term);
    let note = note
        .map(|(note, face, term)| Text::new(x + 15 + name.width() + 12, 36, face, note, width - 60).of(term));
    Zone { x, width, name, note }
}

fn describe(cards: &[super::Card], wires: &[Wire]) -> String {
    let count = |kind| cards.iter().filter(|card| card.kind == kind).count();
    let broken =
        wires.iter().filter(|wire| wire.cut == Some(Cut::AtEnd) && wire.look == Look::Broken).count();
    let rows = cards.iter().filter(|card| card.kind == CardKind::WayIn).flat_map(|card| &card.rows);
    let broken = broken + rows.filter(|row| row.look == Look::Broken && row.right.is_none()).count();
    let plural = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let folded = count(CardKind::Folded);
    let mut text = format!(
        "{}, wired to {}",
        plural(count(CardKind::Service), "Service", "Services"),
        plural(count(CardKind::Pods), "workload or Pod", "workloads or Pods")
    );
    let lists = count(CardKind::Addresses);
    if lists > 0 {
        text.push_str(" and ");
        text.push_str(&plural(lists, "list of addresses", "lists of addresses"));
    }
    if folded > 0 {
        text.push_str("; ");
        text.push_str(&plural(folded, "folded group", "folded groups"));
    }
    if broken > 0 {
        text.push_str("; ");
        text.push_str(&plural(broken, "wire reaches nobody", "wires reach nobody"));
    }
    text
}
