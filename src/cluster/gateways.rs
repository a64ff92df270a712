//! Looking up Gateways, what may be named across namespaces, and the classes of Ingresses.

use super::Cluster;
use crate::kinds::gateway_route::{GatewayRoute, ParentRef};
use crate::kinds::ingress::Ingress;
use crate::kinds::reference_grant::{Crossing, ReferenceGrant};

impl Cluster {
    /// The Gateway of a namespace and name, by its place in [`Cluster::gateways`].
    pub fn gateway(&self, namespace: &str, name: &str) -> Option<usize> {
        self.gateways_by_name.one(namespace, name)
    }

    /// The Gateways of a namespace, by their places in [`Cluster::gateways`].
    pub fn gateways_in(&self, namespace: &str) -> &[usize] {
        self.gateways_by_name.within(namespace)
    }

    /// The Gateways of a name, in whichever namespace, by their places in [`Cluster::gateways`].
    pub fn gateways_named(&self, name: &str) -> &[usize] {
        self.gateways_by_name.named(name)
    }

    /// The grants of a namespace.
    pub fn grants_in(&self, namespace: &str) -> impl Iterator<Item = &ReferenceGrant> {
        self.grants_by_name.within(namespace).iter().map(|id| &self.grants[*id])
    }

    /// Whether something of a namespace may be named from another one.
    pub fn is_granted(&self, crossing: Crossing<'_>) -> bool {
        self.granted.contains(&granted(crossing))
            || self.granted.contains(&granted(Crossing { name: "", ..crossing }))
    }

    /// At least as many rows as the routes of Gateways make: each backend of each match, for each host and listener.
    pub fn most_routes(&self) -> u64 {
        let of = |route: &GatewayRoute| {
            let rows = route.rows();
            let by = route.parents.iter().map(|parent| self.most_routes_by(route, rows, parent));
            by.fold(0, u64::saturating_add)
        };
        self.gateway_routes.iter().map(of).fold(0, u64::saturating_add)
    }

    /// The same of one of the parents of a route, whose rules have so many rows.
    pub fn most_routes_by(&self, route: &GatewayRoute, rows: u64, parent: &ParentRef) -> u64 {
        let namespace = Some(parent.namespace.value.as_str()).filter(|name| !name.is_empty());
        let gateway = || self.gateway(namespace.unwrap_or(&route.meta.namespace), &parent.name.value);
        let listeners = match gateway().filter(|_| parent.section.value.is_empty()) {
            Some(gateway) => self.gateways[gateway].listeners.len().max(1) as u64,
            None => 1,
        };
        rows.saturating_mul(listeners).saturating_mul(route.hostnames.len().max(1) as u64)
    }

    /// The class that an Ingress is of: the one that it names, else the default of this upload; and whether it is that.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class>
    pub fn class_of<'c>(&'c self, ingress: &'c Ingress) -> (&'c str, bool) {
        if !ingress.class.value.is_empty() {
            return (&ingress.class.value, false);
        }
        let default = self.ingress_classes.iter().find(|class| class.is_default);
        default.map_or(("", false), |class| (class.meta.name.value.as_str(), true))
    }
}

/// A crossing that some grant allows: both kinds with their groups, both namespaces, and the name.
pub(super) type Granted = [String; 7];

pub(super) fn granted(crossing: Crossing<'_>) -> Granted {
    let Crossing { from, from_namespace, to, to_namespace, name } = crossing;
    [from.group, from.kind, from_namespace, to.group, to.kind, to_namespace, name].map(str::to_owned)
}
