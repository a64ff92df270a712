//! Objects of one kind by their names.

use rustc_hash::FxHashMap;

use crate::kinds::meta::Meta;

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
