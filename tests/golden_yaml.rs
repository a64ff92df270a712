//! Reading against kubectl 1.32.4 itself: what it takes from a stream, case by case.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use podwire::source::split::{Content, documents};
use podwire::source::{Map, Node, SourceFile, Value};
use serde_json::{Value as Json, json};

/// What kubectl would send: whether it was content, and the objects with their lists unpacked.
fn kubectl(manifest: &str) -> (bool, Vec<Json>) {
    let file = SourceFile::new("-", manifest.as_bytes().to_vec());
    let (mut ok, mut objects) = (true, Vec::new());
    for document in documents(0, &file) {
        if document.ends_stream {
            return (false, objects);
        }
        match document.content {
            Content::Empty => {}
            Content::Broken(_) => ok = false,
            Content::Tree(node) => match unpack(&node) {
                Ok(unpacked) => objects.extend(unpacked),
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

fn unpack(node: &Node<'_>) -> Result<Vec<Json>, Refused> {
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
        return Ok(vec![to_json(node)]);
    };
    let items = match &items.value {
        Value::Null => &[],
        Value::List(items) => items.as_slice(),
        _ => return Err(Refused::Document),
    };
    items.iter().map(|item| list_item(item, group, kind)).collect()
}

fn list_item(item: &Node<'_>, group: &str, kind: &str) -> Result<Json, Refused> {
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
    match object["kind"].as_str() {
        Some(kind) if !kind.is_empty() => Ok(object),
        _ => Err(Refused::Document),
    }
}

/// kubectl decodes the metadata of objects that are no list's items.
fn is_metadata(node: &Node<'_>) -> bool {
    let all = |map: &Map<'_>, is: fn(&Node<'_>) -> bool| map.entries.iter().all(|entry| is(&entry.value));
    let Some(map) = node.as_map() else { return node.is_null() };
    map.entries.iter().all(|entry| {
        let value = &entry.value;
        value.is_null()
            || match &*entry.key {
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

fn to_json(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(number) => json!(number),
        Value::Uint(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::String(text) => json!(text),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(map) => {
            map.entries.iter().map(|entry| (entry.key.clone().into_owned(), to_json(&entry.value))).collect()
        }
    }
}

/// What the recorder itself changes: it drops a null namespace and annotations with a null, and may add `metadata: {}`.
fn as_recorded(mut object: Json) -> Json {
    if let Some(map) = object.as_object_mut() {
        let metadata = map.entry("metadata").or_insert_with(|| json!({}));
        if metadata.is_null() {
            *metadata = json!({});
        }
        if let Some(metadata) = metadata.as_object_mut() {
            let has_null = |node: &Json| node.as_object().is_some_and(|map| map.values().any(Json::is_null));
            metadata.retain(|key, value| match key.as_str() {
                "namespace" => !value.is_null(),
                "annotations" => !has_null(value),
                _ => true,
            });
        }
    }
    object
}

/// Equal as JSON: keys in any order, numbers by value.
fn same(one: &Json, other: &Json) -> bool {
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

/// One recorded case; one of them nests deeper than `serde_json` goes.
fn case(line: &str) -> Json {
    serde_json::from_str(line).unwrap_or_else(|_| {
        let file = SourceFile::new("-", line.as_bytes().to_vec());
        match documents(0, &file).pop().unwrap().content {
            Content::Tree(node) => to_json(&node),
            other => panic!("{other:?}"),
        }
    })
}

#[test]
fn reads_what_kubectl_reads() {
    let cases = include_str!("golden/yaml.jsonl");
    let (mut agreed, mut differing) = (0, Vec::new());
    for line in cases.lines() {
        let case = case(line);
        let (ok, objects) = kubectl(case["manifest"].as_str().unwrap());
        let objects: Json = objects.into_iter().map(as_recorded).collect();
        let recorded: Json = case["objects"].as_array().unwrap().iter().cloned().map(as_recorded).collect();
        if ok == case["ok"] && same(&objects, &recorded) {
            agreed += 1;
        } else {
            differing.push(format!(
                "{}\n{}\n  ok {ok}, recorded {} {}\n  {objects}\n  {recorded}",
                case["name"], case["manifest"], case["ok"], case["error"]
            ));
        }
    }
    println!("{agreed} of {} golden cases agree", cases.lines().count());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert_eq!(agreed, 331);
}
