//! Which route of the Ingresses and Gateways takes a request, by the host and path that it asks for.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/ingress/#examples>

use core::cmp::Reverse;

use crate::cluster::Cluster;
use crate::kinds::ingress::{Ingress, Route};
use crate::names::nearest;
use crate::port::Protocol;
use crate::wiring::{Owner, Routes};

use super::{Address, Nothing};

/// The routes that take a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken {
    /// By their places in [`Routes::all`]: one, or all backends of a rule that divides requests.
    pub routes: Vec<usize>,
    /// Other Ingresses that have a route of the same host and path.
    pub others: Vec<usize>,
    /// Whether narrower routes were passed over, since they ask for more than a host and a path.
    pub passed_over: bool,
    /// A route whose host is nearly the one that is asked for, which no rule names.
    pub near: Option<usize>,
}

/// A request on its way to a route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Requests<'a> {
    pub cluster: &'a Cluster,
    pub routes: &'a Routes,
    pub to: &'a Address,
}

impl<'a> Requests<'a> {
    /// The path that is asked for.
    pub(super) fn path(self) -> &'a str {
        self.to.path.as_deref().unwrap_or("/")
    }

    /// The route behind an Ingress's or Gateway's own address, where no host is asked for that a rule could name.
    pub(super) fn at_address(self, is: impl Fn(&str) -> bool) -> Result<Option<Taken>, Nothing> {
        if let Some(taken) = self.at_gateway(&is) {
            return taken.map(Some);
        }
        let is_asked = |ingress: &Ingress| ingress.addresses.iter().any(|address| is(&address.value));
        let Some(ingress) = self.cluster.ingresses.iter().position(is_asked) else { return Ok(None) };
        let taken = self.hostless_ingress(is_asked);
        taken.map(Some).ok_or(Nothing::NoHostAsked(Owner::Ingress(ingress)))
    }

    /// The route of a host that routes name; `None` where none does.
    pub(super) fn of_host(self, host: &str) -> Option<Result<Taken, Nothing>> {
        if self.to.dials() != Protocol::Tcp {
            return None;
        }
        self.ingress_of_host(host).or_else(|| self.gateway_of_host(host))
    }

    /// The route of a URL whose host nothing in the upload is called: one that asks for no host. `nothing` is why nothing
    /// is called so.
    pub(super) fn of_any_host(self, host: &str, nothing: Nothing) -> Result<Taken, Nothing> {
        if matches!(&nothing, Nothing::NoSuchService { near: Some(_), .. } | Nothing::SeveralServices(_)) {
            return Err(nothing);
        }
        let near = self.near_host(host);
        let asked = self.to.path.is_some();
        let any = || self.hostless_ingress(|_| true).or_else(|| self.hostless_gateway());
        match asked.then(any).flatten() {
            Some(taken) => Ok(Taken { near, ..taken }),
            None if near.is_some() => Err(Nothing::NoSuchHost { near }),
            None => Err(nothing),
        }
    }

    /// The route whose host was probably meant.
    fn near_host(self, host: &str) -> Option<usize> {
        let hosts = self.routes.all.iter().map(|route| route.host.as_str());
        let near = nearest(host, hosts.filter(|host| !host.is_empty()))?;
        self.routes.all.iter().position(|route| route.host == near)
    }

    fn ingress_of_host(self, host: &str) -> Option<Result<Taken, Nothing>> {
        let fit = |route: &Route| fits(&route.host.value, host);
        let named = self.of_ingresses().filter(|(.., route)| !route.is_default);
        let fit_of_host = named.clone().filter_map(|(.., route)| fit(route)).min()?;
        if fit_of_host == Fit::Any {
            return None;
        }
        let of_host: Vec<_> = named.filter(|(.., route)| fit(route) == Some(fit_of_host)).collect();
        let taken = self.choose(of_host.iter().copied()).or_else(|| {
            // What no path takes goes to the default backend of the Ingress that has the host.
            let has_host = |ingress: usize| of_host.iter().any(|(id, ..)| *id == ingress);
            self.choose(self.of_ingresses().filter(|(id, _, at)| at.is_default && has_host(*id)))
        });
        Some(taken.ok_or(Nothing::NoSuchPath(Owner::Ingress(of_host.first()?.0))))
    }

    /// Of some Ingresses, the route that takes requests for a host which no rule names.
    fn hostless_ingress(self, is_asked: impl Fn(&Ingress) -> bool) -> Option<Taken> {
        let asked = self.of_ingresses().filter(|(id, ..)| is_asked(&self.cluster.ingresses[*id]));
        let hostless = asked.filter(|(.., route)| route.host.value.is_empty());
        let (defaults, others): (Vec<_>, Vec<_>) = hostless.partition(|(.., route)| route.is_default);
        self.choose(others.into_iter()).or_else(|| self.choose(defaults.into_iter()))
    }

    fn of_ingresses(self) -> impl Iterator<Item = (usize, usize, &'a Route)> + Clone {
        let ingresses = self.cluster.ingresses.iter().enumerate();
        ingresses.flat_map(|(id, ingress)| {
            ingress.routes.iter().enumerate().map(move |(at, route)| (id, at, route))
        })
    }

    /// The longest path that matches; of two that are the same, the exact one; and whoever else has the same.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches>
    fn choose(self, routes: impl Iterator<Item = (usize, usize, &'a Route)>) -> Option<Taken> {
        let rank = |route: &Route| {
            let written = route.path.value.trim_end_matches('/');
            Reverse((written.len(), route.path_type.value == "Exact"))
        };
        let mut taking: Vec<_> = routes.filter(|(.., route)| takes(route, self.path())).collect();
        taking.sort_by_key(|(.., route)| rank(route));
        let &(ingress, path, first) = taking.first()?;
        let same = taking[1..].iter().take_while(|(.., other)| rank(other) == rank(first));
        let others = same.map(|(ingress, ..)| *ingress).filter(|other| *other != ingress).collect();
        Some(Taken { routes: vec![self.routes.of_path(ingress, path)], others, ..Taken::default() })
    }
}

/// What a host of a rule is to the host that is asked for; the more exact goes first.
///
/// <https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Wildcard,
    Any,
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
    if route.path_type.value == "Exact" { written == path } else { begins(path, written) }
}

/// Whether a path begins with another, whole element by whole element.
pub(super) fn begins(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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
