//! From a file to its documents.

mod cut;
mod lines;
mod pieces;

use std::sync::{Mutex, PoisonError};

use bumpalo::Bump;
use rayon::prelude::*;

use self::lines::{
    after_mark, carries_content, first_line, is_line_start, is_separator, line_at, next_line, sections,
    starts,
};
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
    read(id, file, How::default(), |part| whole(part, arena)).into_iter().flatten().collect()
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
    Splitter::new(id, file, how, &take).split()
}

/// Hands over the documents of a file one after the other, each of which is forgotten before the next is read.
pub(super) fn in_order(id: FileId, file: &SourceFile, see: impl FnMut(Document<'_>) + Send) {
    let see = Mutex::new(see);
    let take = |part: Part<'_, '_>| {
        if let Part::Document(document) = part {
            (see.lock().unwrap_or_else(PoisonError::into_inner))(document);
        }
    };
    Splitter { in_order: true, ..Splitter::new(id, file, How::default(), &take) }.split();
}

/// The lines that begin with `---` and say no more.
pub(super) fn separators_of(id: FileId, file: &SourceFile) -> impl Iterator<Item = Span> {
    let text = if is_binary(file) { "" } else { file.text() };
    let lines = starts(text, after_mark(text), text.len()).map(|at| (at, line_at(text, at)));
    lines.filter(|(_, line)| is_separator(line)).map(move |(at, line)| {
        let end = at + line.trim_end().len();
        Span { file: id, start: at as u32, end: end as u32 }
    })
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

/// What `take` makes of parts.
type Take<'r, T> = &'r (dyn Fn(Part<'_, '_>) -> T + Sync);

/// What a thread reads with, one document after the other.
#[derive(Default)]
struct Desk {
    /// The tree of the document.
    arena: Bump,
    stacks: Stacks,
}

/// Takes a file apart as kubectl does, but reads on where kubectl stops.
struct Splitter<'a, 'r, T> {
    pieces: Pieces<'a, 'r, T>,
    text: &'a str,
    in_order: bool,
    taken: Vec<T>,
}

/// Finds where the documents of a part of a file begin and end, and reads them.
struct Section<'s, 'a, 'r, T> {
    pieces: &'s Pieces<'a, 'r, T>,
    desk: &'s mut Desk,
    /// What documents that copy may spend, where none of them waits for its turn.
    budget: Option<Budget>,
    /// Whether JSON values may stand between separators, too.
    json_too: bool,
    found: Found<T>,
}

/// What was found in a part of a file.
struct Found<T> {
    taken: Vec<T>,
    /// What has to wait for its turn, and how much was taken before it.
    waiting: Vec<(usize, Stretch)>,
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
        Self { pieces, text, in_order: false, taken: Vec::new() }
    }

    fn split(mut self) -> Vec<T> {
        let text = self.text;
        let begins_with_brace = text.trim_start().starts_with('{');
        let is_template = text.trim_start().starts_with("{{");
        if is_binary(self.pieces.file) {
            let binary = self.pieces.binary();
            self.taken.push(binary);
        } else if begins_with_brace && !is_template {
            self.json_stream();
        } else {
            self.yaml_stream(after_mark(text), false);
        }
        self.taken
    }

    /// Reads what is left side by side, and then, in order, what had to wait.
    fn yaml_stream(&mut self, from: usize, json_too: bool) {
        let (pieces, in_order) = (&self.pieces, self.in_order);
        let read = |desk: &mut Desk, (start, end): (usize, usize)| {
            let found = Found { taken: Vec::new(), waiting: Vec::new() };
            let budget = in_order.then(|| Budget::new(pieces.text));
            let mut section = Section { pieces, desk, budget, json_too, found };
            section.read(start, end);
            section.found
        };
        let mut desk = Desk::default();
        let found: Vec<Found<T>> = if self.text.len() < MANY_BYTES || in_order {
            vec![read(&mut desk, (from, self.text.len()))]
        } else {
            sections(self.text, from).into_par_iter().map_init(Desk::default, read).collect()
        };
        let mut budget = Budget::new(self.text);
        self.taken.reserve(found.iter().map(|found| found.taken.len()).sum());
        for Found { taken, waiting } in found {
            let (count, mut taken) = (taken.len(), taken.into_iter());
            for (place, stretch) in waiting {
                let before = place + taken.len() - count;
                self.taken.extend(taken.by_ref().take(before));
                pieces.read(stretch, Some(&mut budget), &mut desk, &mut self.taken);
            }
            self.taken.extend(taken);
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

impl<T: Send> Section<'_, '_, '_, T> {
    /// Pieces between lines that begin with `---`.
    fn read(&mut self, from: usize, to: usize) {
        let text = self.pieces.text;
        let mut start = from;
        let mut bad_separator: Option<usize> = None;
        for at in starts(text, from, to) {
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
                continue;
            }
            if carries_content(line[..first_line(line)][3..].trim()) {
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
        let Found { taken, waiting } = &mut self.found;
        if self.pieces.read(stretch, None, self.desk, taken) {
            return;
        }
        match &mut self.budget {
            Some(budget) => _ = self.pieces.read(stretch, Some(budget), self.desk, taken),
            None => waiting.push((taken.len(), stretch)),
        }
    }
}

#[cfg(test)]
mod tests;
