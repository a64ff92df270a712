//! The golden validation cases, once more: what Kubernetes' own defaulting (v1.34.1) makes of a Service's spec.

use podwire::analysis::analyze;
use podwire::source::SourceFile;
use podwire::web::api::types;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    name: String,
    manifest: String,
    decode_error: Option<String>,
    defaulted: Option<Value>,
}

#[test]
fn every_service_that_decodes_is_defaulted_as_kubernetes_does() {
    let cases: Vec<Case> = include_str!("golden/validation.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a golden case is JSON"))
        .collect();
    assert_eq!(cases.len(), 720);
    let mut compared = 0;
    let mut differing = Vec::new();
    for case in &cases {
        let (None, Some(want)) = (&case.decode_error, &case.defaulted) else { continue };
        compared += 1;
        let analysis = analyze(vec![SourceFile::new("-", case.manifest.clone().into_bytes())], None);
        let answer = serde_json::to_value(types::Analysis::from(&analysis)).expect("an answer is JSON");
        let have = &answer["services"][0]["defaulted"];
        if have != want {
            differing.push(format!("{}\n  recorded: {want}\n  ours:     {have}", case.name));
        }
    }
    println!("{} of {compared} golden defaults agree", compared - differing.len());
    assert!(compared > 600, "only {compared} cases decode");
    let first = &differing[..differing.len().min(8)];
    assert!(differing.is_empty(), "{} differ, the first of them:\n{}", differing.len(), first.join("\n"));
}
