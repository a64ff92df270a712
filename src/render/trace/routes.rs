//! Routes of Ingresses and Gateways on the way of a trace, and what becomes of requests that a rule divides.

use crate::diagram::route_name;
use crate::kinds::ingress::{self, Ingress};
use crate::kinds::service::Service;
use crate::render::{gateways, policies};
use crate::wiring::trace::Branch;
use crate::wiring::{Route, Said};

use super::{Teller, Told, percent};

impl<'a> Teller<'a> {
    pub(super) fn of_branch(&self, branch: &'a Branch) -> Self {
        let part = self.part * branch.share();
        Self { trace: &branch.trace, part, is_proxied: true, ..*self }
    }

    /// A route: which rule takes the request, and what is left to whoever serves it.
    pub(super) fn route(
        &self,
        route: usize,
        port: Option<u16>,
        others: &[usize],
        passed_over: bool,
    ) -> (&'static str, String, String, String) {
        let route = &self.wiring.routes.all[route];
        let name = route_name(self.cluster, route);
        match route.said(self.cluster) {
            Said::Path(ingress, path) => {
                let title = format!("Ingress {}", ingress.meta.name.value);
                ("ingress", title, name, self.path(ingress, path, port, others))
            }
            Said::Rule { .. } => {
                ("gateway", gateways::title(self.cluster, route), name, self.rule(route, passed_over))
            }
        }
    }

    fn path(&self, ingress: &Ingress, route: &ingress::Route, port: Option<u16>, others: &[usize]) -> String {
        let mut why = if route.is_default {
            "No path of its rules matches, so the default backend answers".to_owned()
        } else {
            let kind = match route.path_type.value.as_str() {
                _ if route.path.value.is_empty() => "any path".to_owned(),
                kind @ ("Exact" | "Prefix") => format!("the path {} ({kind})", route.path.value),
                _ => format!(
                    "the path {}, taken for a prefix: that is its controller's choice",
                    route.path.value
                ),
            };
            format!("Its rule for {} and {kind} matches", host_of(route))
        };
        if self.target_service().is_some_and(Service::is_external_name) {
            why.push_str(&format!(". {}", policies::to_other_name("its controller")));
        } else {
            why.push_str("; its controller sends to the endpoints, past the Service's own address.");
        }
        let usual = ingress.port(route);
        match port.map(i32::from) {
            // https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect
            Some(80) if usual == 443 => {
                why.push_str(" tls covers the host: ingress-nginx, for one, answers on 80 by redirecting to https.");
            }
            Some(443) if usual == 80 => {
                why.push_str(" No tls covers the host: the controller answers with its own certificate, if at all.");
            }
            Some(80 | 443) | None => {}
            Some(port) => why.push_str(&format!(
                " Ingresses are served on 80 and 443; that the controller listens on {port} is taken for granted."
            )),
        }
        if !others.is_empty() {
            let name = |other: &usize| format!("Ingress {}", self.cluster.ingresses[*other].meta.name.value);
            let names = others.iter().map(name).collect::<Vec<_>>().join(", ");
            why.push_str(&format!(
                " {names} has the same host and path: which takes it is up to the controllers."
            ));
        }
        why
    }

    fn rule(&self, route: &Route, passed_over: bool) -> String {
        let mut why = gateways::told(self.cluster, self.wiring, route);
        if passed_over {
            why.push_str(
                " Narrower matches, which ask for headers, parameters, a method or a pattern, are passed over here.",
            );
        }
        why
    }

    /// What becomes of requests that a rule divides: `Of the requests 90 % go to Service cart: ...`
    pub(super) fn divided(&self, told: &[(&Branch, Told)]) -> String {
        let parts = told.iter().map(|(branch, told)| {
            let to = match branch.trace.target {
                Some((service, _)) => self.name(service),
                None => gateways::backend_name(self.cluster, &self.wiring.routes.all[branch.route]),
            };
            format!("{} go to {to}. {}", percent(self.part * branch.share()), told.why)
        });
        format!("Of the requests {}", parts.collect::<Vec<_>>().join(" "))
    }
}

fn host_of(route: &ingress::Route) -> String {
    if route.host.value.is_empty() { "any host".to_owned() } else { format!("host {}", route.host.value) }
}
