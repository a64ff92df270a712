//! Lists: `kind: List`, `ServiceList`, and any object with `items`, which to kubectl is only its items.

use std::rc::Rc;

use crate::source::{Expected, Found, Map, Node, Problem, Value, What};

use super::{ObjectProblem, Readings};

/// What the items of a `FooList` are when they do not say so themselves.
pub struct Implied {
    /// The list's `apiVersion`.
    pub api_version: String,
    /// `Foo`.
    pub kind: String,
}

/// A value that may be an object or a list of them, what it is where it does not say so, and in how many lists it is.
type Waiting<'t, 'a> = (&'t Node<'a>, Option<Rc<Implied>>, usize);

/// The key of a list's items.
pub const ITEMS: &str = "items";

/// Whether a map that has items is only those.
pub fn is_list(map: &Map<'_>) -> bool {
    !text(map, "kind").is_empty()
}

/// Calls `read` with the document, or with each item where it is a list.
pub fn each_object<'t, 'a>(
    root: &'t Node<'a>,
    out: &mut Readings,
    read: impl FnMut(&'t Node<'a>, Option<&Implied>, &mut Readings),
) {
    each_of((root, None, 0), out, read);
}

/// The same with one item of a list.
pub fn each_in_item<'t, 'a>(
    list: &Node<'a>,
    item: &'t Node<'a>,
    out: &mut Readings,
    read: impl FnMut(&'t Node<'a>, Option<&Implied>, &mut Readings),
) {
    each_of((item, list.as_map().and_then(implied), 1), out, read);
}

fn text<'n>(map: &'n Map<'_>, key: &str) -> &'n str {
    map.get(key).and_then(Node::as_str).unwrap_or_default()
}

/// What a list says of its items.
fn implied(list: &Map<'_>) -> Option<Rc<Implied>> {
    let kind = text(list, "kind").strip_suffix("List").filter(|kind| !kind.is_empty())?;
    Some(Rc::new(Implied { api_version: text(list, "apiVersion").to_owned(), kind: kind.to_owned() }))
}

fn each_of<'t, 'a>(
    first: Waiting<'t, 'a>,
    out: &mut Readings,
    mut read: impl FnMut(&'t Node<'a>, Option<&Implied>, &mut Readings),
) {
    if first.0.as_map().is_none_or(|map| map.entry(ITEMS).is_none()) {
        return read(first.0, first.1.as_deref(), out);
    }
    // Lists inside Lists are refused by kubectl but still drawn, so the items wait in a queue rather than on the stack.
    let mut waiting = vec![first];
    while let Some((node, implied, depth)) = waiting.pop() {
        let Some((map, items)) = node.as_map().and_then(|map| Some((map, map.entry(ITEMS)?))) else {
            read(node, implied.as_deref(), out);
            continue;
        };
        let kind = text(map, "kind");
        if !is_list(map) && implied.is_none() {
            read(node, None, out);
            continue;
        }
        let mut note = |what| {
            out.problems
                .push(ObjectProblem { problem: Problem { what, span: items.key_span }, object: None });
        };
        if depth > 0 {
            note(What::NestedList);
        } else if !kind.ends_with("List") {
            note(What::OnlyItems);
        }
        match &items.value.value {
            Value::List(list) => {
                let implied = self::implied(map);
                waiting.extend(list.iter().rev().map(|item| (item, implied.clone(), depth + 1)));
            }
            Value::Null => {}
            value => {
                let found =
                    if matches!(value, Value::Map(_)) { Found::Map } else { Found::String(String::new()) };
                note(What::WrongType { field: "items".to_owned(), expected: Expected::List, found });
            }
        }
    }
}
