//! An Ingress that sends requests to a Service which is not there.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::ingress::{Ingress, Route, ServiceBackend};
use crate::wiring::Unreached;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "ingress-service-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "An Ingress names a Service that its own namespace does not have in this upload.",
    why: "Kubernetes accepts such an Ingress, and whoever asks for the path gets an error page. It is an error where the \
          upload shows what was probably meant (a Service of nearly that name, or one in another namespace, which an \
          Ingress cannot reach), a warning where the namespace has other Services in the upload, and a hint where it has \
          none: then this one may well be in the cluster.",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",
    check,
    fires: fixture!("ingress-service-missing", "fires"),
    silent: fixture!("ingress-service-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for (ingress, route, reach) in context.routes() {
        let (Err(why), Some(backend)) = (reach, &route.backend.service) else { continue };
        findings.extend(finding(context, ingress, route, backend, *why));
    }
}

fn finding(
    context: Context<'_>,
    ingress: &Ingress,
    route: &Route,
    backend: &ServiceBackend,
    why: Unreached,
) -> Option<Finding> {
    let cluster = context.cluster;
    let (name, namespace) = (&backend.name.value, &ingress.meta.namespace);
    let span = backend.name.span.unwrap_or(route.span);
    let found = |severity, message: String| Finding {
        short: "no such Service".to_owned(),
        field: Some(ingress.field(route, "service.name", "serviceName")),
        help: "write the name of a Service of this namespace".to_owned(),
        ..words::found(&RULE, severity, &ingress.meta, span, message)
    };
    let here = |id: usize| &cluster.services[id].meta;
    Some(match why {
        Unreached::NoSuchService(Some(near)) => {
            let near = here(near);
            let text = &near.name.value;
            Finding {
                help: format!("write {}", quoted(text)),
                short: format!("did you mean {text}?"),
                related: vec![Related { message: format!("Service {}", quoted(text)), span: near.head() }],
                fix: mend::text(context, backend.name.span, name, text, format!("send it to {text}")),
                ..found(
                    Severity::Error,
                    format!(
                        "no Service of namespace {} is named {}, but one is named {}",
                        quoted(namespace),
                        quoted(name),
                        quoted(text)
                    ),
                )
            }
        }
        Unreached::OtherNamespace(id) => {
            let other = here(id);
            // Where one of them says no namespace, kubectl or Kustomize may give both the same.
            let both =
                ingress.rest.namespace.span.is_some() && cluster.services[id].rest.namespace.span.is_some();
            let severity = if both { Severity::Error } else { Severity::Warning };
            Finding {
                help: "put the Ingress and the Service into the same namespace: an Ingress never reaches into another".to_owned(),
                short: format!("it is in {}", other.namespace),
                related: vec![Related {
                    message: format!("Service {} in {}", quoted(name), quoted(&other.namespace)),
                    span: other.head(),
                }],
                ..found(
                    severity,
                    format!("Service {} is in namespace {}, not in {}", quoted(name), quoted(&other.namespace), quoted(namespace)),
                )
            }
        }
        Unreached::NoSuchService(None) => Finding {
            help: "if it is not in the cluster either, write the name of a Service of this namespace"
                .to_owned(),
            ..found(
                Severity::Warning,
                format!(
                    "no Service of namespace {} in this upload is named {}",
                    quoted(namespace),
                    quoted(name)
                ),
            )
        },
        Unreached::OutsideUpload => Finding {
            help: "upload the Service together with the Ingress".to_owned(),
            short: "not in this upload".to_owned(),
            ..found(
                Severity::Hint,
                format!(
                    "Service {} is not in this upload, which has none of namespace {}",
                    quoted(name),
                    quoted(namespace)
                ),
            )
        },
        Unreached::NoSuchPort { .. } | Unreached::Resource | Unreached::Nothing => return None,
    })
}
