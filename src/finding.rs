//! What Podwire says about an upload: one sentence, one place, and what to do.

use crate::names::ObjectRef;
use crate::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Kubernetes refuses it, or traffic cannot flow.
    Error,
    /// Traffic may not flow as written.
    Warning,
    /// Worth knowing.
    Hint,
}

/// Who would notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// kubectl or the API server, which could not decode it.
    Read,
    /// Kubernetes' validation, which refuses it.
    Validate,
    /// The allocator of node ports and addresses, which refuses it though it is valid.
    Allocate,
    /// Nobody: it is accepted, and is about where traffic goes.
    Wire,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule that found it: the name of its page under `/rules/`.
    pub rule: &'static str,
    /// Who would notice.
    pub stage: Stage,
    /// How bad it is.
    pub severity: Severity,
    /// What is, in lower case, values in quotes, without a full stop.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Three words or so for the board's broken end.
    pub short: String,
    /// The field in Kubernetes' own notation.
    pub field: Option<String>,
    /// The object that it is about.
    pub object: ObjectRef,
    /// The smallest span to change: the value, else its key, else the object.
    pub span: Span,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

/// A place that belongs to a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where it is.
    pub span: Span,
}

/// A change that mends a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// What it does, as a command.
    pub title: String,
    /// Texts to put in the place of spans.
    pub edits: Vec<Edit>,
}

/// A text in the place of a span.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What to replace.
    pub span: Span,
    /// With what.
    pub text: String,
}

impl Severity {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

impl Stage {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Validate => "validate",
            Self::Allocate => "allocate",
            Self::Wire => "wire",
        }
    }
}
