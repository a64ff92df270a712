//! The card of a Service: a row for each of its ports, from the port to the target port.

use super::addresses;
use super::cards::{HEAD, PAD, PITCH, SERVICES, What, card, row};
use super::scene::{Scene, drawn, port_address};
use super::ways_in::protocol_term;
use super::{Card, CardKind, Face, Look, Mark, Text};
use crate::kinds::service::{Service, ServicePort};
use crate::labels::Label;
use crate::port::TargetPort;
use crate::terms::Term;
use crate::wiring::{NearMiss, Nobody, PortFault, ServiceWiring};

/// The panel of a Service, with a row for each of its ports.
pub(super) fn service_card(scene: &Scene<'_>, id: usize, first_path: u32) -> Card {
    let (service, wired) = scene.service(id);
    let mut at = card(CardKind::Service, SERVICES, HEAD);
    let headless = service.is_headless();
    let kind = match service.service_type.value.as_str() {
        "ClusterIP" if headless => "Headless",
        other => other,
    };
    let mut ips = match () {
        () if service.is_external_name() => vec![("a DNS name".to_owned(), Face::Note, Term::NameAlone)],
        () if headless => vec![("no cluster IP".to_owned(), Face::Mono, Term::NoClusterIp)],
        () => cluster_ips(service, id),
    }
    .into_iter();
    let address = ips.next();
    if scene.refused.object(&service.meta) {
        at.look = Look::Broken;
    }
    at.write_head(
        (&service.meta.name.value, Term::ServiceName),
        What::Chip(kind, type_term(service)),
        scene.namespace(&service.meta.namespace),
        address.as_ref().map(|(address, face, term)| (address.as_str(), *face, *term)),
    );
    at.label =
        format!("Service {} ({kind}) in namespace {}", service.meta.name.value, service.meta.namespace);
    at.at = Some(Scene::address(service));
    at.labels = service.selector.0.iter().map(Label::pair).collect();
    for (index, port) in drawn(service).iter().enumerate() {
        let line = at_row(index);
        let fault = wired.fault(index);
        let mut row = row(line, format!("port {} of Service {}", port.port.value, service.meta.name.value));
        row.look = look_of(fault.as_ref());
        row.at = Some(port_address(service, port));
        row.paths = vec![first_path + index as u32];
        let mark = Mark::from(&port.protocol.value);
        // Nobody listens for these: they stand in DNS alone, or nowhere.
        let dns_only = headless || service.is_external_name();
        let look = if dns_only { Look::Faint } else { Look::Carries };
        let number = Text::new(at.x + PAD, line - 6, Face::Port, &port.port.value.to_string(), 100);
        let term = match () {
            () if service.is_external_name() => Term::ServicePortUnused,
            () if headless => Term::ServicePortHeadless,
            () => Term::ServicePort,
        };
        row.texts.push(number.looking(look).of(term));
        let mut note = port.protocol.value.to_string();
        if dns_only {
            "DNS only".clone_into(&mut note);
        }
        if !port.name.value.is_empty() {
            note = format!("{} \u{b7} {note}", port.name.value);
        }
        let term = if dns_only { Term::DnsOnly } else { protocol_term(port) };
        row.texts.push(Text::new(at.x + PAD, line + 15, Face::Note, &note, 130).of(term));
        let right = at.x + at.width - PAD;
        let target = port.target.value.to_string();
        let broken = if row.look == Look::Broken { Look::Broken } else { Look::Carries };
        let text = Text::from_right(right, line - 6, Face::Port, &target, 130);
        let is_unused = service.is_external_name();
        row.texts.push(text.looking(if is_unused { Look::Faint } else { broken }).of(target_term(port)));
        let (note, term) = target_note(scene, port, wired, index);
        row.texts.push(Text::from_right(right, line + 15, Face::Note, &note, 104).of(term));
        row.inner = Some((if headless { at.x + at.width / 2 } else { at.x }, at.x + at.width));
        row.left = (!headless).then(|| at.left_jack(Look::Carries, mark, Term::ServicePortJack));
        row.right = Some(at.right_jack(broken, mark, Term::TargetPortJack));
        at.push(row);
    }
    if service.ports.is_empty() {
        portless_row(&mut at, service, first_path);
    }
    at.paths = (first_path..first_path + at.rows.len() as u32).collect();
    at.height = HEAD + PITCH * at.rows.len() as i32 + 8;
    let mut foot = foot(service);
    foot.extend(ips.map(|(ip, face, term)| (format!("also {ip}"), face, term)));
    at.write_foot(&foot);
    at
}

/// How many ports a Service has besides, and what it asks of those who send its traffic.
fn foot(service: &Service) -> Vec<(String, Face, Term)> {
    let mut lines = Vec::new();
    let more = service.ports.len() - drawn(service).len();
    if more > 0 {
        lines.push((format!("and {more} more ports, in the JSON"), Term::ServicePort));
    }
    if let Some(seconds) = service.affinity_seconds() {
        lines.push((format!("a client keeps its pod for {seconds} s"), Term::SessionAffinity));
    }
    if service.is_local_inside() {
        lines.push(("from inside: pods of the client's node".to_owned(), Term::InternalLocal));
    }
    if let Some(near) = service.traffic_distribution.as_ref().filter(|near| !near.value.is_empty()) {
        lines.push((format!("rather pods nearby: {}", near.value), Term::TrafficDistribution));
    }
    lines.into_iter().map(|(line, term)| (line, Face::Note, term)).collect()
}

/// A Service without ports: an `ExternalName`, or a headless one whose name alone matters.
fn portless_row(at: &mut Card, service: &Service, path: u32) {
    let line = at_row(0);
    let external = service.is_external_name();
    let mut row = row(line, format!("Service {}, which has no ports", service.meta.name.value));
    row.look = Look::Dotted;
    row.at = Some(Scene::address(service));
    row.paths = vec![path];
    let ((left, what), (right, to)) = if external {
        (("CNAME", Term::Cname), (service.external_name.value.as_str(), Term::ExternalHost))
    } else {
        (("no ports", Term::NoPorts), ("pod addresses", Term::PodAddresses))
    };
    row.texts.push(Text::new(at.x + PAD, line - 6, Face::Note, left, 60).of(what));
    row.texts.push(Text::from_right(at.x + at.width - PAD, line - 6, Face::Mono, right, 200).of(to));
    row.texts.push(Text::new(at.x + PAD, line + 15, Face::Note, "DNS only", 120).of(Term::DnsOnly));
    row.inner = Some((at.x, at.x + at.width));
    row.right = Some(at.right_jack(Look::Dotted, Mark::Hollow, Term::NameJack));
    at.push(row);
}

/// The virtual addresses of a Service, with what they are.
fn cluster_ips(service: &Service, id: usize) -> Vec<(String, Face, Term)> {
    let term = |face| if face == Face::Example { Term::ClusterIpExample } else { Term::ClusterIp };
    addresses::cluster_ips(service, id).into_iter().map(|(ip, face)| (ip, face, term(face))).collect()
}

/// What the type of a Service is: `ClusterIP` where none is written.
fn type_term(service: &Service) -> Term {
    match service.service_type.value.as_str() {
        "ClusterIP" if service.is_headless() => Term::Headless,
        "ClusterIP" if service.service_type.span.is_none() => Term::TypeClusterIpDefaulted,
        "ClusterIP" => Term::TypeClusterIp,
        "NodePort" => Term::TypeNodePort,
        "LoadBalancer" => Term::TypeLoadBalancer,
        "ExternalName" => Term::TypeExternalName,
        _ => Term::TypeUnknown,
    }
}

/// What a target port is: the port's own number where none is written.
const fn target_term(port: &ServicePort) -> Term {
    match port.target.value {
        _ if port.target.span.is_none() => Term::TargetPortDefaulted,
        TargetPort::Number(_) => Term::TargetPortWritten,
        TargetPort::Name(_) => Term::TargetPortName,
    }
}

/// Where the number on the pod comes from: defaulted, looked up by name, or written.
fn target_note(scene: &Scene<'_>, port: &ServicePort, wired: &ServiceWiring, index: usize) -> (String, Term) {
    let plain = |words: &str, term| (words.to_owned(), term);
    if wired.nobody == Some(Nobody::ExternalName) {
        return plain("not applied", Term::TargetUnused);
    }
    match wired.fault(index) {
        Some(PortFault::Nobody(Nobody::ScaledToZero)) => return plain("scaled to 0", Term::ScaledToZero),
        Some(PortFault::NoneReady) if wired.selected.is_empty() => {
            return plain("none is ready", Term::NoneReady);
        }
        Some(PortFault::NoneReady) => return plain("no pod is ready", Term::NoneReady),
        Some(PortFault::NotListed) => return plain("not listed", Term::EndNotListed),
        _ => {}
    }
    if let Some(number) = wired.listed_number(index).filter(|_| wired.selected.is_empty())
        && port.target.value != TargetPort::Number(number)
    {
        return (format!("listed as {number}"), Term::TargetListed);
    }
    if port.target.span.is_none() {
        return plain("same as port", Term::TargetPortDefaulted);
    }
    if let [only] = wired.selected.as_slice()
        && only.ordinal.is_some()
    {
        return (format!("only {}", only.pod_name(scene.cluster).unwrap_or_default()), Term::OnlyOnePod);
    }
    let TargetPort::Name(_) = port.target.value else { return plain("target port", Term::TargetNumber) };
    let Some(wired) = wired.ports.get(index) else { return plain("by name", Term::TargetLookedUp) };
    let mut numbers: Vec<i32> = wired.endpoints.iter().map(|endpoint| endpoint.port).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let count = |picked: crate::wiring::Picked| u64::from(picked.replicas(scene.cluster));
    let missing: u64 = wired.nameless().map(|pods| count(pods.picked)).sum();
    let found: u64 =
        wired.endpoints.iter().map(|endpoint| u64::from(endpoint.answer.who.replicas(scene.cluster))).sum();
    let words = match (numbers.as_slice(), missing) {
        ([], 0) => "by name".to_owned(),
        ([], _) => "name not found".to_owned(),
        ([number], 0) => format!("is {number}"),
        (_, 0) => format!("is {}", numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        _ => format!("on {found} of {} pods", found + missing),
    };
    (words, if missing == 0 { Term::TargetLookedUp } else { Term::TargetNotFound })
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
            | Nobody::NoPodSelected(None | Some(NearMiss::KeyAbsent { .. })) => Look::Dotted,
            Nobody::ScaledToZero => Look::Faint,
            Nobody::SelectorRefused | Nobody::NoPodSelected(_) => Look::Broken,
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
