//! The empty lines that are painted on, from top to bottom.

use std::fmt::Write;

use crate::names::is_unseen;
use crate::source::{SourceFile, Style, Value, yaml};

/// Text that grows line by line; what is put on it never contains a line end.
pub(super) struct Paper<'f> {
    pub(super) file: &'f SourceFile,
    text: String,
    /// The line that is being painted, counted from 0, and where it begins in `text`.
    line: usize,
    line_start: usize,
    /// Whether the text is read as JSON where it is in braces.
    pub(super) json: bool,
}

impl<'f> Paper<'f> {
    pub(super) fn new(file: &'f SourceFile) -> Self {
        let begins = file.text().trim_start();
        let json = begins.starts_with('{') && !begins.starts_with("{{");
        Self { file, text: String::new(), line: 0, line_start: 0, json }
    }

    /// The line of a place in the file, counted from 0.
    pub(super) fn line_of(&self, place: u32) -> usize {
        self.file.line_of(place) as usize - 1
    }

    /// The column of a place that only indentation and indicators stand before; none where anything else does.
    pub(super) fn column_of(&self, place: u32) -> Option<usize> {
        let start = self.file.line_begin(place);
        let before = self.file.text()[start..place as usize].trim_start_matches('\u{feff}');
        before.bytes().all(|byte| matches!(byte, b' ' | b'-' | b'?' | b':')).then_some(before.len())
    }

    /// Whether anything was painted so far.
    pub(super) fn is_blank(&self) -> bool {
        self.text.len() == self.line
    }

    /// Whether anything was painted on this line.
    pub(super) fn at_line_start(&self) -> bool {
        self.text.len() == self.line_start
    }

    /// Goes down to a line, if it is below.
    pub(super) fn go_to(&mut self, line: usize) {
        while self.line < line {
            self.text.push('\n');
            self.line += 1;
            self.line_start = self.text.len();
        }
    }

    /// Fills the line with blanks up to a column.
    pub(super) fn fill_to(&mut self, column: usize) {
        while self.text.len() < self.line_start + column {
            self.text.push(' ');
        }
    }

    /// Goes to where something begins: on a new line it is indented, on this one a blank parts it from what is there.
    ///
    /// Says whether it begins a line.
    pub(super) fn begin(&mut self, line: usize, indent: usize) -> bool {
        self.go_to(line);
        let begins_line = self.at_line_start();
        if begins_line {
            self.fill_to(indent);
        } else if !self.text.ends_with([' ', '{', '[']) {
            self.text.push(' ');
        }
        begins_line
    }

    pub(super) fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn separator(&mut self, place: u32) {
        self.go_to(self.line_of(place));
        self.put("---");
    }

    /// All that was painted, with the lines that are left.
    pub(super) fn finish(mut self) -> String {
        self.go_to(self.file.line_count() as usize - 1);
        self.text
    }
}

/// Text as a scalar that is read as this very text.
pub(super) fn string(text: &str, style: Style, json: bool) -> String {
    if !json {
        match style {
            Style::Plain | Style::BlockScalar | Style::Alias if is_plain(text) => return text.into(),
            Style::SingleQuoted if text.chars().all(is_simple) && !text.contains('\'') => {
                return format!("'{text}'");
            }
            _ => {}
        }
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_simple(character) => quoted.push(character),
            // Both YAML and JSON know this escape.
            '\0'..='\u{ffff}' => _ = write!(quoted, "\\u{:04x}", u32::from(character)),
            _ if json => character
                .encode_utf16(&mut [0; 2])
                .iter()
                .for_each(|half| _ = write!(quoted, "\\u{half:04x}")),
            _ => _ = write!(quoted, "\\U{:08x}", u32::from(character)),
        }
    }
    quoted.push('"');
    quoted
}

/// Characters that stand for themselves in quotes: YAML knows them, and they neither hide nor turn their neighbours.
fn is_simple(character: char) -> bool {
    !is_unseen(character) && !matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// Whether text needs no quotes, as a key, as a value, and in brackets: narrower than YAML's own rules.
fn is_plain(text: &str) -> bool {
    let is_first = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/');
    text.as_bytes().first().is_some_and(is_first)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./=+@".contains(&byte))
        && matches!(yaml::plain(text), Some(Value::String(_)))
}

/// A number or boolean, as it was written where that says the same.
pub(super) fn bare(value: &Value<'_>, written: Option<&str>, json: bool) -> String {
    let is_same = |written: &&str| {
        let is_json = |written: &str| {
            let mut unsigned = written.strip_prefix('-').unwrap_or(written).bytes();
            let zero = unsigned.next() == Some(b'0') && matches!(unsigned.next(), Some(b'0'..=b'9'));
            matches!(written, "true" | "false")
                || !zero
                    && written.starts_with(|first: char| first == '-' || first.is_ascii_digit())
                    && written.ends_with(|last: char| last.is_ascii_digit())
                    && written.bytes().all(|byte| b"0123456789+-.eE".contains(&byte))
        };
        !written.is_empty() && yaml::plain(written).as_ref() == Some(value) && (!json || is_json(written))
    };
    if let Some(written) = written.filter(is_same) {
        return written.into();
    }
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        _ => "null".into(),
    }
}
