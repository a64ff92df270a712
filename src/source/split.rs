//! From a file to its documents.

mod cut;
mod pieces;

use bumpalo::Bump;
use rayon::prelude::*;

use self::pieces::Pieces;
use super::scan::Stacks;
use super::yaml::Budget;
use super::{Allowance, Arena, FileId, Map, Node, Problem, SourceFile, Span, json};

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
    /// Whether it is so plain that the scanner read it.
    pub is_plain: bool,
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

/// What is read at a time, so that nobody needs to keep all of a file's trees.
#[derive(Debug)]
pub enum Part<'a, 'l> {
    /// A document; of a list that was cut, all but its items.
    Document(Document<'a>),
    /// An item of a list that was cut.
    Item {
        /// The document that it is in, without any items.
        list: &'l Node<'a>,
        /// The item.
        item: Node<'a>,
    },
}

/// How a file is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct How<'a> {
    /// Whether what nobody looks at (`scan::Bulk`) may be left out of trees.
    pub skims: bool,
    /// Which lists are cut, if any.
    pub lists: Option<Lists>,
    /// By the full parser alone, which defines what is right.
    pub parsed: bool,
    /// How much is read, where that is limited.
    pub values: Option<&'a Allowance>,
}

/// Long block lists at the root of a document, whose items are read each by itself.
#[derive(Debug, Clone, Copy)]
pub struct Lists {
    /// The key that they are under.
    pub key: &'static str,
    /// Whether a map, without its items, is such a list.
    pub is_one: fn(&Map<'_>) -> bool,
    /// How long a document is at least that is cut.
    pub least: usize,
}

/// All documents of a file, in order.
pub fn documents<'a>(id: FileId, file: &SourceFile, arena: &'a Arena) -> Vec<Document<'a>> {
    split(id, file, arena).documents
}

/// The same by the full parser alone.
pub fn parsed_documents<'a>(id: FileId, file: &SourceFile, arena: &'a Arena) -> Vec<Document<'a>> {
    let how = How { parsed: true, ..How::default() };
    read(id, file, how, |part| whole(part, arena)).into_iter().flatten().collect()
}

/// What `take` makes of the parts of a file, in order: a list that was cut, then its items. It is called in any order, and
/// from several threads at once; afterwards what was read is forgotten.
pub fn read<T: Send>(
    id: FileId,
    file: &SourceFile,
    how: How<'_>,
    take: impl Fn(Part<'_, '_>) -> T + Sync,
) -> Vec<T> {
    Splitter::new(id, file, how, &take).split().documents
}

/// A file taken apart.
pub(super) struct Split<T> {
    pub(super) documents: Vec<T>,
    /// The lines that begin with `---` and nothing else, where they are kept.
    pub(super) separators: Vec<Span>,
}

/// Takes a file apart as kubectl does, but reads on where kubectl stops.
pub(super) fn split<'a>(id: FileId, file: &SourceFile, arena: &'a Arena) -> Split<Document<'a>> {
    let take = |part: Part<'_, '_>| whole(part, arena);
    let splitter = Splitter::new(id, file, How::default(), &take);
    let Split { documents, separators } = Splitter { keeps_separators: true, ..splitter }.split();
    Split { documents: documents.into_iter().flatten().collect(), separators }
}

fn whole<'a>(part: Part<'_, '_>, arena: &'a Arena) -> Option<Document<'a>> {
    let Part::Document(Document { span, content, problems, ends_stream, is_plain }) = part else {
        return None;
    };
    let content = match content {
        Content::Tree(root) => Content::Tree(root.copied(arena.here())),
        Content::Empty => Content::Empty,
        Content::Broken(problem) => Content::Broken(problem),
    };
    Some(Document { span, content, problems, ends_stream, is_plain })
}

const BOM: char = '\u{feff}';

/// Text has no NUL bytes; a stray one is told apart from a file that is full of them.
fn is_binary(file: &SourceFile) -> bool {
    let text = file.text();
    let start = &text.as_bytes()[..text.len().min(8_000)];
    let mut nuls = start.iter().filter(|&&byte| byte == 0);
    nuls.next().is_some() && (nuls.nth(7).is_some() || file.not_utf8_within(0, start.len() as u32).is_some())
}

/// Below this a file is read on one thread: waking another takes longer.
const MANY_BYTES: usize = 64 * 1024;

/// How much of a file a thread takes at a time, at least: so little that it is at hand when it is read, and that none waits
/// long for the last.
const SECTION: usize = 16 * 1024;

/// What `take` makes of parts.
type Take<'r, T> = &'r (dyn Fn(Part<'_, '_>) -> T + Sync);

/// What a thread reads with, one document after the other.
#[derive(Default)]
struct Desk {
    /// The tree of the document.
    arena: Bump,
    stacks: Stacks,
}

/// Takes a file apart.
struct Splitter<'a, 'r, T> {
    pieces: Pieces<'a, 'r, T>,
    text: &'a str,
    keeps_separators: bool,
    taken: Vec<T>,
    separators: Vec<Span>,
}

/// Finds where the documents of a part of a file begin and end, and reads them.
struct Section<'s, 'a, 'r, T> {
    pieces: &'s Pieces<'a, 'r, T>,
    desk: &'s mut Desk,
    keeps_separators: bool,
    /// Whether JSON values may stand between separators, too.
    json_too: bool,
    found: Found<T>,
}

/// What was found in a part of a file.
struct Found<T> {
    taken: Vec<T>,
    /// What has to wait for its turn, and how much was taken before it.
    waiting: Vec<(usize, Stretch)>,
    separators: Vec<Span>,
}

/// A stretch of a file between its separators.
#[derive(Clone, Copy)]
struct Stretch {
    start: usize,
    end: usize,
    sort: Sort,
}

#[derive(Clone, Copy)]
enum Sort {
    /// A document; or JSON values where `json_too`. It is `lost` to kubectl where a bad separator follows.
    Piece { json_too: bool, lost: bool },
    /// A separator with something after it.
    BadSeparator,
}

impl<'a, 'r, T: Send> Splitter<'a, 'r, T> {
    fn new(id: FileId, file: &'a SourceFile, how: How<'r>, take: Take<'r, T>) -> Self {
        let text = file.text();
        let pieces = Pieces { id, file, text, how, take };
        Self { pieces, text, keeps_separators: false, taken: Vec::new(), separators: Vec::new() }
    }

    fn split(mut self) -> Split<T> {
        let text = self.text;
        let begins_with_brace = text.trim_start().starts_with('{');
        let is_template = text.trim_start().starts_with("{{");
        if is_binary(self.pieces.file) {
            let binary = self.pieces.binary();
            self.taken.push(binary);
        } else if begins_with_brace && !is_template {
            self.json_stream();
        } else {
            self.yaml_stream(if text.starts_with(BOM) { BOM.len_utf8() } else { 0 }, false);
        }
        Split { documents: self.taken, separators: self.separators }
    }

    /// Reads what is left side by side, and then, in order, what had to wait.
    fn yaml_stream(&mut self, from: usize, json_too: bool) {
        let (pieces, keeps_separators) = (&self.pieces, self.keeps_separators);
        let read = |desk: &mut Desk, (start, end): (usize, usize)| {
            let found = Found { taken: Vec::new(), waiting: Vec::new(), separators: Vec::new() };
            let mut section = Section { pieces, desk, keeps_separators, json_too, found };
            section.read(start, end);
            section.found
        };
        let mut desk = Desk::default();
        let found: Vec<Found<T>> = if self.text.len() < MANY_BYTES {
            vec![read(&mut desk, (from, self.text.len()))]
        } else {
            sections(self.text, from).into_par_iter().map_init(Desk::default, read).collect()
        };
        let mut budget = Budget::new(self.text);
        self.taken.reserve(found.iter().map(|found| found.taken.len()).sum());
        for Found { taken, waiting, separators } in found {
            let (count, mut taken) = (taken.len(), taken.into_iter());
            for (place, stretch) in waiting {
                let before = place + taken.len() - count;
                self.taken.extend(taken.by_ref().take(before));
                pieces.read(stretch, Some(&mut budget), &mut desk, &mut self.taken);
            }
            self.taken.extend(taken);
            self.separators.extend(separators);
        }
    }

    /// JSON values one after the other; after a separator kubectl 1.33 and later read YAML.
    fn json_stream(&mut self) {
        let mut arena = Bump::new();
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
            if !Allowance::document(self.pieces.how.values) {
                return;
            }
            let pieces = &self.pieces;
            let (end, document) = match json::read(pieces.id, self.text, start, pieces.how.values, &arena) {
                Ok(json) => (json.end, pieces.json(start, json)),
                Err((fault, words)) => pieces.broken_json(start, fault, words),
            };
            self.taken.push(pieces.take(document));
            arena.reset();
            at = end;
        }
    }
}

/// Where the parts of a file begin and end that threads take: all but the first begin with a separator.
fn sections(text: &str, from: usize) -> Vec<(usize, usize)> {
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

/// The line that begins at a place, its end included.
fn line_at(text: &str, at: usize) -> &str {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1);
    &text[at..end]
}

/// Whether a line that begins with `---` says no more.
fn is_separator(line: &str) -> bool {
    let rest = line[3..].trim();
    rest.is_empty() || rest.starts_with('#')
}

impl<T: Send> Section<'_, '_, '_, T> {
    /// Pieces between lines that begin with `---`.
    fn read(&mut self, from: usize, to: usize) {
        let text = self.pieces.text;
        let mut start = from;
        let mut bad_separator: Option<usize> = None;
        // After a byte order mark the line does not begin with the dashes.
        let first = (is_line_start(text, from) && text[from..].starts_with("---")).then_some(from);
        for at in first.into_iter().chain(separators(text, from, to)) {
            // Where there are too many, no more are looked for.
            if !Allowance::document(self.pieces.how.values) {
                return;
            }
            let line = line_at(text, at);
            let is_good = is_separator(line);
            match bad_separator.take() {
                Some(separator) => self.bad_separator(separator, at),
                None => self.piece(start, at, !is_good),
            }
            start = at + line.len();
            if is_good {
                if self.keeps_separators {
                    self.found.separators.push(self.pieces.span(at, at + line.trim_end().len()));
                }
            } else if carries_content(line[..first_line(line)][3..].trim()) {
                bad_separator = Some(at);
            } else {
                self.bad_separator(at, at + first_line(line));
                start = at + first_line(line);
            }
        }
        match bad_separator {
            Some(separator) => self.bad_separator(separator, to),
            None => self.piece(start, to, false),
        }
    }

    fn bad_separator(&mut self, start: usize, end: usize) {
        self.stretch(Stretch { start, end, sort: Sort::BadSeparator });
    }

    fn piece(&mut self, start: usize, end: usize, lost: bool) {
        if start < end {
            self.stretch(Stretch { start, end, sort: Sort::Piece { json_too: self.json_too, lost } });
        }
    }

    fn stretch(&mut self, stretch: Stretch) {
        let Found { taken, waiting, .. } = &mut self.found;
        if !self.pieces.read(stretch, None, self.desk, taken) {
            waiting.push((taken.len(), stretch));
        }
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
