//! Why a trace reaches nobody, in words, with the address that was probably meant.

use crate::diagram::route_fault;
use crate::finding::Finding;
use crate::kinds::ingress::Route;
use crate::kinds::service::{Service, ServicePort};
use crate::port::Protocol;
use crate::wiring::trace::{NoPodName, Nothing, Step};
use crate::wiring::{Nobody, Owner, PortFault, Said, Unreached};

use super::{Teller, short_name, traced};

/// The rules whose findings say why nobody is behind a Service.
const SELECTING: &[&str] = &["selector-matches-nothing", "pods-outside-upload", "scaled-to-zero"];

impl Teller<'_> {
    pub(super) fn nothing(&self, nothing: &Nothing) -> (String, Option<String>) {
        match nothing {
            Nothing::Fault { service, port, fault } => (self.fault(*service, *port, fault), None),
            Nothing::NoSuchNodePort { near, allocated } => self.no_such_node_port(*near, *allocated),
            Nothing::NoSuchService { name, namespace, near } => {
                let place =
                    namespace.as_ref().map(|of| format!(" in namespace \"{of}\"")).unwrap_or_default();
                let why = format!("There is no Service \"{name}\"{place} in this upload.");
                let near = near.map(|near| short_name(&self.cluster.services[near]));
                let meant = near.as_ref().map(|near| format!(" The nearest is {near}.")).unwrap_or_default();
                (why + &meant, near)
            }
            Nothing::SeveralServices(services) => {
                let names: Vec<String> =
                    services.iter().take(5).map(|id| short_name(&self.cluster.services[*id])).collect();
                let why =
                    format!("Several namespaces have a Service of this name: write {}.", names.join(" or "));
                (why, names.into_iter().next())
            }
            Nothing::NoSuchAddress(ip) => self.no_such_address(*ip),
            Nothing::NoSuchHost { near } => self.no_such_host(*near),
            Nothing::NoSuchPath(owner) => (self.no_such_path(*owner), None),
            Nothing::NoHostAsked(owner) => {
                let routes = self.wiring.routes.all.iter().filter(|route| route.owner() == *owner);
                let host = routes.map(|route| &route.host).find(|host| !host.is_empty());
                let why = format!(
                    "It is the address of {}, whose routes go by the host that is asked for: write the host in place of \
                     the address.",
                    self.owner(*owner)
                );
                (why, host.map(|host| format!("http://{host}/")))
            }
            Nothing::NoSuchListener(gateway) => {
                let gateway = &self.cluster.gateways[*gateway];
                let ports: Vec<String> =
                    gateway.listeners.iter().map(|listener| listener.port.value.to_string()).collect();
                let name = &gateway.meta.name.value;
                let why = match ports.join(", ") {
                    ports if ports.is_empty() => {
                        format!("Gateway {name} has this address, but no listeners.")
                    }
                    ports => format!("Gateway {name} has this address, and listens on {ports} alone."),
                };
                (why, None)
            }
            Nothing::NoWeight(_) => {
                ("All backends of the rule have the weight 0, so nobody is sent anything.".to_owned(), None)
            }
            Nothing::Unreached { route, why } => {
                let route = &self.wiring.routes.all[*route];
                let fault = route_fault(self.cluster, route, *why);
                let gets = match route.said(self.cluster) {
                    Said::Rule { route, .. }
                        if !matches!(why, Unreached::Redirect | Unreached::Refused(_)) =>
                    {
                        format!(" Whoever is sent here gets {}.", route.refusal())
                    }
                    _ => String::new(),
                };
                let why = match why {
                    Unreached::Refused(_) => format!("The Gateway does not take this route: {fault}."),
                    Unreached::Redirect => "The Gateway answers with another address to ask.".to_owned(),
                    _ => format!("The route's backend reaches no Service port: {fault}.{gets}"),
                };
                (why, None)
            }
            Nothing::WhichPodPort(set) => {
                let set = &self.cluster.sets[*set as usize];
                let name = &set.meta(self.cluster).name.value;
                (format!("It is the address of Pod {name}: write the port after it, such as :8080."), None)
            }
            Nothing::HealthCheck(service) => {
                let why = format!(
                    "It is the health check (healthCheckNodePort) of {}: kube-proxy itself answers a node's load balancer \
                     there, with 200 where the node has ready pods of the Service and 503 where it has none.",
                    self.name(*service)
                );
                (why, None)
            }
            Nothing::NoSuchPort { service, near } => self.no_such_port(*service, *near),
            Nothing::NoSuchRecord { service, near } => {
                let at = &self.cluster.services[*service];
                let record = |port: &ServicePort| {
                    let protocol = port.protocol.value.as_str().to_lowercase();
                    format!("_{}._{protocol}.{}", port.name.value, short_name(at))
                };
                let near = near.and_then(|near| at.ports.get(near)).map(record);
                let meant = near.as_ref().map(|near| format!(" The nearest is {near}.")).unwrap_or_default();
                let name = self.name(*service);
                (
                    format!(
                        "{name} has no port of this name and protocol, and so no SRV record of it.{meant}"
                    ),
                    near,
                )
            }
            Nothing::WhichPort(service) => {
                let at = &self.cluster.services[*service];
                let ports = || at.ports.iter().map(|port| traced("", port.port.value, &port.protocol.value));
                let name = self.name(*service);
                let why = match at.ports.len() {
                    0 => format!("{name} has no ports, and the address names none."),
                    1 => format!("{name} has only the port {}.", ports().collect::<String>()),
                    _ => format!(
                        "{name} has several ports: write one of {}.",
                        ports().collect::<Vec<_>>().join(", ")
                    ),
                };
                (why, self.port_of(*service, 0))
            }
            Nothing::WrongProtocol { service, port } => {
                let protocol = &self.cluster.services[*service].ports[*port].protocol.value;
                let near = match self.trace.hops.first().map(|hop| &hop.step) {
                    Some(Step::Node { port, .. }) => Some(traced("node", *port, protocol)),
                    _ => self.port_of(*service, *port),
                };
                let meant = near.as_ref().map(|near| format!(" Write {near}.")).unwrap_or_default();
                let other = if *protocol == Protocol::Tcp { "the protocol that was dialled" } else { "TCP" };
                (format!("{} takes {protocol} on this port, not {other}.{meant}", self.name(*service)), near)
            }
            Nothing::ExternalName(service) => {
                let host = &self.cluster.services[*service].external_name.value;
                let why = format!(
                    "Leads outside the cluster: {} is another name for {host}, and no pod of the cluster answers.",
                    self.name(*service)
                );
                (why, None)
            }
            Nothing::TooManyNames(service) => {
                let at = &self.cluster.services[*service];
                let why = format!(
                    "One name leads to the next within the cluster: {} names that are other names for each other were \
                     followed, and {} is another one for {}. Where they form a ring, none of them resolves.",
                    self.trace.hops.len(),
                    self.name(*service),
                    at.external_name.value
                );
                (why, None)
            }
            Nothing::NoPodName { service, why } => self.no_pod_name(*service, *why),
            Nothing::NoLocalPod { service, node, inside } => {
                (self.no_local_pod(*service, *node, *inside), None)
            }
        }
    }

    fn no_local_pod(&self, service: usize, node: Option<usize>, inside: bool) -> String {
        let name = self.name(service);
        let policy = if inside {
            "internalTrafficPolicy: Local keeps to the pods of the client's own node"
        } else {
            "externalTrafficPolicy: Local keeps to the pods of the node that is dialled"
        };
        match node {
            Some(node) => format!(
                "{policy}, and none of {name} is ready on Node {}: it drops the packet.",
                self.cluster.nodes[node].meta.name.value
            ),
            None => {
                format!("{policy}, and what answers for {name} is on no node: every node drops the packet.")
            }
        }
    }

    pub(super) fn fault(&self, service: usize, port: Option<usize>, fault: &PortFault) -> String {
        let name = self.name(service);
        let at = &self.cluster.services[service];
        let entry = port.map(|port| &at.ports[port]);
        let target = entry.map(|port| port.target.value.to_string()).unwrap_or_default();
        let protocol = entry.map(|port| port.protocol.value.to_string()).unwrap_or_default();
        match fault {
            PortFault::Nobody(Nobody::ExternalName) => {
                format!("{name} is a name for a host outside the cluster.")
            }
            PortFault::Nobody(Nobody::NoSelector) if at.is_of_api_server() => {
                format!(
                    "{name} has no selector: the API server itself keeps its endpoints, and no slice of this upload lists them."
                )
            }
            PortFault::Nobody(Nobody::NoSelector) => format!(
                "{name} has no selector: its endpoints are written by hand, and no slice of this upload lists them."
            ),
            PortFault::Nobody(Nobody::SelectorRefused) => match unread_selector(self.findings, at) {
                Some(finding) => format!("The selector of {name} cannot be read: {}.", finding.message),
                None => format!("The selector of {name} cannot be read, and Kubernetes refuses the Service."),
            },
            PortFault::Nobody(nobody) => self.found(service, port, SELECTING).unwrap_or_else(|| match nobody {
                Nobody::OutsideUpload => {
                    format!(
                        "The pods of {name} are not in this upload, so whether anybody answers is not known."
                    )
                }
                Nobody::ScaledToZero => format!("What {name} selects is scaled to 0."),
                _ => format!("No pod of this upload carries the labels that {name} selects."),
            }),
            PortFault::PortNameMissing => {
                format!("No container port of the pods of {name} is named \"{target}\".")
            }
            PortFault::ProtocolDiffers => {
                format!("The port \"{target}\" of the pods of {name} is there, but not for {protocol}.")
            }
            PortFault::NotListed => {
                format!("Slices list addresses for {name}, but no port of this name and protocol.")
            }
            PortFault::NoneReady => self.found(service, port, &["no-pod-ready"]).unwrap_or_else(|| format!("No pod of {name} is ready.")),
            PortFault::NoAddress => self.found(service, None, &["no-endpoint-address"]).unwrap_or_else(|| {
                format!("No pod of {name} runs with an address in the IP family that is dialled.")
            }),
        }
    }

    /// What these rules found about a Service, or this port of it, as a sentence: it spells the near miss out.
    fn found(&self, service: usize, port: Option<usize>, rules: &[&str]) -> Option<String> {
        let at = &self.cluster.services[service];
        let here = port.map(|port| format!("spec.ports[{port}]."));
        let is_here = |field: &str| match &here {
            Some(here) => field.starts_with(here.as_str()) || !field.starts_with("spec.ports["),
            None => true,
        };
        let finding = self.findings.iter().find(|finding| {
            rules.contains(&finding.rule)
                && finding.field.as_deref().is_none_or(is_here)
                && is_about(finding, at)
        })?;
        let mut chars = finding.message.chars();
        let first = chars.next()?.to_uppercase();
        Some(format!("{first}{}.", chars.as_str()))
    }

    fn no_such_host(&self, near: Option<usize>) -> (String, Option<String>) {
        let why =
            "No Service, node, load balancer or route of this upload has this name or address.".to_owned();
        let Some(route) = near else { return (why, None) };
        let route = &self.wiring.routes.all[route];
        let host = &route.host;
        let owner = self.owner(route.owner());
        let scheme = if route.port(self.cluster) == Some(443) { "https" } else { "http" };
        (format!("{why} The nearest is {host}, of {owner}."), Some(format!("{scheme}://{host}/")))
    }

    /// `Ingress shop`, `Gateway edge`.
    fn owner(&self, owner: Owner) -> String {
        let meta = match owner {
            Owner::Ingress(ingress) => &self.cluster.ingresses[ingress].meta,
            Owner::Gateway(gateway) => &self.cluster.gateways[gateway].meta,
            Owner::Route(route) => &self.cluster.gateway_routes[route].meta,
        };
        format!("{} {}", meta.kind, meta.name.value)
    }

    fn no_such_path(&self, owner: Owner) -> String {
        let name = self.owner(owner);
        let why = format!("{name} has this host, but no path that matches");
        let Owner::Ingress(ingress) = owner else {
            return format!("{why} a plain GET without headers: the answer is 404.");
        };
        let why = format!("{why}, and no default backend");
        let is_specific = |route: &Route| !matches!(route.path_type.value.as_str(), "Exact" | "Prefix");
        if self.cluster.ingresses[ingress].routes.iter().any(is_specific) {
            return format!("{why}; how its controller reads paths without Exact or Prefix is not known.");
        }
        format!("{why}: what its controller answers is up to the controller, mostly 404.")
    }

    fn no_such_node_port(
        &self,
        near: Option<(usize, usize)>,
        allocated: Option<usize>,
    ) -> (String, Option<String>) {
        let mut why = "No Service has this node port.".to_owned();
        let mut address = None;
        if let Some((service, port)) = near {
            let entry = &self.cluster.services[service].ports[port];
            let number = entry.node_port.as_ref().map_or(0, |written| written.value);
            let near = traced("node", number, &entry.protocol.value);
            why.push_str(&format!(
                " The nearest is {near}, which leads to port {} of {}.",
                entry.port.value,
                self.name(service)
            ));
            address = Some(near);
        }
        if let Some(service) = allocated {
            let name = self.name(service);
            why.push_str(&format!(" The cluster picks the node port of {name}, which may be any free one."));
        }
        (why, address)
    }

    fn no_such_port(&self, service: usize, near: Option<usize>) -> (String, Option<String>) {
        let at = &self.cluster.services[service];
        let name = self.name(service);
        let Some(port) = near else { return (format!("{name} has no ports."), None) };
        let address = self.port_of(service, port);
        let nearest = address.as_ref().map(|near| format!(" The nearest is {near}.")).unwrap_or_default();
        let target = at.ports[port].target.value.to_string();
        let why = if at.is_headless() {
            let listed = self.wiring.services[service].listed_number(port);
            match listed {
                Some(number) => {
                    format!("{name} is headless, and its addresses listen on {number}, as slices list it.")
                }
                None => format!(
                    "{name} is headless, so the client dials the target port, {target}, and not the Service's."
                ),
            }
        } else {
            format!("{name} has no such port; {} leads to {target} on the pods.", at.ports[port].port.value)
        };
        (why + &nearest, address)
    }

    fn no_pod_name(&self, service: usize, why: NoPodName) -> (String, Option<String>) {
        let (at, name) = (&self.cluster.services[service], self.name(service));
        match why {
            NoPodName::NotHeadless => (
                format!(
                    "{name} is not headless: Kubernetes' DNS names the Service alone, and promises its pods no name below it."
                ),
                Some(short_name(at)),
            ),
            NoPodName::NotThere => {
                (format!("{name} has no pod of this name behind it."), Some(short_name(at)))
            }
            NoPodName::OtherService(workload) => {
                let workload = &self.cluster.workloads[workload];
                let said = &workload.service_name.value;
                let instead = if said.is_empty() {
                    "says no serviceName, so its pods have no names of their own".to_owned()
                } else {
                    format!("says serviceName: {said}, so its pods have names below that Service")
                };
                (format!("StatefulSet {} {instead}.", workload.meta.name.value), Some(short_name(at)))
            }
        }
    }

    /// A port of a Service as an address that can be traced; of a headless one, the pods' own port.
    fn port_of(&self, service: usize, port: usize) -> Option<String> {
        let at = &self.cluster.services[service];
        let entry = at.ports.get(port)?;
        let number = if at.is_headless() {
            let endpoints = &self.wiring.services[service].ports[port].endpoints;
            endpoints.first().map_or(entry.port.value, |endpoint| endpoint.port)
        } else {
            entry.port.value
        };
        Some(traced(&short_name(at), number, &entry.protocol.value))
    }
}

/// What was found about a selector that cannot be read.
fn unread_selector<'f>(findings: &'f [Finding], service: &Service) -> Option<&'f Finding> {
    let of_selector = |field: &str| field.starts_with("spec.selector");
    findings.iter().find(|finding| {
        finding.rule == "wrong-type"
            && finding.field.as_deref().is_some_and(of_selector)
            && is_about(finding, service)
    })
}

fn is_about(finding: &Finding, service: &Service) -> bool {
    let (object, meta) = (&finding.object, &service.meta);
    object.kind == "Service" && object.name == meta.name.value && object.namespace == meta.namespace
}
