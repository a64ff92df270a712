//! What a cluster's own slices list, where it is not what the selector picks among the Pods of the same dump.

use std::collections::BTreeMap;

use crate::cluster::State;
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::endpoint_slice::EndpointSlice;
use crate::wiring::{Nobody, ServiceWiring};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "endpoints-differ-from-selector",
    stage: Stage::Wire,
    severity: Severity::Hint,
    what: "The upload was taken from a cluster, and there the EndpointSlices of a Service list other addresses than its \
           selector picks.",
    why: "The control plane keeps these slices. Where they differ from the Pods of the upload, the cluster moved on \
          between the two, or some of the Pods are not in the upload. What is drawn is what the selector picks.",
    source: "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#management",
    check,
    fires: fixture!("endpoints-differ-from-selector", "fires"),
    silent: fixture!("endpoints-differ-from-selector", "silent"),
};

/// Addresses, and whether they are ready.
type Ready<'c> = BTreeMap<&'c str, bool>;

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let cluster = context.cluster;
    if cluster.state != State::Observed || cluster.slices.is_empty() {
        return;
    }
    for (service, wired) in context.wired() {
        let meta = &service.meta;
        let slices = cluster.slices_of(&meta.namespace, &meta.name.value).iter();
        let slices: Vec<&EndpointSlice> =
            slices.map(|id| &cluster.slices[*id as usize]).filter(|slice| slice.is_of_selector()).collect();
        // Without the Pods there is nothing to compare with.
        let unknown = matches!(wired.nobody, Some(Nobody::OutsideUpload | Nobody::ExternalName));
        if slices.is_empty() || unknown || service.selector.0.is_empty() {
            continue;
        }
        let differences = differences(&picked(wired), &listed(&slices));
        if differences.is_empty() {
            continue;
        }
        let related = slices.iter().take(4);
        let related =
            related.map(|slice| Related { message: words::object(&slice.meta), span: slice.meta.head() });
        findings.push(Finding {
            help: "dump Services, Pods and EndpointSlices once more, all at once".to_owned(),
            short: "slices differ".to_owned(),
            field: Some("spec.selector".to_owned()),
            related: related.collect(),
            ..words::found(
                &RULE,
                RULE.severity,
                meta,
                service.selector_span,
                format!(
                    "the EndpointSlices of Service {} differ from what its selector picks: {}",
                    quoted(&meta.name.value),
                    words::list(&differences)
                ),
            )
        });
    }
}

/// What the selector gives.
fn picked(wired: &ServiceWiring) -> Ready<'_> {
    let reached = wired.ports.iter().flat_map(|port| &port.endpoints).map(|endpoint| &endpoint.answer);
    let pods = reached.chain(&wired.portless).filter(|answer| answer.who.pods().is_some());
    pods.flat_map(|answer| answer.addresses.iter().map(|ip| (ip.as_str(), answer.ready))).collect()
}

/// What the slices say.
fn listed<'c>(slices: &[&'c EndpointSlice]) -> Ready<'c> {
    let entries = slices.iter().flat_map(|slice| &slice.endpoints);
    entries.flat_map(|entry| entry.addresses.iter().map(|ip| (ip.value.as_str(), entry.ready))).collect()
}

fn differences(picked: &Ready<'_>, listed: &Ready<'_>) -> Vec<String> {
    let mut all: Vec<&str> = picked.keys().chain(listed.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    let word = |ip: &str| {
        Some(match (picked.get(ip), listed.get(ip)) {
            (Some(_), None) => format!("{ip} is picked and not listed"),
            (None, Some(_)) => format!("{ip} is listed and not picked"),
            (Some(true), Some(false)) => format!("{ip} is ready, and listed as not ready"),
            (Some(false), Some(true)) => format!("{ip} is not ready, and listed as ready"),
            _ => return None,
        })
    };
    all.into_iter().filter_map(word).collect()
}
