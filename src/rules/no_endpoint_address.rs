//! Selected pods of which none has an address that the Service could send traffic to, as the cluster told.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::meta::Meta;
use crate::kinds::service::Service;
use crate::wiring::{PortFault, ServiceWiring};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "no-endpoint-address",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "The upload was taken from a cluster, and there no selected pod had an address of the Service's IP families.",
    why: "A pod that has finished, that has no IP yet, or whose IP is of another family than the Service's is no \
          endpoint, whatever its labels say. Where all have finished, as a Job's do, it is a warning.",
    source: "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/",
    check,
    fires: fixture!("no-endpoint-address", "fires"),
    silent: fixture!("no-endpoint-address", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let cluster = context.cluster;
    for (service, wired) in context.wired() {
        if !(0..wired.ports.len()).any(|port| wired.fault(port) == Some(PortFault::NoAddress)) {
            continue;
        }
        if wired.selected.is_empty() {
            findings.push(no_address_listed(context, service, wired));
            continue;
        }
        let (mut finished, mut waiting, mut other) = (0, 0, 0);
        for picked in &wired.selected {
            let set = &cluster.sets[picked.set as usize];
            let count = match set.observed {
                None => continue,
                _ if !set.lives() => &mut finished,
                _ if set.waits_for_ip() => &mut waiting,
                _ => &mut other,
            };
            *count += picked.replicas(cluster);
        }
        let say = |count: u32, one: &str, many: &str| {
            (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
        };
        let parts = [
            say(finished, "has finished", "have finished"),
            say(waiting, "has no IP", "have no IP"),
            say(other, "has an IP of another family", "have IPs of another family"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let short = match (finished, waiting, other) {
            (_, 0, 0) => "the pods have finished",
            (0, _, 0) => "the pods have no IP",
            (0, 0, _) => "IP family differs",
            _ => "no pod has an address",
        };
        let related = wired.selected.iter().take(4).map(|picked| {
            let meta = cluster.sets[picked.set as usize].meta(cluster);
            Related { message: format!("{} {}", meta.kind, quoted(&meta.name.value)), span: meta.head() }
        });
        let help = match (finished, waiting, other) {
            (_, 0, 0) => "select pods that run: whoever has finished answers nobody",
            (0, _, 0) => "look why with kubectl describe pod: a pod has an IP as soon as a node has taken it and set up its network",
            (0, 0, _) => "write spec.ipFamilies as the addresses of the pods are, or leave it to the cluster",
            _ => "look at the pods with kubectl get pods -o wide",
        };
        let severity = if waiting + other == 0 { Severity::Warning } else { RULE.severity };
        let families = service.ip_families.first().and_then(|family| family.span).filter(|_| other > 0);
        let field = if families.is_some() { "spec.ipFamilies" } else { "spec.selector" };
        let total = words::count(finished + waiting + other, "pod");
        let name = quoted(&service.meta.name.value);
        findings.push(Finding {
            help: help.to_owned(),
            short: short.to_owned(),
            field: Some(field.to_owned()),
            related: related.collect(),
            ..words::found(
                &RULE,
                severity,
                &service.meta,
                families.or(service.selector_span),
                format!("Service {name} selects {total}, but none with an address for it: {}", words::list(&parts)),
            )
        });
    }
}

/// What there is to say of slices without an address for their Service.
fn no_address_listed(context: Context<'_>, service: &Service, wired: &ServiceWiring) -> Finding {
    let slices: Vec<&Meta> =
        wired.slices.iter().map(|id| &context.cluster.slices[*id as usize].meta).collect();
    let mut names: Vec<String> = slices.iter().map(|meta| words::object(meta)).collect();
    names.dedup();
    let related = slices.iter().take(4);
    let related = related.map(|meta| Related { message: words::object(meta), span: meta.head() });
    let (list, name) = (if names.len() == 1 { "lists" } else { "list" }, quoted(&service.meta.name.value));
    Finding {
        help: "list an IP address of the Service's family: names are not sent traffic to".to_owned(),
        short: "no address is listed".to_owned(),
        field: Some("spec.ipFamilies".to_owned()),
        related: related.collect(),
        ..words::found(
            &RULE,
            RULE.severity,
            &service.meta,
            service.ip_families.first().and_then(|family| family.span),
            format!("{} {list} no address that Service {name} can send traffic to", words::list(&names)),
        )
    }
}
