//! The routes of Ingresses and Gateways: by which door requests come in, which of them a route takes, and which Service
//! port it leads to.

mod order;
mod said;

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::attach::{Attacher, Parent};
use super::backends::{Follower, Reach, Unreached};
use crate::cluster::Cluster;
use crate::kinds::gateway_route::{GatewayRoute, Rule};
use crate::port::Protocol;

pub use said::Said;

/// Where the routes of Ingresses and Gateways lead, and which routes lead to a Service port.
#[derive(Debug, Default)]
pub struct Routes {
    /// Every route, door by door: those of the Ingresses as they are written, those of each listener of each Gateway in the
    /// order in which they are tried, then those that a Gateway refuses, then those of doors outside this upload.
    pub all: Vec<Route>,
    /// For each of [`Cluster::gateway_routes`], what became of each of its parents.
    pub parents: Vec<Vec<Parent>>,
    /// For each of [`Cluster::gateway_routes`] and each of its rules: its backends, then those that get copies.
    pub backends: Vec<Vec<Vec<Result<Reach, Unreached>>>>,
    /// For each of [`Cluster::ingresses`], where its routes begin.
    of_ingress: Vec<usize>,
    to: FxHashMap<(usize, usize), Vec<usize>>,
}

/// One way of requests from a door to a backend.
#[derive(Debug, Clone)]
pub struct Route {
    /// Where requests come in.
    pub door: Door,
    /// Where it is written.
    pub origin: Origin,
    /// The host that they ask for; empty for any.
    pub host: String,
    /// What it reaches.
    pub reach: Result<Reach, Unreached>,
    /// Whether the upload itself says that the door takes the route.
    pub is_sure: bool,
}

/// Where requests come in, by places in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// An Ingress.
    Ingress(usize),
    /// A Gateway, and the one of its listeners; none where the Gateway refuses the route.
    Gateway(usize, Option<usize>),
    /// Whatever a route is attached to by a parent that is not in this upload: the route, and which parent.
    Parent(usize, usize),
}

/// Where a route is written, by places in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A path of an Ingress.
    Path {
        /// The Ingress.
        ingress: usize,
        /// The path.
        path: usize,
    },
    /// A match and a backend of a rule.
    Rule {
        /// The route object.
        route: usize,
        /// The rule.
        rule: usize,
        /// Which of its matches.
        matched: usize,
        /// Which of its backends, counting those that get copies after the others; none where no backend is asked.
        backend: Option<usize>,
    },
}

/// What stands on one card: an Ingress, a Gateway, or a route whose Gateway is elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// An Ingress.
    Ingress(usize),
    /// A Gateway.
    Gateway(usize),
    /// A route.
    Route(usize),
}

/// The most routes of Gateways that are followed: a few lines can ask for millions, as every backend of every match is one
/// for each host and listener.
pub const MOST_ROUTES: u64 = 50_000;
/// The most pairs of a listener's host and a route's that are compared.
const MOST_PAIRS: u64 = 2_000_000;

/// Follows every route of every Ingress and Gateway.
pub fn wire(cluster: &Cluster) -> Routes {
    let mut routes = Routes::default();
    let mut follower = Follower::new(cluster);
    for (id, ingress) in cluster.ingresses.iter().enumerate() {
        routes.of_ingress.push(routes.all.len());
        for (path, route) in ingress.routes.iter().enumerate() {
            let reach = follower.follow(&ingress.meta.namespace, route.backend.target(), &Protocol::Tcp);
            routes.all.push(Route {
                door: Door::Ingress(id),
                origin: Origin::Path { ingress: id, path },
                host: route.host.value.clone(),
                reach,
                is_sure: true,
            });
        }
    }
    let mut attacher = Attacher::new(cluster);
    let mut at_gateways = Vec::new();
    let (mut room, mut pairs) = (MOST_ROUTES, MOST_PAIRS);
    for (id, route) in cluster.gateway_routes.iter().enumerate() {
        let mut led = Vec::with_capacity(route.rules.len());
        for rule in &route.rules {
            led.push(rule.all_backends().map(|backend| follower.follow_ref(route, backend)).collect());
        }
        let rows = route.rows();
        let attach = |parent| {
            pairs = pairs.checked_sub(cluster.most_routes_by(route, 1, parent))?;
            let became = attacher.attach(route, parent);
            let hosts = match &became {
                Parent::Attached { listeners, .. } => listeners.iter().map(|at| at.hosts.len()).sum(),
                _ => route.hostnames.len().max(1),
            };
            room = room.checked_sub(rows.saturating_mul(hosts as u64))?;
            Some(became)
        };
        let parents = route.parents.iter().map(attach).map(|became| became.unwrap_or(Parent::TooMany));
        let parents: Vec<Parent> = parents.collect();
        for (place, parent) in parents.iter().enumerate() {
            spread(&mut at_gateways, (id, route), &led, (place, parent));
        }
        routes.parents.push(parents);
        routes.backends.push(led);
    }
    order::by_precedence(cluster, &mut at_gateways);
    routes.all.extend(at_gateways);
    for (id, route) in routes.all.iter().enumerate() {
        if let Ok(reach) = route.reach {
            let key = (reach.service, reach.port.unwrap_or_default());
            routes.to.entry(key).or_default().push(id);
        }
    }
    routes
}

/// All ways by which requests take a route that came in by one of its parents.
fn spread(
    out: &mut Vec<Route>,
    (id, route): (usize, &GatewayRoute),
    led: &[Vec<Result<Reach, Unreached>>],
    (place, parent): (usize, &Parent),
) {
    // Only where it is asked for: parents that are too many to be followed may be as many as hosts.
    let written = || {
        let mut hosts: Vec<String> = route.hostnames.iter().map(|host| host.value.clone()).collect();
        if hosts.is_empty() {
            hosts.push(String::new());
        }
        hosts
    };
    match parent {
        Parent::Attached { gateway, listeners } => {
            for at in listeners {
                let door = Door::Gateway(*gateway, Some(at.listener));
                for_each(route, &at.hosts, |host, rule, matched| {
                    push_backends(out, door, host, (id, rule, matched), led, &route.rules[rule], at.is_sure);
                });
            }
        }
        Parent::Elsewhere(_) => for_each(route, &written(), |host, rule, matched| {
            let door = Door::Parent(id, place);
            push_backends(out, door, host, (id, rule, matched), led, &route.rules[rule], false);
        }),
        Parent::Refused(why) => for_each(route, &written(), |host, rule, matched| {
            out.push(Route {
                door: Door::Gateway(why.gateway(), None),
                origin: Origin::Rule { route: id, rule, matched, backend: None },
                host: host.to_owned(),
                reach: Err(Unreached::Refused(*why)),
                is_sure: true,
            });
        }),
        Parent::TooMany => {}
    }
}

fn for_each(route: &GatewayRoute, hosts: &[String], mut each: impl FnMut(&str, usize, usize)) {
    for host in hosts {
        for (rule, at) in route.rules.iter().enumerate() {
            for matched in 0..at.matches.len() {
                each(host, rule, matched);
            }
        }
    }
}

fn push_backends(
    out: &mut Vec<Route>,
    door: Door,
    host: &str,
    (route, rule, matched): (usize, usize, usize),
    led: &[Vec<Result<Reach, Unreached>>],
    at: &Rule,
    is_sure: bool,
) {
    let mut push = |backend, reach| {
        let origin = Origin::Rule { route, rule, matched, backend };
        out.push(Route { door, origin, host: host.to_owned(), reach, is_sure });
    };
    if at.backends.is_empty() {
        let why = if at.redirects() {
            Unreached::Redirect
        } else if at.has_extension() {
            Unreached::Resource
        } else {
            Unreached::Nothing
        };
        push(None, Err(why));
    }
    for (backend, reach) in led.get(rule).into_iter().flatten().enumerate() {
        push(Some(backend), *reach);
    }
}

impl Routes {
    /// The routes that lead to a port of a Service, by their places in [`Routes::all`].
    pub fn to(&self, service: usize, port: Option<usize>) -> &[usize] {
        self.to.get(&(service, port.unwrap_or_default())).map_or(&[], Vec::as_slice)
    }

    /// The route of a path of an Ingress, by its place in [`Routes::all`].
    pub fn of_path(&self, ingress: usize, path: usize) -> usize {
        self.of_ingress[ingress] + path
    }

    /// The routes of each card, as ranges of [`Routes::all`].
    pub fn by_owner(&self) -> impl Iterator<Item = (Owner, Range<usize>)> {
        let mut begin = 0;
        self.all.chunk_by(|a, b| a.owner() == b.owner()).filter_map(move |chunk| {
            let range = begin..begin + chunk.len();
            begin = range.end;
            Some((chunk.first()?.owner(), range))
        })
    }
}

impl Route {
    /// The card that it stands on.
    pub const fn owner(&self) -> Owner {
        match self.door {
            Door::Ingress(ingress) => Owner::Ingress(ingress),
            Door::Gateway(gateway, _) => Owner::Gateway(gateway),
            Door::Parent(route, _) => Owner::Route(route),
        }
    }
}
