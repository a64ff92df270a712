//! A backend of a route that the API server refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::gateway_route::{BackendRef, GatewayRoute, Rule as RouteRule};
use crate::source::Span;

use super::words::{self, is_port, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-route-backend",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A backend of a route has no name, no port where it is a Service, a port or weight out of range, or stands beside a redirect.",
    why: "The schema of Gateway API asks for the port of every Service, between 1 and 65535, and for weights between 0 and \
          1000000; a rule that redirects has no backends. The API server refuses the route.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/object_reference_types.go",
    check,
    fires: fixture!("invalid-route-backend", "fires"),
    silent: fixture!("invalid-route-backend", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for route in context.cluster.gateway_routes.iter().filter(|route| undecoded.have_not(&route.meta)) {
        for rule in &route.rules {
            findings.extend(rule.all_backends().filter_map(|backend| finding(route, backend)));
            findings.extend(redirect(route, rule));
        }
    }
}

/// The heaviest that a backend can be.
const MOST_WEIGHT: i32 = 1_000_000;

fn finding(route: &GatewayRoute, backend: &BackendRef) -> Option<Finding> {
    let (name, port, weight) = (&backend.name, &backend.port, &backend.weight);
    let whole = backend.span;
    if name.value.is_empty() {
        let message = "backend names nothing".to_owned();
        return Some(found(route, name.span.unwrap_or(whole), format!("{}.name", backend.field), message, "write the name of a Service"));
    }
    if backend.is_service() && port.span.is_none() {
        let message = format!("backend names no port of Service {}", quoted(&name.value));
        return Some(found(route, whole, backend.field.clone(), message, "write port: with a port of the Service"));
    }
    if let Some(span) = port.span.filter(|_| !is_port(port.value)) {
        let message = format!("backend's port {} is not between 1 and 65535", port.value);
        return Some(found(route, span, format!("{}.port", backend.field), message, "write a port of the Service"));
    }
    let span = weight.span.filter(|_| !(0..=MOST_WEIGHT).contains(&weight.value))?;
    let message = format!("backend's weight {} is not between 0 and {MOST_WEIGHT}", weight.value);
    Some(found(route, span, format!("{}.weight", backend.field), message, "write a weight; only its part of all weights matters"))
}

fn redirect(route: &GatewayRoute, rule: &RouteRule) -> Option<Finding> {
    let backend = rule.backends.first().filter(|_| rule.redirects())?;
    let message = format!("rule redirects, and names backend {} as well", quoted(&backend.name.value));
    let field = backend.field.rsplit_once('[').map_or(backend.field.as_str(), |(list, _)| list);
    Some(found(route, backend.span, field.to_owned(), message, "leave the redirect or the backends out"))
}

fn found(route: &GatewayRoute, span: Span, field: String, message: String, help: &str) -> Finding {
    let mut found = words::found(&RULE, RULE.severity, &route.meta, span, message);
    (found.help, found.short, found.field) = (help.to_owned(), "refused backend".to_owned(), Some(field));
    found
}
