//! The rules: what Podwire has to say about an upload, one rule to a file.
//!
//! To add one: a file in `rules/`, a word in the list below, and under `tests/rules/<rule>/` a manifest that fires
//! (marked where) and the nearest manifest that must not.

use crate::cluster::Cluster;
use crate::finding::{Finding, Severity, Stage};
use crate::kinds::ObjectProblem;
use crate::wiring::Wiring;

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The objects.
    pub cluster: &'c Cluster,
    /// How they are wired.
    pub wiring: &'c Wiring,
    /// What could not be read as it was meant.
    pub problems: &'c [ObjectProblem],
}

/// A rule, with what its page says.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, which reads after "allow": `empty-selector`.
    pub name: &'static str,
    /// Who would notice; where findings differ, the commonest.
    pub stage: Stage,
    /// The worst that its findings can be.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub what: &'static str,
    /// Why that matters for traffic.
    pub why: &'static str,
    /// Where Kubernetes says so.
    pub source: &'static str,
    /// Adds its findings.
    pub check: fn(Context<'_>, &mut Vec<Finding>),
    /// A manifest that fires it, marked with `#~` where.
    pub fires: &'static str,
    /// The nearest manifest that does not.
    pub silent: &'static str,
}

/// The list of rules, in the order of their names.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every rule there is.
        pub const RULES: &[Rule] = &[$($module::RULE),*];
    };
}

rules![selector_matches_nothing];

/// The two manifests of a rule: they are tests, and the examples on its page.
macro_rules! fixture {
    ($rule:literal, $which:literal) => {
        include_str!(concat!("../../tests/rules/", $rule, "/", $which, ".yaml"))
    };
}
use fixture;

/// All findings, the worst first, then in the order of the upload.
pub fn check(context: Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        (rule.check)(context, &mut findings);
    }
    findings.sort_by(|a, b| (a.severity, a.span, a.rule, &a.message).cmp(&(b.severity, b.span, b.rule, &b.message)));
    findings
}

/// The rule of a name.
pub fn by_name(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}
