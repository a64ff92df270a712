//! A named targetPort that the pods have, with another protocol.

use std::collections::BTreeSet;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::pod::ContainerPort;

use super::unknown_protocol::PROTOCOLS;
use super::unresolved::{self, Missing};
use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "protocol-differs",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "The container port that a targetPort names has another protocol than the Service's port.",
    why: "A named port is found by its name and its protocol together, and an omitted protocol means TCP. So the pod \
          counts as having no such port: it stays an endpoint, and no traffic reaches it through this port.",
    source: "https://kubernetes.io/docs/reference/networking/service-protocols/",
    check,
    fires: fixture!("protocol-differs", "fires"),
    silent: fixture!("protocol-differs", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    // Of a protocol that there is not, `unknown_protocol` tells.
    let is_known = |missing: &Missing<'_>| PROTOCOLS.contains(&missing.port.protocol.value.as_str());
    let all = unresolved::each(context, true).filter(is_known);
    findings.extend(all.map(|missing| finding(context, &missing)));
}

fn finding(context: Context<'_>, missing: &Missing<'_>) -> Finding {
    let ours = missing.port.protocol.value.as_str();
    let ports: Vec<&ContainerPort> = declared(context, missing).collect();
    let theirs: BTreeSet<&str> = ports.iter().map(|port| port.protocol.value.as_str()).collect();
    let all: Vec<String> = theirs.iter().map(|&protocol| protocol.to_owned()).collect();
    let name = quoted(missing.name);
    let message = format!(
        "container port {name} of {} is {}, but this port of the Service is {ours}",
        missing.who(context),
        words::list(&all)
    );
    let written = missing.port.protocol.span;
    let only = all.first().filter(|_| all.len() == 1 && missing.found.is_none());
    Finding {
        help: match only {
            Some(theirs) if written.is_some() => {
                format!("write {theirs} here, or {ours} at the container port")
            }
            Some(theirs) => format!(
                "add protocol: {theirs} to this port (an omitted protocol is TCP), or change the container port"
            ),
            None => format!("give every container port named {name} the protocol {ours}"),
        },
        short: format!("{} is {}", missing.name, words::list(&all)),
        field: Some(words::port_field(missing.place, "protocol")),
        related: ports.iter().take(3).map(|port| related(port)).collect(),
        fix: only.and_then(|theirs| {
            let title = format!("make this port {theirs}");
            match written {
                Some(span) => mend::text(context, span, ours, theirs, title),
                None => mend::field(context, missing.port.span, "protocol", theirs, title),
            }
        }),
        ..words::found(
            &RULE,
            missing.severity(),
            &missing.service.meta,
            written.unwrap_or(missing.span()),
            message,
        )
    }
}

fn related(port: &ContainerPort) -> Related {
    let message = format!("container port {} is {}", quoted(&port.name.value), port.protocol.value);
    Related { message, span: port.protocol.span.or(port.name.span).unwrap_or(port.span) }
}

/// The ports of that name, one for each set of pods.
fn declared<'c>(context: Context<'c>, missing: &Missing<'c>) -> impl Iterator<Item = &'c ContainerPort> {
    missing.pods.iter().filter_map(move |pods| {
        let spec = context.cluster.sets[pods.picked.set as usize].spec(context.cluster);
        Some(pods.other_protocol?.port(spec))
    })
}
