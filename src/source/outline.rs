//! The tree of one document: values as Kubernetes reads them, each with the span it was written at.
//!
//! All of a tree is in one arena, and nothing of it has to be dropped: there may be hundreds of thousands of documents, each
//! of which is read, looked at once and forgotten.

use bumpalo::Bump;

use super::Span;
use super::arena::{keep, keep_text, room};
use crate::names;

/// A value and where it stands. What came through an alias (`*name`) stands, with all that is in it, at the alias.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node<'a> {
    /// The value, resolved by YAML 1.1's rules as kubectl applies them.
    pub value: Value<'a>,
    /// The whole of it: quotes, brackets and a block scalar's `|` included; an empty value is an empty span after its key.
    pub span: Span,
    /// How it was written.
    pub style: Style,
}

/// A resolved value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `yes`, `on`, …
    Bool(bool),
    /// A whole number that fits 64 signed bits.
    Int(i64),
    /// A whole number beyond them.
    Uint(u64),
    /// Any other finite number.
    Float(f64),
    /// Text.
    String(&'a str),
    /// A list.
    List(&'a [Node<'a>]),
    /// A map.
    Map(&'a Map<'a>),
}

/// How a value was written; masking keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|` or `>`
    BlockScalar,
    /// `[…]` or `{…}`
    Flow,
    /// A block list or block map.
    Block,
    /// Written elsewhere, and named here by an alias.
    Alias,
}

/// A map with its merges (`<<`) carried out and of equal keys the last kept, in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Map<'a> {
    /// What the map means.
    pub entries: &'a [Entry<'a>],
    /// What else was written, for whoever writes the map again; few maps have any.
    pub written: Option<&'a Written<'a>>,
}

/// What a map says besides what it means.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Written<'a> {
    /// The `<<` entries.
    pub merges: &'a [Entry<'a>],
    /// The entries that a later entry of the same key overrides.
    pub overridden: &'a [Entry<'a>],
}

/// A key and its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry<'a> {
    /// The key as text: `yes:` is `"true"`, `80:` is `"80"`.
    pub key: &'a str,
    /// Where the key stands, its quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node<'a>,
    /// Whether it came from a merge.
    pub merged: bool,
}

impl<'a> Map<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Node<'a>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key and its value.
    pub fn entry(&self, key: &str) -> Option<&'a Entry<'a>> {
        // Most keys of a length differ in their last byte.
        let last = key.as_bytes().last();
        self.entries.iter().find(|entry| {
            entry.key.len() == key.len()
                && entry.key.as_bytes().last() == last
                && names::is_same(entry.key, key)
        })
    }

    /// The `<<` entries as they were written.
    pub fn merges(&self) -> &'a [Entry<'a>] {
        self.written.map_or(&[], |written| written.merges)
    }

    /// The written entries that a later entry of the same key overrides.
    pub fn overridden(&self) -> &'a [Entry<'a>] {
        self.written.map_or(&[], |written| written.overridden)
    }
}

impl<'a> Node<'a> {
    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&'a Map<'a>> {
        match self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&'a str> {
        match self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&'a [Node<'a>]> {
        match self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

impl Node<'_> {
    /// Nothing, nowhere.
    pub(super) const NOTHING: Self =
        Self { value: Value::Null, span: Span { file: 0, start: 0, end: 0 }, style: Style::Plain };

    /// The same tree in another arena.
    pub(super) fn copied<'b>(&self, arena: &'b Bump) -> Node<'b> {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Int(number) => Value::Int(number),
            Value::Uint(number) => Value::Uint(number),
            Value::Float(number) => Value::Float(number),
            Value::String(text) => Value::String(keep_text(text, arena)),
            Value::List(items) => {
                let copy = room(items.len(), Node::NOTHING, arena);
                for (place, item) in copy.iter_mut().zip(items) {
                    *place = item.copied(arena);
                }
                Value::List(copy)
            }
            Value::Map(map) => {
                let mut copy = Map { entries: copied(map.entries, arena), written: None };
                if let Some(written) = map.written {
                    let merges = copied(written.merges, arena);
                    let overridden = copied(written.overridden, arena);
                    copy.written = Some(keep(Written { merges, overridden }, arena));
                }
                Value::Map(keep(copy, arena))
            }
        };
        Node { value, span: self.span, style: self.style }
    }
}

fn copied<'b>(entries: &[Entry<'_>], arena: &'b Bump) -> &'b [Entry<'b>] {
    let copy = room(entries.len(), Entry::NOTHING, arena);
    for (place, entry) in copy.iter_mut().zip(entries) {
        place.key = keep_text(entry.key, arena);
        (place.key_span, place.merged) = (entry.key_span, entry.merged);
        place.value = entry.value.copied(arena);
    }
    copy
}

impl Entry<'_> {
    /// No key, and no value.
    pub(super) const NOTHING: Self =
        Self { key: "", key_span: Node::NOTHING.span, value: Node::NOTHING, merged: false };
}
