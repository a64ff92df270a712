//! What is told of a route of an Ingress.

use super::{FindingView, Hop, Inspector, PathView, Teller, capital};
use crate::analysis::Analysis;
use crate::diagram::{route_address, route_addresses, route_fault, route_name};
use crate::finding::Finding;
use crate::kinds::ingress::{Ingress, Route};
use crate::wiring::Unreached;

/// The most routes to one Service port that are told of at once.
const MOST_ROUTES: usize = 4;

impl Inspector {
    /// What is told of a route that reaches no Service.
    pub(super) fn of_unreached(teller: &Teller<'_>, ingress: usize, route: usize) -> Self {
        let hops = teller.unreached(ingress, route);
        Self {
            near: None,
            title: super::title(teller.at),
            sub: hops.last().map(|hop| hop.title.clone()).unwrap_or_default(),
            paths: vec![PathView { heading: None, hops }],
            left_out: 0,
            findings: teller.route_findings(ingress, route),
            checks: Vec::new(),
        }
    }

    /// The same for readers without a pointer or JavaScript.
    pub(in crate::web::pages) fn of_route(analysis: &Analysis, ingress: usize, route: usize) -> Vec<Hop> {
        Teller { analysis, at: "" }.unreached(ingress, route)
    }
}

/// The address that shows a finding about a route on the board.
pub(in crate::web::pages) fn at_of(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let field = finding.field.as_deref().filter(|_| finding.object.kind == "Ingress")?;
    let mut ingresses = analysis.cluster.ingresses.iter();
    let ingress = ingresses.position(|ingress| ingress.meta.reference() == finding.object)?;
    let routes = &analysis.cluster.ingresses[ingress].routes;
    let route = routes.iter().position(|route| is_of(field, &route.backend.field))?;
    Some(route_address(&analysis.cluster, ingress, route))
}

/// Whether a field is this one or one in it.
fn is_of(field: &str, whole: &str) -> bool {
    field.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl<'a> Teller<'a> {
    fn route(&self, ingress: usize, route: usize) -> (&'a Ingress, &'a Route) {
        let ingress = &self.analysis.cluster.ingresses[ingress];
        (ingress, &ingress.routes[route])
    }

    /// The route that was selected, where one was.
    pub(super) fn route_taken(&self) -> Option<Hop> {
        self.selected_route().map(|(ingress, route)| self.route_hop(ingress, route))
    }

    /// The routes that lead to a Service port.
    pub(super) fn routes(&self, service: usize, port: usize) -> Vec<Hop> {
        let to = self.analysis.wiring.routes.to(service, Some(port));
        let mut hops: Vec<Hop> =
            to.iter().take(MOST_ROUTES).map(|&(ingress, route)| self.route_hop(ingress, route)).collect();
        let more = to.len().saturating_sub(MOST_ROUTES);
        if more > 0 {
            let why = "Further routes of Ingresses lead here as well; the JSON lists all.".to_owned();
            hops.push(self.hop(format!("{more} more routes of Ingresses"), why, None, None));
        }
        hops
    }

    /// The Ingress and route that was selected.
    pub(super) fn selected_route(&self) -> Option<(usize, usize)> {
        if !self.at.starts_with("ingress:") {
            return None;
        }
        let all = route_addresses(&self.analysis.cluster);
        let place = |routes: &Vec<String>| routes.iter().position(|at| at == self.at);
        all.iter().enumerate().find_map(|(ingress, routes)| Some((ingress, place(routes)?)))
    }

    fn route_hop(&self, ingress: usize, route: usize) -> Hop {
        let is_reached = self.analysis.wiring.routes.of[ingress][route].is_ok();
        let (ingress, route) = self.route(ingress, route);
        let name = &ingress.meta.name.value;
        let asked = asked(route);
        let scheme = if ingress.port(route) == 443 { "https" } else { "http" };
        let title = match route_name(route).strip_prefix('*') {
            Some(path) => format!("any host{path}"),
            None if route.is_default => format!("default backend of {name}"),
            None => format!("{scheme}://{}", route_name(route)),
        };
        let mut why = format!("Ingress {name} takes {asked}.");
        if is_reached {
            why.push_str(" Its controller sends them to the endpoints of the Service's port.");
        }
        let mark = route.backend.service.as_ref().and_then(|service| service.name.span);
        self.hop(title, why, Some(route.span), mark.or(Some(route.backend.span)))
    }

    fn unreached(&self, ingress: usize, route: usize) -> Vec<Hop> {
        let mut hops = vec![self.route_hop(ingress, route)];
        let (_, at) = self.route(ingress, route);
        let Err(why) = self.analysis.wiring.routes.of[ingress][route] else { return hops };
        let finding = self.route_finding(ingress, route);
        let title = route_fault(&self.analysis.cluster, at, why);
        let words = match (finding, why) {
            (Some(finding), _) => capital(&finding.message) + ".",
            (None, Unreached::Resource) => {
                "What answers is known to the Ingress's controller alone.".to_owned()
            }
            (None, _) => "Nobody answers.".to_owned(),
        };
        let span = finding.and_then(|finding| finding.related.first()).map(|related| related.span);
        let mut hop = self.hop(title, words, span, span);
        hop.broken = why.is_broken();
        hops.push(hop);
        hops
    }

    fn route_finding(&self, ingress: usize, route: usize) -> Option<&'a Finding> {
        let (ingress, route) = self.route(ingress, route);
        let (object, field) = (ingress.meta.reference(), route.backend.field.as_str());
        self.analysis.findings.iter().find(|finding| {
            finding.field.as_deref().is_some_and(|at| is_of(at, field)) && finding.object == object
        })
    }

    /// What was found about a route.
    pub(super) fn route_findings(&self, ingress: usize, route: usize) -> Vec<FindingView> {
        let finding = self.route_finding(ingress, route);
        finding.map(|finding| FindingView::new(self.analysis, finding)).into_iter().collect()
    }
}

/// Which requests take a route. Of several that match, Kubernetes has the longest path win, then the exact one.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches>
fn asked(route: &Route) -> String {
    if route.is_default {
        return "requests that no rule matches".to_owned();
    }
    let path = &route.path.value;
    let paths = match route.path_type.value.as_str() {
        _ if path.is_empty() => "any path".to_owned(),
        "Prefix" if path == "/" => "any path".to_owned(),
        "Exact" => format!("exactly the path {path}"),
        "Prefix" => format!("paths that begin with {path}, unless a longer path matches"),
        _ => format!("the path {path}, as its controller reads it"),
    };
    match route.host.value.as_str() {
        "" => format!("requests of any host for {paths}"),
        host => format!("requests of {host} for {paths}"),
    }
}
