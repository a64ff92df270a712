//! Why an address reaches nobody.

use core::net::IpAddr;

use crate::wiring::{Owner, PortFault, Unreached};

/// Why an address reaches nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// The Service's port has nobody behind it.
    Fault {
        /// The Service.
        service: usize,
        /// Its port, where it has any.
        port: Option<usize>,
        /// Why.
        fault: PortFault,
    },
    /// No Service has this node port; with the port that was probably meant.
    NoSuchNodePort {
        /// The nearest: the Service and its port.
        near: Option<(usize, usize)>,
        /// A Service whose node port the cluster picks, so that it may be this one.
        allocated: Option<usize>,
    },
    /// No Service has this name.
    NoSuchService {
        /// The name.
        name: String,
        /// The namespace, where one was written.
        namespace: Option<String>,
        /// The nearest.
        near: Option<usize>,
    },
    /// Services of several namespaces have this name.
    SeveralServices(Vec<usize>),
    /// Nothing in the upload has this address.
    NoSuchAddress(IpAddr),
    /// Nothing in the upload has this name.
    NoSuchHost {
        /// The route whose host is nearly this one.
        near: Option<usize>,
    },
    /// Routes of this Ingress or Gateway have the host, but no path that matches, and nothing takes the rest.
    NoSuchPath(Owner),
    /// This Ingress or Gateway has the address, but all of its routes ask for a host.
    NoHostAsked(Owner),
    /// The Gateway has the address, but no listener on this port.
    NoSuchListener(usize),
    /// All backends of the rule of this route have the weight 0.
    NoWeight(usize),
    /// A route reaches no port of a Service.
    Unreached {
        /// The route, by its place in [`Routes::all`](crate::wiring::Routes::all).
        route: usize,
        /// Why.
        why: Unreached,
    },
    /// The Service has no such port; with the one that was probably meant.
    NoSuchPort {
        /// The Service.
        service: usize,
        /// The nearest.
        near: Option<usize>,
    },
    /// The Service has no port of this name and protocol, and so no SRV record; with the one that was probably meant.
    NoSuchRecord {
        /// The Service.
        service: usize,
        /// The nearest.
        near: Option<usize>,
    },
    /// The Service has several ports, and the address names none.
    WhichPort(usize),
    /// The port takes another protocol.
    WrongProtocol {
        /// The Service.
        service: usize,
        /// Its port.
        port: usize,
    },
    /// The Service is another name for a host outside the cluster.
    ExternalName(usize),
    /// The Service is another name for another Service, and so on, in a ring or further than is followed.
    TooManyNames(usize),
    /// The Service gives this pod no name of its own.
    NoPodName {
        /// The Service.
        service: usize,
        /// Why.
        why: NoPodName,
    },
    /// The pod is dialled on a port, and the address names none; by its place in
    /// [`Cluster::sets`](crate::cluster::Cluster::sets).
    WhichPodPort(u32),
    /// kube-proxy itself answers there, for the load balancer of this Service.
    HealthCheck(usize),
    /// A traffic policy is `Local`, and no pod of the Service is on the node, or on any.
    NoLocalPod {
        /// The Service.
        service: usize,
        /// The node; `None` for whichever.
        node: Option<usize>,
        /// Whether `internalTrafficPolicy` asks, rather than `externalTrafficPolicy`.
        inside: bool,
    },
}

/// Why a pod has no name of its own below a Service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPodName {
    /// The Service is not headless.
    NotHeadless,
    /// The Service selects no pod of a `StatefulSet` that has this name.
    NotThere,
    /// The `StatefulSet`, by its place among the workloads, names its pods below another Service.
    OtherService(usize),
}
