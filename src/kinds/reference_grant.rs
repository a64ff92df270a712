//! `ReferenceGrant`: what objects of its namespace may be named from other namespaces.
//!
//! <https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant>

use crate::names::GroupKind;
use crate::source::Problem;

use super::fields::Fields;
use super::meta::Meta;

/// A grant: everything in `from` may name everything in `to`.
#[derive(Debug, Clone, Default)]
pub struct ReferenceGrant {
    /// Its name, and the namespace of what may be named.
    pub meta: Meta,
    /// `from`.
    pub from: Vec<GrantFrom>,
    /// `to`.
    pub to: Vec<GrantTo>,
}

/// Who may name something.
#[derive(Debug, Clone, Default)]
pub struct GrantFrom {
    /// `group`; empty for the core group.
    pub group: String,
    /// `kind`.
    pub kind: String,
    /// `namespace`.
    pub namespace: String,
}

/// What may be named.
#[derive(Debug, Clone, Default)]
pub struct GrantTo {
    /// `group`; empty for the core group.
    pub group: String,
    /// `kind`.
    pub kind: String,
    /// `name`; empty for all of the kind.
    pub name: String,
}

/// Something that is named from another namespace.
#[derive(Debug, Clone, Copy)]
pub struct Crossing<'c> {
    /// The kind that names it.
    pub from: GroupKind<'c>,
    /// The namespace that it is named from.
    pub from_namespace: &'c str,
    /// Its kind.
    pub to: GroupKind<'c>,
    /// Its name.
    pub name: &'c str,
}

impl ReferenceGrant {
    /// Reads a grant; what has the wrong type is noted and taken as absent.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read(object, problems);
        object.map("spec", problems, |spec, problems| Self {
            meta,
            from: spec.list("from", problems, |from, problems| GrantFrom {
                group: from.text("group", problems).value,
                kind: from.text("kind", problems).value,
                namespace: from.text("namespace", problems).value,
            }),
            to: spec.list("to", problems, |to, problems| GrantTo {
                group: to.text("group", problems).value,
                kind: to.text("kind", problems).value,
                name: to.text("name", problems).value,
            }),
        })
    }

    /// Whether it lets something of its own namespace be named.
    pub fn allows(&self, crossing: Crossing<'_>) -> bool {
        let from = |at: &GrantFrom| {
            GroupKind { group: &at.group, kind: &at.kind } == crossing.from
                && at.namespace == crossing.from_namespace
        };
        let to = |at: &GrantTo| {
            GroupKind { group: &at.group, kind: &at.kind } == crossing.to
                && (at.name.is_empty() || at.name == crossing.name)
        };
        self.from.iter().any(from) && self.to.iter().any(to)
    }
}
