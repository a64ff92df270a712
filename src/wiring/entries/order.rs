//! Which of several routes that match a request is taken.
//!
//! <https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule>

use std::cmp::Reverse;

use super::{Door, Origin, Route};
use crate::cluster::Cluster;
use crate::kinds::gateway_route::{By, Match};

/// Puts the routes of Gateways in order: door by door, and at each the one that is tried first before the others. Equal
/// ones stay in the order of namespace and name, and within an object in that of the text; when objects were created,
/// which comes before their names, manifests do not say.
pub(super) fn by_precedence(cluster: &Cluster, routes: &mut [Route]) {
    // What a Gateway refuses stands after what its listeners take.
    let door = |route: &Route| match route.door {
        Door::Gateway(gateway, None) => Door::Gateway(gateway, Some(usize::MAX)),
        door => door,
    };
    routes.sort_by_cached_key(|route| {
        let (matched, object) = match route.origin {
            Origin::Rule { route, rule, matched, .. } => {
                let object = &cluster.gateway_routes[route];
                (Some(&object.rules[rule].matches[matched]), Some(&object.meta))
            }
            Origin::Path { .. } => (None, None),
        };
        let name = object.map(|meta| (meta.namespace.clone(), meta.name.value.clone()));
        (door(route), host(&route.host), matched.map(rank), name, route.origin)
    });
}

/// The longest host without a wildcard first, then the longest with one.
fn host(host: &str) -> (Reverse<usize>, Reverse<usize>) {
    let exact = if host.starts_with('*') { 0 } else { host.len() };
    (Reverse(exact), Reverse(host.len()))
}

/// Exact paths, then patterns (whose place is the implementation's own affair), then the longest beginning; then what asks
/// for a method, for more headers, for more parameters.
fn rank(at: &Match) -> (u8, Reverse<usize>, bool, Reverse<usize>, Reverse<usize>) {
    let by = match at.by {
        By::Exact => 0,
        By::Pattern => 1,
        By::Prefix => 2,
    };
    let length = if at.by == By::Exact { 0 } else { at.path.len() };
    (by, Reverse(length), at.method.value.is_empty(), Reverse(at.headers), Reverse(at.params))
}
