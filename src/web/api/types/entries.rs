//! The ways in besides node ports: load balancers, external addresses, and the routes of Ingresses and Gateways.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::words::{Words, text};
use super::{Source, vocabulary};
use crate::kinds::service::Service;
use crate::reference::{PortRef, Target};
use crate::wiring::{Door, Parent, Route, Said};

/// A way in besides node ports.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry<'a> {
    /// `LoadBalancer`, `ExternalIP`, `Ingress`, `Gateway`, or the kind of a parent outside the upload.
    kind: String,
    /// The namespace of the object that it stands for.
    namespace: String,
    /// That object's name.
    name: String,
    /// The host that requests must be for; null for all.
    #[schema(required)]
    host: Option<String>,
    /// The path that requests must be for; null for all.
    #[schema(required)]
    path: Option<String>,
    /// Its address, where one is known.
    #[schema(required)]
    address: Option<String>,
    /// The port that it listens on; null of an Ingress.
    #[schema(required)]
    port: Option<i32>,
    /// The ranges of clients that a load balancer lets in; left out where it lets all in.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    source_ranges: Vec<String>,
    /// Where it leads; null where that is no Service.
    #[schema(required)]
    to: Option<EntryTarget>,
    /// There for routes of Gateways alone.
    #[schema(value_type = GatewayMembers)]
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    gateway: Option<GatewayEntry>,
    /// Where it is written.
    source: Source<'a>,
}

/// The schema of what may be there for a route of a Gateway.
enum GatewayMembers {}

impl PartialSchema for GatewayMembers {
    fn schema() -> RefOr<Schema> {
        let either = AnyOfBuilder::new().item(Ref::from_schema_name(GatewayEntry::name()));
        let either = either.item(ObjectBuilder::new().schema_type(Type::Object));
        either.description(Some("The members of GatewayEntry for a route of a Gateway, else none.")).into()
    }
}

impl ToSchema for GatewayMembers {
    fn name() -> Cow<'static, str> {
        "GatewayMembers".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((GatewayEntry::name().into(), GatewayEntry::schema()));
        GatewayEntry::schemas(schemas);
    }
}

/// What there is to say of a route of a Gateway besides.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GatewayEntry {
    /// The listener's name.
    #[schema(required)]
    listener: Option<String>,
    /// The object that it is written in.
    route: EntryRoute,
    /// Whether requests come in by it.
    #[schema(value_type = vocabulary::Attached)]
    attached: &'static str,
    /// Of all the weights of its rule; null where a rule names no backend.
    #[schema(required)]
    weight: Option<i32>,
    /// All weights of its rule together.
    weights: i64,
    /// Whether the backend only gets copies of requests.
    mirror: bool,
    /// The kinds of filters that requests go through.
    filters: Vec<String>,
}

/// The object that a route is written in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryRoute {
    /// Such as `HTTPRoute`.
    kind: String,
    /// Its namespace.
    namespace: String,
    /// Its name.
    name: String,
}

/// Where a way in leads, or would if it were there: a name in the place of the port is one that the Service does not have.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryTarget {
    /// The Service's name.
    service: String,
    /// Its namespace, where that is not the entry's.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    /// Its port: a number, or a name that the Service does not have, or null where none is written.
    #[schema(required, value_type = vocabulary::PortOrNothing)]
    port: Value,
}

impl<'a> Words<'a> {
    /// Those of the Services in the order of the upload, then those of the Ingresses by name, host and path, then those of
    /// the Gateways, listener by listener in the order in which they are tried.
    pub(super) fn entries(&self) -> Vec<Entry<'a>> {
        let cluster = self.cluster();
        let mut entries: Vec<Entry<'a>> =
            cluster.services.iter().flat_map(|service| self.entries_of(service)).collect();
        let all = &self.analysis.wiring.routes.all;
        let ingresses = all.partition_point(|route| matches!(route.door, Door::Ingress(_)));
        let mut routes: Vec<Entry<'a>> = all.iter().map(|route| self.entry(route)).collect();
        routes[..ingresses].sort_by(|a, b| {
            (&a.namespace, &a.name, &a.host, &a.path).cmp(&(&b.namespace, &b.name, &b.host, &b.path))
        });
        entries.extend(routes);
        entries
    }

    /// A load balancer has an entry for each of its addresses (or one without, where none is known yet) and port.
    fn entries_of(&self, service: &'a Service) -> Vec<Entry<'a>> {
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
    fn entry(&self, route: &Route) -> Entry<'a> {
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
            listener: route.listener(cluster).and_then(|listener| text(&listener.name)).map(str::to_owned),
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
