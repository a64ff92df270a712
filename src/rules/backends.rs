//! Backends that name a Service or a port that is not there: what the rules of Ingresses and of Gateways' routes have in
//! common.

use crate::finding::{Finding, Related, Severity};
use crate::kinds::fields::Written;
use crate::kinds::ingress::{Ingress, Route};
use crate::kinds::meta::Meta;
use crate::kinds::service::{Service, ServicePort};
use crate::port::TargetPort;
use crate::reference::PortRef;
use crate::source::Span;
use crate::wiring::Unreached;

use super::words::{self, list_of, quoted};
use super::{Backend, Context, Rule, mend};

/// A port of a Service, as a backend names it.
pub(super) struct Named<'c> {
    /// The object that names it.
    pub(super) meta: &'c Meta,
    /// Whether that object says its own namespace.
    pub(super) says_namespace: bool,
    /// The namespace in which it is looked for.
    pub(super) namespace: &'c str,
    /// The Service.
    pub(super) name: &'c Written<String>,
    /// The field of the name.
    pub(super) name_field: String,
    /// The port.
    pub(super) port: Option<PortRef<'c>>,
    /// The field of the port.
    pub(super) port_field: String,
    /// Where the port is written, else the name.
    pub(super) port_span: Option<Span>,
    /// The whole of it.
    pub(super) span: Span,
    /// What to do about a Service of another namespace.
    pub(super) elsewhere: &'static str,
    /// Who takes the targetPort of a Service's port for the port, where somebody does.
    pub(super) takes_target_port: Option<&'static str>,
}

/// ingress-nginx looks for a port by its number, its name and its targetPort alike.
///
/// <https://github.com/kubernetes/ingress-nginx/blob/controller-v1.12.1/internal/ingress/controller/controller.go>
/// (`serviceEndpoints`)
const BY_TARGET_PORT: &str = "ingress-nginx takes that too, but most controllers keep to Kubernetes' documentation and answer with an error";

impl<'c> Named<'c> {
    /// A backend of an Ingress, where it names a Service.
    pub(super) fn by_ingress(ingress: &'c Ingress, route: &'c Route) -> Option<Self> {
        let service = route.backend.service.as_ref()?;
        let port = service.port();
        let port_field = match port {
            Some(PortRef::Name(_)) => "service.port.name",
            _ => "service.port.number",
        };
        Some(Self {
            meta: &ingress.meta,
            says_namespace: ingress.meta.namespace_span.is_some(),
            namespace: &ingress.meta.namespace,
            name: &service.name,
            name_field: ingress.field(route, "service.name", "serviceName"),
            port,
            port_field: ingress.field(route, port_field, "servicePort"),
            port_span: service.port_span(),
            span: route.span,
            elsewhere: "put the Ingress and the Service into the same namespace: an Ingress never reaches into another",
            takes_target_port: Some(BY_TARGET_PORT),
        })
    }

    /// A backend of a route of a Gateway, where it names a Service.
    pub(super) fn by_route(at: &Backend<'c>) -> Option<Self> {
        let (route, backend) = (at.route, at.said);
        let own = backend.namespace.value.is_empty();
        backend.is_service().then(|| Self {
            meta: &route.meta,
            says_namespace: route.meta.namespace_span.is_some() || !own,
            namespace: if own { &route.meta.namespace } else { &backend.namespace.value },
            name: &backend.name,
            name_field: format!("{}.name", backend.field),
            port: Some(PortRef::Number(backend.port.value)).filter(|_| backend.port.value != 0),
            port_field: format!("{}.port", backend.field),
            port_span: backend.port.span,
            span: backend.span,
            elsewhere: "write its namespace beside the name, and a ReferenceGrant there that lets this route name it",
            takes_target_port: None,
        })
    }

    /// A finding that the Service is not there, where that is why.
    pub(super) fn service_missing(
        &self,
        rule: &Rule,
        context: Context<'_>,
        why: Unreached,
    ) -> Option<Finding> {
        let cluster = context.cluster;
        let (name, namespace) = (&self.name.value, self.namespace);
        let span = self.name.span.unwrap_or(self.span);
        let found = |severity, message: String| Finding {
            short: "no such Service".to_owned(),
            field: Some(self.name_field.clone()),
            help: "write the name of a Service of this namespace".to_owned(),
            ..words::found(rule, severity, self.meta, span, message)
        };
        let here = |id: usize| &cluster.services[id].meta;
        Some(match why {
            Unreached::NoSuchService(Some(near)) => {
                let near = here(near);
                let text = &near.name.value;
                Finding {
                    help: format!("write {}", quoted(text)),
                    short: format!("did you mean {text}?"),
                    related: vec![Related {
                        message: format!("Service {}", quoted(text)),
                        span: near.head(),
                    }],
                    fix: mend::text(context, self.name.span, name, text, format!("send it to {text}")),
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
                let both = self.says_namespace && cluster.services[id].meta.namespace_span.is_some();
                let severity = if both { Severity::Error } else { Severity::Warning };
                Finding {
                    help: self.elsewhere.to_owned(),
                    short: format!("it is in {}", other.namespace),
                    related: vec![Related {
                        message: format!("Service {} in {}", quoted(name), quoted(&other.namespace)),
                        span: other.head(),
                    }],
                    ..found(
                        severity,
                        format!(
                            "Service {} is in namespace {}, not in {}",
                            quoted(name),
                            quoted(&other.namespace),
                            quoted(namespace)
                        ),
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
                help: format!("upload the Service together with the {}", self.meta.kind),
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
            _ => return None,
        })
    }

    /// A finding that the Service has no such port, where that is why.
    pub(super) fn port_missing(&self, rule: &Rule, context: Context<'_>, why: Unreached) -> Option<Finding> {
        let cluster = context.cluster;
        let Unreached::NoSuchPort { service, near } = why else { return None };
        let (service, port) = (&cluster.services[service], self.port?);
        let name = &service.meta.name.value;
        let near = near.map(|near| &service.ports[near]);
        let message = match port {
            PortRef::Number(number) => format!("Service {} has no port {number}", quoted(name)),
            PortRef::Name(port) => format!("Service {} has no port named {}", quoted(name), quoted(port)),
        };
        let by_target = near.is_some_and(|near| leads(near, port));
        let takers = if by_target { self.takes_target_port } else { None };
        let (why, help) = port_words(service, port, near, takers);
        let span = self.port_span.unwrap_or(self.span);
        let title = |port: &dyn std::fmt::Display| format!("send it to port {port}");
        let fix = near.and_then(|near| match port {
            PortRef::Number(old) => {
                let new = near.port.value;
                mend::number(context, self.port_span, &old.to_string(), new, title(&new))
            }
            PortRef::Name(_) if near.name.value.is_empty() => None,
            PortRef::Name(old) => {
                let new = &near.name.value;
                mend::text(context, self.port_span, old, new, title(new))
            }
        });
        let severity = if takers.is_some() { Severity::Warning } else { rule.severity };
        Some(Finding {
            help,
            short: if by_target { "targetPort, not port".to_owned() } else { format!("no port {port}") },
            field: Some(self.port_field.clone()),
            related: vec![Related {
                message: format!("the ports of Service {}", quoted(name)),
                span: near.map_or_else(|| service.meta.head(), |near| near.span),
            }],
            fix,
            ..words::found(rule, severity, self.meta, span, message + &why)
        })
    }
}

/// What a Service has in the place of a port, and what to do.
fn port_words(
    service: &Service,
    port: PortRef<'_>,
    near: Option<&ServicePort>,
    takers: Option<&str>,
) -> (String, String) {
    let of = |at: &ServicePort| match port {
        PortRef::Name(_) if !at.name.value.is_empty() => quoted(&at.name.value),
        _ => at.port.value.to_string(),
    };
    if service.ports.is_empty() {
        return (": it has no ports".to_owned(), "give the Service this port".to_owned());
    }
    let help = match near {
        Some(near) if matches!(port, PortRef::Name(_)) && near.name.value.is_empty() => {
            format!("name port {} of the Service so, or write number: {0}", near.port.value)
        }
        Some(near) => format!("write {}", of(near)),
        None => "write one of the Service's own ports".to_owned(),
    };
    match near {
        Some(near) if leads(near, port) => {
            let help = takers.map_or(help.clone(), |takers| format!("{help}; {takers}"));
            (format!(": that is the targetPort of its port {}", near.port.value), help)
        }
        _ => (format!(", only {}", list_of(service.ports.iter().map(of), service.ports.len())), help),
    }
}

/// Whether what was written is where a port leads.
fn leads(near: &ServicePort, port: PortRef<'_>) -> bool {
    match (&near.target.value, port) {
        (TargetPort::Number(target), PortRef::Number(number)) => *target == number,
        (TargetPort::Name(target), PortRef::Name(name)) => target == name,
        _ => false,
    }
}
