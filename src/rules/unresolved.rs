//! Named target ports that are not found on some of the selected pods: what two rules have in common.

use crate::finding::{Related, Severity};
use crate::kinds::service::{Service, ServicePort};
use crate::port::TargetPort;
use crate::source::Span;
use crate::wiring::{PortWiring, Unresolved};

use super::{Context, words};

/// A port of a Service whose target's name is not found on some of its pods.
pub(super) struct Missing<'c> {
    /// The Service.
    pub(super) service: &'c Service,
    /// The port, by its place.
    pub(super) place: usize,
    /// The port.
    pub(super) port: &'c ServicePort,
    /// The name.
    pub(super) name: &'c str,
    /// The pods.
    pub(super) pods: Vec<&'c Unresolved>,
    /// A set of pods on which it is found.
    pub(super) found: Option<u32>,
}

/// Every such port; `differs` chooses the pods that have the name with another protocol, or those that have it not at all.
///
/// A name that cannot be one is left out: Kubernetes refuses it before it looks.
pub(super) fn each(context: Context<'_>, differs: bool) -> impl Iterator<Item = Missing<'_>> {
    context.wired().flat_map(move |(service, wired)| {
        let ports = service.ports.iter().zip(&wired.ports).enumerate();
        ports.filter_map(move |(place, (port, wired))| missing(differs, service, place, port, wired))
    })
}

fn missing<'c>(
    differs: bool,
    service: &'c Service,
    place: usize,
    port: &'c ServicePort,
    wired: &'c PortWiring,
) -> Option<Missing<'c>> {
    let TargetPort::Name(name) = &port.target.value else { return None };
    let concerned = |pods: &&Unresolved| pods.other_protocol.is_some() == differs;
    let pods: Vec<&Unresolved> = wired.nameless().filter(concerned).collect();
    let found =
        wired.endpoints.iter().find_map(|endpoint| endpoint.answer.who.pods()).map(|picked| picked.set);
    (!pods.is_empty() && crate::names::is_port_name(name)).then_some(Missing {
        service,
        place,
        port,
        name,
        pods,
        found,
    })
}

impl Missing<'_> {
    /// An error where nobody is reached, a warning where only some are not.
    pub(super) fn severity(&self) -> Severity {
        if self.found.is_none() { Severity::Error } else { Severity::Warning }
    }

    /// Where the target port stands, or what it was taken from.
    pub(super) fn span(&self) -> Span {
        self.port.target.span.unwrap_or(self.port.span)
    }

    /// The pods in words.
    pub(super) fn who(&self, context: Context<'_>) -> String {
        words::describe_all(context.cluster, self.pods.iter().map(|pods| pods.picked.set))
    }

    /// The first few of the pods, as places.
    pub(super) fn related(&self, context: Context<'_>) -> Vec<Related> {
        let sets = self.pods.iter().take(3).map(|pods| &context.cluster.sets[pods.picked.set as usize]);
        sets.map(|set| Related {
            message: words::describe(context.cluster, set),
            span: set.meta(context.cluster).head(),
        })
        .collect()
    }
}
