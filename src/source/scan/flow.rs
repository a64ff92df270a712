//! Lists and maps in brackets, as KYAML writes them and people do on one line.

use super::letters::{begins_plain, is_plain, stops_in_flow};
use super::scalar::{means_itself, value};
use super::{MAX_DEPTH, MAX_KEY, Scanner};
use crate::source::{Node, Style};

impl<'a> Scanner<'a> {
    /// The list or map that begins here.
    pub(super) fn flow(&mut self, start: usize) -> Option<Node<'a>> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let (value, end) = if self.peek(start) == b'{' {
            let first = self.entries.len();
            let end = self.flow_entries(start + 1)?;
            (self.take_map(first), end)
        } else {
            let first = self.items.len();
            let end = self.flow_items(start + 1)?;
            (self.take_items(first), end)
        };
        self.depth -= 1;
        Some(self.node(value, start, end, Style::Flow))
    }

    fn flow_items(&mut self, mut at: usize) -> Option<usize> {
        loop {
            at = self.flow_blanks(at)?;
            if self.peek(at) == b']' {
                return Some(at + 1);
            }
            let item = self.flow_value(at)?;
            at = self.flow_blanks(item.span.end as usize - self.base)?;
            self.share.item().then_some(())?;
            self.items.push(item);
            match self.peek(at) {
                b',' => at += 1,
                b']' => {}
                _ => return None,
            }
        }
    }

    fn flow_entries(&mut self, mut at: usize) -> Option<usize> {
        loop {
            at = self.flow_blanks(at)?;
            if self.peek(at) == b'}' {
                return Some(at + 1);
            }
            let start = at;
            let (key, end) = self.flow_key(at)?;
            at = self.flow_blanks(end + 1)?;
            let value = self.flow_value(at)?;
            at = self.flow_blanks(value.span.end as usize - self.base)?;
            let key_span = self.span(start, end);
            *self.enter(key, key_span)? = value;
            match self.peek(at) {
                b',' => at += 1,
                b'}' => {}
                _ => return None,
            }
        }
    }

    /// A key with a colon and a blank right behind it.
    fn flow_key(&self, at: usize) -> Option<(&'a str, usize)> {
        let (key, end) = match self.peek(at) {
            b'"' | b'\'' => {
                let end = self.quoted_end(at)?;
                (&self.text[at + 1..end - 1], end)
            }
            byte if begins_plain(byte) => {
                let text = self.flow_plain(at)?;
                ((is_plain(text) || means_itself(text)).then_some(text)?, at + text.len())
            }
            _ => return None,
        };
        let is_key =
            self.peek(end) == b':' && matches!(self.peek(end + 1), b' ' | b'\n') && end - at <= MAX_KEY;
        is_key.then_some((key, end))
    }

    fn flow_value(&mut self, at: usize) -> Option<Node<'a>> {
        match self.peek(at) {
            b'{' | b'[' => self.flow(at),
            b'"' | b'\'' => self.quoted(at, None).map(|(node, _)| node),
            byte if begins_plain(byte) => {
                let text = self.flow_plain(at)?;
                let value = value(text)?;
                Some(self.node(value, at, at + text.len(), Style::Plain))
            }
            _ => None,
        }
    }

    /// A plain scalar of one line; whoever wants it sees what comes after it.
    fn flow_plain(&self, from: usize) -> Option<&'a str> {
        let mut at = from;
        loop {
            let rest = &self.bytes[at..];
            at += rest.iter().position(|&byte| stops_in_flow(byte)).unwrap_or(rest.len());
            match (self.peek(at), self.peek(at + 1)) {
                (b':', b' ' | b'\n') | (b'\n' | b',' | b']' | b'}', _) => break,
                (b':', next) if next.is_ascii_alphanumeric() || next == b'/' => {}
                (b'#', _) if self.peek(at - 1) != b' ' => {}
                _ => return None,
            }
            at += 1;
        }
        let text = self.trimmed(from, at);
        // A dash alone would begin a list's item.
        let is_item = text.starts_with('-') && matches!(text.as_bytes().get(1), None | Some(b' '));
        (!text.is_empty() && !is_item).then_some(text)
    }

    /// Past blanks, line ends and comments, none of which may look like the end of a document.
    fn flow_blanks(&self, mut at: usize) -> Option<usize> {
        loop {
            let from = at;
            at = self.skip_blanks(at);
            match self.bytes.get(at)? {
                b'\n' => {
                    at += 1;
                    let line = &self.bytes[at..];
                    if line.starts_with(b"---") || line.starts_with(b"...") || line.starts_with(b"%") {
                        return None;
                    }
                }
                b'#' if at > from || self.peek(at - 1) == b'\n' => at = self.line_end(at),
                b'#' => return None,
                _ => return Some(at),
            }
        }
    }
}
