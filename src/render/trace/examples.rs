//! What is said of an address that nothing in the upload has: whose example on the board it is, if any.

use core::net::IpAddr;

use crate::cluster::{PodSet, State};
use crate::diagram::{Face, addresses};

use super::{Teller, short_name};

impl Teller<'_> {
    /// The board's own examples are told apart from addresses of somebody else's.
    pub(super) fn no_such_address(&self, ip: IpAddr) -> (String, Option<String>) {
        let services = &self.cluster.services;
        let is_shown = |id: &usize| {
            let shown =
                services.get(*id).map(|service| addresses::cluster_ips(service, *id)).unwrap_or_default();
            shown.iter().any(|(address, face)| *face == Face::Example && address.parse() == Ok(ip))
        };
        if let Some(id) = addresses::service_of(ip).filter(is_shown) {
            let near = short_name(&services[id]);
            let name = self.name(id);
            let why = format!(
                "{ip} is an example for the cluster IP of {name}, which this upload does not say: trace its name, {near}."
            );
            return (why, Some(near));
        }
        if let Some(set) = addresses::pod_of(ip).and_then(|number| self.set_of(number)) {
            let pods = match &set.owner {
                Some(owner) => format!("a pod of {} {}", owner.kind, owner.name),
                None => format!("Pod {}", set.meta(self.cluster).name.value),
            };
            let why = format!(
                "{ip} is an example for the address of {pods}, which this upload does not say: trace a Service that leads there."
            );
            return (why, None);
        }
        ("No Service, node, load balancer, route or pod of this upload has this address.".to_owned(), None)
    }

    /// The set of the pod of a number, as examples of addresses count them.
    fn set_of(&self, number: u64) -> Option<&PodSet> {
        let mut before = 0;
        let set = self.cluster.sets.iter().find(|set| {
            before += u64::from(set.replicas);
            number < before
        })?;
        (set.observed.is_none() && self.cluster.state != State::Observed).then_some(set)
    }
}
