//! The ends of the lines: who answers in what condition, or why nobody does.

use std::collections::BTreeMap;

use super::{Lines, numbered, object, plain};
use crate::diagram::{never_ready, policed};
use crate::kinds::service::ServicePort;
use crate::labels::Label;
use crate::port::TargetPort;
use crate::wiring::{Answer, Endpoint, Listed, Nobody, Picked, PortFault, PortWiring, Unresolved, Who};

impl Lines<'_> {
    /// Where traffic of a port ends: at pods, or nowhere and why.
    pub(super) fn ends(&self, index: usize, port: &ServicePort, wired: &PortWiring) -> Vec<String> {
        if let Some(nobody) = self.nobody() {
            return vec![nobody];
        }
        let endpoints = wired.endpoints.iter().map(|endpoint| (&endpoint.answer, self.at(endpoint, port)));
        let mut ends = self.grouped(endpoints);
        ends.extend(self.missing(port, wired));
        if ends.is_empty() && self.wired.fault(index) == Some(PortFault::NotListed) {
            let (name, protocol) = (plain(&port.name.value), plain(port.protocol.value.as_str()));
            ends.push(format!("nothing: none of its slices has a {protocol} port named \"{name}\""));
        } else if ends.is_empty() {
            ends.push(self.no_address());
        }
        ends
    }

    /// The port on the pod, and the container that declares it.
    fn at(&self, endpoint: &Endpoint, port: &ServicePort) -> String {
        let number = numbered(endpoint.port, &port.protocol.value);
        let Who::Pods(picked) = endpoint.answer.who else { return format!(" {number}") };
        let spec = self.cluster.sets[picked.set as usize].spec(self.cluster);
        match endpoint.declared {
            Some(declared) => format!(", {} {number}", plain(&declared.container(spec).name)),
            None => format!(" (no container declares {})", number.trim_start_matches(':')),
        }
    }

    /// Pods that are alike share a line.
    pub(super) fn grouped<'w>(&self, answers: impl Iterator<Item = (&'w Answer, String)>) -> Vec<String> {
        let mut groups: BTreeMap<(String, String, String), u32> = BTreeMap::new();
        for (answer, at) in answers {
            let who = match answer.who {
                Who::Pods(picked) => self.who(picked),
                Who::Address(listed) => self.listed(listed, answer),
            };
            *groups.entry((who, at, self.condition(answer))).or_default() +=
                answer.who.replicas(self.cluster);
        }
        let write = |((who, at, condition), count): ((String, String, String), u32)| {
            let times = if count == 1 { String::new() } else { format!(" \u{d7}{count}") };
            format!("{who}{times}{at}{condition}")
        };
        groups.into_iter().map(write).collect()
    }

    fn condition(&self, answer: &Answer) -> String {
        let never = || {
            let picked = answer.who.pods()?;
            never_ready(self.cluster, &self.cluster.sets[picked.set as usize])
        };
        let condition = match (answer.ready, answer.terminating, answer.serving) {
            (true, _, _) => String::new(),
            (false, true, true) => " (terminating, still serving)".to_owned(),
            (false, true, false) => " (terminating)".to_owned(),
            (false, false, _) => {
                never().map_or_else(|| " (not ready)".to_owned(), |never| format!(" ({})", plain(&never)))
            }
        };
        let policed = answer.who.pods().and_then(|pods| policed(self.cluster, self.wiring, pods));
        policed.map(|policed| format!("{condition} ({})", plain(&policed))).unwrap_or(condition)
    }

    fn missing(&self, port: &ServicePort, wired: &PortWiring) -> Vec<String> {
        let TargetPort::Name(name) = &port.target.value else { return Vec::new() };
        let (name, wanted) = (plain(name), &port.protocol.value);
        let words = |pods: &Unresolved| {
            let who = self.who(pods.picked);
            match pods.other_protocol {
                Some(other) => {
                    let spec = self.cluster.sets[pods.picked.set as usize].spec(self.cluster);
                    let has = &other.port(spec).protocol.value;
                    format!(
                        "nothing: \"{name}\" is {}, not {}, in {who}",
                        plain(has.as_str()),
                        plain(wanted.as_str())
                    )
                }
                None => format!("nothing: no container port is named \"{name}\" in {who}"),
            }
        };
        let mut ends: Vec<String> = wired.nameless().map(words).collect();
        ends.sort();
        ends.dedup();
        ends
    }

    /// Why nobody is behind the Service, where nobody is.
    pub(super) fn nobody(&self) -> Option<String> {
        let namespace = plain(&self.service.meta.namespace);
        Some(match self.wired.nobody.as_ref()? {
            Nobody::ExternalName => "a name outside the cluster".to_owned(),
            Nobody::NoSelector if self.service.is_of_api_server() => {
                "whatever the API server keeps as endpoints: the Service has no selector".to_owned()
            }
            Nobody::NoSelector => {
                "whatever endpoints are written by hand: the Service has no selector".to_owned()
            }
            Nobody::SelectorRefused => "nothing: the selector cannot be read".to_owned(),
            Nobody::OutsideUpload => "pods outside this upload".to_owned(),
            Nobody::ScaledToZero => {
                let mut names: Vec<String> =
                    self.wired.dormant.iter().map(|picked| self.who(*picked)).collect();
                names.sort();
                names.dedup();
                format!("nothing: scaled to 0 in {}", names.join(", "))
            }
            Nobody::NoPodSelected(_) => {
                let pair = |label: &Label| format!("{}={}", plain(label.key()), plain(label.value()));
                let pairs: Vec<String> = self.service.selector.0.iter().map(pair).collect();
                format!("nothing: no pod of namespace {namespace} is selected by {}", pairs.join(","))
            }
        })
    }

    /// An address, and where it is listed.
    fn listed(&self, listed: Listed, answer: &Answer) -> String {
        let meta = &listed.slice(self.cluster).meta;
        let addresses: Vec<String> = answer.addresses.iter().map(|address| plain(address)).collect();
        format!("{}, {}", object(&meta.kind, &meta.namespace, &meta.name.value), addresses.join(", "))
    }

    pub(super) fn no_address(&self) -> String {
        if self.wired.selected.is_empty() {
            "nothing: its slices list no address in the Service's IP families".to_owned()
        } else {
            "nothing: no selected pod runs with an address for the Service".to_owned()
        }
    }

    /// A workload, or a Pod where it is one by itself.
    fn who(&self, picked: Picked) -> String {
        let set = &self.cluster.sets[picked.set as usize];
        let pod = || picked.pod_name(self.cluster).unwrap_or_default();
        match &set.owner {
            Some(owner) if picked.ordinal.is_some() => {
                format!(
                    "{} of {} {}",
                    object("Pod", &set.namespace, &pod()),
                    plain(&owner.kind),
                    plain(&owner.name)
                )
            }
            Some(owner) => object(&owner.kind, &set.namespace, &owner.name),
            None => object("Pod", &set.namespace, &pod()),
        }
    }
}
