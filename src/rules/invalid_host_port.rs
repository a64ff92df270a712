//! A host port that Kubernetes refuses.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::pod::{Container, ContainerPort, List};
use crate::source::Span;

use super::pods::{self, Written};
use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-host-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A hostPort is outside 1 to 65535, is not the containerPort of a pod on its node's network, or is there twice.",
    why: "A node has each port once, and a pod with hostNetwork has no ports but its node's. Kubernetes refuses the pod, \
          so nobody answers at all.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
    check,
    fires: fixture!("invalid-host-port", "fires"),
    silent: fixture!("invalid-host-port", "silent"),
};

/// What keeps a host port from being one, what to do, three words on it, and the first of two.
type Fault = (String, &'static str, &'static str, Option<Span>);

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for written in pods::decoded(context) {
        let mut taken = FxHashMap::default();
        for container in written.spec.all_containers() {
            // Init containers run one by one, so each has the node's ports to itself.
            if container.list == List::InitContainers {
                taken.clear();
            }
            for (place, port) in container.ports.iter().enumerate() {
                let number = written.spec.on_node(port);
                if number == 0 {
                    continue;
                }
                let key = (&port.protocol.value, port.host.ip.value.as_str(), number);
                let here = port.host.port.span.or(port.port.span).unwrap_or(port.span);
                let first = *taken.entry(key).or_insert(here);
                let twice = (first != here).then_some(first);
                if let Some(fault) = fault(written, container, port, twice) {
                    findings.push(finding(written, (container, place), here, fault));
                }
            }
        }
    }
}

fn fault(
    written: Written<'_>,
    container: &Container,
    port: &ContainerPort,
    twice: Option<Span>,
) -> Option<Fault> {
    let number = written.spec.on_node(port);
    if number == port.host.port.value && !words::is_port(number) {
        let message = format!("hostPort is {number}, and ports go from 1 to 65535");
        let help = "leave hostPort out, unless the node itself must listen";
        return Some((message, help, "no such port", None));
    }
    if written.spec.rest.host_network && container.list == List::Containers && number != port.port.value {
        let message = format!(
            "hostPort is {number}, but the pod is on its node's network and containerPort is {}",
            port.port.value
        );
        let help = "leave hostPort out: with hostNetwork it is the containerPort";
        return Some((message, help, "hostPort differs", None));
    }
    twice.map(|first| {
        let message = format!("port {number} {} of the node is asked for twice in this pod", port.protocol.value);
        let help = "leave one of them out, or give it another number";
        (message, help, "hostPort is there twice", Some(first))
    })
}

fn finding(
    written: Written<'_>,
    (container, place): (&Container, usize),
    here: Span,
    (message, help, short, first): Fault,
) -> Finding {
    Finding {
        help: help.to_owned(),
        short: short.to_owned(),
        field: written.field(&format!("{}.ports[{place}].hostPort", container.field())),
        related: first.map(|span| Related { message: "the first of them".to_owned(), span }).into_iter().collect(),
        ..words::found(&RULE, RULE.severity, written.meta, here, message)
    }
}
