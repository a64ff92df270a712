//! What is told of a trace: its hops, each pod's share, and why it reaches nobody where it does not.

use crate::analysis::Analysis;
use crate::diagram::{Diagram, trace::Lit};
use crate::render::trace::{Told, ToldHop, percent, tell};
use crate::wiring::trace::{Address, Shares, Trace, Unshared, trace};

use super::{Hop, Inspector, MOST_ENDS, PathView, Teller};

impl Inspector {
    /// What is told of a trace, and what of the board it lights.
    pub(in super::super) fn of_trace(
        analysis: &Analysis,
        diagram: &Diagram,
        to: &str,
    ) -> (Self, Option<Lit>) {
        let address: Address = match to.parse() {
            Ok(address) => address,
            Err(malformed) => {
                let why = super::capital(&format!("{malformed}."));
                return (Self::saying(to, why), None);
            }
        };
        let followed = trace(&analysis.cluster, &analysis.wiring, &address);
        let told = tell(&followed, &analysis.cluster, &analysis.wiring, &analysis.findings);
        let lit = diagram.light(&analysis.cluster, &analysis.wiring, &followed);
        (Self::of_told(analysis, to, &followed, told), lit)
    }

    fn saying(to: &str, why: String) -> Self {
        Self {
            title: to.to_owned(),
            sub: why,
            paths: Vec::new(),
            left_out: 0,
            findings: Vec::new(),
            checks: Vec::new(),
            near: None,
        }
    }

    fn of_told(analysis: &Analysis, to: &str, trace: &Trace, told: Told) -> Self {
        let teller = Teller { analysis, at: "" };
        let is_chosen = trace.shares == Shares::Unknown(Unshared::Client);
        let mut hops = Vec::new();
        let mut ends = 0;
        for hop in told.hops {
            ends += usize::from(hop.share.is_some());
            if hop.share.is_none() || ends <= MOST_ENDS {
                hops.push(teller.traced(hop, is_chosen));
            }
        }
        let more = ends.saturating_sub(MOST_ENDS);
        if more > 0 {
            let why = "Further rows of pods answer as well; the JSON lists all.".to_owned();
            hops.push(teller.hop(format!("and {more} more"), why, None, None));
        }
        if !told.reaches {
            let mut end = teller.hop("nobody is reached".to_owned(), told.why.clone(), None, None);
            end.broken = true;
            hops.push(end);
        }
        let targets = trace.targets();
        let services: Vec<usize> = targets.iter().map(|(service, _)| *service).collect();
        Self {
            paths: vec![PathView { heading: None, hops }],
            findings: teller.findings(&services, &targets),
            checks: targets
                .first()
                .copied()
                .map(|(service, port)| teller.checks(service, port))
                .unwrap_or_default(),
            near: told.near,
            ..Self::saying(to, if told.reaches { told.why } else { "reaches nobody".to_owned() })
        }
    }
}

impl Teller<'_> {
    fn traced(&self, hop: ToldHop, is_chosen: bool) -> Hop {
        let who = super::capital(&hop.title);
        // Without an address a port says little: the pods themselves go first.
        let (title, why) = if hop.address.starts_with(':') {
            (format!("{who} {}", hop.address), hop.why)
        } else {
            (hop.address, format!("{who}. {}", hop.why))
        };
        let each = if hop.pods > 1 { " each" } else { "" };
        let share = |share: Option<f64>| match share {
            Some(share) => percent(share) + each,
            None if is_chosen => "the client chooses".to_owned(),
            None => "share unknown".to_owned(),
        };
        let share = hop.share.map(share);
        Hop { share, ..self.hop(title, why, hop.around, hop.mark) }
    }
}
