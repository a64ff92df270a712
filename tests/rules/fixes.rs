//! A fix mends its finding and raises no other, in whichever form the manifest is written.

use std::collections::BTreeSet;

use super::{FIXTURES, Fixture, Path, RULES, SourceFile, analyze, fixtures};
use podwire::analysis::Analysis;
use podwire::finding::{Edit, Finding};
use podwire::names::ObjectRef;

/// The rules that offer a fix where they are sure of it.
const OFFER: &[&str] = &[
    "endpoint-slice-port-name",
    "endpoint-slice-without-service",
    "ingress-class-missing",
    "ingress-port-missing",
    "ingress-service-missing",
    "invalid-cluster-ip",
    "invalid-external-name",
    "invalid-ingress-path",
    "invalid-ip-family",
    "invalid-probe-port",
    "invalid-route-filter",
    "invalid-route-match",
    "invalid-route-path",
    "invalid-session-affinity",
    "invalid-target-port",
    "invalid-traffic-policy",
    "probe-port-name-missing",
    "protocol-differs",
    "removed-api-version",
    "route-backend-kind",
    "route-backend-missing",
    "route-backend-port-missing",
    "route-parent-missing",
    "route-section-missing",
    "selector-matches-nothing",
    "target-port-name-missing",
    "unknown-field",
    "unknown-ignored-rule",
    "unknown-kind",
    "unknown-protocol",
    "unknown-service-type",
    "unresolved-pod-name",
    "wrong-type",
];

/// What a finding is known by, wherever a fix moves it and however it is worded then.
type Known = (&'static str, ObjectRef, Option<String>);

fn known(finding: &Finding) -> Known {
    (finding.rule, finding.object.clone(), finding.field.clone())
}

fn analysis(text: &str) -> Analysis {
    analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None)
}

/// A text with all edits of a fix made.
fn mended(text: &str, edits: &[Edit]) -> String {
    let (mut text, mut edits) = (text.to_owned(), edits.to_vec());
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

/// Every fix by itself; answers the rules that offered one.
fn hold(name: &str, text: &str) -> BTreeSet<&'static str> {
    let before = analysis(text);
    let mut offered = BTreeSet::new();
    for finding in &before.findings {
        let Some(fix) = &finding.fix else { continue };
        offered.insert(finding.rule);
        let text = mended(text, &fix.edits);
        let mut left: Vec<Known> = before.findings.iter().map(known).collect();
        let this = left.iter().position(|other| *other == known(finding));
        this.map(|this| left.swap_remove(this));
        for other in analysis(&text).findings {
            let place = left.iter().position(|left| *left == known(&other));
            assert!(place.is_some(), "{name}: after {:?} there is {other:#?} in\n{text}", fix.title);
            place.map(|place| left.swap_remove(place));
        }
    }
    offered
}

/// The fixtures that fire, without their marks; those that are no UTF-8 offer nothing.
fn firing() -> Vec<(&'static str, Fixture, String)> {
    let of = |name: &'static str| {
        let all = fixtures(&Path::new(FIXTURES).join(name), "fires").into_iter();
        all.filter_map(move |fixture| {
            let text = String::from_utf8(fixture.text.clone()).ok()?;
            Some((name, fixture, text))
        })
    };
    RULES.iter().flat_map(|rule| of(rule.name)).collect()
}

#[test]
fn fixes_mend_their_finding_and_raise_no_other() {
    let mut offered = BTreeSet::new();
    for (_, fixture, text) in firing() {
        offered.extend(hold(&fixture.path.display().to_string(), &text));
    }
    assert_eq!(offered.into_iter().collect::<Vec<_>>(), OFFER);
}

#[test]
fn fixes_hold_with_other_line_ends() {
    for (_, fixture, text) in firing() {
        let text = text.replace('\n', "\r\n");
        hold(&fixture.path.display().to_string(), &text);
    }
}

#[test]
fn fixes_hold_in_json() {
    use serde::Deserialize as _;

    let mut offered = BTreeSet::new();
    for (_, fixture, text) in firing() {
        let values: Result<Vec<_>, _> =
            serde_yaml::Deserializer::from_str(&text).map(serde_json::Value::deserialize).collect();
        // Some are broken on purpose.
        let Ok(values) = values else { continue };
        for pretty in [true, false] {
            let json = |value| {
                if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }
            };
            let texts: Result<Vec<String>, _> = values.iter().map(json).collect();
            let text = texts.map(|texts| texts.join("\n")).unwrap_or_default();
            offered.extend(hold(&format!("{} as JSON", fixture.path.display()), &text));
        }
    }
    assert!(offered.len() + 2 > OFFER.len(), "in JSON only {offered:?} offer a fix");
}

/// Labels that are lifted out of `matchLabels`, and ports that get their name's key, stay what was meant, or are left.
#[test]
fn what_a_fix_would_make_into_something_else_is_left() {
    let service = |selector: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:{selector}\n  ports: [{{port: 80}}]\n"
        )
    };
    let ingress = |port: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\nspec:\n  defaultBackend:\n    service:\n      name: web\n      port:{port}\n"
        )
    };
    for (text, is_mended) in [
        (service("\n    matchLabels: {app: web}"), true),
        (service(" {matchLabels: {app: web, tier: front,}}"), true),
        (service("\n    matchLabels: {app: web, tier: front}"), false),
        (service("\n    matchLabels: {app: web,}"), false),
        (service("\n    matchLabels: {\"app\":\"web\"}"), false),
        (service("\n    matchLabels: {\n      app: web\n    }"), true),
        (service("\n    matchLabels:\n      # matchLabels:\n      {app: web}"), false),
        (service("\n    app: api\n    matchLabels:\n      app: web"), false),
        (service("\n    matchLabels:\n      app: web\n    tier: front"), false),
        (service(" {matchLabels: {app: web}, matchExpressions: []}"), false),
        (ingress(" {number: http}"), true),
        (ingress("\n        number: http"), true),
        (ingress(" {number: http, name: http}"), false),
        (ingress(" {name: http, number: http}"), false),
        (ingress("\n        name: http\n        number: http"), false),
    ] {
        let analysis = analysis(&text);
        let wrong = || analysis.findings.iter().filter(|finding| finding.rule == "wrong-type");
        assert!(wrong().next().is_some(), "{text}");
        let fix = wrong().find_map(|finding| finding.fix.as_ref());
        assert_eq!(fix.is_some(), is_mended, "{text}");
        let Some(fix) = fix else { continue };
        let left = self::analysis(&mended(&text, &fix.edits)).findings;
        assert!(
            left.iter().all(|finding| finding.rule != "wrong-type" && finding.rule != "yaml-syntax"),
            "{text}"
        );
    }
}
