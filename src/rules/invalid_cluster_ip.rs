//! A virtual IP that a Service cannot have.

use core::net::IpAddr;

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::service::Service;
use crate::names::ip::parse_ip;
use crate::source::Span;

use super::words::{self, shown};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-cluster-ip",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "clusterIP or clusterIPs has something that is no address, or the two do not fit together or with \
          ipFamilies.",
    why: "A Service has one virtual IP of each family at most, the first of them in clusterIP too, or None \
          alone. Kubernetes refuses others.",
    source: "https://kubernetes.io/docs/concepts/services-networking/dual-stack/#services",
    check,
    fires: fixture!("invalid-cluster-ip", "fires"),
    silent: fixture!("invalid-cluster-ip", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded().filter(|service| !service.is_external_name()) {
        together(service, findings);
        // What is no address, or None beside one, is neither of a family nor of two.
        let all: Vec<&str> = match service.cluster_ips.as_slice() {
            [] => Some(service.cluster_ip.value.as_str()).filter(|ip| !ip.is_empty()).into_iter().collect(),
            all => all.iter().map(|ip| ip.value.as_str()).collect(),
        };
        if addresses(context, service, &all, findings) {
            families(service, &all, findings);
        }
    }
}

/// Whether `clusterIP` is the first of `clusterIPs`, which has two at most.
fn together(service: &Service, findings: &mut Findings<'_>) {
    let (one, all) = (&service.cluster_ip, &service.cluster_ips);
    let Some(first) = all.first() else { return };
    if one.value.is_empty() {
        let message = "clusterIPs is set, and clusterIP is not".to_owned();
        findings.push(of_list(service, message, "write the first of clusterIPs into clusterIP too, or leave both out"));
    } else if first.value != one.value {
        let message =
            format!("clusterIP is {}, and clusterIPs begins with {}", shown(&one.value), shown(&first.value));
        findings.push(of_list(service, message, "write the same address in both, or leave clusterIPs out"));
    }
    if all.len() > 2 {
        let message = format!("clusterIPs has {} addresses", all.len());
        findings.push(of_list(service, message, "keep two at most: one for IPv4 and one for IPv6"));
    }
}

/// Whether all are addresses, or the only one is `None`.
fn addresses(context: Context<'_>, service: &Service, all: &[&str], findings: &mut Findings<'_>) -> bool {
    let mut good = true;
    for (place, text) in all.iter().enumerate() {
        if place == 0 && *text == "None" {
            if all.len() > 1 {
                good = false;
                let message = "clusterIPs has None and addresses".to_owned();
                findings.push(of_list(service, message, "keep None alone for a headless Service, or leave it out"));
            }
        } else if parse_ip(text).is_none() {
            good = false;
            let headless = text.eq_ignore_ascii_case("none");
            let help = if headless {
                "write None, with an upper-case N, and nothing beside it"
            } else {
                "write an address such as 10.96.0.10, None for a headless Service, or leave it out for one of the cluster's"
            };
            let message = format!("clusterIP {} is no address", shown(text));
            // With the other types None is refused as well.
            let sure = headless && service.cluster_ips.is_empty() && service.service_type.value == "ClusterIP";
            let title = "make the Service headless".to_owned();
            let fix = sure.then(|| mend::text(context, service.cluster_ip.span, text, "None", title));
            findings.push(Finding { fix: fix.flatten(), ..of_one(service, place, message, help) });
        }
    }
    good
}

/// Whether there is one address of each family at most, and in the order of `ipFamilies`.
fn families(service: &Service, all: &[&str], findings: &mut Findings<'_>) {
    let v6: Vec<bool> = all.iter().map(|ip| matches!(parse_ip(ip), Some(IpAddr::V6(_)))).collect();
    if all.len() > 1 && v6.iter().all(|six| *six == v6[0]) {
        let message = format!("clusterIPs has {} addresses of one family", all.len());
        findings.push(of_list(service, message, "keep one for IPv4 and one for IPv6 at most"));
    }
    if service.is_only_headless() {
        return;
    }
    for (place, ((text, six), family)) in all.iter().zip(v6).zip(&service.ip_families).enumerate() {
        let wrong = match family.value.as_str() {
            "IPv4" => six,
            "IPv6" => !six,
            _ => false,
        };
        if wrong {
            let message = format!("clusterIP {} is not of the family {}, as ipFamilies says", shown(text), family.value);
            findings.push(of_one(service, place, message, "put ipFamilies into the order of the addresses, or leave it out"));
        }
    }
}

fn of_list(service: &Service, message: String, help: &str) -> Finding {
    let span = words::list_span(&service.cluster_ips).or(service.cluster_ip.span);
    found(service, "spec.clusterIPs".to_owned(), span, message, help)
}

fn of_one(service: &Service, place: usize, message: String, help: &str) -> Finding {
    let span = service.cluster_ips.get(place).unwrap_or(&service.cluster_ip).span;
    found(service, format!("spec.clusterIPs[{place}]"), span, message, help)
}

fn found(service: &Service, field: String, span: Option<Span>, message: String, help: &str) -> Finding {
    Finding {
        help: help.to_owned(),
        short: "no valid clusterIP".to_owned(),
        field: Some(field),
        ..words::found(
            &RULE,
            RULE.severity,
            &service.meta,
            span,
            message,
        )
    }
}
