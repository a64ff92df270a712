//! An Ingress that asks a Service for a port which it does not have.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::ingress::{Ingress, Route};
use crate::kinds::service::{Service, ServicePort};
use crate::port::TargetPort;
use crate::reference::PortRef;
use crate::wiring::Unreached;

use super::words::{self, list, quoted};
use super::{Context, Rule, fixture, mend};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "ingress-port-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "An Ingress names a port that its Service does not have.",
    why: "A backend's port is a port of the Service, by its number or its name, and never the targetPort behind it. \
          Kubernetes accepts another one in silence, and whoever asks for the path gets an error page.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/#IngressBackend",
    check,
    fires: fixture!("ingress-port-missing", "fires"),
    silent: fixture!("ingress-port-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for (ingress, route, reach) in context.routes() {
        if let Err(Unreached::NoSuchPort { service, near }) = *reach {
            findings.extend(finding(context, ingress, route, service, near));
        }
    }
}

fn finding(
    context: Context<'_>,
    ingress: &Ingress,
    route: &Route,
    service: usize,
    near: Option<usize>,
) -> Option<Finding> {
    let backend = route.backend.service.as_ref()?;
    let (service, port) = (&context.cluster.services[service], backend.port()?);
    let name = &service.meta.name.value;
    let near = near.map(|near| &service.ports[near]);
    let (message, field) = match port {
        PortRef::Number(number) => {
            (format!("Service {} has no port {number}", quoted(name)), "service.port.number")
        }
        PortRef::Name(port) => {
            (format!("Service {} has no port named {}", quoted(name), quoted(port)), "service.port.name")
        }
    };
    let (why, help) = words(service, port, near);
    let span = backend.port_span().unwrap_or(route.span);
    let title = |port: &dyn std::fmt::Display| format!("send it to port {port}");
    let fix = near.and_then(|near| match port {
        PortRef::Number(old) => {
            mend::number(context, backend.port_span(), &old.to_string(), near.port.value, title(&near.port.value))
        }
        PortRef::Name(_) if near.name.value.is_empty() => None,
        PortRef::Name(old) => mend::text(context, backend.port_span(), old, &near.name.value, title(&near.name.value)),
    });
    Some(Finding {
        help,
        short: format!("no port {port}"),
        field: Some(ingress.field(route, field, "servicePort")),
        related: vec![Related {
            message: format!("the ports of Service {}", quoted(name)),
            span: near.map_or_else(|| service.meta.head(), |near| near.span),
        }],
        fix,
        ..words::found(&RULE, RULE.severity, &ingress.meta, span, message + &why)
    })
}

/// What it has instead, and what to do.
fn words(service: &Service, port: PortRef<'_>, near: Option<&ServicePort>) -> (String, String) {
    let of = |at: &ServicePort| match port {
        PortRef::Name(_) if !at.name.value.is_empty() => quoted(&at.name.value),
        _ => at.port.value.to_string(),
    };
    if service.ports.is_empty() {
        return (": it has no ports".to_owned(), "give the Service this port".to_owned());
    }
    let all: Vec<String> = service.ports.iter().map(of).collect();
    let help = match near {
        Some(near) if matches!(port, PortRef::Name(_)) && near.name.value.is_empty() => {
            format!("name port {} of the Service so, or write number: {0}", near.port.value)
        }
        Some(near) => format!("write {}", of(near)),
        None => "write one of the Service's own ports".to_owned(),
    };
    let leads = near.is_some_and(|near| match (&near.target.value, port) {
        (TargetPort::Number(target), PortRef::Number(number)) => *target == number,
        (TargetPort::Name(target), PortRef::Name(name)) => target == name,
        _ => false,
    });
    match near {
        Some(near) if leads => (format!(": that is the targetPort of its port {}", near.port.value), help),
        _ => (format!(", only {}", list(&all)), help),
    }
}
