//! Groups of a board that fold into one card each: namespaces where it has several, else applications.
//!
//! A folded group says how much is in it and how that is; ways in that lead to it are counted, on the cards that others
//! share with it and on its own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::{Board, ServiceCard};
use super::cards::{HEAD, PAD, PITCH, SERVICES, What, card, row};
use super::scene::Scene;
use super::service::at_row;
use super::ways_in::way_in;
use super::{Card, CardKind, Face, Health, Look, Mark, Row, Text};
use crate::cluster::Cluster;
use crate::kinds::service::Service;
use crate::labels::Label;
use crate::terms::Term;
use crate::wiring::{Owner, Wiring};

/// The label that says of which application something is part.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>
const PART_OF: &str = "app.kubernetes.io/part-of";

/// Services of a board that fold into one card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The namespace, or the application.
    pub name: String,
    /// What that is: `namespace` or `application`.
    pub kind: &'static str,
    /// Its Services, by their places.
    pub services: Vec<usize>,
}

/// A group that is folded, as its card says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// The namespace, or the application.
    pub name: String,
    /// What that is: `namespace` or `application`.
    pub kind: &'static str,
    /// How many Services it has.
    pub services: usize,
    /// How many pods they select, each counted once.
    pub pods: u64,
    /// How many of them are broken, and how many partly so.
    pub broken: usize,
    /// How many of them are partly so.
    pub partly: usize,
}

impl Folded {
    /// How it is, in words: `2 broken, 1 partly`.
    pub fn health(&self) -> String {
        let words = [(self.broken, "broken"), (self.partly, "partly")];
        let words: Vec<_> = words.into_iter().filter(|(number, _)| *number > 0).collect();
        if words.is_empty() {
            return "nothing broken".to_owned();
        }
        words.iter().map(|(number, word)| format!("{number} {word}")).collect::<Vec<_>>().join(", ")
    }

    /// How much is in it, in words: `12 Services, 24 pods`.
    pub fn size(&self) -> String {
        format!(
            "{}, {}",
            count(self.services, "Service", "Services"),
            count(self.pods as usize, "pod", "pods")
        )
    }
}

/// The groups of two and more of a board's Services, in the order of their names; none where all are in one.
pub fn folds(cluster: &Cluster, wiring: &Wiring, services: &[usize]) -> Vec<Fold> {
    let namespace = |id: &usize| Some(cluster.services[*id].meta.namespace.as_str());
    let many = services.iter().any(|id| namespace(id) != namespace(&services[0]));
    let kind = if many { "namespace" } else { "application" };
    let mut groups: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for id in services {
        let name = if many { namespace(id) } else { application(cluster, wiring, *id) };
        if let Some(name) = name {
            groups.entry(name).or_default().push(*id);
        }
    }
    let worth = |group: &Vec<usize>| group.len() > 1 && group.len() < services.len();
    let groups = groups.into_iter().filter(|(_, group)| worth(group));
    let mut folds: Vec<_> =
        groups.map(|(name, services)| Fold { name: name.to_owned(), kind, services }).collect();
    folds.sort_by(|a, b| a.name.cmp(&b.name));
    folds
}

/// The application that the pods of a Service are part of.
fn application<'c>(cluster: &'c Cluster, wiring: &Wiring, id: usize) -> Option<&'c str> {
    let wired = &wiring.services[id];
    let picked = wired.selected.iter().chain(&wired.dormant).next()?;
    let mut labels = cluster.sets[picked.set as usize].labels(cluster).iter();
    labels.find(|label: &&Label| label.key() == PART_OF && !label.value().is_empty()).map(Label::value)
}

/// How many pods some Services select, each pod once.
pub fn pods_of(cluster: &Cluster, wiring: &Wiring, services: &[usize]) -> u64 {
    let selected = services.iter().flat_map(|id| &wiring.services[*id].selected);
    let mut seen = FxHashSet::default();
    selected.filter(|picked| seen.insert(**picked)).map(|picked| u64::from(picked.replicas(cluster))).sum()
}

impl Fold {
    /// What its card says.
    pub(super) fn sum_up(&self, cluster: &Cluster, wiring: &Wiring, health: &[Health]) -> Folded {
        let of = |wanted: Health| self.services.iter().filter(|id| health[**id] == wanted).count();
        Folded {
            name: self.name.clone(),
            kind: self.kind,
            services: self.services.len(),
            pods: pods_of(cluster, wiring, &self.services),
            broken: of(Health::Broken),
            partly: of(Health::Partly),
        }
    }
}

/// Adds the cards of what is folded, below the Services.
pub(super) fn add(board: &mut Board, scene: &Scene<'_>) {
    for (place, (fold, folded)) in scene.folds.iter().zip(&scene.folded).enumerate() {
        // Their paths come after those of the Services.
        let path = board.paths - (scene.folds.len() - place) as u32;
        let at = board.cards.len();
        let mut made = folded_card(folded, path);
        made.write_foot(&foot(scene, fold, place));
        board.cards.push(made);
        board.columns[2].push(at);
        board.of_folded.push(ServiceCard { card: at, path });
    }
    board.from_outside.resize(board.cards.len(), false);
}

fn folded_card(folded: &Folded, path: u32) -> Card {
    let mut at = card(CardKind::Folded, SERVICES, HEAD);
    let services = count(folded.services, "Service", "Services");
    at.write_head(
        (&folded.name, Term::Folded),
        What::Chip(folded.kind, Term::Folded),
        None,
        Some((&services, Face::Note, Term::Folded)),
    );
    at.label = format!("{} {}, folded: {}", folded.kind, folded.name, folded.size());
    at.at = Some(format!("fold:{}", folded.name));
    at.fold = Some(folded.name.clone());
    at.look = if folded.broken > 0 { Look::Broken } else { Look::Carries };
    let line = at_row(0);
    let mut entry = row(line, at.label.clone());
    let room = at.width - 2 * PAD;
    entry.texts.push(
        Text::new(at.x + PAD, line - 6, Face::Why, &folded.health(), room).looking(at.look).of(Term::Folded),
    );
    let pods = count(folded.pods as usize, "pod", "pods");
    entry.texts.push(Text::new(at.x + PAD, line + 15, Face::Note, &pods, room).of(Term::Folded));
    entry.left = Some(at.left_jack(Look::Carries, Mark::Tcp, Term::FoldedJack));
    entry.paths = vec![path];
    at.push(entry);
    at.paths = vec![path];
    at.height = HEAD + PITCH + 8;
    at
}

/// What leads to it alone and has no card of its own while it is folded.
fn foot(scene: &Scene<'_>, fold: &Fold, place: usize) -> Vec<(String, Face, Term)> {
    let services = || fold.services.iter().map(|id| scene.service(*id).0);
    let balancers = services().filter(|service| service.is_balanced()).count();
    let addresses = services().filter(|service| !service.is_external_name());
    let addresses = addresses.map(|service| service.external_ips.len()).sum();
    let owners = scene.wiring.routes.by_owner();
    let owners = owners.filter(|(_, range)| scene.folds_away(range.clone()).contains(&place));
    let owners: Vec<Owner> = owners.map(|(owner, _)| owner).collect();
    let of = |is_one: fn(&Owner) -> bool| owners.iter().filter(|owner| is_one(owner)).count();
    let ways = [
        (balancers, "load balancer", "load balancers"),
        (addresses, "external IP", "external IPs"),
        (of(|owner| matches!(owner, Owner::Ingress(_))), "Ingress", "Ingresses"),
        (of(|owner| matches!(owner, Owner::Gateway(_))), "Gateway", "Gateways"),
        (of(|owner| matches!(owner, Owner::Route(_))), "route", "routes"),
    ];
    let ways = ways.into_iter().filter(|(number, ..)| *number > 0);
    let ways: Vec<_> = ways.map(|(number, one, many)| count(number, one, many)).collect();
    if ways.is_empty() {
        return Vec::new();
    }
    vec![(format!("also reached by {}", ways.join(", ")), Face::Note, Term::Folded)]
}

/// Adds a row to the card of the nodes for each folded group with node ports: how many there are. Answers with the row and
/// the card that its wire joins.
pub(super) fn node_ports(at: &mut Card, scene: &Scene<'_>, board: &Board) -> Vec<(usize, ServiceCard)> {
    let mut links = Vec::new();
    for (fold, target) in scene.folds.iter().zip(&board.of_folded) {
        let services = fold.services.iter().map(|id| scene.service(*id).0);
        let of = |service: &Service| {
            (0..service.ports.len()).filter(|port| service.node_port(*port).is_some()).count()
        };
        let ports = services.map(of).sum();
        if ports == 0 {
            continue;
        }
        let (words, note) = (count(ports, "node port", "node ports"), format!("of {}, folded", fold.name));
        let (label, mark) = (format!("{words} {note}"), (Mark::Tcp, Term::FoldedJack));
        let texts = [(words.as_str(), Term::Folded), (note.as_str(), Term::Folded)];
        let entry = way_in(at, texts, mark, Look::Carries, label, String::new(), target.path);
        links.push((at.push(Row { at: None, ..entry }), *target));
    }
    links
}

/// `1 pod`, `2 pods`.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
