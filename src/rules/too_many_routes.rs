//! A route of a Gateway that makes more rows than are followed.

use crate::finding::{Finding, Severity, Stage};
use crate::wiring::{MOST_ROUTES, Parent};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "too-many-routes",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "A route of a Gateway asks for more ways than are followed here, and is left out.",
    why: "Every backend of every match is a way of its own for each host and each listener. Gateway API takes at most 64 \
          listeners of a Gateway, 16 host names and 16 rules of a route; Podwire follows 50000 ways of one upload. The \
          route may well work in the cluster.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/httproute_types.go",
    check,
    fires: fixture!("too-many-routes", "fires"),
    silent: fixture!("too-many-routes", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (route, place, parent, became) in context.parents() {
        if !matches!(became, Parent::TooMany) {
            continue;
        }
        let ways = context.cluster.most_routes_by(route, route.rows(), parent);
        let name = quoted(&parent.name.value);
        findings.push(Finding {
            help: "upload fewer routes at once, or name fewer hosts, matches and backends in one".to_owned(),
            short: "too many ways".to_owned(),
            field: Some(format!("spec.parentRefs[{place}]")),
            ..words::found(
                &RULE,
                RULE.severity,
                &route.meta,
                parent.span,
                format!("up to {ways} ways by {name} are left out: no more than {MOST_ROUTES} of an upload are followed"),
            )
        });
    }
}
