//! What several rules have in common: a field that takes one of a few words, and labels that must be well formed.

use crate::finding::Finding;
use crate::kinds::fields::Written;
use crate::kinds::meta::Meta;
use crate::labels::Label;
use crate::names;
use crate::names::syntax;

use super::words::{self, shown};
use super::{Context, Findings, Rule, mend};

/// A finding where a field has none of the words that it takes.
pub(super) fn one_of(
    context: Context<'_>,
    rule: &Rule,
    meta: &Meta,
    field: &str,
    written: &Written<String>,
    words: &[&str],
) -> Option<Finding> {
    let text = written.value.as_str();
    let key = field.rsplit('.').next().unwrap_or(field);
    let (key, whose) = key.split_once('[').map_or((key, ""), |(list, _)| (list, "one of "));
    if words.contains(&text) {
        return None;
    }
    let all = words.join(", ");
    let near = words.iter().find(|word| word.eq_ignore_ascii_case(text)).copied();
    let meant = near.or_else(|| names::nearest(text, words.iter().copied()));
    let fix = meant.and_then(|word| mend::text(context, written.span, text, word, format!("write {word}")));
    Some(Finding {
        help: match meant {
            Some(word) if near.is_some() => format!("write {word}: upper and lower case matter here"),
            Some(word) => format!("write {word}"),
            None => format!("write one of {all}"),
        },
        short: format!("no such {key}"),
        field: Some(field.to_owned()),
        fix,
        ..words::found(
            rule,
            rule.severity,
            meta,
            written.span,
            format!("{whose}{key} is {}, and not one of {all}", shown(text)),
        )
    })
}

/// A finding for every label that Kubernetes refuses: for its key, else for its value.
pub(super) fn labels<'l>(
    rule: &Rule,
    meta: &Meta,
    field: &str,
    labels: impl IntoIterator<Item = &'l Label>,
    findings: &mut Findings<'_>,
) {
    let noun = if field.ends_with("selector") { "selector label" } else { "label" };
    for label in labels {
        let (span, message, help) = if let Some(fault) = syntax::qualified_name_fault(label.key()) {
            (
                label.key_span(),
                format!("{noun} key {} {}", shown(label.key()), words::fault(fault)),
                "write at most 63 letters, digits, -, _ and . with a letter or digit at both ends; a DNS name and a slash \
                 may stand before",
            )
        } else if let Some(fault) = syntax::label_value_fault(label.value()) {
            (
                label.span(),
                {
                    let (value, key) = (shown(label.value()), shown(label.key()));
                    format!("the value {value} of {noun} {key} {}", words::fault(fault))
                },
                "write at most 63 letters, digits, -, _ and . with a letter or digit at both ends, or nothing at all",
            )
        } else {
            continue;
        };
        findings.push(Finding {
            help: help.to_owned(),
            short: format!("no valid {noun}"),
            field: Some(field.to_owned()),
            ..words::found(rule, rule.severity, meta, span, message)
        });
    }
}
