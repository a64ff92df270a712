//! An `ExternalName` Service that names an address.

use crate::finding::{Finding, Severity, Stage};
use crate::names::ip::parse_ip;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "external-name-address",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "The externalName of a Service is an IP address.",
    why: "Kubernetes accepts the digits of an IPv4 address, and takes them for a DNS name that is made of digits: the \
          cluster's DNS answers with an alias that resolves to nothing. A Service without a selector and an EndpointSlice, \
          or a headless one, is the way to an address.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#externalname",
    check,
    fires: fixture!("external-name-address", "fires"),
    silent: fixture!("external-name-address", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| service.is_external_name()) {
        let written = &service.external_name;
        let name = written.value.strip_suffix('.').unwrap_or(&written.value);
        // What has a colon in it is no DNS name, and refused.
        if parse_ip(name).is_none_or(|_| name.contains(':')) {
            continue;
        }
        findings.push(Finding {
            help: "write a DNS name, or drop type and externalName and list the address in an EndpointSlice"
                .to_owned(),
            short: "an address is no name".to_owned(),
            field: Some("spec.externalName".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                written.span,
                format!("externalName {} is looked up as a name made of digits, not as an address", quoted(&written.value)),
            )
        });
    }
}
