//! Many names that are held against many others: each is held against so many and no more, and those are the first.

use podwire::analysis::analyze;
use podwire::finding::Finding;
use podwire::rules::RULES;
use podwire::source::SourceFile;

/// How many of each there are, and of how many the near ones are told.
const MANY: usize = 1_000;

/// What a rule finds in a text.
fn found(rule: &str, text: &str) -> Vec<Finding> {
    let findings = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None).findings;
    findings.into_iter().filter(|finding| finding.rule == rule).collect()
}

#[test]
fn an_annotation_is_told_of_no_more_unknown_rules_than_there_are_rules() {
    let names: Vec<String> = (0..MANY).map(|at| format!("rule-{at}")).collect();
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: web, annotations: {{podwire.dev/ignore: 'emtpy-selector, missing-port,missing-port, {}'}}}}\n\
         spec: {{ports: [{{port: 80}}]}}\n",
        names.join(",")
    );
    let findings = found("unknown-ignored-rule", &text);
    assert_eq!(findings.len(), RULES.len());
    let written = |finding: &Finding| text[finding.span.start as usize..finding.span.end as usize].to_owned();
    let stands = |name: &str| findings.iter().filter(|finding| written(finding) == name).count();
    assert_eq!((stands("emtpy-selector"), stands("rule-7")), (1, 1), "each at its own place");
    assert_eq!(stands("missing-port"), 0, "which of two is not said");
}
