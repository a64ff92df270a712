//! Fixes that several rules offer: one value written for another, or one field added, in the style of what stands there.
//!
//! None is offered where it would change more than it says: behind an alias or an anchor, under a tag, in a text that
//! its escapes or lines tell apart from its value.

use crate::finding::{Edit, Fix};
use crate::source::Span;

use super::Context;
use super::words::scalar;

/// Writes a text for another that stands at the span, with the quotes that it has.
pub(super) fn text(
    context: Context<'_>,
    span: impl Into<Option<Span>>,
    old: &str,
    new: &str,
    title: String,
) -> Option<Fix> {
    let span = span.into().filter(|span| is_free(context, *span))?;
    let written = context.written(span);
    let text = if written == old {
        scalar(new)
    } else {
        let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        if written.strip_prefix(quote)?.strip_suffix(quote)? != old {
            return None;
        }
        format!("{quote}{new}{quote}")
    };
    is_simple(new).then(|| Fix { title, edits: vec![Edit { span, text }] })
}

/// Writes a number for what stands at the span, whatever quotes that has.
pub(super) fn number(
    context: Context<'_>,
    span: impl Into<Option<Span>>,
    old: &str,
    new: i32,
    title: String,
) -> Option<Fix> {
    let span = span.into().filter(|span| is_free(context, *span))?;
    let stands = context.written(span).trim_matches(['"', '\'']) == old;
    stands.then(|| Fix { title, edits: vec![Edit { span, text: new.to_string() }] })
}

/// Adds a field in front of the others of a map.
pub(super) fn field(context: Context<'_>, map: Span, key: &str, value: &str, title: String) -> Option<Fix> {
    let file = context.files.get(map.file as usize)?.text();
    let (before, written) = (file.get(..map.start as usize)?, context.written(map));
    let (space, text) = if let Some(inside) = written.strip_prefix('{') {
        let first = inside.trim_start();
        let space = inside.get(..inside.len() - first.len())?;
        let text = match first.chars().next()? {
            '"' => format!("\"{key}\": \"{value}\","),
            c if c.is_ascii_alphabetic() => format!("{key}: {},", scalar(value)),
            _ => return None,
        };
        (space.len() + 1, text + if space.is_empty() { " " } else { space })
    } else {
        let (above, line) = before.split_at(before.rfind(['\n', '\r']).map_or(0, |end| end + 1));
        // Only what YAML counts as indentation may stand before it.
        let is_indented = line.chars().all(|c| matches!(c, ' ' | '-'));
        if !is_indented || written.starts_with(['*', '&', '!']) || written.is_empty() {
            return None;
        }
        let end = if above.ends_with("\r\n") { "\r\n" } else { "\n" };
        (0, format!("{key}: {}{end}{}", scalar(value), " ".repeat(line.len())))
    };
    let at = map.start + space as u32;
    is_simple(value)
        .then(|| Fix { title, edits: vec![Edit { span: Span { start: at, end: at, ..map }, text }] })
}

/// Whether nothing but the value itself decides what is read there: no anchor lends it elsewhere, no tag names its type.
pub(super) fn is_free(context: Context<'_>, span: Span) -> bool {
    let file = context.files.get(span.file as usize);
    let Some(before) = file.and_then(|file| file.text().get(..span.start as usize)) else { return false };
    let said = before.trim_end_matches([' ', '\t']);
    // Where no space parts them it is neither; to look for the beginning of the word would be to read all of a JSON on one line.
    said.len() == before.len()
        || !said.rsplit([' ', '\t', '\n', '\r']).next().unwrap_or_default().starts_with(['&', '!'])
}

/// Whether a text needs no escape in any quotes.
fn is_simple(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}
