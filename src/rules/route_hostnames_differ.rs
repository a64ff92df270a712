//! A route for hosts that its Gateway does not listen for.

use crate::cluster::Cluster;
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::gateway_route::GatewayRoute;
use crate::wiring::hosts::meet;
use crate::wiring::{Parent, Refusal};

use super::words::{self, list, list_span, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-hostnames-differ",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A host of a route is one that no listener which takes the route listens for.",
    why: "A listener with a hostname takes requests of that host alone, and *.example.com stands for any number of labels but not for \
          example.com. Where a route has no host in common with any listener, the Gateway refuses it (reason \
          NoMatchingListenerHostname); where only some of its hosts are in common, the others are passed over, which is a \
          warning.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/httproute_types.go",
    check,
    fires: fixture!("route-hostnames-differ", "fires"),
    silent: fixture!("route-hostnames-differ", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (route, place, _, became) in context.parents() {
        if let Parent::Refused(Refusal::Hosts(gateway, listener)) = *became {
            findings.push(none_in_common(context.cluster, route, place, (gateway, listener)));
        }
    }
    for (route, parents) in context.cluster.gateway_routes.iter().zip(&context.wiring.routes.parents) {
        passed_over(context.cluster, route, parents, findings);
    }
}

fn none_in_common(
    cluster: &Cluster,
    route: &GatewayRoute,
    place: usize,
    (gateway, listener): (usize, usize),
) -> Finding {
    let gateway = &cluster.gateways[gateway];
    let listener = &gateway.listeners[listener];
    let host = &listener.hostname;
    let parent = &route.parents[place];
    let hosts: Vec<String> = route.hostnames.iter().map(|host| quoted(&host.value)).collect();
    Finding {
        help: "write a host that the listener listens for, or another hostname on the listener".to_owned(),
        short: "no host in common".to_owned(),
        field: Some("spec.hostnames".to_owned()),
        related: vec![Related {
            message: format!("listener {} of Gateway {}", quoted(&listener.name.value), quoted(&gateway.meta.name.value)),
            span: host.span.unwrap_or(listener.span),
        }],
        ..words::found(
            &RULE,
            RULE.severity,
            &route.meta,
            list_span(&route.hostnames).unwrap_or(parent.span),
            format!(
                "listener {} of Gateway {} is for {}, not for {}",
                quoted(&listener.name.value),
                quoted(&gateway.meta.name.value),
                quoted(&host.value),
                list(&hosts)
            ),
        )
    }
}

/// Hosts that no listener listens for, where another host of the route is one.
fn passed_over(cluster: &Cluster, route: &GatewayRoute, parents: &[Parent], findings: &mut Findings<'_>) {
    let mut listened = Vec::new();
    for parent in parents {
        // What is not in the upload may listen for anything.
        let Parent::Attached { gateway, listeners } = parent else { return };
        let all = &cluster.gateways[*gateway].listeners;
        listened.extend(listeners.iter().map(|at| all[at.listener].hostname.value.as_str()));
    }
    listened.sort_unstable();
    listened.dedup();
    if listened.is_empty() || matches!(route.meta.kind.as_str(), "TCPRoute" | "UDPRoute") {
        return;
    }
    let hosts: Vec<String> = listened.iter().map(|host| quoted(host)).collect();
    for (place, host) in route.hostnames.iter().enumerate().take(MOST_HOSTS) {
        if listened.iter().take(MOST_HOSTS).all(|listener| meet(listener, &host.value).is_none()) {
            let message =
                format!("no listener that takes this route is for {}, only for {}", quoted(&host.value), list(&hosts));
            findings.push(Finding {
                help: "write a host that a listener listens for, or leave this one out".to_owned(),
                short: "host is passed over".to_owned(),
                field: Some(format!("spec.hostnames[{place}]")),
                ..words::found(&RULE, Severity::Warning, &route.meta, host.span, message)
            });
        }
    }
}

/// No valid route has more hosts, and no valid Gateway more listeners.
const MOST_HOSTS: usize = 64;
