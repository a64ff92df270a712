//! What is written on the rows of the pods' cards.

use super::cards::{HEAD, PODS_PITCH, row};
use super::{Card, Face, Look, Mark, Row, Text, listed};
use crate::cluster::{Cluster, PodSet};
use crate::kinds::service::ServicePort;
use crate::port::{Protocol, TargetPort};
use crate::terms::Term;
use crate::wiring::{Endpoint, Unresolved, Who};

/// The words of a row.
pub(super) struct Words {
    pub(super) port: String,
    pub(super) note: String,
    pub(super) container: String,
    pub(super) label: String,
    pub(super) mark: Mark,
    pub(super) look: Look,
    pub(super) at: String,
    /// What the port, the note and the jack are.
    pub(super) terms: [Term; 3],
}

impl Words {
    pub(super) fn row(self, card: &Card, index: usize) -> Row {
        let line = HEAD + 20 + PODS_PITCH * index as i32;
        let mut out = row(line, self.label);
        out.reach = (17, 17);
        let left = card.x + 18;
        let port =
            Text::new(left, line + 5, Face::Port, &self.port, 120).looking(self.look).of(self.terms[0]);
        let note_x = left + port.width().max(44) + 10;
        let right = card.x + card.width - 14;
        let container =
            Text::from_right(right, line + 4, Face::Mono, &self.container, 96).of(Term::Container);
        let room = right - container.width() - 10 - note_x;
        let note = Text::new(note_x, line + 4, Face::Note, &self.note, room);
        out.texts.push(note.looking(self.look).of(self.terms[1]));
        out.texts.push(port);
        out.texts.push(container);
        out.look = self.look;
        out.left = Some(card.left_jack(self.look, self.mark, self.terms[2]));
        out.at = card.at.as_ref().map(|at| format!("{at}:{}", self.at));
        out
    }
}

/// The container that declares the port of whoever answers, if one does.
pub(super) fn container_of<'c>(cluster: &'c Cluster, endpoint: &Endpoint) -> Option<&'c str> {
    let Who::Pods(picked) = endpoint.answer.who else { return None };
    let spec = cluster.sets[picked.set as usize].spec(cluster);
    endpoint.declared.map(|declared| declared.container(spec).name.as_str())
}

/// That older clusters do not find a port, where it is a sidecar's and asked for by its name.
///
/// <https://github.com/kubernetes/kubernetes/pull/128850>, which is in no release before 1.33
pub fn by_sidecar(cluster: &Cluster, endpoint: &Endpoint, port: &ServicePort) -> Option<&'static str> {
    let Who::Pods(picked) = endpoint.answer.who else { return None };
    let spec = cluster.sets[picked.set as usize].spec(cluster);
    let is_sidecar = endpoint.declared.is_some_and(|declared| declared.container(spec).sidecar);
    let is_named = matches!(port.target.value, TargetPort::Name(_));
    (is_sidecar && is_named)
        .then_some("The port of a sidecar (an init container that keeps running) is found by its name since Kubernetes 1.33.")
}

/// The words of whoever answers on a port.
pub(super) fn endpoint_words(cluster: &Cluster, endpoint: &Endpoint, port: &ServicePort) -> Words {
    let picked = match endpoint.answer.who {
        Who::Pods(picked) => picked,
        Who::Address(listed) => return listed::words(cluster, listed, endpoint.port, port),
    };
    let spec = cluster.sets[picked.set as usize].spec(cluster);
    let name = endpoint.declared.map_or("", |declared| declared.port(spec).name.value.as_str());
    port_words(endpoint.port, &port.protocol.value, name, container_of(cluster, endpoint))
}

/// A port is faint until something lights it.
pub(super) fn port_words(number: i32, protocol: &Protocol, name: &str, container: Option<&str>) -> Words {
    let mut note = if container.is_some() { name.to_owned() } else { "not declared".to_owned() };
    if *protocol != Protocol::Tcp {
        note = if note.is_empty() { protocol.to_string() } else { format!("{note} \u{b7} {protocol}") };
    }
    let declared = container
        .map_or_else(|| "which no container declares".to_owned(), |name| format!("of container {name}"));
    Words {
        port: number.to_string(),
        note,
        container: container.unwrap_or_default().to_owned(),
        label: format!("port {number} {declared}"),
        mark: if container.is_some() { Mark::from(protocol) } else { Mark::Hollow },
        look: Look::Faint,
        at: number.to_string(),
        terms: match container {
            None => [Term::NotDeclared, Term::NotDeclared, Term::HollowJack],
            Some(_) if name.is_empty() => {
                [Term::ContainerPort, Term::ContainerPortUnnamed, Term::ContainerPortJack]
            }
            Some(_) => [Term::ContainerPort, Term::ContainerPortName, Term::ContainerPortJack],
        },
    }
}

/// Why pods are never ready, where a probe keeps them from it.
pub fn never_ready(cluster: &Cluster, set: &PodSet) -> Option<String> {
    let (_, probe) = set.never_ready(cluster)?;
    let name = probe.port_name().unwrap_or_default();
    Some(format!("never ready: {} asks for the port \"{name}\"", probe.purpose.field()))
}

/// The same in the room that a card has.
pub(super) fn never_ready_in_short(cluster: &Cluster, set: &PodSet) -> Option<String> {
    let (_, probe) = set.never_ready(cluster)?;
    Some(format!("never ready: probe asks for \"{}\"", probe.port_name().unwrap_or_default()))
}

/// The words of a name that no port has.
pub(super) fn missing_words(cluster: &Cluster, name: &str, protocol: &Protocol, pods: &Unresolved) -> Words {
    let note = match pods.other_protocol {
        Some(other) => {
            let spec = cluster.sets[pods.picked.set as usize].spec(cluster);
            format!("is {}, not {protocol}", other.port(spec).protocol.value)
        }
        None => "no port has this name".to_owned(),
    };
    Words {
        port: name.to_owned(),
        label: format!("the name {name}: {note}"),
        note,
        container: String::new(),
        mark: Mark::Hollow,
        look: Look::Broken,
        at: name.to_owned(),
        terms: [Term::MissingName; 3],
    }
}

/// The words of whichever port the client dials.
pub(super) fn any_words() -> Words {
    Words {
        port: "any port".to_owned(),
        note: "whichever is dialled".to_owned(),
        container: String::new(),
        label: "whichever port the client dials".to_owned(),
        mark: Mark::Hollow,
        look: Look::Faint,
        at: "any".to_owned(),
        terms: [Term::AnyPort; 3],
    }
}
