//! Which route of the Ingresses takes a request, by the host and path that it asks for.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/ingress/#examples>

use core::cmp::Reverse;

use crate::cluster::Cluster;
use crate::kinds::ingress::{Ingress, Route};
use crate::names::nearest;

use super::{Nothing, places::Place};

/// What a host of a rule is to the host that is asked for; the more exact goes first.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Wildcard,
    Any,
}

/// The route that takes requests for a host which rules name.
pub(super) fn by_host(cluster: &Cluster, host: &str, path: &str) -> Option<Result<Place, Nothing>> {
    let fit = |route: &Route| fits(&route.host.value, host);
    let named = routes(cluster).filter(|(.., route)| !route.is_default);
    let fit_of_host = named.clone().filter_map(|(.., route)| fit(route)).min()?;
    if fit_of_host == Fit::Any {
        return None;
    }
    let of_host: Vec<_> = named.filter(|(.., route)| fit(route) == Some(fit_of_host)).collect();
    let taken = choose(of_host.iter().copied(), path).or_else(|| {
        // What no path takes goes to the default backend of the Ingress that has the host.
        let defaults =
            |ingress: usize| routes(cluster).filter(move |(id, _, at)| *id == ingress && at.is_default);
        choose(of_host.iter().flat_map(|(ingress, ..)| defaults(*ingress)), path)
    });
    Some(taken.ok_or(Nothing::NoSuchPath(of_host.first()?.0)))
}

/// The route that takes requests for a host which no rule names: of these Ingresses, those that ask for no host.
pub(super) fn for_any_host(
    cluster: &Cluster,
    path: &str,
    is_asked: impl Fn(&Ingress) -> bool,
) -> Option<Place> {
    let asked = routes(cluster).filter(|(id, ..)| is_asked(&cluster.ingresses[*id]));
    let (defaults, hostless): (Vec<_>, Vec<_>) =
        asked.filter(|(.., route)| route.host.value.is_empty()).partition(|(.., route)| route.is_default);
    choose(hostless.into_iter(), path).or_else(|| choose(defaults.into_iter(), path))
}

/// The route whose host was probably meant.
pub(super) fn near_host(cluster: &Cluster, host: &str) -> Option<(usize, usize)> {
    let near = nearest(host, routes(cluster).map(|(.., route)| route.host.value.as_str()))?;
    routes(cluster).find(|(.., route)| route.host.value == near).map(|(ingress, route, _)| (ingress, route))
}

fn routes(cluster: &Cluster) -> impl Iterator<Item = (usize, usize, &Route)> + Clone {
    let ingresses = cluster.ingresses.iter().enumerate();
    ingresses
        .flat_map(|(id, ingress)| ingress.routes.iter().enumerate().map(move |(at, route)| (id, at, route)))
}

/// The longest path that matches; of two that are the same, the exact one; and whoever else has the same.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches>
fn choose<'c>(routes: impl Iterator<Item = (usize, usize, &'c Route)>, path: &str) -> Option<Place> {
    let rank = |route: &Route| {
        let written = route.path.value.trim_end_matches('/');
        Reverse((written.len(), route.path_type.value == "Exact"))
    };
    let mut taking: Vec<_> = routes.filter(|(.., route)| takes(route, path)).collect();
    taking.sort_by_key(|(.., route)| rank(route));
    let &(ingress, route, first) = taking.first()?;
    let same = taking[1..].iter().take_while(|(.., other)| rank(other) == rank(first));
    let others = same.map(|(ingress, ..)| *ingress).filter(|other| *other != ingress).collect();
    Some(Place::Route { ingress, route, others })
}

fn fits(pattern: &str, host: &str) -> Option<Fit> {
    let wild = || pattern.strip_prefix("*.").zip(host.split_once('.'));
    if pattern.is_empty() {
        Some(Fit::Any)
    } else if pattern.eq_ignore_ascii_case(host) {
        Some(Fit::Same)
    } else {
        wild().filter(|(domain, (_, rest))| domain.eq_ignore_ascii_case(rest)).map(|_| Fit::Wildcard)
    }
}

/// Whether a route takes a path; how a controller reads a path without a type is its own choice, and taken for a prefix.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types>
fn takes(route: &Route, path: &str) -> bool {
    let written = route.path.value.as_str();
    if route.path_type.value == "Exact" {
        return written == path;
    }
    let prefix = written.trim_end_matches('/');
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of Kubernetes' documentation.
    #[test]
    fn paths_match_as_documented() {
        for (kind, written, asked, matches) in [
            ("Prefix", "/", "/any/path", true),
            ("Exact", "/foo", "/foo", true),
            ("Exact", "/foo", "/bar", false),
            ("Exact", "/foo", "/foo/", false),
            ("Exact", "/foo/", "/foo", false),
            ("Prefix", "/foo", "/foo", true),
            ("Prefix", "/foo", "/foo/", true),
            ("Prefix", "/foo/", "/foo", true),
            ("Prefix", "/foo/", "/foo/", true),
            ("Prefix", "/aaa/bb", "/aaa/bbb", false),
            ("Prefix", "/aaa/bbb", "/aaa/bbb", true),
            ("Prefix", "/aaa/bbb/", "/aaa/bbb", true),
            ("Prefix", "/aaa/bbb", "/aaa/bbb/", true),
            ("Prefix", "/aaa/bbb", "/aaa/bbb/ccc", true),
            ("Prefix", "/aaa/bbb", "/aaa/bbbxyz", false),
            ("Prefix", "/foo", "/Foo", false),
            ("", "", "/anything", true),
            ("ImplementationSpecific", "/foo", "/foo/bar", true),
        ] {
            let mut route = Route::default();
            written.clone_into(&mut route.path.value);
            kind.clone_into(&mut route.path_type.value);
            assert_eq!(takes(&route, asked), matches, "{kind} {written} {asked}");
        }
    }

    #[test]
    fn hosts_match_as_documented() {
        for (pattern, host, fit) in [
            ("bar.foo.com", "bar.foo.com", Some(Fit::Same)),
            ("Bar.foo.com", "bar.foo.com", Some(Fit::Same)),
            ("*.foo.com", "bar.foo.com", Some(Fit::Wildcard)),
            ("*.foo.com", "baz.bar.foo.com", None),
            ("*.foo.com", "foo.com", None),
            ("", "foo.com", Some(Fit::Any)),
            ("bar.foo.com", "foo.com", None),
        ] {
            assert_eq!(fits(pattern, host), fit, "{pattern} {host}");
        }
    }
}
