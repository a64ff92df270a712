//! The numbers that pills, badges and previews show.

use rustc_hash::FxHashSet;

use crate::analysis::Analysis;
use crate::diagram::{Health, health};
use crate::finding::Severity;
use crate::render::tally::Tally;

/// Counts what is the matter, as the overview and "Broken only" do: Services by how they are, and Ingresses, Gateways and
/// routes by the worst that is said of them.
pub(super) fn tally(analysis: &Analysis) -> Tally {
    let services = health(&analysis.cluster, &analysis.wiring, &analysis.findings);
    let mut seen = FxHashSet::default();
    let of_routes = analysis.findings.iter().map(|finding| (&finding.object, finding.severity));
    let of_routes: Vec<Severity> = of_routes
        .filter(|(object, _)| object.leads_to_services() && seen.insert(*object))
        .map(|(_, worst)| worst)
        .collect();
    let count = |health: Health, severity: Severity| {
        services.iter().filter(|of| **of == health).count()
            + of_routes.iter().filter(|of| **of == severity).count()
    };
    Tally {
        services: services.len(),
        broken: count(Health::Broken, Severity::Error),
        partly: count(Health::Partly, Severity::Warning),
        errors: analysis.count(Severity::Error),
        warnings: analysis.count(Severity::Warning),
    }
}
