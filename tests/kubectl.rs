//! Reading against the kubectl of this machine, if it is the version that the golden cases were recorded with.
//!
//! It is asked about as many cases as a 25th of `PROPTEST_CASES`, from the seed `PROPTEST_RNG_SEED` (1 unless said).

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and says what it skips")]

#[expect(dead_code, reason = "other tests read more of it")]
mod common;
#[path = "common/taken.rs"]
mod taken;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value as Json, json};
use taken::{same, taken};

/// The version whose reading Podwire follows.
const VERSION: &str = "v1.32.";

/// How often a case that differs is made smaller: kubectl takes a tenth of a second each.
const TRIES: usize = 100;

/// Whether the kubectl is there to be asked; where it is not, says so past what captures the output of tests.
fn is_there() -> bool {
    let why = match version() {
        Ok(version) if version.starts_with(VERSION) => return true,
        Ok(version) => format!("kubectl is {version}, not {VERSION}x"),
        Err(why) => why,
    };
    common::skipped::skipped(why);
    false
}

fn version() -> Result<String, String> {
    let run = Command::new("kubectl").args(["version", "--client", "-o", "json"]).output();
    let output = run.map_err(|error| format!("kubectl cannot be run: {error}"))?;
    let answer: Json = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    Ok(answer["clientVersion"]["gitVersion"].as_str().unwrap_or_default().to_owned())
}

/// Whether kubectl reads all of a manifest, and the objects that it takes.
fn kubectl(manifest: &[u8]) -> (bool, Vec<Json>, String) {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    file.write_all(manifest).unwrap();
    // Setting an annotation is what kubectl does to any object without a cluster.
    let output = Command::new("kubectl")
        .args(["annotate", "--local", "--overwrite", "-o", "json", "podwire.dev/read=", "-f"])
        .arg(file.path())
        .output()
        .unwrap();
    let objects = serde_json::Deserializer::from_slice(&output.stdout).into_iter().map(Result::unwrap);
    (output.status.success(), objects.collect(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// An object without what setting an annotation changes: it needs metadata and annotations, and drops what is null there.
fn comparable(mut object: Json) -> Json {
    let Some(map) = object.as_object_mut() else { return object };
    let metadata = map.entry("metadata").or_insert_with(|| json!({}));
    if metadata.is_null() {
        *metadata = json!({});
    }
    if let Some(metadata) = metadata.as_object_mut() {
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Json::as_object_mut) {
            annotations.remove("podwire.dev/read");
        }
        metadata.retain(|key, value| match key.as_str() {
            "namespace" => !value.is_null(),
            "annotations" => {
                value.as_object().is_none_or(|map| !map.is_empty() && !map.values().any(Json::is_null))
            }
            _ => true,
        });
    }
    object
}

/// Why the two differ, if they do.
fn difference(manifest: &[u8]) -> Option<String> {
    let (ok, objects) = taken(manifest);
    let (kubectl_ok, kubectl_objects, error) = kubectl(manifest);
    let objects: Json = objects.into_iter().map(comparable).collect();
    let kubectl_objects: Json = kubectl_objects.into_iter().map(comparable).collect();
    (ok != kubectl_ok || !same(&objects, &kubectl_objects)).then(|| {
        let manifest = String::from_utf8_lossy(manifest);
        format!("{manifest}\n{manifest:?}\n podwire {ok} {objects}\n kubectl {kubectl_ok} {kubectl_objects}\n {error}")
    })
}

/// Where pieces of text are put.
const PLACES: &[&str] =
    &["x: ", "", "x:\n  a: 1\n  b: ", "x:\n- 1\n- ", "x: [", "x: {a: ", "x: \"", "x: |\n  a\n", "x: a\n  b"];

/// An object that holds such pieces of text as YAML has a meaning for.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    (prop::sample::select(PLACES), common::soup())
        .prop_map(|(place, soup)| format!("apiVersion: v1\nkind: C\n{place}{soup}").into_bytes())
}

/// The smallest of a few tries of a case that differs.
fn smallest(tree: &mut impl ValueTree<Value = Vec<u8>>) -> String {
    let mut smallest = difference(&tree.current()).unwrap_or_default();
    let mut tries = 0;
    while tries < TRIES && tree.simplify() {
        tries += 1;
        match difference(&tree.current()) {
            Some(smaller) => smallest = smaller,
            None if tree.complicate() => {}
            None => break,
        }
    }
    smallest
}

fn compare(strategy: &impl Strategy<Value = Vec<u8>>) {
    if !is_there() {
        return;
    }
    // Never by chance: what this machine's kubectl is asked is the same in every run that does not say otherwise.
    let seed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let config = Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let cases = common::cases() / 25;
    let mut trees: Vec<_> = (0..cases).map(|_| strategy.new_tree(&mut runner).unwrap()).collect();
    let differing: Vec<String> =
        trees.iter_mut().filter_map(|tree| difference(&tree.current()).map(|_| smallest(tree))).collect();
    println!("{} of {cases} agree with kubectl", cases as usize - differing.len());
    assert!(differing.is_empty(), "{}", differing.join("\n----------\n"));
}

#[test]
fn changed_manifests() {
    compare(&common::mutated());
}

#[test]
fn fragments_of_yaml() {
    compare(&fragments());
}

/// The cases that `tests/golden_yaml.rs` reads are still what kubectl says; `UPDATE=1` writes down what it says.
#[test]
fn recorded_corners_of_yaml() {
    if !is_there() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/kubectl.jsonl");
    let recorded = std::fs::read_to_string(&path).unwrap();
    let mut asked = String::new();
    for line in recorded.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let manifest = &case["manifest"];
        let (ok, objects, _) = kubectl(manifest.as_str().unwrap().as_bytes());
        let objects: Json = objects.into_iter().map(comparable).collect();
        writeln!(asked, "{}", json!({ "manifest": manifest, "ok": ok, "objects": objects })).unwrap();
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, asked).unwrap();
    } else {
        assert_eq!(recorded, asked);
    }
}
