//! A type that Services do not have.

use crate::finding::{Finding, Severity, Stage};

use super::choice;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unknown-service-type",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The type of a Service is none of ClusterIP, NodePort, LoadBalancer and ExternalName.",
    why: "Upper and lower case matter, and a headless Service has no type of its own: it says clusterIP: None. \
          Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
    check,
    fires: fixture!("unknown-service-type", "fires"),
    silent: fixture!("unknown-service-type", "silent"),
};

const TYPES: [&str; 4] = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let kind = &service.service_type;
        let Some(finding) = choice::one_of(context, &RULE, &service.meta, "spec.type", kind, &TYPES) else {
            continue;
        };
        let headless = ["none", "headless"].contains(&kind.value.to_ascii_lowercase().as_str());
        findings.push(if headless {
            let help = "leave type out and write clusterIP: None, which makes a Service headless".to_owned();
            Finding { help, ..finding }
        } else {
            finding
        });
    }
}
