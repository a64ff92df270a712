//! Cards and wires of Services and pods, before any of them has a place.

use rustc_hash::{FxHashMap, FxHashSet};

use super::cards::{GAP, HEAD, PAD, PITCH, PODS, SERVICES, What, card, row};
use super::pods::{Pods, PodsKey};
use super::{Card, CardKind, Cut, Face, Look, Mark, Text, addresses};
use crate::cluster::{Cluster, State};
use crate::finding::{Finding, Severity, Stage};
use crate::kinds::service::{Service, ServicePort};
use crate::port::{Protocol, TargetPort};
use crate::wiring::{NearMiss, Nobody, PortFault, ServiceWiring, Wiring};

/// The most Services that one board draws; more are neither readable nor quick.
pub(super) const MOST_SERVICES: usize = 300;

/// What a board is made from.
pub(super) struct Scene<'c> {
    /// The objects.
    pub cluster: &'c Cluster,
    /// How they are wired.
    pub wiring: &'c Wiring,
    /// The Services that are drawn, by their places.
    pub services: Vec<usize>,
    /// For each Service, the words of its worst finding.
    short: FxHashMap<(&'c str, &'c str), &'c Finding>,
    /// The ports, by Service and place, whose node port Kubernetes refuses, with why.
    refused: FxHashMap<(&'c str, &'c str, String), &'c str>,
    /// The Services that Kubernetes refuses as a whole.
    rejected: FxHashSet<(&'c str, &'c str)>,
    /// Whether more than one namespace is drawn, so that cards must say theirs.
    pub many_namespaces: bool,
}

/// A board in the making.
#[derive(Default)]
pub(super) struct Board {
    /// All cards; columns and links name them by their places.
    pub cards: Vec<Card>,
    /// Clients, ways in, Services, pods: the cards of each from top to bottom.
    pub columns: [Vec<usize>; 4],
    /// How many wires are not drawn, since there are too many.
    pub left_out: usize,
    /// What leads where.
    pub links: Vec<Link>,
    /// Services that are reached from outside, which stand first so that their ways in can stand beside them.
    pub from_outside: Vec<bool>,
    /// The card and first path of each drawn Service.
    pub of_service: FxHashMap<usize, ServiceCard>,
    /// How many paths the Services have.
    pub paths: u32,
    /// How many routes of Ingresses are drawn.
    pub routes: usize,
    /// The routes that reach no Service, by Ingress and route: their paths follow those of the Services.
    pub unreached: Vec<(usize, usize)>,
}

/// The card of a Service.
#[derive(Clone, Copy)]
pub(super) struct ServiceCard {
    /// Its place among the cards.
    pub card: usize,
    /// The path of its first row; the others follow.
    pub path: u32,
}

/// A wire before it has a place: from the right of a row to the left of a row.
pub(super) struct Link {
    /// Card and row.
    pub from: (usize, usize),
    /// Card and row.
    pub to: (usize, usize),
    /// Its look.
    pub look: Look,
    /// Whether and how it is cut.
    pub cut: Option<Cut>,
    /// The paths that go along it.
    pub paths: Vec<u32>,
}

impl<'c> Scene<'c> {
    /// Chooses what is drawn: everything, or the worst Services where there are too many.
    pub(super) fn new(cluster: &'c Cluster, wiring: &'c Wiring, findings: &'c [Finding]) -> Self {
        let mut short: FxHashMap<(&str, &str), &Finding> = FxHashMap::default();
        for finding in findings.iter().filter(|finding| finding.object.kind == "Service") {
            short.entry((&finding.object.namespace, &finding.object.name)).or_insert(finding);
        }
        let refused = findings
            .iter()
            .filter(|finding| finding.stage != Stage::Wire && finding.severity == Severity::Error);
        let refused = refused.filter_map(|finding| {
            let field = finding.field.as_deref().filter(|field| field.ends_with(".nodePort"))?;
            let object = &finding.object;
            Some((
                (object.namespace.as_str(), object.name.as_str(), field.to_owned()),
                finding.short.as_str(),
            ))
        });
        let refused = refused.collect();
        let rejected = findings.iter().filter(|finding| {
            finding.object.kind == "Service"
                && finding.severity == Severity::Error
                && matches!(finding.stage, Stage::Read | Stage::Validate)
        });
        let rejected =
            rejected.map(|finding| (finding.object.namespace.as_str(), finding.object.name.as_str()));
        let rejected = rejected.collect();
        let mut services: Vec<usize> = (0..cluster.services.len()).collect();
        if services.len() > MOST_SERVICES {
            let rank = |id: &usize| {
                let meta = &cluster.services[*id].meta;
                short
                    .get(&(meta.namespace.as_str(), meta.name.value.as_str()))
                    .map_or(Severity::Hint, |f| f.severity)
            };
            services.sort_by_key(rank);
            services.truncate(MOST_SERVICES);
            services.sort_unstable();
        }
        let mut namespaces = services.iter().map(|id| cluster.services[*id].meta.namespace.as_str());
        let first = namespaces.next();
        let many_namespaces = namespaces.any(|namespace| Some(namespace) != first);
        Self { cluster, wiring, services, short, refused, rejected, many_namespaces }
    }

    /// The Service of a place and its wiring.
    pub(super) fn service(&self, id: usize) -> (&'c Service, &'c ServiceWiring) {
        (&self.cluster.services[id], &self.wiring.services[id])
    }

    /// Why Kubernetes refuses a port's node port, where it does.
    pub(super) fn refused(&self, service: &Service, port: usize) -> Option<&'c str> {
        let meta = &service.meta;
        let field = format!("spec.ports[{port}].nodePort");
        self.refused.get(&(meta.namespace.as_str(), meta.name.value.as_str(), field)).copied()
    }

    /// Whether Kubernetes refuses a Service as a whole.
    pub(super) fn is_rejected(&self, service: &Service) -> bool {
        self.rejected.contains(&(service.meta.namespace.as_str(), service.meta.name.value.as_str()))
    }

    /// A namespace, where cards must say theirs.
    pub(super) fn namespace(&self, namespace: &'c str) -> Option<&'c str> {
        self.many_namespaces.then_some(namespace)
    }

    /// Three words on why a Service has nobody behind it.
    fn why(&self, service: &Service) -> Option<&'c str> {
        let meta = &service.meta;
        let finding = self.short.get(&(meta.namespace.as_str(), meta.name.value.as_str()))?;
        Some(finding.short.as_str()).filter(|short| !short.is_empty() && finding.severity != Severity::Hint)
    }

    /// A Service's address within a board: `web.shop`.
    pub(super) fn address(service: &Service) -> String {
        format!("{}.{}", service.meta.name.value, service.meta.namespace)
    }
}

/// A Service port's address within a board, as the trace field writes it: `web.shop:80`, `dns.kube-system:53/udp`.
pub fn port_address(service: &Service, port: &ServicePort) -> String {
    let address = Scene::address(service);
    match &port.protocol.value {
        Protocol::Tcp => format!("{address}:{}", port.port.value),
        other => format!("{address}:{}/{}", port.port.value, other.as_str().to_lowercase()),
    }
}

/// The cards of Services and pods, and the wires between them.
pub(super) fn services_and_pods(scene: &Scene<'_>) -> Board {
    let mut board = Board::default();
    let mut pods = Pods::new(scene);
    let mut next_path = 0;
    for &id in &scene.services {
        let (service, wired) = scene.service(id);
        let at = board.cards.len();
        board.cards.push(service_card(scene, id, next_path));
        board.columns[2].push(at);
        board.of_service.insert(id, ServiceCard { card: at, path: next_path });
        connect(scene, &mut board, &mut pods, (service, wired), at);
        board.from_outside.resize(board.cards.len(), false);
        let routed =
            (0..service.ports.len().max(1)).any(|port| !scene.wiring.routes.to(id, Some(port)).is_empty());
        board.from_outside[at] = service.has_node_ports() || !service.external_ips.is_empty() || routed;
        next_path += board.cards[at].rows.len() as u32;
    }
    board.paths = next_path;
    if scene.services.is_empty() {
        for set in 0..scene.cluster.sets.len().min(MOST_SERVICES) {
            pods.card(&mut board, scene, PodsKey::of(scene.cluster, set as u32));
        }
    }
    pods.finish(&mut board, scene);
    board.from_outside.resize(board.cards.len(), false);
    let outside = std::mem::take(&mut board.from_outside);
    board.columns[2].sort_by_key(|card| !outside[*card]);
    board.from_outside = outside;
    board
}

/// The panel of a Service, with a row for each of its ports.
fn service_card(scene: &Scene<'_>, id: usize, first_path: u32) -> Card {
    let (service, wired) = scene.service(id);
    let mut at = card(CardKind::Service, SERVICES, HEAD);
    let headless = service.is_headless();
    let kind = match service.service_type.value.as_str() {
        "ClusterIP" if headless => "Headless",
        other => other,
    };
    let (address, face) = if service.is_external_name() {
        ("a DNS name".to_owned(), Face::Note)
    } else if headless {
        ("no cluster IP".to_owned(), Face::Mono)
    } else {
        addresses::or_example(service.virtual_ips().next(), || addresses::cluster_ip(id))
    };
    at.write_head(
        &service.meta.name.value,
        What::Chip(kind),
        scene.namespace(&service.meta.namespace),
        Some((&address, face)),
    );
    if scene.is_rejected(service) {
        at.look = Look::Broken;
        at.texts.retain(|text| !text.from_right);
        let refused = "refused by Kubernetes";
        let right = at.x + at.width - 14;
        at.texts.push(Text::from_right(right, 43, Face::Note, refused, 130).looking(Look::Broken));
    }
    at.label =
        format!("Service {} ({kind}) in namespace {}", service.meta.name.value, service.meta.namespace);
    at.at = Some(Scene::address(service));
    for (index, port) in service.ports.iter().enumerate() {
        let line = at_row(index);
        let fault = wired.fault(index);
        let mut row = row(line, format!("port {} of Service {}", port.port.value, service.meta.name.value));
        row.look = look_of(fault.as_ref());
        row.at = Some(port_address(service, port));
        row.paths = vec![first_path + index as u32];
        let mark = Mark::from(&port.protocol.value);
        let look = if headless { Look::Faint } else { Look::Carries };
        row.texts.push(
            Text::new(at.x + PAD, line - 6, Face::Port, &port.port.value.to_string(), 100).looking(look),
        );
        let mut note = port.protocol.value.to_string();
        if headless {
            "DNS only".clone_into(&mut note);
        }
        if !port.name.value.is_empty() {
            note = format!("{} \u{b7} {note}", port.name.value);
        }
        row.texts.push(Text::new(at.x + PAD, line + 15, Face::Note, &note, 130));
        let right = at.x + at.width - PAD;
        let target = port.target.value.to_string();
        let broken = if row.look == Look::Broken { Look::Broken } else { Look::Carries };
        row.texts.push(Text::from_right(right, line - 6, Face::Port, &target, 130).looking(broken));
        row.texts.push(Text::from_right(
            right,
            line + 15,
            Face::Note,
            &target_note(scene, port, wired, index),
            104,
        ));
        row.inner = Some((if headless { at.x + at.width / 2 } else { at.x }, at.x + at.width));
        row.left = (!headless).then(|| at.left_jack(Look::Carries, mark));
        row.right = Some(at.right_jack(broken, mark));
        at.push(row);
    }
    if service.ports.is_empty() {
        portless_row(&mut at, service, first_path);
    }
    at.paths = (first_path..first_path + at.rows.len() as u32).collect();
    at.height = HEAD + PITCH * at.rows.len() as i32 + 8;
    at
}

/// A Service without ports: an `ExternalName`, or a headless one whose name alone matters.
fn portless_row(at: &mut Card, service: &Service, path: u32) {
    let line = at_row(0);
    let external = service.is_external_name();
    let mut row = row(line, format!("Service {}, which has no ports", service.meta.name.value));
    row.look = Look::Dotted;
    row.at = Some(Scene::address(service));
    row.paths = vec![path];
    let (left, right) = if external {
        ("CNAME", service.external_name.value.as_str())
    } else {
        ("no ports", "pod addresses")
    };
    row.texts.push(Text::new(at.x + PAD, line - 6, Face::Note, left, 60));
    row.texts.push(Text::from_right(at.x + at.width - PAD, line - 6, Face::Mono, right, 200));
    row.texts.push(Text::new(at.x + PAD, line + 15, Face::Note, "DNS only", 120));
    row.inner = Some((at.x, at.x + at.width));
    row.right = Some(at.right_jack(Look::Dotted, Mark::Hollow));
    at.push(row);
}

/// Where the number on the pod comes from: defaulted, looked up by name, or written.
fn target_note(scene: &Scene<'_>, port: &ServicePort, wired: &ServiceWiring, index: usize) -> String {
    match wired.fault(index) {
        Some(PortFault::Nobody(Nobody::ScaledToZero)) => return "scaled to 0".to_owned(),
        Some(PortFault::NoneReady) if wired.selected.is_empty() => return "none is ready".to_owned(),
        Some(PortFault::NoneReady) => return "no pod is ready".to_owned(),
        Some(PortFault::NotListed) => return "not listed".to_owned(),
        _ => {}
    }
    if let Some(number) = wired.listed_number(index).filter(|_| wired.selected.is_empty())
        && port.target.value != TargetPort::Number(number)
    {
        return format!("listed as {number}");
    }
    if port.target.span.is_none() {
        return "same as port".to_owned();
    }
    if let [only] = wired.selected.as_slice()
        && only.ordinal.is_some()
    {
        return format!("only {}", only.pod_name(scene.cluster).unwrap_or_default());
    }
    let TargetPort::Name(_) = port.target.value else { return "target port".to_owned() };
    let Some(wired) = wired.ports.get(index) else { return "by name".to_owned() };
    let mut numbers: Vec<i32> = wired.endpoints.iter().map(|endpoint| endpoint.port).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let count = |picked: crate::wiring::Picked| u64::from(picked.replicas(scene.cluster));
    let missing: u64 = wired.unresolved.iter().map(|pods| count(pods.picked)).sum();
    let found: u64 =
        wired.endpoints.iter().map(|endpoint| u64::from(endpoint.answer.who.replicas(scene.cluster))).sum();
    match (numbers.as_slice(), missing) {
        ([], 0) => "by name".to_owned(),
        ([], _) => "name not found".to_owned(),
        ([number], 0) => format!("is {number}"),
        (_, 0) => format!("is {}", numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        _ => format!("on {found} of {} pods", found + missing),
    }
}

/// The line of a Service's row.
pub(super) fn at_row(index: usize) -> i32 {
    HEAD + 24 + PITCH * index as i32
}

/// How a port that reaches nobody looks: broken only where something is wrong, not where something is elsewhere.
pub fn look_of(fault: Option<&PortFault>) -> Look {
    match fault {
        None => Look::Carries,
        Some(PortFault::Nobody(nobody)) => match nobody {
            Nobody::ExternalName
            | Nobody::NoSelector
            | Nobody::OutsideUpload
            | Nobody::NoPodSelected(Some(NearMiss::KeyAbsent { .. })) => Look::Dotted,
            Nobody::ScaledToZero => Look::Faint,
            Nobody::NoPodSelected(_) => Look::Broken,
        },
        Some(PortFault::NoneReady) => Look::Faint,
        Some(
            PortFault::PortNameMissing
            | PortFault::ProtocolDiffers
            | PortFault::NoAddress
            | PortFault::NotListed,
        ) => Look::Broken,
    }
}

/// The wires from a Service's rows to whoever answers, and the ends of those that nobody answers.
fn connect(
    scene: &Scene<'_>,
    board: &mut Board,
    pods: &mut Pods,
    (service, wired): (&Service, &ServiceWiring),
    from: usize,
) {
    let rows = board.cards[from].rows.len();
    if let Some(nobody) = &wired.nobody {
        let ghost = match nobody {
            Nobody::NoPodSelected(Some(
                NearMiss::OneLabelOff { set, .. }
                | NearMiss::WorkloadLabels { set }
                | NearMiss::OtherNamespace { set },
            )) => Some(*set),
            _ => None,
        };
        if *nobody == Nobody::ScaledToZero {
            for picked in &wired.dormant {
                let card = pods.card(board, scene, PodsKey::of(scene.cluster, picked.set));
                for index in 0..rows {
                    let path = board.cards[from].rows[index].paths.clone();
                    let to = pods.any_row(board, card, service.ports.get(index), scene, picked.set, &path);
                    board.links.push(Link {
                        from: (from, index),
                        to: (card, to),
                        look: Look::Faint,
                        cut: None,
                        paths: path,
                    });
                }
            }
            return;
        }
        let end = end_card(board, scene, service, nobody);
        for index in 0..rows {
            let paths = board.cards[from].rows[index].paths.clone();
            let look = board.cards[from].rows[index].look;
            let cut = (look == Look::Broken).then_some(Cut::AtEnd);
            board.cards[end].rows[0].paths.extend(&paths);
            board.cards[end].paths.extend(&paths);
            board.links.push(Link { from: (from, index), to: (end, 0), look, cut, paths: paths.clone() });
            if let Some(set) = ghost {
                let card = pods.card(board, scene, PodsKey::of(scene.cluster, set));
                let to = pods.any_row(board, card, service.ports.get(index), scene, set, &paths);
                let cut = Some(Cut::Ghost);
                board.links.push(Link {
                    from: (from, index),
                    to: (card, to),
                    look: Look::Broken,
                    cut,
                    paths,
                });
            }
        }
        return;
    }
    for (index, (port, wired_port)) in service.ports.iter().zip(&wired.ports).enumerate() {
        pods.connect_port(board, scene, (from, index), port, wired_port);
        if wired_port.endpoints.is_empty() && wired_port.unresolved.is_empty() {
            let paths = board.cards[from].rows[index].paths.clone();
            let (why, more) = match wired.fault(index) {
                Some(PortFault::NotListed) => {
                    ("no slice has this port", "its ports are matched by name and protocol")
                }
                _ if wired.selected.is_empty() => {
                    ("its slices list no address", "none of the Service's IP family")
                }
                _ => ("no pod has an address", "none runs with an IP of the Service's family"),
            };
            let end = plain_end(board, why, more, Look::Broken, &paths);
            board.links.push(Link {
                from: (from, index),
                to: (end, 0),
                look: Look::Broken,
                cut: Some(Cut::AtEnd),
                paths,
            });
        }
    }
    if service.ports.is_empty() {
        for answer in &wired.portless {
            let paths = board.cards[from].rows[0].paths.clone();
            let to = pods.dialled_row(board, scene, answer.who, &paths);
            board.links.push(Link { from: (from, 0), to, look: Look::Dotted, cut: None, paths });
        }
    }
}

/// Where the wires of a Service end when nobody is behind it: why, in a few words.
fn end_card(board: &mut Board, scene: &Scene<'_>, service: &Service, nobody: &Nobody) -> usize {
    let observed = scene.cluster.state == State::Observed;
    let (why, more, look) = match nobody {
        Nobody::ExternalName => {
            (service.external_name.value.as_str(), "a host outside the cluster", Look::Dotted)
        }
        Nobody::NoSelector => ("no selector", "its endpoints are written by hand", Look::Dotted),
        Nobody::OutsideUpload if observed => {
            ("pods are not in this upload", "dump the Pods too to see them", Look::Dotted)
        }
        Nobody::OutsideUpload => {
            ("pods are not in this upload", "add the workload's manifest to see them", Look::Dotted)
        }
        Nobody::ScaledToZero => ("scaled to 0", "", Look::Faint),
        Nobody::NoPodSelected(Some(NearMiss::KeyAbsent { .. })) => {
            ("no pod in this upload", "a label may be added at run time", Look::Dotted)
        }
        Nobody::NoPodSelected(_) => {
            (scene.why(service).unwrap_or("selects no pod"), "nobody answers", Look::Broken)
        }
    };
    plain_end(board, why, more, look, &[])
}

fn plain_end(board: &mut Board, why: &str, more: &str, look: Look, paths: &[u32]) -> usize {
    let mut end = card(CardKind::End, PODS, 0);
    end.look = look;
    end.height = 46;
    end.label = format!("{why}: {more}");
    end.paths = paths.to_vec();
    let room = end.width - 2 * PAD;
    end.texts.push(Text::new(end.x + PAD, 20, Face::Why, why, room).looking(look));
    end.texts.push(Text::new(end.x + PAD, 36, Face::Note, more, room));
    let mut line = row(23, end.label.clone());
    line.look = look;
    line.paths = paths.to_vec();
    end.push(line);
    board.cards.push(end);
    let at = board.cards.len() - 1;
    board.columns[3].push(at);
    at
}

/// The height of a column.
pub(super) fn height(board: &Board, column: usize) -> i32 {
    board.columns[column].iter().map(|card| board.cards[*card].height + GAP).sum()
}
