//! The hops from outside to the target port.

use super::{EXAMPLE, Hop, Teller, is_about};
use crate::diagram::{addresses, is_dropped_at};
use crate::finding::Severity;
use crate::kinds::service::{NodePort, Service, ServicePort};
use crate::port::TargetPort;
use crate::render::policies;
use crate::render::trace::{with_host, with_port};
use crate::source::Span;
use crate::wiring::{Picked, Placement, PortWiring, ServiceWiring, names};

/// How many pods' own names are told of.
const MOST_NAMES: usize = 3;

impl Teller<'_> {
    /// The way in that was selected, else all there are, as one hop: one comes by any of them.
    pub(super) fn ways_in(&self, id: usize, index: usize, hops: &mut Vec<Hop>) {
        if let Some(taken) = self.route_taken() {
            hops.push(taken);
            return;
        }
        let (service, wired) = self.service(id);
        let port = &service.ports[index];
        let (by_node, by_balancer) = (self.at.starts_with("node:"), self.at.starts_with("lb:"));
        let (by_ip, inside) = (self.at.starts_with("ip:"), self.at.starts_with("in:"));
        let any = !(by_node || by_balancer || by_ip || inside);
        let mut ways = Vec::new();
        ways.extend(self.node_port(id, index).filter(|_| any || by_node));
        if service.is_balanced() && (any || by_balancer) {
            ways.push(self.balancer(service, port));
        }
        if let Some(ip) = service.external_ips.first().filter(|_| any || by_ip) {
            let titles: Vec<String> =
                service.external_ips.iter().map(|ip| with_port(&ip.value, port.port.value)).collect();
            ways.push(self.hop(titles.join(", "), policies::external_ip(service), ip.span, ip.span));
        }
        if any {
            ways.extend(self.routes(id, Some(index)));
        }
        if any || inside {
            let meta = &service.meta;
            let name = format!("{}.{}.svc", meta.name.value, meta.namespace);
            let why = if service.is_headless() {
                "Inside the cluster this name resolves to the pods' own addresses: the client dials the target port itself."
            } else {
                "Inside the cluster this name resolves to the Service's address."
            };
            let title = if service.is_headless() {
                let numbers = wired.numbers(service, index);
                if numbers.is_empty() { name } else { with_host(&name, &any_of(&numbers)) }
            } else {
                with_port(&name, port.port.value)
            };
            ways.push(self.hop(title, why.to_owned(), None, None));
        }
        let span = port.node_port.as_ref().and_then(|written| written.span);
        self.one_of(ways, span.map(|span| (port.span, span)), hops);
    }

    /// Ways in as one hop, with the lines that tell of them.
    pub(super) fn one_of(&self, mut ways: Vec<Hop>, lines: Option<(Span, Span)>, hops: &mut Vec<Hop>) {
        if ways.len() < 2 {
            hops.append(&mut ways);
            return;
        }
        let titles: Vec<&str> = ways.iter().map(|way| way.title.as_str()).collect();
        let why =
            format!("{} ways in, each by itself. Select one on the board to read of it alone.", ways.len());
        hops.push(self.hop(
            titles.join(", or "),
            why,
            lines.map(|(around, _)| around),
            lines.map(|(_, mark)| mark),
        ));
    }

    fn balancer(&self, service: &Service, port: &ServicePort) -> Hop {
        let asked = service.asked_balancer();
        let addresses =
            service.load_balancer.iter().map(|at| &at.value).chain(asked.map(|asked| &asked.value));
        let titles: Vec<String> = addresses.map(|at| with_port(at, port.port.value)).collect();
        let title =
            if titles.is_empty() { format!("load balancer:{}", port.port.value) } else { titles.join(", ") };
        let address = service.load_balancer.first();
        let span = address.map_or_else(|| asked.and_then(|asked| asked.span), |address| address.span);
        self.hop(title, policies::balancer(service, &service.load_balancer), span, span)
    }

    /// The port on every node: the written one, one to be allocated, or one that Kubernetes refuses.
    fn node_port(&self, id: usize, index: usize) -> Option<Hop> {
        let (service, wired) = self.service(id);
        let node_port = service.node_port(index)?;
        let port = &service.ports[index];
        let cluster = &self.analysis.cluster;
        let (address, example) = self
            .listening_node(service, &wired.ports[index])
            .map_or((addresses::node(addresses::is_only_v6(service)), EXAMPLE), |address| (address, ""));
        let (title, mut why) = match node_port {
            NodePort::Allocated => (
                with_host(address, "3\u{b7}\u{b7}\u{b7}\u{b7}"),
                format!(
                    "No nodePort is written, so the cluster picks a free one between 30000 and 32767{example}."
                ),
            ),
            NodePort::Shared(number) => (
                with_port(address, number),
                format!(
                    "No nodePort is written, so it shares {number} with the other port {} of this Service{example}.",
                    port.port.value
                ),
            ),
            NodePort::Written(number) => (
                with_port(address, number),
                format!("Every node listens on {number}, {}{example}.", port.protocol.value),
            ),
        };
        let span = port.node_port.as_ref().and_then(|written| written.span);
        let field = format!("spec.ports[{index}].nodePort");
        let refused = self.analysis.findings.iter().find(|finding| {
            finding.severity == Severity::Error
                && finding.field.as_deref() == Some(field.as_str())
                && is_about(&finding.object, service)
        });
        if let Some(refused) = refused {
            let why = format!("Kubernetes refuses it: {}.", refused.message);
            return Some(Hop { broken: true, ..self.hop(title, why, Some(port.span), span) });
        }
        if let Some(local) = policies::local_outside(service, cluster, &wired.ports[index]) {
            why.push_str(&format!(" {local}."));
        }
        Some(self.hop(title, why, Some(port.span), span))
    }

    /// The address of a node that stands for those of the row: with a local pod, or without, where the policy asks.
    fn listening_node(&self, service: &Service, port: &PortWiring) -> Option<&str> {
        let cluster = &self.analysis.cluster;
        let any = cluster.nodes.iter().find_map(|node| node.address());
        if !service.is_local_outside() {
            return any;
        }
        let at = Placement::of(cluster, &port.endpoints);
        let names = if is_dropped_at(self.at) { &at.without } else { &at.with };
        let wanted =
            names.first().and_then(|name| cluster.nodes.iter().find(|node| node.meta.name.value == *name));
        wanted.and_then(|node| node.address()).or(any)
    }

    pub(super) fn service_port(&self, id: usize, index: usize, hops: &mut Vec<Hop>) {
        let (service, wired) = self.service(id);
        let (port, wired) = (&service.ports[index], &wired.ports[index]);
        let name = &service.meta.name.value;
        let ips = addresses::cluster_ips(service, id);
        let ips: Vec<&str> = ips.iter().map(|(ip, _)| ip.as_str()).filter(|ip| *ip != "None").collect();
        let example = if service.virtual_ips().next().is_some() { "" } else { EXAMPLE };
        let number = port.port.value;
        let title = match ips.as_slice() {
            _ if service.is_headless() => format!("port {number} of {name}"),
            [] => format!("{name}:{number}"),
            ips => ips.iter().map(|ip| with_port(ip, number)).collect::<Vec<_>>().join(", "),
        };
        let mut why = if service.is_headless() {
            format!(
                "Service {name} has no address of its own (clusterIP: None), so its port only names a DNS record.{}",
                self.own_names(service, &self.analysis.wiring.services[id])
            )
        } else {
            format!("The port of Service {name}, which listens at its cluster IP{example}.")
        };
        let cluster = &self.analysis.cluster;
        if let Some(local) = policies::local_inside(service, cluster, wired) {
            why.push_str(&format!(" {local}."));
        }
        let near = service.traffic_distribution.as_ref().filter(|_| !service.is_headless());
        if let Some(near) = near.filter(|near| !near.value.is_empty()) {
            why.push_str(&format!(" trafficDistribution: {} prefers pods near the client.", near.value));
        }
        if let Some(affinity) = policies::affinity(service) {
            why.push_str(&format!(" {affinity}"));
        }
        hops.push(self.hop(title, why, Some(port.span), port.port.span));
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

    pub(super) fn target(&self, service: &Service, wired: &ServiceWiring, index: usize, hops: &mut Vec<Hop>) {
        let numbers = wired.numbers(service, index);
        let numbers = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let port = &service.ports[index];
        let (title, why) = match (&port.target.value, port.target.span) {
            (TargetPort::Name(name), _) => (
                match (numbers.is_empty(), wired.nobody.is_some()) {
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
        let wired = &wired.ports[index];
        hop.broken = wired.endpoints.is_empty() && wired.nameless().next().is_some();
        hops.push(hop);
    }
}

/// Numbers of which a client dials one, as they stand after a name and its colon: `3000 or :8080`.
pub(super) fn any_of(numbers: &[i32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or :")
}
