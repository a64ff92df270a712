//! The last hops: the pods that answer, those that do not know a name, or why nobody is there.

use super::{EXAMPLE, Hop, MOST_ENDS, Teller, capital, is_about, unknown};
use crate::analysis::Analysis;
use crate::diagram::{addresses, by_sidecar, never_ready, policed};
use crate::kinds::service::Service;
use crate::render::trace::why_nobody;
use crate::wiring::{Endpoint, Nobody, Picked, PortFault, Who};

impl Teller<'_> {
    /// The pods that answer, those that do not know the name, or why nobody is there.
    pub(super) fn ends(&self, id: usize, index: usize, hops: &mut Vec<Hop>) {
        let (service, wired) = self.service(id);
        let port = &wired.ports[index];
        for endpoint in port.endpoints.iter().take(MOST_ENDS) {
            let mut hop = match endpoint.answer.who {
                Who::Pods(picked) => self.end(service, endpoint, picked),
                Who::Address(listed) => self.listed(listed, endpoint),
            };
            let aside = by_sidecar(&self.analysis.cluster, endpoint, &service.ports[index]);
            hop.why.extend(aside.map(|aside| format!(" {aside}")));
            hops.push(hop);
        }
        let more = port.endpoints.len().saturating_sub(MOST_ENDS);
        if more > 0 {
            let why = "Further rows of pods answer as well; the table and the JSON list all.".to_owned();
            hops.push(self.hop(format!("and {more} more"), why, None, None));
        }
        for pods in port.nameless().take(MOST_ENDS) {
            let set = &self.analysis.cluster.sets[pods.picked.set as usize];
            let target = &service.ports[index].target.value;
            let spec = set.spec(&self.analysis.cluster);
            let (why, span) = match pods.other_protocol {
                Some(other) => {
                    let at = other.port(spec);
                    (
                        format!(
                            "its port \"{target}\" is {}, not {}",
                            at.protocol.value, service.ports[index].protocol.value
                        ),
                        Some(at.span),
                    )
                }
                None => (format!("no container port is named \"{target}\""), None),
            };
            let why = format!("{}: {why}.", self.who(pods.picked));
            let span = span.or_else(|| spec.containers.first().map(|container| container.span));
            let mut hop = self.hop(format!("{target} \u{2192} nothing"), why, span, None);
            hop.broken = true;
            hops.push(hop);
        }
        let waiting = wired.waiting_for_ip(&self.analysis.cluster, index).take(MOST_ENDS);
        for picked in waiting.filter(|_| !port.endpoints.is_empty()) {
            let why = format!("{}: it is selected, and no endpoint until it has an IP.", self.who(picked));
            let span = self.analysis.cluster.sets[picked.set as usize].meta(&self.analysis.cluster).head();
            let mut hop = self.hop("no IP yet".to_owned(), why, Some(span), None);
            hop.broken = true;
            hops.push(hop);
        }
        if let (Some(fault), true, None) =
            (wired.fault(index), port.endpoints.is_empty(), port.nameless().next())
        {
            self.nobody((id, Some(index)), &fault, hops);
        }
    }

    pub(super) fn end(&self, service: &Service, endpoint: &Endpoint, picked: Picked) -> Hop {
        let cluster = &self.analysis.cluster;
        let answer = &endpoint.answer;
        let set = &cluster.sets[picked.set as usize];
        let replicas = picked.replicas(cluster);
        let mut why = self.who(picked);
        match endpoint.declared {
            Some(declared) => {
                let container = declared.container(set.spec(cluster));
                why.push_str(&format!(", container {}", container.name));
            }
            None => {
                why.push_str(
                    ", where no container declares this port; it works as long as something listens",
                );
            }
        }
        let mut example = "";
        let address = answer.addresses.first().cloned().unwrap_or_else(|| {
            example = EXAMPLE;
            let before = cluster.sets[..picked.set as usize].iter().map(|set| u64::from(set.replicas)).sum();
            addresses::pod(before, addresses::is_only_v6(service))
        });
        match (answer.ready, answer.terminating) {
            (true, _) if replicas > 1 => why.push_str(&format!(", {replicas} pods")),
            (true, _) => {}
            (false, true) => why.push_str(", terminating"),
            (false, false) => match never_ready(cluster, set) {
                Some(never) => why.push_str(&format!(", {never}, which its container does not declare")),
                None => why.push_str(", not ready: it gets no traffic"),
            },
        }
        why.push_str(example);
        why.extend(policed(cluster, &self.analysis.wiring, picked).map(|words| format!("; {words}")));
        why.push('.');
        let address = if address.contains(':') { format!("[{address}]") } else { address };
        let probe = set.never_ready(cluster).filter(|_| !answer.ready).map(|(_, probe)| probe);
        let span = probe.and_then(|probe| probe.port.span).unwrap_or_else(|| endpoint.span(cluster));
        let mut hop = self.hop(format!("{address}:{}", endpoint.port), why, Some(span), Some(span));
        hop.broken = !endpoint.gets_traffic() && !service.publish_not_ready;
        hop
    }

    /// A headless Service without ports.
    pub(super) fn portless(&self, id: usize, hops: &mut Vec<Hop>) {
        let (service, wired) = self.service(id);
        let name = format!("{}.{}.svc", service.meta.name.value, service.meta.namespace);
        let own = self.own_names(service, wired);
        let why =
            format!("Resolves to the addresses of its pods; the client dials whichever port it knows.{own}");
        hops.push(self.hop(name, why, Some(service.meta.span), None));
        for answer in wired.portless.iter().take(MOST_ENDS) {
            let title = answer.addresses.first().cloned().unwrap_or_else(|| "pod address".to_owned());
            let span = answer.who.span(&self.analysis.cluster);
            let policed = |pods| policed(&self.analysis.cluster, &self.analysis.wiring, pods);
            let who = match answer.who {
                Who::Pods(picked) => {
                    policed(picked).into_iter().fold(self.who(picked), |who, it| who + "; " + &it)
                }
                Who::Address(listed) => self.listed_in(listed),
            };
            hops.push(self.hop(title, format!("{who}."), Some(span), Some(span)));
        }
        if wired.portless.is_empty() {
            let fault = wired.nobody.clone().map_or(PortFault::NoAddress, PortFault::Nobody);
            self.nobody((id, None), &fault, hops);
        }
    }

    /// Why nobody is there, or why that is not known.
    fn nobody(&self, at: (usize, Option<usize>), fault: &PortFault, hops: &mut Vec<Hop>) {
        let (service, wired) = self.service(at.0);
        if wired.nobody.is_none() && wired.selected.is_empty() {
            return self.not_listed(service, wired, fault, hops);
        }
        let selecting = |rule: &str| {
            [
                "selector-matches-nothing",
                "pods-outside-upload",
                "scaled-to-zero",
                "selectorless-service",
                "no-endpoint-address",
            ]
            .contains(&rule)
        };
        let Analysis { cluster, wiring, findings, .. } = self.analysis;
        let finding =
            findings.iter().find(|finding| selecting(finding.rule) && is_about(&finding.object, service));
        let why = match finding {
            Some(finding) => capital(&finding.message) + ".",
            None => why_nobody(at, fault, cluster, wiring, findings),
        };
        let title = match fault {
            PortFault::Nobody(Nobody::NoSelector) if service.is_of_api_server() => {
                "endpoints kept by the API server"
            }
            PortFault::Nobody(Nobody::NoSelector) => "endpoints written by hand",
            PortFault::Nobody(Nobody::SelectorRefused) => "the selector cannot be read",
            PortFault::Nobody(Nobody::OutsideUpload) => "pods are not in this upload",
            PortFault::Nobody(Nobody::ScaledToZero) => "scaled to 0",
            _ if unknown(Some(fault)) => "no pod in this upload",
            _ => "nobody answers",
        };
        let span = finding.map(|finding| finding.span);
        let mut hop = self.hop(title.to_owned(), why, service.selector_span.or(span), span);
        hop.broken = !unknown(Some(fault));
        hops.push(hop);
    }
}
