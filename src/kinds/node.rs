//! Node: where node ports listen.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/>

use crate::source::Problem;

use super::fields::Fields;
use super::meta::Meta;

/// A Node and its addresses.
#[derive(Debug, Clone, Default)]
pub struct ClusterNode {
    /// Its name.
    pub meta: Meta,
    /// `status.addresses`: the type (`InternalIP`, `ExternalIP`, `Hostname`, …) and the address.
    pub addresses: Vec<(String, String)>,
    /// Whether it may keep pods away: it has taints, or something on whether it is schedulable.
    ///
    /// <https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/>
    pub is_guarded: bool,
}

impl ClusterNode {
    /// Reads a Node.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read(object, problems);
        let is_guarded =
            object.map("spec", problems, |spec, _| spec.has("taints") || spec.has("unschedulable"));
        let addresses = object.map("status", problems, |status, problems| {
            status.list("addresses", problems, |address, problems| {
                (address.text("type", problems).value, address.text("address", problems).value)
            })
        });
        Self { meta, addresses, is_guarded }
    }

    /// The address that others in its network dial: the internal IP, else the first there is.
    pub fn address(&self) -> Option<&str> {
        let internal = self.addresses.iter().find(|(kind, _)| kind == "InternalIP");
        internal
            .or(self.addresses.first())
            .map(|(_, address)| address.as_str())
            .filter(|address| !address.is_empty())
    }
}
