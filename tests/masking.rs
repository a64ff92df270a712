//! A shared diagram says the same as the upload that it was made of: by line, by field, and in all that is wired.
//!
//! Held on every golden manifest, on the whole uploads of `tests/cases`, and on the real ones where `../shared/corpus` (or
//! `$PODWIRE_CORPUS`) is there.
#![expect(clippy::expect_used, reason = "a test may fail")]

use std::fs;
use std::path::PathBuf;

use podwire::analysis::{Analysis, analyze};
use podwire::cluster::State;
use podwire::source::SourceFile;
use podwire::store::{DeleteToken, Id, Record};
use podwire::web::api::types;
use podwire::web::share::{self, Stored};
use serde::Deserialize;
use serde_json::Value;

/// What the three sorts of golden case have in common.
#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(alias = "manifest")]
    manifests: String,
    #[serde(default)]
    mode: String,
}

/// All that is promised to be the same: no columns, no words, no fixes.
fn promised(analysis: &Analysis) -> Vec<String> {
    let mut answer = serde_json::to_value(types::Analysis::from(analysis)).expect("an answer is JSON");
    let findings = answer["findings"].take();
    let mut lines: Vec<String> =
        findings.as_array().expect("findings are a list").iter().map(finding).collect();
    lines.sort();
    strip(&mut answer);
    for service in answer["services"].as_array().expect("Services are a list") {
        lines.push(service.to_string());
    }
    for key in ["state", "summary", "entries", "others", "skipped", "suppressed"] {
        lines.push(format!("{key}: {}", answer[key]));
    }
    lines
}

fn finding(finding: &Value) -> String {
    let (rule, severity) = (&finding["rule"], &finding["severity"]);
    // The keys of labels and annotations that are masked are masked in a field's path, too.
    let field = finding["field"].as_str().unwrap_or_default();
    let masked = ["metadata.labels.", "metadata.annotations."];
    let field = masked.into_iter().find(|prefix| field.starts_with(prefix)).unwrap_or(field);
    format!("{rule} {severity} {field} {}:{}", finding["source"]["file"], finding["source"]["line"])
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("column");
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// What became of an upload once it was masked.
enum Outcome {
    /// It says the same.
    Same,
    /// What is lost and gained.
    Differs(String),
}

/// What is lost or gained between an upload and its shared diagram.
fn outcome(name: &str, text: Vec<u8>, state: Option<State>) -> Outcome {
    let original = analyze(vec![SourceFile::new(name, text)], state);
    let record = Record {
        id: Id::random().expect("random bytes"),
        token_hash: DeleteToken::random().expect("random bytes").hash(),
        created_at: 0,
        expires_at: None,
        state: state.map(|state| if state == State::Observed { "observed" } else { "assumed" }.to_owned()),
        body: share::keep(&original).expect("it is kept"),
    };
    let opened = Stored::open(&record).expect("it opens").analysis;
    let (before, after) = (promised(&original), promised(&opened));
    if before == after {
        return Outcome::Same;
    }
    let lost = before.iter().filter(|line| !after.contains(line)).map(|line| format!("  lost   {line}"));
    let gained = after.iter().filter(|line| !before.contains(line)).map(|line| format!("  gained {line}"));
    let lines: Vec<_> = lost.chain(gained).collect();
    let masked: String = opened.files.iter().map(SourceFile::text).collect();
    Outcome::Differs(format!("{name}\n{}\n{masked}", lines.join("\n")))
}

/// All say the same.
fn hold(what: &str, outcomes: impl Iterator<Item = Outcome>) {
    let (mut same, mut differing) = (0, Vec::new());
    for outcome in outcomes {
        match outcome {
            Outcome::Same => same += 1,
            Outcome::Differs(how) => differing.push(how),
        }
    }
    println!("{same} {what} say the same once masked, {} differ", differing.len());
    let first = &differing[..differing.len().min(4)];
    assert!(
        differing.is_empty(),
        "{} {what} differ, the first of them:\n{}",
        differing.len(),
        first.join("\n")
    );
}

fn golden(what: &str, lines: &str) {
    let outcomes = lines.lines().map(|line| {
        let case: Case = serde_json::from_str(line).expect("a golden case is JSON");
        let state = (case.mode == "live").then_some(State::Observed);
        outcome(&case.name, case.manifests.into_bytes(), state)
    });
    hold(what, outcomes);
}

#[test]
fn golden_endpoint_cases() {
    golden("endpoint cases", include_str!("golden/endpoints.jsonl"));
}

#[test]
fn golden_validation_cases() {
    golden("validation cases", include_str!("golden/validation.jsonl"));
}

#[test]
fn golden_yaml_cases() {
    golden("YAML cases", include_str!("golden/yaml.jsonl"));
}

#[test]
fn whole_uploads() {
    let cases = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")).expect("there are cases");
    let mut files: Vec<PathBuf> = cases.map(|case| case.expect("a case").path().join("input.yaml")).collect();
    files.sort();
    let read = |file: &PathBuf| Some(outcome("input.yaml", fs::read(file).ok()?, None));
    hold("whole uploads", files.iter().filter_map(read));
}

#[test]
fn slices_and_endpoints() {
    let tests = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"));
    let mut paths = vec![tests.join("cases/hand-written-endpoints/input.yaml")];
    for folder in fs::read_dir(tests.join("rules")).expect("the rules have fixtures") {
        let folder = folder.expect("an entry").path();
        if folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("endpoint")) {
            let files = fs::read_dir(folder).expect("a rule has fixtures");
            paths.extend(files.map(|file| file.expect("an entry").path()));
        }
    }
    paths.sort();
    assert!(paths.len() > 10, "only {} manifests", paths.len());
    let read = |path: &PathBuf| {
        outcome(&path.to_string_lossy(), fs::read(path).expect("a listed file is there"), None)
    };
    hold("manifests with slices", paths.iter().map(read));
}

#[test]
fn real_manifests() {
    let folder = std::env::var_os("PODWIRE_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")),
        PathBuf::from,
    );
    let Ok(index) = fs::read_to_string(folder.join("INDEX.tsv")) else {
        eprintln!("SKIPPED: there is no corpus at {}; set PODWIRE_CORPUS", folder.display());
        return;
    };
    let names: Vec<&str> = index.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    let read =
        |name: &&str| outcome(name, fs::read(folder.join(name)).expect("a listed file is there"), None);
    hold("real manifests", names.iter().map(read));
}
