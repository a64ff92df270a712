//! Which routes of the Gateways take a request: by the most specific listener, then the first match in order.
//!
//! <https://gateway-api.sigs.k8s.io/reference/spec/#listener>

use core::cmp::Reverse;

use crate::kinds::gateway::{Listener, Speaks};
use crate::kinds::gateway_route::{By, Match};
use crate::wiring::hosts::covers;
use crate::wiring::{Door, Owner, Route, Said};

use super::Nothing;
use super::requests::{Requests, Taken, begins};
use super::routes::are_of_one_match;

/// Whether a match takes a request of which only host and path are known.
enum Takes {
    Surely,
    /// It asks for more: headers, parameters, another method, a pattern.
    PerhapsNot,
    No,
}

impl<'a> Requests<'a> {
    /// The route behind a Gateway's own address; `None` where it is no Gateway's.
    pub(super) fn at_gateway(self, is: impl Fn(&str) -> bool) -> Option<Result<Taken, Nothing>> {
        let gateways = self.cluster.gateways.iter().enumerate();
        let mut asked = gateways
            .filter(|(_, gateway)| gateway.addresses.iter().any(|address| is(&address.value)))
            .map(|(id, _)| id)
            .peekable();
        let first = *asked.peek()?;
        let mut has_listener = false;
        for id in asked {
            let listeners = &self.cluster.gateways[id].listeners;
            for listener in (0..listeners.len()).filter(|at| self.serves(&listeners[*at])) {
                has_listener = true;
                let any = |route: &Route| route.host.is_empty();
                if let Some(taken) = self.first(Door::Gateway(id, Some(listener)), any) {
                    return Some(Ok(taken));
                }
            }
        }
        Some(Err(if has_listener {
            Nothing::NoHostAsked(Owner::Gateway(first))
        } else {
            Nothing::NoSuchListener(first)
        }))
    }

    /// The route of a host that listeners or routes of Gateways name; `None` where none does.
    pub(super) fn gateway_of_host(self, host: &str) -> Option<Result<Taken, Nothing>> {
        let named = |route: &Route| !route.host.is_empty() && covers(&route.host, host);
        let mut missed = None;
        for door in self.doors(host) {
            if let Some(taken) = self.first(door, named) {
                return Some(Ok(taken));
            }
            if self.of_door(door).any(|(_, route)| named(route)) {
                missed.get_or_insert(match door {
                    Door::Parent(route, _) => Owner::Route(route),
                    Door::Gateway(gateway, _) => Owner::Gateway(gateway),
                    Door::Ingress(ingress) => Owner::Ingress(ingress),
                });
            }
        }
        if let Some(owner) = missed {
            return Some(Err(Nothing::NoSuchPath(owner)));
        }
        let refused = self.routes.all.iter().enumerate().find_map(|(id, route)| {
            let why = route.reach.err().filter(|_| matches!(route.door, Door::Gateway(_, None)))?;
            named(route).then_some(Nothing::Unreached { route: id, why })
        });
        refused.map(Err)
    }

    /// The route of Gateways that takes requests for whichever host.
    pub(super) fn hostless_gateway(self) -> Option<Taken> {
        let any = |route: &Route| {
            route.host.is_empty()
                && matches!(route.said(self.cluster), Said::Rule { route, .. } if route.takes_requests())
        };
        self.doors("").into_iter().find_map(|door| self.first(door, any))
    }

    /// Where a request for a host may come in: of each Gateway the most specific of its listeners, then what is not in
    /// this upload.
    fn doors(self, host: &str) -> Vec<Door> {
        let mut doors = Vec::new();
        for (id, gateway) in self.cluster.gateways.iter().enumerate() {
            let listeners = gateway.listeners.iter().enumerate();
            let mut serving: Vec<_> =
                listeners.filter(|(_, at)| self.serves(at) && covers(&at.hostname.value, host)).collect();
            let specific = |at: &Listener| {
                let name = at.hostname.value.as_str();
                Reverse((!name.is_empty() && !name.starts_with('*'), name.len()))
            };
            serving.sort_by_key(|(_, at)| specific(at));
            // One of the same name may stand on several ports, where the address names none.
            let best = serving.first().map(|(_, at)| specific(at));
            let best = serving.iter().take_while(|(_, at)| Some(specific(at)) == best);
            doors.extend(best.map(|(listener, _)| Door::Gateway(id, Some(*listener))));
        }
        let mut parents: Vec<Door> = self.routes.all.iter().map(|route| route.door).collect();
        parents.retain(|door| matches!(door, Door::Parent(..)));
        parents.dedup();
        doors.extend(parents);
        doors
    }

    /// Whether a listener takes what is dialled, by port and protocol.
    fn serves(self, listener: &Listener) -> bool {
        let speaks = match listener.speaks() {
            Speaks::Udp => self.to.dials() == crate::port::Protocol::Udp,
            _ => self.to.dials() == crate::port::Protocol::Tcp,
        };
        speaks && self.to.port.is_none_or(|port| i32::from(port) == listener.port.value)
    }

    fn of_door(self, door: Door) -> impl Iterator<Item = (usize, &'a Route)> {
        self.routes.all.iter().enumerate().filter(move |(_, route)| route.door == door)
    }

    /// The first match of a door that takes the request, with all backends that divide what it takes.
    fn first(self, door: Door, is_of_host: impl Fn(&Route) -> bool) -> Option<Taken> {
        let mut passed_over = false;
        for (first, route) in self.of_door(door).filter(|(_, route)| is_of_host(route)) {
            let Said::Rule { rule, matched, .. } = route.said(self.cluster) else { continue };
            match self.takes(matched) {
                Takes::No => {}
                Takes::PerhapsNot => passed_over = true,
                Takes::Surely => {
                    let one = |other: &Route| {
                        are_of_one_match(route.origin, other.origin) && other.host == route.host
                    };
                    let all = self.of_door(door).filter(|(_, other)| one(other));
                    let dividing = all.filter(|(_, other)| {
                        matches!(other.said(self.cluster), Said::Rule { is_copy: false, backend: Some(backend), .. } if backend.weight.value > 0 || rule.weights() == 0)
                    });
                    let mut routes: Vec<usize> = dividing.map(|(id, _)| id).collect();
                    if routes.is_empty() {
                        routes.push(first);
                    }
                    return Some(Taken { routes, passed_over, ..Taken::default() });
                }
            }
        }
        None
    }

    fn takes(self, matched: &Match) -> Takes {
        let path = self.path();
        let fits = match matched.by {
            By::Exact => matched.path == path,
            By::Prefix => matched.path.is_empty() || begins(path, &matched.path),
            By::Pattern => true,
        };
        let is_plain = matched.by != By::Pattern && matched.headers == 0 && matched.params == 0;
        if !fits {
            Takes::No
        } else if is_plain && matches!(matched.method.value.as_str(), "" | "GET") {
            Takes::Surely
        } else {
            Takes::PerhapsNot
        }
    }
}
