//! The wiring as text: a line for each way in, port and workload, then the findings. It reads aloud and compares well.
//!
//! ```text
//! node :30080 -> Service shop/web :80 -> "http" -> Deployment shop/web, nginx :8080
//! ingress shop.example.com/cart -> Service shop/cart :80 -> 8080 -> Deployment shop/cart, web :8080
//! in-cluster  -> Service shop/db :5432 -> "pg" -> nothing: no container port is named "pg" in StatefulSet shop/db
//! ```

mod ends;
mod routes;

use std::fmt::{self, Write};

use crate::cluster::Cluster;
use crate::diagram::{Chosen, local_nodes, only_from};
use crate::finding::Finding;
use crate::kinds::service::{NodePort, Service, ServicePort};
use crate::names::is_unseen;
use crate::port::{Protocol, TargetPort};
use crate::source::SourceFile;
use crate::wiring::{Placement, ServiceWiring, Wiring, names};

/// The wiring and the findings; where a board of some Services is asked for, of those alone.
pub fn text<'f>(
    cluster: &Cluster,
    wiring: &Wiring,
    findings: impl IntoIterator<Item = &'f Finding>,
    files: &[SourceFile],
    chosen: Option<&Chosen>,
) -> String {
    let mut out = String::new();
    // Writing into a String does not fail.
    let _ = write(cluster, wiring, findings, files, chosen, &mut out);
    out
}

/// Writes the same, Service by Service: it has a line for each that is wired to each.
pub fn write<'f>(
    cluster: &Cluster,
    wiring: &Wiring,
    findings: impl IntoIterator<Item = &'f Finding>,
    files: &[SourceFile],
    chosen: Option<&Chosen>,
    out: &mut impl Write,
) -> fmt::Result {
    write_wiring(cluster, wiring, chosen, out)?;
    for (number, finding) in findings.into_iter().enumerate() {
        if number == 0 {
            out.write_char('\n')?;
        }
        let file = files.get(finding.span.file as usize);
        let name = plain(file.map_or("", |file| &file.name));
        let place = file.map(|file| file.place(finding.span));
        let (line, column) = place.map_or((1, 1), |place| (place.line, place.column));
        let (severity, rule) = (finding.severity.as_str(), finding.rule);
        writeln!(out, "{name}:{line}:{column}: {severity}: {} [{rule}]", plain(&finding.message))?;
    }
    Ok(())
}

/// The wiring alone.
pub fn wiring_text(cluster: &Cluster, wiring: &Wiring, chosen: Option<&Chosen>) -> String {
    let mut out = String::new();
    let _ = write_wiring(cluster, wiring, chosen, &mut out);
    out
}

fn write_wiring(
    cluster: &Cluster,
    wiring: &Wiring,
    chosen: Option<&Chosen>,
    out: &mut impl Write,
) -> fmt::Result {
    let (mut piece, mut is_empty) = (String::new(), true);
    let all = || (0..cluster.services.len()).collect();
    for id in chosen.map_or_else(all, |chosen| chosen.services.clone()) {
        let (service, wired) = (&cluster.services[id], &wiring.services[id]);
        Lines { cluster, service, wired, id, wiring }.write(&mut piece);
        is_empty &= piece.is_empty();
        out.write_str(&piece)?;
        piece.clear();
    }
    routes::unreached(cluster, &wiring.routes, chosen, &mut piece);
    if is_empty && piece.is_empty() {
        piece.push_str("no Service in this upload\n");
    }
    out.write_str(&piece)
}

/// The text with everything that could hide, move or turn what stands beside it written as an escape.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The lines of one Service.
struct Lines<'a> {
    cluster: &'a Cluster,
    service: &'a Service,
    wired: &'a ServiceWiring,
    id: usize,
    wiring: &'a Wiring,
}

impl Lines<'_> {
    fn write(&self, out: &mut String) {
        let name = object("Service", &self.service.meta.namespace, &self.service.meta.name.value);
        if self.service.is_external_name() {
            let host = plain(&self.service.external_name.value);
            let end = match names::alias(self.cluster, self.service) {
                Some(id) => {
                    let meta = &self.cluster.services[id].meta;
                    format!("the name \"{host}\": {}", object("Service", &meta.namespace, &meta.name.value))
                }
                None => format!("the name \"{host}\", outside the cluster"),
            };
            for way in self.routes_in(None).chain(["dns".to_owned()]) {
                line(out, &way, &name, &[], &end);
            }
            return;
        }
        if self.service.ports.is_empty() {
            return self.without_ports(out, &name);
        }
        for (index, (port, wired)) in self.service.ports.iter().zip(&self.wired.ports).enumerate() {
            let number = numbered(port.port.value, &port.protocol.value);
            let headless = if self.service.is_headless() { " (headless)" } else { "" };
            let service = format!("{name} {number}{headless}");
            let target = match &port.target.value {
                TargetPort::Number(number) => number.to_string(),
                TargetPort::Name(name) => format!("\"{}\"", plain(name)),
            };
            let ends = self.ends(index, port, wired);
            for way in self.routes_in(Some(index)).chain(self.ways_in(index, port)) {
                for end in &ends {
                    line(out, &way, &service, &[&target], end);
                }
            }
        }
    }

    /// A headless Service needs no ports: its name resolves to its pods, and the client dials what it likes.
    fn without_ports(&self, out: &mut String, name: &str) {
        let (way, target) = if self.service.is_headless() {
            ("dns", "whichever port is dialled")
        } else {
            ("in-cluster", "no port")
        };
        let headless = if self.service.is_headless() { " (headless)" } else { "" };
        let name = format!("{name}{headless}");
        let mut ends = self.grouped(self.wired.portless.iter().map(|answer| (answer, String::new())));
        if ends.is_empty() {
            ends.push(self.nobody().unwrap_or_else(|| self.no_address()));
        }
        for way in self.routes_in(None).chain([way.to_owned()]) {
            for end in &ends {
                line(out, &way, &name, &[target], end);
            }
        }
    }

    /// The routes of Ingresses and Gateways that lead to a port, or to any where the Service is only a name.
    fn routes_in(&self, port: Option<usize>) -> impl Iterator<Item = String> {
        let any = 0..self.service.ports.len().max(1);
        let ports = port.map_or(any, |port| port..port + 1);
        let routes = ports.flat_map(|port| self.wiring.routes.to(self.id, Some(port)));
        routes.map(|route| routes::way(self.cluster, &self.wiring.routes.all[*route]))
    }

    /// Where clients may come from.
    fn ways_in(&self, index: usize, port: &ServicePort) -> Vec<String> {
        let service = self.service;
        let number = numbered(port.port.value, &port.protocol.value);
        let mut ways = Vec::new();
        let local = service.is_local_outside() && self.wired.fault(index).is_none();
        let local = local.then(|| Placement::of(self.cluster, &self.wired.ports[index].endpoints));
        let local = local.map(|at| format!(" ({})", plain(&local_nodes(&at)))).unwrap_or_default();
        match service.node_port(index) {
            Some(NodePort::Written(number) | NodePort::Shared(number)) => {
                ways.push(format!("node {}{local}", numbered(number, &port.protocol.value)));
            }
            Some(NodePort::Allocated) => ways.push(format!("node, port to be allocated{local}")),
            None => {}
        }
        if service.is_balanced() {
            let only = only_from(service).map(|only| format!(" ({})", plain(&only))).unwrap_or_default();
            let addresses = service.load_balancer.iter().map(|address| plain(&address.value));
            ways.extend(addresses.map(|address| format!("load balancer {address} {number}{only}")));
            if service.load_balancer.is_empty() {
                let asked = service.asked_balancer().map(|ip| format!("{} (asked for) ", plain(&ip.value)));
                ways.push(format!("load balancer {}{number}{only}", asked.unwrap_or_default()));
            }
        }
        ways.extend(
            service.external_ips.iter().map(|ip| format!("external IP {} {number}", plain(&ip.value))),
        );
        ways.push(if service.is_headless() { "dns" } else { "in-cluster" }.to_owned());
        ways
    }
}

/// `way in -> Service -> target -> end`; short ways in are as wide as `node :30080`.
fn line(out: &mut String, way: &str, service: &str, targets: &[&str], end: &str) {
    let _ = write!(out, "{way:<11} -> {service} -> ");
    for target in targets {
        let _ = write!(out, "{target} -> ");
    }
    let _ = writeln!(out, "{end}");
}

fn object(kind: &str, namespace: &str, name: &str) -> String {
    let name = if name.is_empty() { "(unnamed)".to_owned() } else { plain(name) };
    format!("{} {}/{name}", plain(kind), plain(namespace))
}

/// `:80`, and the protocol where it is not TCP.
fn numbered(number: i32, protocol: &Protocol) -> String {
    match protocol {
        Protocol::Tcp => format!(":{number}"),
        other => format!(":{number}/{}", plain(other.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyze;

    #[test]
    fn no_name_moves_what_stands_beside_it() {
        for (name, written) in [
            ("web", "web"),
            ("größe", "größe"),
            ("a\nb", "a\\u{a}b"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("\u{202e}bew", "\\u{202e}bew"),
        ] {
            assert_eq!(plain(name), written);
        }
    }

    #[test]
    fn an_upload_without_services_says_so() {
        let analysis = analyze(Vec::new(), None);
        let written = text(&analysis.cluster, &analysis.wiring, &analysis.findings, &analysis.files, None);
        assert_eq!(written, "no Service in this upload\n");
    }
}
