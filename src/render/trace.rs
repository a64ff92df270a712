//! A trace in words, for every face that tells of one.

mod nothing;

use super::policies;
use crate::cluster::Cluster;
use crate::diagram::route_name;
use crate::finding::Finding;
use crate::kinds::ingress::Route;
use crate::kinds::service::{Service, ServicePort};
use crate::port::{Protocol, TargetPort};
use crate::source::Span;
use crate::wiring::trace::{Shares, Step, Trace, Unshared};
use crate::wiring::{Endpoint, Listed, PortWiring, Who, Wiring, placement};

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
    /// The pods at the end, by their place in [`Trace::ends`].
    pub end: Option<usize>,
}

/// Puts a trace into words.
pub fn tell(trace: &Trace, cluster: &Cluster, wiring: &Wiring, findings: &[Finding]) -> Told {
    let teller = Teller { trace, cluster, wiring, findings };
    let hops = trace.hops.iter().map(|hop| {
        let (kind, title, address, why) = teller.step(&hop.step);
        let end = if let Step::Pod(end) = hop.step { Some(end) } else { None };
        ToldHop { kind, title, address, why, around: hop.around, mark: hop.mark, end }
    });
    let (why, near) = match &trace.nothing {
        Some(nothing) => teller.nothing(nothing),
        None => (teller.reaches(), None),
    };
    Told { hops: hops.collect(), reaches: trace.nothing.is_none(), why, near }
}

/// The share of a pod as a percentage: `33.3 %`.
pub fn percent(one_in: u64) -> String {
    let share = 100.0 / one_in.max(1) as f64;
    let digits = match one_in {
        _ if share.fract() == 0.0 => 0,
        0..=1_000 => 1,
        _ => 3,
    };
    format!("{share:.digits$} %")
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
}

impl Teller<'_> {
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
            Step::Route { ingress, route, port, others } => self.route(*ingress, *route, *port, others),
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

    /// A route of an Ingress: which rule takes the request, and what is left to the controller.
    fn route(
        &self,
        ingress: usize,
        route: usize,
        port: Option<u16>,
        others: &[usize],
    ) -> (&'static str, String, String, String) {
        let ingress = &self.cluster.ingresses[ingress];
        let route = &ingress.routes[route];
        let mut why = if route.is_default {
            "No path of its rules matches, so the default backend answers".to_owned()
        } else {
            let kind = match route.path_type.value.as_str() {
                _ if route.path.value.is_empty() => "any path".to_owned(),
                kind @ ("Exact" | "Prefix") => format!("the path {} ({kind})", route.path.value),
                _ => format!(
                    "the path {}, taken for a prefix: that is its controller's choice",
                    route.path.value
                ),
            };
            format!("Its rule for {} and {kind} matches", host_of(route))
        };
        why.push_str("; its controller sends to the endpoints, past the Service's own address.");
        let usual = ingress.port(route);
        match port.map(i32::from) {
            // https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect
            Some(80) if usual == 443 => {
                why.push_str(" tls covers the host: ingress-nginx, for one, answers on 80 by redirecting to https.");
            }
            Some(443) if usual == 80 => {
                why.push_str(" No tls covers the host: the controller answers with its own certificate, if at all.");
            }
            Some(80 | 443) | None => {}
            Some(port) => why.push_str(&format!(
                " Ingresses are served on 80 and 443; that the controller listens on {port} is taken for granted."
            )),
        }
        if !others.is_empty() {
            let name = |other: &usize| format!("Ingress {}", self.cluster.ingresses[*other].meta.name.value);
            let names = others.iter().map(name).collect::<Vec<_>>().join(", ");
            why.push_str(&format!(
                " {names} has the same host and path: which takes it is up to the controllers."
            ));
        }
        ("ingress", format!("Ingress {}", ingress.meta.name.value), route_name(route), why)
    }

    /// The port that a Service is dialled on: of a headless one, the pod's own.
    fn dialled(&self, service: &Service, port: &ServicePort) -> i32 {
        let end = self.trace.ends.first().map(|end| end.port);
        if service.is_headless() { end.unwrap_or(port.port.value) } else { port.port.value }
    }

    fn service(&self, service: &Service, port: Option<&ServicePort>, pod: Option<&str>) -> String {
        if service.is_external_name() {
            let host = &service.external_name.value;
            return format!("Its name is another name for {host}, by a CNAME record.");
        }
        if service.is_headless() {
            let resolves = match pod {
                Some(pod) if !self.trace.ends.is_empty() => {
                    format!("The name resolves to the address of {pod} alone")
                }
                Some(_) => "It is headless: pods may have names of their own below it".to_owned(),
                None => "It is headless: its name resolves to the addresses of its pods".to_owned(),
            };
            let affinity = policies::affinity(service).map(|why| format!(" {why}")).unwrap_or_default();
            return format!("{resolves}, and the client dials the port on the pod itself.{affinity}");
        }
        let Some(port) = port else { return "It listens at its cluster IP, on its own ports.".to_owned() };
        let number = port.port.value;
        let first = self.trace.ends.first().filter(|end| end.answer.who.pods().is_none());
        let mut why = match (&port.target.value, port.target.span) {
            _ if let Some(end) = first => format!("Port {number} leads to {}, as slices list it.", end.port),
            (TargetPort::Name(name), _) => {
                format!("Port {number} leads to the port that each pod names \"{name}\".")
            }
            (TargetPort::Number(target), None) => {
                format!(
                    "Port {number} leads to {target}: no targetPort is written, so the number in port is taken."
                )
            }
            (TargetPort::Number(target), Some(_)) => format!("Port {number} leads to targetPort {target}."),
        };
        // A proxy such as an Ingress controller dials the pods itself, and remembers clients in its own way.
        let proxied = matches!(self.trace.hops.first().map(|hop| &hop.step), Some(Step::Route { .. }));
        if let Some(affinity) = policies::affinity(service).filter(|_| !proxied) {
            why.push_str(&format!(" {affinity}"));
        }
        why
    }

    fn pod(&self, end: &Endpoint) -> (&'static str, String, String, String) {
        let cluster = self.cluster;
        let picked = match end.answer.who {
            Who::Pods(picked) => picked,
            Who::Address(listed) => return self.listed(end, listed),
        };
        let set = &cluster.sets[picked.set as usize];
        let title = match (&set.owner, picked.pod_name(cluster)) {
            (Some(owner), Some(pod)) => format!("{} {}, Pod {pod}", owner.kind, owner.name),
            (Some(owner), None) => format!("{} {}", owner.kind, owner.name),
            (None, pod) => format!("Pod {}", pod.unwrap_or_default()),
        };
        let address = end.answer.addresses.first().map_or("", String::as_str);
        let mut why = self.share(u64::from(picked.replicas(cluster)));
        let local = |service: &Service| service.is_local_outside() || service.is_local_inside();
        if self.target_service().is_some_and(local)
            && let Some(node) = placement::only_node(cluster, end.answer.who)
        {
            why.push_str(&format!("; on Node {node}"));
        }
        if !end.answer.ready {
            why.push_str("; it terminates and still serves, since none is ready");
        }
        match end.declared {
            Some((container, _)) => {
                let name = &set.spec(cluster).containers[container].name;
                why.push_str(&format!("; container {name} declares {}.", end.port));
            }
            None => why.push_str(&format!(
                "; no container declares {}, and it works as long as something listens.",
                end.port
            )),
        }
        ("pod", title, with_port(address, end.port), why)
    }

    /// An address that a slice lists.
    fn listed(&self, end: &Endpoint, listed: Listed) -> (&'static str, String, String, String) {
        let (meta, entry) = (&listed.slice(self.cluster).meta, listed.entry(self.cluster));
        let slice = format!("{} {}", meta.kind, meta.name.value);
        let title = entry.pod.as_ref().map_or_else(|| slice.clone(), |pod| format!("Pod {pod}"));
        let address = end.answer.addresses.first().map_or("", String::as_str);
        let why = format!("{}; {slice} lists it.", self.share(1));
        ("endpoint", title, with_port(address, end.port), why)
    }

    fn share(&self, pods: u64) -> String {
        match (self.trace.shares, pods) {
            (Shares::OneIn(one_in), 1) => format!("It gets {} of the connections", percent(one_in)),
            (Shares::OneIn(one_in), pods) => {
                format!("{pods} pods, {} of the connections each", percent(one_in))
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
                format!("Reaches {some}, {} of the connections each.", percent(one_in))
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
        let nameless = &self.wiring.services[service].ports[port].unresolved;
        let nameless: u64 = nameless.iter().map(|pods| u64::from(pods.picked.replicas(self.cluster))).sum();
        for (more, one, many) in [
            (waiting, "is not ready and gets", "are not ready and get"),
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
            Unshared::OtherPorts => {
                "the name resolves to pods that answer on other ports as well, and the client cannot tell them apart"
                    .to_owned()
            }
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
        policies::balancer(service, service.load_balancer.iter().find(|at| at.value == address))
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

fn host_of(route: &Route) -> String {
    if route.host.value.is_empty() { "any host".to_owned() } else { format!("host {}", route.host.value) }
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
        for (one_in, text) in [(1, "100 %"), (2, "50 %"), (3, "33.3 %"), (8, "12.5 %"), (5_000, "0.020 %")] {
            assert_eq!(percent(one_in), text);
        }
    }
}
