//! A version of a kind that current Kubernetes no longer serves.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::meta::Meta;

use super::words::{self, quoted};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "removed-api-version",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "An object is of a version that Kubernetes, or Gateway API, no longer serves.",
    why: "A cluster of that release or a later one does not know the version and refuses the object. It is read and wired \
          all the same, as an older cluster would.",
    source: "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    check,
    fires: fixture!("removed-api-version", "fires"),
    silent: fixture!("removed-api-version", "silent"),
};

/// Version, kind, the release that removed it, and what to write.
const REMOVED: &[(&str, &[&str], &str, &str)] = &[
    ("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], "Kubernetes 1.16", "apps/v1"),
    ("apps/v1beta1", &["Deployment", "StatefulSet"], "Kubernetes 1.16", "apps/v1"),
    ("apps/v1beta2", &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], "Kubernetes 1.16", "apps/v1"),
    ("extensions/v1beta1", &["Ingress"], "Kubernetes 1.22", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", &["Ingress"], "Kubernetes 1.22", "networking.k8s.io/v1"),
    ("gateway.networking.k8s.io/v1alpha2", &["Gateway", "HTTPRoute"], "Gateway API 0.8", "gateway.networking.k8s.io/v1"),
    ("gateway.networking.k8s.io/v1alpha2", &["GRPCRoute"], "Gateway API 1.2", "gateway.networking.k8s.io/v1"),
    ("gateway.networking.k8s.io/v1alpha2", &["ReferenceGrant"], "Gateway API 1.2", "gateway.networking.k8s.io/v1beta1"),
    ("batch/v1beta1", &["CronJob"], "Kubernetes 1.25", "batch/v1"),
];

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    let workloads = context.cluster.workloads.iter().map(|workload| &workload.meta);
    let ingresses = context.cluster.ingresses.iter().map(|ingress| &ingress.meta);
    let gateways = context.cluster.gateways.iter().map(|gateway| &gateway.meta);
    let routes = context.cluster.gateway_routes.iter().map(|route| &route.meta);
    let grants = context.cluster.grants.iter().map(|grant| &grant.meta);
    let all = workloads.chain(ingresses).chain(gateways).chain(routes).chain(grants);
    findings.extend(all.filter_map(finding));
}

fn finding(meta: &Meta) -> Option<Finding> {
    let removed = |(version, kinds, ..): &&(&str, &[&str], &str, &str)| {
        meta.api_version == *version && kinds.contains(&meta.kind.as_str())
    };
    let (version, _, release, instead) = REMOVED.iter().find(removed)?;
    let differs = match meta.kind.as_str() {
        "Ingress" => ", where a backend is service.name and service.port and every path has a pathType",
        "CronJob" | "Gateway" | "HTTPRoute" | "GRPCRoute" | "ReferenceGrant" => "",
        _ => ", where spec.selector must be written",
    };
    let span = meta.api_version_span;
    Some(Finding {
        help: format!("write {instead}{differs}"),
        short: format!("gone since {release}"),
        field: Some("apiVersion".to_owned()),
        ..words::found(
            &RULE,
            RULE.severity,
            meta,
            span,
            format!("{} of version {} is gone since {release}", meta.kind, quoted(version)),
        )
    })
}
