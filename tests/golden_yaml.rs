//! Reading against kubectl 1.32.4 itself: what it takes from a stream, case by case.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "common/taken.rs"]
mod taken;

use podwire::source::split::{Content, documents};
use podwire::source::{Arena, SourceFile};
use serde_json::{Value as Json, json};
use taken::{same, taken, to_json};

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

/// One recorded case; one of them nests deeper than `serde_json` goes.
fn case(line: &str) -> Json {
    serde_json::from_str(line).unwrap_or_else(|_| {
        let (file, arena) = (SourceFile::new("-", line.as_bytes().to_vec()), Arena::new());
        match documents(0, &file, &arena).pop().unwrap().content {
            Content::Tree(node) => to_json(&node),
            other => panic!("{other:?}"),
        }
    })
}

/// How many of some cases agree, and those that do not.
fn differing(cases: &str) -> (usize, Vec<String>) {
    let (mut agreed, mut differing) = (0, Vec::new());
    for line in cases.lines() {
        let case = case(line);
        let (ok, objects) = taken(case["manifest"].as_str().unwrap().as_bytes());
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
    (agreed, differing)
}

#[test]
fn reads_what_kubectl_reads() {
    let cases = include_str!("golden/yaml.jsonl");
    let (agreed, differing) = differing(cases);
    println!("{agreed} of {} golden cases agree", cases.lines().count());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert_eq!(agreed, 331);
}

/// Corners of YAML, recorded by `UPDATE=1 cargo test --test kubectl`.
#[test]
fn reads_corners_of_yaml_as_kubectl_does() {
    let (agreed, differing) = differing(include_str!("golden/kubectl.jsonl"));
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(agreed >= 60, "{agreed}");
}
