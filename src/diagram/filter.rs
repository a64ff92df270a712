//! Choosing Services by namespace, type, workload and words.

use std::collections::BTreeMap;

use crate::cluster::{Cluster, PodSet};
use crate::kinds::service::{NodePort, Service};
use crate::wiring::{ServiceWiring, Wiring};

/// Which Services are asked for; what is empty asks for nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Their namespace.
    pub namespace: String,
    /// Their type as the board writes it: `ClusterIP`, `Headless`.
    pub kind: String,
    /// What they lead to: a kind, `StatefulSet`, or one of it, `StatefulSet/db`.
    pub workload: String,
    /// Words that must all be found in what the board says of them.
    pub words: String,
}

/// What one can choose by: each value with how many Services it has.
#[derive(Debug, Default)]
pub struct Facets {
    /// Namespaces.
    pub namespaces: BTreeMap<String, usize>,
    /// Types, of the Services of the namespace that is chosen.
    pub kinds: BTreeMap<String, usize>,
    /// Kinds of workloads, of the same.
    pub workload_kinds: BTreeMap<String, usize>,
    /// Workloads as `StatefulSet/db`, of the same.
    pub workloads: BTreeMap<String, usize>,
}

/// Counts what one can choose by.
pub fn facets(cluster: &Cluster, wiring: &Wiring, filter: &Filter) -> Facets {
    let mut facets = Facets::default();
    let add = |to: &mut BTreeMap<String, usize>, name: &str| match to.get_mut(name) {
        Some(count) => *count += 1,
        None => _ = to.insert(name.to_owned(), 1),
    };
    for (service, wired) in cluster.services.iter().zip(&wiring.services) {
        let namespace = &service.meta.namespace;
        add(&mut facets.namespaces, namespace);
        if !filter.namespace.is_empty() && *namespace != filter.namespace {
            continue;
        }
        add(&mut facets.kinds, kind(service));
        let mut kinds = Vec::new();
        for (kind, name) in workloads(cluster, wired) {
            add(&mut facets.workloads, &format!("{kind}/{name}"));
            if !kinds.contains(&kind) {
                kinds.push(kind);
                add(&mut facets.workload_kinds, kind);
            }
        }
    }
    facets
}

impl Filter {
    /// Whether it asks for anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Keeps the Services that it asks for.
    pub fn keep(&self, cluster: &Cluster, wiring: &Wiring, services: &mut Vec<usize>) {
        let terms: Vec<Term> = self.words.split_whitespace().map(Term::new).collect();
        services.retain(|id| {
            let (service, wired) = (&cluster.services[*id], &wiring.services[*id]);
            (self.namespace.is_empty() || service.meta.namespace == self.namespace)
                && (self.kind.is_empty() || kind(service).eq_ignore_ascii_case(&self.kind))
                && (self.workload.is_empty() || self.leads_to(cluster, wired))
                && (terms.is_empty() || says_all(cluster, service, wired, &terms))
        });
    }

    fn leads_to(&self, cluster: &Cluster, wired: &ServiceWiring) -> bool {
        let (kind, name) = self.workload.split_once('/').unwrap_or((&self.workload, ""));
        workloads(cluster, wired).into_iter().any(|(other_kind, other)| {
            other_kind.eq_ignore_ascii_case(kind) && (name.is_empty() || other == name)
        })
    }
}

/// A Service's type as its card writes it.
fn kind(service: &Service) -> &str {
    if service.is_headless() { "Headless" } else { &service.service_type.value }
}

/// What some pods belong to, by kind and name: their workload, or the Pod itself.
pub fn workload_of<'c>(cluster: &'c Cluster, set: &'c PodSet) -> (&'c str, &'c str) {
    match &set.owner {
        Some(owner) => (&owner.kind, &owner.name),
        None => ("Pod", &set.meta(cluster).name.value),
    }
}

/// The workloads that a Service selects, each once.
fn workloads<'c>(cluster: &'c Cluster, wired: &ServiceWiring) -> Vec<(&'c str, &'c str)> {
    let picked = wired.selected.iter().chain(&wired.dormant);
    let mut all: Vec<_> =
        picked.map(|picked| workload_of(cluster, &cluster.sets[picked.set as usize])).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A word that is looked for; a number is a whole one, so that 80 is not found in 8080 or in an address.
struct Term {
    word: String,
    is_number: bool,
}

impl Term {
    fn new(word: &str) -> Self {
        let number = word.strip_prefix(':').unwrap_or(word);
        let is_number = !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
        Self { word: if is_number { number.to_owned() } else { word.to_lowercase() }, is_number }
    }

    fn is_in(&self, text: &str) -> bool {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
        text.match_indices(&self.word).any(|(at, word)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
            !self.is_number || !(joins(before) || joins(after))
        })
    }
}

/// Whether every term is found in what the board says of a Service and of what it leads to.
fn says_all(cluster: &Cluster, service: &Service, wired: &ServiceWiring, terms: &[Term]) -> bool {
    let meta = &service.meta;
    let mut text =
        format!("service {} {} {}.{1} {}", meta.name.value, meta.namespace, meta.name.value, kind(service));
    let mut add = |word: &str| {
        text.push(' ');
        text.push_str(word);
    };
    for label in &service.selector.0 {
        add(&label.pair());
    }
    for (index, port) in service.ports.iter().enumerate() {
        add(&port.port.value.to_string());
        add(&port.target.value.to_string());
        add(&port.name.value);
        if let Some(NodePort::Written(number) | NodePort::Shared(number)) = service.node_port(index) {
            add(&number.to_string());
        }
    }
    for (kind, name) in workloads(cluster, wired) {
        add(&kind.to_lowercase());
        add(name);
    }
    for ip in &service.external_ips {
        add(&ip.value);
    }
    for address in service.load_balancer.iter().map(|address| &address.value) {
        add(address);
    }
    if let Some(asked) = service.asked_balancer() {
        add(&asked.value);
    }
    let text = text.to_lowercase();
    terms.iter().all(|term| term.is_in(&text))
}

#[cfg(test)]
mod tests {
    use super::Term;

    #[test]
    fn a_number_is_found_as_a_whole_one() {
        for (word, text, found) in [
            ("80", "web 80 http", true),
            (":80", "web 80 http", true),
            ("80", "web 8080 http", false),
            ("80", "10.80.0.1", false),
            ("8080", "80 8080", true),
            ("Web", "web shop", true),
            ("app=w", "app=web", true),
            ("shop", "web", false),
        ] {
            assert_eq!(Term::new(word).is_in(text), found, "{word} in {text}");
        }
    }
}
