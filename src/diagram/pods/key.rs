//! Which pods share a card.

use rustc_hash::FxHashMap;

use crate::cluster::Cluster;
use crate::diagram::Card;
use crate::wiring::Who;

/// Pods that share a card: those of one workload, or one bare Pod. The addresses of a slice have one of that sort too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::diagram) struct PodsKey<'c> {
    pub namespace: &'c str,
    pub kind: &'c str,
    pub name: &'c str,
}

impl<'c> PodsKey<'c> {
    /// The key of a set of pods.
    pub(in crate::diagram) fn of(cluster: &'c Cluster, set: u32) -> Self {
        let set = &cluster.sets[set as usize];
        let (kind, name) = match &set.owner {
            Some(owner) => (owner.kind.as_str(), owner.name.as_str()),
            None => ("Pod", set.meta(cluster).name.value.as_str()),
        };
        Self { namespace: &set.namespace, kind, name }
    }

    /// The key of the slice, or of the Endpoints object, that an address is listed in.
    pub(in crate::diagram) fn of_slice(cluster: &'c Cluster, slice: u32) -> Self {
        let meta = &cluster.slices[slice as usize].meta;
        Self { namespace: &meta.namespace, kind: &meta.kind, name: &meta.name.value }
    }

    /// The key of whoever is an endpoint.
    pub(in crate::diagram) fn of_endpoint(cluster: &'c Cluster, who: Who) -> Self {
        match who {
            Who::Pods(picked) => Self::of(cluster, picked.set),
            Who::Address(listed) => Self::of_slice(cluster, listed.slice),
        }
    }

    /// Gives the card of these pods its words and its address.
    pub(in crate::diagram) fn name_card(&self, at: &mut Card) {
        at.label = format!("{} {} in namespace {}", self.kind, self.name, self.namespace);
        at.at = Some(format!("pods:{}/{}.{}", self.kind, self.name, self.namespace));
    }
}

/// All pods of a cluster by the cards that they would have.
pub(super) struct Groups<'c> {
    of_key: FxHashMap<PodsKey<'c>, Group>,
    /// For each set, the next one of its group: a list for each card would cost more than all else where pods are bare.
    next: Vec<Option<u32>>,
}

/// The sets that share a card.
struct Group {
    first: u32,
    last: u32,
    /// How many pods stand before its first one.
    number: u64,
}

impl<'c> Groups<'c> {
    pub(super) fn new(cluster: &'c Cluster) -> Self {
        let mut of_key: FxHashMap<PodsKey<'c>, Group> = FxHashMap::default();
        let mut next = vec![None; cluster.sets.len()];
        let mut number = 0;
        for (id, set) in cluster.sets.iter().enumerate() {
            let id = id as u32;
            let group =
                of_key.entry(PodsKey::of(cluster, id)).or_insert(Group { first: id, last: id, number });
            if group.last != id {
                next[group.last as usize] = Some(id);
                group.last = id;
            }
            number += u64::from(set.replicas);
        }
        Self { of_key, next }
    }

    /// The sets of a card, in the order of the upload.
    pub(super) fn sets(&self, key: &PodsKey<'_>) -> impl Iterator<Item = u32> + Clone {
        let first = self.of_key.get(key).map(|group| group.first);
        std::iter::successors(first, |set| self.next[*set as usize])
    }

    /// How many pods of the cluster stand before those of a card.
    pub(super) fn number(&self, key: &PodsKey<'_>) -> u64 {
        self.of_key.get(key).map_or(0, |group| group.number)
    }
}
