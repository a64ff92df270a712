//! The ways in besides node ports: load balancers, external addresses, and the routes of Ingresses and Gateways.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer};
use serde_json::Value;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::words::{Words, text};
use super::{Source, vocabulary};
use crate::analysis::Analysis;
use crate::kinds::service::{Service, ServicePort};
use crate::reference::{PortRef, Target};
use crate::wiring::{Door, Parent, Route, Said};

/// A way in besides node ports.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry<'a> {
    /// `LoadBalancer`, `ExternalIP`, `Ingress`, `Gateway`, or the kind of a parent outside the upload.
    kind: &'a str,
    /// The namespace of the object that it stands for.
    namespace: &'a str,
    /// That object's name.
    name: &'a str,
    /// The host that requests must be for; null for all.
    #[schema(required)]
    host: Option<&'a str>,
    /// The path that requests must be for; null for all.
    #[schema(required)]
    path: Option<&'a str>,
    /// Its address, where one is known.
    #[schema(required)]
    address: Option<&'a str>,
    /// The port that it listens on; null of an Ingress.
    #[schema(required)]
    port: Option<i32>,
    /// The ranges of clients that a load balancer lets in; left out where it lets all in.
    #[schema(required = false)]
    #[schema(value_type = Vec<String>)]
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    source_ranges: &'a [&'a str],
    /// Where it leads; null where that is no Service.
    #[schema(required)]
    to: Option<EntryTarget<'a>>,
    /// There for routes of Gateways alone.
    #[schema(value_type = GatewayMembers)]
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    gateway: Option<GatewayEntry<'a>>,
    /// Where it is written.
    source: Source<'a>,
}

/// The schema of what may be there for a route of a Gateway.
enum GatewayMembers {}

impl PartialSchema for GatewayMembers {
    fn schema() -> RefOr<Schema> {
        let either = AnyOfBuilder::new().item(Ref::from_schema_name(GatewayEntry::<'static>::name()));
        let either = either.item(ObjectBuilder::new().schema_type(Type::Object));
        either.description(Some("The members of GatewayEntry for a route of a Gateway, else none.")).into()
    }
}

impl ToSchema for GatewayMembers {
    fn name() -> Cow<'static, str> {
        "GatewayMembers".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((GatewayEntry::<'static>::name().into(), GatewayEntry::<'static>::schema()));
        GatewayEntry::<'static>::schemas(schemas);
    }
}

/// What there is to say of a route of a Gateway besides.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GatewayEntry<'a> {
    /// The listener's name.
    #[schema(required)]
    listener: Option<&'a str>,
    /// The object that it is written in.
    route: EntryRoute<'a>,
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
    filters: Vec<&'a str>,
}

/// The object that a route is written in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryRoute<'a> {
    /// Such as `HTTPRoute`.
    kind: &'a str,
    /// Its namespace.
    namespace: &'a str,
    /// Its name.
    name: &'a str,
}

/// Where a way in leads, or would if it were there: a name in the place of the port is one that the Service does not have.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryTarget<'a> {
    /// The Service's name.
    service: &'a str,
    /// Its namespace, where that is not the entry's.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    /// Its port: a number, or a name that the Service does not have, or null where none is written.
    #[schema(required, value_type = vocabulary::PortOrNothing)]
    port: Value,
}

/// The ways in besides node ports, each made when it is written: a few addresses, ports and hosts are many of them.
#[derive(Debug, Clone, Copy)]
pub struct Entries<'a>(pub(super) &'a Analysis);

impl Serialize for Entries<'_> {
    /// Those of the Services in the order of the upload, then those of the Ingresses by name, host and path, then those of
    /// the Gateways, listener by listener in the order in which they are tried.
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let words = Words { analysis: self.0 };
        let mut all = out.serialize_seq(None)?;
        for service in &words.cluster().services {
            let ranges = service.allowed_ranges();
            for (kind, address) in ways_in(service) {
                let ranges = if kind == BALANCER { &ranges[..] } else { &[] };
                for port in &service.ports {
                    all.serialize_element(&words.entry_of(service, port, (kind, address), ranges))?;
                }
            }
        }
        let routes = &self.0.wiring.routes.all;
        let (at_ingresses, others) =
            routes.split_at(routes.partition_point(|route| matches!(route.door, Door::Ingress(_))));
        let mut at_ingresses: Vec<Entry<'_>> = at_ingresses.iter().map(|route| words.entry(route)).collect();
        at_ingresses.sort_by(|a, b| {
            (a.namespace, a.name, a.host, a.path).cmp(&(b.namespace, b.name, b.host, b.path))
        });
        for entry in &at_ingresses {
            all.serialize_element(entry)?;
        }
        for route in others {
            all.serialize_element(&words.entry(route))?;
        }
        all.end()
    }
}

const BALANCER: &str = "LoadBalancer";

/// The addresses of a Service outside.
fn ways_in(service: &Service) -> impl Iterator<Item = (&'static str, Option<&str>)> {
    let external = service.external_ips.iter().map(|ip| ("ExternalIP", Some(ip.value.as_str())));
    service.balancers().map(|address| (BALANCER, address)).chain(external)
}

impl<'a> Words<'a> {
    fn entry_of(
        &self,
        service: &'a Service,
        port: &ServicePort,
        (kind, address): (&'static str, Option<&'a str>),
        source_ranges: &'a [&'a str],
    ) -> Entry<'a> {
        let name = &service.meta.name.value;
        Entry {
            kind,
            namespace: &service.meta.namespace,
            name,
            host: None,
            path: None,
            address,
            port: Some(port.port.value),
            source_ranges,
            gateway: None,
            to: Some(EntryTarget { service: name, namespace: None, port: Value::from(port.port.value) }),
            source: self.source(port.span),
        }
    }

    /// A route, at the first address of its Ingress or Gateway.
    fn entry(&self, route: &'a Route) -> Entry<'a> {
        let cluster = self.cluster();
        let said = route.said(cluster);
        let (kind, namespace, name, address): (_, &str, &str, _) = match route.door {
            Door::Ingress(id) => {
                let ingress = &cluster.ingresses[id];
                (
                    "Ingress",
                    &ingress.meta.namespace,
                    &ingress.meta.name.value,
                    ingress.addresses.first().map(|at| at.value.as_str()),
                )
            }
            Door::Gateway(id, _) => {
                let gateway = &cluster.gateways[id];
                (
                    "Gateway",
                    &gateway.meta.namespace,
                    &gateway.meta.name.value,
                    gateway.addresses.first().map(|at| at.value.as_str()),
                )
            }
            Door::Parent(id, parent) => {
                let object = &cluster.gateway_routes[id];
                let parent = &object.parents[parent];
                let namespace = if parent.namespace.value.is_empty() {
                    &*object.meta.namespace
                } else {
                    &parent.namespace.value
                };
                (parent.kind.as_str(), namespace, &parent.name.value, None)
            }
        };
        let some = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        Entry {
            kind,
            namespace,
            name,
            host: some(&route.host),
            path: some(said.path()),
            address,
            port: route.port(cluster),
            source_ranges: &[],
            to: self.target(route, namespace),
            gateway: self.gateway_entry(route),
            source: self.source(said.span()),
        }
    }

    fn gateway_entry(&self, route: &Route) -> Option<GatewayEntry<'a>> {
        let cluster = self.cluster();
        let Said::Rule { route: object, rule, backend, is_copy, .. } = route.said(cluster) else {
            return None;
        };
        let parents = &self.analysis.wiring.routes.parents;
        let meta = &object.meta;
        Some(GatewayEntry {
            listener: route.listener(cluster).and_then(|listener| text(&listener.name)),
            route: EntryRoute { kind: &meta.kind, namespace: &meta.namespace, name: &meta.name.value },
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
            filters: rule.filters.iter().map(|filter| filter.value.as_str()).collect(),
        })
    }

    fn target(&self, route: &Route, namespace: &str) -> Option<EntryTarget<'a>> {
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
        let other = Some(said.namespace()).filter(|other| *other != namespace);
        Some(EntryTarget { service, namespace: other, port })
    }
}
