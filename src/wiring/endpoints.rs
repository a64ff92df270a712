//! From the pods that a Service selects to the port numbers that answer.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cluster::Cluster;
use crate::kinds::pod::{Container, ContainerPort, PodSpec};
use crate::kinds::service::{Service, ServicePort};
use crate::port::{Protocol, TargetPort};

use super::{Addresses, Answer, Declared, Endpoint, Picked, PortWiring, Unresolved, Who};

/// The selected pods that are endpoints: they live, and have an address in the Service's IP families.
pub fn answers(cluster: &Cluster, service: &Service, selected: &[Picked]) -> Vec<Answer> {
    let families = Families::of(service);
    selected
        .iter()
        .filter_map(|&picked| {
            let set = &cluster.sets[picked.set as usize];
            let Some(observed) = &set.observed else {
                let serving = set.never_ready(cluster).is_none();
                return Some(Answer {
                    who: Who::Pods(picked),
                    addresses: Addresses::default(),
                    ready: serving || service.publish_not_ready,
                    serving,
                    terminating: false,
                });
            };
            let addresses: Addresses = observed.ips.iter().filter(|ip| families.have(ip)).cloned().collect();
            let (serving, terminating) = (observed.ready, observed.terminating);
            let ready = (serving && !terminating) || service.publish_not_ready;
            let answer = Answer { who: Who::Pods(picked), addresses, ready, serving, terminating };
            (observed.lives && !answer.addresses.is_empty()).then_some(answer)
        })
        .collect()
}

/// Looks the target port up on each selected pod by itself.
///
/// <https://github.com/kubernetes/endpointslice/blob/v0.34.1/utils.go> (`FindPort`)
pub fn wire_port(
    cluster: &Cluster,
    port: &ServicePort,
    selected: &[Picked],
    answers: &[Answer],
    tables: &[Option<Table<'_>>],
) -> PortWiring {
    // Most pods have the port: a list that grew would have up to twice the room it needs.
    let mut wired = PortWiring { endpoints: Vec::with_capacity(answers.len()), ..PortWiring::default() };
    let mut answers = answers.iter().peekable();
    for (at, &picked) in selected.iter().enumerate() {
        let table = tables.get(at).and_then(Option::as_ref);
        let answer = answers.next_if(|answer| answer.who == Who::Pods(picked));
        let set = &cluster.sets[picked.set as usize];
        let spec = set.spec(cluster);
        let protocol = &port.protocol.value;
        let found = match &port.target.value {
            TargetPort::Number(number) => Some((
                *number,
                match table {
                    Some(table) => table.numbers.get(&(*number, protocol)).copied(),
                    None => declaring(spec, *number, protocol),
                },
            )),
            TargetPort::Name(name) => {
                let found = match table {
                    Some(table) => table.names.get(&(name.as_str(), Some(protocol))).copied(),
                    None => find(spec, |at| at.name.value == *name && at.protocol.value == *protocol),
                };
                found.map(|declared| (declared.port(spec).port.value, Some(declared)))
            }
        };
        match (found, answer) {
            (Some((port, declared)), Some(answer)) => {
                wired.endpoints.push(Endpoint { answer: answer.clone(), port, declared });
            }
            (Some(_), None) => {}
            (None, _) => {
                let name = port.target.value.name().unwrap_or_default();
                let other_protocol = match table {
                    Some(table) => table.names.get(&(name, None)).copied(),
                    None => find(spec, |at| at.name.value == name),
                };
                wired.unresolved.push(Unresolved { picked, other_protocol, lives: set.lives() });
            }
        }
    }
    wired
}

/// Where pods declare their ports, for Services and pods that have many: otherwise each of the one would be looked for
/// among all of the other.
#[derive(Default)]
pub struct Table<'c> {
    numbers: FxHashMap<(i32, &'c Protocol), Declared>,
    /// By name with each protocol, and without.
    names: FxHashMap<(&'c str, Option<&'c Protocol>), Declared>,
}

impl<'c> Table<'c> {
    /// How many ports are few enough to be looked through.
    const FEW: usize = 16;

    /// Of each of the pods that a Service selects, where it has many ports; nothing at all for a Service that has few.
    pub fn of_each(cluster: &'c Cluster, service: &Service, selected: &[Picked]) -> Vec<Option<Self>> {
        if service.ports.len() <= Self::FEW {
            return Vec::new();
        }
        let specs = selected.iter().map(|picked| cluster.sets[picked.set as usize].spec(cluster));
        specs
            .map(|spec| {
                let count: usize = spec.containers.iter().map(|container| container.ports.len()).sum();
                (count > Self::FEW).then(|| Self::new(spec))
            })
            .collect()
    }

    fn new(spec: &'c PodSpec) -> Self {
        let mut table = Self::default();
        for (at, container) in spec.containers.iter().enumerate() {
            for (place, port) in container.ports.iter().enumerate() {
                let (name, protocol) = (port.name.value.as_str(), &port.protocol.value);
                let declared = Declared::at(at, place);
                table.numbers.entry((port.port.value, protocol)).or_insert(declared);
                table.names.entry((name, Some(protocol))).or_insert(declared);
                table.names.entry((name, None)).or_insert(declared);
            }
        }
        table
    }
}

/// The container port that declares a number, if any does. No container needs to.
pub(super) fn declaring(spec: &PodSpec, number: i32, protocol: &Protocol) -> Option<Declared> {
    find(spec, |at| at.port.value == number && at.protocol.value == *protocol)
}

pub(super) fn find(spec: &PodSpec, wanted: impl Fn(&ContainerPort) -> bool) -> Option<Declared> {
    let in_container = |(at, container): (usize, &Container)| {
        container.ports.iter().position(&wanted).map(|place| Declared::at(at, place))
    };
    spec.containers.iter().enumerate().find_map(in_container)
}

/// The endpoints that no port leads to.
pub fn portless(ports: &[PortWiring], mut answers: Vec<Answer>) -> Vec<Answer> {
    let reached: FxHashSet<Who> =
        ports.iter().flat_map(|port| &port.endpoints).map(|endpoint| endpoint.answer.who).collect();
    answers.retain(|answer| !reached.contains(&answer.who));
    // Mostly none are left.
    answers.shrink_to_fit();
    answers
}

/// The IP families of a Service, as a dual-stack cluster whose first family is IPv4 hands them out.
///
/// <https://kubernetes.io/docs/concepts/services-networking/dual-stack/#services>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Families {
    /// Whether it has an IPv4 address, and pods are reached by theirs.
    pub v4: bool,
    /// The same for IPv6.
    pub v6: bool,
}

impl Families {
    /// Those of a Service.
    pub fn of(service: &Service) -> Self {
        let is = |family: &str| service.ip_families.iter().any(|written| written.value == family);
        let policy = service.ip_family_policy.as_ref().map_or("", |policy| policy.value.as_str());
        let dual = matches!(policy, "PreferDualStack" | "RequireDualStack");
        let addresses = service.virtual_ips().filter(|ip| *ip != "None");
        let (mut v4, mut v6) = (is("IPv4"), is("IPv6"));
        for ip in addresses {
            v6 |= is_v6(ip);
            v4 |= !is_v6(ip);
        }
        // A headless Service without a selector may be dialled in both families.
        let dual = dual || (policy.is_empty() && service.is_headless() && service.selector.0.is_empty());
        match (v4 || v6, dual) {
            (_, true) => Self { v4: true, v6: true },
            (true, false) => Self { v4, v6 },
            (false, false) => Self { v4: true, v6: false },
        }
    }

    /// Whether the Service says its families, or has addresses that tell them.
    pub(super) fn are_said(service: &Service) -> bool {
        !service.ip_families.is_empty() || service.virtual_ips().any(|ip| ip != "None")
    }

    pub(super) fn have(self, ip: &str) -> bool {
        if is_v6(ip) { self.v6 } else { self.v4 }
    }
}

fn is_v6(ip: &str) -> bool {
    ip.contains(':')
}

#[cfg(test)]
mod tests {
    use crate::analysis::analyze;
    use crate::source::SourceFile;

    #[test]
    fn the_ports_of_a_service_share_the_addresses() {
        let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n\
                    spec: {selector: {app: web}, ports: [{name: a, port: 1}, {name: b, port: 2}]}\n---\n\
                    apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: c}]}\n\
                    status: {phase: Running, podIP: 192.0.2.1}\n---\n\
                    apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {ports: [{name: a, port: 1}, {name: b, port: 2}]}\n---\n\
                    apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\n\
                    metadata: {name: db, labels: {kubernetes.io/service-name: db}}\n\
                    ports: [{name: a, port: 1}, {name: b, port: 2}]\nendpoints: [{addresses: [192.0.2.2, 192.0.2.3]}]\n";
        let analysis = analyze(vec![SourceFile::new("-", text.into())], None);
        for (service, count) in analysis.wiring.services.iter().zip([1, 2]) {
            let [a, b] = [0, 1].map(|port| &service.ports[port].endpoints[0].answer.addresses);
            assert_eq!(a.len(), count);
            assert_eq!(a.as_ptr(), b.as_ptr(), "{a:?}");
        }
    }
}
