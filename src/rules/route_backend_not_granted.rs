//! A route of a Gateway that sends requests into another namespace, which has not agreed.

use crate::cluster::Cluster;
use crate::finding::{Finding, Related, Severity, Stage};
use crate::wiring::Unreached;

use super::words::{self, quoted};
use super::{Backend, Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-backend-not-granted",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A backend of a route is a Service of another namespace, and no ReferenceGrant of that namespace lets the route name it.",
    why: "Without a grant the reference is refused (reason RefNotPermitted), and its share of the requests is answered with an \
          error. It is an error where the upload has grants of that namespace, which do not allow it, and a warning where it \
          has none.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1beta1/referencegrant_types.go",
    check,
    fires: fixture!("route-backend-not-granted", "fires"),
    silent: fixture!("route-backend-not-granted", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for at in context.backends() {
        if let Err(Unreached::NotGranted(service)) = at.reach {
            findings.push(finding(context.cluster, &at, service));
        }
    }
}

fn finding(cluster: &Cluster, at: &Backend<'_>, service: usize) -> Finding {
    let (route, backend) = (at.route, at.said);
    let (name, namespace) = (&backend.name.value, &backend.namespace.value);
    let (kind, from) = (&route.meta.kind, &route.meta.namespace);
    let grant = cluster.grants_in(namespace).next();
    let severity = if grant.is_some() { Severity::Error } else { Severity::Warning };
    let service = &cluster.services[service].meta;
    let mut related = vec![Related { message: words::object(service), span: service.head() }];
    related.extend(
        grant.map(|grant| Related { message: words::object(&grant.meta), span: grant.meta.head() }),
    );
    Finding {
        help: format!(
            "let a ReferenceGrant of namespace {} say from: {kind} of namespace {}, to: Service {}",
            quoted(namespace),
            quoted(from),
            quoted(name)
        ),
        short: "no ReferenceGrant".to_owned(),
        field: Some(format!("{}.namespace", backend.field)),
        related,
        ..words::found(
            &RULE,
            at.severity(severity),
            &route.meta,
            backend.namespace.span.unwrap_or(backend.span),
            format!(
                "no ReferenceGrant of namespace {} in this upload lets {kind}s of namespace {} name Service {}",
                quoted(namespace),
                quoted(from),
                quoted(name)
            ),
        )
    }
}
