//! A load balancer class that is not well formed.

use crate::finding::{Finding, Severity, Stage};
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-load-balancer-class",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The loadBalancerClass of a Service is no name: letters, digits, hyphens, underscores and dots, with \
          a DNS name and a slash before at most.",
    why: "It picks the controller that makes the load balancer. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class",
    check,
    fires: fixture!("invalid-load-balancer-class", "fires"),
    silent: fixture!("invalid-load-balancer-class", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| service.service_type.value == "LoadBalancer") {
        let Some(class) = &service.load_balancer_class else { continue };
        let Some(fault) = syntax::qualified_name_fault(&class.value) else { continue };
        findings.push(Finding {
            help: "write a name such as example.com/internal, or leave loadBalancerClass out".to_owned(),
            short: "no valid class".to_owned(),
            field: Some("spec.loadBalancerClass".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                class.span,
                format!("loadBalancerClass {} {}", shown(&class.value), words::fault(fault)),
            )
        });
    }
}
