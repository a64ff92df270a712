//! A tree while it is being read: from events in the order of the text to nodes, without recursion.

use bumpalo::Bump;

use super::{Entry, Map, Node, Problem, Share, Span, Style, Value, What, Written};

/// How deep lists and maps may nest. Trees are copied and walked by recursion, so threads with small stacks set the bound;
/// go-yaml's own is 10,000.
pub(super) const MAX_DEPTH: usize = 500;

/// How many equal keys of one document are told apart; more say nothing new.
pub(super) const MAX_DUPLICATES: usize = 1_000;

/// What is said of a document that has more than may be read; whoever set a limit says more.
pub(super) const TOO_MUCH: &str = "more values than are read";

/// The lists and maps that are still open, innermost last, and what was found meanwhile.
pub(super) struct Growth<'a, 's> {
    pub(super) open: Vec<Open<'a>>,
    pub(super) root: Option<Node<'a>>,
    pub(super) problems: Vec<Problem>,
    /// What may still be added.
    pub(super) share: &'s mut Share,
    pub(super) arena: &'a Bump,
    /// What open lists and maps hold so far, the innermost last.
    items: Vec<Node<'a>>,
    entries: Vec<Entry<'a>>,
}

/// A list or map whose end has not been read yet.
pub(super) struct Open<'a> {
    pub(super) sort: Sort,
    pub(super) span: Span,
    pub(super) style: Style,
    /// Where what it holds begins among what all that are open hold.
    first: usize,
    /// The `<<` entries of a map.
    merges: Vec<Entry<'a>>,
    /// The key that waits for its value.
    pub(super) key: Option<(Key<'a>, Span)>,
    /// What a copy would cost, in nodes.
    pub(super) weight: usize,
    /// How many levels it holds, itself included.
    pub(super) height: usize,
    /// The end of the last child.
    pub(super) last: u32,
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    List,
    Map,
}

/// What stands before a value in a map.
#[derive(Clone, Copy)]
pub(super) enum Key<'a> {
    /// A key.
    Text(&'a str),
    /// `<<`, which adds another map's entries.
    Merge,
}

/// A list or map that was closed, with its measures.
#[derive(Clone, Copy)]
pub(super) struct Grown<'a> {
    pub(super) node: Node<'a>,
    pub(super) weight: usize,
    pub(super) height: usize,
}

impl<'a, 's> Growth<'a, 's> {
    pub(super) fn new(share: &'s mut Share, arena: &'a Bump) -> Self {
        let (items, entries) = (Vec::new(), Vec::new());
        Self { open: Vec::new(), root: None, problems: Vec::new(), share, arena, items, entries }
    }

    /// Opens an empty list or map.
    pub(super) fn start(&mut self, sort: Sort, span: Span, style: Style) {
        let first = if sort == Sort::Map { self.entries.len() } else { self.items.len() };
        let (merges, last) = (Vec::new(), span.end);
        self.open.push(Open { sort, span, style, first, merges, key: None, weight: 1, height: 1, last });
    }

    /// Whether the next scalar is a key.
    pub(super) fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.key.is_none() && open.sort == Sort::Map)
    }

    /// Whether the innermost open list or map is one of `[…]` and `{…}`.
    pub(super) fn in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.style == Style::Flow)
    }

    /// Keeps a key until its value comes.
    pub(super) fn key(&mut self, key: Key<'a>, span: Span) {
        if let Some(open) = self.open.last_mut() {
            open.last = open.last.max(span.end);
            open.key = Some((key, span));
        }
    }

    /// Puts a whole value where it belongs; what a merge adds to the entries of its map is said by `merge`.
    pub(super) fn add(&mut self, grown: Grown<'a>, merge: impl FnOnce(&mut Vec<Entry<'a>>, &Node<'a>)) {
        let Grown { node: value, weight, height } = grown;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value);
            return;
        };
        open.weight = open.weight.saturating_add(weight);
        open.height = open.height.max(height + 1);
        open.last = open.last.max(value.span.end);
        match (open.sort, open.key.take()) {
            (Sort::List, _) => {
                self.share.item();
                self.items.push(value);
            }
            (Sort::Map, Some((Key::Text(key), key_span))) => {
                self.share.entry();
                open.weight = open.weight.saturating_add(key.len() / 8);
                self.entries.push(Entry { key, key_span, value, merged: false });
            }
            (Sort::Map, Some((Key::Merge, key_span))) => {
                merge(&mut self.entries, &value);
                open.merges.push(Entry { key: "<<", key_span, value, merged: false });
            }
            _ => {}
        }
    }

    /// Closes the innermost list or map: of equal keys the last one stays.
    pub(super) fn close(&mut self, end: Option<u32>) -> Option<Grown<'a>> {
        let Open { sort, mut span, style, first, merges, weight, height, last, .. } = self.open.pop()?;
        span.end = end.unwrap_or(last).max(span.start);
        let value = if sort == Sort::Map {
            let map = settle(&self.entries[first..], &merges, &mut self.problems, self.arena);
            self.entries.truncate(first);
            Value::Map(self.arena.alloc(map))
        } else {
            let items = self.arena.alloc_slice_copy(&self.items[first..]);
            self.items.truncate(first);
            Value::List(items)
        };
        Some(Grown { node: Node { value, span, style }, weight, height })
    }
}

impl<'a> Grown<'a> {
    /// A value without children.
    pub(super) fn leaf(node: Node<'a>) -> Self {
        let weight = 1 + node.as_str().map_or(0, |text| text.len() / 8);
        Self { node, weight, height: 0 }
    }
}

/// A map of entries of which, where keys are equal, the last is kept; says so of those that are written twice.
pub(super) fn settle<'a>(
    entries: &[Entry<'a>],
    merges: &[Entry<'a>],
    problems: &mut Vec<Problem>,
    arena: &'a Bump,
) -> Map<'a> {
    let is_overridden = overridden(entries, problems);
    if is_overridden.is_empty() && merges.is_empty() {
        return Map { entries: arena.alloc_slice_copy(entries), written: None };
    }
    let (mut kept, mut lost) = (Vec::with_capacity(entries.len()), Vec::new());
    for (at, entry) in entries.iter().enumerate() {
        match (is_overridden.get(at), entry.merged) {
            (None | Some(false), _) => kept.push(*entry),
            (Some(true), false) => lost.push(*entry),
            (Some(true), true) => {}
        }
    }
    let is_said = !merges.is_empty() || !lost.is_empty();
    let written = is_said.then(|| {
        let merges = arena.alloc_slice_copy(merges);
        &*arena.alloc(Written { merges, overridden: arena.alloc_slice_copy(&lost) })
    });
    Map { entries: arena.alloc_slice_copy(&kept), written }
}

/// Which entries a later one overrides; none of an empty answer.
fn overridden(entries: &[Entry<'_>], problems: &mut Vec<Problem>) -> Vec<bool> {
    let few = entries.len() <= 12;
    if few
        && !entries.iter().enumerate().any(|(i, one)| entries[..i].iter().any(|other| other.key == one.key))
    {
        return Vec::new();
    }
    // Sorted rather than hashed: nothing here may depend on chance, and no chosen keys may make it slow.
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&at| entries[at].key);
    let mut is_overridden = vec![false; entries.len()];
    let mut found = Vec::new();
    for equal in order.chunk_by(|&a, &b| entries[a].key == entries[b].key) {
        for &earlier in &equal[..equal.len() - 1] {
            is_overridden[earlier] = true;
        }
        found.extend(equal.iter().copied().filter(|&i| !entries[i].merged).skip(1));
    }
    found.sort_unstable();
    let room = MAX_DUPLICATES.saturating_sub(problems.len());
    problems.extend(found.into_iter().take(room).map(|i| {
        let entry = &entries[i];
        Problem { what: What::DuplicateKey(entry.key.to_owned()), span: entry.key_span }
    }));
    if is_overridden.contains(&true) { is_overridden } else { Vec::new() }
}
