//! Ingress: which Service port a request reaches, by the host and path that it asks for.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/>

use rustc_hash::FxHashSet;

use crate::reference::{PortRef, Target};
use crate::source::{Node, Problem, Span};

use super::fields::{Fields, IntOrString, Written};
use super::meta::Meta;
use super::service::{self, BalancerAddress};

/// The annotation that named the controller before `ingressClassName` did.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-ingress-class>
const CLASS: &str = "kubernetes.io/ingress.class";

/// The name of a port that stands for an annotation of the Ingress, `actions.` and the Service's name, by which AWS' load
/// balancer controller goes in the place of a Service.
///
/// <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions>
const ACTION: &str = "use-annotation";

/// An Ingress: its rules and paths flattened into routes.
#[derive(Debug, Clone, Default)]
pub struct Ingress {
    /// Its name and place.
    pub meta: Meta,
    /// The controller that it is for; empty where none is named.
    pub class: Written<String>,
    /// Whether `ingressClassName` names it, rather than the annotation that came before.
    pub names_class: bool,
    /// One for each path of each rule as written, then the default backend.
    pub routes: Vec<Route>,
    /// `spec.tls[].hosts`.
    pub tls: Vec<Vec<Written<String>>>,
    covered: Covered,
    /// `status.loadBalancer.ingress`: addresses and host names.
    pub addresses: Vec<BalancerAddress>,
    /// Whether it has the shape of the versions before `networking.k8s.io/v1`.
    pub is_old: bool,
}

/// A path of a host, and what answers there.
#[derive(Debug, Clone, Default)]
pub struct Route {
    /// `host`; empty for any.
    pub host: Written<String>,
    /// `path`; empty for any.
    pub path: Written<String>,
    /// `pathType`; empty where none is written.
    pub path_type: Written<String>,
    /// Whether it is the backend for what no rule matches.
    pub is_default: bool,
    /// What answers.
    pub backend: Backend,
    /// The whole entry.
    pub span: Span,
}

/// A backend as written.
#[derive(Debug, Clone, Default)]
pub struct Backend {
    /// Where it stands, as Kubernetes writes it: `spec.rules[0].http.paths[0].backend`.
    pub field: String,
    /// `service`.
    pub service: Option<ServiceBackend>,
    /// `resource`: kind and name.
    pub resource: Option<(String, String)>,
    /// `serviceName` or `servicePort`, where the version of the Ingress knows neither.
    pub stale: Option<Span>,
    /// The whole of it.
    pub span: Span,
}

/// A port of a Service, as a backend names it.
#[derive(Debug, Clone, Default)]
pub struct ServiceBackend {
    /// `service.name`.
    pub name: Written<String>,
    /// `service.port.number`; 0 where none is written.
    pub number: Written<i32>,
    /// `service.port.name`.
    pub port_name: Written<String>,
}

impl Ingress {
    /// Reads an Ingress; what has the wrong type is noted and taken as absent.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read_whole(object, problems);
        let is_old = object.get("apiVersion").and_then(Node::as_str).is_some_and(|v| v.ends_with("/v1beta1"));
        let addresses = object.map("status", problems, service::read_load_balancer);
        object.map("spec", problems, |spec, problems| {
            let mut class = spec.text("ingressClassName", problems);
            let names_class = !class.value.is_empty();
            if let Some(label) = meta.rest.annotations.label(CLASS).filter(|_| !names_class) {
                class = Written { value: label.value().to_owned(), span: Some(label.span()) };
            }
            let mut routes = read_rules(spec, is_old, problems);
            let default = if is_old { "backend" } else { "defaultBackend" };
            if spec.has(default) {
                let backend = spec.map(default, problems, |backend, problems| {
                    Backend::read(format!("spec.{default}"), backend, is_old, problems)
                });
                let span = spec.span_of(default).unwrap_or(backend.span);
                routes.push(Route { is_default: true, backend, span, ..Route::default() });
            }
            let tls = spec.list("tls", problems, |tls, problems| tls.strings("hosts", problems));
            let covered = Covered::by(&tls);
            Self { meta, class, names_class, routes, tls, covered, addresses, is_old }
        })
    }

    /// A field of a route's backend, as this version of Ingress calls it.
    pub fn field(&self, route: &Route, now: &str, then: &str) -> String {
        format!("{}.{}", route.backend.field, if self.is_old { then } else { now })
    }

    /// The port that clients dial for a route: 443 where `tls` covers its host, 80 elsewhere.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/ingress/#tls>
    pub fn port(&self, route: &Route) -> i32 {
        if self.covered.has(&route.host.value) { 443 } else { 80 }
    }
}

/// The hosts of certificates, in small letters.
#[derive(Debug, Clone, Default)]
struct Covered {
    /// Whether a certificate is for any host.
    any: bool,
    hosts: FxHashSet<String>,
}

impl Covered {
    fn by(tls: &[Vec<Written<String>>]) -> Self {
        let hosts = tls.iter().flatten().map(|host| host.value.to_ascii_lowercase());
        Self { any: tls.iter().any(Vec::is_empty), hosts: hosts.collect() }
    }

    /// Whether one of them is a host: a wildcard stands for one label.
    fn has(&self, host: &str) -> bool {
        if self.any || self.hosts.is_empty() {
            return self.any;
        }
        let host = host.to_ascii_lowercase();
        let wild = host.split_once('.').map(|(_, domain)| format!("*.{domain}"));
        self.hosts.contains(&host) || wild.is_some_and(|wild| self.hosts.contains(&wild))
    }
}

fn read_rules(spec: &Fields<'_, '_>, is_old: bool, problems: &mut Vec<Problem>) -> Vec<Route> {
    let mut rule_number = 0;
    let rules = spec.list("rules", problems, |rule, problems| {
        let host = rule.text("host", problems);
        let (number, mut path_number) = (rule_number, 0);
        rule_number += 1;
        rule.map("http", problems, |http, problems| {
            http.list("paths", problems, |path, problems| {
                let field = format!("spec.rules[{number}].http.paths[{path_number}].backend");
                path_number += 1;
                Route {
                    host: host.clone(),
                    path: path.text("path", problems),
                    path_type: path.text("pathType", problems),
                    is_default: false,
                    backend: path.map("backend", problems, |backend, problems| {
                        Backend::read(field, backend, is_old, problems)
                    }),
                    span: path.span,
                }
            })
        })
    });
    rules.into_iter().flatten().collect()
}

impl Backend {
    fn read(field: String, backend: &Fields<'_, '_>, is_old: bool, problems: &mut Vec<Problem>) -> Self {
        let resource = backend.map("resource", problems, |resource, problems| {
            (resource.text("kind", problems).value, resource.text("name", problems).value)
        });
        let service = if is_old { read_old(backend, problems) } else { read_service(backend, problems) };
        let stale = ["serviceName", "servicePort"].into_iter().find_map(|key| backend.span_of(key));
        Self {
            field,
            service,
            resource: backend.has("resource").then_some(resource),
            stale: stale.filter(|_| !is_old),
            span: backend.span,
        }
    }

    /// What it points at; nothing where it names neither a Service nor anything else.
    pub fn target(&self) -> Option<Target<'_>> {
        if let Some(service) = self.service.as_ref().filter(|service| !service.name.value.is_empty()) {
            if service.port_name.value == ACTION {
                return Some(Target::Resource { kind: "annotation", name: &service.name.value });
            }
            return Some(Target::ServicePort { service: &service.name.value, port: service.port() });
        }
        self.resource.as_ref().map(|(kind, name)| Target::Resource { kind, name })
    }
}

impl ServiceBackend {
    /// The port that is meant; the number where both are written, which Kubernetes refuses.
    pub fn port(&self) -> Option<PortRef<'_>> {
        if self.number.value != 0 {
            return Some(PortRef::Number(self.number.value));
        }
        Some(PortRef::Name(self.port_name.value.as_str())).filter(|_| !self.port_name.value.is_empty())
    }

    /// Where the port is written, else the name.
    pub fn port_span(&self) -> Option<Span> {
        self.number.span.or(self.port_name.span).or(self.name.span)
    }
}

fn read_service(backend: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Option<ServiceBackend> {
    let service = backend.map("service", problems, |service, problems| {
        let name = service.text("name", problems);
        service.map("port", problems, |port, problems| ServiceBackend {
            name,
            number: port.int32("number", problems).unwrap_or_default(),
            port_name: port.text("name", problems),
        })
    });
    backend.has("service").then_some(service)
}

/// The shape before `networking.k8s.io/v1`: a name, and a port that is a number or a name.
fn read_old(backend: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Option<ServiceBackend> {
    let name = backend.text("serviceName", problems);
    let port = backend.int_or_string("servicePort", problems);
    let is_there = name.span.is_some() || port.is_some();
    let mut service = ServiceBackend { name, ..ServiceBackend::default() };
    match port.map(|written| (written.value, written.span)) {
        Some((IntOrString::Int(value), span)) => service.number = Written { value, span },
        // Controllers of that time took digits in quotes for the number.
        Some((IntOrString::String(text), span)) => match text.parse() {
            Ok(value) => service.number = Written { value, span },
            Err(_) => service.port_name = Written { value: text.into(), span },
        },
        None => {}
    }
    is_there.then_some(service)
}

#[cfg(test)]
mod tests {
    use super::{Covered, Written};

    #[test]
    fn certificates_cover_hosts() {
        for (pattern, host, covered) in [
            ("shop.example.com", "shop.example.com", true),
            ("shop.example.com", "Shop.example.com", true),
            ("*.example.com", "shop.example.com", true),
            ("*.example.com", "a.shop.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", "*.example.com", true),
            ("shop.example.com", "", false),
        ] {
            let by = Covered::by(&[vec![Written { value: pattern.to_owned(), span: None }]]);
            assert_eq!(by.has(host), covered, "{pattern} {host}");
        }
        for host in ["", "shop.example.com"] {
            assert!(Covered::by(&[Vec::new()]).has(host) && !Covered::by(&[]).has(host), "{host}");
        }
    }
}
