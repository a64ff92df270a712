//! What is broken, for a board of that alone.

use rustc_hash::FxHashSet;

use super::chosen::{Chosen, is_cut};
use crate::cluster::Cluster;
use crate::finding::{Finding, Severity};
use crate::kinds::meta::Meta;
use crate::names::ObjectRef;
use crate::wiring::{Origin, Owner, Unreached, Wiring};

impl Chosen {
    /// What something is wrong with: the Services, also those that a faulty route leads to, without which its wire would
    /// lead nowhere; and the cards of routes that are faulty or have a faulty route.
    pub fn broken(cluster: &Cluster, wiring: &Wiring, findings: &[Finding]) -> Self {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: FxHashSet<&ObjectRef> = errors.map(|finding| &finding.object).collect();
        let has_error = |meta: &Meta| !errors.is_empty() && errors.contains(&meta.reference());

        let services = cluster.services.iter().enumerate();
        let services =
            services.filter(|(id, service)| has_error(&service.meta) || is_cut(cluster, wiring, *id));
        let mut broken = Self { services: services.map(|(id, _)| id).collect(), ..Self::default() };

        let idle = cluster.gateways.iter().enumerate().filter(|(_, gateway)| has_error(&gateway.meta));
        broken.owners.extend(idle.map(|(id, _)| Owner::Gateway(id)));
        for route in &wiring.routes.all {
            let owner = match route.owner() {
                Owner::Ingress(id) => &cluster.ingresses[id].meta,
                Owner::Gateway(id) => &cluster.gateways[id].meta,
                Owner::Route(id) => &cluster.gateway_routes[id].meta,
            };
            let own = match route.origin {
                Origin::Rule { route, .. } => &cluster.gateway_routes[route].meta,
                Origin::Path { ingress, .. } => &cluster.ingresses[ingress].meta,
            };
            let is_faulty = has_error(owner) || has_error(own);
            if is_faulty || route.reach.err().is_some_and(Unreached::is_broken) {
                broken.owners.insert(route.owner());
            }
            if let (true, Ok(reach)) = (is_faulty, route.reach) {
                broken.services.push(reach.service);
            }
        }
        broken.services.sort_unstable();
        broken.services.dedup();
        broken
    }
}
