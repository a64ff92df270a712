//! How much the Services of an upload ask for together, counted before anything of it is made.

use std::iter::once;

use super::{Cluster, PodSet};
use crate::kinds::endpoint_slice::SliceEndpoint;
use crate::kinds::service::Service;
use crate::kinds::workload;

/// So many bytes of a list stand in one row of an answer; where there are more it counts as several.
const ROW: usize = 1024;

/// About as many bytes as stand around each item of a list.
const AROUND: usize = 24;

/// For how many rows one counts that has such a list.
fn rows<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let bytes: usize = texts.into_iter().map(|text| text.len() + AROUND).sum();
    1 + (bytes / ROW) as u64
}

impl Cluster {
    /// Whether the Services may have more endpoints and ways in than so many together, found without wiring them. What is
    /// past that is not counted, so that counting takes no longer than what may be.
    pub fn has_more_endpoints_than(&self, most: u64) -> bool {
        let nodes = rows(self.nodes.iter().map(|node| node.meta.name.value.as_str()));
        let mut all = 0_u64;
        self.services.iter().any(|service| {
            let ports = service.ports.len().max(1) as u64;
            let mut ends = 0_u64;
            let mut together = |more: u64| {
                ends = ends.saturating_add(more);
                all.saturating_add(ends.saturating_mul(ports))
            };
            // Under these policies each port says which nodes have pods.
            let is_local = service.is_local_outside() || service.is_local_inside();
            let local = once(nodes).filter(|_| is_local);
            let is_past = self
                .pods_of(service)
                .chain(self.listed_of(service))
                .chain(ways_in(service))
                .chain(local)
                .any(|more| together(more) > most);
            all = together(0);
            is_past
        })
    }

    /// At least the pods that a Service selects.
    fn pods_of<'c>(&'c self, service: &'c Service) -> impl Iterator<Item = u64> + 'c {
        let namespace = &service.meta.namespace;
        let selector = &service.selector.0;
        let labels = selector.iter().filter(|label| !workload::is_own_label(label.key()));
        let fewest = labels.map(|label| self.with_label(namespace, label.key(), label.value()));
        let pods = fewest
            .min_by_key(|pods| pods.len())
            .unwrap_or_else(|| if selector.is_empty() { &[] } else { self.in_namespace(namespace) });
        pods.iter().map(|id| of_pods(&self.sets[*id as usize]))
    }

    /// At least what slices list for a Service.
    fn listed_of<'c>(&'c self, service: &'c Service) -> impl Iterator<Item = u64> + 'c {
        let slices = self.slices_of(&service.meta.namespace, &service.meta.name.value).iter();
        let listed = slices.map(|id| &self.slices[*id as usize]).filter(|slice| {
            // What is kept for a selector says again what that selects.
            service.selector.0.is_empty() || !(slice.is_of_selector() || slice.meta.kind == "Endpoints")
        });
        listed.flat_map(|slice| &slice.endpoints).map(of_listed)
    }
}

fn of_pods(set: &PodSet) -> u64 {
    rows(set.observed.iter().flat_map(|observed| observed.ips.iter().map(String::as_str)))
}

fn of_listed(endpoint: &SliceEndpoint) -> u64 {
    rows(endpoint.addresses.iter().map(|address| address.value.as_str()))
}

/// A way in for each address from outside; each of a load balancer says which clients it lets in.
fn ways_in(service: &Service) -> impl Iterator<Item = u64> {
    let ranges = rows(service.allowed_ranges());
    let balancers = service.balancers().map(move |address| rows(address).saturating_mul(ranges));
    balancers.chain(service.external_ips.iter().map(|ip| rows([ip.value.as_str()])))
}
