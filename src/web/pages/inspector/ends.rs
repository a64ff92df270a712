//! The last hops: the pods that answer, those that do not know a name, or why nobody is there.

use super::{EXAMPLE, Hop, MOST_ENDS, Teller, capital, is_about, unknown};
use crate::diagram::{addresses, by_sidecar, never_ready, policed};
use crate::kinds::service::Service;
use crate::wiring::{Endpoint, Nobody, Picked, PortFault, ServiceWiring, Who};

impl Teller<'_> {
    /// The pods that answer, those that do not know the name, or why nobody is there.
    pub(super) fn ends(&self, service: &Service, wired: &ServiceWiring, index: usize, hops: &mut Vec<Hop>) {
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
        if port.endpoints.is_empty() && port.nameless().next().is_none() {
            self.nobody(service, wired, wired.fault(index).as_ref(), hops);
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

    pub(super) fn portless(&self, service: &Service, wired: &ServiceWiring, hops: &mut Vec<Hop>) {
        let name = format!("{}.{}.svc", service.meta.name.value, service.meta.namespace);
        let why = if service.is_external_name() {
            format!(
                "Resolves to {} by a CNAME record; no port is changed on the way.",
                service.external_name.value
            )
        } else {
            let own = self.own_names(service, wired);
            format!("Resolves to the addresses of its pods; the client dials whichever port it knows.{own}")
        };
        hops.push(self.hop(name, why, Some(service.meta.span), service.external_name.span));
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
        if wired.portless.is_empty() && !service.is_external_name() {
            let fault = wired.nobody.clone().map(PortFault::Nobody);
            self.nobody(service, wired, fault.as_ref(), hops);
        }
    }

    pub(super) fn nobody(
        &self,
        service: &Service,
        wired: &ServiceWiring,
        fault: Option<&PortFault>,
        hops: &mut Vec<Hop>,
    ) {
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
        let finding = self
            .analysis
            .findings
            .iter()
            .find(|finding| selecting(finding.rule) && is_about(&finding.object, service));
        let why =
            finding.map_or_else(|| "Nobody answers.".to_owned(), |finding| capital(&finding.message) + ".");
        if wired.nobody.is_none() && wired.selected.is_empty() {
            return self.not_listed(service, wired, fault, hops);
        }
        let title = match fault {
            Some(PortFault::Nobody(Nobody::NoSelector)) => "endpoints written by hand",
            Some(PortFault::Nobody(Nobody::SelectorRefused)) => "selector cannot be read",
            Some(PortFault::Nobody(Nobody::OutsideUpload)) => "pods are not in this upload",
            Some(PortFault::Nobody(Nobody::ExternalName)) => service.external_name.value.as_str(),
            Some(PortFault::Nobody(Nobody::ScaledToZero)) => "scaled to 0",
            _ => "nobody answers",
        };
        let span = finding.map(|finding| finding.span);
        let mut hop = self.hop(title.to_owned(), why, service.selector_span.or(span), span);
        hop.broken = !unknown(fault) && wired.nobody != Some(Nobody::ExternalName);
        hops.push(hop);
    }
}
