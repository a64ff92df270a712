//! What kubectl takes from a stream, by what Podwire reads of it.

use podwire::source::split::{Content, documents};
use podwire::source::{Arena, Map, Node, Problem, SourceFile, Value, What};
use serde_json::{Value as Json, json};

/// What kubectl would send: whether it was content, and the objects with their lists unpacked.
pub(crate) fn taken(manifest: &[u8]) -> (bool, Vec<Json>) {
    let file = SourceFile::new("-", manifest.to_vec());
    let arena = Arena::new();
    let (mut ok, mut objects) = (true, Vec::new());
    for document in documents(0, &file, &arena) {
        if document.ends_stream {
            return (false, objects);
        }
        match document.content {
            Content::Empty => {}
            // A comment that was a manifest before its line ends were lost is a comment.
            Content::Broken(Problem { what: What::LostLineEnds, span })
                if file.text()[span.start as usize..].starts_with('#') => {}
            Content::Broken(_) => ok = false,
            Content::Tree(node) => match unpack(&node) {
                Ok(unpacked) => {
                    ok &= unpacked.iter().all(Option::is_some);
                    objects.extend(unpacked.into_iter().flatten());
                }
                Err(Refused::Document) => ok = false,
                Err(Refused::Everything) => return (false, Vec::new()),
            },
        }
    }
    (ok, objects)
}

enum Refused {
    Document,
    /// A list inside a list yields no objects at all.
    Everything,
}

/// The objects of a document; none for each item of a list that has no kind or version.
fn unpack(node: &Node<'_>) -> Result<Vec<Option<Json>>, Refused> {
    let map = node.as_map().ok_or(Refused::Document)?;
    let group = match map.get("apiVersion").map(|node| &node.value) {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        _ => return Err(Refused::Document),
    };
    let kind =
        map.get("kind").and_then(Node::as_str).filter(|kind| !kind.is_empty()).ok_or(Refused::Document)?;
    if group.matches('/').count() > 1 {
        return Err(Refused::Document);
    }
    let Some(items) = map.get("items") else {
        if map.get("metadata").is_some_and(|metadata| !is_metadata(metadata)) {
            return Err(Refused::Document);
        }
        return Ok(vec![Some(to_json(node))]);
    };
    let items = match &items.value {
        Value::Null => &[],
        Value::List(items) => *items,
        _ => return Err(Refused::Document),
    };
    items.iter().map(|item| list_item(item, group, kind)).collect()
}

fn list_item(item: &Node<'_>, group: &str, kind: &str) -> Result<Option<Json>, Refused> {
    if item.is_null() {
        return Ok(None);
    }
    let map = item.as_map().ok_or(Refused::Document)?;
    if map.get("items").is_some() {
        return Err(Refused::Everything);
    }
    let mut object = to_json(item);
    let bare = map.get("kind").is_none() && map.get("apiVersion").is_none();
    if let Some(kind) = kind.strip_suffix("List").filter(|kind| bare && !kind.is_empty()) {
        object["kind"] = kind.into();
        object["apiVersion"] = group.into();
    }
    let has = |key: &str| object[key].as_str().is_some_and(|text| !text.is_empty());
    Ok((has("kind") && has("apiVersion")).then_some(object))
}

/// kubectl decodes the metadata of objects that are no list's items.
fn is_metadata(node: &Node<'_>) -> bool {
    let all = |map: &Map<'_>, is: fn(&Node<'_>) -> bool| map.entries.iter().all(|entry| is(&entry.value));
    let Some(map) = node.as_map() else { return node.is_null() };
    map.entries.iter().all(|entry| {
        let value = &entry.value;
        value.is_null()
            || match entry.key {
                "name" | "generateName" | "namespace" | "uid" | "resourceVersion" | "selfLink" => {
                    is_text(value)
                }
                "labels" | "annotations" => value.as_map().is_some_and(|map| all(map, is_text)),
                "finalizers" => value.as_list().is_some_and(|items| items.iter().all(is_text)),
                "ownerReferences" => {
                    value.as_list().is_some_and(|items| items.iter().all(|item| item.as_map().is_some()))
                }
                "generation" => matches!(value.value, Value::Int(_)),
                _ => true,
            }
    })
}

fn is_text(node: &Node<'_>) -> bool {
    node.is_null() || node.as_str().is_some()
}

pub(crate) fn to_json(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(number) => json!(number),
        Value::Uint(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::String(text) => json!(text),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(map) => {
            map.entries.iter().map(|entry| (entry.key.to_owned(), to_json(&entry.value))).collect()
        }
    }
}

/// Equal as JSON: keys in any order, numbers by value.
pub(crate) fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}
