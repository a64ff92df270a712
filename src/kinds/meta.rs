//! What every object says of itself.

use crate::labels::{Label, Labels};
use crate::names::{GroupKind, Short, Word, syntax};
use crate::source::{Node, Problem, Span};

use super::fields::{Fields, Written, clipped};
use super::rare::{Rare, Unsaid};

/// The annotation of an object that lists the rules of which it wants to hear nothing.
pub const IGNORE: &str = "podwire.dev/ignore";

/// `apiVersion`, `kind` and the parts of `metadata` that wiring looks at.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// `apiVersion` as written.
    pub api_version: Word,
    /// `kind` as written.
    pub kind: Word,
    /// The namespace; `default` where none is written, empty for kinds that have none.
    pub namespace: Short,
    /// Where the namespace is written.
    pub namespace_span: Option<Span>,
    /// The name; empty where none is written.
    pub name: Written<Short>,
    /// The object's own labels; for a workload, not its pods'.
    pub labels: Labels,
    /// What else it says.
    pub rest: Rare<Details>,
    /// Whether `deletionTimestamp` is set.
    pub terminating: bool,
    /// Whether its name is a DNS label, and Kubernetes takes all of its labels: then rules about those need not look.
    pub is_plain: bool,
    /// The whole object.
    pub span: Span,
}

/// The rest of `metadata`. Most manifests have none.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// The rules of which the annotation `podwire.dev/ignore` wants to hear nothing, where it names any.
    pub ignored: Option<Written<Vec<String>>>,
    /// The controller that made it, from `ownerReferences`.
    pub owner: Option<Owner>,
    /// What the name is generated from where there is none.
    pub generate_name: Written<Short>,
    /// `annotations`.
    pub annotations: Labels,
    /// The whole of `annotations`, key included.
    pub annotations_span: Option<Span>,
    /// `finalizers`.
    pub finalizers: Vec<Written<String>>,
    /// `ownerReferences`.
    pub owners: Vec<OwnerReference>,
    /// `generation`.
    pub generation: Written<i64>,
}

/// One of `ownerReferences`.
#[derive(Debug, Clone, Default)]
pub struct OwnerReference {
    /// `apiVersion`.
    pub api_version: Written<String>,
    /// `kind`.
    pub kind: Written<String>,
    /// `name`.
    pub name: Written<Short>,
    /// `uid`.
    pub uid: Written<String>,
    /// `controller`, which one owner at most may be.
    pub controller: Written<bool>,
    /// The whole entry.
    pub span: Span,
}

/// Who made an object: one of its `ownerReferences`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    /// The owner's kind.
    pub kind: String,
    /// The owner's name, in the same namespace.
    pub name: Short,
}

impl Meta {
    /// Reads the head of an object, without what only validation looks at.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Self::read_whole(object, problems);
        let rest = meta.rest.and_then(|Details { ignored, owner, .. }| {
            let is_said = ignored.is_some() || owner.is_some();
            is_said.then(|| Details { ignored, owner, ..Details::default() })
        });
        Self { rest, ..meta }
    }

    /// Reads the head of an object.
    pub fn read_whole(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let text = |key| object.get(key).and_then(Node::as_str).unwrap_or_default();
        let text = |key| Word::new(clipped(text(key)));
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        object.map("metadata", problems, |metadata, problems| {
            let rest = Rare::new(Details::read(metadata, problems));
            let namespace = metadata.short("namespace", problems);
            let (name, labels) = (metadata.short("name", problems), metadata.labels("labels", problems));
            Self {
                api_version,
                kind,
                namespace_span: namespace.span,
                namespace: if namespace.value.is_empty() {
                    Short::const_new("default")
                } else {
                    namespace.value
                },
                is_plain: syntax::dns_label_fault(&name.value).is_none() && labels.iter().all(is_plain),
                name,
                labels,
                rest,
                terminating: metadata.time("deletionTimestamp", problems),
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

fn is_plain(label: &Label) -> bool {
    syntax::qualified_name_fault(label.key()).is_none() && syntax::label_value_fault(label.value()).is_none()
}

impl Unsaid for Details {
    const UNSAID: &'static Self = &Self {
        ignored: None,
        owner: None,
        generate_name: Written { value: Short::const_new(""), span: None },
        annotations: Labels(Vec::new()),
        annotations_span: None,
        finalizers: Vec::new(),
        owners: Vec::new(),
        generation: Written { value: 0, span: None },
    };
}

impl Details {
    fn read(metadata: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Option<Self> {
        const FIELDS: [&str; 5] =
            ["generateName", "annotations", "finalizers", "ownerReferences", "generation"];
        if !FIELDS.iter().any(|field| metadata.has(field)) {
            return None;
        }
        let generate_name = metadata.short("generateName", problems);
        let annotations = metadata.labels("annotations", problems);
        let finalizers = metadata.strings("finalizers", problems);
        let owners = metadata.list("ownerReferences", problems, OwnerReference::read);
        Some(Self {
            ignored: ignored(&annotations),
            owner: maker(&owners),
            generate_name,
            annotations,
            annotations_span: metadata.span_of("annotations"),
            finalizers,
            owners,
            generation: metadata.int64("generation", problems).unwrap_or_default(),
        })
    }
}

impl OwnerReference {
    fn read(owner: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        Self {
            api_version: owner.text("apiVersion", problems),
            kind: owner.text("kind", problems),
            name: owner.short("name", problems),
            uid: owner.text("uid", problems),
            controller: owner.boolean("controller", problems).unwrap_or_default(),
            span: owner.span,
        }
    }
}

/// One that says it is no controller did not make the object; one that does not say may have.
fn maker(owners: &[OwnerReference]) -> Option<Owner> {
    let unsaid = || owners.iter().find(|owner| owner.controller.span.is_none());
    let maker = owners.iter().find(|owner| owner.controller.value).or_else(unsaid)?;
    Some(Owner { kind: maker.kind.value.clone(), name: maker.name.value.clone() })
}

fn ignored(annotations: &Labels) -> Option<Written<Vec<String>>> {
    let annotation = annotations.label(IGNORE)?;
    let rules = annotation.value().split([',', ' ']).filter(|rule| !rule.is_empty());
    let rules: Vec<String> = rules.map(str::to_owned).collect();
    (!rules.is_empty()).then_some(Written { value: rules, span: Some(annotation.span()) })
}
