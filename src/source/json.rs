//! JSON, read as strictly as kubectl reads it, into the same tree as YAML.

use bumpalo::Bump;

use super::growth::{Grown, Growth, Key, MAX_DEPTH, Sort, TOO_MUCH};
use super::yaml::{too_deep, whole_or_float};
use super::{Allowance, FileId, Node, Problem, Span, Style, Value};

/// One value of a JSON stream, what was found in it, and where it ends.
pub(super) struct Json<'a> {
    pub(super) root: Node<'a>,
    pub(super) problems: Vec<Problem>,
    pub(super) end: usize,
}

/// A fault: the byte where it is, and its words.
pub(super) type Fault = (usize, String);

/// Reads the value that begins at byte `start` of a file.
pub(super) fn read<'a>(
    id: FileId,
    text: &'a str,
    start: usize,
    values: Option<&Allowance>,
    arena: &'a Bump,
) -> Result<Json<'a>, Fault> {
    let mut share = Allowance::of_one(values);
    let read = Reader { id, text, at: start, growth: Growth::new(&mut share, arena) }.read();
    Allowance::spend(values, share);
    read
}

struct Reader<'a, 's> {
    id: FileId,
    text: &'a str,
    at: usize,
    growth: Growth<'a, 's>,
}

impl<'a> Reader<'a, '_> {
    fn read(mut self) -> Result<Json<'a>, Fault> {
        loop {
            self.value()?;
            if let Some(root) = self.growth.root.take() {
                let mut problems = self.growth.problems;
                problems.sort_by_key(|problem| problem.span);
                return Ok(Json { root, problems, end: self.at });
            }
        }
    }

    /// Reads a scalar, or the beginning of a list or map, and every end that follows it.
    fn value(&mut self) -> Result<(), Fault> {
        self.skip_blanks();
        let start = self.at;
        let (value, style) = match self.peek() {
            Some(b'{') => return self.open(Sort::Map, b'}'),
            Some(b'[') => return self.open(Sort::List, b']'),
            Some(b'"') => (Value::String(self.string()?), Style::DoubleQuoted),
            Some(b'-' | b'0'..=b'9') => (self.number()?, Style::Plain),
            Some(b't') => (self.word("true", Value::Bool(true))?, Style::Plain),
            Some(b'f') => (self.word("false", Value::Bool(false))?, Style::Plain),
            Some(b'n') => (self.word("null", Value::Null)?, Style::Plain),
            Some(b']' | b'}') => return Err(self.fault("a comma is left over before this bracket")),
            _ => return Err(self.fault("a value was expected here")),
        };
        let node = Node { value, span: self.span(start, self.at), style };
        self.finish(Grown::leaf(node))
    }

    fn open(&mut self, sort: Sort, end: u8) -> Result<(), Fault> {
        if self.growth.open.len() >= MAX_DEPTH {
            return Err((self.at, too_deep()));
        }
        self.growth.start(sort, self.span(self.at, self.at), Style::Flow);
        self.at += 1;
        self.skip_blanks();
        if self.peek() == Some(end) {
            return self.close();
        }
        if sort == Sort::Map { self.key() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.at += 1;
        match self.growth.close(Some(self.at as u32)) {
            Some(grown) => self.finish(grown),
            None => Ok(()),
        }
    }

    /// Puts a whole value in its place, and goes on to the next value or out of the lists and maps that end here.
    fn finish(&mut self, mut grown: Grown<'a>) -> Result<(), Fault> {
        loop {
            self.growth.add(grown, |_, _| {});
            if self.growth.share.is_overdrawn() {
                return Err(self.fault(TOO_MUCH));
            }
            let Some(open) = self.growth.open.last() else { return Ok(()) };
            let is_map = open.sort == Sort::Map;
            let opened = open.span.start as usize;
            self.skip_blanks();
            match (self.peek(), is_map) {
                (Some(b','), _) => {
                    self.at += 1;
                    return if is_map { self.key() } else { Ok(()) };
                }
                (Some(b'}'), true) | (Some(b']'), false) => {
                    self.at += 1;
                    let Some(closed) = self.growth.close(Some(self.at as u32)) else { return Ok(()) };
                    grown = closed;
                }
                (None, _) => return Err((opened, "a bracket is opened and never closed".into())),
                (_, true) => return Err(self.fault("a comma or a closing brace is missing before this")),
                (_, false) => return Err(self.fault("a comma or a closing bracket is missing before this")),
            }
        }
    }

    fn key(&mut self) -> Result<(), Fault> {
        self.skip_blanks();
        let start = self.at;
        match self.peek() {
            Some(b'"') => {}
            Some(b'}') => return Err(self.fault("a comma is left over before this bracket")),
            None => return Err(self.unclosed()),
            _ => return Err(self.fault(UNQUOTED)),
        }
        let key = self.string()?;
        self.growth.key(Key::Text(key), self.span(start, self.at));
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.fault("a colon is missing after a key"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<&'a str, Fault> {
        let start = self.at + 1;
        let mut owned: Option<String> = None;
        let mut copied = start;
        self.at = start;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let rest = &self.text[copied..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        Some(text) => self.growth.arena.alloc_str(&(text + rest)),
                        None => rest,
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[copied..self.at]);
                    let character = self.escape()?;
                    owned.get_or_insert_default().push(character);
                    copied = self.at;
                }
                None | Some(b'\n' | b'\r') => {
                    return Err((start - 1, "a quote is opened and never closed".into()));
                }
                Some(0..0x20) => {
                    return Err(self.fault("a control character, which needs a backslash in JSON"));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// The character that an escape stands for; half of a surrogate pair alone stands for U+FFFD, as in Go.
    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let wrong = || (start, "a backslash with something after it that JSON does not know".to_owned());
        self.at += 2;
        Ok(match self.text.as_bytes().get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.hex(self.at).ok_or_else(wrong)?;
                self.at += 4;
                let low = (self.text.get(self.at..self.at + 2) == Some("\\u"))
                    .then(|| self.hex(self.at + 2))
                    .flatten();
                match (unit, low) {
                    (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                        self.at += 6;
                        char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
                            .unwrap_or('\u{fffd}')
                    }
                    _ => char::from_u32(unit).unwrap_or('\u{fffd}'),
                }
            }
            _ => return Err(wrong()),
        })
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            u32::from_str_radix(digits, 16).ok()
        } else {
            None
        }
    }

    fn number(&mut self) -> Result<Value<'a>, Fault> {
        let start = self.at;
        let wrong = || (start, "a number that JSON does not know".to_owned());
        self.at += usize::from(self.peek() == Some(b'-'));
        let zero = self.peek() == Some(b'0');
        let digits = self.digits();
        if digits == 0 || zero && digits > 1 {
            return Err(wrong());
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            is_whole = false;
            if self.digits() == 0 {
                return Err(wrong());
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            is_whole = false;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(wrong());
            }
        }
        let text = &self.text[start..self.at];
        if is_whole {
            if let Ok(number) = text.parse() {
                return Ok(Value::Int(number));
            }
            if let Ok(number) = text.parse() {
                return Ok(Value::Uint(number));
            }
        }
        match text.parse() {
            Ok(number) if f64::is_finite(number) => Ok(whole_or_float(number)),
            _ => Err((start, "a number too large to be read".into())),
        }
    }

    fn digits(&mut self) -> usize {
        let digits = self.text.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Fault> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.fault("a value was expected here, and text needs double quotes in JSON"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fault(&self, words: &str) -> Fault {
        if self.at >= self.text.len() { self.unclosed() } else { (self.at, words.into()) }
    }

    /// At the end of the text the fault is the innermost bracket that is still open.
    fn unclosed(&self) -> Fault {
        let start = self.growth.open.last().map_or(self.at, |open| open.span.start as usize);
        (start, "a bracket is opened and never closed".into())
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.id, start: start as u32, end: end as u32 }
    }
}

const UNQUOTED: &str = "a key without double quotes: text that begins with a brace is read as JSON, unless a line with --- comes before it";
