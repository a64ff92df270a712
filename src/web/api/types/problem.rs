//! Errors as the API words them: problem documents, RFC 9457.

use serde::Serialize;
use utoipa::ToSchema;

use super::Source;

/// A problem document, as RFC 9457 has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A name for the sort of problem, for programs.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "urn:podwire:problem:nothing-to-read")]
    pub kind: String,
    /// The sort of problem in a few words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// The place in the upload, where there is one.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source<'static>>,
}
