//! A Helm or Go template that was not rendered: an error by itself, a warning in a folder, where much is no manifest.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unrendered-template",
    stage: Stage::Read,
    severity: Severity::Error,
    what: "A file holds a template, with actions in double braces, rather than a manifest.",
    why: "What such a file will say is known only once its values are filled in. Kubernetes cannot read it, and nothing of it is \
          drawn.",
    source: "https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/",
    check,
    fires: fixture!("unrendered-template", "fires"),
    silent: fixture!("unrendered-template", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    // Charts lie about in folders and archives; whoever gives a template alone means it to be read.
    let severity = if context.files.len() > 1 { Severity::Warning } else { Severity::Error };
    for problem in context.problems.iter().filter(|problem| problem.problem.what == What::Template) {
        findings.push(Finding {
            help: "render it first: helm template".to_owned(),
            short: "template not rendered".to_owned(),
            ..words::about(
                &RULE,
                severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                "this is a template that is not rendered".to_owned(),
            )
        });
    }
}
