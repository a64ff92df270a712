//! Objects of one kind by their names, and by their labels.

use rustc_hash::FxHashMap;

use crate::kinds::meta::Meta;
use crate::labels::{Label, Labels};

/// Where the objects of a kind stand in their list, by namespace and name.
#[derive(Debug, Default)]
pub(super) struct ByName {
    one: FxHashMap<(String, String), usize>,
    within: FxHashMap<String, Vec<usize>>,
    named: FxHashMap<String, Vec<usize>>,
}

impl ByName {
    pub(super) fn new<'m>(all: impl Iterator<Item = &'m Meta>) -> Self {
        let mut index = Self::default();
        for (id, meta) in all.enumerate() {
            index.one.insert((meta.namespace.clone(), meta.name.value.clone()), id);
            index.within.entry(meta.namespace.clone()).or_default().push(id);
            index.named.entry(meta.name.value.clone()).or_default().push(id);
        }
        index
    }

    /// The one of a namespace and name.
    pub(super) fn one(&self, namespace: &str, name: &str) -> Option<usize> {
        self.one.get(&(namespace.to_owned(), name.to_owned())).copied()
    }

    /// Those of a namespace.
    pub(super) fn within(&self, namespace: &str) -> &[usize] {
        self.within.get(namespace).map_or(&[], Vec::as_slice)
    }

    /// Those of a name, in whichever namespace.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Where objects stand in their list, by each of their labels.
#[derive(Debug, Default)]
pub(super) struct ByLabel(FxHashMap<(String, String), Vec<usize>>);

impl ByLabel {
    pub(super) fn new<'m>(all: impl Iterator<Item = &'m Labels>) -> Self {
        let mut index = FxHashMap::<_, Vec<usize>>::default();
        for (id, labels) in all.enumerate() {
            for label in labels {
                index.entry((label.key.clone(), label.value.clone())).or_default().push(id);
            }
        }
        Self(index)
    }

    /// Those among which all are that carry some labels; `None` for all there are.
    pub(super) fn among(&self, labels: &Labels) -> Option<&[usize]> {
        let carriers = |label: &Label| {
            self.0.get(&(label.key.clone(), label.value.clone())).map_or(&[][..], Vec::as_slice)
        };
        labels.iter().map(carriers).min_by_key(|ids| ids.len())
    }
}
