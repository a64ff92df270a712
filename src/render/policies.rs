//! What traffic policies, affinity and load balancers do to a packet, in sentences for traces and inspectors.

use crate::cluster::Cluster;
use crate::diagram::{names, only_from};
use crate::kinds::service::{BalancerAddress, Service};
use crate::wiring::{Placement, PortWiring};

/// What happens at a load balancer.
pub fn balancer(service: &Service, address: Option<&BalancerAddress>) -> String {
    let mut why = match address {
        Some(_) => "The load balancer's own address, from status.".to_owned(),
        None => "The cluster's provider gives it an address; none is in this upload.".to_owned(),
    };
    let asked = &service.load_balancer_ip.value;
    if address.is_none_or(|address| address.value != *asked) && !asked.is_empty() {
        why.push_str(&format!(" loadBalancerIP asks for {asked}, which not every provider heeds."));
    }
    if let Some(class) = service.load_balancer_class.as_ref().filter(|class| !class.value.is_empty()) {
        why.push_str(&format!(" It is made by whoever keeps the class {}.", class.value));
    }
    if let Some(only) = only_from(service) {
        why.push_str(&format!(" It takes connections {only}, and refuses other clients."));
    }
    if service.needs_health_check() {
        let port = service.health_check_node_port.as_ref().filter(|port| port.value != 0);
        let port = port.map_or_else(|| "a port of its own".to_owned(), |port| format!("port {}", port.value));
        why.push_str(&format!(
            " It asks every node on {port} (healthCheckNodePort) whether it has ready pods, and passes over the others."
        ));
    }
    if !service.has_node_ports() {
        why.push_str(" There is no node port behind it, so it must reach the pods itself.");
    }
    why + &from_inside(service, address.is_some_and(|address| address.is_proxy))
}

/// What happens at an address that somebody else routes to the nodes.
pub fn external_ip(service: &Service) -> String {
    format!("An address that somebody else routes to the nodes.{}", from_inside(service, false))
}

/// Clients inside the cluster take a short cut to such addresses.
fn from_inside(service: &Service, is_proxy: bool) -> String {
    match (is_proxy, service.is_local_outside()) {
        (true, _) => " Its ipMode is Proxy: clients inside the cluster go through it too.".to_owned(),
        (false, true) => {
            " For clients inside the cluster it works as under Cluster, with the pods of all nodes."
                .to_owned()
        }
        (false, false) => String::new(),
    }
}

/// What `externalTrafficPolicy: Local` comes to; nothing under `Cluster`.
pub fn local_outside(service: &Service, cluster: &Cluster, port: &PortWiring) -> Option<String> {
    service.is_local_outside().then(|| {
        format!(
            "externalTrafficPolicy: Local keeps to the pods of the node that is dialled: {}",
            nodes(&Placement::of(cluster, &port.endpoints))
        )
    })
}

/// What `internalTrafficPolicy: Local` comes to; nothing under `Cluster`.
pub fn local_inside(service: &Service, cluster: &Cluster, port: &PortWiring) -> Option<String> {
    service.is_local_inside().then(|| {
        format!(
            "internalTrafficPolicy: Local keeps to the pods of the client's own node: {}",
            nodes(&Placement::of(cluster, &port.endpoints))
        )
    })
}

/// `worker-1 has some; worker-2 and worker-3 have none, and drop what comes`.
fn nodes(at: &Placement<'_>) -> String {
    let have = |names: &[&str]| if names.len() == 1 { "has" } else { "have" };
    let mut words = Vec::new();
    if at.is_nowhere() {
        return "what answers is on no node, so every node drops what comes".to_owned();
    }
    if !at.with.is_empty() {
        words.push(format!("{} {} some", names(&at.with), have(&at.with)));
    }
    if !at.without.is_empty() {
        let drops = if at.without.len() == 1 { "drops" } else { "drop" };
        words.push(format!("{} {} none, and {drops} what comes", names(&at.without), have(&at.without)));
    }
    if !at.unknown.is_empty() {
        words.push(format!("whether {} {} any is not known", names(&at.unknown), have(&at.unknown)));
    } else if at.elsewhere {
        words.push("on which nodes the pods are is not known".to_owned());
    }
    words.join("; ")
}

/// What affinity comes to; nothing where none is asked for.
pub fn affinity(service: &Service) -> Option<String> {
    if let Some(seconds) = service.affinity_seconds() {
        return Some(format!(
            "The first connection decides: the same client keeps its pod for {seconds} s (sessionAffinity: ClientIP)."
        ));
    }
    let asked = service.session_affinity.as_ref().is_some_and(|affinity| affinity.value == "ClientIP");
    (asked && service.is_headless()).then(|| {
        "sessionAffinity: ClientIP does nothing here: a headless Service has no proxy to remember clients.".to_owned()
    })
}
