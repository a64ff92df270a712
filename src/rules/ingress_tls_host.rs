//! A host of an Ingress' certificate for which the Ingress has no rule.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::ingress::Ingress;
use crate::wiring::hosts::meet;

use super::words::{self, list, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "ingress-tls-host",
    stage: Stage::Wire,
    severity: Severity::Hint,
    what: "An Ingress has a certificate for a host that none of its rules is for.",
    why: "The hosts of spec.tls say which connections are encrypted with which certificate, and the rules which requests are \
          answered; a host that is in one list alone is often a slip of the other. Certificates may be shared, so it is a hint.",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
    check,
    fires: fixture!("ingress-tls-host", "fires"),
    silent: fixture!("ingress-tls-host", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for ingress in &context.cluster.ingresses {
        check_ingress(ingress, findings);
    }
}

/// The most hosts that are compared with each other.
const ENOUGH: usize = 200;

fn check_ingress(ingress: &Ingress, findings: &mut Findings<'_>) {
    let mut hosts: Vec<&str> = ingress.routes.iter().map(|route| route.host.value.as_str()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    // A rule without a host, and the default backend, answer whatever is asked for.
    if hosts.first().is_none_or(|first| first.is_empty()) || hosts.len() > ENOUGH {
        return;
    }
    for (place, covered) in ingress.tls.iter().enumerate().take(ENOUGH) {
        for (number, host) in covered.iter().enumerate().take(ENOUGH) {
            if host.value.is_empty() || hosts.iter().any(|rule| meet(rule, &host.value).is_some()) {
                continue;
            }
            let all: Vec<String> = hosts.iter().map(|host| quoted(host)).collect();
            let message = format!(
                "no rule of Ingress {} is for {}, only for {}",
                quoted(&ingress.meta.name.value),
                quoted(&host.value),
                list(&all)
            );
            findings.push(Finding {
                help: "write a host that a rule is for, or add a rule for this one".to_owned(),
                short: "no rule for this host".to_owned(),
                field: Some(format!("spec.tls[{place}].hosts[{number}]")),
                ..words::found(&RULE, RULE.severity, &ingress.meta, host.span, message)
            });
        }
    }
}
