//! The workbench: board, inspector, findings and table of an analysis, with an editor where it may be edited.

use askama::Template;
use askama_web::WebTemplate;

use crate::analysis::Analysis;
use crate::cluster::State;
use crate::diagram::{self, Diagram};
use crate::finding::Severity;
use crate::render::svg::{self, Link, Use};

use super::copies::{Copies, Unfurled};
use super::count;
use super::editor::{self, Editor};
use super::examples::{EXAMPLES, Example};
use super::findings::FindingView;
use super::home::Selection;
use super::inspector::Inspector;
use super::table::{self, TableRow};
use super::tally::tally;
use super::words::{self, Word};

/// The most findings that a page lists; the JSON lists all.
const MOST_FINDINGS: usize = 200;

/// A whole page.
#[derive(Template, WebTemplate)]
#[template(path = "workbench.html")]
pub(super) struct Workbench {
    pub title: String,
    pub editor: Option<Editor>,
    pub drawing: Drawing,
    pub examples: &'static [Example],
    pub example: Option<&'static str>,
    /// Whether the guided reading is of this board.
    pub tour: bool,
    pub shared: Option<SharedView>,
}

/// What changes when the text does: sent alone to a page that is there already.
#[derive(Template, WebTemplate)]
#[template(path = "redraw.html")]
pub(super) struct Redraw {
    pub drawing: Drawing,
}

/// The inspector alone.
#[derive(Template, WebTemplate)]
#[template(path = "inspect.html")]
pub(super) struct Inspect {
    pub drawing: Drawing,
}

/// What a shared diagram says of itself.
pub(super) struct SharedView {
    pub id: String,
    pub created: String,
    /// The end of "kept until …".
    pub until: String,
    pub copies: Copies,
    pub unfurled: Unfurled,
}

/// A drawn analysis.
#[expect(clippy::struct_excessive_bools, reason = "a template asks each by itself")]
pub(super) struct Drawing {
    pub svg: String,
    pub selected: Option<String>,
    /// The address that is traced, as it was written; empty where none is.
    pub trace: String,
    /// What was selected and is not on the board.
    pub lost: Option<String>,
    /// Whether links lead to the page's own table.
    pub on_page: bool,
    pub inspector: Option<Inspector>,
    pub findings: Vec<FindingView>,
    pub findings_left_out: usize,
    pub rows: Vec<TableRow>,
    pub services: String,
    pub broken: usize,
    pub partly: usize,
    pub counts: String,
    pub observed: bool,
    /// Whether only what is broken is drawn.
    pub only_broken: bool,
    pub has_examples: bool,
    pub empty: bool,
    /// What the editor is told, as JSON, where there is one.
    pub told: Option<String>,
    /// Whether there is an editor, in which fixes can be applied.
    pub editable: bool,
    pub notes: Vec<String>,
    /// What the words mean that stand at what is selected.
    pub words: Vec<Word>,
}

impl Drawing {
    /// Draws an analysis.
    pub(super) fn new(analysis: &Analysis, selection: Selection) -> Self {
        let diagram = lay_out(analysis, &selection);
        Self::of(analysis, &diagram, selection, Link::Query)
    }

    /// Draws an analysis to be looked at.
    pub(super) fn without_links(analysis: &Analysis, selection: Selection) -> Self {
        let diagram = lay_out(analysis, &selection);
        Self::of(analysis, &diagram, selection, Link::None)
    }

    /// Draws what is edited. `on_page`: the links of the board lead to the page's own table, since no address has the text.
    pub(super) fn of_editor(analysis: &Analysis, selection: Selection, on_page: bool) -> Self {
        let diagram = lay_out(analysis, &selection);
        let listed = analysis.findings.get(..MOST_FINDINGS).unwrap_or(&analysis.findings);
        let link = if on_page { Link::Paths } else { Link::Query };
        Self {
            told: Some(editor::told(analysis, &diagram, listed)),
            editable: true,
            ..Self::of(analysis, &diagram, selection, link)
        }
    }

    fn of(analysis: &Analysis, diagram: &Diagram, selection: Selection, link: Link) -> Self {
        let on_page = link == Link::Paths;
        let only_broken = selection.is_of_broken();
        let trace = selection.trace.map(|to| to.trim().to_owned()).unwrap_or_default();
        let at = selection.at.filter(|_| trace.is_empty());
        let (inspector, lit) = if trace.is_empty() {
            (at.as_deref().and_then(|at| Inspector::new(analysis, diagram, at)), None)
        } else {
            let (inspector, lit) = Inspector::of_trace(analysis, diagram, &trace);
            (Some(inspector), lit)
        };
        let (at, lost) = if inspector.is_some() { (at, None) } else { (None, at) };
        // What a trace selects is selected by the trace.
        let selected = at.clone().or_else(|| lit.as_ref().and_then(|lit| lit.at.clone()));
        let usage = Use { link, selected: selected.as_deref(), traced: lit.as_ref(), standalone: false };
        let picture = svg::svg(diagram, usage);
        let findings = analysis.findings.iter().take(MOST_FINDINGS);
        let tally = tally(analysis);
        Self {
            svg: picture,
            lost: lost.filter(|at| !at.is_empty()),
            on_page,
            inspector,
            findings: findings.map(|finding| FindingView::new(analysis, finding)).collect(),
            findings_left_out: analysis.findings.len().saturating_sub(MOST_FINDINGS),
            rows: table::rows(analysis, diagram, on_page),
            services: count(tally.services, "Service", "Services"),
            broken: tally.broken,
            partly: tally.partly,
            counts: [
                count(tally.errors, "error", "errors"),
                count(tally.warnings, "warning", "warnings"),
                count(analysis.count(Severity::Hint), "hint", "hints"),
            ]
            .join(", "),
            observed: analysis.cluster.state == State::Observed,
            only_broken,
            has_examples: diagram.has_examples,
            empty: diagram.cards.is_empty(),
            told: None,
            editable: false,
            notes: notes(analysis, diagram),
            words: at.as_deref().map(|at| words::at(diagram, at)).unwrap_or_default(),
            selected: at,
            trace,
        }
    }
}

/// The board that is asked for: all of it, or what is broken.
fn lay_out(analysis: &Analysis, selection: &Selection) -> Diagram {
    let lay_out = if selection.is_of_broken() { diagram::lay_out_broken } else { diagram::lay_out };
    lay_out(&analysis.cluster, &analysis.wiring, &analysis.findings)
}

/// What was read besides what is drawn.
fn notes(analysis: &Analysis, diagram: &Diagram) -> Vec<String> {
    let mut notes = diagram.notes.clone();
    if !analysis.others.is_empty() {
        let kinds = analysis.others.iter().map(|(kind, number)| format!("{number} {kind}"));
        notes.push(format!("Read, but not drawn: {}.", kinds.collect::<Vec<_>>().join(", ")));
    }
    if let [skipped, ..] = analysis.skipped.as_slice() {
        let more = analysis.skipped.len() - 1;
        let and = if more > 0 { format!(", and {more} more") } else { String::new() };
        notes.push(format!("Left out: {} ({}){and}.", skipped.file, skipped.why));
    }
    if analysis.suppressed > 0 {
        notes.push(format!(
            "{} not shown, as the annotation podwire.dev/ignore asks.",
            count(analysis.suppressed, "finding is", "findings are")
        ));
    }
    notes
}

impl Workbench {
    /// A page with an editor.
    pub(super) fn editing(
        title: &str,
        editor: Editor,
        drawing: Drawing,
        example: Option<&'static str>,
    ) -> Self {
        Self {
            title: title.to_owned(),
            editor: Some(editor),
            drawing,
            examples: EXAMPLES,
            tour: example == Some(EXAMPLES[0].name),
            example,
            shared: None,
        }
    }
}
