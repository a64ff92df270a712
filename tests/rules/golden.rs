//! The rules against what Kubernetes itself said of the golden cases.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use podwire::analysis::{Analysis, analyze};
use podwire::finding::{Finding, Severity, Stage};
use podwire::kinds::service::{NodePort, Service};
use podwire::source::SourceFile;
use podwire::wiring::{Nobody, PortFault, PortWiring};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/validation.jsonl");
const ENDPOINTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/endpoints.jsonl");

#[test]
fn services_are_refused_exactly_as_kubernetes_refuses_them() {
    let mut wrong = String::new();
    for line in fs::read_to_string(GOLDEN).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let manifest = case["manifest"].as_str().unwrap();
        let analysis = analyze(vec![SourceFile::new("-", manifest.into())], None);
        let errors = analysis.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let stage = |stage: Stage| errors.clone().filter(move |finding| finding.stage == stage);
        let fields = |error: &serde_json::Value| error["field"].as_str().map(str::to_owned);
        let theirs: BTreeSet<String> = case["errors"].as_array().unwrap().iter().filter_map(fields).collect();
        let ours: BTreeSet<String> =
            stage(Stage::Validate).filter_map(|finding| finding.field.clone()).collect();
        let (decoded, read) = (case["decode_error"].is_null(), stage(Stage::Read).count() == 0);
        let valid = case["valid"].as_bool() == Some(true);
        if ours != theirs || decoded != read || valid != (read && ours.is_empty()) {
            _ = writeln!(
                wrong,
                "{}: decoded {read}, not {decoded}; refused {ours:?}, not {theirs:?}\n{manifest}",
                case["name"]
            );
        }
        if valid {
            allocation(&case, &analysis, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The types are those of the API: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/>
#[test]
fn every_field_of_metadata_and_status_has_its_type() {
    for (written, field) in [
        ("metadata: {name: web, generateName: 5}", "metadata.generateName"),
        ("metadata: {name: web, uid: true}", "metadata.uid"),
        ("metadata: {name: web, generation: one}", "metadata.generation"),
        ("metadata: {name: web, creationTimestamp: 2024-13-01T00:00:00Z}", "metadata.creationTimestamp"),
        ("metadata: {name: web, deletionTimestamp: yesterday}", "metadata.deletionTimestamp"),
        ("metadata: {name: web, finalizers: [1]}", "metadata.finalizers[0]"),
        ("metadata: {name: web, ownerReferences: [{uid: 1}]}", "metadata.ownerReferences[0].uid"),
        ("metadata: {name: web, managedFields: [{time: 5}]}", "metadata.managedFields[0].time"),
        ("status: {conditions: [{observedGeneration: x}]}", "status.conditions[0].observedGeneration"),
        (
            "status: {loadBalancer: {ingress: [{ports: [{port: x}]}]}}",
            "status.loadBalancer.ingress[0].ports[0].port",
        ),
    ] {
        let text = format!("apiVersion: v1\nkind: Service\n{written}\n");
        let analysis = analyze(vec![SourceFile::new("-", text.into_bytes())], None);
        let read = analysis.findings.iter().filter(|finding| finding.stage == Stage::Read);
        assert_eq!(read.filter_map(|finding| finding.field.as_deref()).collect::<Vec<_>>(), [field]);
        let refused = analysis.findings.iter().any(|finding| finding.stage == Stage::Validate);
        assert!(!refused, "{written}: what is not decoded is not validated");
    }
}

/// What the allocator says of node ports and families is said too, and no more, and node ports are those that it gives.
fn allocation(case: &serde_json::Value, analysis: &Analysis, wrong: &mut String) {
    let Some(theirs) = case["allocator_reimpl"]["errors"].as_array() else { return };
    let fields = theirs.iter().filter_map(|error| error["field"].as_str());
    let theirs: BTreeSet<&str> = fields.collect();
    let ours = analysis.findings.iter().filter(|finding| finding.stage == Stage::Allocate);
    let ours: BTreeSet<&str> = ours.filter_map(|finding| finding.field.as_deref()).collect();
    if ours != theirs {
        _ = writeln!(
            wrong,
            "{}: allocator {theirs:?}, not {ours:?}\n{}",
            case["name"],
            case["manifest"].as_str().unwrap()
        );
    }
    let ports = |service: &Service| -> Vec<serde_json::Value> {
        let port = |port| match service.node_port(port) {
            Some(NodePort::Written(number) | NodePort::Shared(number)) => number.into(),
            Some(NodePort::Allocated) => "auto".into(),
            None => serde_json::Value::Null,
        };
        (0..service.ports.len()).map(port).collect()
    };
    let given = case["allocator_reimpl"]["node_ports"].as_array().cloned().unwrap_or_default();
    let shares = |port: serde_json::Value| match port.as_str() {
        Some(_) => "auto".into(),
        None => port,
    };
    let given: Vec<_> = given.into_iter().map(shares).collect();
    for service in &analysis.cluster.services {
        // Where it gives no address it does not come to ports.
        if !given.is_empty() && ports(service) != given {
            _ = writeln!(wrong, "{}: node ports {given:?}, not {:?}", case["name"], ports(service));
        }
    }
}

#[test]
fn every_broken_wire_is_told_of_once() {
    let mut wrong = String::new();
    for line in fs::read_to_string(ENDPOINTS).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let analysis = analyze(vec![SourceFile::new("-", case["manifests"].as_str().unwrap().into())], None);
        for (service, wired) in analysis.cluster.services.iter().zip(&analysis.wiring.services) {
            let object = service.meta.reference();
            let about = |finding: &&Finding| finding.object == object && finding.stage != Stage::Allocate;
            let about: Vec<&Finding> = analysis.findings.iter().filter(about).collect();
            for port in 0..service.ports.len() {
                let fault = wired.fault(port);
                if let Err(why) = told_once(fault.as_ref(), &wired.ports[port], port, &about) {
                    let name = &service.meta.name.value;
                    let said: Vec<_> = about.iter().map(|finding| (finding.rule, &finding.message)).collect();
                    _ = writeln!(wrong, "{} {name} [{port}] {fault:?}: {why}, but {said:#?}", case["name"]);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whether the findings about a Service tell of a port's fault once, and in the severity that it deserves.
fn told_once(
    fault: Option<&PortFault>,
    wired: &PortWiring,
    port: usize,
    about: &[&Finding],
) -> Result<(), &'static str> {
    let here = format!("spec.ports[{port}]");
    let concerns = |finding: &&&Finding| {
        finding
            .field
            .as_ref()
            .is_none_or(|field| !field.starts_with("spec.ports[") || field.starts_with(&here))
    };
    let count = |severity: Severity, rules: &[&str]| {
        let wire = about.iter().filter(concerns).filter(|finding| finding.stage == Stage::Wire);
        wire.filter(|finding| {
            finding.severity == severity && (rules.is_empty() || rules.contains(&finding.rule))
        })
        .count()
    };
    let broken = count(Severity::Error, &[]) + count(Severity::Warning, &[]);
    let partly = count(Severity::Warning, &["target-port-name-missing", "protocol-differs"]);
    let refused =
        about.iter().filter(concerns).any(|finding| matches!(finding.stage, Stage::Read | Stage::Validate));
    let (ok, why) = match fault {
        None => (broken == partly && (partly == 0 || !wired.unresolved.is_empty()), "nothing is broken"),
        Some(PortFault::Nobody(Nobody::ExternalName)) => {
            (broken + count(Severity::Hint, &[]) == 0, "it is none of ours")
        }
        Some(PortFault::Nobody(Nobody::NoSelector)) => {
            (broken == 0 && (refused || count(Severity::Hint, &["selectorless-service"]) == 1), "one hint")
        }
        Some(PortFault::Nobody(Nobody::SelectorRefused)) => (broken == 0 && refused, "it is refused"),
        Some(PortFault::Nobody(Nobody::OutsideUpload)) => {
            (broken == 0 && count(Severity::Hint, &["pods-outside-upload"]) == 1, "one hint")
        }
        Some(PortFault::Nobody(Nobody::ScaledToZero)) => {
            (broken == 1 && count(Severity::Warning, &["scaled-to-zero"]) == 1, "one warning")
        }
        Some(PortFault::Nobody(Nobody::NoPodSelected(_))) => {
            (broken + count(Severity::Hint, &["selector-matches-nothing"]) == 1, "one finding")
        }
        Some(PortFault::PortNameMissing | PortFault::ProtocolDiffers) if refused => {
            (broken == 0, "it is refused already")
        }
        Some(PortFault::PortNameMissing | PortFault::ProtocolDiffers) => {
            let errors = count(Severity::Error, &["target-port-name-missing", "protocol-differs"]);
            // Some pods may have the name with another protocol, and some not at all; of finished ones nothing is said.
            let most = if fault == Some(&PortFault::ProtocolDiffers) { 2 } else { 1 };
            let no_address =
                [Severity::Warning, Severity::Error].map(|it| count(it, &["no-endpoint-address"]));
            (partly == 0 && errors <= most && (errors > 0 || no_address.contains(&1)), "one error")
        }
        Some(PortFault::NoneReady) => {
            (broken - partly == 1 && count(Severity::Error, &["no-pod-ready"]) == 1, "one error")
        }
        Some(PortFault::NoAddress) => {
            let found = [Severity::Warning, Severity::Error].map(|it| count(it, &["no-endpoint-address"]));
            (broken == 1 && found.iter().sum::<usize>() == 1, "one finding")
        }
        Some(PortFault::NotListed) => {
            (broken == 1 && count(Severity::Error, &["endpoint-slice-port-name"]) == 1, "one error")
        }
    };
    if ok { Ok(()) } else { Err(why) }
}
