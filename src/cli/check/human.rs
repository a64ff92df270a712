//! Findings for people: each with the line that it is about, what is wrong drawn under it, and what to do.

use std::fmt::Write as _;

use super::{counts, many};
use crate::analysis::Analysis;
use crate::cli::input::Read;
use crate::finding::Finding;
use crate::render::text::plain;
use crate::source::{Place, Span};

/// The most characters of a line that are shown; of a longer one, those around the place.
const WIDEST: usize = 120;

pub(super) fn report(read: &Read) -> String {
    let mut out = String::new();
    for finding in &read.analysis.findings {
        write_finding(&mut out, read, finding);
    }
    let analysis = &read.analysis;
    let (services, objects) = (analysis.cluster.services.len(), analysis.objects);
    // Writing into a String does not fail, here and below.
    let _ =
        writeln!(out, "{}: {} among {}", counts(read), many(services, "Service"), many(objects, "object"));
    for skipped in &analysis.skipped {
        let _ = writeln!(out, "not read: {}: {}", plain(&skipped.file), plain(&skipped.why));
    }
    if analysis.suppressed > 0 {
        let _ = writeln!(out, "not told, as annotations ask: {}", analysis.suppressed);
    }
    out
}

fn write_finding(out: &mut String, read: &Read, finding: &Finding) {
    let analysis = &read.analysis;
    let _ = writeln!(out, "{}[{}]: {}", finding.severity.as_str(), finding.rule, plain(&finding.message));
    let place = analysis.place(finding.span);
    let width = place.line.to_string().len();
    let margin = " ".repeat(width);
    let _ = writeln!(out, "{margin}--> {}", at(read, finding.span));
    if let Some((line, before, marked)) = shown(analysis, finding.span, place) {
        let _ = writeln!(out, "{margin} |");
        let _ = writeln!(out, "{} | {line}", place.line);
        let _ = writeln!(out, "{margin} | {}{}", " ".repeat(before), "^".repeat(marked));
    }
    if !finding.help.is_empty() {
        let _ = writeln!(out, "{margin} = help: {}", plain(&finding.help));
    }
    if let Some(fix) = &finding.fix {
        let _ = writeln!(out, "{margin} = fix: {}", plain(&fix.title));
    }
    for related in &finding.related {
        let _ = writeln!(out, "{margin} = {}: {}", at(read, related.span), plain(&related.message));
    }
    out.push('\n');
}

/// `file:line:column`.
fn at(read: &Read, span: Span) -> String {
    let place = read.analysis.place(span);
    format!("{}:{}:{}", plain(read.path(span.file)), place.line, place.column)
}

/// The line, how many characters stand before the place, and how many are in it.
fn shown(analysis: &Analysis, span: Span, place: Place) -> Option<(String, usize, usize)> {
    let line: Vec<char> = analysis.files.get(span.file as usize)?.line(place.line).chars().collect();
    if line.iter().all(|c| c.is_whitespace()) {
        return None;
    }
    let start = (place.column as usize - 1).min(line.len());
    let end = if place.end_line == place.line { place.end_column as usize - 1 } else { line.len() };
    let marked = end.min(line.len()).saturating_sub(start).max(1);
    let first = if line.len() > WIDEST { start.saturating_sub(WIDEST / 2) } else { 0 };
    let seen = line.iter().skip(first).take(WIDEST);
    // One character for one, so that the marks stay below what they mark.
    let seen: String =
        seen.map(|&c| if plain(c.encode_utf8(&mut [0; 4])).len() > 4 { '\u{b7}' } else { c }).collect();
    let before = start - first;
    Some((seen.replace('\t', " "), before, marked.min(WIDEST.saturating_sub(before)).max(1)))
}
