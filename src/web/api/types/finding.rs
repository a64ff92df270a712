//! What there is to say of an upload.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SourceRange, vocabulary};

/// One thing found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The name of its rule.
    #[schema(example = "selector-matches-nothing")]
    pub(super) rule: &'static str,
    /// Who would object.
    #[schema(value_type = vocabulary::Stage)]
    pub(super) stage: &'static str,
    /// How bad it is.
    #[schema(value_type = vocabulary::Severity)]
    pub(super) severity: &'static str,
    /// What is.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
    /// Kubernetes' own path of the field, where it is about one.
    #[schema(required, example = "spec.ports[0].targetPort")]
    pub(super) field: Option<String>,
    /// The object that it is about; its texts are empty where the document cannot be read.
    pub(super) object: Object,
    /// The smallest place to change: the value, else its key, else the object.
    pub(super) source: SourceRange,
    /// Other places that belong to it.
    pub(super) related: Vec<Related>,
    /// A change that surely mends it, where there is one.
    #[schema(required)]
    pub(super) fix: Option<Fix>,
    /// The rule's page, below this server's address.
    #[schema(example = "/rules/selector-matches-nothing")]
    pub(super) docs: String,
}

/// An object's name in full.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    /// Such as `apps/v1`.
    pub(super) api_version: String,
    /// Such as `Deployment`.
    pub(super) kind: String,
    /// Its namespace; empty of what has none.
    pub(super) namespace: String,
    /// Its name.
    pub(super) name: String,
}

/// A place that belongs to a finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct Related {
    /// What is there.
    pub(super) message: String,
    /// Where.
    pub(super) source: SourceRange,
}

/// A change that mends a finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fix {
    /// What it does, in a few words.
    pub(super) title: String,
    /// What to put where; places are those of the text as it was sent.
    pub(super) edits: Vec<Edit>,
}

/// A text in the place of another.
#[derive(Debug, Serialize, ToSchema)]
pub struct Edit {
    /// What goes.
    pub(super) source: SourceRange,
    /// What comes.
    pub(super) text: String,
}
