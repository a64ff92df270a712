//! A Service without a selector: Kubernetes makes no endpoints for it.

use crate::finding::{Finding, Severity, Stage};
use crate::wiring::Nobody;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "selectorless-service",
    stage: Stage::Wire,
    severity: Severity::Hint,
    what: "A Service has no selector, so it selects no pods at all, and its endpoints are written by hand.",
    why: "An absent or empty selector selects nothing, not everything. Traffic flows only where somebody writes \
          EndpointSlices for the Service and keeps them up to date.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors",
    check,
    fires: fixture!("selectorless-service", "fires"),
    silent: fixture!("selectorless-service", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (service, wired) in context.wired() {
        let meta = &service.meta;
        // The API server writes the endpoints of its own Service, which every dump holds.
        if wired.nobody != Some(Nobody::NoSelector) || service.is_of_api_server() {
            continue;
        }
        findings.push(Finding {
            help: "add a selector, or write an EndpointSlice for it".to_owned(),
            short: "no selector".to_owned(),
            field: Some("spec.selector".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                meta,
                service.selector_span,
                format!(
                    "Service {} has no selector, so Kubernetes finds no endpoints for it",
                    quoted(&meta.name.value)
                ),
            )
        });
    }
}
