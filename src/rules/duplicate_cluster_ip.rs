//! One cluster IP asked for by two Services.

use core::net::IpAddr;

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::Service;
use crate::names::ip::parse_ip;
use crate::source::Span;

use super::overlays::siblings;
use super::words::{self, quoted, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "duplicate-cluster-ip",
    stage: Stage::Allocate,
    severity: Severity::Error,
    what: "Two Services ask for the same cluster IP.",
    why: "A cluster IP goes to whoever asks first: the other Service is refused. Services of sibling overlays may be \
          meant for different clusters, which is a hint.",
    source: "https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/",
    check,
    fires: fixture!("duplicate-cluster-ip", "fires"),
    silent: fixture!("duplicate-cluster-ip", "silent"),
};

/// Who asks for an address.
type Claim<'c> = (&'c Service, Span);

/// How many claims on one address are looked at for a likely rival.
const RIVALS: usize = 16;

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let mut claims: FxHashMap<IpAddr, Vec<Claim<'_>>> = FxHashMap::default();
    for service in context.decoded().filter(|service| !service.is_external_name()) {
        let all = match service.cluster_ips.as_slice() {
            [] => core::slice::from_ref(&service.cluster_ip),
            all => all,
        };
        for written in all {
            let Some(ip) = parse_ip(&written.value) else { continue };
            let claim = (service, written.span.unwrap_or_else(|| service.meta.head()));
            let others = claims.entry(ip).or_default();
            // The same address twice in one Service is two of one family, which validation refuses.
            let mut rivals = others.iter().filter(|other| !std::ptr::eq(other.0, service));
            let first = rivals.clone().next();
            let rival = rivals.find(|other| !siblings(context, named(**other), named(claim))).or(first).copied();
            findings.extend(rival.map(|rival| twice(context, &written.value, claim, rival)));
            if others.len() < RIVALS {
                others.push(claim);
            }
        }
    }
}

fn named((service, span): Claim<'_>) -> (Span, &str) {
    (span, &service.meta.name.value)
}

fn twice(context: Context<'_>, ip: &str, claim: Claim<'_>, rival: Claim<'_>) -> Finding {
    let other = &rival.0.meta;
    let who = format!("Service {} of namespace {}", quoted(&other.name.value), quoted(&other.namespace));
    let message = format!("cluster IP {} is asked for by {who} too", shown(ip));
    let (severity, message, help) = if siblings(context, named(rival), named(claim)) {
        let file = quoted(context.file_name(rival.1));
        let help = "nothing, if the two go to different clusters; else leave the address out";
        (Severity::Hint, format!("{message}, in the sibling overlay {file}"), help)
    } else {
        (Severity::Error, message, "leave the address out and let the cluster choose, or write another")
    };
    Finding {
        help: help.to_owned(),
        short: "cluster IP is taken".to_owned(),
        field: Some("spec.clusterIPs".to_owned()),
        related: vec![Related { message: who, span: rival.1 }],
        ..words::found(&RULE, severity, &claim.0.meta, claim.1, message)
    }
}
