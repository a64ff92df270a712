//! What Kubernetes knows: its kinds, and the name and type of every field.
//!
//! Read from tables, each kind and type when it is first asked for: few uploads ask for more than a handful of the thousand
//! that there are. `tools/fields/run` writes that of Kubernetes itself, and says of which releases; the kinds of a
//! custom resource definition are a further file of the same form in the list of `tables`.

mod standing;
mod tables;
#[cfg(test)]
mod tests;

use std::hash::{Hash as _, Hasher as _};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::names;

pub use standing::{Standing, served, standing};
use tables::{TABLES, Table};

/// What `kubectl` takes out of a patch before it sends it: keys that are instructions, in any map.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/util/strategicpatch/patch.go>
const DIRECTIVES: [&str; 4] = ["$patch", "$deleteFromPrimitiveList", "$setElementOrder", "$retainKeys"];

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema {
    tables: TABLES.map(Table::new),
    kinds: OnceLock::new(),
    asked: Mutex::default(),
});

/// The tables, and what was asked for of them, which is kept for as long as the process runs.
struct Schema {
    tables: [Table; TABLES.len()],
    /// All kinds, in the order of their API versions and names.
    kinds: OnceLock<Vec<Kind>>,
    /// Types by their names.
    asked: Mutex<FxHashMap<&'static str, &'static Type>>,
}

/// Twice as many places as there are kinds, so that a free one is found soon.
const PLACES: usize = 512;

/// The kinds that somebody asked for, each at the first free place from its hash on.
static ASKED: [OnceLock<Kind>; PLACES] = [const { OnceLock::new() }; PLACES];

/// Every field's name in lower case.
static NAMES: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let lines = TABLES.iter().flat_map(|table| table.lines());
    lines.filter_map(|line| Some(field(line)?.0.to_ascii_lowercase())).collect()
});

/// A kind in one of its API versions.
#[derive(Debug)]
pub struct Kind {
    /// `apps/v1`
    pub api_version: &'static str,
    /// `Deployment`
    pub kind: &'static str,
    /// Whether a release that the tables are of serves it; older ones did otherwise.
    pub is_served: bool,
    object: Named,
}

/// A map with certain fields.
#[derive(Debug)]
pub struct Type {
    /// `core.v1.PodSpec`
    pub name: &'static str,
    /// The lines of its fields.
    lines: &'static str,
    fields: OnceLock<Fields>,
}

/// The fields of a type, ready to look up.
#[derive(Debug)]
struct Fields {
    /// In the order of their names.
    list: Vec<(&'static str, Shape)>,
    /// A table of their places, counted from 1, by `slot`; 0 is a free one.
    slots: Vec<u16>,
}

/// A type by its name, looked up when it is first asked for.
#[derive(Debug, Clone)]
pub struct Named {
    name: &'static str,
    found: OnceLock<&'static Type>,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// Any number.
    Number,
    /// A whole number or text.
    IntOrString,
    /// An amount such as `100m` or `1Gi`.
    Quantity,
    /// A time.
    Time,
    /// A time with six digits after the second's point.
    MicroTime,
    /// Bytes in base64.
    Bytes,
    /// Whatever it likes.
    Any,
    /// A map with certain fields.
    Object(Named),
    /// A list.
    List(Box<Shape>),
    /// A map with free keys.
    Map(Box<Shape>),
}

/// Whether a key is a name that Kubernetes gives to a field, in whatever case it is written.
pub fn is_field_name(key: &str) -> bool {
    NAMES.contains(&key.to_ascii_lowercase()) || is_directive(key)
}

/// Whether a key is an instruction to whoever merges a patch, rather than a field.
pub fn is_directive(key: &str) -> bool {
    DIRECTIVES.iter().any(|directive| {
        key.strip_prefix(directive).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

impl Kind {
    /// The fields of such an object.
    pub fn fields(&self) -> &'static Type {
        self.object.get()
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &'static str {
        group(self.api_version)
    }
}

impl Named {
    const fn new(name: &'static str) -> Self {
        Self { name, found: OnceLock::new() }
    }

    /// The type.
    pub fn get(&self) -> &'static Type {
        self.found.get_or_init(|| SCHEMA.named(self.name))
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Named {}

impl Type {
    fn read(&self) -> &Fields {
        self.fields.get_or_init(|| Fields::read(self.lines))
    }

    /// What a field takes; `None` where there is no such field.
    pub fn field(&self, name: &str) -> Option<&Shape> {
        self.read().find(name)
    }

    /// All fields, in the order of their names.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &Shape)> {
        self.read().list.iter().map(|(name, shape)| (*name, shape))
    }
}

impl Fields {
    fn read(lines: &'static str) -> Self {
        let fields = lines.lines().filter_map(field);
        let mut list: Vec<_> = fields.map(|(name, shape)| (name, Shape::read(shape))).collect();
        list.sort_by_key(|(name, _)| *name);
        let mut fields = Self { slots: vec![0; (list.len() * 2).next_power_of_two()], list };
        fields.index();
        fields
    }

    fn index(&mut self) {
        for place in 0..self.list.len() {
            let Some(mut at) = self.slot(self.list[place].0) else { continue };
            while self.slots[at] != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = place as u16 + 1;
        }
    }

    fn find(&self, name: &str) -> Option<&Shape> {
        let mut at = self.slot(name)?;
        loop {
            let place = self.slots[at].checked_sub(1)?;
            let (known, shape) = &self.list[usize::from(place)];
            if names::is_same(known, name) {
                return Some(shape);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Where to look for a name first, by its length and ends. The table is never more than half full, so looking ends,
    /// and its names are ours, so it is short.
    fn slot(&self, name: &str) -> Option<usize> {
        let (first, last) = (name.as_bytes().first()?, name.as_bytes().last()?);
        let mixed = name.len() + usize::from(*first) * 7 + usize::from(*last) * 31;
        Some(mixed & self.slots.len().checked_sub(1)?)
    }
}

/// The name and the shape of a line that is a field's.
fn field(line: &'static str) -> Option<(&'static str, &'static str)> {
    line.strip_prefix(' ')?.split_once(' ')
}

impl Shape {
    /// The type of the maps in it: itself, or the items of its list.
    pub fn object(&self) -> Option<&'static Type> {
        match self {
            Self::Object(object) => Some(object.get()),
            Self::List(item) => item.object(),
            _ => None,
        }
    }

    fn read(text: &'static str) -> Self {
        if let Some(item) = text.strip_prefix("[]") {
            return Self::List(Box::new(Self::read(item)));
        }
        if let Some(value) = text.strip_prefix("{}") {
            return Self::Map(Box::new(Self::read(value)));
        }
        match text {
            "string" => Self::Text,
            "bool" => Self::Bool,
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "number" => Self::Number,
            "int-or-string" => Self::IntOrString,
            "quantity" => Self::Quantity,
            "time" => Self::Time,
            "micro-time" => Self::MicroTime,
            "bytes" => Self::Bytes,
            "any" => Self::Any,
            name => Self::Object(Named::new(name)),
        }
    }
}

impl Schema {
    /// A kind in one of its API versions.
    fn kind(&self, api_version: &str, kind: &str) -> Option<&'static Kind> {
        let mut hasher = FxHasher::default();
        (api_version, kind).hash(&mut hasher);
        let first = hasher.finish() as usize;
        (0..PLACES).find_map(|step| {
            let place = &ASKED[first.wrapping_add(step) % PLACES];
            let found = match place.get() {
                Some(found) => found,
                // What is not in the tables takes no place.
                None => match self.tables.iter().find_map(|table| table.kind(api_version, kind)) {
                    Some(found) => place.get_or_init(|| found),
                    None => return Some(None),
                },
            };
            ((found.api_version, found.kind) == (api_version, kind)).then_some(Some(found))
        })?
    }

    fn kinds(&self) -> &[Kind] {
        self.kinds.get_or_init(|| {
            let mut kinds: Vec<Kind> = self.tables.iter().flat_map(Table::kinds).collect();
            kinds.sort_by_key(|kind| (kind.api_version, kind.kind));
            kinds
        })
    }

    /// The type of a name; one without fields where there is none.
    fn named(&self, name: &'static str) -> &'static Type {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.entry(name).or_insert_with(|| {
            let lines = self.tables.iter().find_map(|table| table.fields(name)).unwrap_or_default();
            Box::leak(Box::new(Type { name, lines, fields: OnceLock::new() }))
        })
    }
}

/// The group of `apps/v1`; empty for the core group.
fn group(api_version: &str) -> &str {
    api_version.rsplit_once('/').map_or("", |(group, _)| group)
}
