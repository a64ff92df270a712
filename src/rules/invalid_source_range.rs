//! A range of client addresses that is none.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::service::{SOURCE_RANGES, Service};
use crate::names::ip::{is_cidr, parse_ip};
use crate::source::Span;

use super::words::{self, quoted};
use super::{Context, Rule, fixture};

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

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for service in context.decoded() {
        if service.source_ranges.is_empty() {
            annotation(service, findings);
            continue;
        }
        for (place, range) in service.source_ranges.iter().enumerate() {
            if let Some(message) = fault(&range.value) {
                // Kubernetes' own notation of this field begins in upper case.
                let field = format!("spec.LoadBalancerSourceRanges[{place}]");
                let span = range.span.unwrap_or_else(|| service.meta.head());
                findings.push(found(service, field, span, message, &range.value));
            }
        }
    }
}

/// The annotation counts where the field is empty; all ranges in it are one field.
fn annotation(service: &Service, findings: &mut Vec<Finding>) {
    let annotation = service.rest.annotations.label(SOURCE_RANGES);
    let Some(annotation) = annotation.filter(|annotation| !annotation.value.trim().is_empty()) else { return };
    let wrong = annotation.value.split(',').find_map(|range| fault(range).map(|message| (range, message)));
    if let Some((range, message)) = wrong {
        let field = format!("metadata.annotations[{SOURCE_RANGES}]");
        findings.push(found(service, field, annotation.span, message, range));
    }
}

fn fault(range: &str) -> Option<String> {
    let range = range.trim();
    (!is_cidr(range)).then(|| format!("source range {} is no range of addresses", quoted(range)))
}

fn found(service: &Service, field: String, span: Span, message: String, range: &str) -> Finding {
    let help = match parse_ip(range.trim()) {
        Some(ip) if ip.is_ipv4() => format!("write {}/32 for this address alone", range.trim()),
        Some(_) => format!("write {}/128 for this address alone", range.trim()),
        None => "write an address and how many of its bits count, such as 10.0.0.0/8".to_owned(),
    };
    Finding {
        help,
        short: "no valid source range".to_owned(),
        field: Some(field),
        ..words::found(&RULE, RULE.severity, &service.meta, span, message)
    }
}
