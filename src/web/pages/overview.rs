//! The overview of more Services than one board has room for: what is broken first, then namespaces, or the boards of one.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::analysis::Analysis;
use crate::diagram::{Health, groups, health, pods_of};
use crate::finding::{Finding, Severity};

use super::findings::FindingView;
use super::seen::address;
use super::selection::{Selection, query};
use super::{count, thousands};

/// The most broken objects that are listed before the namespaces, and the most of those.
const MOST_BROKEN: usize = 6;
const MOST_GROUPS: usize = 120;

/// An overview.
pub(super) struct Overview {
    pub title: String,
    /// What is broken, the first few.
    pub broken: Vec<BrokenView>,
    /// How many more are, in words, and the query of the board of all of them.
    pub more_broken: Option<(String, String)>,
    /// What the groups are: `Namespaces`, or `Boards of shop`.
    pub heading: String,
    /// What one of them is, at the head of a table.
    pub column: &'static str,
    pub groups: Vec<Group>,
    pub left_out: usize,
}

/// Something broken.
pub(super) struct BrokenView {
    pub kind: String,
    pub name: String,
    pub namespace: String,
    /// Why, in three words, and in a sentence.
    pub short: String,
    pub message: String,
    /// Its board.
    pub query: String,
}

/// A namespace, or one of several boards of a namespace.
pub(super) struct Group {
    pub name: String,
    pub query: String,
    pub services: String,
    pub pods: String,
    pub broken: usize,
    pub partly: usize,
    /// Where the parts of its bar end, of a hundred: what is broken, what is partly so.
    pub bar: (usize, usize),
    /// The same in words.
    pub health: String,
}

impl Overview {
    pub(super) fn new(analysis: &Analysis, selection: &Selection, services: &[usize]) -> Self {
        let cluster = &analysis.cluster;
        let health = health(cluster, &analysis.wiring, &analysis.findings);
        let mut by_namespace: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &id in services {
            by_namespace.entry(&cluster.services[id].meta.namespace).or_default().push(id);
        }
        let (broken, more_broken) = broken(analysis, selection, services, &health);
        let all = count(services.len(), "Service", "Services");
        if let Some((namespace, _)) = by_namespace.first_key_value().filter(|_| by_namespace.len() == 1) {
            let boards = groups(cluster, &analysis.wiring, services);
            let group = |(at, ids): (usize, &Vec<usize>)| {
                let name = |id: &usize| cluster.services[*id].meta.name.value.to_string();
                let (first, last) = (ids.first().map(name), ids.last().map(name));
                let name = match (first, last) {
                    (Some(first), Some(last)) if first != last => format!("{first} \u{2026} {last}"),
                    (first, _) => first.unwrap_or_default(),
                };
                let query = selection.with(&[("page", &(at + 1).to_string())]);
                Group::new(name, query, ids, pods_of(cluster, &analysis.wiring, ids), &health)
            };
            let left_out = boards.len().saturating_sub(MOST_GROUPS);
            return Self {
                title: format!("{all} in {namespace}, on {}", count(boards.len(), "board", "boards")),
                broken,
                more_broken,
                heading: format!("Boards of {namespace}"),
                column: "Board",
                groups: boards.iter().take(MOST_GROUPS).enumerate().map(group).collect(),
                left_out,
            };
        }
        let mut pods: BTreeMap<&str, u64> = BTreeMap::new();
        for set in &cluster.sets {
            *pods.entry(&set.namespace).or_default() += u64::from(set.replicas);
        }
        let count_of = |namespace: &str| pods.get(namespace).copied().unwrap_or_default();
        let group = |(namespace, ids): (&str, Vec<usize>)| {
            let query = selection.with(&[("ns", namespace)]);
            Group::new(namespace.to_owned(), query, &ids, count_of(namespace), &health)
        };
        let title = format!("{all} in {}", count(by_namespace.len(), "namespace", "namespaces"));
        let mut groups: Vec<Group> = by_namespace.into_iter().map(group).collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.broken), std::cmp::Reverse(group.partly)));
        let left_out = groups.len().saturating_sub(MOST_GROUPS);
        groups.truncate(MOST_GROUPS);
        Self {
            title,
            broken,
            more_broken,
            heading: "Namespaces".to_owned(),
            column: "Namespace",
            groups,
            left_out,
        }
    }
}

impl Group {
    fn new(name: String, query: String, ids: &[usize], pods: u64, health: &[Health]) -> Self {
        let of = |wanted: Health| ids.iter().filter(|id| health[**id] == wanted).count();
        let (broken, partly) = (of(Health::Broken), of(Health::Partly));
        // What there is of something is seen, however little it is.
        let part = |part: usize| if part == 0 { 0 } else { (part * 100).div_ceil(ids.len().max(1)).max(3) };
        let mut words = Vec::new();
        if broken > 0 {
            words.push(format!("{} broken", thousands(broken as u64)));
        }
        if partly > 0 {
            words.push(format!("{} partly", thousands(partly as u64)));
        }
        if words.is_empty() {
            words.push("nothing broken".to_owned());
        }
        Self {
            name,
            query,
            services: count(ids.len(), "Service", "Services"),
            pods: count(pods as usize, "pod", "pods"),
            broken,
            partly,
            bar: (part(broken), part(partly)),
            health: words.join(", "),
        }
    }
}

/// The first of what is broken, and how many more are.
fn broken(
    analysis: &Analysis,
    selection: &Selection,
    services: &[usize],
    health: &[Health],
) -> (Vec<BrokenView>, Option<(String, String)>) {
    let cluster = &analysis.cluster;
    let within: FxHashSet<usize> = services.iter().copied().collect();
    let namespace = selection.get("ns");
    let is_narrowed = !selection.filter().is_empty();
    let mut seen = FxHashSet::default();
    let mut views = Vec::new();
    let mut all = services.iter().filter(|id| health[**id] == Health::Broken).count();
    for finding in analysis.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        let object = &finding.object;
        let service = match object.kind.as_str() {
            "Service" => match cluster.service(&object.namespace, &object.name) {
                Some(id) if within.contains(&id) => Some(id),
                _ => continue,
            },
            _ if object.leads_to_services() => {
                if is_narrowed && object.namespace != namespace {
                    continue;
                }
                None
            }
            _ => continue,
        };
        if !seen.insert(object) {
            continue;
        }
        all += usize::from(service.is_none());
        if views.len() < MOST_BROKEN {
            views.push(view(analysis, finding, service));
        }
    }
    let more = all.saturating_sub(views.len());
    let more = (more > 0)
        .then(|| (format!("and {} more", thousands(more as u64)), selection.with(&[("broken", "1")])));
    (views, more)
}

fn view(analysis: &Analysis, finding: &Finding, service: Option<usize>) -> BrokenView {
    let object = &finding.object;
    let own = service.map(|id| address(&analysis.cluster, id));
    let at = FindingView::new(analysis, finding).at;
    let said = [("service", own.as_deref()), ("at", at.as_deref())];
    let said = said.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let mut query = query(said);
    if query.is_empty() {
        query = self::query([("broken", "1"), ("ns", object.namespace.as_str())].into_iter());
    }
    BrokenView {
        kind: object.kind.clone(),
        name: object.name.clone(),
        namespace: object.namespace.clone(),
        short: finding.short.clone(),
        message: finding.message.clone(),
        query,
    }
}
