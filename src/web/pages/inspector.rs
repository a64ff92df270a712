//! What is told of a place on the board: the hops in order, each with its lines of YAML, and what was found.

mod trace;

use crate::analysis::Analysis;
use crate::diagram::{Diagram, Path, addresses};
use crate::finding::Severity;
use crate::kinds::service::{Service, ServicePort};
use crate::port::{Protocol, TargetPort};
use crate::source::Span;
use crate::wiring::{Endpoint, Nobody, Picked, PortFault, ServiceWiring, Who};

use super::findings::FindingView;

mod listed;
pub(super) mod routes;

/// The most ways through the board, and the most pods at the end of one, that are told of at once.
const MOST_PATHS: usize = 6;
const MOST_ENDS: usize = 8;
/// The most lines of YAML beside a hop.
const MOST_LINES: u32 = 9;

/// What is told of a place on the board.
pub(super) struct Inspector {
    pub title: String,
    pub sub: String,
    pub paths: Vec<PathView>,
    pub left_out: usize,
    pub findings: Vec<FindingView>,
    pub checks: Vec<String>,
    /// An address that was probably meant, where a trace reaches nobody.
    pub near: Option<String>,
}

/// One way through the board.
pub(super) struct PathView {
    /// Its name, where there are several.
    pub heading: Option<String>,
    pub hops: Vec<Hop>,
}

/// A place on the way.
pub(super) struct Hop {
    pub title: String,
    pub why: String,
    pub excerpt: Option<Excerpt>,
    pub broken: bool,
    /// What each pod gets of the connections, where a trace ends.
    pub share: Option<String>,
}

/// Some lines of YAML.
pub(super) struct Excerpt {
    pub file: String,
    pub lines: Vec<Line>,
}

/// A line of YAML.
pub(super) struct Line {
    pub number: u32,
    pub text: String,
    pub marked: bool,
}

impl Inspector {
    /// What is told of the place that an address names; nothing where it names none.
    pub(super) fn new(analysis: &Analysis, diagram: &Diagram, at: &str) -> Option<Self> {
        let mut paths = diagram.paths_at(at);
        paths.sort_unstable();
        paths.dedup();
        if paths.is_empty() {
            return None;
        }
        let teller = Teller { analysis, at };
        let paths = paths.iter().filter_map(|path| diagram.paths.get(*path as usize).copied());
        let mut chosen: Vec<(usize, Option<usize>)> = Vec::new();
        for path in paths {
            match path {
                Path::Port(service, port) => chosen.push((service, port)),
                Path::Route(ingress, route) => return Some(Self::of_unreached(&teller, ingress, route)),
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        let several = chosen.len() > 1;
        let shown = chosen.iter().take(MOST_PATHS);
        let mut services: Vec<usize> = chosen.iter().map(|(service, _)| *service).collect();
        services.dedup();
        let mut findings = teller.findings(&services, &chosen);
        if let Some((ingress, route)) = teller.selected_route() {
            findings.extend(teller.route_findings(ingress, route));
        }
        Some(Self {
            title: title(at),
            sub: teller.sub(&chosen),
            paths: shown.map(|&(service, port)| teller.path(service, port, several)).collect(),
            left_out: chosen.len().saturating_sub(MOST_PATHS),
            findings,
            checks: services.first().map(|service| teller.checks(*service, chosen[0].1)).unwrap_or_default(),
            near: None,
        })
    }

    /// What is told of every path: the same as for a place, for readers without a pointer or JavaScript.
    pub(super) fn of_path(analysis: &Analysis, service: usize, port: Option<usize>) -> Vec<Hop> {
        Teller { analysis, at: "" }.path(service, port, false).hops
    }
}

struct Teller<'a> {
    analysis: &'a Analysis,
    at: &'a str,
}

impl<'a> Teller<'a> {
    fn service(&self, id: usize) -> (&'a Service, &'a ServiceWiring) {
        (&self.analysis.cluster.services[id], &self.analysis.wiring.services[id])
    }

    /// How far one gets, in a sentence.
    fn sub(&self, chosen: &[(usize, Option<usize>)]) -> String {
        if chosen.len() > 1 {
            return format!("{} Service ports lead through here", chosen.len());
        }
        let Some(&(id, port)) = chosen.first() else { return String::new() };
        let (_, wired) = self.service(id);
        let Some(port) = port else { return "a DNS name without ports".to_owned() };
        let replicas = |endpoint: &Endpoint| u64::from(endpoint.answer.who.replicas(&self.analysis.cluster));
        let answering = wired.ports[port].endpoints.iter().filter(|endpoint| endpoint.gets_traffic());
        let listed = answering.clone().any(|endpoint| endpoint.answer.who.pods().is_none());
        let (one, many) = if listed { ("address", "addresses") } else { ("pod", "pods") };
        match answering.map(replicas).sum::<u64>() {
            0 if wired.nobody == Some(Nobody::ExternalName) => {
                "leads to a host outside the cluster".to_owned()
            }
            0 if unknown(wired.fault(port).as_ref()) => {
                "whether anybody answers is not in this upload".to_owned()
            }
            0 => "reaches nobody".to_owned(),
            1 => format!("reaches 1 {one}"),
            2 => format!("reaches 2 {many}, half of the connections each"),
            3 => format!("reaches 3 {many}, a third of the connections each"),
            all => format!("reaches {all} {many}, 1/{all} of the connections each"),
        }
    }

    fn path(&self, id: usize, port: Option<usize>, several: bool) -> PathView {
        let (service, wired) = self.service(id);
        let meta = &service.meta;
        let mut hops = Vec::new();
        let heading = match port {
            Some(port) => format!("{}, port {}", meta.name.value, service.ports[port].port.value),
            None => meta.name.value.clone(),
        };
        match port {
            None => {
                hops.extend(self.route_taken());
                self.portless(service, wired, &mut hops);
            }
            Some(index) => {
                let port = &service.ports[index];
                self.ways_in(id, index, &mut hops);
                self.service_port(id, service, port, &mut hops);
                if !self.listed_target(port, &wired.ports[index], &mut hops) {
                    self.target(port, wired, index, &mut hops);
                }
                self.ends(service, wired, index, &mut hops);
            }
        }
        PathView { heading: several.then_some(heading), hops }
    }

    /// The way in that was selected, else all there are, as one hop: one comes by any of them.
    fn ways_in(&self, id: usize, index: usize, hops: &mut Vec<Hop>) {
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
    fn node_port(&self, service: &Service, index: usize) -> Hop {
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

    fn service_port(&self, id: usize, service: &Service, port: &ServicePort, hops: &mut Vec<Hop>) {
        let name = &service.meta.name.value;
        let (address, example) = match service.virtual_ips().next() {
            Some("None") => (name.clone(), ""),
            Some(address) => (address.to_owned(), ""),
            None => (addresses::cluster_ip(id), EXAMPLE),
        };
        let why = if service.is_headless() {
            format!(
                "Service {name} has no address of its own (clusterIP: None), so its port only names a DNS record."
            )
        } else {
            format!("The port of Service {name}, which listens at its cluster IP{example}.")
        };
        hops.push(self.hop(format!("{address}:{}", port.port.value), why, Some(port.span), port.port.span));
    }

    fn target(&self, port: &ServicePort, service: &ServiceWiring, index: usize, hops: &mut Vec<Hop>) {
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

    /// The pods that answer, those that do not know the name, or why nobody is there.
    fn ends(&self, service: &Service, wired: &ServiceWiring, index: usize, hops: &mut Vec<Hop>) {
        let port = &wired.ports[index];
        for endpoint in port.endpoints.iter().take(MOST_ENDS) {
            hops.push(match endpoint.answer.who {
                Who::Pods(picked) => self.end(service, endpoint, picked),
                Who::Address(listed) => self.listed(listed, endpoint),
            });
        }
        let more = port.endpoints.len().saturating_sub(MOST_ENDS);
        if more > 0 {
            let why = "Further rows of pods answer as well; the table and the JSON list all.".to_owned();
            hops.push(self.hop(format!("and {more} more"), why, None, None));
        }
        for pods in port.unresolved.iter().take(MOST_ENDS) {
            let set = &self.analysis.cluster.sets[pods.picked.set as usize];
            let target = &service.ports[index].target.value;
            let spec = set.spec(&self.analysis.cluster);
            let (why, span) = match pods.other_protocol {
                Some((container, place)) => {
                    let at = &spec.containers[container].ports[place];
                    (
                        format!(
                            "its port \"{target}\" is {}, not {}",
                            at.protocol.value, service.ports[index].protocol.value
                        ),
                        Some(at.span),
                    )
                }
                None => (format!("no container port is named \"{target}\""), None),
            };
            let why = format!("{}: {why}.", self.who(pods.picked));
            let span = span.or_else(|| spec.containers.first().map(|container| container.span));
            let mut hop = self.hop(format!("{target} \u{2192} nothing"), why, span, None);
            hop.broken = true;
            hops.push(hop);
        }
        if port.endpoints.is_empty() && port.unresolved.is_empty() {
            self.nobody(service, wired, wired.fault(index).as_ref(), hops);
        }
    }

    fn end(&self, service: &Service, endpoint: &Endpoint, picked: Picked) -> Hop {
        let cluster = &self.analysis.cluster;
        let answer = &endpoint.answer;
        let replicas = picked.replicas(cluster);
        let mut why = self.who(picked);
        match endpoint.declared {
            Some((container, _)) => {
                let spec = cluster.sets[picked.set as usize].spec(cluster);
                why.push_str(&format!(", container {}", spec.containers[container].name));
            }
            None => {
                why.push_str(
                    ", where no container declares this port; it works as long as something listens",
                );
            }
        }
        let mut example = "";
        let address = answer.addresses.first().cloned().unwrap_or_else(|| {
            example = EXAMPLE;
            addresses::pod(
                cluster.sets[..picked.set as usize].iter().map(|set| u64::from(set.replicas)).sum(),
            )
        });
        match (answer.ready, answer.terminating) {
            (true, _) if replicas > 1 => why.push_str(&format!(", {replicas} pods")),
            (true, _) => {}
            (false, true) => why.push_str(", terminating"),
            (false, false) => why.push_str(", not ready: it gets no traffic"),
        }
        why.push_str(example);
        why.push('.');
        let address = if address.contains(':') { format!("[{address}]") } else { address };
        let span = endpoint.span(cluster);
        let mut hop = self.hop(format!("{address}:{}", endpoint.port), why, Some(span), Some(span));
        hop.broken = !endpoint.gets_traffic() && !service.publish_not_ready;
        hop
    }

    fn portless(&self, service: &Service, wired: &ServiceWiring, hops: &mut Vec<Hop>) {
        let name = format!("{}.{}.svc", service.meta.name.value, service.meta.namespace);
        let why = if service.is_external_name() {
            format!(
                "Resolves to {} by a CNAME record; no port is changed on the way.",
                service.external_name.value
            )
        } else {
            "Resolves to the addresses of its pods; the client dials whichever port it knows.".to_owned()
        };
        hops.push(self.hop(name, why, Some(service.meta.span), service.external_name.span));
        for answer in wired.portless.iter().take(MOST_ENDS) {
            let title = answer.addresses.first().cloned().unwrap_or_else(|| "pod address".to_owned());
            let span = answer.who.span(&self.analysis.cluster);
            let who = match answer.who {
                Who::Pods(picked) => self.who(picked),
                Who::Address(listed) => self.listed_in(listed),
            };
            hops.push(self.hop(title, format!("{who}."), Some(span), Some(span)));
        }
        if wired.portless.is_empty() && !service.is_external_name() {
            let fault = wired.nobody.clone().map(PortFault::Nobody);
            self.nobody(service, wired, fault.as_ref(), hops);
        }
    }

    fn nobody(
        &self,
        service: &Service,
        wired: &ServiceWiring,
        fault: Option<&PortFault>,
        hops: &mut Vec<Hop>,
    ) {
        let selecting = |rule: &str| {
            [
                "selector-matches-nothing",
                "pods-outside-upload",
                "scaled-to-zero",
                "selectorless-service",
                "no-endpoint-address",
            ]
            .contains(&rule)
        };
        let finding = self
            .analysis
            .findings
            .iter()
            .find(|finding| selecting(finding.rule) && is_about(&finding.object, service));
        let why =
            finding.map_or_else(|| "Nobody answers.".to_owned(), |finding| capital(&finding.message) + ".");
        if wired.nobody.is_none() && wired.selected.is_empty() {
            return self.not_listed(service, wired, fault, hops);
        }
        let title = match fault {
            Some(PortFault::Nobody(Nobody::NoSelector)) => "endpoints written by hand",
            Some(PortFault::Nobody(Nobody::OutsideUpload)) => "pods are not in this upload",
            Some(PortFault::Nobody(Nobody::ExternalName)) => service.external_name.value.as_str(),
            Some(PortFault::Nobody(Nobody::ScaledToZero)) => "scaled to 0",
            _ => "nobody answers",
        };
        let span = finding.map(|finding| finding.span);
        let mut hop = self.hop(title.to_owned(), why, service.selector_span.or(span), span);
        hop.broken = !unknown(fault) && wired.nobody != Some(Nobody::ExternalName);
        hops.push(hop);
    }

    /// `Deployment web`, `Pod db-0`.
    fn who(&self, picked: Picked) -> String {
        let cluster = &self.analysis.cluster;
        let owner = cluster.sets[picked.set as usize].owner.as_ref();
        match (owner, picked.pod_name(cluster)) {
            (Some(owner), Some(pod)) => format!("{} {}, Pod {pod}", owner.kind, owner.name),
            (Some(owner), None) => format!("{} {}", owner.kind, owner.name),
            (None, pod) => format!("Pod {}", pod.unwrap_or_default()),
        }
    }

    /// What was found of these Services, but for what is about other ports than the chosen ones.
    fn findings(&self, services: &[usize], chosen: &[(usize, Option<usize>)]) -> Vec<FindingView> {
        let about = |finding: &&crate::finding::Finding| {
            services.iter().any(|id| {
                let of_port = finding.field.as_deref().and_then(port_of_field);
                let is_chosen = of_port.is_none_or(|port| chosen.contains(&(*id, Some(port))));
                let of_service = is_about(&finding.object, &self.analysis.cluster.services[*id]);
                (is_chosen && of_service) || self.is_about_slice(&finding.object, *id)
            })
        };
        self.analysis
            .findings
            .iter()
            .filter(about)
            .map(|finding| FindingView::new(self.analysis, finding))
            .collect()
    }

    /// Commands that show the same in a cluster.
    fn checks(&self, id: usize, port: Option<usize>) -> Vec<String> {
        let (service, _) = self.service(id);
        let (name, namespace) = (&service.meta.name.value, &service.meta.namespace);
        // Only what is a name goes into a command: anything else is not one that Kubernetes would take either.
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
        if !plain(name) || !plain(namespace) || name.is_empty() {
            return Vec::new();
        }
        let mut checks =
            vec![format!("kubectl get endpointslices -n {namespace} -l kubernetes.io/service-name={name}")];
        let Some(port) = port.map(|port| &service.ports[port]).filter(|_| !service.is_external_name()) else {
            return checks;
        };
        if port.protocol.value == Protocol::Tcp {
            let number = port.port.value;
            let node_port = port.node_port.as_ref().filter(|_| service.has_node_ports());
            checks.extend(node_port.map(|written| format!("curl -v http://NODE:{}/", written.value)));
            checks.push(format!("kubectl run -n {namespace} --rm -it probe --image=curlimages/curl -- curl -v http://{name}:{number}/"));
        }
        checks
    }

    fn hop(&self, title: String, why: String, around: Option<Span>, mark: Option<Span>) -> Hop {
        let excerpt = around.or(mark).and_then(|span| self.excerpt(span, mark));
        Hop { title, why, excerpt, broken: false, share: None }
    }

    /// The lines of a span, the marked ones highlighted; around the mark where they are too many.
    fn excerpt(&self, span: Span, mark: Option<Span>) -> Option<Excerpt> {
        let file = self.analysis.files.get(span.file as usize)?;
        let lines_of = |span: Span| {
            let place = file.place(span);
            // A block ends at the start of the line after it.
            let end = if place.end_column == 1 && place.end_line > place.line {
                place.end_line - 1
            } else {
                place.end_line
            };
            (place.line, end)
        };
        let (mut first, mut last) = lines_of(span);
        let marked = mark.map(lines_of);
        if last - first >= MOST_LINES {
            let middle = marked.map_or(first, |(line, _)| line);
            first = middle.saturating_sub(2).max(first);
            last = (first + MOST_LINES - 1).min(last);
        }
        while last > first && file.line(last).trim().is_empty() {
            last -= 1;
        }
        let lines = (first..=last).map(|number| Line {
            number,
            text: clip(file.line(number)),
            marked: marked.is_some_and(|(from, to)| (from..=to).contains(&number)),
        });
        Some(Excerpt {
            file: if file.name == "-" { String::new() } else { file.name.clone() },
            lines: lines.collect(),
        })
    }
}

const EXAMPLE: &str = " (an example address: this upload has none)";

fn is_about(object: &crate::names::ObjectRef, service: &Service) -> bool {
    let meta = &service.meta;
    object.kind == "Service" && object.name == meta.name.value && object.namespace == meta.namespace
}

/// `2` of `spec.ports[2].targetPort`.
pub(super) fn port_of_field(field: &str) -> Option<usize> {
    field.strip_prefix("spec.ports[")?.split_once(']')?.0.parse().ok()
}

/// A place on the board in words.
fn title(at: &str) -> String {
    let (way, rest) = at.split_once(':').unwrap_or(("", at));
    match way {
        "in" => format!("{rest}, from inside the cluster"),
        "lb" => format!("load balancer of {rest}"),
        "ip" => format!("external IP of {rest}"),
        "ingress" => format!("ingress {rest}"),
        "node" if rest.contains(':') => format!("node port of {rest}"),
        "pods" => rest.replacen('/', " ", 1),
        _ => at.to_owned(),
    }
}

/// Whether the upload cannot know who answers.
fn unknown(fault: Option<&PortFault>) -> bool {
    matches!(
        fault,
        Some(PortFault::Nobody(Nobody::NoSelector | Nobody::OutsideUpload | Nobody::ExternalName))
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A line that is not too long to send.
fn clip(line: &str) -> String {
    const MOST: usize = 160;
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\u{2026}", &line[..end]),
        None => line.to_owned(),
    }
}
