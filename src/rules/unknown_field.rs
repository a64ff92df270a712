//! A key that is no field: a misspelt one, one in the wrong case, or one that belongs elsewhere.

use crate::finding::{Edit, Finding, Fix, Severity, Stage};
use crate::kinds::ObjectProblem;
use crate::source::{Meant, Span, What};

use super::words::{self, quoted, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unknown-field",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "A key is no field of Kubernetes'.",
    why: "The API server drops what it does not know, so that a Service with \"Ports\" has no ports: the names of fields are \
          case-sensitive. kubectl apply asks it to refuse unknown fields, which is its default since Kubernetes 1.25.",
    source: "https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level",
    check,
    fires: fixture!("unknown-field", "fires"),
    silent: fixture!("unknown-field", "silent"),
};

/// What becomes of an object with such a key.
const OUTCOME: &str = "kubectl apply refuses unknown fields by default, while the API server alone ignores them";

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems {
        if let What::UnknownField { field, meant } = &problem.problem.what
            && !is_old_backend(problem, field)
        {
            findings.push(finding(context, problem, field, meant));
        }
    }
}

/// Whether it is how older versions of Ingress name a Service, which `invalid-ingress-backend` tells of.
fn is_old_backend(problem: &ObjectProblem, field: &str) -> bool {
    let is_ingress = problem.object.as_ref().is_some_and(|object| object.kind == "Ingress");
    is_ingress && [".serviceName", ".servicePort"].iter().any(|old| field.ends_with(old))
}

fn finding(context: Context<'_>, problem: &ObjectProblem, field: &str, meant: &Meant) -> Finding {
    let span = problem.problem.span;
    let (hint, help) = match meant {
        Meant::Unknown => (String::new(), "leave it out".to_owned()),
        Meant::Field { name, .. } if is_case(field, name) => {
            (format!("; did you mean {}?", quoted(name)), format!("write {name}: upper and lower case matter"))
        }
        Meant::Field { name, .. } => (format!("; did you mean {}?", quoted(name)), format!("write {name}")),
        Meant::Repeated(name) => {
            (format!("; {} is there as well", quoted(name)), format!("leave one of them out, and write {name}"))
        }
        Meant::Elsewhere(path) => (format!("; it belongs in {}", shown(path)), format!("move it to {path}")),
    };
    Finding {
        short: "unknown field".to_owned(),
        help: format!("{help}; {OUTCOME}"),
        field: Some(field.to_owned()),
        fix: fix(context, span, field, meant),
        ..words::about(
            &RULE,
            RULE.severity,
            problem.object.clone().unwrap_or_default(),
            span,
            format!("unknown field {}{hint}", shown(field)),
        )
    }
}

fn is_case(field: &str, name: &str) -> bool {
    let key = field.rsplit('.').next().unwrap_or(field);
    key.eq_ignore_ascii_case(name)
}

/// The right name in the place of the key, in quotes where that is, unless the key came through an alias.
fn fix(context: Context<'_>, span: Span, field: &str, meant: &Meant) -> Option<Fix> {
    let Meant::Field { name, is_fit: true } = meant else { return None };
    let written = context.written(span);
    let quote = written.chars().next().filter(|first| matches!(first, '"' | '\''));
    let key = written.trim_matches(['"', '\'']);
    let is_here = !key.is_empty() && field.ends_with(key);
    let quote = quote.map(String::from).unwrap_or_default();
    let text = format!("{quote}{name}{quote}");
    is_here.then(|| Fix { title: format!("write {name}"), edits: vec![Edit { span, text }] })
}
