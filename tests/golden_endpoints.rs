//! The golden endpoint cases: recorded by running Kubernetes' own `EndpointSlice` reconciler (v0.34.1).
//!
//! A case passes whole or not at all: selected pods, endpoints and unresolved names all agree.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;

use podwire::analysis::{Analysis, analyze};
use podwire::cluster::State;
use podwire::port::TargetPort;
use podwire::source::SourceFile;
use podwire::wiring::{Picked, Who};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    mode: String,
    manifests: String,
    selected: Vec<Selected>,
    endpoints: Vec<Row>,
    unresolved: Vec<Unresolved>,
}

#[derive(Deserialize)]
struct Selected {
    namespace: String,
    service: String,
    pods: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    namespace: String,
    service: String,
    port_name: Option<String>,
    protocol: Option<String>,
    service_port: Option<i64>,
    target_port_number: Option<i64>,
    pod: String,
    owner: Option<String>,
    address: String,
    ready: bool,
    serving: bool,
    terminating: bool,
}

#[derive(Deserialize)]
struct Unresolved {
    namespace: String,
    service: String,
    port_name: String,
    protocol: String,
    service_port: i64,
    target_port: String,
    pod: String,
}

/// Rows as words, each with how often it stands.
type Rows = BTreeMap<String, u64>;

fn add(rows: &mut Rows, row: String, times: u64) {
    if times > 0 {
        *rows.entry(row).or_default() += times;
    }
}

/// Who a recorded pod is by its name alone: itself where it is a bare Pod, else its owner, whose name it begins with.
fn stem(pod: &str, analysis: &Analysis) -> String {
    if analysis.cluster.pods.iter().any(|bare| bare.meta.name.value == pod) {
        return pod.to_owned();
    }
    let owners = analysis.cluster.workloads.iter().map(|workload| workload.meta.name.value.as_str());
    let makers = owners.filter(|name| pod.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')));
    makers.max_by_key(|name| name.len()).unwrap_or(pod).to_owned()
}

/// The same for pods of ours.
fn our_stem(analysis: &Analysis, picked: Picked) -> (String, u64) {
    let (who, replicas) = ours(analysis, picked);
    (who.split_once('/').map_or(who.clone(), |(_, name)| name.to_owned()), replicas)
}

/// Who pods of ours are, by their owner where they have one, and how many.
fn ours(analysis: &Analysis, picked: Picked) -> (String, u64) {
    let cluster = &analysis.cluster;
    let set = &cluster.sets[picked.set as usize];
    let who = match &set.owner {
        Some(owner) => format!("{}/{}", owner.kind, owner.name),
        None => picked.pod_name(cluster).expect("a bare Pod has a name"),
    };
    (who, u64::from(picked.replicas(cluster)))
}

fn expected(case: &Case, analysis: &Analysis) -> Rows {
    let mut rows = Rows::new();
    for Selected { namespace, service, pods } in &case.selected {
        for pod in pods {
            add(&mut rows, format!("selected {namespace}/{service} {}", stem(pod, analysis)), 1);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for row in &case.endpoints {
        let address = if case.mode == "live" { row.address.as_str() } else { "" };
        let who = row.owner.as_deref().unwrap_or(&row.pod);
        let words = format!(
            "endpoint {}/{} {:?} {:?} {:?} -> {:?} {who} {address} ready={} serving={} terminating={}",
            row.namespace,
            row.service,
            row.port_name,
            row.protocol,
            row.service_port,
            row.target_port_number,
            row.ready,
            row.serving,
            row.terminating
        );
        // Without addresses the two families of a pod are doubles of one row.
        if case.mode == "live" || seen.insert((words.clone(), row.pod.clone())) {
            add(&mut rows, words, 1);
        }
    }
    for row in &case.unresolved {
        let who = stem(&row.pod, analysis);
        let Unresolved { namespace, service, port_name, protocol, service_port, target_port, .. } = row;
        add(
            &mut rows,
            format!(
                "unresolved {namespace}/{service} {port_name} {protocol} {service_port} {target_port} {who}"
            ),
            1,
        );
    }
    rows
}

fn found(case: &Case, analysis: &Analysis) -> Rows {
    let mut rows = Rows::new();
    for (service, wired) in analysis.cluster.services.iter().zip(&analysis.wiring.services) {
        let name = format!("{}/{}", service.meta.namespace, service.meta.name.value);
        for picked in &wired.selected {
            let (who, replicas) = our_stem(analysis, *picked);
            add(&mut rows, format!("selected {name} {who}"), replicas);
        }
        let mut endpoint = |port: String, answer: &podwire::wiring::Answer| {
            let Who::Pods(picked) = answer.who else { panic!("{}: no case has slices", case.name) };
            let (who, replicas) = ours(analysis, picked);
            let addresses: Vec<&str> = if case.mode == "live" {
                answer.addresses.iter().map(String::as_str).collect()
            } else {
                vec![""]
            };
            for address in addresses {
                let words = format!(
                    "endpoint {name} {port} {who} {address} ready={} serving={} terminating={}",
                    answer.ready, answer.serving, answer.terminating
                );
                add(&mut rows, words, replicas);
            }
        };
        for (port, wired) in service.ports.iter().zip(&wired.ports) {
            let (port_name, protocol) = (Some(&port.name.value), Some(port.protocol.value.as_str()));
            for at in &wired.endpoints {
                endpoint(
                    format!("{port_name:?} {protocol:?} {:?} -> {:?}", Some(port.port.value), Some(at.port)),
                    &at.answer,
                );
            }
        }
        let none = None::<String>;
        for answer in &wired.portless {
            endpoint(format!("{none:?} {none:?} {none:?} -> {none:?}"), answer);
        }
        for (port, wired) in service.ports.iter().zip(&wired.ports) {
            for pods in &wired.unresolved {
                let (who, replicas) = our_stem(analysis, pods.picked);
                let TargetPort::Name(target) = &port.target.value else {
                    panic!("{}: a number is never unresolved", case.name)
                };
                let (port_name, protocol) = (&port.name.value, &port.protocol.value);
                add(
                    &mut rows,
                    format!("unresolved {name} {port_name} {protocol} {} {target} {who}", port.port.value),
                    replicas,
                );
            }
        }
    }
    rows
}

#[test]
fn every_golden_endpoint_case_agrees_whole() {
    let cases: Vec<Case> = include_str!("golden/endpoints.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a golden case is JSON"))
        .collect();
    assert_eq!(cases.len(), 1240);
    let mut differing = Vec::new();
    for case in &cases {
        let state = if case.mode == "live" { State::Observed } else { State::Assumed };
        let analysis = analyze(vec![SourceFile::new("-", case.manifests.clone().into_bytes())], Some(state));
        let (want, have) = (expected(case, &analysis), found(case, &analysis));
        if want != have {
            let missing = want.iter().filter(|row| have.get(row.0) != Some(row.1));
            let surplus = have.iter().filter(|row| want.get(row.0) != Some(row.1));
            differing.push(format!(
                "{} ({})\n  recorded: {:#?}\n  ours: {:#?}",
                case.name,
                case.mode,
                missing.collect::<Vec<_>>(),
                surplus.collect::<Vec<_>>()
            ));
        }
    }
    println!("{} of {} golden endpoint cases agree", cases.len() - differing.len(), cases.len());
    assert!(
        differing.is_empty(),
        "{} differ, the first of them:\n{}",
        differing.len(),
        differing[..differing.len().min(5)].join("\n")
    );
}
