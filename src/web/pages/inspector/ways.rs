//! The hops from outside to the target port.

use super::{EXAMPLE, Hop, Teller, is_about};
use crate::diagram::addresses;
use crate::finding::Severity;
use crate::kinds::service::{Service, ServicePort};
use crate::port::TargetPort;
use crate::wiring::{Picked, ServiceWiring, names};

/// How many pods' own names are told of.
const MOST_NAMES: usize = 3;

impl Teller<'_> {
    /// The way in that was selected, else all there are, as one hop: one comes by any of them.
    pub(super) fn ways_in(&self, id: usize, index: usize, hops: &mut Vec<Hop>) {
        if let Some(taken) = self.route_taken() {
            hops.push(taken);
            return;
        }
        let (service, _) = self.service(id);
        let port = &service.ports[index];
        let (by_node, by_balancer) = (self.at.starts_with("node:"), self.at.starts_with("lb:"));
        let (by_ip, inside) = (self.at.starts_with("ip:"), self.at.starts_with("in:"));
        let any = !(by_node || by_balancer || by_ip || inside);
        let mut ways = Vec::new();
        if service.has_node_ports() && (any || by_node) {
            ways.push(self.node_port(service, index));
        }
        if service.service_type.value == "LoadBalancer" && (any || by_balancer) {
            let address = service.load_balancer.first();
            let (title, why) = match address {
                Some(address) => (
                    format!("{}:{}", address.value, port.port.value),
                    "The load balancer's own address, from status.".to_owned(),
                ),
                None => (
                    format!("load balancer:{}", port.port.value),
                    "The cluster's provider gives it an address; none is in this upload.".to_owned(),
                ),
            };
            let span = address.and_then(|address| address.span);
            ways.push(self.hop(title, why, span, span));
        }
        if let Some(ip) = service.external_ips.first().filter(|_| any || by_ip) {
            let why = "An address that somebody else routes to the nodes.".to_owned();
            ways.push(self.hop(format!("{}:{}", ip.value, port.port.value), why, ip.span, ip.span));
        }
        if any {
            ways.extend(self.routes(id, index));
        }
        if any || inside {
            let meta = &service.meta;
            let name = format!("{}.{}.svc", meta.name.value, meta.namespace);
            let why = if service.is_headless() {
                "Inside the cluster this name resolves to the pods' own addresses: the client dials the target port itself."
            } else {
                "Inside the cluster this name resolves to the Service's address."
            };
            let title = if service.is_headless() { name } else { format!("{name}:{}", port.port.value) };
            ways.push(self.hop(title, why.to_owned(), None, None));
        }
        if ways.len() < 2 {
            hops.append(&mut ways);
            return;
        }
        let titles: Vec<&str> = ways.iter().map(|way| way.title.as_str()).collect();
        let why =
            format!("{} ways in, each by itself. Select one on the board to read of it alone.", ways.len());
        let span = port.node_port.as_ref().and_then(|written| written.span);
        hops.push(self.hop(titles.join(", or "), why, span.map(|_| port.span), span));
    }

    /// The port on every node: the written one, one to be allocated, or one that Kubernetes refuses.
    pub(super) fn node_port(&self, service: &Service, index: usize) -> Hop {
        let port = &service.ports[index];
        let node = self.analysis.cluster.nodes.iter().find_map(|node| node.address());
        let (address, example) = node.map_or((addresses::NODE, EXAMPLE), |address| (address, ""));
        let Some(written) = &port.node_port else {
            let why = format!(
                "No nodePort is written, so the cluster picks a free one between 30000 and 32767{example}."
            );
            return self.hop(format!("{address}:3\u{b7}\u{b7}\u{b7}\u{b7}"), why, Some(port.span), None);
        };
        let title = format!("{address}:{}", written.value);
        let field = format!("spec.ports[{index}].nodePort");
        let refused = self.analysis.findings.iter().find(|finding| {
            finding.severity == Severity::Error
                && finding.field.as_deref() == Some(field.as_str())
                && is_about(&finding.object, service)
        });
        if let Some(refused) = refused {
            let why = format!("Kubernetes refuses it: {}.", refused.message);
            let mut hop = self.hop(title, why, Some(port.span), written.span);
            hop.broken = true;
            return hop;
        }
        let local = service.external_traffic_policy.as_ref().is_some_and(|policy| policy.value == "Local");
        let why = if local {
            let policy = "externalTrafficPolicy is Local, so a node passes traffic to its own pods only, and drops it where none is ready";
            format!("Every node listens on {}, {}; {policy}{example}.", written.value, port.protocol.value)
        } else {
            format!("Every node listens on {}, {}{example}.", written.value, port.protocol.value)
        };
        self.hop(title, why, Some(port.span), written.span)
    }

    pub(super) fn service_port(&self, id: usize, service: &Service, port: &ServicePort, hops: &mut Vec<Hop>) {
        let name = &service.meta.name.value;
        let (address, example) = match service.virtual_ips().next() {
            Some("None") => (name.clone(), ""),
            Some(address) => (address.to_owned(), ""),
            None => (addresses::cluster_ip(id), EXAMPLE),
        };
        let why = if service.is_headless() {
            format!(
                "Service {name} has no address of its own (clusterIP: None), so its port only names a DNS record.{}",
                self.own_names(service, &self.analysis.wiring.services[id])
            )
        } else {
            format!("The port of Service {name}, which listens at its cluster IP{example}.")
        };
        hops.push(self.hop(format!("{address}:{}", port.port.value), why, Some(port.span), port.port.span));
    }

    /// The names that the pods of a Service have of their own below it, as a sentence.
    pub(super) fn own_names(&self, service: &Service, wired: &ServiceWiring) -> String {
        let meta = &service.meta;
        let named = |&picked: &Picked| names::of_pods(&self.analysis.cluster, service, picked);
        let own = wired.selected.iter().filter_map(named).take(MOST_NAMES).map(|own| {
            let first = format!("{}.{}.{}.svc", own.first(), meta.name.value, meta.namespace);
            own.last().map_or_else(|| first.clone(), |last| format!("{first} to {last}"))
        });
        match own.collect::<Vec<_>>().join(", ") {
            own if own.is_empty() => own,
            own => format!(" Its pods have names of their own: {own}."),
        }
    }

    pub(super) fn target(
        &self,
        port: &ServicePort,
        service: &ServiceWiring,
        index: usize,
        hops: &mut Vec<Hop>,
    ) {
        let wired = &service.ports[index];
        let mut numbers: Vec<i32> = wired.endpoints.iter().map(|endpoint| endpoint.port).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let numbers = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let (title, why) = match (&port.target.value, port.target.span) {
            (TargetPort::Name(name), _) => (
                match (numbers.is_empty(), service.nobody.is_some()) {
                    (false, _) => format!("{name} \u{2192} {numbers}"),
                    (true, false) => format!("{name} \u{2192} nothing"),
                    // Nobody is there to look the name up on.
                    (true, true) => format!("\u{2192} {name}"),
                },
                format!(
                    "The name is looked up on each pod, among its {} container ports.",
                    port.protocol.value
                ),
            ),
            (TargetPort::Number(number), None) => (
                format!("\u{2192} {number}"),
                "No targetPort is written, so Kubernetes takes the number in port.".to_owned(),
            ),
            (TargetPort::Number(number), Some(_)) => (
                format!("\u{2192} {number}"),
                "Traffic goes to this number on the pod, declared or not.".to_owned(),
            ),
        };
        let mut hop = self.hop(title, why, Some(port.span), port.target.span.or(port.port.span));
        hop.broken = wired.endpoints.is_empty() && !wired.unresolved.is_empty();
        hops.push(hop);
    }
}
