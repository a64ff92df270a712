//! What traffic policies, affinity and load balancers do to a packet, in sentences for traces and inspectors.

use crate::cluster::Cluster;
use crate::diagram::{names, only_from};
use crate::kinds::service::{BalancerAddress, Service};
use crate::wiring::{Placement, PortWiring};

/// What happens at these addresses of a load balancer.
pub fn balancer(service: &Service, addresses: &[BalancerAddress]) -> String {
    let address = addresses.first();
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
    if address.is_none() && service.is_local_outside() {
        why.push_str(" Clients inside the cluster reach the pods of all nodes if it is given an IP, and go through it if a name.");
    }
    why + &from_inside(service, addresses)
}

/// What happens to requests whose backend is an `ExternalName`: Kubernetes does not say.
///
/// <https://github.com/kubernetes/ingress-nginx/blob/controller-v1.12.1/internal/ingress/controller/endpointslices.go>,
/// <https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/object_reference_types.go>
/// (`BackendObjectReference`)
pub fn to_other_name(who: &str) -> String {
    format!(
        "Whether {who} takes a Service that is only another name, and which port it dials there, is up to it."
    )
}

/// What happens at an address that somebody else routes to the nodes.
pub fn external_ip(service: &Service) -> String {
    let why = "An address that somebody else routes to the nodes.";
    if service.is_local_outside() { format!("{why} {SHORT_CUT}") } else { why.to_owned() }
}

/// What `externalTrafficPolicy: Local` comes to for clients inside the cluster, at an address that nodes know.
const SHORT_CUT: &str =
    "For clients inside the cluster it works as under Cluster, with the pods of all nodes.";

/// Clients inside the cluster take a short cut to addresses that nodes know as the balancer's: its IPs, unless their
/// ipMode is Proxy.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/serviceport.go> (`newBaseServiceInfo`)
fn from_inside(service: &Service, addresses: &[BalancerAddress]) -> String {
    let one = |at: &BalancerAddress| match (at.is_name_alone, at.is_proxy) {
        (true, _) => "It is a name without an IP: clients inside the cluster go through it too.",
        (false, true) => "Its ipMode is Proxy: clients inside the cluster go through it too.",
        (false, false) if service.is_local_outside() => SHORT_CUT,
        (false, false) => "",
    };
    let said = addresses.iter().map(|at| (&at.value, one(at))).filter(|(_, words)| !words.is_empty());
    let said: Vec<_> = said.collect();
    match said.as_slice() {
        [] => String::new(),
        [(_, first), ..] if said.len() == addresses.len() && said.iter().all(|(_, words)| words == first) => {
            format!(" {first}")
        }
        several => {
            let each = several.iter().map(|(address, words)| format!(" {address}: {words}"));
            each.collect::<Vec<_>>().concat()
        }
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
