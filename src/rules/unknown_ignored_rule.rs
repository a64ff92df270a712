//! An annotation that asks to hear nothing of a rule which there is not.

use rustc_hash::FxHashMap;

use crate::finding::{Edit, Finding, Fix, Severity, Stage};
use crate::kinds::meta::{IGNORE, Meta};
use crate::names::nearest;
use crate::source::Span;

use super::words::{self, quoted, shown};
use super::{Context, RULES, Rule, by_name, fixture, mend, Findings};

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

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let mut before = None;
    for meta in context.cluster.metas() {
        let Some(ignored) = &meta.rest.ignored else { continue };
        // The subsets of one Endpoints object share its annotations.
        if before.replace(meta.span) == Some(meta.span) {
            continue;
        }
        // More names than there are rules cannot all be slips.
        let unknown = ignored.value.iter().filter(|name| by_name(name).is_none()).take(RULES.len());
        let places = ignored.span.map(|span| places(context, span)).unwrap_or_default();
        findings.extend(unknown.map(|name| {
            let place = places.get(name.as_str()).copied().flatten();
            finding(meta, ignored.span, name, place)
        }));
    }
}

fn finding(meta: &Meta, annotation: Option<Span>, name: &str, place: Option<Span>) -> Finding {
    let near = nearest(name, RULES.iter().map(|rule| rule.name));
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

/// Where each name stands in the annotation, if it stands there once and as it is.
fn places(context: Context<'_>, span: Span) -> FxHashMap<&str, Option<Span>> {
    let mut places = FxHashMap::default();
    if !mend::is_free(context, span) {
        return places;
    }
    let mut start = span.start;
    for name in context.written(span).split([',', ' ', '"', '\'', '\n']) {
        let end = start + name.len() as u32;
        places.entry(name).and_modify(|place| *place = None).or_insert(Some(Span { start, end, ..span }));
        start = end + 1;
    }
    places
}
