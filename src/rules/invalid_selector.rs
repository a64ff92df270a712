//! A selector that no pod can match, since no pod can have such labels.

use crate::finding::{Finding, Severity, Stage};

use super::choice;
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-selector",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The selector of a Service has a key or a value that labels cannot have.",
    why: "No pod can carry such a label, so nothing could ever be selected. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
    check,
    fires: fixture!("invalid-selector", "fires"),
    silent: fixture!("invalid-selector", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for service in context.decoded() {
        choice::labels(&RULE, &service.meta, "spec.selector", service.selector.0.iter(), findings);
    }
}
