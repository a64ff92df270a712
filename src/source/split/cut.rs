//! A long list, such as a cluster's dump, cut into its items, which are then read each by itself.

use bumpalo::Bump;
use rayon::prelude::*;

use super::pieces::Pieces;
use super::{Content, Desk, Document, Lists, Part};
use crate::source::growth::MAX_DEPTH;
use crate::source::scan::Stacks;
use crate::source::yaml::{self, Budget, Yaml};
use crate::source::{Entry, Map, Node, Problem, Style, Value, What, growth};

/// How many items a thread takes at a time, at least.
const ITEMS: usize = 4;

/// Where the parts of a list stand in its document.
struct Cut {
    /// Up to the items, the line of their key included.
    head: (usize, usize),
    /// Each from its dash.
    items: Vec<(usize, usize)>,
    tail: (usize, usize),
}

/// What became of an item.
struct Item<T> {
    taken: T,
    problems: Vec<Problem>,
    start: u32,
    end: u32,
}

impl<T: Send> Pieces<'_, '_, T> {
    /// Takes a document apart that is a long list, if what comes of it is sure to be what comes of the whole.
    pub(super) fn cut(&self, start: usize, end: usize, lost: bool, desk: &mut Desk) -> Option<Vec<T>> {
        let lists = self.how.lists.filter(|lists| end - start >= lists.least && !self.how.parsed)?;
        let span = self.span(start, end);
        if self.file.not_utf8_within(span.start, span.end).is_some() {
            return None;
        }
        let cut = Cut::find(self.text, (self.after_marks(start, end), end), lists.key)?;
        let Desk { arena, stacks } = desk;
        let (root, problems, after) = self.frame(&cut, lists, arena, stacks)?;
        let items: Option<Vec<Item<T>>> = {
            let read = |desk: &mut Desk, &item: &(usize, usize)| self.item(item, &root, desk);
            cut.items.par_iter().with_min_len(ITEMS).map_init(Desk::default, read).collect()
        };
        let items = items?;
        let root = self.closed(root, lists, &items, arena);
        let mut all = problems;
        let mut taken = Vec::with_capacity(items.len() + 1);
        let mut of_items = Vec::with_capacity(items.len());
        for item in items {
            all.extend(item.problems);
            of_items.push(item.taken);
        }
        all.extend(after);
        all.truncate(growth::MAX_DUPLICATES);
        all.sort_by_key(|problem| problem.span);
        let content = Content::Tree(root);
        let document = Document { span, content, problems: all, ends_stream: lost, is_plain: true };
        taken.push(self.take(document));
        taken.append(&mut of_items);
        Some(taken)
    }

    /// The list without its items; what was found before them, and after them.
    fn frame<'t>(
        &'t self,
        cut: &Cut,
        lists: Lists,
        arena: &'t Bump,
        stacks: &mut Stacks,
    ) -> Option<(Node<'t>, Vec<Problem>, Vec<Problem>)> {
        let mut part = |(start, end): (usize, usize)| self.scan(&self.text[start..end], start, arena, stacks);
        let (head, tail) = (part(cut.head)?, part(cut.tail)?);
        let mut root = head.root.filter(|root| self.is_at_line_start(root))?;
        let mut map = *root.as_map()?;
        if let Some(rest) = tail.root {
            let entries = rest.as_map().filter(|_| self.is_at_line_start(&rest))?.entries;
            map.entries = arena.alloc_slice_copy(&[map.entries, entries].concat());
            root.span = root.span.to(rest.span);
        }
        let is_repeated =
            |(at, entry): (usize, &Entry<'_>)| map.entries[..at].iter().any(|other| other.key == entry.key);
        let is_odd = map.entries.len() > 64
            || map.written.is_some()
            || map.entries.iter().enumerate().any(is_repeated)
            || !(lists.is_one)(&map);
        root.value = Value::Map(arena.alloc(map));
        (!is_odd).then_some((root, head.problems, tail.problems))
    }

    fn is_at_line_start(&self, root: &Node<'_>) -> bool {
        let start = root.span.start as usize;
        root.style == Style::Block && (start == 0 || self.text.as_bytes()[start - 1] == b'\n')
    }

    /// The same with the list, empty, where its items stand.
    fn closed<'t>(&self, root: Node<'t>, lists: Lists, items: &[Item<T>], arena: &'t Bump) -> Node<'t> {
        let (Some(map), Some(first), Some(last)) = (root.as_map(), items.first(), items.last()) else {
            return root;
        };
        let place = self.span(first.start as usize, last.end as usize);
        let mut span = root.span;
        let entries = map.entries.iter().map(|entry| {
            if entry.key != lists.key {
                return *entry;
            }
            span = span.to(place);
            Entry { value: Node { value: Value::List(&[]), span: place, style: Style::Block }, ..*entry }
        });
        let entries = arena.alloc_slice_fill_iter(entries);
        Node { value: Value::Map(arena.alloc(Map { entries, ..*map })), span, ..root }
    }

    /// Reads one item, by the full parser where it must.
    fn item(&self, (start, end): (usize, usize), list: &Node<'_>, desk: &mut Desk) -> Option<Item<T>> {
        desk.arena.reset();
        let Desk { arena, stacks } = desk;
        let text = &self.text[start..end];
        let Yaml { root, problems } =
            self.scan(text, start, arena, stacks).or_else(|| self.parsed_item(text, start, arena))?;
        let root = root?;
        let &[item] = root.as_list()? else { return None };
        let taken = (self.take)(Part::Item { list, item });
        Some(Item { taken, problems, start: root.span.start, end: root.span.end })
    }

    /// An item that stands for itself: nothing in it is named elsewhere, and no document ends in it, by a mark or by lines
    /// that only the parser sees.
    fn parsed_item<'t>(&self, text: &'t str, start: usize, arena: &'t Bump) -> Option<Yaml<'t>> {
        let line_ends = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];
        if yaml::may_spend(text) || text.contains("\n...") || text.contains(line_ends) {
            return None;
        }
        let read = self.parse(text, start, &mut Budget::new(""), arena).ok()?;
        let is_deep = read.root.as_ref().is_some_and(|root| yaml::height(root) >= MAX_DEPTH);
        let is_cut_short = read.problems.iter().any(|problem| problem.what == What::TextAfterEnd);
        (!is_deep && !is_cut_short).then_some(read)
    }
}

impl Cut {
    /// Finds a block list below a key that begins a line, and its items by their dashes.
    fn find(text: &str, (start, end): (usize, usize), key: &str) -> Option<Self> {
        let bytes = &text.as_bytes()[..end];
        let line = format!("{key}:\n");
        let is_line = |at: usize| at == start || bytes[at - 1] == b'\n';
        let mut found = memchr::memmem::find_iter(&bytes[start..], &line).map(|at| start + at);
        let from = found.find(|&at| is_line(at))? + line.len();
        let column = bytes[from..].iter().take_while(|&&byte| byte == b' ').count();
        let mut items: Vec<(usize, usize)> = Vec::new();
        let mut at = from;
        while at < end {
            let line = &bytes[at..];
            let blanks = line.iter().take(column).take_while(|&&byte| byte == b' ').count();
            let byte = line.get(blanks).copied().unwrap_or(b'\n');
            let is_item = blanks == column && byte == b'-' && matches!(line.get(blanks + 1), Some(b' '));
            if is_item {
                if let Some(last) = items.last_mut() {
                    last.1 = at;
                }
                items.push((at, end));
            } else if items.is_empty() {
                return None;
            } else if blanks < column || column == 0 {
                match byte {
                    b'\n' | b'#' => {}
                    b' ' if column == 0 => {}
                    _ if blanks == 0 => break,
                    _ => return None,
                }
            }
            at = memchr::memchr(b'\n', line).map_or(end, |line_end| at + line_end + 1);
        }
        items.last_mut()?.1 = at;
        Some(Self { head: (start, from), items, tail: (at, end) })
    }
}
