//! An `ExternalName` Service without a host to stand for.

use crate::finding::{Finding, Severity, Stage};
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-external-name",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The externalName of an ExternalName Service is missing, or no lower-case DNS name.",
    why: "The cluster's DNS answers with that name, so it has to be one: no port, no URL, no upper case. \
          Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#externalname",
    check,
    fires: fixture!("invalid-external-name", "fires"),
    silent: fixture!("invalid-external-name", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| service.is_external_name()) {
        let written = &service.external_name;
        let text = written.value.as_str();
        // A dot at the end says that the name is whole.
        let name = text.strip_suffix('.').unwrap_or(text);
        let message = if name.is_empty() {
            "this Service is of type ExternalName and has no externalName".to_owned()
        } else if let Some(fault) = syntax::dns_subdomain_fault(name) {
            format!("externalName {} {}", shown(text), words::fault(fault))
        } else {
            continue;
        };
        let span = written.span.or(service.service_type.span);
        // DNS takes upper and lower case for the same.
        let lower = text.to_ascii_lowercase();
        let sound = syntax::dns_subdomain_fault(lower.strip_suffix('.').unwrap_or(&lower)).is_none();
        let title = format!("write {}", shown(&lower));
        findings.push(Finding {
            help: "write the DNS name of the host in lower case, without a port, such as db.example.com".to_owned(),
            short: "no valid externalName".to_owned(),
            field: Some("spec.externalName".to_owned()),
            fix: sound.then(|| mend::text(context, written.span, text, &lower, title)).flatten(),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                span,
                message,
            )
        });
    }
}
