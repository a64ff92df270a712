//! A label of a Service that is not well formed.

use crate::finding::{Finding, Severity, Stage};

use super::choice;
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-label",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A label of a Service has a key or a value that labels cannot have.",
    why: "Values have at most 63 letters, digits, hyphens, underscores and dots, and a letter or digit at both \
          ends. Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
    check,
    fires: fixture!("invalid-label", "fires"),
    silent: fixture!("invalid-label", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for service in context.decoded() {
        choice::labels(&RULE, &service.meta, "metadata.labels", &service.meta.labels, findings);
    }
}
