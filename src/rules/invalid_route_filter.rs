//! A filter of a route that there is not.

use crate::finding::{Finding, Severity, Stage};
use crate::names::nearest;

use super::words::{self, shown};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-route-filter",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A filter of a route is of a type that its kind has not, or of none.",
    why: "Filters of the experimental channel (CORS, ExternalAuth) are taken as known; those of an implementation's own are \
          of type ExtensionRef. The API server refuses the route for any other.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/httproute_types.go",
    check,
    fires: fixture!("invalid-route-filter", "fires"),
    silent: fixture!("invalid-route-filter", "silent"),
};

const OF_HTTP: &[&str] = &[
    "RequestHeaderModifier",
    "ResponseHeaderModifier",
    "RequestMirror",
    "RequestRedirect",
    "URLRewrite",
    "ExtensionRef",
    "CORS",
    "ExternalAuth",
];
/// <https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/grpcroute_types.go>
const OF_GRPC: &[&str] = &["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "ExtensionRef"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for route in context.cluster.gateway_routes.iter().filter(|route| undecoded.have_not(&route.meta)) {
        let types = match route.meta.kind.as_str() {
            "HTTPRoute" => OF_HTTP,
            "GRPCRoute" => OF_GRPC,
            _ => continue,
        };
        for (rule_place, rule) in route.rules.iter().enumerate() {
            for (place, filter) in rule.filters.iter().enumerate() {
                let word = &filter.value;
                if types.contains(&word.as_str()) {
                    continue;
                }
                let message = match filter.span {
                    None => "filter says no type".to_owned(),
                    Some(_) => format!("filter type {} is none that a route of kind {} has", shown(word), route.meta.kind),
                };
                let near = nearest(word, types.iter().copied()).filter(|_| filter.span.is_some());
                let fix = near.zip(filter.span).and_then(|(near, span)| {
                    mend::text(context, span, word, near, format!("write {near}"))
                });
                findings.push(Finding {
                    help: near.map_or_else(
                        || format!("write one of {}", types.join(", ")),
                        |near| format!("write {near}"),
                    ),
                    short: "refused filter".to_owned(),
                    field: Some(format!("spec.rules[{rule_place}].filters[{place}].type")),
                    fix,
                    ..words::found(&RULE, RULE.severity, &route.meta, filter.span.unwrap_or(rule.span), message)
                });
            }
        }
    }
}
