//! A targetPort that is neither a port number nor a port name.

use crate::finding::{Finding, Severity, Stage};
use crate::port::TargetPort;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-target-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A targetPort is a number outside 1 to 65535, or text that cannot be the name of a container port.",
    why: "Text is always a name, so \"8080\" in quotes is one too, and not a valid one: a name has at most 15 lower-case \
          letters, digits and hyphens, and one letter at least. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec",
    check,
    fires: fixture!("invalid-target-port", "fires"),
    silent: fixture!("invalid-target-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        for (place, port) in service.ports.iter().enumerate() {
            let Some((message, help)) = wrong(&port.target.value, port.target.span.is_some()) else {
                continue;
            };
            let span = port.target.span.or(port.port.span).unwrap_or(port.span);
            // A number in quotes can only have been meant as that number.
            let fix = match &port.target.value {
                TargetPort::Name(name) => number(name).and_then(|number| {
                    let title = format!("send traffic to {number}");
                    mend::number(context, port.target.span, name, number, title)
                }),
                TargetPort::Number(_) => None,
            };
            findings.push(Finding {
                help,
                short: format!("{} is no port", port.target.value),
                field: Some(words::port_field(place, "targetPort")),
                fix,
                ..words::found(&RULE, RULE.severity, &service.meta, span, message)
            });
        }
    }
}

/// What is wrong with a target port, and what to do.
fn wrong(target: &TargetPort, written: bool) -> Option<(String, String)> {
    match target {
        TargetPort::Number(number) if words::is_port(*number) => None,
        TargetPort::Number(number) => {
            let taken = if written { "" } else { ", taken from port," };
            let help = "write the number or the name of the container's port";
            Some((format!("targetPort{taken} is {number}, and ports go from 1 to 65535"), help.to_owned()))
        }
        TargetPort::Name(name) => {
            let fault = words::port_name_fault(name)?;
            let help = match number(name) {
                Some(number) => {
                    format!("write {number} without quotes: text is looked up as the name of a port")
                }
                None => {
                    "write the name of a container port, at most 15 of a-z, 0-9 and -, or a number".to_owned()
                }
            };
            Some((format!("targetPort {} is no port name: it {fault}", quoted(name)), help))
        }
    }
}

fn number(name: &str) -> Option<i32> {
    let digits = name.bytes().all(|c| c.is_ascii_digit());
    name.parse().ok().filter(|&number| digits && words::is_port(number))
}
