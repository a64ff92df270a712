//! A probe whose port Kubernetes refuses.

use crate::finding::{Edit, Finding, Fix, Severity, Stage};
use crate::kinds::fields::IntOrString;
use crate::kinds::probe::Probe;

use super::words::{self, shown};
use super::{Context, Rule, fixture, pods, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-probe-port",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A probe asks on a port outside 1 to 65535, or by a name that no container port can have.",
    why: "Kubernetes refuses the pod, or the workload that would make it, so nobody answers at all. A number in quotes is \
          a name to it.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe",
    check,
    fires: fixture!("invalid-probe-port", "fires"),
    silent: fixture!("invalid-probe-port", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for written in pods::decoded(context) {
        for container in &written.spec.containers {
            for probe in &container.probes {
                let Some((message, help)) = fault(probe) else { continue };
                let (purpose, action) = (probe.purpose.field(), probe.action.field());
                let fix = number(context, probe).zip(probe.port.span);
                findings.push(Finding {
                    help,
                    short: "no such port".to_owned(),
                    field: written.field(&format!("{}.{purpose}.{action}.port", container.field())),
                    fix: fix.map(|(number, span)| Fix {
                        title: format!("ask on port {number}"),
                        edits: vec![Edit { span, text: number.to_string() }],
                    }),
                    ..words::found(
                        &RULE,
                        RULE.severity,
                        written.meta,
                        probe.port.span.unwrap_or(probe.span),
                        format!("{purpose} {message}"),
                    )
                });
            }
        }
    }
}

fn fault(probe: &Probe) -> Option<(String, String)> {
    let help = "write the number that the container listens on, or the name of one of its ports";
    match &probe.port.value {
        IntOrString::Int(number) if words::is_port(*number) => None,
        IntOrString::Int(_) if probe.port.span.is_none() => {
            Some((format!("has no port in its {}", probe.action.field()), help.to_owned()))
        }
        IntOrString::Int(number) => {
            Some((format!("asks on port {number}, and ports go from 1 to 65535"), help.to_owned()))
        }
        IntOrString::String(name) => words::port_name_fault(name).map(|fault| {
            let help = match name.parse::<u16>() {
                Ok(number) => format!("write {number} without quotes: in quotes it is a name"),
                Err(_) => help.to_owned(),
            };
            (format!("asks for the port {}, which {fault}", shown(name)), help)
        }),
    }
}

/// The number that was meant where it stands in quotes.
fn number(context: Context<'_>, probe: &Probe) -> Option<u16> {
    let name = probe.port_name()?;
    let number = name.parse().ok().filter(|number| *number != 0)?;
    let written = context.written(probe.port.span?);
    (written.trim_matches(['"', '\'']) == name).then_some(number)
}
