//! An appProtocol that is not well formed.

use crate::finding::{Finding, Severity, Stage};
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-app-protocol",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The appProtocol of a Service port is no name: letters, digits, hyphens, underscores and dots, with a \
          DNS name and a slash before at most.",
    why: "Gateways and meshes read it to know what is spoken on the port. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol",
    check,
    fires: fixture!("invalid-app-protocol", "fires"),
    silent: fixture!("invalid-app-protocol", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        for (place, port) in service.ports.iter().enumerate() {
            let Some(written) = &port.app_protocol else { continue };
            let Some(fault) = syntax::qualified_name_fault(&written.value) else { continue };
            findings.push(Finding {
                help: "write a name such as http or kubernetes.io/h2c, or leave appProtocol out".to_owned(),
                short: "no valid appProtocol".to_owned(),
                field: Some(words::port_field(place, "appProtocol")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &service.meta,
                    written.span.unwrap_or(port.span),
                    format!("appProtocol {} {}", shown(&written.value), words::fault(fault)),
                )
            });
        }
    }
}
