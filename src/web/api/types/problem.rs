//! Errors as the API words them: problem documents, RFC 9457.

use serde::Serialize;

/// A place in the upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
}

/// A problem document, as RFC 9457 has it.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// A name for the sort of problem, for programs.
    #[serde(rename = "type")]
    pub kind: String,
    /// The sort of problem in a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// The place in the upload, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}
