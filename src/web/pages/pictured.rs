//! Which part of a shared diagram the forms show that are no page: what its page shows by the same address.

use crate::analysis::Analysis;
use crate::diagram::trace::Lit;
use crate::diagram::{self, Chosen, Diagram};
use crate::finding::Finding;
use crate::render::svg::Emphasis;
use crate::web::error::{Error, Result};
use crate::wiring::trace::{Address, trace};

use super::filters::asked;
use super::seen::{Seen, What, choose, see};
use super::selection::Selection;

/// What an address asks a picture to show.
pub(super) struct Pictured<'a> {
    analysis: &'a Analysis,
    selection: &'a Selection,
    /// Which Services; all of them where nothing is asked for.
    chosen: Option<Chosen>,
}

/// A board with what is lit on it.
pub(super) struct LitBoard<'a> {
    pub diagram: Diagram,
    selected: Option<&'a str>,
    traced: Option<Lit>,
}

/// The address that a picture lights the way to.
pub(super) fn address(to: &str) -> Result<Address> {
    to.trim().parse().map_err(|malformed| Error::BadRequest(format!("trace: {malformed}")))
}

impl LitBoard<'_> {
    pub(super) fn on(&self) -> Emphasis<'_> {
        Emphasis { selected: self.selected, traced: self.traced.as_ref() }
    }
}

impl<'a> Pictured<'a> {
    /// The board as it is seen, with its groups folded.
    pub(super) fn board(analysis: &'a Analysis, selection: &'a Selection) -> Result<Self> {
        Self::of(analysis, selection, see(analysis, selection, false))
    }

    /// Each Service of that board, for forms that are lists.
    pub(super) fn list(analysis: &'a Analysis, selection: &'a Selection) -> Result<Self> {
        Self::of(analysis, selection, choose(analysis, selection, false))
    }

    fn of(analysis: &'a Analysis, selection: &'a Selection, seen: Seen) -> Result<Self> {
        let words = asked(selection);
        let chosen = match seen.what {
            What::Everything => None,
            What::Board(chosen) => Some(chosen),
            // A picture has no overview.
            What::Overview(services) => words.is_some().then(|| Chosen { services, ..Chosen::default() }),
        };
        let is_empty = chosen.as_ref().is_some_and(|chosen| {
            chosen.services.is_empty() && chosen.owners.is_empty() && chosen.folded.is_empty()
        });
        match words.filter(|_| is_empty) {
            Some(words) => Err(Error::NothingMatches(words)),
            None => Ok(Self { analysis, selection, chosen }),
        }
    }

    pub(super) const fn chosen(&self) -> Option<&Chosen> {
        self.chosen.as_ref()
    }

    pub(super) fn lay_out(&self) -> Diagram {
        let Analysis { cluster, wiring, findings, .. } = self.analysis;
        match &self.chosen {
            None => diagram::lay_out(cluster, wiring, findings),
            Some(chosen) => diagram::lay_out_chosen(cluster, wiring, findings, chosen),
        }
    }

    /// The board with what is selected or traced lit, as on the page; what names nothing is told.
    pub(super) fn lit(&self) -> Result<LitBoard<'a>> {
        let Analysis { cluster, wiring, .. } = self.analysis;
        let diagram = self.lay_out();
        let (mut selected, mut traced) = (None, None);
        if let Some(to) = &self.selection.trace {
            traced = diagram.light(cluster, wiring, &trace(cluster, wiring, &address(to)?));
        } else if let Some(at) = self.selection.at.as_deref() {
            // What is selected may be among what is left out.
            if self.chosen.is_none() && diagram.paths_at(at).is_empty() {
                return Err(Error::NothingMatches(format!("place {at}")));
            }
            selected = Some(at);
        }
        Ok(LitBoard { diagram, selected, traced })
    }

    /// The findings that stand beside it: those of a namespace where one is chosen.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        let namespace = self.selection.get("ns");
        let findings = self.analysis.findings.iter();
        findings.filter(move |finding| namespace.is_empty() || finding.object.namespace == namespace)
    }
}
