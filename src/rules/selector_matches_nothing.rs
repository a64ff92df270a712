//! A Service whose selector picks no pod, with the nearest thing that it may have meant.

use crate::cluster::{Cluster, From, PodSet};
use crate::finding::{Finding, Related, Severity, Stage};
use crate::kinds::service::Service;
use crate::kinds::workload::is_own_label;
use crate::labels::Label;
use crate::wiring::{NearMiss, Nobody, misspelt_key, other_key};

use super::words::{describe, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "selector-matches-nothing",
    stage: Stage::Wire,
    severity: Severity::Error,
    what: "No pod in the Service's namespace carries all the labels that its selector asks for.",
    why: "Kubernetes accepts such a Service in silence, gives it no endpoints, and every connection to it is refused or \
          times out. It is an error where the upload shows what was probably meant (one label a slip away, the whole \
          selector in another namespace, the labels on the workload but not on its pod template), a warning where a \
          label of pods that it seems to be for has another value altogether, and a hint where nothing speaks for any pod \
          of the upload or a key is on none, since the pods may be elsewhere and a controller may add the label.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes",
    check,
    fires: fixture!("selector-matches-nothing", "fires"),
    silent: fixture!("selector-matches-nothing", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for (service, wired) in context.cluster.services.iter().zip(&context.wiring.services) {
        let Some(Nobody::NoPodSelected(miss)) = &wired.nobody else { continue };
        findings.push(finding(context, service, miss.as_ref()));
    }
}

fn finding(context: Context<'_>, service: &Service, miss: Option<&NearMiss>) -> Finding {
    let cluster = context.cluster;
    let name = &service.meta.name.value;
    let namespace = &service.meta.namespace;
    let pairs = &service.selector.0.0;
    let whole = service.selector_span.unwrap_or_else(|| service.meta.head());
    let mut found = Finding {
        rule: RULE.name,
        stage: Stage::Wire,
        severity: Severity::Hint,
        message: format!("Service \"{name}\" selects no pod of namespace \"{namespace}\" in this upload"),
        help: "upload the pods that it is for, give pods these labels, or select labels that pods carry".to_owned(),
        short: "selects no pod".to_owned(),
        field: Some("spec.selector".to_owned()),
        object: service.meta.reference(),
        span: whole,
        related: Vec::new(),
        fix: None,
    };
    let Some(miss) = miss else { return found };
    let pods = |set: u32| {
        let set = &cluster.sets[set as usize];
        (set, describe(cluster, set))
    };
    match *miss {
        NearMiss::OneLabelOff { label, set } => {
            let (set, who) = pods(set);
            let pair = &pairs[label];
            let Some(theirs) = near_label(cluster, set, pair, pairs) else { return found };
            at(&mut found, pair);
            found.severity = Severity::Error;
            found.message = format!(
                "selector asks for \"{}={}\", but {who} carries \"{}={}\"",
                pair.key(), pair.value(), theirs.key(), theirs.value()
            );
            found.related.push(Related { message: format!("the label of {who}"), span: theirs.span() });
            if theirs.key() == pair.key() {
                found.short =
                    format!("{}: {}={}", how_far(pair.value(), theirs.value()), pair.key(), theirs.value());
                found.help = format!("write {} here, or change the label of the pods", quoted(theirs.value()));
                let title = format!("select {}={}", theirs.key(), theirs.value());
                found.fix = mend::text(context, pair.span(), pair.value(), theirs.value(), title);
            } else {
                found.short = format!("key: {}: {}", how_far(pair.key(), theirs.key()), theirs.key());
                found.help = format!("write the key as {}", quoted(theirs.key()));
                let title = format!("select {}={}", theirs.key(), theirs.value());
                found.fix = mend::text(context, pair.key_span(), pair.key(), theirs.key(), title);
            }
        }
        NearMiss::OtherNamespace { set } => {
            let (set, who) = pods(set);
            found.span = service.meta.namespace_span.unwrap_or_else(|| service.meta.head());
            found.field = Some("metadata.namespace".to_owned());
            found.severity = Severity::Error;
            found.message = format!(
                "no pod of namespace \"{namespace}\" carries the selector's labels, but {who} in namespace \"{}\" does",
                set.namespace
            );
            found.help =
                "put the Service and its pods into the same namespace: a Service never reaches into another"
                    .into();
            found.short = format!("pods are in {}", set.namespace);
            found.related.push(Related {
                message: format!("{who} in \"{}\"", set.namespace),
                span: set.meta(cluster).namespace_span.unwrap_or_else(|| set.meta(cluster).head()),
            });
        }
        NearMiss::WorkloadLabels { set } => {
            let (set, who) = pods(set);
            found.severity = Severity::Error;
            found.message =
                format!("{who} carries the selector's labels itself, but its pod template does not");
            found.help =
                "put the labels under spec.template.metadata.labels: a Service looks at pods only".into();
            found.short = "labels not on the pods".into();
            found
                .related
                .push(Related { message: format!("the labels of {who}"), span: set.meta(cluster).head() });
            other_value(&mut found, cluster, set, pairs, &who);
        }
        NearMiss::KeyAbsent { label, set } => {
            let pair = &pairs[label];
            at(&mut found, pair);
            found.severity = Severity::Hint;
            found.message =
                format!("no pod of namespace \"{namespace}\" in this upload has a label {}", quoted(pair.key()));
            // A selector without labels selects nothing.
            found.help = if pairs.len() > 1 {
                "if no controller adds this label at run time, add it to the pods or leave it out here".into()
            } else {
                "if no controller adds this label at run time, add it to the pods".into()
            };
            found.short = format!("no label {}", pair.key());
            if let Some((set, who)) = set.map(pods) {
                let (has, span) = match other_key(set.labels(cluster), pair, pairs) {
                    Some(theirs) => {
                        let key = quoted(theirs.key());
                        found.help = format!(
                            "if no controller adds this label at run time, write the key {key} here or add the label to the pods"
                        );
                        (format!("carries \"{}={}\"", theirs.key(), theirs.value()), theirs.span())
                    }
                    None => ("carries the rest of the selector".to_owned(), set.meta(cluster).head()),
                };
                found.message = format!("{}; {who} {has}", found.message);
                found.related.push(Related { message: format!("the labels of {who}"), span });
            }
        }
        NearMiss::OtherValue { label, set } => {
            let (set, who) = pods(set);
            let pair = &pairs[label];
            at(&mut found, pair);
            let theirs = near_label(cluster, set, pair, pairs);
            let has = match theirs {
                Some(theirs) => format!("carries \"{}={}\"", theirs.key(), theirs.value()),
                None if is_own_label(pair.key()) => "gives its pods other values of it".to_owned(),
                None => format!("has no label {}", quoted(pair.key())),
            };
            found.severity = Severity::Warning;
            found.message = format!(
                "no pod of namespace \"{namespace}\" in this upload carries \"{}={}\"; {who} {has}",
                pair.key(), pair.value()
            );
            found.related.push(Related {
                message: format!("the labels of {who}"),
                span: theirs.map_or_else(|| set.meta(cluster).head(), Label::span),
            });
        }
    }
    found
}

fn at(found: &mut Finding, pair: &Label) {
    found.span = pair.span();
    found.field = Some(format!("spec.selector[{}]", pair.key()));
}

/// Of a workload that carries the labels itself: which one its pods have with another value, where it is one alone.
fn other_value(found: &mut Finding, cluster: &Cluster, set: &PodSet, pairs: &[Label], who: &str) {
    let labels = set.labels(cluster);
    let mut missing = pairs.iter().filter(|pair| labels.get(pair.key()) != Some(pair.value()));
    let Some(pair) = missing.next().filter(|_| missing.next().is_none()) else { return };
    let Some(theirs) = labels.label(pair.key()) else { return };
    at(found, pair);
    found.message = format!(
        "{who} carries \"{}={}\" itself, but its pod template carries \"{}={}\"",
        pair.key(), pair.value(), theirs.key(), theirs.value()
    );
    let From::Template(id) = set.from else { return };
    let selector = cluster.workloads[id].selector.as_ref();
    let asks = selector.is_some_and(|selector| selector.match_labels.label(pair.key()).is_some());
    found.help = if asks {
        format!("write {} here, as the pods carry it: the workload's own selector asks for that, too", quoted(theirs.value()))
    } else {
        format!("write {} under spec.template.metadata.labels: a Service looks at pods only", quoted(pair.value()))
    };
    found.short = "label not on the pods".into();
    found.related = vec![Related { message: format!("the labels of {who}"), span: theirs.span() }];
}

fn near_label<'c>(cluster: &'c Cluster, set: &'c PodSet, pair: &Label, pairs: &[Label]) -> Option<&'c Label> {
    let labels = set.labels(cluster);
    labels.label(pair.key()).or_else(|| misspelt_key(labels, pair, pairs))
}

fn how_far(wanted: &str, has: &str) -> &'static str {
    if wanted.eq_ignore_ascii_case(has) {
        "case differs"
    } else if crate::names::edit_distance(wanted, has, 1).is_some() {
        // As long as each other and not one letter apart in place: two neighbours changed places.
        let differ = wanted.chars().zip(has.chars()).filter(|(wanted, has)| wanted != has).count();
        let is_swapped = wanted.chars().count() == has.chars().count() && differ == 2;
        if is_swapped { "two letters swapped" } else { "one letter off" }
    } else {
        "two letters off"
    }
}

#[cfg(test)]
mod tests {
    use super::how_far;

    #[test]
    fn says_how_far_off_it_is() {
        assert_eq!(how_far("cart", "carts"), "one letter off");
        assert_eq!(how_far("cart", "cards"), "two letters off");
        assert_eq!(how_far("cart", "card"), "one letter off");
        assert_eq!(how_far("crat", "cart"), "two letters swapped");
        assert_eq!(how_far("cart", "Cart"), "case differs");
        assert_eq!(how_far("frontend", "front-ends"), "two letters off");
    }
}
