//! Choosing what a board shows: by namespace, type and workload; which board of several it is, and the way back to all.

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::diagram::{Chosen, Facets, Fold, facets};

use super::seen::{FEW, Seen, What};
use super::selection::Selection;
use super::{count, thousands};

/// The most values of one sort that are listed; more are found by searching.
const MOST_OPTIONS: usize = 100;

/// What chooses the Services of a board.
pub(super) struct Filters {
    pub selects: Vec<Select>,
    /// `12 of 300 Services`; nothing where all are shown.
    pub shown: Option<String>,
    /// The ways to larger boards: words and query, the widest first.
    pub crumbs: Vec<(String, String)>,
    /// What is shown now, at their end.
    pub here: String,
    /// The boards before and after.
    pub before: Option<String>,
    pub after: Option<String>,
    /// Whether more than "broken only" is asked for.
    pub is_narrow: bool,
    /// What is asked for, in words; nothing where nothing is.
    pub asked: Option<String>,
    /// The query of the board of what is broken.
    pub broken: String,
    /// Fields that a form keeps.
    pub kept: Vec<(&'static str, String)>,
    /// Whether words choose Services rather than mark them.
    pub finds: bool,
    /// What folds into one card on the board.
    pub folds: Folds,
}

/// The groups of a board that fold.
#[derive(Default)]
pub(super) struct Folds {
    /// What they are: `namespaces`; nothing where there are none.
    pub what: &'static str,
    pub groups: Vec<FoldView>,
    /// The query that folds all of them, or opens all.
    pub all: Option<(&'static str, String)>,
}

/// A group that folds.
pub(super) struct FoldView {
    pub name: String,
    pub services: String,
    pub folded: bool,
    /// The query of the board on which it is the other way round.
    pub query: String,
}

impl Folds {
    fn new(selection: &Selection, seen: &Seen) -> Self {
        let groups = &seen.folds;
        let Some((first, ..)) = groups.first() else { return Self::default() };
        let names = |keeps: &dyn Fn(&str, bool) -> bool| {
            let names = groups.iter().filter(|(group, folded, _)| keeps(&group.name, *folded));
            names.map(|(group, ..)| group.name.as_str()).collect::<Vec<_>>().join(",")
        };
        let view = |(group, folded, lit): &(Fold, bool, bool)| {
            let turned = names(&|name, is_folded| is_folded != (name == group.name));
            FoldView {
                name: group.name.clone(),
                services: count(group.services.len(), "Service", "Services"),
                folded: *folded,
                query: selection.folding(&turned, !lit),
            }
        };
        let is_all_folded = groups.iter().all(|(_, folded, _)| *folded);
        let words = if is_all_folded { "Open all" } else { "Fold all" };
        let is_any_lit = groups.iter().any(|(.., lit)| *lit);
        let all = selection.folding(&names(&|_, _| !is_all_folded), !is_any_lit);
        Self {
            what: if first.kind == "namespace" { "namespaces" } else { "applications" },
            all: (groups.len() > 2).then_some((words, all)),
            groups: groups.iter().map(view).collect(),
        }
    }
}

/// A field to choose from.
pub(super) struct Select {
    pub name: &'static str,
    pub label: &'static str,
    /// What stands for all of them.
    pub all: &'static str,
    pub groups: Vec<OptionGroup>,
}

/// Values under a heading; under none where it is empty.
pub(super) struct OptionGroup {
    pub label: &'static str,
    /// Value, words, and whether it is chosen.
    pub options: Vec<(String, String, bool)>,
}

impl Filters {
    pub(super) fn new(analysis: &Analysis, selection: &Selection, seen: &Seen) -> Self {
        let filter = selection.filter();
        let facets = facets(&analysis.cluster, &analysis.wiring, &filter);
        let total = analysis.cluster.services.len();
        let only = selection.get("service");
        let of_one = !filter.namespace.is_empty() && matches!(seen.what, What::Overview(_));
        let mut crumbs = Vec::new();
        let mut here = String::new();
        if seen.page.is_some() || !only.is_empty() || of_one {
            crumbs.push((format!("All {}", count(total, "Service", "Services")), "?".to_owned()));
            let namespace =
                only.rsplit_once('.').map_or(filter.namespace.as_str(), |(_, namespace)| namespace);
            here = match seen.page {
                Some((page, all)) => format!("Board {page} of {all}"),
                None if !only.is_empty() => format!("Service {only}"),
                None => namespace.to_owned(),
            };
            if !namespace.is_empty() && here != namespace {
                crumbs.push((namespace.to_owned(), selection.with(&[("ns", namespace)])));
            }
        }
        let asked = asked(selection);
        let turn = |to: usize| selection.with(&[("page", &to.to_string())]);
        let folded = |chosen: &Chosen| chosen.folded.iter().map(|group| group.services.len()).sum::<usize>();
        let shown = match &seen.what {
            What::Board(chosen) => chosen.services.len() + folded(chosen),
            _ => seen.matching,
        };
        Self {
            selects: if total < FEW && asked.is_none() { Vec::new() } else { selects(&facets, selection) },
            shown: (asked.is_some() || shown < total)
                .then(|| format!("{} of {}", thousands(shown as u64), count(total, "Service", "Services"))),
            crumbs,
            here,
            before: seen.page.filter(|(page, _)| *page > 1).map(|(page, _)| turn(page - 1)),
            after: seen.page.filter(|(page, all)| page < all).map(|(page, _)| turn(page + 1)),
            is_narrow: selection.with(&[("broken", "")]) != "?",
            asked,
            broken: selection.with(&[("broken", "1")]),
            kept: kept(selection, &["broken", "find", "fold"]),
            finds: seen.finds,
            folds: Folds::new(selection, seen),
        }
    }

    /// Whether there is nothing to show of it.
    pub(super) fn is_empty(&self) -> bool {
        self.selects.is_empty()
            && self.shown.is_none()
            && self.crumbs.is_empty()
            && self.folds.groups.is_empty()
    }
}

/// What a form must carry along, since no field of it says so.
fn kept(selection: &Selection, names: &[&'static str]) -> Vec<(&'static str, String)> {
    let said = names.iter().map(|name| (*name, selection.get(name).to_owned()));
    said.filter(|(_, value)| !value.is_empty()).collect()
}

/// What is asked for, in words.
pub(super) fn asked(selection: &Selection) -> Option<String> {
    let mut words = Vec::new();
    if selection.is_of_broken() {
        words.push("broken only".to_owned());
    }
    for (name, what) in [
        ("ns", "namespace"),
        ("type", "type"),
        ("workload", "workload"),
        ("service", "Service"),
        ("find", "words"),
    ] {
        let said = selection.get(name);
        if !said.is_empty() {
            words.push(format!("{what} {said}"));
        }
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// The fields that have something to choose from.
fn selects(facets: &Facets, selection: &Selection) -> Vec<Select> {
    let group = |name: &str, label: &'static str, values: &BTreeMap<String, usize>| {
        let chosen = selection.get(name);
        let mut listed: Vec<_> = values.iter().take(MOST_OPTIONS).collect();
        // What is chosen can be seen, whether it is among the first or among none.
        let own = (chosen.to_owned(), 0);
        let is_listed = chosen.is_empty() || listed.iter().any(|(value, _)| *value == chosen);
        if !is_listed && (values.contains_key(chosen) || name != "workload") {
            let count = values.get(chosen).unwrap_or(&own.1);
            listed.push((&own.0, count));
        }
        let option = |(value, count): (&String, &usize)| {
            (value.clone(), format!("{value} ({})", thousands(*count as u64)), value == chosen)
        };
        OptionGroup { label, options: listed.into_iter().map(option).collect() }
    };
    let mut selects = Vec::new();
    let mut add = |name: &'static str, label, all, groups: Vec<OptionGroup>| {
        let is_choice = groups.iter().any(|group| group.options.len() > 1);
        if is_choice || !selection.get(name).is_empty() {
            selects.push(Select { name, label, all, groups });
        }
    };
    add("ns", "Namespace", "All namespaces", vec![group("ns", "", &facets.namespaces)]);
    add("type", "Type", "All types", vec![group("type", "", &facets.kinds)]);
    let mut workloads = vec![group("workload", "Kind", &facets.workload_kinds)];
    // Names by the thousand are searched for, not chosen.
    if facets.workloads.len() <= MOST_OPTIONS || selection.get("workload").contains('/') {
        workloads.push(group("workload", "Workload", &facets.workloads));
    }
    add("workload", "Workload", "All workloads", workloads);
    selects
}
