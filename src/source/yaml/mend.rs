//! What go-yaml reads and the parser refuses: written another way, it is read again.

use granit_parser::ErrorKind;

/// A stretch of the text that is parsed, and what is parsed in its place.
pub(super) struct Mend {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Mend {
    /// A blank at a place.
    pub(super) fn blank(at: usize) -> Self {
        Self { start: at, end: at, text: " ".into() }
    }

    pub(super) fn apply(&self, text: &str) -> String {
        [&text[..self.start], &self.text, &text[self.end..]].concat()
    }
}

/// How many times a text is read again: a text that asks for it everywhere must not take long.
pub(super) fn most(length: usize) -> usize {
    (1_000_000 / length.max(1)).clamp(1, 50)
}

/// What the parser refuses at a place, written so that it does not.
pub(super) fn mend(text: &str, at: usize, kind: &ErrorKind) -> Option<Mend> {
    let rest = text.get(at..)?;
    match kind {
        // `"x"#c`, `]#c` and `|#c`.
        ErrorKind::CommentNotSeparated if rest.starts_with('#') => Some(Mend::blank(at)),
        ErrorKind::UnknownQuotedScalarEscape => {
            quotes(rest).map(|(length, text)| Mend { start: at, end: at + length, text })
        }
        // go-yaml's document ends before a directive, whether it is one of the next document or not.
        ErrorKind::DirectiveDisallowed if is_directive(rest) && is_line_start(text, at) => {
            Some(Mend { start: at, end: at + line(rest).len(), text: "...".into() })
        }
        _ => None,
    }
}

/// Text in double quotes without the backslashes before single quotes, and how long it was; none where it has none.
fn quotes(rest: &str) -> Option<(usize, String)> {
    let inside = rest.strip_prefix('"')?;
    let mut text = String::from("\"");
    let mut is_escaped = false;
    for (at, character) in inside.char_indices() {
        match (is_escaped, character) {
            (true, '\'') => _ = text.pop(),
            (false, '"') => {
                let length = at + 2;
                return (text.len() + 1 < length).then(|| (length, text + "\""));
            }
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
        text.push(character);
    }
    None
}

fn is_directive(rest: &str) -> bool {
    let line = line(rest);
    let written = line.split_once(" #").map_or(line, |(written, _)| written);
    let words: Vec<&str> = written.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    match words[..] {
        ["%YAML", version] => version.split_once('.').is_some_and(|(major, minor)| {
            [major, minor].iter().all(|number| {
                (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        }),
        ["%TAG", handle, _] => handle.starts_with('!') && (handle.len() == 1 || handle.ends_with('!')),
        _ => false,
    }
}

fn line(rest: &str) -> &str {
    rest.split(['\n', '\r']).next().unwrap_or_default()
}

fn is_line_start(text: &str, at: usize) -> bool {
    text[..at].ends_with(['\n', '\r'])
}
