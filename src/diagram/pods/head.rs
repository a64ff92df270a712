//! The heads of the pods' cards.

use rustc_hash::FxHashSet;

use super::{Pods, PodsKey};
use crate::cluster::{Cluster, PodSet, State};
use crate::diagram::cards::{HEAD, PODS, What, card};
use crate::diagram::scene::Scene;
use crate::diagram::{Card, CardKind, Face, Look, Pip, PipState, Text, addresses};
use crate::labels::Label;
use crate::terms::Term;

/// The most pods that a card shows one by one.
const MOST_PIPS: usize = 5;
/// The most labels that a card can be found by: pods may each have one of their own.
const MOST_LABELS: usize = 24;

impl<'c> Pods<'c> {
    pub(super) fn head(&self, key: &PodsKey<'c>) -> Card {
        let cluster = self.scene.cluster;
        let sets = || self.groups.sets(key);
        let mut at = card(CardKind::Pods, PODS, HEAD);
        key.name_card(&mut at);
        at.labels = labels(cluster, sets());
        let (mut waiting, mut ready, mut replicas) = (0, 0, 0);
        for set in sets().map(|set| &cluster.sets[set as usize]) {
            *(if is_ready(cluster, set) { &mut ready } else { &mut waiting }) += set.replicas as usize;
            replicas += u64::from(set.replicas);
        }
        let right = at.x + at.width - 14;
        let more = replicas.checked_sub(MOST_PIPS as u64).filter(|more| *more > 0);
        let more = more
            .map(|more| Text::from_right(right, 24, Face::Mono, &format!("+{more}"), 60).of(Term::MorePods));
        let mut x = right - more.as_ref().map_or(0, |text| text.width() + 6);
        at.texts.extend(more);
        // What is wrong is seen first: leftmost, and where not all are shown.
        let waiting = waiting.min(MOST_PIPS);
        let mut pips = vec![PipState::Ready; ready.min(MOST_PIPS - waiting)];
        pips.resize(pips.len() + waiting, PipState::Waiting);
        if replicas == 0 {
            pips.push(PipState::Off);
        }
        for state in pips {
            x -= 11;
            at.pips.push(Pip { x, y: 14, state, term: pip_term(cluster.state, state) });
            x -= 5;
        }
        let count = Text::from_right(x - 2, 24, Face::Mono, &format!("\u{d7}{replicas}"), 90);
        at.texts.push(count.of(Term::Replicas));
        let (address, face, term) = self.address(key, replicas);
        let refused = sets().any(|set| self.scene.refused.object(cluster.sets[set as usize].meta(cluster)));
        if refused {
            at.look = Look::Broken;
            for pip in &mut at.pips {
                (pip.state, pip.term) = (PipState::Off, Term::PodOff);
            }
        }
        let node = self.scene.only_node(sets()).map(|node| format!("{} on {node}", key.kind));
        let what = node.as_deref().unwrap_or(key.kind);
        let kind = if key.kind == "Pod" { Term::PodKind } else { Term::WorkloadKind };
        at.write_head(
            (key.name, Term::WorkloadName),
            What::Note(what, kind),
            self.scene.namespace(key.namespace),
            Some((&address, face, term)),
        );
        at
    }

    /// The first address of some pods.
    fn address(&self, key: &PodsKey<'c>, replicas: u64) -> (String, Face, Term) {
        let cluster = self.scene.cluster;
        let observed = |set: u32| cluster.sets[set as usize].observed.as_ref();
        let real = self.groups.sets(key).find_map(|set| observed(set)?.ips.first());
        if replicas == 0 {
            return ("scaled to 0".to_owned(), Face::Note, Term::ScaledToZero);
        }
        if real.is_none() && cluster.state == State::Observed {
            return ("no address".to_owned(), Face::Note, Term::NoPodAddress);
        }
        let (mut address, face) = addresses::or_example(real.map(String::as_str), || {
            addresses::pod(self.groups.number(key), self.only_v6.contains(key))
        });
        if replicas > 1 {
            address.push_str(" \u{2026}");
        }
        let term = if face == Face::Example { Term::PodAddressExample } else { Term::PodAddress };
        (address, face, term)
    }
}

/// The labels of some pods, each once and no more than a few.
fn labels(cluster: &Cluster, sets: impl Iterator<Item = u32>) -> Vec<String> {
    let mut all: Vec<&Label> = Vec::new();
    for label in sets.flat_map(|set| cluster.sets[set as usize].labels(cluster).iter()) {
        if !all.contains(&label) {
            all.push(label);
        }
        if all.len() == MOST_LABELS {
            break;
        }
    }
    all.into_iter().map(Label::pair).collect()
}

/// Pods that only Services with IPv6 addresses alone select, so that they must have such too.
pub(super) fn only_v6<'c>(scene: &'c Scene<'c>) -> FxHashSet<PodsKey<'c>> {
    let keys = |v6: bool| {
        let services = scene.services.iter().map(|id| scene.service(*id));
        let services = services.filter(move |(service, _)| addresses::is_only_v6(service) == v6);
        services
            .flat_map(|(_, wired)| wired.selected.iter().map(|picked| PodsKey::of(scene.cluster, picked.set)))
    };
    let mut only: FxHashSet<_> = keys(true).collect();
    if !only.is_empty() {
        keys(false).for_each(|key| _ = only.remove(&key));
    }
    only
}

/// What a pod that is drawn is.
const fn pip_term(seen: State, state: PipState) -> Term {
    match (state, seen) {
        (PipState::Ready, State::Observed) => Term::PodReady,
        (PipState::Ready, _) => Term::PodAssumedReady,
        (PipState::Waiting, _) => Term::PodWaiting,
        (PipState::Off, _) => Term::PodOff,
    }
}

/// Whether pods take traffic, as far as is known.
fn is_ready(cluster: &Cluster, set: &PodSet) -> bool {
    match &set.observed {
        Some(status) => status.ready && !status.terminating && status.lives,
        None => set.never_ready(cluster).is_none(),
    }
}
