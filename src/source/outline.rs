//! The tree of one document: values as Kubernetes reads them, each with the span it was written at.

use std::borrow::Cow;

use super::Span;
use crate::names;

/// A value and where it stands. What came through an alias (`*name`) stands, with all that is in it, at the alias.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// The value, resolved by YAML 1.1's rules as kubectl applies them.
    pub value: Value<'a>,
    /// The whole of it: quotes, brackets and a block scalar's `|` included; an empty value is an empty span after its key.
    pub span: Span,
    /// How it was written.
    pub style: Style,
}

/// A resolved value.
#[derive(Debug, Clone, PartialEq)]
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
    String(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map.
    Map(Map<'a>),
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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map<'a> {
    /// What the map means.
    pub entries: Vec<Entry<'a>>,
    /// What else was written, for whoever writes the map again; few maps have any.
    pub written: Option<Box<Written<'a>>>,
}

/// What a map says besides what it means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written<'a> {
    /// The `<<` entries.
    pub merges: Vec<Entry<'a>>,
    /// The entries that a later entry of the same key overrides.
    pub overridden: Vec<Entry<'a>>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    /// The key as text: `yes:` is `"true"`, `80:` is `"80"`.
    pub key: Cow<'a, str>,
    /// Where the key stands, its quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node<'a>,
    /// Whether it came from a merge.
    pub merged: bool,
}

impl<'a> Map<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key and its value.
    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        // Most keys of a length differ in their last byte.
        let last = key.as_bytes().last();
        self.entries.iter().find(|entry| {
            entry.key.len() == key.len()
                && entry.key.as_bytes().last() == last
                && names::is_same(&entry.key, key)
        })
    }

    /// The `<<` entries as they were written.
    pub fn merges(&self) -> &[Entry<'a>] {
        self.written.as_ref().map_or(&[], |written| &written.merges)
    }

    /// The written entries that a later entry of the same key overrides.
    pub fn overridden(&self) -> &[Entry<'a>] {
        self.written.as_ref().map_or(&[], |written| &written.overridden)
    }
}

impl<'a> Node<'a> {
    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map<'a>> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Node<'a>]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }
}

impl Node<'_> {
    /// The same node with text of its own.
    pub(super) fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Int(number) => Value::Int(number),
            Value::Uint(number) => Value::Uint(number),
            Value::Float(number) => Value::Float(number),
            Value::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Value::List(items) => Value::List(items.into_iter().map(Node::into_owned).collect()),
            Value::Map(map) => Value::Map(Map {
                entries: owned(map.entries),
                written: map.written.map(|written| {
                    let Written { merges, overridden } = *written;
                    Box::new(Written { merges: owned(merges), overridden: owned(overridden) })
                }),
            }),
        };
        Node { value, span: self.span, style: self.style }
    }
}

fn owned(entries: Vec<Entry<'_>>) -> Vec<Entry<'static>> {
    entries.into_iter().map(Entry::into_owned).collect()
}

impl Entry<'_> {
    fn into_owned(self) -> Entry<'static> {
        let key = Cow::Owned(self.key.into_owned());
        Entry { key, key_span: self.key_span, value: self.value.into_owned(), merged: self.merged }
    }
}
