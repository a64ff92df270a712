//! A listener whose certificate is in another namespace, which has not agreed.

use crate::cluster::Cluster;
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::gateway::{Certificate, Gateway};
use crate::kinds::reference_grant::Crossing;
use crate::names::GroupKind;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "certificate-not-granted",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A certificate of a listener is in another namespace, and no ReferenceGrant of that namespace lets the Gateway name it.",
    why: "Without a grant the reference is refused (reason RefNotPermitted), and the listener has no certificate to answer with. It \
          is an error where the upload has grants of that namespace, which do not allow it, and a hint where it has none.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1beta1/referencegrant_types.go",
    check,
    fires: fixture!("certificate-not-granted", "fires"),
    silent: fixture!("certificate-not-granted", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for gateway in &context.cluster.gateways {
        for (place, listener) in gateway.listeners.iter().enumerate() {
            for (number, certificate) in listener.certificates.iter().enumerate() {
                let field = format!("spec.listeners[{place}].tls.certificateRefs[{number}].namespace");
                findings.extend(finding(context.cluster, gateway, certificate, field));
            }
        }
    }
}

fn finding(
    cluster: &Cluster,
    gateway: &Gateway,
    certificate: &Certificate,
    field: String,
) -> Option<Finding> {
    let (name, namespace) = (&certificate.name.value, &certificate.namespace.value);
    let own = &gateway.meta.namespace;
    let crossing = Crossing {
        from: gateway.meta.group_kind(),
        from_namespace: own,
        to: GroupKind { group: &certificate.group, kind: &certificate.kind },
        to_namespace: namespace,
        name,
    };
    if namespace.is_empty() || namespace == own || cluster.is_granted(crossing) {
        return None;
    }
    let grant = cluster.grants_in(namespace).next();
    let severity = if grant.is_some() { Severity::Error } else { Severity::Hint };
    let kind = &certificate.kind;
    Some(Finding {
        help: format!(
            "let a ReferenceGrant of namespace {} say from: Gateway of namespace {}, to: {kind} {}",
            quoted(namespace),
            quoted(own),
            quoted(name)
        ),
        short: "no ReferenceGrant".to_owned(),
        field: Some(field),
        related: grant
            .map(|grant| Related { message: words::object(&grant.meta), span: grant.meta.head() })
            .into_iter()
            .collect(),
        ..words::found(
            &RULE,
            severity,
            &gateway.meta,
            certificate.namespace.span,
            format!(
                "no ReferenceGrant of namespace {} in this upload lets Gateways of namespace {} name {kind} {}",
                quoted(namespace),
                quoted(own),
                quoted(name)
            ),
        )
    })
}
