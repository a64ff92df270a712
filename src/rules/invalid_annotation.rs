//! An annotation of a Service that Kubernetes refuses.

use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::Service;
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-annotation",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "An annotation of a Service has a key that annotations cannot have, all of them are larger than 256 \
          KiB, or the two for topology contradict each other.",
    why: "Kubernetes refuses the Service. Load balancers and topology hints are often set up by annotations.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set",
    check,
    fires: fixture!("invalid-annotation", "fires"),
    silent: fixture!("invalid-annotation", "silent"),
};

/// How many bytes the keys and values of all annotations of an object may have together.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go>
const MOST_BYTES: usize = 256 * 1024;

/// How topology hints are asked for, and how they were before Kubernetes 1.27.
const TOPOLOGY: [&str; 2] =
    ["service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        keys(service, findings);
        size(service, findings);
        topology(service, findings);
    }
}

fn keys(service: &Service, findings: &mut Findings<'_>) {
    for annotation in &service.meta.rest.annotations {
        let Some(fault) = syntax::annotation_key_fault(annotation.key()) else { continue };
        findings.push(Finding {
            help: "write at most 63 letters, digits, -, _ and . with a letter or digit at both ends; a DNS name and a slash \
                   may stand before"
                .to_owned(),
            short: "no valid annotation".to_owned(),
            field: Some("metadata.annotations".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                annotation.key_span(),
                format!("annotation key {} {}", shown(annotation.key()), words::fault(fault)),
            )
        });
    }
}

fn size(service: &Service, findings: &mut Findings<'_>) {
    let bytes: usize = service.meta.rest.annotations.iter().map(|a| a.key().len() + a.value().len()).sum();
    if bytes > MOST_BYTES {
        findings.push(Finding {
            help: "keep what is large in a ConfigMap: all annotations together may have 262144 bytes".to_owned(),
            short: "annotations too large".to_owned(),
            field: Some("metadata.annotations".to_owned()),
            ..words::found(
                &RULE,
                RULE.severity,
                &service.meta,
                service.meta.rest.annotations_span,
                format!("the annotations of this Service have {bytes} bytes"),
            )
        });
    }
}

fn topology(service: &Service, findings: &mut Findings<'_>) {
    let [mode, hints] = TOPOLOGY.map(|key| service.meta.rest.annotations.label(key));
    let Some((mode, hints)) = mode.zip(hints).filter(|(mode, hints)| mode.value() != hints.value()) else { return };
    findings.push(Finding {
        help: format!("leave {} out: it is the old name of the other", hints.key()),
        short: "topology said twice".to_owned(),
        field: Some(format!("metadata.annotations[{}]", mode.key())),
        related: vec![Related { message: "the other one".to_owned(), span: hints.span() }],
        ..words::found(
            &RULE,
            RULE.severity,
            &service.meta,
            mode.span(),
            format!("the annotations {} and {} say different things", mode.key(), hints.key()),
        )
    });
}
