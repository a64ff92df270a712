//! A named targetPort that selected pods have no container port for.

use std::fmt::Write as _;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::Service;
use crate::port::TargetPort;

use super::declared::{Declarations, Declared};
use super::unresolved::{self, Missing};
use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "target-port-name-missing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "A targetPort is a name, and selected pods have no container port of that name.",
    why: "The name is looked up on every selected pod by itself. A pod without it stays an endpoint, but one without a \
          port: no traffic reaches it. It is an error where no pod has the name, and a warning where only some lack it.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
    check,
    fires: fixture!("target-port-name-missing", "fires"),
    silent: fixture!("target-port-name-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let mut declarations = Declarations::default();
    let mut of_service: Option<Taken<'_>> = None;
    for missing in unresolved::each(context, false) {
        let sets = missing.pods.iter().map(|pods| pods.picked.set).collect();
        let declared = declarations.of(context, sets, &missing.port.protocol.value);
        let taken = match of_service.take() {
            Some(taken) if taken.is_of(&missing, &declared) => taken,
            _ => Taken::new(&missing, declared),
        };
        findings.push(finding(context, &missing, of_service.insert(taken)));
    }
}

/// The names to which ports of a Service lead already, among those that its pods declare: another port is hardly meant
/// to lead there as well.
struct Taken<'c> {
    service: &'c Service,
    declared: Rc<Declared<'c>>,
    names: FxHashSet<&'c str>,
}

impl<'c> Taken<'c> {
    fn new(missing: &Missing<'c>, declared: Rc<Declared<'c>>) -> Self {
        let service = missing.service;
        let targets = service.ports.iter().filter_map(|port| match &port.target.value {
            TargetPort::Name(name) => Some(name.as_str()),
            TargetPort::Number(_) => None,
        });
        let names = targets.filter(|name| declared.names.contains_key(name)).collect();
        Self { service, declared, names }
    }

    fn is_of(&self, missing: &Missing<'_>, declared: &Rc<Declared<'_>>) -> bool {
        std::ptr::eq(self.service, missing.service) && std::ptr::addr_eq(Rc::as_ptr(&self.declared), Rc::as_ptr(declared))
    }

    /// The names that may be meant, as words: those that are free, or all where none is.
    fn words(&self) -> Option<String> {
        let all = self.declared.names.len();
        let free = all - self.names.len();
        let names = self.declared.names.keys().filter(|name| free == 0 || !self.names.contains(**name));
        let count = if free == 0 { all } else { free };
        (all > 0).then(|| words::list_of(names.map(|name| quoted(name)), count))
    }
}

fn finding(context: Context<'_>, missing: &Missing<'_>, taken: &Taken<'_>) -> Finding {
    let name = missing.name;
    let near = taken.declared.words.nearest(name, |near| !taken.names.contains(near));
    let mut message = format!("no container port is named {} in {}", quoted(name), missing.who(context));
    if let Some(near) = near {
        _ = write!(message, ", but one is named {}", quoted(near));
    }
    if let Some(set) = missing.found {
        _ = write!(
            message,
            "; {} has one",
            words::describe(context.cluster, &context.cluster.sets[set as usize])
        );
    }
    let help = match (near, missing.found, taken.words()) {
        (_, Some(_), _) => {
            format!("name a container port {} in these pods too, or select them no more", quoted(name))
        }
        (Some(near), ..) => {
            format!("write {} here, or name the container port {}", quoted(near), quoted(name))
        }
        (None, _, None) => {
            format!("write the number of the port here, or name a container port {}", quoted(name))
        }
        (None, _, Some(names)) => {
            format!("write {names} or a number here, or name a container port {}", quoted(name))
        }
    };
    let mut related = missing.related(context);
    if let Some(port) = near.and_then(|near| taken.declared.names.get(near)) {
        let message = format!("the container port named {}", quoted(&port.name.value));
        related.insert(0, Related { message, span: port.name.span.unwrap_or(port.span) });
    }
    let sure = near.filter(|_| missing.found.is_none());
    Finding {
        help,
        short: format!("no port is named {name}"),
        field: Some(words::port_field(missing.place, "targetPort")),
        related,
        fix: sure.and_then(|near| {
            mend::text(
                context,
                missing.port.target.span,
                name,
                near,
                format!("send traffic to {}", quoted(near)),
            )
        }),
        ..words::found(&RULE, missing.severity(), &missing.service.meta, missing.span(), message)
    }
}
