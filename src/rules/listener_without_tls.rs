//! A listener for HTTPS or TLS that says nothing of TLS.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::gateway::Speaks;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "listener-without-tls",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "A listener of protocol HTTPS or TLS has no tls.",
    why: "Gateway API asks for the field with these protocols. The API server does not check it, but without a certificate, or \
          the mode Passthrough, an implementation has nothing to serve and reports the listener as invalid.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/gateway_types.go",
    check,
    fires: fixture!("listener-without-tls", "fires"),
    silent: fixture!("listener-without-tls", "silent"),
};

/// An annotation of Google's Gateways that names certificates in the place of `tls`.
///
/// <https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway#secure-using-certificate-manager>
const CERTIFICATES: &str = "networking.gke.io/certmap";

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for gateway in &context.cluster.gateways {
        if gateway.meta.rest.annotations.get(CERTIFICATES).is_some() {
            continue;
        }
        for (place, listener) in gateway.listeners.iter().enumerate() {
            if listener.tls.is_some() || !matches!(listener.speaks(), Speaks::Https | Speaks::Tls) {
                continue;
            }
            let (name, protocol) = (quoted(&listener.name.value), &listener.protocol);
            findings.push(Finding {
                help: "write tls with the certificateRefs of the listener".to_owned(),
                short: "no tls".to_owned(),
                field: Some(format!("spec.listeners[{place}].tls")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &gateway.meta,
                    protocol.span.unwrap_or(listener.span),
                    format!("listener {name} of protocol {} has no tls", protocol.value),
                )
            });
        }
    }
}
