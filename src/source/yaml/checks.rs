//! What the parser accepts and kubectl's does not: looked for in the text itself.

use std::borrow::Cow;

use super::words;

/// A fault: the byte where it is, and its words.
pub(super) type Fault = (usize, String);

/// Characters that go-yaml refuses, a document that is only `...`, and directives.
pub(super) fn before(text: &str) -> Result<(), Fault> {
    if let Some(at) = control_character(text) {
        return Err((at, "a control character, which YAML does not allow".into()));
    }
    match first_content(text) {
        Some((at, line)) if is_document_end(line) && (at == 0 || text[..at].ends_with(['\n', '\r'])) => {
            Err((at, "the document ends (...) before it begins".into()))
        }
        Some((at, line)) if line.starts_with('%') => Err((at, words::DIRECTIVE.into())),
        _ => Ok(()),
    }
}

fn control_character(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let suspicious = |byte: u8| {
        byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || matches!(byte, 0x7f | 0xc2 | 0xef)
    };
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|&byte| suspicious(byte)) {
        let at = from + found;
        let character = text[at..].chars().next()?;
        if matches!(character, '\0'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
        {
            return Some(at);
        }
        from = at + character.len_utf8();
    }
    None
}

/// An escape in quotes that only later versions of YAML have, or only JSON: `\/`, and two that are one character.
pub(super) fn unknown_escape(quoted: &str) -> Option<usize> {
    let bytes = quoted.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[from..]) {
        let at = from + found;
        let digits = match bytes.get(at + 1)? {
            b'/' => return Some(at),
            b'u' => quoted.get(at + 2..at + 6),
            b'U' => quoted.get(at + 2..at + 10),
            _ => None,
        };
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if unit.is_some_and(|unit| char::from_u32(unit).is_none()) {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// The first line that is neither blank nor a comment, without its indentation, and where it begins.
pub(super) fn first_content(text: &str) -> Option<(usize, &str)> {
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let content = line.trim_start_matches([' ', '\t', '\u{feff}']);
        let at = start + line.len() - content.len();
        let content = content.trim_end();
        if !content.is_empty() && !content.starts_with('#') {
            return Some((at, content));
        }
        start += line.len();
    }
    None
}

/// Whether a line ends a document.
pub(super) fn is_document_end(line: &str) -> bool {
    line.strip_prefix("...").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// The text as the parser should see it, and how far its bytes moved.
pub(super) struct Prepared<'a> {
    pub(super) text: Cow<'a, str>,
    /// Places in `text` from which on the original is further by so many bytes.
    pub(super) shifts: Vec<(usize, isize)>,
}

/// go-yaml ends lines at U+0085, U+2028 and U+2029 too, and takes tabs before flow content at a document's root.
pub(super) fn prepare(text: &str) -> Prepared<'_> {
    let breaks = ['\u{85}', '\u{2028}', '\u{2029}'];
    let mut shifts = Vec::new();
    let mut prepared = Cow::Borrowed(text);
    if text.contains(breaks) {
        let mut changed = String::with_capacity(text.len());
        let mut shift = 0;
        for part in text.split_inclusive(breaks) {
            let kept = part.trim_end_matches(breaks);
            changed.push_str(kept);
            if kept.len() < part.len() {
                changed.push('\n');
                shift += (part.len() - kept.len()) as isize - 1;
                shifts.push((changed.len(), shift));
            }
        }
        prepared = changed.into();
    }
    let flow_at_root = first_content(&prepared).is_some_and(|(_, line)| line.starts_with(['{', '[']));
    if flow_at_root && prepared.contains('\t') {
        let mut changed = String::with_capacity(prepared.len());
        for line in prepared.split_inclusive(['\n', '\r']) {
            let content = line.trim_start_matches([' ', '\t']);
            changed.extend(std::iter::repeat_n(' ', line.len() - content.len()));
            changed.push_str(content);
        }
        prepared = changed.into();
    }
    Prepared { text: prepared, shifts }
}

/// Ranges of the text in which tabs may stand anywhere, in order; kept only where the text has tabs.
pub(super) struct Covered {
    ranges: Option<Vec<(usize, usize)>>,
}

impl Covered {
    pub(super) fn new(text: &str) -> Self {
        Self { ranges: text.contains('\t').then(Vec::new) }
    }

    /// Text in quotes, block text, or a list or map in brackets.
    pub(super) fn add(&mut self, start: usize, end: usize) {
        if let Some(ranges) = &mut self.ranges {
            ranges.push((start, end));
        }
    }

    /// A plain scalar also covers the blank lines after it, but a tab there must be deeper than the block.
    pub(super) fn add_plain(&mut self, text: &str, start: usize, end: usize, block_column: usize) {
        let Some(ranges) = &mut self.ranges else { return };
        let mut line_start = None;
        let mut covered = end;
        for (i, byte) in text.as_bytes()[end..].iter().enumerate() {
            let at = end + i;
            match byte {
                b'\n' | b'\r' => line_start = Some(at + 1),
                b'\t' if line_start.is_some_and(|start| at - start <= block_column) => break,
                b' ' | b'\t' => {}
                _ => break,
            }
            covered = at + 1;
        }
        ranges.push((start, covered));
    }

    /// A tab in a line's indentation, or between the dash of a list item and the item.
    pub(super) fn check(&self, text: &str, end: usize) -> Result<(), Fault> {
        let Some(ranges) = &self.ranges else { return Ok(()) };
        let mut ranges = ranges.iter().peekable();
        let mut start = 0;
        for line in text[..end].split_inclusive(['\n', '\r']) {
            let bytes = line.as_bytes();
            let mut i = 0;
            while let Some(&byte) = bytes.get(i) {
                let at = start + i;
                match byte {
                    b'\t' => {
                        while ranges.next_if(|range| range.1 <= at).is_some() {}
                        if ranges.peek().is_none_or(|range| at < range.0) {
                            return Err((at, words::TAB.into()));
                        }
                        break;
                    }
                    b' ' => i += 1,
                    b'-' if matches!(bytes.get(i + 1), Some(b' ' | b'\t')) => {
                        while ranges.next_if(|range| range.1 <= at).is_some() {}
                        if ranges.peek().is_some_and(|range| range.0 <= at) {
                            break;
                        }
                        i += 1;
                    }
                    _ => break,
                }
            }
            start += line.len();
        }
        Ok(())
    }
}
