//! The Service of a trace and the pods at its end, in words.

use super::{Teller, policies, with_port};
use crate::diagram::{by_sidecar, policed};
use crate::kinds::service::{Service, ServicePort};
use crate::port::TargetPort;
use crate::wiring::trace::Step;
use crate::wiring::{Endpoint, Listed, Who, placement};

impl Teller<'_> {
    /// The port that a Service is dialled on: of a headless one, the pod's own.
    pub(super) fn dialled(&self, service: &Service, port: &ServicePort) -> i32 {
        let end = self.trace.ends.first().map(|end| end.port);
        if service.is_headless() { end.unwrap_or(port.port.value) } else { port.port.value }
    }

    pub(super) fn service(&self, service: &Service, port: Option<&ServicePort>, pod: Option<&str>) -> String {
        if service.is_external_name() {
            let host = &service.external_name.value;
            return format!("Its name is another name for {host}, by a CNAME record.");
        }
        if service.is_headless() {
            let resolves = match pod {
                Some(pod) if !self.trace.ends.is_empty() => {
                    format!("The name resolves to the address of {pod} alone")
                }
                Some(_) => "It is headless: pods may have names of their own below it".to_owned(),
                None => "It is headless: its name resolves to the addresses of its pods".to_owned(),
            };
            let affinity = policies::affinity(service).map(|why| format!(" {why}")).unwrap_or_default();
            return format!("{resolves}, and the client dials the port on the pod itself.{affinity}");
        }
        let Some(port) = port else { return "It listens at its cluster IP, on its own ports.".to_owned() };
        let number = port.port.value;
        let first = self.trace.ends.first().filter(|end| end.answer.who.pods().is_none());
        let mut why = match (&port.target.value, port.target.span) {
            _ if let Some(end) = first => format!("Port {number} leads to {}, as slices list it.", end.port),
            (TargetPort::Name(name), _) => {
                format!("Port {number} leads to the port that each pod names \"{name}\".")
            }
            (TargetPort::Number(target), None) => {
                format!(
                    "Port {number} leads to {target}: no targetPort is written, so the number in port is taken."
                )
            }
            (TargetPort::Number(target), Some(_)) => format!("Port {number} leads to targetPort {target}."),
        };
        let proxied = self.is_proxied
            || matches!(self.trace.hops.first().map(|hop| &hop.step), Some(Step::Route { .. }));
        if let Some(affinity) = policies::affinity(service).filter(|_| !proxied) {
            why.push_str(&format!(" {affinity}"));
        }
        why
    }

    pub(super) fn pod(&self, end: &Endpoint) -> (&'static str, String, String, String) {
        let cluster = self.cluster;
        let picked = match end.answer.who {
            Who::Pods(picked) => picked,
            Who::Address(listed) => return self.listed(end, listed),
        };
        let set = &cluster.sets[picked.set as usize];
        let title = match (&set.owner, picked.pod_name(cluster)) {
            (Some(owner), Some(pod)) => format!("{} {}, Pod {pod}", owner.kind, owner.name),
            (Some(owner), None) => format!("{} {}", owner.kind, owner.name),
            (None, pod) => format!("Pod {}", pod.unwrap_or_default()),
        };
        let address = end.answer.addresses.first().map_or("", String::as_str);
        let mut why = self.share(u64::from(picked.replicas(cluster)));
        let local = |service: &Service| service.is_local_outside() || service.is_local_inside();
        if self.target_service().is_some_and(local)
            && let Some(node) = placement::only_node(cluster, end.answer.who)
        {
            why.push_str(&format!("; on Node {node}"));
        }
        let is_local = self.target_service().is_some_and(local);
        match (end.answer.ready, self.trace.target) {
            (true, _) => {}
            (false, None) => why.push_str("; it is not ready, which keeps away Services alone"),
            (false, _) if is_local => {
                why.push_str("; it terminates and still serves, since none is ready on its node");
            }
            (false, _) => why.push_str("; it terminates and still serves, since none is ready"),
        }
        match end.declared {
            Some(declared) => {
                let name = &declared.container(set.spec(cluster)).name;
                why.push_str(&format!("; container {name} declares {}", end.port));
            }
            None => why.push_str(&format!(
                "; no container declares {}, and it works as long as something listens",
                end.port
            )),
        }
        why.extend(policed(cluster, self.wiring, picked).map(|words| format!("; {words}")));
        why.push('.');
        let port =
            self.trace.target.and_then(|(service, port)| Some(&cluster.services[service].ports[port?]));
        let aside = port.and_then(|port| by_sidecar(cluster, end, port));
        why.extend(aside.map(|aside| format!(" {aside}")));
        ("pod", title, with_port(address, end.port), why)
    }

    /// An address that a slice lists.
    fn listed(&self, end: &Endpoint, listed: Listed) -> (&'static str, String, String, String) {
        let (meta, entry) = (&listed.slice(self.cluster).meta, listed.entry(self.cluster));
        let slice = format!("{} {}", meta.kind, meta.name.value);
        let title = entry.pod.as_ref().map_or_else(|| slice.clone(), |pod| format!("Pod {pod}"));
        let address = end.answer.addresses.first().map_or("", String::as_str);
        let why = format!("{}; {slice} lists it.", self.share(1));
        ("endpoint", title, with_port(address, end.port), why)
    }
}
