//! A slice that says no Service.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::endpoint_slice::SERVICE_NAME_LABEL;
use crate::kinds::service::Service;

use super::endpoint_slice_without_service::{MOST, waiting};
use super::words::{self, quoted, scalar};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "endpoint-slice-without-label",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "An EndpointSlice has no label kubernetes.io/service-name, so it belongs to no Service.",
    why: "The name of a slice means nothing to Kubernetes: the label alone links it to a Service of its namespace, and \
          without it no traffic ever reaches its addresses.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#custom-endpointslices",
    check,
    fires: fixture!("endpoint-slice-without-label", "fires"),
    silent: fixture!("endpoint-slice-without-label", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let waiting: Vec<&Service> = waiting(context).take(MOST).collect();
    for slice in &context.cluster.slices {
        let meta = &slice.meta;
        if !slice.service.value.is_empty() || meta.kind != "EndpointSlice" {
            continue;
        }
        // By convention slices are called after their Service.
        let named = |name: &str| {
            let rest = meta.name.value.strip_prefix(name).filter(|_| !name.is_empty());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let meant = waiting
            .iter()
            .find(|service| service.meta.namespace == meta.namespace && named(&service.meta.name.value));
        let name = meant.map(|service| scalar(&service.meta.name.value));
        let related = meant.map(|service| Related {
            message: format!("Service {}, which has no slices", quoted(&service.meta.name.value)),
            span: service.meta.head(),
        });
        findings.push(Finding {
            help: match name {
                Some(name) => format!("add the label {SERVICE_NAME_LABEL}: {name}"),
                None => format!("add the label {SERVICE_NAME_LABEL} with the name of its Service"),
            },
            short: "belongs to no Service".to_owned(),
            field: Some("metadata.labels".to_owned()),
            related: related.into_iter().collect(),
            ..words::found(
                &RULE,
                RULE.severity,
                meta,
                slice.service.span,
                format!("{} has no label {SERVICE_NAME_LABEL}, so it belongs to no Service", words::object(meta)),
            )
        });
    }
}
