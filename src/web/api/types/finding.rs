//! What there is to say of an upload.

use serde::Serialize;
use utoipa::ToSchema;

use super::{SourceRange, vocabulary};

/// One thing found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding<'a> {
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
    pub(super) message: &'a str,
    /// What to do.
    pub(super) help: &'a str,
    /// Kubernetes' own path of the field, where it is about one.
    #[schema(required, example = "spec.ports[0].targetPort")]
    pub(super) field: Option<&'a str>,
    /// The object that it is about; its texts are empty where the document cannot be read.
    pub(super) object: Object<'a>,
    /// The smallest place to change: the value, else its key, else the object.
    pub(super) source: SourceRange<'a>,
    /// Other places that belong to it.
    pub(super) related: Vec<Related<'a>>,
    /// A change that surely mends it, where there is one.
    #[schema(required)]
    pub(super) fix: Option<Fix<'a>>,
    /// The rule's page, below this server's address.
    #[schema(example = "/rules/selector-matches-nothing")]
    pub(super) docs: String,
}

/// An object's name in full.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Object<'a> {
    /// Such as `apps/v1`.
    pub(super) api_version: &'a str,
    /// Such as `Deployment`.
    pub(super) kind: &'a str,
    /// Its namespace; empty of what has none.
    pub(super) namespace: &'a str,
    /// Its name.
    pub(super) name: &'a str,
}

/// A place that belongs to a finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct Related<'a> {
    /// What is there.
    pub(super) message: &'a str,
    /// Where.
    pub(super) source: SourceRange<'a>,
}

/// A change that mends a finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fix<'a> {
    /// What it does, in a few words.
    pub(super) title: &'a str,
    /// What to put where; places are those of the text as it was sent.
    pub(super) edits: Vec<Edit<'a>>,
}

/// A text in the place of another.
#[derive(Debug, Serialize, ToSchema)]
pub struct Edit<'a> {
    /// What goes.
    pub(super) source: SourceRange<'a>,
    /// What comes.
    pub(super) text: &'a str,
}
