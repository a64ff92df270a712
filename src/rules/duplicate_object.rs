//! The same object twice in one upload: the last one wins.

use crate::finding::{Finding, Related, Severity, Stage};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "duplicate-object",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "Two objects of the upload have the same kind, namespace and name.",
    why: "A cluster has each object once. Applied one after the other, the last one wins, and only that one is drawn. A \
          folder with a base and its overlays is better rendered first.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names",
    check,
    fires: fixture!("duplicate-object", "fires"),
    silent: fixture!("duplicate-object", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (object, lost, kept) in &context.cluster.repeated {
        let (name, kind) = (quoted(&object.name), &object.kind);
        let place = if object.namespace.is_empty() {
            String::new()
        } else {
            format!(" of namespace {}", quoted(&object.namespace))
        };
        findings.push(Finding {
            help: "leave one of them out, give it another name, or render overlays first: kustomize build"
                .to_owned(),
            short: "there twice".to_owned(),
            field: Some("metadata.name".to_owned()),
            related: vec![Related { message: "the one that is lost".to_owned(), span: *lost }],
            ..words::about(
                &RULE,
                RULE.severity,
                object.clone(),
                *kept,
                format!("{kind} {name}{place} is in this upload twice; the last one counts"),
            )
        });
    }
}
