//! Findings for people: each with the line that it is about, what is wrong underlined, what to do, and how a fix would look.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::{counts, many};
use crate::analysis::Analysis;
use crate::cli::input::Read;
use crate::finding::{Edit, Finding, Severity};
use crate::render::text::plain;
use crate::source::Span;

/// The most characters of a line that are shown; of a longer one, those around the place.
const WIDEST: usize = 120;

/// A part of a line, and what of it is meant, in bytes.
struct Shown {
    number: usize,
    whole: bool,
    text: String,
    marked: Range<usize>,
}

pub(super) fn report(read: &Read) -> String {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for finding in &read.analysis.findings {
        // Writing into a String does not fail, here and below.
        let _ = writeln!(out, "{}\n", renderer.render(&groups(read, finding)));
    }
    let analysis = &read.analysis;
    let (services, objects) = (analysis.cluster.services.len(), analysis.objects);
    let _ =
        writeln!(out, "{}: {} among {}", counts(read), many(services, "Service"), many(objects, "object"));
    for skipped in &analysis.skipped {
        let _ = writeln!(out, "not read: {}: {}", plain(&skipped.file), plain(&skipped.why));
    }
    for finding in &analysis.ignored {
        let _ = writeln!(
            out,
            "suppressed: {}[{}] at {}",
            finding.severity.as_str(),
            finding.rule,
            at(read, finding.span)
        );
    }
    if analysis.suppressed > analysis.ignored.len() {
        let _ = writeln!(out, "suppressed: {} in all", analysis.suppressed);
    }
    out
}

fn groups<'f>(read: &Read, finding: &'f Finding) -> Vec<Group<'f>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(plain(&finding.message)).id(finding.rule);
    let mut group = place(Group::with_title(title), read, finding.span, AnnotationKind::Primary, None);
    for related in &finding.related {
        group = place(group, read, related.span, AnnotationKind::Context, Some(plain(&related.message)));
    }
    if !finding.help.is_empty() {
        group = group.element(Level::HELP.message(plain(&finding.help)));
    }
    let mut groups = vec![group];
    if let Some(fix) = &finding.fix {
        let mut mended = Group::with_title(Level::HELP.with_name("fix").secondary_title(plain(&fix.title)));
        for edit in &fix.edits {
            mended = match patch(&read.analysis, edit) {
                Some(patch) => mended.element(patch),
                None => mended.element(origin(read, edit.span)),
            };
        }
        groups.push(mended);
    }
    groups
}

fn origin<'f>(read: &Read, span: Span) -> Origin<'f> {
    let place = read.analysis.place(span);
    Origin::path(plain(&read.path(span.file))).line(place.line as usize).char_column(place.column as usize)
}

/// Adds a place with its line; of a line that is cut the column must be told beside it.
fn place<'f>(
    group: Group<'f>,
    read: &Read,
    span: Span,
    kind: AnnotationKind,
    label: Option<String>,
) -> Group<'f> {
    let Some(Shown { number, whole, text, marked }) = shown(&read.analysis, span) else {
        return group.element(origin(read, span));
    };
    let snippet = Snippet::source(text).line_start(number).annotation(kind.span(marked).label(label));
    if whole {
        group.element(snippet.path(plain(&read.path(span.file))))
    } else {
        group.element(origin(read, span)).element(snippet)
    }
}

/// How a line would look, unless it is cut.
fn patch<'f>(analysis: &Analysis, edit: &'f Edit) -> Option<Snippet<'f, Patch<'f>>> {
    let shown = shown(analysis, edit.span).filter(|shown| shown.whole)?;
    let Range { start, end } = shown.marked;
    let end = if edit.span.start == edit.span.end { start } else { end };
    Some(
        Snippet::source(shown.text)
            .line_start(shown.number)
            .patch(Patch::new(start..end, edit.text.as_str())),
    )
}

/// `file:line:column`.
fn at(read: &Read, span: Span) -> String {
    let place = read.analysis.place(span);
    format!("{}:{}:{}", plain(&read.path(span.file)), place.line, place.column)
}

/// The first line of a place, cut around it where it is too long.
fn shown(analysis: &Analysis, span: Span) -> Option<Shown> {
    let file = analysis.files.get(span.file as usize)?;
    let place = file.place(span);
    let line = file.line(place.line);
    if line.trim().is_empty() {
        return None;
    }
    let length = line.chars().count();
    let start = (place.column as usize - 1).min(length);
    let end = if place.end_line == place.line { place.end_column as usize - 1 } else { length };
    let first = if length > WIDEST { start.saturating_sub(WIDEST / 2) } else { 0 };
    let mut text = if first > 0 { "…".to_owned() } else { String::new() };
    let mut marked = text.len()..text.len();
    for (at, c) in line.chars().enumerate().skip(first).take(WIDEST) {
        if at == start {
            marked = text.len()..text.len();
        }
        // What takes no room would push the marks aside.
        text.push(if plain(c.encode_utf8(&mut [0; 4])).len() > 4 { '\u{b7}' } else { c });
        if (start..end).contains(&at) {
            marked.end = text.len();
        }
    }
    if start == length {
        marked = text.len()..text.len();
    }
    if first + WIDEST < length {
        text.push('…');
    }
    Some(Shown { number: place.line as usize, whole: length <= WIDEST, text, marked })
}
