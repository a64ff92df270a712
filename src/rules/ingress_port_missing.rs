//! An Ingress that asks a Service for a port which it does not have.

use crate::finding::{Severity, Stage};

use super::backends::Named;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "ingress-port-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "An Ingress names a port that its Service does not have.",
    why: "A backend's port is a port of the Service, by its number or its name, and never the targetPort behind it. \
          Kubernetes accepts another one in silence, and whoever asks for the path gets an error page. A targetPort is \
          a warning, since ingress-nginx takes it and other controllers do not.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/#IngressBackend",
    check,
    fires: fixture!("ingress-port-missing", "fires"),
    silent: fixture!("ingress-port-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (ingress, route, reach) in context.routes() {
        let (Err(why), Some(named)) = (reach, Named::by_ingress(ingress, route)) else { continue };
        findings.extend(named.port_missing(&RULE, context, *why));
    }
}
