//! Pods that ask for names of their own below a Service which gives them none.

use crate::cluster::{From, PodSet};
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::fields::Written as Said;
use crate::kinds::service::Service;
use crate::kinds::workload::is_own_label;
use crate::names::nearest;

use super::pods::{self, Written};
use super::words::{self, quoted, scalar};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unresolved-pod-name",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "The serviceName of a StatefulSet, or the subdomain of a pod with a hostname, is a Service that does not give its \
           pods names.",
    why: "Names such as db-0.db.default.svc stand in the endpoints of the Service that is named so, and Kubernetes promises \
          them of headless ones alone. Where that Service does not select the pods they do not resolve; where it is not \
          headless, or not in the upload though its like or another Service of the pods is, it is a hint.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
    check,
    fires: fixture!("unresolved-pod-name", "fires"),
    silent: fixture!("unresolved-pod-name", "silent"),
};

/// How many Services are compared for all pods together: what is wrong with many alike is clear from the first.
const ENOUGH: usize = 2_000_000;

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let mut compared = 0_usize;
    for (written, set) in pods::of_each_owner(context).filter(|(_, set)| set.observed.is_none()) {
        let Some((name, field)) = asked(context, written, set) else { continue };
        let services = context.cluster.services_in(&set.namespace);
        if context.cluster.service(&set.namespace, &name.value).is_none() {
            compared = compared.saturating_add(services.len());
            if compared > ENOUGH {
                continue;
            }
        }
        let found = if name.value.is_empty() { unsaid(context, written, set) } else { said(context, set, name) };
        findings.extend(found.map(|found| Finding {
            help: found.help,
            short: "pods have no names".to_owned(),
            field,
            related: found.service.map(related).into_iter().collect(),
            fix: found.near.and_then(|near| {
                mend::text(context, name.span, &name.value, near, format!("name {}", quoted(near)))
            }),
            ..words::found(&RULE, found.severity, written.meta, name.span, found.message)
        }));
    }
}

/// What was found, before it is a finding.
struct Found<'c> {
    severity: Severity,
    message: String,
    help: String,
    service: Option<&'c Service>,
    near: Option<&'c str>,
}

/// The Service below which pods ask for names, and the field that says so.
fn asked<'c>(
    context: Context<'c>,
    written: Written<'c>,
    set: &'c PodSet,
) -> Option<(&'c Said<String>, Option<String>)> {
    if let From::Template(id) = set.from
        && context.cluster.workloads[id].first_ordinal.is_some()
    {
        let field = written.path.map(|_| "spec.serviceName".to_owned());
        return Some((&context.cluster.workloads[id].service_name, field));
    }
    let spec = written.spec;
    let both = !spec.rest.hostname.value.is_empty() && !spec.rest.subdomain.value.is_empty();
    both.then(|| (&spec.rest.subdomain, written.field("subdomain")))
}

/// A Service is named.
fn said<'c>(context: Context<'c>, set: &'c PodSet, name: &'c Said<String>) -> Option<Found<'c>> {
    let cluster = context.cluster;
    let who = words::describe(cluster, set);
    let Some(id) = cluster.service(&set.namespace, &name.value) else {
        return missing(context, set, name, &who);
    };
    let service = &cluster.services[id];
    let named = quoted(&name.value);
    if !selects(context, service, set) {
        return Some(Found {
            severity: RULE.severity,
            message: format!("Service {named} does not select the pods of {who}, so they have no names below it"),
            help: "let the Service select these pods, or name one that does".to_owned(),
            service: Some(service),
            near: None,
        });
    }
    (!service.is_headless()).then(|| Found {
        severity: Severity::Hint,
        message: format!("Service {named} is not headless, and names of pods below it, as {who} asks for, are promised by headless ones alone"),
        help: "write clusterIP: None in that Service, or name a headless one; CoreDNS resolves such names all the same"
            .to_owned(),
        service: Some(service),
        near: None,
    })
}

/// A Service is named that is not in the upload: it may be elsewhere, but for a slip, or where all others are here.
fn missing<'c>(
    context: Context<'c>,
    set: &'c PodSet,
    name: &'c Said<String>,
    who: &str,
) -> Option<Found<'c>> {
    let cluster = context.cluster;
    let services = || cluster.services_in(&set.namespace).iter().map(|id| &cluster.services[*id]);
    let near = nearest(&name.value, services().map(|service| service.meta.name.value.as_str()));
    let mut others = services().filter(|service| !service.selector.0.is_empty());
    let other = if near.is_none() { Some(others.find(|service| selects(context, service, set))?) } else { None };
    let missing = format!("no Service {} is in this upload to give the pods of {who} names", quoted(&name.value));
    let (message, help) = match (near, other) {
        (Some(near), _) => (
            format!("{missing}, but Service {} is", quoted(near)),
            format!("write {} here, if that is meant", quoted(near)),
        ),
        (None, Some(other)) => (
            format!("{missing}, though Service {}, which selects them, is", quoted(&other.meta.name.value)),
            "add a headless Service of that name, unless it is elsewhere; the pods run without it".to_owned(),
        ),
        (None, None) => return None,
    };
    Some(Found { severity: Severity::Hint, message, help, service: other, near })
}

/// No Service is named, though one could be meant.
fn unsaid<'c>(context: Context<'c>, written: Written<'c>, set: &'c PodSet) -> Option<Found<'c>> {
    let cluster = context.cluster;
    let services = cluster.services_in(&set.namespace).iter().map(|id| &cluster.services[*id]);
    let mut headless = services.filter(|service| {
        service.is_headless() && !service.selector.0.is_empty() && selects(context, service, set)
    });
    let only = headless.next().filter(|_| headless.next().is_none())?;
    let name = quoted(&only.meta.name.value);
    Some(Found {
        severity: Severity::Hint,
        message: format!(
            "{} {} names no Service, so its pods have no names below the headless Service {name}",
            written.meta.kind,
            quoted(&written.meta.name.value)
        ),
        help: format!("write serviceName: {} if somebody dials single pods", scalar(&only.meta.name.value)),
        service: Some(only),
        near: None,
    })
}

/// Whether a Service selects some of these pods; one without a selector may have any endpoints.
fn selects(context: Context<'_>, service: &Service, set: &PodSet) -> bool {
    let labels = set.labels(context.cluster);
    let carried = |label: &crate::labels::Label| {
        is_own_label(label.key()) || labels.get(label.key()) == Some(label.value())
    };
    !service.is_external_name() && service.selector.0.iter().all(carried)
}

fn related(service: &Service) -> Related {
    Related {
        message: format!("Service {}", quoted(&service.meta.name.value)),
        span: service.selector_span.unwrap_or_else(|| service.meta.head()),
    }
}
