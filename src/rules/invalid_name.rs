//! A Service whose name no DNS name can have.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::service::Service;
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-name",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service has no name, or one that is no DNS label: a-z, 0-9 and hyphens, at most 63, a letter \
          first.",
    why: "The name becomes part of a DNS name, by which clients find the Service. Kubernetes refuses others, \
          and Services are stricter than most kinds: their names begin with a letter.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
    check,
    fires: fixture!("invalid-name", "fires"),
    silent: fixture!("invalid-name", "silent"),
};

const HELP: &str = "use a-z, 0-9 and -, with a letter first, no - at the end and at most 63 of them";

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for service in context.decoded() {
        let (name, from) = (&service.meta.name, &service.rest.generate_name);
        if !from.value.is_empty()
            && let Some(fault) = syntax::generate_name_fault(&from.value)
        {
            let message =
                format!("generateName {} of this Service {}", shown(&from.value), words::fault(fault));
            findings.push(found(service, "metadata.generateName", from, message, HELP));
        }
        let said = match (name.value.as_str(), from.value.as_str()) {
            ("", "") => {
                let help = "write metadata.name: clients find the Service by it";
                Some((name, "this Service has no name".to_owned(), help))
            }
            ("", from_text) => syntax::generated_name_fault(from_text).map(|fault| {
                let said = format!("the name that is generated from {} {}", shown(from_text), words::fault(fault));
                (from, said, HELP)
            }),
            (text, _) => syntax::dns_1035_label_fault(text).map(|fault| {
                (name, format!("the name {} of this Service {}", shown(text), words::fault(fault)), HELP)
            }),
        };
        if let Some((written, message, help)) = said {
            findings.push(found(service, "metadata.name", written, message, help));
        }
    }
}

fn found(service: &Service, field: &str, written: &Written<String>, message: String, help: &str) -> Finding {
    let span = written.span;
    Finding {
        help: help.to_owned(),
        short: "no valid name".to_owned(),
        field: Some(field.to_owned()),
        ..words::found(&RULE, RULE.severity, &service.meta, span, message)
    }
}
