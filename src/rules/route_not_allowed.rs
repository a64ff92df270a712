//! A route that no listener of its Gateway takes, because of its kind or its namespace.

use crate::cluster::Cluster;
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::gateway_route::{GatewayRoute, ParentRef};
use crate::wiring::{Parent, Refusal};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-not-allowed",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "No listener that a route names takes routes of its kind, or from its namespace.",
    why: "A listener takes routes that go with its protocol (HTTPRoute and GRPCRoute with HTTP and HTTPS, TLSRoute with TLS, TCPRoute \
          with TCP, UDPRoute with UDP), of the kinds in allowedRoutes, and from its Gateway's own namespace unless \
          allowedRoutes.namespaces says All or selects others. The Gateway refuses the route (reason NotAllowedByListeners), \
          and no request takes it.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/gateway_types.go",
    check,
    fires: fixture!("route-not-allowed", "fires"),
    silent: fixture!("route-not-allowed", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (route, place, parent, became) in context.parents() {
        if let Parent::Refused(why) = *became {
            findings.extend(finding(context.cluster, route, (place, parent), why));
        }
    }
}

fn finding(
    cluster: &Cluster,
    route: &GatewayRoute,
    (place, parent): (usize, &ParentRef),
    why: Refusal,
) -> Option<Finding> {
    let (kind, namespace) = (&route.meta.kind, &route.meta.namespace);
    let (id, listener, by_kind) = match why {
        Refusal::Kind(id, listener) => (id, listener, true),
        Refusal::Namespace(id, listener) => (id, listener, false),
        _ => return None,
    };
    let gateway = &cluster.gateways[id];
    let listener = &gateway.listeners[listener];
    let (name, named) = (quoted(&gateway.meta.name.value), quoted(&listener.name.value));
    let protocol = &listener.protocol.value;
    let (message, help, short) = if !by_kind {
        let help = match listener.from.value.as_str() {
            "Selector" => format!("give namespace {} the labels that listener {named} selects", quoted(namespace)),
            _ => format!("write allowedRoutes: with namespaces: and from: All on listener {named}"),
        };
        (
            format!("no listener of Gateway {name} takes routes from namespace {}", quoted(namespace)),
            help,
            format!("not from {namespace}"),
        )
    } else if listener.goes_with(kind) {
        (
            format!("Gateway {name} takes no {kind}: listener {named} names other kinds in allowedRoutes"),
            format!("add {kind} to the kinds of listener {named}, or leave kinds out"),
            format!("takes no {kind}"),
        )
    } else {
        (
            format!("Gateway {name} takes no {kind}: listener {named} is of protocol {protocol}"),
            format!("attach the route to a listener of a protocol that goes with {kind}"),
            format!("{protocol} takes no {kind}"),
        )
    };
    // Where the route says no namespace, kubectl or Kustomize may give it the Gateway's.
    let is_sure = by_kind || route.meta.namespace_span.is_some();
    let severity = if is_sure { Severity::Error } else { Severity::Warning };
    let span = listener.from.span.filter(|_| !by_kind).or(listener.name.span).unwrap_or(listener.span);
    Some(Finding {
        help,
        short,
        field: Some(format!("spec.parentRefs[{place}]")),
        related: vec![Related { message: format!("listener {named} of Gateway {name}"), span }],
        ..words::found(
            &RULE,
            severity,
            &route.meta,
            parent.section.span.or(parent.name.span).unwrap_or(parent.span),
            message,
        )
    })
}
