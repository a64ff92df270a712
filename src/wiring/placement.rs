//! On which nodes endpoints are, as far as the upload tells: what the traffic policy `Local` asks.
//!
//! kube-proxy takes an endpoint for local where its `nodeName` is the node's own name, and no other.
//! <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/topology.go> (`CategorizeEndpoints`)

use std::collections::{BTreeMap, BTreeSet};

use crate::cluster::{Cluster, From};
use crate::kinds::node::ClusterNode;
use crate::kinds::pod::PodSpec;

use super::{Endpoint, Who};

/// The nodes of a cluster as the endpoints of a port see them, by name: those of the upload in its order, then those
/// that only pods name.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Placement<'c> {
    /// Nodes with an endpoint that gets traffic.
    pub with: Vec<&'c str>,
    /// Nodes that have none.
    pub without: Vec<&'c str>,
    /// Nodes of which that is not known.
    pub unknown: Vec<&'c str>,
    /// Whether endpoints may be on nodes that the upload does not name.
    pub elsewhere: bool,
}

/// Whether something is on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Local {
    /// It is not.
    No,
    /// It may be.
    Maybe,
    /// It is.
    Yes,
}

/// What an upload says of the place of endpoints.
#[derive(Debug, Clone, Copy)]
enum Place<'c> {
    /// On the node of this name.
    On(&'c str),
    /// On no node that kube-proxy would call its own.
    Nowhere,
    /// On every node that takes pods like this.
    OnEvery(&'c PodSpec),
    /// On one or some of the nodes that take pods like this.
    OnSome(&'c PodSpec),
}

/// What pods ask of a node: whether of every one, whether by affinity too, and its labels.
type Wish<'c> = (bool, bool, Vec<(&'c str, &'c str)>);

fn asked(spec: &PodSpec) -> Vec<(&str, &str)> {
    spec.rest.node_selector.pairs().collect()
}

impl<'c> Placement<'c> {
    /// Where those of some endpoints are that get traffic.
    pub fn of(cluster: &'c Cluster, endpoints: &[Endpoint]) -> Self {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        // Most pods are alike in what they ask of a node, which is asked of each node once.
        let mut open: BTreeMap<Wish<'_>, Place<'_>> = BTreeMap::new();
        for endpoint in endpoints.iter().filter(|endpoint| endpoint.gets_traffic()) {
            match place(cluster, endpoint.answer.who) {
                Place::On(name) => _ = named.insert(name),
                Place::Nowhere => {}
                place @ Place::OnEvery(spec) => {
                    open.insert((true, spec.rest.has_affinity, asked(spec)), place);
                }
                place @ Place::OnSome(spec) => {
                    open.insert((false, spec.rest.has_affinity, asked(spec)), place);
                }
            }
        }
        let mut placement =
            Self { elsewhere: cluster.nodes.is_empty() && !open.is_empty(), ..Self::default() };
        let mut locals = vec![Local::No; cluster.nodes.len()];
        for place in open.values() {
            for node in place.takers(cluster) {
                locals[node] = locals[node].max(place.holds(&cluster.nodes[node]));
            }
        }
        for (node, local) in cluster.nodes.iter().zip(locals) {
            let name = node.meta.name.value.as_str();
            match if named.remove(name) { Local::Yes } else { local } {
                Local::Yes => placement.with.push(name),
                Local::No => placement.without.push(name),
                Local::Maybe => placement.unknown.push(name),
            }
        }
        placement.with.extend(named);
        placement
    }

    /// Whether it is known of every node.
    pub fn is_known(&self) -> bool {
        self.unknown.is_empty() && !self.elsewhere
    }

    /// Whether no node has an endpoint, for sure.
    pub fn is_nowhere(&self) -> bool {
        self.with.is_empty() && self.is_known()
    }
}

/// Whether an endpoint is on a node.
pub fn is_on(cluster: &Cluster, who: Who, node: &ClusterNode) -> Local {
    place(cluster, who).holds(node)
}

/// Whether an endpoint is on a node of which no more than its name is known.
pub fn is_on_named(cluster: &Cluster, who: Who, name: &str) -> Local {
    match place(cluster, who) {
        Place::On(node) if node == name => Local::Yes,
        Place::On(_) | Place::Nowhere => Local::No,
        Place::OnEvery(_) | Place::OnSome(_) => Local::Maybe,
    }
}

/// Whether all pods or addresses of an endpoint are on one node, and on which.
pub fn only_node(cluster: &Cluster, who: Who) -> Option<&str> {
    match place(cluster, who) {
        Place::On(name) => Some(name),
        _ => None,
    }
}

fn place(cluster: &Cluster, who: Who) -> Place<'_> {
    let set = match who {
        Who::Address(listed) => {
            let name = listed.entry(cluster).node_name.value.as_str();
            return if name.is_empty() { Place::Nowhere } else { Place::On(name) };
        }
        Who::Pods(picked) => &cluster.sets[picked.set as usize],
    };
    let spec = set.spec(cluster);
    if !spec.rest.node_name.value.is_empty() {
        return Place::On(&spec.rest.node_name.value);
    }
    if let From::Template(workload) = set.from
        && cluster.workloads[workload].on_every_node
    {
        return Place::OnEvery(spec);
    }
    // The one node that takes them has all of them; two are enough to know that there is a choice.
    let mut takers = cluster.nodes_with(&spec.rest.node_selector).map(|node| &cluster.nodes[node]);
    match (takers.next(), takers.next()) {
        (Some(only), None) if takes(only, spec) => Place::On(&only.meta.name.value),
        _ => Place::OnSome(spec),
    }
}

impl<'c> Place<'c> {
    /// The nodes where some of them may be, where more than one may.
    fn takers(self, cluster: &'c Cluster) -> impl Iterator<Item = usize> + 'c {
        let spec = match self {
            Place::OnEvery(spec) | Place::OnSome(spec) => Some(spec),
            Place::On(_) | Place::Nowhere => None,
        };
        spec.into_iter().flat_map(|spec| cluster.nodes_with(&spec.rest.node_selector))
    }

    fn holds(self, node: &ClusterNode) -> Local {
        match self {
            Place::On(name) if name == node.meta.name.value => Local::Yes,
            Place::OnEvery(spec) if takes(node, spec) => Local::Yes,
            Place::OnEvery(spec) | Place::OnSome(spec) if may_take(node, spec) => Local::Maybe,
            _ => Local::No,
        }
    }
}

/// Whether the scheduler may place a pod on a node.
fn may_take(node: &ClusterNode, spec: &PodSpec) -> bool {
    node.meta.labels.contains_all(&spec.rest.node_selector)
}

/// Whether nothing keeps a pod away from a node: what taints and affinity come to is not looked at.
fn takes(node: &ClusterNode, spec: &PodSpec) -> bool {
    may_take(node, spec) && !node.is_guarded && !spec.rest.has_affinity
}
