//! A document that is no Kubernetes object: it lacks `apiVersion` or `kind`.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "not-a-manifest",
    stage: Stage::Read,
    severity: Severity::Error,
    what: "A document has no apiVersion or no kind, or is no map at all.",
    why: "Kubernetes cannot tell what it is, and refuses it. In folders and archives, where much is not a manifest, a \
          document with neither is passed over.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields",
    check,
    fires: fixture!("not-a-manifest", "fires"),
    silent: fixture!("not-a-manifest", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems {
        let What::NotAnObject { missing } = problem.problem.what else { continue };
        let (message, field) = match missing {
            "" => ("this document is not a map of fields".to_owned(), None),
            "both" => ("this document has no apiVersion and no kind".to_owned(), Some("kind")),
            field => (format!("this document has no {field}"), Some(field)),
        };
        findings.push(Finding {
            help: "begin it with apiVersion and kind, as in: apiVersion: v1, kind: Service".to_owned(),
            short: "not a manifest".to_owned(),
            field: field.map(str::to_owned),
            ..words::about(
                &RULE,
                RULE.severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                message,
            )
        });
    }
}
