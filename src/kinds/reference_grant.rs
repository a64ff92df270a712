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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crossing<'c> {
    /// The kind that names it.
    pub from: GroupKind<'c>,
    /// The namespace that it is named from.
    pub from_namespace: &'c str,
    /// Its kind.
    pub to: GroupKind<'c>,
    /// Its namespace.
    pub to_namespace: &'c str,
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

    /// All that it lets be named, and by whom; a name is empty where all of a kind may be.
    ///
    /// Of each list only as many entries count as Kubernetes takes.
    /// <https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1beta1/referencegrant_types.go>
    pub fn crossings(&self) -> impl Iterator<Item = Crossing<'_>> {
        const MOST: usize = 16;
        self.from.iter().take(MOST).flat_map(|from| {
            self.to.iter().take(MOST).map(|to| Crossing {
                from: GroupKind { group: &from.group, kind: &from.kind },
                from_namespace: &from.namespace,
                to: GroupKind { group: &to.group, kind: &to.kind },
                to_namespace: &self.meta.namespace,
                name: &to.name,
            })
        })
    }
}
