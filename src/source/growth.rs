//! A tree while it is being read: from events in the order of the text to nodes, without recursion.

use std::borrow::Cow;

use super::{Entry, Map, Node, Problem, Share, Span, Style, Value, What};

/// How deep lists and maps may nest. Trees are dropped, copied and walked by recursion, so threads with small stacks
/// set the bound; go-yaml's own is 10,000.
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
}

/// A list or map whose end has not been read yet.
pub(super) struct Open<'a> {
    pub(super) node: Node<'a>,
    /// The key that waits for its value.
    pub(super) key: Option<(Key<'a>, Span)>,
    /// What a copy would cost, in nodes.
    pub(super) weight: usize,
    /// How many levels it holds, itself included.
    pub(super) height: usize,
    /// The end of the last child.
    pub(super) last: u32,
}

/// What stands before a value in a map.
#[derive(Clone)]
pub(super) enum Key<'a> {
    /// A key.
    Text(Cow<'a, str>),
    /// `<<`, which adds another map's entries.
    Merge,
}

/// A list or map that was closed, with its measures.
pub(super) struct Grown<'a> {
    pub(super) node: Node<'a>,
    pub(super) weight: usize,
    pub(super) height: usize,
}

impl<'a, 's> Growth<'a, 's> {
    pub(super) fn new(share: &'s mut Share) -> Self {
        Self { open: Vec::new(), root: None, problems: Vec::new(), share }
    }

    /// Opens an empty list or map.
    pub(super) fn start(&mut self, value: Value<'a>, span: Span, style: Style) {
        let node = Node { value, span, style };
        self.open.push(Open { node, key: None, weight: 1, height: 1, last: span.end });
    }

    /// Whether the next scalar is a key.
    pub(super) fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.key.is_none() && matches!(open.node.value, Value::Map(_)))
    }

    /// Whether the innermost open list or map is one of `[…]` and `{…}`.
    pub(super) fn in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.node.style == Style::Flow)
    }

    /// Keeps a key until its value comes.
    pub(super) fn key(&mut self, key: Key<'a>, span: Span) {
        if let Some(open) = self.open.last_mut() {
            open.last = open.last.max(span.end);
            open.key = Some((key, span));
        }
    }

    /// Puts a whole value where it belongs; a merge is left to `merge`.
    pub(super) fn add(&mut self, grown: Grown<'a>, merge: impl FnOnce(&mut Map<'a>, Entry<'a>)) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(grown.node);
            return;
        };
        open.weight = open.weight.saturating_add(grown.weight);
        open.height = open.height.max(grown.height + 1);
        open.last = open.last.max(grown.node.span.end);
        match (&mut open.node.value, open.key.take()) {
            (Value::List(items), _) => {
                self.share.item();
                items.push(grown.node);
            }
            (Value::Map(map), Some((Key::Text(key), key_span))) => {
                self.share.entry();
                open.weight = open.weight.saturating_add(key.len() / 8);
                map.entries.push(Entry { key, key_span, value: grown.node, merged: false });
            }
            (Value::Map(map), Some((Key::Merge, key_span))) => {
                merge(map, Entry { key: "<<".into(), key_span, value: grown.node, merged: false });
            }
            _ => {}
        }
    }

    /// Closes the innermost list or map: of equal keys the last one stays.
    pub(super) fn close(&mut self, end: Option<u32>) -> Option<Grown<'a>> {
        let Open { mut node, weight, height, last, .. } = self.open.pop()?;
        node.span.end = end.unwrap_or(last).max(node.span.start);
        if let Value::Map(map) = &mut node.value {
            settle(map, &mut self.problems);
        }
        Some(Grown { node, weight, height })
    }
}

impl<'a> Grown<'a> {
    /// A value without children.
    pub(super) fn leaf(node: Node<'a>) -> Self {
        let weight = 1 + node.as_str().map_or(0, |text| text.len() / 8);
        Self { node, weight, height: 0 }
    }
}

/// Of entries with equal keys keeps the last, and says so of those that are written twice.
pub(super) fn settle(map: &mut Map<'_>, problems: &mut Vec<Problem>) {
    let entries = &mut map.entries;
    let few = entries.len() <= 12;
    if few
        && !entries.iter().enumerate().any(|(i, one)| entries[..i].iter().any(|other| other.key == one.key))
    {
        return;
    }
    // Sorted rather than hashed: nothing here may depend on chance, and no chosen keys may make it slow.
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|&a, &b| entries[a].key.cmp(&entries[b].key));
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
        Problem { what: What::DuplicateKey(entry.key.clone().into_owned()), span: entry.key_span }
    }));
    if !is_overridden.contains(&true) {
        return;
    }
    for (entry, is_overridden) in std::mem::take(entries).into_iter().zip(is_overridden) {
        match (is_overridden, entry.merged) {
            (false, _) => map.entries.push(entry),
            (true, false) => map.written.get_or_insert_default().overridden.push(entry),
            (true, true) => {}
        }
    }
}
