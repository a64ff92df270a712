//! Different workloads behind one selector.

use rustc_hash::FxHashSet;

use crate::finding::{Finding, Related, Severity, Stage};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "several-workloads",
    stage: Stage::Wire,
    severity: Severity::Hint,
    what: "A Service's selector picks the pods of two or more different workloads.",
    why: "Traffic is shared out among all pods that match, whoever made them. That is how a canary works, and also how a \
          Job or a second Deployment with the same labels answers requests that were not meant for it.",
    source: "https://kubernetes.io/docs/concepts/workloads/management/#canary-deployments",
    check,
    fires: fixture!("several-workloads", "fires"),
    silent: fixture!("several-workloads", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let cluster = context.cluster;
    for (service, wired) in context.wired() {
        let mut owners = FxHashSet::default();
        let mut one_each: Vec<u32> = Vec::new();
        for picked in &wired.selected {
            let set = &cluster.sets[picked.set as usize];
            if set.owner.as_ref().is_some_and(|owner| set.lives() && owners.insert(owner)) {
                one_each.push(picked.set);
            }
        }
        if one_each.len() < 2 {
            continue;
        }
        let who = words::describe_all(cluster, one_each.iter().copied());
        let related = one_each.iter().take(4).map(|&set| {
            let set = &cluster.sets[set as usize];
            Related { message: words::describe(cluster, set), span: set.meta(cluster).head() }
        });
        findings.push(Finding {
            help:
                "nothing, if they share the traffic on purpose; else select a label that only one of them has"
                    .to_owned(),
            short: format!("{} workloads", one_each.len()),
            field: Some("spec.selector".to_owned()),
            related: related.collect(),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                service.selector_span,
                format!("Service {} selects pods of {who}", quoted(&service.meta.name.value)),
            )
        });
    }
}
