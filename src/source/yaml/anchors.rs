//! Anchors (`&name`), aliases (`*name`) and merges (`<<`): what stands elsewhere is copied to where it counts.

use crate::source::growth::{Grown, MAX_DEPTH};
use crate::source::{Entry, Map, Node, Span, Style, Value};

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
}

impl<'a, 'p> Anchors<'a, 'p> {
    pub(super) fn new(budget: &'p mut Budget) -> Self {
        Self { defined: Vec::new(), budget }
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
            let mut node = grown.node.clone();
            flatten(&mut node);
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
        let grown = self.defined.get(anchor).and_then(Option::as_ref).ok_or(SELF)?;
        if depth + grown.height > MAX_DEPTH {
            return Err(super::too_deep());
        }
        self.budget.spend(grown.weight)?;
        let mut node = grown.node.clone();
        node.style = Style::Alias;
        move_to(&mut node, at);
        Ok(Grown { node, weight: grown.weight, height: grown.height })
    }

    /// Carries a merge out: its entries override what is written before it, and in a list of maps the earlier win.
    pub(super) fn merge(&mut self, map: &mut Map<'a>, merge: Entry<'a>) -> Result<(), String> {
        match &merge.value.value {
            Value::Map(merged) => self.copy(map, merged)?,
            // An alias of a list is no list of merges to go-yaml.
            Value::List(maps) if merge.value.style != Style::Alias => {
                for merged in maps.iter().rev() {
                    self.copy(map, merged.as_map().ok_or(NOT_A_MAP)?)?;
                }
            }
            _ => return Err(NOT_A_MAP.into()),
        }
        map.written.get_or_insert_default().merges.push(merge);
        Ok(())
    }

    fn copy(&mut self, map: &mut Map<'a>, merged: &Map<'a>) -> Result<(), String> {
        for entry in &merged.entries {
            self.budget.spend(weigh(&entry.value))?;
            map.entries.push(Entry { merged: true, ..entry.clone() });
        }
        Ok(())
    }
}

/// Leaves of a value what it means: a copy of it is written out, so that how its merges were written is of no use, and
/// a chain of merges would carry every earlier one along.
fn flatten(node: &mut Node<'_>) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(flatten),
        Value::Map(map) => {
            if let Some(written) = &mut map.written {
                written.merges.clear();
            }
            for entry in &mut map.entries {
                entry.merged = false;
                flatten(&mut entry.value);
            }
        }
        _ => {}
    }
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

fn move_to(node: &mut Node<'_>, at: Span) {
    node.span = at;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| move_to(item, at)),
        Value::Map(map) => {
            let written = map.written.iter_mut();
            let written =
                written.flat_map(|written| written.merges.iter_mut().chain(&mut written.overridden));
            for entry in map.entries.iter_mut().chain(written) {
                entry.key_span = at;
                move_to(&mut entry.value, at);
            }
        }
        _ => {}
    }
}
