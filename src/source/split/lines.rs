//! The lines that part a file.

use super::BOM;

/// How much of a file a thread takes at a time, at least: so little that it is at hand when it is read, and that none waits
/// long for the last.
const SECTION: usize = 16 * 1024;

/// Where the parts of a file begin and end that threads take: all but the first begin with a separator.
pub(super) fn sections(text: &str, from: usize) -> Vec<(usize, usize)> {
    let mut sections = Vec::new();
    let mut start = from;
    while let Some(end) =
        separators(text, start + SECTION, text.len()).find(|&at| is_separator(line_at(text, at)))
    {
        sections.push((start, end));
        start = end;
    }
    sections.push((start, text.len()));
    sections
}

/// Where lines begin with `---`, but for the first line; kubectl ends lines at line feeds only.
fn separators(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes().get(from..to).unwrap_or_default();
    memchr::memmem::find_iter(bytes, "\n---").map(move |at| from + at + 1)
}

/// The same with the first line; after a byte order mark that does not begin with the dashes.
pub(super) fn starts(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let first = (is_line_start(text, from) && text[from..].starts_with("---")).then_some(from);
    first.into_iter().chain(separators(text, from, to))
}

/// Where text begins after a byte order mark.
pub(super) fn after_mark(text: &str) -> usize {
    if text.starts_with(BOM) { BOM.len_utf8() } else { 0 }
}

/// The line that begins at a place, its end included.
pub(super) fn line_at(text: &str, at: usize) -> &str {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1);
    &text[at..end]
}

/// Whether a line that begins with `---` says no more.
pub(super) fn is_separator(line: &str) -> bool {
    let rest = line[3..].trim();
    rest.is_empty() || rest.starts_with('#')
}

/// Whether what follows the dashes is part of the document below it, which is then not whole without it.
pub(super) fn carries_content(rest: &str) -> bool {
    rest.starts_with(['{', '[', '"', '\'', '|', '>', '&']) || rest.contains(": ") || rest.ends_with(':')
}

/// The length of the first line, its end included; a carriage return alone ends it too.
pub(super) fn first_line(text: &str) -> usize {
    next_line(text, 0)
}

pub(super) fn next_line(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(end) if bytes[from + end..].starts_with(b"\r\n") => from + end + 2,
        Some(end) => from + end + 1,
        None => text.len(),
    }
}

pub(super) fn is_line_start(text: &str, at: usize) -> bool {
    at == 0 || matches!(text.as_bytes()[at - 1], b'\n' | b'\r')
}
