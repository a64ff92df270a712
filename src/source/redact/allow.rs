//! The tables of what is kept, made ready for walking down a tree.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::tables::{CUSTOM_WORKLOAD, KINDS, LIST, NO_OBJECT, OBJECT, Table};
use crate::names::GroupKind;
use crate::schema;
use crate::source::{Map, Node, Value};

/// What may be seen of a value.
#[derive(Default)]
pub(super) struct Rule {
    /// The value is kept if it is a scalar.
    pub(super) keeps_scalar: bool,
    /// What may be seen of each item, if it is a list.
    pub(super) items: Option<Box<Rule>>,
    /// What may be seen of fields, if it is a map.
    pub(super) fields: BTreeMap<&'static str, Rule>,
    /// What happens to the other keys of such a map.
    pub(super) others: Others,
    /// The value is a Kubernetes object, so its own kind says what may be seen.
    pub(super) is_object: bool,
}

/// The keys of a map that its rule does not name.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// Values are masked, and keys that are not names of Kubernetes' fields: those say nothing of whoever wrote them.
    #[default]
    FieldNames,
    /// Keys and scalars are kept.
    Kept,
    /// Keys and values are masked.
    Masked,
}

impl Rule {
    /// Whether the entries of a map may be seen at all.
    pub(super) fn shows_map(&self) -> bool {
        self.is_object || self.others != Others::FieldNames || !self.fields.is_empty()
    }

    fn lay(&mut self, table: &Table) {
        for &(path, inner) in table.within {
            self.at(path).lay(inner);
        }
        for path in table.shown {
            match path.strip_suffix(".?") {
                Some(map) => self.at(map).others = Others::Masked,
                None => _ = self.at(path),
            }
        }
        for path in table.kept {
            match path.strip_suffix(".*") {
                Some(map) => self.at(map).others = Others::Kept,
                None => self.at(path).keeps_scalar = true,
            }
        }
    }

    /// The rule at a path, made where there is none.
    fn at(&mut self, path: &'static str) -> &mut Self {
        let path = path.strip_prefix('.').unwrap_or(path);
        if path.is_empty() {
            return self;
        }
        if let Some(rest) = path.strip_prefix("[]") {
            return self.items.get_or_insert_default().at(rest);
        }
        if let Some((key, rest)) = path.strip_prefix("[\"").and_then(|path| path.split_once("\"]")) {
            return self.fields.entry(key).or_default().at(rest);
        }
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let (key, rest) = path.split_at(end);
        self.fields.entry(key).or_default().at(rest)
    }
}

fn rule(table: &Table) -> Rule {
    let mut rule = Rule::default();
    rule.lay(table);
    rule
}

static TABLES: LazyLock<Vec<Rule>> = LazyLock::new(|| KINDS.iter().map(|kinds| rule(kinds.table)).collect());
static OTHER_OBJECT: LazyLock<Rule> = LazyLock::new(|| rule(&OBJECT));
static OTHER_WORKLOAD: LazyLock<Rule> = LazyLock::new(|| rule(&CUSTOM_WORKLOAD));
static NOTHING: LazyLock<Rule> = LazyLock::new(|| rule(&NO_OBJECT));
static ITEMS: LazyLock<Rule> = LazyLock::new(|| {
    let mut rule = rule(&LIST);
    rule.at("items[]").is_object = true;
    rule
});

/// The rule by which nothing but the kind of a value may be seen.
pub(super) static HIDDEN: Rule = Rule {
    keeps_scalar: false,
    items: None,
    fields: BTreeMap::new(),
    others: Others::FieldNames,
    is_object: false,
};

/// The rule of a value that is kept if it is a scalar.
pub(super) static SCALAR: Rule = Rule {
    keeps_scalar: true,
    items: None,
    fields: BTreeMap::new(),
    others: Others::FieldNames,
    is_object: false,
};

/// The rule of a value that is an object, whatever its kind.
pub(super) static ANY_OBJECT: Rule = Rule {
    keeps_scalar: false,
    items: None,
    fields: BTreeMap::new(),
    others: Others::FieldNames,
    is_object: true,
};

/// A kind with its API version, as an object says it.
pub(super) type Kind = (String, String);

/// The rule of an object, and the kind that items of a typed list have without saying so.
pub(super) fn object(map: &Map<'_>, list: Option<&Kind>) -> (&'static Rule, Option<Kind>) {
    // What is neither text nor nothing reads as an empty text, which is a version of the core group.
    let text = |key: &str| match map.get(key).map(|node| (&node.value, node.as_str())) {
        Some((_, Some(text))) => Some(text),
        None | Some((Value::Null, _)) => None,
        Some(_) => Some(""),
    };
    let inherited = list.filter(|_| map.get("kind").is_none() && map.get("apiVersion").is_none());
    let version = inherited.map(|(version, _)| version.as_str()).or_else(|| text("apiVersion"));
    let kind = inherited.map(|(_, kind)| kind.as_str()).or_else(|| text("kind"));
    if map.get("items").is_some() && kind.is_some() {
        let item = kind.and_then(|kind| kind.strip_suffix("List")).filter(|item| !item.is_empty());
        return (&ITEMS, item.map(|item| (version.unwrap_or_default().to_owned(), item.to_owned())));
    }
    let (Some(version), Some(kind)) = (version, kind) else {
        return (if kind.is_some() { &OTHER_OBJECT } else { &NOTHING }, None);
    };
    // What is meant for a kind of Kubernetes' own is read as that.
    let (version, kind) = schema::standing(version, kind).read_as(version, kind);
    let group = GroupKind::new(version, kind).group;
    let known = KINDS.iter().position(|kinds| kinds.groups.contains(&group) && kinds.names.contains(&kind));
    let at = |path: &[&str]| path.iter().try_fold(map.get("spec")?, |node, key| node.as_map()?.get(key));
    // Templates of other things, such as Secrets, have no containers.
    let has_containers = at(&["template", "spec", "containers"]).and_then(Node::as_list).is_some();
    let makes_pods = has_containers || at(&["workloadRef"]).and_then(Node::as_map).is_some();
    let rule = match known.and_then(|known| TABLES.get(known)) {
        Some(rule) => rule,
        None if makes_pods => &OTHER_WORKLOAD,
        None => &OTHER_OBJECT,
    };
    (rule, None)
}
