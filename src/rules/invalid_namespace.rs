//! A Service in a namespace that cannot be.

use crate::finding::{Finding, Severity, Stage};
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-namespace",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The namespace of a Service is no DNS label: a-z, 0-9 and hyphens, at most 63.",
    why: "No namespace can have such a name, so Kubernetes refuses whatever is in it.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    check,
    fires: fixture!("invalid-namespace", "fires"),
    silent: fixture!("invalid-namespace", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let namespace = &service.meta.namespace;
        let Some(fault) = syntax::dns_label_fault(namespace) else { continue };
        findings.push(Finding {
            help: "use a-z, 0-9 and -, with a letter or digit at both ends and at most 63 of them".to_owned(),
            short: "no valid namespace".to_owned(),
            field: Some("metadata.namespace".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                service.meta.namespace_span,
                format!("namespace {} {}", shown(namespace), words::fault(fault)),
            )
        });
    }
}
