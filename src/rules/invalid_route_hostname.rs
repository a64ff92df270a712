//! A host name of a route or a listener that the API server refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::meta::Meta;
use crate::names::syntax::dns_subdomain_fault;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-route-hostname",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A host name of a Gateway's route or listener is no DNS name.",
    why: "A host name is a DNS name in lower case, of which the first label alone may be *; it has no scheme, no port and no \
          path. The API server refuses the object.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/shared_types.go",
    check,
    fires: fixture!("invalid-route-hostname", "fires"),
    silent: fixture!("invalid-route-hostname", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for gateway in context.cluster.gateways.iter().filter(|gateway| undecoded.have_not(&gateway.meta)) {
        for (place, listener) in gateway.listeners.iter().enumerate() {
            // Listeners may leave it empty, for any host.
            let host = Some(&listener.hostname).filter(|host| !host.value.is_empty());
            let field = || format!("spec.listeners[{place}].hostname");
            findings.extend(host.and_then(|host| finding(&gateway.meta, host, field)));
        }
    }
    for route in context.cluster.gateway_routes.iter().filter(|route| undecoded.have_not(&route.meta)) {
        for (place, host) in route.hostnames.iter().enumerate() {
            findings.extend(finding(&route.meta, host, || format!("spec.hostnames[{place}]")));
        }
    }
}

fn finding(meta: &Meta, host: &Written<String>, field: impl FnOnce() -> String) -> Option<Finding> {
    let name = host.value.strip_prefix("*.").unwrap_or(&host.value);
    let fault = words::fault(dns_subdomain_fault(name)?);
    Some(Finding {
        help: "write a DNS name without scheme, port and path; only the first label may be *".to_owned(),
        short: "refused host name".to_owned(),
        field: Some(field()),
        ..words::found(&RULE, RULE.severity, meta, host.span, format!("host name {} {fault}", shown(&host.value)))
    })
}
