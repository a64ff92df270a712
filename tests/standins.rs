//! A diagram that is shared with stand-ins for names is wired as its original, and has none of the names.
#![expect(clippy::expect_used, reason = "a test may fail")]

#[expect(dead_code, reason = "texts that are made are for other tests")]
mod common;
#[path = "servers/names.rs"]
mod names;

use std::collections::BTreeSet;
use std::fs;

use podwire::analysis::{Analysis, analyze};
use podwire::cluster::State;
use podwire::source::SourceFile;
use podwire::source::redact::standins::{Places, places};
use podwire::store::{DeleteToken, Id, Record};
use podwire::web::api::types;
use podwire::web::share::{self, Masked, Stored};
use podwire::web::upload::Names;
use serde_json::Value;

fn opened(original: &Analysis, state: Option<State>) -> (Analysis, String) {
    let body = share::keep_with(original, Names::Replaced).expect("its names are replaced");
    let text = String::from_utf8(body.clone()).expect("it is text");
    let record = Record {
        id: Id::random().expect("random bytes"),
        token_hash: DeleteToken::random().expect("random bytes").hash(),
        created_at: 0,
        expires_at: None,
        state: state.map(|state| if state == State::Observed { "observed" } else { "assumed" }.to_owned()),
        body,
    };
    (Stored::open(&record).expect("it opens").analysis, text)
}

/// Everything but words: how many there are of what, all numbers, and what is true or not.
fn shape(value: &Value, key: &str) -> Value {
    // Letters that resemble each other, and the order of names, are gone with the names.
    const OF_NAMES: [&str; 8] =
        ["near", "related", "fix", "others", "skipped", "column", "endColumn", "suggestion"];
    match value {
        Value::Object(map) if key == "selector" => map.len().into(),
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !OF_NAMES.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), shape(value, key)))
            .collect(),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| shape(item, key)).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::String(_) if !["kind", "type", "protocol", "rule", "severity", "outcome"].contains(&key) => {
            Value::Null
        }
        other => other.clone(),
    }
}

fn differs(name: &str, text: &str, state: Option<State>) -> Option<String> {
    let original = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], state);
    let (replaced, kept) = opened(&original, state);
    let shape = |analysis| shape(&serde_json::to_value(types::Analysis::from(analysis)).expect("JSON"), "");
    let (before, after) = (shape(&original), shape(&replaced));
    let lines = |value: &Value| value.to_string().split(',').map(str::to_owned).collect::<Vec<_>>();
    let (lost, gained) = (lines(&before), lines(&after));
    let only = |of: &[String], other: &[String]| {
        of.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>().join("\n  ")
    };
    (before != after).then(|| {
        format!(
            "{name}\nlost {}\ngained {}\n--- kept\n{kept}\n{text}",
            only(&lost, &gained),
            only(&gained, &lost)
        )
    })
}

#[test]
fn golden_uploads_are_wired_the_same() {
    let mut differing = Vec::new();
    let mut count = 0;
    for line in include_str!("golden/endpoints.jsonl").lines().step_by(3) {
        let case: Value = serde_json::from_str(line).expect("a golden case is JSON");
        let text = case["manifests"].as_str().or_else(|| case["manifest"].as_str()).expect("a manifest");
        let state = (case["mode"] == "live").then_some(State::Observed);
        count += 1;
        differing.extend(differs(&case["name"].to_string(), text, state));
    }
    for case in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases")).expect("there are cases") {
        let file = case.expect("a case").path().join("input.yaml");
        let Ok(text) = fs::read_to_string(&file) else { continue };
        count += 1;
        differing.extend(differs(&file.display().to_string(), &text, None));
    }
    for example in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/static/examples")).expect("examples") {
        let file = example.expect("an example").path();
        let text = fs::read_to_string(&file).expect("an example");
        count += 1;
        differing.extend(differs(&file.display().to_string(), &text, None));
    }
    println!("{count} uploads, {} differ", differing.len());
    assert!(differing.is_empty(), "{} of {count} differ, the first:\n{}", differing.len(), differing[0]);
}

#[test]
fn real_manifests_are_wired_the_same() {
    let read = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    let texts = common::corpus_files().into_iter().filter_map(|(name, bytes, _)| Some((name, read(bytes)?)));
    let texts: Vec<(String, String)> = texts.collect();
    let differing: Vec<String> = texts.iter().filter_map(|(name, text)| differs(name, text, None)).collect();
    println!("{} manifests, {} differ", texts.len(), differing.len());
    assert!(
        differing.is_empty(),
        "{} of {} differ, the first:\n{}",
        differing.len(),
        texts.len(),
        differing[0]
    );
}

const ACME: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: acme-prod}
---
apiVersion: v1
kind: Service
metadata: {name: acme-pay, namespace: acme-prod}
spec: {selector: {app: acme-pay, acme.example/team: acme-red}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: acme-db, namespace: acme-prod}
spec:
  serviceName: acme-pay
  selector: {matchLabels: {app: acme-pay}}
  template:
    metadata: {labels: {app: acme-pay, 'acme.example/team': 'acme-red'}}
    spec: {nodeName: acme-node-1, containers: [{name: acme-web, ports: [{containerPort: 8080}]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: acme-in, namespace: acme-prod}
spec:
  ingressClassName: acme-class
  tls: [{hosts: ['*.acme.com']}]
  rules: [{host: '*.acme.com', http: {paths: [{path: /pay, pathType: Prefix, backend: {service: {name: acme-pay, port: {name: http}}}}]}}]
---
apiVersion: v1
kind: Service
metadata: {name: acme-out, namespace: acme-prod}
spec: {type: ExternalName, externalName: acme-pay.acme-prod.svc.cluster.local}
";

#[test]
fn no_name_is_left_and_what_names_are_made_of_is() {
    let file = SourceFile::new("acme/acme.yaml", ACME.as_bytes().to_vec());
    let original = analyze(vec![file], None);
    let (replaced, kept) = opened(&original, None);
    assert!(!kept.contains("acme"), "{kept}");
    for stays in [
        "name: namespace-a",
        "name: service-a",
        "serviceName: service-a",
        "host: \\\"*.",
        ".com",
        "path: /pay",
        "externalName: service-a.namespace-a.svc.cluster.local",
        "nodeName: node-a-1",
        "name: http",
        "file-1.yaml",
    ] {
        assert!(kept.contains(stays), "{stays} in\n{kept}");
    }
    assert_eq!(replaced.wiring.services.len(), original.wiring.services.len());
}

#[test]
fn names_of_every_sort_are_replaced_and_wired_the_same() {
    let failing = names::NAMES.iter().filter_map(|(place, text)| {
        let text = text.replace('@', "kanarievogel");
        let original = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None);
        let (_, kept) = opened(&original, None);
        let stays = kept.to_ascii_lowercase().contains("kanarievogel");
        if stays { Some(format!("{place} stays\n{kept}")) } else { differs(place, &text, None) }
    });
    let failing: Vec<String> = failing.collect();
    assert!(failing.is_empty(), "{}", failing.join("\n\n"));
}

#[test]
fn numbers_are_names_unless_they_are_small() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web-4711081, labels: {a: '4711081', b: 4711081, c: '+4711081', d: 4711081-1, \
                e: 4711081.5, f: '1.2', g: web-0}}\nspec: {hostname: 4711081.example, containers: [{name: c}]}\n---\n\
                apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {a: '4711081', d: 4711081-1}, ports: [{port: 80}]}\n";
    let original = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None);
    let (_, kept) = opened(&original, None);
    assert!(!kept.contains("4711081"), "{kept}");
    for stays in ["f: '1.2'", "-0", "b: 0", "e: 0"] {
        assert!(kept.contains(stays), "{stays} in\n{kept}");
    }
    assert_eq!(differs("numbers", text, None), None);
}

#[test]
fn what_kubernetes_calls_so_and_addresses_stay() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: kube-system, annotations: \
                {service.beta.kubernetes.io/load-balancer-source-ranges: '10.0.0.0/8,2001:db8::/32'}}\nspec: {clusterIP: None, \
                externalIPs: [203.0.113.7, 'fd00::1'], loadBalancerSourceRanges: ['2001:db8::/32', 192.0.2.0/24]}\n---\n\
                apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a, labels: {kubernetes.io/service-name: a, \
                endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}}\naddressType: IPv6\nendpoints: \
                [{addresses: ['2001:db8::7']}]\n";
    let original = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None);
    let masked = Masked::new(&original, Names::Replaced).expect("masked");
    assert_eq!(
        masked.files[0].text(),
        Masked::new(&original, Names::Kept).expect("masked").files[0]
            .text()
            .replace("name: a", "name: service-a")
    );
    assert_eq!(places(&masked.files).hosts, [""; 0]);
}

#[test]
fn names_that_are_standins_already_are_told_apart() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: label-b, b: label-a, c: label-c}}\nspec: {containers: [{name: c}]}\n";
    let masked =
        Masked::new(&analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None), Names::Replaced);
    let text = masked.expect("masked").files[0].text().to_owned();
    assert!(text.contains("{a: label-a, b: label-b, c: label-c}"), "{text}");
}

#[test]
fn hosts_and_namespaces_that_stay_are_told() {
    let file = SourceFile::new("-", ACME.as_bytes().to_vec());
    let masked = Masked::new(&analyze(vec![file], None), Names::Kept).expect("masked");
    let hosts =
        ["*.acme.com", "acme-node-1", "acme-pay.acme-prod.svc.cluster.local"].map(str::to_owned).to_vec();
    assert_eq!(places(&masked.files), Places { hosts, namespaces: vec!["acme-prod".to_owned()] });
}

#[test]
fn the_same_name_has_the_same_standin_and_two_names_never_one() {
    let names: Vec<String> = (0..60).map(|number| format!("n{number:02}x")).collect();
    let service = |name: &String| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}\n"
        )
    };
    let text = names.iter().map(service).collect::<Vec<_>>().join("---\n");
    let original = analyze(vec![SourceFile::new("-", text.into_bytes())], None);
    let (replaced, _) = opened(&original, None);
    let distinct: BTreeSet<String> = replaced.cluster.metas().map(|meta| meta.reference().name).collect();
    assert_eq!(distinct.len(), names.len());
}
