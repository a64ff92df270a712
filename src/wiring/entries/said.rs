//! What is written of a route: a path of an Ingress, or a match and a backend of a Gateway's route.

use super::{Door, Origin, Route};
use crate::cluster::Cluster;
use crate::kinds::gateway::Listener;
use crate::kinds::gateway_route::{BackendRef, GatewayRoute, Match, Rule};
use crate::kinds::ingress::{self, Ingress};
use crate::kinds::meta::Meta;
use crate::reference::Target;
use crate::source::Span;
use crate::wiring::backends::backend_namespace;

/// What is written of a route.
#[derive(Debug, Clone, Copy)]
pub enum Said<'c> {
    /// A path of an Ingress.
    Path(&'c Ingress, &'c ingress::Route),
    /// A match and a backend of a rule.
    Rule {
        /// The route object.
        route: &'c GatewayRoute,
        /// The rule.
        rule: &'c Rule,
        /// The match.
        matched: &'c Match,
        /// The backend; none where no backend is asked.
        backend: Option<&'c BackendRef>,
        /// Whether the backend only gets copies.
        is_copy: bool,
    },
}

impl Route {
    /// Whether it leads to a Service that is only another name.
    pub fn leads_to_name(&self, cluster: &Cluster) -> bool {
        self.reach.is_ok_and(|reach| cluster.services[reach.service].is_external_name())
    }

    /// What is written of it.
    pub fn said<'c>(&self, cluster: &'c Cluster) -> Said<'c> {
        match self.origin {
            Origin::Path { ingress, path } => {
                let ingress = &cluster.ingresses[ingress];
                Said::Path(ingress, &ingress.routes[path])
            }
            Origin::Rule { route, rule, matched, backend } => {
                let route = &cluster.gateway_routes[route];
                let rule = &route.rules[rule];
                Said::Rule {
                    route,
                    rule,
                    matched: &rule.matches[matched],
                    backend: backend.and_then(|backend| rule.all_backends().nth(backend)),
                    is_copy: backend.is_some_and(|backend| backend >= rule.backends.len()),
                }
            }
        }
    }

    /// The Ingress, `HTTPRoute` or other object that says it.
    pub fn meta<'c>(&self, cluster: &'c Cluster) -> &'c Meta {
        self.said(cluster).meta()
    }

    /// The listener that requests come in by, where it is one of this upload.
    pub fn listener<'c>(&self, cluster: &'c Cluster) -> Option<&'c Listener> {
        match self.door {
            Door::Gateway(gateway, Some(listener)) => Some(&cluster.gateways[gateway].listeners[listener]),
            _ => None,
        }
    }

    /// The port that clients dial, where it is known.
    pub fn port(&self, cluster: &Cluster) -> Option<i32> {
        match self.said(cluster) {
            Said::Path(ingress, path) => Some(ingress.port(path)),
            Said::Rule { .. } => self.listener(cluster).map(|listener| listener.port.value),
        }
    }
}

impl<'c> Said<'c> {
    /// The Ingress, `HTTPRoute` or other object that says it.
    pub fn meta(self) -> &'c Meta {
        match self {
            Self::Path(ingress, _) => &ingress.meta,
            Self::Rule { route, .. } => &route.meta,
        }
    }

    /// The path that it takes; empty for any.
    pub fn path(self) -> &'c str {
        match self {
            Self::Path(_, path) => &path.path.value,
            Self::Rule { matched, .. } => &matched.path,
        }
    }

    /// What answers; nothing where nothing is named.
    pub fn target(self) -> Option<Target<'c>> {
        match self {
            Self::Path(_, path) => path.backend.target(),
            Self::Rule { backend, .. } => backend?.target(),
        }
    }

    /// The namespace of what answers.
    pub fn namespace(self) -> &'c str {
        match self {
            Self::Path(ingress, _) => &ingress.meta.namespace,
            Self::Rule { route, backend: Some(backend), .. } => backend_namespace(route, backend),
            Self::Rule { route, .. } => &route.meta.namespace,
        }
    }

    /// The whole of it: the path, or the match.
    pub fn span(self) -> Span {
        match self {
            Self::Path(_, path) => path.span,
            Self::Rule { rule, matched, .. } => matched.span.unwrap_or(rule.span),
        }
    }

    /// All that is about it: the path, or the rule.
    pub fn around(self) -> Span {
        match self {
            Self::Path(_, path) => path.span,
            Self::Rule { rule, .. } => rule.span,
        }
    }

    /// The entry that is its own: the path or the backend, else the match.
    pub fn entry(self) -> Span {
        match self {
            Self::Rule { backend: Some(backend), .. } => backend.span,
            said => said.span(),
        }
    }

    /// What names the backend, as narrowly as it is written.
    pub fn mark(self) -> Span {
        match self {
            Self::Path(_, path) => {
                let service = path.backend.service.as_ref();
                service.and_then(|service| service.name.span).unwrap_or(path.backend.span)
            }
            Self::Rule { backend: Some(backend), .. } => backend.name.span.unwrap_or(backend.span),
            Self::Rule { .. } => self.span(),
        }
    }

    /// Where the backend stands, as Kubernetes writes it.
    pub fn field(self) -> Option<&'c str> {
        match self {
            Self::Path(_, path) => Some(&path.backend.field),
            Self::Rule { backend, .. } => backend.map(|backend| backend.field.as_str()),
        }
    }

    /// The weight of the backend and of all of its rule, where there are several to choose from.
    pub fn share(self) -> Option<(i64, i64)> {
        match self {
            Self::Rule { rule, backend: Some(backend), is_copy: false, .. }
                if rule.backends.len() > 1 || backend.weight.value == 0 =>
            {
                Some((i64::from(backend.weight.value.max(0)), rule.weights()))
            }
            _ => None,
        }
    }
}
