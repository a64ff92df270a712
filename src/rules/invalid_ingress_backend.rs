//! An Ingress backend that Kubernetes refuses, because it does not say which port of which Service is meant.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::ingress::{Ingress, Route};

use super::words::{self, is_port, port_name_fault, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-ingress-backend",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A backend of an Ingress does not say which port of which Service answers.",
    why: "A backend is a Service with a port, by number or by name, or else a resource. In networking.k8s.io/v1 the fields \
          are service.name and service.port; serviceName and servicePort, which older versions had, are not known and so \
          say nothing. Kubernetes refuses the Ingress.",
    source: "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/networking/validation/validation.go",
    check,
    fires: fixture!("invalid-ingress-backend", "fires"),
    silent: fixture!("invalid-ingress-backend", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for ingress in context.cluster.ingresses.iter().filter(|ingress| undecoded.have_not(&ingress.meta)) {
        findings.extend(ingress.routes.iter().filter_map(|route| finding(ingress, route)));
    }
}

fn finding(ingress: &Ingress, route: &Route) -> Option<Finding> {
    let backend = &route.backend;
    let whole = if backend.span.start == backend.span.end { route.span } else { backend.span };
    let found = |span, field, message: String, help: &str| {
        let short = "no Service port is named".to_owned();
        let mut found = words::found(&RULE, RULE.severity, &ingress.meta, span, message);
        (found.help, found.short, found.field) = (help.to_owned(), short, Some(field));
        Some(found)
    };
    let itself = || backend.field.clone();
    let Some(service) = &backend.service else {
        if backend.resource.is_some() {
            return None;
        }
        return match backend.stale {
            Some(span) => found(
                span,
                itself(),
                "backend names its Service in the fields of older versions, which this version does not know"
                    .to_owned(),
                "write service: with name: and port: under it, and number: or name: under port",
            ),
            None => found(
                whole,
                itself(),
                "backend names neither a Service nor a resource".to_owned(),
                "write service: with name: and port: under it",
            ),
        };
    };
    if backend.resource.is_some() {
        let message = "backend names a Service and a resource".to_owned();
        return found(whole, itself(), message, "leave one of them out");
    }
    if service.name.value.is_empty() {
        let field = ingress.field(route, "service.name", "serviceName");
        return found(whole, field, "backend names no Service".to_owned(), "write the name of a Service");
    }
    let span = service.port_span().unwrap_or(whole);
    let (number, name) = (service.number.value, &service.port_name.value);
    match (number, name.as_str()) {
        (0, "") => {
            let message = format!("backend names no port of Service {}", quoted(&service.name.value));
            found(span, itself(), message, "write the number or the name of one of its ports")
        }
        (0, name) => {
            let fault = port_name_fault(name)?;
            let field = ingress.field(route, "service.port.name", "servicePort");
            let message = format!("backend's port name {} {fault}", words::shown(name));
            found(span, field, message, "write the name of a port of the Service, or its number as number:")
        }
        (number, "") if is_port(number) => None,
        (number, "") => {
            let field = ingress.field(route, "service.port.number", "servicePort");
            found(
                span,
                field,
                format!("backend's port {number} is not between 1 and 65535"),
                "write a port of the Service",
            )
        }
        (number, name) => {
            let message = format!("backend names its port twice: {number} and {}", words::shown(name));
            found(span, itself(), message, "leave the number or the name out")
        }
    }
}
