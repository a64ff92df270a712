//! A route of a Gateway that asks a Service for a port which it does not have.

use crate::finding::{Finding, Severity, Stage};

use super::backends::Named;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "route-backend-port-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A route of a Gateway names a port that its Service does not have.",
    why: "The port of a backend is a port of the Service, by its number, and never the targetPort behind it. The API server takes \
          another one in silence, and its share of the requests is answered with an error.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/object_reference_types.go",
    check,
    fires: fixture!("route-backend-port-missing", "fires"),
    silent: fixture!("route-backend-port-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for at in context.backends() {
        let (Err(why), Some(named)) = (at.reach, Named::by_route(&at)) else { continue };
        let found = named.port_missing(&RULE, context, why);
        findings.extend(found.map(|found| Finding { severity: at.severity(found.severity), ..found }));
    }
}
