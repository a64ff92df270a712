//! Scalars, where values and where keys stand.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};

use super::checks::Fault;
use super::mend::Mend;
use super::{Grown, Key, Reader, breaks, checks, kept, scalar, words};
use crate::source::{Node, Style, Value};

impl<'a> Reader<'a, '_> {
    pub(super) fn scalar(
        &mut self,
        value: Cow<'a, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        start: usize,
        end: usize,
    ) -> Result<(), Fault> {
        let plain = style == ScalarStyle::Plain;
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let source = &self.text[start..end];
        if style == ScalarStyle::DoubleQuoted
            && let Some(at) = checks::unknown_escape(source)
        {
            return Err((start + at, words::ESCAPE.into()));
        }
        let tag = tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()));
        let in_flow = self.growth.in_flow();
        let is_blank = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
        if in_flow && plain && start == end && tag.is_some() && !is_blank(self.text.as_bytes().get(end)) {
            return Err((start, "a blank is missing after this tag (!name)".into()));
        }
        if plain && in_flow && source.contains('?') {
            let at = start + source.find('?').unwrap_or(0);
            // At the start it begins a key to go-yaml, with a blank after it or without.
            self.mend = source.starts_with('?').then(|| Mend::blank(at + 1));
            return Err((
                at,
                "a question mark in a list or map in brackets, which kubectl wants in quotes".into(),
            ));
        }
        if !in_flow {
            if plain {
                self.covered.add_plain(self.text, start, end, self.block_column());
            } else {
                self.covered.add(start, end);
            }
        }
        let (start, end) = if block { self.block_scalar(start, end) } else { (start, end) };
        let value = match self.places.written(start, end) {
            Some(written) => breaks::keep(value, style, written),
            None => value,
        };
        let value = kept(value, self.arena);
        if self.growth.wants_key() {
            return self.key(value, plain, tag.as_deref(), anchor, start, end);
        }
        let (start, end) = if plain && source.is_empty() { self.after_colon(start) } else { (start, end) };
        self.reached = self.reached.max(end);
        let value = if plain && source.is_empty() && tag.is_none() {
            Value::Null
        } else {
            let value = scalar::resolve(value, plain, tag.as_deref(), self.arena);
            scalar::as_whole(value.map_err(|words| (start, words.to_owned()))?)
        };
        // Kubernetes has none, unless an equal key overrides it.
        self.has_infinite |= scalar::is_infinite(&value);
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::BlockScalar,
        };
        let grown = Grown::leaf(Node { value, span: self.places.span(start, end), style });
        self.anchors.define(anchor, &grown).map_err(|words| (start, words))?;
        self.add(grown, start)
    }

    fn key(
        &mut self,
        value: &'a str,
        plain: bool,
        tag: Option<&str>,
        anchor: usize,
        start: usize,
        mut end: usize,
    ) -> Result<(), Fault> {
        let merges = value == "<<" && tag.map_or(plain, |tag| matches!(tag, "!" | "tag:yaml.org,2002:merge"));
        let implied = plain && start == end && tag.is_none();
        let resolved = if implied { Ok(Value::Null) } else { scalar::resolve(value, plain, tag, self.arena) };
        let resolved = resolved.map_err(|words| (start, words.to_owned()))?;
        if anchor > 0 {
            let value = scalar::as_whole(resolved);
            self.has_infinite |= scalar::is_infinite(&value);
            let node = Node { value, span: self.places.span(start, end), style: Style::Plain };
            self.anchors.define(anchor, &Grown::leaf(node)).map_err(|words| (start, words))?;
        }
        let text = scalar::as_key(resolved).map_err(|words| (start, words.to_owned()))?;
        let mut text = kept(text, self.arena);
        if self.growth.in_flow() {
            self.check_flow_key(start, end)?;
            let mut after = self.text[end..].chars();
            if plain && after.next() == Some(':') && matches!(after.next(), Some(',' | ']' | '}')) {
                end += 1;
                text = self.arena.alloc_str(&format!("{text}:"));
                if let Some(frame) = self.frames.last_mut() {
                    frame.colon = Some(end);
                }
            }
        }
        let key = if merges { Key::Merge } else { Key::Text(text) };
        self.growth.key(key, self.places.span(start, end));
        self.key_end = end;
        Ok(())
    }

    /// go-yaml looks back at most 1,024 characters, on one line, for the key that a colon belongs to.
    fn check_flow_key(&self, start: usize, end: usize) -> Result<(), Fault> {
        let rest = &self.text[end..];
        let colon = end + (rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len());
        let has_colon = self.text[colon..].starts_with(':');
        let key = if has_colon { &self.text[start..colon] } else { &self.text[start..end] };
        let explicit = self.text[..start].trim_end_matches([' ', '\t']).ends_with('?');
        if explicit || !has_colon {
            return Ok(());
        }
        if key.contains(['\n', '\r']) {
            return Err((start, "a key in braces and its colon must stand on one line".into()));
        }
        if key.len() > 1024 && key.chars().count() > 1024 {
            return Err((start, "a key of more than 1,024 characters".into()));
        }
        Ok(())
    }

    /// The whole of a block scalar: the parser's range begins with its text and ends where the next thing begins.
    fn block_scalar(&self, start: usize, end: usize) -> (usize, usize) {
        let header = self.seek(b"|>").unwrap_or(start).min(start);
        let text = &self.text[header..end.max(header)];
        (header, header + text.trim_end_matches([' ', '\t', '\n', '\r']).len())
    }

    /// An empty value stands after its key, and the colon if that follows; the parser may place it at the next key.
    fn after_colon(&self, at: usize) -> (usize, usize) {
        let has_key = self.growth.open.last().is_some_and(|open| open.key.is_some());
        let at = if has_key { self.key_end.min(at) } else { at };
        let rest = &self.text[at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let at = if rest[blanks..].starts_with(':') { at + blanks + 1 } else { at };
        (at, at)
    }
}
