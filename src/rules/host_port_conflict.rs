//! Pods that ask for the same port of their node, and so cannot run beside each other.

use rustc_hash::FxHashMap;

use crate::cluster::{From, PodSet};
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::pod::Container;
use crate::kinds::workload::Sort;
use crate::port::Protocol;
use crate::source::Span;

use super::overlays::siblings;
use super::pods::{self, Written};
use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "host-port-conflict",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "Pods that must share a node ask for the same port of it.",
    why: "A node has each port once, so the scheduler places no second pod that asks for it there. It stays Pending, and \
          gets no traffic: beside a DaemonSet with the same hostPort for ever, and of a workload with more replicas than \
          nodes some. Where no Node is in the upload the latter is a hint.",
    source: "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/scheduler/framework/plugins/nodeports/node_ports.go",
    check,
    fires: fixture!("host-port-conflict", "fires"),
    silent: fixture!("host-port-conflict", "silent"),
};

/// Some pods that ask for a port of their node.
#[derive(Clone, Copy)]
struct Claim<'c> {
    written: Written<'c>,
    set: &'c PodSet,
    place: Place<'c>,
    host_ip: &'c str,
    /// The container and the place of its port.
    field: (&'c Container, usize),
    span: Span,
}

/// Where pods run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place<'c> {
    /// One on each node: a `DaemonSet`.
    EveryNode,
    /// On the node that is written.
    Node(&'c str),
    /// Wherever there is room.
    Anywhere,
}

/// How many claims on one port are looked at for a rival.
const RIVALS: usize = 16;

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let mut by_port: FxHashMap<(i32, &Protocol), Vec<Claim<'_>>> = FxHashMap::default();
    let mut room = Room::default();
    for (written, set) in pods::of_each_owner(context).filter(|(written, set)| set.observed.is_none() && !written.spec.rest.is_plain) {
        let mut crowded = false;
        for (number, protocol, claim) in claims(context, written, set) {
            if !crowded && let Some(found) = crowd(context, number, claim, &mut room) {
                findings.push(found);
                crowded = true;
            }
            let others = by_port.entry((number, protocol)).or_default();
            if let Some(rival) = others.iter().find(|other| meet(context, other, &claim)) {
                findings.push(beside(context, number, claim, rival));
            }
            if others.len() < RIVALS {
                others.push(claim);
            }
        }
    }
}

fn claims<'c>(
    context: Context<'c>,
    written: Written<'c>,
    set: &'c PodSet,
) -> impl Iterator<Item = (i32, &'c Protocol, Claim<'c>)> {
    let place = match set.from {
        _ if !written.spec.rest.node_name.value.is_empty() => Place::Node(&written.spec.rest.node_name.value),
        From::Template(id) if context.cluster.workloads[id].sort == Sort::EveryNode => Place::EveryNode,
        _ => Place::Anywhere,
    };
    written.spec.containers.iter().flat_map(move |container| {
        container.ports.iter().enumerate().filter_map(move |(at, port)| {
            let number = written.spec.on_node(port);
            let span = port.host.port.span.or(port.port.span).unwrap_or(port.span);
            let host_ip = match port.host.ip.value.as_str() {
                "" => "0.0.0.0",
                ip => ip,
            };
            let claim = Claim { written, set, place, host_ip, field: (container, at), span };
            words::is_port(number).then_some((number, &port.protocol.value, claim))
        })
    })
}

/// Whether two claims are sure to meet on every node where the second could run.
fn meet(context: Context<'_>, first: &Claim<'_>, second: &Claim<'_>) -> bool {
    let everywhere = "0.0.0.0";
    let same_ip = first.host_ip == second.host_ip || [first.host_ip, second.host_ip].contains(&everywhere);
    if !same_ip || std::ptr::eq(first.set, second.set) || siblings(context, named(first), named(second)) {
        return false;
    }
    let (one, other) = (&first.written.spec.rest, &second.written.spec.rest);
    match (first.place, second.place) {
        (Place::Node(a), Place::Node(b)) => a == b,
        (Place::EveryNode, Place::EveryNode) => {
            !one.has_affinity
                && !other.has_affinity
                && (one.node_selector.contains_all(&other.node_selector)
                    || other.node_selector.contains_all(&one.node_selector))
        }
        (Place::EveryNode, Place::Anywhere) => covers(first, second),
        (Place::Anywhere, Place::EveryNode) => covers(second, first),
        _ => false,
    }
}

/// Whether a `DaemonSet` runs on every node where other pods could.
fn covers(daemons: &Claim<'_>, others: &Claim<'_>) -> bool {
    let (daemons, others) = (&daemons.written.spec.rest, &others.written.spec.rest);
    !daemons.has_affinity
        && !others.has_tolerations
        && others.node_selector.contains_all(&daemons.node_selector)
}

fn named<'c>(claim: &Claim<'c>) -> (Span, &'c str) {
    (claim.span, &claim.written.meta.name.value)
}

fn beside(context: Context<'_>, number: i32, claim: Claim<'_>, rival: &Claim<'_>) -> Finding {
    let who = |claim: &Claim<'_>| words::describe(context.cluster, claim.set);
    // The pods of a DaemonSet are there before any other finds room.
    let (first, second) = match (claim.place, rival.place) {
        (Place::EveryNode, Place::Anywhere) => (claim, *rival),
        _ => (*rival, claim),
    };
    let node = match second.place {
        Place::Node(name) => format!("Node {}", quoted(name)),
        _ => "every node".to_owned(),
    };
    let message = format!("port {number} of {node} is taken by {}, which leaves {} no place to run", who(&first), who(&second));
    found(
        second,
        RULE.severity,
        message,
        "leave hostPort out, write another number, or keep the two on different nodes by nodeSelector",
        Some(Related { message: format!("the port of {}", who(&first)), span: first.span }),
    )
}

/// How many nodes carry the labels that pods ask for, by those labels.
type Room<'c> = FxHashMap<Vec<(&'c str, &'c str)>, usize>;

/// More pods than nodes that have room for one each.
fn crowd<'c>(context: Context<'c>, number: i32, claim: Claim<'c>, room: &mut Room<'c>) -> Option<Finding> {
    let (replicas, spec) = (claim.set.replicas, claim.written.spec);
    if claim.place == Place::EveryNode || replicas < 2 {
        return None;
    }
    let who = words::describe(context.cluster, claim.set);
    let cluster = context.cluster;
    let nodes = if let Place::Node(name) = claim.place {
        cluster.nodes_named(name).len()
    } else {
        let selector = &spec.rest.node_selector;
        let asked = selector.pairs();
        *room.entry(asked.collect()).or_insert_with(|| cluster.nodes_with(selector).count())
    };
    let nodes = u32::try_from(nodes).unwrap_or(u32::MAX);
    let help = if spec.rest.host_network {
        "leave hostNetwork out, unless the pods need their node's network, or run one on each node: a DaemonSet"
    } else {
        "leave hostPort out, unless the nodes themselves must listen: a Service reaches pods without it"
    };
    if cluster.nodes.is_empty() {
        let message =
            format!("each of the {replicas} pods of {who} takes port {number} of its node, so each needs a node of its own");
        return Some(found(claim, Severity::Hint, message, help, None));
    }
    let message = format!(
        "each of the {replicas} pods of {who} takes port {number} of its node, and the upload has {} for them",
        words::count(nodes, "node")
    );
    (replicas > nodes).then(|| found(claim, RULE.severity, message, help, None))
}

fn found(claim: Claim<'_>, severity: Severity, message: String, help: &str, related: Option<Related>) -> Finding {
    let (container, at) = claim.field;
    Finding {
        help: help.to_owned(),
        short: "no node has the port free".to_owned(),
        field: claim.written.field(&format!("{}.ports[{at}].hostPort", container.field())),
        related: related.into_iter().collect(),
        ..words::found(&RULE, severity, claim.written.meta, claim.span, message)
    }
}
