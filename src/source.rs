//! What was given, and places in it: files, spans, the tree of a document, and what could not be read.
//!
//! Nothing here knows Kubernetes. Reading never fails: it returns what it could read and what it could not.

mod allowance;
mod arena;
mod growth;
mod json;
mod lines;
pub mod outline;
mod recognize;
pub mod redact;
mod scan;
pub mod split;
mod yaml;

use std::sync::OnceLock;

pub use allowance::Allowance;
use allowance::Share;
pub use arena::Arena;
use lines::{Lines, STRIDE};
pub use outline::{Entry, Map, Node, Style, Value, Written};

/// One file of an upload: its name relative to what was given (`-` for a raw body or standard input) and its text.
#[derive(Debug, Default)]
pub struct SourceFile {
    /// The name that places in this file are reported under.
    pub name: String,
    text: String,
    /// Where, in `text`, bytes that are not UTF-8 were replaced by U+FFFD.
    not_utf8: Vec<u32>,
    is_utf16: bool,
    lines: OnceLock<Lines>,
    /// How many characters stand before every [`STRIDE`]th byte: columns count characters, and a line may be the file.
    chars_before: OnceLock<Vec<u32>>,
}

/// The number of a file within its upload.
pub type FileId = u32;

/// A range of bytes in one file of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file, by its place in the upload.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A span in a reader's terms: lines and columns count from 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line of the first character.
    pub line: u32,
    /// The column of the first character.
    pub column: u32,
    /// The line of the end.
    pub end_line: u32,
    /// The column one past the last character.
    pub end_column: u32,
}

/// Something in the text that Kubernetes, or Podwire, does not read as it was meant. It has no words: `rules` has.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What it is.
    pub what: What,
    /// The smallest span to change.
    pub span: Span,
}

/// The sorts of [`Problem`].
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The document is not YAML (or JSON), and says why in our own words.
    Syntax(String),
    /// Bytes of the document are not UTF-8: kubectl reads U+FFFD in their place.
    NotUtf8,
    /// A line that begins with `---` and goes on with something else; kubectl also loses the document before it.
    BadSeparator,
    /// The same key twice in one map: the last one counts.
    DuplicateKey(String),
    /// Text after `...` in the same document: kubectl drops it.
    TextAfterEnd,
    /// A document without a usable `kind` or `apiVersion` (`missing` names the field).
    NotAnObject {
        /// `kind`, `apiVersion`, or empty where the document is no map at all.
        missing: &'static str,
    },
    /// A value of the wrong type at `field` (Kubernetes' notation).
    WrongType {
        /// Such as `spec.ports[0].port`.
        field: String,
        /// What Kubernetes wants there.
        expected: Expected,
        /// What is there, as a person would write it.
        found: Found,
    },
    /// A key at `field` (Kubernetes' notation) that is no field there.
    UnknownField {
        /// Such as `spec.selectors`.
        field: String,
        /// What was probably meant.
        meant: Meant,
    },
    /// An object of a kind or version that Kubernetes does not serve (any more), although its group is Kubernetes' own.
    NotServed {
        /// As written.
        api_version: String,
        /// As written.
        kind: String,
        /// The API version and kind that Kubernetes does serve, where it is clear what was meant.
        meant: Option<(&'static str, &'static str)>,
    },
    /// An object with `items` is only its items, whatever else it says.
    OnlyItems,
    /// A List inside a List, which kubectl refuses.
    NestedList,
    /// A Helm or Go template that was not rendered.
    Template,
    /// The output of `kubectl get` or `kubectl describe` rather than a manifest.
    KubectlOutput,
    /// YAML that lost its line ends, as a `curl -d @file` body does.
    LostLineEnds,
}

/// What a key that is no field was probably meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// Nobody knows.
    Unknown,
    /// A field of the same map, whose name is nearly or but for the case the same.
    Field {
        /// The field's name.
        name: &'static str,
        /// Whether it would take the value.
        is_fit: bool,
    },
    /// The same, but the field is there as well.
    Repeated(&'static str),
    /// A field of the same name elsewhere in the object, by its path: `spec.ports[].targetPort`.
    Elsewhere(String),
}

/// What a field wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Text.
    String,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A whole number or a name.
    IntOrString,
    /// `true` or `false`.
    Bool,
    /// A list.
    List,
    /// A map.
    Map,
    /// Any number.
    Number,
    /// A time as RFC 3339 writes it.
    Time,
    /// A time with six digits after the second's point.
    MicroTime,
    /// An amount such as `100m`.
    Quantity,
    /// Bytes in base64.
    Bytes,
}

/// What stands where something else is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// `true` or `false`, with the text as written (`yes`, `on`).
    Bool(String),
    /// A number, with the text as written.
    Number(String),
    /// Text.
    String(String),
    /// A list.
    List,
    /// A map.
    Map,
    /// Nothing: null.
    Null,
}

/// The text of bytes that begin with a byte order mark of UTF-16, as PowerShell's `>` writes them.
fn utf16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, rest) = bytes[2..].as_chunks();
    let text = char::decode_utf16(pairs.iter().map(|&pair| unit(pair)));
    let lost = (!rest.is_empty()).then_some(Ok(char::REPLACEMENT_CHARACTER));
    Some(text.chain(lost).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

impl SourceFile {
    /// Takes bytes as text, as kubectl does: UTF-16 by its byte order mark; what is not UTF-8 is replaced and remembered.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let utf16 = utf16(&bytes);
        let is_utf16 = utf16.is_some();
        let bytes = utf16.map_or(bytes, String::into_bytes);
        let (text, not_utf8) = match String::from_utf8(bytes) {
            Ok(text) => (text, Vec::new()),
            Err(error) => {
                let mut text = String::new();
                let mut not_utf8 = Vec::new();
                for chunk in error.as_bytes().utf8_chunks() {
                    text.push_str(chunk.valid());
                    if !chunk.invalid().is_empty() {
                        not_utf8.push(text.len() as u32);
                        text.push('\u{fffd}');
                    }
                }
                (text, not_utf8)
            }
        };
        Self {
            name: name.into(),
            text,
            not_utf8,
            is_utf16,
            lines: OnceLock::new(),
            chars_before: OnceLock::new(),
        }
    }

    /// The text that spans point into.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text is, byte by byte, what was given.
    pub fn is_as_given(&self) -> bool {
        self.not_utf8.is_empty() && !self.is_utf16
    }

    /// Where, within `start..end`, the first byte that is not UTF-8 stood.
    pub fn not_utf8_within(&self, start: u32, end: u32) -> Option<u32> {
        let first = self.not_utf8.partition_point(|&at| at < start);
        self.not_utf8.get(first).copied().filter(|&at| at < end)
    }

    /// The lines and columns of a span of this file.
    pub fn place(&self, span: Span) -> Place {
        let (line, column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end.max(span.start));
        Place { line, column, end_line, end_column }
    }

    /// The byte at a line and column; the end of the line where it is shorter, of the text where there is no such line.
    pub fn offset(&self, line: u32, column: u32) -> u32 {
        let Some(start) = self.line_start(line) else { return self.text.len() as u32 };
        let before = self.line(line).chars().take(column.saturating_sub(1) as usize);
        start + before.map(char::len_utf8).sum::<usize>() as u32
    }

    /// The text of a line (counted from 1) without its line end; empty past the last.
    pub fn line(&self, number: u32) -> &str {
        let Some(start) = self.line_start(number) else { return "" };
        let end = self.line_start(number.max(1) + 1).unwrap_or(self.text.len() as u32);
        self.text[start as usize..end as usize].trim_end_matches(['\n', '\r'])
    }

    /// How many lines the text has.
    pub fn line_count(&self) -> u32 {
        self.lines().count()
    }

    /// The line, counted from 1, that a byte is on.
    fn line_of(&self, offset: u32) -> u32 {
        self.lines().of(self.text.as_bytes(), (offset as usize).min(self.text.len())).0
    }

    /// Where the line begins that a byte is on.
    fn line_begin(&self, offset: u32) -> usize {
        self.lines().of(self.text.as_bytes(), (offset as usize).min(self.text.len())).1
    }

    /// Where a line (counted from 1) begins, if there is one.
    fn line_start(&self, number: u32) -> Option<u32> {
        self.lines().start(self.text.as_bytes(), number)
    }

    fn position(&self, offset: u32) -> (u32, u32) {
        let offset = (offset as usize).min(self.text.len());
        let bytes = self.text.as_bytes();
        let (line, start) = self.lines().of(bytes, offset);
        let column = if offset - start <= STRIDE {
            characters(&bytes[start..offset])
        } else {
            self.chars_before(offset) - self.chars_before(start)
        };
        (line, column + 1)
    }

    fn chars_before(&self, offset: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let strides = self.chars_before.get_or_init(|| {
            let mut before = 0;
            let count = |stride: &[u8]| {
                let so_far = before;
                before += characters(stride);
                so_far
            };
            bytes.chunks(STRIDE).map(count).collect()
        });
        let stride = offset / STRIDE;
        match strides.get(stride) {
            Some(before) => before + characters(&bytes[stride * STRIDE..offset]),
            // The end of a text that fills its last stride.
            None => {
                strides.last().map_or(0, |before| before + characters(&bytes[(stride - 1) * STRIDE..offset]))
            }
        }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(self.text.as_bytes()))
    }
}

/// How many characters begin in some bytes.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| !matches!(**byte, 0x80..=0xBF)).count() as u32
}

impl Span {
    /// From the start of this span to the end of another of the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start, end: self.end.max(other.end) }
    }
}
