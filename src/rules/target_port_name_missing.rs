//! A named targetPort that selected pods have no container port for.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::pod::ContainerPort;
use crate::names::nearest;
use crate::port::TargetPort;

use super::unresolved::{self, Missing};
use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "target-port-name-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A targetPort is a name, and selected pods have no container port of that name.",
    why: "The name is looked up on every selected pod by itself. A pod without it stays an endpoint, but one without a \
          port: no traffic reaches it. It is an error where no pod has the name, and a warning where only some lack it.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
    check,
    fires: fixture!("target-port-name-missing", "fires"),
    silent: fixture!("target-port-name-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    findings.extend(unresolved::each(context, false).map(|missing| finding(context, &missing)));
}

/// How many names a misspelt one is compared with.
const ENOUGH: usize = 500;

fn finding(context: Context<'_>, missing: &Missing<'_>) -> Finding {
    let name = missing.name;
    let declared: Vec<&ContainerPort> = declared(context, missing).collect();
    let all: BTreeSet<&str> = declared.iter().map(|port| port.name.value.as_str()).collect();
    // What another port of the Service leads to already is hardly meant here as well.
    let targets = missing.service.ports.iter().map(|port| &port.target.value);
    let taken: FxHashSet<&str> = targets
        .filter_map(|target| if let TargetPort::Name(name) = target { Some(name.as_str()) } else { None })
        .collect();
    let free: BTreeSet<&str> = all.iter().copied().filter(|name| !taken.contains(name)).collect();
    let names = if free.is_empty() { &all } else { &free };
    let near = nearest(name, free.iter().copied().take(ENOUGH));
    let mut message = format!("no container port is named {} in {}", quoted(name), missing.who(context));
    if let Some(near) = near {
        _ = write!(message, ", but one is named {}", quoted(near));
    }
    if let Some(set) = missing.found {
        _ = write!(
            message,
            "; {} has one",
            words::describe(context.cluster, &context.cluster.sets[set as usize])
        );
    }
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let help = match (near, missing.found, names.as_slice()) {
        (_, Some(_), _) => {
            format!("name a container port {} in these pods too, or select them no more", quoted(name))
        }
        (Some(near), ..) => {
            format!("write {} here, or name the container port {}", quoted(near), quoted(name))
        }
        (None, _, []) => {
            format!("write the number of the port here, or name a container port {}", quoted(name))
        }
        (None, _, names) => format!(
            "write {} or a number here, or name a container port {}",
            words::list(names),
            quoted(name)
        ),
    };
    let mut related = missing.related(context);
    if let Some(port) = near.and_then(|near| declared.iter().find(|port| port.name.value == near)) {
        let message = format!("the container port named {}", quoted(&port.name.value));
        related.insert(0, Related { message, span: port.name.span.unwrap_or(port.span) });
    }
    let sure = near.filter(|_| missing.found.is_none());
    Finding {
        help,
        short: format!("no port is named {name}"),
        field: Some(words::port_field(missing.place, "targetPort")),
        related,
        fix: sure.and_then(|near| {
            mend::text(
                context,
                missing.port.target.span,
                name,
                near,
                format!("send traffic to {}", quoted(near)),
            )
        }),
        ..words::found(&RULE, missing.severity(), &missing.service.meta, missing.span(), message)
    }
}

/// The named ports of these pods that have the right protocol.
fn declared<'c>(context: Context<'c>, missing: &Missing<'c>) -> impl Iterator<Item = &'c ContainerPort> {
    let protocol = &missing.port.protocol.value;
    let containers = missing.pods.iter().flat_map(move |pods| {
        &context.cluster.sets[pods.picked.set as usize].spec(context.cluster).containers
    });
    let ports = containers.flat_map(|container| &container.ports);
    ports.filter(move |port| port.protocol.value == *protocol && !port.name.value.is_empty())
}
