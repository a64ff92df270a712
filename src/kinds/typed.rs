//! An object against the fields that Kubernetes knows: what is no field, and what has the wrong type.
//!
//! What Kubernetes' decoder refuses is refused here: it decodes into typed structures, where null is the same as absent.

use crate::names;
use crate::schema::{self, Shape, Type};
use crate::source::redact::MASK;
use crate::source::{Entry, Expected, Map, Meant, Node, Problem, Value, What};

use super::fields::{self, Path};
use super::scalars;

/// The most that is noted of one object.
const MOST: usize = 1_000;

/// A map on the way down, and the maps that it is in.
#[derive(Clone, Copy)]
struct Place<'p, 'a> {
    path: Option<&'p Path<'p>>,
    of: &'static Type,
    map: &'p Map<'a>,
    above: Option<&'p Place<'p, 'a>>,
}

/// Notes what is no field of an object, and what has the wrong type.
pub fn check(object: &Map<'_>, of: &'static Type, problems: &mut Vec<Problem>) {
    fields_of(&Place { path: None, of, map: object, above: None }, problems);
}

fn fields_of(place: &Place<'_, '_>, problems: &mut Vec<Problem>) {
    for entry in place.map.entries {
        if problems.len() >= MOST {
            return;
        }
        match place.of.field(entry.key) {
            Some(shape) if is_text(shape, &entry.value) => {}
            Some(shape) => value(&entry.value, shape, &place.at(entry.key), place, problems),
            None if schema::is_directive(entry.key) => {}
            None => problems.push(Problem {
                what: What::UnknownField { field: place.unknown(entry.key), meant: place.meant(entry) },
                span: entry.key_span,
            }),
        }
    }
}

fn value(
    node: &Node<'_>,
    shape: &'static Shape,
    path: &Path<'_>,
    above: &Place<'_, '_>,
    problems: &mut Vec<Problem>,
) {
    match (shape, &node.value) {
        (Shape::Object(of), Value::Map(map)) => {
            fields_of(&Place { path: Some(path), of: of.get(), map, above: Some(above) }, problems);
        }
        (Shape::List(item), Value::List(nodes)) => {
            for (index, node) in nodes.iter().enumerate() {
                value(node, item, &path.item(index), above, problems);
            }
        }
        (Shape::Map(of), Value::Map(map)) => {
            for entry in map.entries.iter().filter(|entry| !is_text(of, &entry.value)) {
                value(&entry.value, of, &path.key(entry.key), above, problems);
            }
        }
        _ if takes(shape, node) || problems.len() >= MOST => {}
        _ => fields::wrong(node, path, expected(shape), problems),
    }
}

/// Whether a field takes text and has it, as most do.
fn is_text(shape: &Shape, node: &Node<'_>) -> bool {
    matches!((shape, &node.value), (Shape::Text, Value::String(_)))
}

/// Whether a field takes a value, as far as can be told without looking into it.
fn takes(shape: &Shape, node: &Node<'_>) -> bool {
    match (shape, &node.value) {
        (_, Value::Null)
        | (Shape::Any, _)
        | (Shape::Text | Shape::IntOrString, Value::String(_))
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Number | Shape::Quantity, Value::Int(_) | Value::Uint(_) | Value::Float(_))
        // Numbers are bytes, too.
        | (Shape::List(_) | Shape::Bytes, Value::List(_))
        | (Shape::Object(_) | Shape::Map(_), Value::Map(_)) => true,
        (Shape::Int32 | Shape::IntOrString, value) => scalars::int32(value).is_some(),
        (Shape::Int64, value) => scalars::int64(value).is_some(),
        (Shape::Time | Shape::MicroTime | Shape::Quantity | Shape::Bytes, Value::String(text)) if *text == MASK => true,
        (Shape::Time, Value::String(text)) => scalars::is_time(text),
        (Shape::MicroTime, Value::String(text)) => scalars::is_micro_time(text),
        (Shape::Quantity, Value::String(text)) => scalars::is_quantity(text),
        (Shape::Bytes, Value::String(text)) => scalars::is_base64(text),
        _ => false,
    }
}

const fn expected(shape: &Shape) -> Expected {
    match shape {
        Shape::Text | Shape::Any => Expected::String,
        Shape::Bool => Expected::Bool,
        Shape::Int32 => Expected::Int32,
        Shape::Int64 => Expected::Int64,
        Shape::Number => Expected::Number,
        Shape::IntOrString => Expected::IntOrString,
        Shape::Quantity => Expected::Quantity,
        Shape::Time => Expected::Time,
        Shape::MicroTime => Expected::MicroTime,
        Shape::Bytes => Expected::Bytes,
        Shape::Object(_) | Shape::Map(_) => Expected::Map,
        Shape::List(_) => Expected::List,
    }
}

impl Place<'_, '_> {
    fn at<'s>(&'s self, key: &'s str) -> Path<'s> {
        self.path.map_or(Path::root(key), |path| path.field(key))
    }

    /// The path of a key that is no field; one that no field could have is told apart by brackets.
    fn unknown(&self, key: &str) -> String {
        let is_name = !key.is_empty()
            && key.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'$'));
        match self.path {
            Some(path) if !is_name => path.key(key).to_text(),
            None if !is_name => format!("[{key}]"),
            _ => self.at(key).to_text(),
        }
    }

    /// What a key was meant for that is no field here.
    fn meant(&self, entry: &Entry<'_>) -> Meant {
        let key = entry.key;
        let same = self.of.fields().find(|(name, _)| name.eq_ignore_ascii_case(key));
        let near = || {
            let fit = self.of.fields().filter(|(_, shape)| takes(shape, &entry.value));
            let name = names::nearest(key, fit.map(|(name, _)| name))?;
            self.of.field(name).map(|shape| (name, shape))
        };
        let field = |(name, shape): (&'static str, &'static Shape)| {
            if self.map.entry(name).is_some() {
                return Meant::Repeated(name);
            }
            Meant::Field { name, is_fit: is_well_typed(entry, shape, self) }
        };
        same.map(field)
            .or_else(|| self.elsewhere(entry).filter(|_| key.len() > 2).map(Meant::Elsewhere))
            .or_else(|| near().map(field))
            .unwrap_or(Meant::Unknown)
    }

    /// Where in the object a field of this name takes such a value.
    fn elsewhere(&self, entry: &Entry<'_>) -> Option<String> {
        let key = entry.key;
        if self.of.name.ends_with(".LabelSelector") {
            return takes(&Shape::Text, &entry.value).then(|| self.at("matchLabels").key(key).to_text());
        }
        let has = |of: &'static Type| of.field(key).is_some_and(|shape| takes(shape, &entry.value));
        let above = || std::iter::successors(self.above, |place| place.above);
        let headed = std::iter::once(self).chain(above()).find(|place| place.of.field("metadata").is_some());
        let metadata =
            headed.filter(|place| place.of.field("metadata").and_then(Shape::object).is_some_and(has));
        metadata
            .map(|place| place.at("metadata").field(key).to_text())
            .or_else(|| self.below(key, 2, has))
            .or_else(|| above().find(|place| has(place.of)).map(|place| place.at(key).to_text()))
            .or_else(|| above().find_map(|place| place.below(key, 1, has)))
    }

    /// The path of a field so many maps below this one, where there is one only; one that is written comes first.
    fn below(&self, key: &str, depth: u8, has: impl Fn(&'static Type) -> bool) -> Option<String> {
        let start = self.path.map(|path| path.to_text()).unwrap_or_default();
        let mut level = inner(&start, self.of);
        let is_written = |name: &str| self.map.get(name).is_some();
        let written = level.iter().find(|(_, name, of)| has(of) && is_written(name)).cloned();
        for _ in 1..depth {
            if !level.iter().any(|(_, _, of)| has(of)) {
                level = level.iter().flat_map(|(path, _, of)| inner(path, of)).collect();
            }
        }
        let mut found = level.into_iter().filter(|(_, _, of)| has(of));
        let only = found.next().filter(|_| found.next().is_none());
        written.or(only).map(|(path, ..)| format!("{path}.{key}"))
    }
}

/// The maps in a map: their paths, the fields that they are in, and their types.
fn inner(path: &str, of: &'static Type) -> Vec<(String, &'static str, &'static Type)> {
    let dot = if path.is_empty() { "" } else { "." };
    // What a cluster says of an object is not written by hand, and what belongs in metadata was looked for before.
    let fields = of.fields().filter(|(name, _)| !matches!(*name, "status" | "metadata"));
    let inner = fields.filter_map(|(name, shape)| {
        let items = if matches!(shape, Shape::List(_)) { "[]" } else { "" };
        Some((format!("{path}{dot}{name}{items}"), name, shape.object()?))
    });
    inner.collect()
}

/// Whether a value would be all right in another field.
fn is_well_typed(entry: &Entry<'_>, shape: &'static Shape, place: &Place<'_, '_>) -> bool {
    let mut problems = Vec::new();
    value(&entry.value, shape, &place.at(entry.key), place, &mut problems);
    problems.is_empty()
}
