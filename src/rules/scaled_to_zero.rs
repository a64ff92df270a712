//! A Service whose pods all belong to workloads that ask for none at the moment.

use crate::cluster::From;
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::workload::Workload;
use crate::wiring::Nobody;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "scaled-to-zero",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "Everything that a Service selects is scaled to zero or suspended.",
    why: "The labels match, but there is no pod to carry them: the Service has no endpoints until somebody, or an \
          autoscaler, scales the workload up.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment",
    check,
    fires: fixture!("scaled-to-zero", "fires"),
    silent: fixture!("scaled-to-zero", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let cluster = context.cluster;
    for (service, wired) in context.wired() {
        if wired.nobody != Some(Nobody::ScaledToZero) {
            continue;
        }
        let workloads: Vec<_> = wired
            .dormant
            .iter()
            .filter_map(|picked| match cluster.sets[picked.set as usize].from {
                From::Template(id) => Some(&cluster.workloads[id]),
                From::Pod(_) => None,
            })
            .collect();
        let Some(first) = workloads.first() else { continue };
        let who = words::describe_all(cluster, wired.dormant.iter().map(|picked| picked.set));
        let (why, mend) =
            if first.suspended { ("suspended", "resume it") } else { ("scaled to zero", "scale it up") };
        let name = quoted(&service.meta.name.value);
        let place = |workload: &Workload| {
            workload.replicas.span.unwrap_or_else(|| workload.meta.head())
        };
        let mut related = vec![Related {
            message: format!("the selector of Service {name}"),
            span: service.selector_span.unwrap_or_else(|| service.meta.head()),
        }];
        related.extend(workloads.iter().skip(1).take(3).map(|workload| Related {
            message: format!("{} {}", workload.meta.kind, quoted(&workload.meta.name.value)),
            span: place(workload),
        }));
        findings.push(Finding {
            help: format!("{mend}, if the Service is meant to answer"),
            short: why.to_owned(),
            related,
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                place(first),
                format!("Service {name} selects only {who}, {why}"),
            )
        });
    }
}
