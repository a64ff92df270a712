//! A version of a kind that current Kubernetes no longer serves.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::meta::Meta;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "removed-api-version",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "An object is of a version that Kubernetes no longer serves.",
    why: "A cluster of that release or a later one does not know the version and refuses the object. It is read and wired \
          all the same, as an older cluster would.",
    source: "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    check,
    fires: fixture!("removed-api-version", "fires"),
    silent: fixture!("removed-api-version", "silent"),
};

/// Version, kind, the release that removed it, and what to write.
const REMOVED: &[(&str, &[&str], &str, &str)] = &[
    ("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], "1.16", "apps/v1"),
    ("apps/v1beta1", &["Deployment", "StatefulSet"], "1.16", "apps/v1"),
    ("apps/v1beta2", &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], "1.16", "apps/v1"),
    ("extensions/v1beta1", &["Ingress"], "1.22", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", &["Ingress"], "1.22", "networking.k8s.io/v1"),
    ("batch/v1beta1", &["CronJob"], "1.25", "batch/v1"),
];

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for workload in &context.cluster.workloads {
        // Current versions differ in what they default alone.
        let is_whole = workload.meta.kind == "CronJob" || workload.selector.as_ref().is_some_and(|selector| !selector.match_labels.is_empty());
        findings.extend(finding(context, &workload.meta, is_whole));
    }
    findings.extend(context.cluster.ingresses.iter().filter_map(|ingress| finding(context, &ingress.meta, false)));
}

/// `is_whole` says that it reads the same in the current version.
fn finding(context: Context<'_>, meta: &Meta, is_whole: bool) -> Option<Finding> {
    let removed = |(version, kinds, ..): &&(&str, &[&str], &str, &str)| {
        meta.api_version == *version && kinds.contains(&meta.kind.as_str())
    };
    let (version, _, release, instead) = REMOVED.iter().find(removed)?;
    let differs = match meta.kind.as_str() {
        "Ingress" => ", where a backend is service.name and service.port and every path has a pathType",
        "CronJob" => "",
        _ => ", where spec.selector must be written",
    };
    let span = meta.api_version_span;
    Some(Finding {
        help: format!("write {instead}{differs}"),
        short: format!("gone since {release}"),
        field: Some("apiVersion".to_owned()),
        fix: is_whole
            .then(|| mend::text(context, span, version, instead, format!("write {instead}")))
            .flatten(),
        ..words::found(
            &RULE,
            RULE.severity,
            meta,
            span,
            format!("{} of version {} is gone since Kubernetes {release}", meta.kind, quoted(version)),
        )
    })
}
