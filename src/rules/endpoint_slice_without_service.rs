//! A slice for a Service that is not there.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::endpoint_slice::EndpointSlice;
use crate::kinds::service::Service;
use crate::names::nearest;
use crate::wiring::Nobody;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "endpoint-slice-without-service",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "An EndpointSlice or Endpoints object speaks for a Service that its namespace does not have in this upload.",
    why: "A slice belongs to the Service of its own namespace that its label kubernetes.io/service-name names, an \
          Endpoints object to the Service of its own name. It is an error where a Service without a selector nearly has \
          that name, or has it in another namespace; else the Service may well be in the cluster.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#custom-endpointslices",
    check,
    fires: fixture!("endpoint-slice-without-service", "fires"),
    silent: fixture!("endpoint-slice-without-service", "silent"),
};

/// The most Services that are looked at for what may be meant.
pub(super) const MOST: usize = 200;

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let waiting: Vec<&Service> = waiting(context).take(MOST).collect();
    let mut before = None;
    for slice in &context.cluster.slices {
        let (meta, name) = (&slice.meta, slice.service.value.as_str());
        // The subsets of one Endpoints object speak for the same Service.
        let again = before.replace(meta.span) == Some(meta.span);
        let known = context.cluster.service(&meta.namespace, name).is_some();
        if name.is_empty() || known || again || slice.is_of_selector() || slice.is_mirror() {
            continue;
        }
        let meant = meant(&waiting, slice);
        // Endpoints without a Service are common: leaders were once elected by them.
        if meant.is_some() || meta.kind != "Endpoints" {
            findings.push(finding(context, slice, meant));
        }
    }
}

/// The Services that want slices and have none.
pub(super) fn waiting(context: Context<'_>) -> impl Iterator<Item = &Service> {
    let waits = context.wired().filter(|(_, wired)| wired.nobody == Some(Nobody::NoSelector));
    waits.map(|(service, _)| service)
}

/// The Service that is probably meant: one of nearly that name, or one of another namespace.
fn meant<'c>(waiting: &[&'c Service], slice: &EndpointSlice) -> Option<&'c Service> {
    let (namespace, name) = (&slice.meta.namespace, slice.service.value.as_str());
    let here = waiting.iter().filter(|service| service.meta.namespace == *namespace);
    let near = nearest(name, here.clone().map(|service| service.meta.name.value.as_str()));
    here.copied()
        .find(|service| Some(service.meta.name.value.as_str()) == near)
        .or_else(|| waiting.iter().copied().find(|service| service.meta.name.value == name))
}

fn finding(context: Context<'_>, slice: &EndpointSlice, meant: Option<&Service>) -> Finding {
    let (meta, name) = (&slice.meta, slice.service.value.as_str());
    let endpoints = meta.kind == "Endpoints";
    let mut message = format!(
        "{} speaks for Service {}, which namespace {} does not have in this upload",
        words::object(meta),
        quoted(name),
        quoted(&meta.namespace)
    );
    let near = meant.filter(|service| service.meta.namespace == meta.namespace);
    let help = match (meant, near) {
        (_, Some(near)) => {
            let near = quoted(&near.meta.name.value);
            message.push_str(&format!(", but a Service {near} without a selector"));
            format!("write {near} here, or name the Service {}", quoted(name))
        }
        (Some(other), None) => {
            let other = quoted(&other.meta.namespace);
            message.push_str(&format!("; namespace {other} has one"));
            format!("move it to namespace {other}: a Service has the slices of its own namespace")
        }
        (None, None) => "nothing, if the Service is in the cluster; else write the name of a Service".to_owned(),
    };
    let fix = near.filter(|_| !endpoints).and_then(|near| {
        let near = &near.meta.name.value;
        mend::text(context, slice.service.span, name, near, format!("speak for Service {}", quoted(near)))
    });
    let related = meant.map(|service| Related {
        message: format!("Service {}", quoted(&service.meta.name.value)),
        span: service.meta.head(),
    });
    let severity = if meant.is_some() { Severity::Error } else { Severity::Hint };
    let field = if endpoints { "metadata.name" } else { "metadata.labels[kubernetes.io/service-name]" };
    Finding {
        help,
        short: "no such Service".to_owned(),
        field: Some(field.to_owned()),
        related: related.into_iter().collect(),
        fix,
        ..words::found(&RULE, severity, meta, slice.service.span, message)
    }
}
