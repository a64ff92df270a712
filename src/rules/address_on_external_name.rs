//! An `ExternalName` Service that also asks for an address.

use crate::finding::{Finding, Severity, Stage};

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "address-on-external-name",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service of type ExternalName has a clusterIP, clusterIPs, ipFamilies or ipFamilyPolicy.",
    why: "It is only another name for a host outside, and has no address of its own. Kubernetes refuses the \
          Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#externalname",
    check,
    fires: fixture!("address-on-external-name", "fires"),
    silent: fixture!("address-on-external-name", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| service.is_external_name()) {
        let (one, all) = (&service.cluster_ip, &service.cluster_ips);
        let policy = service.ip_family_policy.as_ref();
        for (field, key, there, span) in [
            (
                "clusterIPs",
                if all.is_empty() { "clusterIP" } else { "clusterIPs" },
                !all.is_empty() || !one.value.is_empty(),
                words::list_span(all).or(one.span),
            ),
            (
                "ipFamilies",
                "ipFamilies",
                !service.ip_families.is_empty(),
                words::list_span(&service.ip_families),
            ),
            ("ipFamilyPolicy", "ipFamilyPolicy", policy.is_some(), policy.and_then(|policy| policy.span)),
        ] {
            if there {
                findings.push(Finding {
                    help: format!("leave {key} out, or use another type"),
                    short: "has no address".to_owned(),
                    field: Some(format!("spec.{field}")),
                    ..words::found(
                        &RULE,
                        RULE.severity,
                        &service.meta,
                        span,
                        format!("{key} is set, and a Service of type ExternalName has no address"),
                    )
                });
            }
        }
    }
}
