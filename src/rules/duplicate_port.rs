//! The same port, or the same port name, twice in one Service.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Related, Severity, Stage};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "duplicate-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service has two ports of the same number and protocol, or of the same name.",
    why: "A packet carries nothing but a number and a protocol, so it could not be told where to go. Kubernetes refuses \
          the Service; the same number with TCP and with UDP is fine.",
    source: "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go",
    check,
    fires: fixture!("duplicate-port", "fires"),
    silent: fixture!("duplicate-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let mut numbers = FxHashMap::default();
        let mut names = FxHashMap::default();
        for (place, port) in service.ports.iter().enumerate() {
            let here = port.port.span.unwrap_or(port.span);
            let (first, span) =
                *numbers.entry((&port.protocol.value, port.port.value)).or_insert((place, here));
            if first != place {
                let message =
                    format!("port {} {} is in this Service twice", port.port.value, port.protocol.value);
                findings.push(Finding {
                    help: "leave one of them out, or give it another number".to_owned(),
                    short: format!("port {} is there twice", port.port.value),
                    field: Some(format!("spec.ports[{place}]")),
                    related: vec![Related { message: "the first of them".to_owned(), span }],
                    ..words::found(&RULE, RULE.severity, &service.meta, here, message)
                });
            }
            let (name, here) = (&port.name.value, port.name.span.unwrap_or(port.span));
            if name.is_empty() {
                continue;
            }
            let (first, span) = *names.entry(name).or_insert((place, here));
            if first != place {
                findings.push(Finding {
                    help: "give every port of the Service a name of its own".to_owned(),
                    short: format!("two ports named {name}"),
                    field: Some(words::port_field(place, "name")),
                    related: vec![Related { message: "the first of them".to_owned(), span }],
                    ..words::found(
                        &RULE,
                        RULE.severity,
                        &service.meta,
                        here,
                        format!("two ports of this Service are named {}", quoted(name)),
                    )
                });
            }
        }
    }
}
