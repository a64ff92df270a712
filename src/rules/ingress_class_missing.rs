//! An Ingress of a class that is not there.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::names::nearest;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "ingress-class-missing",
    stage: Stage::Wire,
    severity: Severity::Hint,
    what: "An Ingress names a class that this upload does not have, and it has one of nearly that name.",
    why: "The controller of its class makes an Ingress work; where no controller has the class, nobody does, and nobody says so. \
          Classes are often installed apart from the Ingresses, so it is a hint.",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",
    check,
    fires: fixture!("ingress-class-missing", "fires"),
    silent: fixture!("ingress-class-missing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let classes = &context.cluster.ingress_classes;
    for ingress in &context.cluster.ingresses {
        let (name, span) = (&ingress.class.value, ingress.class.span);
        let is_there = classes.iter().take(ENOUGH).any(|class| class.meta.name.value == *name);
        let names = classes.iter().take(ENOUGH).map(|class| class.meta.name.value.as_str());
        let Some(near) = nearest(name, names).filter(|_| !name.is_empty() && !is_there) else { continue };
        let class = classes.iter().find(|class| class.meta.name.value == near);
        let by_field = ingress.names_class;
        findings.push(Finding {
            help: format!("write {}, or upload the class", quoted(near)),
            short: format!("did you mean {near}?"),
            field: Some(if by_field { "spec.ingressClassName" } else { "metadata.annotations" }.to_owned()),
            related: class
                .map(|class| Related { message: words::object(&class.meta), span: class.meta.head() })
                .into_iter()
                .collect(),
            fix: mend::text(context, span, name, near, format!("write {near}")),
            ..words::found(
                &RULE,
                RULE.severity,
                &ingress.meta,
                span,
                format!("no IngressClass of this upload is named {}, but one is named {}", quoted(name), quoted(near)),
            )
        });
    }
}

/// The most classes that are looked at.
const ENOUGH: usize = 100;
