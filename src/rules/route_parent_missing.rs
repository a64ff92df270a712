//! A route whose Gateway is not there.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::gateway_route::{GatewayRoute, ParentRef};
use crate::wiring::{Elsewhere, Parent, Refusal};

use super::words::{self, quoted, scalar};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-parent-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A route names a Gateway that is not in this upload, or none at all.",
    why: "Requests come in by the Gateways that a route names as its parents, looked for in its own namespace unless it says another \
          one. It is an error where the upload shows what was probably meant (a Gateway of nearly that name, or one of that \
          name in another namespace), and a hint where it has none: then this one may well be in the cluster.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/shared_types.go",
    check,
    fires: fixture!("route-parent-missing", "fires"),
    silent: fixture!("route-parent-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (route, place, parent, became) in context.parents() {
        findings.extend(finding(context, route, place, parent, became));
    }
    let without = context.cluster.gateway_routes.iter().filter(|route| route.parents.is_empty());
    findings.extend(without.filter(|route| !route.takes_default).map(orphan));
}

fn orphan(route: &GatewayRoute) -> Finding {
    let meta = &route.meta;
    Finding {
        help: "write parentRefs: with the name of a Gateway".to_owned(),
        short: "no Gateway is named".to_owned(),
        field: Some("spec.parentRefs".to_owned()),
        ..words::found(
            &RULE,
            Severity::Warning,
            meta,
            None,
            format!("{} names no Gateway, so no request takes it", words::object(meta)),
        )
    }
}

fn finding(
    context: Context<'_>,
    route: &GatewayRoute,
    place: usize,
    parent: &ParentRef,
    became: &Parent,
) -> Option<Finding> {
    let cluster = context.cluster;
    let name = &parent.name;
    let own = parent.namespace.value.is_empty();
    let namespace = if own { route.meta.namespace.as_str() } else { &parent.namespace.value };
    let span = name.span.unwrap_or(parent.span);
    let found = |severity, message: String, help: String, short: String| Finding {
        help,
        short,
        field: Some(format!("spec.parentRefs[{place}].name")),
        ..words::found(&RULE, severity, &route.meta, span, message)
    };
    let related = |id: usize| {
        let meta = &cluster.gateways[id].meta;
        vec![Related { message: words::object(meta), span: meta.head() }]
    };
    Some(match became {
        Parent::Elsewhere(Elsewhere::Gateway) => found(
            Severity::Hint,
            format!("Gateway {} of namespace {} is not in this upload", quoted(&name.value), quoted(namespace)),
            format!("upload the Gateway together with the {}", route.meta.kind),
            "not in this upload".to_owned(),
        ),
        Parent::Refused(Refusal::NoSuchGateway(id)) => {
            let text = &cluster.gateways[*id].meta.name.value;
            let message = format!(
                "no Gateway of namespace {} is named {}, but one is named {}",
                quoted(namespace),
                quoted(&name.value),
                quoted(text)
            );
            Finding {
                related: related(*id),
                fix: mend::text(context, name.span, &name.value, text, format!("attach it to {text}")),
                ..found(Severity::Error, message, format!("write {}", quoted(text)), format!("did you mean {text}?"))
            }
        }
        Parent::Refused(Refusal::OtherNamespace(id)) => {
            let gateway = &cluster.gateways[*id];
            let other = &gateway.meta.namespace;
            // Where one of them says no namespace, kubectl or Kustomize may give both the same.
            let says = !own || route.meta.namespace_span.is_some();
            let both = says && gateway.meta.namespace_span.is_some();
            let message = format!(
                "Gateway {} is in namespace {}, not in {}",
                quoted(&name.value),
                quoted(other),
                quoted(namespace)
            );
            let severity = if both { Severity::Error } else { Severity::Warning };
            Finding {
                related: related(*id),
                ..found(
                    severity,
                    message,
                    format!("write namespace: {} beside the name", scalar(other)),
                    format!("it is in {other}"),
                )
            }
        }
        _ => return None,
    })
}
