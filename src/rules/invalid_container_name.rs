//! A container whose name Kubernetes refuses.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Related, Severity, Stage};
use crate::names::syntax;

use super::words::{self, quoted, shown};
use super::{Context, Rule, fixture, pods, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-container-name",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A container has no name, one that is no DNS label, or one that another container of the pod has.",
    why: "Kubernetes refuses the pod, or the workload that would make it, so nobody answers at all.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container",
    check,
    fires: fixture!("invalid-container-name", "fires"),
    silent: fixture!("invalid-container-name", "silent"),
};

const HELP: &str = "use a-z, 0-9 and -, with a letter or digit at both ends and at most 63 of them";

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for written in pods::decoded(context) {
        let mut names = FxHashMap::default();
        let is_alone = written.spec.all_containers().nth(1).is_none();
        for container in written.spec.all_containers() {
            let name = container.name.as_str();
            let here = container.name_span.unwrap_or(container.span);
            let first = if is_alone { here } else { *names.entry(name).or_insert(here) };
            let (message, help, short) = if name.is_empty() {
                ("this container has no name".to_owned(), "write its name", "container has no name")
            } else if let Some(fault) = syntax::dns_label_fault(name) {
                let message = format!("the name {} of this container {}", shown(name), words::fault(fault));
                (message, HELP, "no container name")
            } else if first != here {
                let message = format!("two containers of this pod are named {}", quoted(name));
                (message, "give each container of the pod a name of its own", "name is there twice")
            } else {
                continue;
            };
            let first = (first != here && !name.is_empty()).then_some(first);
            findings.push(Finding {
                help: help.to_owned(),
                short: short.to_owned(),
                field: written.field(&format!("{}.name", container.field())),
                related: first
                    .map(|span| Related { message: "the first of them".to_owned(), span })
                    .into_iter()
                    .collect(),
                ..words::found(&RULE, RULE.severity, written.meta, here, message)
            });
        }
    }
}
