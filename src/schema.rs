//! What Kubernetes knows: its kinds, and the name and type of every field.
//!
//! Read from tables, each type when it is first asked for: few uploads ask for more than a handful of the thousand that
//! there are. `tools/fields/run` writes that of Kubernetes itself, and says of which releases; the kinds of a
//! custom resource definition are a further file of the same form in the list below.

mod standing;

use std::sync::{LazyLock, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

pub use standing::{Standing, served, standing};

/// The tables. A line `kind` or `gone` names an API version, a kind and its type; a line `type` begins a type, whose
/// fields follow, each with its shape: a scalar, a type, or either after `[]` (a list) or `{}` (a map with free keys).
const TABLES: &[&str] = &[include_str!("schema/kubernetes.txt"), include_str!("schema/gateway.txt")];

/// What `kubectl` takes out of a patch before it sends it: keys that are instructions, in any map.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/util/strategicpatch/patch.go>
const DIRECTIVES: [&str; 4] = ["$patch", "$deleteFromPrimitiveList", "$setElementOrder", "$retainKeys"];

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::read(TABLES));

/// The tables, ready to look things up in.
struct Schema {
    /// In the order of their API versions and names.
    kinds: Vec<Kind>,
    /// Their places among those, by version and name.
    by_name: FxHashMap<(&'static str, &'static str), usize>,
    types: Vec<Type>,
    /// Their places among those, by name.
    ids: FxHashMap<&'static str, TypeId>,
}

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
    object: TypeId,
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

/// The place of a type among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeId(usize);

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
    Object(TypeId),
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

impl TypeId {
    /// The type.
    pub fn get(self) -> &'static Type {
        static NONE: Type = Type { name: "", lines: "", fields: OnceLock::new() };
        SCHEMA.types.get(self.0).unwrap_or(&NONE)
    }
}

impl Type {
    fn read(&self) -> &Fields {
        self.fields.get_or_init(|| Fields::read(self.lines, &SCHEMA.ids))
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
    fn read(lines: &'static str, types: &FxHashMap<&str, TypeId>) -> Self {
        let fields = lines.lines().filter_map(field);
        let mut list: Vec<_> = fields.map(|(name, shape)| (name, Shape::read(shape, types))).collect();
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
            if *known == name {
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

    fn read(text: &str, types: &FxHashMap<&str, TypeId>) -> Self {
        if let Some(item) = text.strip_prefix("[]") {
            return Self::List(Box::new(Self::read(item, types)));
        }
        if let Some(value) = text.strip_prefix("{}") {
            return Self::Map(Box::new(Self::read(value, types)));
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
            name => types.get(name).map_or(Self::Any, |id| Self::Object(*id)),
        }
    }
}

impl Schema {
    fn read(tables: &[&'static str]) -> Self {
        // The kinds of a table stand before its types.
        let mut heads = Vec::new();
        let mut types = Vec::new();
        for table in tables {
            let mut parts = table.split("\ntype ");
            heads.extend(parts.next());
            types.extend(parts.map(|part| {
                let (name, lines) = part.split_once('\n').unwrap_or((part, ""));
                Type { name, lines, fields: OnceLock::new() }
            }));
        }
        let ids: FxHashMap<_, _> = types.iter().enumerate().map(|(id, of)| (of.name, TypeId(id))).collect();
        let kinds = heads.into_iter().flat_map(str::lines).filter_map(|line| {
            let mut words = line.split(' ');
            let (word, api_version, kind) = (words.next()?, words.next()?, words.next()?);
            let &object = ids.get(words.next()?)?;
            matches!(word, "kind" | "gone").then_some(Kind {
                api_version,
                kind,
                is_served: word == "kind",
                object,
            })
        });
        let mut kinds: Vec<Kind> = kinds.collect();
        kinds.sort_by_key(|kind| (kind.api_version, kind.kind));
        let by_name =
            kinds.iter().enumerate().map(|(at, kind)| ((kind.api_version, kind.kind), at)).collect();
        Self { kinds, by_name, types, ids }
    }

    fn kind(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        self.kinds.get(*self.by_name.get(&(api_version, kind))?)
    }
}

/// The group of `apps/v1`; empty for the core group.
fn group(api_version: &str) -> &str {
    api_version.rsplit_once('/').map_or("", |(group, _)| group)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(api_version: &str, kind: &str, path: &str) -> Option<Shape> {
        let mut of = SCHEMA.kind(api_version, kind)?.fields();
        let mut steps = path.split('.').peekable();
        loop {
            let shape = of.field(steps.next()?)?;
            if steps.peek().is_none() {
                return Some(shape.clone());
            }
            of = shape.object()?;
        }
    }

    #[test]
    fn every_line_of_the_tables_is_read() {
        let lines = TABLES.iter().flat_map(|table| table.lines()).filter(|line| !line.starts_with('#'));
        let fields: usize = SCHEMA.types.iter().map(|of| of.fields().count()).sum();
        assert_eq!(lines.count(), SCHEMA.kinds.len() + SCHEMA.types.len() + fields);
    }

    #[test]
    fn every_shape_is_known_and_no_type_is_in_itself() {
        let anything = TABLES.iter().flat_map(|table| table.lines()).filter(|line| line.ends_with("any"));
        let all: usize =
            SCHEMA.types.iter().flat_map(Type::fields).filter(|(_, shape)| takes_any(shape)).count();
        assert_eq!(all, anything.count(), "a shape that is not known reads as one that takes anything");
        for kind in &SCHEMA.kinds {
            assert!(depth(kind.fields(), 0) < 20, "{}", kind.kind);
        }
    }

    fn takes_any(shape: &Shape) -> bool {
        match shape {
            Shape::List(inner) | Shape::Map(inner) => takes_any(inner),
            shape => *shape == Shape::Any,
        }
    }

    fn depth(of: &Type, above: usize) -> usize {
        assert!(above < 50, "{} is in itself", of.name);
        let inner = of.fields().filter_map(|(_, shape)| match shape {
            Shape::Map(value) => value.object(),
            shape => shape.object(),
        });
        inner.map(|of| depth(of, above + 1)).max().unwrap_or(above)
    }

    #[test]
    fn fields_take_what_kubernetes_decodes() {
        for (api_version, kind, path, wanted) in [
            ("v1", "Service", "spec.ports.targetPort", Shape::IntOrString),
            ("v1", "Service", "spec.selector", Shape::Map(Box::new(Shape::Text))),
            ("v1", "Pod", "spec.containers.resources.limits", Shape::Map(Box::new(Shape::Quantity))),
            ("v1", "Pod", "metadata.creationTimestamp", Shape::Time),
            ("v1", "Secret", "data", Shape::Map(Box::new(Shape::Bytes))),
            ("apps/v1", "Deployment", "spec.replicas", Shape::Int32),
            (
                "extensions/v1beta1",
                "Ingress",
                "spec.rules.http.paths.backend.servicePort",
                Shape::IntOrString,
            ),
            ("coordination.k8s.io/v1", "Lease", "spec.renewTime", Shape::MicroTime),
            // Fields that releases between the oldest and the newest alone had.
            ("v1", "Pod", "metadata.clusterName", Shape::Text),
            ("v1", "Pod", "spec.resourceClaims.source.resourceClaimName", Shape::Text),
        ] {
            assert_eq!(shape(api_version, kind, path), Some(wanted), "{kind} {path}");
        }
        assert_eq!(shape("v1", "Service", "spec.ports.targetport"), None);
    }

    #[test]
    fn names_of_fields_are_known_in_any_case() {
        for (key, known) in [
            ("targetPort", true),
            ("TargetPort", true),
            ("$patch", true),
            ("$setElementOrder/ports", true),
            ("$patches", false),
            ("spending", false),
        ] {
            assert_eq!(is_field_name(key), known, "{key}");
        }
    }
}
