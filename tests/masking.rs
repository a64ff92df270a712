//! A shared diagram says the same as the upload that it was made of: by line, by field, and in all that is wired.
//!
//! Held on every golden manifest, on the whole uploads of `tests/cases`, and on the real ones where `../shared/corpus` (or
//! `$PODWIRE_CORPUS`) is there.
#![expect(clippy::expect_used, reason = "a test may fail")]

#[expect(dead_code, reason = "what is expected of a fault is for another test")]
#[path = "findings/fault.rs"]
mod fault;
#[path = "findings/generate.rs"]
mod generate;
#[path = "findings/manifest.rs"]
mod manifest;
#[path = "findings/random.rs"]
mod random;
#[path = "common/skipped.rs"]
mod skipped;

use std::fs;
use std::path::PathBuf;

use podwire::analysis::{Analysis, analyze};
use podwire::cluster::State;
use podwire::schema::is_field_name;
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
    let severity = &finding["severity"];
    let rule = finding["rule"].as_str().unwrap_or_default();
    let field = masked_field(rule, finding["field"].as_str().unwrap_or_default());
    format!("{rule} {severity} {field} {}:{}", finding["source"]["file"], finding["source"]["line"])
}

/// A field as far as it is promised: keys of maps that are masked, such as those of labels and annotations, are masked in
/// it, too, and so is a key that is no field.
fn masked_field(rule: &str, field: &str) -> String {
    let is_key = |at: usize| field[at + 1..].starts_with(|c: char| !c.is_ascii_digit());
    let key = field.match_indices('[').map(|(at, _)| at).find(|at| is_key(*at));
    let promised = &field[..key.unwrap_or(field.len())];
    match promised.rsplit_once('.') {
        _ if rule != "unknown-field" => promised.to_owned(),
        _ if key.is_some() => format!("{promised}.masked").trim_start_matches('.').to_owned(),
        Some((above, name)) if !is_field_name(name) => format!("{above}.masked"),
        None if !is_field_name(promised) => "masked".to_owned(),
        _ => promised.to_owned(),
    }
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

/// Keys that are no fields are their writer's own, wherever they stand, and so is a value of the wrong type.
#[test]
fn what_no_field_takes_is_kept_nowhere() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {private-one: 4711}}\nspec:\n  private-two: 1\n  \
                \"private three\": 1\n  dnsConfig: {private-four: 1, searches: [4711]}\n  containers:\n  - name: web\n    \
                args: [4711]\n    resources: {limits: {private-five: 4711x}}\n---\napiVersion: v1\nkind: Secret\nprivate.six: 1\n\
                metadata: {name: keys}\ndata: {private-seven: 4711}\n";
    let original = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None);
    let body = String::from_utf8(share::keep(&original).expect("it is kept")).expect("it is text");
    assert_eq!(original.findings.len(), 9, "{:#?}", original.findings);
    assert!(!body.contains("private") && !body.contains("4711"), "{body}");
    hold("text with private keys", [outcome("-", text.into(), None)].into_iter());
}

/// Neither in the words of a rule that counts it, nor in columns.
#[test]
fn how_long_masked_values_are_is_kept_nowhere() {
    let kept = |length: usize| {
        let value = "x".repeat(length);
        let text = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: s, generation: -{length}, annotations: {{a: {value}}}}}\nspec: {{ports: [{{port: 80}}]}}\n"
        );
        let original = analyze(vec![SourceFile::new("-", text.into_bytes())], None);
        let rules: Vec<_> = original.findings.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&"invalid-annotation") && rules.contains(&"invalid-metadata"), "{rules:?}");
        String::from_utf8(share::keep(&original).expect("it is kept")).expect("it is text")
    };
    assert_eq!(kept(300_000), kept(400_124));
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
fn fixtures_of_rules() {
    // What the golden cases have little of: slices, and what pods say of themselves.
    const WHOLE: [&str; 15] = [
        "certificate",
        "endpoint",
        "host-",
        "invalid-container",
        "ingress-",
        "invalid-host",
        "invalid-listener",
        "invalid-probe",
        "invalid-replicas",
        "invalid-route",
        "missing-workload",
        "no-pod-ready",
        "probe-port",
        "route-",
        "unresolved-",
    ];
    let tests = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"));
    let mut paths = vec![tests.join("cases/hand-written-endpoints/input.yaml")];
    for folder in fs::read_dir(tests.join("rules")).expect("the rules have fixtures") {
        let folder = folder.expect("an entry").path();
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        if WHOLE.iter().any(|word| name.starts_with(word)) {
            let files = fs::read_dir(folder).expect("a rule has fixtures");
            paths.extend(files.map(|file| file.expect("an entry").path()));
        }
    }
    paths.sort();
    assert!(paths.len() > 10, "only {} manifests", paths.len());
    let read = |path: &PathBuf| {
        outcome(&path.to_string_lossy(), fs::read(path).expect("a listed file is there"), None)
    };
    hold("fixtures of rules", paths.iter().map(read));
}

#[test]
fn generated_manifests_and_faults_in_them() {
    let texts = (1_000..1_012).flat_map(|seed| {
        let good = generate::manifest(seed);
        let faults = fault::all(&manifest::read(&good), &mut random::Random(seed));
        let broken: Vec<String> = faults.iter().step_by(11).map(|fault| fault.put_into(&good)).collect();
        std::iter::once(good).chain(broken)
    });
    hold("generated manifests", texts.map(|text| outcome("generated.yaml", text.into_bytes(), None)));
}

#[test]
fn real_manifests() {
    let folder = std::env::var_os("PODWIRE_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")),
        PathBuf::from,
    );
    let Ok(index) = fs::read_to_string(folder.join("INDEX.tsv")) else {
        skipped::skipped(format_args!("there is no corpus at {}; set PODWIRE_CORPUS", folder.display()));
        return;
    };
    let names: Vec<&str> = index.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    let read =
        |name: &&str| outcome(name, fs::read(folder.join(name)).expect("a listed file is there"), None);
    hold("real manifests", names.iter().map(read));
}
