//! Scalars in blocks: plain, quoted and literal.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

use super::letters::{self, begins_plain, is_plain};
use super::{Scanner, yaml};
use crate::source::{Node, Style, Value};

/// A plain value of one line as most are, which stands in the text as it is meant.
#[derive(Clone, Copy)]
pub(super) enum Simple<'a> {
    Text(&'a str),
    Whole(i64),
}

impl<'a> Scanner<'a> {
    /// A plain value of one line as most are, text or a whole number, with its end and the line's: apart from all others, as it
    /// can go from here to its place by parts (`enter`).
    pub(super) fn simple(&self, at: usize) -> Option<(Simple<'a>, usize, usize)> {
        if !begins_plain(self.peek(at)) || self.is_dash(at) {
            return None;
        }
        let (stop, byte) = self.plain_end(at);
        let text = self.trimmed(at, stop);
        let value = if is_plain(text) { Simple::Text(text) } else { Simple::Whole(letters::whole(text)?) };
        (byte == b'\n').then_some((value, at + text.len(), stop))
    }

    /// A value that begins in the middle of a line; what continues it stands deeper than `parent`.
    pub(super) fn scalar(&mut self, at: usize, parent: usize) -> Option<Node<'a>> {
        match self.peek(at) {
            b'|' => self.literal(at, parent),
            b'"' | b'\'' => {
                let (node, end) = self.quoted(at, Some(parent))?;
                self.end_line(end)?;
                (!self.more || self.column <= parent).then_some(node)
            }
            b'{' | b'[' => {
                let node = self.flow(at)?;
                self.end_line(node.span.end as usize - self.base)?;
                (!self.more || self.column <= parent).then_some(node)
            }
            byte if begins_plain(byte) && !self.is_dash(at) => self.plain(at, parent),
            _ => None,
        }
    }

    /// Where a plain scalar ends on its line, and what it ends at: a line end, the colon of a key, a comment's `#`, a tab.
    #[expect(
        clippy::inline_always,
        reason = "each key and value comes by here: calls take 3 % of making trees"
    )]
    #[inline(always)]
    pub(super) fn plain_end(&self, from: usize) -> (usize, u8) {
        let mut at = from;
        loop {
            at += letters::before_stop(&self.bytes[at..]);
            let byte = self.peek(at);
            let is_end = match byte {
                b':' => matches!(self.peek(at + 1), b' ' | b'\n' | b'\t'),
                b'#' => self.peek(at - 1) == b' ',
                _ => true,
            };
            if is_end {
                return (at, byte);
            }
            at += 1;
        }
    }

    fn plain(&mut self, at: usize, parent: usize) -> Option<Node<'a>> {
        let (stop, byte) = self.plain_end(at);
        if matches!(byte, b':' | b'\t') {
            return None;
        }
        let text = self.trimmed(at, stop);
        let mut end = at + text.len();
        let mut text = Cow::Borrowed(text);
        if byte == b'#' {
            self.next_line(self.line_end(stop) + 1)?;
            if self.more && self.column > parent {
                return None;
            }
        } else {
            self.next_line(stop + 1)?;
            if self.more && self.column > parent {
                end = self.continued(&mut text, stop + 1, end, parent)?;
            }
        }
        let value = value(self.kept(text))?;
        Some(self.node(value, at, end, Style::Plain))
    }

    /// More lines of a plain scalar; answers where the last one ends.
    fn continued(
        &mut self,
        text: &mut Cow<'a, str>,
        mut from: usize,
        mut end: usize,
        parent: usize,
    ) -> Option<usize> {
        let mut breaks = 0;
        loop {
            let at = self.skip_blanks(from);
            if at >= self.bytes.len() {
                break;
            }
            if self.peek(at) == b'\n' {
                (breaks, from) = (breaks + 1, at + 1);
                continue;
            }
            if at - from <= parent {
                break;
            }
            let (stop, byte) = self.plain_end(at);
            if byte != b'\n' || self.peek(at) == b'#' {
                return None;
            }
            let line = self.trimmed(at, stop);
            let text = text.to_mut();
            if breaks == 0 {
                text.push(' ');
            } else {
                text.extend(std::iter::repeat_n('\n', breaks));
            }
            text.push_str(line);
            (end, from, breaks) = (at + line.len(), stop + 1, 0);
        }
        self.next_line(from)?;
        (!self.more || self.column <= parent).then_some(end)
    }

    /// Where quoted text of one line ends in which nothing is escaped, past its closing quote.
    pub(super) fn quoted_end(&self, at: usize) -> Option<usize> {
        let quote = self.peek(at);
        let escape = if quote == b'"' { b'\\' } else { quote };
        let end = at + 1 + memchr3(quote, escape, b'\n', self.bytes.get(at + 1..)?)?;
        (self.bytes[end] == quote && (quote == b'"' || self.peek(end + 1) != quote)).then_some(end + 1)
    }

    /// Quoted text, and where it ends; more lines than one only in a block, where they stand deeper than `parent`.
    pub(super) fn quoted(&self, at: usize, parent: Option<usize>) -> Option<(Node<'a>, usize)> {
        let quote = self.peek(at);
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        let (text, end) = match self.quoted_end(at) {
            Some(end) => (&self.text[at + 1..end - 1], end),
            None => self.escaped(at, parent)?,
        };
        Some((self.node(Value::String(text), at, end, style), end))
    }

    /// Quoted text with escapes or of several lines.
    fn escaped(&self, at: usize, parent: Option<usize>) -> Option<(&'a str, usize)> {
        let quote = self.peek(at);
        let escape = if quote == b'"' { b'\\' } else { quote };
        let mut text = String::new();
        let mut from = at + 1;
        loop {
            let stop = from + memchr3(quote, escape, b'\n', self.bytes.get(from..)?)?;
            let part = &self.text[from..stop];
            match self.bytes[stop] {
                b'\n' => {
                    let part = part.trim_end_matches(' ');
                    // An escaped blank before the line end is none to fold.
                    if part.ends_with('\t') || part.is_empty() {
                        return None;
                    }
                    text.push_str(part);
                    from = self.folded(&mut text, stop + 1, parent?)?;
                }
                b'\'' if self.peek(stop + 1) == b'\'' => {
                    text.push_str(part);
                    text.push('\'');
                    from = stop + 2;
                }
                b'\\' => {
                    text.push_str(part);
                    let (character, length) = self.escape(stop + 1)?;
                    text.push(character);
                    from = stop + 1 + length;
                }
                _ => {
                    text.push_str(part);
                    return Some((self.arena.alloc_str(&text), stop + 1));
                }
            }
        }
    }

    /// Past a line end in quotes: it is a blank, and empty lines are line ends. Answers where text goes on.
    fn folded(&self, text: &mut String, mut from: usize, parent: usize) -> Option<usize> {
        let mut breaks = 0;
        loop {
            let at = self.skip_blanks(from);
            if self.peek(at) != b'\n' {
                if at - from <= parent || matches!(self.peek(at), b'\t' | b'\'' | b'"') {
                    return None;
                }
                if breaks == 0 {
                    text.push(' ');
                }
                return Some(at);
            }
            if at >= self.bytes.len() {
                return None;
            }
            breaks += 1;
            text.push('\n');
            from = at + 1;
        }
    }

    /// The character of an escape, and how long it is after the backslash.
    fn escape(&self, at: usize) -> Option<(char, usize)> {
        let character = match self.peek(at) {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            byte @ (b'"' | b'\\' | b'\'') => byte as char,
            b'u' => {
                let digits = self.text.get(at + 1..at + 5)?;
                let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                let unit = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
                return Some((char::from_u32(unit)?, 5));
            }
            _ => return None,
        };
        Some((character, 1))
    }

    /// `|`, `|-` and `|+`; how far it is indented is found, not said.
    fn literal(&mut self, at: usize, parent: usize) -> Option<Node<'a>> {
        let chomp = self.peek(at + 1);
        let header = if matches!(chomp, b'-' | b'+') { at + 2 } else { at + 1 };
        let line_end = self.skip_blanks(header);
        if self.peek(line_end) != b'\n' {
            return None;
        }
        let first = line_end + 1;
        let start = self.skip_blanks(first);
        let indent = start - first;
        if indent <= parent || matches!(self.peek(start), b'\n' | b'\t') {
            return None;
        }
        // Up to where the next thing begins; how many line ends stand after the last text, and where that ends.
        let mut from = first;
        let mut lines = 0;
        let (mut blank, mut end) = (0, start);
        let mut owned: Option<String> = None;
        while from < self.bytes.len() {
            let at = self.indentation(from, indent);
            if self.peek(at) == b'\n' {
                (blank, from) = (blank + 1, at + 1);
                continue;
            }
            if at - from < indent {
                break;
            }
            // A line end that is not there is the full parser's.
            let stop = at + memchr(b'\n', self.bytes.get(at..)?)?;
            if lines > 0 {
                let text = owned.get_or_insert_with(|| self.text[start..=end].to_owned());
                text.extend(std::iter::repeat_n('\n', blank));
                text.push_str(&self.text[at..=stop]);
            }
            (lines, blank, end, from) = (lines + 1, 0, stop, stop + 1);
        }
        let mut text = owned.map_or(Cow::Borrowed(&self.text[start..=end]), Cow::Owned);
        match (chomp, &mut text) {
            (b'-', Cow::Borrowed(text)) => *text = &text[..text.len() - 1],
            (b'-', Cow::Owned(text)) => _ = text.pop(),
            (b'+', text) if blank > 0 => text.to_mut().extend(std::iter::repeat_n('\n', blank)),
            _ => {}
        }
        self.next_line(from)?;
        if self.more && self.column > parent {
            return None;
        }
        let written = self.text[..end].trim_end_matches([' ', '\t', '\n']).len();
        Some(self.node(Value::String(self.kept(text)), at, written, Style::BlockScalar))
    }

    fn kept(&self, text: Cow<'a, str>) -> &'a str {
        match text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => self.arena.alloc_str(&text),
        }
    }

    /// Past the blanks of a line, but no more than a block is indented.
    fn indentation(&self, from: usize, most: usize) -> usize {
        let mut at = from;
        while at - from < most && self.peek(at) == b' ' {
            at += 1;
        }
        at
    }
}

/// What a plain scalar means.
pub(super) fn value(text: &str) -> Option<Value<'_>> {
    if is_plain(text) {
        return Some(Value::String(text));
    }
    match letters::whole(text) {
        Some(number) => Some(Value::Int(number)),
        None => yaml::plain(text),
    }
}

/// Whether a key that may be more than text is all the same what stands there; any other is the full parser's.
pub(super) fn means_itself(key: &str) -> bool {
    yaml::plain_key(key).is_some_and(|meant| meant == key)
}
