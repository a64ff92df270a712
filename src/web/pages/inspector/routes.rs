//! What is told of a route of an Ingress or Gateway.

mod gateways;

use super::{FindingView, Hop, Inspector, PathView, Teller, capital};
use crate::analysis::Analysis;
use crate::diagram::{is_default, route_address, route_addresses, route_fault, route_name};
use crate::finding::Finding;
use crate::kinds::ingress;
use crate::render::policies;
use crate::wiring::{Route, Said, Unreached};

/// The most routes to one Service port that are told of at once.
const MOST_ROUTES: usize = 4;

impl Inspector {
    /// What is told of a route that reaches no Service.
    pub(super) fn of_unreached(teller: &Teller<'_>, route: usize) -> Self {
        let hops = teller.unreached(route);
        Self {
            near: None,
            title: super::title(teller.at),
            sub: hops.last().map(|hop| hop.title.clone()).unwrap_or_default(),
            paths: vec![PathView { heading: None, hops }],
            left_out: 0,
            findings: teller.route_findings(route),
            checks: Vec::new(),
        }
    }

    /// The same for readers without a pointer or JavaScript.
    pub(in crate::web::pages) fn of_route(analysis: &Analysis, route: usize) -> Vec<Hop> {
        Teller { analysis, at: "" }.unreached(route)
    }
}

/// The address that shows a finding about a route on the board.
pub(in crate::web::pages) fn at_of(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let (cluster, routes) = (&analysis.cluster, &analysis.wiring.routes);
    let kind = finding.object.kind.as_str();
    if kind != "Ingress" && !kind.ends_with("Route") {
        return None;
    }
    let route = routes.all.iter().position(|route| concerns(analysis, finding, route))?;
    Some(route_address(cluster, routes, route))
}

/// Whether a finding is about a route: its backend, its match, or the parent by which it comes in.
fn concerns(analysis: &Analysis, finding: &Finding, route: &Route) -> bool {
    let said = route.said(&analysis.cluster);
    let meta = said.meta();
    let is_its_object = || {
        finding.object.name == meta.name.value
            && finding.object.kind == meta.kind
            && finding.object.namespace == meta.namespace
    };
    let Some(field) = finding.field.as_deref() else { return false };
    let of_backend = said.field().is_some_and(|backend| is_of(field, backend));
    (of_backend || gateways::is_of_parent(analysis, route, field)) && is_its_object()
}

/// Whether a field is this one or one in it.
fn is_of(field: &str, whole: &str) -> bool {
    field.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl<'a> Teller<'a> {
    fn route(&self, id: usize) -> &'a Route {
        &self.analysis.wiring.routes.all[id]
    }

    /// The route that was selected, where one was.
    pub(super) fn route_taken(&self) -> Option<Hop> {
        self.selected_route().map(|route| self.route_hop(route))
    }

    /// The routes that lead to a Service port.
    pub(super) fn routes(&self, service: usize, port: Option<usize>) -> Vec<Hop> {
        let to = self.analysis.wiring.routes.to(service, port);
        let mut hops: Vec<Hop> = to.iter().take(MOST_ROUTES).map(|route| self.route_hop(*route)).collect();
        let more = to.len().saturating_sub(MOST_ROUTES);
        if more > 0 {
            let why = "Further routes lead here as well; the JSON lists all.".to_owned();
            hops.push(self.hop(format!("{more} more routes"), why, None, None));
        }
        hops
    }

    /// The route that was selected.
    pub(super) fn selected_route(&self) -> Option<usize> {
        if !self.at.starts_with("ingress:") && !self.at.starts_with("gateway:") {
            return None;
        }
        let all = route_addresses(&self.analysis.cluster, &self.analysis.wiring.routes);
        all.iter().position(|at| at == self.at)
    }

    fn route_hop(&self, id: usize) -> Hop {
        let (cluster, route) = (&self.analysis.cluster, self.route(id));
        let said = route.said(cluster);
        let Said::Path(ingress, path) = said else { return self.gateway_hop(route) };
        let name = &ingress.meta.name.value;
        let scheme = if ingress.port(path) == 443 { "https" } else { "http" };
        let title = match route_name(cluster, route).strip_prefix('*') {
            Some(path) => format!("any host{path}"),
            None if is_default(cluster, route) => format!("default backend of {name}"),
            None => format!("{scheme}://{}", route_name(cluster, route)),
        };
        let mut why = match cluster.class_of(ingress) {
            ("", _) => format!("Ingress {name} takes {}.", asked(path)),
            (class, false) => format!("Ingress {name} of class {class} takes {}.", asked(path)),
            (class, true) => {
                format!(
                    "Ingress {name} takes {}. It names no class, so it is of the default one, {class}.",
                    asked(path)
                )
            }
        };
        if route.leads_to_name(cluster) {
            why.push_str(&format!(" {}", policies::to_other_name("its controller")));
        } else if route.reach.is_ok() {
            why.push_str(" Its controller sends them to the endpoints of the Service's port.");
        }
        self.hop(title, why, Some(said.span()), Some(said.mark()))
    }

    fn unreached(&self, id: usize) -> Vec<Hop> {
        let mut hops = vec![self.route_hop(id)];
        let route = self.route(id);
        let Err(why) = route.reach else { return hops };
        let finding = self.analysis.findings.iter().find(|finding| concerns(self.analysis, finding, route));
        let title = route_fault(&self.analysis.cluster, route, why);
        let words = match (finding, why) {
            (Some(finding), _) => capital(&finding.message) + ".",
            (None, Unreached::Resource) => "What answers is known to its controller alone.".to_owned(),
            (None, Unreached::Redirect) => "The Gateway answers with another address to ask.".to_owned(),
            (None, _) => "Nobody answers.".to_owned(),
        };
        let span = finding.and_then(|finding| finding.related.first()).map(|related| related.span);
        let mut hop = self.hop(title, words, span, span);
        hop.broken = why.is_broken();
        hops.push(hop);
        hops
    }

    /// What was found about a route.
    pub(super) fn route_findings(&self, id: usize) -> Vec<FindingView> {
        let route = self.route(id);
        let about = self.analysis.findings.iter().filter(|finding| concerns(self.analysis, finding, route));
        about.map(|finding| FindingView::new(self.analysis, finding)).collect()
    }
}

/// Which requests a path takes. Of several that match, Kubernetes has the longest path win, then the exact one.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches>
fn asked(route: &ingress::Route) -> String {
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
