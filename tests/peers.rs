//! Service checks of other tools' test suites, read from `../shared/conformance/peers` or `$PODWIRE_PEERS`.
//!
//! Where they disagree with Kubernetes, Kubernetes wins: those cases are listed with the reason, as are those that are about
//! more than Kubernetes itself. Where the file is absent the test says so and passes.
#![expect(clippy::expect_used, reason = "a test may fail")]

#[path = "common/skipped.rs"]
mod skipped;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use podwire::analysis::{Analysis, analyze};
use podwire::cluster::From;
use podwire::finding::Severity;
use podwire::source::SourceFile;
use podwire::wiring::{Nobody, Owner, Unreached, Who};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    name: String,
    manifests: Vec<Manifest>,
    expect: Value,
}

#[derive(Deserialize)]
struct Manifest {
    path: String,
    content: String,
}

/// Where Kubernetes says otherwise.
const KUBERNETES_WINS: &[(&str, &str)] = &[
    (
        "EmptySelectorMatchesNoPods",
        "a Service without a selector is legal: its endpoints are written by hand",
    ),
    ("MatchingWithIgnoredLabel", "Kubernetes ignores no label: the second Service selects nothing either"),
    ("empty-string", "an empty targetPort is the number in `port`"),
    (
        "statefulset-service-name-different-name.yaml",
        "serviceName names a Service for DNS; traffic does not ask for it",
    ),
    (
        "statefulset-service-name-not-headless.yaml",
        "a Service with a virtual IP reaches a StatefulSet's pods as well",
    ),
];

/// What is about another project's kinds, which are not read.
const NOT_KUBERNETES: &[(&str, &str)] = &[
    ("demo_app_with_routes_and_ingress", "OpenShift's Route is not read; its two Ingresses are plain"),
    ("udn_with_ingress_controller", "OVN's UserDefinedNetwork is not read"),
    ("udn_with_ingress_controller_two_pods", "OVN's UserDefinedNetwork is not read"),
    ("udn_with_vm_and_ingress_controller", "OVN's networks and KubeVirt's VirtualMachine are not read"),
];

fn cases() -> Option<Vec<Case>> {
    let file = std::env::var_os("PODWIRE_PEERS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/conformance/peers/cases.jsonl")),
        PathBuf::from,
    );
    let Ok(text) = fs::read_to_string(&file) else {
        skipped::skipped(format_args!("there are no peers' cases at {}; set PODWIRE_PEERS", file.display()));
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect())
}

/// What a case expects and is not so.
fn disagreements(case: &Case) -> Vec<String> {
    let files = case.manifests.iter();
    let files = files.map(|file| SourceFile::new(file.path.as_str(), file.content.clone().into_bytes()));
    let analysis = analyze(files.collect(), None);
    let mut wrong = Vec::new();
    for (key, value) in case.expect.as_object().expect("what is expected is an object") {
        match key.as_str() {
            "services" => {
                for (name, expected) in value.as_object().expect("Services by name") {
                    service(&analysis, name, expected, &mut wrong);
                }
            }
            "statefulset_serviceName_ok" => {
                let quiet = analysis.findings.iter().all(|finding| finding.severity != Severity::Error);
                if *value != quiet {
                    wrong.push(format!("serviceName is right: {quiet}"));
                }
            }
            "diagnostics" => {
                // Each names the value that it is about. Kubernetes refuses more: the containerPort 123456, too.
                let rules = ["invalid-target-port", "invalid-container-port"];
                let found = analysis.findings.iter().filter(|finding| rules.contains(&finding.rule));
                let found: Vec<_> = found.map(|finding| finding.message.as_str()).collect();
                for diagnostic in value.as_array().expect("diagnostics are a list") {
                    let mut words = diagnostic.as_str().expect("a diagnostic is text").split(' ');
                    let named =
                        words.find(|word| word.contains(|c: char| c.is_ascii_digit())).unwrap_or_default();
                    if !found.iter().any(|message| message.contains(named)) {
                        wrong.push(format!("nothing says {diagnostic}"));
                    }
                }
            }
            "ingress_broken" => {
                let routes = analysis.wiring.routes.all.iter();
                let broken = routes.filter_map(|route| route.reach.err()).any(Unreached::is_broken);
                if *value != broken {
                    wrong.push(format!("an Ingress is broken: {broken}"));
                }
            }
            "ingresses" => {
                for (name, expected) in value.as_object().expect("Ingresses by name") {
                    ingress(&analysis, name, expected, &mut wrong);
                }
            }
            "ingress_to_workload" => {
                let have = behind_ingresses(&analysis);
                if *value != have {
                    wrong.push(format!("behind the Ingresses are {have}"));
                }
            }
            "services_linted" if *value != analysis.cluster.services.len() => {
                wrong.push(format!("{} Services", analysis.cluster.services.len()));
            }
            // `has_netpol`: whether a NetworkPolicy is among the manifests.
            "services_linted" | "count" | "has_netpol" => {}
            other => wrong.push(format!("nobody compares {other}")),
        }
    }
    wrong
}

/// An Ingress is fine, or names a port of a Service that is not there.
fn ingress(analysis: &Analysis, name: &str, expected: &Value, wrong: &mut Vec<String>) {
    let mut names = analysis.cluster.ingresses.iter().map(|ingress| &ingress.meta.name.value);
    let Some(id) = names.position(|other| other == name) else {
        return wrong.push(format!("no Ingress {name}"));
    };
    let led = analysis.wiring.routes.all.iter().filter(|route| route.owner() == Owner::Ingress(id));
    let broken = led.filter_map(|route| route.reach.err()).any(Unreached::is_broken);
    if broken == (*expected == "ok") {
        wrong.push(format!("{name} is broken: {broken}, not {expected}"));
    }
}

/// The pods' direct owners behind every route, with the ports that are reached on them.
fn behind_ingresses(analysis: &Analysis) -> Value {
    let cluster = &analysis.cluster;
    let mut found: BTreeMap<(String, String), BTreeSet<i32>> = BTreeMap::new();
    for reach in analysis.wiring.routes.all.iter().filter_map(|route| route.reach.ok()) {
        let ports = &analysis.wiring.services[reach.service].ports;
        for endpoint in reach.port.into_iter().flat_map(|port| &ports[port].endpoints) {
            let Who::Pods(picked) = endpoint.answer.who else { continue };
            let set = &cluster.sets[picked.set as usize];
            let meta = set.meta(cluster);
            let (kind, name) = match (set.from, &meta.rest.owner) {
                (From::Pod(_), Some(owner)) => (owner.kind.as_str(), &owner.name),
                _ => (meta.kind.as_str(), &meta.name.value),
            };
            found
                .entry((format!("{}/{name}", set.namespace), kind.to_owned()))
                .or_default()
                .insert(endpoint.port);
        }
    }
    let workloads = found.into_iter().map(|((name, kind), ports)| {
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        (name, json!({"kind": kind, "conn": format!("TCP {}", ports.join(","))}))
    });
    Value::Object(workloads.collect())
}

fn service(analysis: &Analysis, name: &str, expected: &Value, wrong: &mut Vec<String>) {
    let services = &analysis.cluster.services;
    let Some(at) = services.iter().position(|service| service.meta.name.value == name) else {
        return wrong.push(format!("no Service {name}"));
    };
    let (service, wired) = (&services[at], &analysis.wiring.services[at]);
    let fired = |rule: &str| {
        let about = |object: &str| object == name;
        analysis.findings.iter().any(|finding| finding.rule == rule && about(&finding.object.name))
    };
    let undeclared = || {
        let mut endpoints = wired.ports.iter().flat_map(|port| &port.endpoints).peekable();
        endpoints.peek().is_some() && endpoints.all(|endpoint| endpoint.declared.is_none())
    };
    for (key, value) in expected.as_object().expect("a Service's expectations are an object") {
        let have = match key.as_str() {
            // Dangling is to select and to find nobody.
            "dangling" => {
                let harmless = [Some(Nobody::ExternalName), Some(Nobody::NoSelector), None];
                Value::from(!harmless.contains(&wired.nobody))
            }
            "port_mismatch" => {
                let unresolved = wired.ports.iter().any(|port| !port.unresolved.is_empty());
                Value::from(unresolved || undeclared())
            }
            "unresolved_port" => Value::from(wired.ports.iter().any(|port| !port.unresolved.is_empty())),
            "invalid_targetPort" => Value::from(fired("invalid-target-port")),
            "resolved" => {
                let ports = service.ports.iter().zip(&wired.ports);
                let resolved: BTreeMap<String, Option<i32>> = ports
                    .map(|(port, wired)| {
                        (port.port.value.to_string(), wired.endpoints.first().map(|at| at.port))
                    })
                    .collect();
                serde_json::to_value(resolved).expect("numbers are JSON")
            }
            // Other tools' own codes and words.
            "message" | "code" | "path" | "popeye_codes" => continue,
            other => {
                wrong.push(format!("nobody compares {other}"));
                continue;
            }
        };
        if have != *value {
            wrong.push(format!("{name}: {key} is {have}, not {value}"));
        }
    }
}

#[test]
fn other_tools_cases_agree_where_kubernetes_does() {
    let Some(cases) = cases() else { return };
    let mut wrong = Vec::new();
    let mut excused = 0;
    for case in &cases {
        let mut reasons = KUBERNETES_WINS.iter().chain(NOT_KUBERNETES);
        let reason = reasons.find(|(name, _)| *name == case.name);
        match (disagreements(case), reason) {
            (differences, None) if !differences.is_empty() => {
                wrong.push(format!("{}: {}", case.name, differences.join("; ")));
            }
            (differences, Some((name, _))) if differences.is_empty() => {
                wrong.push(format!("{name}: agrees after all"));
            }
            (_, Some(_)) => excused += 1,
            _ => {}
        }
    }
    let agree = cases.len() - excused - wrong.len();
    println!(
        "{agree} of {} agree, {excused} are excused: in {} Kubernetes wins, {} are about other projects' kinds",
        cases.len(),
        KUBERNETES_WINS.len(),
        NOT_KUBERNETES.len()
    );
    assert!(KUBERNETES_WINS.len() <= 10);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
