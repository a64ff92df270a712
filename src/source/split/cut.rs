//! A long list, such as a cluster's dump, cut into its items, which are then read each by itself.

use rayon::prelude::*;

use super::pieces::Pieces;
use super::{Content, Document, Lists, Part};
use crate::source::growth::MAX_DEPTH;
use crate::source::scan::Desk;
use crate::source::yaml::{self, Budget, Yaml};
use crate::source::{Entry, Node, Problem, Style, Value, What, growth};

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

impl<'a, T: Send> Pieces<'a, '_, T> {
    /// Takes a document apart that is a long list, if what comes of it is sure to be what comes of the whole.
    pub(super) fn cut(&self, start: usize, end: usize, lost: bool, desk: &mut Desk<'a>) -> Option<Vec<T>> {
        let lists = self.how.lists.filter(|lists| end - start >= lists.least && !self.how.parsed)?;
        let span = self.span(start, end);
        if self.file.not_utf8_within(span.start, span.end).is_some() {
            return None;
        }
        let cut = Cut::find(self.text, (self.after_marks(start, end), end), lists.key)?;
        let (mut root, problems, after) = self.frame(&cut, lists, desk)?;
        let items: Option<Vec<Item<T>>> = {
            let read = |desk: &mut Desk<'a>, &item: &(usize, usize)| self.item(item, &root, desk);
            cut.items.par_iter().with_min_len(ITEMS).map_init(Desk::default, read).collect()
        };
        let items = items?;
        self.close(&mut root, lists, &items);
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
    fn frame(
        &self,
        cut: &Cut,
        lists: Lists,
        desk: &mut Desk<'a>,
    ) -> Option<(Node<'a>, Vec<Problem>, Vec<Problem>)> {
        let mut part = |(start, end): (usize, usize)| self.scan(&self.text[start..end], start, desk);
        let (head, tail) = (part(cut.head)?, part(cut.tail)?);
        let mut root = head.root.filter(|root| self.is_at_line_start(root))?;
        let Value::Map(map) = &mut root.value else { return None };
        if let Some(rest) = tail.root {
            let is_aligned = self.is_at_line_start(&rest);
            let Value::Map(rest_map) = rest.value else { return None };
            if !is_aligned {
                return None;
            }
            map.entries.extend(rest_map.entries);
            root.span = root.span.to(rest.span);
        }
        let is_repeated =
            |(at, entry): (usize, &Entry<'_>)| map.entries[..at].iter().any(|other| other.key == entry.key);
        let is_odd = map.entries.len() > 64
            || map.written.is_some()
            || map.entries.iter().enumerate().any(is_repeated)
            || !(lists.is_one)(map);
        (!is_odd).then_some((root, head.problems, tail.problems))
    }

    fn is_at_line_start(&self, root: &Node<'_>) -> bool {
        let start = root.span.start as usize;
        root.style == Style::Block && (start == 0 || self.text.as_bytes()[start - 1] == b'\n')
    }

    /// Puts the list, empty, where its items stand.
    fn close(&self, root: &mut Node<'a>, lists: Lists, items: &[Item<T>]) {
        let span = root.span;
        if let (Value::Map(map), Some(first), Some(last)) = (&mut root.value, items.first(), items.last())
            && let Some(entry) = map.entries.iter_mut().find(|entry| entry.key == lists.key)
        {
            let place = self.span(first.start as usize, last.end as usize);
            entry.value = Node { value: Value::List(Vec::new()), span: place, style: Style::Block };
            root.span = span.to(place);
        }
    }

    /// Reads one item, by the full parser where it must.
    fn item(&self, (start, end): (usize, usize), list: &Node<'a>, desk: &mut Desk<'a>) -> Option<Item<T>> {
        let text = &self.text[start..end];
        let Yaml { root, problems } =
            self.scan(text, start, desk).or_else(|| self.parsed_item(text, start))?;
        let root = root?;
        let Value::List(items) = root.value else { return None };
        let [item] = <[Node<'a>; 1]>::try_from(items).ok()?;
        let taken = (self.take)(Part::Item { list, item });
        Some(Item { taken, problems, start: root.span.start, end: root.span.end })
    }

    /// An item that stands for itself: nothing in it is named elsewhere, and no document ends in it, by a mark or by lines
    /// that only the parser sees.
    fn parsed_item(&self, text: &'a str, start: usize) -> Option<Yaml<'a>> {
        let line_ends = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];
        if yaml::may_spend(text) || text.contains("\n...") || text.contains(line_ends) {
            return None;
        }
        let read = yaml::read(self.id, text, start, &mut Budget::new(""), self.how.values).ok()?;
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
