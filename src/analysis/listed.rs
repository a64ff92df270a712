//! Which findings are listed, and how many there are: broken input can have several on every few bytes, so what is not listed is
//! let go of while more are found.

use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cluster::Cluster;
use crate::finding::{Finding, Severity, Stage};
use crate::kinds::meta::Meta;
use crate::names::ObjectRef;
use crate::rules::{self, Context};

/// The most findings that are listed; the rest is counted. Beyond them the worst of each object that is drawn is listed, so that
/// no board shows it as sound.
const MOST: usize = 5_000;

/// What is listed of the findings, and what is told of the others.
pub(super) struct Listed<'c> {
    wishes: Ignored<'c>,
    /// The worst first.
    pub(super) findings: Vec<Finding>,
    pub(super) suppressed: usize,
    pub(super) ignored: Vec<Finding>,
    pub(super) counts: [usize; 3],
    /// At how many findings those that are not listed are let go of the next time.
    full: usize,
}

impl<'c> Listed<'c> {
    /// What all rules find.
    pub(super) fn of(context: Context<'c>) -> Self {
        let listed = Mutex::new(Self {
            wishes: Ignored::new(context.cluster),
            findings: Vec::new(),
            suppressed: 0,
            ignored: Vec::new(),
            counts: [0; 3],
            full: 4 * MOST,
        });
        // A rule that panics ends the analysis.
        rules::check(context, |found| listed.lock().unwrap_or_else(PoisonError::into_inner).add(found));
        let mut listed = listed.into_inner().unwrap_or_else(PoisonError::into_inner);
        listed.settle();
        listed
    }

    fn add(&mut self, mut found: Vec<Finding>) {
        let before = self.ignored.len();
        self.ignored.extend(found.extract_if(.., |finding| self.wishes.wants_no(finding)));
        self.suppressed += self.ignored.len() - before;
        for finding in &found {
            self.counts[finding.severity as usize] += 1;
        }
        self.findings.append(&mut found);
        if self.findings.len() + self.ignored.len() > self.full {
            self.settle();
            self.full = 4 * MOST + 2 * self.findings.len();
        }
    }

    /// Leaves what is listed, in its order.
    fn settle(&mut self) {
        rules::sort(&mut self.ignored);
        self.ignored.truncate(MOST);
        rules::sort(&mut self.findings);
        list(&mut self.findings);
    }
}

/// Leaves those findings, the worst first, that are listed.
fn list(findings: &mut Vec<Finding>) {
    if findings.len() <= MOST {
        return;
    }
    let mut seen = FxHashSet::default();
    let mut listed = Vec::with_capacity(findings.len());
    for finding in &*findings {
        let is_first = finding.object.leads() && seen.insert(&finding.object);
        listed.push(listed.len() < MOST || is_first && finding.severity != Severity::Hint);
    }
    let mut listed = listed.into_iter();
    findings.retain(|_| listed.next().unwrap_or_default());
    findings.shrink_to_fit();
}

/// The rules that objects want to hear nothing of.
struct Ignored<'c>(FxHashMap<ObjectRef, FxHashSet<&'c str>>);

impl<'c> Ignored<'c> {
    fn new(cluster: &'c Cluster) -> Self {
        let of = |meta: &'c Meta| {
            let rules = &meta.rest.ignored.as_ref()?.value;
            Some((meta.reference(), rules.iter().map(String::as_str).collect()))
        };
        Self(cluster.metas().filter_map(of).collect())
    }

    /// What Kubernetes refuses, whatever the cluster, is said all the same.
    fn wants_no(&self, finding: &Finding) -> bool {
        let refused = match finding.stage {
            Stage::Read => finding.severity == Severity::Error,
            Stage::Validate => true,
            Stage::Allocate | Stage::Wire => false,
        };
        !refused && self.0.get(&finding.object).is_some_and(|rules| rules.contains(finding.rule))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::analyze;
    use crate::source::SourceFile;

    /// Services of many broken ports each, of which every fifth wants to hear nothing of some.
    fn broken(services: usize, ports: usize) -> String {
        let mut text = String::new();
        for at in 0..services {
            let ignores =
                if at % 5 == 0 { "annotations: {podwire.dev/ignore: no-matching-pods}, " } else { "" };
            let _ = write!(
                text,
                "---\napiVersion: v1\nkind: Service\nmetadata: {{{ignores}name: web-{at}}}\nspec: {{selector: {{app: web-{at}}}, ports: [{}]}}\n",
                "{port: 0}, ".repeat(ports)
            );
        }
        text
    }

    #[test]
    fn what_is_let_go_of_early_changes_nothing() {
        for (services, ports) in [(3, 2), (40, 500), (6_000, 2)] {
            let file = SourceFile::new("-", broken(services, ports).into_bytes());
            let analysis = analyze(vec![file], None);
            let (cluster, wiring, files) = (&analysis.cluster, &analysis.wiring, &analysis.files[..]);
            let context = Context { cluster, wiring, problems: &[], files };
            let all = Mutex::new(Vec::new());
            rules::check(context, |found| all.lock().unwrap().extend(found));
            let mut all = all.into_inner().unwrap();
            rules::sort(&mut all);
            let wishes = Ignored::new(cluster);
            let mut ignored: Vec<Finding> = all.extract_if(.., |finding| wishes.wants_no(finding)).collect();
            let suppressed = ignored.len();
            ignored.truncate(MOST);
            let counts = [Severity::Error, Severity::Warning, Severity::Hint]
                .map(|severity| all.iter().filter(|finding| finding.severity == severity).count());
            assert!(services < 40 || counts.iter().sum::<usize>() > 4 * MOST, "{counts:?}");
            list(&mut all);
            let listed = Listed::of(context);
            assert_eq!((listed.counts, listed.suppressed), (counts, suppressed));
            assert!(listed.findings == all && listed.ignored == ignored, "{services} {ports}");
        }
    }
}
