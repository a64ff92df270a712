//! A setting of load balancers on a Service that has none.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::service::SOURCE_RANGES;
use crate::labels::Label;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "load-balancer-field-on-other-type",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service that is not of type LoadBalancer has loadBalancerClass, loadBalancerSourceRanges (or the \
          annotation of the same meaning) or allocateLoadBalancerNodePorts.",
    why: "No load balancer would heed it; source ranges in particular would keep nobody out. Kubernetes \
          refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",
    check,
    fires: fixture!("load-balancer-field-on-other-type", "fires"),
    silent: fixture!("load-balancer-field-on-other-type", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| service.service_type.value != "LoadBalancer") {
        let (ranges, class) = (&service.source_ranges, service.load_balancer_class.as_ref());
        let annotation = service.meta.rest.annotations.label(SOURCE_RANGES).filter(|_| ranges.is_empty());
        let allocate = service.allocate_node_ports.as_ref();
        let kind = &service.service_type.value;
        for (key, field, there, span) in [
            (
                "loadBalancerSourceRanges",
                // Kubernetes' own notation of this field begins in upper case.
                "spec.LoadBalancerSourceRanges".to_owned(),
                !ranges.is_empty(),
                words::list_span(ranges),
            ),
            (
                "the annotation for source ranges",
                format!("metadata.annotations[{SOURCE_RANGES}]"),
                annotation.is_some(),
                annotation.map(Label::key_span),
            ),
            (
                "allocateLoadBalancerNodePorts",
                "spec.allocateLoadBalancerNodePorts".to_owned(),
                allocate.is_some(),
                allocate.and_then(|allocate| allocate.span),
            ),
            (
                "loadBalancerClass",
                "spec.loadBalancerClass".to_owned(),
                class.is_some(),
                class.and_then(|class| class.span),
            ),
        ] {
            if there {
                findings.push(Finding {
                    help: format!("leave {key} out, or write type: LoadBalancer"),
                    short: "no load balancer".to_owned(),
                    field: Some(field),
                    ..words::found(
                        &RULE,
                        RULE.severity,
                        &service.meta,
                        span,
                        format!("{key} is set, and this Service is of type {kind}, not LoadBalancer"),
                    )
                });
            }
        }
    }
}
