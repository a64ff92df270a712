//! Lists: `kind: List`, `ServiceList`, and any object with `items`, which to kubectl is only its items.

use crate::source::{Expected, Found, Node, Problem, Value, What};

use super::{ObjectProblem, Readings};

/// What the items of a `FooList` are when they do not say so themselves.
pub struct Implied {
    /// The list's `apiVersion`.
    pub api_version: String,
    /// `Foo`.
    pub kind: String,
}

/// Calls `read` with the document, or with each item where it is a list.
pub fn each_object<'t, 'a>(
    root: &'t Node<'a>,
    out: &mut Readings,
    mut read: impl FnMut(&'t Node<'a>, Option<&Implied>, &mut Readings),
) {
    // Lists inside Lists are refused by kubectl but still drawn, so the items wait in a queue rather than on the stack.
    let mut waiting = vec![(root, None::<std::rc::Rc<Implied>>, 0)];
    while let Some((node, implied, depth)) = waiting.pop() {
        let Some(items) = node.as_map().and_then(|map| map.entry("items")) else {
            read(node, implied.as_deref(), out);
            continue;
        };
        let map = node.as_map();
        let text = |key: &str| map.and_then(|map| map.get(key)).and_then(Node::as_str).unwrap_or_default();
        let kind = text("kind");
        if kind.is_empty() && implied.is_none() {
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
                let implied = kind.strip_suffix("List").filter(|kind| !kind.is_empty()).map(|kind| {
                    std::rc::Rc::new(Implied {
                        api_version: text("apiVersion").to_owned(),
                        kind: kind.to_owned(),
                    })
                });
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
