//! A traffic policy that does not exist.

use crate::finding::{Severity, Stage};

use super::choice;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-traffic-policy",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "externalTrafficPolicy or internalTrafficPolicy is neither Cluster nor Local, or trafficDistribution \
          is unknown.",
    why: "They decide which endpoints take traffic: all, those of the same node, or those that are near. \
          Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-policies",
    check,
    fires: fixture!("invalid-traffic-policy", "fires"),
    silent: fixture!("invalid-traffic-policy", "silent"),
};

const POLICIES: &[&str] = &["Cluster", "Local"];
const DISTRIBUTIONS: &[&str] = &["PreferClose", "PreferSameZone", "PreferSameNode"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        // Where nobody comes from outside, no external policy would be right.
        let external =
            service.external_traffic_policy.as_ref().filter(|_| service.is_externally_accessible());
        for (field, written, words) in [
            ("spec.externalTrafficPolicy", external, POLICIES),
            ("spec.internalTrafficPolicy", service.internal_traffic_policy.as_ref(), POLICIES),
            ("spec.trafficDistribution", service.traffic_distribution.as_ref(), DISTRIBUTIONS),
        ] {
            let finding =
                written.and_then(|text| choice::one_of(context, &RULE, &service.meta, field, text, words));
            findings.extend(finding);
        }
    }
}
