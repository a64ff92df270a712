//! An Ingress that sends requests to a Service which is not there.

use crate::finding::{Severity, Stage};

use super::backends::Named;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "ingress-service-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "An Ingress names a Service that its own namespace does not have in this upload.",
    why: "Kubernetes accepts such an Ingress, and whoever asks for the path gets an error page. It is an error where the \
          upload shows what was probably meant (a Service of nearly that name, or one in another namespace, which an \
          Ingress cannot reach), a warning where the namespace has other Services in the upload, and a hint where it has \
          none: then this one may well be in the cluster.",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",
    check,
    fires: fixture!("ingress-service-missing", "fires"),
    silent: fixture!("ingress-service-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (ingress, route, reach) in context.routes() {
        let (Err(why), Some(named)) = (reach, Named::by_ingress(ingress, route)) else { continue };
        findings.extend(named.service_missing(&RULE, context, *why));
    }
}
