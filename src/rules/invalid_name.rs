//! A Service, a Pod or a workload whose name Kubernetes refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::meta::Meta;
use crate::names::Short;
use crate::names::syntax::{self, Fault};

use super::words::{self, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-name",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A Service, a Pod or a workload has no name, or one that its kind cannot have.",
    why: "A Service's name becomes part of a DNS name, by which clients find it: a-z, 0-9 and hyphens, at most 63, a letter \
          first. A StatefulSet's is the beginning of its pods' DNS names, and a DNS label too; other kinds may have dots. \
          Kubernetes refuses what has no such name.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
    check,
    fires: fixture!("invalid-name", "fires"),
    silent: fixture!("invalid-name", "silent"),
};

const HELP: &str = "use a-z, 0-9 and -, with a letter first, no - at the end and at most 63 of them";

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let (name, from) = (&service.meta.name, &service.meta.rest.generate_name);
        if !from.value.is_empty()
            && let Some(fault) = syntax::generate_name_fault(&from.value)
        {
            let message =
                format!("generateName {} of this Service {}", shown(&from.value), words::fault(fault));
            findings.push(found(&service.meta, "metadata.generateName", from, message, HELP));
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
            findings.push(found(&service.meta, "metadata.name", written, message, help));
        }
    }
    let pods = context.cluster.pods.iter().filter(|pod| !pod.meta.is_plain).map(|pod| &pod.meta);
    let workloads = context.cluster.workloads.iter().map(|workload| &workload.meta);
    let undecoded = context.undecoded();
    for meta in pods.chain(workloads) {
        if words::pod_spec_path(meta).is_some() && undecoded.have_not(meta) {
            findings.extend(of_pods(meta));
        }
    }
}

/// The name of a Pod or of what makes pods.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/apps/validation/validation.go>
/// (`ValidateStatefulSetName`, and `NameIsDNSSubdomain` for the other kinds)
fn of_pods(meta: &Meta) -> Option<Finding> {
    /// To the name of a `CronJob` its Jobs' names add eleven characters.
    const CRON_JOB: usize = 52;
    let (name, kind) = (meta.name.value.as_str(), meta.kind.as_str());
    if name.is_empty() {
        let message = format!("this {kind} has no name");
        return meta.rest.generate_name.value.is_empty().then(|| {
            found(meta, "metadata.name", &meta.name, message, "write metadata.name")
        });
    }
    let fault = match kind {
        "StatefulSet" => syntax::dns_label_fault(name),
        "CronJob" if name.len() > CRON_JOB => Some(Fault::TooLong(CRON_JOB)),
        _ => syntax::dns_subdomain_fault(name),
    }?;
    let message = format!("the name {} of this {kind} {}", shown(name), words::fault(fault));
    let help = match kind {
        "StatefulSet" => "use a-z, 0-9 and -, with a letter or digit at both ends and at most 63 of them",
        _ => "use a-z, 0-9, - and ., with a letter or digit at both ends",
    };
    Some(found(meta, "metadata.name", &meta.name, message, help))
}

fn found(meta: &Meta, field: &str, written: &Written<Short>, message: String, help: &str) -> Finding {
    let span = written.span;
    Finding {
        help: help.to_owned(),
        short: "no valid name".to_owned(),
        field: Some(field.to_owned()),
        ..words::found(&RULE, RULE.severity, meta, span, message)
    }
}
