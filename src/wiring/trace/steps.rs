//! What a trace is made of: hops, the pods at their end, and branches where requests are divided.

use crate::source::Span;
use crate::wiring::Endpoint;

use super::Nothing;

/// Where a packet goes. Services are named by their places in the cluster, their ports by their own.
#[derive(Debug, Default)]
pub struct Trace {
    /// The places that it goes through, in order, the pods at its end among them.
    pub hops: Vec<Hop>,
    /// The pods that it may reach.
    pub ends: Vec<Endpoint>,
    /// How they share connections.
    pub shares: Shares,
    /// The Service that it comes to, and its port where the address names one that is there.
    pub target: Option<(usize, Option<usize>)>,
    /// Why it reaches nobody; `None` where it reaches somebody.
    pub nothing: Option<Nothing>,
    /// Where it goes on after the last of its hops, where a rule divides requests among several backends.
    pub branches: Vec<Branch>,
}

/// One of the backends among which a rule divides requests.
#[derive(Debug)]
pub struct Branch {
    /// The route, by its place in [`Routes::all`](crate::wiring::Routes::all).
    pub route: usize,
    /// The weight of the backend, and of all backends of the rule.
    pub weight: (i64, i64),
    /// Where it goes from there.
    pub trace: Trace,
}

/// A place on the way.
#[derive(Debug, Clone)]
pub struct Hop {
    /// What it is.
    pub step: Step,
    /// The lines that are about it.
    pub around: Option<Span>,
    /// The value among them that decides.
    pub mark: Option<Span>,
}

/// What a hop is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A node, on a node port.
    Node {
        /// Which, where it is one of the upload.
        node: Option<usize>,
        /// The address, where one was dialled.
        address: Option<String>,
        /// The port.
        port: i32,
        /// Whether the upload has no Node, so that any address may be a node's.
        assumed: bool,
        /// Other Services that ask for the same number.
        others: Vec<usize>,
    },
    /// A node, on a port that a pod of it takes for itself.
    HostPort {
        /// Which, where it is one of the upload.
        node: Option<usize>,
        /// The address, where one was dialled.
        address: Option<String>,
        /// The port.
        port: i32,
        /// Whether the upload has no Node, so that any address may be a node's.
        assumed: bool,
    },
    /// A load balancer's own address.
    LoadBalancer {
        /// The address or host name.
        address: String,
        /// The port.
        port: i32,
    },
    /// An address that somebody else routes to the nodes.
    ExternalIp {
        /// The address.
        address: String,
        /// The port.
        port: i32,
    },
    /// A route of an Ingress or of a Gateway.
    Route {
        /// The route, by its place in [`Routes::all`](crate::wiring::Routes::all); the first of those that divide requests.
        route: usize,
        /// The port that is dialled, where one is.
        port: Option<u16>,
        /// Other Ingresses that have a route of the same host and path.
        others: Vec<usize>,
        /// Whether narrower routes were passed over, since they ask for more than a host and a path.
        passed_over: bool,
        /// A route whose host is nearly the one that is asked for, which no rule names.
        near: Option<usize>,
    },
    /// A Service.
    Service {
        /// Which.
        service: usize,
        /// Its port, where there is one.
        port: Option<usize>,
        /// Its cluster IP, where that was dialled.
        address: Option<String>,
        /// The pod whose own name was dialled.
        pod: Option<String>,
        /// Whether its SRV record was asked for.
        record: bool,
    },
    /// Pods at the end, by their place in [`Trace::ends`].
    Pod(usize),
}

/// How the pods at the end share connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shares {
    /// Every pod gets one in so many; 0 where there are no pods.
    OneIn(u64),
    /// It cannot be known from the upload.
    Unknown(Unshared),
}

/// Why shares are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unshared {
    /// `externalTrafficPolicy: Local`: it depends on the node that is dialled, and on the pods' nodes.
    ExternalLocal,
    /// `internalTrafficPolicy: Local`: it depends on the client's node.
    InternalLocal,
    /// `trafficDistribution`: it depends on the zones, or nodes, of client and pods.
    Distribution,
    /// Topology hints by annotation: it depends on the zones of client and pods.
    Topology,
    /// `hostPort`: it depends on the node that is dialled.
    HostPort,
    /// The name resolves to pods that answer on other ports as well.
    OtherPorts,
    /// A headless Service's name resolves to all of its pods, and no proxy stands between them and the client.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/service/#headless-services>
    Client,
}

impl Default for Shares {
    fn default() -> Self {
        Self::OneIn(0)
    }
}

impl Trace {
    /// All pods that it may reach, each with its share of the connections where that is known.
    pub fn all_ends(&self) -> Vec<(&Endpoint, Option<f64>)> {
        let own = match self.shares {
            Shares::OneIn(pods) => Some(1.0 / pods.max(1) as f64),
            Shares::Unknown(_) => None,
        };
        let mut all: Vec<_> = self.ends.iter().map(|end| (end, own)).collect();
        for branch in &self.branches {
            let ends = branch.trace.all_ends().into_iter();
            all.extend(ends.map(|(end, share)| (end, share.map(|share| share * branch.share()))));
        }
        all
    }

    /// The Services that it comes to, each with its port where one is there.
    pub fn targets(&self) -> Vec<(usize, Option<usize>)> {
        let branches = self.branches.iter().filter_map(|branch| branch.trace.target);
        self.target.into_iter().chain(branches).collect()
    }
}

impl Branch {
    /// Its part of the requests.
    pub fn share(&self) -> f64 {
        let (weight, all) = self.weight;
        weight as f64 / all.max(1) as f64
    }
}
