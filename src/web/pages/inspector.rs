//! What is told of a place on the board: the hops in order, each with its lines of YAML, and what was found.

mod checks;
mod ends;
mod listed;
mod other_name;
pub(super) mod routes;
mod trace;
mod ways;

use crate::analysis::Analysis;
use crate::diagram::{Diagram, Look, Path, is_dropped_at, look_of, port_address};
use crate::kinds::service::Service;
use crate::render::trace::percent;
use crate::source::Span;
use crate::wiring::{Endpoint, Nobody, Picked, PortFault, ServiceWiring, names};

use super::findings::FindingView;
use super::{capital, editor};

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
                // What is folded is told of where it is opened.
                Path::Folded(_) => {}
                Path::Route(route) => return Some(Self::of_unreached(&teller, route)),
            }
        }
        if chosen.is_empty() {
            return None;
        }
        chosen.sort_unstable();
        chosen.dedup();
        let several = chosen.len() > 1;
        let shown = chosen.iter().take(MOST_PATHS);
        let mut services: Vec<usize> = chosen.iter().map(|(service, _)| *service).collect();
        services.dedup();
        let mut findings = teller.findings(&services, &chosen);
        if let Some(route) = teller.selected_route() {
            findings.extend(teller.route_findings(route));
        }
        Some(Self {
            title: teller.title(&chosen),
            sub: teller.sub(&chosen),
            paths: shown.map(|&(service, port)| teller.path(service, port, several)).collect(),
            left_out: chosen.len().saturating_sub(MOST_PATHS),
            findings,
            checks: services.first().map(|service| teller.checks(*service, chosen[0].1)).unwrap_or_default(),
            near: None,
        })
    }

    /// What is wrong here, which is told first: whoever selects what is broken asks why.
    pub(super) fn faults(&self) -> impl Iterator<Item = &FindingView> {
        self.findings.iter().filter(|finding| !finding.is_hint())
    }

    /// What else was found.
    pub(super) fn hints(&self) -> impl Iterator<Item = &FindingView> {
        self.findings.iter().filter(|finding| finding.is_hint())
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

    /// The place in words; a port of a headless Service by what clients dial, which is the pods' own.
    fn title(&self, chosen: &[(usize, Option<usize>)]) -> String {
        if let &[(id, Some(index))] = chosen {
            let (service, wired) = self.service(id);
            let port = &service.ports[index];
            let numbers = wired.numbers(service, index);
            if service.is_headless() && !numbers.is_empty() && self.at == port_address(service, port) {
                let (name, namespace) = (&service.meta.name.value, &service.meta.namespace);
                let protocol = self.at.find('/').map_or("", |at| &self.at[at..]);
                return format!("{name}.{namespace}:{}{protocol}", ways::any_of(&numbers));
            }
        }
        title(self.at)
    }

    /// How far one gets, in a sentence.
    fn sub(&self, chosen: &[(usize, Option<usize>)]) -> String {
        if chosen.len() > 1 {
            return format!("{} Service ports lead through here", chosen.len());
        }
        let Some(&(id, port)) = chosen.first() else { return String::new() };
        let (service, wired) = self.service(id);
        let Some(port) = port else { return "a DNS name without ports".to_owned() };
        let replicas = |endpoint: &Endpoint| u64::from(endpoint.answer.who.replicas(&self.analysis.cluster));
        if is_dropped_at(self.at) {
            return "dropped here: no local pod".to_owned();
        }
        let way = self.at.split_once(':').map_or("", |(way, _)| way);
        let local = match way {
            "node" | "lb" | "ip" => service.is_local_outside(),
            "in" => service.is_local_inside(),
            _ => false,
        };
        // DNS publishes what is ready, and nothing else.
        let by_dns = service.is_headless() && self.selected_route().is_none();
        let gets_it = |at: &&Endpoint| if by_dns { at.answer.ready } else { at.gets_traffic() };
        let answering = wired.ports[port].endpoints.iter().filter(gets_it);
        let listed = answering.clone().any(|endpoint| endpoint.answer.who.pods().is_none());
        let (one, many) = if listed { ("address", "addresses") } else { ("pod", "pods") };
        match answering.map(replicas).sum::<u64>() {
            0 if let Some(id) = names::alias(&self.analysis.cluster, service) => {
                format!("is another name for Service {}", self.analysis.cluster.services[id].meta.name.value)
            }
            0 if wired.nobody == Some(Nobody::ExternalName) => {
                "leads to a host outside the cluster".to_owned()
            }
            0 if unknown(wired.fault(port).as_ref()) => {
                "whether anybody answers is not in this upload".to_owned()
            }
            0 => "reaches nobody".to_owned(),
            1 => format!("reaches 1 {one}"),
            all if by_dns => format!("reaches {all} {many}, of which the client chooses one"),
            all if local => format!("reaches {all} {many}, from each node its own"),
            all => format!("reaches {all} {many}, {} of the connections each", percent(1.0 / all as f64)),
        }
    }

    fn path(&self, id: usize, port: Option<usize>, several: bool) -> PathView {
        let (service, wired) = self.service(id);
        let meta = &service.meta;
        let mut hops = Vec::new();
        let heading = match port {
            Some(port) => format!("{}, port {}", meta.name.value, service.ports[port].port.value),
            None => meta.name.value.to_string(),
        };
        match port {
            _ if service.is_external_name() => self.other_name(id, port, &mut hops),
            None => {
                hops.extend(self.route_taken());
                self.portless(id, &mut hops);
            }
            Some(index) => {
                let port = &service.ports[index];
                self.ways_in(id, index, &mut hops);
                if is_dropped_at(self.at) {
                    for hop in &mut hops {
                        hop.broken = true;
                    }
                    return PathView { heading: several.then_some(heading), hops };
                }
                self.service_port(id, index, &mut hops);
                if !self.listed_target(port, &wired.ports[index], &mut hops) {
                    self.target(service, wired, index, &mut hops);
                }
                self.ends(id, index, &mut hops);
            }
        }
        PathView { heading: several.then_some(heading), hops }
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

    fn hop(&self, title: String, why: String, around: Option<Span>, mark: Option<Span>) -> Hop {
        let excerpt = around.or(mark).and_then(|span| self.excerpt(span, mark));
        Hop { title, why, excerpt, broken: false, share: None }
    }

    /// The lines of a span, the marked ones highlighted; around the mark where they are too many.
    fn excerpt(&self, span: Span, mark: Option<Span>) -> Option<Excerpt> {
        let file = self.analysis.files.get(span.file as usize)?;
        let lines_of = |span: Span| editor::lines(self.analysis, span);
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
        "gateway" => format!("gateway {rest}"),
        "node" if is_dropped_at(rest) => {
            format!("node port {}, on nodes without a local pod", rest.split('~').next().unwrap_or_default())
        }
        "node" if rest.ends_with("~unknown") => {
            format!("node port {}, on nodes that may have none", rest.split('~').next().unwrap_or_default())
        }
        "node" if rest.contains(':') => format!("node port of {rest}"),
        "pods" => rest.replacen('/', " ", 1),
        _ => at.to_owned(),
    }
}

/// Whether the upload cannot know who answers.
fn unknown(fault: Option<&PortFault>) -> bool {
    look_of(fault) == Look::Dotted
}

/// A line that is not too long to send.
fn clip(line: &str) -> String {
    const MOST: usize = 160;
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\u{2026}", &line[..end]),
        None => line.to_owned(),
    }
}
