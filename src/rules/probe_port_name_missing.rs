//! A probe that asks for a port name which its container does not declare.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::pod::{Container, ContainerPort};
use crate::kinds::probe::{Probe, Purpose};
use crate::names::nearest;

use super::pods::{self, Written};
use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "probe-port-name-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A probe asks for a port by a name that its own container does not declare.",
    why: "The kubelet looks the name up among the ports of that container alone, and throws the result of the probe away \
          where it is not found: by a readiness or startup probe the pod is never ready, and no Service sends it traffic; \
          by a liveness probe, a warning, the container is never started again.",
    source: "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/probe/util.go",
    check,
    fires: fixture!("probe-port-name-missing", "fires"),
    silent: fixture!("probe-port-name-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (written, set) in pods::of_each_owner(context).filter(|(written, _)| !written.spec.rest.is_plain) {
        // What a cluster says is ready was not kept from it.
        if set.observed.as_ref().is_some_and(|observed| observed.ready || !observed.lives) {
            continue;
        }
        let mut lost = written.spec.lost_probes().peekable();
        if lost.peek().is_none() {
            continue;
        }
        let mut named = Named::default();
        for container in &written.spec.containers {
            for port in &container.ports {
                named.entry(&port.name.value).or_insert((container, port));
            }
        }
        findings.extend(lost.filter_map(|(container, probe)| finding(context, written, container, probe, &named)));
    }
}

/// The first port of each name in a pod, with its container.
type Named<'c> = FxHashMap<&'c str, (&'c Container, &'c ContainerPort)>;

fn finding(
    context: Context<'_>,
    written: Written<'_>,
    container: &Container,
    probe: &Probe,
    named: &Named<'_>,
) -> Option<Finding> {
    let name = probe.port_name()?;
    let near = nearest(name, container.ports.iter().map(|port| port.name.value.as_str()));
    let elsewhere = named.get(name);
    let purpose = probe.purpose.field();
    let mut message =
        format!("{purpose} of container {} asks for the port {}", quoted(&container.name), quoted(name));
    let (end, port) = match (near, elsewhere) {
        (Some(near), None) => {
            let port = container.ports.iter().find(|port| port.name.value == near);
            (format!(", but the container names one {}", quoted(near)), port)
        }
        (_, Some((other, port))) => {
            (format!(", which container {} names, not this one", quoted(&other.name)), Some(*port))
        }
        (None, None) => (", and the container names none so".to_owned(), None),
    };
    message.push_str(&end);
    let help = match (near, elsewhere, probe.purpose) {
        (Some(near), None, _) => {
            format!("write {} here, or name the container's port {}", quoted(near), quoted(name))
        }
        (_, Some(_), _) => "write the number here: a probe knows the names of its own container only".to_owned(),
        (None, None, _) => format!("write the number here, or name a port of the container {}", quoted(name)),
    };
    let related = |port: &ContainerPort| Related {
        message: format!("the container port named {}", quoted(&port.name.value)),
        span: port.name.span.unwrap_or(port.span),
    };
    let near = near.filter(|_| elsewhere.is_none());
    let is_liveness = probe.purpose == Purpose::Liveness;
    Some(Finding {
        help,
        short: if is_liveness { "probe has no port" } else { "never ready" }.to_owned(),
        field: written.field(&format!("{}.{purpose}.{}.port", container.field(), probe.action.field())),
        related: port.map(related).into_iter().collect(),
        fix: near.and_then(|near| {
            mend::text(context, probe.port.span, name, near, format!("ask for the port {}", quoted(near)))
        }),
        ..words::found(
            &RULE,
            if is_liveness { Severity::Warning } else { RULE.severity },
            written.meta,
            probe.port.span.unwrap_or(probe.span),
            message,
        )
    })
}
