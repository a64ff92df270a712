//! From a route of an Ingress or Gateway on: to the one backend, or to several by weight.

use core::mem;

use crate::reference::{PortRef, Target};
use crate::wiring::{Origin, Reach};

use super::requests::Taken;
use super::{Branch, Nothing, Step, Trace, Via, Walk};

impl Walk<'_> {
    /// A request takes a route: one of an Ingress, or all those of a rule that divide it.
    pub(super) fn route(&mut self, taken: Taken) -> Result<(), Nothing> {
        let Taken { routes, others, passed_over, near } = taken;
        let Some(&first) = routes.first() else { return Err(Nothing::NoSuchHost { near: None }) };
        let said = self.wiring.routes.all[first].said(self.cluster);
        let mark = match said {
            crate::wiring::Said::Path(_, path) => {
                [&path.path, &path.host].into_iter().find_map(|written| written.span)
            }
            crate::wiring::Said::Rule { .. } => Some(said.span()),
        };
        let step = Step::Route { route: first, port: self.to.port, others, passed_over, near };
        self.hop(step, Some(said.around()), mark);
        if matches!(said.share(), Some((_, 0))) {
            return Err(Nothing::NoWeight(first));
        }
        if let [only] = routes.as_slice() {
            return self.backend(*only);
        }
        let mut first = None;
        for route in routes {
            let Some(weight) = self.wiring.routes.all[route].said(self.cluster).share() else { continue };
            let before = mem::take(&mut self.trace);
            let nothing = self.backend(route).err();
            let after = mem::replace(&mut self.trace, before);
            first.get_or_insert_with(|| nothing.clone());
            self.trace.branches.push(Branch { route, weight, trace: Trace { nothing, ..after } });
        }
        // Where every backend is out of it, it is for the reason that keeps the first.
        let reaches = self.trace.branches.iter().any(|branch| branch.trace.nothing.is_none());
        match first.flatten() {
            Some(nothing) if !reaches => Err(nothing),
            _ => Ok(()),
        }
    }

    /// The Service port that a route names as its backend.
    fn backend(&mut self, id: usize) -> Result<(), Nothing> {
        let route = &self.wiring.routes.all[id];
        match route.reach {
            Ok(Reach { service, port: Some(port) }) => self.arrive(service, port, Via::Proxy),
            Ok(Reach { service, port: None }) => {
                self.pass(service, None, None, None);
                let (at, wired) = self.service(service);
                if at.is_external_name() {
                    return Err(Nothing::ExternalName(service));
                }
                let number = match route.said(self.cluster).target() {
                    Some(Target::ServicePort { port: Some(PortRef::Number(number)), .. }) => number,
                    _ => 0,
                };
                self.portless(service, wired, number)
            }
            Err(why) => Err(Nothing::Unreached { route: id, why }),
        }
    }
}

/// Whether two routes are backends of one match of one rule, among which requests are divided.
pub(super) fn are_of_one_match(a: Origin, b: Origin) -> bool {
    match (a, b) {
        (
            Origin::Rule { route, rule, matched, .. },
            Origin::Rule { route: other, rule: other_rule, matched: other_matched, .. },
        ) => (route, rule, matched) == (other, other_rule, other_matched),
        _ => false,
    }
}
