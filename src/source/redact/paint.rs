//! From a tree to paper, by the rules of what may be seen.

use std::collections::{BTreeMap, BTreeSet};

use super::allow::{self, ANY_OBJECT, HIDDEN, Kind, Others, Rule, SCALAR};
use super::paper::{self, Paper};
use crate::schema;
use crate::source::split::Document;
use crate::source::{Entry, Map, Node, Span, Style, Value, What};

/// A key that is longer is masked: it could not be written everywhere.
const MAX_KEY: usize = 500;

/// How far lines in brackets are indented at most, so that deep nesting does not make a text much longer.
const MAX_INDENT: usize = 40;

/// Paints one document.
pub(super) struct Painter<'p, 'f> {
    paper: &'p mut Paper<'f>,
    document: &'p Document<'p>,
    /// Nothing that JSON does not know.
    json: bool,
    /// The keys that are written twice, in order.
    duplicates: Vec<Span>,
    /// What the items of a typed list are.
    list: Option<Kind>,
}

/// Where a value is painted.
#[derive(Clone, Copy)]
struct Place {
    /// How far it is indented if it begins a line.
    indent: usize,
    /// It is in brackets.
    in_flow: bool,
    /// It came through an alias, so all of it is on one line.
    in_alias: bool,
}

impl Place {
    /// Where lines inside of brackets that open here begin, and where the line of the closing bracket does.
    fn inside(self, begins_line: bool) -> (Self, usize) {
        let (inner, close) = if begins_line {
            (self.indent + 2, self.indent)
        } else {
            (self.indent, self.indent.saturating_sub(2))
        };
        (Self { indent: inner.min(MAX_INDENT), in_flow: true, ..self }, close.min(MAX_INDENT))
    }

    /// Where the value of a key that is here begins, if it begins a line.
    fn after_key(self) -> Self {
        Self { indent: self.indent + 2, ..self }
    }
}

/// The masked names of one map's keys: equal keys get equal names.
#[derive(Default)]
struct Names {
    given: BTreeMap<String, usize>,
}

impl Names {
    fn mask(&mut self, key: &str) -> String {
        let next = self.given.len() + 1;
        let number = *self.given.entry(key.to_owned()).or_insert(next);
        format!("masked{number}")
    }
}

/// An entry as it was written: a key and its value, or a merge.
struct Written<'n, 'a> {
    entry: &'n Entry<'a>,
    is_merge: bool,
}

impl<'p, 'f> Painter<'p, 'f> {
    pub(super) fn new(paper: &'p mut Paper<'f>, document: &'p Document<'p>) -> Self {
        let is_duplicate = |what: &What| matches!(what, What::DuplicateKey(_));
        let found = document.problems.iter().filter(|problem| is_duplicate(&problem.what));
        let duplicates = found.map(|problem| problem.span).collect();
        Self { paper, document, json: false, duplicates, list: None }
    }

    pub(super) fn document(mut self, root: &Node<'_>) {
        let text = self.paper.file.text();
        let source = &text[self.document.span.start as usize..self.document.span.end as usize];
        // Lines that only YAML 1.1 knows cannot be kept apart, so nothing may depend on them.
        let in_flow = source.contains(['\u{85}', '\u{2028}', '\u{2029}']) || !self.keeps_columns(root);
        let in_braces = matches!(root.value, Value::Map(_)) && (in_flow || root.style != Style::Block);
        // A text that begins with a brace is read as JSON.
        self.paper.json |= self.paper.is_blank() && in_braces;
        self.json = in_braces && self.paper.json;
        let rule = if root.as_map().is_some() { &ANY_OBJECT } else { &HIDDEN };
        self.value(root, rule, Place { indent: 0, in_flow, in_alias: false });
        if !self.json {
            self.text_after_end(root, in_flow);
        }
    }

    /// Whether every block list and map begins where only indentation is before it.
    fn keeps_columns(&self, node: &Node<'_>) -> bool {
        if node.style != Style::Block {
            return true;
        }
        self.paper.column_of(node.span.start).is_some()
            && match &node.value {
                Value::List(items) => items.iter().all(|item| self.keeps_columns(item)),
                Value::Map(map) => map.entries.iter().all(|entry| self.keeps_columns(&entry.value)),
                _ => true,
            }
    }

    /// Says again that there was text after the document's end.
    fn text_after_end(&mut self, root: &Node<'_>, in_flow: bool) {
        let Some(problem) = self.document.problems.iter().find(|problem| problem.what == What::TextAfterEnd)
        else {
            return;
        };
        let (end, dropped) = (root.span.end as usize, problem.span.start as usize);
        let mut start = end;
        let end_mark = self.paper.file.text()[end..dropped].split_inclusive(['\n', '\r']).find_map(|line| {
            let at = start;
            start += line.len();
            (at > end && line.starts_with("...")).then_some(at)
        });
        let dedents = root.style == Style::Block
            && self.paper.column_of(root.span.start).is_some_and(|column| column > 0)
            && !in_flow;
        if let Some(end_mark) = end_mark {
            self.paper.begin(self.paper.line_of(end_mark as u32), 0);
            self.paper.put("...");
        } else if !dedents && root.style != Style::Flow {
            return;
        }
        self.paper.begin(self.paper.line_of(problem.span.start), 0);
        self.paper.put("masked");
    }

    fn value(&mut self, node: &Node<'_>, rule: &Rule, place: Place) {
        let place = at_alias(node, place);
        match &node.value {
            Value::Map(map) if rule.is_object => {
                let (rule, list) = allow::object(map, self.list.as_ref());
                let outer = std::mem::replace(&mut self.list, list);
                self.map(node, map, rule, place, &mut Names::default());
                self.list = outer;
            }
            Value::Map(map) if rule.shows_map() => self.map(node, map, rule, place, &mut Names::default()),
            Value::List(items) if rule.items.is_some() => {
                let rule = rule.items.as_deref().unwrap_or(&HIDDEN);
                self.list(node, items, place, |painter, item, place| painter.value(item, rule, place));
            }
            Value::List(_) | Value::Map(_) => self.masked(node, place),
            _ if rule.keeps_scalar => self.kept(node, place),
            _ => self.masked(node, place),
        }
    }

    fn kept(&mut self, node: &Node<'_>, place: Place) {
        self.begin(node.span, place);
        let written = &self.paper.file.text()[node.span.start as usize..node.span.end as usize];
        let text = match &node.value {
            Value::String(text) => paper::string(text, node.style, self.json),
            value => paper::bare(value, Some(written).filter(|_| node.style == Style::Plain), self.json),
        };
        self.paper.put(&text);
    }

    /// A map whose keys may be seen, or at least their number.
    fn map(&mut self, node: &Node<'_>, map: &Map<'_>, rule: &Rule, place: Place, names: &mut Names) {
        let written = written(map, place.in_alias || self.json && !map.merges().is_empty());
        if written.is_empty() || place.in_flow || node.style != Style::Block {
            let (inner, close) = place.inside(self.begin(node.span, place));
            self.paper.put("{");
            for (i, written) in written.iter().enumerate() {
                self.paper.put(if i == 0 { "" } else { "," });
                self.begin(written.entry.key_span, inner);
                self.entry(written, rule, inner.after_key(), names);
            }
            return self.close("}", node, place, close);
        }
        let column = self.paper.column_of(node.span.start).unwrap_or_default();
        for written in &written {
            self.paper.go_to(self.paper.line_of(written.entry.key_span.start));
            self.paper.fill_to(column);
            self.entry(written, rule, Place { indent: column + 2, ..place }, names);
        }
    }

    fn entry(&mut self, written: &Written<'_, '_>, rule: &Rule, place: Place, names: &mut Names) {
        let Entry { key, key_span, value, .. } = written.entry;
        if written.is_merge {
            self.paper.put("<<:");
            return self.merge(value, rule, Place { in_flow: true, ..place }, names);
        }
        let key_stays = match (rule.fields.contains_key(&**key), rule.others) {
            (true, _) => true,
            (false, Others::FieldNames) => schema::is_field_name(key),
            (false, Others::Kept) => key.len() <= MAX_KEY,
            (false, Others::Masked) => false,
        };
        let key_text =
            if key_stays { self.key(key, *key_span) } else { self.key(&names.mask(key), *key_span) };
        self.paper.put(&key_text);
        self.paper.put(":");
        let rule = match (rule.fields.get(&**key), rule.others) {
            (Some(rule), _) => rule,
            (None, Others::Kept) if key_stays => &SCALAR,
            (None, _) => &HIDDEN,
        };
        self.value(value, rule, place);
    }

    /// The maps of a merge are parts of the map that they are merged into.
    fn merge(&mut self, node: &Node<'_>, rule: &Rule, place: Place, names: &mut Names) {
        let place = at_alias(node, place);
        match &node.value {
            Value::Map(map) => self.map(node, map, rule, place, names),
            Value::List(items) => {
                self.list(node, items, place, |painter, item, place| painter.merge(item, rule, place, names));
            }
            _ => self.masked(node, place),
        }
    }

    fn list(
        &mut self,
        node: &Node<'_>,
        items: &[Node<'_>],
        place: Place,
        mut paint: impl FnMut(&mut Self, &Node<'_>, Place),
    ) {
        if items.is_empty() || place.in_flow || node.style != Style::Block {
            let (inner, close) = place.inside(self.begin(node.span, place));
            self.paper.put("[");
            for (i, item) in items.iter().enumerate() {
                self.paper.put(if i == 0 { "" } else { "," });
                paint(self, item, inner);
            }
            return self.close("]", node, place, close);
        }
        let column = self.paper.column_of(node.span.start).unwrap_or_default();
        self.paper.go_to(self.paper.line_of(node.span.start));
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.paper.go_to(self.paper.line_of(item.span.start));
            }
            self.paper.fill_to(column);
            self.paper.put("-");
            paint(self, item, Place { indent: column + 2, ..place });
        }
    }

    /// A value of which only the kind may be seen, and whether keys in it are written twice.
    fn masked(&mut self, node: &Node<'_>, place: Place) {
        let place = at_alias(node, place);
        match &node.value {
            Value::Map(map) if self.holds_duplicates(node) => self.skeleton(node, map, place),
            Value::List(items) if self.holds_duplicates(node) => {
                let (inner, _) = place.inside(self.begin(node.span, place));
                self.paper.put("[");
                let mut first = true;
                for item in *items {
                    if self.holds_duplicates(item) {
                        self.paper.put(if std::mem::take(&mut first) { "" } else { "," });
                        self.masked(item, inner);
                    }
                }
                self.paper.put("]");
            }
            value => {
                self.begin(node.span, place);
                self.paper.put(match value {
                    Value::Null => "null",
                    Value::Bool(_) => "false",
                    Value::Int(_) | Value::Uint(_) | Value::Float(_) => "0",
                    Value::String(_) => "\"masked\"",
                    Value::List(_) => "[]",
                    Value::Map(_) => "{}",
                });
            }
        }
    }

    /// Of a masked map only what is written twice.
    fn skeleton(&mut self, node: &Node<'_>, map: &Map<'_>, place: Place) {
        let written = written(map, place.in_alias || self.json && !map.merges().is_empty());
        let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
        for written in written.iter().filter(|written| !written.is_merge && !written.entry.merged) {
            if !once.insert(written.entry.key) {
                twice.insert(written.entry.key);
            }
        }
        let mut names = Names::default();
        let (inner, _) = place.inside(self.begin(node.span, place));
        self.paper.put("{");
        let mut first = true;
        for Written { entry, is_merge } in &written {
            let is_twice = !is_merge && !entry.merged && twice.contains(entry.key);
            if is_twice || self.holds_duplicates(&entry.value) {
                self.paper.put(if std::mem::take(&mut first) { "" } else { "," });
                self.begin(entry.key_span, inner);
                let key =
                    if *is_merge { "<<".into() } else { self.key(&names.mask(entry.key), entry.key_span) };
                self.paper.put(&key);
                self.paper.put(":");
                self.masked(&entry.value, inner.after_key());
            }
        }
        self.paper.put("}");
    }

    /// Whether keys are written twice in a value.
    fn holds_duplicates(&self, node: &Node<'_>) -> bool {
        let first = self.duplicates.partition_point(|duplicate| duplicate.start < node.span.start);
        let is_inside = |duplicate: &Span| duplicate.end <= node.span.end;
        node.style != Style::Alias && self.duplicates.get(first).is_some_and(is_inside)
    }

    fn key(&self, key: &str, span: Span) -> String {
        let style = match self.paper.file.text().as_bytes().get(span.start as usize) {
            Some(b'"') => Style::DoubleQuoted,
            Some(b'\'') => Style::SingleQuoted,
            _ => Style::Plain,
        };
        paper::string(key, style, self.json)
    }

    /// Goes to where something begins, and says whether it begins a line.
    fn begin(&mut self, span: Span, place: Place) -> bool {
        self.paper.begin(self.paper.line_of(span.start), place.indent)
    }

    /// Closes brackets on the line where they were closed, or here where there were none.
    fn close(&mut self, bracket: &str, node: &Node<'_>, place: Place, indent: usize) {
        if node.style == Style::Flow && !place.in_alias {
            self.paper.go_to(self.paper.line_of(node.span.end.saturating_sub(1).max(node.span.start)));
            if self.paper.at_line_start() {
                self.paper.fill_to(indent);
            }
        }
        self.paper.put(bracket);
    }
}

fn at_alias(node: &Node<'_>, place: Place) -> Place {
    if node.style == Style::Alias { Place { in_flow: true, in_alias: true, ..place } } else { place }
}

/// The entries of a map in the order of the text: those that were written, or those that they come to.
fn written<'n, 'a>(map: &'n Map<'a>, result_only: bool) -> Vec<Written<'n, 'a>> {
    if result_only {
        return map.entries.iter().map(|entry| Written { entry, is_merge: false }).collect();
    }
    let own = map.entries.iter().filter(|entry| !entry.merged).chain(map.overridden());
    let own = own.map(|entry| Written { entry, is_merge: false });
    let merges = map.merges().iter().map(|entry| Written { entry, is_merge: true });
    let mut written: Vec<_> = own.chain(merges).collect();
    written.sort_by_key(|written| written.entry.key_span.start);
    written
}
