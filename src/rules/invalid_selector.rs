//! A selector that no pod can match, since no pod can have such labels.

use crate::finding::{Finding, Severity, Stage};
use crate::labels::Expression;
use crate::names::syntax;

use super::words::{self, shown};
use super::choice;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-selector",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "The selector of a Service or a workload has a key or a value that labels cannot have, or an expression without \
           meaning.",
    why: "No pod can carry such a label, so nothing could ever be selected. Kubernetes refuses the object.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
    check,
    fires: fixture!("invalid-selector", "fires"),
    silent: fixture!("invalid-selector", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        choice::labels(&RULE, &service.meta, "spec.selector", service.selector.0.iter(), findings);
    }
    let undecoded = context.undecoded();
    for workload in context.cluster.workloads.iter().filter(|workload| undecoded.have_not(&workload.meta)) {
        let meta = &workload.meta;
        let (Some(selector), Some(_)) = (&workload.selector, words::pod_spec_path(meta)) else { continue };
        // A ReplicationController's pairs say of themselves that the template must have them.
        if meta.kind != "ReplicationController" {
            choice::labels(&RULE, meta, "spec.selector", selector.match_labels.iter(), findings);
        }
        for (place, expression) in selector.match_expressions.iter().enumerate() {
            let Some((field, message, help)) = fault(expression) else { continue };
            let span = if field == "operator" { expression.operator_span } else { None };
            findings.push(Finding {
                help: help.to_owned(),
                short: "no valid expression".to_owned(),
                field: Some(format!("spec.selector.matchExpressions[{place}].{field}")),
                ..words::found(&RULE, RULE.severity, meta, span.unwrap_or(expression.span), message)
            });
        }
    }
}

/// What keeps an expression from having a meaning: its field, and what to do.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/apis/meta/v1/validation/validation.go>
/// (`ValidateLabelSelectorRequirement`)
fn fault(expression: &Expression) -> Option<(&'static str, String, &'static str)> {
    let key = shown(&expression.key);
    match (expression.operator.as_str(), expression.values.is_empty()) {
        ("In" | "NotIn", true) => {
            Some(("values", format!("the expression on {key} has no values"), "write at least one value"))
        }
        ("Exists" | "DoesNotExist", false) => Some((
            "values",
            format!("the expression on {key} has values, which {} does not take", expression.operator),
            "leave values out, or write In or NotIn",
        )),
        ("In" | "NotIn" | "Exists" | "DoesNotExist", _) => {
            let fault = syntax::qualified_name_fault(&expression.key)?;
            let message = format!("selector label key {key} {}", words::fault(fault));
            Some(("key", message, "write at most 63 letters, digits, -, _ and ., with a letter or digit at both ends"))
        }
        (operator, _) => Some((
            "operator",
            format!("operator is {}, and not one of In, NotIn, Exists, DoesNotExist", shown(operator)),
            "write one of In, NotIn, Exists, DoesNotExist: upper and lower case matter here",
        )),
    }
}
