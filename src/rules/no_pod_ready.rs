//! A Service all of whose endpoints are unready, as the cluster told.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::wiring::PortFault;

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
    let cluster = context.cluster;
    for (service, wired) in context.wired() {
        let unready = |port: &usize| wired.fault(*port) == Some(PortFault::NoneReady);
        let Some(port) = (0..wired.ports.len()).find(unready) else { continue };
        let sets = wired.ports[port].endpoints.iter().map(|endpoint| endpoint.answer.picked.set);
        let count: u32 =
            wired.ports[port].endpoints.iter().map(|endpoint| endpoint.answer.picked.replicas(cluster)).sum();
        let related = sets.clone().take(4).map(|set| {
            let meta = cluster.sets[set as usize].meta(cluster);
            Related {
                message: format!("{} {} is not ready", meta.kind, quoted(&meta.name.value)),
                span: meta.head(),
            }
        });
        let who = words::describe_all(cluster, sets.clone());
        let name = quoted(&service.meta.name.value);
        let subject =
            if count == 1 { "the only pod".to_owned() } else { format!("none of the {count} pods") };
        let verb = if count == 1 { "is not ready" } else { "is ready" };
        findings.push(Finding {
            help: "look why with kubectl describe pod: a readiness probe that fails, or a container that does not start"
                .to_owned(),
            short: "no pod is ready".to_owned(),
            related: related.collect(),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                service.meta.head(),
                format!("{subject} behind Service {name} {verb} ({who})"),
            )
        });
    }
}
