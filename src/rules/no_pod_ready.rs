//! A Service all of whose endpoints are unready, as the cluster told.

use std::collections::BTreeSet;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::Service;
use crate::source::Span;
use crate::wiring::{Endpoint, Picked, PortFault};

use super::words::{self, quoted};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "no-pod-ready",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "The upload was taken from a cluster, and there none of the pods behind the Service was ready.",
    why: "Only ready pods get traffic. With none ready, and none that still serves while it terminates, connections to \
          the Service are refused.",
    source: "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions",
    check,
    fires: fixture!("no-pod-ready", "fires"),
    silent: fixture!("no-pod-ready", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
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
            findings.push(finding(context, service, service.meta.head(), endpoints, &behind));
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

fn finding<'w>(
    context: Context<'_>,
    service: &Service,
    span: Span,
    endpoints: impl Iterator<Item = &'w Endpoint>,
    behind: &str,
) -> Finding {
    let cluster = context.cluster;
    let pods: BTreeSet<Picked> = endpoints.map(|endpoint| endpoint.answer.picked).collect();
    let count: u32 = pods.iter().map(|picked| picked.replicas(cluster)).sum();
    let who = words::describe_all(cluster, pods.iter().map(|picked| picked.set));
    let message = match count {
        1 => format!("the only pod {behind} is not ready ({who})"),
        _ => format!("none of the {count} pods {behind} is ready ({who})"),
    };
    let related = pods.iter().take(4).map(|picked| {
        let meta = cluster.sets[picked.set as usize].meta(cluster);
        Related {
            message: format!("{} {} is not ready", meta.kind, quoted(&meta.name.value)),
            span: meta.head(),
        }
    });
    Finding {
        help: "look why with kubectl describe pod: a readiness probe that fails, or a container that does not start"
            .to_owned(),
        short: "no pod is ready".to_owned(),
        related: related.collect(),
        ..words::found(&RULE, RULE.severity, &service.meta, span, message)
    }
}
