//! What an address may be the address of, and what was probably meant where it is of nothing.

use core::net::IpAddr;

use crate::cluster::Cluster;
use crate::kinds::service::{NodePort, Service, ServicePort};
use crate::names::edit_distance;
use crate::names::ip::parse_ip;
use crate::port::{Protocol, TargetPort};
use crate::wiring::Routes;

use super::requests::{Requests, Taken};
use super::{Address, Host, Nothing, names, pods, written_node_port};

/// Something that can be dialled.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// A node: which, and the address that was dialled, where they are known.
    Node { node: Option<usize>, address: Option<String>, assumed: bool },
    /// A Service's load balancer, by the place of its address; none for the one that is asked for.
    LoadBalancer { service: usize, at: Option<usize> },
    /// A Service's external IP, by its place.
    ExternalIp { service: usize, at: usize },
    /// A Service's own address.
    ClusterIp { service: usize, address: String },
    /// A Service's DNS name, or that of one of its pods.
    Name { service: usize, pod: Option<String> },
    /// The SRV record of a Service's port, by the name of the port and its protocol.
    Record { service: usize, port: String, protocol: String },
    /// A pod's own address, by its place in [`Cluster::sets`].
    Pod(u32),
    /// A route of an Ingress or Gateway.
    Route(Taken),
}

/// Everything that an address may be the address of, the likeliest first.
pub(super) fn find(cluster: &Cluster, routes: &Routes, to: &Address) -> Result<Vec<Place>, Nothing> {
    let by_routes = Requests { cluster, routes, to };
    let places = match &to.host {
        Host::AnyNode => vec![Place::Node { node: None, address: None, assumed: false }],
        Host::Ip(ip) => {
            let mut places = by_ip(cluster, *ip, to.port);
            places.extend(by_routes.at_address(|text| parse_ip(text) == Some(*ip))?.map(Place::Route));
            places
        }
        Host::Name(name) => {
            let mut places = by_host_name(cluster, name);
            let at_address = by_routes.at_address(|text| text.eq_ignore_ascii_case(name));
            places.extend(at_address?.map(Place::Route));
            if !places.is_empty() {
                return Ok(places);
            }
            if let Some(taken) = by_routes.of_host(name) {
                return Ok(vec![Place::Route(taken?)]);
            }
            let place = names::by_dns_name(cluster, name).or_else(|nothing| {
                // A host that nothing in the upload is called may lead to a route that asks for no host, by a DNS of
                // somebody else's.
                by_routes.of_any_host(name, nothing).map(Place::Route)
            });
            vec![place?]
        }
    };
    match to.host {
        Host::Ip(ip) if places.is_empty() => Err(Nothing::NoSuchAddress(ip)),
        _ => Ok(places),
    }
}

fn by_ip(cluster: &Cluster, ip: IpAddr, port: Option<u16>) -> Vec<Place> {
    let is = |text: &str| parse_ip(text) == Some(ip);
    let mut places = Vec::new();
    for (id, service) in cluster.services.iter().enumerate() {
        if let Some(address) = service.virtual_ips().find(|address| is(address)) {
            places.push(Place::ClusterIp { service: id, address: address.to_owned() });
        }
    }
    places.extend(in_front(cluster, is));
    let external = |(id, service): (usize, &Service)| {
        let at = service.external_ips.iter().position(|address| is(&address.value))?;
        (!service.is_external_name()).then_some(Place::ExternalIp { service: id, at })
    };
    places.extend(cluster.services.iter().enumerate().filter_map(external));
    let dialled = Some(ip.to_string());
    places.extend(nodes(cluster, is).map(|node| Place::Node {
        node: Some(node),
        address: dialled.clone(),
        assumed: false,
    }));
    // On its node's network a pod has the node's address, which the node itself stands for.
    let own = |set: &u32| !cluster.sets[*set as usize].spec(cluster).rest.host_network;
    places.extend(pods::with_address(cluster, ip).filter(own).map(Place::Pod));
    // Without Nodes in the upload nobody knows their addresses: one that listens on this port may be meant.
    let unknown = cluster.nodes.iter().all(|node| node.address().is_none());
    let listens = |(service, at)| written_node_port(cluster, service, at) == port.map(i32::from);
    let takes = |number: u16| {
        let number = i32::from(number);
        pods::takes_port(cluster, number) || pods::health_check(cluster, number).is_some()
    };
    let any = || port.is_some_and(takes) || node_ports(cluster).any(listens);
    if places.is_empty() && unknown && port.is_some() && any() {
        places.push(Place::Node { node: None, address: dialled, assumed: true });
    }
    places
}

/// The names of nodes and of load balancers, which are what they are whatever they look like.
fn by_host_name(cluster: &Cluster, name: &str) -> Vec<Place> {
    let is = |text: &str| text.eq_ignore_ascii_case(name);
    let named = (0..cluster.nodes.len()).filter(|node| is(&cluster.nodes[*node].meta.name.value));
    let mut found: Vec<usize> = named.chain(nodes(cluster, is)).collect();
    found.dedup();
    let found_none = found.is_empty();
    let address = |node: usize| cluster.nodes[node].address().map(str::to_owned);
    let nodes = found.into_iter().map(|node| Place::Node {
        node: Some(node),
        address: address(node),
        assumed: false,
    });
    // A dump seldom has Nodes, but says of its pods on which they are.
    let runs_pods = || cluster.sets.iter().any(|set| is(&set.spec(cluster).rest.node_name.value));
    let unwritten = (found_none && runs_pods()).then(|| Place::Node {
        node: None,
        address: Some(name.to_owned()),
        assumed: false,
    });
    nodes.chain(unwritten).chain(in_front(cluster, is)).collect()
}

fn nodes<'c>(cluster: &'c Cluster, is: impl Fn(&str) -> bool + 'c) -> impl Iterator<Item = usize> + 'c {
    (0..cluster.nodes.len())
        .filter(move |node| cluster.nodes[*node].addresses.iter().any(|(_, address)| is(address)))
}

fn in_front(cluster: &Cluster, is: impl Fn(&str) -> bool) -> impl Iterator<Item = Place> {
    let balanced = move |(id, service): (usize, &Service)| {
        let at = service.load_balancer.iter().position(|address| is(&address.value));
        let is_asked = service.asked_balancer().is_some_and(|asked| is(&asked.value));
        (service.is_balanced() && (at.is_some() || is_asked))
            .then_some(Place::LoadBalancer { service: id, at })
    };
    cluster.services.iter().enumerate().filter_map(balanced)
}

/// Every Service port that nodes may listen for, written or to be allocated.
pub(super) fn node_ports(cluster: &Cluster) -> impl Iterator<Item = (usize, usize)> {
    let listens =
        |service: &Service| matches!(service.service_type.value.as_str(), "NodePort" | "LoadBalancer");
    let services = cluster.services.iter().enumerate().filter(move |(_, service)| listens(service));
    services.flat_map(|(id, service)| (0..service.ports.len()).map(move |port| (id, port)))
}

/// With the node port that was probably meant: of the Service whose own port was dialled, else the one most like it.
pub(super) fn no_such_node_port(cluster: &Cluster, number: i32) -> Nothing {
    let port = |(service, port): (usize, usize)| &cluster.services[service].ports[port];
    let written = node_ports(cluster).filter(|at| port(*at).node_port.is_some());
    let unlike = |at: &(usize, usize)| {
        let near = port(*at).node_port.as_ref().map_or(0, |written| written.value);
        let far = edit_distance(&number.to_string(), &near.to_string(), 8);
        (port(*at).port.value != number, far, near.abs_diff(number))
    };
    let open = |&(service, at): &(usize, usize)| {
        cluster.services[service].node_port(at) == Some(NodePort::Allocated)
    };
    let in_range = crate::port::NODE_PORT_RANGE.contains(&number);
    Nothing::NoSuchNodePort {
        near: written.min_by_key(unlike),
        allocated: node_ports(cluster).find(open).map(|(service, _)| service).filter(|_| in_range),
    }
}

/// The port that was probably meant: one of the protocol that is dialled, behind which the number stands as target or node
/// port, else the likest.
pub(super) fn near_port(service: &Service, number: i32, dials: &Protocol) -> Option<usize> {
    let unlike = |at: &usize| {
        let port: &ServicePort = &service.ports[*at];
        let targeted = port.target.value == TargetPort::Number(number)
            || port.node_port.as_ref().is_some_and(|written| written.value == number);
        let far = edit_distance(&number.to_string(), &port.port.value.to_string(), 8);
        (port.protocol.value != *dials, !targeted, far, port.port.value.abs_diff(number))
    };
    (0..service.ports.len()).min_by_key(unlike)
}
