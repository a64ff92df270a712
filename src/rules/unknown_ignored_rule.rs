//! An annotation that asks to hear nothing of a rule which there is not.

use crate::finding::{Edit, Finding, Fix, Severity, Stage};
use crate::kinds::meta::{IGNORE, Meta};
use crate::names::nearest;
use crate::source::Span;

use super::words::{self, quoted, shown};
use super::{Context, RULES, Rule, by_name, fixture, mend};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "unknown-ignored-rule",
    stage: Stage::Wire,
    severity: Severity::Warning,
    what: "The annotation podwire.dev/ignore names a rule that there is not.",
    why: "It silences nothing: the finding that it was meant for is still told, or will be once there is one.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/",
    check,
    fires: fixture!("unknown-ignored-rule", "fires"),
    silent: fixture!("unknown-ignored-rule", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    let mut before = None;
    for meta in context.cluster.metas() {
        let Some(ignored) = &meta.ignored else { continue };
        // The subsets of one Endpoints object share its annotations.
        if before.replace(meta.span) == Some(meta.span) {
            continue;
        }
        let unknown = ignored.value.iter().filter(|name| by_name(name).is_none());
        findings.extend(unknown.map(|name| finding(context, meta, ignored.span, name)));
    }
}

fn finding(context: Context<'_>, meta: &Meta, annotation: Option<Span>, name: &str) -> Finding {
    let near = nearest(name, RULES.iter().map(|rule| rule.name));
    let place = annotation.and_then(|span| place(context, span, name));
    let mut message = format!("{IGNORE} names {}, and there is no such rule", shown(name));
    if let Some(near) = near {
        message.push_str(&format!(", but one called {}", quoted(near)));
    }
    Finding {
        help: match near {
            Some(near) => format!("write {near}"),
            None => "write the name of a rule, as findings have it in brackets".to_owned(),
        },
        short: "no such rule".to_owned(),
        field: Some(format!("metadata.annotations[{IGNORE}]")),
        fix: near.zip(place).map(|(near, span)| Fix {
            title: format!("write {near}"),
            edits: vec![Edit { span, text: near.to_owned() }],
        }),
        ..words::found(&RULE, RULE.severity, meta, place.or(annotation), message)
    }
}

/// Where the name stands in the annotation, if it stands there once and as it is.
fn place(context: Context<'_>, span: Span, name: &str) -> Option<Span> {
    let is_name = |c: char| !matches!(c, ',' | ' ' | '"' | '\'' | '\n');
    let written = context.written(span);
    let mut at = written.match_indices(name).map(|(at, _)| at).filter(|&at| {
        let (before, after) = (written.get(..at), written.get(at + name.len()..));
        !before.is_some_and(|text| text.ends_with(is_name)) && !after.is_some_and(|text| text.starts_with(is_name))
    });
    let (first, None) = (at.next()?, at.next()) else { return None };
    let start = span.start + first as u32;
    mend::is_free(context, span).then_some(Span { start, end: start + name.len() as u32, ..span })
}
