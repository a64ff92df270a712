//! Which board is shown: everything, what was asked for, or, where that is more than one can look at, an overview of it.

use rustc_hash::FxHashSet;

use crate::analysis::Analysis;
use crate::cluster::Cluster;
use crate::diagram::{self, Chosen, Diagram, Filter, Fold, fits, folds, groups, route_addresses};
use crate::kinds::service::NodePort;
use crate::wiring::Owner;
use crate::wiring::trace::{Address, trace};

use super::selection::Selection;

/// So many Services are seen at a glance: there is nothing to choose among fewer, and nothing to fold.
pub(super) const FEW: usize = 5;

/// What is shown.
pub(super) struct Seen {
    pub what: What,
    /// How many Services match what is asked for.
    pub matching: usize,
    /// Which of how many boards of them it is, where they are divided.
    pub page: Option<(usize, usize)>,
    /// Whether words choose Services, rather than mark them on a board that has room for all.
    pub finds: bool,
    /// The groups of the board, each with whether it is folded and whether what is selected is in it.
    pub folds: Vec<(Fold, bool, bool)>,
}

/// A board or an overview.
pub(super) enum What {
    /// All there is.
    Everything,
    /// A board of these.
    Board(Chosen),
    /// An overview of these Services.
    Overview(Vec<usize>),
}

/// Decides what is shown. Nothing is laid out for it. `marks`: where words can mark what they find, they do so on a board
/// that has room for all; a picture can only leave out what they do not find.
pub(super) fn see(analysis: &Analysis, selection: &Selection, marks: bool) -> Seen {
    let mut seen = choose(analysis, selection, marks);
    seen.fold(analysis, selection);
    seen
}

/// The same with nothing folded.
pub(super) fn choose(analysis: &Analysis, selection: &Selection, marks: bool) -> Seen {
    let Analysis { cluster, wiring, findings, .. } = analysis;
    let filter = selection.filter();
    let only = selection.get("service");
    let of_broken = selection.is_of_broken();
    let mut chosen = if of_broken {
        Chosen::broken(cluster, wiring, findings)
    } else {
        Chosen { services: (0..cluster.services.len()).collect(), ..Chosen::default() }
    };
    let aside = Filter { words: String::new(), ..filter.clone() };
    aside.keep(cluster, wiring, &mut chosen.services);
    if !only.is_empty() {
        chosen.services.retain(|id| address(cluster, *id) == only);
    }
    let everything = !of_broken && aside.is_empty() && only.is_empty();
    let by_namespace = aside == Filter { namespace: aside.namespace.clone(), ..Filter::default() };
    if by_namespace && only.is_empty() {
        if !of_broken {
            chosen.owners = owners(analysis);
        }
        let is_there =
            |owner: &Owner| aside.namespace.is_empty() || namespace_of(cluster, *owner) == aside.namespace;
        chosen.owners.retain(is_there);
    } else {
        chosen.owners.clear();
    }
    let seen = |what, matching| Seen { what, matching, page: None, finds: false, folds: Vec::new() };
    if (marks || filter.words.is_empty()) && fits(cluster, wiring, &chosen.services) {
        let matching = chosen.services.len();
        return seen(if everything { What::Everything } else { What::Board(chosen) }, matching);
    }
    if !filter.words.is_empty() {
        Filter { words: filter.words, ..Filter::default() }.keep(cluster, wiring, &mut chosen.services);
        chosen.owners.clear();
    }
    let matching = chosen.services.len();
    let seen = |what, page| Seen { what, matching, page, finds: true, folds: Vec::new() };
    if fits(cluster, wiring, &chosen.services) {
        return seen(What::Board(chosen), None);
    }
    if let Ok(page) = selection.get("page").parse::<usize>() {
        let mut groups = groups(cluster, wiring, &chosen.services);
        let all = groups.len();
        let page = page.clamp(1, all);
        let mut services = groups.swap_remove(page - 1);
        services.sort_unstable();
        // What leads nowhere stands on the first board.
        let owners = if page == 1 { chosen.owners } else { FxHashSet::default() };
        return seen(What::Board(Chosen { services, owners, ..Chosen::default() }), Some((page, all)));
    }
    match of_selected(analysis, selection) {
        Some(chosen) => seen(What::Board(chosen), None),
        None => seen(What::Overview(chosen.services), None),
    }
}

impl Seen {
    /// Folds the groups that are asked for; what is selected or traced is never folded away.
    fn fold(&mut self, analysis: &Analysis, selection: &Selection) {
        let Analysis { cluster, wiring, .. } = analysis;
        let asked: FxHashSet<&str> =
            selection.get("fold").split(',').filter(|name| !name.is_empty()).collect();
        let all: Vec<usize> = match &self.what {
            What::Everything => (0..cluster.services.len()).collect(),
            What::Board(chosen) => chosen.services.clone(),
            What::Overview(_) => return,
        };
        if all.len() < FEW && asked.is_empty() {
            return;
        }
        let lit = of_selected(analysis, selection).map(|chosen| chosen.services).unwrap_or_default();
        let groups = folds(cluster, wiring, &all).into_iter().map(|group| {
            let is_lit = group.services.iter().any(|id| lit.contains(id));
            let is_folded = !is_lit && asked.contains(group.name.as_str());
            (group, is_folded, is_lit)
        });
        self.folds = groups.collect();
        let folded: Vec<Fold> =
            self.folds.iter().filter(|(_, folded, _)| *folded).map(|(group, ..)| group.clone()).collect();
        if folded.is_empty() {
            return;
        }
        let mut chosen = match std::mem::replace(&mut self.what, What::Everything) {
            What::Board(chosen) => chosen,
            _ => Chosen { services: all, owners: owners(analysis), ..Chosen::default() },
        };
        chosen.services.retain(|id| !folded.iter().any(|group| group.services.contains(id)));
        chosen.folded = folded;
        self.what = What::Board(chosen);
    }
}

impl What {
    /// Lays the board out; of an overview there is none.
    pub(super) fn lay_out(&self, analysis: &Analysis) -> Diagram {
        let Analysis { cluster, wiring, findings, .. } = analysis;
        match self {
            Self::Everything => diagram::lay_out(cluster, wiring, findings),
            Self::Board(chosen) => diagram::lay_out_chosen(cluster, wiring, findings, chosen),
            Self::Overview(_) => Diagram::default(),
        }
    }
}

/// A Service's address within a board.
pub(super) fn address(cluster: &Cluster, id: usize) -> String {
    let meta = &cluster.services[id].meta;
    format!("{}.{}", meta.name.value, meta.namespace)
}

/// All that have cards of routes.
fn owners(analysis: &Analysis) -> FxHashSet<Owner> {
    let gateways = (0..analysis.cluster.gateways.len()).map(Owner::Gateway);
    gateways.chain(analysis.wiring.routes.by_owner().map(|(owner, _)| owner)).collect()
}

fn namespace_of(cluster: &Cluster, owner: Owner) -> &str {
    match owner {
        Owner::Ingress(id) => &cluster.ingresses[id].meta.namespace,
        Owner::Gateway(id) => &cluster.gateways[id].meta.namespace,
        Owner::Route(id) => &cluster.gateway_routes[id].meta.namespace,
    }
}

/// A board of what is selected alone: the Services that its address names or that its trace comes to.
fn of_selected(analysis: &Analysis, selection: &Selection) -> Option<Chosen> {
    let Analysis { cluster, wiring, .. } = analysis;
    let mut chosen = Chosen::default();
    if let Some(to) = &selection.trace {
        let to: Address = to.trim().parse().ok()?;
        let targets = trace(cluster, wiring, &to).targets();
        chosen.services.extend(targets.into_iter().map(|(service, _)| service));
    } else {
        let at = selection.at.as_deref()?;
        let all = route_addresses(cluster, &wiring.routes);
        if let Some(route) = all.iter().position(|address| address == at) {
            let route = &wiring.routes.all[route];
            chosen.services.extend(route.reach.ok().map(|reach| reach.service));
            chosen.owners.insert(route.owner());
        } else {
            chosen.services = services_at(analysis, at);
        }
    }
    chosen.services.sort_unstable();
    chosen.services.dedup();
    if !fits(cluster, wiring, &chosen.services) {
        // As many as there is room for: the rest is found by what they are.
        chosen.services = groups(cluster, wiring, &chosen.services).swap_remove(0);
        chosen.services.sort_unstable();
    }
    (!chosen.services.is_empty() || !chosen.owners.is_empty()).then_some(chosen)
}

/// The Services that something on a board belongs to, by its address there.
fn services_at(analysis: &Analysis, at: &str) -> Vec<usize> {
    let Analysis { cluster, wiring, .. } = analysis;
    let at = at.split('~').next().unwrap_or_default();
    let (way, rest) = at.split_once(':').unwrap_or(("", at));
    if way == "pods" {
        let Some((who, place)) = rest.split_once('/') else { return Vec::new() };
        let Some((name, namespace)) = before_port(place).rsplit_once('.') else { return Vec::new() };
        let filter = Filter {
            namespace: namespace.to_owned(),
            workload: format!("{who}/{name}"),
            ..Filter::default()
        };
        let mut services = (0..cluster.services.len()).collect();
        filter.keep(cluster, wiring, &mut services);
        return services;
    }
    if let ("node", Ok(number)) = (way, rest.parse::<i32>()) {
        let listens = |service: &&usize| {
            let service = &cluster.services[**service];
            (0..service.ports.len()).any(|port| {
                matches!(service.node_port(port), Some(NodePort::Written(at) | NodePort::Shared(at)) if at == number)
            })
        };
        let all: Vec<usize> = (0..cluster.services.len()).collect();
        return all.iter().filter(listens).copied().collect();
    }
    let named = if matches!(way, "node" | "lb" | "ip" | "in") { rest } else { at };
    let Some((name, namespace)) = before_port(named).rsplit_once('.') else { return Vec::new() };
    cluster.service(namespace, name).into_iter().collect()
}

/// `web.shop` of `web.shop:53/udp`.
fn before_port(at: &str) -> &str {
    at.split(':').next().unwrap_or_default()
}
