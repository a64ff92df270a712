//! A pod's hostname or subdomain that no DNS name can have.

use crate::finding::{Finding, Severity, Stage};
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture, pods, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-hostname",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The hostname or subdomain of a pod is no DNS label: a-z, 0-9 and hyphens, at most 63.",
    why: "Together they are the pod's own DNS name below a Service. Kubernetes refuses the pod, or the workload that would make \
          it.",
    source: "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-hostname-and-subdomain-field",
    check,
    fires: fixture!("invalid-hostname", "fires"),
    silent: fixture!("invalid-hostname", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for written in pods::decoded(context) {
        for (field, name) in [("hostname", &written.spec.rest.hostname), ("subdomain", &written.spec.rest.subdomain)] {
            let text = name.value.as_str();
            let Some(fault) = syntax::dns_label_fault(text).filter(|_| !text.is_empty()) else { continue };
            findings.push(Finding {
                help: "use a-z, 0-9 and -, with a letter or digit at both ends and at most 63 of them".to_owned(),
                short: format!("no valid {field}"),
                field: written.field(field),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    written.meta,
                    name.span,
                    format!("{field} {} {}", shown(text), words::fault(fault)),
                )
            });
        }
    }
}
