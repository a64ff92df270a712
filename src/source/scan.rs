//! The plain YAML that kubectl, kustomize and Helm write, read straight from its text.
//!
//! It makes the very tree that the full parser makes, or none: whatever it does not know for sure is left to that. Nothing
//! is copied that stands in the text as it is meant, and a list or map goes to the arena once, when it ends.

mod bulk;
mod flow;
mod letters;
mod scalar;
mod stacks;

use bumpalo::Bump;
use memchr::memchr;

use self::bulk::Bulk;
use self::letters::is_plain;
use self::scalar::{Simple, means_itself};
pub(super) use self::stacks::Stacks;
use super::growth::settle;
use super::yaml::{self, Yaml};
use super::{Allowance, Entry, FileId, Map, Node, Problem, Share, Span, Style, Value};

/// How deep lists and maps nest here, as they are read by recursion.
const MAX_DEPTH: usize = 64;

/// How long a key may be: the full parser has a bound, which is not needed exactly.
const MAX_KEY: usize = 1000;

/// Reads the one document of a piece that begins at byte `base` of its file, if all of it is plain; without the bulk that
/// nobody looks at, where it `skims`.
pub(super) fn read<'a>(
    id: FileId,
    text: &'a str,
    base: usize,
    skims: bool,
    values: Option<&Allowance>,
    arena: &'a Bump,
    stacks: &mut Stacks,
) -> Option<Yaml<'a>> {
    let share = Allowance::of_one(values);
    let mut scanner = Scanner::new(id, text, base, skims, share, arena, std::mem::take(stacks))?;
    let root = scanner.whole();
    // What is left to the full parser is counted by that.
    if root.is_some() || scanner.share.is_overdrawn() {
        Allowance::spend(values, scanner.share);
    }
    let Scanner { entries, items, mut problems, .. } = scanner;
    *stacks = Stacks::cleared(entries, items);
    problems.sort_by_key(|problem| problem.span);
    Some(Yaml { root: root?, problems })
}

struct Scanner<'a> {
    id: FileId,
    text: &'a str,
    bytes: &'a [u8],
    base: usize,
    skims: bool,
    /// The first byte of the line that is being read, of its content, and how far that is indented.
    line: usize,
    at: usize,
    column: usize,
    /// Whether there is such a line.
    more: bool,
    depth: usize,
    /// Where a key begins that was met before its map was, and where it ends.
    seen: (usize, usize),
    bulk: Bulk,
    /// What may still be read.
    share: Share,
    arena: &'a Bump,
    /// What lists and maps that are still open hold so far, the innermost last.
    entries: Vec<Entry<'a>>,
    items: Vec<Node<'a>>,
    problems: Vec<Problem>,
}

/// A key with its colon.
struct Key<'a> {
    text: &'a str,
    end: usize,
}

impl<'a> Scanner<'a> {
    fn new(
        id: FileId,
        text: &'a str,
        base: usize,
        skims: bool,
        share: Share,
        arena: &'a Bump,
        stacks: Stacks,
    ) -> Option<Self> {
        letters::are_known(text.as_bytes()).then(|| Self {
            id,
            text,
            bytes: text.as_bytes(),
            base,
            skims,
            line: 0,
            at: 0,
            column: 0,
            more: true,
            depth: 0,
            seen: (usize::MAX, 0),
            bulk: Bulk::default(),
            share,
            arena,
            entries: stacks.entries,
            items: stacks.items,
            problems: Vec::new(),
        })
    }

    /// The document, if there is one, and all of the text is plain.
    #[expect(clippy::option_option, reason = "no document, and one that is not plain, are two answers")]
    fn whole(&mut self) -> Option<Option<Node<'a>>> {
        self.next_line(0)?;
        if self.more { self.document().map(Some) } else { Some(None) }
    }

    /// All of the text from the first line with content: a list or map.
    fn document(&mut self) -> Option<Node<'a>> {
        let root = if matches!(self.peek(self.at), b'{' | b'[') {
            let root = self.flow(self.at)?;
            self.end_line(root.span.end as usize - self.base)?;
            root
        } else {
            self.block(self.column)?
        };
        // Whatever follows is for the full parser to find words for.
        (!self.more).then_some(root)
    }

    /// The byte at a place; a line end past the last.
    fn peek(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn line_end(&self, from: usize) -> usize {
        memchr(b'\n', self.bytes.get(from..).unwrap_or_default()).map_or(self.bytes.len(), |end| from + end)
    }

    fn skip_blanks(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|&byte| byte != b' ').unwrap_or(rest.len())
    }

    /// A stretch of text without the blanks at its end.
    fn trimmed(&self, start: usize, mut end: usize) -> &'a str {
        while end > start && self.bytes[end - 1] == b' ' {
            end -= 1;
        }
        &self.text[start..end]
    }

    /// Goes on to the first line with content, from the beginning of a line.
    #[expect(
        clippy::inline_always,
        reason = "each line comes by here: a call of its own takes 4 % of reading"
    )]
    #[inline(always)]
    fn next_line(&mut self, from: usize) -> Option<()> {
        let at = self.skip_blanks(from);
        // Most lines begin with a letter or a quote, as no comment does, nor an empty line or a mark.
        if self.peek(at) > b'.' {
            self.go_to(from, at);
            return Some(());
        }
        self.next_content(from)
    }

    fn go_to(&mut self, line: usize, at: usize) {
        (self.line, self.at, self.column) = (line, at, at - line);
    }

    fn next_content(&mut self, mut from: usize) -> Option<()> {
        loop {
            if from >= self.bytes.len() {
                (self.more, self.column, self.at) = (false, 0, self.bytes.len());
                return Some(());
            }
            let at = self.skip_blanks(from);
            match self.peek(at) {
                b'\n' => from = at + 1,
                b'#' => from = self.line_end(at) + 1,
                b'%' if at == from => return None,
                mark @ (b'.' | b'-') if at == from && self.bytes[at..].starts_with(&[mark; 3]) => {
                    return None;
                }
                _ => {
                    self.go_to(from, at);
                    return Some(());
                }
            }
        }
    }

    /// Goes on to the next line where nothing but a comment is left of this one.
    fn end_line(&mut self, from: usize) -> Option<()> {
        let mut at = self.skip_blanks(from);
        if self.peek(at) == b'#' && at > from {
            at = self.line_end(at);
        }
        (self.peek(at) == b'\n').then_some(())?;
        self.next_line(at + 1)
    }

    fn is_dash(&self, at: usize) -> bool {
        self.peek(at) == b'-' && matches!(self.peek(at + 1), b' ' | b'\n')
    }

    /// A list or map that begins here.
    fn block(&mut self, column: usize) -> Option<Node<'a>> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let node = if self.is_dash(self.at) { self.list(column) } else { self.map(column) };
        self.depth -= 1;
        node
    }

    fn list(&mut self, column: usize) -> Option<Node<'a>> {
        let (start, first) = (self.at, self.items.len());
        let mut end = start;
        while self.more && self.column == column && self.is_dash(self.at) {
            let at = self.skip_blanks(self.at + 1);
            let item = if matches!(self.peek(at), b'\n' | b'#') {
                self.end_line(self.at + 1)?;
                // Where an item is that is not there, or a list in a list begins, is the full parser's to say.
                (self.more && self.column > column && !self.is_dash(self.at)).then_some(())?;
                self.block(self.column)?
            } else if self.is_dash(at) {
                return None;
            } else if self.begins_key(at) {
                (self.at, self.column) = (at, at - self.line);
                self.block(self.column)?
            } else {
                self.scalar(at, column)?
            };
            end = item.span.end as usize - self.base;
            self.share.item().then_some(())?;
            self.items.push(item);
        }
        let items = self.take_items(first);
        Some(self.node(items, start, end, Style::Block))
    }

    fn map(&mut self, column: usize) -> Option<Node<'a>> {
        let (start, first) = (self.at, self.entries.len());
        let mut end = start;
        while self.more && self.column == column && !self.is_dash(self.at) {
            let key_start = self.at;
            let key = self.key(key_start)?;
            let after = key.end + 1;
            let at = self.skip_blanks(after);
            let key_span = self.span(key_start, key.end);
            if let Some((value, value_end, stop)) = self.simple(at)
                && self.next_line(stop + 1).is_some()
                && !(self.more && self.column > column)
            {
                let span = self.span(at, value_end);
                let entry = self.enter(key.text, key_span)?;
                entry.value = match value {
                    Simple::Text(text) => Value::String(text),
                    Simple::Whole(number) => Value::Int(number),
                };
                entry.span = span;
                end = value_end;
                continue;
            }
            let way = self.bulk;
            if self.skims {
                self.bulk = way.into(key.text, self.depth as u8);
            }
            let value = if matches!(self.peek(at), b'\n' | b'#') {
                self.end_line(after)?;
                if self.more && (self.column > column || self.column == column && self.is_dash(self.at)) {
                    self.block(self.column)?
                } else {
                    self.node(Value::Null, after, after, Style::Plain)
                }
            } else {
                self.scalar(at, column)?
            };
            self.bulk = way;
            end = value.span.end as usize - self.base;
            *self.enter(key.text, key_span)? = value;
        }
        if self.more && self.column > column || end == start {
            return None;
        }
        let map = self.take_map(first);
        Some(self.node(map, start, end, Style::Block))
    }

    /// Puts a key into the innermost map; answers where its value goes. Each part is put to its place by itself: a processor
    /// that is to copy a whole entry, which was just made of parts, waits until all of them are in memory.
    fn enter(&mut self, key: &'a str, key_span: Span) -> Option<&mut Node<'a>> {
        self.share.entry().then_some(())?;
        let entry = self.entries.push_mut(Entry::NOTHING);
        entry.key = key;
        entry.key_span = key_span;
        Some(&mut entry.value)
    }

    /// Whether a key begins here, rather than a value.
    fn begins_key(&mut self, at: usize) -> bool {
        let end = match self.peek(at) {
            b'"' | b'\'' => match self.quoted_end(at) {
                Some(end) => end,
                // A value of several lines: a key has one.
                None => return false,
            },
            byte if letters::begins_plain(byte) => match self.plain_end(at) {
                (end, b':') => end,
                _ => return false,
            },
            _ => return false,
        };
        self.seen = (at, end);
        self.peek(end) == b':' && matches!(self.peek(end + 1), b' ' | b'\n')
    }

    /// A key that begins here and has its colon right behind it.
    fn key(&self, at: usize) -> Option<Key<'a>> {
        let (text, end) = match self.peek(at) {
            b'"' | b'\'' => {
                let end = self.quoted_end(at)?;
                (&self.text[at + 1..end - 1], end)
            }
            byte if letters::begins_plain(byte) => {
                let end = if self.seen.0 == at { self.seen.1 } else { self.plain_end(at).0 };
                let text = &self.text[at..end];
                if text.as_bytes().last() == Some(&b' ') {
                    return None;
                }
                ((is_plain(text) || means_itself(text)).then_some(text)?, end)
            }
            _ => return None,
        };
        let is_key =
            self.bytes.get(end..).is_some_and(|rest| matches!(rest, [b':', b' ' | b'\n', ..] | [b':']))
                && end - at <= MAX_KEY;
        is_key.then_some(Key { text, end })
    }

    /// The list's items, which are kept unless nobody looks at them.
    fn take_items(&mut self, first: usize) -> Value<'a> {
        if self.bulk.is_here {
            self.items.truncate(first);
        }
        let items = self.arena.alloc_slice_copy(&self.items[first..]);
        self.items.truncate(first);
        Value::List(items)
    }

    /// The same of a map's entries; equal keys are found all the same.
    fn take_map(&mut self, first: usize) -> Value<'a> {
        let entries = &self.entries[first..];
        // What a program wrote is sorted.
        let is_sorted = entries.windows(2).all(|two| ascends(two[0].key, two[1].key));
        let mut map = Map::default();
        if !is_sorted {
            map = settle(entries, &[], &mut self.problems, self.arena);
        } else if !self.bulk.is_here {
            map.entries = self.arena.alloc_slice_copy(entries);
        }
        if self.bulk.is_here {
            map = Map::default();
        }
        self.entries.truncate(first);
        Value::Map(self.arena.alloc(map))
    }

    fn node(&self, value: Value<'a>, start: usize, end: usize, style: Style) -> Node<'a> {
        Node { value, span: self.span(start, end), style }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.id, start: (self.base + start) as u32, end: (self.base + end) as u32 }
    }
}

/// Whether two texts are in order and differ; most do by their first byte.
fn ascends(one: &str, other: &str) -> bool {
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (Some(one), Some(other)) if one != other => one < other,
        _ => one < other,
    }
}
