//! The same key twice in one map: the last one counts, in silence.

use crate::finding::{Finding, Severity, Stage};
use crate::source::What;

use super::words::{self, quoted};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "duplicate-key",
    stage: Stage::Read,
    severity: Severity::Warning,
    what: "A key is in one map twice.",
    why: "kubectl takes the last one as it turns YAML into JSON, and says nothing: what was written first is lost, so that a \
          second \"ports\" replaces the first whole.",
    source: "https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/util/yaml/decoder.go",
    check,
    fires: fixture!("duplicate-key", "fires"),
    silent: fixture!("duplicate-key", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems {
        let What::DuplicateKey(key) = &problem.problem.what else { continue };
        findings.push(Finding {
            help: "leave one of them out".to_owned(),
            short: format!("{key} is there twice"),
            ..words::about(
                &RULE,
                RULE.severity,
                problem.object.clone().unwrap_or_default(),
                problem.problem.span,
                format!("key {} is in this map twice; the last one counts", quoted(key)),
            )
        });
    }
}
