//! A version of a kind that current Kubernetes no longer serves.

use rustc_hash::FxHashSet;

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::workload::Workload;
use crate::names::ObjectRef;
use crate::source::{Span, What};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

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

/// A version of some kinds that is no longer served.
pub(super) struct Removal {
    version: &'static str,
    kinds: &'static [&'static str],
    /// The first release without it.
    release: &'static str,
    /// What to write in its place; nothing where nothing took it.
    instead: &'static str,
}

impl Removal {
    /// Whether it is of Gateway API, where the fields that are read are the same in all versions.
    fn is_of_gateway_api(&self) -> bool {
        GATEWAY_API.iter().any(|removal| std::ptr::eq(removal, self))
    }
}

const fn removal_of(
    version: &'static str,
    kinds: &'static [&'static str],
    release: &'static str,
    instead: &'static str,
) -> Removal {
    Removal { version, kinds, release, instead }
}

/// All that the deprecation guide lists, the newest first.
static REMOVED: &[Removal] = &[
    removal_of("flowcontrol.apiserver.k8s.io/v1beta3", FLOW_CONTROL, "1.32", "flowcontrol.apiserver.k8s.io/v1"),
    removal_of("flowcontrol.apiserver.k8s.io/v1beta2", FLOW_CONTROL, "1.29", "flowcontrol.apiserver.k8s.io/v1"),
    removal_of("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], "1.27", "storage.k8s.io/v1"),
    removal_of("flowcontrol.apiserver.k8s.io/v1beta1", FLOW_CONTROL, "1.26", "flowcontrol.apiserver.k8s.io/v1"),
    removal_of("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], "1.26", "autoscaling/v2"),
    removal_of("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], "1.25", "autoscaling/v2"),
    removal_of("batch/v1beta1", &["CronJob"], "1.25", "batch/v1"),
    removal_of("discovery.k8s.io/v1beta1", &["EndpointSlice"], "1.25", "discovery.k8s.io/v1"),
    removal_of("events.k8s.io/v1beta1", &["Event"], "1.25", "events.k8s.io/v1"),
    removal_of("policy/v1beta1", &["PodDisruptionBudget"], "1.25", "policy/v1"),
    removal_of("policy/v1beta1", &["PodSecurityPolicy"], "1.25", ""),
    removal_of("node.k8s.io/v1beta1", &["RuntimeClass"], "1.25", "node.k8s.io/v1"),
    removal_of("admissionregistration.k8s.io/v1beta1", WEBHOOKS, "1.22", "admissionregistration.k8s.io/v1"),
    removal_of("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"], "1.22", "apiextensions.k8s.io/v1"),
    removal_of("apiregistration.k8s.io/v1beta1", &["APIService"], "1.22", "apiregistration.k8s.io/v1"),
    removal_of("authentication.k8s.io/v1beta1", &["TokenReview"], "1.22", "authentication.k8s.io/v1"),
    removal_of("authorization.k8s.io/v1beta1", ACCESS_REVIEWS, "1.22", "authorization.k8s.io/v1"),
    removal_of("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], "1.22", "certificates.k8s.io/v1"),
    removal_of("coordination.k8s.io/v1beta1", &["Lease"], "1.22", "coordination.k8s.io/v1"),
    removal_of("extensions/v1beta1", &["Ingress"], "1.22", "networking.k8s.io/v1"),
    removal_of("networking.k8s.io/v1beta1", &["Ingress", "IngressClass"], "1.22", "networking.k8s.io/v1"),
    removal_of("rbac.authorization.k8s.io/v1beta1", ROLES, "1.22", "rbac.authorization.k8s.io/v1"),
    removal_of("scheduling.k8s.io/v1beta1", &["PriorityClass"], "1.22", "scheduling.k8s.io/v1"),
    removal_of("storage.k8s.io/v1beta1", STORAGE, "1.22", "storage.k8s.io/v1"),
    removal_of("extensions/v1beta1", &["NetworkPolicy"], "1.16", "networking.k8s.io/v1"),
    removal_of("extensions/v1beta1", &["PodSecurityPolicy"], "1.16", ""),
    removal_of("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], "1.16", "apps/v1"),
    removal_of("apps/v1beta1", &["Deployment", "ReplicaSet", "StatefulSet"], "1.16", "apps/v1"),
    removal_of("apps/v1beta2", &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], "1.16", "apps/v1"),
];

/// What Gateway API, which has releases of its own, no longer serves.
///
/// <https://github.com/kubernetes-sigs/gateway-api/pull/2069>, <https://github.com/kubernetes-sigs/gateway-api/pull/3361>
const GATEWAY_API: &[Removal] = &[
    removal_of("gateway.networking.k8s.io/v1alpha2", &["GRPCRoute"], "1.2", "gateway.networking.k8s.io/v1"),
    removal_of("gateway.networking.k8s.io/v1alpha2", &["ReferenceGrant"], "1.2", "gateway.networking.k8s.io/v1beta1"),
    removal_of("gateway.networking.k8s.io/v1alpha2", &["Gateway", "GatewayClass", "HTTPRoute"], "0.8", "gateway.networking.k8s.io/v1"),
];

const FLOW_CONTROL: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const ROLES: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const STORAGE: &[&str] = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];
const ACCESS_REVIEWS: &[&str] =
    &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"];

/// When a version of a kind went, if it was ever served.
pub(super) fn removal(api_version: &str, kind: &str) -> Option<&'static Removal> {
    let mut all = REMOVED.iter().chain(GATEWAY_API);
    all.find(|removal| removal.version == api_version && removal.kinds.contains(&kind))
}

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let whole = whole(context);
    for problem in context.problems {
        if let What::NotServed { api_version, kind, .. } = &problem.problem.what
            && let Some(removal) = removal(api_version, kind)
        {
            let object = problem.object.clone().unwrap_or_default();
            let is_whole = removal.is_of_gateway_api() || whole.contains(&problem.problem.span);
            findings.push(finding(context, (object, problem.problem.span), (kind, removal), is_whole));
        }
    }
}

/// Where workloads name a removed version and read the same in the one that took its place: current versions differ in
/// what they default alone.
fn whole(context: Context<'_>) -> FxHashSet<Span> {
    let says_all = |workload: &&Workload| {
        let selector = workload.selector.as_ref();
        workload.meta.kind == "CronJob" || selector.is_some_and(|selector| !selector.match_labels.is_empty())
    };
    let workloads = context.cluster.workloads.iter().filter(says_all);
    workloads.filter_map(|workload| workload.api_version_span).collect()
}

/// Of an object at a span, of a kind and its removal; `is_whole` says that it reads the same in the
/// current version.
fn finding(
    context: Context<'_>,
    (object, span): (ObjectRef, Span),
    (kind, removal): (&str, &Removal),
    is_whole: bool,
) -> Finding {
    let Removal { version, release, instead, .. } = removal;
    let whose = if removal.is_of_gateway_api() { "Gateway API" } else { "Kubernetes" };
    let differs = match kind {
        "Ingress" => ", where a backend is service.name and service.port and every path has a pathType",
        "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet" => ", where spec.selector must be written",
        _ => "",
    };
    Finding {
        help: if instead.is_empty() {
            "leave it out: nothing took its place".to_owned()
        } else {
            format!("write {instead}{differs}")
        },
        short: format!("gone since {release}"),
        field: Some("apiVersion".to_owned()),
        fix: is_whole.then(|| mend::text(context, span, version, instead, format!("write {instead}"))).flatten(),
        ..words::about(
            &RULE,
            RULE.severity,
            object,
            span,
            format!("{kind} of version {} is gone since {whose} {release}", quoted(version)),
        )
    }
}
