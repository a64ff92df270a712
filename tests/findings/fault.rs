//! One fault at a time in a good manifest, with what must be said of it, where, and with which cause.
//!
//! The right line is the line of the smallest thing to change on the side of whoever asks: of the Service's selector its
//! one pair, of its port the targetPort (for a protocol: the protocol where it is written), of a backend its port, of two
//! equal node ports the later one. Where the fault is on the other side (a label, a namespace, a container's port), the
//! line is still that of the Service that lost its pods, and what was changed must be a place that belongs to the finding.
//!
//! A change after which everything still answers as before is no fault: each kind of fault says itself when that is so,
//! from what was changed and from the manifest as `manifest.rs` reads it.

use std::ops::Range;

use super::manifest::{Backend, ContainerPort, Manifest, Pair, Pods, Scalar, Service, ServicePort, carries};
use super::random::Random;

/// A change, and what must be found after it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: &'static str,
    pub(crate) cut: Range<usize>,
    pub(crate) put: String,
    pub(crate) expected: Vec<Expected>,
}

impl Fault {
    /// A text with the fault in it.
    pub(crate) fn put_into(&self, text: &str) -> String {
        let mut mutant = text.to_owned();
        mutant.replace_range(self.cut.clone(), &self.put);
        mutant
    }
}

/// A finding that must be there.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) rule: &'static str,
    /// A place on its line, in the text before the change.
    pub(crate) at: usize,
    /// What its words must name.
    pub(crate) named: Vec<String>,
    /// What they must not: a cause that is none.
    pub(crate) not_named: Option<&'static str>,
    /// A place that must belong to it.
    pub(crate) related: Option<usize>,
}

impl Expected {
    fn new(rule: &'static str, at: usize, named: impl IntoIterator<Item = String>) -> Self {
        Self { rule, at, named: named.into_iter().collect(), not_named: None, related: None }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn pair(key: &str, value: &str) -> String {
    format!("\"{key}={value}\"")
}

/// Every fault that a manifest can be given.
pub(crate) fn all(manifest: &Manifest, random: &mut Random) -> Vec<Fault> {
    let mut faults = Vec::new();
    for service in &manifest.services {
        selector_letters(manifest, service, random, &mut faults);
        service_namespace(manifest, service, random, &mut faults);
        for port in &service.ports {
            target_port(manifest, service, port, random, &mut faults);
            service_protocol(manifest, service, port, &mut faults);
        }
    }
    for pods in manifest.pods.iter().filter(|pods| pods.some) {
        label_values(manifest, pods, random, &mut faults);
        pods_namespace(manifest, pods, random, &mut faults);
        for port in &pods.ports {
            container_protocol(manifest, pods, port, &mut faults);
            container_port_removed(manifest, pods, port, &mut faults);
        }
    }
    for backend in &manifest.backends {
        ingress_port(manifest, backend, random, &mut faults);
        ingress_service(manifest, backend, random, &mut faults);
    }
    node_ports(manifest, &mut faults);
    faults
}

fn selected<'m>(manifest: &'m Manifest, service: &Service) -> Vec<&'m Pods> {
    manifest.pods.iter().filter(|pods| service.selects(pods)).collect()
}

/// The Service, with pods that answer.
fn is_answered(manifest: &Manifest, service: &Service) -> bool {
    selected(manifest, service).iter().any(|pods| pods.some)
}

/// A slip of one letter, and only of a letter: `v1` for `v2` may well be meant.
fn slip(word: &str, random: &mut Random) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    let places: Vec<usize> =
        (0..letters.len()).filter(|&place| letters[place].is_ascii_lowercase()).collect();
    if places.len() < 2 {
        return None;
    }
    let place = random.pick(&places);
    match random.below(5) {
        0 => letters[place] = other_letter(letters[place], random),
        1 => _ = letters.remove(place),
        2 => letters.insert(place, (b'a' + random.below(26) as u8) as char),
        3 => letters[place] = letters[place].to_ascii_uppercase(),
        _ => {
            let next = place + 1;
            if next >= letters.len() || !letters[next].is_ascii_lowercase() || letters[next] == letters[place]
            {
                return None;
            }
            letters.swap(place, next);
        }
    }
    let slipped: String = letters.into_iter().collect();
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let sound = slipped.starts_with(|c: char| c.is_ascii_alphabetic())
        && slipped.ends_with(|c: char| c.is_ascii_alphanumeric());
    (sound && slipped != word && !words.contains(&slipped.to_ascii_lowercase().as_str())).then_some(slipped)
}

fn other_letter(letter: char, random: &mut Random) -> char {
    let other = (b'a' + random.below(26) as u8) as char;
    if other == letter { if letter == 'x' { 'y' } else { 'x' } } else { other }
}

/// A slip that is lower case still, as names must be.
fn slip_of_name(word: &str, random: &mut Random) -> Option<String> {
    slip(word, random).filter(|slip| slip.chars().all(|c| !c.is_ascii_uppercase()) && slip.len() <= 15)
}

const OTHER_WORDS: &[&str] = &["primary", "internal", "legacy", "canary", "public"];

/// What a label's value may become: a slip, or another word altogether.
fn values(word: &str, random: &mut Random) -> Vec<String> {
    let mut values: Vec<String> = (0..2).filter_map(|_| slip(word, random)).collect();
    values.push(random.pick(OTHER_WORDS).to_owned());
    values.retain(|value| value != word);
    values.dedup();
    values
}

fn with(pairs: &[Pair], key: &str, value: &str) -> Vec<Pair> {
    let changed = |pair: &Pair| Pair {
        value: if pair.key == key { value.to_owned() } else { pair.value.clone() },
        ..pair.clone()
    };
    pairs.iter().map(changed).collect()
}

fn fault(kind: &'static str, at: &Scalar, put: &str, expected: Vec<Expected>) -> Fault {
    Fault { kind, cut: at.at.clone(), put: put.to_owned(), expected }
}

/// No fault where pods of the namespace carry the changed selector, too.
fn selector_letters(manifest: &Manifest, service: &Service, random: &mut Random, faults: &mut Vec<Fault>) {
    if !is_answered(manifest, service) {
        return;
    }
    for asked in &service.selector {
        let Some(at) = &asked.at else { continue };
        for _ in 0..3 {
            let Some(value) = slip(&asked.value, random) else { continue };
            let selector = with(&service.selector, &asked.key, &value);
            let picks = |pods: &Pods| pods.namespace == service.namespace && carries(&pods.labels, &selector);
            if manifest.pods.iter().any(picks) {
                continue;
            }
            let named = [pair(&asked.key, &value), pair(&asked.key, &asked.value)];
            let expected = Expected::new("selector-matches-nothing", at.at.start, named);
            let kind = match service.selector.len() {
                1 => "letter in a selector of one label",
                2 => "letter in a selector of two labels",
                _ => "letter in a selector of three labels",
            };
            faults.push(fault(kind, at, &value, vec![expected]));
        }
    }
}

/// No fault where no Service loses the last of its pods and no workload's own selector asks for the label.
fn label_values(manifest: &Manifest, pods: &Pods, random: &mut Random, faults: &mut Vec<Fault>) {
    for label in &pods.labels {
        let Some(at) = &label.at else { continue };
        for value in values(&label.value, random) {
            let changed = with(&pods.labels, &label.key, &value);
            let mut expected = Vec::new();
            for service in manifest.services.iter().filter(|service| service.selects(pods)) {
                let others = selected(manifest, service).iter().any(|other| !std::ptr::eq(*other, pods));
                let Some(asked) = service.selector.iter().find(|asked| asked.key == label.key) else {
                    continue;
                };
                let Some(line) =
                    asked.at.as_ref().filter(|_| !others && !carries(&changed, &service.selector))
                else {
                    continue;
                };
                let named = [pair(&label.key, &value), pair(&label.key, &label.value)];
                let missing = Expected::new("selector-matches-nothing", line.at.start, named);
                expected.push(Expected { related: Some(at.at.start), ..missing });
            }
            if pods.match_labels.iter().any(|asked| asked.key == label.key) {
                let named = [pair(&label.key, &value), pair(&label.key, &label.value)];
                expected.push(Expected::new("workload-selector-mismatch", at.at.start, named));
            }
            if !expected.is_empty() {
                faults.push(fault("label value", at, &value, expected));
            }
        }
    }
}

/// Other namespaces of the manifest, and a slip.
fn namespaces(manifest: &Manifest, from: &str, random: &mut Random) -> Vec<String> {
    let mut all: Vec<String> = manifest.pods.iter().map(|pods| pods.namespace.clone()).collect();
    all.sort();
    all.dedup();
    all.retain(|namespace| namespace != from);
    all.extend(slip_of_name(from, random));
    all
}

/// No fault where pods of the other namespace carry the selector, too; not tried where it has a Service of that name.
fn service_namespace(manifest: &Manifest, service: &Service, random: &mut Random, faults: &mut Vec<Fault>) {
    let Some(at) = service.namespace_at.as_ref().filter(|_| is_answered(manifest, service)) else { return };
    for namespace in namespaces(manifest, &service.namespace, random) {
        let taken = manifest
            .services
            .iter()
            .any(|other| other.namespace == namespace && other.name.value == service.name.value);
        let picks = |pods: &Pods| pods.namespace == namespace && carries(&pods.labels, &service.selector);
        if taken || manifest.pods.iter().any(picks) {
            continue;
        }
        let named = [quoted(&namespace), quoted(&service.namespace)];
        let expected = Expected::new("selector-matches-nothing", at.at.start, named);
        faults.push(fault("namespace of a Service", at, &namespace, vec![expected]));
    }
}

/// No fault where no Service loses the last of its pods; not tried where the other namespace has pods of that name.
fn pods_namespace(manifest: &Manifest, pods: &Pods, random: &mut Random, faults: &mut Vec<Fault>) {
    let Some(at) = &pods.namespace_at else { return };
    for namespace in namespaces(manifest, &pods.namespace, random) {
        if manifest.pods.iter().any(|other| other.namespace == namespace && other.name == pods.name) {
            continue;
        }
        let bereft = manifest.services.iter().filter(|service| {
            service.selects(pods)
                && !selected(manifest, service).iter().any(|other| !std::ptr::eq(*other, pods))
        });
        let expected: Vec<Expected> = bereft
            .map(|service| {
                let line = service.namespace_at.as_ref().unwrap_or(&service.name);
                let named = [quoted(&namespace), quoted(&service.namespace)];
                let missing = Expected::new("selector-matches-nothing", line.at.start, named);
                Expected { related: Some(at.at.start), ..missing }
            })
            .collect();
        if !expected.is_empty() {
            faults.push(fault("namespace of pods", at, &namespace, expected));
        }
    }
}

/// No fault where some pod has the other name as well.
fn target_port(
    manifest: &Manifest,
    service: &Service,
    port: &ServicePort,
    random: &mut Random,
    faults: &mut Vec<Fault>,
) {
    let Some(at) = port.target_at.as_ref().filter(|_| port.target_is_name) else { return };
    let behind = selected(manifest, service);
    let resolves = |pods: &&Pods| pods.some && pods.ports.iter().any(|at| port.leads_to(at));
    if !behind.iter().any(resolves) {
        return;
    }
    let mut names: Vec<String> = (0..2).filter_map(|_| slip_of_name(&port.target, random)).collect();
    names.push(random.pick(OTHER_WORDS).to_owned());
    names.dedup();
    for name in names {
        if behind.iter().any(|pods| pods.ports.iter().any(|at| at.name == name)) {
            continue;
        }
        let expected =
            Expected::new("target-port-name-missing", at.at.start, [quoted(&name), quoted(&port.target)]);
        faults.push(fault("targetPort name", at, &name, vec![expected]));
    }
}

const fn other_protocol(tcp: bool) -> &'static str {
    if tcp { "UDP" } else { "TCP" }
}

/// No fault where nobody declares the port, or somebody does with either protocol.
fn service_protocol(manifest: &Manifest, service: &Service, port: &ServicePort, faults: &mut Vec<Fault>) {
    let Some(at) = &port.protocol_at else { return };
    let other = other_protocol(port.protocol == "TCP");
    let changed = |at: &ContainerPort| {
        at.protocol == other
            && if port.target_is_name { at.name == port.target } else { at.number == port.target }
    };
    let behind: Vec<&Pods> = selected(manifest, service).into_iter().filter(|pods| pods.some).collect();
    let declared = |pods: &&Pods| pods.ports.iter().any(|at| port.leads_to(at));
    if behind.is_empty()
        || !behind.iter().all(declared)
        || behind.iter().any(|pods| pods.ports.iter().any(changed))
    {
        return;
    }
    let rule = if port.target_is_name { "protocol-differs" } else { "undeclared-container-port" };
    let expected = Expected::new(rule, at.at.start, [other.to_owned(), port.protocol.clone()]);
    faults.push(fault("protocol of a Service's port", at, other, vec![expected]));
}

/// The Service ports that lead to a container's port, and to no other of its pods.
fn leading<'m>(manifest: &'m Manifest, pods: &Pods, to: &ContainerPort) -> Vec<&'m ServicePort> {
    let services = manifest.services.iter().filter(|service| service.selects(pods));
    let only = |port: &&ServicePort| {
        port.leads_to(to) && pods.ports.iter().filter(|other| port.leads_to(other)).count() == 1
    };
    services.flat_map(|service| &service.ports).filter(only).collect()
}

fn target_place(port: &ServicePort) -> Option<usize> {
    port.target_at.as_ref().or(port.number_at.as_ref()).map(|at| at.at.start)
}

/// No fault where no Service leads there.
fn container_protocol(manifest: &Manifest, pods: &Pods, port: &ContainerPort, faults: &mut Vec<Fault>) {
    let Some(at) = &port.protocol_at else { return };
    let other = other_protocol(port.protocol == "TCP");
    let mut expected = Vec::new();
    for from in leading(manifest, pods, port) {
        let Some(line) = from.protocol_at.as_ref().map(|at| at.at.start).or_else(|| target_place(from))
        else {
            continue;
        };
        let rule = if from.target_is_name { "protocol-differs" } else { "undeclared-container-port" };
        let found = Expected::new(rule, line, [other.to_owned(), from.protocol.clone()]);
        expected.push(Expected { related: Some(at.at.start), ..found });
    }
    if !expected.is_empty() {
        faults.push(fault("protocol of a container's port", at, other, expected));
    }
}

/// No fault where no Service leads there.
fn container_port_removed(manifest: &Manifest, pods: &Pods, port: &ContainerPort, faults: &mut Vec<Fault>) {
    let Some((cut, put)) = &port.removal else { return };
    let mut expected = Vec::new();
    for from in leading(manifest, pods, port) {
        // Where the number stays with the other protocol, it is the protocol that differs.
        let stays = |other: &ContainerPort| other.number == from.target && !std::ptr::eq(other, port);
        let differs =
            from.protocol_at.as_ref().filter(|_| !from.target_is_name && pods.ports.iter().any(stays));
        let Some(line) = differs.map(|at| at.at.start).or_else(|| target_place(from)) else { continue };
        let rule = if from.target_is_name { "target-port-name-missing" } else { "undeclared-container-port" };
        let named = if from.target_is_name { quoted(&from.target) } else { from.target.clone() };
        let found = Expected::new(rule, line, [named, quoted(&pods.name)]);
        expected.push(Expected { not_named: Some("but one is named"), ..found });
    }
    if !expected.is_empty() {
        faults.push(Fault {
            kind: "container port removed",
            cut: cut.clone(),
            put: (*put).to_owned(),
            expected,
        });
    }
}

fn service_of<'m>(manifest: &'m Manifest, backend: &Backend) -> Option<&'m Service> {
    manifest
        .services
        .iter()
        .find(|service| service.namespace == backend.namespace && service.name.value == backend.service)
}

/// No fault where the Service has a port of the other name, too.
fn ingress_port(manifest: &Manifest, backend: &Backend, random: &mut Random, faults: &mut Vec<Fault>) {
    let (Some(at), Some(service)) = (&backend.port_name_at, service_of(manifest, backend)) else { return };
    let mut names: Vec<String> = (0..2).filter_map(|_| slip_of_name(&at.value, random)).collect();
    names.push(random.pick(OTHER_WORDS).to_owned());
    names.dedup();
    for name in names {
        if service.ports.iter().any(|port| port.name == name) {
            continue;
        }
        let expected = Expected::new("ingress-port-missing", at.at.start, [quoted(&name), quoted(&at.value)]);
        faults.push(fault("port name of an Ingress backend", at, &name, vec![expected]));
    }
}

/// No fault where there is a Service of the other name, too.
fn ingress_service(manifest: &Manifest, backend: &Backend, random: &mut Random, faults: &mut Vec<Fault>) {
    let (Some(at), Some(_)) = (&backend.service_at, service_of(manifest, backend)) else { return };
    let Some(name) = slip_of_name(&at.value, random) else { return };
    if manifest.services.iter().any(|service| service.name.value == name) {
        return;
    }
    let expected = Expected::new("ingress-service-missing", at.at.start, [quoted(&name), quoted(&at.value)]);
    faults.push(fault("Service name of an Ingress backend", at, &name, vec![expected]));
}

/// No fault where one Service asks for it twice for the same port with two protocols.
fn node_ports(manifest: &Manifest, faults: &mut Vec<Fault>) {
    let asks = |service: &&Service| matches!(service.kind.as_str(), "NodePort" | "LoadBalancer");
    let claims: Vec<(&Service, &ServicePort, &Scalar)> = manifest
        .services
        .iter()
        .filter(asks)
        .flat_map(|service| service.ports.iter().map(move |port| (service, port)))
        .filter_map(|(service, port)| Some((service, port, port.node_port_at.as_ref()?)))
        .collect();
    for (place, (service, port, at)) in claims.iter().enumerate() {
        let Some((other, rival, theirs)) = claims.get((place + 1) % claims.len()) else { continue };
        let same = std::ptr::eq(*service, *other);
        let shares = same && port.number == rival.number && port.protocol != rival.protocol;
        if at.value == theirs.value || shares {
            continue;
        }
        let (first, later) = if at.at.start < theirs.at.start { (*service, *theirs) } else { (*other, *at) };
        let named = if same { theirs.value.clone() } else { quoted(&first.name.value) };
        let related = Some(if later.at.start == at.at.start { theirs.at.start } else { at.at.start });
        let found = Expected::new("duplicate-node-port", later.at.start, [named]);
        faults.push(fault("nodePort twice", at, &theirs.value, vec![Expected { related, ..found }]));
    }
}
