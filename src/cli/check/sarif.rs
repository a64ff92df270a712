//! Findings as SARIF 2.1.0, for code scanning.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use serde_json::{Value, json};

use crate::cli::input::Read;
use crate::finding::Severity;
use crate::rules::RULES;
use crate::source::Span;

pub(super) fn report(read: &Read) -> Value {
    let rules = RULES.iter().map(|rule| {
        json!({
            "id": rule.name,
            "shortDescription": {"text": rule.what},
            "fullDescription": {"text": rule.why},
            "helpUri": rule.source,
            "defaultConfiguration": {"level": level(rule.severity)},
        })
    });
    let results = read.analysis.findings.iter().map(|finding| {
        let related = finding.related.iter().enumerate().map(|(id, related)| {
            let mut location = location(read, related.span);
            location["id"] = json!(id + 1);
            location["message"] = json!({"text": related.message});
            location
        });
        json!({
            "ruleId": finding.rule,
            "ruleIndex": RULES.iter().position(|rule| rule.name == finding.rule),
            "level": level(finding.severity),
            "message": {"text": format!("{}: {}", finding.message, finding.help)},
            "locations": [location(read, finding.span)],
            "relatedLocations": related.collect::<Vec<_>>(),
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "podwire",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn location(read: &Read, span: Span) -> Value {
    let place = read.analysis.place(span);
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(read.path(span.file))},
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    }})
}

/// A path as a relative reference, as RFC 3986 writes it.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(
                [byte >> 4, byte & 15]
                    .map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase()),
            );
        }
    }
    out
}
