//! The workbench: board, inspector, findings and table of an analysis, with an editor where it may be edited.

use std::collections::BTreeSet;

use askama::Template;
use askama_web::WebTemplate;

use crate::analysis::Analysis;
use crate::cluster::State;
use crate::diagram::Diagram;
use crate::finding::{Finding, Severity};
use crate::render::svg::{self, Link, Use};

use super::copies::{Copies, Unfurled};
use super::editor::{self, Editor};
use super::examples::{FIRST, GROUPS, Group};
use super::filters::Filters;
use super::findings::FindingView;
use super::inspector::Inspector;
use super::overview::Overview;
use super::seen::{What, see};
use super::selection::Selection;
use super::strip::{Strip, strip, strips};
use super::table::{self, TableRow};
use super::tally::tally;
use super::words::{self, Word};
use super::{count, thousands};

/// The most findings that a page lists; the JSON lists all.
const MOST_FINDINGS: usize = 200;
/// The same beside an overview, which has the first of what is broken itself.
const MOST_BESIDE_OVERVIEW: usize = 50;

/// A whole page.
#[derive(Template, WebTemplate)]
#[template(path = "workbench.html")]
pub(super) struct Workbench {
    pub title: String,
    pub editor: Option<Editor>,
    pub drawing: Drawing,
    pub examples: &'static [Group],
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

/// What is told of every place on a board at once, so that a long text need not be sent for each.
#[derive(Template, WebTemplate)]
#[template(path = "inspectors.html")]
pub(super) struct Inspectors {
    /// The places by their addresses, and the inspector of each.
    told: Vec<(String, String)>,
}

/// The inspector of one of them.
#[derive(Template)]
#[template(path = "inspect.html")]
struct InspectOne<'d> {
    drawing: &'d Drawing,
}

impl Inspectors {
    pub(super) fn new(analysis: &Analysis, mut selection: Selection) -> Self {
        (selection.at, selection.trace) = (None, None);
        let diagram = see(analysis, &selection, true).what.lay_out(analysis);
        let mut drawing = Drawing::inspected(analysis, selection);
        let rows = diagram.cards.iter().flat_map(|card| &card.rows).filter_map(|row| row.at.as_ref());
        let places: BTreeSet<&String> =
            rows.chain(diagram.cards.iter().filter_map(|card| card.at.as_ref())).collect();
        // Where nothing is selected has its words, too.
        let nothing = InspectOne { drawing: &drawing }.render().ok().map(|words| (String::new(), words));
        let told = places.into_iter().filter_map(|at| {
            drawing.inspector = Some(Inspector::new(analysis, &diagram, at)?);
            drawing.words = words::at(&diagram, at);
            drawing.selected = Some(at.clone());
            Some((at.clone(), InspectOne { drawing: &drawing }.render().ok()?))
        });
        Self { told: nothing.into_iter().chain(told).collect() }
    }
}

/// All Services of a board, each for a narrow screen.
#[derive(Template, WebTemplate)]
#[template(path = "strips.html")]
pub(super) struct Strips {
    strips: Vec<Strip>,
    drawing: Drawing,
}

impl Strips {
    pub(super) fn new(analysis: &Analysis, selection: Selection) -> Self {
        let diagram = see(analysis, &selection, true).what.lay_out(analysis);
        Self { strips: strips(&diagram, &selection), drawing: Drawing::new(analysis, selection) }
    }
}

/// What a shared diagram says of itself.
pub(super) struct SharedView {
    pub id: String,
    pub created: String,
    /// The end of "kept until …".
    pub until: String,
    pub copies: Copies,
    /// The query of what is seen: its other forms show the same.
    pub query: String,
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
    /// Where the findings are that are not listed.
    pub findings_left_out: Option<String>,
    pub rows: Vec<TableRow>,
    pub services: String,
    pub has_services: bool,
    /// Whether network policies select any pods.
    pub policed: bool,
    pub broken: usize,
    pub partly: usize,
    pub counts: String,
    pub observed: bool,
    /// Whether only what is broken is drawn.
    pub only_broken: bool,
    /// What chooses the board that is shown.
    pub filters: Filters,
    /// The Service that is shown where there is room for one.
    pub strip: Option<Strip>,
    /// What stands in the place of a board that would be too large.
    pub overview: Option<Overview>,
    /// What the addresses of other boards keep: that the page is framed, and in which theme.
    pub frame: String,
    /// What links to places on this board begin with: `?`, or `?ns=shop&`.
    pub before: String,
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
        Self::of(analysis, selection, Link::Query, false)
    }

    /// Draws an analysis to be looked at.
    pub(super) fn without_links(analysis: &Analysis, selection: Selection) -> Self {
        Self::of(analysis, selection, Link::None, false)
    }

    /// Draws what is edited. `on_page`: the links of the board lead to the page's own table, since no address has the text.
    pub(super) fn of_editor(analysis: &Analysis, selection: Selection, on_page: bool) -> Self {
        Self::of(analysis, selection, if on_page { Link::Paths } else { Link::Query }, true)
    }

    /// Draws what is edited, for its inspector.
    pub(super) fn inspected(analysis: &Analysis, selection: Selection) -> Self {
        Self { editable: true, ..Self::new(analysis, selection) }
    }

    /// The address of another board.
    pub(super) fn choose(&self, query: &str) -> String {
        if self.frame.is_empty() {
            query.to_owned()
        } else {
            let further = query.strip_prefix('?').filter(|further| !further.is_empty());
            further.map_or_else(|| format!("?{}", self.frame), |further| format!("?{}&{further}", self.frame))
        }
    }

    /// The address of the board on which a group is open that is folded here.
    pub(super) fn opened(&self, group: &str) -> &str {
        let found = self.filters.folds.groups.iter().find(|fold| fold.name == group);
        found.map_or("?", |fold| fold.query.as_str())
    }

    /// The form that has the text; else that of the page's address.
    pub(super) const fn form(&self) -> &'static str {
        if self.on_page { "editor" } else { "tracing" }
    }

    fn of(analysis: &Analysis, selection: Selection, link: Link, editable: bool) -> Self {
        let seen = see(analysis, &selection, link != Link::None);
        let diagram = &seen.what.lay_out(analysis);
        let overview = match &seen.what {
            What::Overview(services) => Some(Overview::new(analysis, &selection, services)),
            What::Everything | What::Board(_) => None,
        };
        let filters = Filters::new(analysis, &selection, &seen);
        let before = selection.before();
        let on_page = link == Link::Paths;
        let only_broken = selection.is_of_broken();
        let namespace = Some(selection.get("ns").to_owned()).filter(|namespace| !namespace.is_empty());
        let trace = selection.trace.as_deref().map(|to| to.trim().to_owned()).unwrap_or_default();
        let (inspector, lit) = if trace.is_empty() {
            (selection.at.as_deref().and_then(|at| Inspector::new(analysis, diagram, at)), None)
        } else {
            let (inspector, lit) = Inspector::of_trace(analysis, diagram, &trace);
            (Some(inspector), lit)
        };
        let shown = if trace.is_empty() {
            selection.at.as_deref()
        } else {
            lit.as_ref().and_then(|lit| lit.at.as_deref())
        };
        let strip = strip(diagram, &selection, shown);
        let at = selection.at.filter(|_| trace.is_empty());
        let (at, lost) = if inspector.is_some() { (at, None) } else { (None, at) };
        // What a trace selects is selected by the trace.
        let selected = at.clone().or_else(|| lit.as_ref().and_then(|lit| lit.at.clone()));
        let opens = filters.folds.groups.iter().map(|fold| (fold.name.as_str(), fold.query.as_str()));
        let opens: Vec<_> = opens.collect();
        let usage = Use {
            link,
            before: &before,
            selected: selected.as_deref(),
            traced: lit.as_ref(),
            opens: &opens,
            standalone: false,
        };
        let picture = svg::svg(diagram, usage);
        let (findings, findings_left_out) = listed(analysis, namespace.as_deref(), overview.is_some());
        let tally = tally(analysis);
        Self {
            svg: picture,
            lost: lost.filter(|at| !at.is_empty()),
            on_page,
            inspector,
            told: editable.then(|| editor::told(analysis, diagram, &findings)),
            editable,
            findings: findings.into_iter().map(|finding| FindingView::new(analysis, finding)).collect(),
            findings_left_out,
            rows: table::rows(analysis, diagram, on_page),
            has_services: tally.services > 0,
            policed: !analysis.wiring.network_policies.is_empty(),
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
            empty: diagram.cards.is_empty() && overview.is_none(),
            filters,
            strip,
            overview,
            frame: String::new(),
            before,
            notes: notes(analysis, diagram),
            words: at.as_deref().map(|at| words::at(diagram, at)).unwrap_or_default(),
            selected: at,
            trace,
        }
    }
}

/// The findings that are listed, those of a namespace where one is chosen, and where the others are.
fn listed<'a>(
    analysis: &'a Analysis,
    namespace: Option<&str>,
    overview: bool,
) -> (Vec<&'a Finding>, Option<String>) {
    let most = if overview { MOST_BESIDE_OVERVIEW } else { MOST_FINDINGS };
    let is_there =
        |finding: &&Finding| namespace.is_none_or(|namespace| finding.object.namespace == namespace);
    let mut all: Vec<_> = analysis.findings.iter().filter(is_there).collect();
    let in_json = all.len().saturating_sub(most);
    all.truncate(most);
    // An analysis lists so many; of further ones it is known how many there are.
    let counted = analysis.counts.iter().sum::<usize>().saturating_sub(analysis.findings.len());
    let json = (in_json > 0).then(|| format!("{} more are in the JSON", thousands(in_json as u64)));
    let only_counted = (counted > 0).then(|| {
        format!(
            "{} further ones are counted alone: mend these first, or draw fewer files at once",
            thousands(counted as u64)
        )
    });
    let words: Vec<_> = json.into_iter().chain(only_counted).collect();
    (all, (!words.is_empty()).then(|| format!("And {}.", words.join("; "))))
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
            examples: GROUPS,
            tour: example == Some(FIRST.name),
            example,
            shared: None,
        }
    }
}
