//! The faces that are pictures or text. They decide nothing: every place and word is given.

pub mod badge;
pub mod dot;
pub mod gateways;
mod graph;
pub mod mermaid;
pub mod png;
pub mod policies;
pub mod preview;
pub mod style;
pub mod svg;
pub mod tally;
pub mod text;
pub mod trace;
