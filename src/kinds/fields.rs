//! Reading the fields of an object: what has the right type is taken, what has not is noted, nothing is lost.

use std::fmt::Write as _;

use crate::labels::Labels;
use crate::names::Short;
use crate::source::{Entry, Expected, Found, Map, Node, Problem, Span, Value, What};

use super::scalars::{int32, int64, is_time};

/// A value with the place it was written at; without one it was defaulted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Option<Span>,
}

/// A step on the way from an object to one of its fields.
#[derive(Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Item(usize),
    Key(&'p str),
}

/// The way from an object to one of its fields; put into words only when something is wrong there.
#[derive(Clone, Copy)]
pub struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

impl<'p> Path<'p> {
    /// A field of an object.
    pub const fn root(field: &'p str) -> Self {
        Self { parent: None, step: Step::Field(field) }
    }

    /// A field of the map at this path.
    #[must_use]
    pub const fn field(&'p self, field: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Field(field) }
    }

    /// An item of the list at this path.
    #[must_use]
    pub const fn item(&'p self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Item(index) }
    }

    /// The value of a free key of the map at this path.
    #[must_use]
    pub const fn key(&'p self, key: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Key(key) }
    }

    /// As Kubernetes writes it: `spec.ports[0].port`, `metadata.labels[app]`.
    pub fn to_text(self) -> String {
        let mut text = self.parent.map_or_else(String::new, |parent| parent.to_text());
        match self.step {
            Step::Field(field) if text.is_empty() => text.push_str(field),
            Step::Field(field) => {
                text.push('.');
                text.push_str(field);
            }
            Step::Item(index) => _ = write!(text, "[{index}]"),
            Step::Key(key) => _ = write!(text, "[{key}]"),
        }
        text
    }
}

/// A map whose fields are read by name. Absent and null are the same, as for Kubernetes.
pub struct Fields<'a, 't> {
    map: Option<&'t Map<'a>>,
    path: Option<Path<'t>>,
    /// The whole map.
    pub span: Span,
}

impl<'a, 't> Fields<'a, 't> {
    /// The fields of a whole object.
    pub fn root(map: &'t Map<'a>, span: Span) -> Self {
        Self { map: Some(map), path: None, span }
    }

    /// Calls `read` with the fields of a map; with none where it is absent or no map, which is noted.
    pub fn map<T>(
        &self,
        key: &str,
        problems: &mut Vec<Problem>,
        read: impl FnOnce(&Fields<'a, '_>, &mut Vec<Problem>) -> T,
    ) -> T {
        let path = self.at(key);
        let found = self.get(key);
        let map = found.and_then(|node| {
            if let Value::Map(map) = node.value {
                Some(map)
            } else {
                wrong(node, &path, Expected::Map, problems);
                None
            }
        });
        let span = found.map_or(Span { start: self.span.end, ..self.span }, |node| node.span);
        read(&Fields { map, path: Some(path), span }, problems)
    }

    /// Calls `read` with the fields of each map of a list.
    pub fn list<T>(
        &self,
        key: &str,
        problems: &mut Vec<Problem>,
        mut read: impl FnMut(&Fields<'a, '_>, &mut Vec<Problem>) -> T,
    ) -> Vec<T> {
        let path = self.at(key);
        let items = self.items(key, &path, problems);
        let mut out = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let path = path.item(index);
            match &item.value {
                Value::Map(map) => {
                    out.push(read(&Fields { map: Some(map), path: Some(path), span: item.span }, problems));
                }
                Value::Null => {
                    out.push(read(&Fields { map: None, path: Some(path), span: item.span }, problems));
                }
                _ => wrong(item, &path, Expected::Map, problems),
            }
        }
        out
    }

    /// A list of text.
    pub fn strings(&self, key: &str, problems: &mut Vec<Problem>) -> Vec<Written<String>> {
        let path = self.at(key);
        let items = self.items(key, &path, problems);
        let mut out = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match &item.value {
                Value::String(text) => {
                    out.push(Written { value: clipped(text).to_owned(), span: Some(item.span) });
                }
                Value::Null => out.push(Written { value: String::new(), span: Some(item.span) }),
                _ => wrong(item, &path.item(index), Expected::String, problems),
            }
        }
        out
    }

    fn items<'s>(&'s self, key: &str, path: &Path<'_>, problems: &mut Vec<Problem>) -> &'s [Node<'a>] {
        match self.get(key) {
            Some(node) => node.as_list().unwrap_or_else(|| {
                wrong(node, path, Expected::List, problems);
                &[]
            }),
            None => &[],
        }
    }

    /// Text; `None` where absent.
    pub fn string(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Written<String>> {
        let node = self.get(key)?;
        match &node.value {
            Value::String(text) => Some(Written { value: clipped(text).to_owned(), span: Some(node.span) }),
            _ => self.refuse(key, node, Expected::String, problems),
        }
    }

    /// Text; empty where absent.
    pub fn text(&self, key: &str, problems: &mut Vec<Problem>) -> Written<String> {
        self.string(key, problems).unwrap_or_default()
    }

    /// Text that is most often short; empty where absent.
    pub fn short(&self, key: &str, problems: &mut Vec<Problem>) -> Written<Short> {
        let Some(node) = self.get(key) else { return Written::default() };
        match &node.value {
            Value::String(text) => Written { value: Short::new(clipped(text)), span: Some(node.span) },
            _ => self.refuse(key, node, Expected::String, problems).unwrap_or_default(),
        }
    }

    /// Text as it stands in the tree; empty where absent.
    pub fn str(&self, key: &str, problems: &mut Vec<Problem>) -> &str {
        match self.get(key) {
            Some(node) => node
                .as_str()
                .or_else(|| self.refuse(key, node, Expected::String, problems))
                .unwrap_or_default(),
            None => "",
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Written<bool>> {
        let node = self.get(key)?;
        match node.value {
            Value::Bool(value) => Some(Written { value, span: Some(node.span) }),
            _ => self.refuse(key, node, Expected::Bool, problems),
        }
    }

    /// A whole number of 32 bits; `80.0` is one, as for Kubernetes.
    pub fn int32(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Written<i32>> {
        let node = self.get(key)?;
        match int32(&node.value) {
            Some(value) => Some(Written { value, span: Some(node.span) }),
            None => self.refuse(key, node, Expected::Int32, problems),
        }
    }

    /// A whole number of 64 bits.
    pub fn int64(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Written<i64>> {
        let node = self.get(key)?;
        match int64(&node.value) {
            Some(value) => Some(Written { value, span: Some(node.span) }),
            None => self.refuse(key, node, Expected::Int64, problems),
        }
    }

    /// A time as RFC 3339 writes it; whether one is there.
    pub fn time(&self, key: &str, problems: &mut Vec<Problem>) -> bool {
        let Some(node) = self.get(key) else { return false };
        node.as_str().is_some_and(is_time) || self.refuse::<()>(key, node, Expected::Time, problems).is_some()
    }

    /// A whole number or a name.
    pub fn int_or_string(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Written<IntOrString>> {
        let node = self.get(key)?;
        let value = match &node.value {
            Value::String(text) => Some(IntOrString::String(Short::new(clipped(text)))),
            value => int32(value).map(IntOrString::Int),
        };
        match value {
            Some(value) => Some(Written { value, span: Some(node.span) }),
            None => self.refuse(key, node, Expected::IntOrString, problems),
        }
    }

    /// A map of text to text; a null value reads as the empty text.
    pub fn labels(&self, key: &str, problems: &mut Vec<Problem>) -> Labels {
        let path = self.at(key);
        let Some(node) = self.get(key) else { return Labels::default() };
        let Some(map) = node.as_map() else {
            wrong(node, &path, Expected::Map, problems);
            return Labels::default();
        };
        let mut labels = Labels(Vec::with_capacity(map.entries.len()));
        for Entry { key, key_span, value, .. } in map.entries {
            let (text, span) = match &value.value {
                Value::String(text) => (&**text, value.span),
                Value::Null if value.span.start == value.span.end => ("", *key_span),
                Value::Null => ("", value.span),
                _ => {
                    wrong(value, &path.key(key), Expected::String, problems);
                    continue;
                }
            };
            labels.push((key, *key_span), (text, span));
        }
        labels
    }

    /// Whether a field is there and not null.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value of a field as it stands, where it is not null.
    pub fn get(&self, key: &str) -> Option<&'t Node<'a>> {
        self.map.and_then(|map| map.get(key)).filter(|node| !node.is_null())
    }

    /// From a field's key to the end of its value.
    pub fn span_of(&self, key: &str) -> Option<Span> {
        self.map.and_then(|map| map.entry(key)).map(|entry| entry.key_span.to(entry.value.span))
    }

    fn at<'s>(&'s self, key: &'s str) -> Path<'s> {
        Path { parent: self.path.as_ref(), step: Step::Field(key) }
    }

    fn refuse<T>(
        &self,
        key: &str,
        node: &Node<'_>,
        expected: Expected,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        wrong(node, &self.at(key), expected, problems);
        None
    }
}

/// A whole number or a name, as `targetPort` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntOrString {
    /// A number.
    Int(i32),
    /// Text.
    String(Short),
}

/// As many bytes of a text are read as no name, host or path has that Kubernetes takes: what is longer would stand in full
/// in each of the rows and findings that name it.
const LONGEST: usize = 2048;

/// The text, or its beginning where it is too long.
pub(super) fn clipped(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// Notes that a value is not what its field takes.
pub(super) fn wrong(node: &Node<'_>, path: &Path<'_>, expected: Expected, problems: &mut Vec<Problem>) {
    let found = match &node.value {
        Value::Null => Found::Null,
        Value::Bool(value) => Found::Bool(value.to_string()),
        Value::Int(number) => Found::Number(number.to_string()),
        Value::Uint(number) => Found::Number(number.to_string()),
        Value::Float(number) => Found::Number(format!("{number:?}")),
        Value::String(text) => Found::String(text.to_string()),
        Value::List(_) => Found::List,
        Value::Map(_) => Found::Map,
    };
    problems
        .push(Problem { what: What::WrongType { field: path.to_text(), expected, found }, span: node.span });
}
