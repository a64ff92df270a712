//! A range of client addresses that is none.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::service::{SOURCE_RANGES, Service};
use crate::names::ip::{is_cidr, parse_ip};
use crate::source::Span;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-source-range",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "One of loadBalancerSourceRanges, or of the annotation of the same meaning, is no range of addresses \
          such as 10.0.0.0/8.",
    why: "The load balancer lets in these addresses only. An address alone needs /32 behind it. Kubernetes \
          refuses the Service.",
    source: "https://kubernetes.io/docs/tasks/access-application-cluster/configure-cloud-provider-firewall/",
    check,
    fires: fixture!("invalid-source-range", "fires"),
    silent: fixture!("invalid-source-range", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        if service.source_ranges.is_empty() {
            annotation(service, findings);
            continue;
        }
        for (place, range) in service.source_ranges.iter().enumerate() {
            let text = range.value.trim();
            if !is_cidr(text) {
                let message = format!("source range {} is no range of addresses", shown(text));
                // Kubernetes' own notation of this field begins in upper case.
                let field = format!("spec.LoadBalancerSourceRanges[{place}]");
                let span = range.span;
                findings.push(found(service, field, span, message, text));
            }
        }
    }
}

/// The annotation counts where the field is empty; all ranges in it are one field, and are not quoted.
fn annotation(service: &Service, findings: &mut Findings<'_>) {
    let annotation = service.meta.rest.annotations.label(SOURCE_RANGES);
    let Some(annotation) = annotation.filter(|annotation| !annotation.value().trim().is_empty()) else { return };
    if let Some(place) = annotation.value().split(',').position(|range| !is_cidr(range.trim())) {
        let field = format!("metadata.annotations[{SOURCE_RANGES}]");
        let message = format!("source range {} of this annotation is no range of addresses", place + 1);
        findings.push(found(service, field, Some(annotation.span()), message, ""));
    }
}

fn found(service: &Service, field: String, span: Option<Span>, message: String, range: &str) -> Finding {
    let help = match parse_ip(range) {
        Some(ip) if ip.is_ipv4() => format!("write {range}/32 for this address alone"),
        Some(_) => format!("write {range}/128 for this address alone"),
        None => "write an address and how many of its bits count, such as 10.0.0.0/8".to_owned(),
    };
    Finding {
        help,
        short: "no valid source range".to_owned(),
        field: Some(field),
        ..words::found(&RULE, RULE.severity, &service.meta, span, message)
    }
}
