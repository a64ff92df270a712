//! Whether Kubernetes knows an object's version and kind, and which it probably meant where it does not.

use crate::names;

use super::{Kind, SCHEMA, group};

/// How Kubernetes stands to an API version and kind.
#[derive(Debug, Clone, Copy)]
pub enum Standing {
    /// It serves it, or did.
    Known(&'static Kind),
    /// It has no such kind in a group of its own; and what was certainly meant, if anything was.
    Unknown(Option<&'static Kind>),
    /// It is another's: a custom resource, or no object of a cluster at all.
    Foreign,
}

impl Standing {
    /// The kind that an object of it is read as.
    pub fn kind(self) -> Option<&'static Kind> {
        match self {
            Self::Known(kind) | Self::Unknown(Some(kind)) => Some(kind),
            Self::Unknown(None) | Self::Foreign => None,
        }
    }

    /// The API version and kind that an object of it is read as.
    pub fn read_as<'s>(self, api_version: &'s str, kind: &'s str) -> (&'s str, &'s str) {
        match self {
            Self::Unknown(Some(meant)) => (meant.api_version, meant.kind),
            _ => (api_version, kind),
        }
    }
}

/// Kinds of other programs, which they write under a version that looks like Kubernetes' own: the settings of clients,
/// lists, and what early `OpenShift` kept in the core group.
///
/// <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>
const OTHERS: [&str; 12] = [
    "Config",
    "List",
    "Status",
    "Build",
    "BuildConfig",
    "DeploymentConfig",
    "ImageStream",
    "ImageStreamTag",
    "Project",
    "Route",
    "SecurityContextConstraints",
    "Template",
];

/// How Kubernetes stands to an API version and kind.
pub fn standing(api_version: &str, kind: &str) -> Standing {
    // `/v1` is the core group as well.
    let api_version = api_version.strip_prefix('/').unwrap_or(api_version);
    if let Some(known) = SCHEMA.kind(api_version, kind) {
        return Standing::Known(known);
    }
    let of = group(api_version);
    if of.contains('/') {
        return if best(|other| other.kind == kind).is_some() {
            Standing::Unknown(None)
        } else {
            Standing::Foreign
        };
    }
    let is_own = SCHEMA.kinds().iter().any(|kind| kind.group() == of);
    if !is_own {
        let meant = best(|other| other.kind == kind).filter(|_| is_slip(of));
        return meant.map_or(Standing::Foreign, |meant| Standing::Unknown(Some(meant)));
    }
    if is_list(kind) || of.is_empty() && OTHERS.contains(&kind) {
        return Standing::Foreign;
    }
    let meant = best(|other| other.kind == kind && other.group() == of)
        .or_else(|| best(|other| other.kind == kind))
        .or_else(|| nearest(kind, of));
    Standing::Unknown(meant)
}

/// Whether a group is nobody's: that of a custom resource has a dot, and names somebody else. Kubernetes' own people
/// experiment in `x-k8s.io`, as Gateway API does.
fn is_slip(of: &str) -> bool {
    let is_near = || SCHEMA.kinds().iter().any(|kind| names::nearly_equal(of, kind.group()));
    !of.contains('.') || !of.ends_with(".x-k8s.io") && is_near()
}

/// The version in which Kubernetes serves a kind now, if it still does.
pub fn served(kind: &Kind) -> Option<&'static Kind> {
    best(|other| other.kind == kind.kind && other.group() == kind.group())
        .or_else(|| best(|other| other.kind == kind.kind))
}

/// A list of a known kind has items or nothing at all.
fn is_list(kind: &str) -> bool {
    let item = kind.strip_suffix("List");
    item.is_some_and(|item| SCHEMA.kinds().iter().any(|kind| kind.kind == item))
}

/// The served kind with the most settled and newest version, of those that are asked for.
fn best(is_asked: impl Fn(&Kind) -> bool) -> Option<&'static Kind> {
    let asked = SCHEMA.kinds().iter().filter(|kind| kind.is_served && is_asked(kind));
    let stage = |kind: &Kind| {
        u8::from(kind.api_version.contains("beta")) + 2 * u8::from(kind.api_version.contains("alpha"))
    };
    // Of two groups the first has it: Events are of the core group.
    asked.min_by_key(|kind| (stage(kind), kind.group(), std::cmp::Reverse(kind.api_version)))
}

/// The served kind whose name differs in case or by a slip: one of the same group, else of any.
fn nearest(kind: &str, of: &str) -> Option<&'static Kind> {
    let distance = |other: &Kind| {
        if other.kind.eq_ignore_ascii_case(kind) {
            return Some(0);
        }
        let distance = names::edit_distance(kind, other.kind, 2)?;
        (distance * 4 <= kind.len().max(other.kind.len())).then_some(distance)
    };
    let near = SCHEMA.kinds().iter().filter(|other| other.is_served);
    let near = near.filter_map(|other| Some((distance(other)?, other.group() != of, other)));
    let (_, _, found) =
        near.min_by_key(|(distance, elsewhere, other)| (*elsewhere, *distance, other.kind))?;
    best(|other| other.kind == found.kind && other.group() == found.group())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `apps/v1 Deployment`, with a mark before what is not known.
    fn said(api_version: &str, kind: &str) -> String {
        let name = |kind: &Kind| format!("{} {}", kind.api_version, kind.kind);
        match standing(api_version, kind) {
            Standing::Known(kind) if kind.is_served => name(kind),
            Standing::Known(kind) => format!("gone {}", name(kind)),
            Standing::Unknown(Some(meant)) => format!("? {}", name(meant)),
            Standing::Unknown(None) => "?".to_owned(),
            Standing::Foreign => "foreign".to_owned(),
        }
    }

    #[test]
    fn kinds_and_what_they_were_meant_for() {
        for (api_version, kind, wanted) in [
            ("v1", "Service", "v1 Service"),
            ("/v1", "Service", "v1 Service"),
            ("extensions/v1beta1", "Deployment", "gone extensions/v1beta1 Deployment"),
            ("v1", "service", "? v1 Service"),
            ("v1", "SERVICE", "? v1 Service"),
            ("v1", "Services", "? v1 Service"),
            ("v1", "Servcie", "? v1 Service"),
            ("v2", "Service", "? v1 Service"),
            ("v1", "Deployment", "? apps/v1 Deployment"),
            ("v1", "deployment", "? apps/v1 Deployment"),
            ("apps/v1beta9", "Deployment", "? apps/v1 Deployment"),
            ("extensions/v1", "Ingress", "? networking.k8s.io/v1 Ingress"),
            ("app/v1", "Deployment", "? apps/v1 Deployment"),
            ("networking.k8s.i/v1", "Ingress", "? networking.k8s.io/v1 Ingress"),
            ("autoscaling/v3", "HorizontalPodAutoscaler", "? autoscaling/v2 HorizontalPodAutoscaler"),
            ("events.k8s.io/v2", "Event", "? events.k8s.io/v1 Event"),
            ("v1", "Widget", "?"),
            ("a/b/v1", "Service", "?"),
            ("a/b/v1", "Widget", "foreign"),
            ("v1", "Route", "foreign"),
            ("v1", "Config", "foreign"),
            ("v1", "ServiceList", "foreign"),
            ("serving.knative.dev/v1", "Service", "foreign"),
            ("networking.gke.io/v1", "Ingress", "foreign"),
            ("batch.volcano.sh/v1alpha1", "Job", "foreign"),
            ("skaffold/v2beta1", "Config", "foreign"),
            ("example.com/v1", "Widget", "foreign"),
            ("gateway.networking.k8s.io/v1", "HTTPRoute", "gateway.networking.k8s.io/v1 HTTPRoute"),
            ("gateway.networking.k8s.io/v1beta1", "HTTPRoute", "gateway.networking.k8s.io/v1beta1 HTTPRoute"),
            ("gateway.networking.k8s.io/v1", "TCPRoute", "gateway.networking.k8s.io/v1 TCPRoute"),
            (
                "gateway.networking.k8s.io/v1alpha2",
                "HTTPRoute",
                "gone gateway.networking.k8s.io/v1alpha2 HTTPRoute",
            ),
            ("gateway.networking.k8s.io/v1", "HttpRoute", "? gateway.networking.k8s.io/v1 HTTPRoute"),
            ("gateway.networking.k8s.io/v1beta1", "GRPCRoute", "? gateway.networking.k8s.io/v1 GRPCRoute"),
            ("networking.k8s.io/v1", "Gateway", "? gateway.networking.k8s.io/v1 Gateway"),
            ("gateway.networking.x-k8s.io/v1alpha1", "XBackendTrafficPolicy", "foreign"),
            ("networking.x-k8s.io/v1alpha1", "Gateway", "foreign"),
            ("networking.istio.io/v1", "Gateway", "foreign"),
            ("gateway.envoyproxy.io/v1alpha1", "HTTPRouteFilter", "foreign"),
        ] {
            assert_eq!(said(api_version, kind), wanted, "{api_version} {kind}");
        }
    }
}
