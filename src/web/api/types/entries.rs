//! The ways in besides node ports: load balancers, external addresses, and the routes of Ingresses and Gateways.

use serde::Serialize;
use serde_json::Value;

use super::Source;
use super::words::{Words, text};
use crate::kinds::service::Service;
use crate::reference::{PortRef, Target};
use crate::wiring::{Door, Parent, Route, Said};

/// A way in besides node ports.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    kind: String,
    namespace: String,
    name: String,
    host: Option<String>,
    path: Option<String>,
    address: Option<String>,
    port: Option<i32>,
    /// The ranges of clients that a load balancer lets in; all where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    source_ranges: Vec<String>,
    to: Option<EntryTarget>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    gateway: Option<GatewayEntry>,
    source: Source,
}

/// What there is to say of a route of a Gateway besides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayEntry {
    listener: Option<String>,
    route: EntryRoute,
    /// Whether requests come in by it: `attached`, `refused`, or `unknown` where its parent is not in the upload.
    attached: &'static str,
    /// Of all the weights of its rule; none where a rule names no backend.
    weight: Option<i32>,
    weights: i64,
    /// Whether the backend only gets copies of requests.
    mirror: bool,
    filters: Vec<String>,
}

/// The object that a route is written in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryRoute {
    kind: String,
    namespace: String,
    name: String,
}

/// Where a way in leads, or would if it were there: a name in the place of the port is one that the Service does not have.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryTarget {
    service: String,
    /// Where it is not the namespace of the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    port: Value,
}

impl Words<'_> {
    /// Those of the Services in the order of the upload, then those of the Ingresses by name, host and path, then those of
    /// the Gateways, listener by listener in the order in which they are tried.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let cluster = self.cluster();
        let mut entries: Vec<Entry> =
            cluster.services.iter().flat_map(|service| self.entries_of(service)).collect();
        let all = &self.analysis.wiring.routes.all;
        let ingresses = all.partition_point(|route| matches!(route.door, Door::Ingress(_)));
        let mut routes: Vec<Entry> = all.iter().map(|route| self.entry(route)).collect();
        routes[..ingresses].sort_by(|a, b| {
            (&a.namespace, &a.name, &a.host, &a.path).cmp(&(&b.namespace, &b.name, &b.host, &b.path))
        });
        entries.extend(routes);
        entries
    }

    /// A load balancer has an entry for each of its addresses (or one without, where none is known yet) and port.
    fn entries_of(&self, service: &Service) -> Vec<Entry> {
        let mut entries = Vec::new();
        let ranges = service.allowed_ranges();
        let ranges = ranges.iter().copied();
        let balancer = service.service_type.value == "LoadBalancer";
        let known: Vec<Option<&str>> =
            service.load_balancer.iter().map(|ip| Some(ip.value.as_str())).collect();
        let balancers = if balancer && known.is_empty() { vec![None] } else { known };
        let kinds = [
            ("LoadBalancer", if balancer { balancers } else { Vec::new() }),
            ("ExternalIP", service.external_ips.iter().map(|ip| Some(ip.value.as_str())).collect()),
        ];
        for (kind, addresses) in kinds {
            for address in addresses {
                entries.extend(service.ports.iter().map(|port| Entry {
                    kind: kind.to_owned(),
                    namespace: service.meta.namespace.clone(),
                    name: service.meta.name.value.clone(),
                    host: None,
                    path: None,
                    address: address.map(str::to_owned),
                    port: Some(port.port.value),
                    source_ranges:
                        ranges.clone().filter(|_| kind == "LoadBalancer").map(str::to_owned).collect(),
                    gateway: None,
                    to: Some(EntryTarget {
                        service: service.meta.name.value.clone(),
                        namespace: None,
                        port: Value::from(port.port.value),
                    }),
                    source: self.source(port.span),
                }));
            }
        }
        entries
    }

    /// A route, at the first address of its Ingress or Gateway.
    fn entry(&self, route: &Route) -> Entry {
        let cluster = self.cluster();
        let said = route.said(cluster);
        let (kind, namespace, name, address) = match route.door {
            Door::Ingress(id) => {
                let ingress = &cluster.ingresses[id];
                (
                    "Ingress".to_owned(),
                    &ingress.meta.namespace,
                    &ingress.meta.name,
                    ingress.addresses.first().map(|at| at.value.clone()),
                )
            }
            Door::Gateway(id, _) => {
                let gateway = &cluster.gateways[id];
                (
                    "Gateway".to_owned(),
                    &gateway.meta.namespace,
                    &gateway.meta.name,
                    gateway.addresses.first().map(|at| at.value.clone()),
                )
            }
            Door::Parent(id, parent) => {
                let object = &cluster.gateway_routes[id];
                let parent = &object.parents[parent];
                let namespace = if parent.namespace.value.is_empty() {
                    &object.meta.namespace
                } else {
                    &parent.namespace.value
                };
                (parent.kind.clone(), namespace, &parent.name, None)
            }
        };
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Entry {
            kind,
            namespace: namespace.clone(),
            name: name.value.clone(),
            host: some(&route.host),
            path: some(said.path()),
            address,
            port: route.port(cluster),
            source_ranges: Vec::new(),
            to: self.target(route, namespace),
            gateway: self.gateway_entry(route),
            source: self.source(said.span()),
        }
    }

    fn gateway_entry(&self, route: &Route) -> Option<GatewayEntry> {
        let cluster = self.cluster();
        let Said::Rule { route: object, rule, backend, is_copy, .. } = route.said(cluster) else {
            return None;
        };
        let parents = &self.analysis.wiring.routes.parents;
        let meta = &object.meta;
        Some(GatewayEntry {
            listener: route.listener(cluster).and_then(|listener| text(&listener.name)),
            route: EntryRoute {
                kind: meta.kind.clone(),
                namespace: meta.namespace.clone(),
                name: meta.name.value.clone(),
            },
            attached: match route.door {
                Door::Gateway(_, None) => "refused",
                Door::Parent(id, parent) if matches!(parents[id].get(parent), Some(Parent::Elsewhere(_))) => {
                    "unknown"
                }
                _ if route.is_sure => "attached",
                _ => "unknown",
            },
            weight: backend.filter(|_| !is_copy).map(|backend| backend.weight.value),
            weights: rule.weights(),
            mirror: is_copy,
            filters: rule.filters.iter().map(|filter| filter.value.clone()).collect(),
        })
    }

    fn target(&self, route: &Route, namespace: &str) -> Option<EntryTarget> {
        let said = route.said(self.cluster());
        let Some(Target::ServicePort { service, port }) = said.target() else { return None };
        let reach = route.reach.ok();
        let known = reach.and_then(|reach| Some(&self.cluster().services[reach.service].ports[reach.port?]));
        let port = match (known, port) {
            (Some(port), _) => Value::from(port.port.value),
            (None, Some(PortRef::Number(number))) => Value::from(number),
            (None, Some(PortRef::Name(name))) => Value::from(name),
            (None, None) => Value::Null,
        };
        let other = Some(said.namespace().to_owned()).filter(|other| other != namespace);
        Some(EntryTarget { service: service.to_owned(), namespace: other, port })
    }
}
