//! The ways into the Services (node ports, load balancers, Ingresses, Gateways, clients inside the cluster), and the clients outside.

use super::build::{Board, Link};
use super::cards::{CLIENTS, HEAD, PAD, PITCH, Said, WAYS_IN, What, card, row};
use super::scene::{Scene, drawn, port_address};
use super::{Card, CardKind, Face, Look, Mark, Row, Text, addresses, nodes, order, policies, routes};
use crate::kinds::service::{Service, ServicePort};
use crate::terms::Term;

/// From one name to the next on the card of the clients inside.
const INSIDE_PITCH: i32 = 31;

/// Adds the ways in and the clients, in the order that the Services have.
pub(super) fn add(board: &mut Board, scene: &Scene<'_>) {
    let order: Vec<usize> = {
        let places = order::places(board, order::SERVICES);
        let mut services = scene.services.clone();
        services.sort_by_cached_key(|id| places[board.of_service[id].card]);
        services
    };
    let nodes = nodes::add(board, scene, &order);
    let mut outside = Vec::new();
    let mut groups = routes::by_first_service(scene, board);
    let addresses = routes::route_addresses(scene.cluster, &scene.wiring.routes);
    for id in order.iter().copied().map(Some).chain([None]) {
        if let Some(id) = id {
            outside.extend(load_balancer(board, scene, id));
            outside.extend(external_ips(board, scene, id));
        }
        for group in groups.remove(&id).unwrap_or_default() {
            outside.extend(routes::add(board, scene, group, &addresses));
        }
    }
    inside(board, scene, &order);
    if let Some(nodes) = nodes {
        let laptop = client(
            board,
            ("laptop", Term::Laptop),
            (addresses::laptop(nodes::are_only_v6(scene)), Face::Example, Term::LaptopAddress),
        );
        plug(board, laptop, &[nodes]);
    }
    if !outside.is_empty() {
        let internet =
            client(board, ("internet", Term::Internet), ("any address", Face::Note, Term::AnyAddress));
        plug(board, internet, &outside);
    }
}

/// A load balancer's own card, with its address and ports.
fn load_balancer(board: &mut Board, scene: &Scene<'_>, id: usize) -> Option<usize> {
    let (service, _) = scene.service(id);
    if !service.is_balanced() {
        return None;
    }
    let mut addresses = service.load_balancer.iter().map(|address| address.value.as_str());
    let given = addresses.next();
    let asked = service.asked_balancer().map(|asked| asked.value.as_str());
    let look = if given.is_some() { Look::Carries } else { Look::Dotted };
    let more =
        (service.load_balancer.len() > 1).then(|| format!("{} addresses", service.load_balancer.len()));
    let aside = more.as_deref().map(|more| (more, Term::BalancerMany));
    let aside = aside.or(asked.map(|_| ("only asked for", Term::AsksForAddress)));
    let aside = aside.or(given.is_none().then_some(("address pending", Term::BalancerPending)));
    let at = front(board, scene, id, ("LoadBalancer", Term::TypeLoadBalancer), given.or(asked), look, aside);
    let mut foot = also(&addresses.collect::<Vec<_>>());
    foot.extend(asked_of_balancer(service).into_iter().map(|(line, term)| (line, Face::Note, term)));
    board.cards[at].write_foot(&foot);
    Some(at)
}

/// What a Service asks of its load balancer.
fn asked_of_balancer(service: &Service) -> Vec<(String, Term)> {
    let ranges = policies::only_from_each(service).into_iter();
    let mut lines: Vec<_> = ranges.map(|line| (line, Term::SourceRanges)).collect();
    if service.is_local_outside() {
        lines.push(("only to nodes with ready pods".to_owned(), Term::OnlyNodesWithPods));
    }
    let asked = &service.load_balancer_ip.value;
    let is_given = service.load_balancer.iter().any(|address| address.value == *asked);
    if !asked.is_empty() && !is_given && service.asked_balancer().is_none() {
        lines.push((format!("asks for {asked}"), Term::AsksForAddress));
    }
    lines.extend(
        service
            .load_balancer_class
            .as_ref()
            .filter(|class| !class.value.is_empty())
            .map(|class| (format!("class {}", class.value), Term::BalancerClass)),
    );
    if !service.has_node_ports() {
        lines.push(("no node port behind it".to_owned(), Term::NoNodePort));
    }
    lines
}

/// The addresses that a card has besides the one that its rows show.
fn also(addresses: &[&str]) -> Vec<(String, Face, Term)> {
    const MOST: usize = 4;
    let more = addresses.len().saturating_sub(MOST);
    let mut lines: Vec<_> = addresses
        .iter()
        .take(MOST)
        .map(|address| (format!("also {address}"), Face::Mono, Term::AlsoAddress))
        .collect();
    if more > 0 {
        lines.push((format!("and {more} more"), Face::Note, Term::AlsoAddress));
    }
    lines
}

/// The addresses that are routed to the nodes by someone else, as a card.
fn external_ips(board: &mut Board, scene: &Scene<'_>, id: usize) -> Option<usize> {
    let (service, _) = scene.service(id);
    let first = service.external_ips.first().filter(|_| !service.is_external_name())?;
    let more = (service.external_ips.len() > 1).then(|| format!("{} addresses", service.external_ips.len()));
    let more = more.as_deref().map(|more| (more, Term::AlsoAddress));
    let chip = ("external IP", Term::ExternalIp);
    let at = front(board, scene, id, chip, Some(&first.value), Look::Carries, more);
    let others = service.external_ips[1..].iter().map(|ip| ip.value.as_str());
    board.cards[at].write_foot(&also(&others.collect::<Vec<_>>()));
    Some(at)
}

/// A card in front of one Service, with a row for each of its ports.
fn front(
    board: &mut Board,
    scene: &Scene<'_>,
    id: usize,
    (chip, term): (&str, Term),
    address: Option<&str>,
    look: Look,
    aside: Option<(&str, Term)>,
) -> usize {
    let (service, _) = scene.service(id);
    let mut at = card(CardKind::WayIn, WAYS_IN, HEAD);
    let namespace = scene.namespace(&service.meta.namespace);
    at.write_head(
        (&service.meta.name.value, Term::ServiceInFront),
        What::Chip(chip, term),
        namespace,
        aside.map(|(aside, term)| (aside, Face::Note, term)),
    );
    at.label = format!("{chip} in front of Service {}", service.meta.name.value);
    let target = board.of_service[&id];
    let mut links = Vec::new();
    for (index, port) in drawn(service).iter().enumerate() {
        let number = port.port.value;
        let text = match address {
            Some(address) if address.contains(':') => format!("[{address}]:{number}"),
            Some(address) => format!("{address}:{number}"),
            None => format!(":{number}"),
        };
        let mut note = port.protocol.value.to_string();
        if !port.name.value.is_empty() {
            note = format!("{} \u{b7} {note}", port.name.value);
        }
        let prefix = if chip == "LoadBalancer" { "lb" } else { "ip" };
        let address = format!("{prefix}:{}", port_address(service, port));
        let label = format!("{chip} address {text}");
        let path = target.path + index as u32;
        let terms = match term {
            Term::ExternalIp => (Term::ExternalIp, Term::ExternalIpJack),
            _ if matches!(aside, Some((_, Term::AsksForAddress))) => {
                (Term::AsksForAddress, Term::BalancerJack)
            }
            _ if look == Look::Dotted => (Term::BalancerPending, Term::BalancerJack),
            _ => (Term::BalancerAddress, Term::BalancerJack),
        };
        let words = [(text.as_str(), terms.0), (note.as_str(), protocol_term(port))];
        let mark = Mark::from(&port.protocol.value);
        let row = way_in(&at, words, (mark, terms.1), look, label, address, path);
        at.push(row);
        links.push((index, path));
    }
    let at = add_card(board, at);
    for (index, path) in links {
        board.links.push(Link {
            from: (at, index),
            to: (target.card, index),
            look,
            cut: None,
            paths: vec![path],
        });
    }
    at
}

/// Clients inside the cluster, which dial every Service by its name.
fn inside(board: &mut Board, scene: &Scene<'_>, order: &[usize]) {
    let mut at = card(CardKind::WayIn, WAYS_IN, HEAD);
    let what = What::Note("any pod, by DNS name", Term::ByDnsName);
    at.write_head(("inside the cluster", Term::InsideCluster), what, None, None);
    "clients inside the cluster, by DNS name".clone_into(&mut at.label);
    let room = at.width - 2 * PAD;
    // One form of the names for all: the longest that fits everywhere.
    let forms: [fn(&Service) -> String; 3] = [
        |service| Scene::address(service) + ".svc",
        Scene::address,
        |service| service.meta.name.value.to_string(),
    ];
    let fits = |form: &fn(&Service) -> String| {
        order.iter().all(|id| super::text::width(&form(scene.service(*id).0), Face::Mono) <= room)
    };
    let shortest = if scene.many_namespaces { forms[1] } else { forms[2] };
    let form = forms[..2].iter().copied().find(fits).unwrap_or(shortest);
    let mut links = Vec::new();
    for &id in order {
        let (service, _) = scene.service(id);
        let target = board.of_service[&id];
        let name = form(service);
        let by_name = service.is_headless() || service.is_external_name();
        let look = if by_name { Look::Dotted } else { Look::Carries };
        let to =
            if by_name { "which resolves to others' addresses" } else { "which resolves to its cluster IP" };
        let term = if by_name { Term::DnsNameOnly } else { Term::DnsName };
        let mut entry = inside_entry(&at, (&name, term), look);
        entry.label = format!("clients inside the cluster dial {name}, {to}");
        entry.at = Some(format!("in:{}", Scene::address(service)));
        let rows = board.cards[target.card].rows.len();
        entry.paths = (target.path..target.path + rows as u32).collect();
        let from = at.push(entry);
        links.extend((0..rows).map(|index| (from, (target.card, index), look, target.path + index as u32)));
    }
    for (folded, target) in scene.folded.iter().zip(&board.of_folded) {
        let name = format!("{} names of {}", folded.services, folded.name);
        let mut entry = inside_entry(&at, (&name, Term::Folded), Look::Carries);
        entry.label = format!("clients inside the cluster dial {name}, which is folded");
        entry.paths = vec![target.path];
        links.push((at.push(entry), (target.card, 0), Look::Carries, target.path));
    }
    if at.rows.is_empty() {
        return;
    }
    let rows = at.rows.len() as i32;
    let at = add_card(board, at);
    board.cards[at].height = HEAD + INSIDE_PITCH * rows + 12;
    for (row, to, look, path) in links {
        board.links.push(Link { from: (at, row), to, look, cut: None, paths: vec![path] });
    }
}

/// A row of theirs, with a name and what it is.
fn inside_entry(at: &Card, (name, term): (&str, Term), look: Look) -> Row {
    let line = HEAD + 26 + INSIDE_PITCH * at.rows.len() as i32;
    let mut entry = row(line, String::new());
    entry.look = look;
    entry.reach = (21, 9);
    let room = at.width - 2 * PAD;
    entry.texts.push(Text::new(at.x + PAD, line - 6, Face::Mono, name, room).of(term));
    entry.inner = Some((at.x + PAD, at.x + at.width));
    let mark = if look == Look::Dotted { Mark::Hollow } else { Mark::Tcp };
    entry.right = Some(at.right_jack(look, mark, Term::InsideJack));
    entry
}

pub(super) fn add_card(board: &mut Board, mut at: Card) -> usize {
    at.height = HEAD + PITCH * at.rows.len() as i32 + 6;
    at.paths = at.rows.iter().flat_map(|row| row.paths.iter().copied()).collect();
    board.cards.push(at);
    let id = board.cards.len() - 1;
    board.columns[1].push(id);
    id
}

pub(super) fn way_in(
    at: &Card,
    [(text, what), (note, about)]: [(&str, Term); 2],
    (mark, jack): (Mark, Term),
    look: Look,
    label: String,
    address: String,
    path: u32,
) -> Row {
    let line = HEAD + 24 + PITCH * at.rows.len() as i32;
    let room = at.width - 2 * PAD;
    let mut entry = row(line, label);
    entry.look = look;
    entry.at = Some(address);
    entry.paths = vec![path];
    let seen = match look {
        Look::Dotted => Look::Faint,
        Look::Broken => Look::Broken,
        _ => Look::Carries,
    };
    entry.texts.push(Text::new(at.x + PAD, line - 6, Face::Port, text, room).looking(seen).of(what));
    let quiet = if look == Look::Broken { Look::Broken } else { Look::Carries };
    entry.texts.push(Text::new(at.x + PAD, line + 15, Face::Note, note, room).looking(quiet).of(about));
    entry.inner = Some((at.x, at.x + at.width));
    entry.left = Some(at.left_jack(look, mark, jack));
    entry.right = Some(at.right_jack(look, mark, Term::ToServiceJack));
    entry
}

/// What a port's name and protocol are: a protocol that is not written is TCP.
pub(super) const fn protocol_term(port: &ServicePort) -> Term {
    if port.protocol.span.is_some() { Term::PortAndProtocol } else { Term::PortAndProtocolDefaulted }
}

/// `web · http`, or `shop/web · TCP` where namespaces must be said and the port has no name.
pub(super) fn of_port(scene: &Scene<'_>, service: &Service, port: &ServicePort) -> String {
    let meta = &service.meta;
    let name = &port.name.value;
    let which = if name.is_empty() { port.protocol.value.as_str() } else { name.as_str() };
    if scene.many_namespaces {
        format!("{}/{} \u{b7} {which}", meta.namespace, meta.name.value)
    } else {
        format!("{} \u{b7} {which}", meta.name.value)
    }
}

fn client(board: &mut Board, (name, who): (&str, Term), (address, face, where_): Said<'_>) -> usize {
    let mut at = card(CardKind::Client, CLIENTS, 0);
    at.height = 52;
    at.texts.push(Text::new(at.x + 14, 22, Face::Zone, name, 100).of(who));
    at.texts.push(Text::new(at.x + 14, 40, face, address, 104).of(where_));
    at.label = format!("{name}, a client outside the cluster");
    let mut line = row(26, at.label.clone());
    line.right = Some(at.right_jack(Look::Carries, Mark::Tcp, Term::ClientJack));
    at.push(line);
    board.cards.push(at);
    let id = board.cards.len() - 1;
    board.columns[0].push(id);
    id
}

/// Wires a client to every row of some cards that has a jack for it.
fn plug(board: &mut Board, client: usize, cards: &[usize]) {
    for &card in cards {
        for index in 0..board.cards[card].rows.len() {
            if board.cards[card].rows[index].left.is_none() {
                continue;
            }
            let (look, paths) =
                (board.cards[card].rows[index].look, board.cards[card].rows[index].paths.clone());
            board.cards[client].paths.extend(&paths);
            board.cards[client].rows[0].paths.extend(&paths);
            // What a node refuses to listen on is cut behind the node, not before it.
            let look = if look == Look::Broken { Look::Thin } else { look };
            board.links.push(Link { from: (client, 0), to: (card, index), look, cut: None, paths });
        }
    }
}
