//! A numeric targetPort that no container declares: it works, but may be a slip.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::Service;
use crate::port::{Protocol, TargetPort};
use crate::wiring::PortWiring;

use super::declared::Declarations;
use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "undeclared-container-port",
    stage: Stage::Wire,
    severity: Severity::Hint,
    what: "A targetPort is a number that no container of the selected pods declares.",
    why: "It works: Kubernetes sends traffic to the number as it is, and containerPort is documentation. It is worth a \
          look all the same, since a number that nobody wrote on the other side may be the wrong one.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
    check,
    fires: fixture!("undeclared-container-port", "fires"),
    silent: fixture!("undeclared-container-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let mut declarations = Declarations::default();
    for (service, wired) in context.wired() {
        for (place, (port, wired)) in service.ports.iter().zip(&wired.ports).enumerate() {
            let TargetPort::Number(number) = port.target.value else { continue };
            // An unknown protocol is refused, and no container could declare it.
            if matches!(port.protocol.value, Protocol::Other(_)) {
                continue;
            }
            let sets: Vec<u32> = undeclared(wired).collect();
            if words::is_port(number) && !sets.is_empty() {
                findings.push(finding(context, service, (place, number), &mut declarations, &sets));
            }
        }
    }
}

/// The sets of pods that answer and declare no such port; what a slice lists has no containers to declare any.
fn undeclared(wired: &PortWiring) -> impl Iterator<Item = u32> {
    let undeclared = wired.endpoints.iter().filter(|endpoint| endpoint.declared.is_none());
    undeclared.filter_map(|endpoint| endpoint.answer.who.pods()).map(|picked| picked.set)
}

fn finding<'c>(
    context: Context<'c>,
    service: &'c Service,
    (place, number): (usize, i32),
    declarations: &mut Declarations<'c>,
    sets: &[u32],
) -> Finding {
    const PROTOCOLS: [&Protocol; 3] = [&Protocol::Sctp, &Protocol::Tcp, &Protocol::Udp];
    let cluster = context.cluster;
    let port = &service.ports[place];
    let (mut protocols, mut related) = (Vec::new(), Vec::new());
    for protocol in PROTOCOLS.into_iter().filter(|protocol| **protocol != port.protocol.value) {
        let declared = declarations.of(context, sets.to_vec(), protocol);
        if let Some(declared) = declared.numbers.get(&number) {
            let span = declared.protocol.span.or(declared.port.span).unwrap_or(declared.span);
            related.push(Related { message: format!("container port {number} is {protocol}"), span });
            protocols.push(protocol.to_string());
        }
    }
    let declared = declarations.of(context, sets.to_vec(), &port.protocol.value);
    let numbers = &declared.numbers;
    let detail = match protocols.as_slice() {
        [] if numbers.is_empty() => String::new(),
        [] => format!(
            " (only {})",
            words::list_of(numbers.keys().map(ToString::to_string), numbers.len())
        ),
        protocols => format!(" as {} (only as {})", port.protocol.value, words::list(protocols)),
    };
    let who = words::describe_all(cluster, sets.iter().copied());
    let message = format!(
        "no container of {who} declares port {number}{detail}; it works all the same where one listens there"
    );
    related.extend(sets.iter().take(3).map(|&set| {
        let set = &cluster.sets[set as usize];
        Related { message: words::describe(cluster, set), span: set.meta(cluster).head() }
    }));
    // With the right number it is the protocol that differs, where one is written.
    let protocol = port.protocol.span.filter(|_| !protocols.is_empty());
    let target = port.target.span.or(port.port.span).unwrap_or(port.span);
    let help = match numbers.keys().next() {
        Some(one) if numbers.len() == 1 => {
            format!("nothing, if a container listens on {number}; if it listens on {one}, write that here")
        }
        _ => format!("nothing, if a container listens on {number}; declaring it would say so"),
    };
    Finding {
        help,
        short: format!("{number} is not declared"),
        field: Some(words::port_field(place, if protocol.is_some() { "protocol" } else { "targetPort" })),
        related,
        ..words::found(
            &RULE,
            RULE.severity,
            &service.meta,
            protocol.unwrap_or(target),
            message,
        )
    }
}
