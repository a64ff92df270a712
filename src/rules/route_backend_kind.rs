//! A route of a Gateway that sends requests to something that takes none.

use crate::finding::{Finding, Severity, Stage};
use crate::wiring::Unreached;

use super::words::{self, quoted};
use super::{Backend, Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-backend-kind",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A backend of a route is of a kind that takes no requests, such as a Deployment, or is called a Service of a group that has none.",
    why: "Requests go to the port of a Service, or to a kind that the Gateway's implementation knows; of Kubernetes' own kinds that \
          is Service alone, whose group is written as nothing at all. Of another kind the backend is invalid (reason \
          InvalidKind), and its share of the requests is answered with an error.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/object_reference_types.go",
    check,
    fires: fixture!("route-backend-kind", "fires"),
    silent: fixture!("route-backend-kind", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let wrong = context.backends().filter(|at| at.reach == Err(Unreached::WrongKind));
    findings.extend(wrong.map(|at| finding(context, &at)));
}

fn finding(context: Context<'_>, at: &Backend<'_>) -> Finding {
    let backend = at.said;
    let (name, group, kind) = (&backend.name.value, &backend.group, &backend.kind);
    let by_group = kind.value == "Service";
    let (span, field, message, help) = if by_group {
        (
            group.span,
            "group",
            format!("no group {} has Services, so backend {} is none", quoted(&group.value), quoted(name)),
            "leave group out, or write \"\": the group of Services has no name",
        )
    } else {
        (
            kind.span,
            "kind",
            format!("backend {} is a {}, which takes no requests", quoted(name), kind.value),
            "name the Service in front of it, and leave kind and group out",
        )
    };
    let fix = span.filter(|_| by_group);
    let fix = mend::text(context, fix, &group.value, "", "write no group".to_owned());
    Finding {
        help: help.to_owned(),
        short: "not a Service".to_owned(),
        field: Some(format!("{}.{field}", backend.field)),
        fix,
        ..words::found(&RULE, at.severity(RULE.severity), &at.route.meta, span.unwrap_or(backend.span), message)
    }
}
