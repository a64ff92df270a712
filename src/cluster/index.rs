//! Objects of one kind by their names, and by their labels; and what is found by a hash of texts that are not copied.

use std::hash::{Hash, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use crate::kinds::meta::Meta;
use crate::labels::Labels;
use crate::names::Short;

/// Where the objects of a kind stand in their list, by namespace and name.
#[derive(Debug, Default)]
pub(super) struct ByName {
    one: FxHashMap<(Short, Short), usize>,
    within: FxHashMap<Short, Vec<usize>>,
    named: FxHashMap<Short, Vec<usize>>,
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
        self.one.get(&(namespace.into(), name.into())).copied()
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
pub(super) struct ByLabel(FxHashMap<(Short, Short), Vec<usize>>);

impl ByLabel {
    pub(super) fn new<'m>(all: impl Iterator<Item = &'m Labels>) -> Self {
        let mut index = FxHashMap::<_, Vec<usize>>::default();
        for (id, labels) in all.enumerate() {
            for (key, value) in labels.pairs() {
                index.entry((key.into(), value.into())).or_default().push(id);
            }
        }
        Self(index)
    }

    /// Those among which all are that carry some labels; `None` for all there are.
    pub(super) fn among(&self, labels: &Labels) -> Option<&[usize]> {
        let carriers = |(key, value): (&str, &str)| {
            self.0.get(&(key.into(), value.into())).map_or(&[][..], Vec::as_slice)
        };
        labels.pairs().map(carriers).min_by_key(|ids| ids.len())
    }
}

/// The pods of a namespace that carry a label.
#[derive(Debug)]
pub(super) struct Carriers {
    /// Namespace, key and value one after the other, and where the latter two begin.
    label: Box<str>,
    key: u32,
    value: u32,
    pub(super) sets: Vec<u32>,
}

impl Carriers {
    pub(super) fn new(namespace: &str, key: &str, value: &str, first: u32) -> Self {
        let label = [namespace, key, value].concat().into_boxed_str();
        let key_at = namespace.len() as u32;
        Self { label, key: key_at, value: key_at + key.len() as u32, sets: vec![first] }
    }

    /// Whether this is the label that they carry.
    pub(super) fn carry(&self, namespace: &str, key: &str, value: &str) -> bool {
        let (at_key, at_value) = (self.key as usize, self.value as usize);
        self.label[at_value..] == *value
            && self.label[..at_key] == *namespace
            && self.label[at_key..at_value] == *key
    }
}

/// Things by the hash of what they are found by, which stands in the things themselves: whoever looks says whether it is
/// the same. What has the same hash stands behind the next number.
#[derive(Debug, Default)]
pub(super) struct ByHash(FxHashMap<u64, u32>);

impl ByHash {
    pub(super) fn with_room(count: usize) -> Self {
        let mut places = FxHashMap::default();
        places.reserve(count);
        Self(places)
    }

    /// What is found by a key.
    pub(super) fn find(&self, key: impl Hash, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut hash = hash(key);
        loop {
            let found = *self.0.get(&hash)?;
            if is_it(found) {
                return Some(found);
            }
            hash = hash.wrapping_add(1);
        }
    }

    /// What is found by a key, or `None` after `new` was put there.
    pub(super) fn find_or_put(
        &mut self,
        key: impl Hash,
        new: u32,
        is_it: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let mut hash = hash(key);
        loop {
            match self.0.get(&hash) {
                Some(&found) if is_it(found) => return Some(found),
                Some(_) => hash = hash.wrapping_add(1),
                None => {
                    self.0.insert(hash, new);
                    return None;
                }
            }
        }
    }
}

fn hash(key: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_hashes_are_told_apart() {
        struct Same;
        impl Hash for Same {
            fn hash<H: std::hash::Hasher>(&self, to: &mut H) {
                to.write_u8(0);
            }
        }
        let mut places = ByHash::default();
        for one in 0..10 {
            assert_eq!(places.find_or_put(Same, one, |found| found == one), None);
        }
        for one in 0..10 {
            assert_eq!(places.find(Same, |found| found == one), Some(one));
            assert_eq!(places.find_or_put(Same, 11, |found| found == one), Some(one));
        }
        assert_eq!(places.find(Same, |found| found == 10), None);
    }
}
