//! A session affinity that Services do not have.

use crate::finding::{Finding, Severity, Stage};

use super::{choice, words, Findings};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-session-affinity",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "sessionAffinity is neither None nor ClientIP, or its timeout is not from 1 to 86400 seconds.",
    why: "Clients stay with one pod by their address or not at all, and for a day at most; cookies are an \
          Ingress's business. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity",
    check,
    fires: fixture!("invalid-session-affinity", "fires"),
    silent: fixture!("invalid-session-affinity", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let Some(affinity) = &service.session_affinity else { continue };
        let (meta, words) = (&service.meta, ["None", "ClientIP"]);
        findings.extend(choice::one_of(context, &RULE, meta, "spec.sessionAffinity", affinity, &words));
        let timeout = service.session_affinity_timeout.as_ref().filter(|_| affinity.value == "ClientIP");
        if let Some(timeout) = timeout.filter(|timeout| !(1..=86_400).contains(&timeout.value)) {
            findings.push(Finding {
                help: "write seconds from 1 to 86400, or leave timeoutSeconds out for three hours".to_owned(),
                short: "no valid timeout".to_owned(),
                field: Some("spec.sessionAffinityConfig.clientIP.timeoutSeconds".to_owned()),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    meta,
                    timeout.span,
                    format!("timeoutSeconds is {}, and affinity lasts from 1 to 86400 seconds", timeout.value),
                )
            });
        }
    }
}
