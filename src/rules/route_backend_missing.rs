//! A route of a Gateway that sends requests to a Service which is not there.

use crate::finding::{Finding, Severity, Stage};

use super::backends::Named;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-backend-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A route of a Gateway names a Service that its namespace does not have in this upload.",
    why: "The route stays, and its share of the requests is answered with an error: status 500 by an HTTPRoute, UNAVAILABLE by a \
          GRPCRoute, a refused connection by the others. It is an error where the upload shows what was probably meant (a \
          Service of nearly that name, or one in another namespace), a warning where the namespace has other Services in \
          the upload, and a hint where it has none: then this one may well be in the cluster.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/httproute_types.go",
    check,
    fires: fixture!("route-backend-missing", "fires"),
    silent: fixture!("route-backend-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for at in context.backends() {
        let (Err(why), Some(named)) = (at.reach, Named::by_route(&at)) else { continue };
        let found = named.service_missing(&RULE, context, why);
        findings.extend(found.map(|found| Finding { severity: at.severity(found.severity), ..found }));
    }
}
