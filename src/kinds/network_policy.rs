//! `NetworkPolicy`: which pods it is about. Whom it lets in is not read.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/network-policies/>

use crate::labels::LabelSelector;
use crate::source::Problem;

use super::fields::Fields;
use super::meta::Meta;
use super::workload::read_selector;

/// A `NetworkPolicy`.
#[derive(Debug, Clone, Default)]
pub struct NetworkPolicy {
    /// Its name and place.
    pub meta: Meta,
    /// `spec.podSelector`: the pods of its namespace that it is about; an empty one is about all of them.
    pub pod_selector: LabelSelector,
    /// Whether it is about what comes to these pods, as it is unless `spec.policyTypes` leaves `Ingress` out, or Kubernetes
    /// refuses whom it selects.
    ///
    /// <https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec>
    pub is_ingress: bool,
}

impl NetworkPolicy {
    /// Reads a policy.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read_whole(object, problems);
        object.map("spec", problems, |spec, problems| {
            let types = spec.strings("policyTypes", problems);
            let before = problems.len();
            let pod_selector = spec.map("podSelector", problems, read_selector);
            let is_taken = problems.len() == before;
            let is_ingress = types.is_empty() || types.iter().any(|written| written.value == "Ingress");
            Self { meta, pod_selector, is_ingress: is_taken && is_ingress }
        })
    }
}
