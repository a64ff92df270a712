//! The hops of endpoints that a slice lists.

use crate::kinds::service::{Service, ServicePort};
use crate::names::ObjectRef;
use crate::wiring::{Endpoint, Listed, PortFault, PortWiring, ServiceWiring, Who};

use super::{Hop, Teller};

impl Teller<'_> {
    /// The hop from a Service port to a slice's, where a slice lists whoever answers.
    pub(super) fn listed_target(&self, port: &ServicePort, wired: &PortWiring, hops: &mut Vec<Hop>) -> bool {
        let first = wired.endpoints.first();
        let Some((Who::Address(listed), number)) = first.map(|at| (at.answer.who, at.port)) else {
            return false;
        };
        let slice = listed.slice(&self.analysis.cluster);
        let found = slice.port(&port.name.value, &port.protocol.value);
        let who = self.listed_in(listed);
        let why = if found.is_none_or(|found| found.port.is_none()) {
            format!("{who} has no number for this port, so the client dials the one it knows.")
        } else if port.name.value.is_empty() {
            format!("The port without a name in {who}: its own number counts, not the Service's targetPort.")
        } else {
            format!(
                "The port named \"{}\" in {who}: its own number counts, not the Service's targetPort.",
                port.name.value
            )
        };
        let mark = found.and_then(|found| found.port.as_ref()).and_then(|written| written.span);
        hops.push(self.hop(format!("\u{2192} {number}"), why, found.map(|found| found.span), mark));
        true
    }

    /// An address as the end of the way.
    pub(super) fn listed(&self, listed: Listed, endpoint: &Endpoint) -> Hop {
        let entry = listed.entry(&self.analysis.cluster);
        let mut why = self.listed_in(listed);
        if let Some(pod) = &entry.pod {
            why.push_str(&format!(", Pod {pod}"));
        }
        why.push_str(match (entry.ready, entry.terminating) {
            (true, _) => "",
            (false, true) => ", terminating",
            (false, false) => ", not ready: it gets no traffic",
        });
        why.push('.');
        let written = entry.addresses.first();
        let address = written.map(|address| address.value.as_str()).unwrap_or_default();
        let address = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
        let mark = written.and_then(|address| address.span);
        let mut hop = self.hop(format!("{address}:{}", endpoint.port), why, Some(entry.span), mark);
        hop.broken = !endpoint.gets_traffic();
        hop
    }

    /// `EndpointSlice db-1`.
    pub(super) fn listed_in(&self, listed: Listed) -> String {
        let meta = &listed.slice(&self.analysis.cluster).meta;
        format!("{} {}", meta.kind, meta.name.value)
    }

    /// Whether an object is a slice that a Service, by its place, has endpoints from.
    pub(super) fn is_about_slice(&self, object: &ObjectRef, service: usize) -> bool {
        let slices = self.analysis.wiring.services[service].slices.iter();
        let mut slices = slices.map(|slice| &self.analysis.cluster.slices[*slice as usize].meta);
        slices.any(|meta| {
            object.kind == meta.kind && object.name == meta.name.value && object.namespace == meta.namespace
        })
    }

    /// Where slices are there, and none of them leads anywhere.
    pub(super) fn not_listed(
        &self,
        service: &Service,
        wired: &ServiceWiring,
        fault: &PortFault,
        hops: &mut Vec<Hop>,
    ) {
        let slices = wired.slices.iter().map(|id| &self.analysis.cluster.slices[*id as usize]);
        let why = match fault {
            PortFault::NotListed => {
                "Ports of slices are matched by name and protocol, and none matches this one."
            }
            _ => "No slice of the Service lists an address of its IP families.",
        };
        let first = slices.clone().next();
        let span = match (fault, first) {
            (PortFault::NotListed, Some(slice)) => {
                slice.ports.first().map_or(slice.meta.head(), |port| port.span)
            }
            (_, Some(slice)) => slice.meta.head(),
            (_, None) => service.meta.head(),
        };
        let mut hop = self.hop("nobody answers".to_owned(), why.to_owned(), Some(span), Some(span));
        hop.broken = true;
        hops.push(hop);
    }
}
