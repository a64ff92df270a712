//! An IP family, or a policy for them, that does not exist.

use rustc_hash::FxHashSet;

use crate::finding::{Finding, Severity, Stage};

use super::words::{self, shown};
use super::choice;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-ip-family",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "ipFamilies has something else than IPv4 and IPv6, or one of them twice, or ipFamilyPolicy is \
          unknown.",
    why: "They decide which addresses the Service gets, and with them which pods' addresses answer. Kubernetes \
          refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/dual-stack/#services",
    check,
    fires: fixture!("invalid-ip-family", "fires"),
    silent: fixture!("invalid-ip-family", "silent"),
};

const POLICIES: [&str; 3] = ["SingleStack", "PreferDualStack", "RequireDualStack"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| !service.is_external_name()) {
        let (meta, families) = (&service.meta, &service.ip_families);
        let mut seen = FxHashSet::default();
        for (place, family) in families.iter().enumerate() {
            let field = format!("spec.ipFamilies[{place}]");
            let unknown = choice::one_of(context, &RULE, meta, &field, family, &["IPv4", "IPv6"]);
            if let Some(unknown) = unknown {
                findings.push(unknown);
            } else if !seen.insert(family.value.as_str()) {
                findings.push(Finding {
                    help: "leave one of them out".to_owned(),
                    short: "family is there twice".to_owned(),
                    field: Some(field),
                    ..words::found(
                        &RULE,
                        RULE.severity,
                        meta,
                        family.span,
                        format!("ipFamilies has {} twice", shown(&family.value)),
                    )
                });
            }
        }
        if let Some(policy) = &service.ip_family_policy {
            findings.extend(choice::one_of(context, &RULE, meta, "spec.ipFamilyPolicy", policy, &POLICIES));
        }
    }
}
