//! A kind or version that Kubernetes does not have, in a group of its own.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::ObjectProblem;
use crate::source::What;

use super::removed_api_version;
use super::words::{self, shown};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unknown-kind",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "An object is of a kind or version that Kubernetes does not have.",
    why: "Kubernetes finds the kind by its version and its exact name, and refuses the object if there is none. Where it is \
          clear what is meant, it is read and wired as that. Custom resources have groups of their own and are left alone.",
    source: "https://kubernetes.io/docs/reference/using-api/#api-groups",
    check,
    fires: fixture!("unknown-kind", "fires"),
    silent: fixture!("unknown-kind", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems {
        if let What::NotServed { api_version, kind, meant } = &problem.problem.what
            && removed_api_version::removal(api_version, kind).is_none()
        {
            findings.push(finding(context, problem, (api_version, kind), *meant));
        }
    }
}

fn finding(
    context: Context<'_>,
    problem: &ObjectProblem,
    (api_version, kind): (&str, &str),
    meant: Option<(&'static str, &'static str)>,
) -> Finding {
    let span = problem.problem.span;
    let (message, help, field) = match meant {
        Some((version, meant)) if meant == kind => (
            format!("there is no {kind} of version {}; did you mean \"{version}\"?", shown(api_version)),
            format!("write apiVersion: {version}"),
            "apiVersion",
        ),
        Some((version, meant)) => (
            format!("unknown kind {}; did you mean \"{meant}\"?", shown(kind)),
            if version == api_version {
                format!("write kind: {meant}")
            } else {
                format!("write apiVersion: {version} and kind: {meant}")
            },
            "kind",
        ),
        None => (
            format!("there is no kind {} of version {}", shown(kind), shown(api_version)),
            "write a kind that Kubernetes has, or the version of the custom resource that is meant".to_owned(),
            "kind",
        ),
    };
    let mend = |wrong: &str, meant: &str| mend::text(context, span, wrong, meant, format!("write {meant}"));
    let fix = match meant {
        Some((version, meant)) if meant == kind => mend(api_version, version),
        Some((version, meant)) if version == api_version => mend(kind, meant),
        _ => None,
    };
    Finding {
        short: "unknown kind".to_owned(),
        help,
        field: Some(field.to_owned()),
        fix,
        ..words::about(&RULE, RULE.severity, problem.object.clone().unwrap_or_default(), span, message)
    }
}
