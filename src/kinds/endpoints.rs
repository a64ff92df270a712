//! Endpoints: what a Service's addresses were written in before there were slices. Kubernetes mirrors them to slices.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/>

use crate::source::Problem;

use super::endpoint_slice::{EndpointSlice, SliceEndpoint, SlicePorts, target_pod};
use super::fields::{Fields, Written};
use super::meta::Meta;

/// The label that keeps an Endpoints object from being mirrored.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#endpointslicekubernetesioskip-mirror>
const SKIP_MIRROR_LABEL: &str = "endpointslice.kubernetes.io/skip-mirror";

/// An Endpoints object. It speaks for the Service of its own name.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    /// Its name, which is the Service's.
    pub meta: Meta,
    /// Its subsets as the slices that Kubernetes makes of them; none where it is not to be mirrored.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#endpointslice-mirroring>
    pub mirrored: Vec<EndpointSlice>,
}

impl Endpoints {
    /// Reads an Endpoints object.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read(object, problems);
        let mut mirrored = object.list("subsets", problems, |subset, problems| {
            let mut endpoints = addresses(subset, "addresses", true, problems);
            endpoints.extend(addresses(subset, "notReadyAddresses", false, problems));
            EndpointSlice {
                service: meta.name.clone(),
                endpoints,
                ports: SlicePorts::read(subset, problems),
                ..EndpointSlice::default()
            }
        });
        if mirrored.is_empty() {
            mirrored.push(EndpointSlice { service: meta.name.clone(), ..EndpointSlice::default() });
        }
        if meta.labels.get(SKIP_MIRROR_LABEL) == Some("true") {
            mirrored.clear();
        }
        Self { meta, mirrored }
    }
}

fn addresses(
    subset: &Fields<'_, '_>,
    key: &str,
    ready: bool,
    problems: &mut Vec<Problem>,
) -> Vec<SliceEndpoint> {
    subset.list(key, problems, |address, problems| {
        let ip = address.text("ip", problems);
        SliceEndpoint {
            addresses: vec![Written { value: ip.value, span: ip.span }],
            ready,
            serving: ready,
            terminating: false,
            hostname: address.text("hostname", problems).value,
            node_name: address.text("nodeName", problems),
            pod: address.map("targetRef", problems, target_pod),
            span: address.span,
        }
    })
}
