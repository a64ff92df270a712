//! Metadata that controllers keep, written by hand and wrong.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::service::Service;
use crate::names::syntax;
use crate::source::Span;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-metadata",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A finalizer, an owner reference or the generation of a Service is not as Kubernetes wants it.",
    why: "Controllers write these; by hand they are easily wrong, and Kubernetes refuses the Service.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/",
    check,
    fires: fixture!("invalid-metadata", "fires"),
    silent: fixture!("invalid-metadata", "silent"),
};

/// The finalizers that need no DNS name before a slash.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/helper/helpers.go> (`IsStandardFinalizerName`)
const STANDARD: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        finalizers(service, findings);
        owners(service, findings);
        let generation = &service.meta.rest.generation;
        if generation.value < 0 {
            let message = format!("generation is {}, and it counts from 0", generation.value);
            let help = "leave generation out: the API server counts it";
            findings.push(found(service, "metadata.generation".to_owned(), generation.span, message, help));
        }
    }
}

fn finalizers(service: &Service, findings: &mut Findings<'_>) {
    const HELP: &str = "write a DNS name, a slash and a name, such as example.com/cleanup, or leave the finalizer out";
    let all = &service.meta.rest.finalizers;
    for (place, finalizer) in all.iter().enumerate() {
        let text = finalizer.value.as_str();
        if let Some(fault) = syntax::qualified_name_fault(text) {
            let message = format!("finalizer {} {}", shown(text), words::fault(fault));
            findings.push(found(service, "metadata.finalizers".to_owned(), finalizer.span, message, HELP));
        }
        if !text.contains('/') && !STANDARD.contains(&text) {
            let message = format!("finalizer {} has no DNS name and slash before it", shown(text));
            let field = format!("metadata.finalizers[{place}]");
            findings.push(found(service, field, finalizer.span, message, HELP));
        }
    }
    let span_of = |name: &str| all.iter().find(|finalizer| finalizer.value == name).map(|f| f.span);
    if let (Some(span), Some(_)) = (span_of("orphan"), span_of("foregroundDeletion")) {
        let message = "the finalizers orphan and foregroundDeletion contradict each other".to_owned();
        findings.push(found(service, "metadata.finalizers".to_owned(), span, message, "keep one of the two"));
    }
}

fn owners(service: &Service, findings: &mut Findings<'_>) {
    const FIELD: &str = "metadata.ownerReferences";
    const HELP: &str = "write apiVersion, kind, name and uid of the owner, or leave ownerReferences out";
    for owner in &service.meta.rest.owners {
        // What the version is when the group is taken off; several slashes make no version at all.
        let version = match owner.api_version.value.split_once('/') {
            Some((_, version)) if version.contains('/') => "",
            Some((_, version)) => version,
            None => owner.api_version.value.as_str(),
        };
        for (field, value, span) in [
            ("apiVersion", version, owner.api_version.span),
            ("kind", owner.kind.value.as_str(), owner.kind.span),
            ("name", owner.name.value.as_str(), owner.name.span),
            ("uid", owner.uid.value.as_str(), owner.uid.span),
        ] {
            if value.is_empty() {
                let message = format!("an owner reference has no valid {field}");
                let span = span.or(Some(owner.span));
                findings.push(found(service, format!("{FIELD}.{field}"), span, message, HELP));
            }
        }
        if owner.api_version.value == "v1" && owner.kind.value == "Event" {
            let message = "an Event cannot own anything".to_owned();
            findings.push(found(service, FIELD.to_owned(), Some(owner.span), message, HELP));
        }
    }
    if let Some(second) = service.meta.rest.owners.iter().filter(|owner| owner.controller.value).nth(1) {
        let message = "two owner references say that they are the controller".to_owned();
        let help = "keep controller: true on one of them";
        findings.push(found(service, FIELD.to_owned(), second.controller.span, message, help));
    }
}

fn found(service: &Service, field: String, span: Option<Span>, message: String, help: &str) -> Finding {
    Finding {
        help: help.to_owned(),
        short: "no valid metadata".to_owned(),
        field: Some(field),
        ..words::found(
            &RULE,
            RULE.severity,
            &service.meta,
            span,
            message,
        )
    }
}
