//! Two IP families on a Service that does not ask for dual stack.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::service::Service;
use crate::source::Span;

use super::words::{self, list_span};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "two-families-single-stack",
    stage: Stage::Allocate,
    severity: Severity::Error,
    what: "ipFamilies or clusterIPs has two families, and ipFamilyPolicy is SingleStack, or is not written, which means \
           the same.",
    why: "The manifest is valid, but the API server hands out one address to a Service of a single stack, and refuses one \
          that names two families. Only a headless Service without a selector gets both by default.",
    source: "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/registry/core/service/storage/alloc.go",
    check,
    fires: fixture!("two-families-single-stack", "fires"),
    silent: fixture!("two-families-single-stack", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| !service.is_external_name()) {
        let policy = service.ip_family_policy.as_ref();
        let single = match policy {
            Some(policy) => policy.value == "SingleStack",
            None => !(service.is_only_headless() && service.selector.0.is_empty()),
        };
        let two = if has_both(service.ip_families.iter().map(|family| family.value == "IPv6")) {
            ("ipFamilies", list_span(&service.ip_families))
        } else if has_both(addresses(service).map(|ip| ip.value.contains(':'))) {
            ("clusterIPs", list_span(&service.cluster_ips))
        } else {
            continue;
        };
        if single {
            findings.push(found(service, two.0, policy.and_then(|policy| policy.span).or(two.1)));
        }
    }
}

fn found(service: &Service, field: &str, span: Option<Span>) -> Finding {
    let policy = if service.ip_family_policy.is_some() { "is SingleStack" } else { "is not written" };
    Finding {
        help: format!(
            "write ipFamilyPolicy: PreferDualStack, or RequireDualStack where both are a must; or leave one of {field} out"
        ),
        short: "single stack".to_owned(),
        field: Some("spec.ipFamilyPolicy".to_owned()),
        ..words::found(
            &RULE,
            RULE.severity,
            &service.meta,
            span,
            format!("{field} has two families, and ipFamilyPolicy {policy}"),
        )
    }
}

/// `clusterIPs`, where validation lets them pass to the allocator: beside `clusterIP`.
fn addresses(service: &Service) -> impl Iterator<Item = &Written<String>> {
    service.cluster_ips.iter().filter(|_| !service.cluster_ip.value.is_empty())
}

/// Whether there are two, one of each.
fn has_both(mut v6: impl Iterator<Item = bool>) -> bool {
    let (first, second) = (v6.next(), v6.next());
    first.is_some() && second.is_some() && first != second
}
