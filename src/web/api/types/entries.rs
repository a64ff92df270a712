//! The ways in besides node ports: load balancers, external addresses, and the routes of Ingresses.

use serde::Serialize;
use serde_json::Value;

use super::Source;
use super::words::{Words, text};
use crate::kinds::ingress::{Ingress, Route};
use crate::kinds::service::Service;
use crate::reference::{PortRef, Target};
use crate::wiring::{Reach, Unreached};

/// A way in besides node ports.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    kind: &'static str,
    namespace: String,
    name: String,
    host: Option<String>,
    path: Option<String>,
    address: Option<String>,
    port: i32,
    /// The ranges of clients that a load balancer lets in; all where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    source_ranges: Vec<String>,
    to: Option<EntryTarget>,
    source: Source,
}

/// Where a way in leads, or would if it were there: a name in the place of the port is one that the Service does not have.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryTarget {
    service: String,
    port: Value,
}

impl Words<'_> {
    /// Those of the Services in the order of the upload, then those of the Ingresses by name, host and path.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let cluster = self.cluster();
        let mut entries: Vec<Entry> =
            cluster.services.iter().flat_map(|service| self.entries_of(service)).collect();
        let ingresses = cluster.ingresses.iter().zip(&self.analysis.wiring.routes.of);
        let mut routes: Vec<Entry> =
            ingresses.flat_map(|(ingress, led)| self.routes_of(ingress, led)).collect();
        routes.sort_by(|a, b| {
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
                    kind,
                    namespace: service.meta.namespace.clone(),
                    name: service.meta.name.value.clone(),
                    host: None,
                    path: None,
                    address: address.map(str::to_owned),
                    port: port.port.value,
                    source_ranges:
                        ranges.clone().filter(|_| kind == "LoadBalancer").map(str::to_owned).collect(),
                    to: Some(EntryTarget {
                        service: service.meta.name.value.clone(),
                        port: Value::from(port.port.value),
                    }),
                    source: self.source(port.span),
                }));
            }
        }
        entries
    }

    /// An Ingress has an entry for each of its paths, at its first address.
    fn routes_of(&self, ingress: &Ingress, led: &[Result<Reach, Unreached>]) -> Vec<Entry> {
        let routes = ingress.routes.iter().zip(led);
        let entry = |(route, reach): (&Route, &Result<Reach, Unreached>)| Entry {
            kind: "Ingress",
            namespace: ingress.meta.namespace.clone(),
            name: ingress.meta.name.value.clone(),
            host: text(&route.host),
            path: text(&route.path),
            address: ingress.addresses.first().map(|address| address.value.clone()),
            port: ingress.port(route),
            source_ranges: Vec::new(),
            to: self.target(route, reach.ok()),
            source: self.source(route.span),
        };
        routes.map(entry).collect()
    }

    fn target(&self, route: &Route, reach: Option<Reach>) -> Option<EntryTarget> {
        let Some(Target::ServicePort { service, port }) = route.backend.target() else { return None };
        let known = reach.and_then(|reach| Some(&self.cluster().services[reach.service].ports[reach.port?]));
        let port = match (known, port) {
            (Some(port), _) => Value::from(port.port.value),
            (None, Some(PortRef::Number(number))) => Value::from(number),
            (None, Some(PortRef::Name(name))) => Value::from(name),
            (None, None) => Value::Null,
        };
        Some(EntryTarget { service: service.to_owned(), port })
    }
}
