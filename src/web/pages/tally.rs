//! The numbers that pills, badges and previews show.

use crate::analysis::Analysis;
use crate::finding::Severity;
use crate::render::tally::Tally;

/// Counts what is the matter: Services, Ingresses, Gateways and routes with an error, and the others with a warning.
pub(super) fn tally(analysis: &Analysis) -> Tally {
    let of = |severity: Severity| -> Vec<_> {
        let is_drawn =
            |kind: &str| matches!(kind, "Service" | "Ingress" | "Gateway") || kind.ends_with("Route");
        let about = analysis.findings.iter().filter(|f| f.severity == severity && is_drawn(&f.object.kind));
        let mut names: Vec<_> =
            about.map(|f| (&f.object.kind, &f.object.namespace, &f.object.name)).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let broken = of(Severity::Error);
    let partly = of(Severity::Warning).into_iter().filter(|name| broken.binary_search(name).is_err()).count();
    Tally {
        services: analysis.cluster.services.len(),
        broken: broken.len(),
        partly,
        errors: analysis.count(Severity::Error),
        warnings: analysis.count(Severity::Warning),
    }
}
