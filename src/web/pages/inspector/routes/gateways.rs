//! What is told of a route that comes in by a Gateway.

use super::super::{Hop, Teller};
use crate::analysis::Analysis;
use crate::diagram::{route_name, route_share};
use crate::kinds::gateway::Speaks;
use crate::render::gateways;
use crate::wiring::{Door, Route, Said};

/// Whether a field is one of the parent that a route comes in by, or of the hosts that decide whether it does.
pub(super) fn is_of_parent(analysis: &Analysis, route: &Route, field: &str) -> bool {
    let refused = matches!(route.door, Door::Gateway(_, None) | Door::Parent(..));
    refused
        && matches!(route.said(&analysis.cluster), Said::Rule { .. })
        && (field.starts_with("spec.parentRefs[") || field.starts_with("spec.hostnames"))
}

impl Teller<'_> {
    /// Who takes which requests, and what is done to them.
    pub(super) fn gateway_hop(&self, route: &Route) -> Hop {
        let cluster = &self.analysis.cluster;
        let said = route.said(cluster);
        let Said::Rule { route: object, rule, backend, is_copy, .. } = said else {
            return self.hop(String::new(), String::new(), None, None);
        };
        let name = route_name(cluster, route);
        let title = match route.listener(cluster).map(crate::kinds::gateway::Listener::speaks) {
            Some(Speaks::Http) => format!("http://{name}"),
            Some(Speaks::Https) => format!("https://{name}"),
            _ => name,
        };
        let mut why = gateways::told(cluster, &self.analysis.wiring, route);
        if let (Some(backend), Some(share)) = (backend, route_share(cluster, route)) {
            let of = rule.backends.len();
            why.push_str(&format!(
                " Of the {of} backends of this rule, this one has weight {} of {}: {share} of the requests.",
                backend.weight.value,
                rule.weights()
            ));
        }
        if is_copy {
            why.push_str(" This backend gets copies of requests; its answers are dropped.");
        }
        if backend.is_some() && route.reach.is_err() {
            why.push_str(&format!(" Whoever is sent here gets {}.", object.refusal()));
        }
        let filters = gateways::filters(rule);
        if !filters.is_empty() {
            why.push_str(&format!(" {filters}"));
        }
        self.hop(title, why, Some(rule.span), Some(said.mark()))
    }
}
