//! From a file to its documents.

use super::yaml::Budget;
use super::{FileId, Node, Problem, SourceFile, Span, Value, What, json, recognize, yaml};

/// One document of a file.
#[derive(Debug)]
pub struct Document<'a> {
    /// The whole of it, between its separators.
    pub span: Span,
    /// What it holds.
    pub content: Content<'a>,
    /// What was found beside it: duplicate keys, text after `...`.
    pub problems: Vec<Problem>,
    /// Whether kubectl would stop at this document, and so see neither it nor the ones after it.
    ///
    /// A bad separator sets it on the document before itself too, which kubectl loses although it can be read.
    pub ends_stream: bool,
}

/// What a document holds.
#[derive(Debug)]
pub enum Content<'a> {
    /// A value.
    Tree(Node<'a>),
    /// Nothing but blanks and comments, or null.
    Empty,
    /// Something that is not YAML or JSON.
    Broken(Problem),
}

/// All documents of a file, in order.
pub fn documents(id: FileId, file: &SourceFile) -> Vec<Document<'_>> {
    split(id, file).documents
}

/// A file taken apart.
pub(super) struct Split<'a> {
    pub(super) documents: Vec<Document<'a>>,
    /// The lines that begin with `---` and nothing else.
    pub(super) separators: Vec<Span>,
}

/// Takes a file apart as kubectl does, but reads on where kubectl stops.
pub(super) fn split(id: FileId, file: &SourceFile) -> Split<'_> {
    let text = file.text();
    let mut splitter = Splitter {
        id,
        file,
        text,
        budget: Budget::new(text),
        split: Split { documents: Vec::new(), separators: Vec::new() },
    };
    let begins_with_brace = text.trim_start().starts_with('{');
    let is_template = text.trim_start().starts_with("{{");
    if is_binary(file) {
        splitter.binary();
    } else if begins_with_brace && !is_template {
        splitter.json_stream();
    } else {
        splitter.yaml_stream(if text.starts_with(BOM) { BOM.len_utf8() } else { 0 }, false);
    }
    splitter.split
}

const BOM: char = '\u{feff}';

/// Text has no NUL bytes; a stray one is told apart from a file that is full of them.
fn is_binary(file: &SourceFile) -> bool {
    let text = file.text();
    let start = &text.as_bytes()[..text.len().min(8_000)];
    let mut nuls = start.iter().filter(|&&byte| byte == 0);
    nuls.next().is_some() && (nuls.nth(7).is_some() || file.not_utf8_within(0, start.len() as u32).is_some())
}

struct Splitter<'a> {
    id: FileId,
    file: &'a SourceFile,
    text: &'a str,
    budget: Budget,
    split: Split<'a>,
}

impl<'a> Splitter<'a> {
    fn binary(&mut self) {
        let whole = self.span(0, self.text.len());
        let problem = match self.file.not_utf8_within(0, whole.end) {
            Some(at) => self.not_utf8(at),
            None => Problem {
                what: What::Syntax("NUL bytes, so this is not a text file".into()),
                span: self.span(0, 0),
            },
        };
        self.push(whole, Content::Broken(problem), Vec::new(), true);
    }

    /// Pieces between lines that begin with `---`; kubectl ends lines at line feeds only.
    fn yaml_stream(&mut self, from: usize, json_too: bool) {
        let text = self.text;
        let mut start = from;
        let mut bad_separator: Option<usize> = None;
        let mut at = from;
        for line in text[from..].split_inclusive('\n') {
            let end = at + line.len();
            // After a byte order mark the line does not begin with the dashes.
            let after_mark = at == from && text.starts_with(BOM);
            let rest = if after_mark { None } else { line.strip_prefix("---") };
            if let Some(rest) = rest {
                let rest = rest.trim();
                let is_good = rest.is_empty() || rest.starts_with('#');
                match bad_separator.take() {
                    Some(separator) => self.bad_separator(separator, at),
                    None => self.piece(start, at, json_too, !is_good),
                }
                start = end;
                if is_good {
                    self.split.separators.push(self.span(at, at + line.trim_end().len()));
                } else if carries_content(line[..first_line(line)][3..].trim()) {
                    bad_separator = Some(at);
                } else {
                    self.bad_separator(at, at + first_line(line));
                    start = at + first_line(line);
                }
            }
            at = end;
        }
        match bad_separator {
            Some(separator) => self.bad_separator(separator, text.len()),
            None => self.piece(start, text.len(), json_too, false),
        }
    }

    /// A separator with something after it, up to where reading goes on.
    fn bad_separator(&mut self, start: usize, end: usize) {
        let line = &self.text[start..end];
        let line = &line[..first_line(line)];
        let what = if recognize::lost_line_ends(&line[3..]).is_some() {
            What::LostLineEnds
        } else {
            What::BadSeparator
        };
        let problem = Problem { what, span: self.span(start, start + line.trim_end().len()) };
        self.push(self.span(start, end), Content::Broken(problem), Vec::new(), true);
    }

    fn piece(&mut self, start: usize, end: usize, json_too: bool, lost: bool) {
        let piece = &self.text[start..end];
        if piece.is_empty() {
            return;
        }
        if json_too && piece.trim_start().starts_with('{') && self.json_piece(start, end) {
            return;
        }
        let span = self.span(start, end);
        if let Some(at) = self.file.not_utf8_within(span.start, span.end) {
            return self.push(span, Content::Broken(self.not_utf8(at)), Vec::new(), true);
        }
        let bom = piece.len() - piece.trim_start_matches(BOM).len();
        let (start, piece) = (start + bom, &piece[bom..]);
        match yaml::read(self.id, piece, start, &mut self.budget) {
            Ok(yaml) => {
                let content = self.content(yaml.root, start, piece);
                self.push(span, content, yaml.problems, lost);
            }
            Err(problem) => {
                let fault = (problem.span.start as usize).saturating_sub(start);
                let problem = match recognize::recognize(piece, Some(fault)) {
                    Some((what, from, to)) => Problem { what, span: self.span(start + from, start + to) },
                    None => problem,
                };
                self.push(span, Content::Broken(problem), Vec::new(), true);
            }
        }
    }

    /// What a piece that can be read holds; some that can is no manifest all the same.
    fn content(&self, root: Option<Node<'a>>, start: usize, piece: &str) -> Content<'a> {
        let recognized = match root.as_ref().map(|root| &root.value) {
            None | Some(Value::Null) => {
                recognize::lost_line_ends(piece).map(|(from, to)| (What::LostLineEnds, from, to))
            }
            Some(Value::String(_)) => recognize::recognize(piece, None),
            Some(Value::Map(map)) if recognize::is_description(map) => map.entry("Name").map(|entry| {
                let span = entry.key_span.to(entry.value.span);
                (What::KubectlOutput, span.start as usize - start, span.end as usize - start)
            }),
            _ => None,
        };
        match (recognized, root) {
            (Some((what, from, to)), _) => {
                Content::Broken(Problem { what, span: self.span(start + from, start + to) })
            }
            (None, Some(root)) if !root.is_null() => Content::Tree(root),
            _ => Content::Empty,
        }
    }

    /// JSON values one after the other; after a separator kubectl 1.33 and later read YAML.
    fn json_stream(&mut self) {
        let mut at = 0;
        loop {
            let rest = &self.text[at..];
            let start = at + (rest.len() - rest.trim_start().len());
            if start == self.text.len() {
                return;
            }
            if self.text[start..].starts_with("---") && is_line_start(self.text, start) {
                return self.yaml_stream(start, true);
            }
            at = match json::read(self.id, self.text, start) {
                Ok(json) => {
                    let end = json.end;
                    self.json(start, json);
                    end
                }
                Err((fault, words)) => self.broken_json(start, fault, words),
            };
        }
    }

    /// Reads on at the next line that may begin a document.
    fn broken_json(&mut self, start: usize, fault: usize, words: String) -> usize {
        let text = self.text;
        let from = fault.max(start + 1);
        let mut end = if is_line_start(text, from) { from } else { next_line(text, from) };
        while end < text.len() && !text[end..].starts_with('{') && !text[end..].starts_with("---") {
            end = next_line(text, end);
        }
        let span = self.span(start, end);
        let problem = if let Some(at) = self.file.not_utf8_within(span.start, span.end) {
            self.not_utf8(at)
        } else {
            let word = text[fault..].chars().next().map_or(0, char::len_utf8);
            Problem { what: What::Syntax(words), span: self.span(fault, fault + word) }
        };
        self.push(span, Content::Broken(problem), Vec::new(), true);
        end
    }

    /// Reads a piece between separators as JSON values if it is nothing else.
    fn json_piece(&mut self, start: usize, end: usize) -> bool {
        let known = self.split.documents.len();
        let mut at = start;
        loop {
            let rest = &self.text[at..end];
            at += rest.len() - rest.trim_start().len();
            if at == end {
                return true;
            }
            let Ok(json) = json::read(self.id, &self.text[..end], at) else {
                self.split.documents.truncate(known);
                return false;
            };
            let next = json.end;
            self.json(at, json);
            at = next;
        }
    }

    fn json(&mut self, start: usize, json: json::Json<'a>) {
        let span = self.span(start, json.end);
        match self.file.not_utf8_within(span.start, span.end) {
            Some(at) => self.push(span, Content::Broken(self.not_utf8(at)), Vec::new(), true),
            None => self.push(span, Content::Tree(json.root), json.problems, false),
        }
    }

    fn push(&mut self, span: Span, content: Content<'a>, problems: Vec<Problem>, ends_stream: bool) {
        self.split.documents.push(Document { span, content, problems, ends_stream });
    }

    fn not_utf8(&self, at: u32) -> Problem {
        let at = at as usize;
        Problem { what: What::NotUtf8, span: self.span(at, at + char::REPLACEMENT_CHARACTER.len_utf8()) }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.id, start: start as u32, end: end as u32 }
    }
}

/// Whether what follows the dashes is part of the document below it, which is then not whole without it.
fn carries_content(rest: &str) -> bool {
    rest.starts_with(['{', '[', '"', '\'', '|', '>', '&']) || rest.contains(": ") || rest.ends_with(':')
}

/// The length of the first line, its end included; a carriage return alone ends it too.
fn first_line(text: &str) -> usize {
    next_line(text, 0)
}

fn next_line(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(end) if bytes[from + end..].starts_with(b"\r\n") => from + end + 2,
        Some(end) => from + end + 1,
        None => text.len(),
    }
}

fn is_line_start(text: &str, at: usize) -> bool {
    at == 0 || matches!(text.as_bytes()[at - 1], b'\n' | b'\r')
}

#[cfg(test)]
mod tests;
