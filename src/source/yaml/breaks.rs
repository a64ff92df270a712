//! U+2028 and U+2029: they end a line to go-yaml as a line feed does, but are kept where that would be folded.

use std::borrow::Cow;

use granit_parser::ScalarStyle;

/// The two.
pub(super) const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// The value of a scalar by its text in the file, which has such a line end; as it is where only escapes could tell.
pub(super) fn keep<'a>(value: Cow<'a, str>, style: ScalarStyle, written: &str) -> Cow<'a, str> {
    if !written.contains(SEPARATORS) {
        return value;
    }
    let quote = |quote: char| written.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    match style {
        ScalarStyle::Plain => folded(written).into(),
        ScalarStyle::SingleQuoted => quote('\'').map_or(value, |text| folded(text).replace("''", "'").into()),
        ScalarStyle::DoubleQuoted if !written.contains('\\') => {
            quote('"').map_or(value, |text| folded(text).into())
        }
        ScalarStyle::Literal => literal(&value, written).into(),
        _ => value,
    }
}

/// Lines with their ends folded: a line feed alone is a blank, and one before others is dropped.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(BREAKS) {
        folded.push_str(rest[..at].trim_end_matches([' ', '\t']));
        let mut breaks = Vec::new();
        rest = &rest[at..];
        while let Some((one, after)) = line_end(rest) {
            breaks.push(one);
            rest = after.trim_start_matches([' ', '\t']);
        }
        match breaks[..] {
            ['\n'] => folded.push(' '),
            ['\n', ref others @ ..] => folded.extend(others),
            ref all => folded.extend(all),
        }
    }
    folded + rest
}

/// The lines of a block with the ends that they have in the text, the first of which is that of its header.
fn literal(value: &str, written: &str) -> String {
    let mut rest = written;
    let mut next = || {
        rest = &rest[rest.find(BREAKS)?..];
        let (one, after) = line_end(rest)?;
        rest = after;
        Some(one)
    };
    next();
    value
        .chars()
        .map(|character| if character == '\n' { next().unwrap_or('\n') } else { character })
        .collect()
}

/// The line end that a text begins with, as go-yaml reads it, and what follows it.
fn line_end(text: &str) -> Option<(char, &str)> {
    let first = text.chars().next().filter(|first| BREAKS.contains(first))?;
    let length = if text.starts_with("\r\n") { 2 } else { first.len_utf8() };
    Some((if SEPARATORS.contains(&first) { first } else { '\n' }, &text[length..]))
}
