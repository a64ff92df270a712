//! Findings as SARIF 2.1.0, for code scanning.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;
use std::path::{Component, MAIN_SEPARATOR, Path};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::cli::input::Read;
use crate::finding::{Edit, Finding, Fix, Severity};
use crate::rules::RULES;
use crate::source::Span;

/// What relative addresses begin at: the folder that the command is run in.
const ROOT: &str = "SRCROOT";

pub(super) fn report(read: &Read) -> Value {
    let places: FxHashMap<&str, usize> = RULES.iter().enumerate().map(|(at, rule)| (rule.name, at)).collect();
    let rules = RULES.iter().map(|rule| {
        json!({
            "id": rule.name,
            "shortDescription": {"text": rule.what},
            "fullDescription": {"text": format!("{} {}", rule.what, rule.why)},
            "help": {"text": format!("{}\nSource: {}", rule.why, rule.source)},
            "helpUri": rule.source,
            "defaultConfiguration": {"level": level(rule.severity)},
            "properties": {"stage": rule.stage.as_str()},
        })
    });
    let told = read.analysis.findings.iter().map(|finding| result(read, &places, finding, false));
    let ignored = read.analysis.ignored.iter().map(|finding| result(read, &places, finding, true));
    let skipped = read.analysis.skipped.iter().map(|skipped| {
        json!({"level": "note", "message": {"text": format!("not read: {}: {}", skipped.file, skipped.why)}})
    });
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "podwire",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": skipped.collect::<Vec<_>>(),
            }],
            "originalUriBaseIds": {
                ROOT: {"description": {"text": "The folder that podwire was run in."}},
            },
            "columnKind": "unicodeCodePoints",
            "results": told.chain(ignored).collect::<Vec<_>>(),
        }],
    })
}

fn result(read: &Read, places: &FxHashMap<&str, usize>, finding: &Finding, ignored: bool) -> Value {
    let related = finding.related.iter().enumerate().map(|(id, related)| {
        let mut location = location(read, related.span);
        location["id"] = json!(id + 1);
        location["message"] = json!({"text": related.message});
        location
    });
    let mut place = location(read, finding.span);
    let object = &finding.object;
    if !object.kind.is_empty() {
        let name = [&object.kind, &object.namespace, &object.name];
        let name: Vec<&str> = name.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        place["logicalLocations"] =
            json!([{"name": object.name, "fullyQualifiedName": name.join("/"), "kind": "object"}]);
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": format!("{}: {}", finding.message, finding.help)},
        "locations": [place],
        "relatedLocations": related.collect::<Vec<_>>(),
    });
    if let Some(index) = places.get(finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([fixed(read, fix)]);
    }
    if ignored {
        let why = "the annotation podwire.dev/ignore of the object names the rule";
        result["suppressions"] = json!([{"kind": "inSource", "status": "accepted", "justification": why}]);
    }
    result
}

fn fixed(read: &Read, fix: &Fix) -> Value {
    let mut files: BTreeMap<u32, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(edit.span.file).or_default().push(edit);
    }
    let changes = files.into_iter().map(|(file, edits)| {
        let replacements = edits.into_iter().map(
            |edit| json!({"deletedRegion": region(read, edit.span), "insertedContent": {"text": edit.text}}),
        );
        json!({
            "artifactLocation": artifact(&read.path(file)),
            "replacements": replacements.collect::<Vec<_>>(),
        })
    });
    json!({"description": {"text": fix.title}, "artifactChanges": changes.collect::<Vec<_>>()})
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn location(read: &Read, span: Span) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": artifact(&read.path(span.file)),
        "region": region(read, span),
    }})
}

fn region(read: &Read, span: Span) -> Value {
    let place = read.analysis.place(span);
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

/// An absolute path stands for itself, any other begins where the command was run.
fn artifact(path: &str) -> Value {
    if Path::new(path).is_absolute() {
        let slash = if path.starts_with('/') { "" } else { "/" };
        return json!({"uri": format!("file://{slash}{}", uri(&path.replace(MAIN_SEPARATOR, "/")))});
    }
    let parts = Path::new(path).components().filter(|part| *part != Component::CurDir);
    let parts: Vec<String> = parts.map(|part| uri(&part.as_os_str().to_string_lossy())).collect();
    json!({"uri": parts.join("/"), "uriBaseId": ROOT})
}

/// A path as a relative reference, as RFC 3986 writes it.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        for (path, wanted) in [
            ("k8s/web.yaml", json!({"uri": "k8s/web.yaml", "uriBaseId": ROOT})),
            ("./k8s//a b,1%é.yaml", json!({"uri": "k8s/a%20b%2C1%25%C3%A9.yaml", "uriBaseId": ROOT})),
            ("../a:b.yaml", json!({"uri": "../a%3Ab.yaml", "uriBaseId": ROOT})),
            ("-", json!({"uri": "-", "uriBaseId": ROOT})),
        ] {
            assert_eq!(artifact(path), wanted, "{path}");
        }
        #[cfg(unix)]
        assert_eq!(artifact("/k8s/a b.yaml"), json!({"uri": "file:///k8s/a%20b.yaml"}));
    }
}
