//! Anchors (`&name`), aliases (`*name`) and merges (`<<`): what stands elsewhere is copied to where it counts.

use bumpalo::Bump;

use crate::source::arena::{keep, keep_all};
use crate::source::growth::{Grown, MAX_DEPTH};
use crate::source::{Entry, Map, Node, Span, Style, Value, Written};

const SELF: &str = "an alias (*name) inside the very value that it names";
const TOO_MUCH: &str = "aliases (*name) that unfold to far more than was written";
const NOT_A_MAP: &str = "a merge (<<) of something that is not a map";

/// How many nodes the copies of one file may come to: a few bytes of aliases can ask for billions.
#[derive(Debug, Clone)]
pub(in crate::source) struct Budget {
    nodes: usize,
}

impl Budget {
    /// Grows with the file, so that what is kept of an upload stays in proportion to it.
    pub(in crate::source) fn new(text: &str) -> Self {
        Self { nodes: (500 + 20 * text.len()).min(400_000) }
    }

    fn spend(&mut self, nodes: usize) -> Result<(), String> {
        self.nodes = self.nodes.checked_sub(nodes).ok_or(TOO_MUCH)?;
        Ok(())
    }
}

/// Whether a text may ask for copies: without anchors and merges there is nothing to copy.
pub(in crate::source) fn may_spend(text: &str) -> bool {
    memchr::memchr2(b'&', b'*', text.as_bytes()).is_some() || text.contains("<<")
}

/// The anchors of one document, by the parser's number.
pub(super) struct Anchors<'a, 'p> {
    defined: Vec<Option<Grown<'a>>>,
    budget: &'p mut Budget,
    arena: &'a Bump,
}

impl<'a, 'p> Anchors<'a, 'p> {
    pub(super) fn new(budget: &'p mut Budget, arena: &'a Bump) -> Self {
        Self { defined: Vec::new(), budget, arena }
    }

    /// Notes an anchor whose value has begun; 0 is none.
    pub(super) fn open(&mut self, anchor: usize) {
        if anchor >= self.defined.len() && anchor > 0 {
            self.defined.resize_with(anchor + 1, || None);
        }
    }

    /// Keeps an anchor's value.
    pub(super) fn define(&mut self, anchor: usize, grown: &Grown<'a>) -> Result<(), String> {
        if anchor > 0 {
            let node = flat(&grown.node, self.arena);
            let weight = weigh(&node);
            self.budget.spend(weight)?;
            self.open(anchor);
            let height = height(&node);
            self.defined[anchor] = Some(Grown { node, weight, height });
        }
        Ok(())
    }

    /// A copy of an anchor's value that stands, with all that is in it, at the alias.
    pub(super) fn expand(&mut self, anchor: usize, at: Span, depth: usize) -> Result<Grown<'a>, String> {
        let grown = self.defined.get(anchor).copied().flatten().ok_or(SELF)?;
        if depth + grown.height > MAX_DEPTH {
            return Err(super::too_deep());
        }
        self.budget.spend(grown.weight)?;
        let node = Node { style: Style::Alias, ..moved(&grown.node, at, self.arena) };
        Ok(Grown { node, ..grown })
    }

    /// Carries a merge out: its entries override what is written before it, and in a list of maps the earlier win.
    pub(super) fn merge(&mut self, entries: &mut Vec<Entry<'a>>, merge: &Node<'a>) -> Result<(), String> {
        match merge.value {
            Value::Map(merged) => self.copy(entries, merged),
            // An alias of a list is no list of merges to go-yaml.
            Value::List(maps) if merge.style != Style::Alias => {
                maps.iter().rev().try_for_each(|merged| self.copy(entries, merged.as_map().ok_or(NOT_A_MAP)?))
            }
            _ => Err(NOT_A_MAP.into()),
        }
    }

    fn copy(&mut self, entries: &mut Vec<Entry<'a>>, merged: &Map<'a>) -> Result<(), String> {
        for entry in merged.entries {
            self.budget.spend(weigh(&entry.value))?;
            entries.push(Entry { merged: true, ..*entry });
        }
        Ok(())
    }
}

/// A value by what it means: a copy of it is written out, so that how its merges were written is of no use, and a chain of
/// merges would carry every earlier one along.
fn flat<'a>(node: &Node<'a>, arena: &'a Bump) -> Node<'a> {
    let value = match node.value {
        Value::List(items) => {
            let items = keep_all(items, arena);
            for item in &mut *items {
                *item = flat(item, arena);
            }
            Value::List(items)
        }
        Value::Map(map) => {
            let entries = keep_all(map.entries, arena);
            for entry in &mut *entries {
                entry.merged = false;
                entry.value = flat(&entry.value, arena);
            }
            let mut flat = Map { entries, written: None };
            if let Some(written) = map.written {
                flat.written = Some(keep(Written { merges: &[], ..*written }, arena));
            }
            Value::Map(keep(flat, arena))
        }
        scalar => scalar,
    };
    Node { value, ..*node }
}

fn weigh(node: &Node<'_>) -> usize {
    1 + match &node.value {
        Value::String(text) => text.len() / 8,
        Value::List(items) => items.iter().map(weigh).sum(),
        Value::Map(map) => map
            .entries
            .iter()
            .chain(map.merges())
            .chain(map.overridden())
            .map(|entry| weigh(&entry.value))
            .sum(),
        _ => 0,
    }
}

/// How many lists and maps stand inside each other, the value itself counted.
pub(in crate::source) fn height(node: &Node<'_>) -> usize {
    let inner = match &node.value {
        Value::List(items) => items.iter().map(height).max(),
        Value::Map(map) => map.entries.iter().chain(map.overridden()).map(|entry| height(&entry.value)).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or_default()
}

/// A value all of which stands at a place.
fn moved<'a>(node: &Node<'a>, at: Span, arena: &'a Bump) -> Node<'a> {
    let value = match node.value {
        Value::List(items) => {
            let items = keep_all(items, arena);
            for item in &mut *items {
                *item = moved(item, at, arena);
            }
            Value::List(items)
        }
        Value::Map(map) => {
            let mut moved = Map { entries: moved_entries(map.entries, at, arena), written: None };
            if let Some(written) = map.written {
                let merges = moved_entries(written.merges, at, arena);
                let overridden = moved_entries(written.overridden, at, arena);
                moved.written = Some(keep(Written { merges, overridden }, arena));
            }
            Value::Map(keep(moved, arena))
        }
        scalar => scalar,
    };
    Node { value, span: at, ..*node }
}

fn moved_entries<'a>(entries: &[Entry<'a>], at: Span, arena: &'a Bump) -> &'a [Entry<'a>] {
    let entries = keep_all(entries, arena);
    for entry in &mut *entries {
        entry.key_span = at;
        entry.value = moved(&entry.value, at, arena);
    }
    entries
}
