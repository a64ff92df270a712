//! A container port that Kubernetes refuses: its number or its name cannot be one, or its name is there twice.

use rustc_hash::FxHashSet;

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::pod::Container;
use crate::source::Span;

use super::pods::{self, Written};
use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-container-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A container declares a port outside 1 to 65535, or one whose name cannot be a port's or is there twice.",
    why: "Services find container ports by these names. Kubernetes refuses the pod, or the workload that would make it, \
          so nobody answers at all.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
    check,
    fires: fixture!("invalid-container-port", "fires"),
    silent: fixture!("invalid-container-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for written in pods::decoded(context) {
        for container in written.spec.all_containers() {
            each_port(written, container, findings);
        }
    }
}

fn each_port(written: Written<'_>, container: &Container, findings: &mut Findings<'_>) {
    let mut names = FxHashSet::default();
    for (place, port) in container.ports.iter().enumerate() {
        let mut say = |field: &str, span: Option<Span>, message: String, help: &str, short: &str| {
            findings.push(Finding {
                help: help.to_owned(),
                short: short.to_owned(),
                field: written.field(&format!("{}.ports[{place}].{field}", container.field())),
                ..words::found(&RULE, RULE.severity, written.meta, span.unwrap_or(port.span), message)
            });
        };
        let (number, name) = (port.port.value, &port.name.value);
        if !words::is_port(number) {
            let message = match port.port.span {
                Some(_) => format!("containerPort is {number}, and ports go from 1 to 65535"),
                None => "this entry has no containerPort".to_owned(),
            };
            say(
                "containerPort",
                port.port.span,
                message,
                "write the number that the container listens on",
                "no such port",
            );
        }
        if name.is_empty() {
            continue;
        }
        if let Some(fault) = words::port_name_fault(name) {
            let message =
                format!("port name {} of container {} {fault}", quoted(name), quoted(&container.name));
            let help = "use at most 15 of a-z, 0-9 and -, with a letter, and the same name in the Service's targetPort";
            say("name", port.name.span, message, help, "no port name");
        } else if container.ports.len() > 1 && !names.insert(name) {
            let message =
                format!("two ports of container {} are named {}", quoted(&container.name), quoted(name));
            say(
                "name",
                port.name.span,
                message,
                "give each port of a container its own name",
                "name is there twice",
            );
        }
    }
}
