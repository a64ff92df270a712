//! The card of a Service: a row for each of its ports, from the port to the target port.

use super::addresses;
use super::cards::{HEAD, PAD, PITCH, SERVICES, What, card, row};
use super::scene::{Scene, port_address};
use super::{Card, CardKind, Face, Look, Mark, Text};
use crate::kinds::service::{Service, ServicePort};
use crate::labels::Label;
use crate::port::TargetPort;
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
        () if service.is_external_name() => vec![("a DNS name".to_owned(), Face::Note)],
        () if headless => vec![("no cluster IP".to_owned(), Face::Mono)],
        () => addresses::cluster_ips(service, id),
    }
    .into_iter();
    let address = ips.next();
    at.write_head(
        &service.meta.name.value,
        What::Chip(kind),
        scene.namespace(&service.meta.namespace),
        address.as_ref().map(|(address, face)| (address.as_str(), *face)),
    );
    if scene.refuses(&service.meta) {
        at.write_refused();
    }
    at.label =
        format!("Service {} ({kind}) in namespace {}", service.meta.name.value, service.meta.namespace);
    at.at = Some(Scene::address(service));
    at.labels = service.selector.0.iter().map(Label::pair).collect();
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
    let mut foot = foot(service);
    foot.extend(ips.map(|(ip, face)| (format!("also {ip}"), face)));
    at.write_foot(&foot);
    at
}

/// What a Service asks of those who send its traffic.
fn foot(service: &Service) -> Vec<(String, Face)> {
    let mut lines = Vec::new();
    if let Some(seconds) = service.affinity_seconds() {
        lines.push(format!("a client keeps its pod for {seconds} s"));
    }
    if service.is_local_inside() {
        lines.push("from inside: pods of the client's node".to_owned());
    }
    if let Some(near) = service.traffic_distribution.as_ref().filter(|near| !near.value.is_empty()) {
        lines.push(format!("rather pods nearby: {}", near.value));
    }
    lines.into_iter().map(|line| (line, Face::Note)).collect()
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
    let missing: u64 = wired.nameless().map(|pods| count(pods.picked)).sum();
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
            | Nobody::NoPodSelected(None | Some(NearMiss::KeyAbsent { .. })) => Look::Dotted,
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
