//! From a file to its documents.

use super::{FileId, Node, Problem, SourceFile, Span};

/// One document of a file.
#[derive(Debug)]
pub struct Document<'a> {
    /// The whole of it, between its separators.
    pub span: Span,
    /// What it holds.
    pub content: Content<'a>,
    /// What was found beside it: duplicate keys, text after `...`.
    pub problems: Vec<Problem>,
    /// Whether kubectl would stop at this document, and so never see the ones after it.
    pub ends_stream: bool,
}

/// What a document holds.
#[derive(Debug)]
pub enum Content<'a> {
    /// A value.
    Tree(Node<'a>),
    /// Nothing but blanks and comments, or null.
    Empty,
    /// Something that is not YAML or JSON.
    Broken(Problem),
}

/// All documents of a file, in order.
pub fn documents(id: FileId, file: &SourceFile) -> Vec<Document<'_>> {
    super::yaml::documents(id, file)
}
