//! What every object says of itself.

use crate::labels::Labels;
use crate::names::GroupKind;
use crate::source::{Problem, Span};

use super::fields::{Fields, Written};

/// `apiVersion`, `kind` and the parts of `metadata` that wiring looks at.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// `apiVersion` as written.
    pub api_version: String,
    /// `kind` as written.
    pub kind: String,
    /// The namespace; `default` where none is written, empty for kinds that have none.
    pub namespace: String,
    /// The name; empty where none is written.
    pub name: Written<String>,
    /// The object's own labels; for a workload, not its pods'.
    pub labels: Labels,
    /// The rules of which the annotation `podwire.dev/ignore` wants to hear nothing.
    pub ignored: Vec<String>,
    /// The controller that made it, from `ownerReferences`.
    pub owner: Option<Owner>,
    /// Whether `deletionTimestamp` is set.
    pub terminating: bool,
    /// The whole object.
    pub span: Span,
}

/// Who made an object: one of its `ownerReferences`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    /// The owner's kind.
    pub kind: String,
    /// The owner's name, in the same namespace.
    pub name: String,
}

impl Meta {
    /// Reads the head of an object.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let text = |key| object.get(key).and_then(|node| node.as_str()).unwrap_or_default().to_owned();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        object.map("metadata", problems, |metadata, problems| {
            let namespace = metadata.text("namespace", problems).value;
            let owners = metadata.list("ownerReferences", problems, |owner, problems| {
                let controller =
                    owner.boolean("controller", problems).is_some_and(|controller| controller.value);
                (
                    controller,
                    Owner {
                        kind: owner.text("kind", problems).value,
                        name: owner.text("name", problems).value,
                    },
                )
            });
            let owner = owners
                .iter()
                .find(|(controller, _)| *controller)
                .or(owners.first())
                .map(|(_, owner)| owner.clone());
            Self {
                api_version,
                kind,
                namespace: if namespace.is_empty() { "default".to_owned() } else { namespace },
                name: metadata.text("name", problems),
                labels: metadata.labels("labels", problems),
                ignored: ignored(&metadata.labels("annotations", problems)),
                owner,
                terminating: metadata.string("deletionTimestamp", problems).is_some(),
                span: object.span,
            }
        })
    }

    /// The kind with its group.
    pub fn group_kind(&self) -> GroupKind<'_> {
        GroupKind::new(&self.api_version, &self.kind)
    }

    /// The smallest span that stands for the whole object: its name, else its beginning.
    pub fn head(&self) -> Span {
        self.name.span.unwrap_or(Span { end: self.span.start, ..self.span })
    }
}

fn ignored(annotations: &Labels) -> Vec<String> {
    let rules = annotations.get("podwire.dev/ignore").unwrap_or_default();
    rules.split([',', ' ']).filter(|rule| !rule.is_empty()).map(str::to_owned).collect()
}
