//! A route that names a listener which its Gateway does not have.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::gateway_route::{GatewayRoute, ParentRef};
use crate::wiring::{Parent, Refusal};

use super::words::{self, list_of, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-section-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A parent of a route names a listener, by sectionName or port, that the Gateway does not have.",
    why: "sectionName is the name of a listener, and port its port; where no listener has both, the Gateway does not take the route \
          (reason NoMatchingParent), and no request takes it.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/shared_types.go",
    check,
    fires: fixture!("route-section-missing", "fires"),
    silent: fixture!("route-section-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (route, place, parent, became) in context.parents() {
        if let Parent::Refused(Refusal::NoSuchListener(gateway, near)) = *became {
            findings.push(finding(context, route, (place, parent), gateway, near));
        }
    }
}

fn finding(
    context: Context<'_>,
    route: &GatewayRoute,
    (place, parent): (usize, &ParentRef),
    gateway: usize,
    near: Option<usize>,
) -> Finding {
    let gateway = &context.cluster.gateways[gateway];
    let by_name = !parent.section.value.is_empty();
    let of = |at: &crate::kinds::gateway::Listener| {
        if by_name { quoted(&at.name.value) } else { at.port.value.to_string() }
    };
    let what = match (by_name, parent.port.value) {
        (true, 0) => format!("listener named {}", quoted(&parent.section.value)),
        (true, port) => format!("listener named {} on port {port}", quoted(&parent.section.value)),
        (false, 0) => "listener".to_owned(),
        (false, port) => format!("listener on port {port}"),
    };
    let all = &gateway.listeners;
    let only = if all.is_empty() {
        String::new()
    } else {
        format!(", only {}", list_of(all.iter().map(of), all.len()))
    };
    let (written, field) =
        if by_name { (parent.section.span, "sectionName") } else { (parent.port.span, "port") };
    let near = near.and_then(|near| gateway.listeners.get(near));
    // The name of a listener whose port was written wrongly mends nothing.
    let fix = near.and_then(|near| match (by_name, parent.port.value) {
        (true, 0) => {
            let (old, new) = (&parent.section.value, &near.name.value);
            mend::text(context, written, old, new, format!("attach it to listener {new}"))
        }
        (true, _) => None,
        (false, old) => {
            let new = near.port.value;
            mend::number(context, written, &old.to_string(), new, format!("attach it to port {new}"))
        }
    });
    Finding {
        help: match (&fix, near) {
            (Some(_), Some(near)) => format!("write {}", of(near)),
            _ => "write the name of one of its listeners".to_owned(),
        },
        short: "no such listener".to_owned(),
        field: Some(format!("spec.parentRefs[{place}].{field}")),
        related: vec![Related {
            message: words::object(&gateway.meta),
            span: near.map_or_else(|| gateway.meta.head(), |near| near.name.span.unwrap_or(near.span)),
        }],
        fix,
        ..words::found(
            &RULE,
            RULE.severity,
            &route.meta,
            written.unwrap_or(parent.span),
            format!("Gateway {} has no {what}{only}", quoted(&gateway.meta.name.value)),
        )
    }
}
