//! A trace in words, for every face that tells of one.

mod examples;
mod nothing;
mod places;
mod routes;

use super::policies;
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::kinds::service::Service;
use crate::port::Protocol;
use crate::source::Span;
use crate::wiring::trace::{Hop, Shares, Step, Trace, Unshared};
use crate::wiring::{Endpoint, PortFault, PortWiring, Who, Wiring};

/// A trace in words.
#[derive(Debug)]
pub struct Told {
    /// The places on the way.
    pub hops: Vec<ToldHop>,
    /// Whether it reaches anybody.
    pub reaches: bool,
    /// How far it gets and, where that is nowhere, why.
    pub why: String,
    /// The address that was probably meant.
    pub near: Option<String>,
}

/// A place on the way, in words.
#[derive(Debug)]
pub struct ToldHop {
    /// The API's name for it.
    pub kind: &'static str,
    /// What it is.
    pub title: String,
    /// Its address; a port alone where the upload knows no address.
    pub address: String,
    /// What happens there, and by which rule.
    pub why: String,
    /// The lines that are about it.
    pub around: Option<Span>,
    /// The value among them that decides.
    pub mark: Option<Span>,
    /// The share of each of the pods that it is, where it is pods at the end; none where it is not known.
    pub share: Option<Option<f64>>,
    /// How many pods it is.
    pub pods: u64,
}

/// Puts a trace into words.
pub fn tell(trace: &Trace, cluster: &Cluster, wiring: &Wiring, findings: &[Finding]) -> Told {
    tell_part(&Teller { trace, cluster, wiring, findings, part: 1.0, is_proxied: false })
}

/// Why a port of a Service reaches nobody, as a sentence.
pub fn why_nobody(
    (service, port): (usize, Option<usize>),
    fault: &PortFault,
    cluster: &Cluster,
    wiring: &Wiring,
    findings: &[Finding],
) -> String {
    let trace = &Trace::default();
    Teller { trace, cluster, wiring, findings, part: 1.0, is_proxied: false }.fault(service, port, fault)
}

fn tell_part(teller: &Teller<'_>) -> Told {
    let trace = teller.trace;
    let mut hops: Vec<ToldHop> = trace.hops.iter().map(|hop| teller.hop(hop)).collect();
    let (mut why, near) = match &trace.nothing {
        Some(nothing) => teller.nothing(nothing),
        None => (teller.reaches(), None),
    };
    if !trace.branches.is_empty() {
        let told = trace.branches.iter().map(|branch| (branch, tell_part(&teller.of_branch(branch))));
        let told: Vec<_> = told.collect();
        why = teller.divided(&told);
        hops.extend(told.into_iter().flat_map(|(_, told)| told.hops));
    }
    Told { hops, reaches: trace.nothing.is_none(), why, near }
}

/// A share as a percentage: `33.3 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = match percent {
        _ if (percent - percent.round()).abs() < 1e-9 => 0,
        percent if percent >= 0.1 => 1,
        _ => 3,
    };
    format!("{percent:.digits$} %")
}

/// An address and a port, an IPv6 address in brackets.
pub fn with_port(address: &str, port: i32) -> String {
    with_host(address, &port.to_string())
}

/// The same with a port that is not known as a number.
pub fn with_host(address: &str, port: &str) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

struct Teller<'a> {
    trace: &'a Trace,
    cluster: &'a Cluster,
    wiring: &'a Wiring,
    findings: &'a [Finding],
    /// The part of the requests that comes this way, where a rule divides them.
    part: f64,
    /// Whether a proxy such as an Ingress controller dials the pods itself, and remembers clients in its own way.
    is_proxied: bool,
}

impl Teller<'_> {
    fn hop(&self, hop: &Hop) -> ToldHop {
        let (kind, title, address, why) = self.step(&hop.step);
        let share = matches!(hop.step, Step::Pod(_)).then(|| self.one_in().map(|one_in| self.part / one_in));
        let pods = match hop.step {
            Step::Pod(end) => u64::from(self.trace.ends[end].answer.who.replicas(self.cluster)),
            _ => 1,
        };
        ToldHop { kind, title, address, why, around: hop.around, mark: hop.mark, share, pods }
    }

    /// Into how many parts the pods at the end divide what comes this way.
    fn one_in(&self) -> Option<f64> {
        match self.trace.shares {
            Shares::OneIn(pods) => Some(pods.max(1) as f64),
            Shares::Unknown(_) => None,
        }
    }

    fn step(&self, step: &Step) -> (&'static str, String, String, String) {
        match step {
            Step::Node { node, address, port, assumed, others } => {
                let known = node.map(|node| &self.cluster.nodes[node]);
                let title =
                    known.map_or_else(|| "any node".to_owned(), |at| format!("Node {}", at.meta.name.value));
                let dialled = address.as_deref().or_else(|| known.and_then(|node| node.address()));
                let mut why = format!("Every node listens on {port}, {}.", self.protocol());
                if *assumed {
                    why.push_str(" No Node is in this upload, so the address is taken for a node's.");
                }
                if !others.is_empty() {
                    let names = others.iter().map(|other| self.name(*other)).collect::<Vec<_>>().join(", ");
                    why.push_str(&format!(
                        " {names} asks for the same number, which a cluster gives out once."
                    ));
                }
                ("node", title, with_port(dialled.unwrap_or("node"), *port), why)
            }
            Step::HostPort { node, address, port, assumed } => {
                let known = node.map(|node| &self.cluster.nodes[node]);
                let title =
                    known.map_or_else(|| "any node".to_owned(), |at| format!("Node {}", at.meta.name.value));
                let dialled = address.as_deref().or_else(|| known.and_then(|node| node.address()));
                let mut why =
                    format!("A pod of the node takes its port {port} for itself; no Service is asked.");
                if *assumed {
                    why.push_str(" No Node is in this upload, so the address is taken for a node's.");
                }
                ("node", title, with_port(dialled.unwrap_or("node"), *port), why)
            }
            Step::LoadBalancer { address, port } => (
                "loadBalancer",
                format!("load balancer of {}", self.target_name()),
                with_port(address, *port),
                self.at_balancer(address),
            ),
            Step::ExternalIp { address, port } => (
                "externalIP",
                format!("external IP of {}", self.target_name()),
                with_port(address, *port),
                self.target_service().map(policies::external_ip).unwrap_or_default(),
            ),
            Step::Route { route, port, others, passed_over, near } => {
                let (kind, title, name, mut why) = self.route(*route, *port, others, *passed_over);
                if let Some(near) = near {
                    let near = &self.wiring.routes.all[*near].host;
                    why.push_str(&format!(" No rule names the host that is asked for; {near} is like it."));
                }
                (kind, title, name, why)
            }
            Step::Service { service, port, address, pod, record } => {
                let at = &self.cluster.services[*service];
                let port = port.map(|port| &at.ports[port]);
                let mut host = address.clone().unwrap_or_else(|| short_name(at));
                if let Some(pod) = pod {
                    host = format!("{pod}.{host}");
                }
                let address = match port {
                    Some(port) => with_port(&host, self.dialled(at, port)),
                    None => host,
                };
                let mut why = self.service(at, port, pod.as_deref());
                if let (true, Some(port)) = (record, port) {
                    why = format!("The SRV record of its port {} says {address}. {why}", port.name.value);
                }
                ("service", self.name(*service), address, why)
            }
            Step::Pod(end) => self.pod(&self.trace.ends[*end]),
        }
    }

    fn share(&self, pods: u64) -> String {
        match (self.trace.shares, pods) {
            (Shares::OneIn(one_in), 1) => {
                format!("It gets {} of the connections", percent(self.part / one_in as f64))
            }
            (Shares::OneIn(one_in), pods) => {
                format!("{pods} pods, {} of the connections each", percent(self.part / one_in as f64))
            }
            (Shares::Unknown(Unshared::Client), 1) => "The client chooses among all addresses".to_owned(),
            (Shares::Unknown(Unshared::Client), pods) => {
                format!("{pods} pods; the client chooses among all addresses")
            }
            (Shares::Unknown(_), 1) => "Its share is not known".to_owned(),
            (Shares::Unknown(_), pods) => format!("{pods} pods, whose shares are not known"),
        }
    }

    /// `Reaches 3 pods, 33.3 % of the connections each.`
    fn reaches(&self) -> String {
        let replicas = |end: &Endpoint| u64::from(end.answer.who.replicas(self.cluster));
        let pods: u64 = self.trace.ends.iter().map(replicas).sum();
        let listed = self.trace.ends.iter().all(|end| end.answer.who.pods().is_none());
        let some = match (listed, pods) {
            (false, 1) => "1 pod".to_owned(),
            (false, pods) => format!("{pods} pods"),
            (true, 1) => "1 address".to_owned(),
            (true, addresses) => format!("{addresses} addresses"),
        };
        let mut why = match self.trace.shares {
            Shares::OneIn(1) => format!("Reaches {some}."),
            Shares::OneIn(one_in) => {
                format!("Reaches {some}, {} of the connections each.", percent(self.part / one_in as f64))
            }
            Shares::Unknown(Unshared::Client) => {
                format!("Reaches {some}: the name resolves to all of them, and the client chooses one.")
            }
            Shares::Unknown(unshared) => {
                format!("Reaches {some}; how they share is not known: {}.", self.unshared(unshared))
            }
        };
        let Some((service, Some(port))) = self.trace.target else { return why };
        let all = &self.wiring.services[service].ports[port].endpoints;
        let is_end = |at: &Endpoint| {
            self.trace.ends.iter().any(|end| match (end.answer.who, at.answer.who) {
                (Who::Pods(end), Who::Pods(at)) => end.set == at.set,
                (end, at) => end == at,
            })
        };
        let waiting: u64 = all.iter().filter(|at| !at.answer.ready && !is_end(at)).map(replicas).sum();
        let wired = &self.wiring.services[service];
        let nameless = wired.ports[port].nameless();
        let nameless: u64 = nameless.map(|pods| u64::from(pods.picked.replicas(self.cluster))).sum();
        let without_ip = wired.waiting_for_ip(self.cluster, port);
        let without_ip: u64 = without_ip.map(|picked| u64::from(picked.replicas(self.cluster))).sum();
        for (more, one, many) in [
            (waiting, "is not ready and gets", "are not ready and get"),
            (without_ip, "has no IP yet and gets", "have no IP yet and get"),
            (nameless, "has no port of this name and gets", "have no port of this name and get"),
        ] {
            match more {
                0 => {}
                1 => why.push_str(&format!(" 1 more pod {one} none.")),
                more => why.push_str(&format!(" {more} more pods {many} none.")),
            }
        }
        why
    }

    fn unshared(&self, unshared: Unshared) -> String {
        let distribution = || {
            let (service, _) = self.trace.target?;
            self.cluster.services[service].traffic_distribution.as_ref().map(|to| to.value.clone())
        };
        match unshared {
            Unshared::ExternalLocal => self.under(policies::local_outside),
            Unshared::InternalLocal => self.under(policies::local_inside),
            Unshared::Distribution => format!(
                "trafficDistribution: {} prefers pods near the client, and their places are not known",
                distribution().unwrap_or_default()
            ),
            Unshared::Topology => {
                "topology hints prefer pods of the client's zone, and zones are not known".to_owned()
            }
            Unshared::HostPort => "a node gives its port to one of them".to_owned(),
            Unshared::OtherPorts => {
                "the name resolves to pods that answer on other ports as well, and the client cannot tell them apart"
                    .to_owned()
            }
            Unshared::Client => "the client chooses".to_owned(),
        }
    }

    /// The protocol of the port that the trace comes to.
    fn protocol(&self) -> &Protocol {
        match self.trace.target {
            Some((service, Some(port))) => &self.cluster.services[service].ports[port].protocol.value,
            _ => &Protocol::Tcp,
        }
    }

    /// What a policy comes to for the port that the trace comes to.
    fn under(&self, policy: fn(&Service, &Cluster, &PortWiring) -> Option<String>) -> String {
        let words = self.trace.target.and_then(|(service, port)| {
            let wired = self.wiring.services[service].ports.get(port?)?;
            policy(&self.cluster.services[service], self.cluster, wired)
        });
        words.unwrap_or_default()
    }

    fn at_balancer(&self, address: &str) -> String {
        let Some(service) = self.target_service() else { return String::new() };
        let at = service.load_balancer.iter().find(|at| at.value == address);
        policies::balancer(service, at.map(std::slice::from_ref).unwrap_or_default())
    }

    fn target_service(&self) -> Option<&Service> {
        self.trace.target.map(|(service, _)| &self.cluster.services[service])
    }

    fn target_name(&self) -> String {
        self.trace.target.map_or_else(String::new, |(service, _)| self.name(service))
    }

    /// `Service web`.
    fn name(&self, service: usize) -> String {
        format!("Service {}", self.cluster.services[service].meta.name.value)
    }
}

/// `web.default`.
fn short_name(service: &Service) -> String {
    format!("{}.{}", service.meta.name.value, service.meta.namespace)
}

/// An address as the trace takes it: with what says the protocol, unless that is TCP.
fn traced(host: &str, port: i32, protocol: &Protocol) -> String {
    let address = with_port(host, port);
    match protocol {
        Protocol::Tcp => address,
        other => format!("{address}/{}", other.as_str().to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_percentages() {
        let shares = [(1.0, "100 %"), (2.0, "50 %"), (3.0, "33.3 %"), (8.0, "12.5 %"), (5_000.0, "0.020 %")];
        for (one_in, text) in shares {
            assert_eq!(percent(1.0 / one_in), text);
        }
    }
}
