//! A Service all of whose endpoints are unready: as the cluster told, or since no pod can ever be ready.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::cluster::Cluster;
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::pod::Container;
use crate::kinds::probe::Probe;
use crate::kinds::service::Service;
use crate::names::{ENOUGH, nearest};
use crate::source::Span;
use crate::wiring::{Endpoint, Picked, PortFault, Who};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "no-pod-ready",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "None of the pods behind a Service is ready: so said the cluster that the upload was taken from, or a probe \
           keeps every one of them from it.",
    why: "Only ready pods get traffic. With none ready, and none that still serves while it terminates, connections to \
          the Service are refused.",
    source: "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions",
    check,
    fires: fixture!("no-pod-ready", "fires"),
    silent: fixture!("no-pod-ready", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (service, wired) in context.wired() {
        let unready = |port: &usize| wired.fault(*port) == Some(PortFault::NoneReady);
        let ports: Vec<usize> = (0..wired.ports.len()).filter(unready).collect();
        let reached = wired.ports.iter().filter(|port| !port.endpoints.is_empty()).count();
        if ports.is_empty() {
            continue;
        }
        if ports.len() == reached {
            let endpoints = wired.ports.iter().flat_map(|port| &port.endpoints);
            let behind = format!("behind Service {}", quoted(&service.meta.name.value));
            let mut found = finding(context, service, service.meta.head(), endpoints, &behind);
            let waiting: u32 = wired.selected.iter().map(|picked| waiting(context.cluster, *picked)).sum();
            if waiting > 0 {
                let have = if waiting == 1 { "has" } else { "have" };
                _ = write!(found.message, "; {waiting} more that it selects {have} no IP yet");
            }
            findings.push(found);
            continue;
        }
        // Named target ports may lead to other pods than the rest of the ports do.
        for place in ports {
            let (port, endpoints) = (&service.ports[place], wired.ports[place].endpoints.iter());
            let behind =
                format!("behind port {} of Service {}", port.port.value, quoted(&service.meta.name.value));
            let span = port.target.span.or(port.port.span).unwrap_or(port.span);
            let found = finding(context, service, span, endpoints, &behind);
            findings.push(Finding { field: Some(words::port_field(place, "targetPort")), ..found });
        }
    }
}

/// How many of these pods have no IP, and so are no endpoints.
fn waiting(cluster: &Cluster, picked: Picked) -> u32 {
    let set = &cluster.sets[picked.set as usize];
    let waits = set.lives() && set.observed.as_ref().is_some_and(|observed| observed.ips.is_empty());
    if waits { picked.replicas(cluster) } else { 0 }
}

fn finding<'w>(
    context: Context<'_>,
    service: &Service,
    span: Span,
    endpoints: impl Iterator<Item = &'w Endpoint>,
    behind: &str,
) -> Finding {
    let cluster = context.cluster;
    let all: BTreeSet<Who> = endpoints.map(|endpoint| endpoint.answer.who).collect();
    let count: u32 = all.iter().map(|who| who.replicas(cluster)).sum();
    let who = words::describe_endpoints(cluster, all.iter().copied());
    let listed = all.iter().any(|who| who.pods().is_none());
    let (one, many) = if listed { ("address", "addresses") } else { ("pod", "pods") };
    let probes: Vec<(&Container, &Probe)> = all.iter().filter_map(|who| probe_of(cluster, *who)).collect();
    let never = probes.len() == all.len();
    let mut message = match (count, never) {
        (1, true) => format!("the only {one} {behind} is never ready ({who})"),
        (1, false) => format!("the only {one} {behind} is not ready ({who})"),
        (_, true) => format!("none of the {count} {many} {behind} is ever ready ({who})"),
        (_, false) => format!("none of the {count} {many} {behind} is ready ({who})"),
    };
    let mut meant = None;
    if let (true, Some((container, probe))) = (never, probes.first()) {
        let name = probe.port_name().unwrap_or_default();
        meant = nearest(name, container.ports.iter().take(ENOUGH).map(|port| port.name.value.as_str()));
        let (purpose, asked) = (probe.purpose.field(), quoted(name));
        _ = write!(message, ": its {purpose} asks for a port {asked} that the container does not name");
    }
    let related = all.iter().take(4).map(|who| match (probe_of(cluster, *who), *who) {
        (Some((_, probe)), _) => Related {
            message: "the probe that keeps it from being ready".to_owned(),
            span: probe.port.span.unwrap_or(probe.span),
        },
        (None, Who::Pods(picked)) => {
            let meta = cluster.sets[picked.set as usize].meta(cluster);
            let message = format!("{} {} is not ready", meta.kind, quoted(&meta.name.value));
            Related { message, span: who.span(cluster) }
        }
        (None, Who::Address(_)) => {
            Related { message: "an address that is not ready".to_owned(), span: who.span(cluster) }
        }
    });
    let help = if let Some(near) = meant {
        format!("write {} in the probe: so the container names its port", quoted(near))
    } else if never {
        "let the probe ask for a port that its own container names, or for a number".to_owned()
    } else if all.iter().any(|who| matches!(who, Who::Address(at) if at.slice(cluster).meta.kind == "Endpoints")) {
        "look whether they answer, and move those that do from notReadyAddresses to addresses".to_owned()
    } else if listed {
        "look whether they answer, and write ready: true for those that do".to_owned()
    } else {
        "look why with kubectl describe pod: a readiness probe that fails, or a container that does not start".to_owned()
    };
    Finding {
        help,
        short: if never { "never ready".to_owned() } else { format!("no {one} is ready") },
        related: related.collect(),
        ..words::found(&RULE, RULE.severity, &service.meta, span, message)
    }
}

/// The probe that keeps these pods from being ready, and its container.
fn probe_of(cluster: &Cluster, who: Who) -> Option<(&Container, &Probe)> {
    cluster.sets[who.pods()?.set as usize].never_ready(cluster)
}
