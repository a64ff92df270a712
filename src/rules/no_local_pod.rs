//! A traffic policy that keeps to the pods of a node where there are none.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::Service;
use crate::source::Span;
use crate::wiring::{Placement, ServiceWiring, Who};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "no-local-pod",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A traffic policy is Local, and some or all nodes have no pod of the Service.",
    why: "Under Local a node keeps to its own pods, and drops what comes where it has none. Addresses that a slice lists \
          without a nodeName are on no node, so nobody reaches them. A load balancer asks the nodes and passes over those \
          without pods; whoever dials a node port must choose the node.",
    source: "https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-policies",
    check,
    fires: fixture!("no-local-pod", "fires"),
    silent: fixture!("no-local-pod", "silent"),
};

/// A policy that is `Local`.
struct Policy<'c> {
    key: &'static str,
    span: Option<Span>,
    service: &'c Service,
    wired: &'c ServiceWiring,
    /// Whether clients choose the node.
    chosen: bool,
}

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (service, wired) in context.wired() {
        let outside = service.is_externally_accessible() && service.is_local_outside();
        let policies = [
            (outside, "externalTrafficPolicy", &service.external_traffic_policy),
            (service.is_local_inside(), "internalTrafficPolicy", &service.internal_traffic_policy),
        ];
        for (_, key, policy) in policies.into_iter().filter(|(is_local, ..)| *is_local) {
            let span = policy.as_ref().and_then(|policy| policy.span);
            let chosen = key == "internalTrafficPolicy" || service.service_type.value == "NodePort";
            findings.extend(Policy { key, span, service, wired, chosen }.check(context));
        }
    }
}

impl Policy<'_> {
    /// The first port that there is something to say of stands for all: their pods are mostly the same.
    fn check(&self, context: Context<'_>) -> Option<Finding> {
        let reached = (0..self.wired.ports.len()).filter(|port| self.wired.fault(*port).is_none());
        let mut partly = None;
        for port in reached {
            let at = Placement::of(context.cluster, &self.wired.ports[port].endpoints);
            if at.is_nowhere() {
                return Some(self.nowhere(context, port));
            }
            let some = self.chosen && at.is_known() && !at.with.is_empty() && !at.without.is_empty();
            partly = partly.or_else(|| some.then(|| self.partly(&at)));
        }
        partly
    }

    fn nowhere(&self, context: Context<'_>, port: usize) -> Finding {
        let endpoints = self.wired.ports[port].endpoints.iter().filter(|endpoint| endpoint.gets_traffic());
        let all: Vec<Who> = endpoints.map(|endpoint| endpoint.answer.who).collect();
        let name = quoted(&self.service.meta.name.value);
        let listed = all.iter().any(|who| who.pods().is_none());
        let who = words::describe_endpoints(context.cluster, all.iter().copied());
        let (severity, message, help) = if listed {
            (
                Severity::Error,
                format!("{} is Local, and no address behind Service {name} has a nodeName ({who})", self.key),
                format!("write {}: Cluster, or the nodeName of each address that is on a node", self.key),
            )
        } else {
            (
                Severity::Warning,
                format!("{} is Local, and no Node of this upload takes the pods of Service {name} ({who})", self.key),
                "look whether a Node carries the labels that nodeSelector asks for".to_owned(),
            )
        };
        let related = all.iter().take(4).map(|who| Related {
            message: if listed { "on no node" } else { "the pods" }.to_owned(),
            span: who.span(context.cluster),
        });
        Finding { help, related: related.collect(), ..self.found(severity, message) }
    }

    fn partly(&self, at: &Placement<'_>) -> Finding {
        let name = quoted(&self.service.meta.name.value);
        let nodes: Vec<String> = at.without.iter().map(|node| quoted(node)).collect();
        let inside = self.key == "internalTrafficPolicy";
        let dropped = if inside { "what clients there send" } else { "what comes to node ports there" };
        let nodes = format!("{} {}", if nodes.len() == 1 { "Node" } else { "Nodes" }, words::list(&nodes));
        let message = format!("{} is Local, and Service {name} has no pod on {nodes}: {dropped} is dropped", self.key);
        let help = if inside {
            "nothing, if all clients are beside its pods; else a DaemonSet has a pod on every node, or write Cluster"
        } else {
            "nothing, if clients dial the nodes that have pods; else a DaemonSet has a pod on every node, or write Cluster"
        };
        Finding { help: help.to_owned(), ..self.found(Severity::Hint, message) }
    }

    fn found(&self, severity: Severity, message: String) -> Finding {
        Finding {
            short: "no local pod".to_owned(),
            field: Some(format!("spec.{}", self.key)),
            ..words::found(&RULE, severity, &self.service.meta, self.span, message)
        }
    }
}
