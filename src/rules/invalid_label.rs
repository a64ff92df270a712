//! A label of a Service or of pods that is not well formed.

use crate::finding::{Severity, Stage};

use super::{choice, words, Findings};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-label",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A label of a Service, a Pod, a workload or its pod template has a key or a value that labels cannot have.",
    why: "Values have at most 63 letters, digits, hyphens, underscores and dots, and a letter or digit at both \
          ends. Kubernetes refuses the object.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
    check,
    fires: fixture!("invalid-label", "fires"),
    silent: fixture!("invalid-label", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        choice::labels(&RULE, &service.meta, "metadata.labels", service.meta.labels.iter(), findings);
    }
    let undecoded = context.undecoded();
    for pod in context.cluster.pods.iter().filter(|pod| !pod.meta.is_plain && undecoded.have_not(&pod.meta)) {
        choice::labels(&RULE, &pod.meta, "metadata.labels", pod.meta.labels.iter(), findings);
    }
    for workload in context.cluster.workloads.iter().filter(|workload| undecoded.have_not(&workload.meta)) {
        let Some(path) = words::pod_spec_path(&workload.meta) else { continue };
        let own = workload.meta.labels.iter();
        choice::labels(&RULE, &workload.meta, "metadata.labels", own, findings);
        let field = path.replace("template.spec", "template.labels");
        // What a controller adds stands nowhere, and was not written by anybody.
        let written = workload.pod_labels.iter().filter(|label| label.span() != label.key_span());
        choice::labels(&RULE, &workload.meta, &field, written, findings);
    }
}
