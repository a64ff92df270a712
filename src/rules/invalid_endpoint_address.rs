//! An address in an `EndpointSlice` or Endpoints that Kubernetes refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::endpoint_slice::EndpointSlice;
use crate::names::ip::{parse_ip, reserved_for};

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-endpoint-address",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "An address of an EndpointSlice or of Endpoints is no address, one of another addressType, or reserved.",
    why: "A slice has addresses of one family alone, as its addressType says. Addresses that mean the node or nobody, \
          such as 127.0.0.1 and 169.254.0.0/16, are refused, so that no Service leads to what only a node should reach.",
    source: "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/discovery/validation/validation.go",
    check,
    fires: fixture!("invalid-endpoint-address", "fires"),
    silent: fixture!("invalid-endpoint-address", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    let mut subset = 0;
    let mut before: Option<&EndpointSlice> = None;
    for slice in &context.cluster.slices {
        let is_subset = slice.meta.kind == "Endpoints";
        let same = |before: &EndpointSlice| is_subset && before.meta.span == slice.meta.span;
        subset = if before.is_some_and(same) { subset + 1 } else { 0 };
        before = Some(slice);
        if slice.address_type.value == "FQDN" || !undecoded.have_not(&slice.meta) {
            continue;
        }
        for (place, endpoint) in slice.endpoints.iter().enumerate() {
            if endpoint.addresses.is_empty() && !is_subset {
                findings.push(Finding {
                    help: "write at least one address, or leave the endpoint out".to_owned(),
                    short: "no address".to_owned(),
                    field: Some(format!("endpoints[{place}].addresses")),
                    ..words::found(
                        &RULE,
                        RULE.severity,
                        &slice.meta,
                        endpoint.span,
                        "endpoint has no address".to_owned(),
                    )
                });
            }
            for (at, address) in endpoint.addresses.iter().enumerate() {
                let Some(fault) = fault(slice, &address.value) else { continue };
                let field = if is_subset {
                    let list = if endpoint.ready { "addresses" } else { "notReadyAddresses" };
                    let alike = slice.endpoints[..place].iter().filter(|other| other.ready == endpoint.ready);
                    format!("subsets[{subset}].{list}[{}].ip", alike.count())
                } else {
                    format!("endpoints[{place}].addresses[{at}]")
                };
                findings.push(Finding {
                    help: "write the address on which the endpoint is reached from the nodes".to_owned(),
                    short: "no valid address".to_owned(),
                    field: Some(field),
                    ..words::found(
                        &RULE,
                        RULE.severity,
                        &slice.meta,
                        address.span.unwrap_or(endpoint.span),
                        format!("address {} {fault}", shown(&address.value)),
                    )
                });
            }
        }
    }
}

fn fault(slice: &EndpointSlice, address: &str) -> Option<&'static str> {
    let Some(ip) = parse_ip(address) else { return Some("is none") };
    match slice.address_type.value.as_str() {
        "IPv4" if address.contains(':') => Some("is no IPv4 address, which the slice's addressType asks for"),
        "IPv6" if !address.contains(':') => Some("is no IPv6 address, which the slice's addressType asks for"),
        _ => reserved_for(ip),
    }
}
